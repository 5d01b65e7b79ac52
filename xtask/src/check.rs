//! `cargo xtask check`: the rules that no compiler knows. Each broken rule is one line that names the place and the rule.
//!
//! Deliberately textual: it reads lines, not syntax, so a rule fits on one line here and a newcomer can add one. Code below
//! `#[cfg(test)]` and lines that are comments are not read.

mod licences;
mod printing;
mod sources;

use crate::Outcome;
use crate::tools::{cargo, output};

/// Prints what breaks a rule and what deserves a look; answers one line for each broken rule.
pub(crate) fn run() -> Outcome<Vec<String>> {
    let metadata = serde_json::from_str(&output(&mut cargo(["metadata", "--format-version", "1", "--locked"]))?)?;
    let report = sources::read()?;
    let mut broken = report.broken;
    broken.extend(licences::broken(&metadata)?);
    broken.extend(layering(&metadata));
    broken.extend(lock_files_with_addresses()?);
    for line in &report.long {
        println!("warning: {line}");
    }
    for line in &broken {
        println!("error: {line}");
    }
    println!(
        "{} source files, {} over {} lines, {} broken rules",
        report.files,
        report.long.len(),
        sources::LONG,
        broken.len()
    );
    Ok(broken)
}

/// `signaling` is the rules and the wire: nothing that does I/O, reads a clock or draws random numbers, on any target.
const NOT_IN_SIGNALING: [&str; 10] = [
    "axum",
    "frontend",
    "getrandom",
    "js-sys",
    "leptos",
    "rand",
    "server",
    "sqlx",
    "tokio",
    "web-sys",
];

/// The direction of knowledge, signaling ← frontend ← server (CONTRIBUTING.md, "Where code goes"), as far as manifests show it.
fn layering(metadata: &serde_json::Value) -> Vec<String> {
    let forbidden = |package: &str, dependency: &str| match package {
        "signaling" => NOT_IN_SIGNALING.contains(&dependency),
        "frontend" => ["axum", "server", "sqlx", "tokio"].contains(&dependency),
        _ => false,
    };
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .flat_map(|package| {
            let name = package["name"].as_str().unwrap_or_default();
            let dependencies = package["dependencies"].as_array().into_iter().flatten();
            dependencies
                .filter(|dependency| dependency["kind"].is_null())
                .filter_map(|dependency| dependency["name"].as_str())
                .filter(move |dependency| forbidden(name, dependency))
                .map(move |dependency| format!("{name}/Cargo.toml: {name} must not depend on {dependency}"))
        })
        .collect()
}

/// Lock files of npm name no download address, so that any mirror serves them (`.npmrc` sees to it).
fn lock_files_with_addresses() -> Outcome<Vec<String>> {
    let mut broken = Vec::new();
    for lock in ["xtask/package-lock.json", "e2e/package-lock.json"] {
        if std::fs::read_to_string(crate::tools::path(lock))?.contains("\"resolved\"") {
            broken.push(format!(
                "{lock}: names a download address; run npm in that folder, where .npmrc omits it"
            ));
        }
    }
    Ok(broken)
}

#[cfg(test)]
mod tests {
    #[test]
    fn signaling_may_not_learn_to_wait() {
        let metadata = serde_json::json!({ "packages": [{ "name": "signaling", "dependencies": [
            { "name": "tokio", "kind": null }, { "name": "tokio", "kind": "dev" }, { "name": "serde", "kind": null },
        ] }] });
        assert_eq!(super::layering(&metadata).len(), 1);
    }
}
