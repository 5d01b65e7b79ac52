//! Who waits in a municipality, as one shared list, and what each of them is told about it.

use signaling::{
    id::ConsultationId,
    intake::Service,
    queue::{Place, Position, Rank, Serving, position},
    time::At,
    triage::Acuity,
};
use std::sync::Arc;

/// Everybody who waits in a municipality, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub(super) places: Arc<Vec<Place>>,
    pub(super) counts: Vec<(Acuity, u32)>,
    /// Who serves, and how fast.
    pub(super) serving: Serving,
}

impl Waiting {
    /// The place of a family that waits live: everybody of either service who is called before it counts. Nothing for one
    /// that asked for an answer at any time, and nothing when it does not wait.
    #[must_use]
    pub fn position(&self, consultation: ConsultationId) -> Option<Position> {
        let ahead = self
            .places
            .iter()
            .position(|place| place.consultation == consultation)?;
        let place = self.places.get(ahead)?;
        (place.service == Service::Night).then(|| self.behind(ahead))
    }

    /// What a family that came now, without any flag, would be told.
    #[must_use]
    pub fn last_position(&self, now: At) -> Position {
        self.behind(self.places.partition_point(|place| place.rank <= Rank(now.0)))
    }

    /// How many wait live.
    #[must_use]
    pub fn live(&self) -> u32 {
        let live = self.places.iter().filter(|place| place.service == Service::Night);
        u32::try_from(live.count()).unwrap_or(u32::MAX)
    }

    /// Whether the list shows this consultation at this place, or neither.
    pub(super) fn shows(&self, consultation: ConsultationId, rank: Option<Rank>) -> bool {
        let listed = self.places.iter().find(|place| place.consultation == consultation);
        listed.map(|place| place.rank) == rank
    }

    fn behind(&self, ahead: usize) -> Position {
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        position(ahead, self.serving)
    }
}
