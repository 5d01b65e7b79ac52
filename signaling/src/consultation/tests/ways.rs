//! From the intake to the survey, and every way back.

use super::{
    Story, doctor, midwife, note,
    story::{EVENING, family, measured, request, say, staff},
};
use crate::{
    actor::{Actor, Role, Viewer},
    check::{Cause, Light},
    consultation::{Command, Fact, Refusal, Stage, WireKind, project},
    id::GuardianId,
    intake::Mode,
    limits,
    note::NoteFault,
    queue::{Rank, rank},
    survey::Answer,
    time::Millis,
    triage::{Action, Acuity},
};
use uuid::Uuid;

fn release() -> Command {
    Command::Release {
        reason: "交代".to_owned(),
    }
}

fn sign() -> Command {
    Command::SignNote {
        note: Box::new(note()),
        scope_reason: None,
    }
}

#[test]
fn an_intake_is_sent_once_and_the_most_urgent_rule_sets_the_class() {
    let mut story = Story::new();
    let rules = [("C02", Action::VisitNow), ("C09", Action::StaffOnly)];
    let kinds = story.family(&request(&rules)).expect("sent");
    assert_eq!(kinds, ["requested", "flagged", "flagged", "queued"]);
    assert_eq!(story.case().acuity, Acuity::Yellow);
    assert_eq!(story.family(&request(&[])), Err(Refusal::AlreadyRequested));
}

#[test]
fn nobody_but_a_family_can_send_an_intake() {
    let mut story = Story::new();
    assert_eq!(story.doctor(&request(&[])), Err(Refusal::NotFound));
    assert_eq!(story.does(&Actor::System, &request(&[])), Err(Refusal::NotFound));
}

#[test]
fn a_checked_device_is_kept_with_its_verdict_and_only_so_often() {
    let mut story = Story::waiting();
    let report = || Command::ReportCheck {
        measured: Box::new(measured()),
    };
    assert_eq!(story.doctor(&report()), Err(Refusal::NotYours));
    assert_eq!(story.family(&report()).expect("kept"), ["device_checked"]);
    let kept = story.case().device.clone().expect("the verdict");
    assert_eq!((kept.light, kept.cause), (Light::Amber, Cause::PictureRefused));

    let event = story.log.last().expect("an event");
    let seen_by = |viewer| project(event, &viewer).expect("for everyone").kind;
    let family_sees = seen_by(Viewer::Guardian(story.case().guardian));
    assert_eq!(
        family_sees,
        WireKind::DeviceChecked {
            light: Light::Amber,
            checked: None
        }
    );
    let WireKind::DeviceChecked { checked, .. } = seen_by(Viewer::Clinician(doctor().id)) else {
        panic!("another kind")
    };
    assert_eq!(checked.map(|checked| *checked), Some(kept));

    for _ in 1..limits::CHECKS_KEPT {
        story.family(&report()).expect("kept");
    }
    assert_eq!(story.family(&report()), Err(Refusal::TooManyChecks));
    story.family(&Command::Cancel).expect("left");
    assert_eq!(story.family(&report()), Err(Refusal::Ended));
}

#[test]
fn another_family_is_told_that_there_is_nothing() {
    let mut story = Story::claimed();
    let stranger = Actor::Guardian {
        id: GuardianId(Uuid::from_u128(99)),
    };
    for command in [
        request(&[]),
        say("?"),
        Command::Cancel,
        Command::WishMode { mode: Mode::Audio },
    ] {
        assert_eq!(story.does(&stranger, &command), Err(Refusal::NotFound));
    }
}

#[test]
fn the_second_to_claim_hears_who_has_it_and_the_first_hears_nothing_new() {
    let mut story = Story::claimed();
    let by = doctor().addressed();
    assert_eq!(story.takes(&midwife()), Err(Refusal::AlreadyClaimed { by: by.clone() }));
    assert_eq!(story.takes(&doctor()), Ok(vec![]));
    assert_eq!(story.midwife(&say("こんばんは")), Err(Refusal::AlreadyClaimed { by }));
}

#[test]
fn nothing_is_said_to_a_family_that_nobody_has_taken() {
    let mut story = Story::waiting();
    assert_eq!(story.doctor(&say("こんばんは")), Err(Refusal::NotYours));
    assert_eq!(story.doctor(&sign()), Err(Refusal::NotYours));
}

#[test]
fn a_reason_for_passing_somebody_is_kept() {
    let mut story = Story::waiting();
    let claim = Command::Claim {
        overtake_reason: Some("前回の続き".to_owned()),
    };
    story.doctor(&claim).expect("taken");
    assert!(matches!(story.last(), Fact::Claimed { overtook: true, .. }));
}

#[test]
fn a_released_family_keeps_its_place() {
    let mut story = Story::waiting();
    let before = rank(story.case());
    story.later(Millis::minutes(7));
    story.takes(&doctor()).expect("taken");
    assert_eq!(rank(story.case()), None, "who is talked with does not wait");
    story.doctor(&release()).expect("released");
    assert_eq!(rank(story.case()), before);
    assert_eq!(before, Some(Rank(EVENING.0)));
}

