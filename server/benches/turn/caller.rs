//! One caller: a socket that sends the packets of a call through a relay, and a peer that sends them back.

use server::turn::{
    client::{Ask, Challenge, Said, request, said},
    credential::{Credential, Secret, mint},
};
use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::{net::UdpSocket, time::timeout};

const CHANNEL: u16 = 0x4000;
const PAYLOAD_BYTES: usize = 170;
const TICK: Duration = Duration::from_millis(4);
/// How long the last packets may take.
const LATE: Duration = Duration::from_millis(500);
/// How long a request may take before it is sent again, while a server starts.
const PATIENCE: Duration = Duration::from_millis(100);

/// See the module.
pub(crate) struct Caller {
    socket: UdpSocket,
    peer: UdpSocket,
    relay: SocketAddr,
}

/// What a call came to.
pub(crate) struct Counted {
    pub(crate) sent: u64,
    pub(crate) back: u64,
}

fn socket() -> UdpSocket {
    let made = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).expect("a socket");
    made.set_recv_buffer_size(2 << 20).expect("room");
    made.set_nonblocking(true).expect("set");
    made.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())
        .expect("a port");
    UdpSocket::from_std(made.into()).expect("a socket")
}

impl Caller {
    pub(crate) async fn bare() -> Self {
        let (socket, peer) = (socket(), socket());
        let relay = peer.local_addr().expect("bound");
        Self { socket, peer, relay }
    }

    /// The addresses of caller and peer, for the forwarder.
    pub(crate) fn pair(&self) -> String {
        let at = |socket: &UdpSocket| socket.local_addr().expect("bound");
        format!("{},{}", at(&self.socket), at(&self.peer))
    }

    /// Through a forwarder, once it runs.
    pub(crate) async fn through(mut self, relay: SocketAddr) -> Self {
        self.relay = relay;
        let mut buffer = [0; 2048];
        loop {
            let _ = self.socket.send_to(&[0], relay).await;
            if timeout(PATIENCE, self.peer.recv_from(&mut buffer)).await.is_ok() {
                return self;
            }
        }
    }

    pub(crate) async fn through_turn(relay: SocketAddr, secret: &str, number: usize) -> Self {
        let mut caller = Self::bare().await;
        caller.relay = relay;
        let in_an_hour = load::clock::unix_seconds() + 3600;
        let credential = mint(&Secret::new(secret.as_bytes()), &number.to_string(), in_an_hour);
        let challenge = match caller.asks(Ask::Allocate, None).await {
            Said::Challenged(challenge) => challenge,
            other => panic!("no challenge: {other:?}"),
        };
        let peer = caller.peer.local_addr().expect("bound");
        for ask in [Ask::Allocate, Ask::Channel(CHANNEL, peer)] {
            let said = caller.asks(ask, Some((&credential, &challenge))).await;
            assert!(matches!(said, Said::Yes(_)), "{ask:?}: {said:?}");
        }
        caller
    }

    async fn asks(&self, ask: Ask, signed: Option<(&Credential, &Challenge)>) -> Said {
        // One at a time, so that a number tells them apart as well as chance would.
        let mut transaction = [0; 12];
        transaction[..8].copy_from_slice(&load::clock::micros().to_be_bytes());
        said(&self.answer_to(&request(ask, signed, transaction)).await).expect("an answer")
    }

    async fn answer_to(&self, request: &[u8]) -> Vec<u8> {
        let mut buffer = vec![0; 2048];
        loop {
            let _ = self.socket.send_to(request, self.relay).await;
            if let Ok(Ok((bytes, _))) = timeout(PATIENCE, self.socket.recv_from(&mut buffer)).await {
                buffer.truncate(bytes);
                return buffer;
            }
        }
    }

    /// Sends so many packets a second for so long, and counts what comes back.
    pub(crate) async fn talks(self, per_second: usize, length: Duration) -> Counted {
        let Self { socket, peer, relay } = self;
        let echo = tokio::spawn(async move {
            let mut buffer = [0; 2048];
            while let Ok((bytes, from)) = peer.recv_from(&mut buffer).await {
                let _ = peer.send_to(&buffer[..bytes], from).await;
            }
        });
        let mut frame = CHANNEL.to_be_bytes().to_vec();
        frame.extend((PAYLOAD_BYTES as u16).to_be_bytes());
        frame.resize(4 + PAYLOAD_BYTES, 7);

        let (began, mut sent, mut back) = (load::clock::now(), 0, 0);
        let mut ticks = tokio::time::interval(TICK);
        let mut buffer = [0; 2048];
        while began.elapsed() < length {
            tokio::select! {
                _ = ticks.tick() => {
                    let due = began.elapsed().as_micros() as u64 * per_second as u64 / 1_000_000;
                    while sent < due {
                        if socket.send_to(&frame, relay).await.is_ok() {
                            sent += 1;
                        }
                    }
                }
                Ok(_) = socket.recv_from(&mut buffer) => back += 1,
            }
        }
        while let Ok(Ok(_)) = timeout(LATE, socket.recv_from(&mut buffer)).await {
            back += 1;
        }
        echo.abort();
        Counted { sent, back }
    }
}
