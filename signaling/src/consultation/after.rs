//! What comes after the advice: the question on the day after, coming back, the survey's one reminder, and what supervisors look
//! after: unhappy families, concerns, consented referrals.
//!
//! Promises: whoever comes back within [`limits::COME_BACK`] stands in the queue with the class that it had, and with at least yellow
//! when it got worse; a question and a reminder are asked once; a task is closed with what was done, or not at all. What a concern
//! says is sealed; nothing of it is in the state. Not here: who may hand over and receive a referral (`referral`).

use super::{
    command::{Command, Refusal},
    decide::Decision,
    event::{Event, Fact, Lane, NewEvent, Sealed, Speaker},
    referral,
    state::{Case, Deadline, DeadlineKind, Stage},
};
use crate::{
    actor::{Role, Staff},
    after::{Authority, ConcernDecision, Feeling, TaskKind, tomorrow_morning},
    id::{Seq, StaffId},
    intake::Service,
    limits,
    survey::Answer,
    text,
    time::{At, Millis},
    triage::Acuity,
};

/// What is remembered of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct After {
    /// The question on the day after.
    pub check_in: Option<CheckIn>,
    /// The event that ended the consultation last, and when.
    pub closed: Option<(Seq, At)>,
    /// Who ended it: whom a family that comes back knows.
    pub closed_by: Option<Staff>,
    /// When the survey was asked for once more.
    pub nudged_at: Option<At>,
    /// Everything that a supervisor has, or had, to look after.
    pub tasks: Vec<Task>,
    /// Concerns: the event, and whose it is.
    pub concerns: Vec<(Seq, StaffId)>,
    /// What was offered to be handed to the public-health nurse last: the event, and what the family said to it.
    pub referral: Option<(Seq, Option<bool>)>,
}

/// 「明日きく」.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckIn {
    /// The event that planned it.
    pub planned: Seq,
    /// When it is asked.
    pub due_at: At,
    /// When it was.
    pub asked_at: Option<At>,
    /// What the family said.
    pub feeling: Option<Feeling>,
}

/// Something that a supervisor looks after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The event that opened it.
    pub seq: Seq,
    /// Why.
    pub kind: TaskKind,
    /// When.
    pub opened_at: At,
    /// By when it is to be dealt with.
    pub due_at: At,
    /// When a supervisor's page first showed it.
    pub shown_at: Option<At>,
    /// Who has it.
    pub owner: Option<Staff>,
    /// When a public-health nurse received it last.
    pub received_at: Option<At>,
    /// When it was closed.
    pub closed_at: Option<At>,
    /// The event that says what was done, and whose it is; nothing where a family took its consent back.
    pub done: Option<(Seq, Staff)>,
}

impl CheckIn {
    /// Whether the family can answer now.
    #[must_use]
    pub fn is_open(&self, now: At) -> bool {
        self.feeling.is_none() && self.asked_at.is_some_and(|at| now <= at + limits::CHECK_IN_OPEN)
    }
}

impl Case {
    /// Whether the family can come back to it: for some days after its end.
    #[must_use]
    pub fn may_come_back(&self, now: At) -> bool {
        matches!(self.stage, Stage::Closed { at } if now <= at + limits::COME_BACK)
    }

    /// A task by the event that opened it.
    #[must_use]
    pub fn task(&self, seq: Seq) -> Option<&Task> {
        self.after.tasks.iter().find(|task| task.seq == seq)
    }

    /// Whose concern it is.
    #[must_use]
    pub fn concern_of(&self, concern: Seq) -> Option<StaffId> {
        let found = self.after.concerns.iter().find(|(seq, _)| *seq == concern);
        found.map(|(_, author)| *author)
    }
}

