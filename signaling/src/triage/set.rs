//! All rules of one edition: read, reduced to those that may run, evaluated.
//!
//! Promises: a set that was read has passed [`super::check`]; what fires comes most urgent first; a panel that was once due is
//! never without words.
//!
//! Not here: which signs are asked (`asking`).

use super::{
    Action, Advice, Epds, Fired,
    check::{self, Faults},
    rule::{Rule, japanese},
};
use crate::{intake::Intake, subject::Subject};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use time::Date;

/// All rules of one edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// Name of the edition, stored with every consultation.
    pub edition: String,
    /// It claims no approval: what nobody approved runs in a demo only. In a file that is no draft, whatever is enabled is
    /// approved.
    #[serde(default)]
    pub draft: bool,
    /// The rules, in the order in which their questions are asked.
    pub rules: Vec<Rule>,
}

/// What is known of somebody when rules are evaluated. Nothing in it means "no".
#[derive(Clone, Copy)]
pub struct Observed<'a> {
    /// Whom it is about.
    pub subject: Subject,
    /// Ids of the signs that were ticked.
    pub signs: &'a [String],
    /// Body temperature in tenths of a degree Celsius, if told.
    pub temperature_tenths: Option<u16>,
    /// The EPDS, if a clinician has given it.
    pub epds: Option<Epds>,
}

impl RuleSet {
    /// Reads a rule file.
    ///
    /// # Errors
    /// Everything that [`check::check`] finds, each with its line.
    pub fn from_json(json: &str) -> Result<Self, Faults> {
        check::read(json)
    }

    /// The rules that fire for an intake, most urgent action first.
    #[must_use]
    pub fn evaluate(&self, intake: &Intake, today: Date) -> Vec<Fired> {
        let observed = Observed {
            subject: intake.subject,
            signs: &intake.signs,
            temperature_tenths: intake.temperature_tenths,
            epds: None,
        };
        self.evaluate_observed(&observed, today)
    }

    /// The rules that these points make fire beside what the intake says, most urgent action first: whatever was ticked as well,
    /// and nothing that is silent beside it.
    #[must_use]
    pub fn evaluate_epds(&self, intake: &Intake, epds: Epds, today: Date) -> Vec<Fired> {
        let alone = Observed {
            subject: intake.subject,
            signs: &[],
            temperature_tenths: None,
            epds: Some(epds),
        };
        let beside = Observed {
            signs: &intake.signs,
            temperature_tenths: intake.temperature_tenths,
            ..alone
        };
        let by_points = self.evaluate_observed(&alone, today);
        let mut fired = self.evaluate_observed(&beside, today);
        fired.retain(|one| by_points.contains(one));
        fired
    }

    /// Like [`RuleSet::evaluate`], for a form that is not complete yet.
    #[must_use]
    pub fn evaluate_observed(&self, observed: &Observed<'_>, today: Date) -> Vec<Fired> {
        let met: Vec<(&Rule, Vec<Action>)> = self
            .rules
            .iter()
            .filter(|rule| rule.bounds().fit(observed.subject, today))
            .map(|rule| {
                let parts = rule.parts().filter(|part| part.is_met(observed, today));
                (rule, parts.map(|part| part.action).collect::<Vec<_>>())
            })
            .filter(|(_, actions)| !actions.is_empty())
            .collect();
        let firing = firing(&met);
        let mut fired: Vec<Fired> = met
            .iter()
            .filter(|(rule, _)| firing.contains(rule.id.as_str()))
            .flat_map(|(rule, actions)| {
                actions.iter().map(|action| Fired {
                    rule: rule.id.clone(),
                    version: rule.version,
                    action: *action,
                })
            })
            .collect();
        fired.sort_by_key(|one| one.action);
        fired
    }

    /// What the family reads about a fired rule. One that this edition does not hold any more is spoken of by its action.
    #[must_use]
    pub fn advice(&self, rule: &str, action: Action) -> Advice {
        let rule = self.rules.iter().find(|one| one.id == rule);
        let part = rule.and_then(|rule| rule.parts().find(|part| part.action == action));
        part.map_or_else(
            || Advice {
                text: action.plain_words().to_owned(),
                lines: Vec::new(),
                source: String::new(),
            },
            |part| Advice {
                text: japanese(part.text).to_owned(),
                lines: part.lines.iter().map(super::PhoneLine::shown).collect(),
                source: part.source.title.clone(),
            },
        )
    }
}

/// The ids of those that stay when each is silent beside what it names in `unless`. A rule that is silent itself silences
/// nobody. References make no circle (see `check`); were there one, its rules would all fire.
fn firing<'a>(met: &[(&'a Rule, Vec<Action>)]) -> BTreeSet<&'a str> {
    let mut undecided: Vec<&Rule> = met.iter().map(|(rule, _)| *rule).collect();
    let mut firing = BTreeSet::new();
    loop {
        let waits_for = |rule: &Rule| undecided.iter().any(|other| rule.unless.contains(&other.id));
        let (waiting, decided): (Vec<&Rule>, Vec<&Rule>) = undecided.iter().copied().partition(|rule| waits_for(rule));
        for rule in &decided {
            if !rule.unless.iter().any(|other| firing.contains(other.as_str())) {
                firing.insert(rule.id.as_str());
            }
        }
        if decided.is_empty() {
            firing.extend(waiting.iter().map(|rule| rule.id.as_str()));
            return firing;
        }
        undecided = waiting;
    }
}
