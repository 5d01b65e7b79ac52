//! What no schema can say of a rule file: ids are unique, bounds hold somebody, references end, texts are there and say what to
//! do, approvals are whole.

use super::Found;
use crate::{
    limits,
    triage::{
        Action, Bounds, PhoneLine, Population, Rule, RuleSet, Texts, Trigger,
        wording::{Forbidden, forbidden},
    },
};
use std::collections::BTreeMap;

/// Notes everything that makes no sense in a file that keeps to the schema.
pub(super) fn hold(set: &RuleSet, found: &mut Found<'_>) {
    ids(set, found);
    references(set, found);
    how_many_are_asked(set, found);
    for (number, rule) in set.rules.iter().enumerate() {
        let at = format!("/rules/{number}");
        bounds(&rule.bounds(), rule.population, &at, found);
        parts(rule, &at, found);
        approval(rule, set.draft, &at, found);
    }
}

/// A part of a rule with its pointer.
struct Placed<'a> {
    at: String,
    action: Action,
    any_of: &'a [Trigger],
    text: &'a Texts,
    lines: &'a [PhoneLine],
}

/// The parts of a rule: its own, then the further ones.
fn placed<'a>(rule: &'a Rule, at: &str) -> Vec<Placed<'a>> {
    let parts = rule.parts().enumerate().map(|(number, part)| Placed {
        at: match number.checked_sub(1) {
            None => at.to_owned(),
            Some(further) => format!("{at}/further/{further}"),
        },
        action: part.action,
        any_of: part.any_of,
        text: part.text,
        lines: part.lines,
    });
    parts.collect()
}

fn ids(set: &RuleSet, found: &mut Found<'_>) {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for (number, rule) in set.rules.iter().enumerate() {
        let at = format!("/rules/{number}");
        let mut named = vec![(format!("{at}/id"), rule.id.as_str())];
        for part in placed(rule, &at) {
            for (number, trigger) in part.any_of.iter().enumerate() {
                if let Trigger::Sign { id, .. } = trigger {
                    named.push((format!("{}/any_of/{number}/id", part.at), id));
                }
            }
        }
        for (pointer, id) in named {
            match seen.get(id) {
                Some(first) => {
                    let line = found.lines.line(first);
                    found.note(&pointer, format!("the id {id} stands already on line {line}"));
                }
                None => drop(seen.insert(id, pointer)),
            }
        }
    }
}

/// `unless` names rules that there are, that are at least as urgent, and never leads back to where it began.
fn references(set: &RuleSet, found: &mut Found<'_>) {
    let by_id: BTreeMap<&str, &Rule> = set.rules.iter().map(|rule| (rule.id.as_str(), rule)).collect();
    for (number, rule) in set.rules.iter().enumerate() {
        for (place, other) in rule.unless.iter().enumerate() {
            let pointer = format!("/rules/{number}/unless/{place}");
            match by_id.get(other.as_str()) {
                None => found.note(&pointer, format!("there is no rule {other}")),
                Some(other) if other.most_urgent() > rule.most_urgent() => {
                    let (other, action) = (&other.id, rule.most_urgent().code());
                    found.note(
                        &pointer,
                        format!("{other} is less urgent than {action}, which it would silence"),
                    );
                }
                Some(_) => {}
            }
        }
        if let Some(circle) = circle_from(rule, &by_id) {
            found.note(
                &format!("/rules/{number}/unless"),
                format!("leads back to itself: {}", circle.join(" → ")),
            );
        }
    }
}

/// The shortest way along `unless` from a rule back to itself.
fn circle_from<'a>(start: &'a Rule, by_id: &BTreeMap<&str, &'a Rule>) -> Option<Vec<&'a str>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut now = vec![start];
    while let Some(rule) = (!now.is_empty()).then(|| now.remove(0)) {
        for other in rule.unless.iter().filter_map(|id| by_id.get(id.as_str())) {
            if other.id == start.id {
                let mut circle = vec![start.id.as_str(), rule.id.as_str()];
                while let Some(before) = circle.last().and_then(|id| came_from.get(id)) {
                    circle.push(before);
                }
                circle.reverse();
                circle.push(start.id.as_str());
                circle.dedup();
                // A rule that names itself.
                return Some(if circle.len() == 1 { vec![circle[0]; 2] } else { circle });
            }
            if !came_from.contains_key(other.id.as_str()) {
                came_from.insert(&other.id, &rule.id);
                now.push(other);
            }
        }
    }
    None
}

fn how_many_are_asked(set: &RuleSet, found: &mut Found<'_>) {
    for asked in [Population::Child, Population::Pregnant, Population::Postpartum] {
        let rules = set.rules.iter().filter(|rule| rule.population.covers(asked));
        let triggers = rules.flat_map(|rule| rule.parts().flat_map(|part| part.any_of));
        let signs = triggers
            .filter(|trigger| matches!(trigger, Trigger::Sign { .. }))
            .count();
        if signs > limits::SIGNS_ASKED {
            let most = limits::SIGNS_ASKED;
            found.note(
                "/rules",
                format!("one family could be asked {signs} signs, at most {most} are taken"),
            );
        }
    }
}

