//! What changes hands outside of a call's seats.

use super::{at, doctor, people::midwife};
use crate::{
    actor::Role,
    consultation::{Command, WireEvent, WireKind},
    hand_over::{HandOver, HandTo, Recipient},
    id::Seq,
};

fn summary() -> Box<HandOver> {
    Box::new(HandOver {
        about: "2歳3か月（母から）".to_owned(),
        worry: "発熱\n昨日の夜から熱があり、息が速いです".to_owned(),
        flags: "なし".to_owned(),
        so_far: "相談者：息が速いです".to_owned(),
        note: "医師の判断が必要なため".to_owned(),
    })
}

fn doctors() -> Recipient {
    Recipient {
        profession: Role::Pediatrician,
        person: None,
    }
}

fn one() -> Recipient {
    Recipient {
        profession: Role::Pediatrician,
        person: Some(doctor()),
    }
}

pub(super) fn commands() -> Vec<(&'static str, Command)> {
    let (to, hand_over) = (HandTo::Profession(Role::Pediatrician), summary());
    vec![
        (
            "hand_on",
            Command::HandOn {
                to: HandTo::Person(doctor().id),
                hand_over: hand_over.clone(),
                colleague: None,
            },
        ),
        (
            "offer_hand_over",
            Command::OfferHandOver {
                to,
                hand_over,
                colleague: None,
            },
        ),
        ("accept_hand_over", Command::AcceptHandOver),
        (
            "decline_hand_over",
            Command::DeclineHandOver {
                reason: "別の相談の途中".to_owned(),
            },
        ),
        ("withdraw_hand_over", Command::WithdrawHandOver),
        ("still_here", Command::StillHere),
    ]
}

pub(super) fn events() -> Vec<(&'static str, WireEvent)> {
    let by = midwife;
    let handed = |recipient, hand_over| WireKind::HandedOn {
        by: by(),
        recipient,
        hand_over,
    };
    let over = WireKind::HandedOver {
        call: None,
        by: by(),
        to: doctor(),
    };
    let declined = WireKind::HandOverDeclined {
        by: doctor(),
        reason: Some("別の相談の途中".to_owned()),
    };
    let asked = WireKind::HandOverAsked {
        by: by(),
        recipient: doctors(),
        hand_over: Some(summary()),
    };
    let kinds = vec![
        ("handed_on", handed(one(), None)),
        ("handed_on_with_summary", handed(doctors(), Some(summary()))),
        ("hand_over_asked", asked),
        ("hand_over_declined", declined),
        ("hand_over_withdrawn", WireKind::HandOverWithdrawn { by: by() }),
        ("hand_over_lapsed", WireKind::HandOverLapsed),
        ("handed_over_without_call", over),
        ("idle_asked", WireKind::IdleAsked { of: by() }),
        ("idle_answered", WireKind::IdleAnswered { by: by() }),
        ("idle_returned", WireKind::IdleReturned { of: None }),
        ("idle_returned_by_whom", WireKind::IdleReturned { of: Some(by()) }),
    ];
    let event = |(place, (name, kind)): (i64, (&'static str, WireKind))| {
        let seq = 40 + Seq::try_from(place).unwrap_or_default();
        let at = at(600 + place * 10);
        (name, WireEvent { seq, at, kind })
    };
    (0..).zip(kinds).map(event).collect()
}
