//! How fast a tab may send.

use signaling::{limits, time::At};

/// A token bucket by the server's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    tokens: f64,
    refilled_at: At,
}

impl Pace {
    pub(super) fn new(now: At) -> Self {
        Self {
            tokens: f64::from(limits::FRAMES_BURST),
            refilled_at: now,
        }
    }

    /// Whether one more frame is within the pace.
    pub(super) fn allows(&mut self, now: At) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a span of milliseconds")]
        let elapsed_seconds = (now.0 - self.refilled_at.0).max(0) as f64 / 1000.0;
        self.refilled_at = now;
        let filled = self.tokens + elapsed_seconds * f64::from(limits::FRAMES_PER_SECOND);
        self.tokens = filled.min(f64::from(limits::FRAMES_BURST));
        let allowed = self.tokens >= 1.0;
        if allowed {
            self.tokens -= 1.0;
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signaling::time::Millis;

    #[test]
    fn a_tab_may_burst_and_then_keeps_to_the_pace() {
        let start = At(1_000_000);
        let mut pace = Pace::new(start);
        let burst = (0..1_000).filter(|_| pace.allows(start)).count();
        assert_eq!(burst, limits::FRAMES_BURST as usize);
        let later = start + Millis::seconds(1);
        let second = (0..1_000).filter(|_| pace.allows(later)).count();
        assert_eq!(second, limits::FRAMES_PER_SECOND as usize);
    }
}
