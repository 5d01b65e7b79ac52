//! A page that was loaded before the server was renewed keeps step with it.

use super::{Value, values};
use crate::{consultation::Refusal, protocol::ServerFrame};
use serde_json::{Value as Json, json};

fn golden(name: &str) -> Json {
    let value = values::all().into_iter().find(|(known, _)| known == name);
    match value {
        Some((_, value @ Value::Server(_))) => serde_json::from_str(&value.written()).expect("JSON"),
        _ => panic!("no golden frame {name}"),
    }
}

fn read(frame: &Json) -> Option<ServerFrame> {
    ServerFrame::from_text(&frame.to_string())
}

#[test]
fn an_unknown_event_is_passed_over_and_the_rest_of_its_frame_counts() {
    let mut newer = golden("server_events_waiting");
    let known = read(&newer).expect("a frame");
    let events = newer["events"].as_array_mut().expect("events");
    events.insert(
        1,
        json!({"seq": 9, "at": 1, "kind": "photo_sent", "by": {"any": "shape"}}),
    );
    assert_eq!(read(&newer), Some(known));
}

#[test]
fn a_row_that_cannot_be_read_does_not_hide_the_queue() {
    let mut newer = golden("server_queue");
    let known = read(&newer).expect("a frame");
    let mut row = newer["rows"][0].clone();
    row["acuity"] = "violet".into();
    newer["rows"].as_array_mut().expect("rows").push(row);
    assert_eq!(read(&newer), Some(known));
}

#[test]
fn an_unknown_refusal_still_answers_its_command() {
    let mut newer = golden("server_refused");
    newer["refusal"] = json!({"code": "of_a_newer_server", "until": 5});
    assert!(matches!(
        read(&newer),
        Some(ServerFrame::Refused {
            refusal: Refusal::NotAllowed,
            ..
        })
    ));
}

#[test]
fn who_is_muted_for_an_unknown_reason_is_still_muted() {
    let known = read(&golden("server_signal_muted")).expect("a frame");
    let mut newer = golden("server_signal_muted");
    newer["signal"]["why"] = "of_a_newer_client".into();
    assert_eq!(read(&newer), Some(known));
}

#[test]
fn unknown_frames_are_passed_over() {
    for unknown in ["{\"t\":\"of_a_newer_server\"}", "{\"t\":5}", "[]", "{", ""] {
        assert_eq!(ServerFrame::from_text(unknown), None, "{unknown}");
    }
}
