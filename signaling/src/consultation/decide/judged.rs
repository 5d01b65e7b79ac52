//! What a clinician judges against the program: the class of a consultation, and words that the scope guard marks.
//!
//! Promises: whoever raises a class does so at once, whoever lowers it says why; a midwife's words about an individual's disease
//! are said with a reason or not at all. Both stand in the log for supervisors, and families see neither.

use super::{Decision, said};
use crate::{
    actor::{Role, Staff},
    consultation::{
        command::Refusal,
        event::{Fact, Lane, NewEvent, Sealed, Speaker},
        state::Case,
    },
    limits, scope, template, text,
    triage::Acuity,
};

/// The class judged anew. The same one again changes nothing.
pub(super) fn class(case: &Case, by: &Staff, to: Acuity, reason: Option<&str>) -> Decision {
    if to == case.acuity {
        return Ok(Vec::new());
    }
    let reason = text::optional(reason.unwrap_or_default(), limits::REASON_CHARS)?;
    // The most urgent comes first: a greater one is a lower class.
    if to > case.acuity && reason.is_none() {
        return Err(Refusal::ReasonNeeded);
    }
    let fact = Fact::ClassChanged {
        by: by.clone(),
        from: case.acuity,
        to,
        epds: None,
    };
    Ok(vec![NewEvent {
        fact,
        sealed: reason.map(|reason| Sealed::Reason { reason }),
    }])
}

/// Nobody is sent, and no record keeps, the blank of a template.
pub(super) fn no_blank<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<(), Refusal> {
    let open = texts.into_iter().find_map(template::open_blank);
    open.map_or(Ok(()), |blank| {
        Err(Refusal::BlankOpen {
            blank: blank.to_owned(),
        })
    })
}

/// Words for the family, held against the scope of whoever says them.
pub(super) fn said_by(by: &Staff, words: &str, reason: Option<&str>) -> Decision {
    no_blank([words])?;
    let mut events = said(Speaker::Staff(by.clone()), Lane::Everyone, words)?;
    let marks = match by.role {
        Role::Midwife => scope::DELIVERED.marks(words),
        _ => Vec::new(),
    };
    let Some(first) = marks.first() else {
        return Ok(events);
    };
    let Some(reason) = text::optional(reason.unwrap_or_default(), limits::REASON_CHARS)? else {
        let rule = first.rule.id.clone();
        return Err(Refusal::BeyondScope { rule });
    };
    let mut rules: Vec<String> = marks.iter().map(|mark| mark.rule.id.clone()).collect();
    rules.sort();
    rules.dedup();
    let fact = Fact::ScopePassed { by: by.clone(), rules };
    events.push(NewEvent::sealed(fact, Sealed::Reason { reason }));
    Ok(events)
}
