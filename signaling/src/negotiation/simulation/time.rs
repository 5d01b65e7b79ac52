//! The same two seats over minutes: packets pass or do not, browsers notice, sockets come and go, clocks are turned by hand.

use super::*;
use crate::negotiation::mending::ATTEMPTS_A_MINUTE;

/// Packets do not come for so long before a browser says `disconnected` (Chromium: about 5 s).
const DISCONNECTED_MS: u64 = 5_000;
/// And before it says `failed`.
const FAILED_MS: u64 = 20_000;
/// From a description and its candidates to a connection.
const CHECKS_MS: u64 = 200;
const STEP_MS: u64 = 100;

/// How one browser's connection stands.
#[derive(Debug, Default)]
struct Way {
    build: u32,
    state: Option<Connection>,
    /// The pair of descriptions that carries, or is being checked since.
    session: Option<(String, String)>,
    since_ms: u64,
    carries: bool,
    packets: u64,
    arrived_at_ms: u64,
    /// Given up for good: Firefox may not come back.
    dead: bool,
}

#[derive(Debug)]
pub(super) struct Network {
    passes: bool,
    /// Which of the two browsers does not come back from `failed`.
    stubborn: [bool; 2],
    ways: [Way; 2],
}

impl Default for Network {
    fn default() -> Self {
        Self {
            passes: true,
            stubborn: [false, false],
            ways: [Way::default(), Way::default()],
        }
    }
}

impl Call {
    /// What both browsers have agreed on, as this seat sees it, once a candidate came over on either side.
    fn session(&self, who: usize) -> Option<(String, String)> {
        let (mine, theirs) = (&self.seats[who].browser, &self.seats[1 - who].browser);
        let (local, remote) = (mine.local.clone()?, mine.remote.clone()?);
        let is =
            |sdp: &Option<String>, of: &str| sdp.as_deref().map(Browser::identity_of) == Some(Browser::identity_of(of));
        let matches = is(&theirs.local, &remote) && is(&theirs.remote, &local);
        let of = |browser: &Browser, sdp: &str| {
            let fragment = Browser::fragment_of(sdp);
            browser
                .added
                .iter()
                .any(|candidate| candidate.fragment() == Some(fragment))
        };
        (matches && (of(mine, &remote) || of(theirs, &local))).then_some((local, remote))
    }

    /// One step of both browsers' networks.
    fn networks_step(&mut self) {
        let alive = [0, 1].map(|who| self.session(who));
        for who in [0, 1] {
            let build = self.seats[who].browser.build;
            let way = &mut self.network.ways[who];
            if way.build != build {
                *way = Way {
                    build,
                    arrived_at_ms: self.now_ms,
                    packets: way.packets,
                    ..Way::default()
                };
            }
            if let Some(session) = alive[who].clone()
                && way.session.as_ref() != Some(&session)
            {
                way.session = Some(session);
                way.since_ms = self.now_ms;
            }
        }
        let dead = self.network.ways.iter().any(|way| way.dead);
        let passes = self.network.passes && !dead;
        for who in [0, 1] {
            let checked = alive[who].is_some() && self.now_ms >= self.network.ways[who].since_ms + CHECKS_MS;
            let same_build = self.seats[0].browser.build == self.seats[1].browser.build;
            let way = &mut self.network.ways[who];
            // A way that carries goes on while another is negotiated.
            way.carries = passes && same_build && (checked || way.carries);
            if way.carries {
                way.packets += 5;
                way.arrived_at_ms = self.now_ms;
            }
            let silent_ms = self.now_ms - way.arrived_at_ms;
            let state = match way.state {
                _ if way.carries && checked => Connection::Connected,
                Some(Connection::Connected) if silent_ms >= DISCONNECTED_MS => Connection::Disconnected,
                Some(Connection::Disconnected | Connection::Connecting) if silent_ms >= FAILED_MS => Connection::Failed,
                Some(state) => state,
                None => Connection::Connecting,
            };
            if way.state != Some(state) {
                way.state = Some(state);
                way.dead |= state == Connection::Failed && self.network.stubborn[who];
                let now_ms = self.now_ms;
                self.with(who, |machine| machine.connection(state, now_ms));
            }
        }
    }

    fn pass(&mut self, ms: u64) {
        for _ in 0..ms / STEP_MS {
            self.now_ms += STEP_MS;
            self.settle();
            self.networks_step();
            self.settle();
            for who in [0, 1] {
                // The two pages do not look at the same moment.
                if (self.now_ms / STEP_MS + 2 * who as u64).is_multiple_of(5) {
                    let (packets, now_ms) = (self.network.ways[who].packets, self.now_ms);
                    self.with(who, |machine| machine.looked(packets, false, now_ms));
                }
            }
        }
    }

    fn is_talking(&self) -> bool {
        self.seats.iter().all(|seat| seat.told_flows) && self.network.ways.iter().all(|way| way.carries) && self.agree()
    }

    /// Passes time until both talk; after how long.
    pub(super) fn until_talking(&mut self, at_most_ms: u64) -> Option<u64> {
        let begun_ms = self.now_ms;
        while self.now_ms < begun_ms + at_most_ms {
            self.pass(STEP_MS);
            if self.is_talking() {
                return Some(self.now_ms - begun_ms);
            }
        }
        None
    }

