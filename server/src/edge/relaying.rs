//! The sockets of the relay's rules: carries out what [`Relay`] says, and never waits to send.
//!
//! What cannot be sent at once is dropped, as a router would: late media are worth nothing. The rules stand behind one lock
//! that is held for look-ups only.

use super::{datagrams, socket, stream::Frames};
use crate::{
    clock::World,
    config::TurnConfig,
    turn::{
        Counts, Deed, Delivery, Header, Now, Opening, Relay,
        allocation::{Client, Via},
        data_indication,
    },
};
use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::{net::UdpSocket, task::AbortHandle};

/// How often a port is drawn before there is said to be none.
const DRAWS: usize = 16;

/// The relay and its sockets.
pub struct Relaying {
    rules: Mutex<Relay>,
    relays: Mutex<HashMap<SocketAddr, RelaySocket>>,
    streams: Mutex<HashMap<u64, Frames>>,
    last_stream: AtomicU64,
    listen: SocketAddr,
    ports: RangeInclusive<u16>,
    pub(super) clients: Arc<UdpSocket>,
    pub(super) world: World,
}

signaling::redacted_debug!(Relaying { listen });

struct RelaySocket {
    socket: Arc<UdpSocket>,
    reader: AbortHandle,
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    // What a panicking thread left behind is whole: no lock is held across more than one insertion.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Relaying {
    /// Binds the UDP port; its TCP port is the same.
    ///
    /// # Errors
    /// The port cannot be had.
    pub fn new(rules: Relay, config: &TurnConfig, world: World) -> io::Result<Arc<Self>> {
        let clients = socket::udp(config.listen)?;
        Ok(Arc::new(Self {
            rules: Mutex::new(rules),
            relays: Mutex::default(),
            streams: Mutex::default(),
            last_stream: AtomicU64::new(0),
            listen: clients.local_addr()?,
            ports: config.relay_ports.clone(),
            clients: Arc::new(clients),
            world,
        }))
    }

    /// Where TURN is spoken.
    #[must_use]
    pub fn listens(&self) -> SocketAddr {
        self.listen
    }

    pub(super) fn allocations(&self) -> usize {
        locked(&self.rules).allocations()
    }

    pub(super) fn counts(&self) -> Counts {
        locked(&self.rules).counts()
    }

    pub(super) fn expire(&self) {
        let ended = locked(&self.rules).expire(self.now());
        for relayed in ended {
            self.close(relayed);
        }
    }

    fn now(&self) -> Now {
        Now {
            steady: self.world.steady(),
            unix_seconds: u64::try_from(self.world.now().0 / 1000).unwrap_or(0),
        }
    }

    /// One datagram or frame of a client.
    pub(super) fn take(self: &Arc<Self>, client: Client, bytes: &[u8]) {
        let deed = locked(&self.rules).from_client(self.now(), client, bytes);
        match deed {
            Deed::Nothing => {}
            Deed::Answer(answer) => self.to_client(client, answer),
            Deed::Close(answer, relayed) => {
                self.to_client(client, answer);
                self.close(relayed);
            }
            Deed::Send { relayed, peer, payload } => {
                let socket = locked(&self.relays)
                    .get(&relayed)
                    .map(|relay| Arc::clone(&relay.socket));
                if let Some(socket) = socket {
                    let _ = socket.try_send_to(payload, peer);
                }
            }
            Deed::Deliver(delivery, payload) => self.deliver(delivery, payload),
            Deed::Open(opening) => self.open(client, opening),
        }
    }

    fn open(self: &Arc<Self>, client: Client, opening: Opening) {
        let address = opening.address;
        let socket = self.bind(address, opening.even);
        let port = socket.as_ref().map(|(port, _)| *port);
        let answer = locked(&self.rules).opened(self.now(), opening, port);
        if let Some((port, socket)) = socket {
            let relayed = SocketAddr::new(address, port);
            let reading = datagrams::from_peers(Arc::clone(self), relayed, Arc::clone(&socket));
            let reader = tokio::spawn(reading).abort_handle();
            locked(&self.relays).insert(relayed, RelaySocket { socket, reader });
        }
        self.to_client(client, answer);
    }

