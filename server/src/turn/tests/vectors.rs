//! The published test vectors (RFC 5769), through our reading and writing.

use crate::turn::message;
use stun_types::{
    attribute::{Realm, Username},
    message::{
        BINDING, IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageType, MessageWriteVec, TransactionId,
    },
    prelude::*,
};

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digits: Vec<char> = hexadecimal.chars().filter(|c| !c.is_whitespace()).collect();
    let pairs = digits.chunks(2).map(|pair| pair.iter().collect::<String>());
    pairs.map(|pair| u8::from_str_radix(&pair, 16).unwrap()).collect()
}

/// RFC 5769 §2.4: long-term authentication, the kind that TURN uses.
#[test]
fn a_long_term_request_is_believed_with_its_password_and_no_other() {
    let request = bytes(
        "00010060 2112a442 78ad3433c6ad72c029da412e
         00060012 e3839ee38388e383aae38383e382afe382b9 0000
         0015001c 662f2f3439396b3935346436 4f4c33346f4c39465354767936347341
         0014000b 6578616d706c652e6f7267 00
         00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666",
    );
    let read = message::parse(&request).expect("a whole message");
    assert_eq!(read.attribute::<Username>().unwrap().username(), "マトリックス");
    assert_eq!(read.attribute::<Realm>().unwrap().realm(), "example.org");
    let believed = |password: &str| {
        let credentials = LongTermKeyCredentials::new("マトリックス".into(), password.into(), "example.org".into());
        let key = credentials.make_key(IntegrityAlgorithm::Sha1);
        read.validate_integrity_with_key(&key).is_ok()
    };
    assert!(believed("TheMatrIX"));
    assert!(!believed("TheMatrix"));
}

/// RFC 5769 §2.2 and §2.3: where the client is seen to be, hidden from meddling NATs.
#[test]
fn the_address_of_a_client_is_written_as_published() {
    let id = TransactionId::from(0xb7e7_a701_bc34_d686_fa87_dfae);
    let kind = MessageType::from_class_method(stun_types::message::MessageClass::Request, BINDING);
    let request = Message::builder(kind, id, MessageWriteVec::new()).finish();
    let request = message::parse(&request).unwrap();
    let v4 = message::bound(&request, "192.0.2.1:32853".parse().unwrap());
    assert_eq!(v4[20..], bytes("00200008 0001a147 e112a643"));
    let v6 = message::bound(
        &request,
        "[2001:db8:1234:5678:11:2233:4455:6677]:32853".parse().unwrap(),
    );
    assert_eq!(v6[20..], bytes("00200014 0002a147 0113a9faa5d3f179bc25f4b5bed2b9d9"));
}
