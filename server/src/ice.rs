//! Which STUN and TURN servers a seat's browser uses, with a credential of its own.
//!
//! Promises: a credential is made for one socket, ends by itself and is stored nowhere; a side whose addresses are hidden is
//! told to use a relay only, and what its browser says of its own addresses all the same is not passed on.

use crate::{
    clock::World,
    config::{Config, SecretError},
    turn::credential::{Secret, mint},
};
use signaling::{
    protocol::{IceServer, Side, Signal, hidden},
    time::{At, Millis},
};

/// How long a credential may begin calls. A call that has begun outlives it: its allocations may be refreshed with it.
/// ARCHITECTURE.md §8 says why it belongs to a socket and not to a seat.
const LIFE: Millis = Millis::minutes(120);
/// When an open socket is given a new one: early enough that the old one is still good for the time of a whole call.
const RENEWED_AFTER: Millis = Millis::minutes(60);

/// What browsers are told about reaching each other.
pub struct Ice {
    fixed: Vec<IceServer>,
    urls: Vec<String>,
    secret: Option<Secret>,
    hides_staff: bool,
    hides_guardian: bool,
}

signaling::redacted_debug!(Ice {
    urls,
    hides_staff,
    hides_guardian
});

impl Ice {
    /// By the configuration; reads the secret.
    ///
    /// # Errors
    /// The secret cannot be read.
    pub fn new(config: &Config) -> Result<Self, SecretError> {
        let secrets = config.turn.secrets()?.unwrap_or_default();
        let relay_only = config.ice_policy == "relay";
        Ok(Self {
            fixed: config.ice_servers.clone(),
            urls: urls(config),
            secret: secrets.into_iter().next(),
            hides_staff: relay_only || config.hide_addresses,
            hides_guardian: relay_only || config.hide_guardian_addresses,
        })
    }

    /// For one socket, from now on.
    #[must_use]
    pub fn servers(&self, world: &World) -> Vec<IceServer> {
        let mut servers = self.fixed.clone();
        if let Some(secret) = self.secret.as_ref().filter(|_| !self.urls.is_empty()) {
            // An opaque word: it appears in the logs of relays.
            let seat = crate::files::to_hex(&world.random::<8>());
            let expires_at = world.now() + LIFE;
            let credential = mint(secret, &seat, u64::try_from(expires_at.0 / 1000).unwrap_or(0));
            servers.push(IceServer {
                urls: self.urls.clone(),
                username: Some(credential.username),
                credential: Some(credential.password),
            });
        }
        servers
    }

    /// Whether what was told at `told_at` should be told anew.
    #[must_use]
    pub fn is_old(&self, told_at: At, now: At) -> bool {
        self.secret.is_some() && now >= told_at + RENEWED_AFTER
    }

    /// `RTCIceTransportPolicy` of a side.
    #[must_use]
    pub fn policy(&self, side: Side) -> &'static str {
        if self.hides(side) { "relay" } else { "all" }
    }

    /// What of a side's signal is passed on.
    #[must_use]
    pub fn passes(&self, side: Side, signal: Signal) -> Option<Signal> {
        if self.hides(side) { hidden(signal) } else { Some(signal) }
    }

    fn hides(&self, side: Side) -> bool {
        match side {
            Side::Staff => self.hides_staff,
            // The family's own people: what holds for it holds for them.
            Side::Guardian | Side::Guest => self.hides_guardian,
        }
    }
}

/// Where the relays are: others, or ours in the order in which they should be tried.
fn urls(config: &Config) -> Vec<String> {
    let turn = &config.turn;
    if !turn.external.is_empty() {
        return turn.external.clone();
    }
    let Some(address) = turn.public_addresses.first() else {
        return Vec::new();
    };
    let host = turn.host.clone().unwrap_or_else(|| match address {
        std::net::IpAddr::V4(address) => address.to_string(),
        std::net::IpAddr::V6(address) => format!("[{address}]"),
    });
    let (plain, tls) = (turn.listen.port(), config.edge.listen.port());
    vec![
        format!("stun:{host}:{plain}"),
        format!("turn:{host}:{plain}?transport=udp"),
        format!("turn:{host}:{plain}?transport=tcp"),
        format!("turns:{host}:{tls}?transport=tcp"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::HandClock;

    fn config() -> Config {
        let mut config = Config {
            hide_addresses: true,
            ..Config::default()
        };
        config.turn.public_addresses = vec!["198.51.100.7".parse().unwrap()];
        config
    }

    fn ice(config: &Config) -> Ice {
        let secret = Some(Secret::new(b"north"));
        Ice {
            secret,
            ..Ice::new(config).unwrap()
        }
    }

    fn world() -> World {
        World::new(HandClock::at(At(1_795_344_121_000)))
    }

    #[test]
    fn every_socket_gets_a_credential_of_its_own_for_two_hours() {
        let ice = ice(&config());
        let (first, second) = (ice.servers(&world()), ice.servers(&world()));
        let username = |servers: &[IceServer]| servers[0].username.clone().unwrap();
        assert!(username(&first).starts_with("1795351321:"));
        assert_ne!(username(&first), username(&second));
        assert_eq!(
            first[0].urls,
            [
                "stun:198.51.100.7:3478",
                "turn:198.51.100.7:3478?transport=udp",
                "turn:198.51.100.7:3478?transport=tcp",
                "turns:198.51.100.7:443?transport=tcp"
            ]
        );
    }

    #[test]
    fn a_relay_of_the_hospitals_own_is_named_instead_with_the_same_kind_of_credential() {
        let mut config = config();
        config.turn.external = vec!["turns:turn.example.jp:443?transport=tcp".into()];
        let servers = ice(&config).servers(&world());
        assert_eq!(servers[0].urls, config.turn.external);
        assert!(servers[0].credential.is_some());
    }

    #[test]
    fn clinicians_addresses_are_hidden_and_families_are_not_unless_told_so() {
        let mut config = config();
        assert_eq!(ice(&config).policy(Side::Staff), "relay");
        assert_eq!(ice(&config).policy(Side::Guardian), "all");
        config.hide_guardian_addresses = true;
        assert_eq!(ice(&config).policy(Side::Guardian), "relay");
    }

    #[test]
    fn a_browser_that_tells_its_address_all_the_same_is_not_heard() {
        let own = || Signal::Candidate {
            candidate: "candidate:1 1 udp 1 192.168.1.5 50000 typ host".into(),
            mid: None,
            m_line: None,
        };
        let ice = ice(&config());
        assert_eq!(ice.passes(Side::Staff, own()), None);
        assert_eq!(ice.passes(Side::Guardian, own()), Some(own()));
    }

    #[test]
    fn without_a_relay_nothing_is_made_up() {
        let ice = Ice::new(&Config::default()).unwrap();
        assert!(ice.servers(&world()).is_empty());
        assert_eq!(ice.policy(Side::Staff), "all");
        assert!(!ice.is_old(At(0), At(i64::MAX)));
    }
}
