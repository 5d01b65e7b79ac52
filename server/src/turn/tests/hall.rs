//! A relay on a clock that tests turn, and the browsers before it.

use crate::turn::{
    Deed, Header, Now, Relay,
    allocation::{Client, Via},
    credential::{Credential, Secret, mint},
    limits, message,
    peer::{EchoPorts, Peers},
};
use std::{net::SocketAddr, time::Duration};
use stun_types::{
    attribute::{ErrorCode, Nonce, Realm, Username},
    message::{IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageWriteVec, Method},
    prelude::*,
};
use turn_types::{
    attribute::{ChannelNumber, Data, Lifetime, RequestedTransport, XorPeerAddress, XorRelayedAddress},
    message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND},
};

/// The address that relays are announced with.
pub(super) const OWN: &str = "133.0.0.1";
/// Somebody out there.
pub(super) const FRIEND: &str = "133.9.9.9:4000";

/// What became of a packet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    Nothing,
    Done,
    Refused(u16),
    Sent {
        to: SocketAddr,
        payload: Vec<u8>,
    },
    Delivered {
        to: SocketAddr,
        header: Header,
        payload: Vec<u8>,
    },
}

/// The relay and its clock.
pub(super) struct Hall {
    pub(super) relay: Relay,
    pub(super) now: Now,
    pub(super) secret: Secret,
    pub(super) closed: Vec<SocketAddr>,
    pub(super) answers: Vec<Vec<u8>>,
    next_port: u16,
}

impl Hall {
    pub(super) fn new() -> Self {
        let secret = Secret::new(b"north");
        let peers = Peers {
            own: vec![OWN.parse().unwrap()],
            local: vec!["133.0.0.2".parse().unwrap()],
            allowed: Vec::new(),
            echo: Some(EchoPorts {
                inside: "127.0.0.1".parse().unwrap(),
                ports: 3_480..=3_481,
            }),
        };
        Self {
            relay: Relay::new(vec![secret.clone()], peers, limits::BYTES_IN_ALL),
            now: Now {
                steady: Duration::from_secs(5),
                unix_seconds: 1_795_344_121,
            },
            secret,
            closed: Vec::new(),
            answers: Vec::new(),
            next_port: 50_000,
        }
    }

    pub(super) fn pass(&mut self, seconds: u64) {
        self.now.steady += Duration::from_secs(seconds);
        self.now.unix_seconds += seconds;
        self.closed.extend(self.relay.expire(self.now));
    }

    /// Carries out what the relay says, with sockets that always open.
    pub(super) fn tell(&mut self, client: Client, bytes: &[u8]) -> Told {
        let answer = match self.relay.from_client(self.now, client, bytes) {
            Deed::Nothing => return Told::Nothing,
            Deed::Send { peer, payload, .. } => {
                return Told::Sent {
                    to: peer,
                    payload: payload.to_vec(),
                };
            }
            Deed::Deliver(to, payload) => {
                let (to, header) = (to.client.address, to.header);
                return Told::Delivered {
                    to,
                    header,
                    payload: payload.to_vec(),
                };
            }
            Deed::Answer(answer) => answer,
            Deed::Close(answer, relayed) => {
                self.closed.push(relayed);
                answer
            }
            Deed::Open(opening) => {
                self.next_port += if opening.even { 2 } else { 1 };
                self.relay.opened(self.now, opening, Some(self.next_port))
            }
        };
        let read = message::parse(&answer).expect("we answer with messages");
        let told = read
            .attribute::<ErrorCode>()
            .map_or(Told::Done, |error| Told::Refused(error.code()));
        self.answers.push(answer);
        told
    }

    /// A browser with a credential of the desk that is good for an hour.
    pub(super) fn browser(&self, address: &str) -> Browser {
        let credential = mint(&self.secret, "seat", self.now.unix_seconds + 3600);
        Browser::with(address, credential)
    }

    /// The same, with an allocation.
    pub(super) fn relayed(&mut self, address: &str) -> Browser {
        let mut browser = self.browser(address);
        assert_eq!(browser.allocates(self), Told::Done);
        browser
    }
}

/// A browser, or somebody who speaks like one.
pub(super) struct Browser {
    pub(super) client: Client,
    pub(super) credential: Credential,
    pub(super) nonce: Option<String>,
    pub(super) relayed: Option<SocketAddr>,
}

type Add<'a> = &'a dyn Fn(&mut MessageWriteVec);

