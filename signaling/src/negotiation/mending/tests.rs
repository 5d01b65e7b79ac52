//! Trouble, step by step, on a clock that the test turns.

use super::*;

fn impolite() -> Mending {
    let mut mending = Mending::new(false, 0);
    mending.well(0);
    mending
}

fn polite() -> Mending {
    let mut mending = Mending::new(true, 0);
    mending.well(0);
    mending
}

/// When something is tried, ticking every 100 ms.
fn tries(mending: &mut Mending, from_ms: u64, until_ms: u64) -> Vec<(u64, Attempt)> {
    let ticks = (from_ms..until_ms).step_by(100);
    ticks
        .filter_map(|at| mending.tick(at).map(|attempt| (at, attempt)))
        .collect()
}

fn times(tried: &[(u64, Attempt)]) -> Vec<u64> {
    tried.iter().map(|(at, _)| *at).collect()
}

#[test]
fn trouble_is_answered_at_once_and_then_in_growing_pauses() {
    let mut mending = impolite();
    mending.trouble(100_000);
    let tried = tries(&mut mending, 100_000, 160_000);
    assert_eq!(
        times(&tried),
        [100_000, 103_000, 109_000, 121_000, 133_000, 145_000, 157_000]
    );
    assert!(
        tried.iter().all(|(_, attempt)| *attempt == Attempt::Restart),
        "nobody is there for whom a new connection would be built"
    );
}

#[test]
fn the_polite_side_lets_the_other_begin_and_counts_what_that_began() {
    let mut polite = polite();
    polite.trouble(100_000);
    assert_eq!(polite.tick(100_000), None);
    polite.begun_by_other(100_200, Attempt::Restart);
    assert_eq!(times(&tries(&mut polite, 100_200, 104_800)), [104_700]);
    let mut alone = self::polite();
    alone.trouble(100_000);
    assert_eq!(
        times(&tries(&mut alone, 100_000, 101_000)),
        [100_300],
        "the other saw nothing"
    );
}

#[test]
fn two_sides_in_the_same_trouble_do_not_restart_beside_each_other() {
    let (mut one, mut other) = (impolite(), polite());
    one.trouble(0);
    other.trouble(0);
    let mut by_other = 0;
    for at in (0..120_000).step_by(100) {
        if let Some(attempt) = one.tick(at) {
            other.begun_by_other(at + 100, attempt);
        }
        by_other += u32::from(other.tick(at).is_some());
    }
    assert_eq!(by_other, 0);
}

#[test]
fn nothing_is_tried_without_a_socket_and_at_once_when_it_is_back() {
    let mut mending = impolite();
    mending.socket_lost();
    mending.trouble(100_000);
    assert!(tries(&mut mending, 100_000, 130_000).is_empty());
    mending.socket_resumed(130_000);
    assert_eq!(mending.tick(130_000), Some(Attempt::Restart));
    let mut talking = impolite();
    talking.socket_lost();
    talking.socket_resumed(130_000);
    assert_eq!(talking.tick(130_000), None, "media never stopped");
}

#[test]
fn another_network_is_tried_at_once_also_in_the_middle_of_a_pause() {
    let mut mending = impolite();
    mending.trouble(100_000);
    assert_eq!(
        times(&tries(&mut mending, 100_000, 110_000)),
        [100_000, 103_000, 109_000]
    );
    mending.network_changed(111_000);
    assert_eq!(mending.tick(111_000), Some(Attempt::Restart));
    mending.network_changed(111_100);
    assert_eq!(mending.tick(111_100), None);
    assert_eq!(
        times(&tries(&mut mending, 111_100, 113_000)),
        [112_000],
        "not twice in a second"
    );
}

