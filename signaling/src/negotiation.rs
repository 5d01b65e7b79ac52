//! Negotiation between two seats of a call: perfect negotiation (W3C webrtc-pc §10.7, JSEP RFC 9429) as a pure machine.
//!
//! One [`Negotiation`] is one `RTCPeerConnection`. The shell tells it what happened ([`Input`]) and does what it answers
//! ([`Action`]), in order, one description at a time. Promises: both sides may offer at any moment, also at the same one,
//! and end in the same stable session (the later seat is *polite*: it rolls its own offer back); candidates may arrive
//! before their description; a signal that was lost with a socket is made up for when the socket is back, or by the next
//! attempt of [`mending`], so that neither side waits for ever.
//!
//! Beyond the textbook: descriptions carry the number of their offer, so that an answer is never taken for the answer to
//! another offer, and the later seat makes the first offer, so that an ordinary call begins without a collision. Who rings may
//! make it *ahead*, before the other seat is taken: it is applied while it rings, and answered when the call is.
//!
//! Around it stands the [`Pair`] of two seats, which is what a shell drives: it notices that packets stand still
//! ([`pulse`]), decides when another way is looked for ([`mending`]), and replaces a connection that does not come to work.
//!
//! Not here: which seats there are and whose signals are stale (see [`Seating`]), media, browser objects, timers.

mod candidates;
mod dtls;
pub mod mending;
mod opus;
mod pair;
pub mod pulse;
mod seating;
mod step;

use crate::{id::Seq, protocol::DescriptionKind};
pub use candidates::Candidate;
use candidates::Candidates;
pub use pair::{Pair, STANDSTILL_SHOWN_MS, UNSEATED};
pub use seating::{Arrived, Seating};
use std::collections::VecDeque;
pub use step::{Action, Connection, Description, Input};

/// Descriptions that wait while one is being worked on. The other side has one offer outstanding at most, so more than a
/// few are a mistake or an attack.
const WAITING_DESCRIPTIONS: usize = 4;

/// What the pair is doing. In the second line of each: what the machine waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing outstanding.
    Stable,
    /// `SetLocal` for this offer; [`Input::LocalSet`].
    MakingOffer { offer: u32, restart: bool },
    /// The offer is sent; its answer.
    HaveOffer { offer: u32, restart: bool },
    /// `ApplyRemote` of this offer; [`Input::RemoteSet`].
    ApplyingOffer { offer: u32 },
    /// An offer that was sent ahead is applied; [`Input::Accepted`].
    AnswerHeld { offer: u32 },
    /// `SetLocal` for the answer; [`Input::LocalSet`].
    MakingAnswer { offer: u32 },
    /// `ApplyRemote` of the answer; [`Input::RemoteSet`].
    ApplyingAnswer,
    /// The browser refused a description; nothing more.
    Broken,
}

/// An offer that is to be made as soon as nothing is outstanding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
    Nothing,
    Offer,
    Restart,
}

/// The negotiation of one pair of seats, on one of its two sides.
#[derive(Clone, Debug)]
pub struct Negotiation {
    polite: bool,
    phase: Phase,
    wanted: Wanted,
    offers_made: u32,
    /// The newest offer of the other side that was taken up.
    newest_theirs: u32,
    last_sent: Option<Description>,
    last_answer: Option<Description>,
    waiting: VecDeque<Description>,
    candidates: Candidates,
    roles: dtls::Roles,
    /// The socket came back while an answer was being applied: what the other side has sent meanwhile may be lost.
    says_again: bool,
    /// Nobody has answered the call here: nor is an offer.
    rings: bool,
    /// Candidates of the offer that went ahead: whoever was not there yet has heard none of them.
    ahead: Vec<Candidate>,
}

impl Negotiation {
    /// The negotiation between my incarnation and theirs. The later one is polite.
    #[must_use]
    pub fn new(mine: Seq, theirs: Seq) -> Self {
        Self {
            polite: mine > theirs,
            phase: Phase::Stable,
            wanted: Wanted::Nothing,
            offers_made: 0,
            newest_theirs: 0,
            last_sent: None,
            last_answer: None,
            waiting: VecDeque::new(),
            candidates: Candidates::default(),
            roles: dtls::Roles::default(),
            says_again: false,
            rings: false,
            ahead: Vec::new(),
        }
    }

    /// The same while it rings here: what is offered is applied, and answered from [`Input::Accepted`] on.
    #[must_use]
    pub fn ringing(mut self) -> Self {
        self.rings = true;
        self
    }

    /// Whether the other side's offer is here, so that none is to be made.
    #[must_use]
    pub fn has_offer(&self) -> bool {
        self.newest_theirs > 0
    }

    /// Whether this side gives way when both offer.
    #[must_use]
    pub fn is_polite(&self) -> bool {
        self.polite
    }

