//! What tabs send.

use super::{
    CALL, FAMILY, after, command_id, consultation, epds, handed, judged, marks, measured, measured_by_check, note,
    people, photo_id, signals::signals, trouble,
};
use crate::{
    call::{CallMode, Path, interruption::Interruption},
    consultation::Command,
    id::Seq,
    intake::Mode,
    ladder::Step,
    protocol::{ClientFrame, Cursor, Presented, QueueCommand, Watch},
    survey::Answer,
};
use serde_json::json;

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
        (
            "sign_note",
            Command::SignNote {
                note: Box::new(note()),
                scope_reason: None,
            },
        ),
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
        (
            "call_troubled",
            Command::CallTroubled {
                call: CALL,
                trouble: trouble(),
            },
        ),
        (
            "call_measured",
            Command::CallMeasured {
                call: CALL,
                measured: measured(),
            },
        ),
        (
            "seat_interrupted",
            Command::SeatInterrupted {
                call: CALL,
                seat: FAMILY,
                why: Interruption::Interrupted,
            },
        ),
        (
            "seat_returned",
            Command::SeatReturned {
                call: CALL,
                seat: FAMILY,
            },
        ),
        ("settle_missed", Command::SettleMissed { call: CALL }),
        (
            "report_check",
            Command::ReportCheck {
                measured: Box::new(measured_by_check()),
            },
        ),
        ("ask_photo", Command::AskPhoto),
        (
            "mark_photo",
            Command::MarkPhoto {
                photo: photo_id(),
                marks: marks(),
            },
        ),
    ]
}

/// What is said about whoever waits.
fn about_waiting() -> Vec<(&'static str, Command)> {
    let close = Command::CloseOverlooked {
        done: "電話で様子をききました".to_owned(),
    };
    vec![
        ("hear_alert", Command::HearAlert { step: Step::Sound }),
        ("close_overlooked", close),
    ]
}

pub(super) fn all() -> Vec<(String, ClientFrame)> {
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
        (
            "hearing",
            ClientFrame::Hearing {
                on_duty: true,
                sound: true,
                notifications: false,
            },
        ),
        ("beat", ClientFrame::Beat),
        ("queue", ClientFrame::Queue),
    ];
    let plain = plain.into_iter().map(|(name, frame)| (name.to_owned(), frame));
    let numbered = (2..)
        .zip(commands())
        .chain((40..).zip(people::commands()))
        .chain((70..).zip(judged::commands()))
        .chain((90..).zip(about_waiting()))
        .chain((110..).zip(handed::commands()))
        .chain((120..).zip(after::commands()))
        .chain((130..).zip(epds::commands()));
    let commands = numbered.map(|(number, (name, command))| {
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
