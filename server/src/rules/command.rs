//! `soudan rules`: look through a rule file before it is used.
//!
//! Promises: everything that is wrong is printed at once as `FILE:LINE: where: why`, as compilers do, and the command fails
//! then. It needs no configuration and no database.

use clap::{Args, Subcommand};
use signaling::{
    limits,
    triage::{
        RuleSet,
        check::{Fault, Faults},
    },
};
use std::{
    fmt::Write as _,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// The schema that rule files keep to.
const SCHEMA: &str = include_str!("../../../assets/rules/red-flags.schema.json");

/// What can be done with rule files.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Check a file of red-flag rules: names every line that is wrong and why, and fails then. Looks for unknown and missing
    /// fields, ids that stand twice, rules that silence each other in a circle, ages, weeks and days that hold nobody, huge
    /// texts, missing sources, missing Japanese, words that name a disease or say that waiting is safe, and rules that are
    /// enabled without a physician's approval in a file that is no draft.
    Check(CheckArgs),
    /// Print the JSON Schema of rule files, for editors.
    Schema,
}

/// `soudan rules check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The rule file.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// What the command has to say, and whether all is well.
#[derive(PartialEq, Eq)]
pub struct Said {
    /// Lines for people.
    pub text: String,
    /// Nothing is wrong.
    pub is_well: bool,
}

signaling::redacted_debug!(Said { is_well });

/// Carries out a command.
///
/// # Errors
/// The file cannot be read at all.
pub fn run(command: &RulesCommand) -> std::io::Result<Said> {
    match command {
        RulesCommand::Schema => Ok(Said {
            text: SCHEMA.to_owned(),
            is_well: true,
        }),
        RulesCommand::Check(args) => {
            let bytes = beginning(&args.file)?;
            Ok(checked(&args.file.display().to_string(), &bytes))
        }
    }
}

/// As much of a file as a rule file may have, and one byte more.
fn beginning(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limits::RULE_FILE_BYTES + 1).unwrap_or(u64::MAX);
    let named = |error: std::io::Error| std::io::Error::new(error.kind(), format!("{}: {error}", file.display()));
    File::open(file)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(named)?;
    Ok(bytes)
}

fn checked(name: &str, bytes: &[u8]) -> Said {
    let read = match std::str::from_utf8(bytes) {
        // Editors on Windows begin files with a byte order mark.
        Ok(text) => RuleSet::from_json(text.trim_start_matches('\u{feff}')),
        Err(_) if bytes.len() > limits::RULE_FILE_BYTES => RuleSet::from_json(&String::from_utf8_lossy(bytes)),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            Err(Faults(vec![Fault {
                line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
                place: String::new(),
                reason: "is not UTF-8".to_owned(),
            }]))
        }
    };
    match read {
        Ok(set) => Said {
            text: summary(name, &set),
            is_well: true,
        },
        Err(Faults(faults)) => Said {
            text: listed(name, &faults),
            is_well: false,
        },
    }
}

fn summary(name: &str, set: &RuleSet) -> String {
    let approved = set.rules.iter().filter(|rule| rule.approved_by.is_some()).count();
    let kind = if set.draft { "draft, " } else { "" };
    format!(
        "{name}: nothing is wrong (edition {}, {kind}{} rules, {approved} approved in the file)\n",
        set.edition,
        set.rules.len()
    )
}

fn listed(name: &str, faults: &[Fault]) -> String {
    let mut text = String::new();
    for Fault { line, place, reason } in faults {
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("{place}: ")
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}:{line}: {place}{reason}");
    }
    let plural = if faults.len() == 1 { "" } else { "s" };
    let _ = writeln!(text, "{name}: {} fault{plural}", faults.len());
    text
}
