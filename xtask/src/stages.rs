//! `cargo xtask test`: the stages of `make test`, each with its budget, all of them even when one fails.
//!
//! The last line is `N passed, N failed`, before it a table of the stages, before that what failed, by name. A stage that
//! runs tests counts its tests; any other counts as one. No test run, or anything failed: not a success. Budgets are for 2
//! cores, one for a warm machine and one for a cold one, where dependencies are compiled too; going over is said, not
//! failed, because machines differ.

mod counts;
mod failures;

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::tools::{cargo, must, path, shown};
use crate::web::wasm;
use crate::{Outcome, check, web};
use counts::Counts;
use failures::Failure;

/// One step of `make test`.
struct Stage {
    name: &'static str,
    /// On a machine that has built the project before.
    warm: Duration,
    /// On one that has not.
    cold: Duration,
    long: bool,
    run: fn() -> Outcome<Ran>,
}

/// What became of a stage.
struct Ran {
    counts: Counts,
    failures: Vec<Failure>,
}

impl Ran {
    /// A stage that is one check; it failed where there are failures.
    fn one(failures: Vec<Failure>) -> Self {
        Self {
            counts: Counts::of_one(failures.is_empty()),
            failures,
        }
    }
}

const fn stage(name: &'static str, warm_seconds: u64, cold_seconds: u64, run: fn() -> Outcome<Ran>) -> Stage {
    Stage {
        name,
        warm: Duration::from_secs(warm_seconds),
        cold: Duration::from_secs(cold_seconds),
        long: false,
        run,
    }
}

const STAGES: [Stage; 9] = [
    stage("fmt", 10, 10, || one(cargo(["fmt", "--all", "--check"]))),
    stage("check", 10, 10, checked),
    stage("clippy", 90, 330, clippy),
    stage("clippy-wasm", 60, 90, clippy_wasm),
    stage("tests", 240, 360, || rust_tests(&[])),
    stage("web", 120, 240, || web::build().map(|()| Ran::one(Vec::new()))),
    stage("browsers", 720, 720, browsers),
    Stage {
        long: true,
        ..stage("tests-long", 1200, 1200, || rust_tests(&["--ignored"]))
    },
    Stage {
        long: true,
        ..stage("browsers-long", 1800, 1800, || {
            browser_tests(&["--grep", "@long", "--pass-with-no-tests"])
        })
    },
];

/// The product on this machine and its load: the crates and features of `cargo build -p server`, so that nothing is built
/// twice. xtask goes by itself, as `cargo xtask` built it.
const PRODUCT: [&str; 10] = [
    "--package",
    "signaling",
    "--package",
    "frontend",
    "--package",
    "server",
    "--package",
    "load",
    "--features",
    "frontend/ssr",
];
const XTASK: [&str; 2] = ["--package", "xtask"];

/// Which stages to run.
#[derive(Debug)]
pub(crate) struct Selection {
    only: Option<String>,
    long: bool,
}

impl Selection {
    /// Reads `--long` and `--only STAGE`.
    pub(crate) fn parse(options: &[&str]) -> Outcome<Self> {
        let names = || STAGES.map(|stage| stage.name).join(", ");
        match options {
            [] => Ok(Self {
                only: None,
                long: false,
            }),
            ["--long"] => Ok(Self { only: None, long: true }),
            ["--only", name] if STAGES.iter().any(|stage| stage.name == *name) => Ok(Self {
                only: Some((*name).to_owned()),
                long: false,
            }),
            _ => Err(format!("test takes --long or --only STAGE; stages are {}", names()).into()),
        }
    }

    fn has(&self, stage: &Stage) -> bool {
        match &self.only {
            Some(name) => name == stage.name,
            None => self.long || !stage.long,
        }
    }
}

/// Runs the selected stages; true when something ran and nothing failed.
pub(crate) fn run(selection: &Selection) -> bool {
    let is_cold = !path("target/debug/soudan").exists();
    let mut total = Counts::default();
    let mut summary = Vec::new();
    let mut failed = Vec::new();
    for stage in STAGES.iter().filter(|stage| selection.has(stage)) {
        let (budget, kind) = if is_cold {
            (stage.cold, "cold")
        } else {
            (stage.warm, "warm")
        };
        println!("== {} ({kind} budget {} s)", stage.name, budget.as_secs());
        let (ran, took) = timed(stage.run);
        let ran = ran.unwrap_or_else(|error| {
            println!("{error}");
            Ran::one(vec![Failure::new("could not be run", &error.to_string())])
        });
        let verdict = if ran.counts.failed > 0 { "FAILED" } else { "ok" };
        let late = if took > budget { ", over budget" } else { "" };
        let line = format!(
            "== {:13} {verdict:6} {:6.1} s of {:4} s {kind}{late}: {}",
            stage.name,
            took.as_secs_f64(),
            budget.as_secs(),
            ran.counts
        );
        println!("{line}");
        summary.push(line);
        total += ran.counts;
        failed.extend(ran.failures.into_iter().map(|failure| (stage.name, failure)));
    }
    println!("\n{}{}", failures::block(&failed), summary.join("\n"));
    println!("{} passed, {} failed", total.passed, total.failed);
    total.failed == 0 && total.passed > 0
}

