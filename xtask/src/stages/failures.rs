//! What failed, in few lines: names of tests with the first words of their error, as the last thing before the summary,
//! because tools that show a failed run often show its end alone.

use std::fmt::Write as _;

/// Lines that the whole block may have.
const LINES: usize = 15;
/// Lines of an error that are shown while there is room.
const ERROR_LINES: usize = 2;
/// Characters of a line.
const WIDTH: usize = 160;

/// One thing that failed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failure {
    name: String,
    error: Vec<String>,
}

impl Failure {
    /// `error` may be long and coloured.
    pub(super) fn new(name: &str, error: &str) -> Self {
        let plain = without_colours(error);
        let lines = plain.lines().map(str::trim).filter(|line| !line.is_empty());
        Self {
            name: shortened(name),
            error: lines.take(ERROR_LINES).map(shortened).collect(),
        }
    }
}

/// What cargo, rustc, clippy and the test harness said, line by line.
pub(super) fn of_cargo(lines: &[String]) -> Vec<Failure> {
    let lines: Vec<String> = lines.iter().map(|line| without_colours(line)).collect();
    let mut failures = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let told = || {
            let after = lines[at + 1..].iter().take(12);
            let words = after.take_while(|line| !line.starts_with("---- ") && *line != "failures:");
            let words = words.filter(|line| !line.starts_with("note: run with") && !line.trim().is_empty());
            words.cloned().collect::<Vec<_>>()
        };
        if let Some(test) = line
            .strip_prefix("---- ")
            .and_then(|rest| rest.strip_suffix(" stdout ----"))
        {
            failures.push(Failure::new(test, &told().join("\n")));
        } else if line.starts_with("error") && !is_about_other_lines(line) {
            let place = told().into_iter().find(|line| line.trim_start().starts_with("--> "));
            failures.push(Failure::new(line, &place.unwrap_or_default()));
        }
    }
    failures.dedup();
    failures
}

/// Cargo's own closing words, which name nothing that was not named before.
fn is_about_other_lines(line: &str) -> bool {
    let closing = ["could not compile", "test failed", "aborting", "1 target failed"];
    line.strip_prefix("error: ")
        .is_some_and(|rest| closing.iter().any(|start| rest.starts_with(start)) || rest.ends_with("targets failed:"))
}

/// The failed tests of Playwright's JSON report.
pub(super) fn of_playwright(report: &serde_json::Value) -> Vec<Failure> {
    let mut failures = Vec::new();
    for error in report["errors"].as_array().into_iter().flatten() {
        failures.push(Failure::new(
            "playwright",
            error["message"].as_str().unwrap_or_default(),
        ));
    }
    for suite in report["suites"].as_array().into_iter().flatten() {
        of_suite(suite, &mut failures);
    }
    failures
}

fn of_suite(suite: &serde_json::Value, failures: &mut Vec<Failure>) {
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    for spec in list(&suite["specs"]).iter().filter(|spec| spec["ok"] == false) {
        let results = list(&spec["tests"]).into_iter().flat_map(|test| list(&test["results"]));
        let messages: Vec<String> = results
            .flat_map(|result| list(&result["errors"]))
            .filter_map(|error| error["message"].as_str().map(str::to_owned))
            .collect();
        let file = spec["file"].as_str().unwrap_or_default();
        let name = format!("{file}: {}", spec["title"].as_str().unwrap_or_default());
        failures.push(Failure::new(&name, messages.first().map_or("", String::as_str)));
    }
    for inner in list(&suite["suites"]) {
        of_suite(&inner, failures);
    }
}

/// The block; empty when nothing failed. Errors make room for names, and names that have no room are counted.
pub(super) fn block(failures: &[(&str, Failure)]) -> String {
    if failures.is_empty() {
        return String::new();
    }
    let mut text = String::from("== what failed\n");
    let mut left = LINES - 1;
    for (at, (stage, failure)) in failures.iter().enumerate() {
        let still = failures.len() - at;
        if left == 1 && still > 1 {
            let _ = writeln!(text, "… and {still} more");
            break;
        }
        let _ = writeln!(text, "{stage}: {}", failure.name);
        left -= 1;
        for line in failure.error.iter().take(left.saturating_sub(still - 1)) {
            let _ = writeln!(text, "    {line}");
            left -= 1;
        }
    }
    text
}

fn shortened(line: &str) -> String {
    if line.chars().count() <= WIDTH {
        return line.to_owned();
    }
    line.chars().take(WIDTH - 1).chain(['…']).collect()
}

/// Without ANSI escape sequences (ECMA-48 CSI: `ESC [`, parameters, one final byte from `@` to `~`).
fn without_colours(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\u{1b}' {
            plain.push(c);
        } else if rest.next() == Some('[') {
            let _ = rest.by_ref().find(|c| ('@'..='~').contains(c));
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_failed_test_is_named_with_what_it_panicked_about() {
        let said = lines(
            "test result: ok.\nfailures:\n\n---- queue::two_press stdout ----\n\nthread 'queue::two_press' panicked at a.rs:1:2:\nassertion failed: one owner\nnote: run with `RUST_BACKTRACE=1`\n\n\nfailures:\n    queue::two_press\nerror: test failed, to rerun pass `-p server`\n",
        );
        let expected = Failure::new(
            "queue::two_press",
            "thread 'queue::two_press' panicked at a.rs:1:2:\nassertion failed: one owner",
        );
        assert_eq!(of_cargo(&said), [expected]);
    }

    #[test]
    fn an_error_of_the_compiler_is_named_with_its_place() {
        let said = lines(
            "\u{1b}[1merror[E0308]\u{1b}[0m: mismatched types\n  --> server/src/app.rs:3:4\n   |\nerror: could not compile `server`\n",
        );
        assert_eq!(
            of_cargo(&said),
            [Failure::new(
                "error[E0308]: mismatched types",
                "--> server/src/app.rs:3:4"
            )]
        );
    }

    #[test]
    fn a_failed_journey_is_named_with_its_first_error_without_colours() {
        let report = serde_json::json!({ "errors": [], "suites": [{ "specs": [{ "title": "fine", "ok": true }], "suites": [{
            "specs": [{ "title": "a call rings", "file": "call.spec.mjs", "ok": false,
                "tests": [{ "results": [{ "errors": [{ "message": "\u{1b}[31mTimeout\u{1b}[39m\n\nExpected: visible" }] }] }] }],
        }] }] });
        let expected = Failure::new("call.spec.mjs: a call rings", "Timeout\nExpected: visible");
        assert_eq!(of_playwright(&report), [expected]);
    }

    #[test]
    fn the_block_never_has_more_than_its_lines_and_counts_the_rest() {
        let one = ("tests", Failure::new("name", "first\nsecond\nthird"));
        assert_eq!(block(&[]), "");
        assert_eq!(
            block(std::slice::from_ref(&one)),
            "== what failed\ntests: name\n    first\n    second\n"
        );
        for many in [5, 14, 15, 40] {
            let text = block(&vec![one.clone(); many]);
            assert!(text.lines().count() <= LINES, "{many}: {text}");
            assert!(text.contains("more") == (many > 14), "{many}: {text}");
        }
    }
}
