//! One pair of seats for as long as both are taken: its connection, and every connection after it.
//!
//! A [`Negotiation`] is one `RTCPeerConnection`; where that does not come to work any more a new one takes its place, the
//! *build* of the pair counts up, and neither the seats nor the other pairs notice. Descriptions carry their build: one of
//! an earlier build is dropped, one of a later build takes this side along. Promises: whoever gives a connection up makes
//! the first offer in the next; both may do so at once and still end in the same build (the polite one gives way, as ever);
//! attempts of both sides together stay within [`mending`](super::mending)'s measure, so that nobody can make this browser
//! open connections without end.
//!
//! The shell tells what happened and when, in milliseconds of any clock that does not run backwards, calls
//! [`Pair::tick`] a few times a second, and does what is answered, in order.

use super::{
    Action, Connection, Description, Input, Negotiation,
    mending::{Attempt, Mending},
    pulse::{Beat, Pulse},
};
use crate::{
    id::Seq,
    protocol::{DescriptionKind, Signal},
};

/// A standstill that people are told of, and the log: they hear it themselves by then, and a mended one is over sooner.
pub const STANDSTILL_SHOWN_MS: u64 = 2_000;

/// Stands for a seat that is not taken yet: later than any that is.
pub const UNSEATED: Seq = Seq::MAX;

/// A pair of seats, on one of its two sides.
#[derive(Clone, Debug)]
pub struct Pair {
    mine: Seq,
    theirs: Seq,
    build: u32,
    negotiation: Negotiation,
    connection: Connection,
    pulse: Pulse,
    mending: Mending,
    /// What the shell was told last.
    flows: bool,
}

impl Pair {
    /// The pair of my incarnation and theirs.
    #[must_use]
    pub fn new(mine: Seq, theirs: Seq, now_ms: u64) -> Self {
        let negotiation = Negotiation::new(mine, theirs);
        Self {
            mine,
            theirs,
            build: 0,
            connection: Connection::Connecting,
            pulse: Pulse::default(),
            mending: Mending::new(negotiation.is_polite(), now_ms),
            negotiation,
            flows: false,
        }
    }

    /// The pair of who rang, before the call is answered: the other seat will be later than any. Its offer goes ahead.
    #[must_use]
    pub fn offering_ahead(mine: Seq, now_ms: u64) -> Self {
        Self::new(mine, UNSEATED, now_ms)
    }

    /// The pair of who is rung and has not answered yet: what is offered ahead waits for [`Input::Accepted`].
    #[must_use]
    pub fn ringing(theirs: Seq, now_ms: u64) -> Self {
        let mut pair = Self::new(UNSEATED, theirs, now_ms);
        pair.negotiation = pair.negotiation.ringing();
        pair
    }

    /// Both seats are taken now. From here on a connection that does not come is mended.
    pub fn seated(&mut self, mine: Seq, theirs: Seq, now_ms: u64) {
        self.mine = mine;
        self.theirs = theirs;
        self.mending = Mending::new(self.is_polite(), now_ms);
    }

