//! One command: decide, append, and when somebody wrote first, read what they wrote and decide again.

use super::{
    CommandError, Outcome, Spine, Views, Woken,
    append::{Deed, Prepared},
    cache::Folded,
};
use crate::storage::{Appended, CommandRow, StorageError};
use signaling::{
    actor::Actor,
    consultation::{Case, Command, Fact, NewEvent, Refusal, Request, Stage, decide},
    id::{CommandId, ConsultationId},
    queue::{Rank, passes_somebody, rank},
};
use std::borrow::Cow;

/// How often a command is decided again before storage counts as failed. Each time somebody else's command took effect, so
/// the desk as a whole goes on; 50 in a row for one command is no race any more.
const TRIES: u32 = 50;
/// How far back in the queue passed families are looked for.
const PASSED: u64 = 200;

/// Who may be taken by the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// Whom the rules allow; passing somebody needs a reason.
    Anyone,
    /// Only who waits: 「次の方」 chose by the queue's order and must not end with one that it has already.
    OnlyWaiting,
}

impl Spine {
    pub(super) async fn attempt(
        &self,
        consultation: ConsultationId,
        actor: &Actor,
        command_id: CommandId,
        command: &Command,
        entry: Entry,
        views: Option<&Views>,
    ) -> Result<Outcome, CommandError> {
        let _turn = self.turn(consultation).await;
        let cached = self.inner.cache.find(consultation);
        let mut fresh = cached.is_none();
        let mut before = match cached {
            Some(folded) => folded,
            None => self.folded(consultation).await?,
        };
        let mut why = StorageError::SeqConflict;
        for _ in 0..TRIES {
            let deed = Deed {
                consultation,
                actor,
                command_id,
                now: self.now(),
                views,
            };
            let command = self.filled(&before, consultation, command).await?;
            let decided = match self.decided(&before, &deed, &command, entry).await? {
                Ok(decided) => decided,
                Err(refusal) => {
                    // What is known may be old. Only a refusal against the log as it is reaches a person.
                    let seq = before.state.seq;
                    if !fresh {
                        before = self.folded(consultation).await?;
                        fresh = true;
                        if before.state.seq != seq {
                            continue;
                        }
                    }
                    return self.refused_unless_done(&deed, refusal).await;
                }
            };
            match self.append(&deed, &before, decided).await {
                Err(AppendError::Refused(refusal)) => return self.refused_unless_done(&deed, refusal).await,
                Err(AppendError::Again(error)) => {
                    why = error;
                    before = self.folded(consultation).await?;
                    fresh = true;
                }
                Err(AppendError::Failed(error)) => return Err(error.into()),
                Ok(Done::Now(outcome)) => return Ok(outcome),
                Ok(Done::Before(result)) => return self.outcome_before(result).await,
            }
        }
        Err(why.into())
    }

