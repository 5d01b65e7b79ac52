//! Handing a consultation over outside of a call's seats, and asking a clinician who has gone quiet.
//!
//! Two ways. *Cold*: it waits at once, meant for somebody, with a summary. *Warm*: whoever has it keeps it while a colleague is
//! asked, both write to each other in the staff's lane, and the family is told who comes when the colleague takes it. A running
//! call goes on. Either way the family keeps its place: nobody waits anew because two clinicians talked.
//!
//! Promises: nothing hangs on one person who does not answer. What is meant for somebody is for everybody after
//! [`Patience::hand_over`]; a family that waits for a word from a clinician who is not there goes back to the queue, after that
//! clinician was asked ([`Patience::idle`], [`Patience::idle_answer`]). Whoever works on it is left alone: each sign of work
//! begins the time anew, and a call or a telephone number that is awaited stops it.

use super::{
    command::{Command, Refusal},
    decide::Decision,
    event::{Event, Fact, NewEvent, Sealed, Speaker},
    state::{Callback, Case, Deadline, DeadlineKind, Stage},
};
use crate::{
    actor::Staff,
    call::Holder,
    hand_over::{HandOver, HandTo, Patience, Recipient},
    id::Seq,
    limits, text,
    time::At,
};

/// Somebody is asked to take a consultation over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handing {
    /// The number of the event that asks.
    pub asked: Seq,
    /// Who hands over.
    pub by: Staff,
    /// To whom.
    pub to: Recipient,
    /// Since when nobody has said anything to it.
    pub since: At,
    /// Whoever hands over keeps it until it is taken.
    pub warm: bool,
}

/// A family waits for a word from the clinician who has its consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The event since which.
    pub from: Seq,
    /// When that was.
    pub since: At,
    /// The clinician was asked: the event, and when.
    pub asked: Option<(Seq, At)>,
}

/// Commands of the clinician who has it; nothing where it is none of these.
pub(super) fn by_owner(case: &Case, command: &Command, staff: &Staff) -> Option<Decision> {
    Some(match command {
        Command::HandOn { .. } if case.call.is_some() => Err(Refusal::CallRunning),
        Command::HandOn {
            to,
            hand_over,
            colleague,
        } => handed(staff, *to, hand_over, colleague.as_ref(), |by, to| Fact::HandedOn {
            by,
            to,
        }),
        Command::OfferHandOver {
            to,
            hand_over,
            colleague,
        } => handed(staff, *to, hand_over, colleague.as_ref(), |by, to| {
            Fact::HandOverAsked { by, to }
        }),
        Command::WithdrawHandOver => {
            let withdrawn = case
                .handing
                .is_some()
                .then(|| Fact::HandOverWithdrawn { by: staff.clone() }.into());
            Ok(withdrawn.into_iter().collect())
        }
        Command::StillHere => {
            let answered = case.silence.and_then(|silence| silence.asked);
            Ok(answered
                .map(|_| Fact::IdleAnswered { by: staff.clone() }.into())
                .into_iter()
                .collect())
        }
        _ => return None,
    })
}

fn handed(
    staff: &Staff,
    to: HandTo,
    hand_over: &HandOver,
    colleague: Option<&Staff>,
    fact: impl FnOnce(Staff, Recipient) -> Fact,
) -> Decision {
    let recipient = match to {
        HandTo::Profession(profession) if profession.is_clinician() => Recipient {
            profession,
            person: None,
        },
        HandTo::Profession(_) => return Err(Refusal::NotAllowed),
        // The server names whom it found.
        HandTo::Person(id) => {
            let person = colleague
                .filter(|one| one.id == id && one.id != staff.id && one.role.is_clinician())
                .ok_or(Refusal::NotAllowed)?;
            Recipient {
                profession: person.role,
                person: Some(person.clone()),
            }
        }
    };
    let hand_over = Box::new(hand_over.checked()?);
    Ok(vec![NewEvent::sealed(
        fact(staff.clone(), recipient),
        Sealed::HandOver(hand_over),
    )])
}

/// Commands of whoever is asked; nothing where it is none of these.
pub(super) fn by_asked(
    case: &Case,
    command: &Command,
    staff: &Staff,
    room: impl FnOnce() -> Result<(), Refusal>,
) -> Option<Decision> {
    if !matches!(command, Command::AcceptHandOver | Command::DeclineHandOver { .. }) {
        return None;
    }
    if case.clinician().is_some_and(|by| by.id == staff.id) && matches!(command, Command::AcceptHandOver) {
        // Taken already, in another window.
        return Some(Ok(Vec::new()));
    }
    let Some(handing) = case.handing.as_ref().filter(|handing| handing.to.is(staff)) else {
        return Some(Err(match &case.stage {
            Stage::Claimed { by, .. } => Refusal::AlreadyClaimed { by: by.addressed() },
            _ => Refusal::NotAllowed,
        }));
    };
    Some(match command {
        Command::AcceptHandOver => accepted(case, staff, room),
        Command::DeclineHandOver { reason } if handing.to.person.is_some() => declined(staff, reason),
        // Nobody answers for a whole profession.
        _ => Err(Refusal::NotAllowed),
    })
}

