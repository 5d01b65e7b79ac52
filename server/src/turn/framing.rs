//! Where a message ends on TCP and TLS (RFC 8489 §6.2.2, RFC 8656 §12.6): STUN carries its length, channel frames are padded
//! to four bytes.

use super::limits::FRAME_BYTES;

/// What a stream's bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// It cannot be told before this many bytes are there.
    Needs(usize),
    /// A message: the first `bytes`, after which `padded` bytes of the stream are used up.
    Whole {
        /// Of the message.
        bytes: usize,
        /// With its padding.
        padded: usize,
    },
    /// No message of this protocol, or a longer one than anybody needs: the stream is closed.
    Broken,
}

/// Looks at the first bytes of a stream.
#[must_use]
pub fn next(stream: &[u8]) -> Frame {
    let &[first, _, high, low, ..] = stream else {
        return Frame::Needs(4);
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let bytes = match first {
        0..=3 if length.is_multiple_of(4) => 20 + length,
        0x40..=0x7f => 4 + length,
        _ => return Frame::Broken,
    };
    let padded = bytes.next_multiple_of(4);
    if padded > FRAME_BYTES {
        Frame::Broken
    } else if stream.len() < padded {
        Frame::Needs(padded)
    } else {
        Frame::Whole { bytes, padded }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_taken_when_its_last_byte_is_there() {
        let stun = [
            0, 1, 0, 4, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4,
        ];
        for part in 0..4 {
            assert_eq!(next(&stun[..part]), Frame::Needs(4));
        }
        for part in 4..24 {
            assert_eq!(next(&stun[..part]), Frame::Needs(24));
        }
        assert_eq!(next(&stun), Frame::Whole { bytes: 24, padded: 24 });
    }

    #[test]
    fn a_channel_frame_is_followed_by_its_padding() {
        assert_eq!(next(&[0x40, 0, 0, 5, 1, 2, 3, 4, 5]), Frame::Needs(12));
        let whole = Frame::Whole { bytes: 9, padded: 12 };
        assert_eq!(next(&[0x40, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0]), whole);
    }

    #[test]
    fn nobody_makes_us_wait_for_what_is_no_message_or_a_huge_one() {
        assert_eq!(next(b"GET / HTTP/1.1"), Frame::Broken);
        assert_eq!(next(&[0x16, 3, 1, 0]), Frame::Broken);
        assert_eq!(next(&[0x40, 0, 0xff, 0xff]), Frame::Broken);
        assert_eq!(next(&[0, 1, 0xff, 0xfc]), Frame::Broken);
        assert_eq!(
            next(&[0, 1, 0, 3]),
            Frame::Broken,
            "STUN's length is a multiple of four"
        );
    }
}
