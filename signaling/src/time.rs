//! Instants, and the city's wall clock.
//!
//! An instant is milliseconds since the Unix epoch in UTC; every name that holds one ends in `_at`. Dates and hours that
//! people see are Asia/Tokyo, which has been UTC+9 without daylight saving since 1951, so no time-zone database is
//! needed. Nothing here reads a clock.

use serde::{Deserialize, Serialize};
use std::{fmt, ops::Add};
use time::{Date, OffsetDateTime, UtcOffset, Weekday};

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct At(pub i64);

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub i64);

impl Millis {
    /// A length of whole seconds.
    #[must_use]
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds * 1000)
    }

    /// A length of whole minutes.
    #[must_use]
    pub const fn minutes(minutes: i64) -> Self {
        Self::seconds(minutes * 60)
    }

    /// A length of whole hours.
    #[must_use]
    pub const fn hours(hours: i64) -> Self {
        Self::minutes(hours * 60)
    }

    /// A length of whole days of 24 hours.
    #[must_use]
    pub const fn days(days: i64) -> Self {
        Self::hours(days * 24)
    }
}

impl Add<Millis> for At {
    type Output = Self;

    fn add(self, length: Millis) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}

impl At {
    /// Whole seconds from `earlier` to this instant; 0 when it is not earlier.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.0.saturating_sub(earlier.0)).max(0) / 1000
    }

    /// The instant on the city's wall clock. Instants outside the years ±9999 show as the epoch.
    #[must_use]
    pub fn in_tokyo(self) -> OffsetDateTime {
        let tokyo = UtcOffset::from_hms(9, 0, 0).unwrap_or(UtcOffset::UTC);
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .to_offset(tokyo)
    }

    /// The calendar date in the city.
    #[must_use]
    pub fn date(self) -> Date {
        self.in_tokyo().date()
    }

    /// `19:42` on the city's wall clock.
    #[must_use]
    pub fn clock(self) -> String {
        let there = self.in_tokyo();
        format!("{:02}:{:02}", there.hour(), there.minute())
    }

    /// `19:42:08` on the city's wall clock.
    #[must_use]
    pub fn clock_with_seconds(self) -> String {
        let there = self.in_tokyo();
        format!("{:02}:{:02}:{:02}", there.hour(), there.minute(), there.second())
    }

    /// `2026-11-22`.
    #[must_use]
    pub fn date_text(self) -> String {
        DateText(self.date()).to_string()
    }

    /// The instant at which `date` begins in the city.
    #[must_use]
    pub fn start_of(date: Date) -> Self {
        Self((date.midnight().assume_utc().unix_timestamp() - 9 * 3600) * 1000)
    }
}

/// A date as `2026-11-22`.
#[derive(Clone, Copy, Debug)]
pub struct DateText(pub Date);

impl fmt::Display for DateText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}",
            self.0.year(),
            u8::from(self.0.month()),
            self.0.day()
        )
    }
}

/// The weekday's Japanese letter.
#[must_use]
pub fn weekday_letter(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "月",
        Weekday::Tuesday => "火",
        Weekday::Wednesday => "水",
        Weekday::Thursday => "木",
        Weekday::Friday => "金",
        Weekday::Saturday => "土",
        Weekday::Sunday => "日",
    }
}

/// Reads `2026-11-22`.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.trim().splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = time::Month::try_from(parts.next()?.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year, month, parts.next()?.parse().ok()?).ok()
}

/// The fiscal year (April to March) that `date` lies in, named by its first calendar year.
#[must_use]
pub fn fiscal_year(date: Date) -> i32 {
    if u8::from(date.month()) >= 4 {
        date.year()
    } else {
        date.year() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_citys_day_begins_at_fifteen_hours_utc() {
        let at = At(1_795_359_600_000); // 2026-11-22T15:00:00Z
        assert_eq!(at.date_text(), "2026-11-23");
        assert_eq!(at.clock(), "00:00");
        assert_eq!(At::start_of(at.date()), at);
    }

    #[test]
    fn the_fiscal_year_turns_on_the_first_of_april() {
        let date = |text| parse_date(text).expect("a date");
        assert_eq!(fiscal_year(date("2026-03-31")), 2025);
        assert_eq!(fiscal_year(date("2026-04-01")), 2026);
    }

    #[test]
    fn a_date_that_does_not_exist_is_not_read() {
        assert_eq!(parse_date("2026-02-29"), None);
        assert_eq!(parse_date("abc"), None);
    }
}
