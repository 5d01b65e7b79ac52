//! PROTOCOL.md against the types: its examples are golden frames, its tables name every kind, code and text.

use super::{files, kinds, values};
use crate::{
    after::{Authority, ConcernDecision, Feeling},
    call::{
        CallMode, CallOutcome, CallbackOutcome, GuestRole, MutedWhy, Path,
        agent::{BrowserFamily, DeviceKind},
        cause::CallCause,
        interruption::Interruption,
    },
    check::{Cause, Device, Grade, Heard, Light},
    consultation::Refusal,
    intake::{Complaint, Mode, Onset, Relation, Service},
    ladder::{Step, Why},
    note::{Disposition, NoteFault},
    photo::PhotoFault,
    protocol::VERSION,
    registration::{Purpose, Reach},
    survey::Answer,
    triage::{Action, Acuity},
};
use std::collections::BTreeSet;

const DOCUMENT: &str = include_str!("../../../../PROTOCOL.md");

/// The lines of a chapter, from its heading to the next one of the same level.
fn chapter(heading: &str) -> &'static str {
    let start = DOCUMENT
        .find(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("no chapter {heading}"));
    let rest = &DOCUMENT[start + 1..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end])
}

/// The first cell of every row of the tables of a chapter, without back-quotes and without the tables' heads.
fn first_cells(heading: &str) -> BTreeSet<&'static str> {
    let tables = chapter(heading).split("\n|---").skip(1);
    let rows = tables.flat_map(|table| table.lines().skip(1).take_while(|line| line.starts_with('|')));
    rows.filter_map(|line| line.split('`').nth(1)).collect()
}

/// A chapter as one line, however it is wrapped.
fn unwrapped(heading: &str) -> String {
    chapter(heading).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of all blocks that are marked as JSON.
fn examples() -> Vec<&'static str> {
    let blocks = DOCUMENT.split("```json\n").skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().unwrap_or_default());
    blocks.flat_map(str::lines).filter(|line| !line.is_empty()).collect()
}

#[test]
fn every_example_is_a_golden_frame() {
    let golden: BTreeSet<String> = files().into_values().collect();
    let examples = examples();
    assert!(examples.len() > 40, "the session is told in full");
    for line in examples {
        assert!(golden.contains(line), "no golden frame reads\n{line}");
    }
}

#[test]
fn every_kind_of_event_is_shown_by_an_example() {
    let examples: BTreeSet<&str> = examples().into_iter().collect();
    for (name, value) in values::all() {
        let is_event = name.starts_with("event_");
        assert!(
            !is_event || examples.contains(value.written().as_str()),
            "{name} is not in PROTOCOL.md"
        );
    }
}

