//! The two clocks that the rules go by.

use std::time::Duration;

/// The time, as the rules take it.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Time that never jumps: how long allocations, permissions and channels live goes by this.
    pub steady: Duration,
    /// The calendar's: credentials and nonces end by this, since another process or an earlier one wrote their end.
    pub unix_seconds: u64,
}
