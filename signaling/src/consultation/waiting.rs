//! What happens to a family that waits and is not taken: its turn comes while it is away, the desk closes, the ladder climbs,
//! or it would rather be answered later.
//!
//! Promises: none of it moves a place. A turn that was missed is told once in [`limits::TURN_MISSED_AGAIN`], however often
//! 「次の方」 is pressed meanwhile; a red or yellow one comes to the supervisor at once. What came to the supervisor stays there,
//! also when somebody takes the consultation after all, until a supervisor writes down what was done. Nobody red or yellow is let
//! wait for a promise, and nobody for a later one than they were shown.

use super::{
    command::{Command, Refusal},
    decide::Decision,
    event::{Event, Fact, NewEvent, Sealed},
    promise,
    state::{Case, Deadline, DeadlineKind, Stage},
};
use crate::{
    actor::{Role, Staff},
    intake::Service,
    ladder::{Delays, Escalation, Ladder, Overlooked, Step, Why, next_step},
    limits, text,
    time::{At, Millis},
};

/// It waits from now on: a ladder for whoever waits live.
pub(super) fn begins(case: &mut Case, event: &Event) {
    case.ladder = (case.service == Service::Night).then(|| Ladder::at_its_foot(event.seq, event.at));
}

/// Folds what happens to whoever waits.
pub(super) fn fold(case: &mut Case, event: &Event) {
    match &event.fact {
        Fact::TurnMissed { .. } => case.turn_missed_at = Some(event.at),
        Fact::BecameAnytime {
            reply_hours,
            wished_for,
        } => {
            // The wish is a question too, where nothing else waits for an answer.
            if wished_for.is_some() {
                case.unanswered_since.get_or_insert(event.at);
            }
            case.service = Service::Anytime;
            case.reply_within = Some(Millis::hours(i64::from(*reply_hours)));
            case.ladder = None;
        }
        Fact::Alerted { step, supervisor, .. } => {
            if case.ladder.is_some() {
                case.ladder = Some(Ladder::at(*step, event.seq, event.at));
            }
            if let Some(escalation) = supervisor {
                promise::fold(case, *escalation);
                case.overlooked = Some(Overlooked {
                    since: event.at,
                    escalation: *escalation,
                    owner: None,
                });
            }
        }
        Fact::AlertHeard { step, by } => {
            if let Some(ladder) = case.ladder.as_mut().filter(|ladder| ladder.step == *step) {
                ladder.heard_by = Some(by.clone());
            }
            if let Some(overlooked) = case.overlooked.as_mut().filter(|_| *step == Step::Supervisor) {
                overlooked.owner = Some(by.clone());
            }
        }
        Fact::OverlookedClosed { .. } => case.overlooked = None,
        _ => {}
    }
}

/// What falls due while it waits.
pub(super) fn deadlines(case: &Case, delays: Delays) -> impl Iterator<Item = Deadline> + use<> {
    let waits_live = matches!(case.stage, Stage::Waiting { .. }) && case.service == Service::Night;
    let night = case.closes_at.filter(|_| waits_live).map(|due_at| Deadline {
        kind: DeadlineKind::NightEnds { night: case.night },
        due_at,
    });
    let climb = case.ladder.as_ref().filter(|_| waits_live).and_then(|ladder| {
        Some(Deadline {
            kind: DeadlineKind::Climb { from: ladder.begun_by },
            due_at: ladder.next_at(delays)?,
        })
    });
    night.into_iter().chain(climb)
}

