//! Whoever waits and is not taken: turns that come while nobody is there, the end of the night, the ladder.

use super::{
    doctor, midwife,
    story::{Story, request, say, staff},
};
use crate::{
    actor::{Actor, Role, Staff},
    consultation::{Command, Deadline, DeadlineKind, Fact, Refusal, deadlines},
    hand_over::Patience,
    intake::Service,
    ladder::{Delays, Reach, Step, Why},
    limits,
    queue::rank,
    time::Millis,
    triage::Action,
};

const WITHIN: Millis = Millis::minutes(10);

fn supervisor() -> Staff {
    staff(21, "管理", Role::Supervisor)
}

fn passed() -> Command {
    Command::PassTurn {
        by: doctor(),
        supervisor_within: WITHIN,
    }
}

fn all_there() -> Reach {
    Reach {
        sounding: 1,
        notifying: 1,
        others: 1,
    }
}

fn due(story: &Story) -> Vec<Deadline> {
    let due = deadlines(&story.state, Patience::default(), Delays::default());
    let waits = |one: &Deadline| matches!(one.kind, DeadlineKind::NightEnds { .. } | DeadlineKind::Climb { .. });
    due.into_iter().filter(waits).collect()
}

/// The next step, fired as a timer does when it is due.
fn climbs(story: &mut Story, reach: Reach) -> Vec<&'static str> {
    let climb = due(story).into_iter().find_map(|one| match one.kind {
        DeadlineKind::Climb { from } => Some((from, one.due_at)),
        _ => None,
    });
    let (from, due_at) = climb.expect("the ladder goes on");
    story.now = due_at;
    let command = Command::Climb {
        from,
        reach,
        supervisor_within: WITHIN,
    };
    story.does(&Actor::System, &command).expect("it climbs")
}

fn hears(story: &mut Story, by: Staff, step: Step) -> Result<Vec<&'static str>, Refusal> {
    story.does(&Actor::Staff(by), &Command::HearAlert { step })
}

fn urgent() -> Story {
    let mut story = Story::new();
    story.family(&request(&[("C02", Action::VisitNow)])).expect("sent");
    story
}

#[test]
fn a_family_whose_turn_came_while_it_was_away_keeps_its_place_and_is_told_once_in_a_while() {
    let mut story = Story::waiting();
    let before = rank(story.case());
    assert_eq!(story.does(&Actor::System, &passed()), Ok(vec!["turn_missed"]));
    story.later(Millis::seconds(20));
    assert_eq!(
        story.does(&Actor::System, &passed()),
        Ok(vec![]),
        "it was told just now"
    );
    story.later(limits::TURN_MISSED_AGAIN);
    assert_eq!(story.does(&Actor::System, &passed()), Ok(vec!["turn_missed"]));
    assert_eq!(rank(story.case()), before);
    assert!(story.case().overlooked.is_none(), "a white one needs nobody's alarm");
}

#[test]
fn an_urgent_family_that_is_away_when_its_turn_comes_is_the_supervisor_s_at_once() {
    let mut story = urgent();
    assert_eq!(
        story.does(&Actor::System, &passed()),
        Ok(vec!["turn_missed", "alerted"])
    );
    let overlooked = story.case().overlooked.clone().expect("somebody looks after it");
    assert_eq!(overlooked.escalation.why, Why::Away);
    assert_eq!(overlooked.escalation.due_at, story.now + WITHIN);
    story.later(limits::TURN_MISSED_AGAIN);
    assert_eq!(
        story.does(&Actor::System, &passed()),
        Ok(vec!["turn_missed"]),
        "the supervisor knows already"
    );
}

