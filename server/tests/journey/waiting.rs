//! What a waiting family is told about its place, and what moves it.

use super::{
    actors::{Guardian, note},
    browser::Pages as _,
    request::request,
    town::Town,
};
use signaling::{
    actor::{Actor, Role},
    consultation::{Command, Refusal, Request},
    hours::{Hours, Span},
    id::{ConsultationId, GuardianId},
    intake::Service,
    protocol::{ServerFrame, Side},
    queue::Presence,
    time::Millis,
};
use std::sync::Arc;

/// The family reads until it is told so many minutes.
async fn is_told(guardian: &mut Guardian, from: u32, to: u32) {
    guardian
        .live()
        .until("that wait", |frame| match frame {
            ServerFrame::Position { position, .. }
                if (position.from_minutes, position.to_minutes) == (Some(from), Some(to)) =>
            {
                Some(())
            }
            _ => None,
        })
        .await;
}

/// A desk where ten families were helped, each for half an hour.
async fn ten_long_consultations(town: &Arc<Town>) {
    let doctor = town.clinician_of("hino", "田中", Role::Pediatrician).await;
    let actor = Actor::Staff(doctor.staff.clone());
    for n in 0..10 {
        let consultation = town.somebody_waits("hino", &format!("相談{n}")).await;
        let does = async |command: Command| {
            let done = town
                .app
                .spine
                .execute(consultation, &actor, town.command(), &command)
                .await;
            done.expect("done");
        };
        does(Command::Claim { overtake_reason: None }).await;
        town.turn(Millis::minutes(30));
        does(Command::SignNote {
            note: Box::new(note()),
            scope_reason: None,
        })
        .await;
        does(Command::Close).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wait_that_a_family_is_told_goes_by_what_consultations_took_here() {
    let town = Town::new().await;
    let _doctor = town.clinician("佐藤").await;
    let _first = town.waiting_guardian("さきに来ました").await;
    town.turn(Millis(1));
    let mut guardian = town.waiting_guardian("あとに来ました").await;
    is_told(&mut guardian, 5, 20).await;

    let town = Town::new().await;
    ten_long_consultations(&town).await;
    let _doctor = town.clinician("佐藤").await;
    let _first = town.waiting_guardian("さきに来ました").await;
    town.turn(Millis(1));
    let mut guardian = town.waiting_guardian("あとに来ました").await;
    is_told(&mut guardian, 20, 50).await;
    assert_eq!(
        guardian
            .opens_ticket()
            .await
            .live()
            .position
            .expect("a place")
            .to_minutes,
        Some(50)
    );
}

/// The desk answers from six to ten in the evening.
pub(crate) async fn evenings_only(town: &Town) {
    let evening = Span::try_from((1_080, 1_320)).expect("a span");
    let (store, city) = (&town.app.store, town.city("hino").await);
    let changed = store.set_hours(&city.id, &Hours::every_day(&[evening])).await;
    changed.expect("changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_that_asks_at_three_in_the_night_is_promised_an_answer_and_has_no_place_in_the_queue() {
    let town = Town::new().await;
    evenings_only(&town).await;
    town.turn(Millis::hours(8));
    let sent_at = town.app.world.now();
    let mut at_night = town.waiting_guardian("三時に目がさめました").await;
    at_night.says("まだ起きています").await;
    at_night.live().settles().await;
    assert_eq!(at_night.live().position, None, "nobody calls at three");
    let page = at_night.opens_ticket().await;
    assert_eq!(
        (page.live().position, page.live().reply_by),
        (None, Some(sent_at + Millis::hours(24)))
    );
    assert!(
        page.body.contains("11月24日（火） 03:00までに返信します"),
        "{}",
        page.body
    );
    at_night.loses_connection();
    // The next evening, others wait live; who asked in the night is not one of those before them.
    town.turn(Millis::hours(16));
    let entrance = town.browser("hino.test").opens("/").await;
    assert!(entrance.body.contains("<dd class=\"num\">0"), "{}", entrance.body);
    let mut in_the_evening = town.waiting_guardian("いま熱があります").await;
    in_the_evening.live().sees_place(0).await;
    assert_eq!(at_night.opens_ticket().await.live().position, None);
}

/// Somebody asks outside of the hours; the answer is promised within a day.
async fn asks_at_any_time(town: &Town, worry: &str) -> ConsultationId {
    let (consultation, guardian) = (
        ConsultationId(town.app.world.new_id()),
        GuardianId(town.app.world.new_id()),
    );
    let asked = request("hino", worry, Vec::new(), town.app.world.now());
    let asked = Request {
        service: Service::Anytime,
        ..asked
    };
    let (actor, command) = (Actor::Guardian { id: guardian }, Command::Request(Box::new(asked)));
    let done = town
        .app
        .spine
        .execute(consultation, &actor, town.command(), &command)
        .await;
    done.expect("asked");
    consultation
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sits_and_waits_comes_before_an_anytime_consultation_until_its_promise_is_near() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let far = asks_at_any_time(&town, "いつでもかまいません").await;
    town.turn(Millis(1));
    let mut waits = town.waiting_guardian("いま熱があります").await;
    waits.live().sees_place(0).await;
    let claim = Command::Claim { overtake_reason: None };
    let passing = doctor.does(far, claim.clone()).await;
    assert_eq!(passing, Err(Refusal::ReasonNeeded), "somebody waits live above it");
    assert_eq!(doctor.takes_next().await, Ok(waits.consultation()));
    assert_eq!(doctor.takes_next().await, Ok(far));

    let near = asks_at_any_time(&town, "あしたまでにお願いします").await;
    doctor.loses_connection();
    waits.loses_connection();
    town.turn(Millis::hours(23));
    let mut waits = town.waiting_guardian("いま吐きました").await;
    waits.live().sees_place(1).await;
    let mut doctor = town.clinician("鈴木").await;
    let passing = doctor.does(waits.consultation(), claim).await;
    assert_eq!(
        passing,
        Err(Refusal::ReasonNeeded),
        "its promise is near, and nobody has to be there for it"
    );
    assert_eq!(doctor.takes_next().await, Ok(near));
    town.turn(Millis::seconds(1));
    waits.live().sees_place(0).await;
    assert_eq!(doctor.takes_next().await, Ok(waits.consultation()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_no_desk_is_open_a_family_is_told_its_place_and_no_minutes() {
    let town = Town::new().await;
    town.somebody_waits("hino", "まえの人").await;
    town.turn(Millis(1));
    let mut guardian = town.waiting_guardian("うしろの人").await;
    guardian.live().sees_place(1).await;
    let told = guardian.live().position.expect("a place");
    assert_eq!((told.from_minutes, told.to_minutes), (None, None));
    let page = guardian.opens_ticket().await;
    assert!(
        page.body.contains("担当者が席につきしだい、ご案内します"),
        "{}",
        page.body
    );
    let entrance = town.browser("hino.test").opens("/").await;
    assert!(entrance.body.contains("担当者が席につきしだい"), "{}", entrance.body);
    let _doctor = town.clinician("佐藤").await;
    town.turn(Millis::seconds(1));
    is_told(&mut guardian, 5, 20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_whose_network_lets_no_socket_through_is_there_while_its_page_asks_and_is_called_in_its_turn() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut first = town.guardian();
    first.registers().await;
    first.sends_intake("市役所の回線です").await;
    let asking = format!("{}?poll=visible", first.path);
    assert_eq!(first.browser.opens(&asking).await.status, 200);
    town.turn(Millis(1));
    let second = town.waiting_guardian("ふつうの回線です").await;
    assert_eq!(doctor.takes_next().await, Ok(first.consultation()), "it is not passed");
    doctor.sees_family(first.consultation(), Presence::Here).await;
    // It asks on, and counts on; then it asks no more.
    for _ in 0..3 {
        town.passes(Millis::seconds(30), &mut [doctor.live()]).await;
        first.browser.opens(&asking).await;
    }
    assert_eq!(
        town.app.hub.presence(first.consultation(), Side::Guardian),
        Presence::Here
    );
    town.passes(Millis::seconds(76), &mut [doctor.live()]).await;
    doctor.sees_family(first.consultation(), Presence::Away).await;
    drop(second);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wait_is_told_anew_when_a_colleague_opens_a_desk_and_when_it_closes() {
    let town = Town::new().await;
    let _doctor = town.clinician("佐藤").await;
    for n in 0..3 {
        town.somebody_waits("hino", &format!("まえの人{n}")).await;
        town.turn(Millis(1));
    }
    let mut guardian = town.waiting_guardian("うしろの人").await;
    is_told(&mut guardian, 20, 50).await;
    let mut colleague = town.clinician("鈴木").await;
    town.turn(Millis::seconds(1));
    is_told(&mut guardian, 5, 20).await;
    colleague.loses_connection();
    town.turn(Millis::seconds(1));
    is_told(&mut guardian, 20, 50).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_family_is_told_to_wait_for_an_end_while_the_only_clinician_has_somebody_and_no_longer_when_that_one_left()
 {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut first = town.waiting_guardian("さきに来ました").await;
    is_told(&mut first, 0, 5).await;
    town.turn(Millis(1));
    let mut second = town.waiting_guardian("あとに来ました").await;
    assert_eq!(doctor.takes_next().await, Ok(first.consultation()));
    town.turn(Millis::seconds(1));
    second.live().sees_place(0).await;
    let told = second.live().position.expect("a place");
    assert_eq!(
        (told.from_minutes, told.to_minutes),
        (Some(5), Some(20)),
        "nobody is free"
    );
    first.does(Command::Cancel).await.expect("left");
    town.turn(Millis::seconds(1));
    is_told(&mut second, 0, 5).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_comes_back_in_the_background_is_not_said_to_be_there() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut guardian = town.waiting_guardian("熱があります").await;
    let consultation = doctor.takes_next().await.expect("somebody waits");
    doctor.sees_family(consultation, Presence::Here).await;
    guardian.loses_connection();
    doctor.sees_family(consultation, Presence::Away).await;
    guardian.comes_back_hidden().await;
    doctor.sees_family(consultation, Presence::Hidden).await;
}
