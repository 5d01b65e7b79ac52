//! What comes after the advice: the day after, coming back, the reminder, and what supervisors look after.

use super::{
    doctor, midwife,
    story::{EVENING, Story, family, note, say, staff},
};
use crate::{
    actor::{Actor, Role, Viewer},
    after::{Authority, ConcernDecision, Feeling, TaskKind, tomorrow_morning},
    consultation::{Command, DeadlineKind, Refusal, Stage, deadlines, project},
    hand_over::Patience,
    id::{GuardianId, Seq},
    intake::Service,
    ladder::Delays,
    limits,
    queue::rank,
    survey::Answer,
    time::Millis,
    triage::{Action, Acuity},
    view::{Standing, Thread},
};
use uuid::Uuid;

fn supervisor() -> Actor {
    Actor::Staff(staff(21, "高橋", Role::Supervisor))
}

fn back(text: &str, service: Service) -> Command {
    Command::ComeBack {
        text: text.to_owned(),
        service,
        reply_hours: 24,
    }
}

fn feels(feeling: Feeling) -> Command {
    Command::CheckIn {
        feeling,
        service: Service::Night,
        reply_hours: 24,
    }
}

/// Whatever is due by now happens.
fn timers(story: &mut Story) -> Vec<&'static str> {
    let due: Vec<_> = deadlines(&story.state, Patience::default(), Delays::default())
        .into_iter()
        .filter(|one| one.due_at <= story.now)
        .collect();
    let mut kinds = Vec::new();
    for deadline in due {
        assert_eq!(DeadlineKind::from_code(&deadline.kind.code()), Some(deadline.kind));
        let command = match deadline.kind {
            DeadlineKind::CheckIn { planned } => Command::AskCheckIn { planned },
            DeadlineKind::SurveyNudge { closed } => Command::NudgeSurvey { closed },
            _ => continue,
        };
        kinds.extend(story.does(&Actor::System, &command).expect("done"));
        assert_eq!(
            story.does(&Actor::System, &command),
            Ok(Vec::new()),
            "a timer that fires twice"
        );
    }
    kinds
}

fn due(story: &Story) -> Vec<DeadlineKind> {
    deadlines(&story.state, Patience::default(), Delays::default())
        .into_iter()
        .map(|one| one.kind)
        .collect()
}

/// Closed, with the question planned, asked on the next morning.
fn asked() -> Story {
    let mut story = Story::claimed();
    story.doctor(&Command::PlanCheckIn { on: true }).expect("planned");
    story
        .doctor(&Command::SignNote {
            note: Box::new(note()),
            scope_reason: None,
        })
        .expect("signed");
    story.doctor(&Command::Close).expect("closed");
    story.now = tomorrow_morning(EVENING);
    assert_eq!(timers(&mut story), ["check_in_asked"]);
    story
}

fn seen_by_family(story: &Story) -> Thread {
    let viewer = Viewer::Guardian(GuardianId(Uuid::from_u128(1)));
    let events: Vec<_> = story.log.iter().filter_map(|event| project(event, &viewer)).collect();
    Thread::of(&events)
}

#[test]
fn tomorrow_is_asked_once_after_the_end_and_not_at_all_when_the_clinician_takes_it_back() {
    let mut story = Story::claimed();
    let plan = |on| Command::PlanCheckIn { on };
    assert_eq!(story.doctor(&plan(true)), Ok(vec!["check_in_planned"]));
    assert_eq!(story.doctor(&plan(true)), Ok(Vec::new()), "pressed twice");
    assert_eq!(
        story.midwife(&plan(true)),
        Err(Refusal::AlreadyClaimed {
            by: "佐藤 医師".to_owned()
        })
    );
    assert_eq!(story.family(&plan(true)), Err(Refusal::NotAllowed));
    let asks = |kind: &DeadlineKind| matches!(kind, DeadlineKind::CheckIn { .. });
    assert!(
        !due(&story).iter().any(asks),
        "while somebody has it, nobody has to ask"
    );
    assert_eq!(story.doctor(&plan(false)), Ok(vec!["check_in_planned"]));
    assert_eq!(story.doctor(&plan(false)), Ok(Vec::new()));
    story
        .doctor(&Command::SignNote {
            note: Box::new(note()),
            scope_reason: None,
        })
        .expect("signed");
    story.doctor(&Command::Close).expect("closed");
    assert!(
        due(&story)
            .iter()
            .all(|kind| matches!(kind, DeadlineKind::SurveyNudge { .. }))
    );

    let story = asked();
    assert!(
        !due(&story)
            .iter()
            .any(|kind| matches!(kind, DeadlineKind::CheckIn { .. }))
    );
}

