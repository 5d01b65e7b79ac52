//! The red-flag rules that are delivered (`assets/rules/red-flags.json`), at every boundary that they name.
//!
//! Who fires what is held here; how the intake groups and words its questions is not.

use signaling::{
    subject::{Born, Subject, due_from_weeks},
    time::parse_date,
    triage::{Action, Acuity, Fired, Population, Rule, RuleSet, RuleSetFault, Trigger, acuity_of},
};
use std::collections::BTreeMap;
use time::{Date, Duration};

const FILE: &str = include_str!("../../assets/rules/red-flags.json");
/// The rules for children, those for pregnant women and those after birth that this edition holds.
const DELIVERED: [&str; 14] = [
    "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "C10", "M01P", "M01B", "M02A", "M02B",
];
/// The fifteenth birthday, in months: where the rules for children end.
const FIFTEEN_YEARS: u32 = 180;

fn delivered() -> RuleSet {
    RuleSet::from_json(FILE).expect("the delivered rules are read")
}

fn rule(id: &str) -> Rule {
    let found = delivered().rules.into_iter().find(|rule| rule.id == id);
    found.unwrap_or_else(|| panic!("there is no {id}"))
}

fn date(text: &str) -> Date {
    parse_date(text).expect("a date")
}

fn today() -> Date {
    date("2026-11-22")
}

fn child(born: &str) -> Subject {
    Subject::Child {
        born: Born::try_from(born.to_owned()).expect("a birth date"),
    }
}

/// A child of so many completed months, born on a 22nd.
fn child_of(months: u32) -> Subject {
    let months_since = i32::try_from(months).expect("an age");
    let month = 2026 * 12 + 10 - months_since;
    child(&format!("{:04}-{:02}-22", month / 12, month % 12 + 1))
}

fn child_of_days(days: i64) -> Subject {
    Subject::Child {
        born: Born::On(today() - Duration::days(days)),
    }
}

fn pregnant(weeks: u32, days: u32) -> Subject {
    Subject::Pregnant {
        due: due_from_weeks(weeks, days, today()).expect("a due date"),
    }
}

fn after_birth(days: i64) -> Subject {
    Subject::Postpartum {
        gave_birth: today() - Duration::days(days),
    }
}

fn signs_of(rule: &Rule) -> Vec<String> {
    let sign = |trigger: &Trigger| match trigger {
        Trigger::Sign { id, .. } => Some(id.clone()),
        Trigger::TemperatureAtLeast { .. } => None,
    };
    rule.any_of.iter().filter_map(sign).collect()
}

/// What fires, by rule.
fn fired(subject: Subject, signs: &[&str], tenths: Option<u16>) -> Vec<String> {
    let signs: Vec<String> = signs.iter().map(|sign| (*sign).to_owned()).collect();
    let fired = delivered().evaluate_parts(subject, &signs, tenths, today());
    fired.into_iter().map(|one| one.rule).collect()
}

fn has_fever_rule(subject: Subject, tenths: u16) -> bool {
    fired(subject, &[], Some(tenths)).contains(&"C10".to_owned())
}

#[test]
fn every_rule_of_the_edition_is_there_with_where_it_was_read() {
    let set = delivered();
    let ids: Vec<&str> = set.rules.iter().map(|rule| rule.id.as_str()).collect();
    for id in DELIVERED {
        assert!(ids.contains(&id), "{id} is missing");
    }
    for rule in &set.rules {
        let source = &rule.source;
        assert!(rule.version >= 1, "{}", rule.id);
        assert!(!source.title.is_empty() && !source.edition.is_empty(), "{}", rule.id);
        assert!(source.url.starts_with("https://"), "{}", rule.id);
        assert!(parse_date(&source.read_on).is_some(), "{}: {}", rule.id, source.read_on);
        assert!(!rule.any_of.is_empty(), "{} can never fire", rule.id);
        assert_eq!(rule.approved_by.is_some(), rule.approved_on.is_some(), "{}", rule.id);
    }
}

#[test]
fn each_rule_does_what_its_source_says() {
    let action = |id| rule(id).action;
    for id in [
        "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "M01P", "M01B", "M02A",
    ] {
        assert_eq!(action(id), Action::Call119, "{id}");
    }
    assert_eq!(action("C10"), Action::VisitNow);
    assert_eq!(action("M02B"), Action::CallObstetrics);
}

