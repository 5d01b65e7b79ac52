//! One frame of every kind, told as one evening: a family waits, a doctor answers, they talk, the record is signed.

use super::Value;
use crate::{
    actor::{Role, Staff},
    call::{CallMode, CallOutcome, Holder, Path},
    consultation::{Command, Lane, Refusal, Speaker, WireEvent, WireKind},
    id::{CommandId, ConsultationId, Seq, StaffId},
    intake::{Complaint, Intake, Mode, Onset, Relation, Service},
    note::{Disposition, Note, NoteFault},
    protocol::{
        ClientFrame, Cursor, DescriptionKind, ErrorCode, Head, IceServer, Presented, QueueCommand, QueueView,
        ServerFrame, Side, Signal, Watch,
    },
    queue::{Position, Presence, QueueRow, Rank},
    subject::{Born, Subject},
    survey::Answer,
    time::At,
    triage::{Action, Acuity},
};
use serde_json::json;

/// The call's `call_offered` event.
const CALL: Seq = 7;
/// The doctor's seat.
const DOCTOR: Seq = 8;
/// The family's seat.
const FAMILY: Seq = 9;

fn consultation() -> ConsultationId {
    "019aab67-1c40-7c05-8d3e-5a1f0c9e7b21".parse().expect("an id")
}

fn command_id(number: u32) -> CommandId {
    format!("6f1c0a52-3e9b-4d47-9a60-{number:012}").parse().expect("an id")
}

/// 2026-11-22 19:42 in the city, and so many seconds later.
fn at(seconds: i64) -> At {
    At(1_795_344_120_000 + seconds * 1000)
}

fn doctor() -> Staff {
    Staff {
        id: "019a1f00-55aa-7b10-9c2d-000000000011"
            .parse::<StaffId>()
            .expect("an id"),
        name: "佐藤".to_owned(),
        role: Role::Pediatrician,
    }
}

fn intake() -> Intake {
    Intake {
        subject: Subject::Child {
            born: Born::try_from("2024-08-20".to_owned()).expect("a date"),
        },
        relation: Relation::Mother,
        complaints: vec![Complaint::Fever, Complaint::Vomiting],
        onset: Some(Onset::Yesterday),
        temperature_tenths: Some(389),
        signs: vec!["c02_breathing".to_owned()],
        no_signs: false,
        worry: "昨日の夜から熱があり、息が速いです".to_owned(),
        mode: Mode::Video,
        quiet: false,
    }
}

fn note() -> Note {
    Note {
        complaints: vec![Complaint::Fever],
        advice: "水分を少しずつ。明日の朝、かかりつけへ。".to_owned(),
        disposition: Disposition::HomeCare,
        safety_net: Some("反応が弱いときは119番へ".to_owned()),
        internal: Some("母の疲れが強い".to_owned()),
    }
}

fn row() -> QueueRow {
    QueueRow {
        consultation: consultation(),
        seq: 3,
        rank: Some(Rank(at(0).0 - 1_800_000)),
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
        returning: false,
        presence: Presence::Here,
        claimed_by: None,
    }
}

fn event(seq: Seq, seconds: i64, kind: WireKind) -> WireEvent {
    WireEvent {
        seq,
        at: at(seconds),
        kind,
    }
}

fn requested() -> WireKind {
    WireKind::Requested {
        service: Service::Night,
        mode: Mode::Video,
        quiet: false,
        intake: Some(Box::new(intake())),
    }
}

fn flagged() -> WireKind {
    WireKind::Flagged {
        rule: "C02".to_owned(),
        action: Action::VisitNow,
    }
}

fn claimed() -> WireKind {
    WireKind::Claimed {
        by: doctor(),
        overtake_reason: None,
    }
}

fn said(speaker: Speaker, lane: Lane, text: &str) -> WireKind {
    WireKind::Said {
        speaker,
        lane,
        text: Some(text.to_owned()),
    }
}

fn offered() -> WireKind {
    WireKind::CallOffered {
        by: doctor(),
        mode: CallMode::Video,
    }
}

fn joined(holder: Holder) -> WireKind {
    WireKind::CallJoined { call: CALL, holder }
}

fn ended(outcome: CallOutcome, talk_seconds: u32, by: Option<Holder>) -> WireKind {
    WireKind::CallEnded {
        call: CALL,
        outcome,
        talk_seconds,
        by,
    }
}

fn signed(staff: bool) -> WireKind {
    let note = note();
    WireKind::NoteSigned {
        by: doctor(),
        disposition: Some(note.disposition),
        advice: Some(note.advice.clone()),
        safety_net: note.safety_net.clone(),
        note: staff.then(|| Box::new(note)),
    }
}

