//! The only place where time and randomness come from.
//!
//! Everything else takes `now`, ids and secrets as arguments or from a [`World`], so that tests turn the clock by hand and
//! nothing waits. clippy bans the system's clock and random ids elsewhere.

use signaling::time::At;
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::watch;
use uuid::{NoContext, Timestamp, Uuid};

/// A future that ends when a clock shows a time.
pub type Waiting = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A clock that can be waited for.
pub trait Clock: Send + Sync + 'static {
    /// The time.
    fn now(&self) -> At;
    /// Ends at or after `at` by this clock. Dropping it is safe.
    fn wait_until(&self, at: At) -> Waiting;
    /// Time that has passed since some start and never jumps, for what must not end because somebody set the clock.
    fn steady(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.now().0).unwrap_or(0))
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn now(&self) -> At {
        let since_epoch = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        At(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    fn wait_until(&self, at: At) -> Waiting {
        let length = u64::try_from(at.0.saturating_sub(self.now().0)).unwrap_or(0);
        Box::pin(tokio::time::sleep(Duration::from_millis(length)))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn steady(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }
}

/// A clock that stands still until it is turned.
#[derive(Clone, Debug)]
pub struct HandClock {
    now: Arc<AtomicI64>,
    turned: watch::Sender<()>,
}

impl HandClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: At) -> Self {
        Self {
            now: Arc::new(AtomicI64::new(now.0)),
            turned: watch::Sender::new(()),
        }
    }

    /// Turns it forward and wakes everybody who waited for a time that has come.
    pub fn turn(&self, length: signaling::time::Millis) {
        self.now.fetch_add(length.0, Ordering::SeqCst);
        self.turned.send_replace(());
    }
}

impl Clock for HandClock {
    fn now(&self) -> At {
        At(self.now.load(Ordering::SeqCst))
    }

    fn wait_until(&self, at: At) -> Waiting {
        let mut turned = self.turned.subscribe();
        let now = Arc::clone(&self.now);
        Box::pin(async move {
            while now.load(Ordering::SeqCst) < at.0 {
                if turned.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        })
    }
}

/// Time, ids and secrets.
#[derive(Clone)]
pub struct World {
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

impl World {
    /// A world that goes by `clock`.
    #[must_use]
    pub fn new(clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock) }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> At {
        self.clock.now()
    }

    /// Time that never jumps; see [`Clock::steady`].
    #[must_use]
    pub fn steady(&self) -> Duration {
        self.clock.steady()
    }

    /// Ends at or after `at`.
    pub fn wait_until(&self, at: At) -> Waiting {
        self.clock.wait_until(at)
    }

    /// A new id, version 7: sorted by this world's time.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        let now = u64::try_from(self.now().0).unwrap_or(0);
        let nanos = u32::try_from(now % 1000).unwrap_or(0) * 1_000_000;
        Uuid::new_v7(Timestamp::from_unix(NoContext, now / 1000, nanos))
    }

    /// Random bytes from the operating system, good for keys.
    ///
    /// # Panics
    /// When the operating system has no randomness: nothing safe can be done then.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        bytes
    }
}
