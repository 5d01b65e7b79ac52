//! Appointments: a family books one, changes it, gives it up; it begins by itself, and stands in the queue from then on.
//!
//! Promises: before it begins a consultation is in no queue, alerts nobody and is passed by nobody. Nobody red or yellow is let book:
//! they are heard now. Who gives an appointment up asks anew at that moment, so that booking is no way to keep an old place. An
//! appointment to which nobody comes within [`limits::APPOINTMENT_GRACE`] counts as somebody who walked in when it began.
//!
//! Not here: which places there are and where they stand in the order (`appointment`), how many are taken (storage: a place is taken in
//! the transaction that stores the booking).

use super::{
    command::{Command, Refusal},
    decide::{Decision, claimed, taken},
    event::{Event, Fact},
    state::{Case, Deadline, DeadlineKind, Stage},
};
use crate::{
    actor::Staff,
    appointment::Offer,
    hours::Hours,
    id::Seq,
    intake::Service,
    limits, text,
    time::{At, Millis},
};

/// An appointment that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// When it was to begin.
    pub slot: At,
    /// When it began: then, or earlier where a clinician had time and the family was there.
    pub since: At,
    /// The event by which it began.
    pub begun: Seq,
    /// It has the rank of one: nobody stayed away from it, and no answer was promised instead.
    pub kept: bool,
}

impl Case {
    /// Whether an appointment may be booked, or another one: it was not had by anybody, and should not be heard at once.
    #[must_use]
    pub fn may_book(&self) -> bool {
        matches!(self.stage, Stage::Waiting { .. } | Stage::Booked { .. })
            && self.handing.is_none()
            && !self.acuity.is_urgent()
    }

    /// When its appointment begins, or began.
    #[must_use]
    pub fn appointment_at(&self) -> Option<At> {
        match self.stage {
            Stage::Booked { slot, .. } => Some(slot),
            _ => self.appointment.map(|appointment| appointment.slot),
        }
    }

    /// When it came: its appointment, or its intake.
    #[must_use]
    pub fn came_at(&self) -> At {
        match (self.appointment, &self.stage) {
            (Some(begun), _) => begun.slot.min(begun.since),
            (None, Stage::Booked { slot, .. }) => *slot,
            (None, _) => self.requested_at,
        }
    }
}

/// Folds it.
pub(super) fn fold(case: &mut Case, event: &Event) {
    let (seq, at) = (event.seq, event.at);
    match &event.fact {
        Fact::AppointmentBooked { slot, .. } => {
            case.stage = Stage::Booked {
                slot: *slot,
                booked: seq,
                since: at,
                reminded: false,
            };
            (case.service, case.reply_within, case.closes_at) = (Service::Night, None, None);
            (case.appointment, case.turn_missed_at) = (None, None);
        }
        Fact::AppointmentGivenUp {
            service,
            reply_hours,
            closes_at,
        } => {
            case.stage = Stage::Waiting { since: at };
            case.service = *service;
            case.reply_within = reply_hours.map(|hours| Millis::hours(i64::from(hours)));
            case.unanswered_since = Some(at);
            (case.closes_at, case.night) = (*closes_at, seq);
        }
        Fact::AppointmentBegun { closes_at } => {
            let Stage::Booked { slot, .. } = case.stage else {
                return;
            };
            case.stage = Stage::Waiting { since: at };
            case.unanswered_since = Some(slot.min(at));
            (case.closes_at, case.night) = (*closes_at, seq);
            case.appointment = Some(Appointment {
                slot,
                since: at,
                begun: seq,
                kept: true,
            });
        }
        Fact::AppointmentReminded => {
            if let Stage::Booked { reminded, .. } = &mut case.stage {
                *reminded = true;
            }
        }
        Fact::AppointmentMissed | Fact::BecameAnytime { .. } => {
            if let Some(appointment) = &mut case.appointment {
                appointment.kept = false;
            }
        }
        Fact::Reopened { .. } => case.appointment = None,
        _ => {}
    }
}

/// What falls due: the reminder, its beginning, and then the end of the time in which somebody may be late.
pub(super) fn deadlines(case: &Case) -> impl Iterator<Item = Deadline> + use<> {
    let booked = match case.stage {
        Stage::Booked {
            slot,
            booked,
            since,
            reminded,
        } => {
            let is_far = slot >= since + limits::APPOINTMENT_REMINDED_OF;
            let reminder = (is_far && !reminded).then_some(Deadline {
                kind: DeadlineKind::AppointmentReminder { booked },
                due_at: At(slot.0 - limits::APPOINTMENT_REMINDED.0),
            });
            let begins = Deadline {
                kind: DeadlineKind::AppointmentBegins { booked },
                due_at: slot,
            };
            [reminder, Some(begins)]
        }
        _ => [None, None],
    };
    let waits_live = case.waits() && case.service == Service::Night;
    let kept = case.appointment.filter(|appointment| waits_live && appointment.kept);
    let grace = kept.map(|appointment| Deadline {
        kind: DeadlineKind::AppointmentGrace {
            begun: appointment.begun,
        },
        due_at: appointment.slot + limits::APPOINTMENT_GRACE,
    });
    booked.into_iter().flatten().chain(grace)
}

