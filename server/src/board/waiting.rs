//! Who waits in a municipality, as one shared list, and what each of them is told about it.

use signaling::{
    id::ConsultationId,
    queue::{Position, Rank, USUAL_SERVICE_SECONDS, position},
    triage::Acuity,
};
use std::sync::Arc;

/// The waiting families of a municipality, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub(super) ranks: Arc<Vec<(Rank, ConsultationId)>>,
    pub(super) counts: Vec<(Acuity, u32)>,
    /// How many clinicians' desks are open.
    pub(super) clinicians: u32,
    /// What a consultation takes here.
    pub(super) service_seconds: u32,
}

impl Default for Waiting {
    fn default() -> Self {
        Self {
            ranks: Arc::default(),
            counts: Vec::new(),
            clinicians: 0,
            service_seconds: USUAL_SERVICE_SECONDS,
        }
    }
}

impl Waiting {
    /// The place of a waiting consultation; nothing when it does not wait.
    #[must_use]
    pub fn position(&self, consultation: ConsultationId) -> Option<Position> {
        let ahead = self.ranks.iter().position(|(_, id)| *id == consultation)?;
        Some(self.behind(ahead))
    }

    /// What a family that came now, without any flag, would be told.
    #[must_use]
    pub fn last_position(&self) -> Position {
        self.behind(self.ranks.len())
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.ranks.len()).unwrap_or(u32::MAX)
    }

    /// Whether nobody waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranks.is_empty()
    }

    /// Whether the list shows this consultation at this place, or neither.
    pub(super) fn shows(&self, consultation: ConsultationId, rank: Option<Rank>) -> bool {
        let listed = self.ranks.iter().find(|(_, id)| *id == consultation);
        listed.map(|(rank, _)| *rank) == rank
    }

    fn behind(&self, ahead: usize) -> Position {
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        position(ahead, self.service_seconds, self.clinicians)
    }
}
