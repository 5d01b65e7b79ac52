//! What a command means for a consultation: the events it makes, or why not.

mod aftermath;
mod epds;
mod judged;
mod photo;

use super::{
    after, appointment,
    command::{Command, Refusal, Request},
    event::{Fact, Lane, NewEvent, Sealed, Speaker},
    handing,
    state::{Case, Stage, State},
    waiting,
};
use crate::{
    actor::{Actor, Role, Staff},
    call::{Call, CallMode, CallOutcome, GuestRole, Holder},
    id::{GuardianId, Seq},
    intake::Service,
    limits, text,
    time::At,
    triage::acuity_of,
};

mod callback;
mod people;

pub(super) use judged::within_scope;

pub(super) type Decision = Result<Vec<NewEvent>, Refusal>;

/// Decides a command against the folded log. Pure: the same arguments always give the same events.
///
/// # Errors
/// The refusal that the actor is told.
pub fn decide(state: &State, command: &Command, actor: &Actor, now: At) -> Decision {
    if let (Command::Request(request), Actor::Guardian { id }) = (command, actor) {
        return match &state.case {
            None => Ok(requested(request, *id)),
            Some(case) if case.guardian == *id => Err(Refusal::AlreadyRequested),
            Some(_) => Err(Refusal::NotFound),
        };
    }
    let case = state.case.as_deref().ok_or(Refusal::NotFound)?;
    let ends_something = matches!(
        command,
        Command::Close
            | Command::Cancel
            | Command::Survey { .. }
            | Command::HangUp { .. }
            | Command::Leave { .. }
            | Command::RemoveGuest { .. }
            | Command::Decline { .. }
            | Command::RingExpired { .. }
            | Command::RaiseConcern { .. }
            | Command::TakeTask { .. }
            | Command::CloseTask { .. }
            | Command::EndNight { .. }
            | Command::GiveUpAppointment { .. }
            | Command::BeginAppointment { .. }
            | Command::CloseOverlooked { .. }
    );
    if state.seq >= limits::EVENTS_PER_CONSULTATION && !ends_something {
        return Err(Refusal::TooManyEvents);
    }
    match actor {
        Actor::Guardian { id } if *id != case.guardian => Err(Refusal::NotFound),
        Actor::Guardian { .. } => by_guardian(case, command, now),
        Actor::Staff(staff) => by_staff(state.seq, case, command, staff, now),
        Actor::Guest { invite, .. } => {
            open(case)?;
            people::by_guest(case, command, *invite, now)
        }
        Actor::System => after::by_itself(case, command, now).unwrap_or_else(|| by_timer(case, command, now)),
    }
}

fn requested(request: &Request, guardian: GuardianId) -> Vec<NewEvent> {
    let intake = &request.intake;
    let fact = Fact::Requested {
        municipality: request.municipality.clone(),
        guardian,
        service: request.service,
        closes_at: request.closes_at.filter(|_| request.service == Service::Night),
        reply_hours: (request.service == Service::Anytime).then_some(request.reply_hours),
        mode: intake.mode,
        quiet: intake.quiet,
        subject: intake.subject.band(request.today),
        relation: intake.relation,
        complaints: intake.complaints.clone(),
        returning: request.returning,
        rules: request.rules.clone(),
    };
    let flags = request.fired.iter().map(|fired| {
        NewEvent::from(Fact::Flagged {
            rule: fired.rule.clone(),
            version: fired.version,
            action: fired.action,
            epds: None,
        })
    });
    let queued = Fact::Queued {
        acuity: acuity_of(&request.fired),
    };
    let photos = request
        .photos
        .iter()
        .map(|photo| photo::told(Speaker::Guardian, photo).into());
    std::iter::once(NewEvent::sealed(fact, Sealed::Intake(Box::new(intake.clone()))))
        .chain(photos)
        .chain(flags)
        .chain([queued.into()])
        .collect()
}

