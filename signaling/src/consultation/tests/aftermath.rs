//! What is told of calls, and what a missed one waits for.

use super::{
    doctor, note,
    story::{Story, say},
};
use crate::{
    actor::Actor,
    call::{
        CallMode, CallOutcome, Path,
        cause::{CallCause, Trouble},
        interruption::Interruption,
        summary::Measured,
    },
    consultation::{Command, Fact, Refusal},
    id::Seq,
    limits,
};

fn ringing() -> (Story, Seq) {
    let mut story = Story::claimed();
    story.doctor(&Command::Ring { mode: CallMode::Video }).expect("rings");
    let call = story.case().call.as_ref().expect("a call").id;
    (story, call)
}

fn unanswered() -> (Story, Seq) {
    let (mut story, call) = ringing();
    story.later(limits::RING);
    story
        .does(&Actor::System, &Command::RingExpired { call })
        .expect("expired");
    (story, call)
}

/// The call and the family's seat.
fn talking() -> (Story, Seq, Seq) {
    let (mut story, call) = ringing();
    story.family(&Command::Join { call }).expect("answered");
    let seat = story.state.seq;
    let path = Path::Direct;
    story.family(&Command::CallConnected { call, path }).expect("connected");
    (story, call, seat)
}

fn trouble(call: Seq, cause: CallCause) -> Command {
    let trouble = Trouble {
        cause,
        late: false,
        device: None,
        browser: None,
    };
    Command::CallTroubled { call, trouble }
}

fn missed(story: &Story) -> Option<CallOutcome> {
    story.case().calls.missed.as_ref().map(|missed| missed.outcome)
}

#[test]
fn a_missed_call_waits_for_the_clinician_who_rang_until_something_is_done_about_it() {
    let (story, call) = unanswered();
    let waiting = story.case().calls.missed.clone().expect("it waits");
    assert_eq!((waiting.call, waiting.by, waiting.answered), (call, doctor(), false));

    let ring = Command::Ring { mode: CallMode::Audio };
    for way in [ring, say("またおかけします"), Command::SettleMissed { call }] {
        let mut story = story.clone();
        story.doctor(&way).expect("done");
        assert_eq!(missed(&story), None);
    }
    let mut left = story.clone();
    left.family(&Command::Cancel).expect("left");
    assert_eq!(missed(&left), None);
    let mut back = story;
    let reason = "交代".to_owned();
    back.doctor(&Command::Release { reason }).expect("released");
    assert_eq!(missed(&back), Some(CallOutcome::Unanswered), "whoever takes it sees it");
}

#[test]
fn a_family_that_writes_asks_to_be_called_back_and_the_call_waits_on() {
    let (mut story, call) = unanswered();
    story.family(&say("折り返しをお願いします")).expect("said");
    let waiting = story.case().calls.missed.clone().expect("it still waits");
    assert!(waiting.answered);
    assert_eq!(
        story.family(&Command::SettleMissed { call }),
        Err(Refusal::NotAllowed),
        "the owner is the clinician"
    );
}

#[test]
fn a_call_that_failed_and_that_nobody_explains_has_a_cause_all_the_same() {
    let (mut story, call) = ringing();
    story.family(&Command::Join { call }).expect("answered");
    let hang_up = Command::HangUp { call, failed: true };
    assert_eq!(story.doctor(&hang_up), Ok(vec!["call_troubled", "call_ended"]));
    assert_eq!(story.case().calls.causes(), [CallCause::Other]);
    assert_eq!(missed(&story), Some(CallOutcome::Failed));
    // The page that was dead comes back and knows better.
    story.family(&trouble(call, CallCause::Turn)).expect("told");
    assert_eq!(story.case().calls.causes(), [CallCause::Turn]);
}

#[test]
fn a_side_tells_once_of_a_call_and_what_is_certain_counts() {
    let (mut story, call) = ringing();
    assert_eq!(
        story.family(&trouble(call, CallCause::Permission)),
        Ok(vec!["call_troubled"]),
        "before it was answered"
    );
    assert_eq!(story.family(&trouble(call, CallCause::Ice)), Ok(vec![]));
    assert_eq!(story.doctor(&trouble(call, CallCause::Ice)), Ok(vec!["call_troubled"]));
    assert_eq!(
        story.doctor(&Command::HangUp { call, failed: true }),
        Ok(vec!["call_ended"]),
        "it is explained"
    );
    assert_eq!(story.case().calls.causes(), [CallCause::Permission]);
    assert_eq!(
        story.family(&trouble(call + 1, CallCause::Ice)),
        Err(Refusal::NoSuchCall)
    );
}

#[test]
fn a_page_may_tell_how_the_call_went_after_the_consultation_was_closed() {
    let (mut story, call, _) = talking();
    let measured = Measured {
        path: Path::Direct,
        loss_permille: 4_000,
        round_trip_ms: Some(48),
    };
    let tells = Command::CallMeasured { call, measured };
    assert_eq!(story.family(&tells), Err(Refusal::NotAllowed));
    story
        .doctor(&Command::SignNote {
            note: Box::new(note()),
            scope_reason: None,
        })
        .expect("signed");
    story.doctor(&Command::Close).expect("closed");
    assert_eq!(
        story.midwife(&tells),
        Err(Refusal::Ended),
        "who did not call knows nothing"
    );
    assert_eq!(story.doctor(&tells), Ok(vec!["call_measured"]));
    let Fact::CallMeasured { measured, .. } = story.last() else {
        panic!("not measured");
    };
    assert_eq!(measured.loss_permille, 1000, "more than everything cannot be lost");
    assert_eq!(story.doctor(&tells), Ok(vec![]), "once");
}

#[test]
fn an_interruption_is_logged_once_whoever_tells_of_it() {
    let (mut story, call, seat) = talking();
    let why = Interruption::Hidden;
    let gone = Command::SeatInterrupted { call, seat, why };
    assert_eq!(story.doctor(&gone), Ok(vec!["seat_interrupted"]), "the phone is frozen");
    assert_eq!(story.family(&gone), Ok(vec![]), "it says so later");
    let back = Command::SeatReturned { call, seat };
    assert_eq!(story.family(&back), Ok(vec!["seat_returned"]));
    assert_eq!(story.doctor(&back), Ok(vec![]));
    let stale = Command::SeatInterrupted {
        call,
        seat: seat + 100,
        why,
    };
    assert_eq!(story.doctor(&stale), Ok(vec![]), "nobody sits there");
}

#[test]
fn a_reloaded_page_is_there_again() {
    let (mut story, call, seat) = talking();
    let why = Interruption::Interrupted;
    story
        .family(&Command::SeatInterrupted { call, seat, why })
        .expect("interrupted");
    story.family(&Command::Join { call }).expect("reloaded");
    assert!(story.case().calls.interrupted.is_empty());
}
