//! What no tab of ours would send: whatever comes in, the reader answers with a frame or a fault.

use super::{Value, kinds, values};
use crate::{
    limits,
    protocol::{ClientFrame, FrameFault},
};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value as Json, json};

/// Kinds whose only field is their tag. What else stands beside it is ignored, as serde reads units in tagged enums.
const BARE: [&str; 12] = [
    "accept_hand_over",
    "withdraw_hand_over",
    "still_here",
    "beat",
    "queue",
    "close",
    "cancel",
    "ask_callback",
    "ask_photo",
    "next",
    "unseen",
    "typing",
];

fn golden() -> Vec<Json> {
    let values = values::all().into_iter();
    let frames = values.filter(|(_, value)| matches!(value, Value::Client(_)));
    frames
        .map(|(_, value)| serde_json::from_str(&value.written()).expect("JSON"))
        .collect()
}

fn read(json: &Json) -> Result<ClientFrame, FrameFault> {
    ClientFrame::from_text(&json.to_string())
}

fn named(tag: &str) -> Json {
    let frames = golden().into_iter();
    let mut frames = frames.filter(|frame| frame["t"] == tag || frame["command"]["kind"] == tag);
    frames.next().expect("a golden frame")
}

fn signal(kind: &str) -> Json {
    let frames = golden().into_iter();
    let mut frames = frames.filter(|frame| frame["signal"]["kind"] == kind);
    frames.next().expect("a golden frame")
}

/// Any JSON, a few levels deep.
fn anything() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".{0,20}".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::btree_map("[a-z_]{1,12}", inner, 0..4)
                .prop_map(|fields| Json::Object(fields.into_iter().collect())),
        ]
    })
}

/// Every place inside a value, as a JSON pointer.
fn places(json: &Json) -> Vec<String> {
    let mut places = vec![String::new()];
    let mut below =
        |key: String, inner: &Json| places.extend(self::places(inner).iter().map(|rest| format!("/{key}{rest}")));
    match json {
        Json::Object(fields) => fields.iter().for_each(|(key, inner)| below(key.clone(), inner)),
        Json::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, inner)| below(at.to_string(), inner)),
        _ => {}
    }
    places
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_answered_and_never_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = ClientFrame::from_text(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn arbitrary_text_and_arbitrary_json_are_answered(text in "\\PC{0,300}", json in anything()) {
        let _ = ClientFrame::from_text(&text);
        let _ = read(&json);
    }

    #[test]
    fn a_frame_with_bytes_changed_is_read_or_refused(
        which in any::<Index>(),
        changes in proptest::collection::vec((any::<Index>(), any::<u8>(), 0_u8..3), 1..8),
    ) {
        let mut bytes = which.get(&golden()).to_string().into_bytes();
        for (place, byte, how) in changes {
            let at = place.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ if bytes.len() > 1 => { bytes.remove(at); }
                _ => {}
            }
        }
        if let Ok(frame) = ClientFrame::from_text(&String::from_utf8_lossy(&bytes)) {
            let written = serde_json::to_string(&frame).expect("what was read can be written");
            prop_assert_eq!(ClientFrame::from_text(&written), Ok(frame));
        }
    }

    #[test]
    fn a_frame_with_any_part_replaced_is_read_or_refused(
        which in any::<Index>(), place in any::<Index>(), other in anything(),
    ) {
        let mut frame = which.get(&golden()).clone();
        let places = places(&frame);
        let place = places[place.index(places.len())].as_str();
        *frame.pointer_mut(place).expect("a place") = other;
        let _ = read(&frame);
    }

    #[test]
    fn a_kind_that_nobody_knows_is_unreadable(which in any::<Index>(), tag in "[a-z_]{1,16}") {
        let all = golden();
        let mut frame = which.get(&all).clone();
        for (list, at) in [(kinds::CLIENT, "/t"), (kinds::COMMANDS, "/command/kind"), (kinds::SIGNALS, "/signal/kind")] {
            if list.contains(&tag.as_str()) || tag == "next" {
                continue;
            }
            let Some(known) = frame.pointer_mut(at) else { continue };
            let known = std::mem::replace(known, Json::from(tag.clone()));
            prop_assert_eq!(read(&frame), Err(FrameFault::Unreadable), "{}", at);
            *frame.pointer_mut(at).expect("a tag") = known;
        }
    }

    #[test]
    fn a_field_that_nobody_knows_is_unreadable(which in any::<Index>(), name in "[a-z]{3,10}x", value in anything()) {
        let frame = which.get(&golden()).clone();
        for at in ["", "/command", "/signal", "/watch/0"] {
            let mut frame = frame.clone();
            let Some(Json::Object(fields)) = frame.pointer_mut(at) else { continue };
            let tag = fields.get("t").or_else(|| fields.get("kind")).and_then(Json::as_str).unwrap_or_default();
            if BARE.contains(&tag) {
                continue;
            }
            fields.insert(name.clone(), value.clone());
            prop_assert_eq!(read(&frame), Err(FrameFault::Unreadable), "{}", at);
        }
    }

    #[test]
    fn commands_of_the_server_cannot_come_from_outside(
        which in any::<Index>(), call in any::<u64>(), mut fields in proptest::collection::btree_map("[a-z_]{1,12}", anything(), 0..6),
    ) {
        for kind in kinds::SERVER_ONLY {
            fields.insert("kind".to_owned(), Json::from(*kind));
            for with_call in [false, true] {
                if with_call {
                    fields.insert("call".to_owned(), Json::from(call));
                }
                let mut frame = named("claim");
                frame["command"] = Json::Object(fields.clone().into_iter().collect());
                prop_assert_eq!(read(&frame), Err(FrameFault::Unreadable));
            }
            let mut frame = named(["say", "close", "survey", "hang_up"][which.index(4)]);
            frame["command"]["kind"] = Json::from(*kind);
            prop_assert_eq!(read(&frame), Err(FrameFault::Unreadable));
        }
    }

    #[test]
    fn whatever_is_over_its_limit_is_too_large(over in 1_usize..2_000) {
        let long = |limit: usize| Json::from("a".repeat(limit + over));
        let mut description = signal("description");
        description["signal"]["sdp"] = long(limits::SDP_BYTES);
        let mut line = signal("candidate");
        line["signal"]["candidate"] = long(limits::CANDIDATE_BYTES);
        let mut mid = signal("candidate");
        mid["signal"]["mid"] = long(64);
        let mut draft = named("draft");
        draft["body"] = long(limits::DRAFT_BYTES);
        let mut hello = named("hello");
        hello["watch"] = Json::from(vec![hello["watch"][0].clone(); limits::WATCHED_PER_SOCKET + 1]);
        let mut say = named("say");
        say["command"]["text"] = long(limits::FRAME_BYTES);
        for frame in [description, line, mid, draft, hello, say] {
            prop_assert_eq!(read(&frame), Err(FrameFault::TooLarge));
        }
        let blanks = " ".repeat(limits::FRAME_BYTES + over);
        prop_assert_eq!(ClientFrame::from_text(&blanks), Err(FrameFault::TooLarge));
    }
}