fn by_guardian(case: &Case, command: &Command, now: At) -> Decision {
    if let Command::Survey { answer, words } = command {
        if !case.survey_is_open(now) {
            return Err(Refusal::SurveyClosed);
        }
        let words = text::optional(words.as_deref().unwrap_or_default(), limits::SURVEY_WORDS_CHARS)?;
        let sealed = words.map(|text| Sealed::Text { text });
        return Ok(vec![NewEvent {
            fact: Fact::Surveyed { answer: *answer },
            sealed,
        }]);
    }
    if let Some(told) = aftermath::told(case, command, &Holder::Guardian) {
        return told;
    }
    if let Some(decided) = after::by_guardian(case, command, now) {
        return decided;
    }
    open(case)?;
    if let Some(decided) = appointment::by_guardian(case, command, now) {
        return decided;
    }
    if let Some(decided) = callback::by_guardian(case, command) {
        return decided;
    }
    match command {
        Command::Invite {
            role: GuestRole::Family,
            name,
        } => people::invited(case, GuestRole::Family, Holder::Guardian, name, now),
        Command::WithdrawInvitation { invite } => people::withdrawn(case, *invite, Holder::Guardian),
        Command::Say { text } => said(Speaker::Guardian, Lane::Everyone, text),
        Command::AddPhoto { photo, caption } => photo::added(case, Speaker::Guardian, photo, caption.as_deref()),
        Command::AnswerLater {
            shown_hours,
            reply_hours,
        } => waiting::wished_later(case, *shown_hours, *reply_hours, now),
        Command::WishMode { mode } if *mode == case.mode => Ok(Vec::new()),
        Command::WishMode { mode } => Ok(vec![Fact::ModeWished { mode: *mode }.into()]),
        Command::ReportCheck { .. } if case.checks >= limits::CHECKS_KEPT => Err(Refusal::TooManyChecks),
        Command::ReportCheck { measured } => {
            let checked = measured.checked();
            Ok(vec![Fact::DeviceChecked { checked }.into()])
        }
        Command::Decline { call } => {
            let running = running(case, *call)?;
            if running.is_answered() {
                return Err(Refusal::CallRunning);
            }
            Ok(vec![ended(running, CallOutcome::Declined, Some(Holder::Guardian), now)])
        }
        Command::Cancel => {
            let hang_up = case
                .call
                .as_ref()
                .map(|call| ended(call, CallOutcome::HungUp, Some(Holder::Guardian), now));
            Ok(hang_up.into_iter().chain([Fact::Cancelled.into()]).collect())
        }
        other => in_call(case, other, &Holder::Guardian, now),
    }
}