fn bounds(bounds: &Bounds, population: Population, at: &str, found: &mut Found<'_>) {
    let of_children = [("min_age", bounds.min_age), ("max_age", bounds.max_age)];
    let of_pregnancy = [("weeks_min", bounds.weeks_min), ("weeks_max", bounds.weeks_max)];
    for (field, _) in of_children.iter().filter(|(_, age)| age.is_some()) {
        if population != Population::Child {
            found.note(&format!("{at}/{field}"), "an age bounds children only".to_owned());
        }
    }
    for (field, _) in of_pregnancy.iter().filter(|(_, weeks)| weeks.is_some()) {
        if !population.covers(Population::Pregnant) {
            found.note(
                &format!("{at}/{field}"),
                "weeks of pregnancy bound pregnant women only".to_owned(),
            );
        }
    }
    if bounds.postpartum_days_max.is_some() && !population.covers(Population::Postpartum) {
        let reason = "days after birth bound women after birth only".to_owned();
        found.note(&format!("{at}/postpartum_days_max"), reason);
    }
    let nobody = |least: Option<u32>, most: Option<u32>| most.is_some_and(|most| least.unwrap_or(0) >= most);
    if nobody(
        bounds.min_age.map(|age| age.months),
        bounds.max_age.map(|age| age.months),
    ) {
        found.note(
            &format!("{at}/max_age"),
            "no age lies below max_age (exclusive) and from min_age".to_owned(),
        );
    }
    if nobody(bounds.weeks_min, bounds.weeks_max) {
        found.note(
            &format!("{at}/weeks_max"),
            "no week lies below weeks_max (exclusive) and from weeks_min".to_owned(),
        );
    }
}

fn parts(rule: &Rule, at: &str, found: &mut Found<'_>) {
    let mut actions = Vec::new();
    for part in placed(rule, at) {
        let Placed {
            at: here,
            action,
            any_of,
            text,
            lines,
        } = part;
        if actions.contains(&action) {
            let reason = format!(
                "another part of this rule is {} already; put its triggers there",
                action.code()
            );
            found.note(&format!("{here}/action"), reason);
        }
        actions.push(action);
        let text_at = format!("{here}/text");
        if action.is_shown_to_family() && !text.contains_key("ja") {
            found.note(
                &text_at,
                format!("{} is shown to families and has no text in \"ja\"", action.code()),
            );
        }
        texts(text, &text_at, found);
        if action == Action::TalkNow && lines.is_empty() {
            found.note(
                &format!("{here}/lines"),
                "talk_now shows telephone lines, and there are none".to_owned(),
            );
        }
        if !action.is_shown_to_family() && !lines.is_empty() {
            let reason = format!("{} is not shown to families, and so no line is", action.code());
            found.note(&format!("{here}/lines"), reason);
        }
        for (number, line) in lines.iter().enumerate() {
            needed(&line.name, &format!("{here}/lines/{number}/name"), found);
            texts(&line.hours, &format!("{here}/lines/{number}/hours"), found);
        }
        for (number, trigger) in any_of.iter().enumerate() {
            of_trigger(trigger, rule, &format!("{here}/any_of/{number}"), found);
        }
    }
}

fn of_trigger(trigger: &Trigger, rule: &Rule, at: &str, found: &mut Found<'_>) {
    if let Trigger::Sign { ask, .. } = trigger {
        needed(ask, &format!("{at}/ask"), found);
    }
    if let Trigger::EpdsAtLeast {
        item: Some(_),
        points: 4..,
        ..
    } = trigger
    {
        found.note(&format!("{at}/points"), "one item has 3 points at most".to_owned());
    }
    let Some(only) = trigger.only() else { return };
    let only_at = format!("{at}/only");
    let population = only.population.unwrap_or(rule.population);
    if !rule.population.covers(population) {
        found.note(
            &format!("{only_at}/population"),
            "the rule is not for them, so this can never fire".to_owned(),
        );
    }
    bounds(only, population, &only_at, found);
    let whole = rule.bounds();
    let outside = [
        ("max_age", beyond(only.max_age, whole.min_age)),
        ("min_age", beyond(whole.max_age, only.min_age)),
        ("weeks_max", beyond(only.weeks_max, whole.weeks_min)),
        ("weeks_min", beyond(whole.weeks_max, only.weeks_min)),
    ];
    for (field, _) in outside.into_iter().filter(|(_, outside)| *outside) {
        let reason = "lies outside of the rule's own bounds, so this can never fire".to_owned();
        found.note(&format!("{only_at}/{field}"), reason);
    }
}

/// Whether what ends there (exclusive) ends before the other begins.
fn beyond<T: PartialOrd>(end: Option<T>, begin: Option<T>) -> bool {
    matches!((end, begin), (Some(end), Some(begin)) if end <= begin)
}

fn needed(words: &Texts, at: &str, found: &mut Found<'_>) {
    if !words.contains_key("ja") {
        found.note(at, "has no text in \"ja\"".to_owned());
    }
    texts(words, at, found);
}

fn texts(words: &Texts, at: &str, found: &mut Found<'_>) {
    for (language, text) in words {
        if let Some((word, why)) = forbidden(text) {
            let reason = Forbidden::reason(why);
            found.note(&format!("{at}/{language}"), format!("「{word}」 {reason}"));
        }
    }
}

fn approval(rule: &Rule, draft: bool, at: &str, found: &mut Found<'_>) {
    match (&rule.approved_by, &rule.approved_on) {
        (Some(_), None) => found.note(
            &format!("{at}/approved_by"),
            "an approval needs its day: approved_on is missing".to_owned(),
        ),
        (None, Some(_)) => found.note(
            &format!("{at}/approved_on"),
            "an approval needs the physician's name: approved_by is missing".to_owned(),
        ),
        (None, None) if rule.enabled && !draft => found.note(
            &format!("{at}/enabled"),
            "enabled, but no physician approved it: outside of a demo it may not run. Approve it, disable it, or say that \
             the file is a draft (\"draft\": true)"
                .to_owned(),
        ),
        _ => {}
    }
}
