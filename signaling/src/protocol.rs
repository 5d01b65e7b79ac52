//! The live protocol between a browser tab and the server: JSON text frames over one WebSocket, tagged with `t`.
//!
//! Three kinds of message, never mixed. *Events* are stored and resumed by cursor. *Drafts* are one row each, last write
//! wins by revision. *Signals* (SDP, candidates, typing, presence) are never stored and are made again after a reconnect.
//! PROTOCOL.md describes every frame for people who write a client in another language; the golden files under
//! `signaling/golden/` are its examples and are checked against these types.
//!
//! Not here: who the sender is. The server knows that from the credential of the upgrade request.

mod client;
mod hiding;
pub mod pause;
mod server;
mod signal;

pub use client::{ClientFrame, FrameFault, QueueCommand, Watch};
pub use hiding::hidden;
pub use server::{ErrorCode, Head, IceServer, QueueView, ServerFrame, Side};
pub use signal::{DescriptionKind, Presented, Signal};

use crate::id::Seq;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The protocol's version. A server answers an unknown one with [`ErrorCode::Version`] and closes.
pub const VERSION: u16 = 1;

/// Where a client stands in a consultation's log. Opaque to clients: they send back what they were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor(pub Seq);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "e{}", self.0)
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix('e')
            .and_then(|seq| seq.parse().ok())
            .map(Self)
            .ok_or(InvalidCursor)
    }
}

impl TryFrom<String> for Cursor {
    type Error = InvalidCursor;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// The text was never given out as a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this server")]
pub struct InvalidCursor;

#[cfg(test)]
mod tests;
