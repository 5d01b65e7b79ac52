//! The echo peer: what a browser's connection check talks to, through the ICE servers that its call will use.
//!
//! Promises: it answers one offer of one data channel and sends back what it gets, with a count in front; it ends by itself
//! ([`limits::CHECK_LIFE`]); there are never more than [`limits::CHECKS_AT_ONCE`], and one more is told so at once; a new check
//! of the same person ends their last one. It sends to no address that an offer names: candidates are taken out before the
//! offer is read, and where the browser is, is learnt from its own checks, which carry the answer's password (RFC 8445 §7.3).
//! So no offer makes it knock at a stranger's door.
//!
//! Deliberately not here: sound and picture. What a network does to packets of that size it does to these, and what nobody
//! receives nobody can listen to. The verdict is made in `signaling::check`.

mod channel;
mod offer;
mod places;

use crate::{clock::World, config::Config, edge::addresses};
use channel::Echoing;
use places::{Place, Places};
use rtc::{
    ice::mdns::MulticastDnsMode,
    peer_connection::{configuration::setting_engine::SctpMaxMessageSize, transport::RTCDtlsRole},
};
use signaling::{check, limits};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::sync::Notify;
use webrtc::peer_connection::{
    MediaEngine, PeerConnection, PeerConnectionBuilder, RTCSessionDescription, SettingEngine, SettingEngineBuilder,
};

/// Addresses that are bound and announced at most; a machine has a few.
const ADDRESSES: usize = 8;
/// Between two ICE checks. With the library's 200 ms connecting takes two and a half times as long.
const ICE_INTERVAL: Duration = Duration::from_millis(20);
/// So many make a second, which a lost packet or two does not end.
const ICE_ATTEMPTS: u16 = 50;
/// Largest SCTP message that is taken: what a check sends, with room for a future one.
const MESSAGE_BYTES: u32 = 1_024;

/// Why there is no echo. The text is safe to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EchoRefusal {
    /// [`limits::CHECKS_AT_ONCE`] are running.
    #[error("いま確認が混み合っています。少したってから、もう一度お試しください。")]
    Busy,
    /// The offer is over [`limits::SDP_BYTES`].
    #[error("接続の確認に使えない大きさの情報が送られました。")]
    TooLarge,
    /// It is no offer of one data channel.
    #[error("接続の確認に使えない情報が送られました。ページを読み込み直してください。")]
    Unreadable,
    /// No port is free, or the system refuses.
    #[error("接続の確認を始められませんでした。少したってから、もう一度お試しください。")]
    Unavailable,
}

impl EchoRefusal {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Busy => "check_busy",
            Self::TooLarge => "too_large",
            Self::Unreadable => "unreadable",
            Self::Unavailable => "unavailable",
        }
    }
}

/// All echo peers of this process.
pub struct Echo {
    places: Places,
    bound: Vec<IpAddr>,
    announced: Vec<IpAddr>,
    world: World,
}

signaling::redacted_debug!(Echo {});

impl Echo {
    /// By the configuration.
    #[must_use]
    pub fn new(config: &Config, world: World) -> Self {
        let (bound, announced) = addresses_of(config, addresses::of_this_machine());
        Self {
            places: Places::new(
                config
                    .echo_ports()
                    .map(|echo| echo.ports)
                    .or_else(|| config.check_ports.clone()),
            ),
            bound,
            announced,
            world,
        }
    }

    /// Answers the offer of `owner`, whose earlier check it ends.
    ///
    /// # Errors
    /// See [`EchoRefusal`].
    pub async fn answer(&self, owner: &str, offer: &str) -> Result<String, EchoRefusal> {
        let offer = offer::of_one_channel(offer)?;
        let place = self
            .places
            .take(owner, &self.bound, u32::from_le_bytes(self.world.random()))?;
        let over = Arc::new(Notify::new());
        let at = self.bound.iter().map(|ip| SocketAddr::new(*ip, place.port)).collect();
        let peer = peer(at, Arc::clone(&over)).await?;
        // A second task, so that a browser that has gone before the answer leaves nothing behind.
        match answered(&peer, offer).await {
            Some(answer) => {
                let answer = offer::announcing(&answer, &self.announced, place.port);
                let ends_at = self.world.now() + limits::CHECK_LIFE;
                tokio::spawn(lives(peer, place, over, self.world.wait_until(ends_at)));
                Ok(answer)
            }
            None => {
                let _ = peer.close().await;
                Err(EchoRefusal::Unreadable)
            }
        }
    }

    /// How many are running.
    #[must_use]
    pub fn running(&self) -> usize {
        self.places.taken()
    }
}