    fn most_attempts_in_a_minute(&self) -> usize {
        let in_minute = |seat: &Seat| {
            let all = &seat.attempts_at_ms;
            let from = |first: &u64| all.iter().filter(|at| (*first..first + 60_000).contains(at)).count();
            all.iter().map(from).max().unwrap_or(0)
        };
        self.seats.iter().map(in_minute).max().unwrap_or(0)
    }

    fn attempts(&self) -> usize {
        self.seats.iter().map(|seat| seat.attempts_at_ms.len()).sum()
    }
}

/// A call that has run for a while.
fn talking() -> Call {
    let mut call = Call::new();
    assert!(call.until_talking(2_000).is_some());
    call.pass(60_000);
    assert!(call.is_talking());
    assert_eq!(call.attempts(), 0, "nothing is restarted while all is well");
    call
}

#[test]
fn packets_that_stop_for_two_seconds_cost_one_restart_and_nobody_is_told() {
    let mut call = talking();
    call.network.passes = false;
    call.pass(1_900);
    assert!(call.seats.iter().all(|seat| seat.told_flows));
    call.network.passes = true;
    assert!(call.until_talking(1_000).is_some());
    call.pass(120_000);
    assert_eq!(call.attempts(), 1);
}

#[test]
fn after_half_a_minute_without_packets_both_talk_again_by_themselves() {
    let mut call = talking();
    call.network.passes = false;
    call.pass(30_000);
    assert!(call.seats.iter().all(|seat| !seat.told_flows));
    call.network.passes = true;
    let after_ms = call.until_talking(20_000).expect("they talk");
    assert!(after_ms <= 14_000, "{after_ms}");
}

#[test]
fn packets_and_sockets_gone_for_half_a_minute_and_back_together() {
    let mut call = talking();
    call.network.passes = false;
    call.cut(0);
    call.cut(1);
    call.pass(30_000);
    assert_eq!(call.attempts(), 0, "nobody would have heard of it");
    call.network.passes = true;
    call.mend(0);
    call.mend(1);
    let after_ms = call.until_talking(20_000).expect("they talk");
    assert!(after_ms <= 1_500, "{after_ms}");
}

#[test]
fn a_browser_that_does_not_come_back_from_failed_is_given_a_new_connection() {
    for stubborn in [[true, false], [false, true], [true, true]] {
        let mut call = talking();
        call.network.stubborn = stubborn;
        call.network.passes = false;
        call.pass(45_000);
        call.network.passes = true;
        let after_ms = call.until_talking(60_000).expect("they talk");
        assert!(after_ms <= 30_000, "{stubborn:?}: {after_ms}");
        let builds = call.seats.each_ref().map(|seat| seat.machine.build());
        assert!(builds[0] > 0 && builds[0] == builds[1], "{builds:?}");
    }
}

#[test]
fn a_side_that_was_cut_off_while_the_other_built_anew_follows_when_it_is_back() {
    let mut call = talking();
    call.network.stubborn = [true, false];
    call.network.passes = false;
    call.pass(40_000);
    call.cut(1);
    call.pass(20_000);
    call.network.passes = true;
    call.mend(1);
    assert!(call.until_talking(45_000).is_some());
}

#[test]
fn a_network_that_is_gone_for_an_hour_is_not_stormed() {
    let mut call = talking();
    call.network.passes = false;
    call.pass(3_600_000);
    assert!(
        call.most_attempts_in_a_minute() <= 8,
        "{}",
        call.most_attempts_in_a_minute()
    );
    call.network.passes = true;
    assert!(call.until_talking(45_000).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was lost, for however long, on whichever side: once packets and sockets are back, both talk.
    #[test]
    fn if_packets_can_pass_both_sides_end_connected(
        steps in prop::collection::vec((0u8..8, 0usize..2, 1u64..80), 0..40),
        stubborn in any::<[bool; 2]>(),
    ) {
        let mut call = Call::new();
        call.network.stubborn = stubborn;
        for (kind, who, tenths) in steps {
            match kind {
                0 => call.network.passes = false,
                1 => call.network.passes = true,
                2 => call.cut(who),
                3 => call.mend(who),
                4 => call.seats[who].browser.tracks += 1,
                5 => {
                    let now_ms = call.now_ms;
                    call.with(who, |machine| machine.network_changed(now_ms));
                }
                _ => {}
            }
            call.pass(tenths * 100);
        }
        call.network.passes = true;
        call.mend(0);
        call.mend(1);
        // The longest: a minute's attempts are spent, and a browser that gave up needs two more.
        prop_assert!(call.until_talking(90_000).is_some(), "after a minute and a half they still do not talk");
        // A restart that was rolled back for the other's offer is asked of the browser once more.
        let most = call.most_attempts_in_a_minute();
        prop_assert!(most <= ATTEMPTS_A_MINUTE + 2, "{most} in a minute");
        call.pass(30_000);
        prop_assert!(call.is_talking(), "and they go on talking");
    }
}