#[test]
fn each_sign_of_a_child_fires_its_rule_from_birth_until_the_fifteenth_birthday() {
    for id in &DELIVERED[..8] {
        let rule = rule(id);
        assert!(!signs_of(&rule).is_empty(), "{id}");
        for sign in signs_of(&rule) {
            for months in [0, 3, 60, FIFTEEN_YEARS - 1] {
                assert_eq!(
                    fired(child_of(months), &[&sign], None),
                    [*id],
                    "{sign} at {months} months"
                );
            }
            assert!(
                fired(child_of(FIFTEEN_YEARS), &[&sign], None).is_empty(),
                "{sign} at fifteen"
            );
            assert!(
                fired(pregnant(30, 0), &[&sign], None).is_empty(),
                "{sign} is asked of children"
            );
        }
    }
}

#[test]
fn what_is_unusual_about_a_baby_counts_under_three_months_only() {
    let unusual = |subject| fired(subject, &["c09_unusual"], None);
    assert_eq!(unusual(child_of(0)), ["C09"]);
    assert_eq!(unusual(child_of(2)), ["C09"]);
    assert!(unusual(child_of(3)).is_empty());
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
        assert_eq!(has_fever_rule(child(born), 380), counts, "{days} days");
    }
    // Where months are short, eighty-nine days are three months and ninety are two.
    let on = |born, today| {
        let set = delivered().evaluate_parts(child(born), &[], Some(380), date(today));
        !set.is_empty()
    };
    assert!(!on("2027-02-01", "2027-05-01"), "89 days and three months");
    assert!(on("2026-11-30", "2027-02-28"), "90 days and two months");
    assert!(!on("2026-11-30", "2027-03-01"), "91 days and three months");
}

#[test]
fn a_fever_of_a_baby_counts_from_thirty_eight_degrees() {
    let baby = child_of(2);
    for (tenths, counts) in [(379, false), (380, true), (381, true)] {
        assert_eq!(has_fever_rule(baby, tenths), counts, "{tenths}");
        assert!(!has_fever_rule(child_of(3), tenths), "{tenths} of an older child");
    }
    assert!(
        fired(baby, &[], None).is_empty(),
        "a temperature that was not taken is no fever and no \"none\""
    );
}

#[test]
fn a_birth_that_is_known_by_month_alone_counts_where_any_of_its_days_does() {
    // On 2026-11-22 a child of August is two or three months old, one of July is three, one of September two or one.
    assert!(has_fever_rule(child("2026-08"), 380));
    assert!(!has_fever_rule(child("2026-07"), 380));
    assert!(has_fever_rule(child("2026-09"), 380));
    // The same at the other end: of November 2011, some are fifteen and some are not.
    assert_eq!(fired(child("2011-11"), &["c01_no_response"], None), ["C01"]);
    assert!(fired(child("2011-10"), &["c01_no_response"], None).is_empty());
}

#[test]
fn signs_of_pregnancy_count_in_every_week() {
    for id in ["M01P", "M02A", "M02B"] {
        for sign in signs_of(&rule(id)) {
            for (weeks, days) in [(0, 0), (21, 6), (22, 0), (43, 6)] {
                assert_eq!(
                    fired(pregnant(weeks, days), &[&sign], None),
                    [id],
                    "{sign} in {weeks} weeks {days}"
                );
            }
            assert!(fired(child_of(12), &[&sign], None).is_empty(), "{sign}");
            assert!(fired(after_birth(3), &[&sign], None).is_empty(), "{sign}");
        }
    }
}

#[test]
fn convulsions_after_birth_count_for_twelve_weeks() {
    for (days, counts) in [(0, true), (83, true), (84, true), (85, false)] {
        assert_eq!(
            fired(after_birth(days), &["m01b_convulsion"], None),
            if counts { vec!["M01B"] } else { vec![] },
            "{days} days"
        );
    }
}

/// No delivered rule begins in the middle of a pregnancy yet; the ones that will, begin on the day.
#[test]
fn a_rule_from_the_twenty_second_week_begins_at_twenty_two_weeks_and_no_days() {
    let late = Rule {
        min_weeks: Some(22),
        population: Population::Pregnant,
        ..rule("M02B")
    };
    let sign = signs_of(&late);
    let set = RuleSet {
        edition: "test".to_owned(),
        rules: vec![late],
    };
    let counts = |weeks, days| {
        !set.evaluate_parts(pregnant(weeks, days), &sign, None, today())
            .is_empty()
    };
    assert!(!counts(21, 6));
    assert!(counts(22, 0));
}

