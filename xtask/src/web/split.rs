//! One linked entry → what a page starts with, and the parts that it loads later.
//!
//! Rust marks where a part begins (`#[wasm_split(name, …)]`, see `frontend/src/call/part.rs`); `wasm_split_cli_support` follows
//! the linker's relocations from there. Whatever the start of the page reaches stays in the main module; memory, stack
//! and the table of functions are shared. A part is loaded by a few lines of script, which stand in the entry's own
//! script, so that the entry's hash names its parts' hashes and no page meets a part of another build.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_split_cli_support::{Options, transform};

use crate::Outcome;

/// The module from which the divided wasm imports its loaders; it only exists until it stands in the entry's script.
const LOADERS: &str = "./parts.js";
/// How long one attempt may take: a phone in a tunnel should not wait for TCP to give up. A part of 100 kB comes in this
/// time at 13 kbit/s.
const PATIENCE_MS: u32 = 60_000;

/// A divided entry.
pub(crate) struct Divided {
    /// For wasm-bindgen.
    pub(crate) main: Vec<u8>,
    /// The files that are loaded later; the loaders ask for them by their names.
    pub(crate) parts: Vec<PathBuf>,
}

/// Divides `compiled`, which was linked with `--emit-relocs`, into `folder`.
pub(crate) fn divide(compiled: &[u8], folder: &Path) -> Outcome<Divided> {
    let main = folder.join("main.wasm");
    let mut options = Options::new(compiled);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = LOADERS;
    let divided = transform(options).map_err(|error| format!("dividing: {error:#}"))?;
    for part in &divided.split_modules {
        fs::write(part, without_names(&fs::read(part)?)?)?;
    }
    Ok(Divided {
        main: fs::read(&main)?,
        parts: divided.split_modules,
    })
}

/// The script that wasm-bindgen made of the main module, with the loaders that lie in `folder` instead of their import.
pub(crate) fn with_loaders(script: &str, folder: &Path) -> Outcome<String> {
    joined(script, &fs::read_to_string(folder.join(LOADERS))?)
}

fn joined(script: &str, loaders: &str) -> Outcome<String> {
    let from = format!(" from \"{LOADERS}\"");
    let import = script
        .lines()
        .find(|line| line.starts_with("import * as ") && line.contains(&from))
        .ok_or("the script does not import the loaders")?;
    let name = import.split_whitespace().nth(3).unwrap_or_default();
    let mut exported = Vec::new();
    let mut body = String::new();
    // What they import is a function of the script they come to stand in.
    for line in loaders.lines().filter(|line| !line.starts_with("import ")) {
        exported.extend(
            line.strip_prefix("export const ")
                .and_then(|rest| rest.split_whitespace().next()),
        );
        body.push_str(line.strip_prefix("export ").unwrap_or(line));
        body.push('\n');
    }
    let fetched = ", import.meta.url))";
    if exported.is_empty() || !body.contains(fetched) {
        return Err("the loaders have another form than before".into());
    }
    let patient = format!(", import.meta.url), {{ signal: AbortSignal.timeout?.({PATIENCE_MS}) }})");
    let (body, exported) = (body.replace(fetched, &patient), exported.join(", "));
    Ok(script.replace(
        import,
        &format!("const {name} = (() => {{\n{body}return {{ {exported} }};\n}})();"),
    ))
}

/// A module without its `name` section, about which the optimiser would otherwise complain (WebAssembly, binary format, §5.5).
fn without_names(module: &[u8]) -> Outcome<Vec<u8>> {
    let (mut kept, mut rest) = (module.get(..8).ok_or("no module")?.to_vec(), &module[8..]);
    while let [id, after @ ..] = rest {
        let (length, after) = leb128(after)?;
        let content = after.get(..length).ok_or("a section that is cut off")?;
        let is_names = *id == 0 && content.starts_with(b"\x04name");
        let end = rest.len() - after.len() + length;
        if !is_names {
            kept.extend_from_slice(&rest[..end]);
        }
        rest = &rest[end..];
    }
    Ok(kept)
}

fn leb128(bytes: &[u8]) -> Outcome<(usize, &[u8])> {
    let last = bytes
        .iter()
        .take(5)
        .position(|byte| byte & 0x80 == 0)
        .ok_or("a broken number")?;
    let number = bytes[..=last]
        .iter()
        .rev()
        .fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f));
    Ok((number, &bytes[last + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "import * as import1 from \"./parts.js\"\nfunction initSync() {}\nexport { initSync }\n";
    const TOOL: &str = "import { initSync } from \"./main.js\";\n\nfunction makeLoad() {}\nexport const __load_call = makeLoad(() => \
                        fetch(new URL(\"./split_call.wasm\", import.meta.url)));\n";

    #[test]
    fn the_loaders_stand_in_the_script_itself_and_do_not_wait_for_ever() {
        let joined = joined(SCRIPT, TOOL).unwrap();
        assert!(!joined.contains("import {") && !joined.contains("parts.js"), "{joined}");
        assert!(joined.starts_with("const import1 = (() => {"));
        assert!(joined.contains("return { __load_call };\n})();"));
        assert!(joined.contains("\"./split_call.wasm\", import.meta.url), { signal: AbortSignal.timeout?.(60000) })"));
    }

    #[test]
    fn only_the_names_are_taken_out_of_a_module() {
        let module = |names: &[u8]| {
            [
                b"\0asm\x01\0\0\0",
                &b"\x00\x06\x04linkX"[..],
                names,
                b"\x0b\x81\x00\x00",
            ]
            .concat()
        };
        let names = b"\x00\x88\x00\x04name\x00\x01\x02";
        assert_eq!(without_names(&module(names)).unwrap(), module(b""));
        assert!(without_names(&module(b"\x00\x7f\x04name")).is_err(), "cut off");
    }

    #[test]
    fn a_tool_that_writes_something_else_stops_the_build() {
        assert!(joined("import { x } from \"./parts.js\"\n", TOOL).is_err());
        assert!(joined(SCRIPT, "export default 1;\n").is_err());
    }
}