#[test]
fn better_and_same_are_kept_and_worse_stands_in_the_queue_with_at_least_yellow() {
    for feeling in [Feeling::Better, Feeling::Same] {
        let mut story = asked();
        assert_eq!(story.family(&feels(feeling)), Ok(vec!["checked_in"]));
        assert_eq!(story.family(&feels(feeling)), Ok(Vec::new()), "tapped twice");
        assert_eq!(story.family(&feels(Feeling::Worse)), Err(Refusal::TooLate), "answered");
        assert!(matches!(story.case().stage, Stage::Closed { .. }));
    }
    let mut story = asked();
    assert_eq!(
        story.family(&feels(Feeling::Worse)),
        Ok(vec!["checked_in", "reopened", "queued"])
    );
    assert_eq!(story.family(&feels(Feeling::Worse)), Ok(Vec::new()), "tapped twice");
    let case = story.case();
    assert_eq!((case.acuity, case.unanswered_since), (Acuity::Yellow, Some(story.now)));
    assert!(
        rank(case).is_some() && case.note.is_none(),
        "it waits, and another record is to be written"
    );
    story.takes(&midwife()).expect("the same team");
    assert_eq!(story.midwife(&Command::Close), Err(Refusal::NoteNotSigned));
}

#[test]
fn nobody_answers_what_was_not_asked_or_was_asked_days_ago() {
    let mut story = Story::closed();
    assert_eq!(story.family(&feels(Feeling::Worse)), Err(Refusal::NotAllowed));
    let mut story = asked();
    story.later(Millis(limits::CHECK_IN_OPEN.0 + 1));
    assert_eq!(story.family(&feels(Feeling::Worse)), Err(Refusal::TooLate));
    assert_eq!(story.doctor(&feels(Feeling::Worse)), Err(Refusal::Ended));
}

#[test]
fn a_family_comes_back_for_seven_days_with_its_class_and_its_words_and_is_answered_as_the_hour_allows() {
    let mut story = Story::closed();
    story.later(limits::COME_BACK);
    assert_eq!(story.family(&back(" \n", Service::Night)), Err(Refusal::Empty));
    let kinds = story.family(&back("また熱が出ました", Service::Anytime)).expect("back");
    assert_eq!(kinds, ["reopened", "said", "queued"]);
    let case = story.case();
    assert_eq!(
        (case.service, case.reply_by()),
        (Service::Anytime, Some(story.now + Millis::hours(24)))
    );
    assert_eq!(
        story.family(&back("まだです", Service::Night)),
        Ok(vec!["said"]),
        "sent again it is a message"
    );
    let thread = seen_by_family(&story);
    assert_eq!((thread.standing.clone(), thread.ended_at), (Standing::Waiting, None));
    assert_eq!(thread.earlier.len(), 1, "what was advised is still to be read");

    let mut late = Story::closed();
    late.later(Millis(limits::COME_BACK.0 + 1));
    assert_eq!(late.family(&back("また", Service::Night)), Err(Refusal::TooLate));
    let mut left = Story::waiting();
    left.family(&Command::Cancel).expect("left");
    assert_eq!(left.family(&back("また", Service::Night)), Err(Refusal::TooLate));
}

#[test]
fn a_red_family_that_comes_back_is_red_and_whoever_was_let_into_its_calls_is_not_let_in_again() {
    let mut story = Story::new();
    story
        .family(&super::story::request(&[("C01", Action::Call119)]))
        .expect("sent");
    story.takes(&doctor()).expect("taken");
    let invite = Command::Invite {
        role: crate::call::GuestRole::Family,
        name: "祖母".to_owned(),
    };
    story.family(&invite).expect("invited");
    story
        .doctor(&Command::SignNote {
            note: Box::new(note()),
            scope_reason: None,
        })
        .expect("signed");
    story.doctor(&Command::Close).expect("closed");
    story.family(&back("また", Service::Night)).expect("back");
    assert_eq!(story.case().acuity, Acuity::Red);
    assert!(story.case().guests.is_empty() && seen_by_family(&story).invited.is_empty());
}

