//! How much passes in a time: bytes of a credential, bytes in all, answers to a network that has shown no credential.

use super::{credential::Secret, limits};
use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

/// So much a second, after a burst of one second's worth.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    nanos_per_thousand: u64,
}

impl Rate {
    /// `amount` a second; nothing less than one.
    #[must_use]
    pub const fn per_second(amount: u64) -> Self {
        let amount = if amount == 0 { 1 } else { amount };
        Self {
            nanos_per_thousand: 1_000_000_000_000 / amount,
        }
    }

    fn time_of(self, amount: usize) -> Duration {
        Duration::from_nanos((amount as u64).saturating_mul(self.nanos_per_thousand) / 1000)
    }
}

/// What is left of a rate, as one number: the time up to which what was taken is paid (the generic cell rate algorithm).
#[derive(Clone, Copy, Debug, Default)]
pub struct Paid {
    until: Duration,
}

impl Paid {
    /// Takes `amount` when it is there; otherwise takes nothing.
    pub fn take(&mut self, now: Duration, amount: usize, rate: Rate) -> bool {
        const BURST: Duration = Duration::from_secs(1);
        let until = self.until.max(now) + rate.time_of(amount);
        let fits = until <= now + BURST;
        if fits {
            self.until = until;
        }
        fits
    }
}

/// Unauthenticated answers by network, in a table that never grows.
pub(super) struct Networks {
    paid: Vec<Paid>,
}

impl Networks {
    pub(super) fn new() -> Self {
        Self {
            paid: vec![Paid::default(); limits::NETWORKS],
        }
    }

    /// Whether one more answer may go to this address now. The secret keeps strangers from choosing whose counter they share.
    pub(super) fn may_answer(&mut self, secret: &Secret, now: Duration, to: IpAddr) -> bool {
        let mac = secret.mac(&[b"network", &network(to).octets()]);
        let place = usize::from(u16::from_be_bytes([mac[0], mac[1]])) % self.paid.len();
        self.paid[place].take(now, 1, limits::ANSWERS_PER_NETWORK)
    }
}

/// The network of an address: an IPv4 /24 (as a mapped address), an IPv6 /48.
fn network(of: IpAddr) -> Ipv6Addr {
    match of.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            std::net::Ipv4Addr::new(a, b, c, 0).to_ipv6_mapped()
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_of_burst_then_the_rate_and_what_does_not_fit_takes_nothing() {
        let (mut paid, rate, start) = (Paid::default(), Rate::per_second(1000), Duration::from_secs(9));
        assert!(paid.take(start, 1000, rate));
        assert!(!paid.take(start, 1, rate));
        assert!(paid.take(start + Duration::from_millis(100), 100, rate));
        assert!(!paid.take(start + Duration::from_millis(100), 100, rate));
        assert!(
            paid.take(start + Duration::from_secs(60), 1000, rate),
            "it fills up to a second's worth"
        );
        assert!(!paid.take(start + Duration::from_secs(60), 1, rate), "and no further");
    }

    #[test]
    fn a_network_shares_its_answers_and_leaves_others_theirs() {
        let (mut networks, secret, now) = (Networks::new(), Secret::new(b"north"), Duration::ZERO);
        let mut answered = |ip: &str| networks.may_answer(&secret, now, ip.parse().unwrap());
        let flood = (0..1000)
            .filter(|last| answered(&format!("203.0.113.{}", last % 250)))
            .count();
        assert_eq!(flood, 50);
        assert!(answered("198.51.100.1"));
        assert!(answered("2001:db8:1::1"));
    }
}
