//! A family's browser reads whatever the server writes for a family just as the derived readers do.

use super::{Event, events, frame};
use serde_json::{Value, json};
use signaling::{
    consultation::{Refusal, WireEvent, WireKind},
    protocol::{ServerFrame, Signal},
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
        json!({"t": "position", "consultation": ID, "position": {"ahead": 2}}),
        json!({"t": "ack", "id": ID, "consultation": ID, "seq": 9}),
        json!({"t": "presence", "consultation": ID, "side": "staff", "presence": "away"}),
        json!({"t": "draft", "consultation": ID, "field": "message", "revision": 7, "body": "熱が \"高い\" \n"}),
        json!({"t": "draft_saved", "consultation": ID, "field": "message", "revision": 7, "at": 5}),
        json!({"t": "beat", "now": 5, "heads": [{"consultation": ID, "cursor": "e12"}]}),
        signal(json!({"kind": "description", "description": "offer", "offer": 1, "sdp": "v=0\r\n"})),
        signal(json!({"kind": "description", "description": "offer", "offer": 2, "sdp": "v=0\r\n", "build": 1})),
        signal(json!({"kind": "candidate", "candidate": "c", "mid": "0", "m_line": 1})),
        signal(json!({"kind": "candidate", "candidate": ""})),
        signal(json!({"kind": "muted", "audio": true, "video": false})),
        signal(json!({"kind": "muted", "audio": false, "video": true, "why": "network"})),
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
        json!({"kind": "photo", "speaker": {"by": "guardian"}, "photo": ID, "format": "jpeg", "width": 1536, "height": 2048,
            "bytes": 400_000, "caption": "背中"}),
        json!({"kind": "photo", "speaker": tagged("by"), "photo": ID, "format": "jpeg", "width": 1, "height": 1, "bytes": 1}),
        json!({"kind": "photo_wished", "by": staff()}),
        json!({"kind": "mode_wished", "mode": "chat"}),
        json!({"kind": "call_offered", "by": staff(), "mode": "video"}),
        json!({"kind": "call_joined", "call": 9, "holder": {"holder": "guardian"}}),
        json!({"kind": "call_joined", "call": 9, "holder": tagged("holder")}),
        json!({"kind": "call_connected", "call": 9, "path": "relay_tls"}),
        json!({"kind": "call_interrupted", "call": 9}),
        json!({"kind": "call_resumed", "call": 9, "path": "direct"}),
        json!({"kind": "call_mode_changed", "call": 9, "mode": "audio", "holder": tagged("holder")}),
        json!({"kind": "call_ended", "call": 9, "outcome": "hung_up", "talk_seconds": 61, "by": {"holder": "guardian"}}),
        json!({"kind": "call_ended", "call": 9, "outcome": "unanswered", "talk_seconds": 0, "by": null}),
        json!({"kind": "note_signed", "by": staff(), "disposition": "visit_now", "advice": "水分", "safety_net": null}),
        json!({"kind": "note_signed", "by": staff(), "disposition": null, "advice": null, "safety_net": "夜"}),
        json!({"kind": "handed_on", "by": staff(), "recipient": {"profession": "midwife"}}),
        json!({"kind": "handed_on", "by": staff(), "recipient": {"profession": "pediatrician", "person": staff()}}),
        json!({"kind": "handed_over", "by": staff(), "to": staff()}),
        json!({"kind": "idle_returned"}),
        json!({"kind": "cancelled"}),
        json!({"kind": "closed", "by": staff()}),
        json!({"kind": "surveyed", "answer": "yes", "words": "助かりました"}),
        json!({"kind": "check_in_planned", "by": staff(), "due_at": 1_795_395_600_000_i64}),
        json!({"kind": "check_in_planned", "by": staff(), "due_at": null}),
        json!({"kind": "check_in_asked"}),
        json!({"kind": "checked_in", "feeling": "worse"}),
        json!({"kind": "reopened", "service": "anytime"}),
        json!({"kind": "survey_nudged"}),
        json!({"kind": "referral_offered", "by": staff(), "text": "夜泣き"}),
        json!({"kind": "referral_answered", "offer": 9, "given": false}),
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
fn a_reason_for_being_muted_that_is_not_known_is_none() {
    let muted = json!({"t": "signal", "consultation": ID, "from": 3, "to": 0,
        "signal": {"kind": "muted", "audio": true, "video": false, "why": "of_a_newer_client"}});
    assert!(matches!(
        frame(&muted.to_string()),
        Some(ServerFrame::Signal {
            signal: Signal::Muted {
                audio: true,
                why: None,
                ..
            },
            ..
        })
    ));
}

#[test]
fn only_the_intake_of_a_request_is_left_to_the_server() {
    let sent = json!([{"seq": 1, "at": 1, "kind": "requested", "service": "night", "mode": "chat", "quiet": false,
        "intake": {"anything": [1, 2]}}])
    .to_string();
    let read = serde_json::from_str::<Vec<Event<'_>>>(&sent).ok().map(events);
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
        "invitation_over",
        "removed",
        "bad_number",
        "survey_closed",
        "too_late",
        "task_over",
        "too_urgent",
        "promise_changed",
        "slot_past",
        "slot_closed",
        "slot_full",
        "too_many_events",
    ] {
        assert_read_alike(&refused(json!({ "code": code })));
    }
    assert_read_alike(&refused(json!({"code": "too_long", "limit": 2000})));
    assert_read_alike(&refused(json!({"code": "call_full", "limit": 4})));
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
}