#[test]
fn the_survey_is_asked_for_once_more_and_only_of_whoever_has_not_answered() {
    let mut story = Story::closed();
    story.later(Millis::days(2));
    assert_eq!(timers(&mut story), ["survey_nudged"]);
    assert!(due(&story).is_empty());
    let answer = |answer| Command::Survey { answer, words: None };
    let mut answered = Story::closed();
    answered.family(&answer(Answer::Yes)).expect("answered");
    assert!(due(&answered).is_empty(), "nothing to remind of");
    // Back, closed again, reminded before: never twice.
    story.family(&back("また", Service::Night)).expect("back");
    story.takes(&doctor()).expect("taken");
    story
        .doctor(&Command::SignNote {
            note: Box::new(note()),
            scope_reason: None,
        })
        .expect("signed");
    story.doctor(&Command::Close).expect("closed");
    assert!(due(&story).is_empty());
}

#[test]
fn a_family_that_would_not_come_again_is_a_task_that_ends_with_what_was_done() {
    let mut story = Story::closed();
    story
        .family(&Command::Survey {
            answer: Answer::RatherNo,
            words: None,
        })
        .expect("answered");
    assert!(story.case().after.tasks.is_empty());
    let mut story = Story::closed();
    story
        .family(&Command::Survey {
            answer: Answer::No,
            words: None,
        })
        .expect("answered");
    let task = story.state.seq;
    assert_eq!(story.case().after.tasks[0].kind, TaskKind::Dissatisfied);
    let close = |words: &str| Command::CloseTask {
        task,
        words: words.to_owned(),
    };
    for other in [Actor::Staff(doctor()), family()] {
        assert!(story.does(&other, &Command::ShowTask { task }).is_err());
        assert!(story.does(&other, &Command::TakeTask { task }).is_err());
        assert!(story.does(&other, &close("済み")).is_err());
    }
    assert_eq!(
        story.does(&supervisor(), &Command::TakeTask { task: task + 1 }),
        Err(Refusal::NotFound)
    );
    let show = Command::ShowTask { task };
    assert_eq!(story.does(&supervisor(), &show), Ok(vec!["task_shown"]));
    let shown_at = story.case().task(task).and_then(|task| task.shown_at);
    assert_eq!(
        shown_at,
        Some(story.now),
        "the log holds when a supervisor's page showed it"
    );
    assert_eq!(story.does(&supervisor(), &show), Ok(Vec::new()), "the first page alone");
    assert_eq!(
        story.does(&supervisor(), &Command::TakeTask { task }),
        Ok(vec!["task_taken"])
    );
    assert_eq!(story.does(&supervisor(), &show), Ok(Vec::new()));
    assert_eq!(story.does(&supervisor(), &Command::TakeTask { task }), Ok(Vec::new()));
    assert_eq!(story.does(&supervisor(), &close(" ")), Err(Refusal::Empty));
    assert_eq!(
        story.does(&supervisor(), &close("電話でおわびした")),
        Ok(vec!["task_closed"])
    );
    assert_eq!(story.does(&supervisor(), &close("もう一度")), Err(Refusal::TaskOver));
    let task = &story.case().after.tasks[0];
    assert!(task.closed_at.is_some() && task.owner.as_ref().is_some_and(|owner| owner.name == "高橋"));
}

fn raise(facts: &str) -> Command {
    Command::RaiseConcern {
        facts: facts.to_owned(),
    }
}

fn notify(concern: Seq, at: crate::time::At) -> Command {
    Command::NotifyConcern {
        concern,
        whom: Authority::ChildGuidance,
        notified_at: at,
        words: "担当 山田さん".to_owned(),
    }
}

