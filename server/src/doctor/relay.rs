//! Tries one STUN or TURN address: two relayed addresses, and a packet from one to the other.

use super::wire::{Transport, Wire};
use crate::{
    clock::World,
    turn::{
        client::{Ask, Challenge, Said, indication, request, said},
        credential::Credential,
    },
};
use rustls::ClientConfig;
use signaling::protocol::IceServer;
use std::{io, net::SocketAddr, sync::Arc};

/// What is sent through the relay.
const PACKET: &[u8] = b"soudan doctor";

/// One address of a relay, taken apart (RFC 7064, RFC 7065).
#[derive(Debug, PartialEq, Eq)]
struct Address {
    relays: bool,
    transport: Transport,
    host: String,
    port: u16,
}

fn parse(url: &str) -> Option<Address> {
    let (scheme, rest) = url.split_once(':')?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (relays, secure) = match scheme {
        "stun" => (false, false),
        "stuns" => (false, true),
        "turn" => (true, false),
        "turns" => (true, true),
        _ => return None,
    };
    let transport = match (secure, query) {
        (true, _) => Transport::Tls,
        (false, "transport=tcp") => Transport::Tcp,
        (false, _) => Transport::Udp,
    };
    let default = if secure { 5349 } else { 3478 };
    // An IPv6 address stands in brackets; its colons are no port's.
    let after_brackets = place.rfind(']').map_or(0, |end| end + 1);
    let (host, port) = match place[after_brackets..].find(':') {
        Some(colon) => {
            let (host, port) = place.split_at(after_brackets + colon);
            (host, port[1..].parse().ok()?)
        }
        None => (place, default),
    };
    Some(Address {
        relays,
        transport,
        host: host.to_owned(),
        port,
    })
}

/// What is well with it, or what mends it.
pub(super) async fn examine(
    url: &str,
    server: &IceServer,
    tls: &Arc<ClientConfig>,
    world: &World,
) -> Result<String, String> {
    let address = parse(url)
        .ok_or("STUN・TURN サーバーのアドレスではありません。turn.external と calls.ice_servers を確かめてください")?;
    let credential = Credential {
        username: server.username.clone().unwrap_or_default(),
        password: server.credential.clone().unwrap_or_default(),
    };
    let open = || Caller::open(&address, &credential, tls, world);
    let Address { transport, port, .. } = &address;
    let unreachable = |error: io::Error| {
        let kind = if *transport == Transport::Udp { "UDP" } else { "TCP" };
        format!(
            "{error}。soudan edge が動いていること、{kind} {port} 番が通ること、TLS ではこの名前の証明書であることを確かめてください"
        )
    };
    let mut near = open().await.map_err(unreachable)?;
    if !address.relays {
        return near.ask(Ask::Binding).await.map(|_| "応答しています".to_owned());
    }
    let mut far = open().await.map_err(unreachable)?;
    let near_at = near
        .ask(Ask::Allocate)
        .await?
        .ok_or("応答に中継用のアドレスがありません")?;
    let far_at = far
        .ask(Ask::Allocate)
        .await?
        .ok_or("応答に中継用のアドレスがありません")?;
    near.ask(Ask::Permission(far_at)).await?;
    far.ask(Ask::Permission(near_at)).await?;
    let passed = near.sends_to(&mut far, far_at).await;
    for caller in [&mut near, &mut far] {
        // It would end by itself in ten minutes.
        let _ = caller.ask(Ask::GiveBack).await;
    }
    if passed.map_err(unreachable)? {
        Ok(format!("{} で中継しました", near_at.ip()))
    } else {
        Err(
            "アドレスは割り当てられますが、パケットが届きません。turn.relay_ports の UDP を通し、turn.public_addresses を確かめてください"
                .into(),
        )
    }
}

/// Somebody who calls through the relay.
struct Caller<'a> {
    wire: Wire,
    credential: &'a Credential,
    challenge: Option<Challenge>,
    world: &'a World,
}

impl<'a> Caller<'a> {
    async fn open(
        address: &Address,
        credential: &'a Credential,
        tls: &Arc<ClientConfig>,
        world: &'a World,
    ) -> io::Result<Self> {
        let wire = Wire::open(address.transport, &address.host, address.port, tls).await?;
        Ok(Self {
            wire,
            credential,
            challenge: None,
            world,
        })
    }

    /// Asks, and once more when challenged.
    async fn ask(&mut self, ask: Ask) -> Result<Option<SocketAddr>, String> {
        for _ in 0..2 {
            let signed = self.challenge.as_ref().map(|challenge| (self.credential, challenge));
            let asked = request(ask, signed, self.world.random());
            let answered = async {
                self.wire.send(&asked).await?;
                self.wire.receive().await
            };
            let answer = answered.await.map_err(|error| {
                format!("{error}。そこで soudan edge が動いていること、ファイアウォールがこの通信を通すことを確かめてください")
            })?;
            match said(&answer) {
                Some(Said::Yes(relayed)) => return Ok(relayed),
                Some(Said::Challenged(challenge)) => self.challenge = Some(challenge),
                Some(Said::No(code)) => return Err(format!("エラー {code} で断られました（RFC 8656 §18）")),
                Some(Said::Came(_)) | None => {
                    return Err("別のものが応答しています。TURN サーバーか確かめてください".into());
                }
            }
        }
        Err(
            "資格情報が受け入れられません。中継サーバーの秘密が turn.secret_file と同じで、時計が合っていることを確かめてください"
                .into(),
        )
    }

    /// Whether a packet passes.
    async fn sends_to(&mut self, far: &mut Self, far_at: SocketAddr) -> io::Result<bool> {
        // A datagram may be lost.
        for _ in 0..3 {
            self.wire.send(&indication(far_at, PACKET, self.world.random())).await?;
            if let Ok(came) = far.wire.receive().await {
                return Ok(matches!(said(&came), Some(Said::Came(packet)) if packet == PACKET));
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_browsers_read_them() {
        let read = |url: &str| parse(url).map(|a| (a.relays, a.transport, a.host, a.port));
        let is = |relays, transport, host: &str, port| Some((relays, transport, host.to_owned(), port));
        assert_eq!(read("stun:a.jp"), is(false, Transport::Udp, "a.jp", 3478));
        assert_eq!(read("turn:a.jp:1?transport=tcp"), is(true, Transport::Tcp, "a.jp", 1));
        assert_eq!(
            read("turns:[2001:db8::1]:443?transport=tcp"),
            is(true, Transport::Tls, "[2001:db8::1]", 443)
        );
        assert_eq!(
            read("turns:[2001:db8::1]"),
            is(true, Transport::Tls, "[2001:db8::1]", 5349)
        );
        for wrong in ["http:a", "a.jp", "turn:a.jp:port"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
