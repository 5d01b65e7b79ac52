//! Whom the consultation is about: a child, a pregnant woman, or a mother after birth.
//!
//! A birth date may be known to the month only. Then every age that is possible counts: rules look at the whole
//! [`AgeRange`], and any age that fires, fires.

mod band;

pub use band::SubjectBand;

use crate::time::parse_date;
use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month};

/// A child's birth date, by day or by month.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Born {
    /// The day is known.
    On(Date),
    /// Only the month is known.
    In {
        /// Calendar year.
        year: i32,
        /// Calendar month.
        month: Month,
    },
}

crate::redacted_debug!(Born {});

impl Born {
    fn first_day(self) -> Option<Date> {
        match self {
            Self::On(date) => Some(date),
            Self::In { year, month } => Date::from_calendar_date(year, month, 1).ok(),
        }
    }

    fn last_day(self) -> Option<Date> {
        match self {
            Self::On(date) => Some(date),
            Self::In { year, month } => Date::from_calendar_date(year, month, month.length(year)).ok(),
        }
    }
}

impl From<Born> for String {
    fn from(born: Born) -> Self {
        match born {
            Born::On(date) => crate::time::DateText(date).to_string(),
            Born::In { year, month } => format!("{year:04}-{:02}", u8::from(month)),
        }
    }
}

impl TryFrom<String> for Born {
    type Error = SubjectFault;

    /// Reads `2024-08-15` or `2024-08`.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        if let Some(date) = parse_date(&text) {
            return Ok(Self::On(date));
        }
        let (year, month) = text.trim().split_once('-').ok_or(SubjectFault::Date)?;
        let year = year.parse().map_err(|_| SubjectFault::Date)?;
        let month = month
            .parse::<u8>()
            .ok()
            .and_then(|m| Month::try_from(m).ok())
            .ok_or(SubjectFault::Date)?;
        Ok(Self::In { year, month })
    }
}

/// Whom the consultation is about.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// お子さん.
    Child {
        /// Birth date, by day or month.
        born: Born,
    },
    /// 妊娠中.
    Pregnant {
        /// Expected date of delivery (40 weeks 0 days).
        #[serde(with = "date_text")]
        due: Date,
    },
    /// 産後.
    Postpartum {
        /// Date of birth of the baby.
        #[serde(with = "date_text")]
        gave_birth: Date,
    },
}

crate::redacted_debug!(Subject: Child, Pregnant, Postpartum);

/// Why a date does not fit a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectFault {
    /// Not a date, or missing.
    #[error("not a date")]
    Date,
    /// A birth in the future.
    #[error("the date lies in the future")]
    Future,
    /// Older than the desk is for, or a pregnancy outside 0 to 43 weeks.
    #[error("outside of what this desk is for")]
    Range,
}

/// Ages in completed calendar months that are possible on a day, youngest and oldest, both inclusive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AgeRange {
    /// The youngest that the child can be.
    pub youngest_months: u32,
    /// The oldest that the child can be.
    pub oldest_months: u32,
}

crate::redacted_debug!(AgeRange {});

impl AgeRange {
    /// Whether some possible age lies in `from..until` (until exclusive).
    #[must_use]
    pub fn touches(self, from_months: u32, until_months: u32) -> bool {
        self.oldest_months >= from_months && self.youngest_months < until_months
    }
}

/// Completed calendar months between two dates: the month turns on the same day number, or on the first day of the next
/// month where the month has no such day.
#[must_use]
pub fn months_between(from: Date, to: Date) -> u32 {
    let months = (to.year() - from.year()) * 12 + i32::from(u8::from(to.month())) - i32::from(u8::from(from.month()));
    let complete = if to.day() < from.day() { months - 1 } else { months };
    u32::try_from(complete).unwrap_or(0)
}

/// Oldest child that the desk is for, in months (domain rules cover 0 to under 15 years; 中学生 to 15).
const OLDEST_CHILD_MONTHS: u32 = 16 * 12;

