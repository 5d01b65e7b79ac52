//! The red-flag rules: what runs, who approved it, and what differs between two editions.

use serde::{Deserialize, Serialize};
use signaling::{id::CommandId, time::At, triage::Action};

/// `/admin/rules`: the red-flag rules and how they stand. Posts to itself with `command`, `rule`, `fingerprint` and `go`
/// (`approve`, `withdraw`, `enable`, `disable`); to approve also `physician` and `approved_on`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesPage {
    /// Name of the edition that runs.
    pub edition: String,
    /// It is the city's own file, not the release's.
    pub own_file: bool,
    /// A demo runs rules that nobody approved.
    pub demo: bool,
    /// `2026-11-22`: no approval is of a later day.
    pub today: String,
    /// In the file's order.
    pub rules: Vec<RuleLine>,
    /// Newest first.
    pub decisions: Vec<DecisionLine>,
    /// Newest first.
    pub editions: Vec<EditionLine>,
    /// Digest of the edition that runs.
    pub running: String,
    /// What was wrong with the form that was just posted.
    pub fault: Option<RuleFault>,
}

signaling::redacted_debug!(RulesPage { edition, demo, today });

/// One rule.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleLine {
    /// "C05".
    pub id: String,
    /// Its version.
    pub version: u32,
    /// What tells this content from others.
    pub fingerprint: String,
    /// 「子ども、0か月から15歳未満」.
    pub whom: String,
    /// What fires it, and what then happens.
    pub parts: Vec<RulePart>,
    /// Rules beside which it is silent.
    pub unless: Vec<String>,
    /// Name of the publication.
    pub source_title: String,
    /// Where it was read.
    pub source_url: String,
    /// Its edition.
    pub source_edition: String,
    /// The day it was read.
    pub source_read_on: String,
    /// What the approving physician has to decide.
    pub remark: Option<String>,
    /// Nobody has switched it off.
    pub is_enabled: bool,
    /// It runs here, now.
    pub runs: bool,
    /// Who approved it as it stands.
    pub approval: Option<Approval>,
    /// It is not approved, and another version of it was.
    pub earlier_was_approved: bool,
    /// For the rule's form.
    pub command: CommandId,
}

signaling::redacted_debug!(RuleLine { id, version, runs });

/// A part of a rule.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulePart {
    /// What happens.
    pub action: Action,
    /// Each of which fires it.
    pub any_of: Vec<String>,
    /// What the family reads; empty for silent ones.
    pub text: String,
}

signaling::redacted_debug!(RulePart { action });

/// Who approved a rule, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The physician.
    pub physician: String,
    /// The day, `2026-11-20`.
    pub on: String,
    /// The administrator who wrote it down, and when; nothing for an approval that stands in the file.
    pub written: Option<(String, At)>,
}

/// A decision that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionLine {
    /// When.
    pub at: At,
    /// "C05".
    pub rule: String,
    /// The version that it was about.
    pub version: u32,
    /// 「承認（佐藤 花子 医師、2026-11-20）」.
    pub what: String,
    /// The administrator.
    pub by: String,
}

/// An edition that this desk has run with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionLine {
    /// SHA-256 of its file.
    pub digest: String,
    /// Its name.
    pub edition: String,
    /// Since when.
    pub first_at: At,
}

/// What was wrong with a form, and what was typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFault {
    /// In whose form.
    pub rule: String,
    /// The sentence.
    pub text: String,
    /// As typed.
    pub physician: String,
    /// As typed.
    pub approved_on: String,
}

signaling::redacted_debug!(RuleFault { rule });

/// `/admin/rules/compare`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The older.
    pub from: EditionLine,
    /// The newer.
    pub to: EditionLine,
    /// All that can be chosen.
    pub editions: Vec<EditionLine>,
    /// Rules that differ; nothing where one of the files keeps to another format.
    pub rules: Option<Vec<ComparedRule>>,
}

/// How a rule differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedRule {
    /// "C05".
    pub rule: String,
    /// Version before; nothing where it is new.
    pub before: Option<u32>,
    /// Version after; nothing where it is gone.
    pub after: Option<u32>,
    /// It says something else under the same version.
    pub is_uncounted: bool,
    /// Field by field.
    pub fields: Vec<ComparedField>,
}

/// How a field differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedField {
    /// `any_of.c05_abdomen.ask.ja`.
    pub field: String,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}
