//! `cargo xtask test`: the stages of `make test`, each with its budget, all of them even when one fails.
//!
//! The last line is `N passed, N failed`. A stage that runs tests counts its tests; any other counts as one. No test run, or
//! anything failed: not a success. Budgets are for a warm machine with 2 cores; going over is said, not failed, because
//! machines differ.

mod counts;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::tools::{cargo, must, path};
use crate::web::wasm;
use crate::{Outcome, check, web};
use counts::Counts;

/// One step of `make test`.
struct Stage {
    name: &'static str,
    budget: Duration,
    long: bool,
    run: fn() -> Outcome<Counts>,
}

const fn stage(name: &'static str, budget_seconds: u64, run: fn() -> Outcome<Counts>) -> Stage {
    Stage {
        name,
        budget: Duration::from_secs(budget_seconds),
        long: false,
        run,
    }
}

const STAGES: [Stage; 9] = [
    stage("fmt", 10, || one(cargo(["fmt", "--all", "--check"]))),
    stage("check", 10, || check::run().map(Counts::of_one)),
    stage("clippy", 90, clippy),
    stage("clippy-wasm", 60, clippy_wasm),
    stage("tests", 240, || rust_tests(&[])),
    stage("web", 90, || web::build().map(|()| Counts::of_one(true))),
    stage("browsers", 360, || browser_tests(&["--grep-invert", "@long"])),
    Stage {
        long: true,
        ..stage("tests-long", 1200, || rust_tests(&["--ignored"]))
    },
    Stage {
        long: true,
        ..stage("browsers-long", 1800, || {
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
    let mut total = Counts::default();
    let mut summary = Vec::new();
    for stage in STAGES.iter().filter(|stage| selection.has(stage)) {
        println!("== {} (budget {} s)", stage.name, stage.budget.as_secs());
        let (counts, took) = timed(stage.run);
        let counts = counts.unwrap_or_else(|error| {
            println!("{error}");
            Counts::of_one(false)
        });
        let verdict = if counts.failed > 0 { "FAILED" } else { "ok" };
        let late = if took > stage.budget { ", over budget" } else { "" };
        let line = format!(
            "== {:13} {verdict:6} {:6.1} s of {:4} s{late}: {counts}",
            stage.name,
            took.as_secs_f64(),
            stage.budget.as_secs()
        );
        println!("{line}");
        summary.push(line);
        total += counts;
    }
    println!("\n{}", summary.join("\n"));
    println!("{} passed, {} failed", total.passed, total.failed);
    total.failed == 0 && total.passed > 0
}

#[expect(clippy::disallowed_methods, reason = "measures how long a stage really took")]
fn timed<T>(work: fn() -> T) -> (T, Duration) {
    let started = Instant::now();
    let result = work();
    (result, started.elapsed())
}

fn one(mut command: Command) -> Outcome<Counts> {
    must(&mut command).map(|()| Counts::of_one(true))
}

/// Warnings are errors here and only here: a developer's build goes on.
fn lint(mut clippy: Command, packages: &[&str]) -> Outcome<Counts> {
    clippy.args(packages).args(["--quiet", "--", "-D", "warnings"]);
    one(clippy)
}

fn clippy() -> Outcome<Counts> {
    let xtask = lint(cargo(["clippy", "--all-targets"]), &XTASK);
    lint(cargo(["clippy", "--all-targets"]), &PRODUCT).and(xtask)
}

/// With Debian's compiler (see `wasm-target.sh`) there is no clippy for wasm: then it must at least compile.
fn clippy_wasm() -> Outcome<Counts> {
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
fn rust_tests(harness: &[&str]) -> Outcome<Counts> {
    let mut total = Counts::default();
    for packages in [PRODUCT.as_slice(), &XTASK] {
        let mut command = cargo(["test", "--no-fail-fast", "--quiet"]);
        let mut child = command
            .args(packages)
            .arg("--")
            .args(harness)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut counts = Counts::default();
        for line in BufReader::new(child.stdout.take().ok_or("no stdout")?).lines() {
            let line = line?;
            println!("{line}");
            counts += Counts::of_cargo_line(&line);
        }
        total += counts.or_failed(child.wait()?.success());
    }
    Ok(total)
}

/// Playwright against the real binary; counts come from its JSON report.
fn browser_tests(options: &[&str]) -> Outcome<Counts> {
    must(&mut cargo(["build", "--quiet", "--package", "server"]))?;
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
    Ok(Counts::of_playwright(&fs::read_to_string(&report)?)?.or_failed(succeeded))
}
