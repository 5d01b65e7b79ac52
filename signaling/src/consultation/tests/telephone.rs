//! Going on by telephone: who asks, who is shown the number, and how it ends.

use super::{Story, doctor, midwife};
use crate::{
    actor::Viewer,
    call::{CallMode, CallbackOutcome, Holder},
    consultation::{Callback, Command, Fact, Refusal, project},
    view::Thread,
};

fn number(typed: &str) -> Command {
    Command::GiveNumber {
        number: typed.to_owned(),
    }
}

fn done(outcome: CallbackOutcome) -> Command {
    Command::CallbackDone { outcome }
}

fn shown(story: &Story, viewer: &Viewer) -> Option<String> {
    let seen: Vec<_> = story.log.iter().filter_map(|event| project(event, viewer)).collect();
    Thread::of(&seen).callback.and_then(|callback| callback.number)
}

#[test]
fn the_clinician_offers_the_family_gives_its_number_and_the_call_is_noted() {
    let mut story = Story::claimed();
    assert_eq!(story.doctor(&Command::AskCallback), Ok(vec!["callback_asked"]));
    assert_eq!(story.doctor(&Command::AskCallback), Ok(vec![]), "asked is asked");
    assert_eq!(
        story.family(&number("０９０ー１２３４ー５６７８")),
        Ok(vec!["callback_number"])
    );
    assert_eq!(story.case().callback, Some(Callback::Given { to: doctor().id }));
    assert_eq!(
        shown(&story, &Viewer::Clinician(doctor().id)).as_deref(),
        Some("09012345678")
    );
    assert_eq!(
        story.doctor(&done(CallbackOutcome::NotReached)),
        Ok(vec!["callback_done"])
    );
    assert_eq!(story.case().first_reply_at, None, "nobody was spoken with");
    story.family(&number("042-514-8579")).expect("another number");
    assert_eq!(story.doctor(&done(CallbackOutcome::Reached)), Ok(vec!["callback_done"]));
    assert_eq!(story.case().first_reply_at, Some(story.now));
    assert_eq!(story.case().callback, None);
}

#[test]
fn a_family_may_ask_by_giving_its_number() {
    let mut story = Story::claimed();
    assert_eq!(
        story.family(&number("03-1234-5678")),
        Ok(vec!["callback_asked", "callback_number"])
    );
    assert!(matches!(
        story.log[story.log.len() - 2].fact,
        Fact::CallbackAsked { by: Holder::Guardian }
    ));
    assert_eq!(story.family(&number("119")), Err(Refusal::BadNumber));
    assert_eq!(
        story.family(&number("042-514-8579")),
        Ok(vec!["callback_number"]),
        "corrected"
    );
}

#[test]
fn nobody_is_asked_for_a_number_that_nobody_would_call() {
    let mut story = Story::waiting();
    assert_eq!(story.family(&Command::AskCallback), Err(Refusal::NotAllowed));
    assert_eq!(story.family(&number("03-1234-5678")), Err(Refusal::NotAllowed));
    let mut story = Story::claimed();
    assert_eq!(story.doctor(&done(CallbackOutcome::Reached)), Err(Refusal::NotAllowed));
    assert_eq!(story.doctor(&number("03-1234-5678")), Err(Refusal::NotAllowed));
}

#[test]
fn the_number_is_shown_to_one_clinician_and_in_no_fact() {
    let mut story = Story::claimed();
    story.family(&number("090-1234-5678")).expect("given");
    for viewer in [
        Viewer::Guardian(story.case().guardian),
        Viewer::Clinician(midwife().id),
        Viewer::Supervisor(crate::id::StaffId(uuid::Uuid::from_u128(21))),
        Viewer::Guest { invite: 1 },
    ] {
        assert_eq!(shown(&story, &viewer), None, "{viewer:?}");
    }
    let facts: Vec<_> = story.log.iter().map(|event| &event.fact).collect();
    let text = serde_json::to_string(&facts).expect("JSON");
    assert!(!text.contains("1234567") && !format!("{:?}", story.state).contains("1234567"));
}

#[test]
fn whoever_has_it_next_asks_for_the_number_again() {
    let mut story = Story::claimed();
    story.family(&number("090-1234-5678")).expect("given");
    let reason = "交代".to_owned();
    story.doctor(&Command::Release { reason }).expect("released");
    assert_eq!(story.case().callback, Some(Callback::Asked));
    story.takes(&midwife()).expect("taken");
    assert_eq!(story.midwife(&done(CallbackOutcome::Reached)), Err(Refusal::NotAllowed));
    assert_eq!(shown(&story, &Viewer::Clinician(midwife().id)), None);
    story.family(&number("090-1234-5678")).expect("given again");
    assert_eq!(
        story.midwife(&done(CallbackOutcome::Reached)),
        Ok(vec!["callback_done"])
    );
}

#[test]
fn the_telephone_is_there_during_a_call_that_fails() {
    let mut story = Story::claimed();
    story.doctor(&Command::Ring { mode: CallMode::Video }).expect("rings");
    let call = story.case().call.as_ref().expect("a call").id;
    story.family(&Command::Join { call }).expect("answered");
    story.family(&number("090-1234-5678")).expect("given");
    assert!(story.case().call.is_some(), "it goes on until somebody ends it");
    story.doctor(&Command::HangUp { call, failed: true }).expect("over");
    story.doctor(&done(CallbackOutcome::Reached)).expect("called");
}
