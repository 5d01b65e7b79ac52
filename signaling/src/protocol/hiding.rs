//! What a seat's signals say about its address, taken out: for seats whose address nobody shall learn.
//!
//! A browser that is told to use a relay only does this by itself; here is for one that does not. What stays is what the
//! relay's address tells. Deliberately not here: media. Who sends them directly shows its address by that.

use super::Signal;

/// An address that is none, and a port that discards (RFC 8839 §5.1, RFC 9429 §5.2.1).
const NOWHERE: &str = "IN IP4 0.0.0.0";
const DISCARD: &str = "9";

/// The signal without the sender's own addresses; nothing when nothing else was in it.
#[must_use]
pub fn hidden(signal: Signal) -> Option<Signal> {
    match signal {
        Signal::Candidate { candidate, mid, m_line } => Some(Signal::Candidate {
            candidate: relayed(&candidate)?,
            mid,
            m_line,
        }),
        Signal::Description {
            description,
            offer,
            sdp,
            build,
        } => Some(Signal::Description {
            description,
            offer,
            sdp: lines(&sdp).filter_map(line).collect(),
            build,
        }),
        other @ (Signal::Muted { .. } | Signal::Unseen | Signal::Typing) => Some(other),
    }
}

/// A candidate of a relay, without the address behind it. An empty line, the end of candidates, stays.
fn relayed(candidate: &str) -> Option<String> {
    let mut words: Vec<&str> = candidate.split_ascii_whitespace().collect();
    if words.is_empty() {
        return Some(candidate.to_owned());
    }
    // Without a foundation (RFC 8839 §5.1: at least a character) readers disagree on which word is which.
    if words[0] == "candidate:" {
        return None;
    }
    // foundation component transport priority address port typ TYPE [raddr ADDRESS rport PORT] …
    if words.get(6..8) != Some(&["typ", "relay"]) {
        return None;
    }
    for at in 8..words.len() {
        match words[at - 1] {
            "raddr" => words[at] = "0.0.0.0",
            "rport" => words[at] = DISCARD,
            _ => {}
        }
    }
    Some(words.join(" "))
}

/// The lines of a session description. RFC 8866 §5 ends them by CRLF and lets readers take LF; some take CR too, so nothing may
/// stand behind one.
fn lines(sdp: &str) -> impl Iterator<Item = &str> {
    sdp.split(['\r', '\n']).filter(|line| !line.is_empty())
}

/// A line with its end, as it may be passed on.
fn line(text: &str) -> Option<String> {
    let changed = if let Some(candidate) = text.strip_prefix("a=candidate:") {
        format!("a=candidate:{}", relayed(candidate)?)
    } else if text.starts_with("c=") {
        format!("c={NOWHERE}")
    } else if text.starts_with("o=") {
        origin(text)
    } else if text.starts_with("a=rtcp:") {
        format!("a=rtcp:{DISCARD} {NOWHERE}")
    } else if let Some(media) = text.strip_prefix("m=") {
        format!("m={}", without_port(media))
    } else {
        text.to_owned()
    };
    Some(changed + "\r\n")
}

/// `o=- SESSION VERSION IN IP4 ADDRESS` (RFC 8866 §5.2) without the address, which browsers of today leave out themselves.
fn origin(text: &str) -> String {
    let mut words = text.split(' ');
    let [name, session, version] = [words.next(), words.next(), words.next()].map(Option::unwrap_or_default);
    format!("{name} {session} {version} {NOWHERE}")
}

/// `audio 50000 UDP/…` with the port that discards; 0 stays, it refuses the medium.
fn without_port(media: &str) -> String {
    let mut words: Vec<&str> = media.split(' ').collect();
    if let Some(port) = words.get_mut(1).filter(|port| **port != "0") {
        *port = DISCARD;
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::DescriptionKind;
    use super::*;

    fn candidate(text: &str) -> Option<String> {
        let signal = Signal::Candidate {
            candidate: text.into(),
            mid: Some("0".into()),
            m_line: Some(0),
        };
        match hidden(signal)? {
            Signal::Candidate { candidate, .. } => Some(candidate),
            _ => None,
        }
    }

    #[test]
    fn only_candidates_of_a_relay_are_passed_on_and_they_say_nothing_of_who_is_behind() {
        assert_eq!(
            candidate("candidate:1 1 udp 2122260223 192.168.1.5 50000 typ host"),
            None
        );
        assert_eq!(
            candidate("candidate:1 1 udp 1 7a1b.local 50000 typ host generation 0"),
            None
        );
        assert_eq!(
            candidate("candidate:2 1 udp 1 203.0.113.7 5 typ srflx raddr 192.168.1.5 rport 5"),
            None
        );
        assert_eq!(
            candidate("candidate:3 1 udp 1 203.0.113.7 5 typ prflx raddr 0.0.0.0 rport 0"),
            None
        );
        assert_eq!(
            candidate(
                "candidate:4 1 udp 41885695 198.51.100.7 60000 typ relay raddr 203.0.113.7 rport 50001 generation 0"
            ),
            Some("candidate:4 1 udp 41885695 198.51.100.7 60000 typ relay raddr 0.0.0.0 rport 9 generation 0".into())
        );
        assert_eq!(candidate(""), Some(String::new()), "the end of candidates");
        for nonsense in [
            "candidate:",
            "candidate:1 1 udp 1 192.168.1.5 5 type relay",
            "candidate: 1 udp 1 198.51.100.7 5 typ relay",
            "typ relay 192.168.1.5",
        ] {
            assert_eq!(candidate(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn no_address_hides_behind_an_unusual_end_of_line() {
        let signal = Signal::Description {
            description: DescriptionKind::Offer,
            offer: 1,
            build: 0,
            sdp: "v=0\rc=IN IP4 192.168.1.5\n\na=candidate:1 1 udp 1 192.168.1.5 50000 typ host\ra=mid:0".into(),
        };
        let Some(Signal::Description { sdp, .. }) = hidden(signal) else {
            panic!("a description stays one");
        };
        assert_eq!(sdp, "v=0\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n");
    }

    #[test]
    fn a_description_keeps_its_media_and_loses_its_addresses() {
        let sdp = "v=0\r\no=- 1 2 IN IP4 192.168.1.5\r\nm=audio 50000 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 192.168.1.5\r\n\
                   a=rtcp:50001 IN IP4 192.168.1.5\r\na=candidate:1 1 udp 1 192.168.1.5 50000 typ host\r\n\
                   a=candidate:2 1 udp 1 198.51.100.7 60000 typ relay raddr 203.0.113.7 rport 5\r\na=mid:0\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\n";
        let signal = Signal::Description {
            description: DescriptionKind::Offer,
            offer: 1,
            sdp: sdp.into(),
            build: 0,
        };
        let Some(Signal::Description { sdp, .. }) = hidden(signal) else {
            panic!("a description stays one");
        };
        assert_eq!(
            sdp,
            "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n\
             a=rtcp:9 IN IP4 0.0.0.0\r\n\
             a=candidate:2 1 udp 1 198.51.100.7 60000 typ relay raddr 0.0.0.0 rport 9\r\na=mid:0\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\n"
        );
    }
}
