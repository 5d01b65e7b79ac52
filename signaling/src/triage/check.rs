//! What is wrong with a rule file, and on which line.
//!
//! Promises: everything that is wrong is named at once, as far as it can be read; a file that passes is read by
//! [`RuleSet::from_json`](super::RuleSet::from_json), and the other way round. Three steps: is it JSON of a bearable size;
//! does it keep to `assets/rules/red-flags.schema.json` ([`schema`] interprets that very file); does it make sense
//! ([`meaning`]: ids, bounds, references, texts, approvals).
//!
//! Not here: whether the medicine is right, which the approving physician answers for.

mod lines;
mod meaning;
mod schema;

use super::RuleSet;
use crate::limits;
use lines::Lines;
use serde_json::Value;
use std::fmt;

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// On which line, from 1.
    pub line: usize,
    /// Where in the file: `C05.any_of[1].ask`; empty for the whole.
    pub place: String,
    /// What is wrong and, where it can be said, what would be right.
    pub reason: String,
}

crate::redacted_debug!(Fault { line, place });

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            write!(f, "line {}: {}", self.line, self.reason)
        } else {
            write!(f, "line {}: {}: {}", self.line, self.place, self.reason)
        }
    }
}

/// Everything that is wrong, in the order of the lines. Not empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(Fault::to_string).collect();
        write!(f, "the rule file cannot be used: {}", lines.join("; "))
    }
}

/// What is wrong with a rule file; nothing where it can be used.
#[must_use]
pub fn check(json: &str) -> Vec<Fault> {
    read(json).err().map_or_else(Vec::new, |faults| faults.0)
}

/// Reads a file that nothing is wrong with.
pub(super) fn read(json: &str) -> Result<RuleSet, Faults> {
    if json.len() > limits::RULE_FILE_BYTES {
        let reason = format!("the file is larger than {} bytes", limits::RULE_FILE_BYTES);
        return Err(Faults(vec![whole(1, reason)]));
    }
    let unreadable = |error: &serde_json::Error| {
        // serde's own text ends with the line that stands in front already.
        let text = error.to_string();
        let reason = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(reason, _)| reason);
        Faults(vec![whole(error.line().max(1), reason.to_owned())])
    };
    let file: Value = serde_json::from_str(json).map_err(|error| unreadable(&error))?;
    let lines = Lines::of(json);
    let mut found = Found {
        lines: &lines,
        file: &file,
        faults: Vec::new(),
    };
    for twice in lines.twice() {
        found.note(twice, "stands twice; only one of them would count".to_owned());
    }
    schema::hold(&file, &mut found);
    let mut set = None;
    if found.faults.is_empty() {
        let typed: RuleSet = serde_json::from_str(json).map_err(|error| unreadable(&error))?;
        meaning::hold(&typed, &mut found);
        set = Some(typed);
    }
    let mut faults = found.faults;
    faults.sort();
    match set {
        Some(set) if faults.is_empty() => Ok(set),
        _ => Err(Faults(faults)),
    }
}

fn whole(line: usize, reason: String) -> Fault {
    Fault {
        line,
        place: String::new(),
        reason,
    }
}

/// Collects faults by their JSON pointer.
struct Found<'a> {
    lines: &'a Lines,
    file: &'a Value,
    faults: Vec<Fault>,
}

impl Found<'_> {
    fn note(&mut self, pointer: &str, reason: String) {
        let fault = Fault {
            line: self.lines.line(pointer),
            place: self.place(pointer),
            reason,
        };
        self.faults.push(fault);
    }

    /// `/rules/4/any_of/1/ask` as somebody reads it who knows rules by their ids.
    fn place(&self, pointer: &str) -> String {
        let mut steps = pointer.split('/').skip(1).peekable();
        let mut place = String::new();
        if steps.peek() == Some(&"rules")
            && let Some(number) = pointer.split('/').nth(2)
        {
            let id = self
                .file
                .pointer(&format!("/rules/{number}/id"))
                .and_then(Value::as_str);
            let number = number.parse::<usize>().map_or(0, |index| index + 1);
            place = id.map_or_else(|| format!("rule {number}"), |id| short(id).to_owned());
            steps.nth(1);
        }
        for step in steps {
            if step.bytes().all(|byte| byte.is_ascii_digit()) {
                place.push_str(&format!("[{step}]"));
            } else {
                if !place.is_empty() {
                    place.push('.');
                }
                place.push_str(short(&step.replace("~1", "/").replace("~0", "~")));
            }
        }
        place
    }
}

/// As much of a stranger's word as a line of an answer can take.
fn short(text: &str) -> &str {
    let end = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
