//! What of an offer is read, and what an answer says.

use super::EchoRefusal;
use signaling::limits;
use std::net::IpAddr;
use webrtc::peer_connection::RTCSessionDescription;

/// Priority of a host candidate of the first component (RFC 8445 §5.1.2.1).
const PRIORITY: u32 = 2_130_706_431;

/// What a connection is made of (RFC 8829 §5.2.1): both halves of the ICE credential, and a fingerprint that is worth something.
const NEEDED: [&str; 3] = ["a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:sha-"];

/// The offer of exactly one data channel, without the candidates in it.
pub(super) fn of_one_channel(offer: &str) -> Result<RTCSessionDescription, EchoRefusal> {
    if offer.len() > limits::SDP_BYTES {
        return Err(EchoRefusal::TooLarge);
    }
    let mut media = offer.lines().filter(|line| line.starts_with("m="));
    let of_channel = |line: &str| line.starts_with("m=application ") && line.trim_end().ends_with("webrtc-datachannel");
    // Without these nothing can come of it, which the library would find out only after the answer.
    let is_whole = NEEDED
        .iter()
        .all(|needed| offer.lines().any(|line| line.starts_with(needed)));
    if !media.next().is_some_and(of_channel) || media.next().is_some() || !is_whole {
        return Err(EchoRefusal::Unreadable);
    }
    RTCSessionDescription::offer(without_candidates(offer)).map_err(|_| EchoRefusal::Unreadable)
}

/// The answer with our addresses instead of those that the library found.
pub(super) fn announcing(answer: &str, addresses: &[IpAddr], port: u16) -> String {
    let mut text = without_candidates(answer);
    for (place, address) in (1..).zip(addresses) {
        let priority = PRIORITY.saturating_sub(place << 8);
        text += &format!("a=candidate:{place} 1 udp {priority} {address} {port} typ host\r\n");
    }
    text + "a=end-of-candidates\r\n"
}

fn without_candidates(description: &str) -> String {
    let kept = description
        .lines()
        .filter(|line| !line.starts_with("a=candidate") && !line.starts_with("a=end-of-candidates"));
    kept.flat_map(|line| [line.trim_end(), "\r\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Chromium offers.
    const OFFER: &str = "v=0\r\no=- 4611 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=extmap-allow-mixed\r\n\
        a=msid-semantic: WMS\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n\
        a=candidate:1 1 udp 2113937151 198.51.100.9 50000 typ host\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef01234567\r\n\
        a=ice-options:trickle\r\na=fingerprint:sha-256 \
        6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\r\n\
        a=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n";

    #[test]
    fn an_offer_of_one_channel_is_read_without_its_addresses() {
        let read = of_one_channel(OFFER).expect("an offer");
        assert!(!read.sdp.contains("198.51.100.9") && read.sdp.contains("a=ice-ufrag:abcd"));
    }

    #[test]
    fn anything_else_is_refused() {
        let sound = OFFER.replace(
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
            "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        );
        let both = format!("{OFFER}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n");
        for wrong in [
            "",
            "garbage",
            &sound,
            &both,
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        ] {
            assert_eq!(of_one_channel(wrong).unwrap_err(), EchoRefusal::Unreadable, "{wrong}");
        }
        let candidates = "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n".repeat(10_000);
        assert_eq!(
            of_one_channel(&(OFFER.to_owned() + &candidates)).unwrap_err(),
            EchoRefusal::TooLarge
        );
    }

    #[test]
    fn the_answer_names_the_announced_addresses_only() {
        let answer = "m=application 9 x y\na=candidate:7 1 udp 5 10.0.0.7 3480 typ host\na=mid:0\n";
        let announced = announcing(
            answer,
            &["133.0.0.1".parse().unwrap(), "2001:db8::1".parse().unwrap()],
            3480,
        );
        assert_eq!(
            announced,
            "m=application 9 x y\r\na=mid:0\r\na=candidate:1 1 udp 2130706175 133.0.0.1 3480 typ host\r\n\
             a=candidate:2 1 udp 2130705919 2001:db8::1 3480 typ host\r\na=end-of-candidates\r\n"
        );
    }
}
