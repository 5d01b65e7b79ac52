//! Files that only this user may read: secrets, and the key that wraps all keys.

use std::{fs::OpenOptions, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

/// Writes a file with mode 0600, all or nothing: a reader sees the old file or the whole new one.
///
/// # Errors
/// The directory cannot be written.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let half = path.with_extension("writing");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&half, path)
}

/// Why a master key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Not there, or not readable.
    #[error("{path}: {source}; make one with: openssl rand -hex 32 > {path} && chmod 600 {path}")]
    Missing {
        /// Where it was looked for.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Not 64 hexadecimal digits.
    #[error("{0} does not hold 64 hexadecimal digits")]
    Format(String),
}

/// Reads a key of 32 bytes written as 64 hexadecimal digits.
///
/// # Errors
/// Missing, or not of that form. What the file holds is never printed.
pub fn read_key(path: &Path) -> Result<[u8; 32], KeyFileError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|source| KeyFileError::Missing {
        path: shown.clone(),
        source,
    })?;
    from_hex(text.trim()).ok_or(KeyFileError::Format(shown))
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(key)
}

/// The 64 digits of a key.
#[must_use]
pub fn to_hex(key: &[u8]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_anything_else_is_refused() {
        let key = [0xa5; 32];
        assert_eq!(from_hex(&to_hex(&key)), Some(key));
        assert_eq!(from_hex("abc"), None);
        assert_eq!(from_hex(&"é".repeat(32)), None);
    }
}
