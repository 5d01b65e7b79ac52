//! Which addresses a relay may reach: public ones, and our own relays (from inside, never through a socket).
//!
//! A relay with a credential is a way into the network it stands in; this is what keeps it from being one. Judged when a
//! permission is asked for and again with every packet.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    ops::RangeInclusive,
    str::FromStr,
};

/// What an address is to the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Somebody else's, out there.
    Public,
    /// The address of our own relays: only ports that are live allocations exist there, and they are reached in here; beside
    /// them those of the echo peer.
    Own,
    /// Nobody's business (answered with 403).
    Refused,
}

/// What this machine and its configuration say about addresses.
#[derive(Clone, Debug, Default)]
pub struct Peers {
    /// Addresses that relays are announced with.
    pub own: Vec<IpAddr>,
    /// Every other address of this machine, public ones too: its database, its other services.
    pub local: Vec<IpAddr>,
    /// Networks that the configuration allows by name although they are not public.
    pub allowed: Vec<Network>,
    /// The echo peer of the device check, the one thing of this machine that relays reach.
    pub echo: Option<EchoPorts>,
}

/// Where the echo peer is, seen from the relay. Browsers know it by an own address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EchoPorts {
    /// Its address on this machine.
    pub inside: IpAddr,
    /// Its ports, the same inside and outside.
    pub ports: RangeInclusive<u16>,
}

impl Peers {
    /// What `peer` is.
    #[must_use]
    pub fn judge(&self, peer: IpAddr) -> Verdict {
        let peer = peer.to_canonical();
        if self.own.contains(&peer) {
            Verdict::Own
        } else if self.allowed.iter().any(|network| network.contains(peer)) {
            Verdict::Public
        } else if self.local.contains(&peer) || !is_public(peer) {
            Verdict::Refused
        } else {
            Verdict::Public
        }
    }

    /// Where a packet for the echo peer goes; nothing when `peer`, an own address, is not the echo peer's.
    pub(super) fn inside(&self, peer: SocketAddr) -> Option<SocketAddr> {
        let echo = self.echo.as_ref().filter(|echo| echo.ports.contains(&peer.port()))?;
        (echo.inside.is_ipv4() == peer.is_ipv4()).then(|| SocketAddr::new(echo.inside, peer.port()))
    }

    /// By which address the sender of a packet is known to a client whose relay has `relayed`: the echo peer answers from
    /// inside, everybody else from where they are.
    pub(super) fn outside(&self, sender: SocketAddr, relayed: SocketAddr) -> SocketAddr {
        let is_echo = |echo: &EchoPorts| echo.inside == sender.ip() && echo.ports.contains(&sender.port());
        if self.echo.as_ref().is_some_and(is_echo) {
            SocketAddr::new(relayed.ip(), sender.port())
        } else {
            sender
        }
    }
}

/// `192.0.2.0/24`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    fn contains(self, ip: IpAddr) -> bool {
        let same = |a: u128, b: u128, bits: u8| bits == 0 || (a ^ b) >> (128 - u32::from(bits)) == 0;
        match (self.address, ip) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same(
                u128::from(a.to_bits()) << 96,
                u128::from(b.to_bits()) << 96,
                self.prefix,
            ),
            (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), self.prefix),
            _ => false,
        }
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        let prefix = if address.is_ipv4() { 32 } else { 128 };
        Self { address, prefix }
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let Some((address, prefix)) = text.split_once('/') else {
            return text.parse::<IpAddr>().map(Self::from).map_err(|_| ());
        };
        let whole = Self::from(address.parse::<IpAddr>().map_err(|_| ())?);
        let prefix = prefix.parse().map_err(|_| ())?;
        if prefix <= whole.prefix {
            Ok(Self { prefix, ..whole })
        } else {
            Err(())
        }
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// IANA's registry of special addresses (RFC 6890 and its updates), plus multicast and the reserved rest.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let special = match ip.octets() {
        // This host, carriers' own NAT, protocol assignments, the old 6to4 anycast, benchmarks, multicast and reserved.
        [0, ..] | [100, 64..=127, ..] | [192, 0, 0, _] | [192, 88, 99, _] | [198, 18 | 19, ..] | [224..=255, ..] => {
            true
        }
        _ => ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_documentation(),
    };
    !special
}

/// Only 2000::/3 is handed out; within it, what embeds an IPv4 address (Teredo, 6to4) would be a way around the list above.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let special = match ip.segments() {
        // Protocol assignments with Teredo, documentation, 6to4, documentation.
        [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x2002, ..] | [0x3fff, 0..=0x0fff, ..] => true,
        [first, ..] => first & 0xe000 != 0x2000,
    };
    !special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(ip: &str) -> Verdict {
        let peers = Peers {
            own: vec!["203.0.114.1".parse().unwrap()],
            local: vec!["203.0.114.2".parse().unwrap()],
            allowed: vec!["10.1.0.0/16".parse().unwrap(), "fd00::1".parse().unwrap()],
            echo: None,
        };
        peers.judge(ip.parse().unwrap())
    }

    #[test]
    fn a_relay_reaches_public_addresses_only() {
        for public in ["8.8.8.8", "133.0.0.1", "100.63.0.1", "2001:4860:4860::8888", "2400::1"] {
            assert_eq!(judge(public), Verdict::Public, "{public}");
        }
        let refused = [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.9",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
        ];
        for ip in refused {
            assert_eq!(judge(ip), Verdict::Refused, "{ip}");
        }
    }

    #[test]
    fn this_machine_is_its_own_relays_and_nothing_else() {
        assert_eq!(judge("203.0.114.1"), Verdict::Own);
        assert_eq!(judge("::ffff:203.0.114.1"), Verdict::Own);
        assert_eq!(judge("203.0.114.2"), Verdict::Refused, "public, but ours");
    }

    #[test]
    fn a_private_network_is_reached_when_it_is_allowed_by_name() {
        assert_eq!(judge("10.1.255.1"), Verdict::Public);
        assert_eq!(judge("10.2.0.1"), Verdict::Refused);
        assert_eq!(judge("fd00::1"), Verdict::Public);
        assert_eq!(judge("fd00::2"), Verdict::Refused);
        assert!("10.0.0.0/33".parse::<Network>().is_err() && "ten/8".parse::<Network>().is_err());
    }
}
