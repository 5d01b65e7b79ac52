//! What a client of a relay says: for those who try a relay out, ours or another. Browsers have their own.

use super::credential::Credential;
use std::net::SocketAddr;
use stun_types::{
    attribute::{ErrorCode, Nonce, Realm, Username},
    message::{
        BINDING, IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageClass, MessageType, MessageWriteVec,
        Method, TransactionId,
    },
    prelude::*,
};
use turn_types::{
    attribute::{ChannelNumber, Data, Lifetime, RequestedTransport, XorPeerAddress, XorRelayedAddress},
    message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND},
};

/// What is asked of a relay.
#[derive(Clone, Copy, Debug)]
pub enum Ask {
    /// Where am I seen to be?
    Binding,
    /// An address for relaying UDP.
    Allocate,
    /// May this address reach me?
    Permission(SocketAddr),
    /// A short name for this address.
    Channel(u16, SocketAddr),
    /// Give the address back.
    GiveBack,
}

/// A server's challenge, which later requests answer.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// Of its users.
    pub realm: String,
    /// To be repeated.
    pub nonce: String,
}

/// What a server said.
#[derive(Clone, Debug)]
pub enum Said {
    /// Yes; with a relayed address if one was asked for.
    Yes(Option<SocketAddr>),
    /// Not without a credential, or not with this nonce.
    Challenged(Challenge),
    /// No, by this code.
    No(u16),
    /// A peer's packet has come.
    Came(Vec<u8>),
}

/// A request as bytes, signed when there is something to sign with. The transaction is random.
#[must_use]
pub fn request(ask: Ask, signed: Option<(&Credential, &Challenge)>, transaction: [u8; 12]) -> Vec<u8> {
    let method = match ask {
        Ask::Binding => BINDING,
        Ask::Allocate => ALLOCATE,
        Ask::Permission(_) => CREATE_PERMISSION,
        Ask::Channel(..) => CHANNEL_BIND,
        Ask::GiveBack => REFRESH,
    };
    let mut message = begun(MessageClass::Request, method, transaction);
    let id = message.transaction_id();
    match ask {
        Ask::Binding => {}
        Ask::Allocate => add(&mut message, &RequestedTransport::new(17)),
        Ask::Permission(peer) => add(&mut message, &XorPeerAddress::new(peer, id)),
        Ask::Channel(channel, peer) => {
            add(&mut message, &ChannelNumber::new(channel));
            add(&mut message, &XorPeerAddress::new(peer, id));
        }
        Ask::GiveBack => add(&mut message, &Lifetime::new(0)),
    }
    if let Some((Credential { username, password }, Challenge { realm, nonce })) = signed
        && let (Ok(name), Ok(in_realm), Ok(nonce)) = (Username::new(username), Realm::new(realm), Nonce::new(nonce))
    {
        add(&mut message, &name);
        add(&mut message, &in_realm);
        add(&mut message, &nonce);
        let key = LongTermKeyCredentials::new(username.clone(), password.clone(), realm.clone())
            .make_key(IntegrityAlgorithm::Sha1);
        // Written once and last, which is all that can fail.
        let _ = message.add_message_integrity_with_key(&key, IntegrityAlgorithm::Sha1);
    }
    message.finish()
}

/// A packet for a peer, to be sent through the relay.
#[must_use]
pub fn indication(peer: SocketAddr, payload: &[u8], transaction: [u8; 12]) -> Vec<u8> {
    let mut message = begun(MessageClass::Indication, SEND, transaction);
    let peer = XorPeerAddress::new(peer, message.transaction_id());
    add(&mut message, &peer);
    add(&mut message, &Data::new(payload));
    message.finish()
}

/// Reads what a server said.
#[must_use]
pub fn said(bytes: &[u8]) -> Option<Said> {
    let message = Message::from_bytes(bytes).ok()?;
    Some(match message.class() {
        MessageClass::Success => {
            let relayed = message.attribute::<XorRelayedAddress>().ok();
            Said::Yes(relayed.map(|relayed| relayed.addr(message.transaction_id())))
        }
        MessageClass::Error => match (message.attribute::<Realm>(), message.attribute::<Nonce>()) {
            (Ok(realm), Ok(nonce)) => Said::Challenged(Challenge {
                realm: realm.realm().to_owned(),
                nonce: nonce.nonce().to_owned(),
            }),
            _ => Said::No(message.attribute::<ErrorCode>().ok()?.code()),
        },
        MessageClass::Indication => Said::Came(message.attribute::<Data<'_>>().ok()?.data().to_vec()),
        MessageClass::Request => return None,
    })
}

fn begun(class: MessageClass, method: Method, transaction: [u8; 12]) -> MessageWriteVec {
    let mut id = [0; 16];
    id[4..].copy_from_slice(&transaction);
    let id = TransactionId::from(u128::from_be_bytes(id));
    Message::builder(
        MessageType::from_class_method(class, method),
        id,
        MessageWriteVec::new(),
    )
}

fn add<A: AttributeWrite>(message: &mut MessageWriteVec, attribute: &A) {
    // Short, written once and before the signature: nothing that can fail.
    let _ = message.add_attribute(attribute);
}
