//! Calls inside a consultation.

use super::{Story, doctor};
use crate::{
    actor::Actor,
    call::{CallMode, CallOutcome, Path},
    consultation::{Command, DeadlineKind, Fact, Refusal, deadlines},
    hand_over::Patience,
    id::Seq,
    ladder::Delays,
    limits,
    time::Millis,
};

fn ringing() -> (Story, Seq) {
    let mut story = Story::claimed();
    let ring = Command::Ring { mode: CallMode::Video };
    story.doctor(&ring).expect("rings");
    let call = story.case().call.as_ref().expect("a call").id;
    (story, call)
}

fn answered() -> (Story, Seq) {
    let (mut story, call) = ringing();
    story.family(&Command::Join { call }).expect("answered");
    (story, call)
}

fn outcome(story: &Story) -> (CallOutcome, u32) {
    match story.last() {
        Fact::CallEnded {
            outcome, talk_seconds, ..
        } => (*outcome, *talk_seconds),
        other => panic!("the call is not over: {other:?}"),
    }
}

#[test]
fn a_call_that_nobody_answers_ends_by_itself_and_counts_as_missed() {
    let (mut story, call) = ringing();
    let due = deadlines(&story.state, Patience::default(), Delays::default());
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].kind, DeadlineKind::RingExpires { call });
    assert_eq!(due[0].due_at, story.now + limits::RING);
    story.later(limits::RING);
    story
        .does(&Actor::System, &Command::RingExpired { call })
        .expect("expired");
    assert_eq!(outcome(&story), (CallOutcome::Unanswered, 0));
    assert_eq!(story.case().missed_calls, 1);
    let rings = |one: &crate::consultation::Deadline| matches!(one.kind, DeadlineKind::RingExpires { .. });
    assert!(
        !deadlines(&story.state, Patience::default(), Delays::default())
            .iter()
            .any(rings)
    );
}

#[test]
fn a_timer_that_comes_too_late_or_twice_does_nothing() {
    let (mut story, call) = answered();
    assert!(
        deadlines(&story.state, Patience::default(), Delays::default()).is_empty(),
        "nothing is due once it was answered"
    );
    assert_eq!(story.does(&Actor::System, &Command::RingExpired { call }), Ok(vec![]));
    story.family(&Command::HangUp { call, failed: false }).expect("over");
    assert_eq!(story.does(&Actor::System, &Command::RingExpired { call }), Ok(vec![]));
}

#[test]
fn a_timers_name_is_read_back() {
    let kind = DeadlineKind::RingExpires { call: 12 };
    assert_eq!(DeadlineKind::from_code(&kind.code()), Some(kind));
    assert_eq!(DeadlineKind::from_code("ring_expires:x"), None);
    assert_eq!(DeadlineKind::from_code("other:1"), None);
}

#[test]
fn talk_counts_from_the_first_connection_through_interruptions() {
    let (mut story, call) = answered();
    let path = Path::Direct;
    assert_eq!(
        story.family(&Command::CallConnected { call, path }),
        Ok(vec!["call_connected"])
    );
    story.later(Millis::seconds(40));
    assert_eq!(
        story.family(&Command::CallInterrupted { call }),
        Ok(vec!["call_interrupted"])
    );
    story.later(Millis::seconds(5));
    assert_eq!(
        story.family(&Command::CallConnected { call, path }),
        Ok(vec!["call_resumed"])
    );
    story.later(Millis::seconds(15));
    story.doctor(&Command::HangUp { call, failed: false }).expect("over");
    assert_eq!(outcome(&story), (CallOutcome::HungUp, 60));
    assert_eq!(story.case().talk_seconds, 60);
}

#[test]
fn a_page_that_is_reloaded_takes_its_seat_again_as_a_new_incarnation() {
    let (mut story, call) = answered();
    let holder = crate::call::Holder::Guardian;
    let seated = |story: &Story| story.case().call.as_ref().and_then(|call| call.incarnation_of(&holder));
    let before = seated(&story);
    story.family(&Command::Join { call }).expect("again");
    assert!(seated(&story) > before);
    assert_eq!(story.case().call.as_ref().map(|call| call.seats.len()), Some(2));
}

#[test]
fn a_family_may_decline_and_the_clinician_may_take_the_call_back() {
    let (mut story, call) = ringing();
    let mut other = story.clone();
    story.family(&Command::Decline { call }).expect("declined");
    assert_eq!(outcome(&story), (CallOutcome::Declined, 0));
    assert_eq!(story.case().missed_calls, 1);
    other
        .doctor(&Command::HangUp { call, failed: false })
        .expect("taken back");
    assert_eq!(outcome(&other), (CallOutcome::Cancelled, 0));
    assert_eq!(other.case().missed_calls, 0);
    let (mut answered, call) = answered();
    assert_eq!(answered.family(&Command::Decline { call }), Err(Refusal::CallRunning));
}

#[test]
fn one_call_at_a_time_and_only_by_who_sits_in_it() {
    let (mut story, call) = ringing();
    assert_eq!(
        story.doctor(&Command::Ring { mode: CallMode::Audio }),
        Err(Refusal::CallRunning)
    );
    let connected = Command::CallConnected {
        call,
        path: Path::Relay,
    };
    assert_eq!(story.family(&connected), Err(Refusal::NotSeated));
    assert_eq!(
        story.family(&Command::Join { call: call + 1 }),
        Err(Refusal::NoSuchCall)
    );
    story.family(&Command::HangUp { call, failed: true }).expect("over");
    assert_eq!(outcome(&story), (CallOutcome::Failed, 0));
    assert_eq!(story.family(&Command::Join { call }), Err(Refusal::NoSuchCall));
}

#[test]
fn a_family_that_leaves_hangs_up() {
    let (mut story, _) = answered();
    assert_eq!(story.family(&Command::Cancel), Ok(vec!["call_ended", "cancelled"]));
    assert!(story.case().call.is_none());
    assert_eq!(story.case().clinician(), None);
    assert_eq!(story.takes(&doctor()), Err(Refusal::Ended));
}
