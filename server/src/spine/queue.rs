//! 「次の方」, and the lists that desks and families read.

use super::{CommandError, Outcome, Spine, attempt::Entry};
use crate::storage::{ConsultationRow, StorageError};
use signaling::{
    actor::{Actor, Staff},
    consultation::{Command, Refusal},
    id::{CommandId, ConsultationId, GuardianId, MunicipalityId, Seq, StaffId},
    queue::{Caller, Place, call_order},
    triage::Acuity,
};
use std::collections::BTreeSet;

/// How far into the queue 「次の方」 looks for somebody whose page is there.
const LOOKED_AT: u64 = 200;
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
                    done => return done,
                }
            }
        }
        Err(Refusal::NobodyWaiting.into())
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

    /// What clinicians have now, longest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn claimed(&self, at: &MunicipalityId) -> Result<Vec<ConsultationId>, StorageError> {
        Ok(ids(self.inner.store.claimed(at).await?))
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