    /// A request with the photos that stand beside its draft now, taking somebody who is booked for later as what it is; any other
    /// command as it is.
    async fn filled<'a>(
        &self,
        before: &Folded,
        consultation: ConsultationId,
        command: &'a Command,
    ) -> Result<Cow<'a, Command>, StorageError> {
        if let (Command::Claim { overtake_reason }, Some(case)) = (command, before.state.case.as_deref())
            && let Stage::Booked { slot, .. } = case.stage
        {
            let city = self.inner.store.city(&case.municipality).await?;
            return Ok(Cow::Owned(Command::BeginEarly {
                overtake_reason: overtake_reason.clone(),
                // The desk may open only for it.
                closes_at: city.and_then(|city| city.hours.closes_at(slot)),
                is_there: self.is_present(consultation),
            }));
        }
        let Command::Request(request) = command else {
            return Ok(Cow::Borrowed(command));
        };
        if before.state.case.is_some() {
            return Ok(Cow::Borrowed(command));
        }
        let photos = self.inner.store.intake_photos(consultation).await?;
        let request = Request {
            photos,
            ..Request::clone(request)
        };
        Ok(Cow::Owned(Command::Request(Box::new(request))))
    }

    /// What the rules make of the command, the queue's order included.
    async fn decided(
        &self,
        before: &Folded,
        deed: &Deed<'_>,
        command: &Command,
        entry: Entry,
    ) -> Result<Result<Vec<NewEvent>, Refusal>, StorageError> {
        let case = before.state.case.as_deref();
        if entry == Entry::OnlyWaiting && !case.is_some_and(Case::waits) {
            return Ok(Err(Refusal::NotWaiting));
        }
        let decided = match decide(&before.state, command, deed.actor, deed.now) {
            Ok(decided) => decided,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let takes = decided.iter().any(|event| matches!(event.fact, Fact::Claimed { .. }));
        let (
            Command::Claim { overtake_reason } | Command::BeginEarly { overtake_reason, .. },
            Entry::Anyone,
            Some(case),
            true,
        ) = (command, entry, case, takes)
        else {
            return Ok(Ok(decided));
        };
        let has_reason = overtake_reason
            .as_deref()
            .is_some_and(|reason| !reason.trim().is_empty());
        match (self.passes_somebody(deed, case).await?, has_reason) {
            (true, false) => Ok(Err(Refusal::ReasonNeeded)),
            // Nobody is passed, so there is nothing to give a reason for; unless it waits for somebody else.
            (false, true) => {
                let mut plain = command.clone();
                if let Command::Claim { overtake_reason } | Command::BeginEarly { overtake_reason, .. } = &mut plain {
                    *overtake_reason = None;
                }
                Ok(decide(&before.state, &plain, deed.actor, deed.now).or(Ok(decided)))
            }
            _ => Ok(Ok(decided)),
        }
    }

    /// Whether somebody is passed who could have been taken. Who waits for somebody else is not; who is booked for later
    /// passes everybody.
    async fn passes_somebody(&self, deed: &Deed<'_>, case: &Case) -> Result<bool, StorageError> {
        let Some(me) = deed.actor.clinician() else {
            return Ok(false);
        };
        let rank = rank(case).unwrap_or(Rank(i64::MAX));
        let earlier = self
            .inner
            .store
            .places_before(&case.municipality, (rank, deed.consultation), PASSED)
            .await?;
        let present = &self.inner.around.present;
        Ok(passes_somebody(
            earlier
                .iter()
                .filter(|place| place.is_for(me))
                .map(|place| place.caller(present(place.consultation))),
        ))
    }

    async fn append(&self, deed: &Deed<'_>, before: &Folded, decided: Vec<NewEvent>) -> Result<Done, AppendError> {
        let prepared = self.prepare(deed, before, decided)?;
        let (spine, consultation) = (self.clone(), deed.consultation);
        // A task of its own: whoever asked may be gone before the answer (a phone without connection takes its handler
        // with it), and what is stored must be told all the same.
        let done = tokio::spawn(async move { spine.store_and_tell(consultation, prepared).await });
        match done.await {
            Ok(done) => Ok(done?),
            Err(_) => Err(AppendError::Failed(StorageError::Stopped)),
        }
    }

    /// Stores, then keeps what is known now, wakes the timers and whoever follows the log.
    async fn store_and_tell(&self, consultation: ConsultationId, prepared: Prepared) -> Result<Done, StorageError> {
        let timers_changed = prepared.append.timers.is_some();
        if let Appended::Before(result) = self.inner.store.append(prepared.append).await? {
            return Ok(Done::Before(result));
        }
        let (state, events) = (prepared.after.state.clone(), prepared.events);
        if !events.is_empty() {
            self.inner.cache.keep(consultation, prepared.after);
            self.inner.tail.keep(consultation, &events, self.now());
            if timers_changed {
                self.inner.timers_changed.notify_one();
            }
            if let Some(case) = state.case.as_deref() {
                let woken = Woken {
                    municipality: case.municipality.clone(),
                    consultation,
                    seq: state.seq,
                };
                // Nobody may be listening.
                drop(self.inner.wake.send(woken));
            }
        }
        Ok(Done::Now(Outcome {
            consultation,
            seq: state.seq,
            events,
            state,
            replayed: false,
        }))
    }

    /// A command that took effect is not refused when it is sent again, whatever the rules say by now.
    async fn refused_unless_done(&self, deed: &Deed<'_>, refusal: Refusal) -> Result<Outcome, CommandError> {
        match self
            .inner
            .store
            .command_result(&deed.actor.key(), deed.command_id)
            .await?
        {
            Some(result) => self.outcome_before(result).await,
            None => Err(refusal.into()),
        }
    }

    /// What a command came to when it was first sent.
    pub(super) async fn outcome_before(&self, result: CommandRow) -> Result<Outcome, CommandError> {
        let consultation = result.consultation;
        let count = (result.seq + 1).saturating_sub(result.first_seq);
        let events = match usize::try_from(count).unwrap_or(0) {
            0 => Vec::new(),
            count => {
                self.events(consultation, result.first_seq.saturating_sub(1), count)
                    .await?
            }
        };
        let state = self.folded(consultation).await?.state;
        Ok(Outcome {
            consultation,
            seq: result.seq,
            events,
            state,
            replayed: true,
        })
    }
}

enum Done {
    Now(Outcome),
    Before(CommandRow),
}

enum AppendError {
    Refused(Refusal),
    /// Somebody was in the way.
    Again(StorageError),
    Failed(StorageError),
}

impl From<StorageError> for AppendError {
    fn from(error: StorageError) -> Self {
        if error.is_conflict("unique_consultations_guardian") {
            return Self::Refused(Refusal::AnotherOpen);
        }
        if error.is_conflict("unique_consultations_call_clinician") || error.is_conflict("unique_call_seats_clinician")
        {
            return Self::Refused(Refusal::InAnotherCall);
        }
        match error {
            // Content was erased at the end of retention: nothing can be added any more.
            StorageError::Erased => Self::Refused(Refusal::Ended),
            StorageError::SlotFull => Self::Refused(Refusal::SlotFull),
            StorageError::SeqConflict | StorageError::Busy(_) | StorageError::Conflict(_) => Self::Again(error),
            other => Self::Failed(other),
        }
    }
}
