//! All allocations, and the way of every packet: from a client to a peer, from a peer to a client, and between two clients of
//! ours without leaving the process.

use super::{
    Now,
    allocation::{Allocation, Client, Via},
    budget::{Networks, Paid, Rate},
    credential::Secret,
    limits, message,
    peer::{Peers, Verdict},
};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use stun_types::{
    message::{BINDING, IntegrityKey, Message, MessageClass},
    prelude::*,
};
use turn_types::{
    attribute::{Data, XorPeerAddress},
    message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND},
};

/// What the sockets do next.
#[derive(Debug)]
pub enum Deed<'a> {
    /// Nothing; strangers are not told why.
    Nothing,
    /// Send this to the client.
    Answer(Vec<u8>),
    /// Open a relay socket and tell [`Relay::opened`].
    Open(Opening),
    /// Send the payload from this relayed address to this peer.
    Send {
        /// Whose socket.
        relayed: SocketAddr,
        /// To whom.
        peer: SocketAddr,
        /// What.
        payload: &'a [u8],
    },
    /// Hand the payload to another client of ours.
    Deliver(Delivery, &'a [u8]),
    /// Send this answer and close the relay socket.
    Close(Vec<u8>, SocketAddr),
}

/// An allocation that waits for its socket.
pub struct Opening {
    /// Whose.
    pub client: Client,
    /// The address to be announced; the port is the socket's.
    pub address: IpAddr,
    /// Whether the port must be even (RFC 8656 §7.2).
    pub even: bool,
    pub(super) request: Vec<u8>,
    pub(super) username: String,
    pub(super) key: IntegrityKey,
    pub(super) lifetime: Duration,
}

signaling::redacted_debug!(Opening { client, even });

/// Where a peer's payload goes, and in which clothes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// To whom.
    pub client: Client,
    /// How it is wrapped.
    pub header: Header,
}

/// How a payload is wrapped for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// As a frame of this channel.
    Channel(u16),
    /// As a Data indication from this peer.
    Indication(SocketAddr),
}

/// What was not relayed and not answered, in all. Strangers cause these, so they are counted, never logged one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Packets that are no message of this protocol.
    pub malformed: u64,
    /// Unauthenticated requests over their network's rate.
    pub unanswered: u64,
    /// Packets over a credential's or everybody's bandwidth.
    pub over_budget: u64,
    /// Packets of or for nobody: no allocation, no permission, no such relay.
    pub for_nobody: u64,
}

/// What one credential uses.
#[derive(Default)]
struct Account {
    allocations: usize,
    paid: Paid,
}

/// The relay.
pub struct Relay {
    /// The first mints; the others are still believed, so that a secret can be changed.
    pub(super) secrets: Vec<Secret>,
    pub(super) peers: Peers,
    pub(super) allocations: HashMap<Client, Allocation>,
    pub(super) networks: Networks,
    pub(super) counts: Counts,
    client_at: HashMap<SocketAddr, Client>,
    account_of: HashMap<String, u64>,
    accounts: HashMap<u64, Account>,
    last_account: u64,
    paid: Paid,
    in_all: Rate,
}

signaling::redacted_debug!(Relay { counts });

impl Relay {
    /// An empty relay. Relays are announced with the addresses that are the peers' `own`.
    #[must_use]
    pub fn new(secrets: Vec<Secret>, peers: Peers, bytes_per_second: u64) -> Self {
        Self {
            secrets,
            peers,
            allocations: HashMap::new(),
            networks: Networks::new(),
            counts: Counts::default(),
            client_at: HashMap::new(),
            account_of: HashMap::new(),
            accounts: HashMap::new(),
            last_account: 0,
            paid: Paid::default(),
            in_all: Rate::per_second(bytes_per_second),
        }
    }

    /// How many allocations live.
    #[must_use]
    pub fn allocations(&self) -> usize {
        self.allocations.len()
    }

    /// What was dropped so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Whether this client holds an allocation.
    #[must_use]
    pub fn holds(&self, client: Client) -> bool {
        self.allocations.contains_key(&client)
    }

