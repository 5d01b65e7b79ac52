//! The project's build: `cargo xtask web` makes what browsers download, `cargo xtask check` enforces rules that no
//! compiler knows, `cargo xtask test` is what `make test` runs once the machine is set up.
//!
//! Deliberately not here: installing anything (`setup.sh`, `wasm-target.sh`) and the product itself.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on stdout")]

mod bench;
mod check;
mod stages;
mod tools;
mod web;

use std::process::ExitCode;

/// Whatever went wrong, in words for the person at the terminal.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const HELP: &str = "\
cargo xtask web                            build dist/: wasm, scripts, styles, static files, manifest.json
cargo xtask web --styles                   the same around the wasm compiled last: seconds, for whoever draws
cargo xtask check                          layering, banned calls, file lengths, licences
cargo xtask bench                          measure, and print one table
cargo xtask test [--long] [--only STAGE]   run the stages of `make test`; --long adds the long ones
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["web"] => web::build().map(|()| true),
        ["web", "--styles"] => web::publish().map(|()| true),
        ["bench"] => bench::run(),
        ["check"] => check::run().map(|broken| broken.is_empty()),
        ["test", options @ ..] => stages::Selection::parse(options).map(|selection| stages::run(&selection)),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(true)
        }
        _ => Err(format!("which command?\n{HELP}").into()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
