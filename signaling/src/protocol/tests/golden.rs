//! Golden files: the wire format does not change by accident.

use super::{Value, files, kinds, values};
use crate::protocol::{ClientFrame, ServerFrame};
use std::collections::BTreeSet;

#[test]
fn every_golden_frame_is_read_to_its_value_and_written_back_to_the_same_bytes() {
    let files = files();
    let values = values::all();
    for (name, value) in &values {
        let written = value.written();
        let file = files.get(name).map(String::as_str).unwrap_or_default();
        assert_eq!(file, written, "golden/frames/{name}.json must hold this frame");
        assert_eq!(&value.read_alike(file), value, "{name}");
    }
    let known: BTreeSet<&String> = values.iter().map(|(name, _)| name).collect();
    let strangers: Vec<_> = files.keys().filter(|name| !known.contains(name)).collect();
    assert!(strangers.is_empty(), "files that no value stands for: {strangers:?}");
}

#[test]
fn every_kind_of_frame_event_signal_and_command_has_a_golden_file() {
    let mut client = BTreeSet::new();
    let mut server = BTreeSet::new();
    let mut events = BTreeSet::new();
    let mut signals = BTreeSet::new();
    let mut commands = BTreeSet::new();
    for (name, value) in values::all() {
        let json: serde_json::Value = serde_json::from_str(&value.written()).expect("JSON");
        let tag = |tag: &str| json[tag].as_str().unwrap_or_default().to_owned();
        match &value {
            Value::Client(frame) => {
                assert_eq!(kinds::of_client(frame), tag("t"), "{name}");
                client.insert(kinds::of_client(frame));
                match frame {
                    ClientFrame::Signal { signal, .. } => {
                        signals.insert(kinds::of_signal(signal));
                    }
                    ClientFrame::Command { command, .. } => {
                        assert_eq!(json["command"]["kind"], kinds::of_command(command), "{name}");
                        commands.insert(kinds::of_command(command));
                    }
                    _ => {}
                }
            }
            Value::Server(frame) => {
                assert_eq!(kinds::of_server(frame), tag("t"), "{name}");
                server.insert(kinds::of_server(frame));
                match frame {
                    ServerFrame::Refused { refusal, .. } => {
                        assert_eq!(json["refusal"]["code"], kinds::of_refusal(refusal), "{name}");
                        assert_eq!(refusal.code(), kinds::of_refusal(refusal), "{name}");
                    }
                    ServerFrame::Error { code, .. } => assert_eq!(json["code"], kinds::of_error(code), "{name}"),
                    _ => {}
                }
            }
            Value::Event(event) => {
                assert_eq!(kinds::of_event(&event.kind), tag("kind"), "{name}");
                events.insert(kinds::of_event(&event.kind));
            }
        }
    }
    let all = |kinds: &[&'static str]| kinds.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(client, all(kinds::CLIENT));
    assert_eq!(server, all(kinds::SERVER));
    assert_eq!(events, all(kinds::EVENTS));
    assert_eq!(signals, all(kinds::SIGNALS));
    let by_clients = &all(kinds::COMMANDS) - &all(kinds::SERVER_ONLY);
    assert_eq!(commands, by_clients);
}
