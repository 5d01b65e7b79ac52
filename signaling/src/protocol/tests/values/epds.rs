//! An EPDS that the clinician has asked, and what the rules make of it.

use super::{at, doctor};
use crate::{
    consultation::{Command, WireEvent, WireKind},
    id::Seq,
    triage::{Action, Acuity, Epds},
};

/// The recording.
const RECORDED: Seq = 9;

fn points() -> Epds {
    Epds::of([1, 1, 2, 0, 1, 2, 1, 1, 0, 1]).expect("points")
}

pub(super) fn commands() -> Vec<(&'static str, Command)> {
    let record = Command::RecordEpds {
        points: points(),
        fired: None,
    };
    vec![("record_epds", record)]
}

pub(super) fn events() -> Vec<(&'static str, WireEvent)> {
    let event = |seq, kind| WireEvent { seq, at: at(340), kind };
    let recorded = |points| WireKind::EpdsRecorded { by: doctor(), points };
    let flagged = WireKind::Flagged {
        rule: "M06".to_owned(),
        action: Action::TalkNow,
        epds: Some(RECORDED),
    };
    let raised = WireKind::ClassChanged {
        by: doctor(),
        before: Acuity::White,
        after: Acuity::Yellow,
        reason: None,
        epds: Some(RECORDED),
    };
    vec![
        ("epds_recorded", event(RECORDED, recorded(Some(points())))),
        ("epds_recorded_erased", event(RECORDED, recorded(None))),
        ("flagged_by_epds", event(RECORDED + 1, flagged)),
        ("class_changed_by_epds", event(RECORDED + 2, raised)),
    ]
}
