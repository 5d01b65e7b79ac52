//! How well media arrive, from `getStats()` (W3C webrtc-stats).

use super::{js, words::Quality};
use signaling::call::Path;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RtcPeerConnection, RtcStatsReport};

/// Packets that arrived and that did not, since the connection began.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Packets {
    received: f64,
    lost: f64,
}

async fn entries(connection: &RtcPeerConnection) -> Vec<JsValue> {
    let Ok(report) = JsFuture::from(connection.get_stats()).await else {
        return Vec::new();
    };
    let report: RtcStatsReport = report.unchecked_into();
    report.values().into_iter().flatten().collect()
}

/// The present quality, given the packets counted the last time.
pub(super) async fn quality(connection: &RtcPeerConnection, before: Packets) -> (Quality, Packets) {
    let entries = entries(connection).await;
    let of_kind = |kind: &'static str| {
        entries
            .iter()
            .filter(move |entry| js::text(entry, "type").as_deref() == Some(kind))
    };
    let sum = |name: &str| {
        of_kind("inbound-rtp")
            .filter_map(|entry| js::number(entry, name))
            .sum::<f64>()
    };
    let packets = Packets {
        received: sum("packetsReceived"),
        lost: sum("packetsLost"),
    };
    let received = (packets.received - before.received).max(0.0);
    let lost = (packets.lost - before.lost).max(0.0);
    let loss_percent = if received + lost > 0.0 {
        100.0 * lost / (received + lost)
    } else {
        0.0
    };

    let chosen = of_kind("transport").find_map(|entry| js::text(entry, "selectedCandidatePairId"));
    // Firefox has no transport entries; it marks the pair itself.
    let pair = of_kind("candidate-pair").find(|entry| match &chosen {
        Some(id) => js::text(entry, "id").as_ref() == Some(id),
        None => js::property(entry, "selected").is_truthy(),
    });
    let of_candidate = |end: &str, name: &str| {
        let id = js::text(pair?, end)?;
        let candidate = entries
            .iter()
            .find(|entry| js::text(entry, "id").as_ref() == Some(&id))?;
        js::text(candidate, name)
    };
    let path = Path::between(
        of_candidate("localCandidateId", "candidateType").as_deref(),
        of_candidate("localCandidateId", "relayProtocol").as_deref(),
        of_candidate("remoteCandidateId", "candidateType").as_deref(),
    );
    let round_trip_ms = pair
        .and_then(|pair| js::number(pair, "currentRoundTripTime"))
        .map(|seconds| seconds * 1000.0);
    (
        Quality {
            path,
            loss_percent,
            round_trip_ms,
        },
        packets,
    )
}
