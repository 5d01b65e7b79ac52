//! The desk: clinicians who take the first in the order, one after the other, from the opening until nobody sits and waits.

use crate::{
    booking::booked,
    chance::Chance,
    city::{BY_DAY, EVENING, Family, Load, families},
};
use signaling::{
    appointment::{self, Offer},
    id::ConsultationId,
    intake::Service,
    queue::{HEAD_STARTS, HeadStarts, Place, Position, Serving, call_order, position},
    time::{At, Millis},
};
use uuid::Uuid;

/// A family that was called.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Served {
    pub(crate) family: Family,
    pub(crate) called_at: At,
    /// What it was told on coming; nothing where it did not wait live.
    pub(crate) told: Option<Position>,
}

struct Evening<'a> {
    families: &'a [Family],
    rule: HeadStarts,
    /// The next that comes.
    next: usize,
    /// In order.
    waiting: Vec<Place>,
    told: Vec<Option<Position>>,
    /// When each clinician is free again.
    free_at: Vec<At>,
    served: Vec<Served>,
}

/// Lives through all days of a load.
pub(crate) fn run(load: &Load, rule: HeadStarts, seed: u64) -> Vec<Served> {
    serve(load, rule, &families(load, &mut Chance::new(seed)))
}

/// The same, with a city that offers appointments; where none is `kept`, those who booked walk in at their time instead.
pub(crate) fn run_with(load: &Load, offer: Offer, kept: bool, seed: u64) -> Vec<Served> {
    let families = families(load, &mut Chance::new(seed));
    let mut families = booked(families, offer, &mut Chance::new(!seed));
    for family in families.iter_mut().filter(|_| !kept) {
        (family.asked_at, family.booked) = (family.comes_at(), None);
    }
    serve(load, HEAD_STARTS, &families)
}

fn serve(load: &Load, rule: HeadStarts, families: &[Family]) -> Vec<Served> {
    let mut evening = Evening {
        families,
        rule,
        next: 0,
        waiting: Vec::new(),
        told: vec![None; families.len()],
        free_at: Vec::new(),
        served: Vec::with_capacity(families.len()),
    };
    for day in 0..load.days {
        let midnight = At(Millis::days(day).0);
        for (who, (opens, closes)) in [(load.by_day, BY_DAY), (load.clinicians, EVENING)] {
            evening.free_at = vec![midnight + opens; who];
            evening.live_through(midnight + closes);
        }
    }
    evening.served
}

impl Evening<'_> {
    fn live_through(&mut self, closes_at: At) {
        loop {
            let Some(clinician) = (0..self.free_at.len()).min_by_key(|one| self.free_at[*one]) else {
                return;
            };
            let now = self.free_at[clinician];
            self.come_until(now);
            let callers: Vec<_> = self
                .waiting
                .iter()
                .map(|place| place.caller(true))
                .filter(|caller| now < closes_at || caller.service == Service::Night)
                .collect();
            let Some(first) = call_order(&callers).first().copied() else {
                match self.families.get(self.next) {
                    Some(family) if family.comes_at() < closes_at => self.free_at[clinician] = family.comes_at(),
                    _ => return,
                }
                continue;
            };
            self.waiting.retain(|place| place.consultation != first);
            let number = first.0.as_u128() as usize;
            let family = self.families[number];
            self.free_at[clinician] = now + family.takes;
            self.served.push(Served {
                family,
                called_at: now,
                told: self.told[number],
            });
        }
    }

    fn come_until(&mut self, now: At) {
        while let Some(family) = self.families.get(self.next).filter(|family| family.comes_at() <= now) {
            let place = Place {
                consultation: ConsultationId(Uuid::from_u128(self.next as u128)),
                rank: match family.booked {
                    Some(slot) => appointment::rank(family.acuity, slot),
                    None => self.rule.rank(family.acuity, family.asked_at, family.reply_within),
                },
                acuity: family.acuity,
                service: family.reply_within.map_or(Service::Night, |_| Service::Anytime),
                meant_for: None,
            };
            let ahead = self.waiting.partition_point(|before| before.key() < place.key());
            self.waiting.insert(ahead, place);
            if place.service == Service::Night {
                let serving = Serving {
                    clinicians: self.free_at.len() as u32,
                    busy: self
                        .free_at
                        .iter()
                        .filter(|free_at| **free_at > family.comes_at())
                        .count() as u32,
                    ..Serving::default()
                };
                self.told[self.next] = Some(position(ahead as u32, serving));
            }
            self.next += 1;
        }
    }
}
