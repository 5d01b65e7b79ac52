//! How many tests passed, failed and did not run, read from what the test programs say.

use std::fmt;
use std::ops::AddAssign;

/// The outcome of a stage, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Counts {
    /// Tests, or stages without tests, that passed.
    pub(super) passed: u64,
    /// Those that failed.
    pub(super) failed: u64,
    /// Tests that did not run: ignored or skipped.
    pub(super) skipped: u64,
}

impl Counts {
    /// A stage that is one check.
    pub(super) fn of_one(passed: bool) -> Self {
        Self {
            passed: passed.into(),
            failed: (!passed).into(),
            skipped: 0,
        }
    }

    /// `test result: ok. 3 passed; 0 failed; 1 ignored; …`; any other line counts nothing.
    pub(super) fn of_cargo_line(line: &str) -> Self {
        let Some(result) = line.strip_prefix("test result: ") else {
            return Self::default();
        };
        let number = |word: &str| {
            let part = result.split(['.', ';']).find_map(|part| part.trim().strip_suffix(word));
            part.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
        };
        Self {
            passed: number("passed"),
            failed: number("failed"),
            skipped: number("ignored"),
        }
    }

    /// Playwright's JSON report; a flaky test (none, as nothing is retried) would count as failed.
    pub(super) fn of_playwright(report: &serde_json::Value) -> Self {
        let stats = &report["stats"];
        let number = |name: &str| stats[name].as_u64().unwrap_or(0);
        Self {
            passed: number("expected"),
            failed: number("unexpected") + number("flaky"),
            skipped: number("skipped"),
        }
    }

    /// A program that failed without a failed test (it did not compile, it crashed) counts as one failure.
    pub(super) fn or_failed(self, succeeded: bool) -> Self {
        let unnamed = u64::from(!succeeded && self.failed == 0);
        Self {
            failed: self.failed + unnamed,
            ..self
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} not run", self.skipped)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_and_playwright_are_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 2 ignored; 0 measured; 5 filtered out; finished in 0.10s";
        assert_eq!(
            Counts::of_cargo_line(line),
            Counts {
                passed: 12,
                failed: 3,
                skipped: 2
            }
        );
        assert_eq!(Counts::of_cargo_line("running 3 tests"), Counts::default());
        let report = serde_json::json!({ "stats": { "expected": 4, "unexpected": 1, "flaky": 1, "skipped": 2 } });
        assert_eq!(
            Counts::of_playwright(&report),
            Counts {
                passed: 4,
                failed: 2,
                skipped: 2
            }
        );
    }

    #[test]
    fn a_program_that_dies_without_a_failed_test_is_a_failure() {
        assert_eq!(Counts::default().or_failed(false).failed, 1);
        assert_eq!(
            Counts {
                failed: 2,
                ..Counts::default()
            }
            .or_failed(false)
            .failed,
            2
        );
    }
}
