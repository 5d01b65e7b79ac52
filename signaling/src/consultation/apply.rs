//! Folding: what an event changes, and what then falls due.

use super::{
    after::{self, After},
    appointment,
    event::{Event, Fact, Lane, Speaker},
    handing,
    promise::{self, Owed},
    reasoned,
    state::{Callback, Case, Deadline, DeadlineKind, Guest, GuestStanding, SignedNote, Stage, State},
    waiting,
};
use crate::{
    call::{Call, CallOutcome, CallbackOutcome, Colleague, history::CallHistory},
    hand_over::Patience,
    id::Seq,
    intake::Service,
    ladder::Delays,
    limits,
    time::Millis,
    triage::{Acuity, Fired},
};

/// What cities promised before the promise was written down.
const REPLY_HOURS_BEFORE: u32 = 24;

/// The state after one more event. Events come in the order of their numbers; one that is already folded changes nothing,
/// so that reading a piece of the log twice is harmless.
#[must_use]
pub fn apply(mut state: State, event: &Event) -> State {
    if event.seq <= state.seq {
        return state;
    }
    state.seq = event.seq;
    match state.case.as_deref_mut() {
        None => state.case = opened(event).map(Box::new),
        Some(case) => fold(case, event),
    }
    state
}

fn opened(event: &Event) -> Option<Case> {
    let Fact::Requested {
        municipality,
        guardian,
        service,
        reply_hours,
        closes_at,
        mode,
        quiet,
        subject,
        relation,
        complaints,
        returning,
        rules,
    } = event.fact.clone()
    else {
        return None;
    };
    Some(Case {
        municipality,
        guardian,
        service,
        reply_within: (service == Service::Anytime)
            .then(|| Millis::hours(i64::from(reply_hours.unwrap_or(REPLY_HOURS_BEFORE)))),
        closes_at,
        night: 0,
        appointment: None,
        mode,
        quiet,
        subject,
        relation,
        complaints,
        returning,
        requested_at: event.at,
        rules,
        flags: Vec::new(),
        acuity: Acuity::White,
        stage: Stage::Waiting { since: event.at },
        unanswered_since: Some(event.at),
        turn_missed_at: None,
        ladder: None,
        overlooked: None,
        owed: Owed::default(),
        first_claimed_at: None,
        first_reply_at: None,
        photos: Vec::new(),
        photo_wished: false,
        last_clinician: None,
        call: None,
        calls: CallHistory::default(),
        checks: 0,
        device: None,
        guests: Vec::new(),
        callback: None,
        handing: None,
        silence: None,
        missed_calls: 0,
        talk_seconds: 0,
        note: None,
        survey: None,
        after: After::default(),
        reasoned: Vec::new(),
    })
}

fn fold(case: &mut Case, event: &Event) {
    let waited = case.waits();
    fold_event(case, event);
    // Whatever brings a family into the queue, or back, begins its ladder; whoever takes it out ends it.
    if !case.waits() {
        case.ladder = None;
    } else if !waited || matches!(event.fact, Fact::Queued { .. }) {
        waiting::begins(case, event);
    }
}