    /// Whether an offer of this side stands to which nothing was ever said.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.negotiation.goes_ahead()
    }

    /// Whether the other side's offer is here, so that none is to be made.
    #[must_use]
    pub fn has_offer(&self) -> bool {
        self.negotiation.has_offer()
    }

    /// Whether this side gives way when both offer.
    #[must_use]
    pub fn is_polite(&self) -> bool {
        self.negotiation.is_polite()
    }

    /// How many connections were given up before this one.
    #[must_use]
    pub fn build(&self) -> u32 {
        self.build
    }

    /// The connection of the present build, or its other side, did something.
    pub fn happened(&mut self, input: Input, now_ms: u64) -> Vec<Action> {
        let broke = input == Input::OperationFailed;
        let mut actions = self.negotiate(input);
        if broke {
            self.mending.broken(now_ms);
            self.mend(now_ms, &mut actions);
        }
        actions
    }

    /// A signal of the other seat. Those that are not about the connection are passed over.
    pub fn heard(&mut self, signal: Signal, now_ms: u64) -> Vec<Action> {
        let mut actions = Vec::new();
        match signal {
            Signal::Description {
                description: kind,
                offer,
                sdp,
                build,
            } => {
                if build > self.build && !self.follow(build, now_ms, &mut actions) || build < self.build {
                    return actions;
                }
                self.mending.heard();
                let restarts = kind == DescriptionKind::Offer && self.negotiation.is_restarted_by(&sdp);
                let taken = self.negotiate(Input::Description(Description { kind, offer, sdp }));
                let applied = |action: &Action| matches!(action, Action::ApplyRemote { .. });
                if restarts && taken.iter().any(applied) {
                    self.mending.begun_by_other(now_ms, Attempt::Restart);
                }
                actions.extend(taken);
            }
            Signal::Candidate {
                candidate: line,
                mid,
                m_line,
            } => {
                self.mending.heard();
                let candidate = super::Candidate { line, mid, m_line };
                actions.extend(self.negotiate(Input::RemoteCandidate(candidate)));
            }
            Signal::Muted { .. } | Signal::Unseen | Signal::Typing => {}
        }
        actions
    }

    /// The browser's connection is in another state.
    pub fn connection(&mut self, connection: Connection, now_ms: u64) -> Vec<Action> {
        let mut actions = Vec::new();
        self.connection = connection;
        match connection {
            Connection::Connected => {
                self.pulse.moved();
                self.mending.well(now_ms);
                self.tell(true, &mut actions);
            }
            // An ICE restart of a living connection passes through `connecting` while media flow on the old way.
            Connection::Connecting => {}
            Connection::Disconnected => {
                self.mending.trouble(now_ms);
                self.tell(false, &mut actions);
            }
            Connection::Failed => {
                self.mending.failed(now_ms);
                self.tell(false, &mut actions);
            }
        }
        self.mend(now_ms, &mut actions);
        actions
    }

    /// A look at the counter of what came in; see [`Pulse`].
    pub fn looked(&mut self, packets: u64, sparse: bool, now_ms: u64) -> Vec<Action> {
        let mut actions = Vec::new();
        match self.pulse.look(now_ms, packets, sparse) {
            Beat::Flows if self.connection == Connection::Connected => {
                self.mending.well(now_ms);
                self.tell(true, &mut actions);
            }
            // A way that is restarted while it carries.
            Beat::Flows if self.connection == Connection::Connecting && self.flows => self.mending.well(now_ms),
            Beat::Stands { silent_ms } if self.flows => {
                self.mending.trouble(now_ms);
                if silent_ms >= STANDSTILL_SHOWN_MS {
                    self.tell(false, &mut actions);
                }
            }
            // What took the packets may have taken the socket, too, and without it nothing can be mended.
            Beat::Falters if self.flows => actions.push(Action::AskServer),
            Beat::Flows | Beat::Waits | Beat::Falters | Beat::Stands { .. } => {}
        }
        self.mend(now_ms, &mut actions);
        actions
    }

    /// The browser says that this machine is in another network.
    pub fn network_changed(&mut self, now_ms: u64) -> Vec<Action> {
        let mut actions = Vec::new();
        self.mending.network_changed(now_ms);
        self.mend(now_ms, &mut actions);
        actions
    }

    /// The signalling socket is gone: what is under way is lost.
    pub fn socket_lost(&mut self) {
        self.mending.socket_lost();
    }

    /// The signalling socket is back.
    pub fn socket_resumed(&mut self, now_ms: u64) -> Vec<Action> {
        self.mending.socket_resumed(now_ms);
        let mut actions = Vec::new();
        self.mend(now_ms, &mut actions);
        // A restart says more than a repetition; and where none is due yet the old way may be found to carry before it is.
        if actions.is_empty() {
            actions = self.negotiate(Input::Resumed);
        }
        actions
    }

    /// Time has passed.
    pub fn tick(&mut self, now_ms: u64) -> Vec<Action> {
        let mut actions = Vec::new();
        self.mend(now_ms, &mut actions);
        actions
    }

    fn tell(&mut self, flows: bool, actions: &mut Vec<Action>) {
        if std::mem::replace(&mut self.flows, flows) != flows {
            actions.push(if flows { Action::Connected } else { Action::Interrupted });
        }
    }

    /// Who rang says once more what it offers: a page of the family has come that may not have heard it.
    pub fn say_again(&mut self) -> Vec<Action> {
        self.negotiate(Input::Resumed)
    }

    fn mend(&mut self, now_ms: u64, actions: &mut Vec<Action>) {
        // While it rings there is nothing to be mended.
        if self.mine == UNSEATED || self.theirs == UNSEATED {
            return;
        }
        match self.mending.tick(now_ms) {
            None => {}
            Some(Attempt::Restart) => actions.extend(self.negotiate(Input::RestartIce)),
            Some(Attempt::Rebuild) => {
                self.renew(self.build.saturating_add(1), actions);
                // An offer of a fresh connection; that it also restarts ICE changes nothing there.
                actions.extend(self.negotiate(Input::RestartIce));
            }
        }
    }

    /// The other side is at a later build. Answers whether this one follows.
    fn follow(&mut self, build: u32, now_ms: u64, actions: &mut Vec<Action>) -> bool {
        if !self.mending.may_attempt(now_ms) {
            return false;
        }
        self.renew(build, actions);
        self.mending.followed(now_ms);
        true
    }

    fn renew(&mut self, build: u32, actions: &mut Vec<Action>) {
        self.build = build;
        self.negotiation = Negotiation::new(self.mine, self.theirs);
        self.connection = Connection::Connecting;
        self.pulse.begin_anew();
        self.tell(false, actions);
        actions.push(Action::Rebuild);
    }

    fn negotiate(&mut self, input: Input) -> Vec<Action> {
        let build = self.build;
        let actions = self.negotiation.handle(input).into_iter();
        actions.map(|action| action.in_pair(build)).collect()
    }
}

#[cfg(test)]
impl Pair {
    pub(super) fn is_settled(&self) -> bool {
        self.negotiation.is_stable()
    }
}

#[cfg(test)]
mod tests;
