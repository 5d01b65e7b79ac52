//! What a city decided about the rules: which are approved, by which physician and when, and which are switched off.
//!
//! Promises: an approval counts for the very rule that was approved, told by its content, so that a changed rule needs a new
//! one; a switch stays with the rule's id, so that what a city switched off stays off in the next edition; decisions are only
//! added, and the newest counts.
//!
//! Not here: keeping decisions and asking who may make them (server).

use super::{Rule, RuleSet};
use crate::time::At;
use time::Date;

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// A physician approved the rule as it stands.
    Approved {
        /// Whose name.
        physician: String,
        /// On which day.
        on: Date,
    },
    /// The approval does not count any more.
    Withdrawn,
    /// It may run, once it is approved.
    Enabled,
    /// It does not run.
    Disabled,
}

impl Decided {
    /// The stable code, as stored and posted.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Approved { .. } => "approved",
            Self::Withdrawn => "withdrawn",
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }

    /// The words that people read.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Approved { .. } => "承認",
            Self::Withdrawn => "承認の取り消し",
            Self::Enabled => "使用を再開",
            Self::Disabled => "使用を停止",
        }
    }
}

/// A decision of a city's administrator about one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When it was written down.
    pub at: At,
    /// "C05".
    pub rule: String,
    /// The version that it was made about.
    pub version: u32,
    /// What tells that version's content from every other: see [`Rule::content`].
    pub fingerprint: String,
    /// What.
    pub decided: Decided,
    /// The name of the administrator.
    pub by: String,
}

/// A rule's standing in a city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Who approved it as it stands, in the file or in the city; the city's own decision with who wrote it down.
    pub approved: Option<(&'a str, String, Option<&'a Decision>)>,
    /// Nobody has switched it off.
    pub is_enabled: bool,
}

impl<'a> Standing<'a> {
    /// What holds for a rule after these decisions, the oldest first.
    #[must_use]
    pub fn of(rule: &'a Rule, fingerprint: &str, decisions: &'a [Decision]) -> Self {
        let mut standing = Self {
            approved: rule
                .approved_by
                .as_deref()
                .map(|physician| (physician, rule.approved_on.clone().unwrap_or_default(), None)),
            is_enabled: rule.enabled,
        };
        for decision in decisions.iter().filter(|decision| decision.rule == rule.id) {
            let is_this = decision.fingerprint == fingerprint;
            match &decision.decided {
                Decided::Approved { physician, on } if is_this => {
                    let on = crate::time::DateText(*on).to_string();
                    standing.approved = Some((physician, on, Some(decision)));
                }
                Decided::Withdrawn if is_this => standing.approved = None,
                Decided::Approved { .. } | Decided::Withdrawn => {}
                Decided::Enabled => standing.is_enabled = true,
                Decided::Disabled => standing.is_enabled = false,
            }
        }
        standing
    }

    /// Whether it runs: enabled, and approved unless this is a demo.
    #[must_use]
    pub fn runs(&self, demo: bool) -> bool {
        self.is_enabled && (demo || self.approved.is_some())
    }
}

impl Rule {
    /// The rule as a text without what is decided about it (approval, switch): the same text is the same rule.
    #[must_use]
    pub fn content(&self) -> String {
        let bare = Self {
            approved_by: None,
            approved_on: None,
            enabled: true,
            ..self.clone()
        };
        // Rules are made of texts and numbers alone, which JSON always takes.
        serde_json::to_string(&bare).unwrap_or_default()
    }
}

impl RuleSet {
    /// Only what may run in a city that made these decisions. `fingerprint` tells a rule's content from others.
    #[must_use]
    pub fn running(&self, demo: bool, decisions: &[Decision], fingerprint: impl Fn(&Rule) -> String) -> Self {
        let runs = |rule: &&Rule| Standing::of(rule, &fingerprint(rule), decisions).runs(demo);
        Self {
            edition: self.edition.clone(),
            draft: self.draft,
            rules: self.rules.iter().filter(runs).cloned().collect(),
        }
    }
}
