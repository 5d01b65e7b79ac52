//! What seats say to each other through the server without it being stored.

use crate::{call::MutedWhy, limits};
use serde::{Deserialize, Serialize};

/// Kind of a session description (JSEP, RFC 9429).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DescriptionKind {
    /// An offer.
    Offer,
    /// An answer.
    Answer,
}

/// A signal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Signal {
    /// A session description for the peer connection of this pair of seats.
    Description {
        /// Offer or answer.
        description: DescriptionKind,
        /// Number of the offer, counted up from 1 by the seat that offers, in this pair; an answer repeats it, so that it is
        /// never taken for the answer to another offer.
        offer: u32,
        /// The description.
        sdp: String,
        /// Which connection of this pair it is of: 0 at first, and one more each time a side gave it up for a new one.
        #[serde(default, skip_serializing_if = "is_first")]
        build: u32,
    },
    /// An ICE candidate (RFC 8839 `candidate:` line); an empty line is the end of candidates.
    Candidate {
        /// The line.
        candidate: String,
        /// Its m-line's identification.
        #[serde(default)]
        mid: Option<String>,
        /// Its m-line's number.
        #[serde(default)]
        m_line: Option<u16>,
    },
    /// The sender's microphone or camera went on or off.
    Muted {
        /// Microphone off.
        audio: bool,
        /// Camera off.
        video: bool,
        /// Why, where it is not the sender's own choice. `network` is about the picture alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<MutedWhy>,
    },
    /// The sender's page could show none of the receiver's pictures so far, although they should come: a whole one is asked for,
    /// where RTCP's own request (RFC 4585 §6.3.1) did not help.
    Unseen,
    /// The sender is writing.
    Typing,
}

crate::redacted_debug!(Signal: Description, Candidate, Muted, Unseen, Typing);

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes what it serialises by reference"
)]
fn is_first(build: &u32) -> bool {
    *build == 0
}

impl Signal {
    /// Whether every field is within its limit.
    #[must_use]
    pub fn fits(&self) -> bool {
        match self {
            Self::Description { sdp, .. } => sdp.len() <= limits::SDP_BYTES,
            Self::Candidate { candidate, mid, .. } => {
                candidate.len() <= limits::CANDIDATE_BYTES && mid.as_ref().is_none_or(|mid| mid.len() <= 64)
            }
            Self::Muted { .. } | Self::Unseen | Self::Typing => true,
        }
    }
}

/// Whether a tab can be seen. That it is gone altogether is the server's to notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presented {
    /// Visible.
    Visible,
    /// Another app, another tab, or a locked screen.
    Hidden,
}
