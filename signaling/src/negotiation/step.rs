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
    /// Who rang says what it offers before anybody has answered.
    OfferAhead,
    /// 「出る」: what was offered ahead may be answered.
    Accepted,
    /// Another way is to be looked for.
    RestartIce,
    /// The signalling connection was lost and is back while media flowed: what was sent meanwhile, either way, is lost.
    Resumed,
}

crate::redacted_debug!(
    Input:
    NegotiationNeeded, LocalSet, RemoteSet, OperationFailed, LocalCandidate, Description, RemoteCandidate, OfferAhead, Accepted,
    RestartIce, Resumed
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
    /// This connection will not come to work. Close it and open another in its place, with the same tracks in it; what the old
    /// one still reports is not said any more.
    Rebuild,
    /// Make sure soon that the signalling socket lives: ask the server for something, and open another if it is silent.
    AskServer,
}

crate::redacted_debug!(
    Action:
    SetLocal, ApplyRemote, AddCandidate, RestartIce, Send, Connected, Interrupted, Rebuild, AskServer
);

impl Action {
    /// The same, of this build of a pair, and with the wishes that go into what is applied.
    pub(super) fn in_pair(mut self, of: u32) -> Self {
        match &mut self {
            Self::Send(Signal::Description { build, .. }) => *build = of,
            Self::ApplyRemote { sdp, .. } => *sdp = super::opus::sparing(sdp),
            _ => {}
        }
        self
    }
}