fn fold_event(case: &mut Case, event: &Event) {
    let at = event.at;
    case.calls.fold(event);
    after::fold(case, event);
    appointment::fold(case, event);
    reasoned::fold(case, event);
    match &event.fact {
        // A second request is refused by `decide`; the rest leave no trace in the state.
        Fact::Requested { .. }
        | Fact::NoteAdded { .. }
        | Fact::CallInterrupted { .. }
        | Fact::ScopePassed { .. }
        | Fact::EpdsRecorded { .. } => {}
        // Remembered above.
        Fact::CallTroubled { .. }
        | Fact::CallMeasured { .. }
        | Fact::SeatInterrupted { .. }
        | Fact::SeatReturned { .. }
        | Fact::MissedSettled { .. } => {}
        // Below.
        Fact::HandedOn { .. }
        | Fact::HandOverAsked { .. }
        | Fact::HandOverDeclined { .. }
        | Fact::HandOverWithdrawn { .. }
        | Fact::HandOverLapsed
        | Fact::IdleAsked { .. }
        | Fact::IdleAnswered { .. }
        | Fact::IdleReturned { .. } => {}
        // Folded above.
        Fact::CheckInPlanned { .. }
        | Fact::CheckInAsked
        | Fact::CheckedIn { .. }
        | Fact::Reopened { .. }
        | Fact::SurveyNudged
        | Fact::ConcernRaised { .. }
        | Fact::ConcernDecided { .. }
        | Fact::ConcernNotified { .. }
        | Fact::ReferralOffered { .. }
        | Fact::ReferralAnswered { .. }
        | Fact::TaskShown { .. }
        | Fact::TaskTaken { .. }
        | Fact::TaskClosed { .. }
        | Fact::AppointmentBooked { .. }
        | Fact::AppointmentGivenUp { .. }
        | Fact::AppointmentBegun { .. }
        | Fact::AppointmentReminded
        | Fact::AppointmentMissed => {}
        // Drawn on the page alone.
        Fact::PhotoMarked { .. } => {}
        Fact::PhotoWished { .. } => case.photo_wished = true,
        Fact::Photo { speaker, photo, .. } => {
            case.photos.push(*photo);
            case.photo_wished &= *speaker != Speaker::Guardian;
            spoken(case, speaker, at);
        }
        Fact::Flagged {
            rule, version, action, ..
        } => {
            case.flags.push(Fired {
                rule: rule.clone(),
                version: *version,
                action: *action,
            });
        }
        Fact::Queued { acuity } => {
            case.acuity = *acuity;
            case.stage = Stage::Waiting { since: at };
        }
        Fact::ClassChanged { to, .. } => case.acuity = *to,
        Fact::TurnMissed { .. }
        | Fact::BecameAnytime { .. }
        | Fact::Alerted { .. }
        | Fact::AlertHeard { .. }
        | Fact::OverlookedClosed { .. } => waiting::fold(case, event),
        Fact::Claimed { by, .. } => {
            case.stage = Stage::Claimed {
                by: by.clone(),
                since: at,
            };
            case.last_clinician = Some(by.id);
            case.first_claimed_at.get_or_insert(at);
        }
        Fact::Released { .. } => case.waits_again(at),
        Fact::Said { lane: Lane::Staff, .. } => {}
        Fact::Said { speaker, .. } => spoken(case, speaker, at),
        Fact::ModeWished { mode } => case.mode = *mode,
        Fact::DeviceChecked { checked } => {
            case.checks += 1;
            case.device = Some(checked.clone());
        }
        Fact::Cancelled => case.stage = Stage::Cancelled { at },
        Fact::Closed { .. } => case.stage = Stage::Closed { at },
        Fact::NoteSigned { by, disposition, .. } => {
            case.note = Some(SignedNote {
                at,
                by: by.clone(),
                disposition: *disposition,
            });
        }
        Fact::Surveyed { answer } => case.survey = Some(*answer),
        Fact::CallOffered { .. }
        | Fact::CallJoined { .. }
        | Fact::CallConnected { .. }
        | Fact::CallResumed { .. }
        | Fact::CallModeChanged { .. }
        | Fact::CallHeld { .. }
        | Fact::CallEnded { .. } => fold_call(case, event),
        Fact::GuestInvited { .. }
        | Fact::GuestAdmitted { .. }
        | Fact::GuestRemoved { .. }
        | Fact::InvitationWithdrawn { .. }
        | Fact::ColleagueInvited { .. }
        | Fact::HandOverOffered { .. }
        | Fact::HandedOver { .. }
        | Fact::CallLeft { .. } => fold_people(case, event),
        Fact::CallbackAsked { .. } => case.callback = Some(Callback::Asked),
        Fact::CallbackNumber { to } => case.callback = Some(Callback::Given { to: *to }),
        Fact::CallbackDone { outcome, .. } => {
            case.callback = None;
            if *outcome == CallbackOutcome::Reached {
                replied(case, at);
            }
        }
    }
    handing::fold(case, event);
}

