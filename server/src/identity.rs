//! Who is asking: the city by its host, a family by the credential of a device, staff by a session.
//!
//! Promised: an identity always comes from a secret that the browser holds, never from what a form says; everything is
//! scoped by the municipality of the host; a secret is stored as a digest only; whatever limits guessing is counted in the
//! database before the guess is judged.
//!
//! Not here: pages and forms (`link`), SQL (`storage`), protection against cross-site posts (one layer of the router).

mod browser_name;
mod city;
mod cookie;
mod device;
mod enrolment;
mod guest;
mod password;
mod rate;
mod registration;
mod secret;
mod session;
mod ticket;
mod totp;
mod transfer;

pub use browser_name::{browser_name, in_app};
pub use city::NewCity;
pub use enrolment::{EnrolFault, EnrolmentLink, OpenEnrolment};
pub use guest::GuestPlace;
pub use password::HashFault;
pub use rate::FromAddress;
pub use registration::{Registration, RegistrationForm};
pub use secret::SealBroken;
pub(crate) use secret::{base32, digest};
pub use session::{SignInFault, home_of};
pub use transfer::{DoorFault, Entry};

pub use crate::storage::{CityRow, Credential, Targets, TicketRow};

pub(crate) use cookie::Cookie;

use crate::{clock::World, link::Render, seal::Keys, storage::StorageError, storage::Store};
use axum::http::{HeaderMap, HeaderValue};
use password::Hasher;
use rate::Rate;
use secret::Vault;
use std::sync::Arc;

/// Everything that tells who somebody is. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    /// Storage.
    pub store: Store,
    /// Time, ids, secrets.
    pub world: World,
    /// How pages are made.
    pub pages: Arc<dyn Render>,
    /// Browsers reach the desk by https.
    pub public_https: bool,
    rings: Arc<Rings>,
    hasher: Hasher,
    rate: Arc<Rate>,
    pub(crate) recent_forms: Arc<crate::link::Recent>,
}

/// Keys by what they are for.
struct Rings {
    ticket: [u8; 32],
    device: [u8; 32],
    transfer: [u8; 32],
    guest: [u8; 32],
    passphrase: [u8; 32],
    passphrases: Vault,
    profiles: Vault,
    totp: Vault,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("public_https", &self.public_https)
            .finish_non_exhaustive()
    }
}

/// Why identity could not answer. The cause is logged once, by `link`; people read a sentence.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A sealed value does not open: the wrong master key, or changed bytes.
    #[error(transparent)]
    Seal(#[from] SealBroken),
    /// Too many passwords at once, or no hasher.
    #[error(transparent)]
    Hash(#[from] HashFault),
    /// Stored JSON cannot be read.
    #[error("{0} cannot be read")]
    Unreadable(&'static str),
}

impl IdentityError {
    /// Trying again in a moment helps.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Storage(StorageError::Busy(_)) | Self::Hash(HashFault::Busy))
    }
}

impl Identity {
    /// Puts it together. `public_https` says how browsers reach the desk, whatever stands in between.
    #[must_use]
    pub fn new(store: Store, keys: &Keys, world: World, pages: Arc<dyn Render>, public_https: bool) -> Self {
        let vault = |label, kind| Vault::new(&keys.derive(label), kind);
        let rings = Rings {
            ticket: keys.derive("ticket"),
            device: keys.derive("device"),
            transfer: keys.derive("transfer"),
            guest: keys.derive("guest"),
            passphrase: keys.derive("passphrase"),
            passphrases: vault("passphrase sealed", "passphrase"),
            profiles: vault("profile", "profile"),
            totp: vault("totp", "totp"),
        };
        Self {
            store,
            world,
            pages,
            public_https,
            rings: Arc::new(rings),
            hasher: Hasher::new(),
            rate: Arc::default(),
            recent_forms: Arc::default(),
        }
    }

    /// `https://soudan.example`, from the host that the browser asked for.
    #[must_use]
    pub fn origin(&self, headers: &HeaderMap) -> String {
        let scheme = if self.public_https { "https" } else { "http" };
        format!("{scheme}://{}", city::host_with_port(headers).unwrap_or_default())
    }

    pub(crate) fn cookie(&self, which: Cookie, headers: &HeaderMap) -> Option<String> {
        which.of(headers, self.public_https)
    }

    pub(crate) fn setting(&self, which: Cookie, value: &str) -> Option<HeaderValue> {
        which.set(value, self.public_https)
    }

    pub(crate) fn clearing(&self, which: Cookie) -> Option<HeaderValue> {
        which.clear(self.public_https)
    }
}
