//! What the server sends.

use super::{DOCTOR, FAMILY, at, command_id, consultation, doctor, log::events, signals::signals};
use crate::{
    consultation::Refusal,
    intake::{Complaint, Mode, Service},
    note::NoteFault,
    protocol::{Cursor, ErrorCode, Head, IceServer, QueueView, ServerFrame, Side},
    queue::{Position, Presence, QueueRow, Rank},
    triage::Acuity,
};
use serde_json::json;

fn row() -> QueueRow {
    QueueRow {
        consultation: consultation(),
        seq: 3,
        rank: Some(Rank(at(0).0 - 3_600_000)),
        acuity: Acuity::Yellow,
        service: Service::Night,
        mode: Mode::Video,
        quiet: false,
        subject: "2歳3か月".to_owned(),
        complaints: vec![Complaint::Fever, Complaint::Vomiting],
        worry: "昨日の夜から熱があり、息が速いです".to_owned(),
        flags: vec!["C02".to_owned()],
        requested_at: at(0),
        unanswered_since: Some(at(0)),
        reply_by: None,
        appointment: None,
        returning: false,
        had: None,
        presence: Presence::Here,
        device: None,
        turn_missed_at: None,
        alert: None,
        alert_heard: false,
        claimed_by: None,
        colleague: None,
        handing: None,
    }
}

fn pieces() -> Vec<(&'static str, ServerFrame)> {
    let piece = |names: &[&str], cursor| {
        let all = events();
        let named = |name: &&str| {
            all.iter()
                .find(|(known, _)| known == name)
                .map(|(_, event)| event.clone())
        };
        ServerFrame::Events {
            consultation: consultation(),
            events: names.iter().map(|name| named(name).expect("an event")).collect(),
            cursor: Cursor(cursor),
            end: true,
        }
    };
    vec![
        ("events_waiting", piece(&["requested", "flagged", "queued"], 3)),
        (
            "events_opened",
            piece(&["requested", "flagged", "queued_staff", "claimed"], 4),
        ),
        ("events_claimed", piece(&["claimed"], 4)),
        ("events_answered", piece(&["said_by_staff"], 5)),
        ("events_replied", piece(&["said_by_family"], 6)),
        ("events_ringing", piece(&["call_offered", "call_joined_by_staff"], 8)),
        ("events_joined", piece(&["call_joined_by_family"], 9)),
        ("events_connected", piece(&["call_connected"], 10)),
        ("events_nothing_new", piece(&[], 10)),
        ("events_hung_up", piece(&["call_ended"], 14)),
        ("events_after", piece(&["note_signed", "closed"], 16)),
    ]
}

