//! Strangers: floods, forged senders, frames that are none.

use super::hall::{Browser, FRIEND, Hall, Told};
use crate::turn::{
    Deed,
    allocation::{Client, Via},
    message,
};
use proptest::prelude::*;
use stun_types::{
    message::{BINDING, Message, MessageWriteVec},
    prelude::*,
};
use turn_types::{
    attribute::RequestedTransport,
    message::{ALLOCATE, CREATE_PERMISSION, REFRESH},
};

fn unsigned(method: stun_types::message::Method) -> Vec<u8> {
    let mut request = Message::builder_request(method, MessageWriteVec::new());
    if method == ALLOCATE {
        request.add_attribute(&RequestedTransport::new(17)).unwrap();
    }
    request.finish()
}

fn from(via: Via, address: &str) -> Client {
    Client {
        via,
        address: address.parse().unwrap(),
    }
}

#[test]
fn an_answer_to_a_stranger_is_at_most_three_times_what_was_asked() {
    for (method, address) in [
        (ALLOCATE, "203.0.113.7:50000"),
        (BINDING, "203.0.113.7:50000"),
        (BINDING, "[2001:db8::1]:5"),
    ] {
        let mut hall = Hall::new();
        let request = unsigned(method);
        hall.tell(from(Via::Udp, address), &request);
        let answer = hall.answers.last().expect("an answer").len();
        assert!(
            answer <= 3 * request.len(),
            "{method:?}: {answer} for {}",
            request.len()
        );
    }
}

#[test]
fn a_bare_header_that_would_get_more_than_three_times_its_length_gets_nothing() {
    for method in [REFRESH, CREATE_PERMISSION] {
        let mut hall = Hall::new();
        let request = unsigned(method);
        assert_eq!(request.len(), 20);
        assert_eq!(hall.tell(from(Via::Udp, "203.0.113.7:50000"), &request), Told::Nothing);
        assert_eq!(
            hall.tell(from(Via::Stream(1), "203.0.113.7:50000"), &request),
            Told::Refused(401)
        );
        assert_eq!(hall.relay.counts().unanswered, 1);
    }
}

#[test]
fn a_hundred_thousand_forged_requests_are_mostly_unanswered_and_leave_nothing_behind() {
    let mut hall = Hall::new();
    let request = unsigned(ALLOCATE);
    let answered = (0..100_000_u32)
        .filter(|one| {
            let client = from(Via::Udp, &format!("203.0.113.{}:{}", one % 250, 1 + one % 60_000));
            !matches!(hall.relay.from_client(hall.now, client, &request), Deed::Nothing)
        })
        .count();
    assert_eq!(answered, 50);
    assert_eq!(hall.relay.counts().unanswered, 99_950);
    assert_eq!(hall.relay.allocations(), 0);
}

#[test]
fn a_stream_cannot_be_forged_and_is_always_answered() {
    let mut hall = Hall::new();
    let request = unsigned(BINDING);
    let client = from(Via::Stream(1), "203.0.113.7:50000");
    assert!((0..1000).all(|_| hall.tell(client, &request) == Told::Done));
}

#[test]
fn a_nonce_is_good_for_one_client_and_a_while() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    let stolen = Browser {
        client: from(Via::Udp, "203.0.113.9:1"),
        credential: browser.credential.clone(),
        nonce: browser.nonce.clone(),
        relayed: None,
    };
    let replayed = stolen.signed(ALLOCATE, &|request| {
        request.add_attribute(&RequestedTransport::new(17)).unwrap();
    });
    assert_eq!(hall.tell(stolen.client, &replayed), Told::Refused(438));
    assert_eq!(browser.refreshes(&mut hall, 3600), Told::Done);
    hall.pass(601);
    let request = browser.signed(REFRESH, &|_| {});
    assert_eq!(hall.tell(browser.client, &request), Told::Refused(438));
    assert_eq!(browser.refreshes(&mut hall, 600), Told::Done, "with the new nonce");
}

#[test]
fn a_changed_request_is_not_believed() {
    let mut hall = Hall::new();
    let browser = hall.relayed("203.0.113.7:50000");
    let mut request = browser.signed(REFRESH, &|_| {});
    let last = request.len() - 1;
    request[last] ^= 1;
    assert_eq!(hall.tell(browser.client, &request), Told::Refused(401));
    assert_eq!(hall.relay.allocations(), 1);
}

#[test]
fn bytes_behind_a_message_and_frames_longer_than_their_datagram_are_not_read() {
    let mut hall = Hall::new();
    let mut browser = hall.relayed("203.0.113.7:50000");
    assert_eq!(browser.binds(&mut hall, 0x4000, FRIEND), Told::Done);
    let mut longer = unsigned(BINDING);
    longer.extend([0; 8]);
    assert_eq!(hall.tell(browser.client, &longer), Told::Nothing);
    assert_eq!(hall.tell(browser.client, &[0x40, 0, 0, 5, 1, 2, 3, 4]), Told::Nothing);
    for short in [&[][..], &[0x40], &[0x40, 0, 0], &[0], &[0, 1, 0, 0]] {
        assert_eq!(hall.tell(browser.client, short), Told::Nothing);
    }
    assert_eq!(hall.relay.counts().malformed, 7);
}

proptest! {
    #[test]
    fn no_bytes_from_anybody_break_the_relay(noise in prop::collection::vec(any::<u8>(), 0..200), first in 0_u8..0x80) {
        let mut hall = Hall::new();
        let browser = hall.relayed("203.0.113.7:50000");
        let mut bytes = noise;
        if let Some(byte) = bytes.first_mut() {
            *byte = first;
        }
        let _ = hall.relay.from_client(hall.now, browser.client, &bytes);
        let _ = crate::turn::framing::next(&bytes);
        prop_assert_eq!(hall.relay.allocations(), 1);
    }

    #[test]
    fn a_request_with_any_byte_changed_changes_nothing(at in 0_usize..100, to in any::<u8>()) {
        let mut hall = Hall::new();
        let browser = hall.relayed("203.0.113.7:50000");
        let mut request = browser.signed(REFRESH, &|request| {
            request.add_attribute(&turn_types::attribute::Lifetime::new(0)).unwrap();
        });
        let at = at % request.len();
        prop_assume!(request[at] != to);
        request[at] = to;
        let deed = hall.relay.from_client(hall.now, browser.client, &request);
        let refused = match &deed {
            Deed::Nothing => true,
            Deed::Answer(answer) => message::parse(answer).is_some(),
            _ => false,
        };
        prop_assert!(refused);
        prop_assert_eq!(hall.relay.allocations(), 1);
    }
}
