//! Answers that were promised, and urgent families that come when nobody is there: the supervisor is told.

use super::{
    doctor,
    story::{Story, asks, request, say, staff},
};
use crate::{
    actor::{Actor, Role},
    consultation::{Command, Deadline, DeadlineKind, deadlines},
    hand_over::Patience,
    intake::Service,
    ladder::{Delays, Why},
    time::Millis,
    triage::Action,
};

/// Sent while the desk is closed.
fn at_night(fired: &[(&str, Action)]) -> Story {
    let mut asked = asks(fired);
    (asked.service, asked.closes_at) = (Service::Anytime, None);
    let mut story = Story::new();
    story.family(&Command::Request(Box::new(asked))).expect("sent");
    story
}

fn owed(story: &Story) -> Vec<Deadline> {
    let all = deadlines(&story.state, Patience::default(), Delays::default());
    let owed = |one: &Deadline| matches!(one.kind, DeadlineKind::Owed { .. });
    all.into_iter().filter(owed).collect()
}

/// The next of them fires when it is due.
fn fires(story: &mut Story) -> Vec<&'static str> {
    let next = owed(story).into_iter().min_by_key(|one| one.due_at).expect("a timer");
    story.now = story.now.max(next.due_at);
    let DeadlineKind::Owed { why, asked_at } = next.kind else {
        unreachable!("left out above");
    };
    let kept = DeadlineKind::from_code(&next.kind.code());
    assert_eq!(kept, Some(next.kind), "it is stored as text");
    let command = Command::TellOwed {
        why,
        asked_at,
        supervisor_within: Millis::minutes(10),
    };
    story.does(&Actor::System, &command).expect("timers are not refused")
}

fn why(story: &Story) -> Option<Why> {
    story.case().overlooked.as_ref().map(|one| one.escalation.why)
}

fn looked_after(story: &mut Story) {
    let done = Command::CloseOverlooked {
        done: "電話しました".to_owned(),
    };
    let supervisor = Actor::Staff(staff(21, "管理", Role::Supervisor));
    assert_eq!(story.does(&supervisor, &done), Ok(vec!["overlooked_closed"]));
}

#[test]
fn an_urgent_family_that_comes_when_the_desk_is_closed_is_the_supervisor_s_at_once() {
    let mut story = at_night(&[("C01", Action::Call119)]);
    let asked_at = story.now;
    let first = owed(&story).iter().map(|one| one.due_at).min();
    assert_eq!(first, Some(asked_at));
    assert_eq!(fires(&mut story), ["alerted"]);
    assert_eq!(why(&story), Some(Why::Hours));
    looked_after(&mut story);
    let left: Vec<_> = owed(&story).iter().map(|one| one.due_at).collect();
    assert_eq!(left, [asked_at + Millis::hours(24)], "told once; the promise stands");
}

#[test]
fn an_urgent_family_that_still_waits_when_the_desk_closes_is_not_left_to_the_next_evening() {
    let mut story = Story::new();
    story.family(&request(&[("C02", Action::VisitNow)])).expect("sent");
    assert_eq!(owed(&story), [], "while the desk is open its ladder climbs");
    story.now = story.case().closes_at.expect("it closes");
    let end = Command::EndNight { reply_hours: 24 };
    assert_eq!(story.does(&Actor::System, &end), Ok(vec!["became_anytime"]));
    assert_eq!(fires(&mut story), ["alerted"]);
    assert_eq!(why(&story), Some(Why::Hours));
}

#[test]
fn a_promise_that_is_not_kept_is_told_once_also_where_somebody_has_it() {
    let mut story = at_night(&[]);
    let promised = story.now + Millis::hours(24);
    story.takes(&doctor()).expect("taken");
    assert_eq!(
        owed(&story).iter().map(|one| one.due_at).collect::<Vec<_>>(),
        [promised]
    );
    assert_eq!(fires(&mut story), ["alerted"]);
    assert_eq!(why(&story), Some(Why::Promise));
    looked_after(&mut story);
    assert_eq!(owed(&story), []);
    story.doctor(&say("お待たせしました")).expect("answered");
    story.later(Millis::hours(1));
    story.family(&say("もうひとつ")).expect("asked");
    let next = story.now + Millis::hours(24);
    assert_eq!(
        owed(&story).iter().map(|one| one.due_at).collect::<Vec<_>>(),
        [next],
        "each question is owed an answer"
    );
}

#[test]
fn an_answer_in_time_is_told_nobody() {
    let mut story = at_night(&[]);
    let due = owed(&story);
    let DeadlineKind::Owed { why, asked_at } = due[0].kind else {
        unreachable!("left out above");
    };
    story.takes(&doctor()).expect("taken");
    story.doctor(&say("水分を少しずつ")).expect("answered");
    assert_eq!(owed(&story), []);
    story.later(Millis::hours(30));
    let late = Command::TellOwed {
        why,
        asked_at,
        supervisor_within: Millis::minutes(10),
    };
    assert_eq!(
        story.does(&Actor::System, &late),
        Ok(vec![]),
        "a timer that fires all the same changes nothing"
    );
}

#[test]
fn what_the_supervisor_has_already_is_not_told_again_and_nothing_is_told_before_its_time() {
    let mut story = at_night(&[("C01", Action::Call119)]);
    let asked_at = story.now;
    let early = Command::TellOwed {
        why: Why::Promise,
        asked_at,
        supervisor_within: Millis::minutes(10),
    };
    assert_eq!(story.does(&Actor::System, &early), Ok(vec![]));
    assert_eq!(fires(&mut story), ["alerted"]);
    story.later(Millis::hours(25));
    assert_eq!(story.does(&Actor::System, &early), Ok(vec![]), "it is in the list");
    assert_eq!(why(&story), Some(Why::Hours));
}
