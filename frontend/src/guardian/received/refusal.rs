//! Why a family's command was not carried out. A code that only staff meet, or of a newer server, is 「できません」: the
//! command must be answered, or it would be sent for ever.

use serde::Deserialize;
use signaling::consultation::Refusal;

/// The fields of all refusals.
#[derive(Deserialize)]
pub(in crate::guardian) struct Flat<'a> {
    code: &'a str,
    by: Option<String>,
    limit: Option<usize>,
}

impl Flat<'_> {
    pub(in crate::guardian) fn read(self) -> Refusal {
        match self.code {
            "not_found" => Refusal::NotFound,
            "already_claimed" => Refusal::AlreadyClaimed {
                by: self.by.unwrap_or_default(),
            },
            "not_yours" => Refusal::NotYours,
            "not_waiting" => Refusal::NotWaiting,
            "ended" => Refusal::Ended,
            "already_requested" => Refusal::AlreadyRequested,
            "another_open" => Refusal::AnotherOpen,
            "empty" => Refusal::Empty,
            "nothing_chosen" => Refusal::NothingChosen,
            "too_long" => Refusal::TooLong {
                limit: self.limit.unwrap_or_default(),
            },
            "call_running" => Refusal::CallRunning,
            "in_another_call" => Refusal::InAnotherCall,
            "no_such_call" => Refusal::NoSuchCall,
            "not_seated" => Refusal::NotSeated,
            "call_full" => Refusal::CallFull {
                limit: self.limit.unwrap_or_default(),
            },
            "invitation_over" => Refusal::InvitationOver,
            "removed" => Refusal::Removed,
            "bad_number" => Refusal::BadNumber,
            "too_late" => Refusal::TooLate,
            "task_over" => Refusal::TaskOver,
            "survey_closed" => Refusal::SurveyClosed,
            "too_urgent" => Refusal::TooUrgent,
            "promise_changed" => Refusal::PromiseChanged,
            "slot_past" => Refusal::SlotPast,
            "slot_closed" => Refusal::SlotClosed,
            "slot_full" => Refusal::SlotFull,
            "too_many_events" => Refusal::TooManyEvents,
            _ => Refusal::NotAllowed,
        }
    }
}