fn by_staff(seq: Seq, case: &Case, command: &Command, staff: &Staff, now: At) -> Decision {
    if let Command::Remark { text } = command {
        let may = staff.role.is_clinician() || staff.role == Role::Supervisor;
        let speaker = Speaker::Staff(staff.clone());
        return if may {
            said(speaker, Lane::Staff, text)
        } else {
            Err(Refusal::NotAllowed)
        };
    }
    if let Some(decided) = after::by_staff(case, command, staff, now) {
        return decided;
    }
    match command {
        Command::HearAlert { step } => return waiting::heard(case, *step, staff),
        Command::CloseOverlooked { done } => return waiting::looked_after(case, staff, done),
        _ => {}
    }
    if !staff.role.is_clinician() {
        return Err(Refusal::NotAllowed);
    }
    if let Command::AddToNote { text } = command {
        if case.note.is_none() {
            return Err(Refusal::NoteNotSigned);
        }
        let text = text::required(text, limits::NOTE_FIELD_CHARS)?;
        return Ok(vec![NewEvent::sealed(
            Fact::NoteAdded { by: staff.clone() },
            Sealed::Text { text },
        )]);
    }
    let holder = Holder::Staff(staff.clone());
    if !case.is_open() {
        // What a page has to tell of its call may come after the end.
        let rang = case.calls.rang.as_ref().is_some_and(|by| by.id == staff.id);
        let told = rang.then(|| aftermath::told(case, command, &holder)).flatten();
        return told.unwrap_or(Err(Refusal::Ended));
    }
    if let Command::ChangeClass { acuity, reason } = command {
        return judged::class(case, staff, *acuity, reason.as_deref());
    }
    if let Command::Claim { overtake_reason } = command {
        return claimed(case, staff, overtake_reason.as_deref());
    }
    if let Command::BeginEarly {
        overtake_reason,
        closes_at,
        is_there,
    } = command
    {
        let asked = (overtake_reason.as_deref(), *closes_at, *is_there);
        return appointment::begun_early(case, staff, asked, now);
    }
    let room = || people::has_room(case, now);
    if let Some(decided) = handing::by_asked(case, command, staff, room) {
        return decided;
    }
    if case.colleague().is_some_and(|colleague| colleague.id == staff.id) {
        return people::by_colleague(case, command, staff, now);
    }
    holds(case, staff)?;
    if let Some(told) = aftermath::told(case, command, &holder) {
        return told;
    }
    let people = people::by_owner(case, command, staff, now)
        .or_else(|| callback::by_owner(case, command, staff))
        .or_else(|| handing::by_owner(case, command, staff));
    if let Some(decided) = people {
        return decided;
    }
    match command {
        Command::Release { reason } => {
            if case.call.is_some() {
                return Err(Refusal::CallRunning);
            }
            let reason = text::required(reason, limits::REASON_CHARS)?;
            Ok(vec![NewEvent::sealed(
                Fact::Released { by: staff.clone() },
                Sealed::Reason { reason },
            )])
        }
        Command::Say { text } => judged::said_by(staff, text, None),
        Command::SayBeyondScope { text, reason } => judged::said_by(staff, text, Some(reason)),
        Command::RecordEpds { points, fired } => epds::recorded(seq, case, staff, *points, fired.as_deref()),
        Command::AddPhoto { photo, caption } => {
            photo::added(case, Speaker::Staff(staff.clone()), photo, caption.as_deref())
        }
        Command::AskPhoto => Ok(photo::wished(case, staff)),
        Command::PlanCheckIn { on } => Ok(after::planned(case, staff, *on, now)),
        Command::MarkPhoto { photo, marks } => photo::marked(case, staff, *photo, marks),
        Command::Ring { mode } => rung(seq, case, staff, *mode),
        Command::SignNote { note, scope_reason } => judged::signed(case, staff, note, scope_reason.as_deref()),
        Command::Close => {
            if case.note.is_none() {
                return Err(Refusal::NoteNotSigned);
            }
            let hang_up = case
                .call
                .as_ref()
                .map(|call| ended(call, CallOutcome::HungUp, Some(holder), now));
            Ok(hang_up
                .into_iter()
                .chain([Fact::Closed { by: staff.clone() }.into()])
                .collect())
        }
        other => in_call(case, other, &holder, now),
    }
}

fn by_timer(case: &Case, command: &Command, now: At) -> Decision {
    match command {
        Command::RingExpired { call } => match &case.call {
            Some(running) if running.id == *call && !running.is_answered() => Ok(vec![
                Fact::CallEnded {
                    call: *call,
                    outcome: CallOutcome::Unanswered,
                    talk_seconds: 0,
                    by: None,
                }
                .into(),
            ]),
            _ => Ok(Vec::new()),
        },
        other => match handing::by_timer(case, other) {
            Some(events) => Ok(events),
            None => appointment::by_timer(case, other, now).unwrap_or_else(|| waiting::by_itself(case, other, now)),
        },
    }
}

/// Somebody is taken who waits.
pub(super) fn claimed(case: &Case, staff: &Staff, overtake_reason: Option<&str>) -> Decision {
    match &case.stage {
        Stage::Claimed { by, .. } if by.id == staff.id => Ok(Vec::new()),
        Stage::Claimed { by, .. } => Err(Refusal::AlreadyClaimed { by: by.addressed() }),
        Stage::Waiting { .. } => {
            let reason = text::optional(overtake_reason.unwrap_or_default(), limits::REASON_CHARS)?;
            // It waits for somebody else.
            if reason.is_none() && case.meant_for().is_some_and(|meant| !meant.is_for(staff)) {
                return Err(Refusal::ReasonNeeded);
            }
            Ok(vec![taken(staff, reason)])
        }
        Stage::Booked { .. } => Err(Refusal::NotWaiting),
        Stage::Closed { .. } | Stage::Cancelled { .. } => Err(Refusal::Ended),
    }
}

/// The event of it; with a reason where others are passed.
pub(super) fn taken(staff: &Staff, reason: Option<String>) -> NewEvent {
    let fact = Fact::Claimed {
        by: staff.clone(),
        overtook: reason.is_some(),
    };
    NewEvent {
        fact,
        sealed: reason.map(|reason| Sealed::Reason { reason }),
    }
}

