//! Whether anything arrives from the other seat, told from a counter that is looked at twice a second.
//!
//! The counter holds everything that came in, media, RTCP and STUN alike: what counts is whether packets can pass, not which.
//! How long a silence means something depends on what came before it. A microphone, also a muted one, sends at least every
//! 400 ms (Opus with DTX: a comfort frame each 20 frames, RFC 6716 §2.1.9); where nothing is captured only RTCP reports and
//! consent checks come, seconds apart (RFC 7675 §5.1: every 4 to 6 s). So a pair whose packets came in every look is *dense*
//! and stands still after two looks without any; others after [`SPARSE_STANDSTILL_MS`].

/// How often the counter is looked at, in milliseconds. `getStats()` is not free, and more often tells nothing sooner: two
/// looks have to agree.
pub const LOOK_EVERY_MS: u64 = 500;
/// Silence of a dense pair that is a standstill: two looks, less what a browser's timer may be early. The silence itself is
/// then between 1.0 and 1.5 s old.
pub const STANDSTILL_MS: u64 = 2 * LOOK_EVERY_MS - 100;
/// Silence of a pair that only reports and checks consent: more than one check, and one of them may be lost.
pub const SPARSE_STANDSTILL_MS: u64 = 7_000;
/// Looks with packets in a row before a pair counts as dense.
const DENSE_LOOKS: u32 = 6;
/// A longer time between two looks says that the page slept, not that the network did.
const SLEPT_MS: u64 = 3_000;

/// What the last look says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// Packets came.
    Flows,
    /// None came, not for long.
    Waits,
    /// None came for the first time, where they always did: perhaps a standstill begins.
    Falters,
    /// None came for too long.
    Stands {
        /// For how long, in milliseconds.
        silent_ms: u64,
    },
}

#[derive(Clone, Copy, Debug)]
struct Look {
    at_ms: u64,
    packets: u64,
}

/// The pulse of one connection.
#[derive(Clone, Debug, Default)]
pub struct Pulse {
    last: Option<Look>,
    arrived_at_ms: u64,
    /// Looks in a row that saw packets, gaps shorter than a standstill passed over.
    flowing_looks: u32,
}

impl Pulse {
    /// The connection is another one: what comes in it is not known yet.
    pub fn begin_anew(&mut self) {
        *self = Self::default();
    }

    /// The same connection is on another way, and the same comes in it: silence counts from the next look.
    pub fn moved(&mut self) {
        self.last = None;
    }

    /// A look at the counter. `sparse`: the other side said that its devices were taken from it, so that less will come.
    pub fn look(&mut self, now_ms: u64, packets: u64, sparse: bool) -> Beat {
        let before = self.last.replace(Look { at_ms: now_ms, packets });
        let Some(before) = before.filter(|before| now_ms.saturating_sub(before.at_ms) < SLEPT_MS) else {
            self.arrived_at_ms = now_ms;
            return Beat::Waits;
        };
        let silent_ms = now_ms.saturating_sub(self.arrived_at_ms);
        if packets > before.packets {
            let went_on = silent_ms < STANDSTILL_MS;
            self.flowing_looks = if went_on {
                self.flowing_looks.saturating_add(1)
            } else {
                1
            };
            self.arrived_at_ms = now_ms;
            return Beat::Flows;
        }
        let dense = self.flowing_looks >= DENSE_LOOKS && !sparse;
        let limit_ms = if dense { STANDSTILL_MS } else { SPARSE_STANDSTILL_MS };
        if silent_ms >= limit_ms {
            Beat::Stands { silent_ms }
        } else if dense {
            Beat::Falters
        } else {
            Beat::Waits
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks every 500 ms while packets come every `gap_ms`, until `until_ms`; the last beat.
    fn listens(pulse: &mut Pulse, from_ms: u64, until_ms: u64, gap_ms: u64) -> Beat {
        let looks = (from_ms..=until_ms).step_by(500);
        looks
            .map(|at| pulse.look(at, at / gap_ms, false))
            .last()
            .expect("a look")
    }

    #[test]
    fn sound_that_stops_is_a_standstill_after_two_looks() {
        let mut pulse = Pulse::default();
        assert_eq!(listens(&mut pulse, 0, 10_000, 20), Beat::Flows);
        assert_eq!(pulse.look(10_500, 500, false), Beat::Falters);
        assert_eq!(pulse.look(10_995, 500, false), Beat::Stands { silent_ms: 995 });
        assert_eq!(
            pulse.look(11_500, 501, false),
            Beat::Flows,
            "and it is over with the first packet"
        );
    }

    #[test]
    fn a_silent_room_sends_comfort_frames_and_never_stands_still() {
        let mut pulse = Pulse::default();
        for at in (0..600_000).step_by(500) {
            assert!(!matches!(pulse.look(at, at / 400, false), Beat::Stands { .. }), "{at}");
        }
    }

    #[test]
    fn a_listener_without_a_microphone_is_given_the_time_of_its_consent_checks() {
        let mut pulse = Pulse::default();
        for at in (0..600_000).step_by(500) {
            assert!(
                !matches!(pulse.look(at, at / 6_000, false), Beat::Stands { .. }),
                "{at}"
            );
        }
        let stood = (600_000..)
            .step_by(500)
            .find(|at| matches!(pulse.look(*at, 99, false), Beat::Stands { .. }));
        assert!(stood.is_some_and(|at| at <= 608_000), "{stood:?}");
    }

    #[test]
    fn a_phone_whose_devices_were_taken_is_given_that_time_too() {
        let mut pulse = Pulse::default();
        let _ = listens(&mut pulse, 0, 10_000, 20);
        for at in (10_500..15_000).step_by(500) {
            assert_eq!(pulse.look(at, 500, true), Beat::Waits);
        }
    }

    #[test]
    fn another_way_that_carries_nothing_is_a_standstill_as_soon_as_the_one_before() {
        let mut pulse = Pulse::default();
        let _ = listens(&mut pulse, 0, 10_000, 20);
        pulse.moved();
        assert_eq!(pulse.look(10_200, 500, false), Beat::Waits);
        assert_eq!(pulse.look(10_700, 500, false), Beat::Falters);
        assert_eq!(pulse.look(11_200, 500, false), Beat::Stands { silent_ms: 1_000 });
        pulse.begin_anew();
        let _ = pulse.look(12_000, 0, false);
        assert_eq!(
            pulse.look(14_000, 0, false),
            Beat::Waits,
            "a connection that was built anew shakes hands first"
        );
    }

    #[test]
    fn a_page_that_slept_says_nothing_about_the_network() {
        let mut pulse = Pulse::default();
        let _ = listens(&mut pulse, 0, 10_000, 20);
        assert_eq!(pulse.look(70_000, 500, false), Beat::Waits);
        assert_eq!(pulse.look(70_500, 525, false), Beat::Flows);
    }

    #[test]
    fn a_counter_that_falls_because_a_pair_of_candidates_is_gone_is_no_packet() {
        let mut pulse = Pulse::default();
        let _ = listens(&mut pulse, 0, 10_000, 20);
        assert_eq!(pulse.look(10_500, 40, false), Beat::Falters);
        assert_eq!(pulse.look(11_000, 60, false), Beat::Flows);
    }
}