#[test]
fn when_the_desk_closes_whoever_waits_is_answered_at_any_time_and_keeps_the_intake_and_its_first_message_s_time() {
    let mut story = Story::waiting();
    let closes_at = story.case().closes_at.expect("it closes");
    let asked_at = story.now;
    assert!(due(&story).contains(&Deadline {
        kind: DeadlineKind::NightEnds { night: 0 },
        due_at: closes_at
    }));
    let end = Command::EndNight { reply_hours: 24 };
    assert_eq!(story.does(&Actor::System, &end), Ok(vec![]), "it is still open");
    story.now = closes_at;
    assert_eq!(story.does(&Actor::System, &end), Ok(vec!["became_anytime"]));
    let case = story.case();
    assert_eq!(case.service, Service::Anytime);
    assert_eq!(case.reply_by(), Some(asked_at + Millis::hours(24)));
    assert_eq!(due(&story), [], "nobody is alerted in the night");
    assert_eq!(story.does(&Actor::System, &end), Ok(vec![]), "once");
}

fn later() -> Command {
    Command::AnswerLater {
        shown_hours: 24,
        reply_hours: 24,
    }
}

#[test]
fn a_family_that_would_rather_be_answered_later_keeps_its_intake_and_is_promised_what_it_was_shown() {
    let mut story = Story::waiting();
    let asked_at = story.now;
    story.later(Millis::minutes(10));
    let shown = story.case().answered_later_by(24, story.now);
    assert_eq!(story.family(&later()), Ok(vec!["became_anytime"]));
    let case = story.case();
    assert_eq!((case.service, case.requested_at), (Service::Anytime, asked_at));
    assert_eq!(case.reply_by(), Some(asked_at + Millis::hours(24)));
    assert_eq!(case.reply_by(), shown);
    assert_eq!(due(&story), [], "nobody is alerted, and no night ends for it");
    assert_eq!(story.family(&later()), Ok(vec![]), "pressed twice, it is said once");
    story.takes(&doctor()).expect("whoever has a minute takes it");
    assert_eq!(story.family(&later()), Err(Refusal::NotWaiting));
}

#[test]
fn a_family_to_whom_everything_was_answered_asks_anew_by_wishing_to_be_answered_later() {
    let mut story = Story::claimed();
    story.doctor(&say("水分を少しずつ")).expect("said");
    let back = Command::Release {
        reason: "交代".to_owned(),
    };
    story.doctor(&back).expect("given back");
    story.later(Millis::minutes(5));
    let shown = story.case().answered_later_by(24, story.now);
    assert_eq!(shown, Some(story.now + Millis::hours(24)));
    story.family(&later()).expect("wished");
    assert_eq!(story.case().reply_by(), shown);
}

#[test]
fn nobody_who_should_be_heard_tonight_waits_for_a_promise_and_nobody_for_a_later_one_than_they_read() {
    let mut story = urgent();
    assert_eq!(story.case().answered_later_by(24, story.now), None);
    assert_eq!(story.family(&later()), Err(Refusal::TooUrgent));
    assert!(story.case().ladder.is_some(), "it is still alerted");
    let mut story = Story::waiting();
    let longer = Command::AnswerLater {
        shown_hours: 24,
        reply_hours: 48,
    };
    assert_eq!(story.family(&longer), Err(Refusal::PromiseChanged));
    let shorter = Command::AnswerLater {
        shown_hours: 24,
        reply_hours: 12,
    };
    let asked_at = story.now;
    story.family(&shorter).expect("wished");
    assert_eq!(story.case().reply_by(), Some(asked_at + Millis::hours(12)));
    let by = Actor::Staff(doctor());
    assert_eq!(
        story.does(&by, &later()),
        Err(Refusal::NotYours),
        "it is the family's wish"
    );
}

#[test]
fn the_night_ends_for_nobody_whom_a_clinician_has() {
    let mut story = Story::claimed();
    story.later(Millis::hours(12));
    assert_eq!(due(&story), []);
    let end = Command::EndNight { reply_hours: 24 };
    assert_eq!(story.does(&Actor::System, &end), Ok(vec![]));
    let back = Command::Release {
        reason: "時間です".to_owned(),
    };
    story.doctor(&back).expect("given back");
    assert_eq!(story.does(&Actor::System, &end), Ok(vec!["became_anytime"]));
}

