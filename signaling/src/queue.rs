//! The order in which families are called, and what they are told about it.
//!
//! The rank is a constant key made from events, `first unanswered message's time − head start of the class`, so it never
//! moves by itself, can be indexed, and starves nobody: a later family of a higher class passes only while its wait is
//! shorter than the head start allows.
//!
//! Both services stand in this one order. Who waits live sits there and waits; who asked outside of the hours was promised
//! an answer by a time, and counts as having come shortly before that time ([`BEFORE_PROMISE`]). Red and yellow do not wait
//! for a promise. Who booked an appointment is in the order from its beginning on ([`crate::appointment::rank`]). Server and desk call by [`call_order`] and ask for a reason by [`passes_somebody`].

mod estimate;
mod rank;

pub use estimate::{Position, SERVICE_MEASURED_OVER, Serving, USUAL_SERVICE_SECONDS, position, usual_service_seconds};
pub use rank::{BEFORE_PROMISE, HEAD_STARTS, HeadStarts, Rank, explanation, head_start, rank, reason, standing};

use crate::{
    actor::Staff,
    appointment,
    check::{Cause, Light},
    hand_over::{Meant, Recipient},
    id::{ConsultationId, Seq},
    intake::{Complaint, Mode, Service},
    ladder::Step,
    time::At,
    triage::Acuity,
};
use serde::{Deserialize, Serialize};

/// Somebody who waits, as far as the order goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// Where it stands.
    pub rank: Rank,
    /// Its class.
    pub acuity: Acuity,
    /// Whether it waits live, or for an answer at any time.
    pub service: Service,
    /// For whom it waits, where it was handed on.
    pub meant_for: Option<Meant>,
}

impl Place {
    /// What the order compares, lowest first.
    #[must_use]
    pub fn key(&self) -> (Rank, ConsultationId) {
        (self.rank, self.consultation)
    }

    /// Whether this clinician may be given it unasked: whoever waits for somebody else is not passed by being left out.
    #[must_use]
    pub fn is_for(&self, staff: &Staff) -> bool {
        self.meant_for.is_none_or(|meant| meant.is_for(staff))
    }

    /// With what the order does not know: whether a page of the family is connected.
    #[must_use]
    pub fn caller(&self, is_connected: bool) -> Caller {
        Caller {
            consultation: self.consultation,
            service: self.service,
            is_connected,
        }
    }
}

/// Somebody who waits, and whether their page is connected, seen or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// Through which service.
    pub service: Service,
    /// Whether a page of the family is connected.
    pub is_connected: bool,
}

impl Caller {
    /// Whether it can be called now. An anytime consultation is answered in writing: nobody has to be there for it.
    #[must_use]
    pub fn can_be_called(&self) -> bool {
        self.is_connected || self.service == Service::Anytime
    }
}

/// Whom 「次の方」 takes, and whom instead if that one has just gone: by rank, over those who can be called; over all while
/// nobody's page is connected. `waiting` comes in order of rank.
#[must_use]
pub fn call_order(waiting: &[Caller]) -> Vec<ConsultationId> {
    let somebody_is_there = waiting.iter().any(|caller| caller.is_connected);
    waiting
        .iter()
        .filter(|caller| !somebody_is_there || caller.can_be_called())
        .map(|caller| caller.consultation)
        .collect()
}

/// Whose turn came while they were away, of those `before` the one who was taken, in order of rank: those at the head of the
/// queue who cannot be called, up to the first who can.
#[must_use]
pub fn turns_missed(before: impl IntoIterator<Item = Caller>) -> Vec<ConsultationId> {
    before
        .into_iter()
        .take_while(|caller| !caller.can_be_called())
        .map(|caller| caller.consultation)
        .collect()
}

/// Whether taking somebody passes one of those `before` it who can be called: that needs a reason. 「次の方」 never does.
pub fn passes_somebody(before: impl IntoIterator<Item = Caller>) -> bool {
    before.into_iter().any(|caller| caller.can_be_called())
}

/// Whether the family's page is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// A page is open and visible.
    Here,
    /// A page is open, the screen shows something else or is locked.
    Hidden,
    /// No page is connected.
    Away,
}

impl Presence {
    /// The words at the desk.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Here => "在室",
            Self::Hidden => "画面を閉じています",
            Self::Away => "接続が切れています",
        }
    }
}

/// A row of the desk's queue.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRow {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// The number of the last event that the row reflects.
    pub seq: Seq,
    /// Place; rows sort by it. Nothing for one that somebody has, and for one that is booked for later.
    pub rank: Option<Rank>,
    /// Class.
    pub acuity: Acuity,
    /// Through which service.
    pub service: Service,
    /// How they want to talk.
    pub mode: Mode,
    /// Listen and type.
    pub quiet: bool,
    /// 「2歳3か月」.
    pub subject: String,
    /// What it is about.
    pub complaints: Vec<Complaint>,
    /// The beginning of the family's own words.
    pub worry: String,
    /// Rules that fired.
    pub flags: Vec<String>,
    /// When the intake was sent.
    pub requested_at: At,
    /// The first message that nobody has answered.
    pub unanswered_since: Option<At>,
    /// When the promised answer is due; for anytime consultations only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_by: Option<At>,
    /// When its appointment begins or began, where it comes by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<At>,
    /// Been here before.
    pub returning: bool,
    /// Whom a family that came back after its advice had then; while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub had: Option<Staff>,
    /// Is the page there?
    pub presence: Presence,
    /// The last check of the family's device: the colour and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<(Light, Cause)>,
    /// When its turn last came while nobody of the family was connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn_missed_at: Option<At>,
    /// Who is being told that it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<Step>,
    /// A page has confirmed that it carried that step out: others need not say so too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alert_heard: bool,
    /// Who has it.
    pub claimed_by: Option<Staff>,
    /// The second clinician of its call, asked or seated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colleague: Option<crate::id::StaffId>,
    /// Who asks whom to take it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handing: Option<RowHanding>,
}