fn accepted(case: &Case, staff: &Staff, room: impl FnOnce() -> Result<(), Refusal>) -> Decision {
    let Some(by) = case.clinician() else {
        return Ok(vec![
            Fact::Claimed {
                by: staff.clone(),
                overtook: false,
            }
            .into(),
        ]);
    };
    if let Some(call) = &case.call {
        if !call.is_answered() {
            return Err(Refusal::CallRunning);
        }
        match &call.colleague {
            Some(there) if there.staff.id == staff.id => {}
            Some(_) => return Err(Refusal::CallFull { limit: limits::SEATS }),
            None => room()?,
        }
    }
    Ok(vec![
        Fact::HandedOver {
            call: case.call.as_ref().map(|call| call.id),
            by: by.clone(),
            to: staff.clone(),
        }
        .into(),
    ])
}

fn declined(staff: &Staff, reason: &str) -> Decision {
    let reason = text::required(reason, limits::REASON_CHARS)?;
    Ok(vec![NewEvent::sealed(
        Fact::HandOverDeclined { by: staff.clone() },
        Sealed::Reason { reason },
    )])
}

/// What timers ask for. What does not hold any more changes nothing.
pub(super) fn by_timer(case: &Case, command: &Command) -> Option<Vec<NewEvent>> {
    let silence = case.silence.zip(case.clinician().cloned());
    let fact = match command {
        Command::LapseHandOver { asked } => case
            .handing
            .as_ref()
            .filter(|handing| handing.asked == *asked)
            .map(|_| Fact::HandOverLapsed),
        Command::AskIdle { from } => silence
            .filter(|(silence, _)| silence.from == *from && silence.asked.is_none())
            .map(|(_, of)| Fact::IdleAsked { of }),
        Command::ReturnIdle { asked } => silence
            .filter(|(silence, _)| silence.asked.is_some_and(|(seq, _)| seq == *asked))
            .map(|(_, of)| Fact::IdleReturned { of }),
        _ => return None,
    };
    Some(fact.map(NewEvent::from).into_iter().collect())
}

/// Folds what is handed over. The stage of `HandedOver` is folded with the people of a call.
pub(super) fn fold(case: &mut Case, event: &Event) {
    let handing = |by: &Staff, to: &Recipient, warm| Handing {
        asked: event.seq,
        by: by.clone(),
        to: to.clone(),
        since: event.at,
        warm,
    };
    match &event.fact {
        Fact::HandedOn { by, to } => {
            case.handing = Some(handing(by, to, false));
            case.waits_again(event.at);
        }
        Fact::HandOverAsked { by, to } => case.handing = Some(handing(by, to, true)),
        Fact::IdleReturned { .. } => {
            case.handing = None;
            case.waits_again(event.at);
        }
        Fact::HandOverDeclined { .. }
        | Fact::HandOverWithdrawn { .. }
        | Fact::HandOverLapsed
        | Fact::HandedOver { .. }
        | Fact::Claimed { .. }
        | Fact::Released { .. }
        | Fact::Closed { .. }
        | Fact::Cancelled => case.handing = None,
        Fact::Said {
            speaker: Speaker::Staff(_),
            ..
        } => {
            // They talk about it: nobody is made to hurry.
            if let Some(handing) = &mut case.handing {
                handing.since = event.at;
            }
        }
        _ => {}
    }
    fold_silence(case, event);
}

fn fold_silence(case: &mut Case, event: &Event) {
    let waits_for_a_word =
        case.unanswered_since.is_some() && case.call.is_none() && case.callback != Some(Callback::Asked);
    let Some(by) = case.clinician().filter(|_| waits_for_a_word) else {
        case.silence = None;
        return;
    };
    if let Fact::IdleAsked { .. } = event.fact {
        if let Some(silence) = &mut case.silence {
            silence.asked = Some((event.seq, event.at));
        }
        return;
    }
    if case.silence.is_none() || is_sign_of(&event.fact, by) {
        case.silence = Some(Silence {
            from: event.seq,
            since: event.at,
            asked: None,
        });
    }
}

/// Whether the event shows this clinician at work on it.
fn is_sign_of(fact: &Fact, clinician: &Staff) -> bool {
    let by = match fact {
        Fact::Claimed { by, .. }
        | Fact::HandedOver { to: by, .. }
        | Fact::HandOverAsked { by, .. }
        | Fact::HandOverWithdrawn { by }
        | Fact::IdleAnswered { by }
        | Fact::ClassChanged { by, .. }
        | Fact::EpdsRecorded { by }
        | Fact::PhotoWished { by }
        | Fact::PhotoMarked { by, .. }
        | Fact::CallbackDone { by, .. }
        | Fact::CallbackAsked { by: Holder::Staff(by) }
        | Fact::NoteSigned { by, .. }
        | Fact::NoteAdded { by }
        | Fact::Photo {
            speaker: Speaker::Staff(by),
            ..
        }
        | Fact::Said {
            speaker: Speaker::Staff(by),
            ..
        } => by,
        // Whoever has just talked is there, whichever side hung up.
        Fact::CallEnded { .. } | Fact::CallbackNumber { .. } => return true,
        _ => return false,
    };
    by.id == clinician.id
}

/// What falls due by itself.
pub(super) fn deadlines(case: &Case, patience: Patience) -> impl Iterator<Item = Deadline> + use<> {
    let lapse = case.handing.as_ref().map(|handing| Deadline {
        kind: DeadlineKind::HandOverLapses { asked: handing.asked },
        due_at: handing.since + patience.hand_over,
    });
    let idle = case.silence.map(|silence| match silence.asked {
        None => Deadline {
            kind: DeadlineKind::IdleAsked { from: silence.from },
            due_at: silence.since + patience.idle,
        },
        Some((asked, at)) => Deadline {
            kind: DeadlineKind::IdleReturns { asked },
            due_at: at + patience.idle_answer,
        },
    });
    lapse.into_iter().chain(idle)
}
