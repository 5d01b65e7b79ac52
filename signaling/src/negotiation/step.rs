//! What goes into a negotiation and what comes out of it.

use super::Candidate;
use crate::protocol::{DescriptionKind, Signal};

/// A session description of this pair.
#[derive(Clone, PartialEq, Eq)]
pub struct Description {
    /// Offer or answer.
    pub kind: DescriptionKind,
    /// Number of the offer, counted by whoever offers; an answer repeats it.
    pub offer: u32,
    /// The description.
    pub sdp: String,
}

crate::redacted_debug!(Description { kind, offer });

impl Description {
    /// As it travels.
    #[must_use]
    pub fn signal(self) -> Signal {
        Signal::Description {
            description: self.kind,
            offer: self.offer,
            sdp: self.sdp,
            build: 0,
        }
    }
}

/// `RTCPeerConnectionState`, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// `new` or `connecting`.
    Connecting,
    /// `connected`.
    Connected,
    /// `disconnected`: no packets for some seconds; may mend itself.
    Disconnected,
    /// `failed`: does not mend itself.
    Failed,
}

/// What happened.
#[derive(Clone, PartialEq, Eq)]
pub enum Input {
    /// `negotiationneeded` was fired.
    NegotiationNeeded,
    /// The local description that was asked for is set.
    LocalSet {
        /// It.
        sdp: String,
    },
    /// The remote description is applied.
    RemoteSet,
    /// The browser refused a description.
    OperationFailed,
    /// The browser found a local candidate.
    LocalCandidate(Candidate),
    /// The other side sent a description.
    Description(Description),
    /// The other side sent a candidate.
    RemoteCandidate(Candidate),
    /// Somebody wants the path to be looked for anew (another network, say).
    RestartIce,
    /// The signalling connection was lost and is back: what was sent meanwhile, either way, is lost.
    Resumed,
    /// Not connected for [`super::OVERDUE_SECONDS`] since the last time this was said.
    Overdue,
    /// The connection's state changed.
    Connection(Connection),
}

crate::redacted_debug!(
    Input:
    NegotiationNeeded, LocalSet, RemoteSet, OperationFailed, LocalCandidate, Description, RemoteCandidate,
    RestartIce, Resumed, Overdue, Connection
);

/// What the shell does about it.
#[derive(Clone, PartialEq, Eq)]
pub enum Action {
    /// `setLocalDescription()` without argument; then [`Input::LocalSet`] or [`Input::OperationFailed`].
    SetLocal,
    /// `setRemoteDescription`, with implicit rollback; then [`Input::RemoteSet`] or [`Input::OperationFailed`].
    ApplyRemote {
        /// Offer or answer.
        kind: DescriptionKind,
        /// The description.
        sdp: String,
    },
    /// `addIceCandidate`. A failure of it is no failure: another candidate may do.
    AddCandidate(Candidate),
    /// `restartIce()`.
    RestartIce,
    /// Send to the other seat.
    Send(Signal),
    /// Media can flow, for the first time or again.
    Connected,
    /// Media stand still.
    Interrupted,
    /// This connection will not come to work. Take the seat anew (`join`): a new incarnation, a new connection.
    Rejoin,
}

crate::redacted_debug!(Action: SetLocal, ApplyRemote, AddCandidate, RestartIce, Send, Connected, Interrupted, Rejoin);
