//! The part of the configuration about media: the edge, its relay, and what browsers are told of them.
//!
//! `serve` and `edge` read the same file: one mints credentials with the secret by which the other checks them.

use super::{Config, Key};
use crate::turn::{
    credential::Secret,
    limits,
    peer::{EchoPorts, Network},
};
use signaling::protocol::IceServer;
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    ops::RangeInclusive,
    path::PathBuf,
};

/// Ports of the echo peer where a relay has to know them: twice as many as there are checks at once, so that one that has
/// just ended is in nobody's way.
const CHECK_PORTS: RangeInclusive<u16> = 3_480..=3_511;
/// Shortest secret that is taken, in characters.
const SECRET_CHARS: usize = 16;

/// Where `soudan edge` listens and where it finds the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeConfig {
    /// See `edge.listen`.
    pub listen: SocketAddr,
    /// See `edge.serve`.
    pub serve: Option<SocketAddr>,
}

/// The relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnConfig {
    /// See `turn.listen`.
    pub listen: SocketAddr,
    /// See `turn.public_addresses`.
    pub public_addresses: Vec<IpAddr>,
    /// See `turn.host`.
    pub host: Option<String>,
    /// See `turn.secret_file`.
    pub secret_file: Option<PathBuf>,
    /// See `turn.external`.
    pub external: Vec<String>,
    /// See `turn.allowed_peers`.
    pub allowed_peers: Vec<Network>,
    /// See `turn.relay_ports`.
    pub relay_ports: RangeInclusive<u16>,
    /// See `turn.bytes_per_second`.
    pub bytes_per_second: u64,
}

impl Default for EdgeConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([0; 4], 443)),
            serve: None,
        }
    }
}

impl Default for TurnConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([0; 4], 3478)),
            public_addresses: Vec::new(),
            host: None,
            secret_file: None,
            external: Vec::new(),
            allowed_peers: Vec::new(),
            // RFC 8656 §7.2: the ports that are nobody's.
            relay_ports: 49_152..=65_535,
            bytes_per_second: limits::BYTES_IN_ALL,
        }
    }
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Not there, or not readable.
    #[error("{path}: {source}; make one with: openssl rand -hex 32 > {path} && chmod 600 {path}")]
    Missing {
        /// Where it was looked for.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Too short, or none.
    #[error("{0} does not hold a secret of at least {SECRET_CHARS} characters")]
    Short(String),
}

impl Config {
    /// Where the echo peer of the device check is, where a relay of ours has to find it. Without one any port does.
    #[must_use]
    pub fn echo_ports(&self) -> Option<EchoPorts> {
        let first = self.turn.public_addresses.first()?;
        let listen = self.turn.listen.ip();
        let inside = match (listen.is_unspecified(), first) {
            (false, _) => listen,
            (true, IpAddr::V4(_)) => Ipv4Addr::LOCALHOST.into(),
            (true, IpAddr::V6(_)) => Ipv6Addr::LOCALHOST.into(),
        };
        let ports = self.check_ports.clone().unwrap_or(CHECK_PORTS);
        Some(EchoPorts { inside, ports })
    }
}

impl TurnConfig {
    /// The secrets, one a line: the first mints, all are believed. `None` when no file is configured.
    ///
    /// # Errors
    /// The file cannot be used. What it holds is never printed.
    pub fn secrets(&self) -> Result<Option<Vec<Secret>>, SecretError> {
        let Some(file) = &self.secret_file else {
            return Ok(None);
        };
        let path = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|source| SecretError::Missing {
            path: path.clone(),
            source,
        })?;
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if lines.is_empty() || lines.iter().any(|line| line.len() < SECRET_CHARS) {
            return Err(SecretError::Short(path));
        }
        Ok(Some(lines.iter().map(|line| Secret::new(line.as_bytes())).collect()))
    }
}

