//! Allocations, permissions and channels, and when they end.

use super::hall::{Browser, FRIEND, Hall, Told};
use crate::turn::{Delivery, Header, credential::mint, limits};
use stun_types::prelude::*;
use turn_types::attribute::{EvenPort, RequestedAddressFamily, RequestedTransport, ReservationToken};

fn sent(payload: &[u8]) -> Told {
    Told::Sent {
        to: FRIEND.parse().unwrap(),
        payload: payload.to_vec(),
    }
}

#[test]
fn a_browser_with_a_credential_reaches_its_friend_and_is_reached() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    assert_eq!(browser.permits(&mut hall, FRIEND), Told::Done);
    assert_eq!(browser.sends(&mut hall, FRIEND, b"hello"), sent(b"hello"));

    let (now, relayed, friend) = (hall.now, browser.relayed.unwrap(), FRIEND.parse().unwrap());
    let arrived = |hall: &mut Hall| hall.relay.from_peer(now, relayed, friend, 5);
    let header = Header::Indication(friend);
    assert_eq!(
        arrived(&mut hall),
        Some(Delivery {
            client: browser.client,
            header
        })
    );

    assert_eq!(browser.binds(&mut hall, 0x4001, FRIEND), Told::Done);
    assert_eq!(browser.says(&mut hall, 0x4001, b"hello"), sent(b"hello"));
    let header = Header::Channel(0x4001);
    assert_eq!(
        arrived(&mut hall),
        Some(Delivery {
            client: browser.client,
            header
        })
    );
}

#[test]
fn a_stranger_who_was_not_permitted_is_not_heard() {
    let mut hall = Hall::new();
    let browser = hall.relayed("203.0.113.7:50000");
    let (now, relayed) = (hall.now, browser.relayed.unwrap());
    assert_eq!(hall.relay.from_peer(now, relayed, FRIEND.parse().unwrap(), 5), None);
    assert_eq!(browser.sends(&mut hall, FRIEND, b"hello"), Told::Nothing);
    assert_eq!(browser.says(&mut hall, 0x4001, b"hello"), Told::Nothing);
    assert_eq!(hall.relay.counts().for_nobody, 3);
}

#[test]
fn wrong_expired_and_foreign_credentials_are_challenged_again() {
    let mut hall = Hall::new();
    let mut wrong = hall.browser("203.0.113.1:1");
    wrong.credential.password.push('x');
    assert_eq!(wrong.allocates(&mut hall), Told::Refused(401));

    let expired = mint(&hall.secret, "seat", hall.now.unix_seconds - 1);
    assert_eq!(
        Browser::with("203.0.113.2:1", expired).allocates(&mut hall),
        Told::Refused(401)
    );

    let foreign = mint(
        &crate::turn::credential::Secret::new(b"south"),
        "seat",
        hall.now.unix_seconds + 60,
    );
    assert_eq!(
        Browser::with("203.0.113.3:1", foreign).allocates(&mut hall),
        Told::Refused(401)
    );
    assert_eq!(hall.relay.allocations(), 0);
}

#[test]
fn a_call_outlives_its_credential_and_a_new_one_does_not_begin_with_it() {
    let mut hall = Hall::new();
    let credential = mint(&hall.secret, "seat", hall.now.unix_seconds + 60);
    let mut browser = Browser::with("203.0.113.7:50000", credential.clone());
    assert_eq!(browser.allocates(&mut hall), Told::Done);
    hall.pass(300);
    assert_eq!(browser.refreshes(&mut hall, 600), Told::Done);
    assert_eq!(
        Browser::with("203.0.113.8:50000", credential).allocates(&mut hall),
        Told::Refused(401)
    );
}

#[test]
fn an_allocation_ends_when_nobody_refreshes_it_and_when_it_is_given_back() {
    let mut hall = Hall::new();
    let mut idle = hall.relayed("203.0.113.7:50000");
    let mut kept = hall.relayed("203.0.113.7:50001");
    hall.pass(500);
    assert_eq!(kept.refreshes(&mut hall, 600), Told::Done);
    hall.pass(100);
    assert_eq!(hall.closed, [idle.relayed.unwrap()]);
    assert_eq!(idle.refreshes(&mut hall, 600), Told::Refused(437));
    assert_eq!(kept.refreshes(&mut hall, 0), Told::Done);
    assert_eq!(hall.closed.last(), kept.relayed.as_ref());
    assert_eq!(hall.relay.allocations(), 0);
}