#[test]
fn a_family_that_was_answered_and_released_counts_from_its_next_message() {
    let mut story = Story::claimed();
    story.doctor(&say("みてみますね")).expect("said");
    story.later(Millis::minutes(5));
    story.family(&say("また熱が")).expect("said");
    let asked_at = story.now;
    story.later(Millis::minutes(5));
    story.family(&say("どうすれば")).expect("said");
    story.doctor(&release()).expect("released");
    assert_eq!(rank(story.case()), Some(Rank(asked_at.0)), "insisting changes nothing");
}

#[test]
fn the_answer_promised_to_an_anytime_consultation_is_due_from_the_first_unanswered_message() {
    let live = Story::waiting();
    assert_eq!(live.case().reply_by(), None, "who waits live is promised no hour");
    let mut story = Story::asked_at_any_time(48, &[]);
    assert_eq!(story.case().reply_by(), Some(EVENING + Millis::hours(48)));
    story.later(Millis::hours(5));
    story.family(&say("まだ熱が")).expect("said");
    assert_eq!(
        story.case().reply_by(),
        Some(EVENING + Millis::hours(48)),
        "insisting changes nothing"
    );
    story.takes(&doctor()).expect("taken");
    story.doctor(&say("おはようございます")).expect("said");
    assert_eq!(story.case().reply_by(), None, "answered");
}

fn asked_live(later: Millis) -> Option<Rank> {
    let mut story = Story::new();
    story.later(later);
    story.family(&request(&[])).expect("sent");
    rank(story.case())
}

#[test]
fn an_anytime_consultation_stands_behind_those_who_wait_live_until_two_hours_before_its_promise() {
    let white = Story::asked_at_any_time(24, &[]);
    assert!(
        asked_live(Millis::hours(21)) < rank(white.case()),
        "they sit there and wait"
    );
    assert!(
        rank(white.case()) < asked_live(Millis::hours(23)),
        "the promise is near"
    );
    let soon = Story::asked_at_any_time(1, &[]);
    assert_eq!(rank(soon.case()), asked_live(Millis(0)), "it was promised at once");
}

#[test]
fn a_red_or_yellow_anytime_consultation_waits_for_no_promise() {
    for action in [Action::Call119, Action::VisitNow] {
        let urgent = Story::asked_at_any_time(24, &[("C01", action)]);
        assert!(rank(urgent.case()) < asked_live(Millis(0)), "{action:?}");
    }
}

#[test]
fn a_release_needs_a_reason_and_a_quiet_phone() {
    let mut story = Story::claimed();
    let blank = Command::Release { reason: " ".to_owned() };
    assert_eq!(story.doctor(&blank), Err(Refusal::Empty));
    story
        .doctor(&Command::Ring {
            mode: crate::call::CallMode::Audio,
        })
        .expect("rings");
    assert_eq!(story.doctor(&release()), Err(Refusal::CallRunning));
}

#[test]
fn a_consultation_is_closed_only_with_a_signed_note() {
    let mut story = Story::claimed();
    assert_eq!(story.doctor(&Command::Close), Err(Refusal::NoteNotSigned));
    story.doctor(&sign()).expect("signed");
    assert_eq!(story.doctor(&Command::Close), Ok(vec!["closed"]));
    assert!(matches!(story.case().stage, Stage::Closed { .. }));
}

#[test]
fn a_note_is_signed_once_and_added_to_afterwards() {
    let mut story = Story::claimed();
    let addition = Command::AddToNote {
        text: "翌日に電話".to_owned(),
    };
    assert_eq!(story.doctor(&addition), Err(Refusal::NoteNotSigned));
    let incomplete = crate::note::Note {
        safety_net: None,
        ..note()
    };
    let fault = NoteFault::SafetyNetMissing;
    let unfinished = Command::SignNote {
        note: Box::new(incomplete),
        scope_reason: None,
    };
    assert_eq!(story.doctor(&unfinished), Err(Refusal::NoteIncomplete { fault }));
    story.doctor(&sign()).expect("signed");
    assert_eq!(story.doctor(&sign()), Err(Refusal::NoteSigned));
    story.doctor(&Command::Close).expect("closed");
    assert_eq!(
        story.midwife(&addition),
        Ok(vec!["note_added"]),
        "any clinician, also afterwards"
    );
}

