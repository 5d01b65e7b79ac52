//! Secrets that people carry in cookies, links and codes, and how they are kept: never in clear.
//!
//! Tokens of 128 bits and more are stored as SHA-256 (nothing to guess, so nothing to slow down). Short codes and
//! derived links use HMAC with a key that is not in the database. Small sealed values (a TOTP secret, a profile, a
//! 合言葉) are XChaCha20-Poly1305 with the row's name as additional data, so that a value cannot be moved to another row.

use crate::clock::World;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Length of an XChaCha20 nonce.
const NONCE_BYTES: usize = 24;

/// A new token of 256 bits as URL-safe text.
pub(crate) fn new_token(world: &World) -> String {
    token_text(&world.random::<32>())
}

/// Bytes as URL-safe text.
pub(crate) fn token_text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is stored of a token.
pub(crate) fn digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// HMAC-SHA256 over parts. Each is preceded by its length, so that no two lists of parts look alike.
pub(crate) fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A key of any length is good for HMAC (RFC 2104), so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Base32 of RFC 4648 in capitals, without padding.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[(held >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        text.push(char::from(LETTERS[(held << (5 - bits)) as usize & 31]));
    }
    text
}

/// Text as it stands inside an address (RFC 3986: everything but unreserved characters is escaped).
pub(crate) fn percent(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// A QR code as inline SVG.
pub(crate) fn qr_svg(text: &str) -> String {
    let Ok(code) = qrcode::QrCode::new(text.as_bytes()) else {
        return String::new();
    };
    let svg = code
        .render::<qrcode::render::svg::Color<'_>>()
        .min_dimensions(200, 200)
        .build();
    match svg.find("<svg") {
        Some(start) => svg[start..].to_owned(),
        None => svg,
    }
}

/// A sealed value that does not open: wrong key, changed bytes, or another row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value of {0} does not open with this key")]
pub struct SealBroken(pub &'static str);

/// Seals small values of one kind.
#[derive(Clone)]
pub(crate) struct Vault {
    cipher: XChaCha20Poly1305,
    kind: &'static str,
}

impl Vault {
    pub(crate) fn new(key: &[u8; 32], kind: &'static str) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(key.into()),
            kind,
        }
    }

    fn bound(&self, row: &str) -> String {
        format!("{}:{row}", self.kind)
    }

    /// Seals a value for the row named `row`.
    pub(crate) fn seal(&self, world: &World, row: &str, value: &[u8]) -> Result<String, SealBroken> {
        let nonce = world.random::<NONCE_BYTES>();
        let bound = self.bound(row);
        let payload = Payload {
            msg: value,
            aad: bound.as_bytes(),
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| SealBroken(self.kind))?;
        Ok(token_text(&[&nonce[..], &sealed].concat()))
    }

    /// Opens what [`Vault::seal`] made for the same row.
    pub(crate) fn open(&self, row: &str, text: &str) -> Result<Vec<u8>, SealBroken> {
        let broken = SealBroken(self.kind);
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| broken)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(broken)?;
        let bound = self.bound(row);
        self.cipher
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: sealed,
                    aad: bound.as_bytes(),
                },
            )
            .map_err(|_| broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::HandClock;
    use signaling::time::At;

    #[test]
    fn base32_agrees_with_rfc_4648() {
        for (plain, coded) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), coded, "{plain}");
        }
        assert_eq!(base32(&[255; 20]).len(), 32);
    }

    #[test]
    fn a_sealed_value_opens_for_its_own_row_only() {
        let world = World::new(HandClock::at(At(0)));
        let vault = Vault::new(&[7; 32], "totp");
        let sealed = vault.seal(&world, "a", b"secret").expect("sealed");
        assert_eq!(vault.open("a", &sealed).as_deref(), Ok(&b"secret"[..]));
        assert_eq!(vault.open("b", &sealed), Err(SealBroken("totp")));
        assert!(Vault::new(&[8; 32], "totp").open("a", &sealed).is_err());
        assert!(vault.open("a", "AAAA").is_err());
        assert!(vault.open("a", "not base64 §").is_err());
    }

    #[test]
    fn parts_of_a_keyed_digest_do_not_run_into_each_other() {
        assert_ne!(keyed(&[1; 32], &[b"ab", b"c"]), keyed(&[1; 32], &[b"a", b"bc"]));
    }

    #[test]
    fn addresses_carry_japanese_escaped() {
        assert_eq!(percent("さ a&b"), "%E3%81%95%20a%26b");
    }
}
