//! The addresses of this machine, which no relay may reach. Read from Linux's own tables; elsewhere none are known and the
//! list of networks that are not public has to do.

use std::net::{IpAddr, Ipv6Addr};

/// Every address of every interface.
pub(crate) fn of_this_machine() -> Vec<IpAddr> {
    let read = |file| std::fs::read_to_string(file).unwrap_or_default();
    let mut all = v4(&read("/proc/net/fib_trie"));
    all.extend(v6(&read("/proc/net/if_inet6")));
    all
}

/// The forwarding table marks an own address by `host LOCAL` in the line below it.
fn v4(fib_trie: &str) -> Vec<IpAddr> {
    let lines: Vec<&str> = fib_trie.lines().map(str::trim).collect();
    let own = lines.windows(2).filter(|pair| pair[1] == "/32 host LOCAL");
    let mut found: Vec<IpAddr> = own
        .filter_map(|pair| pair[0].strip_prefix("|-- ")?.parse().ok())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// One address a line, its 32 digits first.
fn v6(if_inet6: &str) -> Vec<IpAddr> {
    let digits = if_inet6.lines().filter_map(|line| line.split_whitespace().next());
    let bits = digits.filter_map(|digits| u128::from_str_radix(digits, 16).ok());
    bits.map(|bits| Ipv6Addr::from_bits(bits).into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_addresses_are_told_from_networks() {
        let trie = "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 10.0.0.0\n        /24 link UNICAST\n     |-- 10.0.0.7\n        /32 host LOCAL\n\
                    Local:\n     |-- 10.0.0.7\n        /32 host LOCAL\n     |-- 10.0.0.255\n        /32 link BROADCAST\n";
        assert_eq!(v4(trie), ["10.0.0.7".parse::<IpAddr>().unwrap()]);
        let table = "00000000000000000000000000000001 01 80 10 80       lo\n20010db8000000000000000000000007 02 40 00 80     eth0\n";
        assert_eq!(
            v6(table),
            ["::1".parse::<IpAddr>().unwrap(), "2001:db8::7".parse().unwrap()]
        );
    }

    #[test]
    fn this_machine_knows_its_loopback() {
        assert!(of_this_machine().contains(&IpAddr::from([127, 0, 0, 1])));
    }
}