/// Folds it.
pub(super) fn fold(case: &mut Case, event: &Event) {
    let (seq, at) = (event.seq, event.at);
    match &event.fact {
        Fact::CheckInPlanned { due_at, .. } => {
            case.after.check_in = due_at.map(|due_at| CheckIn {
                planned: seq,
                due_at,
                asked_at: None,
                feeling: None,
            });
        }
        Fact::CheckInAsked => {
            if let Some(check_in) = &mut case.after.check_in {
                check_in.asked_at = Some(at);
            }
        }
        Fact::CheckedIn { feeling } => {
            if let Some(check_in) = &mut case.after.check_in {
                check_in.feeling = Some(*feeling);
            }
        }
        Fact::Reopened { service, reply_hours } => reopened(case, at, *service, *reply_hours),
        Fact::Closed { by } => (case.after.closed, case.after.closed_by) = (Some((seq, at)), Some(by.clone())),
        Fact::SurveyNudged => case.after.nudged_at = Some(at),
        Fact::Surveyed { answer: Answer::No } => open(case, seq, at, TaskKind::Dissatisfied),
        Fact::ConcernRaised { by } => {
            case.after.concerns.push((seq, by.id));
            open(case, seq, at, TaskKind::Concern);
        }
        Fact::ReferralOffered { .. } => case.after.referral = Some((seq, None)),
        Fact::ReferralAnswered { offer, given } => {
            case.after.referral = Some((*offer, Some(*given)));
            if *given {
                open(case, *offer, at, TaskKind::Referral);
            } else if let Some(task) = task_mut(case, *offer) {
                // What nobody consents to any more is handed to nobody.
                task.closed_at.get_or_insert(at);
            }
        }
        Fact::TaskShown { task, .. } => {
            if let Some(task) = task_mut(case, *task) {
                task.shown_at.get_or_insert(at);
            }
        }
        Fact::TaskTaken { task, by } => {
            if let Some(task) = task_mut(case, *task) {
                task.owner = Some(by.clone());
                if by.role == Role::PublicHealthNurse {
                    task.received_at = Some(at);
                }
            }
        }
        Fact::TaskClosed { task, by } => {
            if let Some(task) = task_mut(case, *task) {
                task.owner.get_or_insert_with(|| by.clone());
                task.closed_at = Some(at);
                task.done = Some((seq, by.clone()));
            }
        }
        _ => {}
    }
}

fn task_mut(case: &mut Case, seq: Seq) -> Option<&mut Task> {
    case.after.tasks.iter_mut().find(|task| task.seq == seq)
}

fn open(case: &mut Case, seq: Seq, at: At, kind: TaskKind) {
    case.after.tasks.retain(|task| task.seq != seq);
    case.after.tasks.push(Task {
        seq,
        kind,
        opened_at: at,
        due_at: at + kind.within(),
        shown_at: None,
        owner: None,
        received_at: None,
        closed_at: None,
        done: None,
    });
}

/// A new stay in the same thread: another record is written for it, and nobody who was let into its calls stays let in.
fn reopened(case: &mut Case, at: At, service: Service, reply_hours: Option<u32>) {
    case.service = service;
    case.reply_within = reply_hours.map(|hours| Millis::hours(i64::from(hours)));
    case.stage = Stage::Waiting { since: at };
    case.unanswered_since = Some(at);
    // The evening on which it first came is over; its turn has not come yet.
    (case.closes_at, case.turn_missed_at) = (None, None);
    case.note = None;
    case.callback = None;
    case.photo_wished = false;
    case.guests.clear();
    case.returning = true;
}

/// What falls due when it is over.
pub(super) fn deadlines(case: &Case) -> impl Iterator<Item = Deadline> + use<> {
    let closed = case.after.closed.filter(|_| matches!(case.stage, Stage::Closed { .. }));
    let check_in = case
        .after
        .check_in
        .filter(|one| closed.is_some() && one.asked_at.is_none())
        .map(|one| Deadline {
            kind: DeadlineKind::CheckIn { planned: one.planned },
            due_at: one.due_at,
        });
    let with_advice = case
        .note
        .as_ref()
        .is_some_and(|note| !note.disposition.is_without_advice());
    let nudge = closed
        .filter(|_| case.survey.is_none() && case.after.nudged_at.is_none() && with_advice)
        .map(|(closed, at)| Deadline {
            kind: DeadlineKind::SurveyNudge { closed },
            due_at: tomorrow_morning(at) + limits::SURVEY_NUDGE_AFTER,
        });
    check_in.into_iter().chain(nudge)
}

