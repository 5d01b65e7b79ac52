//! What a clinician did otherwise than the program has it, and gave a reason for: which, so that supervisors find it.
//!
//! Not here: the reason's words. They stand in the event, and are read in the replay alone.

use super::{
    event::{Event, Fact},
    state::Case,
};
use crate::intake::coded;

coded!(
    /// What was done with a reason.
    Reasoned {
        Overtook = "overtook", "順番を変えた";
        BegunEarly = "begun_early", "予約を早めた";
        Lowered = "lowered", "緊急度を下げた";
        ScopePassed = "scope_passed", "病気にふれる表現";
    }
);

/// Folds it: each once, in the order of [`Reasoned::ALL`].
pub(super) fn fold(case: &mut Case, event: &Event) {
    let Some(done) = done(case, event) else { return };
    if let Err(place) = case.reasoned.binary_search(&done) {
        case.reasoned.insert(place, done);
    }
}

fn done(case: &Case, event: &Event) -> Option<Reasoned> {
    match &event.fact {
        // One command begins an appointment before its time and takes it.
        Fact::Claimed { overtook: true, .. } => {
            let begun = case.appointment.filter(|one| one.begun + 1 == event.seq);
            let early = begun.is_some_and(|one| one.since < one.slot);
            Some(if early {
                Reasoned::BegunEarly
            } else {
                Reasoned::Overtook
            })
        }
        // The most urgent comes first: a greater one is a lower class, and none is lowered without a reason.
        Fact::ClassChanged { from, to, .. } if to > from => Some(Reasoned::Lowered),
        Fact::ScopePassed { .. } => Some(Reasoned::ScopePassed),
        _ => None,
    }
}
