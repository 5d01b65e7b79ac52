//! One frame of every kind, told as one evening: a family waits, a doctor answers, they talk, the record is signed. Here,
//! the people and what they wrote; below, the log and the frames of both directions.

mod after;
mod client;
mod epds;
mod handed;
mod judged;
mod log;
mod people;
mod server;
mod signals;

use super::Value;
use crate::{
    actor::{Role, Staff},
    call::{
        Path,
        agent::{BrowserFamily, DeviceKind},
        cause::{CallCause, Trouble},
        summary::Measured,
    },
    check::{self, Connection, Device, Figures, Heard},
    id::{CommandId, ConsultationId, PhotoId, Seq, StaffId},
    intake::{Complaint, Intake, Mode, Onset, Relation},
    note::{Disposition, Note},
    photo::{Mark, MarkKind},
    subject::{Born, Subject},
    time::At,
};

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

fn photo_id() -> PhotoId {
    "6f1c0a52-3e9b-4d47-9a60-0000000f0705".parse().expect("an id")
}

/// An arrow at the middle, and a ring around the upper left quarter.
fn marks() -> Vec<Mark> {
    let mark = |shape, from, to| Mark { shape, from, to };
    vec![
        mark(MarkKind::Arrow, (2_000, 2_000), (5_000, 5_000)),
        mark(MarkKind::Ring, (0, 0), (5_000, 5_000)),
    ]
}

/// 2026-11-22 19:42 in the city, and so many seconds later.
fn at(seconds: i64) -> At {
    At(1_795_344_120_000 + seconds * 1000)
}

pub(super) fn doctor() -> Staff {
    Staff {
        id: "019a1f00-55aa-7b10-9c2d-000000000011"
            .parse::<StaffId>()
            .expect("an id"),
        name: "佐藤".to_owned(),
        role: Role::Pediatrician,
    }
}

pub(super) fn intake() -> Intake {
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
        asked: vec!["c01_no_response".to_owned(), "c02_breathing".to_owned()],
        worry: "昨日の夜から熱があり、息が速いです".to_owned(),
        mode: Mode::Video,
        quiet: false,
    }
}

pub(super) fn note() -> Note {
    Note {
        complaints: vec![Complaint::Fever],
        advice: "水分を少しずつ。明日の朝、かかりつけへ。".to_owned(),
        disposition: Disposition::HomeCare,
        safety_net: Some("反応が弱いときは119番へ".to_owned()),
        internal: Some("母の疲れが強い".to_owned()),
    }
}

/// The family's phone was asked for its camera, and nobody answered for a while.
fn trouble() -> Trouble {
    Trouble {
        cause: CallCause::Permission,
        late: true,
        device: Some(DeviceKind::Phone),
        browser: Some(BrowserFamily::Safari),
    }
}

fn measured() -> Measured {
    Measured {
        path: Path::Direct,
        loss_permille: 4,
        round_trip_ms: Some(48),
    }
}

pub(super) fn measured_by_check() -> check::Measured {
    check::Measured {
        picture: Device::Works,
        sound: Device::Works,
        voice: true,
        heard: Heard::Yes,
        connection: Connection::Made(Figures {
            connect_ms: 412,
            round_trip_ms: 320,
            jitter_ms: 12,
            loss_up_permille: 4,
            loss_down_permille: 0,
            path: Path::Direct,
        }),
        kind: DeviceKind::Phone,
        browser: BrowserFamily::Chrome,
    }
}

/// Every golden value by the name of its file.
pub(super) fn all() -> Vec<(String, Value)> {
    let client = client::all()
        .into_iter()
        .map(|(name, frame)| (format!("client_{name}"), Value::Client(frame)));
    let server = server::all()
        .into_iter()
        .map(|(name, frame)| (format!("server_{name}"), Value::Server(frame)));
    let events = log::events()
        .into_iter()
        .chain(people::events())
        .chain(judged::events())
        .chain(epds::events())
        .chain(handed::events())
        .chain(after::events())
        .map(|(name, event)| (format!("event_{name}"), Value::Event(event)));
    client.chain(server).chain(events).collect()
}
