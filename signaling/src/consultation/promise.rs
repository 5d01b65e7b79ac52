//! Answers that are owed to a family that does not wait live.
//!
//! Promises: an urgent one that nobody is there for (it came outside of the hours, got worse then, or the desk closed while it
//! waited) comes to the supervisor at once, and any other when its promised time has passed without an answer, also where
//! somebody has it. Each of the two is told once for each question; what the supervisor has already is not told again.
//!
//! Not here: what the family is told to do meanwhile (the rules), the order of the worklist (`queue`), and families that wait
//! live (`waiting`).

use super::{
    decide::Decision,
    state::{Case, Deadline, DeadlineKind},
    waiting::escalated,
};
use crate::{
    intake::Service,
    ladder::{Escalation, Why},
    time::{At, Millis},
};

/// Which questions the supervisor was told of, by the time of their first message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    urgent: Option<At>,
    overdue: Option<At>,
}

/// The supervisor was told.
pub(super) fn fold(case: &mut Case, escalation: Escalation) {
    match escalation.why {
        Why::Hours => case.owed.urgent = case.unanswered_since,
        Why::Promise => case.owed.overdue = case.unanswered_since,
        Why::Unclaimed | Why::Away => {}
    }
}

/// When the supervisor is told next.
pub(super) fn deadlines(case: &Case) -> impl Iterator<Item = Deadline> + use<> {
    let owed = [Why::Hours, Why::Promise].map(|why| {
        let (asked_at, due_at) = due(case, why)?;
        let kind = DeadlineKind::Owed { why, asked_at };
        Some(Deadline { kind, due_at })
    });
    owed.into_iter().flatten()
}

/// The question that is open and not told of for this reason, and when it is.
fn due(case: &Case, why: Why) -> Option<(At, At)> {
    let asked_at = case.unanswered_since.filter(|_| case.service == Service::Anytime)?;
    let due_at = match why {
        Why::Hours => {
            (case.waits() && case.acuity.is_urgent() && case.owed.urgent != Some(asked_at)).then_some(asked_at)
        }
        Why::Promise => case
            .reply_by()
            .filter(|_| case.is_at_desk() && case.owed.overdue != Some(asked_at)),
        Why::Unclaimed | Why::Away => None,
    };
    due_at.map(|due_at| (asked_at, due_at))
}

/// Decides whether the supervisor is told of that question. What does not hold any more changes nothing.
pub(super) fn tell(case: &Case, (why, asked_at): (Why, At), within: Millis, now: At) -> Decision {
    let holds = due(case, why).is_some_and(|(open, due_at)| open == asked_at && due_at <= now);
    let told = (holds && case.overlooked.is_none()).then(|| escalated(why, now + within));
    Ok(told.into_iter().collect())
}
