//! An EPDS that the clinician who has the consultation has asked: its points, and what the city's rules make of them.
//!
//! Promises: points are sealed, and no fact tells them; a rule that fires is flagged once, and names the recording; the class is
//! raised where a rule says so and never lowered. Only staff see any of it ([`super::super::audience`]).
//!
//! Not here: which rules run, and whether they fire ([`crate::triage::RuleSet::evaluate_epds`], asked by the server).

use super::Decision;
use crate::{
    actor::Staff,
    consultation::{
        command::Refusal,
        event::{Fact, NewEvent, Sealed},
        state::Case,
    },
    id::Seq,
    triage::{Epds, Fired, acuity_of},
};

/// The points, with what they make fire; refused where nobody has evaluated them, since a silent rule would look like none.
pub(super) fn recorded(seq: Seq, case: &Case, by: &Staff, points: Epds, fired: Option<&[Fired]>) -> Decision {
    if !case.subject.is_mother() {
        return Err(Refusal::MothersOnly);
    }
    let fired = fired.ok_or(Refusal::NotAllowed)?;
    let recording = seq + 1;
    let mut events = vec![NewEvent::sealed(
        Fact::EpdsRecorded { by: by.clone() },
        Sealed::Epds { points },
    )];
    let is_known = |one: &&Fired| {
        case.flags
            .iter()
            .any(|flag| (&flag.rule, flag.action) == (&one.rule, one.action))
    };
    let flags = fired.iter().filter(|one| !is_known(one)).map(|one| Fact::Flagged {
        rule: one.rule.clone(),
        version: one.version,
        action: one.action,
        epds: Some(recording),
    });
    events.extend(flags.map(NewEvent::from));
    // Whatever fires counts, also what was flagged before: it may have been lowered since.
    let to = acuity_of(fired);
    if to < case.acuity {
        let fact = Fact::ClassChanged {
            by: by.clone(),
            from: case.acuity,
            to,
            epds: Some(recording),
        };
        events.push(fact.into());
    }
    Ok(events)
}