fn events() -> Vec<(&'static str, WireEvent)> {
    let everyone = Lane::Everyone;
    let (doctors, by) = (Speaker::Staff(doctor()), doctor);
    let path = Path::Direct;
    vec![
        ("requested", event(1, 0, requested())),
        ("flagged", event(2, 0, flagged())),
        ("queued", event(3, 0, WireKind::Queued { acuity: None })),
        (
            "queued_staff",
            event(
                3,
                0,
                WireKind::Queued {
                    acuity: Some(Acuity::Yellow),
                },
            ),
        ),
        ("claimed", event(4, 95, claimed())),
        (
            "claimed_staff",
            event(
                4,
                95,
                WireKind::Claimed {
                    by: by(),
                    overtake_reason: Some("前回の続き".to_owned()),
                },
            ),
        ),
        ("released", event(5, 100, WireKind::Released { by: by(), reason: None })),
        (
            "released_staff",
            event(
                5,
                100,
                WireKind::Released {
                    by: by(),
                    reason: Some("交代".to_owned()),
                },
            ),
        ),
        (
            "said_by_staff",
            event(5, 110, said(doctors.clone(), everyone, "息は苦しそうですか？")),
        ),
        (
            "said_by_family",
            event(6, 140, said(Speaker::Guardian, everyone, "少し速いですが、笑います")),
        ),
        (
            "said_erased",
            event(
                6,
                140,
                WireKind::Said {
                    speaker: Speaker::Guardian,
                    lane: everyone,
                    text: None,
                },
            ),
        ),
        (
            "said_among_staff",
            event(6, 140, said(doctors, Lane::Staff, "助産師さんも見てください")),
        ),
        ("mode_wished", event(6, 141, WireKind::ModeWished { mode: Mode::Audio })),
        ("call_offered", event(CALL, 150, offered())),
        (
            "call_joined_by_staff",
            event(DOCTOR, 150, joined(Holder::Staff(doctor()))),
        ),
        ("call_joined_by_family", event(FAMILY, 158, joined(Holder::Guardian))),
        (
            "call_connected",
            event(10, 160, WireKind::CallConnected { call: CALL, path }),
        ),
        (
            "call_interrupted",
            event(11, 200, WireKind::CallInterrupted { call: CALL }),
        ),
        (
            "call_resumed",
            event(
                12,
                204,
                WireKind::CallResumed {
                    call: CALL,
                    path: Path::Relay,
                },
            ),
        ),
        (
            "call_mode_changed",
            event(
                13,
                220,
                WireKind::CallModeChanged {
                    call: CALL,
                    mode: CallMode::Audio,
                    holder: Holder::Guardian,
                },
            ),
        ),
        (
            "call_ended",
            event(14, 460, ended(CallOutcome::HungUp, 300, Some(Holder::Staff(doctor())))),
        ),
        (
            "call_ended_by_timer",
            event(9, 210, ended(CallOutcome::Unanswered, 0, None)),
        ),
        ("note_signed", event(15, 600, signed(false))),
        ("note_signed_staff", event(15, 600, signed(true))),
        (
            "note_added",
            event(
                18,
                900,
                WireKind::NoteAdded {
                    by: by(),
                    text: Some("翌朝、電話で確認".to_owned()),
                },
            ),
        ),
        ("cancelled", event(4, 60, WireKind::Cancelled)),
        ("closed", event(16, 601, WireKind::Closed { by: by() })),
        (
            "surveyed",
            event(
                17,
                660,
                WireKind::Surveyed {
                    answer: Answer::Yes,
                    words: Some("夜中に助かりました".to_owned()),
                },
            ),
        ),
    ]
}

fn commands() -> Vec<(&'static str, Command)> {
    let text = |text: &str| text.to_owned();
    vec![
        ("claim", Command::Claim { overtake_reason: None }),
        (
            "claim_past_somebody",
            Command::Claim {
                overtake_reason: Some(text("前回の続き")),
            },
        ),
        ("release", Command::Release { reason: text("交代") }),
        (
            "say",
            Command::Say {
                text: text("息は苦しそうですか？"),
            },
        ),
        (
            "remark",
            Command::Remark {
                text: text("助産師さんも見てください"),
            },
        ),
        ("wish_mode", Command::WishMode { mode: Mode::Audio }),
        ("ring", Command::Ring { mode: CallMode::Video }),
        ("join", Command::Join { call: CALL }),
        (
            "call_connected",
            Command::CallConnected {
                call: CALL,
                path: Path::Direct,
            },
        ),
        ("call_interrupted", Command::CallInterrupted { call: CALL }),
        (
            "change_call_mode",
            Command::ChangeCallMode {
                call: CALL,
                mode: CallMode::Audio,
            },
        ),
        ("decline", Command::Decline { call: CALL }),
        (
            "hang_up",
            Command::HangUp {
                call: CALL,
                failed: false,
            },
        ),
        ("sign_note", Command::SignNote { note: Box::new(note()) }),
        (
            "add_to_note",
            Command::AddToNote {
                text: text("翌朝、電話で確認"),
            },
        ),
        ("close", Command::Close),
        ("cancel", Command::Cancel),
        (
            "survey",
            Command::Survey {
                answer: Answer::Yes,
                words: Some(text("夜中に助かりました")),
            },
        ),
    ]
}

fn sdp(ice: &str) -> String {
    format!("v=0\r\no=- 46117317 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=ice-ufrag:{ice}\r\n…")
}

