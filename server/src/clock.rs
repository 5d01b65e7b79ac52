//! The only place where time and randomness come from.
//!
//! Everything else takes `now`, ids and secrets as arguments or from a [`World`], so that tests turn the clock by hand and
//! nothing waits. clippy bans the system's clock and random ids elsewhere.

use signaling::time::{At, Millis};
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
    fn steady(&self) -> Duration;
    /// Ends when [`Clock::steady`] shows `steady`. Dropping it is safe.
    fn wait_steadily(&self, steady: Duration) -> Waiting;
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

    fn wait_steadily(&self, steady: Duration) -> Waiting {
        Box::pin(tokio::time::sleep(steady.saturating_sub(self.steady())))
    }
}

/// The machine's clock, set to another time and put forward by hand: it goes on by itself in between. For journeys in browsers
/// that last a night. What is steady stays the machine's, so that no connection is given up because the clock was turned.
#[derive(Clone, Debug)]
pub struct TestClock {
    ahead: Arc<AtomicI64>,
    turned: watch::Sender<()>,
}

impl TestClock {
    /// A clock that shows `now`, and goes on from there.
    #[must_use]
    pub fn at(now: At) -> Self {
        Self {
            ahead: Arc::new(AtomicI64::new(now.0 - SystemClock.now().0)),
            turned: watch::Sender::new(()),
        }
    }

    /// By how much it is ahead of the machine's.
    #[must_use]
    pub fn ahead(&self) -> Millis {
        Millis(self.ahead.load(Ordering::SeqCst))
    }

    /// Sets it, and wakes everybody who waited for a time that has come.
    pub fn is_ahead_by(&self, length: Millis) {
        self.ahead.store(length.0, Ordering::SeqCst);
        self.turned.send_replace(());
    }
}

impl Clock for TestClock {
    fn now(&self) -> At {
        SystemClock.now() + self.ahead()
    }

    fn wait_until(&self, at: At) -> Waiting {
        let (clock, mut turned) = (self.clone(), self.turned.subscribe());
        Box::pin(async move {
            while clock.now() < at {
                let by_the_machine = At(at.0.saturating_sub(clock.ahead().0));
                tokio::select! {
                    () = SystemClock.wait_until(by_the_machine) => {}
                    // The sender lives as long as this clock, which is held here.
                    _ = turned.changed() => {}
                }
            }
        })
    }

    fn steady(&self) -> Duration {
        SystemClock.steady()
    }

    fn wait_steadily(&self, steady: Duration) -> Waiting {
        SystemClock.wait_steadily(steady)
    }
}

/// A clock that stands still until it is turned.
#[derive(Clone, Debug)]
pub struct HandClock {
    now: Arc<AtomicI64>,
    steady: Arc<AtomicI64>,
    turned: watch::Sender<()>,
}

impl HandClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: At) -> Self {
        Self {
            now: Arc::new(AtomicI64::new(now.0)),
            steady: Arc::new(AtomicI64::new(now.0)),
            turned: watch::Sender::new(()),
        }
    }

    /// Turns it forward and wakes everybody who waited for a time that has come.
    pub fn turn(&self, length: Millis) {
        self.steady.fetch_add(length.0, Ordering::SeqCst);
        self.is_set(length);
    }

    /// Sets it, forward or back, while no time passes.
    pub fn is_set(&self, by: Millis) {
        self.now.fetch_add(by.0, Ordering::SeqCst);
        self.turned.send_replace(());
    }

    fn shows(&self, which: &Arc<AtomicI64>, at: i64) -> Waiting {
        let (mut turned, which) = (self.turned.subscribe(), Arc::clone(which));
        Box::pin(async move {
            while which.load(Ordering::SeqCst) < at {
                if turned.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        })
    }
}

impl Clock for HandClock {
    fn now(&self) -> At {
        At(self.now.load(Ordering::SeqCst))
    }

    fn wait_until(&self, at: At) -> Waiting {
        self.shows(&self.now, at.0)
    }

    fn steady(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.steady.load(Ordering::SeqCst)).unwrap_or(0))
    }

    fn wait_steadily(&self, steady: Duration) -> Waiting {
        self.shows(&self.steady, i64::try_from(steady.as_millis()).unwrap_or(i64::MAX))
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

    /// Ends when [`World::steady`] shows `steady`.
    pub fn wait_steadily(&self, steady: Duration) -> Waiting {
        self.clock.wait_steadily(steady)
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
