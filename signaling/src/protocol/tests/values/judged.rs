//! What clinicians judge against the program.

use super::{at, doctor};
use crate::{
    consultation::{Command, WireEvent, WireKind},
    note::{Disposition, Note},
    triage::Acuity,
};

pub(super) fn commands() -> Vec<(&'static str, Command)> {
    let change = |acuity, reason: Option<&str>| Command::ChangeClass {
        acuity,
        reason: reason.map(str::to_owned),
    };
    let beyond = Command::SayBeyondScope {
        text: "かぜだと思います".to_owned(),
        reason: "医師が伝えたあとのため".to_owned(),
    };
    let sign = Command::SignNote {
        note: Box::new(Note {
            complaints: Vec::new(),
            advice: "かぜだと思います。".to_owned(),
            disposition: Disposition::InformationOnly,
            safety_net: None,
            internal: None,
        }),
        scope_reason: Some("医師が伝えたあとのため".to_owned()),
    };
    vec![
        ("change_class_up", change(Acuity::Red, None)),
        ("change_class_down", change(Acuity::Green, Some("落ち着いている"))),
        ("say_beyond_scope", beyond),
        ("sign_note_beyond_scope", sign),
    ]
}

pub(super) fn events() -> Vec<(&'static str, WireEvent)> {
    let event = |seq, seconds, kind| WireEvent {
        seq,
        at: at(seconds),
        kind,
    };
    let changed = |from, to, reason: Option<&str>| WireKind::ClassChanged {
        by: doctor(),
        before: from,
        after: to,
        reason: reason.map(str::to_owned),
        epds: None,
    };
    let lowered = changed(Acuity::Red, Acuity::Green, Some("落ち着いている"));
    let passed = WireKind::ScopePassed {
        by: doctor(),
        rules: vec!["S01".to_owned()],
        reason: Some("医師が伝えたあとのため".to_owned()),
    };
    vec![
        ("class_changed", event(4, 20, changed(Acuity::Green, Acuity::Red, None))),
        ("class_changed_with_reason", event(4, 20, lowered)),
        ("scope_passed", event(8, 210, passed)),
    ]
}
