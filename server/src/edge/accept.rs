//! Connections over TCP: each in a task of its own, with a deadline for every step and a limit to how many there are.
//!
//! Over a limit a connection is dropped without a word: a flood is not to be answered.

use super::{
    certificate::{Certificate, CertificateError},
    first::{self, Speaks},
    pipe,
    relaying::Relaying,
    stream,
};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// Connections at once on one port.
const CONNECTIONS: usize = 20_000;
/// Connections at once from one address. A hospital behind one address has some hundred browsers with a few each.
const CONNECTIONS_PER_ADDRESS: usize = 1_000;
/// Handshakes at once.
const HANDSHAKES: usize = 512;
/// Handshakes at once from one address, so that nobody keeps others out with half of one.
const HANDSHAKES_PER_ADDRESS: usize = 128;
/// How long a handshake may take. A phone on a bad line needs two round trips.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(5);
/// How long a connection may say nothing. Browsers open spare ones and use them seconds later.
const FIRST_BYTE_WITHIN: Duration = Duration::from_secs(15);
/// How long to wait when the system has no file left for a connection.
const BREATH: Duration = Duration::from_millis(50);
/// What is read before it is known what it is.
const FIRST_BYTES: usize = 2_048;

/// What a connection on the TLS port meets.
pub(super) struct Door {
    acceptor: TlsAcceptor,
    relaying: Option<Arc<Relaying>>,
    serve: SocketAddr,
}

impl Door {
    pub(super) fn new(
        certificate: &Arc<Certificate>,
        relaying: Option<Arc<Relaying>>,
        serve: SocketAddr,
    ) -> Result<Self, CertificateError> {
        let acceptor = TlsAcceptor::from(certificate.config()?);
        Ok(Self {
            acceptor,
            relaying,
            serve,
        })
    }
}

/// Serves the TLS port for ever.
pub(super) async fn tls(listener: TcpListener, door: Door) {
    let (crowd, door) = (Crowd::of(CONNECTIONS, CONNECTIONS_PER_ADDRESS), Arc::new(door));
    let handshakes = Crowd::of(HANDSHAKES, HANDSHAKES_PER_ADDRESS);
    loop {
        let (connection, from, place) = crowd.next(&listener).await;
        let Some(shaking) = handshakes.place(from.ip()) else {
            continue;
        };
        let door = Arc::clone(&door);
        tokio::spawn(async move {
            let _place = place;
            let shaken = timeout(HANDSHAKE_WITHIN, door.acceptor.accept(connection)).await;
            drop(shaking);
            if let Ok(Ok(connection)) = shaken {
                enter(&door, connection, from).await;
            }
        });
    }
}

async fn enter(door: &Door, mut connection: TlsStream<TcpStream>, from: SocketAddr) {
    let mut first = vec![0; FIRST_BYTES];
    let Ok(Ok(bytes @ 1..)) = timeout(FIRST_BYTE_WITHIN, connection.read(&mut first)).await else {
        return;
    };
    first.truncate(bytes);
    let named = connection.get_ref().1.alpn_protocol();
    match (first::speaks(first[0], named), &door.relaying) {
        (Speaks::Turn, Some(relaying)) => stream::serve(Arc::clone(relaying), connection, from, first).await,
        (Speaks::Http, _) => pipe::to_serve(connection, from, &first, door.serve).await,
        (Speaks::Turn, None) | (Speaks::Nonsense, _) => {}
    }
}

/// Serves TURN's TCP port for ever.
pub(super) async fn turn(listener: TcpListener, relaying: Arc<Relaying>) {
    let crowd = Crowd::of(CONNECTIONS, CONNECTIONS_PER_ADDRESS);
    loop {
        let (connection, from, place) = crowd.next(&listener).await;
        let relaying = Arc::clone(&relaying);
        tokio::spawn(async move {
            let _place = place;
            stream::serve(relaying, connection, from, Vec::new()).await;
        });
    }
}

/// Who is there, by address.
struct Crowd {
    all: Arc<Semaphore>,
    per_address: usize,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// Somebody's place; given back when dropped.
struct Place {
    _one: OwnedSemaphorePermit,
    address: IpAddr,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Crowd {
    fn of(all: usize, per_address: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all)),
            per_address,
            by_address: Arc::default(),
        }
    }

    /// The next connection for which there is a place.
    async fn next(&self, listener: &TcpListener) -> (TcpStream, SocketAddr, Place) {
        loop {
            let Ok((connection, from)) = listener.accept().await else {
                tokio::time::sleep(BREATH).await;
                continue;
            };
            if let Some(place) = self.place(from.ip()) {
                // A frame of media that waits for company is late; an error means that the connection has gone.
                let _ = connection.set_nodelay(true);
                return (connection, from, place);
            }
        }
    }

    fn place(&self, address: IpAddr) -> Option<Place> {
        let address = household(address);
        let one = Arc::clone(&self.all).try_acquire_owned().ok()?;
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let there = by_address.entry(address).or_default();
        if *there >= self.per_address {
            return None;
        }
        *there += 1;
        Some(Place {
            _one: one,
            address,
            by_address: Arc::clone(&self.by_address),
        })
    }
}

/// Whose an address is: IPv6 is handed out in networks of 2^64 addresses, of which one holder may use each.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::from((address.to_bits() >> 64 << 64).to_be_bytes()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = by_address.get_mut(&self.address) {
            *there -= 1;
            if *there == 0 {
                by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_takes_its_share_and_leaves_the_rest_to_others() {
        let crowd = Crowd::of(10, 3);
        let (greedy, modest) = (IpAddr::from([203, 0, 113, 7]), IpAddr::from([203, 0, 113, 8]));
        let mut places: Vec<_> = (0..10).filter_map(|_| crowd.place(greedy)).collect();
        assert_eq!(places.len(), 3);
        assert!(crowd.place(greedy).is_none());
        assert!(crowd.place(modest).is_some());
        places.pop();
        assert!(crowd.place(greedy).is_some());
        let network = (0..9_u16).map(|host| IpAddr::from([0x2001, 0xdb8, 0, 7, 0, 0, 0, host]));
        let network: Vec<_> = network.filter_map(|address| crowd.place(address)).collect();
        assert_eq!(network.len(), 3, "a household's network is one address");
        drop((places, network));
        assert!(crowd.by_address.lock().unwrap().is_empty(), "nobody is remembered");
    }
}
