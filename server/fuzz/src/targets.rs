//! What is done with bytes that strangers send: one function for each place that reads them, which must not panic, hang or
//! break a promise whatever the bytes are.
//!
//! A fuzzer calls them with bytes of its own making (CONTRIBUTING.md, "Fuzzing"), `cargo test` with those that are kept in
//! `server/fuzz/corpus/`. Compiled twice for that: in the server's tests and in the fuzzer's own small crate.

use crate::{
    edge::{announce, first},
    turn::{
        Deed, Now, Relay,
        allocation::{Client, Via},
        client::{self, Ask, Challenge, Said},
        credential::{Credential, Secret, mint},
        framing::{self, Frame},
        limits,
        peer::{EchoPorts, Peers, Verdict},
    },
};
use signaling::{
    photo::{SentAs, look_at, sent_as},
    protocol::{ClientFrame, DescriptionKind, Signal, hidden},
};
use std::{
    future::Future,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    ops::RangeInclusive,
    task::{Context, Poll, Waker},
    time::Duration,
};
use stun_types::{
    attribute::{AttributeType, Nonce, RawAttribute, Realm, Username},
    message::{IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageWriteVec},
    prelude::*,
};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH};

/// A target: its name is that of its folder in `corpus/`.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 7] = [
    ("relay", relay),
    ("framing", stream),
    ("first_byte", first_byte),
    ("proxy_header", proxy_header),
    ("frame", frame),
    ("hiding", hiding),
    ("photo", photo),
];

/// Steps of one run, so that none takes long.
const STEPS: usize = 64;
const OWN: IpAddr = IpAddr::V4(Ipv4Addr::new(133, 0, 0, 1));
const ECHO: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const ECHO_PORTS: RangeInclusive<u16> = 40_000..=40_009;

/// Requests, indications, channel frames and peers' packets, in any order, from a browser with an allocation, from one on a
/// stream and from a stranger. Each step: a byte that says who does what, a length, so many bytes.
pub fn relay(input: &[u8]) {
    let mut hall = Hall::new();
    let mut rest = input;
    for _ in 0..STEPS {
        let [what, length, after @ ..] = rest else { break };
        let (bytes, after) = after.split_at(usize::from(*length).min(after.len()));
        rest = after;
        hall.step(*what, bytes);
    }
    hall.now.steady += limits::LIFETIME_MAX;
    let ended = hall.relay.expire(hall.now);
    assert!(hall.relay.allocations() == 0, "everything ends");
    assert!(
        ended.len() <= limits::ALLOCATIONS,
        "and nothing ends that was not there"
    );
}

struct Hall {
    relay: Relay,
    peers: Peers,
    now: Now,
    credential: Credential,
    clients: [Client; 3],
    challenges: [Option<Challenge>; 2],
    relayed: Option<SocketAddr>,
    next_port: u16,
}

impl Hall {
    fn new() -> Self {
        let secret = Secret::new(b"north");
        let peers = || Peers {
            own: vec![OWN],
            local: vec![IpAddr::from([133, 0, 0, 2])],
            allowed: Vec::new(),
            echo: Some(EchoPorts {
                inside: ECHO,
                ports: ECHO_PORTS,
            }),
        };
        let unix_seconds = 1_795_344_121;
        let client = |via, last| Client {
            via,
            address: SocketAddr::from(([203, 0, 113, last], 50_000)),
        };
        let mut hall = Self {
            relay: Relay::new(vec![secret.clone()], peers(), limits::BYTES_IN_ALL),
            peers: peers(),
            now: Now {
                steady: Duration::from_secs(5),
                unix_seconds,
            },
            credential: mint(&secret, "seat", unix_seconds + 7200),
            clients: [client(Via::Udp, 1), client(Via::Stream(1), 2), client(Via::Udp, 3)],
            challenges: [None, None],
            relayed: None,
            next_port: 50_000,
        };
        for who in 0..2 {
            hall.enters(who);
        }
        hall
    }

    /// Is challenged, and allocates.
    fn enters(&mut self, who: usize) {
        let asked = client::request(Ask::Allocate, None, [0; 12]);
        if let Some(Said::Challenged(challenge)) = self.tells(who, &asked).as_deref().and_then(client::said) {
            let signed = (&self.credential, &challenge);
            let asked = client::request(Ask::Allocate, Some(signed), [1; 12]);
            self.challenges[who] = Some(challenge);
            if let Some(Said::Yes(relayed)) = self.tells(who, &asked).as_deref().and_then(client::said) {
                self.relayed = self.relayed.or(relayed);
            }
        }
    }

