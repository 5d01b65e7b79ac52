//! Encryption at rest: what a family or a clinician wrote is stored under a random key of its consultation, and that key
//! under the master key. Deleting the wrapped key erases the content; facts and figures stay.
//!
//! XChaCha20-Poly1305 (RFC 8439 with a 192-bit nonce, draft-irtf-cfrg-xchacha-03) with random nonces; the place of the
//! bytes (consultation and event, or draft) is authenticated with them, so that they cannot be moved. Not here: where the
//! master key lives.

use crate::{
    chain::{Chain, Fields},
    clock::World,
};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use hkdf::Hkdf;
use sha2::Sha256;
use signaling::{
    id::{ConsultationId, PhotoId, Seq},
    redacted::Redacted,
};
use std::fmt;

const NONCE: usize = 24;

/// Sealed bytes were changed, moved, or belong to another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the seal is broken")]
pub struct BrokenSeal;

/// The keys that come from the master key.
#[derive(Clone)]
pub struct Keys {
    root: Hkdf<Sha256>,
    wrapping: Redacted<[u8; 32]>,
    chain: Chain,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys([redacted])")
    }
}

impl Keys {
    /// The keys under a master key of 32 random bytes (HKDF-SHA256, RFC 5869).
    #[must_use]
    pub fn new(master: &[u8; 32]) -> Self {
        let root = Hkdf::<Sha256>::new(Some(b"soudan/1"), master);
        let chain = Chain::new(expand(&root, "internal/chain"));
        let wrapping = Redacted::new(expand(&root, "internal/wrapping"));
        Self { root, wrapping, chain }
    }

    /// A key for another purpose, named by `label`. The same label gives the same key.
    #[must_use]
    pub fn derive(&self, label: &str) -> [u8; 32] {
        expand(&self.root, &format!("named/{label}"))
    }

    /// What makes the MACs of the chains.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The content key as it is stored.
    #[must_use]
    pub fn wrap(&self, world: &World, consultation: ConsultationId, key: &ContentKey) -> Vec<u8> {
        encrypt(world, self.wrapping.reveal(), &key_place(consultation), key.0.reveal())
    }

    /// Reads [`Keys::wrap`].
    ///
    /// # Errors
    /// Not wrapped by this master key, or for another consultation.
    pub fn unwrap(&self, consultation: ConsultationId, wrapped: &[u8]) -> Result<ContentKey, BrokenSeal> {
        let bytes = decrypt(self.wrapping.reveal(), &key_place(consultation), wrapped)?;
        Ok(ContentKey(Redacted::new(bytes.try_into().map_err(|_| BrokenSeal)?)))
    }
}

/// Expanding to 32 bytes cannot fail: HKDF gives up to 255 × 32 (RFC 5869 §2.3).
fn expand(root: &Hkdf<Sha256>, info: &str) -> [u8; 32] {
    let mut key = [0; 32];
    root.expand(info.as_bytes(), &mut key)
        .expect("32 bytes are fewer than 255 × 32");
    key
}

/// The key of one consultation's content.
#[derive(Clone, Debug)]
pub struct ContentKey(Redacted<[u8; 32]>);

impl ContentKey {
    /// A new random key.
    #[must_use]
    pub fn random(world: &World) -> Self {
        Self(Redacted::new(world.random()))
    }

    /// Encrypts `plain` for `place`.
    #[must_use]
    pub fn seal(&self, world: &World, place: &Place<'_>, plain: &[u8]) -> Vec<u8> {
        encrypt(world, self.0.reveal(), &place.bytes(), plain)
    }

    /// Reads [`ContentKey::seal`].
    ///
    /// # Errors
    /// Changed, moved to another place, or sealed with another key.
    pub fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, BrokenSeal> {
        decrypt(self.0.reveal(), &place.bytes(), sealed)
    }
}

