//! Where SQL, the clock and randomness may be written, and how long a file may grow before somebody asks.

use std::fs;

use crate::Outcome;
use crate::tools::{files_below, path};

/// A file longer than this probably holds two things (CONTRIBUTING.md, convention 9).
pub(super) const LONG: usize = 400;

/// Crates whose sources obey; xtask itself measures time and speaks of SQL in the tables below.
const READ: [&str; 4] = ["signaling/src", "frontend/src", "server/src", "e2e/load/src"];

/// Words that may stand in some files only.
struct Rule {
    words: &'static [&'static str],
    allowed: fn(file: &str) -> bool,
    why: &'static str,
}

const RULES: [Rule; 3] = [
    Rule {
        words: &[
            "sqlx::query",
            "QueryBuilder",
            "SELECT ",
            "INSERT INTO ",
            "DELETE FROM ",
            "CREATE TABLE ",
        ],
        allowed: |file| file.starts_with("server/src/storage"),
        why: "SQL lives in server/src/storage only",
    },
    Rule {
        words: &[
            "SystemTime::now",
            "Instant::now",
            "::now_utc",
            "::now_local",
            "Date::now",
            "Date::new_0",
        ],
        allowed: is_clock,
        why: "the clock is read in clock.rs only; take `now` as an argument",
    },
    Rule {
        words: &[
            "Uuid::now_v7",
            "Uuid::new_v4",
            "getrandom::",
            "rand::",
            "Math::random",
            "SystemRandom::new",
            "thread_rng",
        ],
        allowed: is_clock,
        why: "ids and random bytes are made in clock.rs only; take them as arguments",
    },
];

fn is_clock(file: &str) -> bool {
    file.ends_with("/clock.rs")
}

/// What reading all sources found.
pub(super) struct Report {
    /// How many files were read.
    pub(super) files: usize,
    /// One line per place that breaks a rule.
    pub(super) broken: Vec<String>,
    /// One line per file over [`LONG`] lines.
    pub(super) long: Vec<String>,
}

/// Reads every Rust file of the workspace.
pub(super) fn read() -> Outcome<Report> {
    let mut report = Report {
        files: 0,
        broken: Vec::new(),
        long: Vec::new(),
    };
    for folder in READ
        .iter()
        .chain(&["server/tests", "signaling/tests", "frontend/tests", "xtask/src"])
    {
        for file in files_below(&path(folder))? {
            if file.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let name = file.strip_prefix(path(""))?.to_string_lossy().into_owned();
            let text = fs::read_to_string(&file)?;
            report.files += 1;
            let lines = text.lines().count();
            if lines > LONG {
                report
                    .long
                    .push(format!("{name}: {lines} lines; does it still hold one thing?"));
            }
            if READ.contains(folder) {
                report.broken.extend(breaches(&name, &text));
                if !name.contains("/tests/") {
                    report.broken.extend(super::printing::breaches(&name, &text));
                }
            }
        }
    }
    Ok(report)
}

fn breaches(file: &str, text: &str) -> Vec<String> {
    let product = text
        .lines()
        .enumerate()
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]");
    product
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .flat_map(|(index, line)| {
            let broken = RULES.iter().filter(|rule| !(rule.allowed)(file));
            let broken = broken.filter(|rule| rule.words.iter().any(|word| contains_word(line, word)));
            broken
                .map(move |rule| format!("{file}:{}: {}", index + 1, rule.why))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Whether `line` has `word` not as the end of a longer name (`operand::` is not `rand::`).
fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_bites_outside_its_home() {
        let text = "//! SELECT is a word\nlet q = \"SELECT x FROM y\";\nlet n = SystemTime::now();\nlet i = Uuid::now_v7();\noperand::x();\n";
        assert_eq!(breaches("server/src/queue.rs", text).len(), 3);
        assert_eq!(breaches("server/src/storage/queue.rs", text).len(), 2);
        assert_eq!(breaches("server/src/clock.rs", text).len(), 1);
        assert!(breaches("server/src/queue.rs", &format!("#[cfg(test)]\n{text}")).is_empty());
    }
}
