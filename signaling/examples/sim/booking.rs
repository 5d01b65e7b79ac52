//! Families that book an appointment instead of walking in.
//!
//! Assumed, for there are no figures yet: three in ten of those who may (green and white) wish for a time of their own, and choose
//! any that is free on the evening that comes. Promises: nobody is in a place that is taken, or that begins sooner than the
//! desk lets it be booked; the same seed gives the same evenings.

use crate::{
    chance::Chance,
    city::{EVENING, Family},
};
use signaling::{
    appointment::Offer,
    limits,
    time::{At, Millis},
    triage::Acuity,
};
use std::collections::HashMap;

/// Of ten families that may book.
const WISH_FOR_ONE: f64 = 0.3;

/// The same families, some of them by appointment, in the order in which they come.
pub(crate) fn booked(mut families: Vec<Family>, offer: Offer, chance: &mut Chance) -> Vec<Family> {
    let mut taken: HashMap<At, u32> = HashMap::new();
    for family in &mut families {
        let may = matches!(family.acuity, Acuity::Green | Acuity::White);
        if !may || chance.share() > WISH_FOR_ONE {
            continue;
        }
        let is_free = |slot: &At| taken.get(slot).copied().unwrap_or_default() < offer.families();
        let free: Vec<(At, f64)> = slots(offer, family.asked_at)
            .filter(is_free)
            .map(|slot| (slot, 1.0))
            .collect();
        if free.is_empty() {
            continue;
        }
        let slot = chance.pick(&free);
        *taken.entry(slot).or_default() += 1;
        (family.booked, family.reply_within) = (Some(slot), None);
    }
    families.sort_by_key(Family::comes_at);
    families
}

/// The places of the evening that comes, as far as they can still be booked.
fn slots(offer: Offer, asked_at: At) -> impl Iterator<Item = At> {
    let day = Millis::days(1).0;
    let midnight = At(asked_at.0 - asked_at.0.rem_euclid(day));
    let bookable = move |slot: &At| *slot >= asked_at + limits::APPOINTMENT_AHEAD;
    let evening = move |midnight: At| {
        let every = Millis::hours(1).0 / i64::from(offer.an_hour());
        let hours = (EVENING.1.0 - EVENING.0.0) / every;
        (0..hours).map(move |number| midnight + Millis(EVENING.0.0 + number * every))
    };
    let tonight: Vec<At> = evening(midnight).filter(bookable).collect();
    if tonight.is_empty() {
        evening(midnight + Millis::days(1)).collect::<Vec<_>>().into_iter()
    } else {
        tonight.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::{TEN_TIMES, families};

    #[test]
    fn nobody_urgent_books_and_nobody_a_place_that_is_taken_or_over() {
        let offer = Offer::new(2, 1).expect("an offer");
        let all = booked(families(&TEN_TIMES, &mut Chance::new(1)), offer, &mut Chance::new(2));
        let held: Vec<_> = all.iter().filter_map(|one| Some((one, one.booked?))).collect();
        assert!(held.len() > 1_000);
        for (family, slot) in &held {
            assert!(matches!(family.acuity, Acuity::Green | Acuity::White));
            assert!(*slot >= family.asked_at + limits::APPOINTMENT_AHEAD && family.reply_within.is_none());
        }
        let mut slots: Vec<_> = held.iter().map(|(_, slot)| *slot).collect();
        slots.sort_unstable();
        slots.dedup();
        assert_eq!(slots.len(), held.len(), "one family each");
    }
}
