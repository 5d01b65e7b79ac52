//! `cargo xtask web`: everything a browser downloads, in `dist/`.
//!
//! Promises: every file's name carries a hash of its bytes, so that the server may call it immutable; `dist/manifest.json`
//! maps the logical name (`guardian.js`, `desk.css`, `static/ring.mp3`) to that name, `dist/sizes.json` says what each
//! costs; text and wasm lie beside their `.br` and `.gz`; what no longer belongs is removed; a second call with nothing
//! changed only hashes. An entry each for guardian, desk and check, so that no code of another is in the guardian's bytes;
//! the guardian's is divided once more (`split`): what the ticket needs, and the call, which is loaded later.

pub(crate) mod wasm;

mod css;
mod publish;
mod split;

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::tools::{files_below, path};
use publish::Publication;

/// The hydrate entries: a binary of `frontend` and a folder of styles each.
const ENTRIES: [&str; 3] = ["guardian", "desk", "check"];

/// Builds `dist/` from `frontend`, `assets` and the design tokens.
pub(crate) fn build() -> Outcome<()> {
    wasm::compile()?;
    publish()
}

/// `dist/` around the wasm that was compiled last.
pub(crate) fn publish() -> Outcome<()> {
    let mut publication = Publication::new(path("dist"), path("target/web-cache"))?;
    add_static_files(&mut publication)?;
    for entry in ENTRIES {
        add_styles(&mut publication, entry)?;
        let built = wasm::package(entry)?;
        let mut script = built.script;
        for (name, source) in &built.snippets {
            let hashed = publication.add(name, source.as_bytes())?;
            script = script.replace(&format!("'./{name}'"), &format!("'./{hashed}'"));
            script = script.replace(&format!("\"./{name}\""), &format!("\"./{hashed}\""));
        }
        for (name, part) in &built.parts {
            let logical = name.replace("split_", &format!("{entry}-"));
            let hashed = publication.add(&logical, part)?;
            script = script.replace(&format!("\"./{name}\""), &format!("\"./{hashed}\""));
        }
        publication.add(&format!("{entry}.js"), minified(&script)?.as_bytes())?;
        publication.add(&format!("{entry}.wasm"), &built.module)?;
    }
    publication.finish()
}

/// The same script without what only people read: a fifth of what it weighs compressed.
fn minified(script: &str) -> Outcome<String> {
    let mut tool = Command::new("node")
        .arg(path("xtask/node_modules/esbuild/bin/esbuild"))
        .args(["--minify", "--format=esm", "--target=esnext"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = tool.stdin.take().ok_or("esbuild takes no script")?;
    // It reads to the end before it writes.
    stdin.write_all(script.as_bytes())?;
    drop(stdin);
    let done = tool.wait_with_output()?;
    if !done.status.success() {
        return Err("esbuild refused a script; `make setup` installs it".into());
    }
    Ok(String::from_utf8(done.stdout)?)
}

fn add_static_files(publication: &mut Publication) -> Outcome<()> {
    let folder = path("assets");
    for file in files_below(&folder.join("static"))? {
        let name = file.strip_prefix(&folder)?.to_string_lossy().replace('\\', "/");
        publication.add(&name, &fs::read(&file)?)?;
    }
    Ok(())
}

/// One style file per entry: the used design tokens, then `css/common`, then the entry's own folder, by file name.
fn add_styles(publication: &mut Publication, entry: &str) -> Outcome<()> {
    let mut styles = String::new();
    for folder in ["common", entry] {
        for file in files_below(&path("assets/css").join(folder))? {
            if file.extension().is_some_and(|extension| extension == "css") {
                styles.push_str(&fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?);
                styles.push('\n');
            }
        }
    }
    let tokens = fs::read_to_string(path("xtask/node_modules/@digital-go-jp/design-tokens/dist/tokens.css"))
        .map_err(|error| format!("design tokens: {error}; `make setup` installs them"))?;
    let styles = publication.resolve_urls(&format!("{}{styles}", css::used_tokens(&tokens, &styles)))?;
    publication.add(&format!("{entry}.css"), css::minify(&styles).as_bytes())?;
    Ok(())
}
