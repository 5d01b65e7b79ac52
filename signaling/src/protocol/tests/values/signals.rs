//! Signals of a call between the doctor's seat and the family's.

use super::{CALL, DOCTOR, FAMILY};
use crate::{
    call::MutedWhy,
    id::Seq,
    protocol::{DescriptionKind, Signal},
};

fn sdp(ice: &str) -> String {
    format!("v=0\r\no=- 46117317 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=ice-ufrag:{ice}\r\n…")
}

fn description(description: DescriptionKind, ice: &str, build: u32) -> Signal {
    Signal::Description {
        description,
        offer: 1,
        sdp: sdp(ice),
        build,
    }
}

fn candidate(address: &str, ice: &str) -> Signal {
    Signal::Candidate {
        candidate: format!("candidate:1 1 udp 2122260223 {address} 54321 typ host generation 0 ufrag {ice}"),
        mid: Some("0".to_owned()),
        m_line: Some(0),
    }
}

/// Signals with the seats they go between: the family's is the later one, so it makes the first offer.
pub(super) fn signals() -> Vec<(&'static str, Seq, Seq, Signal)> {
    let end = Signal::Candidate {
        candidate: String::new(),
        mid: None,
        m_line: None,
    };
    let muted = |audio, video, why| Signal::Muted { audio, video, why };
    vec![
        ("typing", 0, 0, Signal::Typing),
        ("offer", FAMILY, DOCTOR, description(DescriptionKind::Offer, "fAmI", 0)),
        (
            "answer",
            DOCTOR,
            FAMILY,
            description(DescriptionKind::Answer, "dOcT", 0),
        ),
        // Before anybody has answered, to the number of the call.
        (
            "offer_ahead",
            DOCTOR,
            CALL,
            description(DescriptionKind::Offer, "dOcT", 0),
        ),
        (
            "offer_rebuilt",
            DOCTOR,
            FAMILY,
            description(DescriptionKind::Offer, "dOcT", 1),
        ),
        ("candidate", FAMILY, DOCTOR, candidate("192.0.2.7", "fAmI")),
        ("candidate_of_staff", DOCTOR, FAMILY, candidate("198.51.100.4", "dOcT")),
        ("end_of_candidates", FAMILY, DOCTOR, end),
        ("unseen", FAMILY, DOCTOR, Signal::Unseen),
        ("muted", FAMILY, DOCTOR, muted(true, false, None)),
        (
            "muted_by_network",
            FAMILY,
            DOCTOR,
            muted(false, true, Some(MutedWhy::Network)),
        ),
    ]
}
