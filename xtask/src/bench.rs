//! `cargo xtask bench`: everything that is measured, in two tables. Four programs measure and print a line of JSON a figure:
//! `server/benches/appends.rs` (storage), `load measure` (sockets and messages), `e2e/bench/run.mjs` (what people see) make the
//! first; `load crowd` (thousands of families, hundreds of desks) the second, in which the same is measured with more, so that
//! one sees how it grows.
//!
//! All of it runs the release profile as Cargo has it, without link-time optimisation: that would lengthen the build,
//! and what is measured waits for disks and networks. A figure is never judged here: machines differ, and only the
//! ratio to a floor of the same run says anything.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
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
    for mut command in [appends, measure, crowd(&soudan, &load), browsers] {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        for line in BufReader::new(child.stdout.take().ok_or("no stdout")?).lines() {
            let line = line?;
            println!("{line}");
            lines.push(line);
        }
        complete &= child.wait()?.success();
    }
    println!("\n{}\n{}", table(&lines), growth(&lines));
    Ok(complete)
}

/// `load crowd` on the second processor and the server on the first, where there are two; with as many open files as this
/// machine allows. While `ROUNDS` tries things out, the small crowd alone.
fn crowd(soudan: &Path, load: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", r#"ulimit -n "$(ulimit -Hn)"; exec "$@""#, "sh"]);
    let two = std::thread::available_parallelism().is_ok_and(|processors| processors.get() >= 2);
    if two {
        command.args(["taskset", "-c", "1"]);
    }
    command.arg(load).arg("crowd").arg("--soudan").arg(soudan);
    if two {
        command.args(["--processor", "0"]);
    }
    if std::env::var_os("ROUNDS").is_some() {
        command.args(["--with", "1000/100"]);
    }
    command
}

/// A line of JSON.
#[derive(serde::Deserialize)]
struct Figure {
    what: String,
    unit: String,
    ours: Option<f64>,
    floor: Option<f64>,
    /// With how many, where it is measured with more as well.
    with: Option<String>,
}

impl Figure {
    fn shown(&self, value: Option<f64>) -> String {
        let value = value.map(|value| format!("{} {}", rounded(value), self.unit));
        value.unwrap_or_else(|| "–".to_owned())
    }
}

fn figures(lines: &[String]) -> impl Iterator<Item = Figure> {
    lines.iter().filter_map(|line| serde_json::from_str(line).ok())
}

fn ratio(of: Option<f64>, to: Option<f64>) -> String {
    let ratio = of.zip(to).map(|(of, to)| format!("{:.2}", of / to));
    ratio.unwrap_or_else(|| "–".to_owned())
}

/// The figures among these lines, as a table in Markdown.
fn table(lines: &[String]) -> String {
    let mut table = String::from("| measured | ours | floor | ratio |\n|---|---|---|---|\n");
    for figure in figures(lines).filter(|figure| figure.with.is_none()) {
        let (ours, floor) = (figure.shown(figure.ours), figure.shown(figure.floor));
        let ratio = ratio(figure.ours, figure.floor);
        // Writing to a String cannot fail.
        let _ = writeln!(table, "| {} | {ours} | {floor} | {ratio} |", figure.what);
    }
    table
}

/// 「p50 of 100」 without how many were measured, which grows with the crowd.
fn uncounted(what: &str) -> &str {
    match what.rsplit_once(" of ") {
        Some((name, count)) if count.bytes().all(|one| one.is_ascii_digit()) => name,
        _ => what,
    }
}

/// Those that were measured with more and more, side by side: ours, in parentheses the floor, and how many times the last is
/// the first.
fn growth(lines: &[String]) -> String {
    let (mut crowds, mut rows) = (Vec::<String>::new(), Vec::<(String, Vec<Figure>)>::new());
    for figure in figures(lines) {
        let Some(with) = &figure.with else { continue };
        if !crowds.contains(with) {
            crowds.push(with.clone());
        }
        match rows.iter_mut().find(|(what, _)| what == uncounted(&figure.what)) {
            Some((_, row)) => row.push(figure),
            None => rows.push((uncounted(&figure.what).to_owned(), vec![figure])),
        }
    }
    let mut table = format!("| measured (floor) | {} | growth (floor) |\n|---|", crowds.join(" | "));
    table.push_str(&"---|".repeat(crowds.len() + 1));
    table.push('\n');
    for (what, row) in rows {
        let beside =
            |ours: String, floor: Option<String>| floor.map_or(ours.clone(), |floor| format!("{ours} ({floor})"));
        let cell = |figure: &Figure| {
            beside(
                figure.shown(figure.ours),
                figure.floor.map(|one| figure.shown(Some(one))),
            )
        };
        let cells: Vec<String> = row.iter().map(cell).collect();
        let grown = match (row.first(), row.last()) {
            (Some(first), Some(last)) if row.len() > 1 => beside(
                ratio(last.ours, first.ours),
                last.floor.map(|floor| ratio(Some(floor), first.floor)),
            ),
            _ => "–".to_owned(),
        };
        let _ = writeln!(table, "| {what} | {} | {grown} |", cells.join(" | "));
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

    #[test]
    fn what_is_measured_with_more_and_more_stands_side_by_side_with_its_growth() {
        let lines = [
            r#"{"what":"a","unit":"ms","ours":2,"floor":1,"with":"10"}"#.to_owned(),
            r#"{"what":"b","unit":"s","ours":3,"floor":null,"with":"10"}"#.to_owned(),
            r#"{"what":"c","unit":"s","ours":3,"floor":null}"#.to_owned(),
            r#"{"what":"a","unit":"ms","ours":8,"floor":3,"with":"100"}"#.to_owned(),
        ];
        let table = super::growth(&lines);
        let rows: Vec<&str> = table.lines().collect();
        let expected = [
            "| measured (floor) | 10 | 100 | growth (floor) |",
            "|---|---|---|---|",
            "| a | 2.00 ms (1.00 ms) | 8.00 ms (3.00 ms) | 4.00 (3.00) |",
            "| b | 3.00 s | – |",
        ];
        assert_eq!(rows, expected);
        assert_eq!(super::table(&lines).lines().count(), 3);
    }
}
