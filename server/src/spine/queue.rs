//! 「次の方」, and the lists that desks and families read.

use super::{CommandError, Outcome, Spine, attempt::Entry};
use crate::storage::{ConsultationRow, StorageError};
use signaling::{
    actor::{Actor, Staff},
    consultation::{Command, Fact, Refusal},
    id::{CommandId, ConsultationId, GuardianId, MunicipalityId, Seq, StaffId},
    queue::{Caller, Place, Rank, call_order, standing, turns_missed},
    time::At,
    triage::Acuity,
};
use std::collections::BTreeSet;

/// How far into the queue 「次の方」 looks for somebody whose page is there.
const LOOKED_AT: u64 = 200;
/// Most families whose missed turn is written down at once.
const TURNS_TOLD: u64 = 50;
/// How often the queue is read anew when everybody in it was taken by others meanwhile.
const ROUNDS: u32 = 20;

impl Spine {
    /// 「次の方」: takes the first family that can be called ([`call_order`]) and does not wait for somebody else. Somebody else who is faster only means the next
    /// family. The same command again answers with the same family.
    ///
    /// # Errors
    /// [`Refusal::NobodyWaiting`], [`Refusal::NotAllowed`], or a failure of storage.
    pub async fn next(
        &self,
        municipality: &MunicipalityId,
        clinician: &Staff,
        command_id: CommandId,
        present: &(dyn Fn(ConsultationId) -> bool + Sync),
    ) -> Result<Outcome, CommandError> {
        let actor = Actor::Staff(clinician.clone());
        if let Some(result) = self.inner.store.command_result(&actor.key(), command_id).await? {
            return self.outcome_before(result).await;
        }
        if !clinician.role.is_clinician() {
            return Err(Refusal::NotAllowed.into());
        }
        let claim = Command::Claim { overtake_reason: None };
        let mut unreadable = BTreeSet::new();
        for _ in 0..ROUNDS {
            let places = self.inner.store.places(municipality, LOOKED_AT).await?;
            let waiting: Vec<Caller> = places
                .iter()
                .filter(|place| !unreadable.contains(&place.consultation) && place.is_for(clinician))
                .map(|place| place.caller(present(place.consultation)))
                .collect();
            if waiting.is_empty() {
                break;
            }
            for consultation in call_order(&waiting) {
                match self
                    .attempt(consultation, &actor, command_id, &claim, Entry::OnlyWaiting, None)
                    .await
                {
                    Err(CommandError::Refused(
                        Refusal::AlreadyClaimed { .. } | Refusal::NotWaiting | Refusal::Ended | Refusal::NotFound,
                    )) => {}
                    // Whoever waits behind it is not to wait for its mending.
                    Err(CommandError::Storage(error @ StorageError::Unreadable { .. })) => {
                        tracing::error!(%error, %consultation, "passed over by 「次の方」: its log cannot be read");
                        unreadable.insert(consultation);
                    }
                    done => {
                        let outcome = done?;
                        self.tell_turns_missed(&outcome);
                        return Ok(outcome);
                    }
                }
            }
        }
        Err(Refusal::NobodyWaiting.into())
    }

    /// Somebody was taken: whoever stands before them at the head of the queue and is away has missed a turn. Written down
    /// after the claim and beside it, so that no clinician waits for it; a server that dies in between leaves it to the next
    /// 「次の方」.
    pub(super) fn tell_turns_missed(&self, taken: &Outcome) {
        let claimed = taken.events.iter().find_map(|event| match &event.fact {
            Fact::Claimed { by, .. } => Some(by.clone()),
            _ => None,
        });
        let (Some(by), Some(case), false) = (claimed, taken.state.case.as_deref(), taken.replayed) else {
            return;
        };
        let (spine, municipality) = (self.clone(), case.municipality.clone());
        let place = (standing(case), taken.consultation);
        tokio::spawn(async move {
            if let Err(error) = spine.turns_missed(&municipality, place, &by).await {
                tracing::error!(%error, "a turn that was missed could not be written down");
            }
        });
    }

    async fn turns_missed(
        &self,
        municipality: &MunicipalityId,
        taken: (Rank, ConsultationId),
        by: &Staff,
    ) -> Result<(), StorageError> {
        let before = self.inner.store.places_before(municipality, taken, TURNS_TOLD).await?;
        let present = &self.inner.around.present;
        let passed = turns_missed(before.iter().map(|place| place.caller(present(place.consultation))));
        let command = Command::PassTurn {
            by: by.clone(),
            supervisor_within: self.inner.around.delays.supervisor,
        };
        for consultation in passed {
            let id = CommandId(self.inner.world.new_id());
            let done = self
                .attempt(consultation, &Actor::System, id, &command, Entry::Anyone, None)
                .await;
            match done {
                Err(CommandError::Storage(error)) => return Err(error),
                // Somebody took it or it ended meanwhile.
                Err(CommandError::Refused(_)) | Ok(_) => {}
            }
        }
        Ok(())
    }

    /// The queue, first to be called first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn waiting(&self, at: &MunicipalityId, limit: usize) -> Result<Vec<ConsultationId>, StorageError> {
        self.inner.store.waiting_ids(at, limit as u64).await
    }

    /// Everybody who waits, first to be called first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn places(&self, at: &MunicipalityId) -> Result<Vec<Place>, StorageError> {
        self.inner.store.places(at, u64::MAX).await
    }

    /// The last event of every consultation that is open.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open_heads(&self, at: &MunicipalityId) -> Result<Vec<(ConsultationId, Seq)>, StorageError> {
        self.inner.store.open_heads(at).await
    }

    /// What clinicians have now and since when, longest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn claimed(&self, at: &MunicipalityId) -> Result<Vec<(ConsultationId, At)>, StorageError> {
        let rows = self.inner.store.claimed(at).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.stage_at)).collect())
    }

    /// Who is booked for later, and for when.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn booked(&self, at: &MunicipalityId) -> Result<Vec<(ConsultationId, At)>, StorageError> {
        self.inner.store.booked(at).await
    }

    /// Clinicians who have a consultation now.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn busy(&self, at: &MunicipalityId) -> Result<BTreeSet<StaffId>, StorageError> {
        self.inner.store.busy(at).await
    }

    /// What a clinician has now, longest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open_of(&self, clinician: StaffId) -> Result<Vec<ConsultationId>, StorageError> {
        Ok(ids(self.inner.store.open_of(clinician).await?))
    }

    /// All consultations of a family, newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn of_guardian(&self, guardian: GuardianId) -> Result<Vec<ConsultationId>, StorageError> {
        Ok(ids(self.inner.store.of_guardian(guardian).await?))
    }

    /// How many wait in each class, most urgent first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn waiting_counts(&self, at: &MunicipalityId) -> Result<Vec<(Acuity, u32)>, StorageError> {
        self.inner.store.waiting_counts(at).await
    }
}

fn ids(rows: Vec<ConsultationRow>) -> Vec<ConsultationId> {
    rows.into_iter().map(|row| row.id).collect()
}