fn said(speaker: Speaker, lane: Lane, text: &str) -> Decision {
    let text = text::required(text, limits::MESSAGE_CHARS)?;
    Ok(vec![NewEvent::sealed(
        Fact::Said { speaker, lane },
        Sealed::Text { text },
    )])
}

fn rung(seq: Seq, case: &Case, staff: &Staff, mode: CallMode) -> Decision {
    if case.call.is_some() {
        return Err(Refusal::CallRunning);
    }
    let call = seq + 1;
    let holder = Holder::Staff(staff.clone());
    Ok(vec![
        Fact::CallOffered {
            by: staff.clone(),
            mode,
        }
        .into(),
        Fact::CallJoined { call, holder }.into(),
    ])
}

fn in_call(case: &Case, command: &Command, holder: &Holder, now: At) -> Decision {
    match command {
        Command::Join { call } => {
            let running = running(case, *call)?;
            if running.incarnation_of(holder).is_none() && running.seats.len() >= limits::SEATS {
                return Err(Refusal::CallFull { limit: limits::SEATS });
            }
            Ok(vec![
                Fact::CallJoined {
                    call: *call,
                    holder: holder.clone(),
                }
                .into(),
            ])
        }
        Command::CallConnected { call, path } => {
            let running = seated(case, *call, holder)?;
            Ok(vec![if running.connected_at.is_none() {
                Fact::CallConnected {
                    call: *call,
                    path: *path,
                }
                .into()
            } else {
                Fact::CallResumed {
                    call: *call,
                    path: *path,
                }
                .into()
            }])
        }
        Command::CallInterrupted { call } => {
            let running = seated(case, *call, holder)?;
            let interrupted = running
                .connected_at
                .map(|_| Fact::CallInterrupted { call: *call }.into());
            Ok(interrupted.into_iter().collect())
        }
        Command::ChangeCallMode { call, mode } => {
            let running = seated(case, *call, holder)?;
            let changed = (running.mode != *mode).then(|| {
                Fact::CallModeChanged {
                    call: *call,
                    mode: *mode,
                    holder: holder.clone(),
                }
                .into()
            });
            Ok(changed.into_iter().collect())
        }
        Command::HangUp { call, failed } => {
            let running = running(case, *call)?;
            let outcome = match (failed, running.is_answered()) {
                (true, _) => CallOutcome::Failed,
                (false, true) => CallOutcome::HungUp,
                (false, false) => CallOutcome::Cancelled,
            };
            let unexplained = failed.then(|| aftermath::unexplained(case, *call)).flatten();
            let ended = ended(running, outcome, Some(holder.clone()), now);
            Ok(unexplained.into_iter().chain([ended]).collect())
        }
        _ => Err(Refusal::NotAllowed),
    }
}

fn ended(call: &Call, outcome: CallOutcome, by: Option<Holder>, now: At) -> NewEvent {
    let talk_seconds = call
        .connected_at
        .map_or(0, |since| u32::try_from(now.seconds_since(since)).unwrap_or(u32::MAX));
    Fact::CallEnded {
        call: call.id,
        outcome,
        talk_seconds,
        by,
    }
    .into()
}

fn open(case: &Case) -> Result<(), Refusal> {
    if case.is_open() { Ok(()) } else { Err(Refusal::Ended) }
}

fn holds(case: &Case, staff: &Staff) -> Result<(), Refusal> {
    match case.clinician() {
        Some(by) if by.id == staff.id => Ok(()),
        Some(by) => Err(Refusal::AlreadyClaimed { by: by.addressed() }),
        None => Err(Refusal::NotYours),
    }
}

fn running(case: &Case, call: Seq) -> Result<&Call, Refusal> {
    case.call
        .as_ref()
        .filter(|running| running.id == call)
        .ok_or(Refusal::NoSuchCall)
}

fn seated<'a>(case: &'a Case, call: Seq, holder: &Holder) -> Result<&'a Call, Refusal> {
    let running = running(case, call)?;
    if running.incarnation_of(holder).is_some() {
        Ok(running)
    } else {
        Err(Refusal::NotSeated)
    }
}
