//! Held against the Cabinet Office's list (「国民の祝日について」) for 2026 and 2027, and for 2028 to 2030 against two published
//! calendars that compute it each in their own way (`jpholiday` 1.0.3 and `holidays` for Python, which agree on every day to 2099).

use super::*;
use crate::time::{DateText, parse_date};

fn days_of(year: i32) -> impl Iterator<Item = Date> {
    let first = Date::from_calendar_date(year, Month::January, 1).expect("a date");
    std::iter::successors(Some(first), |day| day.next_day()).take_while(move |day| day.year() == year)
}

fn is(year: i32, expected: &[(&str, &str)]) {
    let found: Vec<(String, &str)> = days_of(year)
        .filter_map(|day| holiday(day).map(|name| (DateText(day).to_string()[5..].to_owned(), name)))
        .collect();
    let found: Vec<(&str, &str)> = found.iter().map(|(day, name)| (day.as_str(), *name)).collect();
    assert_eq!(found, expected, "{year}");
}

fn name(date: &str) -> Option<&'static str> {
    holiday(parse_date(date).expect("a date"))
}

#[test]
fn the_holidays_of_this_year_with_a_monday_a_day_between_and_an_equinox_in_a_row() {
    is(
        2026,
        &[
            ("01-01", "元日"),
            ("01-12", "成人の日"),
            ("02-11", "建国記念の日"),
            ("02-23", "天皇誕生日"),
            ("03-20", "春分の日"),
            ("04-29", "昭和の日"),
            ("05-03", "憲法記念日"),
            ("05-04", "みどりの日"),
            ("05-05", "こどもの日"),
            ("05-06", "振替休日"),
            ("07-20", "海の日"),
            ("08-11", "山の日"),
            ("09-21", "敬老の日"),
            ("09-22", "国民の休日"),
            ("09-23", "秋分の日"),
            ("10-12", "スポーツの日"),
            ("11-03", "文化の日"),
            ("11-23", "勤労感謝の日"),
        ],
    );
}

#[test]
fn the_holidays_of_2027_when_spring_begins_on_a_sunday() {
    is(
        2027,
        &[
            ("01-01", "元日"),
            ("01-11", "成人の日"),
            ("02-11", "建国記念の日"),
            ("02-23", "天皇誕生日"),
            ("03-21", "春分の日"),
            ("03-22", "振替休日"),
            ("04-29", "昭和の日"),
            ("05-03", "憲法記念日"),
            ("05-04", "みどりの日"),
            ("05-05", "こどもの日"),
            ("07-19", "海の日"),
            ("08-11", "山の日"),
            ("09-20", "敬老の日"),
            ("09-23", "秋分の日"),
            ("10-11", "スポーツの日"),
            ("11-03", "文化の日"),
            ("11-23", "勤労感謝の日"),
        ],
    );
}

#[test]
fn the_holidays_of_2028_in_which_none_falls_on_a_sunday() {
    is(
        2028,
        &[
            ("01-01", "元日"),
            ("01-10", "成人の日"),
            ("02-11", "建国記念の日"),
            ("02-23", "天皇誕生日"),
            ("03-20", "春分の日"),
            ("04-29", "昭和の日"),
            ("05-03", "憲法記念日"),
            ("05-04", "みどりの日"),
            ("05-05", "こどもの日"),
            ("07-17", "海の日"),
            ("08-11", "山の日"),
            ("09-18", "敬老の日"),
            ("09-22", "秋分の日"),
            ("10-09", "スポーツの日"),
            ("11-03", "文化の日"),
            ("11-23", "勤労感謝の日"),
        ],
    );
}

#[test]
fn the_holidays_of_2029_with_three_that_fall_on_a_sunday() {
    is(
        2029,
        &[
            ("01-01", "元日"),
            ("01-08", "成人の日"),
            ("02-11", "建国記念の日"),
            ("02-12", "振替休日"),
            ("02-23", "天皇誕生日"),
            ("03-20", "春分の日"),
            ("04-29", "昭和の日"),
            ("04-30", "振替休日"),
            ("05-03", "憲法記念日"),
            ("05-04", "みどりの日"),
            ("05-05", "こどもの日"),
            ("07-16", "海の日"),
            ("08-11", "山の日"),
            ("09-17", "敬老の日"),
            ("09-23", "秋分の日"),
            ("09-24", "振替休日"),
            ("10-08", "スポーツの日"),
            ("11-03", "文化の日"),
            ("11-23", "勤労感謝の日"),
        ],
    );
}

#[test]
fn the_holidays_of_2030_when_children_have_their_day_on_a_sunday() {
    is(
        2030,
        &[
            ("01-01", "元日"),
            ("01-14", "成人の日"),
            ("02-11", "建国記念の日"),
            ("02-23", "天皇誕生日"),
            ("03-20", "春分の日"),
            ("04-29", "昭和の日"),
            ("05-03", "憲法記念日"),
            ("05-04", "みどりの日"),
            ("05-05", "こどもの日"),
            ("05-06", "振替休日"),
            ("07-15", "海の日"),
            ("08-11", "山の日"),
            ("08-12", "振替休日"),
            ("09-16", "敬老の日"),
            ("09-23", "秋分の日"),
            ("10-14", "スポーツの日"),
            ("11-03", "文化の日"),
            ("11-04", "振替休日"),
            ("11-23", "勤労感謝の日"),
        ],
    );
}

#[test]
fn a_sunday_among_other_holidays_is_made_up_for_after_the_last_of_them() {
    assert_eq!(name("2026-05-03"), Some("憲法記念日"));
    assert_eq!(name("2026-05-06"), Some("振替休日"));
    assert_eq!(name("2026-05-07"), None);
    assert_eq!(name("2025-05-06"), Some("振替休日"), "4 May 2025 was the Sunday");
}

#[test]
fn a_day_between_two_holidays_is_one_and_a_day_beside_one_is_none() {
    assert_eq!(name("2026-09-22"), Some("国民の休日"));
    assert_eq!(name("2027-09-21"), None);
    assert_eq!(name("2032-09-21"), Some("国民の休日"), "the next one");
}

#[test]
fn the_equinoxes_wander_with_the_leap_years() {
    let spring: Vec<u8> = (2024..=2031).map(vernal_equinox).collect();
    let autumn: Vec<u8> = (2024..=2031).map(autumnal_equinox).collect();
    assert_eq!(spring, [20, 20, 20, 21, 20, 20, 20, 21]);
    assert_eq!(autumn, [22, 23, 23, 23, 22, 23, 23, 23]);
    assert_eq!(vernal_equinox(2092), 19, "the first on a nineteenth");
}

#[test]
fn every_year_has_its_sixteen_days_and_what_follows_from_sundays() {
    for year in YEARS {
        let all: Vec<&str> = days_of(year).filter_map(holiday).collect();
        let made_up = all
            .iter()
            .filter(|name| ["振替休日", "国民の休日"].contains(name))
            .count();
        assert_eq!(all.len() - made_up, 16, "{year}");
        assert!(made_up <= 5, "{year}");
    }
}

#[test]
fn outside_of_the_years_that_the_rule_is_good_for_nothing_is_claimed() {
    assert_eq!(name("2021-01-01"), None);
    assert_eq!(name("2100-01-01"), None);
}