    /// Whether nothing is outstanding on this side.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.phase == Phase::Stable && self.wanted == Wanted::Nothing && self.waiting.is_empty()
    }

    /// Whether a description of the other side restarts ICE.
    fn is_restarted_by(&self, sdp: &str) -> bool {
        self.candidates.are_known() && self.candidates.would_restart(sdp)
    }

    /// Whether this side has not offered yet and leaves the first offer to the other.
    #[must_use]
    fn leaves_first_offer(&self) -> bool {
        !self.polite && self.offers_made == 0 && self.newest_theirs == 0
    }

    /// Takes in what happened; answers what to do, in this order.
    #[must_use]
    pub fn handle(&mut self, input: Input) -> Vec<Action> {
        if self.phase == Phase::Broken {
            return Vec::new();
        }
        let mut actions = Vec::new();
        let out = &mut actions;
        match input {
            Input::NegotiationNeeded => {
                self.wanted = self.wanted.max(Wanted::Offer);
                if !self.leaves_first_offer() {
                    self.go_on(out);
                }
            }
            Input::OfferAhead => {
                if self.phase == Phase::Stable && self.offers_made == 0 && !self.has_offer() {
                    self.offer(false, out);
                }
            }
            Input::Accepted => {
                self.rings = false;
                if let Phase::AnswerHeld { offer } = self.phase {
                    self.answer(offer, out);
                }
            }
            Input::RestartIce => self.restart(out),
            Input::LocalSet { sdp } => self.local_set(sdp, out),
            Input::RemoteSet => self.remote_set(out),
            // Whoever drives this builds another.
            Input::OperationFailed => self.phase = Phase::Broken,
            Input::LocalCandidate(candidate) => {
                let unsent = matches!(self.phase, Phase::MakingOffer { .. } | Phase::MakingAnswer { .. });
                if self.goes_ahead() && self.ahead.len() < candidates::HELD {
                    self.ahead.push(candidate.clone());
                }
                out.extend(self.candidates.found(candidate, unsent).map(Candidate::send));
            }
            Input::RemoteCandidate(candidate) => {
                out.extend(self.candidates.arrived(candidate).map(Action::AddCandidate));
            }
            Input::Description(description) => self.described(description, out),
            Input::Resumed => {
                self.says_again = self.phase == Phase::ApplyingAnswer;
                out.extend(self.say_again());
            }
        }
        actions
    }

    fn offer(&mut self, restart: bool, out: &mut Vec<Action>) {
        self.wanted = Wanted::Nothing;
        self.ahead.clear();
        self.offers_made += 1;
        self.phase = Phase::MakingOffer {
            offer: self.offers_made,
            restart,
        };
        if restart {
            out.push(Action::RestartIce);
        }
        out.push(Action::SetLocal);
    }

    /// Whether an offer stands to which nothing was ever answered: perhaps nobody was there to hear it.
    fn goes_ahead(&self) -> bool {
        let offers = matches!(self.phase, Phase::MakingOffer { .. } | Phase::HaveOffer { .. });
        offers && !self.polite && !self.candidates.are_known()
    }

    fn answer(&mut self, offer: u32, out: &mut Vec<Action>) {
        self.phase = Phase::MakingAnswer { offer };
        out.push(Action::SetLocal);
    }

    /// A fresh offer also replaces one that is unanswered: either of the two may be what was lost.
    fn restart(&mut self, out: &mut Vec<Action>) {
        match self.phase {
            Phase::Stable | Phase::HaveOffer { .. } => self.offer(true, out),
            _ => self.wanted = Wanted::Restart,
        }
    }

    /// Nothing is being worked on: take up what waits.
    fn go_on(&mut self, out: &mut Vec<Action>) {
        while matches!(
            self.phase,
            Phase::Stable | Phase::HaveOffer { .. } | Phase::AnswerHeld { .. }
        ) {
            match self.waiting.pop_front() {
                Some(description) => self.described(description, out),
                None => break,
            }
        }
        match (self.phase, self.wanted) {
            (Phase::Stable, Wanted::Offer) => self.offer(false, out),
            (Phase::Stable | Phase::HaveOffer { .. }, Wanted::Restart) => self.offer(true, out),
            _ => {}
        }
    }

    fn local_set(&mut self, sdp: String, out: &mut Vec<Action>) {
        let (kind, offer) = match self.phase {
            Phase::MakingOffer { offer, restart } => {
                self.phase = Phase::HaveOffer { offer, restart };
                // A polite side that already has the other's offer would only roll this one back.
                let newest = self.newest_theirs;
                let theirs = |waiting: &Description| waiting.kind == DescriptionKind::Offer && waiting.offer > newest;
                if self.polite && self.waiting.iter().any(theirs) {
                    self.candidates.forget_unsent();
                    return self.go_on(out);
                }
                (DescriptionKind::Offer, offer)
            }
            Phase::MakingAnswer { offer } => {
                self.phase = Phase::Stable;
                (DescriptionKind::Answer, offer)
            }
            _ => return,
        };
        let description = Description { kind, offer, sdp };
        if kind == DescriptionKind::Answer {
            self.roles.answered_by_us(&description.sdp);
            self.last_answer = Some(description.clone());
        }
        self.last_sent = Some(description.clone());
        out.push(Action::Send(description.signal()));
        out.extend(self.candidates.take_unsent().map(Candidate::send));
        self.go_on(out);
    }

    fn remote_set(&mut self, out: &mut Vec<Action>) {
        match self.phase {
            Phase::ApplyingOffer { offer } => {
                out.extend(self.candidates.take_ready().map(Action::AddCandidate));
                if self.rings {
                    self.phase = Phase::AnswerHeld { offer };
                    self.go_on(out);
                } else {
                    self.answer(offer, out);
                }
            }
            Phase::ApplyingAnswer => {
                self.phase = Phase::Stable;
                out.extend(self.candidates.take_ready().map(Action::AddCandidate));
                self.go_on(out);
                if std::mem::take(&mut self.says_again) {
                    out.extend(self.say_again());
                }
            }
            _ => {}
        }
    }

    fn described(&mut self, description: Description, out: &mut Vec<Action>) {
        match (description.kind, self.phase) {
            // What is being made is sent after this, so an impolite side need not say it again.
            (DescriptionKind::Offer, Phase::MakingOffer { .. }) if !self.polite => {}
            // In `AnswerHeld` a later offer takes the place of the one that is applied (RFC 9429 §5.7), and no answer is due.
            (_, Phase::Stable | Phase::HaveOffer { .. } | Phase::AnswerHeld { .. }) => match description.kind {
                DescriptionKind::Offer => self.offered(description, out),
                DescriptionKind::Answer => self.answered(description, out),
            },
            _ => {
                if self.waiting.len() == WAITING_DESCRIPTIONS {
                    self.waiting.pop_front();
                }
                self.waiting.push_back(description);
            }
        }
    }

    fn offered(&mut self, description: Description, out: &mut Vec<Action>) {
        if description.offer < self.newest_theirs {
            return;
        }
        let again = description.offer == self.newest_theirs;
        match self.phase {
            // Both offered. The impolite side goes on waiting; the other may never have got its offer.
            Phase::HaveOffer { .. } if !self.polite => return out.extend(self.say_again()),
            // They may not have got the answer, and passed over what was said since.
            _ if again => {
                let answer = self
                    .last_answer
                    .clone()
                    .filter(|answer| answer.offer == description.offer);
                out.extend(answer.map(|answer| Action::Send(answer.signal())));
                if matches!(self.phase, Phase::HaveOffer { .. }) {
                    out.extend(self.say_again());
                }
                return;
            }
            // Rolled back. The browser asks again for what the offer was for, except for a restart; theirs may be one.
            Phase::HaveOffer { restart: true, .. } if !self.candidates.would_restart(&description.sdp) => {
                self.wanted = Wanted::Restart;
            }
            // The first offer, left to the other side, is here: the browser asks again for what it does not carry.
            _ if self.wanted == Wanted::Offer => self.wanted = Wanted::Nothing,
            _ => {}
        }
        self.newest_theirs = description.offer;
        self.candidates.described_by(&description.sdp);
        self.phase = Phase::ApplyingOffer {
            offer: description.offer,
        };
        out.push(Action::ApplyRemote {
            kind: DescriptionKind::Offer,
            sdp: self.roles.named_in(description.sdp),
        });
    }

    fn answered(&mut self, description: Description, out: &mut Vec<Action>) {
        // Also one to an offer that another has replaced: the other side has its role from then on.
        self.roles.answered_by_them(&description.sdp);
        match self.phase {
            Phase::HaveOffer { offer, .. } if offer == description.offer => {
                self.candidates.described_by(&description.sdp);
                self.phase = Phase::ApplyingAnswer;
                out.push(Action::ApplyRemote {
                    kind: DescriptionKind::Answer,
                    sdp: description.sdp,
                });
            }
            // They repeat an older answer after a lost connection: they may not know the offer that stands.
            Phase::HaveOffer { .. } => out.extend(self.say_again()),
            _ => {}
        }
    }

    /// The last description once more, and what went ahead with it. Harmless where it had arrived: its number tells.
    fn say_again(&self) -> Vec<Action> {
        let current = match (&self.last_sent, self.phase) {
            (Some(last), Phase::HaveOffer { offer, .. }) => last.kind == DescriptionKind::Offer && last.offer == offer,
            (Some(_), Phase::Stable) => true,
            _ => false,
        };
        let Some(last) = self.last_sent.clone().filter(|_| current) else {
            return Vec::new();
        };
        let ahead = self.ahead.iter().filter(|_| self.goes_ahead());
        let candidates = ahead.cloned().map(Candidate::send);
        std::iter::once(Action::Send(last.signal())).chain(candidates).collect()
    }
}

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