#[test]
fn a_concern_is_raised_by_whoever_takes_part_and_decided_by_them_or_a_supervisor() {
    let mut story = Story::claimed();
    assert_eq!(story.midwife(&raise("あざ")), Err(Refusal::NotAllowed), "not hers");
    assert_eq!(story.doctor(&raise("")), Err(Refusal::Empty));
    assert_eq!(story.doctor(&raise("左うでに古いあざ")), Ok(vec!["concern_raised"]));
    let concern = story.state.seq;
    let task = story.case().task(concern).expect("a supervisor is told");
    assert_eq!(
        (task.kind, task.due_at),
        (TaskKind::Concern, story.now + Millis::minutes(15))
    );
    let decide = |decision, words: &str| Command::DecideConcern {
        concern,
        decision,
        words: words.to_owned(),
    };
    assert_eq!(
        story.midwife(&decide(ConcernDecision::Notify, "")),
        Err(Refusal::NotFound),
        "it is not there for her"
    );
    assert_eq!(story.family(&raise("x")), Err(Refusal::NotAllowed));
    assert_eq!(
        story.doctor(&decide(ConcernDecision::NoNotice, "")),
        Err(Refusal::Empty),
        "why not"
    );
    assert_eq!(
        story.does(&supervisor(), &decide(ConcernDecision::Notify, "")),
        Ok(vec!["concern_decided"])
    );
    let later = story.now + Millis(1);
    assert_eq!(
        story.doctor(&notify(concern, later)),
        Err(Refusal::NotAllowed),
        "nobody has been told tomorrow"
    );
    let now = story.now;
    assert_eq!(story.doctor(&notify(concern, now)), Ok(vec!["concern_notified"]));
    // After the end too, and it is no obstacle to ending.
    story
        .doctor(&Command::SignNote {
            note: Box::new(note()),
            scope_reason: None,
        })
        .expect("signed");
    story.doctor(&Command::Close).expect("closed");
    assert_eq!(story.doctor(&raise("もう1つ")), Ok(vec!["concern_raised"]));
    let seen = serde_json::to_string(
        &story
            .log
            .iter()
            .filter_map(|one| project(one, &Viewer::Guardian(GuardianId(Uuid::from_u128(1)))))
            .collect::<Vec<_>>(),
    )
    .expect("JSON");
    assert!(!seen.contains("あざ") && !seen.contains("山田") && !seen.contains("concern"));
    let shown: Vec<_> = story
        .log
        .iter()
        .filter_map(|one| project(one, &Viewer::Clinician(doctor().id)))
        .collect();
    let concerns = Thread::of(&shown).concerns;
    assert_eq!((concerns.len(), concerns[0].entries.len()), (2, 2));
    let colleague: Vec<_> = story
        .log
        .iter()
        .filter_map(|one| project(one, &Viewer::Clinician(midwife().id)))
        .collect();
    assert!(Thread::of(&colleague).concerns.is_empty());
}

#[test]
fn a_referral_waits_for_the_familys_consent_to_the_very_words_and_ends_when_it_is_taken_back() {
    let mut story = Story::claimed();
    let offer = Command::OfferReferral {
        shared: "夜泣きで眠れない".to_owned(),
    };
    assert_eq!(story.midwife(&offer), Err(Refusal::NotAllowed));
    assert_eq!(story.does(&supervisor(), &offer), Err(Refusal::NotAllowed));
    assert_eq!(story.doctor(&offer), Ok(vec!["referral_offered"]));
    let first = story.state.seq;
    let thread = seen_by_family(&story);
    assert_eq!(
        thread.referral.and_then(|one| one.shared).as_deref(),
        Some("夜泣きで眠れない")
    );
    assert!(
        story.case().after.tasks.is_empty(),
        "nothing is handed over without consent"
    );
    let answer = |offer, given| Command::AnswerReferral { offer, given };
    assert_eq!(
        story.doctor(&answer(first, true)),
        Err(Refusal::NotAllowed),
        "nobody consents for a family"
    );
    assert_eq!(story.family(&answer(first, true)), Ok(vec!["referral_answered"]));
    assert_eq!(story.family(&answer(first, true)), Ok(Vec::new()));
    assert!(story.case().task(first).is_some_and(|task| task.closed_at.is_none()));
    assert_eq!(story.family(&answer(first, false)), Ok(vec!["referral_answered"]));
    assert!(story.case().task(first).is_some_and(|task| task.closed_at.is_some()));
    assert_eq!(
        story.does(&supervisor(), &Command::TakeTask { task: first }),
        Err(Refusal::TaskOver)
    );
    assert_eq!(
        story.family(&answer(first, true)),
        Ok(vec!["referral_answered"]),
        "thought better of it"
    );
    let close = Command::CloseTask {
        task: first,
        words: "電話で引き継いだ".to_owned(),
    };
    story.does(&supervisor(), &close).expect("handed over");
    assert_eq!(
        story.family(&answer(first, false)),
        Err(Refusal::TaskOver),
        "it has been handed over"
    );
    // Other words need another consent.
    story.doctor(&offer).expect("offered");
    assert_eq!(story.family(&answer(first, true)), Err(Refusal::TaskOver));
    assert_eq!(seen_by_family(&story).referral.and_then(|one| one.given), None);
    story.family(&say("はい")).expect("it goes on");
}