#[test]
fn exactly_the_limit_passes() {
    let mut description = signal("description");
    description["signal"]["sdp"] = Json::from("a".repeat(limits::SDP_BYTES));
    let mut hello = named("hello");
    hello["watch"] = Json::from(vec![hello["watch"][0].clone(); limits::WATCHED_PER_SOCKET]);
    let mut draft = named("draft");
    draft["body"] = Json::from("a".repeat(limits::DRAFT_BYTES - 2));
    for frame in [description, hello, draft] {
        assert!(read(&frame).is_ok());
    }
}

#[test]
fn a_tower_of_brackets_is_refused_before_it_falls() {
    let mut draft = named("draft").to_string();
    let tower = format!("{}{}", "[".repeat(8_000), "]".repeat(8_000));
    draft = draft.replace("\"少し速いですが、\"", &tower);
    assert_eq!(ClientFrame::from_text(&draft), Err(FrameFault::Unreadable));
}

#[test]
fn defaults_may_be_left_out_and_nothing_else() {
    let hello = json!({"t": "hello", "version": 1});
    assert!(read(&hello).is_ok());
    assert!(read(&json!({"t": "hello"})).is_err());
    for mut frame in golden() {
        for at in [
            "id",
            "consultation",
            "command",
            "signal",
            "state",
            "field",
            "revision",
            "body",
        ] {
            let Some(fields) = frame.as_object_mut() else { continue };
            let Some(taken) = fields.remove(at) else { continue };
            assert_eq!(read(&frame), Err(FrameFault::Unreadable), "{at} of {frame}");
            frame[at] = taken;
        }
    }
}

#[test]
fn a_greeting_in_another_version_is_told_so_whatever_else_it_holds() {
    let newer = json!({"t": "hello", "version": 2, "compression": "zstd", "watch": {"of": "another shape"}});
    assert_eq!(read(&newer), Err(FrameFault::Version));
    let misspelt = json!({"t": "hello", "version": 1, "wacth": []});
    assert_eq!(read(&misspelt), Err(FrameFault::Unreadable));
}
