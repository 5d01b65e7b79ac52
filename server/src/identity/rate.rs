//! How often one network address may try. In memory, bounded, forgotten when the server restarts: the locks that must
//! hold are counted in the database; this only keeps floods away from them.

use signaling::{limits, time::At};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

/// The network address that a request came from. The router puts it into the request's extensions, since only the
/// router knows which proxies to believe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FromAddress(pub IpAddr);

impl Default for FromAddress {
    fn default() -> Self {
        Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }
}

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tried {
    SignIn,
    Passphrase,
    Door,
}

impl Tried {
    fn most(self) -> u32 {
        match self {
            Self::SignIn => limits::SIGN_INS_PER_ADDRESS,
            Self::Passphrase => limits::PASSPHRASES_PER_ADDRESS,
            Self::Door => limits::DOORS_PER_ADDRESS,
        }
    }
}

struct Window {
    began_at: At,
    tries: u32,
}

/// Counts tries by address.
#[derive(Default)]
pub(crate) struct Rate {
    windows: Mutex<HashMap<(Tried, IpAddr), Window>>,
}

impl Rate {
    /// Counts a try; false when there were too many.
    pub(crate) fn count(&self, tried: Tried, from: FromAddress, now: At) -> bool {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (tried, network(from.0));
        if !windows.contains_key(&key) {
            make_room(&mut windows, now);
        }
        let window = windows.entry(key).or_insert(Window {
            began_at: now,
            tries: 0,
        });
        if is_over(window, now) {
            *window = Window {
                began_at: now,
                tries: 0,
            };
        }
        window.tries = window.tries.saturating_add(1);
        window.tries <= tried.most()
    }

    /// Whether a try would still be allowed, without counting one.
    pub(crate) fn allows(&self, tried: Tried, from: FromAddress, now: At) -> bool {
        let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows
            .get(&(tried, network(from.0)))
            .is_none_or(|window| is_over(window, now) || window.tries < tried.most())
    }
}

fn is_over(window: &Window, now: At) -> bool {
    now >= window.began_at + limits::ADDRESS_WINDOW
}

fn make_room(windows: &mut HashMap<(Tried, IpAddr), Window>, now: At) {
    if windows.len() < limits::ADDRESSES_COUNTED {
        return;
    }
    windows.retain(|_, window| !is_over(window, now));
    if windows.len() >= limits::ADDRESSES_COUNTED {
        // Still full: the older half goes, so that this walk happens rarely.
        let mut begun: Vec<At> = windows.values().map(|window| window.began_at).collect();
        begun.sort_unstable();
        let middle = begun[begun.len() / 2];
        windows.retain(|_, window| window.began_at > middle);
    }
}

/// Subscribers hold a /64 of IPv6 and can use every address in it (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> FromAddress {
        FromAddress(text.parse().expect("an address"))
    }

    #[test]
    fn an_address_is_stopped_after_too_many_tries_and_let_in_again_later() {
        let rate = Rate::default();
        let one = from("192.0.2.1");
        for _ in 0..limits::PASSPHRASES_PER_ADDRESS {
            assert!(rate.allows(Tried::Passphrase, one, At(0)));
            assert!(rate.count(Tried::Passphrase, one, At(0)));
        }
        assert!(!rate.allows(Tried::Passphrase, one, At(1)));
        assert!(!rate.count(Tried::Passphrase, one, At(1)));
        assert!(
            rate.count(Tried::Door, one, At(1)),
            "another kind of try is counted apart"
        );
        assert!(
            rate.count(Tried::Passphrase, from("192.0.2.2"), At(1)),
            "so is another address"
        );
        assert!(rate.count(Tried::Passphrase, one, At(0) + limits::ADDRESS_WINDOW));
    }

    #[test]
    fn one_subscriber_of_ipv6_is_one_address() {
        assert_eq!(
            network("2001:db8::1".parse().expect("v6")),
            network("2001:db8::ffff:1".parse().expect("v6"))
        );
        assert_eq!(
            network("::ffff:192.0.2.1".parse().expect("v6")),
            network("192.0.2.1".parse().expect("v4"))
        );
    }

    #[test]
    fn a_flood_of_addresses_does_not_fill_the_memory() {
        let rate = Rate::default();
        for n in 0..u32::try_from(limits::ADDRESSES_COUNTED).expect("small") + 500 {
            rate.count(
                Tried::Door,
                FromAddress(IpAddr::V4(Ipv4Addr::from_bits(n))),
                At(i64::from(n) / 1000),
            );
        }
        let kept = rate.windows.lock().expect("not poisoned").len();
        assert!(kept <= limits::ADDRESSES_COUNTED, "{kept}");
    }
}
