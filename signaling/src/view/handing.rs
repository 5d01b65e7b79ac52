//! What a page shows of a consultation that changes hands.

use super::{Standing, Thread};
use crate::{
    actor::Staff,
    consultation::{Speaker, WireEvent, WireKind},
    hand_over::{HandOver, Recipient},
    id::Seq,
    time::At,
};

/// Somebody is asked to take it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handing {
    /// The event that asks.
    pub asked: Seq,
    /// Who hands over.
    pub by: Staff,
    /// To whom.
    pub to: Recipient,
    /// Since when.
    pub since: At,
}

/// What was handed over, for the staff.
#[derive(Clone, PartialEq, Eq)]
pub struct Brief {
    /// Who wrote it.
    pub by: Staff,
    /// When.
    pub at: At,
    /// The summary.
    pub hand_over: HandOver,
}

crate::redacted_debug!(Brief { by, at });

/// Whether a clinician did something for the family: nobody need ask whether they are there.
pub(super) fn is_work(kind: &WireKind) -> bool {
    matches!(
        kind,
        WireKind::Said {
            speaker: Speaker::Staff(_),
            ..
        } | WireKind::Photo {
            speaker: Speaker::Staff(_),
            ..
        } | WireKind::PhotoWished { .. }
            | WireKind::PhotoMarked { .. }
            | WireKind::ClassChanged { .. }
            | WireKind::EpdsRecorded { .. }
            | WireKind::CallOffered { .. }
            | WireKind::CallbackAsked { .. }
            | WireKind::CallbackDone { .. }
            | WireKind::NoteSigned { .. }
            | WireKind::HandOverAsked { .. }
            | WireKind::HandOverWithdrawn { .. }
            | WireKind::IdleAnswered { .. }
    )
}

impl Thread {
    /// Whether this clinician is asked to take it over while somebody else has it.
    #[must_use]
    pub fn asks(&self, staff: &Staff) -> bool {
        let is_theirs = matches!(&self.standing, Standing::Claimed(by) if by.id == staff.id);
        !is_theirs && self.handing.as_ref().is_some_and(|handing| handing.to.is(staff))
    }

    /// It has come into other hands, or is over.
    pub(super) fn nobody_is_asked(&mut self) {
        self.handing = None;
        self.idle_asked = None;
    }

    /// Folds what is handed over; false where it is something else.
    pub(super) fn fold_handing(&mut self, event: &WireEvent) -> bool {
        match &event.kind {
            WireKind::HandedOn {
                by,
                recipient,
                hand_over,
            } => {
                self.nobody_is_asked();
                self.standing = Standing::Waiting;
                self.ask_number_again();
                self.asked(event, by, recipient, hand_over.as_deref());
                let words = format!(
                    "{}から{}に引き継ぎます。順番はそのままです",
                    by.addressed(),
                    recipient.addressed()
                );
                self.happened(event, words);
            }
            WireKind::HandOverAsked {
                by,
                recipient,
                hand_over,
            } => {
                let again = self.handing.as_ref().is_some_and(|handing| handing.to == *recipient);
                self.idle_asked = None;
                self.asked(event, by, recipient, hand_over.as_deref());
                let words = match again {
                    true => "引き継ぎの要約を直しました（職員だけに表示）".to_owned(),
                    false => format!("{}に引き継ぎを頼みました（職員だけに表示）", recipient.addressed()),
                };
                self.happened(event, words);
            }
            WireKind::HandOverDeclined { by, reason } => {
                self.handing = None;
                let why = reason.as_ref().map(|reason| format!("：{reason}")).unwrap_or_default();
                let words = format!("{}は引き受けられません{why}（職員だけに表示）", by.addressed());
                self.happened(event, words);
            }
            WireKind::HandOverWithdrawn { .. } => {
                self.handing = None;
                self.happened(event, "引き継ぎの依頼を取り消しました（職員だけに表示）".to_owned());
            }
            WireKind::HandOverLapsed => {
                let words = match (self.handing.take(), &self.standing) {
                    (Some(handing), Standing::Waiting) => {
                        let to = handing.to.addressed();
                        format!("{to}が受けなかったため、だれでも担当できます（職員だけに表示）")
                    }
                    _ => "引き継ぎを受けた人はいませんでした（職員だけに表示）".to_owned(),
                };
                self.happened(event, words);
            }
            WireKind::IdleAsked { .. } => self.idle_asked = Some(event.at),
            WireKind::IdleAnswered { .. } => {}
            WireKind::IdleReturned { of } => {
                self.nobody_is_asked();
                self.standing = Standing::Waiting;
                self.ask_number_again();
                let why = of.as_ref().map(|of| format!("（{}の応答がないため）", of.addressed()));
                let words = "待合室にもどりました。順番はそのままです";
                self.happened(event, format!("{words}{}", why.unwrap_or_default()));
            }
            _ => return false,
        }
        true
    }

    fn asked(&mut self, event: &WireEvent, by: &Staff, to: &Recipient, hand_over: Option<&HandOver>) {
        self.handing = Some(Handing {
            asked: event.seq,
            by: by.clone(),
            to: to.clone(),
            since: event.at,
        });
        if let Some(hand_over) = hand_over {
            self.brief = Some(Brief {
                by: by.clone(),
                at: event.at,
                hand_over: hand_over.clone(),
            });
        }
    }
}