#[test]
fn an_event_of_a_newer_server_is_passed_over_and_the_cursor_moves_on() {
    let said =
        json!({"seq": 1, "at": 1, "kind": "said", "speaker": {"by": "guardian"}, "lane": "everyone", "text": "はい"});
    let unknown = json!({"seq": 2, "at": 1, "kind": "of_a_newer_server", "by": staff()});
    let incomplete = json!({"seq": 3, "at": 1, "kind": "claimed"});
    let newer =
        json!({"t": "events", "consultation": ID, "events": [said, unknown, incomplete], "cursor": "e3", "end": true});
    let Some(ServerFrame::Events { events, cursor, .. }) = frame(&newer.to_string()) else {
        panic!("the frame was dropped")
    };
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1]);
    assert_eq!(String::from(cursor), "e3");
}

#[test]
fn errors_that_a_page_acts_on_are_read_and_no_others() {
    for code in ["unavailable", "too_fast", "signed_out"] {
        assert_read_alike(&json!({"t": "error", "code": code, "text": "…"}));
    }
    assert_read_alike(&json!({"t": "error", "code": "unavailable", "text": "…", "consultation": ID, "id": ID}));
    assert_eq!(
        frame(&json!({"t": "error", "code": "of_a_newer_server", "text": "…"}).to_string()),
        None
    );
}

