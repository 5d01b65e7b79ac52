//! Opening hours of the night service: when the desk answers, and when it answers next.
//!
//! Hours are given by weekday in minutes of the city's wall clock. A span may run past midnight; then it belongs to the
//! day on which it began. Public holidays and one-off closures are not here yet.

use crate::time::{At, Millis, weekday_letter};
use serde::{Deserialize, Serialize};
use time::{Date, Weekday};

const DAY_MINUTES: u16 = 24 * 60;

/// From the first minute up to, but not including, the second: minutes since midnight. The end may lie past midnight
/// (`[1080, 1500]` is 18:00 to 01:00).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(u16, u16)", into = "(u16, u16)")]
pub struct Span {
    from_minute: u16,
    until_minute: u16,
}

/// The minutes are no span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a span begins before 24:00, ends after it begins and within 24 hours")]
pub struct InvalidSpan;

impl TryFrom<(u16, u16)> for Span {
    type Error = InvalidSpan;

    fn try_from((from_minute, until_minute): (u16, u16)) -> Result<Self, Self::Error> {
        let fits = from_minute < DAY_MINUTES && from_minute < until_minute && until_minute - from_minute <= DAY_MINUTES;
        if fits {
            Ok(Self {
                from_minute,
                until_minute,
            })
        } else {
            Err(InvalidSpan)
        }
    }
}

impl From<Span> for (u16, u16) {
    fn from(span: Span) -> Self {
        (span.from_minute, span.until_minute)
    }
}

impl Span {
    fn text(self) -> String {
        if self.until_minute - self.from_minute == DAY_MINUTES {
            return "24時間".to_owned();
        }
        format!("{} – {}", clock(self.from_minute), clock(self.until_minute))
    }
}

/// 1080 is 「18:00」; 1440 is 「24:00」, 1500 is 「01:00」.
fn clock(minute: u16) -> String {
    let minute = if minute > DAY_MINUTES {
        minute - DAY_MINUTES
    } else {
        minute
    };
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Opening hours of a week, stored as JSON: `{"mon":[[1080,1320]], …}`. A day without spans is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "days of the week")]
pub struct Hours {
    pub mon: Vec<Span>,
    pub tue: Vec<Span>,
    pub wed: Vec<Span>,
    pub thu: Vec<Span>,
    pub fri: Vec<Span>,
    pub sat: Vec<Span>,
    pub sun: Vec<Span>,
}

impl Hours {
    /// The same spans on every day of the week.
    #[must_use]
    pub fn every_day(spans: &[Span]) -> Self {
        let day = || spans.to_vec();
        Self {
            mon: day(),
            tue: day(),
            wed: day(),
            thu: day(),
            fri: day(),
            sat: day(),
            sun: day(),
        }
    }

    /// Open at all times.
    #[must_use]
    pub fn always() -> Self {
        Self::every_day(&[Span {
            from_minute: 0,
            until_minute: DAY_MINUTES,
        }])
    }

    /// The spans that begin on a weekday.
    #[must_use]
    pub fn on(&self, weekday: Weekday) -> &[Span] {
        match weekday {
            Weekday::Monday => &self.mon,
            Weekday::Tuesday => &self.tue,
            Weekday::Wednesday => &self.wed,
            Weekday::Thursday => &self.thu,
            Weekday::Friday => &self.fri,
            Weekday::Saturday => &self.sat,
            Weekday::Sunday => &self.sun,
        }
    }

    /// Whether the desk answers at this moment.
    #[must_use]
    pub fn is_open(&self, at: At) -> bool {
        self.open_span(at).is_some()
    }

    /// When the desk that is open at `at` closes; nothing while it is closed, and nothing when one span follows the other for
    /// a week: then nobody is sent home.
    #[must_use]
    pub fn closes_at(&self, at: At) -> Option<At> {
        self.open_span(at)?;
        let mut until = at;
        for _ in 0..=14 {
            match self.span_end(until) {
                Some(end) => until = end,
                None => return Some(until),
            }
        }
        None
    }

    /// The end of the span in which this instant lies.
    fn span_end(&self, at: At) -> Option<At> {
        let span = self.open_span(at)?;
        let there = at.in_tokyo();
        let minute = u16::from(there.hour()) * 60 + u16::from(there.minute());
        let began = match minute >= span.from_minute {
            true => At::start_of(at.date()),
            false => At::start_of(at.date().previous_day()?),
        };
        Some(began + Millis::minutes(i64::from(span.until_minute)))
    }

    /// When the desk answers next; `at` itself while it is open, nothing when it never opens.
    #[must_use]
    pub fn next_opening(&self, at: At) -> Option<At> {
        if self.is_open(at) {
            return Some(at);
        }
        let mut date = at.date();
        for _ in 0..=7 {
            let opens = self
                .on(date.weekday())
                .iter()
                .map(|span| opening(date, *span))
                .filter(|opens| *opens > at);
            if let Some(opens) = opens.min() {
                return Some(opens);
            }
            date = date.next_day()?;
        }
        None
    }

    /// 「18:00 – 22:00」 while open; 「次は今日18:00から」 or 「次は11月24日（火）18:00から」 while closed.
    #[must_use]
    pub fn text(&self, at: At) -> String {
        if let Some(span) = self.open_span(at) {
            return span.text();
        }
        match self.next_opening(at) {
            None => "休止しています".to_owned(),
            Some(opens) if opens.date() == at.date() => format!("次は今日{}から", opens.clock()),
            Some(opens) => {
                let date = opens.date();
                let weekday = weekday_letter(date.weekday());
                format!(
                    "次は{}月{}日（{weekday}）{}から",
                    u8::from(date.month()),
                    date.day(),
                    opens.clock()
                )
            }
        }
    }

