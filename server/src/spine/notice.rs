//! What is told outside of the desk of an event, and to whom. Says that it happened, never what was said.
//!
//! Not here: who carries it out of the desk (`outbox`).

use crate::storage::Audience;
use signaling::{
    consultation::{Fact, Lane, Speaker},
    ladder::{Escalation, Why},
};

/// To whom an event is told, and as what. No event is told to both.
pub(super) fn notice(fact: &Fact) -> Option<(Audience, &'static str)> {
    let for_staff = for_staff(fact).map(|kind| (Audience::Staff, kind));
    for_staff.or_else(|| for_family(fact).map(|kind| (Audience::Family, kind)))
}

/// What comes to the city's supervisors or its public-health nurse, who may have no page open.
fn for_staff(fact: &Fact) -> Option<&'static str> {
    match fact {
        Fact::Alerted {
            supervisor: Some(Escalation { why, .. }),
            ..
        } => Some(match why {
            Why::Unclaimed => "supervisor_unclaimed",
            Why::Away => "supervisor_away",
        }),
        Fact::ConcernRaised { .. } => Some("supervisor_concern"),
        Fact::ReferralAnswered { given: true, .. } => Some("nurse_referral"),
        _ => None,
    }
}

/// What a family that is not on its page would want to be told of.
fn for_family(fact: &Fact) -> Option<&'static str> {
    match fact {
        Fact::TurnMissed { .. } => Some("turn_missed"),
        // Whoever wished it knows.
        Fact::BecameAnytime { wished_for: None, .. } => Some("became_anytime"),
        Fact::AppointmentReminded => Some("appointment_reminded"),
        Fact::AppointmentBegun { .. } => Some("appointment_begun"),
        Fact::AppointmentMissed => Some("appointment_missed"),
        Fact::Claimed { .. } => Some("claimed"),
        Fact::HandedOn { .. } | Fact::HandedOver { .. } => Some("handed_over"),
        Fact::CallOffered { .. } => Some("ringing"),
        Fact::Said {
            lane: Lane::Everyone,
            speaker: Speaker::Staff(_),
        }
        | Fact::Photo {
            speaker: Speaker::Staff(_),
            ..
        } => Some("answered"),
        Fact::PhotoWished { .. } => Some("photo_wished"),
        Fact::NoteSigned { .. } => Some("note_signed"),
        Fact::CheckInAsked => Some("check_in"),
        Fact::SurveyNudged => Some("survey"),
        Fact::ReferralOffered { .. } => Some("referral"),
        Fact::Closed { .. } => Some("closed"),
        _ => None,
    }
}
