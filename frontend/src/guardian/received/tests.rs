//! A family's browser reads whatever the server writes for a family just as the derived readers do.

use super::{Event, events, frame};
use serde_json::{Value, json};
use signaling::{
    consultation::{Refusal, WireEvent, WireKind},
    protocol::ServerFrame,
};

const ID: &str = "01920000-0000-7000-8000-000000000001";

fn staff() -> Value {
    json!({"id": ID, "name": "佐藤", "role": "pediatrician"})
}

fn tagged(tag: &str) -> Value {
    let mut person = staff();
    person[tag] = "staff".into();
    person
}

fn assert_read_alike(sent: &Value) {
    let text = sent.to_string();
    let derived = serde_json::from_str::<ServerFrame>(&text).expect("a frame of the protocol");
    assert_eq!(frame(&text), Some(derived), "{text}");
}

#[test]
fn every_frame_for_a_family_is_read_as_the_protocol_says() {
    let signal = |signal: Value| json!({"t": "signal", "consultation": ID, "from": 3, "to": 0, "signal": signal});
    for sent in [
        json!({"t": "welcome", "version": 1, "now": 5, "ice_policy": "all", "ice_servers": [
            {"urls": ["stun:a"]}, {"urls": ["turn:a"], "username": "u", "credential": "c"}]}),
        json!({"t": "position", "consultation": ID, "position": {"ahead": 2, "from_minutes": 10, "to_minutes": 20}}),
        json!({"t": "ack", "id": ID, "consultation": ID, "seq": 9}),
        json!({"t": "presence", "consultation": ID, "side": "staff", "presence": "away"}),
        json!({"t": "draft", "consultation": ID, "field": "message", "revision": 7, "body": "熱が \"高い\" \n"}),
        json!({"t": "draft_saved", "consultation": ID, "field": "message", "revision": 7, "at": 5}),
        json!({"t": "beat", "now": 5, "heads": [{"consultation": ID, "cursor": "e12"}]}),
        signal(json!({"kind": "description", "description": "offer", "offer": 1, "sdp": "v=0\r\n"})),
        signal(json!({"kind": "candidate", "candidate": "c", "mid": "0", "m_line": 1})),
        signal(json!({"kind": "candidate", "candidate": ""})),
        signal(json!({"kind": "muted", "audio": true, "video": false})),
        signal(json!({"kind": "typing"})),
    ] {
        assert_read_alike(&sent);
    }
}

#[test]
fn every_event_for_a_family_is_read_as_the_protocol_says() {
    let events = [
        json!({"kind": "requested", "service": "night", "mode": "video", "quiet": true, "intake": null}),
        json!({"kind": "flagged", "rule": "C01", "action": "call_119"}),
        json!({"kind": "queued"}),
        json!({"kind": "claimed", "by": staff()}),
        json!({"kind": "released", "by": staff()}),
        json!({"kind": "said", "speaker": {"by": "guardian"}, "lane": "everyone", "text": "</script>\"\\"}),
        json!({"kind": "said", "speaker": tagged("by"), "lane": "everyone", "text": null}),
        json!({"kind": "mode_wished", "mode": "chat"}),
        json!({"kind": "call_offered", "by": staff(), "mode": "video"}),
        json!({"kind": "call_joined", "call": 9, "holder": {"holder": "guardian"}}),
        json!({"kind": "call_joined", "call": 9, "holder": tagged("holder")}),
        json!({"kind": "call_connected", "call": 9, "path": "relay"}),
        json!({"kind": "call_interrupted", "call": 9}),
        json!({"kind": "call_resumed", "call": 9, "path": "direct"}),
        json!({"kind": "call_mode_changed", "call": 9, "mode": "audio", "holder": tagged("holder")}),
        json!({"kind": "call_ended", "call": 9, "outcome": "hung_up", "talk_seconds": 61, "by": {"holder": "guardian"}}),
        json!({"kind": "call_ended", "call": 9, "outcome": "unanswered", "talk_seconds": 0, "by": null}),
        json!({"kind": "note_signed", "by": staff(), "disposition": "visit_now", "advice": "水分", "safety_net": null}),
        json!({"kind": "note_signed", "by": staff(), "disposition": null, "advice": null, "safety_net": "夜"}),
        json!({"kind": "cancelled"}),
        json!({"kind": "closed", "by": staff()}),
        json!({"kind": "surveyed", "answer": "yes", "words": "助かりました"}),
    ];
    let numbered = events.into_iter().enumerate().map(|(number, mut event)| {
        event["seq"] = (number + 1).into();
        event["at"] = 1_795_344_000_000_i64.into();
        event
    });
    let all: Vec<Value> = numbered.collect();
    assert_read_alike(&json!({"t": "events", "consultation": ID, "events": all, "cursor": "e22", "end": true}));
}

#[test]
fn only_the_intake_of_a_request_is_left_to_the_server() {
    let sent = json!([{"seq": 1, "at": 1, "kind": "requested", "service": "night", "mode": "chat", "quiet": false,
        "intake": {"anything": [1, 2]}}])
    .to_string();
    let read = serde_json::from_str::<Vec<Event<'_>>>(&sent).ok().and_then(events);
    assert!(matches!(
        read.as_deref(),
        Some([WireEvent {
            kind: WireKind::Requested { intake: None, .. },
            ..
        }])
    ));
}

#[test]
fn a_refused_command_is_always_answered() {
    let refused = |refusal: Value| json!({"t": "refused", "id": ID, "refusal": refusal, "text": "…"});
    for code in [
        "not_found",
        "not_allowed",
        "not_yours",
        "not_waiting",
        "ended",
        "already_requested",
        "another_open",
        "empty",
        "call_running",
        "in_another_call",
        "no_such_call",
        "not_seated",
        "survey_closed",
        "too_many_events",
    ] {
        assert_read_alike(&refused(json!({ "code": code })));
    }
    assert_read_alike(&refused(json!({"code": "too_long", "limit": 2000})));
    assert_read_alike(&refused(json!({"code": "already_claimed", "by": "佐藤 医師"})));
    let newer = frame(&refused(json!({"code": "of_a_newer_server"})).to_string());
    assert!(matches!(
        newer,
        Some(ServerFrame::Refused {
            refusal: Refusal::NotAllowed,
            ..
        })
    ));
}

#[test]
fn frames_for_staff_and_of_newer_servers_are_passed_over() {
    assert_eq!(frame(r#"{"t":"queue","rows":[],"waiting":[]}"#), None);
    assert_eq!(frame(r#"{"t":"of_a_newer_server"}"#), None);
    let event = json!({"seq": 1, "at": 1, "kind": "of_a_newer_server"});
    let newer = json!({"t": "events", "consultation": ID, "events": [event], "cursor": "e1", "end": true});
    assert_eq!(frame(&newer.to_string()), None);
}
