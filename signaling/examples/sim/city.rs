//! Who comes to the desk, when, with what, and how long it takes.
//!
//! From figures where there are any. When families come: of the calls to Osaka's #8000 more than 60 % came from 19 to 22 h
//! (pref.osaka.lg.jp, FY2024). Classes: of its callers 0.9 % were told to call 119 and 22.9 % to go now (FY2014). Assumed: how
//! the rest divides into green and white, and that a consultation takes ten minutes (the desk's own assumption,
//! [`signaling::queue::USUAL_SERVICE_SECONDS`]), one in six more than eighteen.

use crate::chance::Chance;
use signaling::{
    queue::USUAL_SERVICE_SECONDS,
    time::{At, Millis},
    triage::Acuity,
};

/// One city's evenings.
pub(crate) struct Load {
    pub(crate) name: &'static str,
    /// Consultations a day, on average.
    pub(crate) a_day: f64,
    /// Clinicians on duty in the evening.
    pub(crate) clinicians: usize,
    /// Clinicians who answer anytime consultations in the afternoon.
    pub(crate) by_day: usize,
    /// How many days are lived through: enough of them that the rare red ones are some dozens.
    pub(crate) days: i64,
}

/// What a city has.
pub(crate) const CITY: Load = Load {
    name: "the city, 4 a day, 1 on duty",
    a_day: 4.0,
    clinicians: 1,
    by_day: 1,
    days: 4_000,
};
/// Ten such cities at one desk.
pub(crate) const TEN_TIMES: Load = Load {
    name: "×10, 2 on duty",
    a_day: 40.0,
    clinicians: 2,
    by_day: 1,
    days: 1_000,
};
/// A hundred.
pub(crate) const HUNDRED_TIMES: Load = Load {
    name: "×100, 18 on duty",
    a_day: 400.0,
    clinicians: 18,
    by_day: 6,
    days: 200,
};
/// Ten cities on a holiday: three times the families, and twice the clinicians.
pub(crate) const HOLIDAY: Load = Load {
    name: "a holiday's rush, ×30, 4 on duty",
    a_day: 120.0,
    clinicians: 4,
    by_day: 2,
    days: 400,
};

/// The desk is open from 18 to 22 h.
pub(crate) const EVENING: (Millis, Millis) = (Millis::hours(18), Millis::hours(22));
/// What came outside of the hours is also answered in the afternoon.
pub(crate) const BY_DAY: (Millis, Millis) = (Millis::hours(13), Millis::hours(17));
/// What is promised to whoever comes outside of the hours.
const REPLY_WITHIN: Millis = Millis::hours(24);

/// Parts of the day: from which hour, until which, and the share of families that come then.
const DAY: [(i64, i64, f64); 4] = [(0, 18, 0.22), (18, 19, 0.10), (19, 22, 0.63), (22, 24, 0.05)];
const CLASSES: [(Acuity, f64); 4] = [
    (Acuity::Red, 0.01),
    (Acuity::Yellow, 0.23),
    (Acuity::Green, 0.30),
    (Acuity::White, 0.46),
];
/// Spread of the logarithm of a consultation's length.
const SPREAD: f64 = 0.6;

/// A family that comes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Family {
    pub(crate) asked_at: At,
    pub(crate) acuity: Acuity,
    /// Where it asked outside of the hours.
    pub(crate) reply_within: Option<Millis>,
    pub(crate) takes: Millis,
    /// The appointment by which it comes.
    pub(crate) booked: Option<At>,
}

impl Family {
    /// When it stands in the queue.
    pub(crate) fn comes_at(&self) -> At {
        self.booked.unwrap_or(self.asked_at)
    }
}

/// All families of all days, in the order in which they come.
pub(crate) fn families(load: &Load, chance: &mut Chance) -> Vec<Family> {
    let mut families = Vec::new();
    for day in 0..load.days {
        for (from, until, share) in DAY {
            let live = Millis::hours(from) >= EVENING.0 && Millis::hours(until) <= EVENING.1;
            for _ in 0..chance.count(load.a_day * share) {
                let hour = from as f64 + chance.share() * (until - from) as f64;
                families.push(Family {
                    asked_at: At(Millis::days(day).0 + (hour * 3_600_000.0) as i64),
                    acuity: chance.pick(&CLASSES),
                    reply_within: (!live).then_some(REPLY_WITHIN),
                    booked: None,
                    takes: Millis(chance.around(f64::from(USUAL_SERVICE_SECONDS) * 1_000.0, SPREAD) as i64),
                });
            }
        }
    }
    families.sort_by_key(|family| family.asked_at);
    families
}
