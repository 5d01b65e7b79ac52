//! Who waits in a municipality, in order, and what each of them was told about it. Kept in memory and changed place by place: an
//! arrival reads nobody else's row, and only those whose place is another one than before are told.

use signaling::{
    id::ConsultationId,
    intake::Service,
    queue::{Place, Position, Rank, Serving, position},
    time::At,
    triage::Acuity,
};
use std::collections::HashMap;

/// Everybody who waits in a municipality.
#[derive(Debug, Default)]
pub struct Waiting {
    /// In order.
    stands: Vec<Stand>,
    /// Where each is to be found in it.
    ranks: HashMap<ConsultationId, Rank>,
    /// Who serves, and how fast.
    pub(super) serving: Serving,
}

#[derive(Debug)]
struct Stand {
    place: Place,
    told: Option<Position>,
}

/// What a change did to the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// It was not there.
    Came,
    /// It stands elsewhere.
    Moved,
    /// It stands where it stood, or is not there as before.
    Same,
    /// It does not wait any more.
    Went,
}

impl Waiting {
    /// The list of these, which come in order.
    pub(super) fn of(places: Vec<Place>) -> Self {
        Self {
            ranks: places.iter().map(|place| (place.consultation, place.rank)).collect(),
            stands: places.into_iter().map(|place| Stand { place, told: None }).collect(),
            serving: Serving::default(),
        }
    }

    /// Puts a consultation where it stands now; nothing where it does not wait.
    pub(super) fn put(&mut self, consultation: ConsultationId, now: Option<Place>) -> Put {
        let before = self.index(consultation);
        let told = match (before, &now) {
            (Some(at), Some(place)) if self.stands[at].place.rank == place.rank => {
                self.stands[at].place = *place;
                return Put::Same;
            }
            (Some(at), _) => self.stands.remove(at).told,
            (None, None) => return Put::Same,
            (None, Some(_)) => None,
        };
        let Some(place) = now else {
            self.ranks.remove(&consultation);
            return Put::Went;
        };
        self.ranks.insert(consultation, place.rank);
        let at = self.stands.partition_point(|stand| stand.place.key() < place.key());
        self.stands.insert(at, Stand { place, told });
        match before {
            Some(_) => Put::Moved,
            None => Put::Came,
        }
    }

    /// Whether it waits.
    pub(super) fn holds(&self, consultation: ConsultationId) -> bool {
        self.ranks.contains_key(&consultation)
    }

    /// The rank with which it waits.
    pub(super) fn rank(&self, consultation: ConsultationId) -> Option<Rank> {
        self.ranks.get(&consultation).copied()
    }

    /// The first of them.
    pub(super) fn first(&self, count: usize) -> impl Iterator<Item = ConsultationId> {
        self.stands.iter().take(count).map(|stand| stand.place.consultation)
    }

    /// How many wait in each class, most urgent first.
    pub(super) fn counts(&self) -> Vec<(Acuity, u32)> {
        let mut counts: Vec<(Acuity, u32)> = Acuity::ALL.iter().map(|acuity| (*acuity, 0)).collect();
        for stand in &self.stands {
            if let Some(count) = counts.iter_mut().find(|(class, _)| *class == stand.place.acuity) {
                count.1 += 1;
            }
        }
        counts
    }

    /// Those who are to be told another place than before; from then on they count as told.
    pub(super) fn retold(&mut self) -> Vec<ConsultationId> {
        let serving = self.serving;
        let mut changed = Vec::new();
        for (ahead, stand) in self.stands.iter_mut().enumerate() {
            let now = shown(&stand.place, ahead, serving);
            if now != stand.told {
                stand.told = now;
                changed.push(stand.place.consultation);
            }
        }
        changed
    }

    /// The place of a family that waits live: everybody of either service who is called before it counts. Nothing for one
    /// that asked for an answer at any time, and nothing when it does not wait.
    #[must_use]
    pub fn position(&self, consultation: ConsultationId) -> Option<Position> {
        let ahead = self.index(consultation)?;
        shown(&self.stands.get(ahead)?.place, ahead, self.serving)
    }