/// The keys of this part.
pub(super) const KEYS: &[Key] = &[
    Key {
        name: "calls.ice_servers",
        purpose: "STUN and TURN servers that browsers use for calls.",
        allowed: "an array of tables { urls = [\"stun:…\", \"turn:…\"], username = \"…\", credential = \"…\" } (JSON in the \
                  environment variable)",
        set: |draft, value| match serde_json::from_str::<Vec<IceServer>>(value) {
            Ok(servers) => {
                let fine = servers
                    .iter()
                    .all(|server| !server.urls.is_empty() && server.urls.iter().all(|url| is_ice_url(url)));
                draft.config.ice_servers = servers;
                fine
            }
            Err(_) => false,
        },
    },
    Key {
        name: "calls.ice_policy",
        purpose: "Whether browsers may connect directly (`all`) or only through TURN (`relay`).",
        allowed: "all or relay",
        set: |draft, value| {
            draft.config.ice_policy = value.to_owned();
            matches!(value, "all" | "relay")
        },
    },
    Key {
        name: "calls.hide_addresses",
        purpose: "Whether clinicians' browsers connect through a relay only, so that no family learns their address. On by default \
                  as soon as there is a relay.",
        allowed: "true or false",
        set: |draft, value| value.parse().map(|yes| draft.hide_addresses = Some(yes)).is_ok(),
    },
    Key {
        name: "calls.hide_guardian_addresses",
        purpose: "The same for families' browsers.",
        allowed: "true or false",
        set: |draft, value| {
            value
                .parse()
                .map(|yes| draft.config.hide_guardian_addresses = yes)
                .is_ok()
        },
    },
    Key {
        name: "calls.check_ports",
        purpose: "UDP ports on which `serve` answers the connection check; a firewall must let them in. Without a relay any free \
                  port when missing, with one 3480-3511, which only the check may use: its relays lead there.",
        allowed: "FIRST-LAST, for example 3480-3511",
        set: |draft, value| {
            draft.config.check_ports = ports(value);
            draft.config.check_ports.is_some()
        },
    },
    Key {
        name: "edge.listen",
        purpose: "Where `soudan edge` speaks TLS: pages and TURN on one port.",
        allowed: "ADDRESS:PORT, for example 0.0.0.0:443",
        set: |draft, value| value.parse().map(|at| draft.config.edge.listen = at).is_ok(),
    },
    Key {
        name: "edge.serve",
        purpose: "Where `soudan serve` takes connections from `soudan edge`, each with a PROXY header (version 2) that says whose it \
                  is; without one it is closed. Nobody else may reach this port.",
        allowed: "an ADDRESS:PORT on loopback, for example 127.0.0.1:8081",
        set: |draft, value| {
            let at: Option<SocketAddr> = value.parse().ok().filter(|at: &SocketAddr| at.ip().is_loopback());
            draft.config.edge.serve = at;
            at.is_some()
        },
    },
    Key {
        name: "turn.listen",
        purpose: "Where `soudan edge` speaks TURN over UDP and TCP. Relays bind the same address.",
        allowed: "ADDRESS:PORT, for example 0.0.0.0:3478",
        set: |draft, value| value.parse().map(|at| draft.config.turn.listen = at).is_ok(),
    },
    Key {
        name: "turn.public_addresses",
        purpose: "Addresses that relays are announced with, at most one of each family; behind a 1:1 NAT the outer ones. Without \
                  any there is no relay.",
        allowed: "an array of addresses, for example [\"198.51.100.7\"] (JSON in the environment variable)",
        set: |draft, value| {
            list(value)
                .map(|all| draft.config.turn.public_addresses = all)
                .is_some()
        },
    },
    Key {
        name: "turn.host",
        purpose: "Name under which browsers reach the edge for TURN; the certificate must be valid for it. The first public \
                  address when missing.",
        allowed: "a host name",
        set: |draft, value| {
            draft.config.turn.host = Some(value.to_owned());
            is_host(value)
        },
    },
    Key {
        name: "turn.secret_file",
        purpose: "File with the secret that `serve` and the relay share (coturn's static-auth-secret), read by both. More than one \
                  line while it is being changed: the first mints, all are believed.",
        allowed: "a path to a file with a secret of at least 16 characters a line",
        set: |draft, value| {
            draft.config.turn.secret_file = Some(PathBuf::from(value));
            !value.is_empty()
        },
    },
    Key {
        name: "turn.external",
        purpose: "Relays of your own instead of ours, for example coturn with `use-auth-secret` and the same secret.",
        allowed: "an array of addresses, for example [\"turn:turn.example.jp:3478\", \"turns:turn.example.jp:443?transport=tcp\"]",
        set: |draft, value| {
            let urls: Vec<String> = serde_json::from_str(value).unwrap_or_default();
            let fine = !urls.is_empty() && urls.iter().all(|url| is_ice_url(url));
            draft.config.turn.external = urls;
            fine
        },
    },
    Key {
        name: "turn.allowed_peers",
        purpose: "Networks that are not public and may be reached through the relay all the same.",
        allowed: "an array of addresses and networks, for example [\"10.20.0.0/16\"]",
        set: |draft, value| list(value).map(|all| draft.config.turn.allowed_peers = all).is_some(),
    },
    Key {
        name: "turn.relay_ports",
        purpose: "UDP ports of the relays; a firewall must let them in.",
        allowed: "FIRST-LAST, for example 49152-65535",
        set: |draft, value| {
            ports(value)
                .map(|ports| draft.config.turn.relay_ports = ports)
                .is_some()
        },
    },
    Key {
        name: "turn.bytes_per_second",
        purpose: "Bytes a second that are relayed in all, both directions together.",
        allowed: "a number of at least 100000",
        set: |draft, value| {
            let fine = value.parse().ok().filter(|bytes| *bytes >= 100_000);
            fine.map(|bytes| draft.config.turn.bytes_per_second = bytes).is_some()
        },
    },
];

