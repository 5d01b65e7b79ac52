//! When pictures are given up so that sound gets through, and when they come back.
//!
//! Sound comes first: a voice needs some 40 kbit/s, the smallest picture that shows a face another 60. Where the browser's
//! estimate of the way out stays under both, or what is sent gets lost or late, pictures pause; both sides are told that the
//! network is why. They come back slowly. While nothing is sent the estimate does not grow, so a return is *tried*: the
//! camera sends little ([`TRY_BPS`]) and nobody is told yet; the estimate then shows whether there is room. A try that
//! shows none ends unseen, and the next waits twice as long. So people see pictures go once and come once.
//!
//! Not here: how a browser pauses a sender, and what people read.

/// Under this estimate in bits a second pictures are a burden: a voice and the smallest picture.
pub const PAUSE_UNDER_BPS: u32 = 100_000;
/// Over this one they come back: half as much again, so that the two do not meet.
pub const RETURN_OVER_BPS: u32 = 150_000;
/// What a try sends at most. An estimate grows to about one and a half times of what is sent, so this and the voice are
/// enough to show [`RETURN_OVER_BPS`].
pub const TRY_BPS: u32 = 120_000;
/// Loss of what was sent, in percent, at which pictures fall apart faster than they are mended.
pub const LOST_PERCENT: f64 = 15.0;
/// A round trip in milliseconds at which a queue somewhere is full: a conversation ends near 400 (ITU-T G.114).
pub const LATE_MS: f64 = 1_500.0;
/// How long the way has to stay weak.
pub const PAUSE_AFTER_MS: u64 = 5_000;
/// A new connection's estimate begins low and grows: nothing is judged before.
pub const WARM_UP_MS: u64 = 8_000;
/// How long the first pause lasts at least.
pub const FIRST_WAIT_MS: u64 = 15_000;
/// How long any does.
pub const LONGEST_WAIT_MS: u64 = 240_000;
/// How long a try lasts at most: an estimate grows 8 % a second (GCC), from 60 to 150 kbit/s in twelve.
pub const TRY_MS: u64 = 15_000;
/// A try is believed no sooner than this: the first seconds show the estimate of before.
const TRY_LEAST_MS: u64 = 3_000;
/// Weakness within this time of a return shows that the return was too early.
const STEADY_MS: u64 = 60_000;
/// Weakness during a try that ends it.
const TRY_WEAK_MS: u64 = 3_000;

/// The way out, as one look at it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outgoing {
    /// The browser's estimate in bits a second; Firefox has none.
    pub available_bps: Option<f64>,
    /// There and back in milliseconds.
    pub round_trip_ms: Option<f64>,
    /// Whether the encoder says that the way out, and nothing else, holds its pictures down; not every browser says. An estimate
    /// alone proves little: it follows what is sent, and a still picture sends next to nothing.
    pub limited: Option<bool>,
    /// Of what was sent since the last report, in percent, as the other side reports it.
    pub lost_percent: Option<f64>,
}

impl Outgoing {
    fn is_congested(&self) -> bool {
        self.lost_percent.is_some_and(|lost| lost >= LOST_PERCENT)
            || self.round_trip_ms.is_some_and(|late| late >= LATE_MS)
    }

    fn is_weak(&self) -> bool {
        let thin = self.available_bps.is_some_and(|bps| bps < f64::from(PAUSE_UNDER_BPS));
        self.is_congested() || (thin && self.limited != Some(false))
    }

    fn has_room(&self) -> bool {
        let wide = self.available_bps.is_none_or(|bps| bps >= f64::from(RETURN_OVER_BPS));
        !self.is_congested() && (wide || self.limited == Some(false))
    }
}

/// What the sender of pictures is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// Send as the browser likes; people are told that they are back.
    Flow,
    /// Send nothing; people are told why.
    Pause,
    /// Send at most [`TRY_BPS`]; people are still told of the pause.
    Try,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Flowing { since_ms: u64, returned: bool },
    Paused { since_ms: u64 },
    Trying { since_ms: u64 },
}

/// The pictures of one pair, on their way out.
#[derive(Clone, Debug)]
pub struct VideoPause {
    state: State,
    wait_ms: u64,
    /// For how long the way has been weak, less for how long it was not.
    weak_ms: u64,
    looked_at_ms: u64,
}