    /// What a family that came now, without any flag, would be told.
    #[must_use]
    pub fn last_position(&self, now: At) -> Position {
        let ahead = self.stands.partition_point(|stand| stand.place.rank <= Rank(now.0));
        behind(ahead, self.serving)
    }

    /// How many wait live.
    #[must_use]
    pub fn live(&self) -> u32 {
        let live = self.stands.iter().filter(|stand| stand.place.service == Service::Night);
        u32::try_from(live.count()).unwrap_or(u32::MAX)
    }

    fn index(&self, consultation: ConsultationId) -> Option<usize> {
        let key = (self.rank(consultation)?, consultation);
        self.stands.binary_search_by_key(&key, |stand| stand.place.key()).ok()
    }
}

fn shown(place: &Place, ahead: usize, serving: Serving) -> Option<Position> {
    (place.service == Service::Night).then(|| behind(ahead, serving))
}

fn behind(ahead: usize, serving: Serving) -> Position {
    position(u32::try_from(ahead).unwrap_or(u32::MAX), serving)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(n: u128) -> ConsultationId {
        ConsultationId(Uuid::from_u128(n))
    }

    fn place(n: u128, rank: i64, service: Service) -> Place {
        Place {
            consultation: id(n),
            rank: Rank(rank),
            acuity: Acuity::Green,
            service,
            meant_for: None,
        }
    }

    fn live(n: u128, rank: i64) -> Option<Place> {
        Some(place(n, rank, Service::Night))
    }

    fn order(waiting: &Waiting) -> Vec<ConsultationId> {
        waiting.first(usize::MAX).collect()
    }

    #[test]
    fn whoever_comes_moves_and_goes_stands_where_the_order_says() {
        let mut waiting = Waiting::of(vec![place(1, 10, Service::Night), place(2, 20, Service::Night)]);
        assert_eq!(waiting.put(id(3), live(3, 15)), Put::Came);
        assert_eq!(order(&waiting), [id(1), id(3), id(2)]);
        assert_eq!(
            waiting.put(id(1), live(1, 20)),
            Put::Moved,
            "the id decides between equals"
        );
        assert_eq!(order(&waiting), [id(3), id(1), id(2)]);
        assert_eq!(waiting.put(id(1), live(1, 20)), Put::Same);
        assert_eq!(waiting.put(id(3), None), Put::Went);
        assert_eq!(waiting.put(id(3), None), Put::Same);
        assert_eq!(order(&waiting), [id(1), id(2)]);
        assert_eq!((waiting.rank(id(3)), waiting.rank(id(2))), (None, Some(Rank(20))));
    }

    #[test]
    fn only_those_are_told_whose_place_is_another_one_than_before() {
        let mut waiting = Waiting::of((1..=9).map(|n| place(n, 10, Service::Night)).collect());
        assert_eq!(waiting.retold().len(), 9, "nobody was told yet");
        assert!(waiting.retold().is_empty());
        waiting.put(id(10), live(10, 10));
        assert_eq!(waiting.retold(), [id(10)], "nobody stands behind who came last");
        waiting.put(id(7), None);
        assert_eq!(waiting.retold(), [id(8), id(9), id(10)]);
        assert_eq!(waiting.position(id(10)).map(|told| told.ahead), Some(8));
        waiting.serving.clinicians = 1;
        assert_eq!(waiting.retold().len(), 9, "the wait can be estimated now");
    }

    #[test]
    fn an_anytime_consultation_counts_before_others_and_is_told_no_place() {
        let mut waiting = Waiting::of(vec![place(1, 10, Service::Anytime), place(2, 20, Service::Night)]);
        assert_eq!(waiting.retold(), [id(2)]);
        assert_eq!(waiting.position(id(1)), None);
        assert_eq!(waiting.position(id(2)).map(|told| told.ahead), Some(1));
        assert_eq!((waiting.live(), waiting.last_position(At(15)).ahead), (1, 1));
    }
}
