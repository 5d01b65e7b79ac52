//! What a consultation remembers of its calls beyond the running one: whom a missed call waits for, what went wrong, who is
//! interrupted. Facts only.

use super::{CallOutcome, Holder, cause::CallCause};
use crate::{
    actor::Staff,
    consultation::{Event, Fact, Lane, Speaker},
    id::Seq,
    time::At,
};

/// A call that the family missed, declined, or could not be reached by: it waits for the clinician who rang.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedCall {
    /// Which.
    pub call: Seq,
    /// Who rang, and is to do something about it.
    pub by: Staff,
    /// How it ended: unanswered, declined or failed.
    pub outcome: CallOutcome,
    /// When it ended.
    pub at: At,
    /// The family has written since: it asked to be called back, or said how to go on.
    pub answered: bool,
}

/// Whether a call that ended so is something to come back to.
#[must_use]
pub fn is_missed(outcome: CallOutcome) -> bool {
    match outcome {
        CallOutcome::Unanswered | CallOutcome::Declined | CallOutcome::Failed => true,
        CallOutcome::HungUp | CallOutcome::Cancelled => false,
    }
}

/// What went wrong with one call, told by one side; nobody where the rules said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Of which call.
    pub call: Seq,
    /// By whom.
    pub holder: Option<Holder>,
    /// What.
    pub cause: CallCause,
}

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallHistory {
    /// The missed call that nobody has dealt with.
    pub missed: Option<MissedCall>,
    /// What went wrong, in the order in which it was told.
    pub told: Vec<Told>,
    /// The last call that ended.
    pub last: Option<Seq>,
    /// The last call whose measurements are stored.
    pub measured: Option<Seq>,
    /// Who of the running call is interrupted.
    pub interrupted: Vec<Holder>,
    /// Who rang last.
    pub rang: Option<Staff>,
}

impl CallHistory {
    /// Folds one more event.
    pub(crate) fn fold(&mut self, event: &Event) {
        match &event.fact {
            Fact::CallOffered { by, .. } => {
                (self.missed, self.rang) = (None, Some(by.clone()));
                self.interrupted.clear();
            }
            // A page that is there again is not interrupted.
            Fact::CallJoined { holder, .. } | Fact::SeatReturned { holder, .. } | Fact::CallLeft { holder, .. } => {
                self.interrupted.retain(|one| one != holder);
            }
            Fact::GuestRemoved { invite, .. } => self.interrupted.retain(|one| !one.is_guest(*invite)),
            // Whoever has the consultation comes back to a call that was missed.
            Fact::HandedOver { call, to, .. } => {
                if call.is_some() {
                    self.rang = Some(to.clone());
                }
                if let Some(missed) = &mut self.missed {
                    missed.by = to.clone();
                }
            }
            Fact::SeatInterrupted { holder, .. } => self.interrupted.push(holder.clone()),
            Fact::CallTroubled { call, holder, trouble } => self.told.push(Told {
                call: *call,
                holder: holder.clone(),
                cause: trouble.cause,
            }),
            Fact::CallMeasured { call, .. } => self.measured = Some(*call),
            Fact::CallEnded { call, outcome, .. } => {
                self.last = Some(*call);
                self.interrupted.clear();
                self.missed = self.rang.clone().filter(|_| is_missed(*outcome)).map(|by| MissedCall {
                    call: *call,
                    by,
                    outcome: *outcome,
                    at: event.at,
                    answered: false,
                });
            }
            Fact::Said {
                speaker: Speaker::Staff(_),
                lane: Lane::Everyone,
            }
            | Fact::Photo {
                speaker: Speaker::Staff(_),
                ..
            }
            | Fact::MissedSettled { .. }
            | Fact::Closed { .. }
            | Fact::Cancelled => self.missed = None,
            Fact::Said {
                speaker: Speaker::Guardian,
                ..
            }
            | Fact::Photo {
                speaker: Speaker::Guardian,
                ..
            } => {
                if let Some(missed) = &mut self.missed {
                    missed.answered = true;
                }
            }
            _ => {}
        }
    }

    /// Whether this side has told of this call.
    #[must_use]
    pub fn has_told(&self, call: Seq, holder: Option<&Holder>) -> bool {
        self.told
            .iter()
            .any(|told| told.call == call && (holder.is_none() || told.holder.as_ref() == holder))
    }

    /// The causes of all calls that failed or were late: one a call, the most certain that was told; each once.
    #[must_use]
    pub fn causes(&self) -> Vec<CallCause> {
        let mut calls: Vec<(Seq, CallCause)> = Vec::new();
        for told in &self.told {
            match calls.iter_mut().find(|(call, _)| *call == told.call) {
                Some((_, cause)) => *cause = (*cause).min(told.cause),
                None => calls.push((told.call, told.cause)),
            }
        }
        let mut causes: Vec<CallCause> = calls.into_iter().map(|(_, cause)| cause).collect();
        causes.sort_unstable();
        causes.dedup();
        causes
    }
}
