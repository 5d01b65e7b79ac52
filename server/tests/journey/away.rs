//! The place is kept on the server: phones that are locked, turns that come while nobody is there, the end of the night.

use super::{
    actors::Clinician,
    browser::Pages as _,
    outbox::{told_family, told_staff},
    town::Town,
};
use signaling::{
    consultation::WireKind,
    hours::{Hours, Span},
    id::{ConsultationId, GuardianId},
    intake::Service,
    limits,
    protocol::ServerFrame,
    queue::Presence,
    time::Millis,
    triage::{Action, Fired},
    view::Standing,
};

/// The clinician's queue shows that this family's turn came while it was away.
async fn sees_missed_turn(doctor: &mut Clinician, consultation: ConsultationId) {
    let missed = |frame: &ServerFrame| match frame {
        ServerFrame::Row { row, .. } if row.consultation == consultation => row.turn_missed_at.map(|_| ()),
        _ => None,
    };
    // It may have come before the answer to what was asked last.
    if !doctor.live().passed.iter().any(|frame| missed(frame).is_some()) {
        doctor.live().until("its turn was missed", missed).await;
    }
}

async fn sees_at_desk(doctor: &mut Clinician, consultation: ConsultationId, presence: Presence) {
    let shown = |frame: &ServerFrame| match frame {
        ServerFrame::Row { row, .. } => (row.consultation == consultation && row.presence == presence).then_some(()),
        _ => None,
    };
    doctor.live().until("the row", shown).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_is_locked_for_twenty_minutes_moves_up_as_usual_and_is_called_in_its_turn() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut first = town.waiting_guardian("さきに来ました").await;
    town.turn(Millis(1));
    let mut locked = town.waiting_guardian("画面を消しました").await;
    locked.live().sees_place(1).await;
    locked.loses_connection();
    town.passes(Millis::minutes(20), &mut [doctor.live(), first.live()])
        .await;
    assert_eq!(doctor.takes_next().await, Ok(first.consultation()));
    let place = locked.opens_ticket().await.live().position.expect("its place was kept");
    assert_eq!(place.ahead, 0, "it moved up in the dark");
    assert_eq!(
        doctor.takes_next().await,
        Ok(locked.consultation()),
        "nobody else waits"
    );
    assert_eq!(told_family(&town, locked.consultation()).await, ["claimed"]);
    locked.opens_live().await;
    locked
        .sees_standing("taken", |standing| matches!(standing, Standing::Claimed(_)))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_is_not_cut_off_when_the_clock_is_set_before_its_sign_of_life_has_come() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("待っています").await;
    guardian.live().answers = false;
    town.turn(limits::BEAT_WAITING);
    let is_asked = |frame: &ServerFrame| matches!(frame, ServerFrame::Beat { .. }).then_some(());
    guardian.live().until("a heartbeat", is_asked).await;
    town.clock.is_set(Millis::hours(1));
    // It is asked once more, by the new time, and stays.
    guardian.live().until("a heartbeat", is_asked).await;
    guardian.live().stays().await;
    town.clock.is_set(Millis::hours(-1));
    guardian.live().stays().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_whose_turn_comes_while_it_is_away_is_told_keeps_its_rank_and_is_first_when_it_is_back() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut away = town.waiting_guardian("電車のなかです").await;
    town.turn(Millis(1));
    let second = town.waiting_guardian("二番目です").await;
    town.turn(Millis(1));
    let third = town.waiting_guardian("三番目です").await;
    sees_at_desk(&mut doctor, third.consultation(), Presence::Here).await;
    away.loses_connection();
    sees_at_desk(&mut doctor, away.consultation(), Presence::Away).await;
    assert_eq!(doctor.takes_next().await, Ok(second.consultation()));
    sees_missed_turn(&mut doctor, away.consultation()).await;
    assert_eq!(told_family(&town, away.consultation()).await, ["turn_missed"]);
    away.opens_live().await;
    away.live().sees_place(0).await;
    let page = away.opens_ticket().await;
    assert!(page.body.contains("順番はそのままで"), "{}", page.body);
    assert!(
        !page
            .live()
            .events
            .iter()
            .any(|event| matches!(event.kind, WireKind::Alerted { .. }))
    );
    assert_eq!(
        doctor.takes_next().await,
        Ok(away.consultation()),
        "before {:?}",
        third.consultation()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_urgent_family_that_is_away_when_its_turn_comes_is_on_the_supervisors_list_at_once() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut supervisor = town.supervisor("木村").await;
    let urgent = ConsultationId(town.app.world.new_id());
    let fired = Fired {
        rule: "C02".to_owned(),
        version: 1,
        action: Action::VisitNow,
    };
    let guardian = GuardianId(town.app.world.new_id());
    town.asks(urgent, guardian, "hino", "息が速いです", vec![fired]).await;
    let there = town.waiting_guardian("待っています").await;
    assert_eq!(doctor.takes_next().await, Ok(there.consultation()));
    sees_missed_turn(&mut doctor, urgent).await;
    let page = supervisor.browser.opens("/tasks").await;
    assert!(page.body.contains(&urgent.to_string()), "{}", page.body);
    assert!(page.body.contains("急ぐ方の順番が来ましたが"), "{}", page.body);
    assert_eq!(told_staff(&town, urgent).await, ["supervisor_away"]);
    assert_eq!(
        told_family(&town, urgent).await,
        ["turn_missed"],
        "the family is told its own part"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_desk_closes_with_two_waiting_both_are_promised_an_answer_and_keep_their_intake() {
    let town = Town::new().await;
    let evening = Span::try_from((1_080, 1_320)).expect("a span");
    let (store, city) = (&town.app.store, town.city("hino").await);
    let changed = store.set_hours(&city.id, &Hours::every_day(&[evening])).await;
    changed.expect("changed");
    let asked_at = town.app.world.now();
    let mut here = town.waiting_guardian("まだ待っています").await;
    town.turn(Millis(1));
    let mut away = town.waiting_guardian("画面を閉じました").await;
    let mut doctor = town.clinician("佐藤").await;
    town.turn(Millis(1));
    let taken = town.waiting_guardian("もう話しています").await;
    assert_eq!(doctor.takes_next().await, Ok(here.consultation()));
    here.loses_connection();
    away.loses_connection();
    let released = signaling::consultation::Command::Release {
        reason: "交代".to_owned(),
    };
    doctor.does(here.consultation(), released).await.expect("given back");
    assert_eq!(doctor.takes_next().await, Ok(taken.consultation()));
    doctor.loses_connection();
    // Ten o'clock in the evening.
    town.turn(Millis::hours(3));
    server::timers::fire_due(&town.app.spine).await.expect("served");
    let two = [(&mut here, "まだ待っています", 0), (&mut away, "画面を閉じました", 1)];
    for (family, worry, later) in two {
        let state = town
            .app
            .spine
            .load(family.consultation())
            .await
            .expect("read")
            .expect("there");
        let case = state.case.as_deref().expect("a case");
        assert_eq!(case.service, Service::Anytime);
        assert_eq!(case.reply_by(), Some(asked_at + Millis(later + Millis::hours(24).0)));
        let page = family.opens_ticket().await;
        assert!(page.body.contains("までに返信します"), "{}", page.body);
        assert!(page.body.contains(worry), "the intake is kept");
        assert_eq!(page.live().position, None, "nobody waits in line in the night");
        let told = told_family(&town, family.consultation()).await;
        assert_eq!(told.last().map(String::as_str), Some("became_anytime"));
    }
    let state = town
        .app
        .spine
        .load(taken.consultation())
        .await
        .expect("read")
        .expect("there");
    let service = state.case.as_deref().map(|case| case.service);
    assert_eq!(service, Some(Service::Night), "whom a clinician has is not sent home");
    let mut doctor = town.clinician("鈴木").await;
    assert_eq!(
        doctor.takes_next().await,
        Ok(here.consultation()),
        "in the order in which they came"
    );
}
