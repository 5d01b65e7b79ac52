//! Tonight's risk of long waits: how likely it is, hour by hour, that a family who comes waits longer than ten minutes.
//!
//! The model is the desk's simplest: families come as they came in the same hour of like days (weekdays, or days off), each takes
//! what consultations took here, and as many clinicians are there as the rota says: M/M/c, Erlang's formula of 1917 for waiting. So
//! few arrivals as a city has say little of the rate, so the rate is taken from its upper side: with `k` families in `n` days it is
//! `(k + 1) / n`, the mean of a Gamma posterior over a flat prior.
//!
//! Promises: what is shown comes from counts that stand beside it; with fewer than [`LEAST_DAYS`] like days nothing is said.
//! Not here: reading the counts, the rota, what a supervisor does about it.

use crate::{
    holiday::holiday,
    hours::Hours,
    rota::{Shift, on_at},
    time::{At, Millis},
};
use serde::{Deserialize, Serialize};
use time::{Date, Weekday};

/// Waits longer than this are long.
pub const LONG_WAIT_SECONDS: f64 = 600.0;
/// Like days below which an hour says nothing.
pub const LEAST_DAYS: u32 = 4;
/// A risk above this is worth another clinician.
pub const WORTH_ANOTHER: f64 = 0.2;
/// So many clinicians are suggested at most.
const MOST_CLINICIANS: u32 = 50;

/// So far back like days are looked at: eight weeks hold eight of each day of the week.
pub const LOOK_BACK: Millis = Millis::days(56);

/// One hour that comes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hour {
    /// 18 is from 18:00 to 19:00; 25 is one in the night after.
    pub hour: u8,
    /// Families who came in this hour of like days.
    pub came: u32,
    /// How many like days there were.
    pub days: u32,
    /// Clinicians by the rota.
    pub clinicians: u32,
}

/// What is said of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outlook {
    /// Too few like days.
    Unknown,
    /// Nobody is on the rota: whoever comes waits until somebody is.
    Nobody,
    /// The probability of a long wait.
    Risk(f64),
}

impl Hour {
    /// Families expected in the hour.
    #[must_use]
    pub fn expected(&self) -> Option<f64> {
        (self.days >= LEAST_DAYS).then(|| f64::from(self.came + 1) / f64::from(self.days))
    }

    /// What to expect, where a consultation takes so many seconds.
    #[must_use]
    pub fn outlook(&self, service_seconds: u32) -> Outlook {
        match (self.expected(), self.clinicians) {
            (None, _) => Outlook::Unknown,
            (Some(_), 0) => Outlook::Nobody,
            (Some(expected), clinicians) => Outlook::Risk(risk(expected, clinicians, service_seconds)),
        }
    }

    /// With how many clinicians a long wait would be rarer than [`WORTH_ANOTHER`]; nothing where that cannot be said.
    #[must_use]
    pub fn enough(&self, service_seconds: u32) -> Option<u32> {
        let expected = self.expected()?;
        (1..=MOST_CLINICIANS).find(|clinicians| risk(expected, *clinicians, service_seconds) <= WORTH_ANOTHER)
    }
}

impl Outlook {
    /// 「低い」 「やや高い」 「高い」, 「当番がいません」, 「わかりません」.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Unknown => "まだわかりません",
            Self::Nobody => "当番がいません",
            Self::Risk(risk) if risk <= 0.1 => "低い",
            Self::Risk(risk) if risk <= WORTH_ANOTHER => "やや高い",
            Self::Risk(_) => "高い",
        }
    }

    /// Whether something should be done.
    #[must_use]
    pub fn is_high(self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Nobody => true,
            Self::Risk(risk) => risk > WORTH_ANOTHER,
        }
    }
}

