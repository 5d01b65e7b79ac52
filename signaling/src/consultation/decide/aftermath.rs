//! What sides tell of a call besides the call itself: interruptions, what went wrong, how well it went; and that a missed
//! call has been dealt with. The last three may come after the end: a page learns of it first and tells then.

use super::{Decision, running, seated};
use crate::{
    call::{
        Holder,
        cause::{CallCause, Trouble},
        summary::Measured,
    },
    consultation::{Case, Command, Fact, NewEvent, Refusal},
    id::Seq,
};

/// Longest round trip in milliseconds that is believed: longer than any connection lives without an answer (RFC 7675 §5.1).
const ROUND_TRIP_MS: u32 = 30_000;

/// Decides these commands for somebody who may be in the consultation's calls; nothing for any other command.
pub(super) fn told(case: &Case, command: &Command, holder: &Holder) -> Option<Decision> {
    Some(match command {
        Command::CallTroubled { call, trouble } => troubled(case, *call, holder, *trouble),
        Command::CallMeasured { call, measured } => measure(case, *call, holder, *measured),
        Command::SettleMissed { call } => settled(case, *call, holder),
        Command::SeatInterrupted { call, seat, why } => {
            interrupted(case, *call, (*seat, holder), |who, holder, call| {
                (!who.contains(&holder)).then_some(Fact::SeatInterrupted {
                    call,
                    holder,
                    why: *why,
                })
            })
        }
        Command::SeatReturned { call, seat } => interrupted(case, *call, (*seat, holder), |who, holder, call| {
            who.contains(&holder).then_some(Fact::SeatReturned { call, holder })
        }),
        _ => return None,
    })
}

/// What the rules say of a call that nobody has told anything of.
pub(super) fn unexplained(case: &Case, call: Seq) -> Option<NewEvent> {
    let trouble = Trouble {
        cause: CallCause::Other,
        late: false,
        device: None,
        browser: None,
    };
    let untold = !case.calls.has_told(call, None);
    untold.then(|| {
        Fact::CallTroubled {
            call,
            holder: None,
            trouble,
        }
        .into()
    })
}

/// The running call, or the one that ended last.
fn known(case: &Case, call: Seq) -> Result<(), Refusal> {
    let runs = case.call.as_ref().is_some_and(|running| running.id == call);
    if runs || case.calls.last == Some(call) {
        Ok(())
    } else {
        Err(Refusal::NoSuchCall)
    }
}

fn troubled(case: &Case, call: Seq, holder: &Holder, trouble: Trouble) -> Decision {
    known(case, call)?;
    let told = case.calls.has_told(call, Some(holder));
    let fact = (!told).then(|| {
        Fact::CallTroubled {
            call,
            holder: Some(holder.clone()),
            trouble,
        }
        .into()
    });
    Ok(fact.into_iter().collect())
}

fn measure(case: &Case, call: Seq, holder: &Holder, measured: Measured) -> Decision {
    if !matches!(holder, Holder::Staff(_)) {
        return Err(Refusal::NotAllowed);
    }
    known(case, call)?;
    let measured = Measured {
        loss_permille: measured.loss_permille.min(1000),
        round_trip_ms: measured.round_trip_ms.map(|ms| ms.min(ROUND_TRIP_MS)),
        ..measured
    };
    let fact = (case.calls.measured != Some(call)).then(|| Fact::CallMeasured { call, measured }.into());
    Ok(fact.into_iter().collect())
}

fn settled(case: &Case, call: Seq, holder: &Holder) -> Decision {
    let Holder::Staff(by) = holder else {
        return Err(Refusal::NotAllowed);
    };
    if !case.is_open() {
        return Err(Refusal::Ended);
    }
    let missed = case.calls.missed.as_ref().filter(|missed| missed.call == call);
    let fact = missed.map(|_| Fact::MissedSettled { call, by: by.clone() }.into());
    Ok(fact.into_iter().collect())
}

/// A seat is named, so that what is said of a page that is gone does not touch the one after it. The other side may say it:
/// a phone that freezes does not.
fn interrupted(
    case: &Case,
    call: Seq,
    (seat, holder): (Seq, &Holder),
    fact: impl FnOnce(&[Holder], Holder, Seq) -> Option<Fact>,
) -> Decision {
    seated(case, call, holder)?;
    let running = running(case, call)?;
    let concerned = running.seats.iter().find(|one| one.incarnation == seat);
    let fact = concerned.and_then(|one| fact(&case.calls.interrupted, one.holder.clone(), call));
    Ok(fact.map(NewEvent::from).into_iter().collect())
}