/// Decides what the system does by itself to whoever waits. What does not hold any more changes nothing.
pub(super) fn by_itself(case: &Case, command: &Command, now: At) -> Decision {
    let waits_live = matches!(case.stage, Stage::Waiting { .. }) && case.service == Service::Night;
    match command {
        Command::PassTurn { by, supervisor_within } => {
            // A time that has not come yet was written by a clock that was ahead.
            let told_lately = case
                .turn_missed_at
                .is_some_and(|at| at <= now && now < at + limits::TURN_MISSED_AGAIN);
            if !waits_live || told_lately {
                return Ok(Vec::new());
            }
            let urgent = (case.acuity.is_urgent() && case.overlooked.is_none())
                .then(|| escalated(Why::Away, now + *supervisor_within));
            let missed = Fact::TurnMissed { by: by.clone() }.into();
            Ok([missed].into_iter().chain(urgent).collect())
        }
        Command::EndNight { reply_hours } => {
            let is_over = case.closes_at.is_some_and(|closes_at| now >= closes_at);
            let ended = (waits_live && is_over).then(|| {
                Fact::BecameAnytime {
                    reply_hours: *reply_hours,
                    wished_for: None,
                }
                .into()
            });
            Ok(ended.into_iter().collect())
        }
        Command::Climb {
            from,
            reach,
            supervisor_within,
        } => {
            let Some(ladder) = case.ladder.as_ref().filter(|ladder| ladder.begun_by == *from) else {
                return Ok(Vec::new());
            };
            Ok(match next_step(ladder.step, *reach) {
                (Step::Supervisor, _) => vec![escalated(Why::Unclaimed, now + *supervisor_within)],
                (step, desks) => vec![
                    Fact::Alerted {
                        step,
                        desks,
                        supervisor: None,
                    }
                    .into(),
                ],
            })
        }
        Command::TellOwed {
            why,
            asked_at,
            supervisor_within,
        } => promise::tell(case, (*why, *asked_at), *supervisor_within, now),
        _ => Err(Refusal::NotAllowed),
    }
}

impl Case {
    /// By when the family would be answered if it wished to be answered later, in a city that promises so many hours;
    /// nothing where it may not: it does not wait live, or should be heard tonight.
    #[must_use]
    pub fn answered_later_by(&self, reply_hours: u32, now: At) -> Option<At> {
        let waits_live = matches!(self.stage, Stage::Waiting { .. }) && self.service == Service::Night;
        let asked_at = self.unanswered_since.unwrap_or(now);
        (waits_live && !self.acuity.is_urgent()).then(|| asked_at + Millis::hours(i64::from(reply_hours)))
    }
}

/// The family would rather be answered later. Said twice, it is said once.
pub(super) fn wished_later(case: &Case, shown_hours: u32, reply_hours: u32, now: At) -> Decision {
    match case.stage {
        Stage::Waiting { .. } if case.service == Service::Anytime => return Ok(Vec::new()),
        Stage::Waiting { .. } => {}
        _ => return Err(Refusal::NotWaiting),
    }
    if reply_hours > shown_hours {
        return Err(Refusal::PromiseChanged);
    }
    let wished_for = case.answered_later_by(reply_hours, now).ok_or(Refusal::TooUrgent)?;
    let fact = Fact::BecameAnytime {
        reply_hours,
        wished_for: Some(wished_for),
    };
    Ok(vec![fact.into()])
}

pub(super) fn escalated(why: Why, due_at: At) -> NewEvent {
    Fact::Alerted {
        step: Step::Supervisor,
        desks: 0,
        supervisor: Some(Escalation { why, due_at }),
    }
    .into()
}

/// A page confirms a step, or a supervisor takes the last one. Only the first counts; a step that is over is not confirmed.
pub(super) fn heard(case: &Case, step: Step, by: &Staff) -> Decision {
    let may = match step {
        Step::Supervisor => by.role == Role::Supervisor,
        _ => by.role.is_clinician(),
    };
    if !may {
        return Err(Refusal::NotAllowed);
    }
    let is_news = match step {
        Step::Supervisor => case.overlooked.as_ref().is_some_and(|one| one.owner.is_none()),
        _ => case
            .ladder
            .as_ref()
            .is_some_and(|ladder| ladder.step == step && ladder.heard_by.is_none()),
    };
    let fact = is_news.then(|| Fact::AlertHeard { step, by: by.clone() }.into());
    Ok(fact.into_iter().collect())
}

/// A supervisor writes down what was done. Whoever does so owns it, also where somebody else had taken it.
pub(super) fn looked_after(case: &Case, by: &Staff, done: &str) -> Decision {
    if by.role != Role::Supervisor {
        return Err(Refusal::NotAllowed);
    }
    if case.overlooked.is_none() {
        return Ok(Vec::new());
    }
    let text = text::required(done, limits::NOTE_FIELD_CHARS)?;
    Ok(vec![NewEvent::sealed(
        Fact::OverlookedClosed { by: by.clone() },
        Sealed::Text { text },
    )])
}