impl Subject {
    /// Checks the dates against today.
    ///
    /// # Errors
    /// A birth in the future, a child older than 15 years, a pregnancy outside 0 to 43 weeks, more than 2 years after birth.
    pub fn checked(self, today: Date) -> Result<Self, SubjectFault> {
        match self {
            Self::Child { born } => {
                let first = born.first_day().ok_or(SubjectFault::Date)?;
                if first > today {
                    return Err(SubjectFault::Future);
                }
                let old = months_between(first, today) >= OLDEST_CHILD_MONTHS;
                if old { Err(SubjectFault::Range) } else { Ok(self) }
            }
            Self::Pregnant { due } => {
                let days = gestation_days(due, today);
                if (0..=43 * 7 + 6).contains(&days) {
                    Ok(self)
                } else {
                    Err(SubjectFault::Range)
                }
            }
            Self::Postpartum { gave_birth } => {
                if gave_birth > today {
                    return Err(SubjectFault::Future);
                }
                let long_ago = months_between(gave_birth, today) >= 24;
                if long_ago { Err(SubjectFault::Range) } else { Ok(self) }
            }
        }
    }

    /// The child's possible ages today; nothing for other subjects.
    #[must_use]
    pub fn age(self, today: Date) -> Option<AgeRange> {
        let Self::Child { born } = self else { return None };
        let oldest = born.first_day()?;
        let youngest = born.last_day()?.min(today);
        Some(AgeRange {
            youngest_months: months_between(youngest, today),
            oldest_months: months_between(oldest, today),
        })
    }

    /// Completed weeks and days of pregnancy today; nothing for other subjects.
    #[must_use]
    pub fn gestation(self, today: Date) -> Option<(u32, u32)> {
        let Self::Pregnant { due } = self else { return None };
        let days = u32::try_from(gestation_days(due, today)).unwrap_or(0);
        Some((days / 7, days % 7))
    }

    /// Days since birth; nothing for other subjects.
    #[must_use]
    pub fn postpartum_days(self, today: Date) -> Option<u32> {
        let Self::Postpartum { gave_birth } = self else {
            return None;
        };
        u32::try_from((today - gave_birth).whole_days()).ok()
    }

    /// 「2歳3か月」「生後5か月」「妊娠28週」「産後6週」, as the desk and the family read it.
    #[must_use]
    pub fn label(self, today: Date) -> String {
        match self {
            Self::Child { .. } => self.age(today).map_or_else(|| "お子さん".to_owned(), age_label),
            Self::Pregnant { .. } => {
                let (weeks, days) = self.gestation(today).unwrap_or_default();
                if days == 0 {
                    format!("妊娠{weeks}週")
                } else {
                    format!("妊娠{weeks}週{days}日")
                }
            }
            Self::Postpartum { .. } => {
                let days = self.postpartum_days(today).unwrap_or_default();
                if days < 7 {
                    format!("産後{days}日")
                } else {
                    format!("産後{}週", days / 7)
                }
            }
        }
    }

    /// The band that figures are kept by (domain: KPI breakdowns).
    #[must_use]
    pub fn band(self, today: Date) -> SubjectBand {
        match self {
            Self::Child { .. } => match self.age(today).map_or(0, |age| age.oldest_months) {
                0..=2 => SubjectBand::Child0To2Months,
                3..=5 => SubjectBand::Child3To5Months,
                6..=11 => SubjectBand::Child6To11Months,
                12..=23 => SubjectBand::Child1Year,
                24..=35 => SubjectBand::Child2Years,
                36..=71 => SubjectBand::Child3To5Years,
                72..=143 => SubjectBand::Child6To11Years,
                _ => SubjectBand::Child12YearsUp,
            },
            Self::Pregnant { .. } => match self.gestation(today).map_or(0, |(weeks, _)| weeks) {
                0..=15 => SubjectBand::PregnantTo15Weeks,
                16..=27 => SubjectBand::Pregnant16To27Weeks,
                _ => SubjectBand::Pregnant28WeeksUp,
            },
            Self::Postpartum { .. } => SubjectBand::Postpartum,
        }
    }
}

