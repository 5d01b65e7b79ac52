//! How much one credential, one address and everybody together may ask of the relay, and how long things live.
//! ARCHITECTURE.md says why each guard exists; a test in `turn/tests/` holds each.

use super::budget::Rate;
use std::time::Duration;

/// Allocations at once in all. Each costs a socket with its buffers.
pub const ALLOCATIONS: usize = 4_000;
/// Allocations at once of one credential: a seat among four has three connections, a browser asks over each of three transports
/// from each of a telephone's two networks, and all that twice while an ICE restart overlaps with its forerunner.
pub const ALLOCATIONS_PER_CREDENTIAL: usize = 36;
/// Peers that one allocation may hear from and send to. A call of four has a handful of candidates a seat.
pub const PERMISSIONS_PER_ALLOCATION: usize = 64;
/// Bound channels of one allocation.
pub const CHANNELS_PER_ALLOCATION: usize = 64;
/// How long an allocation lives when nothing is asked for (RFC 8656 §3.2).
pub const LIFETIME_DEFAULT: Duration = Duration::from_secs(600);
/// The longest that may be asked for (RFC 8656 §7.2).
pub const LIFETIME_MAX: Duration = Duration::from_secs(3_600);
/// How long a permission lives (RFC 8656 §9).
pub const PERMISSION_LIFETIME: Duration = Duration::from_secs(300);
/// How long a channel stays bound (RFC 8656 §12).
pub const CHANNEL_LIFETIME: Duration = Duration::from_secs(600);
/// How long a nonce may be used.
pub const NONCE_SECONDS: u64 = 600;
/// Longest user name that is looked at, in bytes: `expiry:seat` has 47.
pub const USERNAME_BYTES: usize = 128;
/// Bytes a second that one credential may send and receive: four people's video with room for its bursts.
pub const BYTES_PER_CREDENTIAL: Rate = Rate::per_second(2_000_000);
/// Bytes a second in all, unless `turn.bytes_per_second` says otherwise: what a gigabit line carries.
pub const BYTES_IN_ALL: u64 = 100_000_000;
/// Answers a second to unauthenticated datagrams from one network (an IPv4 /24, an IPv6 /48). Such an answer may go to a
/// victim whose address was forged, and a challenge cannot be as small as its request (RFC 8489 §9.2.4), so it is bounded in
/// number, too.
pub const ANSWERS_PER_NETWORK: Rate = Rate::per_second(50);
/// How many times as long as what was asked an answer to an unauthenticated datagram may be. What browsers ask for (28 bytes and
/// more) is challenged in 68; a bare header of 20 is not answered.
pub const ANSWER_TIMES: usize = 3;
/// Counters for networks; several share one when there are more. Fixed, so that forged addresses fill nothing.
pub const NETWORKS: usize = 4_096;
/// Longest STUN message or channel frame on a stream, in bytes: a packet of an Ethernet with its header.
pub const FRAME_BYTES: usize = 1_604;
