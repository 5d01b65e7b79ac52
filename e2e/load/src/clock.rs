//! The only place here that asks the machine for time and ids.

use signaling::id::CommandId;
use std::{
    sync::OnceLock,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Now, for measuring.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now() -> Instant {
    Instant::now()
}

/// Microseconds since this process first asked: fits into a message, so that whoever receives it knows its age.
#[must_use]
pub fn micros() -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let first = *FIRST.get_or_init(now);
    u64::try_from(now().duration_since(first).as_micros()).unwrap_or(u64::MAX)
}

/// Seconds since 1970, for one-time codes.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn unix_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_secs()
}

/// A client's own id for a command.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "clients make random ids (PROTOCOL.md)")]
pub fn command_id() -> CommandId {
    CommandId(uuid::Uuid::new_v4())
}
