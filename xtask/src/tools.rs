//! Where the project is and how its other programs are called.

use std::env;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use crate::Outcome;

/// The workspace's folder: the parent of this crate's. Cargo's word at run time comes first, as a moved checkout keeps its binary.
pub(crate) fn root() -> PathBuf {
    let crate_folder =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    crate_folder.join("..")
}

/// A path below the workspace's folder.
pub(crate) fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Cargo, in the workspace's folder, as if called from a shell.
///
/// `cargo run` tells us about our own package through variables that some build scripts (ring's) watch: left in place,
/// the same crates would be built again by each of the two ways to call cargo.
pub(crate) fn cargo<I, S>(arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<std::ffi::OsStr>,
{
    let mut command = Command::new("cargo");
    command.current_dir(root()).args(arguments);
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "LD_LIBRARY_PATH" {
            command.env_remove(text);
        }
    }
    command
}

/// Runs to the end; anything but success is an error that names the command.
pub(crate) fn must(command: &mut Command) -> Outcome<()> {
    let status = command
        .status()
        .map_err(|error| format!("{}: {error}", name_of(command)))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{} ended with {status}", name_of(command)).into())
    }
}

/// Runs to the end and returns what it printed on stdout; anything but success is an error that names the command.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command
        .output()
        .map_err(|error| format!("{}: {error}", name_of(command)))?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        Err(format!("{}: {}", name_of(command), String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// Runs to the end, shows what it prints as it comes, and returns whether it succeeded with all those lines, stdout first.
pub(crate) fn shown(command: &mut Command) -> Outcome<(bool, Vec<String>)> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", name_of(command)))?;
    let errors = child.stderr.take().ok_or("no stderr")?;
    let errors = thread::spawn(move || pass_on(errors, std::io::stderr()));
    let mut lines = pass_on(child.stdout.take().ok_or("no stdout")?, std::io::stdout())?;
    lines.extend(errors.join().map_err(|_| "stderr was not read")??);
    Ok((child.wait()?.success(), lines))
}

fn pass_on(from: impl Read, mut to: impl Write) -> std::io::Result<Vec<String>> {
    let mut lines = Vec::new();
    let mut from = BufReader::new(from);
    let mut bytes = Vec::new();
    while from.read_until(b'\n', &mut bytes)? > 0 {
        to.write_all(&bytes)?;
        lines.push(String::from_utf8_lossy(&bytes).trim_end().to_owned());
        bytes.clear();
    }
    Ok(lines)
}

fn name_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Every file below `folder`, sorted; none when the folder does not exist.
pub(crate) fn files_below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                found.extend(files_below(&path)?);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