fn is_ice_url(url: &str) -> bool {
    ["stun:", "stuns:", "turn:", "turns:"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
}

fn ports(value: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = value.split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first >= 1024 && first < last).then_some(first..=last)
}

fn list<T: std::str::FromStr>(json: &str) -> Option<Vec<T>> {
    let texts: Vec<String> = serde_json::from_str(json).ok()?;
    texts.iter().map(|text| text.parse().ok()).collect()
}

fn is_host(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    !text.is_empty() && text.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::super::{ConfigError, read};

    fn reads(text: &str) -> Result<super::super::Config, ConfigError> {
        read(text, |_| None)
    }

    #[test]
    fn addresses_are_hidden_as_soon_as_there_is_a_relay_unless_told_otherwise() {
        assert!(!reads("").unwrap().hide_addresses);
        let relay = "[turn]\npublic_addresses = [\"198.51.100.7\"]\nsecret_file = \"turn.secret\"";
        assert!(reads(relay).unwrap().hide_addresses);
        assert!(
            !reads(&format!("{relay}\n[calls]\nhide_addresses = false"))
                .unwrap()
                .hide_addresses
        );
    }

    #[test]
    fn only_loopback_takes_connections_from_the_edge() {
        assert!(reads("[edge]\nserve = \"127.0.0.1:8081\"").is_ok());
        assert!(reads("[edge]\nserve = \"0.0.0.0:8081\"").is_err());
    }

    #[test]
    fn a_relay_without_a_secret_is_no_relay() {
        let error = reads("[turn]\npublic_addresses = [\"198.51.100.7\"]").unwrap_err();
        assert!(error.to_string().contains("turn.secret_file"), "{error}");
    }

    #[test]
    fn wrong_values_are_refused() {
        for wrong in [
            "relay_ports = \"9-8\"",
            "relay_ports = \"1023-2000\"",
            "allowed_peers = [\"10.0.0.0/99\"]",
            "external = [\"http://x\"]",
            "host = \"a b\"",
        ] {
            assert!(reads(&format!("[turn]\n{wrong}")).is_err(), "{wrong}");
        }
    }
}
