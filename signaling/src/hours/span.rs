//! One span of opening hours.

use crate::time::{At, Millis};
use serde::{Deserialize, Serialize};
use time::Date;

const DAY_MINUTES: u16 = 24 * 60;

/// From the first minute up to, but not including, the second: minutes since midnight. The end may lie past midnight
/// (`[1080, 1500]` is 18:00 to 01:00).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// From midnight to midnight.
    pub const WHOLE_DAY: Self = Self {
        from_minute: 0,
        until_minute: DAY_MINUTES,
    };

    /// 「18:00 – 22:00」, 「24時間」.
    #[must_use]
    pub fn text(self) -> String {
        if self.until_minute - self.from_minute == DAY_MINUTES {
            return "24時間".to_owned();
        }
        format!("{} – {}", clock(self.from_minute), clock(self.until_minute))
    }

    /// Whether some minute lies in both, on the same day.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.from_minute < other.until_minute && other.from_minute < self.until_minute
    }

    /// Its length in minutes.
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.until_minute - self.from_minute
    }

    /// When it begins that belongs to a date.
    #[must_use]
    pub fn begins(self, date: Date) -> At {
        At::start_of(date) + Millis::minutes(i64::from(self.from_minute))
    }

    /// When it ends that belongs to a date, exclusive; may lie on the next day.
    #[must_use]
    pub fn ends(self, date: Date) -> At {
        At::start_of(date) + Millis::minutes(i64::from(self.until_minute))
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
