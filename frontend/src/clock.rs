//! The browser's clock and random source: the only place where pages take time and randomness from.

use signaling::id::CommandId;
use uuid::Uuid;

/// Milliseconds since the epoch by the browser's clock.
#[must_use]
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Milliseconds since the page began, by a clock that never jumps.
#[must_use]
pub fn steady_ms() -> f64 {
    leptos::prelude::window()
        .performance()
        .map_or_else(now_ms, |performance| performance.now())
}

/// [`steady_ms`] in whole milliseconds.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds of a page's life: not negative, far below 2^53"
)]
pub fn running_ms() -> u64 {
    steady_ms() as u64
}

/// A number from 0 to below 1, for spreading things out; not for secrets.
#[must_use]
pub fn random() -> f64 {
    js_sys::Math::random()
}

/// An id for a command that must take effect once.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place; the server has its own clock module"
)]
pub fn new_command_id() -> CommandId {
    CommandId(Uuid::new_v4())
}
