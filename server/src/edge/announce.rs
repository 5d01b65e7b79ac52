//! Whose connection it is, in front of a pipe's bytes: the PROXY protocol, version 2 (haproxy's proxy-protocol.txt, §2.2).

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};
use tokio::io::{AsyncRead, AsyncReadExt};

const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// Version 2, on behalf of somebody.
const PROXY: u8 = 0x21;
/// Version 2, for the proxy itself: a health check.
const LOCAL: u8 = 0x20;
const TCP_4: u8 = 0x11;
const TCP_6: u8 = 0x21;
/// Longest rest of a header that is read: two IPv6 addresses, and room for what other proxies add.
const REST_BYTES: usize = 536;

/// The header for a connection from `client` to `server`.
#[must_use]
pub fn header(client: SocketAddr, server: SocketAddr) -> Vec<u8> {
    let mut header = SIGNATURE.to_vec();
    header.push(PROXY);
    match (client.ip().to_canonical(), server.ip().to_canonical()) {
        (IpAddr::V4(client), IpAddr::V4(server)) => {
            header.extend([TCP_4, 0, 12]);
            header.extend(client.octets());
            header.extend(server.octets());
        }
        (client, server) => {
            header.extend([TCP_6, 0, 36]);
            header.extend(six(client).octets());
            header.extend(six(server).octets());
        }
    }
    header.extend(client.port().to_be_bytes());
    header.extend(server.port().to_be_bytes());
    header
}

fn six(ip: IpAddr) -> Ipv6Addr {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    }
}

/// Reads a header and not a byte more. `None` when the proxy speaks for itself.
///
/// # Errors
/// There is none, or one of another kind.
pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<SocketAddr>> {
    let broken = |why| io::Error::new(io::ErrorKind::InvalidData, why);
    let mut head = [0; 16];
    stream.read_exact(&mut head).await?;
    let [signature @ .., command, family, high, low] = head;
    if signature != SIGNATURE {
        return Err(broken("no PROXY header"));
    }
    let mut rest = [0; REST_BYTES];
    let rest = rest
        .get_mut(..usize::from(u16::from_be_bytes([high, low])))
        .ok_or_else(|| broken("a PROXY header that is too long"))?;
    stream.read_exact(rest).await?;
    let client = match (command, family) {
        (LOCAL, _) => return Ok(None),
        (PROXY, TCP_4) => addressed::<4>(rest, 8).map(|(ip, port)| (Ipv4Addr::from(ip), port).into()),
        (PROXY, TCP_6) => addressed::<16>(rest, 32).map(|(ip, port)| (Ipv6Addr::from(ip).to_canonical(), port).into()),
        _ => return Err(broken("a PROXY header of another kind")),
    };
    client.map(Some).ok_or_else(|| broken("a short PROXY header"))
}

/// The client's address at the beginning and its port behind both addresses.
fn addressed<const N: usize>(rest: &[u8], port_at: usize) -> Option<([u8; N], u16)> {
    let ip = rest.get(..N)?.try_into().ok()?;
    let port = rest.get(port_at..port_at + 2)?.try_into().ok()?;
    rest.get(port_at + 3)?;
    Some((ip, u16::from_be_bytes(port)))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read_all(mut bytes: &[u8]) -> (io::Result<Option<SocketAddr>>, &[u8]) {
        let read = read(&mut bytes).await;
        (read, bytes)
    }

    #[test]
    fn a_header_is_written_as_published() {
        let written = header(
            "203.0.113.7:50000".parse().unwrap(),
            "[::ffff:198.51.100.2]:443".parse().unwrap(),
        );
        let published = b"\x0d\x0a\x0d\x0a\x00\x0d\x0a\x51\x55\x49\x54\x0a\x21\x11\x00\x0c\xcb\x00\x71\x07\xc6\x33\x64\x02\xc3\x50\x01\xbb";
        assert_eq!(written, published);
    }

    #[tokio::test]
    async fn what_is_written_is_read_and_nothing_behind_it() {
        for client in ["203.0.113.7:50000", "[2001:db8::1]:50000"] {
            let client: SocketAddr = client.parse().unwrap();
            let mut bytes = header(client, "198.51.100.2:443".parse().unwrap());
            bytes.extend(b"GET");
            let (read, rest) = read_all(&bytes).await;
            assert_eq!(read.unwrap(), Some(client));
            assert_eq!(rest, b"GET");
        }
    }

    #[tokio::test]
    async fn what_others_add_is_skipped_and_a_health_check_is_nobody() {
        let mut bytes = header(
            "203.0.113.7:50000".parse().unwrap(),
            "198.51.100.2:443".parse().unwrap(),
        );
        bytes[15] += 5;
        bytes.extend([4, 0, 2, 9, 9]);
        assert!(matches!(read_all(&bytes).await, (Ok(Some(_)), [])));
        let check = [&SIGNATURE[..], &[LOCAL, 0, 0, 0]].concat();
        assert!(matches!(read_all(&check).await, (Ok(None), [])));
    }

    #[tokio::test]
    async fn without_a_header_or_with_a_broken_one_nobody_is_believed() {
        let good = header(
            "203.0.113.7:50000".parse().unwrap(),
            "198.51.100.2:443".parse().unwrap(),
        );
        let with = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            bytes
        };
        let broken = [
            b"GET / HTTP/1.1\r\nHost: desk\r\n\r\n".to_vec(),
            good[..20].to_vec(),
            with(12, 0x11),
            with(13, 0x12),
            with(14, 9),
            with(15, 4),
        ];
        for bytes in broken {
            assert!(read_all(&bytes).await.0.is_err(), "{bytes:?}");
        }
    }
}