/// Where sealed bytes belong.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// The sealed part of an event.
    Event {
        /// Which consultation.
        consultation: ConsultationId,
        /// Which event.
        seq: Seq,
    },
    /// A draft.
    Draft {
        /// Which consultation.
        consultation: ConsultationId,
        /// Whose.
        owner: &'a str,
        /// Of what.
        field: &'a str,
        /// Its revision.
        revision: u64,
    },
    /// A view of a photo.
    Photo {
        /// Which consultation.
        consultation: ConsultationId,
        /// Which photo.
        photo: PhotoId,
        /// Which view.
        view: &'a str,
    },
    /// A part of a photo on its way.
    PhotoPart {
        /// Which consultation.
        consultation: ConsultationId,
        /// Whose.
        owner: &'a str,
        /// Which photo.
        photo: PhotoId,
        /// Its first byte.
        from: u64,
        /// Bytes of the whole.
        total: u64,
    },
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Event { consultation, seq } => Fields::new("event").id(*consultation).number(*seq).bytes(),
            Self::Draft {
                consultation,
                owner,
                field,
                revision,
            } => Fields::new("draft")
                .id(*consultation)
                .text(owner)
                .text(field)
                .number(*revision)
                .bytes(),
            Self::Photo {
                consultation,
                photo,
                view,
            } => Fields::new("photo")
                .id(*consultation)
                .text(&photo.to_string())
                .text(view)
                .bytes(),
            Self::PhotoPart {
                consultation,
                owner,
                photo,
                from,
                total,
            } => Fields::new("photo_part")
                .id(*consultation)
                .text(owner)
                .text(&photo.to_string())
                .number(*from)
                .number(*total)
                .bytes(),
        }
    }
}

fn key_place(consultation: ConsultationId) -> Vec<u8> {
    Fields::new("key").id(consultation).bytes()
}

fn encrypt(world: &World, key: &[u8; 32], place: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE] = world.random();
    let cipher = XChaCha20Poly1305::new(key.into());
    let payload = Payload { msg: plain, aad: place };
    // The only failure is a message of more than 256 GiB (RFC 8439 §2.8).
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), payload)
        .expect("a message of a possible length");
    [nonce.as_slice(), &sealed].concat()
}

fn decrypt(key: &[u8; 32], place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, BrokenSeal> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(BrokenSeal)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher
        .decrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: sealed,
                aad: place,
            },
        )
        .map_err(|_| BrokenSeal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use uuid::Uuid;

    fn event(consultation: u128, seq: Seq) -> Place<'static> {
        Place::Event {
            consultation: ConsultationId(Uuid::from_u128(consultation)),
            seq,
        }
    }

    #[test]
    fn sealed_bytes_open_in_their_own_place_only() {
        let world = World::new(SystemClock);
        let key = ContentKey::random(&world);
        let sealed = key.seal(&world, &event(1, 2), "熱があります".as_bytes());
        assert_eq!(
            key.open(&event(1, 2), &sealed).as_deref(),
            Ok("熱があります".as_bytes())
        );
        assert_eq!(key.open(&event(1, 3), &sealed), Err(BrokenSeal));
        assert_eq!(key.open(&event(2, 2), &sealed), Err(BrokenSeal));
        assert_eq!(ContentKey::random(&world).open(&event(1, 2), &sealed), Err(BrokenSeal));
        assert_eq!(key.open(&event(1, 2), &sealed[..10]), Err(BrokenSeal));
    }

    #[test]
    fn a_wrapped_key_is_of_one_master_and_one_consultation() {
        let world = World::new(SystemClock);
        let (mine, other) = (Keys::new(&[1; 32]), Keys::new(&[2; 32]));
        let (here, there) = (ConsultationId(Uuid::from_u128(1)), ConsultationId(Uuid::from_u128(2)));
        let wrapped = mine.wrap(&world, here, &ContentKey::random(&world));
        assert!(mine.unwrap(here, &wrapped).is_ok());
        assert!(mine.unwrap(there, &wrapped).is_err());
        assert!(other.unwrap(here, &wrapped).is_err());
    }

    #[test]
    fn names_give_different_keys_and_nothing_prints_them() {
        let keys = Keys::new(&[7; 32]);
        assert_eq!(keys.derive("cookies"), keys.derive("cookies"));
        assert_ne!(keys.derive("cookies"), keys.derive("totp"));
        let world = World::new(SystemClock);
        let shown = format!("{keys:?} {:?} {}", ContentKey::random(&world), Redacted::new("熱"));
        assert_eq!(shown, "Keys([redacted]) ContentKey([redacted]) [redacted]");
    }
}