pub(super) fn all() -> Vec<(String, ServerFrame)> {
    let consultation = consultation();
    let waiting = |yellow| {
        vec![
            (Acuity::Red, 0),
            (Acuity::Yellow, yellow),
            (Acuity::Green, 1),
            (Acuity::White, 4),
        ]
    };
    let anytime = QueueRow {
        service: Service::Anytime,
        acuity: Acuity::White,
        rank: Some(Rank(at(0).0 + 79_200_000)),
        flags: Vec::new(),
        reply_by: Some(at(86_400)),
        presence: Presence::Away,
        ..row()
    };
    let taken = QueueRow {
        seq: 4,
        rank: None,
        turn_missed_at: None,
        alert: None,
        alert_heard: false,
        claimed_by: Some(doctor()),
        ..row()
    };
    let ack = |number, seq| ServerFrame::Ack {
        id: command_id(number),
        consultation,
        seq,
    };
    let refused = |number, refusal: Refusal| ServerFrame::Refused {
        id: command_id(number),
        text: refusal.to_string(),
        refusal,
    };
    let error = |code, text: &str, consultation| ServerFrame::Error {
        code,
        text: text.to_owned(),
        consultation,
        id: None,
    };
    let ice_servers = vec![
        IceServer {
            urls: vec!["stun:turn.example.jp:3478".to_owned()],
            username: None,
            credential: None,
        },
        IceServer {
            urls: vec![
                "turn:turn.example.jp:3478".to_owned(),
                "turns:turn.example.jp:5349".to_owned(),
            ],
            username: Some("1795347720:desk".to_owned()),
            credential: Some("c2VjcmV0".to_owned()),
        },
    ];
    let position = Position {
        ahead: 2,
        from_minutes: Some(15),
        to_minutes: Some(30),
    };
    let nobody_on_duty = Position {
        ahead: 2,
        from_minutes: None,
        to_minutes: None,
    };
    let presence = |side, presence| ServerFrame::Presence {
        consultation,
        side,
        presence,
    };
    let (field, revision) = ("message".to_owned(), 1_795_344_250_000);
    let plain = [
        (
            "welcome",
            ServerFrame::Welcome {
                version: 1,
                now: at(1),
                started_at: Some(at(-3600)),
                ice_servers,
                ice_policy: "all".to_owned(),
            },
        ),
        (
            "queue",
            ServerFrame::Queue(QueueView {
                rows: vec![row()],
                waiting: waiting(1),
                number: 41,
            }),
        ),
        (
            "row",
            ServerFrame::Row {
                row: Box::new(taken),
                waiting: waiting(0),
                number: 42,
            },
        ),
        (
            "row_anytime",
            ServerFrame::Row {
                row: Box::new(anytime),
                waiting: waiting(0),
                number: 43,
            },
        ),
        (
            "gone",
            ServerFrame::Gone {
                consultation,
                seq: 16,
                waiting: waiting(0),
                number: 43,
            },
        ),
        ("position", ServerFrame::Position { consultation, position }),
        (
            "position_nobody_on_duty",
            ServerFrame::Position {
                consultation,
                position: nobody_on_duty,
            },
        ),
        ("ack_next", ack(1, 4)),
        ("ack_say", ack(5, 5)),
        ("ack_ring", ack(8, DOCTOR)),
        ("ack_join", ack(9, FAMILY)),
        ("ack_call_connected", ack(10, 10)),
        ("ack_hang_up", ack(14, 14)),
        ("ack_sign_note", ack(15, 15)),
        ("ack_close", ack(17, 16)),
        ("ack_survey", ack(19, 17)),
        (
            "refused",
            refused(
                3,
                Refusal::AlreadyClaimed {
                    by: doctor().addressed(),
                },
            ),
        ),
        (
            "refused_beyond_scope",
            refused(5, Refusal::BeyondScope { rule: "S01".to_owned() }),
        ),
        (
            "refused_blank_open",
            refused(
                5,
                Refusal::BlankOpen {
                    blank: "体温".to_owned(),
                },
            ),
        ),
        ("refused_too_long", refused(5, Refusal::TooLong { limit: 2000 })),
        (
            "refused_note_incomplete",
            refused(
                15,
                Refusal::NoteIncomplete {
                    fault: NoteFault::SafetyNetMissing,
                },
            ),
        ),
        ("refused_call_full", refused(40, Refusal::CallFull { limit: 4 })),
        ("presence_staff_away", presence(Side::Staff, Presence::Away)),
        ("presence_staff_here", presence(Side::Staff, Presence::Here)),
        ("presence_guardian_hidden", presence(Side::Guardian, Presence::Hidden)),
        (
            "draft",
            ServerFrame::Draft {
                consultation,
                field: field.clone(),
                revision,
                body: json!("少し速いですが、"),
                inherited: false,
            },
        ),
        (
            "draft_inherited",
            ServerFrame::Draft {
                consultation,
                field: "note".to_owned(),
                revision,
                body: json!({ "advice": "水分を少しずつ。" }),
                inherited: true,
            },
        ),
        (
            "draft_saved",
            ServerFrame::DraftSaved {
                consultation,
                field,
                revision,
                at: at(131),
            },
        ),
        (
            "beat",
            ServerFrame::Beat {
                now: at(164),
                heads: vec![Head {
                    consultation,
                    cursor: Cursor(10),
                }],
                queue: None,
            },
        ),
        (
            "beat_desk",
            ServerFrame::Beat {
                now: at(164),
                heads: Vec::new(),
                queue: Some(43),
            },
        ),
        (
            "error",
            error(ErrorCode::TooFast, "送る間隔が短すぎます。少し待ってください。", None),
        ),
        (
            "error_not_found",
            error(ErrorCode::NotFound, "この相談は見つかりません。", Some(consultation)),
        ),
        (
            "error_unavailable",
            ServerFrame::Error {
                code: ErrorCode::Unavailable,
                text: "いまは処理できません。すぐにもう一度試します。".to_owned(),
                consultation: Some(consultation),
                id: Some(command_id(5)),
            },
        ),
        (
            "error_signed_out",
            error(ErrorCode::SignedOut, "サインインの期限が切れました。", None),
        ),
    ];
    let plain = plain.into_iter().chain(pieces());
    let plain = plain.map(|(name, frame)| (name.to_owned(), frame));
    let signals = signals().into_iter().map(|(name, from, to, signal)| {
        let frame = ServerFrame::Signal {
            consultation,
            from,
            to,
            signal,
        };
        (format!("signal_{name}"), frame)
    });
    plain.chain(signals).collect()
}
