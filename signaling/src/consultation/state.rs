//! What the log amounts to. Facts only: no free text is ever in here, so it may be cached and logged.

use super::{after::After, appointment::Appointment, promise::Owed, reasoned::Reasoned};
use crate::{
    actor::Staff,
    call::{Call, GuestRole, Holder, history::CallHistory},
    check::Checked,
    consultation::{Handing, Silence},
    hand_over::Meant,
    id::{GuardianId, MunicipalityId, PhotoId, Seq, StaffId},
    intake::{Complaint, Mode, Relation, Service},
    ladder::{Ladder, Overlooked, Why},
    limits,
    note::Disposition,
    subject::SubjectBand,
    survey::Answer,
    time::{At, Millis},
    triage::{Acuity, Fired},
};

/// A consultation folded from its log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The number of the last event; 0 before the first.
    pub seq: Seq,
    /// Nothing until the intake was sent.
    pub case: Option<Box<Case>>,
}

/// Where the consultation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The family waits.
    Waiting {
        /// Since when in this stay; after a release the place counts from [`Case::unanswered_since`].
        since: At,
    },
    /// The family comes at a time that it booked, and is in no queue until then.
    Booked {
        /// When.
        slot: At,
        /// The event that booked it.
        booked: Seq,
        /// Since when it is booked.
        since: At,
        /// The family was reminded of it.
        reminded: bool,
    },
    /// A clinician has it.
    Claimed {
        /// Who.
        by: Staff,
        /// Since when.
        since: At,
    },
    /// Over.
    Closed {
        /// When.
        at: At,
    },
    /// The family left before the end.
    Cancelled {
        /// When.
        at: At,
    },
}

/// The signed record, as far as the figures need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedNote {
    /// When.
    pub at: At,
    /// Who.
    pub by: Staff,
    /// 対応区分.
    pub disposition: Disposition,
}

/// Somebody who was invited to calls of the consultation. Who they are by name is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// The number of their `guest_invited` event.
    pub invite: Seq,
    /// What they are there for.
    pub role: GuestRole,
    /// Who invited them.
    pub by: Holder,
    /// Whether they may come, or have come.
    pub standing: GuestStanding,
}

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestStanding {
    /// Nobody has come by it.
    Invited {
        /// Until then somebody may.
        until: At,
    },
    /// It was spent: the guest may take a seat in running calls.
    Admitted,
    /// Taken back before anybody came.
    Withdrawn,
    /// Put out of the call.
    Removed,
}

impl Guest {
    /// Whether they take, or may still take, one of the places of a call.
    #[must_use]
    pub fn counts(&self, now: At) -> bool {
        match self.standing {
            GuestStanding::Invited { until } => now <= until,
            GuestStanding::Admitted => true,
            GuestStanding::Withdrawn | GuestStanding::Removed => false,
        }
    }
}

/// A telephone call back that is still to be made. The number itself is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callback {
    /// Somebody wishes it; the number is still to be given.
    Asked,
    /// The number was given to this clinician.
    Given {
        /// Who alone is shown it.
        to: StaffId,
    },
}

