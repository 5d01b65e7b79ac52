//! One side of a pair, on a clock that the test turns; the two sides together are in `simulation`.

use super::*;
use crate::negotiation::{Candidate, mending};

const LATER: Seq = 9;
const EARLIER: Seq = 6;

fn sdp(fragment: &str) -> String {
    format!("v=0\r\na=ice-ufrag:{fragment}\r\n")
}

fn description(kind: DescriptionKind, offer: u32, fragment: &str, build: u32) -> Signal {
    Signal::Description {
        description: kind,
        offer,
        sdp: sdp(fragment),
        build,
    }
}

fn set(fragment: &str) -> Input {
    Input::LocalSet { sdp: sdp(fragment) }
}

/// The clinician's side of a call that runs, with sound coming since `connected`.
fn in_a_call() -> Pair {
    let mut pair = Pair::new(EARLIER, LATER, 0);
    assert_eq!(
        pair.heard(description(DescriptionKind::Offer, 1, "g1", 0), 100).len(),
        1
    );
    assert_eq!(pair.happened(Input::RemoteSet, 110), [Action::SetLocal]);
    assert_eq!(pair.happened(set("c1"), 120).len(), 1, "the answer");
    assert_eq!(pair.connection(Connection::Connected, 300), [Action::Connected]);
    for at in (500..=40_000).step_by(500) {
        assert!(pair.looked(at / 20, false, at).is_empty());
    }
    pair
}

const RESTARTS: [Action; 2] = [Action::RestartIce, Action::SetLocal];

#[test]
fn a_standstill_is_mended_before_it_is_told() {
    let mut pair = in_a_call();
    assert_eq!(
        pair.looked(2_000, false, 40_500),
        [Action::AskServer],
        "the socket, too?"
    );
    assert_eq!(pair.looked(2_000, false, 41_000), RESTARTS, "a second of silence");
    let _ = pair.happened(set("c2"), 41_020);
    assert!(pair.looked(2_000, false, 41_500).is_empty());
    assert!(
        pair.looked(2_020, false, 41_900).is_empty(),
        "sound is back, and nobody was bothered"
    );
}

#[test]
fn a_standstill_that_lasts_is_told_and_so_is_its_end() {
    let mut pair = in_a_call();
    let mut told = Vec::new();
    for at in (40_500..=44_000).step_by(500) {
        let actions = pair.looked(2_000, false, at);
        told.extend(
            actions
                .into_iter()
                .filter(|action| *action == Action::Interrupted)
                .map(|_| at),
        );
        let _ = pair.happened(set("c2"), at);
    }
    assert_eq!(told, [42_000]);
    assert_eq!(pair.looked(2_050, false, 44_500), [Action::Connected]);
}

#[test]
fn a_lost_connection_is_told_and_restarted_at_once() {
    let mut pair = in_a_call();
    assert_eq!(
        pair.connection(Connection::Disconnected, 41_000),
        [[Action::Interrupted].as_slice(), &RESTARTS].concat()
    );
    assert_eq!(pair.connection(Connection::Connected, 41_800), [Action::Connected]);
}

#[test]
fn another_network_restarts_a_call_that_still_runs_and_nobody_is_told() {
    let mut pair = in_a_call();
    assert_eq!(pair.network_changed(40_200), RESTARTS);
    let _ = pair.happened(set("c2"), 40_220);
    assert!(pair.connection(Connection::Connecting, 40_230).is_empty());
    assert!(
        pair.looked(2_020, false, 40_500).is_empty(),
        "the old way carries on meanwhile"
    );
    assert!(pair.connection(Connection::Connected, 41_000).is_empty());
}

#[test]
fn a_lost_socket_restarts_only_where_media_do_not_flow() {
    let mut talking = in_a_call();
    talking.socket_lost();
    let again = talking.socket_resumed(41_000);
    assert!(
        matches!(again.as_slice(), [Action::Send(_)]),
        "the last description, in case it was lost"
    );

    let mut silent = in_a_call();
    silent.socket_lost();
    assert_eq!(
        silent.connection(Connection::Disconnected, 41_000),
        [Action::Interrupted]
    );
    assert!(silent.tick(60_000).is_empty(), "nobody would answer");
    assert_eq!(silent.socket_resumed(61_000), RESTARTS);
}

