//! `soudan rules`: what an administrator reads about a rule file.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

const DELIVERED: &str = include_str!("../../../assets/rules/red-flags.json");

fn soudan(arguments: &[&str]) -> Output {
    // No configuration, no database, no key.
    Command::new(env!("CARGO_BIN_EXE_soudan"))
        .args(arguments)
        .output()
        .expect("the binary runs")
}

fn checked(file: &Path) -> (bool, String) {
    let output = soudan(&["rules", "check", &file.display().to_string()]);
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8(said).expect("text for people"),
    )
}

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn holds(&self, bytes: &[u8]) -> PathBuf {
        let file = self.0.path().join("rules.json");
        std::fs::write(&file, bytes).expect("written");
        file
    }
}

#[test]
fn the_delivered_rules_pass_and_the_edition_is_named() {
    let place = Place::new();
    let (is_well, said) = checked(&place.holds(DELIVERED.as_bytes()));
    assert!(is_well, "{said}");
    assert!(said.contains("nothing is wrong") && said.contains("25 rules"), "{said}");
    let marked = ["\u{feff}", DELIVERED].concat();
    assert!(
        checked(&place.holds(marked.as_bytes())).0,
        "a byte order mark is no fault"
    );
}

#[test]
fn a_wrong_file_fails_with_every_line_and_its_reason() {
    let place = Place::new();
    let wrong = DELIVERED
        .replacen("\"population\": \"child\"", "\"popluation\": \"child\"", 1)
        .replacen("\"max_age\": \"3m\"", "\"max_age\": \"3 months\"", 1);
    let file = place.holds(wrong.as_bytes());
    let output = soudan(&["rules", "check", &file.display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).expect("text");
    let line_of = |text: &str| {
        wrong
            .lines()
            .position(|line| line.contains(text))
            .expect("it stands there")
            + 1
    };
    let name = file.display();
    for line in [
        format!("{name}:{}: C01.popluation: unknown field", line_of("popluation")),
        format!("{name}:{}: C09.max_age: an age is written", line_of("3 months")),
    ] {
        assert!(said.contains(&line), "{line} in\n{said}");
    }
    assert!(
        said.contains("\"population\" is missing") && said.ends_with("3 faults\n"),
        "{said}"
    );
}

#[test]
fn a_file_that_is_no_draft_may_enable_nothing_that_nobody_approved() {
    let place = Place::new();
    let (is_well, said) = checked(&place.holds(DELIVERED.replace("\"draft\": true", "\"draft\": false").as_bytes()));
    assert!(!is_well);
    assert_eq!(said.matches("no physician approved it").count(), 25, "{said}");
}

#[test]
fn what_cannot_be_read_is_a_sentence_and_not_a_crash() {
    let place = Place::new();
    for (bytes, reason) in [
        (&b"{\n\xff\xfe"[..], ":2: is not UTF-8"),
        (b"", ":1: EOF"),
        (&b"[".repeat(600_000), "larger than 524288 bytes"),
        (&[0xff; 600_000], "larger than 524288 bytes"),
    ] {
        let (is_well, said) = checked(&place.holds(bytes));
        assert!(!is_well && said.contains(reason), "{reason} in {said}");
    }
    let (is_well, said) = checked(&place.0.path().join("nowhere.json"));
    assert!(!is_well && said.contains("nowhere.json"), "{said}");
}

#[test]
fn help_tells_of_the_check_and_the_schema_is_printed() {
    let help = String::from_utf8(soudan(&["--help"]).stdout).expect("text");
    assert!(help.contains("rules check FILE"), "{help}");
    let of_check = String::from_utf8(soudan(&["rules", "check", "--help"]).stdout).expect("text");
    assert!(of_check.contains("names every line that is wrong"), "{of_check}");
    let schema = soudan(&["rules", "schema"]).stdout;
    assert!(serde_json::from_slice::<serde_json::Value>(&schema).is_ok_and(|schema| schema.is_object()));
}