    fn step(&mut self, what: u8, bytes: &[u8]) {
        match what % 8 {
            who @ 0..=2 => {
                self.tells(usize::from(who), bytes);
            }
            3 | 4 => {
                let who = usize::from(what % 8 - 3);
                if let Some(request) = self.signed(who, bytes) {
                    self.tells(who, &request);
                }
            }
            5 => self.arrives(bytes),
            6 => {
                let seconds = bytes.first().copied().unwrap_or(1);
                self.now.steady += Duration::from_secs(seconds.into());
                self.now.unix_seconds += u64::from(seconds);
                self.relay.expire(self.now);
            }
            _ => {
                self.relay.gone(self.clients[1]);
            }
        }
        assert!(
            self.relay.allocations() <= limits::ALLOCATIONS_PER_CREDENTIAL,
            "one credential"
        );
    }

    /// Carries out what the relay says, with sockets that always open. What it answered, if it did.
    fn tells(&mut self, who: usize, bytes: &[u8]) -> Option<Vec<u8>> {
        let answer = match self.relay.from_client(self.now, self.clients[who], bytes) {
            Deed::Nothing => return None,
            Deed::Send { peer, payload, .. } => {
                let is_echo = peer.ip() == ECHO && ECHO_PORTS.contains(&peer.port());
                assert!(is_echo || self.peers.judge(peer.ip()) == Verdict::Public, "{peer}");
                assert!(payload.len() < bytes.len());
                return None;
            }
            Deed::Deliver(_, payload) => {
                assert!(payload.len() < bytes.len());
                return None;
            }
            Deed::Answer(answer) | Deed::Close(answer, _) => answer,
            Deed::Open(opening) => {
                self.next_port += if opening.even { 2 } else { 1 };
                self.relay.opened(self.now, opening, Some(self.next_port))
            }
        };
        assert!(Message::from_bytes(&answer).is_ok(), "we answer with messages");
        assert!(
            who < 2 || answer.len() <= 3 * bytes.len(),
            "a stranger is no way to flood another"
        );
        Some(answer)
    }

    /// A request with these attributes (a byte for the method; type, length and value of each), signed as a browser signs.
    fn signed(&self, who: usize, bytes: &[u8]) -> Option<Vec<u8>> {
        let (method, mut rest) = bytes.split_first()?;
        let method = [ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND][usize::from(method % 4)];
        let mut request = Message::builder_request(method, MessageWriteVec::new());
        while let [high, low, length, after @ ..] = rest {
            let (value, after) = after.split_at(usize::from(*length).min(after.len()));
            rest = after;
            let kind = AttributeType::new(u16::from_be_bytes([*high, *low]));
            // MESSAGE-INTEGRITY, its SHA-256 sibling and FINGERPRINT (RFC 8489 §14.5–14.7) are written at the end, by their own
            // ways only; what else the codec does not let be written twice, or here, cannot come from it.
            if matches!(kind.value(), 0x0008 | 0x001C | 0x8028) {
                continue;
            }
            let _ = request.add_attribute(&RawAttribute::new(kind, value));
        }
        let Credential { username, password } = &self.credential;
        let Challenge { realm, nonce } = self.challenges[who].as_ref()?;
        request.add_attribute(&Username::new(username).ok()?).ok()?;
        request.add_attribute(&Realm::new(realm).ok()?).ok()?;
        request.add_attribute(&Nonce::new(nonce).ok()?).ok()?;
        let key = LongTermKeyCredentials::new(username.clone(), password.clone(), realm.clone())
            .make_key(IntegrityAlgorithm::Sha1);
        request
            .add_message_integrity_with_key(&key, IntegrityAlgorithm::Sha1)
            .ok()?;
        Some(request.finish())
    }

    /// A packet from an address out there to the first browser's relay.
    fn arrives(&mut self, bytes: &[u8]) {
        let (&[a, b, c, d, high, low, ref payload @ ..], Some(relayed)) = (bytes, self.relayed) else {
            return;
        };
        let peer = SocketAddr::from(([a, b, c, d], u16::from_be_bytes([high, low])));
        let delivery = self.relay.from_peer(self.now, relayed, peer, payload.len());
        assert!(delivery.is_none_or(|delivery| self.clients[..2].contains(&delivery.client)));
    }
}

/// A stream is cut into the same messages however TCP has cut it.
pub fn stream(input: &[u8]) {
    let Some((piece, stream)) = input.split_first() else {
        return;
    };
    let at_once = messages(stream, stream.len().max(1));
    let piecewise = messages(stream, usize::from(*piece).max(1));
    assert_eq!(at_once, piecewise);
}