    /// One datagram or frame of a client.
    pub fn from_client<'a>(&mut self, now: Now, client: Client, bytes: &'a [u8]) -> Deed<'a> {
        if let [0x40..=0x7f, ..] = bytes {
            return self.through_channel(now, client, bytes);
        }
        let Some(parsed) = message::parse(bytes) else {
            self.counts.malformed += 1;
            return Deed::Nothing;
        };
        match (parsed.class(), parsed.method()) {
            (MessageClass::Request, BINDING) => {
                let answer = message::bound(&parsed, client.address);
                self.answer_stranger(now, client, bytes.len(), answer)
            }
            (MessageClass::Request, ALLOCATE | REFRESH | CREATE_PERMISSION | CHANNEL_BIND) => {
                self.request(now, client, bytes, &parsed)
            }
            (MessageClass::Request, _) => {
                let answer = message::error(&parsed, 400, None);
                self.answer_stranger(now, client, bytes.len(), answer)
            }
            (MessageClass::Indication, SEND) => self.by_indication(now, client, bytes, &parsed),
            _ => Deed::Nothing,
        }
    }

    /// An answer to somebody who has shown no credential, in `asked` bytes. A datagram's sender may be forged, a stream's cannot.
    pub(super) fn answer_stranger<'a>(&mut self, now: Now, client: Client, asked: usize, answer: Vec<u8>) -> Deed<'a> {
        let forgeable = matches!(client.via, Via::Udp);
        let Some(secret) = self.secrets.first() else {
            return Deed::Nothing;
        };
        // A request that any client of this protocol makes is long enough; a bare header is somebody's who wants more than he gave.
        let amplifies = answer.len() > limits::ANSWER_TIMES * asked;
        if forgeable && (amplifies || !self.networks.may_answer(secret, now.steady, client.address.ip())) {
            self.counts.unanswered += 1;
            return Deed::Nothing;
        }
        Deed::Answer(answer)
    }

    fn through_channel<'a>(&mut self, now: Now, client: Client, bytes: &'a [u8]) -> Deed<'a> {
        let whole = |bytes: &'a [u8]| {
            let &[a, b, high, low, ref rest @ ..] = bytes else {
                return None;
            };
            // In a datagram there may be padding behind the payload.
            let payload = rest.get(..usize::from(u16::from_be_bytes([high, low])))?;
            Some((u16::from_be_bytes([a, b]), payload))
        };
        let Some((channel, payload)) = whole(bytes) else {
            self.counts.malformed += 1;
            return Deed::Nothing;
        };
        let allocation = self.living(now, client);
        match allocation.and_then(|a| Some((a.account, a.relayed, a.peer_of_channel(channel, now.steady)?))) {
            Some((account, relayed, peer)) => self.towards(now, account, relayed, peer, payload),
            None => self.nobody(),
        }
    }

    fn by_indication<'a>(&mut self, now: Now, client: Client, bytes: &'a [u8], sent: &Message<'a>) -> Deed<'a> {
        let data = sent.raw_attribute_and_offset(Data::TYPE);
        let payload = data.and_then(|(at, raw)| bytes.get(at + 4..at + 4 + usize::from(raw.length())));
        let (Ok(peer), Some(payload)) = (sent.attribute::<XorPeerAddress>(), payload) else {
            self.counts.malformed += 1;
            return Deed::Nothing;
        };
        let peer = peer.addr(sent.transaction_id());
        let allocation = self.living(now, client).filter(|a| a.permits(peer.ip(), now.steady));
        match allocation.map(|a| (a.account, a.relayed)) {
            Some((account, relayed)) => self.towards(now, account, relayed, peer, payload),
            None => self.nobody(),
        }
    }

    fn towards<'a>(
        &mut self,
        now: Now,
        account: u64,
        relayed: SocketAddr,
        peer: SocketAddr,
        payload: &'a [u8],
    ) -> Deed<'a> {
        if !self.pay(now, account, payload.len()) {
            return Deed::Nothing;
        }
        match self.peers.judge(peer.ip()) {
            Verdict::Public => Deed::Send { relayed, peer, payload },
            Verdict::Own => self.inwards(now, relayed, peer, payload),
            Verdict::Refused => self.nobody(),
        }
    }

    /// To another relay of ours, or to the echo peer; nothing else is there.
    fn inwards<'a>(&mut self, now: Now, relayed: SocketAddr, peer: SocketAddr, payload: &'a [u8]) -> Deed<'a> {
        let is_relay = self.client_at.contains_key(&peer);
        if let Some(peer) = self.peers.inside(peer).filter(|_| !is_relay) {
            return Deed::Send { relayed, peer, payload };
        }
        match self.from_peer(now, peer, relayed, payload.len()) {
            Some(delivery) => Deed::Deliver(delivery, payload),
            None => Deed::Nothing,
        }
    }

    /// A packet of `bytes` has come from a peer to a relayed address: to whom it goes, if its client permits that peer.
    pub fn from_peer(&mut self, now: Now, relayed: SocketAddr, peer: SocketAddr, bytes: usize) -> Option<Delivery> {
        let peer = self.peers.outside(peer, relayed);
        let client = self.client_at.get(&relayed).copied();
        let permitted = client.and_then(|client| {
            let allocation = self.living(now, client).filter(|a| a.permits(peer.ip(), now.steady))?;
            let channel = allocation.channel_to(peer, now.steady);
            let header = channel.map_or(Header::Indication(peer), Header::Channel);
            Some((allocation.account, Delivery { client, header }))
        });
        let Some((account, delivery)) = permitted else {
            self.counts.for_nobody += 1;
            return None;
        };
        self.pay(now, account, bytes).then_some(delivery)
    }

    fn living(&self, now: Now, client: Client) -> Option<&Allocation> {
        self.allocations
            .get(&client)
            .filter(|allocation| allocation.ends > now.steady)
    }

    fn nobody<'a>(&mut self) -> Deed<'a> {
        self.counts.for_nobody += 1;
        Deed::Nothing
    }

    fn pay(&mut self, now: Now, account: u64, bytes: usize) -> bool {
        let own = self.accounts.get_mut(&account);
        let fits = own.is_some_and(|own| own.paid.take(now.steady, bytes, limits::BYTES_PER_CREDENTIAL))
            && self.paid.take(now.steady, bytes, self.in_all);
        if !fits {
            self.counts.over_budget += 1;
        }
        fits
    }

    /// How many allocations a credential holds.
    pub(super) fn held_by(&self, username: &str) -> usize {
        let account = self
            .account_of
            .get(username)
            .and_then(|account| self.accounts.get(account));
        account.map_or(0, |account| account.allocations)
    }

    /// Writes an allocation into all tables.
    pub(super) fn insert(&mut self, now: Now, opening: Opening, relayed: SocketAddr, transaction: u128) {
        let account = match self.account_of.get(&opening.username) {
            Some(account) => *account,
            None => {
                self.last_account += 1;
                self.account_of.insert(opening.username.clone(), self.last_account);
                self.last_account
            }
        };
        self.accounts.entry(account).or_default().allocations += 1;
        self.client_at.insert(relayed, opening.client);
        let holder = (account, opening.username);
        let allocation = Allocation::new(relayed, holder, transaction, now.steady + opening.lifetime);
        self.allocations.insert(opening.client, allocation);
    }

    /// Ends what has expired. The relayed addresses whose sockets are to be closed.
    pub fn expire(&mut self, now: Now) -> Vec<SocketAddr> {
        let ended = self
            .allocations
            .iter()
            .filter(|(_, allocation)| allocation.ends <= now.steady);
        let ended: Vec<Client> = ended.map(|(client, _)| *client).collect();
        ended.into_iter().filter_map(|client| self.gone(client)).collect()
    }

    /// Ends a client's allocation, for instance because its stream has closed. The relayed address whose socket is to be closed.
    pub fn gone(&mut self, client: Client) -> Option<SocketAddr> {
        let allocation = self.allocations.remove(&client)?;
        self.client_at.remove(&allocation.relayed);
        if let Some(account) = self.accounts.get_mut(&allocation.account) {
            account.allocations -= 1;
            if account.allocations == 0 {
                self.accounts.remove(&allocation.account);
                self.account_of.remove(&allocation.username);
            }
        }
        Some(allocation.relayed)
    }
}