/// Everything that is known of a consultation since its intake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Tenant.
    pub municipality: MunicipalityId,
    /// Which family.
    pub guardian: GuardianId,
    /// Through which service.
    pub service: Service,
    /// The time within which an answer was promised; for anytime consultations only.
    pub reply_within: Option<Millis>,
    /// When the desk closes on the night it came; nothing where it does not.
    pub closes_at: Option<At>,
    /// The event that made it wait for that night; 0 for its request.
    pub night: Seq,
    /// Its appointment, once that has begun.
    pub appointment: Option<Appointment>,
    /// How the family wants to talk now.
    pub mode: Mode,
    /// They listen and type.
    pub quiet: bool,
    /// Age or gestation band.
    pub subject: SubjectBand,
    /// Who asks.
    pub relation: Relation,
    /// What it is about.
    pub complaints: Vec<Complaint>,
    /// The family has been here before.
    pub returning: bool,
    /// When the intake was sent.
    pub requested_at: At,
    /// Edition of the red-flag rules that were asked.
    pub rules: String,
    /// Rules that fired.
    pub flags: Vec<Fired>,
    /// The class it waits in.
    pub acuity: Acuity,
    /// Where it stands.
    pub stage: Stage,
    /// The family's first message that nobody has answered yet; the intake is the first one. The queue's order counts
    /// from it, so that neither insisting nor being patient changes a place.
    pub unanswered_since: Option<At>,
    /// When its turn last came while nobody of the family was connected.
    pub turn_missed_at: Option<At>,
    /// Who is told that it waits, as far as that has come; nothing once somebody has it, and for anytime consultations.
    pub ladder: Option<Ladder>,
    /// What the supervisor has to look after.
    pub overlooked: Option<Overlooked>,
    /// Which unanswered questions of an anytime consultation the supervisor was told of.
    pub owed: Owed,
    /// When a clinician first took it.
    pub first_claimed_at: Option<At>,
    /// When a clinician first wrote, or a call first connected: from then on it counts.
    pub first_reply_at: Option<At>,
    /// Photos that were sent, in order.
    pub photos: Vec<PhotoId>,
    /// A clinician asked for a photo and none has come since.
    pub photo_wished: bool,
    /// The clinician who has it, or had it last.
    pub last_clinician: Option<StaffId>,
    /// The running call.
    pub call: Option<Call>,
    /// What is remembered of calls beyond the running one.
    pub calls: CallHistory,
    /// How often the family's device was checked.
    pub checks: u32,
    /// The last check.
    pub device: Option<Checked>,
    /// Everybody who was ever invited to its calls, earliest first.
    pub guests: Vec<Guest>,
    /// The telephone call that is still to be made.
    pub callback: Option<Callback>,
    /// Somebody is asked to take it over.
    pub handing: Option<Handing>,
    /// The family waits for a word from the clinician who has it.
    pub silence: Option<Silence>,
    /// Calls that rang and were not answered.
    pub missed_calls: u32,
    /// Seconds of talk in all ended calls.
    pub talk_seconds: u32,
    /// The signed record.
    pub note: Option<SignedNote>,
    /// The survey's answer.
    pub survey: Option<Answer>,
    /// What comes after the advice.
    pub after: After,
    /// What was done otherwise, with a reason: each once.
    pub reasoned: Vec<Reasoned>,
}

impl Case {
    /// The clinician who has it.
    #[must_use]
    pub fn clinician(&self) -> Option<&Staff> {
        match &self.stage {
            Stage::Claimed { by, .. } => Some(by),
            _ => None,
        }
    }

    /// The second clinician of the running call, asked or seated.
    #[must_use]
    pub fn colleague(&self) -> Option<&Staff> {
        let call = self.call.as_ref()?;
        call.colleague.as_ref().map(|colleague| &colleague.staff)
    }

    /// For whom it waits, where it was handed on.
    #[must_use]
    pub fn meant_for(&self) -> Option<Meant> {
        let waits = matches!(self.stage, Stage::Waiting { .. });
        self.handing
            .as_ref()
            .filter(|_| waits)
            .map(|handing| handing.to.meant())
    }

    /// Whether it is in the queue.
    #[must_use]
    pub fn waits(&self) -> bool {
        matches!(self.stage, Stage::Waiting { .. })
    }

    /// Back in the queue, in its old place. The number was for one clinician; whoever has it next asks for it again.
    pub(super) fn waits_again(&mut self, since: At) {
        self.stage = Stage::Waiting { since };
        self.ask_number_again();
    }

    /// The number was for one clinician; whoever has the consultation next asks for it again.
    pub(super) fn ask_number_again(&mut self) {
        if self.callback.is_some() {
            self.callback = Some(Callback::Asked);
        }
    }

    /// The clinicians who are in the running call and in no other: who has it, and a colleague who has come.
    #[must_use]
    pub fn clinicians_in_call(&self) -> Vec<StaffId> {
        let Some(call) = &self.call else { return Vec::new() };
        let mut all: Vec<StaffId> = self.clinician().map(|staff| staff.id).into_iter().collect();
        for seat in &call.seats {
            if let Holder::Staff(staff) = &seat.holder
                && !all.contains(&staff.id)
            {
                all.push(staff.id);
            }
        }
        all
    }

    /// A guest by the number of the invitation.
    #[must_use]
    pub fn guest(&self, invite: Seq) -> Option<&Guest> {
        self.guests.iter().find(|guest| guest.invite == invite)
    }

    /// Whether a guest's credential is good for anything.
    #[must_use]
    pub fn admits(&self, invite: Seq) -> bool {
        self.is_open()
            && self
                .guest(invite)
                .is_some_and(|guest| guest.standing == GuestStanding::Admitted)
    }

    /// Whether a clinician takes part: has it, had it last, or is asked to take it over. Photos are for those who do.
    #[must_use]
    pub fn takes_part(&self, staff: &Staff) -> bool {
        self.last_clinician == Some(staff.id) || self.handing.as_ref().is_some_and(|handing| handing.to.is(staff))
    }