#[test]
fn nobody_keeps_an_allocation_longer_than_an_hour_without_asking_again() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    assert_eq!(browser.refreshes(&mut hall, u32::MAX), Told::Done);
    hall.pass(limits::LIFETIME_MAX.as_secs());
    assert_eq!(hall.closed, [browser.relayed.unwrap()]);
}

#[test]
fn a_permission_ends_after_five_minutes_and_its_channel_is_silent_until_it_is_bound_again() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    assert_eq!(browser.binds(&mut hall, 0x4000, FRIEND), Told::Done);
    hall.pass(299);
    assert_eq!(browser.says(&mut hall, 0x4000, b"1"), sent(b"1"));
    hall.pass(1);
    assert_eq!(browser.says(&mut hall, 0x4000, b"2"), Told::Nothing);
    assert_eq!(browser.binds(&mut hall, 0x4000, FRIEND), Told::Done);
    assert_eq!(browser.says(&mut hall, 0x4000, b"3"), sent(b"3"));
}

#[test]
fn a_channel_ends_after_ten_minutes_and_may_then_lead_elsewhere() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    assert_eq!(browser.refreshes(&mut hall, 3600), Told::Done);
    assert_eq!(browser.binds(&mut hall, 0x4000, FRIEND), Told::Done);
    assert_eq!(browser.binds(&mut hall, 0x4000, "133.9.9.8:1"), Told::Refused(400));
    assert_eq!(browser.binds(&mut hall, 0x4002, FRIEND), Told::Refused(400));
    hall.pass(599);
    assert_eq!(browser.permits(&mut hall, FRIEND), Told::Done);
    assert_eq!(browser.says(&mut hall, 0x4000, b"1"), sent(b"1"));
    hall.pass(1);
    assert_eq!(browser.says(&mut hall, 0x4000, b"2"), Told::Nothing);
    assert_eq!(browser.binds(&mut hall, 0x4000, "133.9.9.8:1"), Told::Done);
}

#[test]
fn channels_of_the_old_numbering_are_taken_and_others_are_not() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    assert_eq!(browser.binds(&mut hall, 0x7fff, FRIEND), Told::Done);
    for wrong in [0, 0x3fff, 0x8000, 0xffff] {
        assert_eq!(
            browser.binds(&mut hall, wrong, "133.9.9.8:1"),
            Told::Refused(400),
            "{wrong:x}"
        );
    }
}

#[test]
fn a_lost_answer_is_given_again_and_a_second_allocation_is_not() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    let asked = browser.signed(turn_types::message::ALLOCATE, &|request| {
        request.add_attribute(&RequestedTransport::new(17)).unwrap();
    });
    assert_eq!(hall.tell(browser.client, &asked), Told::Refused(437));
    assert_eq!(browser.refreshes(&mut hall, 0), Told::Done);
    assert_eq!(hall.tell(browser.client, &asked), Told::Done);
    assert_eq!(hall.tell(browser.client, &asked), Told::Done, "a retransmission");
    assert_eq!(hall.relay.allocations(), 1);
}

#[test]
fn a_credential_holds_as_many_allocations_as_four_people_need_and_gets_room_when_one_ends() {
    let mut hall = Hall::new();
    let mut browsers: Vec<_> = (0..limits::ALLOCATIONS_PER_CREDENTIAL)
        .map(|port| hall.relayed(&format!("203.0.113.7:{}", 50_000 + port)))
        .collect();
    assert_eq!(hall.browser("203.0.113.7:1").allocates(&mut hall), Told::Refused(486));
    let other = mint(&hall.secret, "another", hall.now.unix_seconds + 60);
    assert_eq!(Browser::with("203.0.113.7:2", other).allocates(&mut hall), Told::Done);
    assert_eq!(browsers[0].refreshes(&mut hall, 0), Told::Done);
    assert_eq!(hall.browser("203.0.113.7:1").allocates(&mut hall), Told::Done);
}

#[test]
fn the_relay_is_full_at_its_limit() {
    let mut hall = Hall::new();
    for one in 0..limits::ALLOCATIONS {
        let credential = mint(&hall.secret, &one.to_string(), hall.now.unix_seconds + 60);
        let address = format!("60.{}.{}.1:1", one / 250, one % 250);
        assert_eq!(Browser::with(&address, credential).allocates(&mut hall), Told::Done);
    }
    assert_eq!(hall.browser("61.0.0.1:1").allocates(&mut hall), Told::Refused(508));
}

