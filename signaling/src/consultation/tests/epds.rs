//! An EPDS that a clinician has asked: who may record it and of whom, what it raises, and who reads it.

use super::{
    doctor, midwife,
    story::{Story, family, mothers_request, request, staff},
};
use crate::{
    actor::{Actor, Role, Viewer},
    consultation::{Command, Event, Fact, Refusal, Sealed, WireKind, project},
    triage::{Action, Acuity, Epds, Fired},
};

fn points(tenth: u8) -> Epds {
    Epds::of([1, 1, 1, 1, 1, 1, 1, 1, 1, tenth]).expect("points")
}

fn fired(rule: &str, action: Action) -> Fired {
    Fired {
        rule: rule.to_owned(),
        version: 4,
        action,
    }
}

fn record(tenth: u8, fired: &[Fired]) -> Command {
    Command::RecordEpds {
        points: points(tenth),
        fired: Some(fired.to_vec()),
    }
}

/// A mother whom the doctor has taken, for whom these rules fired at the intake.
fn taken(rules: &[(&str, Action)]) -> Story {
    let mut story = Story::new();
    story.family(&mothers_request(rules)).expect("sent");
    story.takes(&doctor()).expect("taken");
    story
}

#[test]
fn points_are_sealed_and_what_they_make_fire_is_flagged_and_raises_the_class() {
    let mut story = taken(&[]);
    let kinds = story.doctor(&record(
        1,
        &[fired("M06", Action::TalkNow), fired("M06", Action::SecondClass)],
    ));
    assert_eq!(kinds, Ok(vec!["epds_recorded", "flagged", "flagged", "class_changed"]));
    let [.., recorded, urgent, _, raised] = story.log.as_slice() else {
        panic!("four events")
    };
    assert_eq!(recorded.sealed, Some(Sealed::Epds { points: points(1) }));
    assert_eq!(
        recorded.fact,
        Fact::EpdsRecorded { by: doctor() },
        "and nothing else in clear"
    );
    let expected = Fact::Flagged {
        rule: "M06".to_owned(),
        version: 4,
        action: Action::TalkNow,
        epds: Some(recorded.seq),
    };
    assert_eq!(urgent.fact, expected);
    let expected = Fact::ClassChanged {
        by: doctor(),
        from: Acuity::White,
        to: Acuity::Yellow,
        epds: Some(recorded.seq),
    };
    assert_eq!(raised.fact, expected);
    assert_eq!(story.case().acuity, Acuity::Yellow);
    assert_eq!(story.case().flags.len(), 2);
}

#[test]
fn what_fires_nothing_is_recorded_all_the_same() {
    let mut story = taken(&[]);
    assert_eq!(story.doctor(&record(0, &[])), Ok(vec!["epds_recorded"]));
    assert_eq!((story.case().acuity, story.case().flags.len()), (Acuity::White, 0));
}

#[test]
fn a_class_is_never_lowered_and_a_rule_that_fired_already_is_flagged_once() {
    let mut story = taken(&[("M01", Action::Call119), ("M06", Action::TalkNow)]);
    let again = [fired("M06", Action::TalkNow), fired("M06", Action::SecondClass)];
    assert_eq!(story.doctor(&record(2, &again)), Ok(vec!["epds_recorded", "flagged"]));
    assert_eq!(story.case().acuity, Acuity::Red);
    assert_eq!(
        story.doctor(&record(3, &again)),
        Ok(vec!["epds_recorded"]),
        "both stand in the log"
    );
    let recordings = story
        .log
        .iter()
        .filter(|event| matches!(event.fact, Fact::EpdsRecorded { .. }));
    assert_eq!(recordings.count(), 2);
    // Judged to be less urgent in between; points that say otherwise are new.
    let lower = Command::ChangeClass {
        acuity: Acuity::Green,
        reason: Some("話して確かめた".to_owned()),
    };
    story.doctor(&lower).expect("lowered");
    assert_eq!(
        story.doctor(&record(1, &again)),
        Ok(vec!["epds_recorded", "class_changed"])
    );
    assert_eq!(story.case().acuity, Acuity::Yellow);
}

#[test]
fn only_who_has_it_records_only_of_mothers_and_only_what_was_evaluated() {
    let mut story = Story::new();
    story.family(&mothers_request(&[])).expect("sent");
    assert_eq!(
        story.doctor(&record(0, &[])),
        Err(Refusal::NotYours),
        "nobody has it yet"
    );
    story.takes(&doctor()).expect("taken");
    let by = doctor().addressed();
    assert_eq!(story.midwife(&record(0, &[])), Err(Refusal::AlreadyClaimed { by }));
    for role in [Role::Supervisor, Role::CityViewer, Role::Administrator] {
        let other = Actor::Staff(staff(30, "田中", role));
        assert_eq!(story.does(&other, &record(0, &[])), Err(Refusal::NotAllowed));
    }
    assert_eq!(story.family(&record(0, &[])), Err(Refusal::NotAllowed));
    assert_eq!(story.does(&Actor::System, &record(0, &[])), Err(Refusal::NotAllowed));
    let from_outside = Command::RecordEpds {
        points: points(3),
        fired: None,
    };
    assert_eq!(story.doctor(&from_outside), Err(Refusal::NotAllowed));

    let mut child = Story::new();
    child.family(&request(&[])).expect("sent");
    child.takes(&doctor()).expect("taken");
    assert_eq!(child.doctor(&record(0, &[])), Err(Refusal::MothersOnly));
    assert_eq!(Story::closed().doctor(&record(0, &[])), Err(Refusal::Ended));
}

fn seen(events: &[Event], viewer: &Viewer) -> Vec<WireKind> {
    events
        .iter()
        .filter_map(|event| Some(project(event, viewer)?.kind))
        .collect()
}

#[test]
fn clinicians_and_supervisors_read_the_points_and_neither_families_nor_guests_that_there_are_any() {
    let mut story = taken(&[]);
    let before = story.log.len();
    story
        .doctor(&record(1, &[fired("M06", Action::Call119)]))
        .expect("recorded");
    let events = &story.log[before..];
    for viewer in [
        Viewer::Clinician(midwife().id),
        Viewer::Supervisor(staff(30, "田中", Role::Supervisor).id),
    ] {
        let seen = seen(events, &viewer);
        assert_eq!(seen.len(), 3);
        assert!(
            matches!(&seen[0], WireKind::EpdsRecorded { by, points: Some(of) } if *by == doctor() && *of == points(1))
        );
        assert!(matches!(&seen[1], WireKind::Flagged { epds: Some(_), .. }));
    }
    let Actor::Guardian { id } = family() else {
        panic!("a family")
    };
    for viewer in [Viewer::Guardian(id), Viewer::Guest { invite: 3 }] {
        assert_eq!(seen(events, &viewer), Vec::new());
    }
    // Once the content is erased, that there was one is all that stays.
    let erased: Vec<Event> = events
        .iter()
        .map(|event| Event {
            sealed: None,
            ..event.clone()
        })
        .collect();
    let seen = seen(&erased, &Viewer::Clinician(doctor().id));
    assert!(matches!(&seen[0], WireKind::EpdsRecorded { points: None, .. }));
}

#[test]
fn recording_is_a_sign_of_work() {
    let mut story = taken(&[]);
    story.later(crate::time::Millis::minutes(1));
    story.doctor(&record(0, &[])).expect("recorded");
    let since = story.case().silence.map(|silence| silence.since);
    assert_eq!(since, Some(story.now));
}