    /// 「月 18:00 – 22:00」, one line a weekday from Monday.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut weekday = Weekday::Monday;
        let mut lines = Vec::with_capacity(7);
        for _ in 0..7 {
            let spans: Vec<String> = self.on(weekday).iter().map(|span| span.text()).collect();
            let spans = if spans.is_empty() {
                "休み".to_owned()
            } else {
                spans.join("、")
            };
            lines.push(format!("{} {spans}", weekday_letter(weekday)));
            weekday = weekday.next();
        }
        lines
    }

    fn open_span(&self, at: At) -> Option<Span> {
        let there = at.in_tokyo();
        let minute = u16::from(there.hour()) * 60 + u16::from(there.minute());
        let today = self.on(there.weekday()).iter();
        let late = self.on(there.weekday().previous()).iter();
        let is_in = |span: &Span, minute: u16| (span.from_minute..span.until_minute).contains(&minute);
        today
            .filter(|span| is_in(span, minute))
            .chain(late.filter(|span| is_in(span, minute + DAY_MINUTES)))
            .next()
            .copied()
    }
}

fn opening(date: Date, span: Span) -> At {
    At::start_of(date) + Millis::minutes(i64::from(span.from_minute))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_date;

    fn span(from: u16, until: u16) -> Span {
        Span::try_from((from, until)).expect("a span")
    }

    /// 2026-11-22 is a Sunday.
    fn at(date: &str, hour: i64, minute: i64) -> At {
        At::start_of(parse_date(date).expect("a date")) + Millis::minutes(hour * 60 + minute)
    }

    fn weekday_evenings() -> Hours {
        let evening = vec![span(1080, 1320)];
        Hours {
            sat: Vec::new(),
            sun: Vec::new(),
            ..Hours::every_day(&evening)
        }
    }

    #[test]
    fn the_desk_opens_on_the_minute_and_closes_on_the_minute() {
        let hours = weekday_evenings();
        assert!(!hours.is_open(at("2026-11-24", 17, 59)));
        assert!(hours.is_open(at("2026-11-24", 18, 0)));
        assert!(hours.is_open(at("2026-11-24", 21, 59)));
        assert!(!hours.is_open(at("2026-11-24", 22, 0)));
        assert_eq!(hours.text(at("2026-11-24", 19, 0)), "18:00 – 22:00");
    }

    #[test]
    fn a_family_that_comes_outside_of_hours_is_told_when_to_come_back() {
        let hours = weekday_evenings();
        assert_eq!(hours.text(at("2026-11-24", 9, 0)), "次は今日18:00から");
        assert_eq!(hours.text(at("2026-11-22", 19, 0)), "次は11月23日（月）18:00から");
        assert_eq!(hours.text(at("2026-11-27", 23, 0)), "次は11月30日（月）18:00から");
        assert_eq!(
            hours.next_opening(at("2026-11-24", 19, 0)),
            Some(at("2026-11-24", 19, 0))
        );
    }

    #[test]
    fn a_night_that_runs_past_midnight_belongs_to_the_day_it_began_on() {
        let hours = Hours {
            fri: vec![span(1080, 1500)],
            ..Hours::default()
        };
        assert!(hours.is_open(at("2026-11-28", 0, 59)));
        assert!(!hours.is_open(at("2026-11-28", 1, 0)));
        assert!(!hours.is_open(at("2026-11-27", 0, 30)));
        assert_eq!(hours.text(at("2026-11-28", 0, 10)), "18:00 – 01:00");
        assert_eq!(hours.text(at("2026-11-28", 2, 0)), "次は12月4日（金）18:00から");
    }

    #[test]
    fn a_family_that_came_in_time_is_sent_home_when_the_desk_closes_and_never_where_it_does_not() {
        let hours = weekday_evenings();
        assert_eq!(hours.closes_at(at("2026-11-24", 19, 0)), Some(at("2026-11-24", 22, 0)));
        assert_eq!(hours.closes_at(at("2026-11-24", 23, 0)), None, "it is closed");
        assert_eq!(Hours::always().closes_at(at("2026-11-24", 19, 0)), None);
        let late = Hours {
            fri: vec![span(1080, 1500)],
            ..Hours::default()
        };
        assert_eq!(late.closes_at(at("2026-11-28", 0, 30)), Some(at("2026-11-28", 1, 0)));
        let whole_night = Hours {
            fri: vec![span(1080, 1440)],
            sat: vec![span(0, 360)],
            ..Hours::default()
        };
        assert_eq!(
            whole_night.closes_at(at("2026-11-27", 20, 0)),
            Some(at("2026-11-28", 6, 0))
        );
    }

    #[test]
    fn a_desk_without_hours_never_opens_and_one_with_all_hours_never_closes() {
        assert_eq!(Hours::default().text(at("2026-11-22", 3, 0)), "休止しています");
        assert_eq!(Hours::default().next_opening(at("2026-11-22", 3, 0)), None);
        assert!(Hours::always().is_open(at("2026-11-22", 23, 59)));
        assert_eq!(Hours::always().text(at("2026-11-22", 0, 0)), "24時間");
    }

    #[test]
    fn hours_are_stored_as_json_and_spans_that_cannot_be_are_refused() {
        let json = r#"{"mon":[[1080,1320]]}"#;
        let hours: Hours = serde_json::from_str(json).expect("hours");
        assert_eq!(hours.lines()[0], "月 18:00 – 22:00");
        assert_eq!(hours.lines()[1], "火 休み");
        assert!(serde_json::from_str::<Hours>(r#"{"mon":[[1320,1080]]}"#).is_err());
        assert!(serde_json::from_str::<Hours>(r#"{"mon":[[1500,1600]]}"#).is_err());
    }
}