/// The hours of the evening that a desk is in, or that comes next, with what is known of each. `arrivals` are those of the last
/// [`LOOK_BACK`]; days before the first of them do not count, since the desk may not have been there.
#[must_use]
pub fn evening(now: At, hours: &Hours, arrivals: &[At], shifts: &[Shift]) -> Option<(Date, Vec<Hour>)> {
    let opens = hours.next_opening(now)?;
    // A night that runs past midnight belongs to the day on which it began.
    let began = opens.date().previous_day().filter(|day| is_within(hours, *day, opens));
    let day = began.unwrap_or(opens.date());
    let first = arrivals.iter().map(|at| at.date()).min();
    let mut like = Vec::new();
    let mut past = day.previous_day();
    while let Some(date) = past.filter(|date| first.is_some_and(|first| *date >= first)) {
        if is_day_off(date) == is_day_off(day) {
            like.push(date);
        }
        past = date.previous_day();
    }
    let hour = |hour: u8| {
        let within = |date: Date| At::start_of(date) + Millis::hours(i64::from(hour));
        let came = |date: &Date| {
            let from = within(*date);
            arrivals
                .iter()
                .filter(|at| (from..from + Millis::hours(1)).contains(at))
                .count()
        };
        let open: Vec<Date> = like
            .iter()
            .filter(|date| is_within(hours, **date, within(**date)))
            .copied()
            .collect();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Hour {
            hour,
            came: count(open.iter().map(came).sum()),
            days: count(open.len()),
            clinicians: on_at(shifts, within(day) + Millis::minutes(30)),
        }
    };
    let all = 0..48_u8;
    let open = all.filter(|hour| is_within(hours, day, At::start_of(day) + Millis::hours(i64::from(*hour))));
    Some((day, open.map(hour).collect()))
}

/// Whether a span of this date holds some of the hour that begins then.
fn is_within(hours: &Hours, date: Date, begins: At) -> bool {
    let spans = hours.on_date(date).0.iter();
    spans
        .map(|span| (span.begins(date), span.ends(date)))
        .any(|(from, until)| from < begins + Millis::hours(1) && begins < until)
}

/// Saturdays, Sundays and holidays: families come otherwise than on working days.
fn is_day_off(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) || holiday(date).is_some()
}

