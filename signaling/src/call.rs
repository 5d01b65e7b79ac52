//! The call inside a consultation: who sits where, since when, and how it went.
//!
//! Media go from browser to browser; the server knows seats and events only. A seat's *incarnation* is the number of its
//! `call_joined` event, so a reloaded page is a new incarnation of the same holder and signals meant for the old one are
//! recognised as stale. In each pair the later incarnation is polite (see [`crate::negotiation`]).
//!
//! Up to four people: the family, the clinician who has the consultation, one colleague, and guests who came by an
//! invitation. Who may sit is `consultation::decide`'s to say; here is who is who, and between whom media flow.

pub mod agent;
pub mod cause;
pub mod history;
pub mod interruption;
pub mod summary;
mod video_pause;

use crate::{
    actor::Staff,
    id::{Seq, StaffId},
    intake::coded,
    time::At,
};
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

coded!(
    /// What somebody who was invited is there for.
    GuestRole {
        Family = "family", "ご家族";
        Interpreter = "interpreter", "通訳";
    }
);

coded!(
    /// How a telephone call back went.
    CallbackOutcome {
        Reached = "reached", "電話で話しました";
        NotReached = "not_reached", "電話がつながりませんでした";
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
    /// Somebody who was invited. Their name is personal and stands in the sealed part of their events.
    Guest {
        /// The number of the `guest_invited` event: who they are in this consultation.
        invite: Seq,
        /// What they are there for.
        role: GuestRole,
    },
}

impl Holder {
    /// Whether this is somebody of the desk.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        matches!(self, Self::Staff(_))
    }

    /// Whether this is the guest with this invitation.
    #[must_use]
    pub fn is_guest(&self, number: Seq) -> bool {
        matches!(self, Self::Guest { invite, .. } if *invite == number)
    }

    /// Whether this is the clinician with this id.
    #[must_use]
    pub fn is_clinician(&self, id: StaffId) -> bool {
        matches!(self, Self::Staff(staff) if staff.id == id)
    }
}

/// One seat that is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The number of the `call_joined` event.
    pub incarnation: Seq,
    /// Who.
    pub holder: Holder,
}

/// A second clinician who was asked into a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// The number of the `colleague_invited` event; of the `handed_over` event for who had it before.
    pub invite: Seq,
    /// Who.
    pub staff: Staff,
    /// The consultation was offered to them.
    pub offered: bool,
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
    /// The second clinician, asked or seated.
    pub colleague: Option<Colleague>,
    /// The family and guests wait while clinicians talk.
    pub is_held: bool,
}

impl Call {
    /// A call that has begun to ring.
    #[must_use]
    pub fn ringing(id: Seq, mode: CallMode, offered_at: At) -> Self {
        Self {
            id,
            mode,
            offered_at,
            seats: Vec::new(),
            connected_at: None,
            colleague: None,
            is_held: false,
        }
    }

    /// A seat is taken, for the first time or anew.
    pub fn sit(&mut self, incarnation: Seq, holder: &Holder) {
        self.leave(holder);
        self.seats.push(Seat {
            incarnation,
            holder: holder.clone(),
        });
    }

    /// A seat is free again.
    pub fn leave(&mut self, holder: &Holder) {
        self.seats.retain(|seat| &seat.holder != holder);
    }

    /// Whether media of one seat are for the other. While the call is held only clinicians hear each other; whoever sends
    /// cuts, so that a page which does not obey hears nothing all the same.
    #[must_use]
    pub fn flows(&self, from: &Holder, to: &Holder) -> bool {
        !self.is_held || (from.is_staff() && to.is_staff())
    }

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

    /// The seat of who rang, while it is the earliest: from there an offer may be sent ahead, to the number of the call.
    #[must_use]
    pub fn rang_from(&self) -> Option<Seq> {
        let first = self.seats.first()?;
        first.holder.is_staff().then_some(first.incarnation)
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
