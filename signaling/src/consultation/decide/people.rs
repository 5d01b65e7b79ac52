//! Who comes into a call beside the family and the clinician, and who leaves it.
//!
//! What ends a call: the family leaving it, or the clinician who has it hanging up. Anybody else's leaving is `call_left`,
//! and the call goes on. A call holds [`limits::SEATS`] people, and an invitation that may still be accepted takes one of
//! the places, so that nobody is invited to be refused.

use super::{Decision, NewEvent, aftermath, in_call, running, seated};
use crate::{
    actor::Staff,
    call::{Call, Colleague, GuestRole, Holder},
    consultation::{Case, Command, Fact, Guest, GuestStanding, Refusal, Sealed},
    id::{Seq, StaffId},
    limits, text,
    time::At,
};

/// Commands of the clinician who has the consultation; nothing where it is none of these.
pub(super) fn by_owner(case: &Case, command: &Command, staff: &Staff, now: At) -> Option<Decision> {
    let me = || Holder::Staff(staff.clone());
    Some(match command {
        Command::Invite { role, name } => invited(case, *role, me(), name, now),
        Command::WithdrawInvitation { invite } => withdrawn(case, *invite, me()),
        Command::RemoveGuest { invite } => removed(case, *invite, staff),
        Command::InviteColleague { call, colleague, .. } => {
            colleague_invited(case, *call, staff, colleague.as_ref(), now)
        }
        Command::Hold { call, on } => held(case, *call, *on, staff),
        Command::HandOver { call, to } => offered(case, *call, staff, *to),
        _ => return None,
    })
}

/// Commands of a clinician who was asked into the call, or who had the consultation before.
pub(super) fn by_colleague(case: &Case, command: &Command, staff: &Staff, now: At) -> Decision {
    let me = Holder::Staff(staff.clone());
    match command {
        Command::Leave { call } => left(case, *call, me),
        Command::TakeOver { call } => {
            let running = seated(case, *call, &me)?;
            let offered = running.colleague.as_ref().is_some_and(|colleague| colleague.offered);
            let by = case.clinician().filter(|_| offered).ok_or(Refusal::NotAllowed)?;
            Ok(vec![
                Fact::HandedOver {
                    call: Some(*call),
                    by: by.clone(),
                    to: staff.clone(),
                }
                .into(),
            ])
        }
        Command::Join { .. }
        | Command::CallConnected { .. }
        | Command::CallInterrupted { .. }
        | Command::ChangeCallMode { .. } => in_call(case, command, &me, now),
        Command::SeatInterrupted { .. } | Command::SeatReturned { .. } => {
            aftermath::told(case, command, &me).unwrap_or(Err(Refusal::NotAllowed))
        }
        // How well the call went is told of the connection between the family and who has it.
        Command::CallTroubled { .. } | Command::CallMeasured { .. } => Ok(Vec::new()),
        // Everything else is for who has it.
        _ => Err(super::holds(case, staff).err().unwrap_or(Refusal::NotAllowed)),
    }
}

/// Commands of a guest: come in, take a seat, leave it.
pub(super) fn by_guest(case: &Case, command: &Command, invite: Seq, now: At) -> Decision {
    let guest = case.guest(invite).ok_or(Refusal::NotFound)?;
    match (guest.standing, command) {
        (GuestStanding::Removed, _) => Err(Refusal::Removed),
        (GuestStanding::Invited { until }, Command::Enter { name }) if now <= until => {
            let name = named(name)?;
            let fact = Fact::GuestAdmitted {
                invite,
                role: guest.role,
            };
            Ok(vec![NewEvent::sealed(fact, Sealed::Text { text: name })])
        }
        (_, Command::Enter { .. }) | (GuestStanding::Invited { .. } | GuestStanding::Withdrawn, _) => {
            Err(Refusal::InvitationOver)
        }
        (GuestStanding::Admitted, Command::Join { call }) if !running(case, *call)?.is_answered() => {
            // The family answers first; nobody waits for them in the doctor's company.
            Err(Refusal::NotAllowed)
        }
        (GuestStanding::Admitted, Command::Join { .. }) => in_call(case, command, &seat_of(guest), now),
        (GuestStanding::Admitted, Command::Leave { call }) => left(case, *call, seat_of(guest)),
        (GuestStanding::Admitted, Command::SeatInterrupted { .. } | Command::SeatReturned { .. }) => {
            aftermath::told(case, command, &seat_of(guest)).unwrap_or(Err(Refusal::NotAllowed))
        }
        (GuestStanding::Admitted, Command::CallTroubled { .. } | Command::CallMeasured { .. }) => Ok(Vec::new()),
        (GuestStanding::Admitted, _) => Err(Refusal::NotAllowed),
    }
}

