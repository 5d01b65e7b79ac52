//! Appointments: booked, changed, given up, begun by themselves, and not come to.

use super::{
    doctor,
    story::{EVENING, Story, request, say},
};
use crate::{
    actor::Actor,
    appointment::{self, Offer},
    consultation::{Command, Deadline, DeadlineKind, Fact, Refusal, Stage, deadlines},
    hand_over::Patience,
    hours::{Hours, typed},
    intake::Service,
    ladder::Delays,
    limits,
    queue::{HEAD_STARTS, rank},
    time::{At, Millis},
    triage::{Action, Acuity},
    view::{Standing, Thread},
};

/// 20:20 of the evening on which stories begin at 19:42.
const SLOT: At = At(EVENING.0 + 38 * 60_000);

fn books(slot: At) -> Command {
    Command::BookAppointment {
        slot,
        offer: Offer::new(6, 1),
        hours: Box::new(Hours::every_day(&typed::spans("18:00-22:00").expect("a span"))),
    }
}

fn gives_up(service: Service) -> Command {
    Command::GiveUpAppointment {
        service,
        reply_hours: 24,
        closes_at: Some(EVENING + Millis::hours(2)),
    }
}

fn due(story: &Story) -> Vec<Deadline> {
    deadlines(&story.state, Patience::default(), Delays::default())
}

fn begins(story: &Story, is_open: bool) -> Command {
    let Stage::Booked { booked, .. } = story.case().stage else {
        panic!("nothing is booked")
    };
    Command::BeginAppointment {
        booked,
        is_open,
        closes_at: Some(EVENING + Millis::hours(2)),
        reply_hours: 24,
    }
}

/// A family whose appointment has just begun.
fn begun() -> Story {
    let mut story = Story::waiting();
    story.family(&books(SLOT)).expect("booked");
    story.now = SLOT;
    let command = begins(&story, true);
    story.does(&Actor::System, &command).expect("begun");
    story
}

fn looks(story: &mut Story, is_there: bool) -> Vec<&'static str> {
    let begun = story.case().appointment.expect("it has begun").begun;
    let command = Command::MissAppointment { begun, is_there };
    story.does(&Actor::System, &command).expect("looked")
}

#[test]
fn a_family_that_booked_is_in_no_queue_until_its_time_and_then_before_who_came_lately() {
    let mut story = Story::waiting();
    assert_eq!(story.family(&books(SLOT)), Ok(vec!["appointment_booked"]));
    let case = story.case();
    assert!(rank(case).is_none() && case.ladder.is_none() && case.is_open() && !case.is_at_desk());
    let booked = story.state.seq;
    let only = Deadline {
        kind: DeadlineKind::AppointmentBegins { booked },
        due_at: SLOT,
    };
    assert_eq!(due(&story), [only], "no ladder, and no night ends for it");
    assert_eq!(story.takes(&doctor()), Err(Refusal::NotWaiting));
    let early = begins(&story, true);
    assert_eq!(story.does(&Actor::System, &early), Ok(vec![]), "it is not yet time");
    story.now = SLOT;
    assert_eq!(story.does(&Actor::System, &early), Ok(vec!["appointment_begun"]));
    assert_eq!(story.does(&Actor::System, &early), Ok(vec![]), "once");
    let case = story.case();
    assert_eq!(
        rank(case),
        Some(appointment::rank(Acuity::White.min(case.acuity), SLOT))
    );
    assert!(case.ladder.is_some(), "whoever is not taken is alerted from now on");
    assert_eq!(case.closes_at, Some(EVENING + Millis::hours(2)));
    assert_eq!(case.came_at(), SLOT);
    assert_eq!(story.takes(&doctor()), Ok(vec!["claimed"]));
}

#[test]
fn a_family_that_asked_outside_of_the_hours_books_too_and_no_answer_is_owed_meanwhile() {
    let mut story = Story::asked_at_any_time(24, &[]);
    story.family(&books(SLOT)).expect("booked");
    assert_eq!((story.case().service, story.case().reply_by()), (Service::Night, None));
    assert_eq!(
        story.family(&say("熱は38度です")),
        Ok(vec!["said"]),
        "it may still write"
    );
    assert_eq!(story.family(&Command::Cancel), Ok(vec!["cancelled"]));
    assert_eq!(due(&story), []);
}

#[test]
fn another_time_replaces_the_first_and_the_same_one_again_changes_nothing() {
    let mut story = Story::waiting();
    story.family(&books(SLOT)).expect("booked");
    assert_eq!(story.family(&books(SLOT)), Ok(vec![]));
    let first = begins(&story, true);
    let later = SLOT + limits::APPOINTMENT;
    assert_eq!(story.family(&books(later)), Ok(vec!["appointment_booked"]));
    story.now = later;
    assert_eq!(
        story.does(&Actor::System, &first),
        Ok(vec![]),
        "the first time's timer is void"
    );
    assert_eq!(story.case().appointment_at(), Some(later));
}

