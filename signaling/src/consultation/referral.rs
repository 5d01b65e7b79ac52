//! What is handed to the city's public-health nurse: offered by a clinician, consented to by the family, received by her, ended with
//! what was done.
//!
//! Promises: nothing is handed over but the very words of the offer, and only while the family's consent to them stands; once she has
//! received them it cannot be taken back, since what was read cannot be unread; what she received is hers until its deadline, and
//! from then on her colleagues' and the supervisors' too; nobody ends it without what was done.
//!
//! Not here: who lists it and when reading is a look (the server's `referrals` and `tasks`), what else supervisors look after
//! (`after`).

use super::{
    after::{self, Task},
    command::Refusal,
    decide::{Decision, within_scope},
    event::{Event, Fact, NewEvent, Sealed},
    state::Case,
};
use crate::{
    actor::{Role, Staff},
    after::TaskKind,
    id::Seq,
    limits, text,
    time::At,
};

/// Where a referral stands that a family consented to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handed<'a> {
    /// No public-health nurse has received it.
    Waits {
        /// The supervisor who looks after it meanwhile.
        with: Option<&'a Staff>,
    },
    /// She has it.
    Received {
        /// Who.
        by: &'a Staff,
        /// Since when.
        at: At,
    },
    /// It was dealt with.
    Done {
        /// Who ended it: a nurse, or a supervisor.
        by: &'a Staff,
        /// When.
        at: At,
        /// The event that says what was done.
        event: Seq,
    },
    /// The family took its consent back before anybody had received it.
    TakenBack,
}

impl Task {
    /// Where it stands as a referral; nothing where it is none.
    #[must_use]
    pub fn handed(&self) -> Option<Handed<'_>> {
        if self.kind != TaskKind::Referral {
            return None;
        }
        let owner = self.owner.as_ref();
        Some(match (self.closed_at, &self.done, self.received_at) {
            (Some(at), Some((event, by)), _) => Handed::Done { by, at, event: *event },
            (Some(_), None, _) => Handed::TakenBack,
            (None, _, Some(at)) => match owner.filter(|by| by.role == Role::PublicHealthNurse) {
                Some(by) => Handed::Received { by, at },
                // A supervisor took it over, late.
                None => Handed::Waits { with: owner },
            },
            (None, _, None) => Handed::Waits { with: owner },
        })
    }

    /// The public-health nurse who has received it, while it is hers alone.
    #[must_use]
    pub fn held_by(&self, now: At) -> Option<&Staff> {
        match self.handed() {
            Some(Handed::Received { by, .. }) if now < self.due_at => Some(by),
            _ => None,
        }
    }

    /// What a public-health nurse reads of an event: the words that the family consented to, and what one of them wrote in the
    /// end. Nothing of any other event.
    #[must_use]
    pub fn words_for_nurse(&self, event: &Event) -> Option<String> {
        let is_hers = match (&event.fact, self.handed()?) {
            (_, Handed::TakenBack) => false,
            (Fact::ReferralOffered { .. }, _) => event.seq == self.seq,
            // A supervisor may have written more than the family consented to.
            (Fact::TaskClosed { task, by }, _) => *task == self.seq && by.role == Role::PublicHealthNurse,
            _ => false,
        };
        match &event.sealed {
            Some(Sealed::Text { text }) if is_hers => Some(text.clone()),
            _ => None,
        }
    }
}

/// The very words that are handed over, for the family to read first.
pub(super) fn offered(case: &Case, by: &Staff, shared: &str) -> Decision {
    if !by.role.is_clinician() || !after::takes_part(case, by) {
        return Err(Refusal::NotAllowed);
    }
    let text = text::required(shared, limits::NOTE_FIELD_CHARS)?;
    within_scope(by, [text.as_str()], None)?;
    let fact = Fact::ReferralOffered { by: by.clone() };
    Ok(vec![NewEvent::sealed(fact, Sealed::Text { text })])
}

/// The family's consent, given, refused or taken back.
pub(super) fn answered(case: &Case, offer: Seq, given: bool) -> Decision {
    let Some((of, before)) = case.after.referral.filter(|(of, _)| *of == offer) else {
        return Err(Refusal::TaskOver);
    };
    let task = case.task(of);
    if before == Some(true) && task.is_some_and(|task| task.closed_at.is_some()) {
        return Err(Refusal::TaskOver);
    }
    let received = task.filter(|task| task.received_at.is_some() && task.closed_at.is_none());
    if let (Some(Some(by)), false) = (received.map(|task| &task.owner), given) {
        return Err(Refusal::AlreadyClaimed { by: by.addressed() });
    }
    let fact = (before != Some(given)).then(|| Fact::ReferralAnswered { offer, given }.into());
    Ok(fact.into_iter().collect())
}

/// A task that this member of the staff may do something about now. To a public-health nurse nothing but referrals is there.
pub(super) fn open_for<'a>(case: &'a Case, seq: Seq, staff: &Staff, now: At) -> Result<&'a Task, Refusal> {
    let is_nurse = staff.role == Role::PublicHealthNurse;
    if staff.role != Role::Supervisor && !is_nurse {
        return Err(Refusal::NotAllowed);
    }
    let found = case.task(seq);
    let task = found.filter(|task| !is_nurse || task.kind == TaskKind::Referral);
    let task = task.ok_or(Refusal::NotFound)?;
    if task.closed_at.is_some() {
        return Err(Refusal::TaskOver);
    }
    match task.held_by(now) {
        Some(by) if by.id != staff.id => Err(Refusal::AlreadyClaimed { by: by.addressed() }),
        _ => Ok(task),
    }
}

/// Whether this member of the staff may end it: a supervisor whatever is open for them, a nurse what she has received.
pub(super) fn may_end(task: &Task, staff: &Staff) -> Result<(), Refusal> {
    let is_hers = task.owner.as_ref().is_some_and(|owner| owner.id == staff.id);
    if staff.role == Role::PublicHealthNurse && !is_hers {
        return Err(Refusal::NotYours);
    }
    Ok(())
}
