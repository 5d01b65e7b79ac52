//! More than two people, and the telephone: the same evening goes on. The family's partner comes by a link, a midwife is
//! asked in and takes over.

use super::{CALL, at, doctor};
use crate::{
    actor::{Role, Staff},
    call::{CallbackOutcome, GuestRole, Holder},
    consultation::{Command, WireEvent, WireKind},
    id::Seq,
    limits,
};

/// The partner's invitation.
const PARTNER: Seq = 20;

pub(super) fn midwife() -> Staff {
    Staff {
        id: "019a1f00-55aa-7b10-9c2d-000000000012".parse().expect("an id"),
        name: "鈴木".to_owned(),
        role: Role::Midwife,
    }
}

fn partner() -> Holder {
    Holder::Guest {
        invite: PARTNER,
        role: GuestRole::Family,
    }
}

pub(super) fn commands() -> Vec<(&'static str, Command)> {
    let call = CALL;
    let to = midwife().id;
    vec![
        (
            "invite",
            Command::Invite {
                role: GuestRole::Family,
                name: "けんた".to_owned(),
            },
        ),
        ("withdraw_invitation", Command::WithdrawInvitation { invite: PARTNER }),
        ("remove_guest", Command::RemoveGuest { invite: PARTNER }),
        ("leave", Command::Leave { call }),
        (
            "invite_colleague",
            Command::InviteColleague {
                call,
                to,
                colleague: None,
            },
        ),
        ("hold", Command::Hold { call, on: true }),
        ("hand_over", Command::HandOver { call, to }),
        ("take_over", Command::TakeOver { call }),
        ("ask_callback", Command::AskCallback),
        (
            "give_number",
            Command::GiveNumber {
                number: "090-1234-5678".to_owned(),
            },
        ),
        (
            "callback_done",
            Command::CallbackDone {
                outcome: CallbackOutcome::Reached,
            },
        ),
    ]
}

fn with_names() -> Vec<(&'static str, WireKind)> {
    let role = GuestRole::Family;
    let name = || Some("けんた".to_owned());
    vec![
        (
            "guest_invited",
            WireKind::GuestInvited {
                role,
                by: Holder::Guardian,
                expires_at: at(200) + limits::INVITATION,
                name: name(),
            },
        ),
        (
            "guest_admitted",
            WireKind::GuestAdmitted {
                invite: PARTNER,
                role,
                name: name(),
            },
        ),
        (
            "call_joined_by_guest",
            WireKind::CallJoined {
                call: CALL,
                holder: partner(),
            },
        ),
        (
            "call_left",
            WireKind::CallLeft {
                call: CALL,
                holder: partner(),
            },
        ),
        (
            "guest_removed",
            WireKind::GuestRemoved {
                invite: PARTNER,
                by: doctor(),
            },
        ),
        (
            "invitation_withdrawn",
            WireKind::InvitationWithdrawn {
                invite: PARTNER,
                by: Holder::Guardian,
            },
        ),
    ]
}

fn among_clinicians() -> Vec<(&'static str, WireKind)> {
    let (call, by, to) = (CALL, doctor, midwife);
    vec![
        (
            "colleague_invited",
            WireKind::ColleagueInvited {
                call,
                by: by(),
                colleague: to(),
            },
        ),
        (
            "call_held",
            WireKind::CallHeld {
                call,
                on: true,
                by: by(),
            },
        ),
        (
            "hand_over_offered",
            WireKind::HandOverOffered {
                call,
                by: by(),
                to: to(),
            },
        ),
        (
            "handed_over",
            WireKind::HandedOver {
                call: Some(call),
                by: by(),
                to: to(),
            },
        ),
    ]
}

fn by_telephone() -> Vec<(&'static str, WireKind)> {
    vec![
        ("callback_asked", WireKind::CallbackAsked { by: Holder::Guardian }),
        ("callback_number", WireKind::CallbackNumber { number: None }),
        (
            "callback_number_to_whom_it_was_given",
            WireKind::CallbackNumber {
                number: Some("09012345678".to_owned()),
            },
        ),
        (
            "callback_done",
            WireKind::CallbackDone {
                by: doctor(),
                outcome: CallbackOutcome::NotReached,
            },
        ),
    ]
}

pub(super) fn events() -> Vec<(&'static str, WireEvent)> {
    let kinds = with_names().into_iter().chain(among_clinicians()).chain(by_telephone());
    let event = |(place, (name, kind)): (u32, (&'static str, WireKind))| {
        let seq = PARTNER + Seq::from(place);
        let at = at(200 + i64::from(place) * 10);
        (name, WireEvent { seq, at, kind })
    };
    (0..).zip(kinds).map(event).collect()
}
