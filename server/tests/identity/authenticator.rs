//! An authenticator app of one's own: RFC 6238 over the secret that the page of an enrolment shows.

use hmac::{Hmac, KeyInit, Mac};
use signaling::time::At;

/// The bytes of a secret in Base32.
pub(crate) fn bytes_of(secret: &str) -> Vec<u8> {
    let mut bits = String::new();
    for letter in secret.bytes() {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
            .iter()
            .position(|known| *known == letter)
            .expect("base32");
        bits.push_str(&format!("{value:05b}"));
    }
    bits.as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).expect("bits"), 2).expect("a byte"))
        .collect()
}

/// The six digits that the app shows now.
pub(crate) fn code_of(secret: &str, now: At) -> String {
    let key = bytes_of(secret);
    let step = u64::try_from(now.0 / 30_000).expect("after 1970");
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&key).expect("a key");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 15);
    let word = u32::from_be_bytes([
        digest[offset],
        digest[offset + 1],
        digest[offset + 2],
        digest[offset + 3],
    ]);
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}