#[test]
fn a_connection_that_the_browser_gave_up_is_built_anew_after_one_restart() {
    let mut pair = in_a_call();
    let _ = pair.connection(Connection::Failed, 41_000);
    let _ = pair.happened(set("c2"), 41_020);
    let _ = pair.heard(description(DescriptionKind::Answer, 1, "g2", 0), 41_100);
    assert!(pair.tick(43_900).is_empty());
    assert_eq!(
        pair.tick(44_000),
        [[Action::Rebuild].as_slice(), &RESTARTS].concat(),
        "whoever gives it up offers first, polite or not"
    );
    let sent = pair.happened(set("c3"), 44_020);
    assert_eq!(sent, [Action::Send(description(DescriptionKind::Offer, 1, "c3", 1))]);
    assert_eq!(pair.connection(Connection::Connected, 44_500), [Action::Connected]);
}

#[test]
fn a_side_follows_the_other_into_a_later_build_and_hears_nothing_of_an_earlier_one() {
    let mut pair = in_a_call();
    let taken = pair.heard(description(DescriptionKind::Offer, 1, "g2", 1), 41_000);
    let applies = Action::ApplyRemote {
        kind: DescriptionKind::Offer,
        sdp: sdp("g2"),
    };
    assert_eq!(taken, [Action::Interrupted, Action::Rebuild, applies]);
    assert_eq!(pair.build(), 1);
    assert!(
        pair.heard(description(DescriptionKind::Answer, 1, "g1", 0), 41_050)
            .is_empty()
    );
    assert_eq!(pair.happened(Input::RemoteSet, 41_100), [Action::SetLocal]);
    let answered = pair.happened(set("c2"), 41_120);
    assert_eq!(
        answered,
        [Action::Send(description(DescriptionKind::Answer, 1, "c2", 1))]
    );
}

#[test]
fn nothing_is_built_anew_for_a_page_that_is_simply_gone() {
    let mut pair = in_a_call();
    let mut actions = pair.connection(Connection::Failed, 41_000);
    for at in (41_500..300_000).step_by(500) {
        actions.extend(pair.happened(set("c2"), at));
        actions.extend(pair.tick(at));
    }
    assert!(!actions.contains(&Action::Rebuild));
}

#[test]
fn a_description_that_the_browser_refuses_makes_another_connection() {
    let mut pair = Pair::new(EARLIER, LATER, 0);
    let _ = pair.heard(description(DescriptionKind::Offer, 1, "g1", 0), 100);
    let actions = pair.happened(Input::OperationFailed, 120);
    assert_eq!(actions.first(), Some(&Action::Rebuild));
}

#[test]
fn nobody_can_make_this_browser_open_connections_without_end() {
    let mut pair = in_a_call();
    let mut opened = 0;
    for build in 1..2_000 {
        let at = 41_000 + u64::from(build) * 30;
        let mut actions = pair.heard(description(DescriptionKind::Offer, 1, "x", build), at);
        actions.extend(pair.happened(Input::OperationFailed, at));
        opened += actions.iter().filter(|action| **action == Action::Rebuild).count();
    }
    assert!(opened <= mending::ATTEMPTS_A_MINUTE + 1, "{opened} in a minute");
    assert_eq!(pair.build().saturating_add(1), pair.build() + 1);
    let _ = pair.heard(description(DescriptionKind::Offer, 1, "x", u32::MAX), 400_000);
    let _ = pair.happened(Input::OperationFailed, 400_010);
    let _ = pair.tick(420_000);
}

#[test]
fn what_is_not_about_the_connection_is_passed_over() {
    let mut pair = in_a_call();
    assert!(pair.heard(Signal::Typing, 41_000).is_empty());
    let unknown = Candidate {
        line: "candidate:1 ufrag g9".to_owned(),
        mid: None,
        m_line: None,
    };
    assert!(
        pair.heard(unknown.signal(), 41_000).is_empty(),
        "of a description to come"
    );
}

#[test]
fn a_way_that_was_found_and_carries_nothing_is_left_after_the_pause_of_one_attempt() {
    let mut pair = in_a_call();
    assert_eq!(pair.network_changed(40_200), RESTARTS);
    let _ = pair.happened(set("c2"), 40_220);
    let _ = pair.heard(description(DescriptionKind::Answer, 1, "g2", 0), 40_300);
    let _ = pair.happened(Input::RemoteSet, 40_310);
    assert!(pair.connection(Connection::Connected, 40_400).is_empty());
    let restarted = (40_500..50_000)
        .step_by(500)
        .find(|at| pair.looked(2_000, false, *at).contains(&Action::RestartIce));
    assert_eq!(restarted, Some(43_500));
}