#[test]
fn what_fired_comes_most_urgent_first_and_the_most_urgent_gives_the_class() {
    let subject = child_of(1);
    let all = fired(subject, &["c01_no_response", "c09_unusual"], Some(395));
    assert_eq!(all, ["C01", "C09", "C10"]);
    let acuity = |actions: &[Action]| {
        let fired = |action: &Action| Fired {
            rule: "C01".to_owned(),
            version: 1,
            action: *action,
        };
        acuity_of(&actions.iter().map(fired).collect::<Vec<_>>())
    };
    assert_eq!(acuity(&[Action::VisitNow, Action::Call119]), Acuity::Red);
    assert_eq!(acuity(&[Action::SecondClass, Action::CallObstetrics]), Acuity::Yellow);
    assert_eq!(acuity(&[Action::StaffOnly, Action::SecondClass]), Acuity::Green);
    assert_eq!(acuity(&[]), Acuity::White);
    assert!(fired(subject, &["no_such_sign"], None).is_empty());
}

#[test]
fn without_a_physicians_approval_a_rule_runs_in_the_demo_only() {
    let set = delivered();
    let unapproved = set.rules.iter().filter(|rule| rule.approved_by.is_none()).count();
    assert_eq!(
        set.running(true).rules.len(),
        set.rules.iter().filter(|rule| rule.enabled).count()
    );
    assert_eq!(set.running(false).rules.len(), set.rules.len() - unapproved);
    assert!(set.running(false).rules.is_empty(), "nobody has approved this edition");
    let mut approved = set.clone();
    approved.rules[0].approved_by = Some("小児科 佐藤".to_owned());
    approved.rules[0].approved_on = Some("2026-12-01".to_owned());
    let running = approved.running(false);
    assert_eq!(running.rules, [approved.rules[0].clone()]);
    assert_eq!(running.edition, set.edition);
    approved.rules[0].enabled = false;
    assert!(approved.running(false).rules.is_empty(), "switched off by the city");
    assert!(
        !approved
            .running(true)
            .rules
            .iter()
            .any(|rule| rule.id == approved.rules[0].id)
    );
}

#[test]
fn what_a_family_reads_says_what_to_do_and_names_no_disease() {
    let set = delivered();
    let words = |texts: &BTreeMap<String, String>| texts.get("ja").cloned().unwrap_or_default();
    for rule in set.rules.iter().filter(|rule| rule.action.is_shown_to_family()) {
        let text = words(&rule.text);
        for never in [
            "病名",
            "診断",
            "疑い",
            "おそれ",
            "可能性",
            "様子を見",
            "大丈夫",
            "症です",
            "炎",
        ] {
            assert!(!text.contains(never), "{}: {text}", rule.id);
        }
        let says = match rule.action {
            Action::Call119 => "119番",
            Action::VisitNow => "医療機関",
            _ => "電話",
        };
        assert!(text.contains(says), "{}: {text}", rule.id);
        assert_eq!(
            set.family_text(&rule.id),
            Some((text.as_str(), rule.source.title.as_str()))
        );
    }
}

#[test]
fn a_rule_file_that_cannot_be_right_is_refused() {
    let changed = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut file: serde_json::Value = serde_json::from_str(FILE).expect("JSON");
        change(&mut file);
        RuleSet::from_json(&file.to_string())
    };
    let twice = changed(&|file| file["rules"][1]["id"] = "C01".into());
    assert!(matches!(twice, Err(RuleSetFault::Twice(id)) if id == "C01"));
    let sign_twice = changed(&|file| file["rules"][1]["any_of"][0]["id"] = "c01_no_response".into());
    assert!(matches!(sign_twice, Err(RuleSetFault::Twice(id)) if id == "c01_no_response"));
    let wordless = changed(&|file| file["rules"][0]["text"] = serde_json::json!({ "en": "call" }));
    assert!(matches!(wordless, Err(RuleSetFault::NoText(id)) if id == "C01"));
    let unasked = changed(&|file| file["rules"][0]["any_of"][0]["ask"] = serde_json::json!({}));
    assert!(matches!(unasked, Err(RuleSetFault::NoText(id)) if id == "C01"));
    let unknown = changed(&|file| file["rules"][0]["disease"] = "x".into());
    assert!(
        matches!(unknown, Err(RuleSetFault::Format(_))),
        "a misspelt bound must not be left out silently"
    );
}