#[test]
fn permissions_and_channels_have_a_limit_and_ended_ones_make_room() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    for one in 0..limits::PERMISSIONS_PER_ALLOCATION {
        assert_eq!(browser.permits(&mut hall, &format!("133.9.8.{one}:1")), Told::Done);
    }
    assert_eq!(browser.permits(&mut hall, FRIEND), Told::Refused(508));
    hall.pass(300);
    for one in 0..limits::CHANNELS_PER_ALLOCATION {
        let channel = 0x4000 + u16::try_from(one).unwrap();
        assert_eq!(
            browser.binds(&mut hall, channel, &format!("133.9.9.9:{}", one + 1)),
            Told::Done
        );
    }
    assert_eq!(browser.binds(&mut hall, 0x4fff, FRIEND), Told::Refused(508));
}

#[test]
fn bandwidth_over_a_credentials_share_is_dropped_both_ways_and_leaves_others_theirs() {
    let mut hall = Hall::new();
    let mut greedy = hall.relayed("203.0.113.7:50000");
    assert_eq!(greedy.binds(&mut hall, 0x4000, FRIEND), Told::Done);
    let payload = [0; 1000];
    let passed = (0..5000)
        .filter(|_| greedy.says(&mut hall, 0x4000, &payload) != Told::Nothing)
        .count();
    assert_eq!(passed, 2000);
    let (now, relayed) = (hall.now, greedy.relayed.unwrap());
    assert_eq!(hall.relay.from_peer(now, relayed, FRIEND.parse().unwrap(), 1000), None);

    let other = mint(&hall.secret, "another", hall.now.unix_seconds + 60);
    let mut modest = Browser::with("203.0.113.8:50000", other);
    assert_eq!(modest.allocates(&mut hall), Told::Done);
    assert_eq!(modest.binds(&mut hall, 0x4000, FRIEND), Told::Done);
    assert_eq!(modest.says(&mut hall, 0x4000, b"1"), sent(b"1"));
    hall.pass(1);
    assert_ne!(greedy.says(&mut hall, 0x4000, &payload), Told::Nothing);
}

#[test]
fn what_is_not_offered_is_refused_by_its_own_code() {
    let mut hall = Hall::new();
    let mut browser = hall.browser("203.0.113.7:50000");
    let v6 = RequestedAddressFamily::new(turn_types::AddressFamily::IPV6);
    assert_eq!(
        browser.allocates_with(&mut hall, &|r| r.add_attribute(&v6).unwrap()),
        Told::Refused(440)
    );
    let token = ReservationToken::new(7);
    assert_eq!(
        browser.allocates_with(&mut hall, &|r| r.add_attribute(&token).unwrap()),
        Told::Refused(420)
    );
    let pair = EvenPort::new(true);
    assert_eq!(
        browser.allocates_with(&mut hall, &|r| r.add_attribute(&pair).unwrap()),
        Told::Refused(508)
    );
    let over_tcp = browser.asks(&mut hall, turn_types::message::ALLOCATE, &|request| {
        request.add_attribute(&RequestedTransport::new(6)).unwrap();
    });
    assert_eq!(over_tcp, Told::Refused(442));
    let even = EvenPort::new(false);
    assert_eq!(
        browser.allocates_with(&mut hall, &|r| r.add_attribute(&even).unwrap()),
        Told::Done
    );
    assert_eq!(browser.relayed.unwrap().port() % 2, 0);
}

#[test]
fn nobody_steers_an_allocation_with_anothers_credential() {
    let mut hall = Hall::new();
    let browser = hall.relayed("203.0.113.7:50000");
    let other = mint(&hall.secret, "another", hall.now.unix_seconds + 60);
    let mut thief = Browser {
        client: browser.client,
        credential: other,
        nonce: None,
        relayed: None,
    };
    assert_eq!(thief.refreshes(&mut hall, 0), Told::Refused(441));
    assert_eq!(thief.permits(&mut hall, FRIEND), Told::Refused(441));
    assert_eq!(hall.relay.allocations(), 1);
}

#[test]
fn a_secret_can_be_changed_while_calls_run() {
    let mut hall = Hall::new();
    let mut old = hall.relayed("203.0.113.7:50000");
    let new_secret = crate::turn::credential::Secret::new(b"south");
    hall.relay.secrets.insert(0, new_secret.clone());
    assert_eq!(old.refreshes(&mut hall, 600), Told::Done);
    let new = mint(&new_secret, "seat", hall.now.unix_seconds + 60);
    assert_eq!(Browser::with("203.0.113.8:1", new).allocates(&mut hall), Told::Done);
}