/// Decides what a family wishes; nothing for any other command.
pub(super) fn by_guardian(case: &Case, command: &Command, now: At) -> Option<Decision> {
    Some(match command {
        Command::BookAppointment { slot, offer, hours } => booked(case, *slot, (*offer, hours), now),
        Command::GiveUpAppointment {
            service,
            reply_hours,
            closes_at,
        } => match case.stage {
            Stage::Booked { .. } => Ok(vec![
                Fact::AppointmentGivenUp {
                    service: *service,
                    reply_hours: (*service == Service::Anytime).then_some(*reply_hours),
                    closes_at: closes_at.filter(|_| *service == Service::Night),
                }
                .into(),
            ]),
            // It has begun meanwhile, or was given up in another tab: the family stands where it wished to.
            Stage::Waiting { .. } => Ok(Vec::new()),
            _ => Err(Refusal::NotWaiting),
        },
        _ => return None,
    })
}

fn booked(case: &Case, slot: At, (offer, hours): (Option<Offer>, &Hours), now: At) -> Decision {
    match case.stage {
        Stage::Booked { slot: held, .. } if held == slot => return Ok(Vec::new()),
        Stage::Waiting { .. } | Stage::Booked { .. } => {}
        _ => return Err(Refusal::NotWaiting),
    }
    if !case.may_book() {
        return Err(if case.acuity.is_urgent() {
            Refusal::TooUrgent
        } else {
            Refusal::NotWaiting
        });
    }
    let offer = offer.ok_or(Refusal::SlotClosed)?;
    offer.admits(hours, slot, now)?;
    let families = offer.families();
    Ok(vec![Fact::AppointmentBooked { slot, families }.into()])
}

/// A clinician has time before the appointment's, and the family is there.
pub(super) fn begun_early(
    case: &Case,
    staff: &Staff,
    (reason, closes_at, is_there): (Option<&str>, Option<At>, bool),
    now: At,
) -> Decision {
    let Stage::Booked { slot, .. } = case.stage else {
        return claimed(case, staff, reason);
    };
    if slot > now + limits::APPOINTMENT_EARLY {
        return Err(Refusal::TooEarly);
    }
    if !is_there {
        return Err(Refusal::FamilyAway);
    }
    let claimed = taken(staff, text::optional(reason.unwrap_or_default(), limits::REASON_CHARS)?);
    Ok(vec![Fact::AppointmentBegun { closes_at }.into(), claimed])
}

/// Decides what happens by itself; nothing for any other command. What does not hold any more changes nothing.
pub(super) fn by_timer(case: &Case, command: &Command, now: At) -> Option<Decision> {
    Some(Ok(match command {
        Command::BeginAppointment {
            booked,
            is_open,
            closes_at,
            reply_hours,
        } => {
            let is_time = |slot: At, held: Seq| held == *booked && now >= slot;
            if !matches!(case.stage, Stage::Booked { slot, booked, .. } if is_time(slot, booked)) {
                return Some(Ok(Vec::new()));
            }
            let begun = Fact::AppointmentBegun { closes_at: *closes_at };
            // The city closed the desk for this time after the booking: nobody waits there for nobody.
            let anytime = (!is_open).then_some(Fact::BecameAnytime {
                reply_hours: *reply_hours,
                wished_for: None,
            });
            [begun].into_iter().chain(anytime).map(Into::into).collect()
        }
        Command::RemindAppointment { booked } => {
            let is_it = |held: Seq, slot: At| held == *booked && now < slot;
            let reminds =
                matches!(case.stage, Stage::Booked { booked, slot, reminded: false, .. } if is_it(booked, slot));
            reminds.then(|| Fact::AppointmentReminded.into()).into_iter().collect()
        }
        Command::MissAppointment { begun, is_there } => {
            let waits_live = case.waits() && case.service == Service::Night;
            let kept = case.appointment.filter(|one| one.kept && one.begun == *begun);
            let missed = kept.filter(|_| waits_live && !is_there);
            missed.map(|_| Fact::AppointmentMissed.into()).into_iter().collect()
        }
        _ => return None,
    }))
}
