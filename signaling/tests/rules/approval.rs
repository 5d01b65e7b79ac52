//! Which rules may run: what a file says, what a city decided, and a demo.

use super::{date, delivered};
use signaling::{
    time::At,
    triage::{
        Rule, RuleSet,
        standing::{Decided, Decision, Standing},
    },
};

/// Tells rules apart by all that they say.
fn fingerprint(rule: &Rule) -> String {
    rule.content()
}

fn decision(rule: &Rule, decided: Decided) -> Decision {
    Decision {
        at: At(1),
        rule: rule.id.clone(),
        version: rule.version,
        fingerprint: fingerprint(rule),
        decided,
        by: "山本".to_owned(),
    }
}

fn approved(rule: &Rule) -> Decision {
    let physician = "佐藤 花子".to_owned();
    let on = date("2026-11-20");
    decision(rule, Decided::Approved { physician, on })
}

fn running(set: &RuleSet, demo: bool, decisions: &[Decision]) -> Vec<String> {
    let running = set.running(demo, decisions, fingerprint);
    assert_eq!(running.edition, set.edition);
    running.rules.into_iter().map(|rule| rule.id).collect()
}

#[test]
fn without_a_physicians_approval_a_rule_runs_in_the_demo_only() {
    let set = delivered();
    assert_eq!(running(set, true, &[]).len(), set.rules.len());
    assert!(running(set, false, &[]).is_empty(), "nobody has approved this edition");
    let one = [approved(&set.rules[4])];
    assert_eq!(running(set, false, &one), ["C05"]);
    let mut of_the_file = set.clone();
    of_the_file.rules[0].approved_by = Some("佐藤 花子".to_owned());
    of_the_file.rules[0].approved_on = Some("2026-11-20".to_owned());
    assert_eq!(running(&of_the_file, false, &[]), ["C01"], "approved in the file");
}

#[test]
fn an_approval_is_of_the_rule_that_was_read_and_of_no_other_version() {
    let set = delivered();
    let before = [approved(&set.rules[9])];
    let mut changed = set.clone();
    changed.rules[9].version += 1;
    assert!(running(&changed, false, &before).is_empty(), "another version");
    let mut quietly = set.clone();
    quietly.rules[9].source.url.push('#');
    assert!(
        running(&quietly, false, &before).is_empty(),
        "the same version, another content"
    );
    assert_eq!(running(set, false, &before), ["C10"]);
}

#[test]
fn what_is_withdrawn_or_switched_off_does_not_run_until_it_is_decided_anew() {
    let set = delivered();
    let rule = &set.rules[0];
    let mut decisions = vec![approved(rule)];
    for (decided, runs) in [
        (Decided::Disabled, false),
        (Decided::Enabled, true),
        (Decided::Withdrawn, false),
        (Decided::Enabled, false),
    ] {
        decisions.push(decision(rule, decided));
        assert_eq!(
            running(set, false, &decisions).len(),
            usize::from(runs),
            "{decisions:?}"
        );
    }
    decisions.push(approved(rule));
    assert_eq!(running(set, false, &decisions), ["C01"]);
}

#[test]
fn what_a_city_switched_off_stays_off_in_the_next_edition_and_in_a_demo() {
    let set = delivered();
    let decisions = [decision(&set.rules[0], Decided::Disabled)];
    let mut next = set.clone();
    next.rules[0].version += 1;
    for demo in [true, false] {
        assert!(!running(&next, demo, &decisions).contains(&"C01".to_owned()));
    }
    assert_eq!(running(&next, true, &decisions).len(), next.rules.len() - 1);
}

#[test]
fn a_standing_names_the_physician_the_day_and_who_wrote_it_down() {
    let rule = &delivered().rules[0];
    let decisions = [approved(rule)];
    let standing = Standing::of(rule, &fingerprint(rule), &decisions);
    let (physician, on, written) = standing.approved.expect("approved");
    assert_eq!((physician, on.as_str()), ("佐藤 花子", "2026-11-20"));
    assert_eq!(written.map(|decision| decision.by.as_str()), Some("山本"));
}
