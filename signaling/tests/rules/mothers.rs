//! Women before and after birth: completed weeks, days since birth, temperatures by the tenth, and the EPDS where a clinician
//! has given it.

use super::{after_birth, all_fired, child_of, delivered, fired, fired_at, pregnant, rule, signs_of};
use signaling::{subject::Subject, triage::Epds};

const TWELVE_WEEKS: i64 = 84;
const ONE_YEAR: i64 = 365;

fn fires(subject: Subject, sign: &str, expected: &str) {
    assert_eq!(fired(subject, &[sign]), [expected], "{sign}");
}

fn is_silent(subject: Subject, sign: &str) {
    assert!(fired(subject, &[sign]).is_empty(), "{sign}");
}

#[test]
fn convulsions_call_for_an_ambulance_in_every_week_and_for_twelve_weeks_after_birth() {
    for (weeks, days) in [(0, 0), (21, 6), (22, 0), (43, 6)] {
        fires(pregnant(weeks, days), "m01_convulsion", "M01 call_119");
    }
    for days in [0, TWELVE_WEEKS - 1, TWELVE_WEEKS] {
        fires(after_birth(days), "m01_convulsion", "M01 call_119");
    }
    is_silent(after_birth(TWELVE_WEEKS + 1), "m01_convulsion");
    is_silent(child_of(12), "m01_convulsion");
}

#[test]
fn bleeding_in_pregnancy_is_an_ambulance_or_a_call_by_how_much_it_is_in_every_week() {
    for (weeks, days) in [(0, 0), (21, 6), (22, 0), (43, 6)] {
        let her = pregnant(weeks, days);
        for sign in ["m02_heavy_bleeding", "m02_rigid"] {
            fires(her, sign, "M02 call_119");
        }
        for sign in ["m02_bleeding", "m02_waters"] {
            fires(her, sign, "M02 call_obstetrics");
        }
        assert_eq!(
            fired(her, &["m02_bleeding", "m02_rigid"]),
            ["M02 call_119", "M02 call_obstetrics"],
            "both parts, the graver first"
        );
    }
    for sign in signs_of(rule("M02")) {
        is_silent(after_birth(3), &sign);
        is_silent(child_of(12), &sign);
    }
}

#[test]
fn regular_contractions_count_before_thirty_seven_weeks() {
    fires(pregnant(36, 6), "m02_contractions", "M02 call_obstetrics");
    is_silent(pregnant(37, 0), "m02_contractions");
}

#[test]
fn a_baby_that_moves_less_counts_from_twenty_two_weeks_and_no_days() {
    is_silent(pregnant(21, 6), "m03_movement");
    fires(pregnant(22, 0), "m03_movement", "M03 call_obstetrics");
    fires(pregnant(41, 0), "m03_movement", "M03 call_obstetrics");
    is_silent(after_birth(0), "m03_movement");
}

#[test]
fn a_lasting_headache_counts_from_twenty_weeks_until_twelve_weeks_after_birth() {
    let signs = signs_of(rule("M04"));
    assert_eq!(signs.len(), 4);
    for sign in &signs {
        is_silent(pregnant(19, 6), sign);
        fires(pregnant(20, 0), sign, "M04 call_obstetrics");
        fires(after_birth(TWELVE_WEEKS), sign, "M04 call_obstetrics");
        is_silent(after_birth(TWELVE_WEEKS + 1), sign);
    }
}

#[test]
fn short_breath_and_a_fever_count_until_a_year_after_birth() {
    for her in [pregnant(0, 0), pregnant(40, 0), after_birth(0), after_birth(ONE_YEAR)] {
        fires(her, "m05_breath", "M05 call_119");
        fires(her, "m05_leg", "M05 visit_now");
        fires(her, "m05_discharge", "M05 visit_now");
        assert!(fired_at(her, 379).is_empty());
        assert_eq!(fired_at(her, 380), ["M05 visit_now"]);
        assert_eq!(fired_at(her, 381), ["M05 visit_now"]);
        assert!(fired(her, &[]).is_empty(), "not taken is not \"none\"");
    }
    let later = after_birth(ONE_YEAR + 1);
    for sign in signs_of(rule("M05")) {
        is_silent(later, &sign);
    }
    assert!(fired_at(later, 400).is_empty());
    fires(after_birth(3), "m05_heavy_bleeding", "M05 call_119");
    is_silent(pregnant(20, 0), "m05_heavy_bleeding");
}

#[test]
fn thoughts_of_harm_come_first_and_show_the_lines_that_answer() {
    for her in [pregnant(10, 0), after_birth(0), after_birth(ONE_YEAR)] {
        fires(her, "m06_thoughts", "M06 talk_now");
        fires(her, "m06_now", "M06 call_119");
    }
    is_silent(after_birth(ONE_YEAR + 1), "m06_thoughts");
    let advice = |action| delivered().advice("M06", action);
    let numbers = |action| {
        advice(action)
            .lines
            .into_iter()
            .map(|line| line.number)
            .collect::<Vec<_>>()
    };
    let lines = ["0120-061-338", "0120-279-338", "0570-064-556"];
    assert_eq!(numbers(signaling::triage::Action::TalkNow), lines);
    let now = numbers(signaling::triage::Action::Call119);
    assert_eq!(now[0], "110");
    assert_eq!(now[1..], lines);
}

/// Points of the items before the tenth add up to `others`.
fn epds(others: u8, tenth: u8) -> Epds {
    let mut items = [0; 10];
    let mut left = others;
    for item in &mut items[..9] {
        *item = left.min(3);
        left -= *item;
    }
    items[9] = tenth;
    Epds::of(items).expect("points")
}

#[test]
fn an_epds_counts_by_its_total_before_and_after_birth_and_by_its_tenth_item_whatever_the_total() {
    let with = |subject, epds| all_fired(delivered(), subject, &[], None, Some(epds));
    let (before, after) = (pregnant(20, 0), after_birth(30));
    assert!(with(after, epds(8, 0)).is_empty());
    assert_eq!(with(after, epds(9, 0)), ["M06 second_class"]);
    assert!(with(before, epds(12, 0)).is_empty());
    assert_eq!(with(before, epds(13, 0)), ["M06 second_class"]);
    for her in [before, after] {
        assert_eq!(with(her, epds(0, 1)), ["M06 talk_now"]);
    }
    assert_eq!(with(after, epds(6, 3)), ["M06 talk_now", "M06 second_class"]);
    assert!(with(after_birth(ONE_YEAR + 1), epds(20, 3)).is_empty());
}
