//! What a connection on the TLS port speaks, told once by its first byte.

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    /// STUN and TURN.
    Turn,
    /// HTTP of some version: the desk's.
    Http,
    /// Neither, or another thing than its name says.
    Nonsense,
}

/// The name of TURN in the TLS handshake (RFC 7443). Browsers name nothing there when they speak TURN.
pub(crate) const TURN: &[u8] = b"stun.turn";
/// HTTP/2 in the TLS handshake.
pub(crate) const HTTP_2: &[u8] = b"h2";
/// HTTP/1.1 in the TLS handshake.
pub(crate) const HTTP_1: &[u8] = b"http/1.1";

/// STUN begins with two zero bits and a method below 0x1000, so with 0 to 3 (RFC 7983); HTTP with a letter. Nothing else does.
pub(crate) fn speaks(first: u8, named: Option<&[u8]>) -> Speaks {
    let named_http = matches!(named, Some(HTTP_1 | HTTP_2));
    match first {
        0..=3 if !named_http => Speaks::Turn,
        b'A'..=b'Z' if named != Some(TURN) => Speaks::Http,
        _ => Speaks::Nonsense,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_tells_turn_from_pages() {
        for named in [None, Some(TURN)] {
            assert_eq!(speaks(0, named), Speaks::Turn);
            assert_eq!(speaks(1, named), Speaks::Turn);
        }
        for named in [None, Some(HTTP_1), Some(HTTP_2)] {
            assert_eq!(speaks(b'G', named), Speaks::Http);
            assert_eq!(speaks(b'P', named), Speaks::Http);
        }
    }

    #[test]
    fn who_says_one_thing_and_speaks_another_is_not_heard() {
        assert_eq!(speaks(b'G', Some(TURN)), Speaks::Nonsense);
        assert_eq!(speaks(0, Some(HTTP_2)), Speaks::Nonsense);
        // TLS inside TLS, a channel without an allocation, RTP, lower case, nothing.
        for first in [22, 0x40, 128, b'g', 4, 255] {
            assert_eq!(speaks(first, None), Speaks::Nonsense, "{first}");
        }
    }
}