#[test]
fn the_ladder_goes_from_the_notification_to_other_desks_to_the_supervisor_and_no_further() {
    let mut story = Story::waiting();
    let step = |story: &Story| story.case().ladder.as_ref().map(|ladder| ladder.step);
    assert_eq!(step(&story), Some(Step::Sound));
    for next in [Step::Notification, Step::Colleague, Step::Supervisor] {
        assert_eq!(climbs(&mut story, all_there()), ["alerted"]);
        assert_eq!(step(&story), Some(next));
    }
    assert!(
        due(&story)
            .iter()
            .all(|one| matches!(one.kind, DeadlineKind::NightEnds { .. }))
    );
    assert_eq!(
        story.case().overlooked.as_ref().map(|one| one.escalation.why),
        Some(Why::Unclaimed)
    );
}

#[test]
fn a_step_that_was_heard_is_given_its_time_and_only_the_first_who_heard_it_is_written_down() {
    let mut story = Story::waiting();
    let (foot, delays) = (story.now, Delays::default());
    let next = |story: &Story| due(story).iter().map(|one| one.due_at).min();
    assert_eq!(next(&story), Some(foot + delays.ack));
    story.later(Millis::seconds(1));
    assert_eq!(hears(&mut story, doctor(), Step::Sound), Ok(vec!["alert_heard"]));
    assert_eq!(hears(&mut story, midwife(), Step::Sound), Ok(vec![]));
    assert_eq!(next(&story), Some(foot + delays.sound));
    assert_eq!(
        hears(&mut story, doctor(), Step::Colleague),
        Ok(vec![]),
        "that step has not come"
    );
}

#[test]
fn with_every_browser_silenced_the_ladder_begins_where_somebody_can_notice() {
    let mut story = Story::waiting();
    let denied = Reach {
        sounding: 0,
        notifying: 0,
        others: 1,
    };
    climbs(&mut story, denied);
    assert!(matches!(
        story.last(),
        Fact::Alerted {
            step: Step::Colleague,
            desks: 1,
            ..
        }
    ));
    let mut story = Story::waiting();
    climbs(&mut story, Reach::default());
    assert!(matches!(
        story.last(),
        Fact::Alerted {
            step: Step::Supervisor,
            ..
        }
    ));
}

#[test]
fn whoever_is_taken_leaves_the_ladder_and_a_timer_of_before_does_nothing() {
    let mut story = Story::waiting();
    let from = story.case().ladder.as_ref().expect("a ladder").begun_by;
    story.takes(&doctor()).expect("taken");
    let late = Command::Climb {
        from,
        reach: all_there(),
        supervisor_within: WITHIN,
    };
    assert_eq!(story.does(&Actor::System, &late), Ok(vec![]));
    let back = Command::Release {
        reason: "交代".to_owned(),
    };
    story.doctor(&back).expect("given back");
    assert_eq!(story.does(&Actor::System, &late), Ok(vec![]), "that was another wait");
    assert_eq!(climbs(&mut story, all_there()), ["alerted"]);
}

#[test]
fn what_came_to_the_supervisor_is_theirs_until_they_have_written_down_what_was_done() {
    let mut story = Story::waiting();
    climbs(&mut story, Reach::default());
    assert_eq!(hears(&mut story, doctor(), Step::Supervisor), Err(Refusal::NotAllowed));
    assert_eq!(
        hears(&mut story, supervisor(), Step::Supervisor),
        Ok(vec!["alert_heard"])
    );
    let owner = story.case().overlooked.as_ref().and_then(|one| one.owner.clone());
    assert_eq!(owner, Some(supervisor()));
    story.takes(&doctor()).expect("taken after all");
    story.doctor(&say("お待たせしました")).expect("said");
    assert!(story.case().overlooked.is_some(), "it was late all the same");
    let close = |done: &str| Command::CloseOverlooked { done: done.to_owned() };
    let by = Actor::Staff(supervisor());
    assert_eq!(story.doctor(&close("見ました")), Err(Refusal::NotAllowed));
    assert_eq!(story.does(&by, &close("  ")), Err(Refusal::Empty));
    assert_eq!(
        story.does(&by, &close("当番に電話しました")),
        Ok(vec!["overlooked_closed"])
    );
    assert!(story.case().overlooked.is_none());
    assert_eq!(story.does(&by, &close("もう一度")), Ok(vec![]));
}
