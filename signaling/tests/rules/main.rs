//! The red-flag rules that are delivered (`assets/rules/red-flags.json`), at every boundary that they name.
//!
//! Who fires what is held here; how the intake chooses its questions (`triage/asking.rs`) and what is wrong with a file
//! (`triage/check/tests.rs`) are not.

mod approval;
mod children;
mod mothers;
mod texts;
mod whole;

use signaling::{
    subject::{Born, Subject, due_from_weeks},
    time::parse_date,
    triage::{Epds, Observed, Rule, RuleSet, Trigger},
};
use std::sync::LazyLock;
use time::{Date, Duration};

const FILE: &str = include_str!("../../../assets/rules/red-flags.json");

static DELIVERED: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::from_json(FILE).expect("the delivered rules are read"));

fn delivered() -> &'static RuleSet {
    &DELIVERED
}

fn rule(id: &str) -> &'static Rule {
    let found = delivered().rules.iter().find(|rule| rule.id == id);
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

/// All signs of a rule, with those of its further parts.
fn signs_of(rule: &Rule) -> Vec<String> {
    let triggers = rule
        .any_of
        .iter()
        .chain(rule.further.iter().flat_map(|part| &part.any_of));
    let sign = |trigger: &Trigger| match trigger {
        Trigger::Sign { id, .. } => Some(id.clone()),
        Trigger::TemperatureAtLeast { .. } | Trigger::EpdsAtLeast { .. } => None,
    };
    triggers.filter_map(sign).collect()
}

/// What fires, as "M02 call_119".
fn all_fired(set: &RuleSet, subject: Subject, signs: &[&str], tenths: Option<u16>, epds: Option<Epds>) -> Vec<String> {
    let signs: Vec<String> = signs.iter().map(|sign| (*sign).to_owned()).collect();
    let observed = Observed {
        subject,
        signs: &signs,
        temperature_tenths: tenths,
        epds,
    };
    let fired = set.evaluate_observed(&observed, today());
    fired
        .into_iter()
        .map(|one| format!("{} {}", one.rule, one.action.code()))
        .collect()
}

/// What fires for ticked signs.
fn fired(subject: Subject, signs: &[&str]) -> Vec<String> {
    all_fired(delivered(), subject, signs, None, None)
}

/// What fires for a temperature alone.
fn fired_at(subject: Subject, tenths: u16) -> Vec<String> {
    all_fired(delivered(), subject, &[], Some(tenths), None)
}