/// Every kind there is, by an exhaustive match: a new one does not compile until it is decided here whether families read it.
fn for_families(kind: &WireKind) -> bool {
    match kind {
        WireKind::Requested { .. }
        | WireKind::Flagged { .. }
        | WireKind::Queued { .. }
        | WireKind::TurnMissed { .. }
        | WireKind::BecameAnytime { .. }
        | WireKind::AppointmentBooked { .. }
        | WireKind::AppointmentGivenUp { .. }
        | WireKind::AppointmentBegun
        | WireKind::AppointmentMissed
        | WireKind::Claimed { .. }
        | WireKind::Released { .. }
        | WireKind::Said { .. }
        | WireKind::ModeWished { .. }
        | WireKind::CallOffered { .. }
        | WireKind::CallJoined { .. }
        | WireKind::CallConnected { .. }
        | WireKind::CallInterrupted { .. }
        | WireKind::CallResumed { .. }
        | WireKind::CallModeChanged { .. }
        | WireKind::CallEnded { .. }
        | WireKind::CallLeft { .. }
        | WireKind::CallHeld { .. }
        | WireKind::GuestInvited { .. }
        | WireKind::GuestAdmitted { .. }
        | WireKind::GuestRemoved { .. }
        | WireKind::InvitationWithdrawn { .. }
        | WireKind::ColleagueInvited { .. }
        | WireKind::HandedOver { .. }
        | WireKind::HandedOn { .. }
        | WireKind::IdleReturned { .. }
        | WireKind::CallbackAsked { .. }
        | WireKind::CallbackNumber { .. }
        | WireKind::CallbackDone { .. }
        | WireKind::NoteSigned { .. }
        | WireKind::DeviceChecked { .. }
        | WireKind::Photo { .. }
        | WireKind::PhotoWished { .. }
        | WireKind::Cancelled
        | WireKind::Closed { .. }
        | WireKind::CheckInPlanned { .. }
        | WireKind::CheckInAsked
        | WireKind::CheckedIn { .. }
        | WireKind::Reopened { .. }
        | WireKind::SurveyNudged
        | WireKind::ReferralOffered { .. }
        | WireKind::ReferralAnswered { .. }
        | WireKind::Surveyed { .. } => true,
        WireKind::ConcernRaised { .. }
        | WireKind::ConcernDecided { .. }
        | WireKind::ConcernNotified { .. }
        | WireKind::TaskShown { .. }
        | WireKind::TaskTaken { .. }
        | WireKind::TaskClosed { .. }
        | WireKind::NoteAdded { .. }
        | WireKind::HandOverOffered { .. }
        | WireKind::HandOverAsked { .. }
        | WireKind::HandOverDeclined { .. }
        | WireKind::HandOverWithdrawn { .. }
        | WireKind::HandOverLapsed
        | WireKind::IdleAsked { .. }
        | WireKind::IdleAnswered { .. }
        | WireKind::ClassChanged { .. }
        | WireKind::EpdsRecorded { .. }
        | WireKind::ScopePassed { .. }
        | WireKind::AppointmentReminded
        | WireKind::Alerted { .. }
        | WireKind::AlertHeard { .. }
        | WireKind::OverlookedClosed { .. }
        | WireKind::CallTroubled { .. }
        | WireKind::CallMeasured { .. }
        | WireKind::SeatInterrupted { .. }
        | WireKind::SeatReturned { .. }
        | WireKind::MissedSettled { .. }
        | WireKind::PhotoMarked { .. } => false,
    }
}

/// The golden files hold an event of every kind (the tests of `signaling` see to that).
#[test]
fn the_flat_reader_keeps_step_with_every_golden_event() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../signaling/golden/frames");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).expect("golden files") {
        let path = entry.expect("a file").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if !name.starts_with("event_") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("it is read");
        let derived: WireEvent = serde_json::from_str(&text).expect("an event");
        let list = ["[", &text, "]"].concat();
        let flat = events(serde_json::from_str(&list).expect("a flat record"));
        // What is for staff alone inside a kind is left out; the server never sends it to a family.
        let expected = for_families(&derived.kind).then(|| as_families_see(derived));
        assert_eq!(flat, Vec::from_iter(expected), "{name}");
        read += 1;
    }
    assert!(read > 20, "{read} events");
}

fn as_families_see(mut event: WireEvent) -> WireEvent {
    match &mut event.kind {
        WireKind::Requested { intake, .. } => *intake = None,
        WireKind::Queued { acuity } => *acuity = None,
        WireKind::Claimed { overtake_reason, .. } => *overtake_reason = None,
        WireKind::Released { reason, .. } => *reason = None,
        WireKind::HandedOn { hand_over, .. } => *hand_over = None,
        WireKind::Flagged { epds, .. } => *epds = None,
        WireKind::IdleReturned { of } => *of = None,
        WireKind::NoteSigned { note, .. } => *note = None,
        WireKind::DeviceChecked { checked, .. } => *checked = None,
        _ => {}
    }
    event
}