/// A hand-over that nobody has taken yet, on a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowHanding {
    /// Who hands over.
    pub by: Staff,
    /// To whom.
    pub to: Recipient,
}

impl QueueRow {
    /// Whether this clinician may be given it unasked ([`Place::is_for`]).
    #[must_use]
    pub fn is_for(&self, staff: &Staff) -> bool {
        let waits = self.claimed_by.is_none();
        let handing = self.handing.as_ref().filter(|_| waits);
        handing.is_none_or(|handing| handing.to.is(staff))
    }

    /// Whether this clinician is asked to take it over, or it waits for them.
    #[must_use]
    pub fn asks(&self, staff: &Staff) -> bool {
        let mine = self.claimed_by.as_ref().is_some_and(|by| by.id == staff.id);
        !mine && self.handing.as_ref().is_some_and(|handing| handing.to.is(staff))
    }

    /// Whether it is in the queue.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.rank.is_some()
    }

    /// Whether it comes by an appointment that has not begun.
    #[must_use]
    pub fn is_booked(&self) -> bool {
        self.rank.is_none() && self.claimed_by.is_none()
    }

    /// The row as the order knows it.
    #[must_use]
    pub fn caller(&self) -> Caller {
        Caller {
            consultation: self.consultation,
            service: self.service,
            is_connected: self.presence != Presence::Away,
        }
    }

    /// When it came: its appointment, or its intake.
    #[must_use]
    pub fn came_at(&self) -> At {
        self.appointment.unwrap_or(self.requested_at)
    }

    /// Why it stands where it stands (なぜこの順番か): the rule of its class, and what that makes of this row.
    #[must_use]
    pub fn explanation(&self) -> String {
        match (self.rank, self.appointment) {
            (Some(rank), Some(slot)) if self.service == Service::Night && self.acuity != Acuity::Red => {
                appointment::explanation(self.acuity, slot, rank)
            }
            (Some(rank), _) => explanation(self.service, self.acuity, (self.came_at(), self.unanswered_since), rank),
            (None, _) => reason(self.service, self.acuity).to_owned(),
        }
    }
}

crate::redacted_debug!(QueueRow {
    consultation,
    seq,
    rank,
    acuity,
    presence,
    claimed_by
});

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(number: u128, service: Service, is_connected: bool) -> Caller {
        let consultation = ConsultationId(uuid::Uuid::from_u128(number));
        Caller {
            consultation,
            service,
            is_connected,
        }
    }

    fn called(waiting: &[Caller]) -> Vec<u128> {
        call_order(waiting).into_iter().map(|id| id.0.as_u128()).collect()
    }

    #[test]
    fn next_takes_the_first_that_can_be_called_and_nobody_has_to_be_there_for_an_anytime_consultation() {
        use Service::{Anytime, Night};
        let gone = caller(1, Night, false);
        let (near, there, far) = (
            caller(2, Anytime, false),
            caller(3, Night, true),
            caller(4, Anytime, false),
        );
        assert_eq!(called(&[gone, near, there, far]), [2, 3, 4]);
        assert_eq!(called(&[gone, far]), [1, 4], "nobody is there: the first at all");
        assert_eq!(called(&[]), [0; 0]);
    }

    #[test]
    fn a_turn_is_missed_by_those_at_the_head_who_are_away_and_by_nobody_behind_one_who_is_there() {
        use Service::{Anytime, Night};
        let missed = |before: &[Caller]| -> Vec<u128> {
            let ids = turns_missed(before.iter().copied());
            ids.into_iter().map(|id| id.0.as_u128()).collect()
        };
        let (gone, there) = (caller(1, Night, false), caller(2, Night, true));
        let gone_too = caller(3, Night, false);
        assert_eq!(missed(&[gone, gone_too]), [1, 3]);
        assert_eq!(missed(&[gone, there, gone_too]), [1]);
        assert_eq!(missed(&[caller(4, Anytime, false), gone]), [0; 0]);
        assert_eq!(missed(&[]), [0; 0]);
    }

    #[test]
    fn next_passes_nobody_and_whoever_passes_somebody_that_can_be_called_says_why() {
        use Service::{Anytime, Night};
        // Every queue of up to five: who is there, and through which service.
        for length in 0..=5_u32 {
            for kinds in 0..4_u32.pow(length) {
                let waiting: Vec<Caller> = (0..length)
                    .map(|place| {
                        let kind = kinds / 4_u32.pow(place) % 4;
                        let service = if kind < 2 { Night } else { Anytime };
                        caller(u128::from(place), service, kind % 2 == 0)
                    })
                    .collect();
                let Some(first) = call_order(&waiting).first().copied() else {
                    continue;
                };
                let before = waiting.iter().copied().take_while(|one| one.consultation != first);
                assert!(!passes_somebody(before), "{waiting:?}");
            }
        }
        assert!(passes_somebody([caller(1, Night, true)]));
        assert!(passes_somebody([caller(1, Anytime, false)]));
        assert!(
            !passes_somebody([caller(1, Night, false)]),
            "whoever is away cannot be called"
        );
    }
}
