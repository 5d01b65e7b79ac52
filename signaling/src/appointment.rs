//! Appointments of ten minutes, for families that would rather come at a time than wait for one: which a city offers, and how
//! they mix with families who walk in.
//!
//! Promises: a place is offered only where a whole one lies inside of the opening hours and somebody new is taken, and never more in
//! it than the city's number. In the queue an appointment counts as having come [`HEAD_START`] before it begins, whenever it was
//! booked, so its rank is a constant key like every other: before whoever walked in shortly before it, never before a red one and
//! never before a yellow one that came within half an hour after it began. Of the appointments that begin after somebody came,
//! [`most_that_pass`] can stand before them and no more: nobody starves.
//!
//! Not here: the log (`consultation`), how many places are taken (the server's storage).

use crate::{
    consultation::Refusal,
    hours::Hours,
    limits,
    queue::{HEAD_STARTS, Rank},
    time::{At, Millis, weekday_letter},
    triage::Acuity,
};

/// An appointment that its family keeps counts as having come so much before it begins. The longest with which, in the simulated rush
/// of a holiday (ARCHITECTURE.md, "queue") and with every place booked, all but one in twenty yellow ones wait at most ten minutes
/// longer than if the same families had walked in at that time. It is in front of green ones who have waited for up to ten minutes
/// and white ones who have for up to half an hour; a yellow one that comes until half an hour after it began is called first.
pub const HEAD_START: Millis = Millis::minutes(30);

/// How many of an hour's six places a city may offer: they are spread evenly over it.
pub const PLACES_AN_HOUR: [u32; 4] = [1, 2, 3, 6];

/// What a city offers. A city that offers none has no `Offer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    an_hour: u32,
    families: u32,
}

impl Offer {
    /// So many places an hour ([`PLACES_AN_HOUR`]), and so many families in each; nothing where that is not to be had.
    #[must_use]
    pub fn new(an_hour: u32, families: u32) -> Option<Self> {
        let fits = PLACES_AN_HOUR.contains(&an_hour) && (1..=limits::APPOINTMENT_FAMILIES).contains(&families);
        fits.then_some(Self { an_hour, families })
    }

    /// Places an hour.
    #[must_use]
    pub fn an_hour(self) -> u32 {
        self.an_hour
    }

    /// Most families in one of them.
    #[must_use]
    pub fn families(self) -> u32 {
        self.families
    }

    /// From one place's beginning to the next one's.
    fn every(self) -> Millis {
        Millis(Millis::hours(1).0 / i64::from(self.an_hour))
    }

    /// The beginnings of all places that may be booked now, earliest first, taken or not.
    #[must_use]
    pub fn slots(self, hours: &Hours, now: At) -> Vec<At> {
        let every = self.every().0;
        let first = (now + limits::APPOINTMENT_AHEAD).0;
        let first = first + (every - first.rem_euclid(every)) % every;
        let end = (now + limits::APPOINTMENT_WITHIN).0;
        (0..)
            .map(|number| At(first + number * every))
            .take_while(|slot| slot.0 <= end)
            .filter(|slot| fits(hours, *slot))
            .collect()
    }

    /// Whether the place that begins at `slot` may be booked now, taken or not.
    ///
    /// # Errors
    /// [`Refusal::SlotPast`] where it has begun or begins too soon, [`Refusal::SlotClosed`] where there is no such place.
    pub fn admits(self, hours: &Hours, slot: At, now: At) -> Result<(), Refusal> {
        if slot < now + limits::APPOINTMENT_AHEAD {
            return Err(Refusal::SlotPast);
        }
        let is_one = slot <= now + limits::APPOINTMENT_WITHIN && slot.0.rem_euclid(self.every().0) == 0;
        (is_one && fits(hours, slot)).then_some(()).ok_or(Refusal::SlotClosed)
    }
}

/// Whether an appointment lies inside of the hours from its beginning to its end, and begins while families are taken.
#[must_use]
pub fn fits(hours: &Hours, slot: At) -> bool {
    hours.takes_arrivals(slot) && hours.closes_at(slot).is_none_or(|closes| ends_at(slot) <= closes)
}

/// When an appointment ends that begins at `slot`.
#[must_use]
pub fn ends_at(slot: At) -> At {
    slot + limits::APPOINTMENT
}

/// 「11月27日（金）18:20〜18:30」. Without the name of a holiday, whose law every family's browser would have to load.
#[must_use]
pub fn words(slot: At) -> String {
    let date = slot.date();
    let weekday = weekday_letter(date.weekday());
    format!(
        "{}月{}日（{weekday}）{}",
        u8::from(date.month()),
        date.day(),
        span(slot)
    )
}

/// 「18:20〜18:30」.
#[must_use]
pub fn span(slot: At) -> String {
    format!("{}〜{}", slot.clock(), ends_at(slot).clock())
}

/// Where an appointment stands that its family keeps. A class with a greater head start has it, also by appointment.
#[must_use]
pub fn rank(acuity: Acuity, slot: At) -> Rank {
    Rank(slot.0 - HEAD_STARTS.of(acuity).0.max(HEAD_START.0))
}

/// Why an appointment stands where it does (なぜこの順番か): as one that is kept, or as one that nobody came to.
#[must_use]
pub fn explanation(acuity: Acuity, slot: At, stands_at: Rank) -> String {
    let counts_as = At(stands_at.0).clock();
    if stands_at == rank(acuity, slot) {
        let minutes = HEAD_START.0 / Millis::minutes(1).0;
        return format!(
            "予約は、予約の時刻の{minutes}分前に着いたものとして並びます。予約は{}、{counts_as}に着いたものとして並んでいます。",
            slot.clock()
        );
    }
    format!(
        "予約の{}に画面がつながっていなかったので、その時刻に着いた方として並びます。{counts_as}に着いたものとして並んでいます。",
        slot.clock()
    )
}

/// How many appointments that begin after somebody walked in may be called before them, at most.
#[must_use]
pub fn most_that_pass(offer: Offer, walked_in: Acuity) -> u32 {
    let ahead = (HEAD_START.0 - HEAD_STARTS.of(walked_in).0).max(0);
    let places = u32::try_from((ahead + offer.every().0 - 1) / offer.every().0).unwrap_or(u32::MAX);
    places.saturating_mul(offer.families)
}

#[cfg(test)]
mod tests;
