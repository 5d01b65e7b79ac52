//! Red-flag rules: what a family ticks decides an action and a place in the queue, never a disease and never "it is safe
//! to wait".
//!
//! Rules are data ([`RuleSet`], read from JSON) with a source and a physician's approval. A rule without approval runs in
//! demo mode only. The program may only raise an acuity; lowering one is a clinician's act.

mod asking;

pub use asking::{Asking, FirstFor};

use crate::{
    intake::{Intake, coded},
    subject::Subject,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use time::Date;

coded!(
    /// The public four levels of the Fire and Disaster Management Agency's protocol, most urgent first.
    Acuity {
        Red = "red", "赤・今すぐ";
        Yellow = "yellow", "黄・2時間以内";
        Green = "green", "緑・受診の相談";
        White = "white", "白・育児相談";
    }
);

coded!(
    /// What a fired rule does.
    Action {
        Call119 = "call_119", "119番へ電話";
        VisitNow = "visit_now", "今すぐ医療機関へ";
        CallObstetrics = "call_obstetrics", "今すぐ産科に電話";
        FirstClass = "first_class", "先に相談";
        SecondClass = "second_class", "早めに相談";
        StaffOnly = "staff_only", "担当者に知らせる";
    }
);

impl Action {
    /// The acuity that this action raises the consultation to.
    #[must_use]
    pub fn acuity(self) -> Acuity {
        match self {
            Self::Call119 => Acuity::Red,
            Self::VisitNow | Self::CallObstetrics | Self::FirstClass => Acuity::Yellow,
            Self::SecondClass => Acuity::Green,
            Self::StaffOnly => Acuity::White,
        }
    }

    /// Whether the family is shown a panel for it. Queue-only actions are silent.
    #[must_use]
    pub fn is_shown_to_family(self) -> bool {
        matches!(self, Self::Call119 | Self::VisitNow | Self::CallObstetrics)
    }
}

/// Whom a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Population {
    /// Children between two ages.
    Child,
    /// Pregnant women.
    Pregnant,
    /// After birth.
    Postpartum,
}

/// One way to fire a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum Trigger {
    /// The family ticked a sign.
    Sign {
        /// Stable id, unique in the rule set.
        id: String,
        /// The question by language code ("ja").
        ask: BTreeMap<String, String>,
        /// For which complaints it is among the few that are asked at once; for all others it can be unfolded.
        #[serde(default)]
        first_for: FirstFor,
    },
    /// The temperature is at least this.
    TemperatureAtLeast {
        /// Tenths of a degree Celsius.
        tenths: u16,
    },
}

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Name of the publication.
    pub title: String,
    /// Where it was read.
    pub url: String,
    /// Edition or date of the publication.
    pub edition: String,
    /// The day it was read, `YYYY-MM-DD`.
    pub read_on: String,
}

/// One rule. Any of its triggers fires it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// "C01".
    pub id: String,
    /// Counts up with every change of this rule.
    pub version: u32,
    /// Whom it is for.
    pub population: Population,
    /// Youngest age in completed months (inclusive); children only.
    #[serde(default)]
    pub min_months: Option<u32>,
    /// Age in completed months at which it ends (exclusive); children only.
    #[serde(default)]
    pub max_months: Option<u32>,
    /// First completed week of pregnancy (inclusive).
    #[serde(default)]
    pub min_weeks: Option<u32>,
    /// Last day after birth (inclusive).
    #[serde(default)]
    pub postpartum_days_max: Option<u32>,
    /// Any of these fires it.
    pub any_of: Vec<Trigger>,
    /// What happens then.
    pub action: Action,
    /// What the family reads, by language code; required where the action is shown.
    #[serde(default)]
    pub text: BTreeMap<String, String>,
    /// Where it comes from.
    pub source: Source,
    /// The physician who approved this version; nothing means demo only.
    #[serde(default)]
    pub approved_by: Option<String>,
    /// The day of the approval.
    #[serde(default)]
    pub approved_on: Option<String>,
    /// Switched off by the municipality when false.
    pub enabled: bool,
}

crate::redacted_debug!(Rule { id, version, action });

impl Rule {
    fn fits(&self, subject: Subject, today: Date) -> bool {
        match self.population {
            Population::Child => subject
                .age(today)
                .is_some_and(|age| age.touches(self.min_months.unwrap_or(0), self.max_months.unwrap_or(u32::MAX))),
            Population::Pregnant => subject
                .gestation(today)
                .is_some_and(|(weeks, _)| weeks >= self.min_weeks.unwrap_or(0)),
            Population::Postpartum => subject
                .postpartum_days(today)
                .is_some_and(|days| days <= self.postpartum_days_max.unwrap_or(u32::MAX)),
        }
    }