#[test]
fn a_connection_that_two_restarts_did_not_help_is_built_anew_where_the_other_side_is_heard() {
    let mut mending = impolite();
    mending.trouble(0);
    mending.heard();
    let tried = tries(&mut mending, 0, 20_000);
    let attempts: Vec<Attempt> = tried.iter().map(|(_, attempt)| *attempt).collect();
    assert_eq!(attempts, [Attempt::Restart, Attempt::Restart, Attempt::Rebuild]);
    assert_eq!(tries(&mut mending, 20_000, 46_000).len(), 3);
    mending.heard();
    assert_eq!(
        tries(&mut mending, 46_000, 60_000).last().map(|(_, attempt)| *attempt),
        Some(Attempt::Rebuild),
        "and once more, if that did not help either"
    );
}

#[test]
fn a_connection_that_the_browser_gave_up_is_restarted_once_and_then_built_anew() {
    let mut mending = impolite();
    mending.failed(0);
    mending.heard();
    let attempts: Vec<Attempt> = tries(&mut mending, 0, 4_000)
        .into_iter()
        .map(|(_, attempt)| attempt)
        .collect();
    assert_eq!(attempts, [Attempt::Restart, Attempt::Rebuild]);
}

#[test]
fn a_broken_connection_is_built_anew_at_once() {
    let mut mending = impolite();
    mending.broken(50_000);
    assert_eq!(mending.tick(50_000), Some(Attempt::Rebuild));
    let mut connecting = Mending::new(false, 0);
    connecting.broken(500);
    assert_eq!(connecting.tick(500), Some(Attempt::Rebuild));
}

#[test]
fn the_first_connection_is_given_its_time() {
    let mut mending = Mending::new(false, 0);
    assert_eq!(times(&tries(&mut mending, 0, 8_000)), [6_000]);
    let mut connected = Mending::new(false, 0);
    connected.well(1_000);
    assert!(tries(&mut connected, 1_000, 60_000).is_empty());
}

#[test]
fn a_network_that_comes_and_goes_is_not_answered_by_a_storm() {
    let mut mending = impolite();
    let mut tried = Vec::new();
    for at in (100_000..400_000).step_by(100) {
        match at / 1_000 % 2 {
            0 => mending.trouble(at),
            _ => mending.well(at),
        }
        mending.network_changed(at);
        tried.extend(mending.tick(at).map(|_| at));
    }
    assert!(tried.len() > 10, "it goes on trying");
    for first in &tried {
        let within = tried
            .iter()
            .filter(|at| (*first..first + MINUTE_MS).contains(at))
            .count();
        assert!(within <= ATTEMPTS_A_MINUTE, "{within} from {first} on");
    }
}

#[test]
fn after_a_steady_time_trouble_is_answered_at_once_again() {
    let mut mending = impolite();
    mending.trouble(0);
    assert_eq!(mending.tick(0), Some(Attempt::Restart));
    mending.well(500);
    mending.trouble(1_000);
    assert_eq!(
        times(&tries(&mut mending, 1_000, 4_000)),
        [3_000],
        "so soon after, it waits its pause"
    );
    mending.well(4_000);
    mending.trouble(40_000);
    assert_eq!(mending.tick(40_000), Some(Attempt::Restart));
}

#[test]
fn ways_that_were_found_again_do_not_make_the_next_search_wait_longer() {
    let mut mending = impolite();
    for at in (0..50_000).step_by(10_000) {
        mending.trouble(at);
        assert_eq!(mending.tick(at), Some(Attempt::Restart), "at {at}");
        mending.well(at + 500);
    }
    mending.trouble(41_000);
    assert_eq!(times(&tries(&mut mending, 41_000, 44_000)), [43_000]);
}

#[test]
fn restarts_of_the_other_side_while_packets_pass_are_no_failures() {
    let mut mending = polite();
    for at in (0..25_000).step_by(5_000) {
        mending.begun_by_other(at, Attempt::Restart);
    }
    mending.trouble(20_500);
    assert_eq!(
        times(&tries(&mut mending, 20_500, 26_000)),
        [24_500],
        "the pause after one attempt"
    );
}
