//! What `getStats()` says of a connection (W3C webrtc-stats): whether anything arrives, how well, and what the way out
//! carries. One call a look, for all three.

use super::{js, words::Quality};
use signaling::call::{Outgoing, Path};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RtcPeerConnection, RtcStatsReport};

/// Packets that arrived and that did not, since the connection began.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Packets {
    received: f64,
    lost: f64,
}

/// Counters that grow with whatever comes in: media, RTCP, and the answers to consent checks. Each browser has some.
const ARRIVALS: [(&str, &[&str]); 3] = [
    ("inbound-rtp", &["packetsReceived"]),
    ("transport", &["packetsReceived", "bytesReceived"]),
    (
        "candidate-pair",
        &[
            "packetsReceived",
            "bytesReceived",
            "requestsReceived",
            "responsesReceived",
        ],
    ),
];

/// One look at a connection.
pub(super) struct Look {
    entries: Vec<JsValue>,
}

impl Look {
    pub(super) async fn at(connection: &RtcPeerConnection) -> Self {
        let Ok(report) = JsFuture::from(connection.get_stats()).await else {
            return Self { entries: Vec::new() };
        };
        let report: RtcStatsReport = report.unchecked_into();
        let entries = report.values().into_iter().flatten().collect();
        Self { entries }
    }

    fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a JsValue> {
        let is = move |entry: &&JsValue| js::text(entry, "type").as_deref() == Some(kind);
        self.entries.iter().filter(is)
    }

    fn sum(&self, kind: &str, name: &str) -> f64 {
        self.of_kind(kind).filter_map(|entry| js::number(entry, name)).sum()
    }

    /// A number that is higher than before if anything came in since.
    pub(super) fn arrived(&self) -> u64 {
        let all = ARRIVALS
            .iter()
            .flat_map(|(kind, names)| names.iter().map(|name| self.sum(kind, name)));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a sum of counters: whole, not negative, far below 2^53"
        )]
        let arrived = all.sum::<f64>() as u64;
        arrived
    }

    /// The pair of candidates that carries.
    fn pair(&self) -> Option<&JsValue> {
        let chosen = self
            .of_kind("transport")
            .find_map(|entry| js::text(entry, "selectedCandidatePairId"));
        // Firefox has no transport entries; it marks the pair itself.
        self.of_kind("candidate-pair").find(|entry| match &chosen {
            Some(id) => js::text(entry, "id").as_ref() == Some(id),
            None => js::property(entry, "selected").is_truthy(),
        })
    }

    fn of_candidate(&self, end: &str, name: &str) -> Option<String> {
        let id = js::text(self.pair()?, end)?;
        let mut all = self.entries.iter();
        let candidate = all.find(|entry| js::text(entry, "id").as_ref() == Some(&id))?;
        js::text(candidate, name)
    }

    fn path(&self) -> Path {
        Path::between(
            self.of_candidate("localCandidateId", "candidateType").as_deref(),
            self.of_candidate("localCandidateId", "relayProtocol").as_deref(),
            self.of_candidate("remoteCandidateId", "candidateType").as_deref(),
        )
    }

    /// There and back in milliseconds: by consent checks, else by RTCP.
    fn round_trip_ms(&self) -> Option<f64> {
        let checked = self.pair().and_then(|pair| js::number(pair, "currentRoundTripTime"));
        let reported = || {
            self.of_kind("remote-inbound-rtp")
                .find_map(|entry| js::number(entry, "roundTripTime"))
        };
        checked.or_else(reported).map(|seconds| seconds * 1000.0)
    }

    /// The quality of what arrives, given the packets counted the last time.
    pub(super) fn quality(&self, before: Packets) -> (Quality, Packets) {
        let packets = Packets {
            received: self.sum("inbound-rtp", "packetsReceived"),
            lost: self.sum("inbound-rtp", "packetsLost"),
        };
        let received = (packets.received - before.received).max(0.0);
        let lost = (packets.lost - before.lost).max(0.0);
        let loss_percent = if received + lost > 0.0 {
            100.0 * lost / (received + lost)
        } else {
            0.0
        };
        let quality = Quality {
            path: self.path(),
            loss_percent,
            round_trip_ms: self.round_trip_ms(),
        };
        (quality, packets)
    }

    /// What the way out carries. The reports of a stream that sends nothing are old ones, so while pictures pause only
    /// those about sound count.
    pub(super) fn outgoing(&self, with_pictures: bool) -> Outgoing {
        let counts = |entry: &&JsValue| with_pictures || js::text(entry, "kind").as_deref() == Some("audio");
        let lost_percent = self
            .of_kind("remote-inbound-rtp")
            .filter(counts)
            .filter_map(|entry| js::number(entry, "fractionLost"))
            .map(|fraction| 100.0 * fraction)
            .reduce(f64::max);
        let limits = self
            .of_kind("outbound-rtp")
            .find_map(|entry| js::text(entry, "qualityLimitationReason"));
        Outgoing {
            available_bps: self
                .pair()
                .and_then(|pair| js::number(pair, "availableOutgoingBitrate")),
            limited: limits.map(|reason| reason == "bandwidth"),
            round_trip_ms: self.round_trip_ms(),
            lost_percent,
        }
    }
}