fn fold_people(case: &mut Case, event: &Event) {
    match &event.fact {
        Fact::GuestInvited { role, by, expires_at } => case.guests.push(Guest {
            invite: event.seq,
            role: *role,
            by: by.clone(),
            standing: GuestStanding::Invited { until: *expires_at },
        }),
        Fact::GuestAdmitted { invite, .. } => stands(case, *invite, GuestStanding::Admitted),
        Fact::GuestRemoved { invite, .. } => {
            stands(case, *invite, GuestStanding::Removed);
            if let Some(call) = &mut case.call {
                call.seats.retain(|seat| !seat.holder.is_guest(*invite));
            }
        }
        Fact::InvitationWithdrawn { invite, .. } => {
            stands(case, *invite, GuestStanding::Withdrawn);
            if let Some(call) = &mut case.call {
                call.colleague.take_if(|colleague| colleague.invite == *invite);
            }
        }
        Fact::ColleagueInvited { colleague, .. } => asked_in(case, event.seq, colleague),
        Fact::HandOverOffered { .. } => {
            let call = case.call.as_mut();
            if let Some(colleague) = call.and_then(|call| call.colleague.as_mut()) {
                colleague.offered = true;
            }
        }
        Fact::HandedOver { by, to, .. } => {
            case.stage = Stage::Claimed {
                by: to.clone(),
                since: event.at,
            };
            case.last_clinician = Some(to.id);
            asked_in(case, event.seq, by);
            case.ask_number_again();
        }
        Fact::CallLeft { holder, .. } => {
            if let Some(call) = &mut case.call {
                call.leave(holder);
                call.colleague
                    .take_if(|colleague| holder.is_clinician(colleague.staff.id));
            }
        }
        _ => {}
    }
}

fn stands(case: &mut Case, invite: Seq, standing: GuestStanding) {
    if let Some(guest) = case.guests.iter_mut().find(|guest| guest.invite == invite) {
        guest.standing = standing;
    }
}

fn asked_in(case: &mut Case, invite: Seq, staff: &crate::actor::Staff) {
    if let Some(call) = &mut case.call {
        call.colleague = Some(Colleague {
            invite,
            staff: staff.clone(),
            offered: false,
        });
    }
}

fn fold_call(case: &mut Case, event: &Event) {
    match &event.fact {
        Fact::CallOffered { mode, .. } => {
            case.call = Some(Call::ringing(event.seq, *mode, event.at));
        }
        Fact::CallJoined { holder, .. } => {
            if let Some(call) = &mut case.call {
                call.sit(event.seq, holder);
            }
        }
        Fact::CallConnected { .. } | Fact::CallResumed { .. } => {
            if let Some(call) = &mut case.call {
                call.connected_at.get_or_insert(event.at);
                replied(case, event.at);
            }
        }
        Fact::CallModeChanged { mode, .. } => {
            if let Some(call) = &mut case.call {
                call.mode = *mode;
            }
        }
        Fact::CallHeld { on, .. } => {
            if let Some(call) = &mut case.call {
                call.is_held = *on;
            }
        }
        Fact::CallEnded {
            outcome, talk_seconds, ..
        } => {
            case.call = None;
            case.talk_seconds = case.talk_seconds.saturating_add(*talk_seconds);
            if matches!(outcome, CallOutcome::Unanswered | CallOutcome::Declined) {
                case.missed_calls += 1;
            }
        }
        _ => {}
    }
}

/// Somebody wrote, or showed something.
fn spoken(case: &mut Case, speaker: &Speaker, at: crate::time::At) {
    match speaker {
        Speaker::Guardian => {
            case.unanswered_since.get_or_insert(at);
        }
        Speaker::Staff(_) => replied(case, at),
    }
}

fn replied(case: &mut Case, at: crate::time::At) {
    case.unanswered_since = None;
    case.first_reply_at.get_or_insert(at);
}

/// What falls due by itself if nothing else happens. The shell keeps these as timer rows, rewritten with every append.
#[must_use]
pub fn deadlines(state: &State, patience: Patience, delays: Delays) -> Vec<Deadline> {
    let Some(case) = state.case.as_deref() else {
        return Vec::new();
    };
    let ringing = case.call.as_ref().filter(|call| !call.is_answered());
    let rings = ringing.map(|call| Deadline {
        kind: DeadlineKind::RingExpires { call: call.id },
        due_at: call.offered_at + limits::RING,
    });
    rings
        .into_iter()
        .chain(handing::deadlines(case, patience))
        .chain(after::deadlines(case))
        .chain(waiting::deadlines(case, delays))
        .chain(promise::deadlines(case))
        .chain(appointment::deadlines(case))
        .collect()
}
