//! Red-flag rules: the file that a desk runs with, and what of it runs in a city.
//!
//! Promises: the file was checked whole before anything is served; outside of a demo a rule runs only in a city whose
//! administrator wrote down a physician's approval of the very rule that stands in the file; the edition that consultations
//! remember tells files apart that bear the same name.
//!
//! Not here: the rules themselves, what is wrong with a file, what a decision means (`signaling::triage`).

pub mod command;
mod decide;
pub(crate) mod epds;
mod page;

pub use decide::decide;
pub use page::{compare, show};

use crate::{
    app::App,
    identity::digest,
    storage::{DecisionRow, EditionRow, StorageError},
};
use signaling::{
    id::MunicipalityId,
    limits,
    triage::{Action, Advice, Rule, RuleSet, check::Faults, standing::Decision},
};
use std::{collections::BTreeMap, io::Read, path::Path};

/// The red-flag rules of this release.
pub const DELIVERED: &str = include_str!("../../assets/rules/red-flags.json");

/// The rules that a desk runs with.
#[derive(Debug)]
pub struct Rules {
    set: RuleSet,
    file: String,
    digest: String,
    /// By id, made once: what approvals are bound to.
    fingerprints: BTreeMap<String, String>,
}

/// Why a desk's rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// What stands in the file.
    #[error(transparent)]
    Faults(#[from] Faults),
    /// The file itself.
    #[error("rules_file {path}: {source}")]
    File {
        /// Where it was looked for.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

impl Rules {
    /// Reads a file's text.
    ///
    /// # Errors
    /// Everything that is wrong with it, with lines.
    pub fn read(file: &str) -> Result<Self, Faults> {
        let set = RuleSet::from_json(file)?;
        let fingerprints = set.rules.iter().map(|rule| (rule.id.clone(), digest(&rule.content())));
        Ok(Self {
            fingerprints: fingerprints.collect(),
            digest: digest(file),
            file: file.to_owned(),
            set,
        })
    }

    /// The city's own file where there is one, otherwise those of this release.
    ///
    /// # Errors
    /// The file cannot be read, or something is wrong with it.
    pub fn of(file: Option<&Path>) -> Result<Self, RulesError> {
        let Some(path) = file else {
            return Ok(Self::read(DELIVERED)?);
        };
        let failed = |source| RulesError::File {
            path: path.display().to_string(),
            source,
        };
        let mut text = String::new();
        let most = u64::try_from(limits::RULE_FILE_BYTES + 1).unwrap_or(u64::MAX);
        std::fs::File::open(path)
            .and_then(|file| file.take(most).read_to_string(&mut text))
            .map_err(failed)?;
        Ok(Self::read(text.trim_start_matches('\u{feff}'))?)
    }

    /// All of the file, whether it runs or not.
    #[must_use]
    pub fn all(&self) -> &RuleSet {
        &self.set
    }

    /// What tells this content of the rule from every other.
    #[must_use]
    pub fn fingerprint(&self, rule: &Rule) -> &str {
        self.fingerprints.get(&rule.id).map_or("", String::as_str)
    }

    /// SHA-256 of the file.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What runs where these decisions were made. Its edition is the file's name with the beginning of its digest.
    #[must_use]
    pub fn running(&self, demo: bool, decisions: &[Decision]) -> RuleSet {
        let fingerprint = |rule: &Rule| self.fingerprint(rule).to_owned();
        let mark = self.digest.get(..8).unwrap_or_default();
        RuleSet {
            edition: format!("{}+{mark}", self.set.edition),
            ..self.set.running(demo, decisions, fingerprint)
        }
    }

    /// What a family reads about a rule that fired once, whether it runs today or not.
    #[must_use]
    pub fn advice(&self, rule: &str, action: Action) -> Advice {
        self.set.advice(rule, action)
    }
}

/// What runs in a city now.
pub(crate) async fn running(app: &App, city: &MunicipalityId) -> Result<RuleSet, StorageError> {
    Ok(app.rules.running(app.demo, &decisions(app, city).await?))
}

async fn decisions(app: &App, city: &MunicipalityId) -> Result<Vec<Decision>, StorageError> {
    let rows = app.store.decisions(city).await?;
    Ok(rows.into_iter().map(|row: DecisionRow| row.decision).collect())
}

/// Keeps the file that the desk runs with, so that later ones can be compared with it, and warns of cities in which no rule
/// runs.
pub(crate) async fn begin(app: &App) -> Result<(), StorageError> {
    let row = EditionRow {
        digest: app.rules.digest.clone(),
        edition: app.rules.set.edition.clone(),
        file: app.rules.file.clone(),
        first_at: app.world.now(),
    };
    app.store.keep_edition(row).await?;
    for city in app.store.cities().await? {
        if running(app, &city.id).await?.rules.is_empty() {
            tracing::warn!(city = %city.id, "no red-flag rule is approved: families are asked none of their questions");
        }
    }
    Ok(())
}
