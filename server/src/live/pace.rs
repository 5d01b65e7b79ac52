//! How fast a tab may send.

use signaling::{limits, time::At};

/// What becomes of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is within the pace.
    Allowed,
    /// It is dropped, and the tab is told.
    Dropped,
    /// So many were dropped in so short a time that the socket closes.
    Hopeless,
}

/// A token bucket by the server's clock, and the frames that were over it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    tokens: f64,
    excess: f64,
    refilled_at: At,
}

impl Pace {
    pub(super) fn new(now: At) -> Self {
        Self {
            tokens: f64::from(limits::FRAMES_BURST),
            excess: 0.0,
            refilled_at: now,
        }
    }

    /// Counts one more frame.
    pub(super) fn verdict(&mut self, now: At) -> Verdict {
        #[expect(clippy::cast_precision_loss, reason = "a span of milliseconds")]
        let elapsed_seconds = (now.0 - self.refilled_at.0).max(0) as f64 / 1000.0;
        self.refilled_at = now;
        let filled = self.tokens + elapsed_seconds * f64::from(limits::FRAMES_PER_SECOND);
        self.tokens = filled.min(f64::from(limits::FRAMES_BURST));
        self.excess = (self.excess - elapsed_seconds * f64::from(limits::FRAMES_FORGIVEN_PER_SECOND)).max(0.0);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Verdict::Allowed;
        }
        self.excess += 1.0;
        if self.excess > f64::from(limits::FRAMES_OVER_PACE) {
            Verdict::Hopeless
        } else {
            Verdict::Dropped
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signaling::time::Millis;

    fn sent(pace: &mut Pace, frames: usize, at: At) -> Vec<Verdict> {
        (0..frames).map(|_| pace.verdict(at)).collect()
    }

    fn count(verdicts: &[Verdict], wanted: Verdict) -> usize {
        verdicts.iter().filter(|verdict| **verdict == wanted).count()
    }

    #[test]
    fn a_tab_may_burst_and_then_keeps_to_the_pace() {
        let start = At(1_000_000);
        let mut pace = Pace::new(start);
        let burst = sent(&mut pace, 200, start);
        assert_eq!(count(&burst, Verdict::Allowed), limits::FRAMES_BURST as usize);
        let second = sent(&mut pace, 100, start + Millis::seconds(1));
        assert_eq!(count(&second, Verdict::Allowed), limits::FRAMES_PER_SECOND as usize);
        assert_eq!(count(&second, Verdict::Hopeless), 0);
    }

    #[test]
    fn a_flood_ends_the_socket() {
        let start = At(1_000_000);
        let flood = sent(&mut Pace::new(start), 330, start);
        assert_eq!(count(&flood, Verdict::Dropped), 200);
        assert_eq!(flood.last(), Some(&Verdict::Hopeless));
    }

    #[test]
    fn slips_of_a_long_evening_are_forgiven() {
        let mut now = At(1_000_000);
        let mut pace = Pace::new(now);
        for _ in 0..20 {
            let slip = sent(&mut pace, 170, now);
            assert_eq!(count(&slip, Verdict::Hopeless), 0);
            now = now + Millis::minutes(10);
        }
    }
}