#[test]
fn whoever_gives_it_up_waits_from_that_moment_on_and_has_no_old_place() {
    let mut story = Story::waiting();
    story.family(&books(SLOT)).expect("booked");
    story.later(Millis::minutes(20));
    assert_eq!(
        story.family(&gives_up(Service::Night)),
        Ok(vec!["appointment_given_up"])
    );
    let now = story.now;
    let case = story.case();
    assert_eq!(rank(case), Some(HEAD_STARTS.rank(case.acuity, now, None)));
    assert!(case.ladder.is_some());
    let night = story.state.seq;
    assert!(
        due(&story)
            .iter()
            .any(|one| one.kind == DeadlineKind::NightEnds { night })
    );
    assert_eq!(
        story.family(&gives_up(Service::Night)),
        Ok(vec![]),
        "pressed twice, it is given up once"
    );

    let mut story = Story::waiting();
    story.family(&books(SLOT)).expect("booked");
    story.later(Millis::minutes(20));
    story.family(&gives_up(Service::Anytime)).expect("given up");
    assert_eq!(story.case().reply_by(), Some(story.now + Millis::hours(24)));
    assert!(story.case().ladder.is_none() && story.case().closes_at.is_none());
    story.takes(&doctor()).expect("taken");
    assert_eq!(story.family(&gives_up(Service::Night)), Err(Refusal::NotWaiting));
}

#[test]
fn nobody_urgent_books_and_nobody_what_is_not_offered() {
    for fired in [("C02", Action::VisitNow), ("C01", Action::Call119)] {
        let mut story = Story::new();
        story.family(&request(&[fired])).expect("sent");
        assert_eq!(story.family(&books(SLOT)), Err(Refusal::TooUrgent));
        assert!(
            !story.case().may_book() && rank(story.case()).is_some(),
            "it keeps its place"
        );
    }
    let mut story = Story::waiting();
    let without = Command::BookAppointment {
        slot: SLOT,
        offer: None,
        hours: Box::new(Hours::always()),
    };
    assert_eq!(story.family(&without), Err(Refusal::SlotClosed), "the city offers none");
    assert_eq!(story.family(&books(EVENING)), Err(Refusal::SlotPast));
    let night = SLOT + Millis::hours(3);
    assert_eq!(story.family(&books(night)), Err(Refusal::SlotClosed));
    assert_eq!(
        story.doctor(&books(SLOT)),
        Err(Refusal::NotYours),
        "it is the family's wish"
    );
    story.takes(&doctor()).expect("taken");
    assert_eq!(story.family(&books(SLOT)), Err(Refusal::NotWaiting));
}

#[test]
fn nobody_who_comes_too_late_keeps_the_place_of_an_appointment_and_who_is_there_does() {
    let mut story = begun();
    let grace = |story: &Story| {
        let kind = |one: &Deadline| matches!(one.kind, DeadlineKind::AppointmentGrace { .. });
        due(story).into_iter().find(kind).map(|one| one.due_at)
    };
    assert_eq!(grace(&story), Some(SLOT + limits::APPOINTMENT_GRACE));
    story.later(limits::APPOINTMENT_GRACE);
    assert_eq!(looks(&mut story, true), [""; 0], "the desk is late, not the family");
    assert_eq!(looks(&mut story, false), ["appointment_missed"]);
    assert_eq!(looks(&mut story, false), [""; 0], "once");
    let case = story.case();
    assert_eq!(
        rank(case),
        Some(HEAD_STARTS.rank(case.acuity, SLOT, None)),
        "as one that walked in then"
    );
    assert_eq!(grace(&story), None);
}

#[test]
fn an_appointment_at_a_time_that_the_city_has_closed_is_promised_an_answer() {
    let mut story = Story::waiting();
    story.family(&books(SLOT)).expect("booked");
    story.now = SLOT;
    let closed = begins(&story, false);
    assert_eq!(
        story.does(&Actor::System, &closed),
        Ok(vec!["appointment_begun", "became_anytime"])
    );
    let case = story.case();
    assert_eq!(
        (case.service, case.reply_by()),
        (Service::Anytime, Some(SLOT + Millis::hours(24)))
    );
    assert!(case.ladder.is_none() && rank(case) > Some(appointment::rank(case.acuity, SLOT)));
}