/// The probability that somebody waits longer than [`LONG_WAIT_SECONDS`] where `per_hour` families come, each takes
/// `service_seconds`, and `clinicians` are there: `C(c, a) · exp(−(c − a) · t / s)`, 1 where more comes than can be done.
fn risk(per_hour: f64, clinicians: u32, service_seconds: u32) -> f64 {
    let service = f64::from(service_seconds.max(1));
    let offered = per_hour * service / 3600.0;
    let servers = f64::from(clinicians);
    if offered >= servers {
        return 1.0;
    }
    // Erlang B by its recursion, which stays within 0 and 1; then C from B.
    let mut blocked = 1.0;
    for server in 1..=clinicians {
        blocked = offered * blocked / (f64::from(server) + offered * blocked);
    }
    let waits = servers * blocked / (servers - offered * (1.0 - blocked));
    waits * (-(servers - offered) * LONG_WAIT_SECONDS / service).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hour(came: u32, clinicians: u32) -> Hour {
        Hour {
            hour: 19,
            came,
            days: 10,
            clinicians,
        }
    }

    fn of(outlook: Outlook) -> f64 {
        match outlook {
            Outlook::Risk(risk) => risk,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_probability_of_waiting_is_erlangs() {
        // C(2, 1) = 1/3 stands in every table; with a service of an hour ten minutes take exp(−1/6) of it.
        let at_once = risk(1.0, 2, 3600) / (-1.0_f64 / 6.0).exp();
        assert!((at_once - 1.0 / 3.0).abs() < 1e-12, "{at_once}");
        // M/M/1: C(1, a) = a.
        let one = risk(0.5, 1, 3600) / (-0.5_f64 / 6.0).exp();
        assert!((one - 0.5).abs() < 1e-12, "{one}");
        // C(10, 8) = 0.409 (tables give 0.4092).
        let ten = risk(8.0, 10, 3600) / (-2.0_f64 / 6.0).exp();
        assert!((ten - 0.4092).abs() < 1e-4, "{ten}");
    }

    #[test]
    fn a_city_of_four_a_day_waits_seldom_and_a_rush_says_that_another_clinician_is_worth_it() {
        assert!(of(hour(5, 1).outlook(900)) < 0.1, "half a family an hour");
        let rush = hour(59, 1);
        assert!(
            (of(rush.outlook(900)) - 1.0).abs() < f64::EPSILON,
            "six an hour, a quarter of an hour each"
        );
        assert!(rush.outlook(900).is_high());
        let enough = rush.enough(900).expect("so many");
        assert!(enough == 3, "{enough}");
        assert!(!hour(59, enough).outlook(900).is_high());
    }

    #[test]
    fn with_too_few_like_days_nothing_is_said_and_an_hour_without_anybody_is_named() {
        let young = Hour {
            days: LEAST_DAYS - 1,
            ..hour(9, 1)
        };
        assert_eq!(young.outlook(900), Outlook::Unknown);
        assert_eq!(young.enough(900), None);
        assert!(!young.outlook(900).is_high());
        assert_eq!(hour(0, 0).outlook(900), Outlook::Nobody);
        assert!(hour(0, 0).outlook(900).is_high());
        assert_eq!(hour(0, 0).enough(900), Some(1), "nobody has come yet, and somebody may");
    }

    #[test]
    fn an_evening_is_looked_at_through_days_like_it_since_the_desk_began() {
        use crate::{hours::Span, time::parse_date};
        let span = Span::try_from((1080, 1320)).expect("a span");
        let hours = Hours::every_day(&[span]);
        let at = |date: &str, hour: i64| At::start_of(parse_date(date).expect("a date")) + Millis::hours(hour);
        // 24 November 2026 is a Tuesday behind a holiday and a weekend.
        let arrivals = [
            at("2026-11-16", 19),
            at("2026-11-17", 19),
            at("2026-11-20", 20),
            at("2026-11-21", 19),
            at("2026-11-23", 19),
        ];
        let (day, evening) = evening(at("2026-11-24", 9), &hours, &arrivals, &[]).expect("it opens");
        assert_eq!(day, parse_date("2026-11-24").expect("a date"));
        let counts: Vec<_> = evening.iter().map(|hour| (hour.hour, hour.came, hour.days)).collect();
        assert_eq!(
            counts,
            [(18, 0, 5), (19, 2, 5), (20, 1, 5), (21, 0, 5)],
            "Monday to Friday of the week before"
        );
        let (day, off) = super::evening(at("2026-11-22", 19), &hours, &arrivals, &[]).expect("it is open");
        assert_eq!(day, parse_date("2026-11-22").expect("a date"));
        assert_eq!((off[1].came, off[1].days), (1, 1), "the Saturday before");
        assert_eq!(
            super::evening(at("2026-11-22", 19), &Hours::default(), &arrivals, &[]),
            None
        );
    }

    #[test]
    fn a_night_past_midnight_is_one_evening() {
        use crate::{hours::Span, time::parse_date};
        let hours = Hours::every_day(&[Span::try_from((1200, 1530)).expect("a span")]);
        let day = parse_date("2026-11-24").expect("a date");
        let after_midnight = At::start_of(day) + Millis::minutes(30);
        let (of, evening) = evening(after_midnight, &hours, &[], &[]).expect("it is open");
        assert_eq!(Some(of), day.previous_day());
        let hours: Vec<u8> = evening.iter().map(|hour| hour.hour).collect();
        assert_eq!(hours, [20, 21, 22, 23, 24, 25], "the last one is half");
    }

    proptest! {
        #[test]
        fn more_clinicians_never_raise_the_risk_and_more_families_never_lower_it(
            came in 0_u32..400, clinicians in 1_u32..12, service in 60_u32..7200
        ) {
            let now = of(hour(came, clinicians).outlook(service));
            prop_assert!((0.0..=1.0).contains(&now));
            prop_assert!(of(hour(came, clinicians + 1).outlook(service)) <= now + 1e-12);
            prop_assert!(of(hour(came + 1, clinicians).outlook(service)) >= now - 1e-12);
        }
    }
}
