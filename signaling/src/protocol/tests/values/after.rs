//! What comes after the advice.

use super::{at, doctor};
use crate::{
    after::{Authority, ConcernDecision, Feeling},
    consultation::{Command, WireEvent, WireKind},
    intake::Service,
    time::At,
};

pub(super) fn commands() -> Vec<(&'static str, Command)> {
    vec![("plan_check_in", Command::PlanCheckIn { on: true })]
}

pub(super) fn events() -> Vec<(&'static str, WireEvent)> {
    let event = |seq, seconds, kind| WireEvent {
        seq,
        at: at(seconds),
        kind,
    };
    let by = doctor;
    let some = |text: &str| Some(text.to_owned());
    let planned = |due_at| WireKind::CheckInPlanned { by: by(), due_at };
    let raised = WireKind::ConcernRaised {
        by: by(),
        text: some("左うでに古いあざが3つ"),
    };
    let decided = WireKind::ConcernDecided {
        concern: 12,
        by: by(),
        decision: ConcernDecision::Notify,
        text: None,
    };
    let notified = WireKind::ConcernNotified {
        concern: 12,
        by: by(),
        whom: Authority::ChildGuidance,
        notified_at: at(215),
        text: some("担当 山田さん"),
    };
    let offered = WireKind::ReferralOffered {
        by: by(),
        text: some("夜泣きで眠れない日が続いています"),
    };
    let answered = WireKind::ReferralAnswered { offer: 15, given: true };
    let closed = WireKind::TaskClosed {
        task: 15,
        by: by(),
        text: some("電話で引き継いだ"),
    };
    let feeling = Feeling::Worse;
    let service = Service::Night;
    vec![
        ("check_in_planned", event(20, 300, planned(Some(At(1_795_395_600_000))))),
        ("check_in_not_planned", event(21, 310, planned(None))),
        ("check_in_asked", event(24, 900, WireKind::CheckInAsked)),
        ("checked_in", event(25, 960, WireKind::CheckedIn { feeling })),
        ("reopened", event(26, 960, WireKind::Reopened { service })),
        ("survey_nudged", event(27, 990, WireKind::SurveyNudged)),
        ("concern_raised", event(12, 200, raised)),
        ("concern_decided", event(13, 210, decided)),
        ("concern_notified", event(14, 220, notified)),
        ("referral_offered", event(15, 230, offered)),
        ("referral_answered", event(16, 240, answered)),
        ("task_shown", event(16, 245, WireKind::TaskShown { task: 15, by: by() })),
        ("task_taken", event(17, 250, WireKind::TaskTaken { task: 15, by: by() })),
        ("task_closed", event(18, 260, closed)),
    ]
}
