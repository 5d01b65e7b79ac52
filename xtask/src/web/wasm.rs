//! Rust → wasm → the two files a browser loads: cargo, wasm-bindgen, wasm-opt.
//!
//! The server passes the module's address to the script's `init`, so the script knows no address of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use super::{publish::hash_of, split};
use crate::Outcome;
use crate::tools::{cargo, files_below, must, output, path};

/// The target that every browser understands.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// What one entry consists of.
pub(crate) struct Entry {
    /// The ES module whose default export starts `module`.
    pub(crate) script: String,
    /// JavaScript that crates brought along: the name under which `script` imports it, and its source.
    pub(crate) snippets: Vec<(String, String)>,
    /// The optimised WebAssembly.
    pub(crate) module: Vec<u8>,
    /// What the page loads later: the name under which `script` asks for it, and the optimised WebAssembly.
    pub(crate) parts: Vec<(String, Vec<u8>)>,
}

/// What today's browsers (and rustc's defaults for the target) have; wasm-opt must be told.
const OPTIMISER_FLAGS: [&str; 9] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The entries that are linked for being divided (`frontend/build.rs`). The desk is opened once a day and loads all at once.
const DIVIDED: [&str; 1] = ["guardian"];

/// Compiles both entries; they share every dependency, so this is one call.
pub(crate) fn compile() -> Outcome<()> {
    must(
        browser_cargo()?
            .args(["build", "--quiet", "--bins", "--profile", "web"])
            .args(FRONTEND),
    )
}

/// The package and features of the browser's side; never together with `ssr` in one call.
pub(crate) const FRONTEND: [&str; 6] = ["--package", "frontend", "--features", "hydrate", "--target", TARGET];

/// Cargo with a compiler that has the wasm target: rustup's, or Debian's `rustc-web` where `wasm-target.sh` had to fall
/// back to it.
pub(crate) fn browser_cargo() -> Outcome<Command> {
    let mut command = cargo::<_, &str>([]);
    if !has_target("rustc")? {
        if !has_target(DEBIAN_RUSTC).unwrap_or(false) {
            return Err(format!("no compiler for {TARGET}: `make setup` installs it").into());
        }
        command
            .env("RUSTC", DEBIAN_RUSTC)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "/usr/bin/wasm-ld-22");
    }
    Ok(command)
}

/// Whether rustup's own toolchain has the target; clippy only works with that one.
pub(crate) fn rustup_has_target() -> Outcome<bool> {
    has_target("rustc")
}

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

fn has_target(rustc: &str) -> Outcome<bool> {
    let mut command = Command::new(rustc);
    let folder = output(command.args(["--print", "target-libdir", "--target", TARGET]))?;
    Ok(files_below(&PathBuf::from(folder.trim()))?.iter().any(|file| {
        file.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("libstd-"))
    }))
}

/// Turns the compiled `entry` into what browsers load; cached by the compiled bytes and the tools' versions.
pub(crate) fn package(entry: &str) -> Outcome<Entry> {
    let compiled = fs::read(path("target").join(TARGET).join("web").join(format!("{entry}.wasm")))?;
    let folder = path("target/web-cache").join(format!("{entry}-{}", cache_key(&compiled)?));
    if !folder.join("done").exists() {
        for stale in fs::read_dir(path("target/web-cache"))?.flatten() {
            if stale.path().is_dir() && stale.file_name().to_string_lossy().starts_with(&format!("{entry}-")) {
                fs::remove_dir_all(stale.path())?;
            }
        }
        fs::create_dir_all(&folder)?;
        let mut main = compiled;
        if DIVIDED.contains(&entry) {
            let divided = split::divide(&main, &folder.join("divided"))?;
            fs::create_dir_all(folder.join("parts"))?;
            for part in &divided.parts {
                let name = part.file_name().ok_or("a part without a name")?;
                optimise(part, &folder.join("parts").join(name))?;
            }
            main = divided.main;
        }
        bind(entry, main, &folder)?;
        optimise(&folder.join(format!("{entry}_bg.wasm")), &folder.join("opt.wasm"))?;
        fs::write(folder.join("done"), "")?;
    }
    let mut snippets = Vec::new();
    for file in files_below(&folder.join("snippets"))? {
        snippets.push((
            file.strip_prefix(&folder)?.to_string_lossy().into_owned(),
            fs::read_to_string(&file)?,
        ));
    }
    let mut parts = Vec::new();
    for file in files_below(&folder.join("parts"))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        parts.push((name, fs::read(&file)?));
    }
    let mut script = fs::read_to_string(folder.join(format!("{entry}.js")))?;
    if DIVIDED.contains(&entry) {
        script = split::with_loaders(&script, &folder.join("divided"))?;
    }
    Ok(Entry {
        script,
        snippets,
        module: fs::read(folder.join("opt.wasm"))?,
        parts,
    })
}

/// wasm-bindgen's JavaScript and its changes to the module.
fn bind(entry: &str, module: Vec<u8>, folder: &Path) -> Outcome<()> {
    Bindgen::new()
        .input_bytes(entry, module)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The parts share the table of functions.
        .keep_lld_exports(DIVIDED.contains(&entry))
        .generate(folder)?;
    Ok(())
}

fn optimise(from: &Path, to: &Path) -> Outcome<()> {
    let optimiser = path("xtask/node_modules/binaryen/bin/wasm-opt");
    must(
        Command::new("node")
            .arg(optimiser)
            .args(OPTIMISER_FLAGS)
            .arg(from)
            .arg("-o")
            .arg(to),
    )
}

fn cache_key(compiled: &[u8]) -> Outcome<String> {
    let lock = fs::read(path("xtask/package-lock.json"))?;
    let recipe = OPTIMISER_FLAGS.join(" ");
    Ok(hash_of(&[
        compiled,
        &lock,
        recipe.as_bytes(),
        version_of("wasm-bindgen-cli-support")?.as_bytes(),
        version_of("wasm_split_cli_support")?.as_bytes(),
        b"the table stays exported",
    ]))
}

/// A tool's version in Cargo.lock, so that a new one makes new files.
fn version_of(tool: &str) -> Outcome<String> {
    let lock: toml::Table = fs::read_to_string(path("Cargo.lock"))?.parse()?;
    let packages = lock["package"].as_array().ok_or("Cargo.lock without packages")?;
    let found = packages.iter().find(|package| package["name"].as_str() == Some(tool));
    Ok(found
        .and_then(|package| package["version"].as_str())
        .ok_or_else(|| format!("Cargo.lock lacks {tool}"))?
        .to_owned())
}
