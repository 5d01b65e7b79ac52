//! `cargo xtask bench`: everything that is measured, in one table. Three programs measure and print a line of JSON a figure:
//! `server/benches/appends.rs` (storage), `load measure` (sockets and messages), `e2e/bench/run.mjs` (what people see).
//!
//! All of it runs the release profile as Cargo has it, without link-time optimisation: that would lengthen the build,
//! and what is measured waits for disks and networks. A figure is never judged here: machines differ, and only the
//! ratio to a floor of the same run says anything.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::tools::{cargo, must, path};

/// Builds, measures, prints the table; false when something could not be measured.
pub(crate) fn run() -> Outcome<bool> {
    must(&mut cargo([
        "build",
        "--release",
        "--package",
        "server",
        "--package",
        "load",
    ]))?;
    let (soudan, load) = (path("target/release/soudan"), path("target/release/load"));
    let mut measure = Command::new(&load);
    measure.arg("measure").arg("--soudan").arg(&soudan);
    let mut browsers = Command::new("node");
    browsers.arg("bench/run.mjs").current_dir(path("e2e"));
    browsers
        .env("SOUDAN", soudan.canonicalize()?)
        .env("LOAD", load.canonicalize()?);
    let appends = cargo(["bench", "--quiet", "--package", "server", "--bench", "appends"]);

    let (mut lines, mut complete) = (Vec::new(), true);
    for mut command in [appends, measure, browsers] {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        for line in BufReader::new(child.stdout.take().ok_or("no stdout")?).lines() {
            let line = line?;
            println!("{line}");
            lines.push(line);
        }
        complete &= child.wait()?.success();
    }
    println!("\n{}", table(&lines));
    Ok(complete)
}

/// The figures among these lines, as a table in Markdown.
fn table(lines: &[String]) -> String {
    let mut table = String::from("| measured | ours | floor | ratio |\n|---|---|---|---|\n");
    for figure in lines
        .iter()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
    {
        let Some(what) = figure["what"].as_str() else { continue };
        let unit = figure["unit"].as_str().unwrap_or_default();
        let (ours, floor) = (figure["ours"].as_f64(), figure["floor"].as_f64());
        let shown = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{} {unit}", rounded(value)));
        let ratio = ours
            .zip(floor)
            .map_or("–".to_owned(), |(ours, floor)| format!("{:.2}", ours / floor));
        // Writing to a String cannot fail.
        let _ = writeln!(table, "| {what} | {} | {} | {ratio} |", shown(ours), shown(floor));
    }
    table
}

/// Three figures of a number.
fn rounded(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_figure_stands_beside_its_floor_and_other_lines_are_left_out() {
        let lines = [
            "warming up".to_owned(),
            r#"{"what":"a","unit":"ms","ours":12.34,"floor":6.17}"#.to_owned(),
            r#"{"what":"b","unit":"","ours":5,"floor":null}"#.to_owned(),
        ];
        let table = super::table(&lines);
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(rows, ["| a | 12.3 ms | 6.17 ms | 2.00 |", "| b | 5.00  | – | – |"]);
    }
}
