//! STUN messages as the relay reads and writes them, on the codec of `stun-types` and `turn-types`.
//!
//! Error answers carry no reason text: nobody reads it, and an answer to a forged address must be small.

use std::{net::SocketAddr, time::Duration};
use stun_types::{
    attribute::{AttributeType, ErrorCode, Nonce, Realm, UnknownAttributes, XorMappedAddress},
    message::{IntegrityAlgorithm, IntegrityKey, Message, MessageClass, MessageType, MessageWriteVec, TransactionId},
    prelude::*,
};
use turn_types::{
    attribute::{Data, Lifetime, XorPeerAddress, XorRelayedAddress},
    message::DATA,
};

/// The realm of every credential. Browsers do not show it.
pub(super) const REALM: &str = "soudan";

/// A whole message and not a byte more: the codec would read attributes from bytes behind the message's length.
pub(super) fn parse(bytes: &[u8]) -> Option<Message<'_>> {
    let &[0..=3, _, high, low, 0x21, 0x12, 0xa4, 0x42, ..] = bytes else {
        return None;
    };
    if 20 + usize::from(u16::from_be_bytes([high, low])) != bytes.len() {
        return None;
    }
    Message::from_bytes(bytes).ok()
}

/// Refuses; signed when the request was.
pub(super) fn error(to: &Message<'_>, code: u16, key: Option<&IntegrityKey>) -> Vec<u8> {
    let mut answer = Message::builder_error(to, MessageWriteVec::with_capacity(64));
    add(&mut answer, ErrorCode::new(code, "").ok().as_ref());
    finish(answer, key)
}

/// Asks for a credential (401), or for the same with this nonce (438). RFC 8489 §9.2.4.
pub(super) fn challenge(to: &Message<'_>, code: u16, nonce: &str) -> Vec<u8> {
    let mut answer = Message::builder_error(to, MessageWriteVec::with_capacity(96));
    add(&mut answer, ErrorCode::new(code, "").ok().as_ref());
    add(&mut answer, Realm::new(REALM).ok().as_ref());
    add(&mut answer, Nonce::new(nonce).ok().as_ref());
    finish(answer, None)
}

/// Names the attributes that we were told to understand and do not (420, RFC 8489 §6.3.1).
pub(super) fn unknown(to: &Message<'_>, types: &[AttributeType], key: &IntegrityKey) -> Vec<u8> {
    let mut answer = Message::builder_error(to, MessageWriteVec::with_capacity(64));
    add(&mut answer, ErrorCode::new(420, "").ok().as_ref());
    add(&mut answer, Some(&UnknownAttributes::new(types)));
    finish(answer, Some(key))
}

/// Answers Binding: where the client is seen to be.
pub(super) fn bound(to: &Message<'_>, client: SocketAddr) -> Vec<u8> {
    let mut answer = Message::builder_success(to, MessageWriteVec::with_capacity(48));
    add(&mut answer, Some(&XorMappedAddress::new(client, to.transaction_id())));
    finish(answer, None)
}

/// Answers Allocate.
pub(super) fn allocated(
    to: &Message<'_>,
    relayed: SocketAddr,
    client: SocketAddr,
    lifetime: Duration,
    key: &IntegrityKey,
) -> Vec<u8> {
    let mut answer = Message::builder_success(to, MessageWriteVec::with_capacity(128));
    add(&mut answer, Some(&XorRelayedAddress::new(relayed, to.transaction_id())));
    add(&mut answer, Some(&Lifetime::new(seconds(lifetime))));
    add(&mut answer, Some(&XorMappedAddress::new(client, to.transaction_id())));
    finish(answer, Some(key))
}

/// Answers Refresh.
pub(super) fn refreshed(to: &Message<'_>, lifetime: Duration, key: &IntegrityKey) -> Vec<u8> {
    let mut answer = Message::builder_success(to, MessageWriteVec::with_capacity(64));
    add(&mut answer, Some(&Lifetime::new(seconds(lifetime))));
    finish(answer, Some(key))
}

/// Answers CreatePermission and ChannelBind.
pub(super) fn done(to: &Message<'_>, key: &IntegrityKey) -> Vec<u8> {
    finish(
        Message::builder_success(to, MessageWriteVec::with_capacity(64)),
        Some(key),
    )
}

/// Carries a peer's packet to a client that has bound no channel for it. The transaction is random.
#[must_use]
pub fn data_indication(peer: SocketAddr, payload: &[u8], transaction: [u8; 12]) -> Vec<u8> {
    let mut id = [0; 16];
    id[4..].copy_from_slice(&transaction);
    let id = TransactionId::from(u128::from_be_bytes(id));
    let kind = MessageType::from_class_method(MessageClass::Indication, DATA);
    let mut message = Message::builder(kind, id, MessageWriteVec::with_capacity(payload.len() + 64));
    add(&mut message, Some(&XorPeerAddress::new(peer, id)));
    add(&mut message, Some(&Data::new(payload)));
    message.finish()
}

fn seconds(lifetime: Duration) -> u32 {
    u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX)
}

fn add<A: AttributeWrite>(message: &mut MessageWriteVec, attribute: Option<&A>) {
    // What can fail is an attribute that is too long or is written twice or after the signature; ours are short and written once.
    if let Some(attribute) = attribute {
        let _ = message.add_attribute(attribute);
    }
}

fn finish(mut message: MessageWriteVec, key: Option<&IntegrityKey>) -> Vec<u8> {
    if let Some(key) = key {
        let _ = message.add_message_integrity_with_key(key, IntegrityAlgorithm::Sha1);
    }
    message.finish()
}