/// The messages of a stream that comes in pieces, and whether it broke off.
fn messages(stream: &[u8], piece: usize) -> (Vec<Vec<u8>>, bool) {
    let (mut buffer, mut all) = (Vec::new(), Vec::new());
    for piece in stream.chunks(piece) {
        buffer.extend_from_slice(piece);
        loop {
            match framing::next(&buffer) {
                Frame::Needs(bytes) => {
                    assert!(
                        bytes > buffer.len() && bytes <= limits::FRAME_BYTES,
                        "it waits for what may come"
                    );
                    break;
                }
                Frame::Whole { bytes, padded } => {
                    assert!(bytes > 0 && bytes <= padded && padded <= buffer.len());
                    all.push(buffer[..bytes].to_vec());
                    buffer.drain(..padded);
                }
                Frame::Broken => return (all, true),
            }
        }
    }
    (all, false)
}

/// What is taken for TURN is no HTTP and the other way round, whatever its name says.
pub fn first_byte(input: &[u8]) {
    let [first, name, ..] = *input else { return };
    let named = [None, Some(first::TURN), Some(first::HTTP_1), Some(first::HTTP_2)][usize::from(name % 4)];
    match first::speaks(first, named) {
        first::Speaks::Turn => assert!(first < 4 && !matches!(named, Some(first::HTTP_1 | first::HTTP_2))),
        first::Speaks::Http => {
            assert!(first.is_ascii_uppercase() && named != Some(first::TURN));
            assert_eq!(
                framing::next(&[first, 0, 0, 0]) == Frame::Broken,
                !(0x40..=0x7f).contains(&first)
            );
        }
        first::Speaks::Nonsense => {}
    }
}

/// Whoever is believed to be a client can be said again, and what follows a header is left where it is.
pub fn proxy_header(input: &[u8]) {
    let mut rest = input;
    let Some(read) = now(announce::read(&mut rest)) else {
        panic!("bytes that are there are read at once");
    };
    assert!(input.ends_with(rest));
    if let Ok(Some(client)) = read {
        let again = announce::header(client, SocketAddr::from(([198, 51, 100, 2], 443)));
        let read = now(announce::read(&mut again.as_slice()));
        assert!(
            matches!(read, Some(Ok(Some(same))) if same == SocketAddr::new(client.ip().to_canonical(), client.port()))
        );
    }
}

/// The result of what does not wait for anything.
fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// A frame that is understood is the same when it is written and read again.
pub fn frame(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    if let Ok(frame) = ClientFrame::from_text(text) {
        let _ = format!("{frame:?}");
        let written = serde_json::to_string(&frame).expect("frames are JSON");
        if let Ok(again) = ClientFrame::from_text(&written) {
            assert!(frame == again, "{written}");
        }
    }
}

/// Of a session description or candidate that is passed on nothing is left that says where its browser is.
pub fn hiding(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let description = |sdp: &str| Signal::Description {
        description: DescriptionKind::Offer,
        offer: 1,
        sdp: sdp.to_owned(),
        build: 0,
    };
    let candidate = |line: &str| Signal::Candidate {
        candidate: line.to_owned(),
        mid: None,
        m_line: None,
    };
    if let Some(Signal::Description { sdp, .. }) = hidden(description(text)) {
        for line in sdp.split(['\r', '\n']) {
            says_nothing(line);
        }
        assert!(hidden(description(&sdp)) == Some(description(&sdp)), "once is enough");
    }
    if let Some(Signal::Candidate { candidate: line, .. }) = hidden(candidate(text)) {
        assert!(
            !line.contains(['\r', '\n']) || line.trim().is_empty(),
            "a candidate is a line"
        );
        says_nothing(&format!("a={line}"));
        assert!(hidden(candidate(&line)) == Some(candidate(&line)), "once is enough");
    }
}

fn says_nothing(line: &str) {
    if line.starts_with("c=") {
        assert_eq!(line, "c=IN IP4 0.0.0.0");
    }
    if line.starts_with("o=") {
        assert!(line.ends_with(" IN IP4 0.0.0.0"), "{line}");
    }
    if let Some(candidate) = line.strip_prefix("a=candidate:").filter(|rest| !rest.trim().is_empty()) {
        let words: Vec<&str> = candidate.split_ascii_whitespace().collect();
        assert_eq!(words.get(6..8), Some(&["typ", "relay"][..]), "{line}");
        for pair in words[8..].windows(2) {
            assert!(pair[0] != "raddr" || pair[1] == "0.0.0.0", "{line}");
        }
    }
}

/// A photo is what its first bytes are, also as a whole; a JPEG that is whole stays so whatever stands behind it, and is none
/// without its end.
pub fn photo(input: &[u8]) {
    let whole = look_at(input);
    assert!(whole.is_err() || whole == sent_as(input));
    if whole == Ok(SentAs::Jpeg) {
        assert_eq!(look_at(&[input, b"\xFF\xDA behind"].concat()), whole);
        let end = input.windows(2).position(|pair| pair == [0xFF, 0xD9]).unwrap_or(0);
        assert!(look_at(&input[..=end]).is_err(), "cut inside of its first end");
    }
}
