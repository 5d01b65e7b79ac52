//! Credentials for TURN: minted by the desk for a seat, checked by the relay, with nothing stored between them.
//!
//! The REST scheme (draft-uberti-behave-turn-rest-00): `username = expiry:seat`, `password = base64(HMAC-SHA1(secret,
//! username))`. coturn's `use-auth-secret` computes the same, so a fleet of coturn with this secret takes them too.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// The secret that the desk and its relays share.
#[derive(Clone)]
pub struct Secret(Hmac<Sha1>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Of any length.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(<Hmac<Sha1> as KeyInit>::new_from_slice(bytes).expect("HMAC takes keys of any length"))
    }

    /// HMAC-SHA1 over the parts.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> [u8; 20] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The password that belongs to a user name.
    pub(super) fn password_of(&self, username: &str) -> String {
        STANDARD.encode(self.mac(&[username.as_bytes()]))
    }
}

/// What a browser shows to a relay.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// `expiry:seat`.
    pub username: String,
    /// Proves that the desk wrote it.
    pub password: String,
}

signaling::redacted_debug!(Credential {});

/// A credential for `seat`, an opaque word (it appears in a relay's logs), until `expires_at_unix_seconds`.
#[must_use]
pub fn mint(secret: &Secret, seat: &str, expires_at_unix_seconds: u64) -> Credential {
    let username = format!("{expires_at_unix_seconds}:{seat}");
    let password = secret.password_of(&username);
    Credential { username, password }
}

/// Whether a user name has the scheme's form and has not expired. Says nothing about the password: MESSAGE-INTEGRITY does.
pub(super) fn is_current(username: &str, now_unix_seconds: u64) -> bool {
    username
        .split_once(':')
        .and_then(|(expires, _)| expires.parse::<u64>().ok())
        .is_some_and(|expires| expires >= now_unix_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_desk_mints_is_what_coturn_computes() {
        // printf 1433895918:fippo | openssl dgst -binary -sha1 -hmac north | base64
        let minted = mint(&Secret::new(b"north"), "fippo", 1_433_895_918);
        assert_eq!(minted.username, "1433895918:fippo");
        assert_eq!(minted.password, "KdquTwCdMV2mXEc4teUOX2PxloA=");
    }

    #[test]
    fn it_is_good_to_its_last_second_and_not_longer() {
        assert!(is_current("1433895918:fippo", 1_433_895_918));
        assert!(!is_current("1433895918:fippo", 1_433_895_919));
        for malformed in ["", "fippo", ":fippo", "-1:fippo", "99999999999999999999999:fippo"] {
            assert!(!is_current(malformed, 0), "{malformed}");
        }
    }

    #[test]
    fn a_credential_is_not_printed() {
        let minted = mint(&Secret::new(b"north"), "fippo", 1);
        assert!(!format!("{minted:?}").contains("fippo"));
    }
}
