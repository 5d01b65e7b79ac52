//! What a clinician judges against the program: the class of a consultation, and words that the scope guard marks.
//!
//! Promises: whoever raises a class does so at once, whoever lowers it says why; a midwife's words about an individual's disease
//! reach the family with a reason or not at all. Both stand in the log for supervisors, and families see neither.

use super::{Decision, said};
use crate::{
    actor::{Role, Staff},
    consultation::{
        command::Refusal,
        event::{Fact, Lane, NewEvent, Sealed, Speaker},
        state::Case,
    },
    limits,
    note::Note,
    scope, template, text,
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

/// Whether words that the family reads stay within the scope of whoever writes them. Beyond it, with a reason: the event that says so.
///
/// # Errors
/// Beyond it, without a reason.
pub(in crate::consultation) fn within_scope<'a>(
    by: &Staff,
    texts: impl IntoIterator<Item = &'a str>,
    reason: Option<&str>,
) -> Result<Option<NewEvent>, Refusal> {
    if by.role != Role::Midwife {
        return Ok(None);
    }
    let marks = texts.into_iter().flat_map(|words| scope::DELIVERED.marks(words));
    let mut rules: Vec<String> = marks.map(|mark| mark.rule.id.clone()).collect();
    let Some(first) = rules.first().cloned() else {
        return Ok(None);
    };
    let Some(reason) = text::optional(reason.unwrap_or_default(), limits::REASON_CHARS)? else {
        return Err(Refusal::BeyondScope { rule: first });
    };
    rules.sort();
    rules.dedup();
    let fact = Fact::ScopePassed { by: by.clone(), rules };
    Ok(Some(NewEvent::sealed(fact, Sealed::Reason { reason })))
}

/// Words for the family, in the conversation.
pub(super) fn said_by(by: &Staff, words: &str, reason: Option<&str>) -> Decision {
    no_blank([words])?;
    let mut events = said(Speaker::Staff(by.clone()), Lane::Everyone, words)?;
    events.extend(within_scope(by, [words], reason)?);
    Ok(events)
}

/// The record. What the family reads of it as its summary is held against the scope, what colleagues alone read is not.
pub(super) fn signed(case: &Case, by: &Staff, note: &Note, scope_reason: Option<&str>) -> Decision {
    if case.note.is_some() {
        return Err(Refusal::NoteSigned);
    }
    let note = note
        .clone()
        .checked()
        .map_err(|fault| Refusal::NoteIncomplete { fault })?;
    let read = || [Some(&note.advice), note.safety_net.as_ref()].into_iter().flatten();
    no_blank(read().chain(&note.internal).map(String::as_str))?;
    let passed = within_scope(by, read().map(String::as_str), scope_reason)?;
    let fact = Fact::NoteSigned {
        by: by.clone(),
        disposition: note.disposition,
        complaints: note.complaints.clone(),
    };
    let signed = NewEvent::sealed(fact, Sealed::Note(Box::new(note)));
    Ok(std::iter::once(signed).chain(passed).collect())
}
