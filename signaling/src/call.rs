//! The call inside a consultation: who sits where, since when, and how it went.
//!
//! Media go from browser to browser; the server knows seats and events only. A seat's *incarnation* is the number of its
//! `call_joined` event, so a reloaded page is a new incarnation of the same holder and signals meant for the old one are
//! recognised as stale. In each pair the later incarnation is polite (see [`crate::negotiation`]).

use crate::{actor::Staff, id::Seq, intake::coded, time::At};
use serde::{Deserialize, Serialize};

coded!(
    /// What a call carries.
    CallMode {
        Audio = "audio", "音声";
        Video = "video", "ビデオ";
    }
);

coded!(
    /// How media travel between two seats.
    Path {
        Direct = "direct", "直接接続";
        Relay = "relay", "中継";
        Unknown = "unknown", "不明";
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