    /// A socket on a port that nobody can guess (RFC 8656 §7.2, RFC 6056).
    fn bind(&self, announced: IpAddr, even: bool) -> Option<(u16, Arc<UdpSocket>)> {
        // Behind a 1:1 NAT the announced address is not this machine's; the one that is listened on is.
        let at = match (self.listen.ip(), announced) {
            (listen, announced) if listen.is_ipv4() == announced.is_ipv4() => listen,
            (_, IpAddr::V4(_)) => IpAddr::from([0; 4]),
            (_, IpAddr::V6(_)) => IpAddr::from([0_u16; 8]),
        };
        let (first, last) = (u32::from(*self.ports.start()), u32::from(*self.ports.end()));
        for _ in 0..DRAWS {
            let drawn = u32::from_le_bytes(self.world.random::<4>());
            let port = u16::try_from(first + drawn % (last + 1 - first)).ok()?;
            let port = if even { port & !1 } else { port };
            if let Ok(socket) = socket::udp(SocketAddr::new(at, port)) {
                return Some((port, Arc::new(socket)));
            }
        }
        tracing::warn!("no relay port is free");
        None
    }

    fn close(&self, relayed: SocketAddr) {
        if let Some(relay) = locked(&self.relays).remove(&relayed) {
            relay.reader.abort();
        }
    }

    /// To whom a peer's packet goes.
    pub(super) fn arrived(&self, relayed: SocketAddr, peer: SocketAddr, bytes: usize) -> Option<Delivery> {
        locked(&self.rules).from_peer(self.now(), relayed, peer, bytes)
    }

    /// Wraps a payload for a client and sends it.
    pub(super) fn deliver(&self, delivery: Delivery, payload: &[u8]) {
        let frame = match delivery.header {
            Header::Indication(peer) => data_indication(peer, payload, self.world.random()),
            Header::Channel(channel) => {
                let mut frame = Vec::with_capacity(payload.len() + 7);
                frame.extend_from_slice(&channel_header(channel, payload.len()));
                frame.extend_from_slice(payload);
                if matches!(delivery.client.via, Via::Stream(_)) {
                    // RFC 8656 §12.5: on a stream a frame is padded to four bytes.
                    frame.resize(frame.len().next_multiple_of(4), 0);
                }
                frame
            }
        };
        self.to_client(delivery.client, frame);
    }

    fn to_client(&self, client: Client, bytes: Vec<u8>) {
        match client.via {
            Via::Udp => {
                let _ = self.clients.try_send_to(&bytes, client.address);
            }
            Via::Stream(id) => {
                if let Some(frames) = locked(&self.streams).get(&id) {
                    let _ = frames.try_send(bytes);
                }
            }
        }
    }

    /// A stream begins; what is for it goes into `frames`.
    pub(super) fn stream_began(&self, address: SocketAddr, frames: Frames) -> Client {
        let id = self.last_stream.fetch_add(1, Ordering::Relaxed);
        locked(&self.streams).insert(id, frames);
        Client {
            via: Via::Stream(id),
            address,
        }
    }

    /// A stream has ended, and with it its allocation.
    pub(super) fn stream_ended(&self, client: Client) {
        if let Via::Stream(id) = client.via {
            locked(&self.streams).remove(&id);
        }
        let ended = locked(&self.rules).gone(client);
        if let Some(relayed) = ended {
            self.close(relayed);
        }
    }

    /// Whether a client holds an allocation.
    pub(super) fn holds(&self, client: Client) -> bool {
        locked(&self.rules).holds(client)
    }
}

/// The four bytes in front of a channel's payload (RFC 8656 §12.4). A datagram's length fits.
pub(super) fn channel_header(channel: u16, length: usize) -> [u8; 4] {
    let [a, b] = channel.to_be_bytes();
    let [high, low] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
    [a, b, high, low]
}