/// Decides what happens by itself; what does not hold any more changes nothing.
pub(super) fn by_itself(case: &Case, command: &Command, now: At) -> Option<Decision> {
    let is_over = matches!(case.stage, Stage::Closed { .. });
    let fact = match command {
        Command::AskCheckIn { planned } => {
            let check_in = case.after.check_in;
            let stands = check_in.is_some_and(|one| one.planned == *planned && one.asked_at.is_none());
            (is_over && stands).then_some(Fact::CheckInAsked)
        }
        Command::NudgeSurvey { closed } => {
            let same = case.after.closed.is_some_and(|(seq, _)| seq == *closed);
            (same && case.survey_is_open(now) && case.after.nudged_at.is_none()).then_some(Fact::SurveyNudged)
        }
        _ => return None,
    };
    Some(Ok(fact.into_iter().map(NewEvent::from).collect()))
}

/// Decides what a family does after the end.
pub(super) fn by_guardian(case: &Case, command: &Command, now: At) -> Option<Decision> {
    Some(match command {
        Command::ComeBack {
            text,
            service,
            reply_hours,
        } => come_back(case, text, (*service, *reply_hours), now),
        Command::CheckIn {
            feeling,
            service,
            reply_hours,
        } => checked_in(case, *feeling, (*service, *reply_hours), now),
        Command::AnswerReferral { offer, given } => referral::answered(case, *offer, *given),
        _ => return None,
    })
}

fn reopening(
    case: &Case,
    (service, reply_hours): (Service, u32),
    acuity: Acuity,
    said: Option<NewEvent>,
) -> Vec<NewEvent> {
    let reply_hours = (service == Service::Anytime).then_some(reply_hours);
    let reopened = Fact::Reopened { service, reply_hours };
    let queued = Fact::Queued {
        acuity: acuity.min(case.acuity),
    };
    [reopened.into()]
        .into_iter()
        .chain(said)
        .chain([queued.into()])
        .collect()
}

/// Said in a consultation that runs again already, it is a message like any other.
fn come_back(case: &Case, words: &str, service: (Service, u32), now: At) -> Decision {
    let text = text::required(words, limits::MESSAGE_CHARS)?;
    let fact = Fact::Said {
        speaker: Speaker::Guardian,
        lane: Lane::Everyone,
    };
    let said = NewEvent::sealed(fact, Sealed::Text { text });
    if case.is_open() {
        return Ok(vec![said]);
    }
    if !case.may_come_back(now) {
        return Err(Refusal::TooLate);
    }
    Ok(reopening(case, service, Acuity::White, Some(said)))
}

fn checked_in(case: &Case, feeling: Feeling, service: (Service, u32), now: At) -> Decision {
    let check_in = case.after.check_in.filter(|one| one.asked_at.is_some());
    let Some(check_in) = check_in else {
        return Err(Refusal::NotAllowed);
    };
    if check_in.feeling == Some(feeling) {
        return Ok(Vec::new());
    }
    if !check_in.is_open(now) {
        return Err(Refusal::TooLate);
    }
    let checked_in = NewEvent::from(Fact::CheckedIn { feeling });
    if feeling != Feeling::Worse {
        return Ok(vec![checked_in]);
    }
    let onward = match case.stage {
        Stage::Closed { .. } => reopening(case, service, Acuity::Yellow, None),
        // It waits again already: sooner now.
        Stage::Waiting { .. } if case.acuity > Acuity::Yellow => vec![Fact::Queued { acuity: Acuity::Yellow }.into()],
        // Nor does it wait for its appointment.
        Stage::Booked { .. } => vec![Fact::Queued { acuity: Acuity::Yellow }.into()],
        _ => Vec::new(),
    };
    Ok([checked_in].into_iter().chain(onward).collect())
}

/// Decides what staff do besides talking; nothing for any other command.
pub(super) fn by_staff(case: &Case, command: &Command, staff: &Staff, now: At) -> Option<Decision> {
    Some(match command {
        Command::ShowTask { task } => shown(case, *task, staff, now),
        Command::TakeTask { task } => taken(case, *task, staff, now),
        Command::CloseTask { task, words } => closed(case, (*task, words), staff, now),
        Command::RaiseConcern { facts } => raised(case, staff, facts),
        Command::DecideConcern {
            concern,
            decision,
            words,
        } => decided(case, (*concern, *decision), staff, words),
        Command::NotifyConcern {
            concern,
            whom,
            notified_at,
            words,
        } => notified(case, (*concern, *whom), staff, (*notified_at, words), now),
        Command::OfferReferral { shared } => referral::offered(case, staff, shared),
        _ => return None,
    })
}

