//! The least that a relay can do: what comes from a caller goes out of a socket of its own to its peer, and back.

use std::{collections::HashMap, net::SocketAddr, sync::Arc};
use tokio::net::UdpSocket;

/// Forwards for these pairs of caller and peer until it is killed.
pub(crate) async fn run(listen: &str, pairs: &[String]) {
    let callers = Arc::new(bound(listen.parse().expect("an address")));
    let mut peers = HashMap::new();
    for pair in pairs {
        let (caller, peer) = pair.split_once(',').expect("a pair");
        let (caller, peer): (SocketAddr, SocketAddr) = (caller.parse().expect("one"), peer.parse().expect("another"));
        let socket = Arc::new(bound(SocketAddr::new(callers.local_addr().expect("bound").ip(), 0)));
        peers.insert(caller, (peer, Arc::clone(&socket)));
        let callers = Arc::clone(&callers);
        tokio::spawn(async move {
            let mut buffer = [0; 2048];
            loop {
                if let Ok((bytes, _)) = socket.recv_from(&mut buffer).await {
                    let _ = callers.try_send_to(&buffer[..bytes], caller);
                }
            }
        });
    }
    let mut buffer = [0; 2048];
    loop {
        if let Ok((bytes, from)) = callers.recv_from(&mut buffer).await
            && let Some((peer, socket)) = peers.get(&from)
        {
            let _ = socket.try_send_to(&buffer[..bytes], *peer);
        }
    }
}

fn bound(at: SocketAddr) -> UdpSocket {
    let made = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).expect("a socket");
    made.set_recv_buffer_size(2 << 20).expect("room");
    made.set_nonblocking(true).expect("set");
    made.bind(&at.into()).expect("a port");
    UdpSocket::from_std(made.into()).expect("a socket")
}