    /// Whether it is neither closed nor cancelled.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_at_desk() || matches!(self.stage, Stage::Booked { .. })
    }

    /// Whether it waits or somebody has it: what is booked for later is not there yet.
    #[must_use]
    pub fn is_at_desk(&self) -> bool {
        matches!(self.stage, Stage::Waiting { .. } | Stage::Claimed { .. })
    }

    /// When the promised answer is due; nothing where none is owed.
    #[must_use]
    pub fn reply_by(&self) -> Option<At> {
        Some(self.unanswered_since? + self.reply_within?)
    }

    /// Whether the family can answer the survey now: once, for a while after the end.
    #[must_use]
    pub fn survey_is_open(&self, now: At) -> bool {
        self.survey.is_none() && matches!(self.stage, Stage::Closed { at } if now <= at + limits::SURVEY_OPEN)
    }

    /// When it ended.
    #[must_use]
    pub fn ended_at(&self) -> Option<At> {
        match self.stage {
            Stage::Closed { at } | Stage::Cancelled { at } => Some(at),
            _ => None,
        }
    }
}

/// Something that happens by itself unless the log goes on otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Deadline {
    /// What.
    pub kind: DeadlineKind,
    /// When.
    pub due_at: At,
}

/// What happens then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeadlineKind {
    /// The phone has rung long enough.
    RingExpires {
        /// Which call.
        call: Seq,
    },
    /// Nobody took what was handed over.
    HandOverLapses {
        /// The event that asked.
        asked: Seq,
    },
    /// The family waits for a word: its clinician is asked.
    IdleAsked {
        /// The event since which.
        from: Seq,
    },
    /// That clinician has not answered.
    IdleReturns {
        /// The event that asked.
        asked: Seq,
    },
    /// The family is asked how it goes.
    CheckIn {
        /// The event that planned it.
        planned: Seq,
    },
    /// The family is asked for the survey once more.
    SurveyNudge {
        /// The event that ended the consultation.
        closed: Seq,
    },
    /// The desk closes.
    NightEnds {
        /// The event that made it wait for that night; 0 for its request.
        night: Seq,
    },
    /// The family is reminded of its appointment.
    AppointmentReminder {
        /// The event that booked it.
        booked: Seq,
    },
    /// It is time for the appointment.
    AppointmentBegins {
        /// The event that booked it.
        booked: Seq,
    },
    /// Who has not come to the appointment by then does not keep it.
    AppointmentGrace {
        /// The event by which it began.
        begun: Seq,
    },
    /// The next is told that the family waits.
    Climb {
        /// The event that began the step before.
        from: Seq,
    },
    /// The supervisor is told that an answer is owed.
    Owed {
        /// Why it is told.
        why: Why,
        /// When the family asked.
        asked_at: At,
    },
}

impl DeadlineKind {
    /// Stable text for storage: `ring_expires:12`.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::RingExpires { call } => format!("ring_expires:{call}"),
            Self::HandOverLapses { asked } => format!("hand_over_lapses:{asked}"),
            Self::IdleAsked { from } => format!("idle_asked:{from}"),
            Self::IdleReturns { asked } => format!("idle_returns:{asked}"),
            Self::CheckIn { planned } => format!("check_in:{planned}"),
            Self::SurveyNudge { closed } => format!("survey_nudge:{closed}"),
            Self::NightEnds { night } => format!("night_ends:{night}"),
            Self::AppointmentReminder { booked } => format!("appointment_reminder:{booked}"),
            Self::AppointmentBegins { booked } => format!("appointment_begins:{booked}"),
            Self::AppointmentGrace { begun } => format!("appointment_grace:{begun}"),
            Self::Climb { from } => format!("climb:{from}"),
            Self::Owed { why, asked_at } => format!("owed_{}:{}", why.code(), asked_at.0),
        }
    }

    /// Reads [`DeadlineKind::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let (kind, seq) = code.split_once(':')?;
        if let Some(why) = kind.strip_prefix("owed_") {
            let (why, asked_at) = (Why::from_code(why)?, At(seq.parse().ok()?));
            return Some(Self::Owed { why, asked_at });
        }
        let seq = seq.parse().ok()?;
        match kind {
            "ring_expires" => Some(Self::RingExpires { call: seq }),
            "hand_over_lapses" => Some(Self::HandOverLapses { asked: seq }),
            "idle_asked" => Some(Self::IdleAsked { from: seq }),
            "idle_returns" => Some(Self::IdleReturns { asked: seq }),
            "check_in" => Some(Self::CheckIn { planned: seq }),
            "survey_nudge" => Some(Self::SurveyNudge { closed: seq }),
            "night_ends" => Some(Self::NightEnds { night: seq }),
            "appointment_reminder" => Some(Self::AppointmentReminder { booked: seq }),
            "appointment_begins" => Some(Self::AppointmentBegins { booked: seq }),
            "appointment_grace" => Some(Self::AppointmentGrace { begun: seq }),
            "climb" => Some(Self::Climb { from: seq }),
            _ => None,
        }
    }
}
