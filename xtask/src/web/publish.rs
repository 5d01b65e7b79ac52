//! `dist/`: content-hashed names, compressed twins, the manifest, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::Outcome;

/// Compressing these pays; sounds and pictures are compressed already.
const COMPRESSIBLE: [&str; 8] = ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// The first 12 hex digits of SHA-256 over `parts`: 48 bits name one file among a few dozen.
pub(crate) fn hash_of(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher
        .finalize()
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A folder being filled; `finish` makes it consistent.
pub(crate) struct Publication {
    folder: PathBuf,
    cache: PathBuf,
    names: BTreeMap<String, String>,
    sizes: BTreeMap<String, serde_json::Value>,
    written: BTreeSet<String>,
}

impl Publication {
    /// Starts with `folder` as it is; compressed files are remembered in `cache` under their content's hash.
    pub(crate) fn new(folder: PathBuf, cache: PathBuf) -> Outcome<Self> {
        fs::create_dir_all(&folder)?;
        fs::create_dir_all(&cache)?;
        Ok(Self {
            folder,
            cache,
            names: BTreeMap::new(),
            sizes: BTreeMap::new(),
            written: BTreeSet::new(),
        })
    }

    /// Writes `bytes` under a name made of `logical` and their hash, and returns that name.
    /// `static/icons/phone.svg` becomes `icons-phone-<hash>.svg`: one flat folder.
    pub(crate) fn add(&mut self, logical: &str, bytes: &[u8]) -> Outcome<String> {
        let flat = logical.strip_prefix("static/").unwrap_or(logical).replace('/', "-");
        let (stem, extension) = flat
            .rsplit_once('.')
            .ok_or_else(|| format!("{logical} has no extension"))?;
        let hash = hash_of(&[bytes]);
        let name = format!("{stem}-{hash}.{extension}");
        self.write(&name, bytes)?;
        let mut size = json!({ "raw": bytes.len() });
        if COMPRESSIBLE.contains(&extension) {
            for (coding, compress) in [("br", brotli_of as fn(&[u8]) -> Outcome<Vec<u8>>), ("gz", gzip_of)] {
                let compressed = self.remembered(&format!("{hash}.{extension}.{coding}"), bytes, compress)?;
                self.write(&format!("{name}.{coding}"), &compressed)?;
                size[coding] = json!(compressed.len());
            }
        }
        self.sizes.insert(name.clone(), size);
        self.names.insert(logical.to_owned(), name.clone());
        Ok(name)
    }

    /// Replaces `url("static/…")` in styles by the hashed name, which lies beside the style file.
    pub(crate) fn resolve_urls(&self, styles: &str) -> Outcome<String> {
        let mut resolved = styles.to_owned();
        for (logical, name) in self.names.iter().filter(|(logical, _)| logical.starts_with("static/")) {
            resolved = resolved.replace(&format!("url(\"{logical}\")"), &format!("url(\"{name}\")"));
        }
        match resolved.split("url(\"static/").nth(1) {
            Some(rest) => Err(format!(
                "a style names static/{}, which assets/ lacks",
                rest.split('"').next().unwrap_or("")
            )
            .into()),
            None => Ok(resolved),
        }
    }

    /// Writes the manifest, then removes what this build did not write. Prints what each side pays.
    pub(crate) fn finish(mut self) -> Outcome<()> {
        let manifest = serde_json::to_vec_pretty(&self.names)?;
        let sizes = serde_json::to_vec_pretty(&self.sizes)?;
        self.write("sizes.json", &sizes)?;
        self.write("manifest.json", &manifest)?;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if !self.written.contains(&*entry.file_name().to_string_lossy()) {
                fs::remove_file(entry.path())?;
            }
        }
        let kilobytes = |logical: &str| {
            let size = &self.sizes[&self.names[logical]]["br"];
            format!("{:.1} kB", size.as_f64().unwrap_or_default() / 1000.0)
        };
        for entry in ["guardian", "desk"] {
            let now = ["wasm", "js", "css"].map(|kind| format!("{kind} {}", kilobytes(&format!("{entry}.{kind}"))));
            let (begins, ends) = (format!("{entry}-"), ".wasm");
            let later = self
                .names
                .keys()
                .filter(|name| name.starts_with(&begins) && name.ends_with(ends));
            let later = later.map(|name| format!(", later {name} {}", kilobytes(name)));
            println!(
                "dist/ {entry}: {} (brotli){}",
                now.join(", "),
                later.collect::<String>()
            );
        }
        Ok(())
    }

    /// Through a temporary file, so that a server reading the folder never meets half a file.
    fn write(&mut self, name: &str, bytes: &[u8]) -> Outcome<()> {
        let target = self.folder.join(name);
        if fs::read(&target).ok().as_deref() != Some(bytes) {
            let temporary = self.folder.join(format!("{name}.new"));
            fs::write(&temporary, bytes)?;
            fs::rename(&temporary, &target)?;
        }
        self.written.insert(name.to_owned());
        Ok(())
    }

    fn remembered(&self, key: &str, bytes: &[u8], compress: fn(&[u8]) -> Outcome<Vec<u8>>) -> Outcome<Vec<u8>> {
        let file = self.cache.join(key);
        if let Ok(known) = fs::read(&file) {
            return Ok(known);
        }
        let compressed = compress(bytes)?;
        let temporary = file.with_extension("new");
        fs::write(&temporary, &compressed)?;
        fs::rename(&temporary, &file)?;
        Ok(compressed)
    }
}

fn brotli_of(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip_of(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// An empty folder for one test.
    fn folder(test: &str) -> PathBuf {
        let home = crate::tools::path("target/xtask-tests").join(test);
        if home.exists() {
            fs::remove_dir_all(&home).unwrap();
        }
        home
    }

    fn publication(home: &Path) -> Publication {
        Publication::new(home.join("dist"), home.join("cache")).unwrap()
    }

    #[test]
    fn a_second_build_removes_what_the_first_one_left() {
        let home = folder("second-build");
        for body in ["a{b:c}", "a{b:d}"] {
            let mut publication = publication(&home);
            for entry in ["guardian", "desk"] {
                for kind in ["wasm", "js", "css"] {
                    publication.add(&format!("{entry}.{kind}"), body.as_bytes()).unwrap();
                }
            }
            publication.finish().unwrap();
        }
        let manifest: BTreeMap<String, String> =
            serde_json::from_slice(&fs::read(home.join("dist/manifest.json")).unwrap()).unwrap();
        let files = fs::read_dir(home.join("dist")).unwrap().count();
        assert_eq!(
            files,
            manifest.len() * 3 + 2,
            "each file, its .br and its .gz, and two lists"
        );
        assert!(
            home.join("dist")
                .join(format!("{}.br", manifest["guardian.css"]))
                .exists()
        );
    }

    #[test]
    fn a_style_finds_its_picture_and_a_missing_one_stops_the_build() {
        let home = folder("urls");
        let mut publication = publication(&home);
        let name = publication.add("static/icons/phone.svg", b"<svg/>").unwrap();
        assert!(name.starts_with("icons-phone-") && name.ends_with(".svg"));
        let resolved = publication
            .resolve_urls("a{b:url(\"static/icons/phone.svg\")}")
            .unwrap();
        assert_eq!(resolved, format!("a{{b:url(\"{name}\")}}"));
        assert!(publication.resolve_urls("a{b:url(\"static/none.svg\")}").is_err());
    }
}
