//! The call inside a consultation: who sits where, since when, and how it went.
//!
//! Media go from browser to browser; the server knows seats and events only. A seat's *incarnation* is the number of its
//! `call_joined` event, so a reloaded page is a new incarnation of the same holder and signals meant for the old one are
//! recognised as stale. In each pair the later incarnation is polite (see [`crate::negotiation`]).

pub mod agent;
pub mod cause;
pub mod history;
pub mod interruption;
pub mod summary;
mod video_pause;

use crate::{actor::Staff, id::Seq, intake::coded, time::At};
use serde::{Deserialize, Serialize};
pub use video_pause::{
    FIRST_WAIT_MS, LATE_MS, LONGEST_WAIT_MS, LOST_PERCENT, Outgoing, PAUSE_AFTER_MS, PAUSE_UNDER_BPS, Pictures,
    RETURN_OVER_BPS, TRY_BPS, TRY_MS, VideoPause, WARM_UP_MS,
};

coded!(
    /// What a call carries.
    CallMode {
        Audio = "audio", "音声";
        Video = "video", "ビデオ";
    }
);

coded!(
    /// How media travel between two seats. `relay` is a relay that this side reaches in a way it does not know: the other
    /// side's, or one of an event from before the three were told apart.
    Path {
        Direct = "direct", "直接接続";
        RelayUdp = "relay_udp", "中継（UDP）";
        RelayTcp = "relay_tcp", "中継（TCP）";
        RelayTls = "relay_tls", "中継（TLS）";
        Relay = "relay", "中継";
        Unknown = "unknown", "不明";
    }
);

impl Path {
    /// Of a selected candidate pair: the `candidateType` of both ends, and the `relayProtocol` of this one where it is a
    /// relay's (W3C webrtc-stats, `RTCIceCandidateStats`).
    #[must_use]
    pub fn between(mine: Option<&str>, relay_protocol: Option<&str>, theirs: Option<&str>) -> Self {
        match (mine, relay_protocol, theirs) {
            (Some("relay"), Some("udp"), _) => Self::RelayUdp,
            (Some("relay"), Some("tcp"), _) => Self::RelayTcp,
            (Some("relay"), Some("tls"), _) => Self::RelayTls,
            (Some("relay"), ..) | (.., Some("relay")) => Self::Relay,
            (None, _, None) => Self::Unknown,
            _ => Self::Direct,
        }
    }
}

coded!(
    /// Why a camera or a microphone is off, where its owner did not switch it off.
    MutedWhy {
        Network = "network", "通信が弱い";
        Interrupted = "interrupted", "電話やほかのアプリが使用中";
        Hidden = "hidden", "画面が閉じている";
    }
);

coded!(
    /// Why a call is over.
    CallOutcome {
        HungUp = "hung_up", "終了";
        Declined = "declined", "出られないと返事";
        Unanswered = "unanswered", "応答なし";
        Cancelled = "cancelled", "呼び出しを取り消し";
        Failed = "failed", "つながらなかった";
    }
);

/// Who sits on a seat.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "holder", rename_all = "snake_case")]
pub enum Holder {
    /// The family.
    Guardian,
    /// A clinician.
    Staff(Staff),
}

/// One seat that is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The number of the `call_joined` event.
    pub incarnation: Seq,
    /// Who.
    pub holder: Holder,
}

/// A running call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The number of its `call_offered` event.
    pub id: Seq,
    /// What it carries now.
    pub mode: CallMode,
    /// When the phone began to ring.
    pub offered_at: At,
    /// Taken seats, earliest first. One seat a holder.
    pub seats: Vec<Seat>,
    /// When media first flowed.
    pub connected_at: Option<At>,
}

impl Call {
    /// The incarnation of a holder, if seated.
    #[must_use]
    pub fn incarnation_of(&self, holder: &Holder) -> Option<Seq> {
        self.seats
            .iter()
            .find(|seat| &seat.holder == holder)
            .map(|seat| seat.incarnation)
    }

    /// Whether the family has answered.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.incarnation_of(&Holder::Guardian).is_some()
    }

    /// Whether the clinician with this id is seated.
    #[must_use]
    pub fn seats_clinician(&self, id: crate::id::StaffId) -> bool {
        self.seats
            .iter()
            .any(|seat| matches!(&seat.holder, Holder::Staff(staff) if staff.id == id))
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn a_path_is_told_by_how_this_side_reaches_its_relay() {
        let relayed = |protocol| Path::between(Some("relay"), Some(protocol), Some("host"));
        assert_eq!(
            ["udp", "tcp", "tls"].map(relayed),
            [Path::RelayUdp, Path::RelayTcp, Path::RelayTls]
        );
        assert_eq!(relayed("of a newer browser"), Path::Relay);
        assert_eq!(
            Path::between(Some("relay"), Some("tls"), Some("relay")),
            Path::RelayTls,
            "two relays: this side tells of its own"
        );
        assert_eq!(Path::between(Some("host"), None, Some("relay")), Path::Relay);
        assert_eq!(Path::between(Some("host"), Some("udp"), Some("prflx")), Path::Direct);
        assert_eq!(Path::between(None, None, None), Path::Unknown);
    }
}