/// 「家族を招待」, 「通訳を招待」.
pub(super) fn invited(case: &Case, role: GuestRole, by: Holder, name: &str, now: At) -> Decision {
    let name = named(name)?;
    has_room(case, now)?;
    let fact = Fact::GuestInvited {
        role,
        by,
        expires_at: now + limits::INVITATION,
    };
    Ok(vec![NewEvent::sealed(fact, Sealed::Text { text: name })])
}

/// Who invited may take it back, and the clinician who has the consultation may take back every one.
pub(super) fn withdrawn(case: &Case, invite: Seq, by: Holder) -> Decision {
    let withdrawn = |by| Ok(vec![Fact::InvitationWithdrawn { invite, by }.into()]);
    if let Some(call) = asked_by(case, invite) {
        let comes = call.colleague.as_ref().map(|colleague| colleague.staff.id);
        if comes.is_some_and(|id| call.seats_clinician(id)) {
            return Err(Refusal::InvitationOver);
        }
        return if by.is_staff() {
            withdrawn(by)
        } else {
            Err(Refusal::NotAllowed)
        };
    }
    let guest = case.guest(invite).ok_or(Refusal::NotFound)?;
    if !by.is_staff() && guest.by != by {
        return Err(Refusal::NotAllowed);
    }
    match guest.standing {
        GuestStanding::Invited { .. } => withdrawn(by),
        GuestStanding::Withdrawn => Ok(Vec::new()),
        GuestStanding::Admitted | GuestStanding::Removed => Err(Refusal::InvitationOver),
    }
}

fn removed(case: &Case, invite: Seq, staff: &Staff) -> Decision {
    match case.guest(invite).ok_or(Refusal::NotFound)?.standing {
        GuestStanding::Admitted => {
            let by = staff.clone();
            Ok(vec![Fact::GuestRemoved { invite, by }.into()])
        }
        GuestStanding::Removed => Ok(Vec::new()),
        GuestStanding::Invited { .. } | GuestStanding::Withdrawn => Err(Refusal::InvitationOver),
    }
}

fn colleague_invited(case: &Case, call: Seq, staff: &Staff, colleague: Option<&Staff>, now: At) -> Decision {
    let running = running(case, call)?;
    // The server names whom it found; nobody it did not find, and nobody who could not answer a family.
    let colleague = colleague
        .filter(|colleague| colleague.role.is_clinician() && colleague.id != staff.id)
        .ok_or(Refusal::NotAllowed)?;
    match &running.colleague {
        Some(there) if there.staff.id == colleague.id => return Ok(Vec::new()),
        Some(_) => return Err(Refusal::CallFull { limit: limits::SEATS }),
        None => has_room(case, now)?,
    }
    Ok(vec![
        Fact::ColleagueInvited {
            call,
            by: staff.clone(),
            colleague: colleague.clone(),
        }
        .into(),
    ])
}

fn held(case: &Case, call: Seq, on: bool, staff: &Staff) -> Decision {
    let running = seated(case, call, &Holder::Staff(staff.clone()))?;
    let by = staff.clone();
    let changed = (running.is_held != on).then(|| Fact::CallHeld { call, on, by }.into());
    Ok(changed.into_iter().collect())
}

fn offered(case: &Case, call: Seq, staff: &Staff, to: StaffId) -> Decision {
    let running = running(case, call)?;
    match &running.colleague {
        Some(Colleague { staff: there, .. }) if there.id == to && running.seats_clinician(to) => {
            let fact = Fact::HandOverOffered {
                call,
                by: staff.clone(),
                to: there.clone(),
            };
            let is_offered = running.colleague.as_ref().is_some_and(|colleague| colleague.offered);
            Ok((!is_offered).then(|| fact.into()).into_iter().collect())
        }
        _ => Err(Refusal::NotSeated),
    }
}

fn left(case: &Case, call: Seq, holder: Holder) -> Decision {
    seated(case, call, &holder)?;
    Ok(vec![Fact::CallLeft { call, holder }.into()])
}

pub(super) fn has_room(case: &Case, now: At) -> Result<(), Refusal> {
    let guests = case.guests.iter().filter(|guest| guest.counts(now)).count();
    // The family and who has it, or will.
    let people = 2 + guests + usize::from(case.colleague().is_some());
    if people < limits::SEATS {
        Ok(())
    } else {
        Err(Refusal::CallFull { limit: limits::SEATS })
    }
}

fn asked_by(case: &Case, invite: Seq) -> Option<&Call> {
    case.call.as_ref().filter(|call| {
        call.colleague
            .as_ref()
            .is_some_and(|colleague| colleague.invite == invite)
    })
}

fn seat_of(guest: &Guest) -> Holder {
    Holder::Guest {
        invite: guest.invite,
        role: guest.role,
    }
}

/// A name stands on one line.
fn named(name: &str) -> Result<String, Refusal> {
    let name = name.replace(['\n', '\r', '\t'], " ");
    Ok(text::required(&name, limits::GUEST_NAME_CHARS)?)
}