#[test]
fn every_frame_event_command_signal_and_code_has_its_row() {
    let all = |kinds: &[&'static str]| kinds.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(first_cells("Frames from the client"), all(kinds::CLIENT));
    assert_eq!(first_cells("Frames from the server"), all(kinds::SERVER));
    assert_eq!(first_cells("Events"), all(kinds::EVENTS));
    assert_eq!(
        first_cells("Commands"),
        &all(kinds::COMMANDS) - &all(kinds::SERVER_ONLY)
    );
    assert_eq!(first_cells("Signals"), all(kinds::SIGNALS));
    assert_eq!(first_cells("Refusals"), all(kinds::REFUSALS));
    assert_eq!(first_cells("Errors"), all(kinds::ERRORS));
}

#[test]
fn refusals_stand_with_the_words_that_people_read() {
    let by = "{by}".to_owned();
    let texts = [
        Refusal::NotFound,
        Refusal::NotAllowed,
        Refusal::AlreadyClaimed { by },
        Refusal::NotYours,
        Refusal::NotWaiting,
        Refusal::Ended,
        Refusal::AlreadyRequested,
        Refusal::AnotherOpen,
        Refusal::ReasonNeeded,
        Refusal::BeyondScope { rule: "S01".to_owned() },
        Refusal::MothersOnly,
        Refusal::BlankOpen {
            blank: "{blank}".to_owned(),
        },
        Refusal::Empty,
        Refusal::NothingChosen,
        Refusal::TooLong { limit: 777 },
        Refusal::CallRunning,
        Refusal::InAnotherCall,
        Refusal::NoSuchCall,
        Refusal::NotSeated,
        Refusal::CallFull { limit: 777 },
        Refusal::InvitationOver,
        Refusal::Removed,
        Refusal::BadNumber,
        Refusal::NoteIncomplete {
            fault: NoteFault::AdviceMissing,
        },
        Refusal::NoteSigned,
        Refusal::NoteNotSigned,
        Refusal::SurveyClosed,
        Refusal::TooLate,
        Refusal::TaskOver,
        Refusal::TooManyEvents,
        Refusal::TooManyChecks,
        Refusal::TooUrgent,
        Refusal::PromiseChanged,
        Refusal::SlotPast,
        Refusal::SlotClosed,
        Refusal::SlotFull,
        Refusal::TooEarly,
        Refusal::FamilyAway,
        Refusal::Photo {
            fault: PhotoFault::Heic,
        },
        Refusal::NoSuchPhoto,
        Refusal::MarksUnfit,
        Refusal::NobodyWaiting,
    ];
    assert_eq!(texts.len(), kinds::REFUSALS.len());
    for refusal in texts {
        let code = kinds::of_refusal(&refusal);
        let text = match &refusal {
            Refusal::NoteIncomplete { .. } | Refusal::Photo { .. } => "(by fault, below)".to_owned(),
            other => other.to_string().replace("777", "{limit}"),
        };
        let row = format!("| `{code}` | {text} |");
        assert!(chapter("Refusals").contains(&row), "a row must begin with\n{row}");
    }
    let faults = [
        NoteFault::DispositionMissing,
        NoteFault::AdviceMissing,
        NoteFault::SafetyNetMissing,
        NoteFault::TooLong,
    ];
    for fault in faults {
        let code = serde_json::to_string(&fault).expect("a code").replace('"', "`");
        assert!(
            unwrapped("Refusals").contains(&format!("{code} {fault}")),
            "{code} {fault}"
        );
    }
}

#[test]
fn faults_of_a_photo_stand_with_the_words_that_people_read() {
    let faults = [
        PhotoFault::Empty,
        PhotoFault::Heic,
        PhotoFault::Kind,
        PhotoFault::TooLarge,
        PhotoFault::TooManyPixels,
        PhotoFault::Unreadable,
        PhotoFault::TooSlow,
        PhotoFault::Busy,
        PhotoFault::TooMany,
        PhotoFault::TooManyYet,
        PhotoFault::CityFull,
        PhotoFault::Taken,
        PhotoFault::OutOfStep,
    ];
    let photos = chapter("Photos");
    for fault in faults {
        let row = format!("| `{}` | {fault} |", fault.code());
        assert!(photos.contains(&row), "a row must begin with\n{row}");
    }
}

#[test]
fn every_code_of_every_list_stands_with_its_label() {
    let codes = unwrapped("Codes");
    macro_rules! listed {
        ($($list:ident),+) => { $(for one in $list::ALL {
            let entry = format!("`{}` {}", one.code(), one.label());
            assert!(codes.contains(&entry), "{}: {entry}", stringify!($list));
        })+ };
    }
    listed!(
        Mode,
        Service,
        Relation,
        Complaint,
        Onset,
        CallMode,
        Path,
        MutedWhy,
        CallOutcome,
        CallCause,
        Interruption,
        DeviceKind,
        Light,
        Cause,
        Device,
        Heard,
        Grade,
        BrowserFamily,
        GuestRole,
        CallbackOutcome,
        Acuity,
        Step,
        Why,
        Action,
        Disposition,
        Answer,
        Feeling,
        ConcernDecision,
        Authority
    );
    // Fields of the registration form.
    for code in Reach::ALL
        .iter()
        .map(|one| one.code())
        .chain(Purpose::ALL.iter().map(|one| one.code()))
    {
        assert!(chapter("Forms").contains(code), "{code}");
    }
}

#[test]
fn the_document_is_about_this_version() {
    assert!(DOCUMENT.contains(&format!("This page describes version {VERSION}.")));
}