impl VideoPause {
    /// Of a connection that begins.
    #[must_use]
    pub fn new(now_ms: u64) -> Self {
        Self {
            state: State::Flowing {
                since_ms: now_ms,
                returned: false,
            },
            wait_ms: FIRST_WAIT_MS,
            weak_ms: 0,
            looked_at_ms: now_ms,
        }
    }

    /// What is to be done now.
    #[must_use]
    pub fn pictures(&self) -> Pictures {
        match self.state {
            State::Flowing { .. } => Pictures::Flow,
            State::Paused { .. } => Pictures::Pause,
            State::Trying { .. } => Pictures::Try,
        }
    }

    /// Whether people are told that the network holds pictures back.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.pictures() != Pictures::Flow
    }

    /// The connection goes another way: what was seen of the old one says nothing, and the next try comes soon.
    pub fn begin_anew(&mut self, now_ms: u64) {
        self.weak_ms = 0;
        self.looked_at_ms = now_ms;
        self.wait_ms = FIRST_WAIT_MS;
        self.state = match self.state {
            State::Flowing { .. } => State::Flowing {
                since_ms: now_ms,
                returned: false,
            },
            State::Paused { .. } | State::Trying { .. } => State::Paused { since_ms: now_ms },
        };
    }

    /// A look at the way out, every second or so while pictures are wanted. Answers what changes.
    pub fn look(&mut self, now_ms: u64, out: &Outgoing) -> Option<Pictures> {
        let passed_ms = now_ms.saturating_sub(self.looked_at_ms).min(2_000);
        self.looked_at_ms = now_ms;
        let before = self.pictures();
        match self.state {
            State::Flowing { since_ms, returned } => {
                self.weigh(
                    out.is_weak() && now_ms.saturating_sub(since_ms) >= WARM_UP_MS,
                    passed_ms,
                );
                if self.weak_ms >= PAUSE_AFTER_MS {
                    let too_early = returned && now_ms.saturating_sub(since_ms) < STEADY_MS;
                    self.pause(now_ms, too_early);
                }
            }
            State::Paused { since_ms } => {
                if now_ms.saturating_sub(since_ms) >= self.wait_ms && !out.is_congested() {
                    self.go(State::Trying { since_ms: now_ms });
                }
            }
            State::Trying { since_ms } => {
                self.weigh(out.is_congested(), passed_ms);
                let tried_ms = now_ms.saturating_sub(since_ms);
                if self.weak_ms >= TRY_WEAK_MS || (tried_ms >= TRY_MS && !out.has_room()) {
                    self.pause(now_ms, true);
                } else if tried_ms >= self.try_least_ms(out) && out.has_room() {
                    self.go(State::Flowing {
                        since_ms: now_ms,
                        returned: true,
                    });
                }
            }
        }
        Some(self.pictures()).filter(|now| *now != before)
    }

    /// Without an estimate only time shows whether there is room.
    fn try_least_ms(&self, out: &Outgoing) -> u64 {
        if out.available_bps.is_some() {
            TRY_LEAST_MS
        } else {
            TRY_MS
        }
    }

    fn weigh(&mut self, weak: bool, passed_ms: u64) {
        self.weak_ms = if weak {
            self.weak_ms.saturating_add(passed_ms)
        } else {
            self.weak_ms.saturating_sub(passed_ms)
        };
    }

    fn pause(&mut self, now_ms: u64, failed: bool) {
        self.wait_ms = if failed {
            (self.wait_ms * 2).min(LONGEST_WAIT_MS)
        } else {
            FIRST_WAIT_MS
        };
        self.go(State::Paused { since_ms: now_ms });
    }

    fn go(&mut self, state: State) {
        self.weak_ms = 0;
        self.state = state;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(bps: u32) -> Outgoing {
        Outgoing {
            available_bps: Some(bps.into()),
            limited: Some(bps < 200_000),
            round_trip_ms: Some(60.0),
            lost_percent: Some(0.0),
        }
    }

    /// Looks once a second; what changed, and after how many seconds since the beginning.
    fn watch(
        pause: &mut VideoPause,
        seconds: std::ops::Range<u64>,
        out: impl Fn(u64) -> Outgoing,
    ) -> Vec<(u64, Pictures)> {
        seconds
            .filter_map(|second| pause.look(second * 1_000, &out(second)).map(|change| (second, change)))
            .collect()
    }

    #[test]
    fn pictures_pause_after_five_weak_seconds_and_come_back_once() {
        let mut pause = VideoPause::new(0);
        let changes = watch(&mut pause, 0..200, |second| {
            way(if (20..60).contains(&second) { 60_000 } else { 900_000 })
        });
        assert_eq!(
            changes,
            [
                (24, Pictures::Pause),
                (39, Pictures::Try),
                (54, Pictures::Pause),
                (84, Pictures::Try),
                (87, Pictures::Flow)
            ]
        );
        let told = [false, true, true, true, false];
        assert_eq!(told.iter().filter(|paused| **paused).count(), 3, "nobody sees a try");
    }

    #[test]
    fn a_short_weakness_is_sat_out() {
        let mut pause = VideoPause::new(0);
        let changes = watch(&mut pause, 0..600, |second| {
            way(if second % 8 < 4 { 60_000 } else { 300_000 })
        });
        assert!(changes.is_empty(), "{changes:?}");
    }

    #[test]
    fn the_first_seconds_of_a_connection_are_not_judged() {
        let mut pause = VideoPause::new(0);
        let changes = watch(&mut pause, 0..30, |second| {
            way(if second < 10 { 30_000 } else { 500_000 })
        });
        assert!(changes.is_empty(), "{changes:?}");
    }

    #[test]
    fn on_a_line_that_stays_weak_tries_become_rare_and_nobody_sees_them() {
        let mut pause = VideoPause::new(0);
        let mut seen = vec![pause.is_paused()];
        let mut tries = Vec::new();
        for second in 0..3_600 {
            if pause.look(second * 1_000, &way(70_000)) == Some(Pictures::Try) {
                tries.push(second);
            }
            if seen.last() != Some(&pause.is_paused()) {
                seen.push(pause.is_paused());
            }
        }
        assert_eq!(seen, [false, true]);
        let gaps: Vec<u64> = tries.windows(2).map(|two| two[1] - two[0]).collect();
        assert_eq!(gaps[..4], [45, 75, 135, 255]);
        assert!(gaps[4..].iter().all(|gap| *gap == 255), "{gaps:?}");
    }

    #[test]
    fn a_return_that_does_not_hold_makes_the_next_wait_longer() {
        let mut pause = VideoPause::new(0);
        let out = |second: u64| {
            way(if second < 10 || pause_is_tried(second) {
                200_000
            } else {
                60_000
            })
        };
        fn pause_is_tried(second: u64) -> bool {
            (25..40).contains(&second) || (80..95).contains(&second)
        }
        let changes = watch(&mut pause, 0..140, out);
        let pauses: Vec<u64> = changes
            .iter()
            .filter(|(_, to)| *to == Pictures::Pause)
            .map(|(at, _)| *at)
            .collect();
        let tries: Vec<u64> = changes
            .iter()
            .filter(|(_, to)| *to == Pictures::Try)
            .map(|(at, _)| *at)
            .collect();
        assert!(tries[1] - pauses[1] > tries[0] - pauses[0], "{changes:?}");
    }

    #[test]
    fn loss_and_lateness_pause_pictures_where_the_browser_estimates_nothing() {
        let firefox = |lost, late| Outgoing {
            available_bps: None,
            limited: None,
            round_trip_ms: Some(late),
            lost_percent: Some(lost),
        };
        for weak in [firefox(20.0, 60.0), firefox(0.0, 2_500.0)] {
            let mut pause = VideoPause::new(0);
            let changes = watch(&mut pause, 0..120, |second| {
                if (20..60).contains(&second) {
                    weak
                } else {
                    firefox(1.0, 60.0)
                }
            });
            assert_eq!(
                changes,
                [(24, Pictures::Pause), (60, Pictures::Try), (75, Pictures::Flow)]
            );
        }
    }

    #[test]
    fn a_still_picture_that_needs_little_is_no_weak_way() {
        let mut pause = VideoPause::new(0);
        let still = Outgoing {
            limited: Some(false),
            ..way(60_000)
        };
        assert!(watch(&mut pause, 0..600, |_| still).is_empty());
    }

    #[test]
    fn another_way_is_judged_by_itself() {
        let mut pause = VideoPause::new(0);
        let _ = watch(&mut pause, 0..14, |_| way(60_000));
        assert!(pause.is_paused());
        pause.begin_anew(20_000);
        assert!(pause.is_paused(), "nobody is told of pictures before they are there");
        assert_eq!(
            watch(&mut pause, 20..60, |_| way(900_000)),
            [(35, Pictures::Try), (38, Pictures::Flow)]
        );
    }
}
