//! 「あとで返事をもらう」: a family that would rather not wait live is promised an answer, and kept to what it has read.

use super::{
    actors::Guardian,
    browser::{Answer, Pages as _},
    outbox::{told_family, told_staff},
    town::Town,
};
use server::timers;
use signaling::{
    consultation::{Refusal, WireKind},
    id::{ConsultationId, GuardianId},
    intake::Service,
    protocol::ServerFrame,
    time::Millis,
    triage::{Action, Fired},
};

async fn wishes(town: &Town, family: &mut Guardian, hours: &str) -> Answer {
    let command = town.command().to_string();
    family.posts("later", &[("command", &command), ("hours", hours)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_that_will_not_wait_is_promised_an_answer_keeps_its_intake_and_makes_room_for_the_next() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let asked_at = town.app.world.now();
    let mut family = town.waiting_guardian("離乳食のことです").await;
    town.turn(Millis(1));
    let mut second = town.waiting_guardian("待っています").await;
    second.live().sees_place(1).await;
    town.turn(Millis::minutes(5));
    let page = family.opens_ticket().await;
    let promised = asked_at + Millis::hours(24);
    assert_eq!(page.live().later_by, Some(promised));
    assert!(
        page.body.contains("11月23日（月） 19:00までに返信します"),
        "{}",
        page.body
    );
    for _ in 0..2 {
        assert_eq!(wishes(&town, &mut family, "24").await.leads_to(), family.path);
    }
    let page = family.opens_ticket().await;
    let live = page.live();
    assert_eq!(
        (live.reply_by, live.later_by, live.position),
        (Some(promised), None, None)
    );
    assert!(page.body.contains("離乳食のことです") && page.body.contains("画面を閉じても大丈夫です"));
    let times = live.events.iter();
    let times = times.filter(|event| matches!(event.kind, WireKind::BecameAnytime { .. }));
    assert_eq!(times.count(), 1, "pressed twice, it is wished once");
    for of in [family.consultation(), second.consultation()] {
        assert!(
            told_family(&town, of).await.is_empty(),
            "whoever pressed the button knows"
        );
    }
    second.live().sees_place(0).await;
    // The desk has the promise with its deadline, and calls whoever waits live first.
    let due = |frame: &ServerFrame| match frame {
        ServerFrame::Row { row, .. } if row.consultation == family.consultation() => {
            (row.service == Service::Anytime).then_some(row.reply_by)
        }
        _ => None,
    };
    let seen = doctor.live().passed.iter().find_map(due);
    let due = match seen {
        Some(due) => due,
        None => doctor.live().until("the promise", due).await,
    };
    assert_eq!(due, Some(promised));
    assert_eq!(doctor.takes_next().await, Ok(second.consultation()));
    assert_eq!(doctor.takes_next().await, Ok(family.consultation()));
    let late = wishes(&town, &mut family, "24").await;
    assert_eq!(late.status, 422);
    assert!(late.body.contains(&Refusal::NotWaiting.to_string()), "{}", late.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_urgent_family_is_not_asked_and_nobody_is_promised_less_than_they_have_read() {
    let town = Town::new().await;
    let urgent = ConsultationId(town.app.world.new_id());
    let guardian = GuardianId(town.app.world.new_id());
    let fired = Fired {
        rule: "C02".to_owned(),
        version: 1,
        action: Action::VisitNow,
    };
    town.asks(urgent, guardian, "hino", "息が速いです", vec![fired]).await;
    let state = town.app.spine.load(urgent).await.expect("read").expect("there");
    let case = state.case.as_deref().expect("a case");
    assert_eq!(case.answered_later_by(24, town.app.world.now()), None);

    let mut family = town.waiting_guardian("待っています").await;
    for hours in ["12", "", "いつか"] {
        let answer = wishes(&town, &mut family, hours).await;
        assert_eq!(answer.status, 422, "{hours}");
        assert!(
            answer.body.contains(&Refusal::PromiseChanged.to_string()),
            "{}",
            answer.body
        );
        assert_eq!(family.opens_ticket().await.live().reply_by, None);
    }
    let mut stranger = town.waiting_guardian("ほかの家族").await;
    let mine = std::mem::replace(&mut stranger.path, family.path.clone());
    let door = wishes(&town, &mut stranger, "24").await;
    assert!(door.status == 200 && door.body.contains("/door"), "{door:?}");
    assert_eq!(family.opens_ticket().await.live().reply_by, None, "nor by {mine}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promise_that_was_not_kept_comes_to_the_supervisor_who_reads_why() {
    let town = Town::new().await;
    let mut family = town.waiting_guardian("離乳食のことです").await;
    let wished = wishes(&town, &mut family, "24").await;
    assert_eq!(wished.leads_to(), family.path);
    family.loses_connection();
    let fires = async || timers::fire_due(&town.app.spine).await.expect("served");
    town.turn(Millis(Millis::hours(24).0 - 1));
    fires().await;
    let mut supervisor = town.supervisor("木村").await;
    let list = supervisor.browser.opens("/tasks").await;
    assert!(list.body.contains("いま対応することはありません"), "{}", list.body);
    town.turn(Millis(1));
    fires().await;
    let list = supervisor.browser.opens("/tasks").await;
    assert!(list.body.contains("約束した返事の時間を過ぎました"), "{}", list.body);
    assert!(
        !list.body.contains("離乳食"),
        "the list says who waits, not what was written"
    );
    let page = family.opens_ticket().await;
    assert!(!page.body.contains("監督者"), "{}", page.body);
    assert_eq!(told_staff(&town, family.consultation()).await, ["supervisor_promise"]);
}