impl Browser {
    pub(super) fn with(address: &str, credential: Credential) -> Self {
        let client = Client {
            via: Via::Udp,
            address: address.parse().unwrap(),
        };
        Self {
            client,
            credential,
            nonce: None,
            relayed: None,
        }
    }

    /// A request with everything that a browser puts into it.
    pub(super) fn signed(&self, method: Method, add: Add<'_>) -> Vec<u8> {
        let mut request = Message::builder_request(method, MessageWriteVec::new());
        add(&mut request);
        if let Some(nonce) = &self.nonce {
            let Credential { username, password } = &self.credential;
            request.add_attribute(&Username::new(username).unwrap()).unwrap();
            request.add_attribute(&Realm::new(message::REALM).unwrap()).unwrap();
            request.add_attribute(&Nonce::new(nonce).unwrap()).unwrap();
            let key = LongTermKeyCredentials::new(username.clone(), password.clone(), message::REALM.to_owned())
                .make_key(IntegrityAlgorithm::Sha1);
            request
                .add_message_integrity_with_key(&key, IntegrityAlgorithm::Sha1)
                .unwrap();
        }
        request.finish()
    }

    /// Asks, and asks once more with the nonce when it is challenged.
    pub(super) fn asks(&mut self, hall: &mut Hall, method: Method, add: Add<'_>) -> Told {
        for _ in 0..2 {
            let request = self.signed(method, add);
            let told = hall.tell(self.client, &request);
            if told == Told::Nothing {
                return told;
            }
            let answer = message::parse(hall.answers.last().unwrap()).unwrap();
            match (&told, answer.attribute::<Nonce>()) {
                (Told::Refused(401 | 438), Ok(nonce)) => self.nonce = Some(nonce.nonce().to_owned()),
                _ => return told,
            }
        }
        Told::Refused(401)
    }

    pub(super) fn allocates(&mut self, hall: &mut Hall) -> Told {
        self.allocates_with(hall, &|_| {})
    }

    pub(super) fn allocates_with(&mut self, hall: &mut Hall, add: Add<'_>) -> Told {
        let told = self.asks(hall, ALLOCATE, &|request| {
            request.add_attribute(&RequestedTransport::new(17)).unwrap();
            add(request);
        });
        if told == Told::Done {
            let answer = message::parse(hall.answers.last().unwrap()).unwrap();
            let relayed = answer.attribute::<XorRelayedAddress>().unwrap();
            self.relayed = Some(relayed.addr(answer.transaction_id()));
        }
        told
    }

    pub(super) fn refreshes(&mut self, hall: &mut Hall, seconds: u32) -> Told {
        self.asks(hall, REFRESH, &|request| {
            request.add_attribute(&Lifetime::new(seconds)).unwrap();
        })
    }

    pub(super) fn permits(&mut self, hall: &mut Hall, peer: &str) -> Told {
        let peer: SocketAddr = peer.parse().unwrap();
        self.asks(hall, CREATE_PERMISSION, &|request| {
            let peer = XorPeerAddress::new(peer, request.transaction_id());
            request.add_attribute(&peer).unwrap();
        })
    }

    pub(super) fn binds(&mut self, hall: &mut Hall, channel: u16, peer: &str) -> Told {
        let peer: SocketAddr = peer.parse().unwrap();
        self.asks(hall, CHANNEL_BIND, &|request| {
            request.add_attribute(&ChannelNumber::new(channel)).unwrap();
            let peer = XorPeerAddress::new(peer, request.transaction_id());
            request.add_attribute(&peer).unwrap();
        })
    }

    /// Sends through a channel.
    pub(super) fn says(&self, hall: &mut Hall, channel: u16, payload: &[u8]) -> Told {
        let mut frame = channel.to_be_bytes().to_vec();
        frame.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
        frame.extend(payload);
        hall.tell(self.client, &frame)
    }

    /// Sends without a channel.
    pub(super) fn sends(&self, hall: &mut Hall, peer: &str, payload: &[u8]) -> Told {
        use stun_types::message::{MessageClass, MessageType, TransactionId};
        let id = TransactionId::from(7);
        let kind = MessageType::from_class_method(MessageClass::Indication, SEND);
        let mut message = Message::builder(kind, id, MessageWriteVec::new());
        message
            .add_attribute(&XorPeerAddress::new(peer.parse().unwrap(), id))
            .unwrap();
        message.add_attribute(&Data::new(payload)).unwrap();
        hall.tell(self.client, &message.finish())
    }
}
