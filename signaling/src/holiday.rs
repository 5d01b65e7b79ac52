//! Public holidays of Japan, computed from the law: 国民の祝日に関する法律 (昭和23年法律第178号) as it stands since 2022.
//!
//! Promises: every date of 2022 to 2099 is a holiday or none, with its name; 振替休日 (Article 3, paragraph 2) and 国民の休日
//! (Article 3, paragraph 3) included. Tests hold the dates of 2026 to 2030, day by day.
//!
//! The two equinoxes are what the law leaves to the sky: the National Astronomical Observatory announces the dates of a year in
//! the February before it (暦要項). They are computed here by the formula for 1980 to 2099 in 『新こよみ便利帳』 (暦計算研究会編,
//! 恒星社厚生閣), which every announcement so far has agreed with. Should one differ, or the law change, a city writes down the
//! single day (`/admin/hours`) until this file is mended.
//!
//! Why computed and not a crate: those that are maintained hold global state or ask for a newer compiler than this project's, and
//! the rule is shorter than its table. Not here: holidays of a city's own, and days on which offices rest (12月29日 to 1月3日).

use time::{Date, Month, Weekday};

/// The years for which the answer is good.
pub const YEARS: std::ops::RangeInclusive<i32> = 2022..=2099;

/// The name of a public holiday (「勤労感謝の日」, 「振替休日」, 「国民の休日」); nothing on other days and outside of [`YEARS`].
#[must_use]
pub fn holiday(date: Date) -> Option<&'static str> {
    if !YEARS.contains(&date.year()) {
        return None;
    }
    named(date)
        .or_else(|| is_substitute(date).then_some("振替休日"))
        .or_else(|| is_between(date).then_some("国民の休日"))
}

/// Article 2: the days that have a name.
fn named(date: Date) -> Option<&'static str> {
    let (year, day) = (date.year(), date.day());
    // The n-th Monday of a month lies on these days.
    let monday = |nth: u8| date.weekday() == Weekday::Monday && (day - 1) / 7 + 1 == nth;
    match (date.month(), day) {
        (Month::January, 1) => Some("元日"),
        (Month::January, _) if monday(2) => Some("成人の日"),
        (Month::February, 11) => Some("建国記念の日"),
        (Month::February, 23) => Some("天皇誕生日"),
        (Month::March, day) if day == vernal_equinox(year) => Some("春分の日"),
        (Month::April, 29) => Some("昭和の日"),
        (Month::May, 3) => Some("憲法記念日"),
        (Month::May, 4) => Some("みどりの日"),
        (Month::May, 5) => Some("こどもの日"),
        (Month::July, _) if monday(3) => Some("海の日"),
        (Month::August, 11) => Some("山の日"),
        (Month::September, _) if monday(3) => Some("敬老の日"),
        (Month::September, day) if day == autumnal_equinox(year) => Some("秋分の日"),
        (Month::October, _) if monday(2) => Some("スポーツの日"),
        (Month::November, 3) => Some("文化の日"),
        (Month::November, 23) => Some("勤労感謝の日"),
        _ => None,
    }
}

/// Article 3, paragraph 2: where a named day falls on a Sunday, the nearest day after it that has no name is a holiday.
fn is_substitute(date: Date) -> bool {
    let mut before = date.previous_day();
    while let Some(day) = before.filter(|day| named(*day).is_some()) {
        if day.weekday() == Weekday::Sunday {
            return true;
        }
        before = day.previous_day();
    }
    false
}

/// Article 3, paragraph 3: a day without a name is a holiday where the days before and after it have one.
fn is_between(date: Date) -> bool {
    let is_named = |day: Option<Date>| day.and_then(named).is_some();
    is_named(date.previous_day()) && is_named(date.next_day())
}

/// The day of March on which the sun crosses the equator northwards, in Japan.
fn vernal_equinox(year: i32) -> u8 {
    equinox(208_431, year)
}

/// The day of September on which it crosses southwards.
fn autumnal_equinox(year: i32) -> u8 {
    equinox(232_488, year)
}

/// 20.8431 (spring) or 23.2488 (autumn) in 1980, later by 0.242194 days each year, and earlier by each leap day.
fn equinox(day_of_1980: i64, year: i32) -> u8 {
    let years = i64::from(year - 1980);
    let day = (day_of_1980 * 100 + 242_194 * years) / 1_000_000 - years / 4;
    u8::try_from(day).unwrap_or_default()
}

#[cfg(test)]
mod tests;