/// A due date for somebody who knows weeks and days only.
#[must_use]
pub fn due_from_weeks(weeks: u32, days: u32, today: Date) -> Option<Date> {
    if weeks > 43 || days > 6 {
        return None;
    }
    today.checked_add(Duration::days(280 - i64::from(weeks * 7 + days)))
}

fn gestation_days(due: Date, today: Date) -> i64 {
    280 - (due - today).whole_days()
}

fn age_label(age: AgeRange) -> String {
    let one = |months: u32| match (months / 12, months % 12) {
        (0, m) => format!("生後{m}か月"),
        (y, m) => format!("{y}歳{m}か月"),
    };
    if age.youngest_months == age.oldest_months {
        one(age.oldest_months)
    } else {
        format!("{}ごろ", one(age.oldest_months))
    }
}

mod date_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use time::Date;

    pub(super) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&crate::time::DateText(*date))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        crate::time::parse_date(&text).ok_or_else(|| D::Error::custom("a date is YYYY-MM-DD"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        parse_date(text).expect("a date")
    }

    fn child(born: &str) -> Subject {
        Subject::Child {
            born: Born::try_from(born.to_owned()).expect("a birth date"),
        }
    }

    #[test]
    fn three_months_are_counted_by_the_calendar_not_in_days() {
        let age = |born, today| child(born).age(date(today)).expect("a child").oldest_months;
        assert_eq!(age("2026-08-23", "2026-11-22"), 2); // 91 days, not yet three months
        assert_eq!(age("2026-08-22", "2026-11-22"), 3);
        assert_eq!(age("2026-11-30", "2027-02-28"), 2); // 90 days; February has no 30th
        assert_eq!(age("2026-11-30", "2027-03-01"), 3); // 91 days
    }

    #[test]
    fn a_month_alone_spans_every_age_it_allows() {
        let age = child("2026-08").age(date("2026-11-22")).expect("a child");
        assert_eq!((age.youngest_months, age.oldest_months), (2, 3));
        assert!(age.touches(0, 3), "the youngest possible age is under three months");
    }

    #[test]
    fn a_child_born_this_month_is_never_younger_than_born_today() {
        let age = child("2026-11").age(date("2026-11-02")).expect("a child");
        assert_eq!((age.youngest_months, age.oldest_months), (0, 0));
    }

    #[test]
    fn weeks_of_pregnancy_turn_at_day_seven() {
        let today = date("2026-11-22");
        let at = |weeks, days| {
            let due = due_from_weeks(weeks, days, today).expect("a due date");
            Subject::Pregnant { due }.gestation(today)
        };
        assert_eq!(at(21, 6), Some((21, 6)));
        assert_eq!(at(22, 0), Some((22, 0)));
    }

    #[test]
    fn dates_that_cannot_be_are_refused() {
        let today = date("2026-11-22");
        assert_eq!(child("2026-11-23").checked(today), Err(SubjectFault::Future));
        assert_eq!(child("2009-01-01").checked(today), Err(SubjectFault::Range));
        let long = Subject::Pregnant {
            due: date("2028-01-01"),
        };
        assert_eq!(long.checked(today), Err(SubjectFault::Range));
    }

    #[test]
    fn labels_read_as_the_desk_says_them() {
        let today = date("2026-11-22");
        assert_eq!(child("2024-08-20").label(today), "2歳3か月");
        assert_eq!(child("2026-06-01").label(today), "生後5か月");
        let due = due_from_weeks(28, 0, today).expect("a due date");
        assert_eq!(Subject::Pregnant { due }.label(today), "妊娠28週");
    }
}
