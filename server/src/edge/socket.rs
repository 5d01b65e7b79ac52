//! UDP sockets with room for a burst.

use std::{io, net::SocketAddr};
use tokio::net::UdpSocket;

/// The kernel's default holds 200 packets of media, which a busy machine takes 20 ms to read; coturn's tools see that as loss.
/// The kernel gives less without a word when `net.core.rmem_max` is lower.
const BUFFER_BYTES: usize = 2 << 20;
/// Longest datagram that is read: an Ethernet's, with room to tell that it was longer.
pub(super) const DATAGRAM_BYTES: usize = 1_600;

/// Binds a UDP socket.
pub(super) fn udp(at: SocketAddr) -> io::Result<UdpSocket> {
    let socket = socket2::Socket::new(socket2::Domain::for_address(at), socket2::Type::DGRAM, None)?;
    socket.set_recv_buffer_size(BUFFER_BYTES)?;
    socket.set_send_buffer_size(BUFFER_BYTES)?;
    socket.set_nonblocking(true)?;
    socket.bind(&at.into())?;
    UdpSocket::from_std(socket.into())
}
