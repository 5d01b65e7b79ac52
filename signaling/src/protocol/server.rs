//! What the server sends.

use super::{Cursor, Signal};
use crate::{
    consultation::{Refusal, WireEvent},
    id::{CommandId, ConsultationId, Seq},
    queue::{Position, Presence, QueueRow},
    time::At,
    triage::Acuity,
};
use serde::{Deserialize, Serialize};

/// Where a consultation's log ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Which.
    pub consultation: ConsultationId,
    /// Its last cursor. A tab that stands elsewhere sends `watch` with its own.
    pub cursor: Cursor,
}

/// An ICE server as `RTCConfiguration` takes it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceServer {
    /// `stun:` and `turn:` addresses.
    pub urls: Vec<String>,
    /// For TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// For TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

crate::redacted_debug!(IceServer { urls });

/// The queue of a municipality as a desk sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueView {
    /// Waiting and claimed rows, waiting ones first by rank; at most [`crate::limits::QUEUE_WINDOW`] that wait.
    pub rows: Vec<QueueRow>,
    /// How many wait in each class, also beyond the window.
    pub waiting: Vec<(Acuity, u32)>,
    /// The number of the last frame that this view holds; see [`ServerFrame::Row`].
    pub number: u64,
}

/// Why a socket or a frame is not accepted. Stable codes; the text beside it is safe to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// `hello` named a version that this server does not speak. The socket closes.
    Version,
    /// The first frame was not `hello`. The socket closes.
    HelloFirst,
    /// The frame is no frame of this protocol.
    Unreadable,
    /// The frame or a field is over its limit.
    TooLarge,
    /// Frames come too fast. The socket closes when it goes on.
    TooFast,
    /// Too many consultations watched.
    TooManyWatched,
    /// There is no such consultation for this viewer.
    NotFound,
    /// The role may not follow the queue.
    NotAllowed,
    /// The server could not do it now; try again.
    Unavailable,
    /// The credential is missing or over, or its role may see no case. The socket closes, and so would the next one.
    SignedOut,
}

/// A frame from the server.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame {
    /// Answer to `hello`.
    Welcome {
        /// [`super::VERSION`].
        version: u16,
        /// The server's clock, for showing waits.
        now: At,
        /// Since when this server runs: a tab that was let in before was cut off by a restart of ours, not by its network.
        #[serde(default)]
        started_at: Option<At>,
        /// For calls.
        ice_servers: Vec<IceServer>,
        /// `relay` where addresses are hidden, `all` otherwise (`RTCIceTransportPolicy`).
        ice_policy: String,
    },
    /// What a consultation's log holds after the tab's cursor, as far as it is for this viewer. May come in pieces; the
    /// piece with `end` is the last. Also sent for every new event.
    Events {
        /// Which.
        consultation: ConsultationId,
        /// The events, in order.
        events: Vec<WireEvent>,
        /// Where the tab stands after them.
        cursor: Cursor,
        /// Whether the tab is now up to date.
        end: bool,
    },
    /// The whole queue: on connecting and whenever rows could not be sent singly.
    Queue(QueueView),
    /// A row is new or changed.
    Row {
        /// The row.
        row: Box<QueueRow>,
        /// Counts of those who wait.
        waiting: Vec<(Acuity, u32)>,
        /// Counts the frames of this queue, without gaps: a desk that sees a gap has lost one.
        number: u64,
    },
    /// A row is gone.
    Gone {
        /// Which.
        consultation: ConsultationId,
        /// Its last event; an older row than this is stale.
        seq: Seq,
        /// Counts of those who wait.
        waiting: Vec<(Acuity, u32)>,
        /// Counts the frames of this queue, without gaps: a desk that sees a gap has lost one.
        number: u64,
    },
    /// The family's place, when the text shown changes, at most once a second.
    Position {
        /// Which.
        consultation: ConsultationId,
        /// The place.
        position: Position,
    },
    /// The command took effect (now or when it was first sent).
    Ack {
        /// Which command.
        id: CommandId,
        /// In which consultation (for `next`: the one that was taken).
        consultation: ConsultationId,
        /// The last event of the command; a tab at this cursor or later has seen its effect.
        seq: Seq,
    },
    /// The command did not take effect and will not.
    Refused {
        /// Which command.
        id: CommandId,
        /// Stable code with its details.
        refusal: Refusal,
        /// Safe to show.
        text: String,
    },
    /// A signal from another seat.
    Signal {
        /// In which consultation.
        consultation: ConsultationId,
        /// The sender's incarnation.
        from: Seq,
        /// The receiver's incarnation; 0 for everybody.
        to: Seq,
        /// What.
        signal: Signal,
    },
    /// Whether the other side's page is there.
    Presence {
        /// In which consultation.
        consultation: ConsultationId,
        /// `guardian` or `staff`.
        side: Side,
        /// How.
        presence: Presence,
    },
    /// A stored draft, on watching.
    Draft {
        /// In which consultation.
        consultation: ConsultationId,
        /// `note` or `message`.
        field: String,
        /// Its revision.
        revision: u64,
        /// The draft.
        body: serde_json::Value,
        /// Of a record: the colleague who had the consultation before began it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        inherited: bool,
    },
    /// A draft was stored.
    DraftSaved {
        /// In which consultation.
        consultation: ConsultationId,
        /// `note` or `message`.
        field: String,
        /// Up to which revision.
        revision: u64,
        /// When.
        at: At,
    },
    /// Heartbeat with the heads of all watched logs: a tab that stands elsewhere asks for the rest.
    Beat {
        /// The server's clock.
        now: At,
        /// Heads.
        heads: Vec<Head>,
        /// To whoever follows the queue: the number of its last frame. A desk that stands before it asks anew.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queue: Option<u64>,
    },
    /// Something is wrong with a frame or the socket.
    Error {
        /// Stable code.
        code: ErrorCode,
        /// Safe to show.
        text: String,
        /// In which consultation, if it is about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        consultation: Option<ConsultationId>,
        /// Which command, if it is about one: it had no effect that anybody was told of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<CommandId>,
    },
}

crate::redacted_debug!(
    ServerFrame:
    Welcome, Events, Queue, Row, Gone, Position, Ack, Refused, Signal, Presence, Draft, DraftSaved, Beat,
    Error
);

impl ServerFrame {
    /// Reads a frame as a client has to: of a newer server, events and rows that it does not know are passed over, a
    /// refusal that it does not know is still a refusal, and a reason for being muted that it does not know is none. Nothing where the frame as a whole is unknown.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().or_else(|| of_newer_server(text))
    }
}

fn of_newer_server(text: &str) -> Option<ServerFrame> {
    let mut frame: serde_json::Value = serde_json::from_str(text).ok()?;
    match frame.get("t")?.as_str()? {
        "events" => keep_known::<WireEvent>(frame.get_mut("events")?),
        "queue" => keep_known::<QueueRow>(frame.get_mut("rows")?),
        "signal" => drop(frame.get_mut("signal")?.as_object_mut()?.remove("why")?),
        "refused" => *frame.get_mut("refusal")? = serde_json::to_value(Refusal::NotAllowed).ok()?,
        _ => return None,
    }
    serde_json::from_value(frame).ok()
}

fn keep_known<T: serde::de::DeserializeOwned>(list: &mut serde_json::Value) {
    if let Some(items) = list.as_array_mut() {
        items.retain(|item| T::deserialize(item).is_ok());
    }
}

/// A side of a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The family.
    Guardian,
    /// The desk.
    Staff,
    /// Who was invited to a call. Named by the server only: nobody is told of their presence.
    Guest,
}
