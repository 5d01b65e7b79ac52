//! Folding: what an event changes, and what then falls due.

use super::{
    event::{Event, Fact, Lane, Speaker},
    state::{Case, Deadline, DeadlineKind, SignedNote, Stage, State},
    waiting,
};
use crate::{
    call::{Call, CallOutcome, Seat, history::CallHistory},
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
        rules: _,
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
        mode,
        quiet,
        subject,
        relation,
        complaints,
        returning,
        requested_at: event.at,
        flags: Vec::new(),
        acuity: Acuity::White,
        stage: Stage::Waiting { since: event.at },
        unanswered_since: Some(event.at),
        turn_missed_at: None,
        ladder: None,
        overlooked: None,
        first_claimed_at: None,
        first_reply_at: None,
        call: None,
        calls: CallHistory::default(),
        checks: 0,
        device: None,
        missed_calls: 0,
        talk_seconds: 0,
        note: None,
        survey: None,
    })
}

fn fold(case: &mut Case, event: &Event) {
    let at = event.at;
    case.calls.fold(event);
    match &event.fact {
        // A second request is refused by `decide`; the rest leave no trace in the state.
        Fact::Requested { .. } | Fact::NoteAdded { .. } | Fact::CallInterrupted { .. } => {}
        // Remembered above.
        Fact::CallTroubled { .. }
        | Fact::CallMeasured { .. }
        | Fact::SeatInterrupted { .. }
        | Fact::SeatReturned { .. }
        | Fact::MissedSettled { .. } => {}
        Fact::Flagged { rule, version, action } => {
            case.flags.push(Fired {
                rule: rule.clone(),
                version: *version,
                action: *action,
            });
        }
        Fact::Queued { acuity } => {
            case.acuity = *acuity;
            waits(case, event);
        }
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
            case.ladder = None;
            case.first_claimed_at.get_or_insert(at);
        }
        Fact::Released { .. } => waits(case, event),
        Fact::Said { lane: Lane::Staff, .. } => {}
        Fact::Said {
            speaker: Speaker::Guardian,
            ..
        } => {
            case.unanswered_since.get_or_insert(at);
        }
        Fact::Said {
            speaker: Speaker::Staff(_),
            ..
        } => replied(case, at),
        Fact::ModeWished { mode } => case.mode = *mode,
        Fact::DeviceChecked { checked } => {
            case.checks += 1;
            case.device = Some(checked.clone());
        }
        Fact::Cancelled => {
            case.ladder = None;
            case.stage = Stage::Cancelled { at };
        }
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
        | Fact::CallEnded { .. } => fold_call(case, event),
    }
}

fn fold_call(case: &mut Case, event: &Event) {
    match &event.fact {
        Fact::CallOffered { mode, .. } => {
            case.call = Some(Call {
                id: event.seq,
                mode: *mode,
                offered_at: event.at,
                seats: Vec::new(),
                connected_at: None,
            });
        }
        Fact::CallJoined { holder, .. } => {
            if let Some(call) = &mut case.call {
                call.seats.retain(|seat| &seat.holder != holder);
                call.seats.push(Seat {
                    incarnation: event.seq,
                    holder: holder.clone(),
                });
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

fn replied(case: &mut Case, at: crate::time::At) {
    case.unanswered_since = None;
    case.first_reply_at.get_or_insert(at);
}

fn waits(case: &mut Case, event: &Event) {
    case.stage = Stage::Waiting { since: event.at };
    waiting::begins(case, event);
}

/// What falls due by itself if nothing else happens. The shell keeps these as timer rows, rewritten with every append.
#[must_use]
pub fn deadlines(state: &State, delays: Delays) -> Vec<Deadline> {
    let Some(case) = state.case.as_deref() else {
        return Vec::new();
    };
    let ringing = case.call.as_ref().filter(|call| !call.is_answered());
    let rings = ringing.map(|call| Deadline {
        kind: DeadlineKind::RingExpires { call: call.id },
        due_at: call.offered_at + limits::RING,
    });
    rings.into_iter().chain(waiting::deadlines(case, delays)).collect()
}