fn description(description: DescriptionKind, ice: &str) -> Signal {
    Signal::Description {
        description,
        offer: 1,
        sdp: sdp(ice),
    }
}

fn candidate(address: &str, ice: &str) -> Signal {
    Signal::Candidate {
        candidate: format!("candidate:1 1 udp 2122260223 {address} 54321 typ host generation 0 ufrag {ice}"),
        mid: Some("0".to_owned()),
        m_line: Some(0),
    }
}

/// Signals with the seats they go between: the family's is the later one, so it makes the first offer.
fn signals() -> Vec<(&'static str, Seq, Seq, Signal)> {
    let end = Signal::Candidate {
        candidate: String::new(),
        mid: None,
        m_line: None,
    };
    let muted = Signal::Muted {
        audio: true,
        video: false,
    };
    vec![
        ("typing", 0, 0, Signal::Typing),
        ("offer", FAMILY, DOCTOR, description(DescriptionKind::Offer, "fAmI")),
        ("answer", DOCTOR, FAMILY, description(DescriptionKind::Answer, "dOcT")),
        ("candidate", FAMILY, DOCTOR, candidate("192.0.2.7", "fAmI")),
        ("candidate_of_staff", DOCTOR, FAMILY, candidate("198.51.100.4", "dOcT")),
        ("end_of_candidates", FAMILY, DOCTOR, end),
        ("muted", FAMILY, DOCTOR, muted),
    ]
}

fn client() -> Vec<(String, ClientFrame)> {
    let consultation = consultation();
    let hello = |watch: Vec<Watch>, queue| ClientFrame::Hello {
        version: 1,
        watch,
        queue,
    };
    let from = |cursor: Option<Seq>| Watch {
        consultation,
        cursor: cursor.map(Cursor),
    };
    let next = ClientFrame::QueueCommand {
        id: command_id(1),
        command: QueueCommand::Next,
    };
    let present = |state| ClientFrame::Present { consultation, state };
    let draft = |field: &str, body| ClientFrame::Draft {
        consultation,
        field: field.to_owned(),
        revision: 1_795_344_250_000,
        body,
    };
    let plain = [
        ("hello", hello(vec![from(None)], false)),
        ("hello_desk", hello(Vec::new(), true)),
        ("hello_again", hello(vec![from(Some(10))], false)),
        ("watch", ClientFrame::Watch(from(None))),
        ("watch_from_cursor", ClientFrame::Watch(from(Some(4)))),
        ("unwatch", ClientFrame::Unwatch { consultation }),
        ("next", next),
        ("present_hidden", present(Presented::Hidden)),
        ("present_visible", present(Presented::Visible)),
        ("draft_message", draft("message", json!("少し速いですが、"))),
        (
            "draft_note",
            draft(
                "note",
                json!({"advice": "水分を少しずつ。", "complaints": ["fever"], "disposition": "", "internal": "", "safety_net": ""}),
            ),
        ),
        ("beat", ClientFrame::Beat),
    ];
    let plain = plain.into_iter().map(|(name, frame)| (name.to_owned(), frame));
    let commands = (2..).zip(commands()).map(|(number, (name, command))| {
        let id = command_id(number);
        let frame = ClientFrame::Command {
            id,
            consultation,
            command,
        };
        (format!("command_{name}"), frame)
    });
    let signals = signals().into_iter().map(|(name, from, to, signal)| {
        let frame = ClientFrame::Signal {
            consultation,
            from,
            to,
            signal,
        };
        (format!("signal_{name}"), frame)
    });
    plain.chain(commands).chain(signals).collect()
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

fn server() -> Vec<(String, ServerFrame)> {
    let consultation = consultation();
    let waiting = |yellow| {
        vec![
            (Acuity::Red, 0),
            (Acuity::Yellow, yellow),
            (Acuity::Green, 1),
            (Acuity::White, 4),
        ]
    };
    let taken = QueueRow {
        seq: 4,
        rank: None,
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
        from_minutes: 15,
        to_minutes: 30,
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
                ice_servers,
                ice_policy: "all".to_owned(),
            },
        ),
        (
            "queue",
            ServerFrame::Queue(QueueView {
                rows: vec![row()],
                waiting: waiting(1),
            }),
        ),
        (
            "row",
            ServerFrame::Row {
                row: Box::new(taken),
                waiting: waiting(0),
            },
        ),
        (
            "gone",
            ServerFrame::Gone {
                consultation,
                seq: 16,
                waiting: waiting(0),
            },
        ),
        ("position", ServerFrame::Position { consultation, position }),
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

/// Every golden value by the name of its file.
pub(super) fn all() -> Vec<(String, Value)> {
    let client = client()
        .into_iter()
        .map(|(name, frame)| (format!("client_{name}"), Value::Client(frame)));
    let server = server()
        .into_iter()
        .map(|(name, frame)| (format!("server_{name}"), Value::Server(frame)));
    let events = events()
        .into_iter()
        .map(|(name, event)| (format!("event_{name}"), Value::Event(event)));
    client.chain(server).chain(events).collect()
}
