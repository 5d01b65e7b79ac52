//! UDP: what clients send, and what peers send to the relays.

use super::{
    relaying::{Relaying, channel_header},
    socket::DATAGRAM_BYTES,
};
use crate::turn::{
    Delivery, Header,
    allocation::{Client, Via},
};
use std::{net::SocketAddr, sync::Arc};
use tokio::net::UdpSocket;

/// Reads the port of TURN for ever.
pub(super) async fn from_clients(relaying: Arc<Relaying>) {
    let socket = Arc::clone(&relaying.clients);
    let mut buffer = [0; DATAGRAM_BYTES];
    loop {
        // An error is an ICMP message about somebody who has gone; the socket lives on.
        let Ok((bytes, address)) = socket.recv_from(&mut buffer).await else {
            tokio::task::yield_now().await;
            continue;
        };
        if bytes == DATAGRAM_BYTES {
            // It was longer, and half of one is none.
            continue;
        }
        let client = Client { via: Via::Udp, address };
        relaying.take(client, &buffer[..bytes]);
    }
}

/// Reads one relay's port until the relay is closed.
pub(super) async fn from_peers(relaying: Arc<Relaying>, relayed: SocketAddr, socket: Arc<UdpSocket>) {
    // The payload is read behind the place of its header, so that on the way to a browser nothing is copied.
    let mut buffer = [0; 4 + DATAGRAM_BYTES];
    loop {
        let Ok((bytes, peer)) = socket.recv_from(&mut buffer[4..]).await else {
            tokio::task::yield_now().await;
            continue;
        };
        if bytes == DATAGRAM_BYTES {
            continue;
        }
        match relaying.arrived(relayed, peer, bytes) {
            Some(Delivery {
                client: Client { via: Via::Udp, address },
                header: Header::Channel(channel),
            }) => {
                buffer[..4].copy_from_slice(&channel_header(channel, bytes));
                let _ = relaying.clients.try_send_to(&buffer[..4 + bytes], address);
            }
            Some(delivery) => relaying.deliver(delivery, &buffer[4..4 + bytes]),
            None => {}
        }
    }
}
