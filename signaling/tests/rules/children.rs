//! Children: ages in calendar months, temperatures by the tenth.

use super::{all_fired, child, child_of, child_of_days, date, delivered, fired, fired_at, pregnant, rule, signs_of};
use ::time::Duration;
use signaling::{
    subject::{Born, Subject},
    triage::{Observed, RuleSet},
};

const FIVE_YEARS: u32 = 60;
const FIFTEEN_YEARS: u32 = 180;

/// Whose birthday, or day of the month, is tomorrow: so many months then.
fn tomorrow(months: u32) -> Subject {
    let Subject::Child { born: Born::On(day) } = child_of(months) else {
        unreachable!("a child is born on a day");
    };
    Subject::Child {
        born: Born::On(day + Duration::days(1)),
    }
}

/// Every sign of the rule fires it and nothing else at the first age and until the last day of it, and nothing from the
/// second on.
fn ends(id: &str, action: &str, last_months: u32, signs: &[String]) {
    for sign in signs {
        let expected = [format!("{id} {action}")];
        assert_eq!(fired(child_of(last_months), &[sign]), expected, "{sign}");
        assert_eq!(
            fired(tomorrow(last_months + 1), &[sign]),
            expected,
            "{sign}, the last day"
        );
        assert!(fired(child_of(last_months + 1), &[sign]).is_empty(), "{sign} is over");
        assert!(
            fired(pregnant(30, 0), &[sign]).is_empty(),
            "{sign} is asked of children"
        );
    }
}

#[test]
fn what_calls_for_an_ambulance_does_so_from_birth_until_the_fifteenth_birthday() {
    for id in ["C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08"] {
        let signs = signs_of(rule(id));
        assert!(!signs.is_empty(), "{id}");
        for sign in &signs {
            for months in [0, 3, 24, 60] {
                assert_eq!(
                    fired(child_of(months), &[sign]),
                    [format!("{id} call_119")],
                    "{sign}, {months}"
                );
            }
        }
        ends(id, "call_119", FIFTEEN_YEARS - 1, &signs);
    }
}

#[test]
fn a_swallowed_battery_sends_to_a_clinic_now_with_119_beside_it_until_fifteen() {
    ends("C11", "visit_now", FIFTEEN_YEARS - 1, &signs_of(rule("C11")));
    assert_eq!(fired(child_of(0), &["c11_battery"]), ["C11 visit_now"]);
    assert_eq!(rule("C11").lines[0].number, "119");
}

#[test]
fn what_is_unusual_about_a_baby_counts_under_three_months_only() {
    assert_eq!(fired(child_of(0), &["c09_unusual"]), ["C09 call_119"]);
    ends("C09", "call_119", 2, &["c09_unusual".to_owned()]);
    ends("C19", "visit_now", 2, &["c19_green".to_owned()]);
}

fn is_a_babys_fever(born: &str, on: &str) -> bool {
    let observed = Observed {
        subject: child(born),
        signs: &[],
        temperature_tenths: Some(380),
        epds: None,
    };
    let fired = delivered().evaluate_observed(&observed, date(on));
    fired.iter().any(|one| one.rule == "C10")
}

#[test]
fn three_months_end_on_the_calendar_day_not_after_ninety_days() {
    // Born on 2026-08-24, 23 and 22: the 22nd of November is the day on which the last is three months old.
    for (days, born, counts) in [
        (90, "2026-08-24", true),
        (91, "2026-08-23", true),
        (92, "2026-08-22", false),
    ] {
        assert_eq!(child_of_days(days), child(born));
        assert_eq!(is_a_babys_fever(born, "2026-11-22"), counts, "{days} days");
        for (sign, rule) in [("c09_unusual", "C09 call_119"), ("c19_green", "C19 visit_now")] {
            let expected: &[&str] = if counts { &[rule] } else { &[] };
            assert_eq!(fired(child(born), &[sign]), expected, "{sign}, {days} days");
        }
    }
    // Where months are short, eighty-nine days are three months and ninety are two.
    assert!(
        !is_a_babys_fever("2027-02-01", "2027-05-01"),
        "89 days and three months"
    );
    assert!(is_a_babys_fever("2026-11-30", "2027-02-28"), "90 days and two months");
    assert!(
        !is_a_babys_fever("2026-11-30", "2027-03-01"),
        "91 days and three months"
    );
}

#[test]
fn a_fever_of_a_baby_counts_from_thirty_eight_degrees() {
    for (tenths, counts) in [(379, false), (380, true), (381, true)] {
        let expected: &[&str] = if counts { &["C10 visit_now"] } else { &[] };
        assert_eq!(fired_at(child_of(2), tenths), expected, "{tenths}");
        assert!(fired_at(child_of(3), tenths).is_empty(), "{tenths} of an older child");
    }
    assert!(
        fired(child_of(2), &[]).is_empty(),
        "a temperature that was not taken is no fever, and no \"none\""
    );
}

