//! What `Debug` prints of frames, events and drafts: kinds, ids and numbers, and nothing that anybody wrote or ticked.

use super::{Value, values};
use crate::{
    consultation::{Command, NewEvent, Request, Sealed},
    intake::IntakeDraft,
    note::NoteDraft,
    subject::{Born, Subject},
    view::Thread,
};
use serde_json::Value as Json;
use std::{collections::BTreeSet, fmt::Debug};

/// Keys whose values say only what kind of thing it is, which, and when; names of staff are not health data.
const HARMLESS: [&str; 25] = [
    "t",
    "kind",
    "id",
    "consultation",
    "cursor",
    "seq",
    "at",
    "now",
    "role",
    "name",
    "by",
    "holder",
    "lane",
    "speaker",
    "acuity",
    "rule",
    "action",
    "code",
    "urls",
    "state",
    "field",
    "why",
    "photo",
    "format",
    "shape",
];

/// Every text in a frame that stands under a key which is not [`HARMLESS`], with the codes of what was ticked.
fn written_in(json: &Json, found: &mut BTreeSet<String>) {
    match json {
        Json::String(text) if text.chars().count() > 2 => {
            found.insert(text.clone());
        }
        Json::Array(items) => items.iter().for_each(|item| written_in(item, found)),
        Json::Object(fields) => fields
            .iter()
            .filter(|(key, _)| !HARMLESS.contains(&key.as_str()))
            .for_each(|(_, value)| written_in(value, found)),
        _ => {}
    }
}

/// Fails where the print of `value` holds one of `planted`, also escaped or in part, in whatever case.
fn assert_silent(name: &str, value: &dyn Debug, planted: &BTreeSet<String>) {
    let shown = format!("{value:?} {value:#?}").to_lowercase();
    for text in planted {
        let escaped = format!("{text:?}").to_lowercase();
        let word = escaped.trim_matches('"');
        assert!(!shown.contains(word), "{name} prints {text:?}: {shown}");
    }
}

#[test]
fn no_frame_and_no_event_prints_what_somebody_wrote() {
    let mut planted = BTreeSet::new();
    for (name, value) in values::all() {
        let json: Json = serde_json::from_str(&value.written()).expect("JSON");
        let mut texts = BTreeSet::new();
        written_in(&json, &mut texts);
        assert_silent(&name, &value, &texts);
        planted.extend(texts);
    }
    for expected in [
        "昨日の夜から熱があり、息が速いです",
        "母の疲れが強い",
        "2024-08-20",
        "fever",
        "yesterday",
    ] {
        assert!(planted.contains(expected), "the values plant {expected}");
    }
}

#[test]
fn what_frames_are_made_of_and_folded_into_prints_nothing_either() {
    let planted: BTreeSet<String> = [
        "2024-",
        "August",
        "fever",
        "home_care",
        "yesterday",
        "mother",
        "息が",
        "水分",
        "c02",
    ]
    .map(str::to_owned)
    .into();
    let (intake, note) = (values::intake(), values::note());
    let child = Subject::Child {
        born: Born::try_from("2024-08".to_owned()).expect("a month"),
    };
    let today = crate::time::parse_date("2026-11-22").expect("a date");
    let request = Request {
        municipality: "hino".parse().expect("an id"),
        service: crate::intake::Service::Night,
        closes_at: None,
        reply_hours: 24,
        intake: intake.clone(),
        photos: Vec::new(),
        fired: Vec::new(),
        rules: "edition".to_owned(),
        returning: false,
        today,
    };
    let draft = IntakeDraft {
        born: "2024-08-20".to_owned(),
        worry: intake.worry.clone(),
        ..IntakeDraft::default()
    };
    let note_draft = NoteDraft {
        advice: note.advice.clone(),
        ..NoteDraft::default()
    };
    let sealed = NewEvent::sealed(
        crate::consultation::Fact::NoteSigned {
            by: values::doctor(),
            disposition: note.disposition,
            complaints: note.complaints.clone(),
        },
        Sealed::Note(Box::new(note.clone())),
    );
    let things: [(&str, &dyn Debug); 10] = [
        ("Intake", &intake),
        ("Note", &note),
        ("Subject", &child),
        ("SubjectBand", &child.band(today)),
        ("AgeRange", &child.age(today)),
        ("Request", &request),
        ("Command", &Command::Request(Box::new(request.clone()))),
        ("IntakeDraft", &draft),
        ("NoteDraft", &note_draft),
        ("NewEvent", &sealed),
    ];
    for (name, thing) in things {
        assert_silent(name, thing, &planted);
    }
    for (name, value) in values::all() {
        let Value::Event(event) = value else { continue };
        let thread = Thread::of(&[event]);
        assert_silent(&name, &thread, &planted);
        assert_silent(&name, &(&thread.lines, &thread.summary, &thread.additions), &planted);
    }
}