async fn lives(peer: impl PeerConnection, place: Place, over: Arc<Notify>, time_is_up: crate::clock::Waiting) {
    tokio::select! {
        () = over.notified() => {}
        () = place.given_up() => {}
        () = time_is_up => {}
    }
    // It stops answering; there is nobody to be told of a fault.
    let _ = peer.close().await;
}

async fn answered(peer: &impl PeerConnection, offer: RTCSessionDescription) -> Option<String> {
    peer.set_remote_description(offer).await.ok()?;
    let answer = peer.create_answer(None).await.ok()?;
    peer.set_local_description(answer).await.ok()?;
    Some(peer.local_description().await?.sdp)
}

async fn peer(at: Vec<SocketAddr>, over: Arc<Notify>) -> Result<impl PeerConnection, EchoRefusal> {
    PeerConnectionBuilder::new()
        .with_media_engine(MediaEngine::default())
        .with_setting_engine(settings())
        .with_handler(Arc::new(Echoing::new(over)))
        .with_udp_addrs(at)
        .with_data_channel_send_buffer_limit(64 * check::ECHOED_BYTES)
        .build()
        .await
        .map_err(|error| {
            tracing::warn!(%error, "the echo peer does not start");
            EchoRefusal::Unavailable
        })
}

fn settings() -> SettingEngine {
    SettingEngineBuilder::new()
        // Whoever answers waits for the browser's hello instead of repeating its own (RFC 8842 §5.3 lets the answerer choose).
        .with_answering_dtls_role(RTCDtlsRole::Server)
        .with_ice_connection_attempts(Some(ICE_INTERVAL), Some(ICE_ATTEMPTS))
        .with_include_loopback_candidate(true)
        // It has no use for names of the local network, which would cost a socket on port 5353 each.
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        .with_sctp_max_message_size(SctpMaxMessageSize::Bounded(MESSAGE_BYTES))
        .with_sctp_max_receive_buffer_size(64 * MESSAGE_BYTES)
        .build()
}

/// Which addresses are bound, and by which browsers are told to reach them.
///
/// Bound one by one: a socket on all of them would answer from whichever the routes prefer, and a browser drops an answer
/// from elsewhere (RFC 8445 §7.2.5.2.1).
fn addresses_of(config: &Config, of_this_machine: Vec<IpAddr>) -> (Vec<IpAddr>, Vec<IpAddr>) {
    let usable = |ip: &IpAddr| match ip {
        IpAddr::V4(ip) => !ip.is_link_local(),
        IpAddr::V6(ip) => !ip.is_unicast_link_local(),
    };
    let mut bound = match config.echo_ports() {
        Some(echo) if !config.turn.listen.ip().is_unspecified() => vec![echo.inside],
        _ => of_this_machine.into_iter().filter(usable).collect(),
    };
    if bound.is_empty() {
        bound.push(IpAddr::from([127, 0, 0, 1]));
    }
    bound.truncate(ADDRESSES);
    let public = &config.turn.public_addresses;
    // Who serves on loopback is tried out there, or stands behind a proxy of this machine.
    let loopback_too = config.listen.ip().is_loopback();
    let announced = if public.is_empty() {
        let reached = |ip: &&IpAddr| loopback_too || !ip.is_loopback();
        bound.iter().filter(reached).copied().collect()
    } else {
        public.clone()
    };
    (bound, announced)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ips(all: &[&str]) -> Vec<IpAddr> {
        all.iter().map(|ip| ip.parse().unwrap()).collect()
    }

    #[test]
    fn browsers_are_told_addresses_that_they_can_reach() {
        let machine = || ips(&["127.0.0.1", "10.0.0.7", "fe80::1"]);
        let mut config = Config::default();
        let (bound, announced) = addresses_of(&config, machine());
        assert_eq!(
            (bound, announced),
            (ips(&["127.0.0.1", "10.0.0.7"]), ips(&["127.0.0.1", "10.0.0.7"]))
        );

        config.listen = "0.0.0.0:443".parse().unwrap();
        assert_eq!(addresses_of(&config, machine()).1, ips(&["10.0.0.7"]));

        // Behind a 1:1 NAT, with a relay that reaches it by loopback.
        config.turn.public_addresses = ips(&["133.0.0.1"]);
        let (bound, announced) = addresses_of(&config, machine());
        assert_eq!(
            (bound, announced),
            (ips(&["127.0.0.1", "10.0.0.7"]), ips(&["133.0.0.1"]))
        );
        assert_eq!(config.echo_ports().unwrap().inside, ips(&["127.0.0.1"])[0]);

        config.turn.listen = "10.0.0.7:3478".parse().unwrap();
        assert_eq!(addresses_of(&config, machine()).0, ips(&["10.0.0.7"]));
    }
}