#[test]
fn from_three_to_under_six_months_thirty_nine_degrees_count() {
    for (months, tenths, counts) in [
        (3, 389, false),
        (3, 390, true),
        (3, 391, true),
        (5, 390, true),
        (6, 390, false),
        (6, 430, false),
    ] {
        let expected: &[&str] = if counts { &["C15 second_class"] } else { &[] };
        assert_eq!(
            fired_at(child_of(months), tenths),
            expected,
            "{tenths} at {months} months"
        );
    }
    // Under three months the stricter rule has it.
    assert_eq!(fired_at(child_of(2), 390), ["C10 visit_now"]);
    // Of August, some are two months old and some three: both rules count.
    assert_eq!(fired_at(child("2026-08"), 390), ["C10 visit_now", "C15 second_class"]);
}

#[test]
fn what_is_asked_of_small_children_ends_on_the_fifth_birthday() {
    for (id, action) in [("C13", "visit_now"), ("C14", "visit_now")] {
        ends(id, action, FIVE_YEARS - 1, &signs_of(rule(id)));
    }
    ends(
        "C12",
        "visit_now",
        FIVE_YEARS - 1,
        &["c12_rash".into(), "c12_neck".into()],
    );
    ends("C12", "visit_now", 23, &["c12_fontanelle".into()]);
    ends("C15", "second_class", FIVE_YEARS - 1, &signs_of(rule("C15")));
    let always = ["c16_eyes".into(), "c16_no_drink".into(), "c16_dry_12h".into()];
    ends("C16", "second_class", FIVE_YEARS - 1, &always);
}

#[test]
fn a_dry_nappy_counts_after_eight_hours_under_three_months_and_after_twelve_from_then_on() {
    let dry = ["c16_dry_8h", "c16_dry_12h"];
    let counts = |subject| dry.map(|sign| !fired(subject, &[sign]).is_empty());
    assert_eq!(counts(child_of(2)), [true, false]);
    assert_eq!(counts(child_of(3)), [false, true]);
    assert_eq!(counts(child("2026-08")), [true, true], "it may be either");
}

#[test]
fn a_fall_on_the_head_counts_from_ninety_centimetres_under_two_years_and_from_a_hundred_and_fifty_after() {
    let counts = |subject| ["c17_fall_90", "c17_lump", "c17_fall_150"].map(|sign| !fired(subject, &[sign]).is_empty());
    assert_eq!(counts(child_of(23)), [true, true, false]);
    assert_eq!(counts(child_of(24)), [false, false, true]);
    // 2024-11-22 is two years ago: who was born in that November may be either.
    assert_eq!(counts(child("2024-11")), [true, true, true]);
    for sign in [
        "c17_vomits",
        "c17_blackout",
        "c17_headache",
        "c17_unusual",
        "c17_fall_150",
    ] {
        ends("C17", "visit_now", FIFTEEN_YEARS - 1, &[sign.to_owned()]);
    }
}

#[test]
fn what_was_swallowed_by_a_child_that_is_awake_shows_the_poison_lines() {
    let signs = signs_of(rule("C18"));
    assert_eq!(signs.len(), 4);
    ends("C18", "talk_now", FIFTEEN_YEARS - 1, &signs);
    let numbers: Vec<String> = rule("C18").lines.iter().map(|line| line.number.clone()).collect();
    assert_eq!(numbers, ["072-727-2499", "029-852-9999", "072-726-9922"]);
}

#[test]
fn a_rule_is_silent_beside_the_graver_one_that_it_names_and_speaks_where_that_one_does_not_run() {
    for (graver, grave_sign, silent, sign) in [
        ("C04", "c04_head_unconscious", "C17", "c17_vomits"),
        ("C07", "c07_swallowed_unconscious", "C18", "c18_medicine"),
    ] {
        let both = [grave_sign, sign];
        assert_eq!(fired(child_of(30), &both), [format!("{graver} call_119")]);
        let without = RuleSet {
            rules: delivered()
                .rules
                .iter()
                .filter(|rule| rule.id != graver)
                .cloned()
                .collect(),
            ..delivered().clone()
        };
        let alone = all_fired(&without, child_of(30), &both, None, None);
        assert_eq!(alone.len(), 1, "{alone:?}");
        assert!(alone[0].starts_with(silent), "{alone:?}");
    }
}

#[test]
fn a_birth_that_is_known_by_month_alone_counts_where_any_of_its_days_does() {
    let counts = |born: &str| fired_at(child(born), 380) == ["C10 visit_now"];
    // On 2026-11-22 a child of August is two or three months old, one of July is three, one of September two or one.
    assert!(counts("2026-08") && counts("2026-09") && !counts("2026-07"));
    // The same at five: of November 2021 some are five already.
    assert_eq!(fired(child("2021-11"), &["c14_pale"]), ["C14 visit_now"]);
    assert!(fired(child("2021-10"), &["c14_pale"]).is_empty());
    // And at fifteen.
    assert_eq!(fired(child("2011-11"), &["c01_no_response"]), ["C01 call_119"]);
    assert!(fired(child("2011-10"), &["c01_no_response"]).is_empty());
}