/// 「明日きく」, for the clinician who has it.
pub(super) fn planned(case: &Case, staff: &Staff, on: bool, now: At) -> Vec<NewEvent> {
    let waits = case.after.check_in.is_some_and(|one| one.asked_at.is_none());
    let fact = (waits != on).then(|| Fact::CheckInPlanned {
        by: staff.clone(),
        due_at: on.then(|| tomorrow_morning(now)),
    });
    fact.into_iter().map(NewEvent::from).collect()
}

/// Only the first page counts, only a supervisor's, and only while nobody has it.
fn shown(case: &Case, task: Seq, by: &Staff, now: At) -> Decision {
    if by.role != Role::Supervisor {
        return Err(Refusal::NotAllowed);
    }
    let open = referral::open_for(case, task, by, now)?;
    let is_news = open.shown_at.is_none() && open.owner.is_none();
    let fact = is_news.then(|| Fact::TaskShown { task, by: by.clone() }.into());
    Ok(fact.into_iter().collect())
}

fn taken(case: &Case, task: Seq, by: &Staff, now: At) -> Decision {
    let open = referral::open_for(case, task, by, now)?;
    let mine = open.owner.as_ref().is_some_and(|owner| owner.id == by.id);
    let fact = (!mine).then(|| Fact::TaskTaken { task, by: by.clone() }.into());
    Ok(fact.into_iter().collect())
}

fn closed(case: &Case, (task, words): (Seq, &str), by: &Staff, now: At) -> Decision {
    referral::may_end(referral::open_for(case, task, by, now)?, by)?;
    let text = text::required(words, limits::NOTE_FIELD_CHARS)?;
    let fact = Fact::TaskClosed { task, by: by.clone() };
    Ok(vec![NewEvent::sealed(fact, Sealed::Text { text })])
}

/// Who has it, had it last, or is in its call; supervisors too.
pub(super) fn takes_part(case: &Case, staff: &Staff) -> bool {
    let colleague = case.colleague().is_some_and(|colleague| colleague.id == staff.id);
    staff.role == Role::Supervisor || (staff.role.is_clinician() && (case.takes_part(staff) || colleague))
}

fn raised(case: &Case, by: &Staff, facts: &str) -> Decision {
    if !takes_part(case, by) {
        return Err(Refusal::NotAllowed);
    }
    if case.after.concerns.len() >= limits::CONCERNS_PER_CONSULTATION {
        return Err(Refusal::TooManyEvents);
    }
    let text = text::required(facts, limits::NOTE_FIELD_CHARS)?;
    let fact = Fact::ConcernRaised { by: by.clone() };
    Ok(vec![NewEvent::sealed(fact, Sealed::Text { text })])
}

/// Whose concern it is, for whoever may write to it. To anybody else it is not there.
fn author(case: &Case, concern: Seq, staff: &Staff) -> Result<StaffId, Refusal> {
    let author = case.concern_of(concern).ok_or(Refusal::NotFound)?;
    if author == staff.id || staff.role == Role::Supervisor {
        Ok(author)
    } else {
        Err(Refusal::NotFound)
    }
}

fn decided(case: &Case, (concern, decision): (Seq, ConcernDecision), by: &Staff, words: &str) -> Decision {
    let author = author(case, concern, by)?;
    let words = text::optional(words, limits::NOTE_FIELD_CHARS)?;
    if decision == ConcernDecision::NoNotice && words.is_none() {
        return Err(Refusal::Empty);
    }
    let fact = Fact::ConcernDecided {
        concern,
        author,
        by: by.clone(),
        decision,
    };
    Ok(vec![NewEvent {
        fact,
        sealed: words.map(|text| Sealed::Text { text }),
    }])
}

fn notified(
    case: &Case,
    (concern, whom): (Seq, Authority),
    by: &Staff,
    (notified_at, words): (At, &str),
    now: At,
) -> Decision {
    let author = author(case, concern, by)?;
    if notified_at > now {
        return Err(Refusal::NotAllowed);
    }
    let words = text::optional(words, limits::NOTE_FIELD_CHARS)?;
    let fact = Fact::ConcernNotified {
        concern,
        author,
        by: by.clone(),
        whom,
        notified_at,
    };
    Ok(vec![NewEvent {
        fact,
        sealed: words.map(|text| Sealed::Text { text }),
    }])
}
