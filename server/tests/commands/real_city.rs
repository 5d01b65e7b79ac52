//! From an empty directory to a city that families and staff can enter, by the README's own lines.

use std::{
    path::Path,
    process::{Command, Output},
};

/// The README's lines that call the binary, as words of a shell.
fn readme_lines() -> Vec<Vec<String>> {
    let readme = include_str!("../../../README.md");
    let lines = readme
        .lines()
        .filter_map(|line| line.strip_prefix("    target/release/soudan "));
    lines
        .map(|line| words(line.split("  #").next().unwrap_or(line)))
        .collect()
}

fn words(line: &str) -> Vec<String> {
    let pieces = line.split('"').enumerate();
    pieces
        .flat_map(|(index, piece)| match index % 2 {
            0 => piece.split_whitespace().map(str::to_owned).collect(),
            _ => vec![piece.to_owned()],
        })
        .collect()
}

fn soudan(directory: &Path, arguments: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_soudan"))
        .args(arguments)
        .current_dir(directory)
        .env("SOUDAN_MASTER_KEY_FILE", "master.key")
        .env("SOUDAN_DATABASE_URL", "sqlite://soudan.db")
        .output()
        .expect("the binary runs")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn with_key() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    server::files::write_private(&directory.path().join("master.key"), "5a".repeat(32).as_bytes()).expect("written");
    directory
}

#[test]
fn the_readmes_lines_make_a_city_its_words_and_its_first_account() {
    let directory = with_key();
    let lines = readme_lines();
    let (serve, before) = lines.split_last().expect("lines");
    assert_eq!(serve[0], "serve");
    let answers: Vec<String> = before
        .iter()
        .map(|line| said(&soudan(directory.path(), line)))
        .collect();
    assert_eq!(answers[0].trim(), "hino answers to localhost");
    assert!(
        answers[1].starts_with("http://localhost/register?phrase="),
        "{}",
        answers[1]
    );
    assert!(
        answers[2].starts_with("http://localhost/staff/enrol/"),
        "{}",
        answers[2]
    );
    // The same lines again change nothing and say so.
    assert!(refused(&soudan(directory.path(), &before[0])).contains("exists already"));
    assert!(refused(&soudan(directory.path(), &before[2])).contains("is taken"));
    let intact = soudan(directory.path(), &words("check-log"));
    assert!(intact.status.success(), "{intact:?}");
}

#[test]
fn a_city_that_cannot_be_is_named_in_a_sentence() {
    let directory = with_key();
    let wrong = [
        (
            "city hours --city hino --hours \"mon-fri 18:00-22:00\"",
            "there is no municipality",
        ),
        (
            "city add --city hino --name x --service-name y --host http://x",
            "no host name",
        ),
        (
            "city add --city hino --name x --service-name y --host x --hours \"moon 1-2\"",
            "allowed:",
        ),
        (
            "staff add --city hino --login a --name b --role midwife",
            "there is no municipality",
        ),
    ];
    for (line, sentence) in wrong {
        let error = refused(&soudan(directory.path(), &words(line)));
        assert!(error.contains(sentence), "{line}: {error}");
    }
}