    fn fires(&self, signs: &[String], temperature_tenths: Option<u16>) -> bool {
        self.any_of.iter().any(|trigger| match trigger {
            Trigger::Sign { id, .. } => signs.contains(id),
            Trigger::TemperatureAtLeast { tenths } => temperature_tenths.is_some_and(|t| t >= *tenths),
        })
    }
}

/// All rules of one edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// Name of the edition, stored with every consultation.
    pub edition: String,
    /// The rules, in the order in which their questions are asked.
    pub rules: Vec<Rule>,
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    /// "C01".
    pub rule: String,
    /// Its version.
    pub version: u32,
    /// What happens.
    pub action: Action,
}

/// A question of the intake that fits the subject.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Stable id of the sign.
    pub sign: String,
    /// What is asked.
    pub ask: String,
    /// What ticking it does, so that the browser can show the panel at once.
    pub action: Action,
    /// What the family reads then.
    pub text: String,
    /// Name of the publication that the rule comes from.
    pub source: String,
}

crate::redacted_debug!(Question { sign, action });

/// Why a rule file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RuleSetFault {
    /// Not the format.
    #[error("the rule file cannot be read: {0}")]
    Format(#[from] serde_json::Error),
    /// Two triggers share an id, or two rules.
    #[error("{0} stands twice")]
    Twice(String),
    /// A text that families need is missing.
    #[error("rule {0} has no Japanese text")]
    NoText(String),
}

impl RuleSet {
    /// Reads a rule file.
    ///
    /// # Errors
    /// Not the format, an id that stands twice, a missing Japanese text.
    pub fn from_json(json: &str) -> Result<Self, RuleSetFault> {
        let set: Self = serde_json::from_str(json)?;
        let mut ids = std::collections::BTreeSet::new();
        for rule in &set.rules {
            if !ids.insert(rule.id.as_str()) {
                return Err(RuleSetFault::Twice(rule.id.clone()));
            }
            if rule.action.is_shown_to_family() && !rule.text.contains_key("ja") {
                return Err(RuleSetFault::NoText(rule.id.clone()));
            }
            for trigger in &rule.any_of {
                let Trigger::Sign { id, ask, .. } = trigger else {
                    continue;
                };
                if !ids.insert(id) {
                    return Err(RuleSetFault::Twice(id.clone()));
                }
                if !ask.contains_key("ja") {
                    return Err(RuleSetFault::NoText(rule.id.clone()));
                }
            }
        }
        Ok(set)
    }

    /// Only what may run: enabled, and approved unless this is a demo.
    #[must_use]
    pub fn running(&self, demo: bool) -> Self {
        let may_run = |rule: &&Rule| rule.enabled && (demo || rule.approved_by.is_some());
        Self {
            edition: self.edition.clone(),
            rules: self.rules.iter().filter(may_run).cloned().collect(),
        }
    }

    /// The rules that fire for an intake, most urgent action first.
    #[must_use]
    pub fn evaluate(&self, intake: &Intake, today: Date) -> Vec<Fired> {
        self.evaluate_parts(intake.subject, &intake.signs, intake.temperature_tenths, today)
    }

    /// Like [`RuleSet::evaluate`], for a form that is not complete yet.
    #[must_use]
    pub fn evaluate_parts(
        &self,
        subject: Subject,
        signs: &[String],
        temperature_tenths: Option<u16>,
        today: Date,
    ) -> Vec<Fired> {
        let mut fired: Vec<Fired> = self
            .rules
            .iter()
            .filter(|rule| rule.fits(subject, today) && rule.fires(signs, temperature_tenths))
            .map(|rule| Fired {
                rule: rule.id.clone(),
                version: rule.version,
                action: rule.action,
            })
            .collect();
        fired.sort_by_key(|one| one.action);
        fired
    }

    /// What the family reads about a fired rule, with the name of its source.
    #[must_use]
    pub fn family_text(&self, rule: &str) -> Option<(&str, &str)> {
        let rule = self.rules.iter().find(|one| one.id == rule)?;
        Some((rule.text.get("ja")?.as_str(), rule.source.title.as_str()))
    }
}

/// The acuity that fired rules ask for; white when none fired.
#[must_use]
pub fn acuity_of(fired: &[Fired]) -> Acuity {
    fired
        .iter()
        .map(|one| one.action.acuity())
        .min()
        .unwrap_or(Acuity::White)
}
