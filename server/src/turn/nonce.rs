//! A nonce that needs no memory: its expiry, and a MAC over that and the client's address. RFC 8489 §9.2.4 leaves the form
//! to the server; so a hundred thousand unauthenticated requests cost not a byte.

use super::{credential::Secret, limits::NONCE_SECONDS};
use std::{fmt::Write, net::SocketAddr};

/// A nonce for this client.
pub(super) fn make(secret: &Secret, client: SocketAddr, now_unix_seconds: u64) -> String {
    text(secret, client, now_unix_seconds + NONCE_SECONDS)
}

/// Whether we made it, for this client, not long ago.
pub(super) fn is_fresh(secret: &Secret, nonce: &str, client: SocketAddr, now_unix_seconds: u64) -> bool {
    let Some(expires) = nonce.get(..8).and_then(|text| u64::from_str_radix(text, 16).ok()) else {
        return false;
    };
    // A nonce is no secret (it travels in clear), so comparing it may take its time.
    (now_unix_seconds..=now_unix_seconds + NONCE_SECONDS).contains(&expires) && text(secret, client, expires) == nonce
}

fn text(secret: &Secret, client: SocketAddr, expires: u64) -> String {
    let mac = secret.mac(&[b"nonce", client.to_string().as_bytes(), &expires.to_be_bytes()]);
    let mut text = format!("{expires:08x}");
    for byte in &mac[..8] {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_795_344_121;

    #[test]
    fn it_is_good_for_its_client_until_it_ends() {
        let secret = Secret::new(b"north");
        let client = "203.0.113.7:50000".parse().unwrap();
        let nonce = make(&secret, client, NOW);
        assert!(is_fresh(&secret, &nonce, client, NOW));
        assert!(is_fresh(&secret, &nonce, client, NOW + NONCE_SECONDS));
        assert!(!is_fresh(&secret, &nonce, client, NOW + NONCE_SECONDS + 1));
        assert!(!is_fresh(&secret, &nonce, "203.0.113.7:50001".parse().unwrap(), NOW));
        assert!(!is_fresh(&Secret::new(b"south"), &nonce, client, NOW));
    }

    #[test]
    fn a_made_up_one_is_not() {
        let client = "203.0.113.7:50000".parse().unwrap();
        for made_up in [
            "",
            "6b000000",
            "zzzzzzzz0000000000000000",
            "6b02e4790000000000000000",
            "あいう",
        ] {
            assert!(!is_fresh(&Secret::new(b"north"), made_up, client, NOW), "{made_up}");
        }
    }
}
