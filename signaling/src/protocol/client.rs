//! What a tab sends.

use super::{Cursor, Presented, Signal};
use crate::{
    consultation::Command,
    id::{CommandId, ConsultationId, Seq},
    limits,
};
use serde::{Deserialize, Serialize};

/// A consultation to follow from where the tab stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// Which.
    pub consultation: ConsultationId,
    /// The last cursor received; nothing to begin at the beginning.
    #[serde(default)]
    pub cursor: Option<Cursor>,
}

/// A frame from a tab.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// The first frame of every socket.
    Hello {
        /// [`super::VERSION`].
        version: u16,
        /// Consultations to follow.
        #[serde(default)]
        watch: Vec<Watch>,
        /// Staff: also follow the queue of the municipality.
        #[serde(default)]
        queue: bool,
    },
    /// Follow one more consultation, or again from a cursor.
    Watch(Watch),
    /// Stop following.
    Unwatch {
        /// Which.
        consultation: ConsultationId,
    },
    /// Ask for something that changes the log. Answered once by `ack` or `refused`.
    Command {
        /// Made by the client; the same id takes effect once however often it is sent.
        id: CommandId,
        /// In which consultation.
        consultation: ConsultationId,
        /// What.
        command: Command,
    },
    /// Staff: ask for something of the queue as a whole. Answered like a command.
    QueueCommand {
        /// As for `command`.
        id: CommandId,
        /// What.
        command: QueueCommand,
    },
    /// Staff who follow the queue: send it anew, whole.
    Queue,
    /// Pass something to other seats; never stored, dropped when stale.
    Signal {
        /// In which consultation.
        consultation: ConsultationId,
        /// The sender's incarnation, 0 for signals outside a call.
        #[serde(default)]
        from: Seq,
        /// The receiver's incarnation, 0 for everybody else who watches.
        #[serde(default)]
        to: Seq,
        /// What.
        signal: Signal,
    },
    /// Whether the tab can be seen.
    Present {
        /// In which consultation.
        consultation: ConsultationId,
        /// How.
        state: Presented,
    },
    /// Staff who follow the queue: whether the clinician is on duty, and what the browser lets the page do. Sent when it
    /// changes; a page that never says so counts as not on duty.
    Hearing {
        /// 「対応中」.
        on_duty: bool,
        /// It can sound.
        sound: bool,
        /// It can show notifications.
        notifications: bool,
    },
    /// Store a half-written text. Last write wins by revision.
    Draft {
        /// In which consultation.
        consultation: ConsultationId,
        /// `note` or `message`.
        field: String,
        /// Counts up with every change in this tab; a lower one than the stored is ignored.
        revision: u64,
        /// The draft.
        body: serde_json::Value,
    },
    /// Answer to the server's `beat`.
    Beat,
}

crate::redacted_debug!(ClientFrame: Hello, Watch, Unwatch, Command, QueueCommand, Queue, Signal, Present, Hearing, Draft, Beat);

/// What a clinician asks of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum QueueCommand {
    /// 「次の方」: take the first family that is present, or the first at all.
    Next,
}

impl ClientFrame {
    /// Reads a frame.
    ///
    /// # Errors
    /// Too large, not JSON, an unknown tag or field, a field over its limit.
    pub fn from_text(text: &str) -> Result<Self, FrameFault> {
        if text.len() > limits::FRAME_BYTES {
            return Err(FrameFault::TooLarge);
        }
        match serde_json::from_str::<Self>(text) {
            Ok(frame) => frame.checked(),
            Err(_) => Err(fault_of(text)),
        }
    }

    fn checked(self) -> Result<Self, FrameFault> {
        let fits = match &self {
            Self::Hello { watch, .. } => watch.len() <= limits::WATCHED_PER_SOCKET,
            Self::Signal { signal, .. } => signal.fits(),
            Self::Draft { body, field, .. } => {
                matches!(field.as_str(), "note" | "message" | "addition" | "survey")
                    && body.to_string().len() <= limits::DRAFT_BYTES
            }
            _ => true,
        };
        if fits { Ok(self) } else { Err(FrameFault::TooLarge) }
    }
}

/// A `hello` of another version may hold what this one cannot read, and is still told which of the two it is.
fn fault_of(text: &str) -> FrameFault {
    #[derive(Deserialize)]
    struct Greeting<'a> {
        t: &'a str,
        version: u64,
    }
    match serde_json::from_str::<Greeting<'_>>(text) {
        Ok(greeting) if greeting.t == "hello" && greeting.version != u64::from(super::VERSION) => FrameFault::Version,
        _ => FrameFault::Unreadable,
    }
}

/// Why a frame is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameFault {
    /// A frame or a field over its limit.
    #[error("the frame is larger than allowed")]
    TooLarge,
    /// A greeting in another version of the protocol.
    #[error("the version is not spoken here")]
    Version,
    /// Not a frame of this protocol.
    #[error("the frame cannot be read")]
    Unreadable,
}
