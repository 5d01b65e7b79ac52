//! Whom a relay reaches, and how two clients of ours reach each other.

use super::hall::{FRIEND, Hall, OWN, Told};
use crate::turn::Header;

#[test]
fn addresses_that_are_not_public_are_refused_when_asked_for_and_when_sent_to() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    for inside in [
        "127.0.0.1:5432",
        "10.0.0.1:80",
        "169.254.169.254:80",
        "133.0.0.2:5432",
        "224.0.0.1:9",
    ] {
        assert_eq!(browser.permits(&mut hall, inside), Told::Refused(403), "{inside}");
        assert_eq!(browser.binds(&mut hall, 0x4000, inside), Told::Refused(403), "{inside}");
        assert_eq!(browser.sends(&mut hall, inside, b"x"), Told::Nothing, "{inside}");
    }
    assert_eq!(
        browser.permits(&mut hall, "[::1]:5432"),
        Told::Refused(443),
        "the other family"
    );
}

#[test]
fn two_relayed_browsers_reach_each_other_inside_once_both_permit_it() {
    let mut hall = Hall::new();
    let mut left = hall.relayed("203.0.113.7:50000");
    let mut right = hall.relayed("203.0.113.8:50000");
    let (left_at, right_at) = (left.relayed.unwrap(), right.relayed.unwrap());

    assert_eq!(left.binds(&mut hall, 0x4000, &right_at.to_string()), Told::Done);
    assert_eq!(
        left.says(&mut hall, 0x4000, b"hello"),
        Told::Nothing,
        "the other side has not permitted it yet"
    );
    assert_eq!(right.permits(&mut hall, &left_at.to_string()), Told::Done);
    let arrives = Told::Delivered {
        to: right.client.address,
        header: Header::Indication(left_at),
        payload: b"hello".to_vec(),
    };
    assert_eq!(left.says(&mut hall, 0x4000, b"hello"), arrives);
    let back = Told::Delivered {
        to: left.client.address,
        header: Header::Channel(0x4000),
        payload: b"and back".to_vec(),
    };
    assert_eq!(right.sends(&mut hall, &left_at.to_string(), b"and back"), back);
}

#[test]
fn on_our_own_address_only_living_allocations_exist() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    for port in [22, 443, 3478, 5432, 50_999] {
        let at = format!("{OWN}:{port}");
        assert_eq!(browser.permits(&mut hall, &at), Told::Done);
        assert_eq!(browser.sends(&mut hall, &at, b"x"), Told::Nothing, "{at}");
    }
    let mut gone = hall.relayed("203.0.113.8:50000");
    let gone_at = gone.relayed.unwrap().to_string();
    assert_eq!(
        gone.permits(&mut hall, &browser.relayed.unwrap().to_string()),
        Told::Done
    );
    assert_ne!(browser.sends(&mut hall, &gone_at, b"x"), Told::Nothing);
    assert_eq!(gone.refreshes(&mut hall, 0), Told::Done);
    assert_eq!(browser.sends(&mut hall, &gone_at, b"x"), Told::Nothing);
}

#[test]
fn the_echo_peer_is_reached_from_inside_by_the_address_that_browsers_know() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    let known_as = format!("{OWN}:3481");
    let inside = "127.0.0.1:3481".parse().unwrap();
    let (now, relayed) = (hall.now, browser.relayed.unwrap());
    assert_eq!(hall.relay.from_peer(now, relayed, inside, 4), None, "not asked for yet");

    assert_eq!(browser.binds(&mut hall, 0x4000, &known_as), Told::Done);
    let sent = Told::Sent {
        to: inside,
        payload: b"ping".to_vec(),
    };
    assert_eq!(browser.says(&mut hall, 0x4000, b"ping"), sent);
    let answer = hall.relay.from_peer(now, relayed, inside, 4).expect("it answers");
    assert_eq!(answer.header, Header::Channel(0x4000));
    for beside in ["127.0.0.1:3481", "133.0.0.1:3479", "133.0.0.1:3482"] {
        assert_eq!(browser.sends(&mut hall, beside, b"x"), Told::Nothing, "{beside}");
    }
}

#[test]
fn a_permission_is_for_an_address_and_a_channel_for_a_port() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    assert_eq!(browser.binds(&mut hall, 0x4000, FRIEND), Told::Done);
    let (now, relayed) = (hall.now, browser.relayed.unwrap());
    let other_port = "133.9.9.9:4001".parse().unwrap();
    let delivery = hall
        .relay
        .from_peer(now, relayed, other_port, 1)
        .expect("the address is permitted");
    assert_eq!(delivery.header, Header::Indication(other_port));
}
