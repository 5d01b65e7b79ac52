//! Two editions beside each other, rule by rule and field by field, for the physician who approves the newer.
//!
//! Promises: every difference stands in it and nothing else; what moved within a list but did not change is none (signs are known
//! by their id, lines by their number, parts by their action).
//!
//! Not here: which of the two is right.

use super::{Rule, RuleSet};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How a rule differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// "C05".
    pub rule: String,
    /// Its version in the older edition; nothing where it is new.
    pub before: Option<u32>,
    /// Its version in the newer edition; nothing where it is gone.
    pub after: Option<u32>,
    /// What differs, in the order of the fields' names. Of a rule that is new or gone, all of it.
    pub fields: Vec<FieldDifference>,
}

/// How a field differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDifference {
    /// `any_of.c05_abdomen.ask.ja`.
    pub field: String,
    /// In the older edition.
    pub before: Option<String>,
    /// In the newer one.
    pub after: Option<String>,
}

impl Difference {
    /// It says something else under the same version: the version was not counted up.
    #[must_use]
    pub fn is_uncounted(&self) -> bool {
        self.before.is_some() && self.before == self.after
    }
}

/// Every rule that differs, by id.
#[must_use]
pub fn differences(older: &RuleSet, newer: &RuleSet) -> Vec<Difference> {
    let by_id = |set: &'_ RuleSet| {
        let rules = set.rules.iter().map(|rule| (rule.id.clone(), rule.clone()));
        rules.collect::<BTreeMap<String, Rule>>()
    };
    let (older, newer) = (by_id(older), by_id(newer));
    let ids: BTreeSet<&String> = older.keys().chain(newer.keys()).collect();
    let of_rule = |id: &String| {
        let (before, after) = (older.get(id), newer.get(id));
        let fields = differing(&leaves(before), &leaves(after));
        (!fields.is_empty()).then(|| Difference {
            rule: id.clone(),
            before: before.map(|rule| rule.version),
            after: after.map(|rule| rule.version),
            fields,
        })
    };
    ids.into_iter().filter_map(of_rule).collect()
}

fn differing(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<FieldDifference> {
    let fields: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    fields
        .into_iter()
        .filter(|field| before.get(*field) != after.get(*field))
        .map(|field| FieldDifference {
            field: field.clone(),
            before: before.get(field).cloned(),
            after: after.get(field).cloned(),
        })
        .collect()
}

/// Everything that a rule says, each with the way to it.
fn leaves(rule: Option<&Rule>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Some(Ok(value)) = rule.map(serde_json::to_value) {
        gather("", &value, &mut found);
    }
    found
}

fn gather(at: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    let inside = |step: &str| {
        if at.is_empty() {
            step.to_owned()
        } else {
            format!("{at}.{step}")
        }
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| gather(&inside(name), value, found)),
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for item in items {
                gather(&inside(&known_by(item)), item, found);
            }
        }
        // A list of words: which are in it counts, and not in which order.
        Value::Array(items) => {
            let mut words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            words.sort_unstable();
            found.insert(at.to_owned(), words.join(", "));
        }
        Value::Null => {}
        Value::String(text) => drop(found.insert(at.to_owned(), text.clone())),
        other => drop(found.insert(at.to_owned(), other.to_string())),
    }
}

/// What an entry of a list is known by.
fn known_by(item: &Value) -> String {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    let known = text("id").or_else(|| text("number")).or_else(|| text("action"));
    known.map_or_else(
        || {
            let more = ["tenths", "item", "points"]
                .into_iter()
                .filter_map(|name| item.get(name));
            let more: Vec<String> = more.map(Value::to_string).collect();
            let only = item.get("only").map(Value::to_string).unwrap_or_default();
            format!("{} {}{only}", text("when").unwrap_or_default(), more.join("/"))
        },
        str::to_owned,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../../../assets/rules/red-flags.json");

    fn set(change: &dyn Fn(&mut Value)) -> RuleSet {
        let mut file: Value = serde_json::from_str(FILE).expect("JSON");
        change(&mut file);
        RuleSet::from_json(&file.to_string()).expect("rules")
    }

    fn fields(change: &dyn Fn(&mut Value)) -> Vec<(String, Option<String>, Option<String>)> {
        let found = differences(&set(&|_| {}), &set(change));
        let all = found.into_iter().flat_map(|one| {
            let rule = one.rule;
            let said = move |field: FieldDifference| (format!("{rule}.{}", field.field), field.before, field.after);
            one.fields.into_iter().map(said).collect::<Vec<_>>()
        });
        all.collect()
    }

    #[test]
    fn an_edition_differs_in_nothing_from_itself_nor_from_one_in_another_order() {
        assert_eq!(fields(&|_| {}), []);
        let turned = fields(&|file| {
            file["rules"].as_array_mut().expect("rules").reverse();
            file["rules"][20]["any_of"].as_array_mut().expect("signs").reverse();
        });
        assert_eq!(turned, []);
    }

    #[test]
    fn a_changed_bound_a_changed_word_and_a_new_version_are_named_with_before_and_after() {
        let some = |text: &str| Some(text.to_owned());
        let found = fields(&|file| {
            file["rules"][9]["max_age"] = "4m".into();
            file["rules"][9]["version"] = 2.into();
            file["rules"][1]["any_of"][0]["ask"]["ja"] = "くちびるが青い".into();
        });
        assert_eq!(
            found,
            [
                (
                    "C02.any_of.c02_purple_lips.ask.ja".to_owned(),
                    some("くちびるが紫色で、呼吸が弱い"),
                    some("くちびるが青い")
                ),
                ("C10.max_age".to_owned(), some("3m"), some("4m")),
                ("C10.version".to_owned(), some("1"), some("2")),
            ]
        );
    }

    #[test]
    fn a_rule_that_says_something_else_under_the_same_version_is_found_out() {
        let older = set(&|_| {});
        let changed = |version: u32| {
            set(&|file| {
                file["rules"][9]["max_age"] = "4m".into();
                file["rules"][9]["version"] = version.into();
            })
        };
        assert!(differences(&older, &changed(1))[0].is_uncounted());
        assert!(!differences(&older, &changed(2))[0].is_uncounted());
    }

    #[test]
    fn a_rule_that_is_new_or_gone_stands_with_all_that_it_says() {
        let (with, without) = (
            set(&|_| {}),
            set(&|file| drop(file["rules"].as_array_mut().expect("rules").pop())),
        );
        let gone = &differences(&with, &without)[0];
        assert_eq!((gone.rule.as_str(), gone.before, gone.after), ("M06", Some(1), None));
        assert!(
            gone.fields
                .iter()
                .all(|field| field.before.is_some() && field.after.is_none())
        );
        let new = &differences(&without, &with)[0];
        assert_eq!(
            (new.before, new.after, new.fields.len()),
            (None, Some(1), gone.fields.len())
        );
        assert!(!new.is_uncounted());
    }
}