#[test]
fn the_survey_is_answered_once_after_the_end_and_within_a_week() {
    let survey = |answer| Command::Survey { answer, words: None };
    let mut story = Story::claimed();
    assert_eq!(story.family(&survey(Answer::Yes)), Err(Refusal::SurveyClosed));
    let mut late = Story::closed();
    let mut story = Story::closed();
    story.later(limits::SURVEY_OPEN);
    assert_eq!(story.family(&survey(Answer::RatherYes)), Ok(vec!["surveyed"]));
    assert_eq!(story.family(&survey(Answer::Yes)), Err(Refusal::SurveyClosed));
    assert_eq!(story.case().survey, Some(Answer::RatherYes));
    late.later(limits::SURVEY_OPEN);
    late.later(Millis(1));
    assert_eq!(late.family(&survey(Answer::Yes)), Err(Refusal::SurveyClosed));
}

#[test]
fn nobody_answers_the_survey_for_the_family_or_after_leaving() {
    let survey = Command::Survey {
        answer: Answer::Yes,
        words: None,
    };
    assert!(Story::closed().doctor(&survey).is_err());
    let mut left = Story::waiting();
    left.family(&Command::Cancel).expect("left");
    assert_eq!(left.family(&survey), Err(Refusal::SurveyClosed));
}

#[test]
fn after_the_end_nothing_more_is_said_but_staff_may_remark() {
    let mut story = Story::closed();
    assert_eq!(story.family(&say("ありがとう")), Err(Refusal::Ended));
    assert_eq!(story.doctor(&say("お大事に")), Err(Refusal::Ended));
    assert_eq!(story.takes(&midwife()), Err(Refusal::Ended));
    let remark = Command::Remark {
        text: "申し送り".to_owned(),
    };
    assert_eq!(story.midwife(&remark), Ok(vec!["said"]));
    assert_eq!(story.family(&remark), Err(Refusal::Ended));
}

#[test]
fn a_remark_answers_nobody_and_a_reply_does() {
    let mut story = Story::claimed();
    story
        .doctor(&Command::Remark {
            text: "内部".to_owned(),
        })
        .expect("written");
    assert_eq!(story.case().first_reply_at, None);
    story.later(Millis::seconds(3));
    story.doctor(&say("こんばんは")).expect("said");
    assert_eq!(story.case().first_reply_at, Some(story.now));
    assert_eq!(story.case().unanswered_since, None);
}

#[test]
fn roles_without_cases_do_nothing() {
    for role in [Role::PublicHealthNurse, Role::CityViewer, Role::Administrator] {
        let actor = Actor::Staff(staff(20, "市役所", role));
        let mut story = Story::claimed();
        for command in [
            Command::Claim { overtake_reason: None },
            say("?"),
            Command::Remark { text: "?".to_owned() },
            Command::Close,
            sign(),
        ] {
            assert_eq!(
                story.does(&actor, &command),
                Err(Refusal::NotAllowed),
                "{role:?} {command:?}"
            );
        }
    }
    let supervisor = Actor::Staff(staff(21, "高橋", Role::Supervisor));
    let remark = Command::Remark {
        text: "確認しました".to_owned(),
    };
    assert_eq!(Story::claimed().does(&supervisor, &remark), Ok(vec!["said"]));
    assert_eq!(Story::claimed().does(&supervisor, &say("?")), Err(Refusal::NotAllowed));
}

#[test]
fn a_message_of_the_greatest_length_passes_and_a_longer_one_does_not() {
    let mut story = Story::claimed();
    let limit = limits::MESSAGE_CHARS;
    story.family(&say(&"熱".repeat(limit))).expect("said");
    assert_eq!(
        story.family(&say(&"熱".repeat(limit + 1))),
        Err(Refusal::TooLong { limit })
    );
    assert_eq!(story.family(&say("\u{3000}\n")), Err(Refusal::Empty));
}

#[test]
fn wishing_for_what_is_already_so_changes_nothing() {
    let mut story = Story::waiting();
    assert_eq!(story.family(&Command::WishMode { mode: Mode::Chat }), Ok(vec![]));
    assert_eq!(
        story.family(&Command::WishMode { mode: Mode::Video }),
        Ok(vec!["mode_wished"])
    );
    assert_eq!(story.case().mode, Mode::Video);
}

#[test]
fn a_consultation_of_the_greatest_length_can_still_be_brought_to_an_end() {
    let mut story = Story::claimed();
    story.doctor(&sign()).expect("signed");
    story
        .doctor(&Command::Ring {
            mode: crate::call::CallMode::Audio,
        })
        .expect("rings");
    let call = story.case().call.as_ref().expect("a call").id;
    story.state.seq = limits::EVENTS_PER_CONSULTATION;
    assert_eq!(story.family(&say("?")), Err(Refusal::TooManyEvents));
    let mut rings_on = story.clone();
    let expired = Command::RingExpired { call };
    assert_eq!(
        rings_on.does(&Actor::System, &expired),
        Ok(vec!["call_ended"]),
        "a phone never rings for ever"
    );
    assert_eq!(story.doctor(&Command::Close), Ok(vec!["call_ended", "closed"]));
    let survey = Command::Survey {
        answer: Answer::No,
        words: None,
    };
    assert_eq!(story.does(&family(), &survey), Ok(vec!["surveyed"]));
}