#[test]
fn the_page_says_when_it_is_and_what_has_become_of_it() {
    let mut story = Story::waiting();
    story.family(&books(SLOT)).expect("booked");
    let seen = |story: &Story| {
        let viewer = crate::actor::Viewer::Guardian(story.case().guardian);
        let wire = story
            .log
            .iter()
            .filter_map(|event| crate::consultation::project(event, &viewer));
        Thread::of(&wire.collect::<Vec<_>>())
    };
    let thread = seen(&story);
    assert_eq!(
        (thread.standing.clone(), thread.appointment),
        (Standing::Booked, Some(SLOT))
    );
    assert!(thread.is_open());
    story.family(&gives_up(Service::Anytime)).expect("given up");
    let thread = seen(&story);
    assert_eq!((thread.standing.clone(), thread.appointment), (Standing::Waiting, None));
    assert_eq!(thread.reply_by, story.case().reply_by());
    assert_eq!(seen(&begun()).standing, Standing::Waiting);
    assert!(matches!(begun().last(), Fact::AppointmentBegun { closes_at: Some(_) }));
}

fn begins_early(is_there: bool, overtake_reason: Option<&str>) -> Command {
    Command::BeginEarly {
        overtake_reason: overtake_reason.map(str::to_owned),
        closes_at: Some(EVENING + Millis::hours(2)),
        is_there,
    }
}

#[test]
fn a_clinician_who_has_time_begins_early_with_a_family_that_is_there_and_with_nobody_else() {
    let mut story = Story::waiting();
    story.family(&books(SLOT)).expect("booked");
    assert_eq!(
        story.doctor(&begins_early(true, None)),
        Err(Refusal::TooEarly),
        "38 minutes before"
    );
    story.now = At(SLOT.0 - limits::APPOINTMENT_EARLY.0);
    assert_eq!(story.doctor(&begins_early(false, None)), Err(Refusal::FamilyAway));
    assert_eq!(story.family(&begins_early(true, None)), Err(Refusal::NotAllowed));
    assert_eq!(
        story.doctor(&begins_early(true, None)),
        Ok(vec!["appointment_begun", "claimed"])
    );
    let now = story.now;
    let case = story.case();
    assert_eq!((case.came_at(), case.appointment_at()), (now, Some(SLOT)));
    assert_eq!(case.clinician(), Some(&doctor()));
    assert!(matches!(story.last(), Fact::Claimed { overtook: false, .. }));
    assert_eq!(
        story.doctor(&begins_early(true, None)),
        Ok(vec![]),
        "pressed twice, it is begun once"
    );
    let released = Command::Release {
        reason: "交代します".to_owned(),
    };
    story.doctor(&released).expect("released");
    let case = story.case();
    assert_eq!(
        rank(case),
        Some(appointment::rank(case.acuity, SLOT)),
        "it has the place of its appointment"
    );
    let night = |one: &Deadline| matches!(one.kind, DeadlineKind::NightEnds { .. });
    assert!(due(&story).iter().any(night), "and is not forgotten at closing time");
}

#[test]
fn why_others_were_passed_by_an_early_beginning_is_kept() {
    let mut story = Story::waiting();
    story.family(&books(SLOT)).expect("booked");
    story.now = At(SLOT.0 - Millis::minutes(5).0);
    let kinds = story.doctor(&begins_early(true, Some("前回の続き")));
    assert_eq!(kinds, Ok(vec!["appointment_begun", "claimed"]));
    assert!(matches!(story.last(), Fact::Claimed { overtook: true, .. }));
}

#[test]
fn a_family_that_booked_long_before_is_reminded_once_and_one_that_has_just_booked_is_not() {
    let reminder = |story: &Story| {
        let is_one = |one: &Deadline| matches!(one.kind, DeadlineKind::AppointmentReminder { .. });
        due(story).into_iter().find(is_one)
    };
    let mut story = Story::waiting();
    story.family(&books(SLOT)).expect("booked");
    assert_eq!(reminder(&story), None, "38 minutes before: it has not forgotten");
    let later = SLOT + Millis::minutes(30);
    story.family(&books(later)).expect("booked");
    let booked = story.state.seq;
    let expected = Deadline {
        kind: DeadlineKind::AppointmentReminder { booked },
        due_at: At(later.0 - limits::APPOINTMENT_REMINDED.0),
    };
    assert_eq!(reminder(&story), Some(expected));
    assert_eq!(DeadlineKind::from_code(&expected.kind.code()), Some(expected.kind));
    story.now = expected.due_at;
    let reminds = |story: &mut Story, booked| story.does(&Actor::System, &Command::RemindAppointment { booked });
    assert_eq!(
        reminds(&mut story, booked - 1),
        Ok(vec![]),
        "of the time that it gave up"
    );
    assert_eq!(reminds(&mut story, booked), Ok(vec!["appointment_reminded"]));
    assert_eq!(reminds(&mut story, booked), Ok(vec![]), "once");
    assert_eq!(reminder(&story), None);

    story.family(&books(later + limits::APPOINTMENT)).expect("booked anew");
    assert_eq!(reminder(&story), None, "forty minutes before");
    let mut late = Story::waiting();
    late.family(&books(later)).expect("booked");
    late.now = later;
    let booked = late.state.seq;
    assert_eq!(
        reminds(&mut late, booked),
        Ok(vec![]),
        "a server that was down reminds of nothing that has begun"
    );
}