#[expect(clippy::disallowed_methods, reason = "measures how long a stage really took")]
fn timed<T>(work: fn() -> T) -> (T, Duration) {
    let started = Instant::now();
    let result = work();
    (result, started.elapsed())
}

fn one(mut command: Command) -> Outcome<Ran> {
    let (succeeded, lines) = shown(&mut command)?;
    let mut failures = if succeeded {
        Vec::new()
    } else {
        failures::of_cargo(&lines)
    };
    if !succeeded && failures.is_empty() {
        failures.push(Failure::new("failed", &lines.join("\n")));
    }
    Ok(Ran::one(failures))
}

fn checked() -> Outcome<Ran> {
    let broken = check::run()?;
    Ok(Ran::one(broken.iter().map(|line| Failure::new(line, "")).collect()))
}

/// Warnings are errors here and only here: a developer's build goes on.
fn lint(mut clippy: Command, packages: &[&str]) -> Outcome<Ran> {
    clippy.args(packages).args(["--quiet", "--", "-D", "warnings"]);
    one(clippy)
}

fn clippy() -> Outcome<Ran> {
    let mut failures = lint(cargo(["clippy", "--all-targets"]), &XTASK)?.failures;
    failures.extend(lint(cargo(["clippy", "--all-targets"]), &PRODUCT)?.failures);
    Ok(Ran::one(failures))
}

/// With Debian's compiler (see `wasm-target.sh`) there is no clippy for wasm: then it must at least compile.
fn clippy_wasm() -> Outcome<Ran> {
    let mut cargo = wasm::browser_cargo()?;
    if wasm::rustup_has_target()? {
        cargo.arg("clippy");
        lint(cargo, &wasm::FRONTEND)
    } else {
        cargo.args(["check", "--quiet"]).args(wasm::FRONTEND);
        one(cargo)
    }
}

/// `cargo test` over all crates; shows its output as it comes and counts its `test result:` lines.
fn rust_tests(harness: &[&str]) -> Outcome<Ran> {
    let mut counts = Counts::default();
    let mut failures = Vec::new();
    for packages in [PRODUCT.as_slice(), &XTASK] {
        let mut command = cargo(["test", "--no-fail-fast", "--quiet"]);
        let (succeeded, lines) = shown(command.args(packages).arg("--").args(harness))?;
        let mut these = Counts::default();
        for line in &lines {
            these += Counts::of_cargo_line(line);
        }
        counts += these.or_failed(succeeded);
        if !succeeded {
            failures.extend(failures::of_cargo(&lines));
        }
    }
    Ok(Ran { counts, failures })
}

/// Pages two at a time, as each waits more than it works; calls, which code pictures on every core, one after another.
fn browsers() -> Outcome<Ran> {
    let mut pages = browser_tests(&["--grep-invert", "@long", "--project", "pages", "--workers", "2"])?;
    let calls = browser_tests(&["--grep-invert", "@long", "--project", "calls"])?;
    pages.counts += calls.counts;
    pages.failures.extend(calls.failures);
    Ok(pages)
}

/// Playwright against the real binary; counts come from its JSON report.
fn browser_tests(options: &[&str]) -> Outcome<Ran> {
    must(cargo(["build", "--quiet"]).args(["--package", "server", "--package", "load"]))?;
    let report = path("e2e/results/report.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut command = Command::new("node");
    let succeeded = command
        .current_dir(path("e2e"))
        .args(["node_modules/@playwright/test/cli.js", "test", "--reporter=list,json"])
        .args(options)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .status()?
        .success();
    let report = serde_json::from_str(&fs::read_to_string(&report)?)?;
    Ok(Ran {
        counts: Counts::of_playwright(&report).or_failed(succeeded),
        failures: failures::of_playwright(&report),
    })
}
