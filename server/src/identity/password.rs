//! Slow hashes of what people remember: passwords and recovery answers, argon2id.
//!
//! Hashing takes 19 MiB and some 30 ms, so it runs off the async threads, on few of them at once; who comes when too many
//! wait already is told to try again instead of piling up memory.

use crate::clock::World;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use signaling::limits;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;

/// OWASP Password Storage Cheat Sheet (2025): argon2id, 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes at once: two processors' worth.
const AT_ONCE: usize = 2;

/// A PHC string of the parameters above for no password at all: an unknown login costs the same work as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c291ZGFuLW5vYm9keSE$0000000000000000000000000000000000000000000";

/// Why a hash was not made or compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashFault {
    /// Too many wait already.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// The hasher refused its parameters, or its thread was lost.
    #[error("the password hasher failed")]
    Failed,
}

/// Hashes a few at a time.
#[derive(Clone)]
pub(crate) struct Hasher {
    at_once: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

impl Hasher {
    pub(crate) fn new() -> Self {
        Self {
            at_once: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(AtomicUsize::new(0)),
        }
    }

    /// The PHC string of a text.
    pub(crate) async fn hash(&self, world: &World, text: &str) -> Result<String, HashFault> {
        let salt = world.random::<16>();
        let text = text.to_owned();
        self.run(move || {
            let hash = argon2()?
                .hash_password_with_salt(text.as_bytes(), &salt)
                .map_err(|_| HashFault::Failed)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the text is the one that was hashed. Without a hash the same work is done and the answer is no.
    pub(crate) async fn verify(&self, text: &str, hash: Option<&str>) -> Result<bool, HashFault> {
        let known = hash.is_some();
        let (text, hash) = (text.to_owned(), hash.unwrap_or(NOBODY).to_owned());
        self.run(move || Ok(argon2()?.verify_password(text.as_bytes(), hash.as_str()).is_ok() && known))
            .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashFault> + Send + 'static,
    ) -> Result<T, HashFault> {
        let _place = Place::take(&self.waiting)?;
        let permit = Arc::clone(&self.at_once)
            .acquire_owned()
            .await
            .map_err(|_| HashFault::Failed)?;
        // The permit goes along: a request that is dropped must not let another hash start beside its own.
        tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(permit);
            outcome
        })
        .await
        .map_err(|_| HashFault::Failed)?
    }
}

fn argon2() -> Result<Argon2<'static>, HashFault> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashFault::Failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A place in the line, given back when dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(waiting: &Arc<AtomicUsize>) -> Result<Self, HashFault> {
        let place = Self(Arc::clone(waiting));
        let before = waiting.fetch_add(1, Ordering::SeqCst);
        if before < limits::HASHES_WAITING {
            Ok(place)
        } else {
            Err(HashFault::Busy)
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::HandClock;
    use signaling::time::At;

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let world = World::new(HandClock::at(At(0)));
        let hasher = Hasher::new();
        let hash = hasher.hash(&world, "長いパスワード 2026").await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(
            hasher
                .verify("長いパスワード 2026", Some(&hash))
                .await
                .expect("compared")
        );
        assert!(
            !hasher
                .verify("長いパスワード 2027", Some(&hash))
                .await
                .expect("compared")
        );
    }

    #[tokio::test]
    async fn nobody_has_no_password_but_costs_the_same_work() {
        let parsed = argon2::password_hash::phc::PasswordHash::new(NOBODY).expect("a PHC string");
        let (memory, passes) = (parsed.params.get_decimal("m"), parsed.params.get_decimal("t"));
        assert_eq!((memory, passes), (Some(MEMORY_KIB), Some(PASSES)));
        assert!(parsed.hash.is_some() && parsed.salt.is_some());
        assert!(!Hasher::new().verify("anything", None).await.expect("compared"));
    }

    #[tokio::test]
    async fn who_comes_when_the_line_is_full_is_told_so() {
        let hasher = Hasher::new();
        hasher.waiting.store(limits::HASHES_WAITING, Ordering::SeqCst);
        assert_eq!(hasher.verify("x", None).await, Err(HashFault::Busy));
        assert_eq!(
            hasher.waiting.load(Ordering::SeqCst),
            limits::HASHES_WAITING,
            "the place was given back"
        );
    }
}
