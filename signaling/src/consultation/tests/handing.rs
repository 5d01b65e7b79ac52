//! Consultations that change hands, and clinicians who have gone quiet.

use super::{
    Story, doctor, midwife,
    story::{family, say, staff},
};
use crate::{
    actor::{Actor, Role, Staff, Viewer},
    call::{CallMode, Path},
    consultation::{Command, DeadlineKind, Fact, Refusal, Stage, WireKind, deadlines, project},
    hand_over::{HandOver, HandTo, Patience, doctor_for},
    ladder::Delays,
    limits,
    queue::rank,
    subject::Subject,
    time::At,
    view::{Standing, Thread},
};

fn summary() -> Box<HandOver> {
    Box::new(HandOver {
        about: "2歳3か月".to_owned(),
        note: "SECRETNOTE".to_owned(),
        ..HandOver::default()
    })
}

fn on(to: HandTo, colleague: Option<Staff>) -> Command {
    Command::HandOn {
        to,
        hand_over: summary(),
        colleague,
    }
}

fn offer(to: HandTo, colleague: Option<Staff>) -> Command {
    Command::OfferHandOver {
        to,
        hand_over: summary(),
        colleague,
    }
}

fn to_doctors() -> HandTo {
    HandTo::Profession(Role::Pediatrician)
}

fn to_doctor() -> (HandTo, Option<Staff>) {
    (HandTo::Person(doctor().id), Some(doctor()))
}

/// The midwife has it.
fn hers() -> Story {
    let mut story = Story::waiting();
    story.takes(&midwife()).expect("taken");
    story
}

fn seen_by(story: &Story, viewer: &Viewer) -> Thread {
    let events: Vec<_> = story.log.iter().filter_map(|event| project(event, viewer)).collect();
    Thread::of(&events)
}

fn family_sees(story: &Story) -> Thread {
    let Actor::Guardian { id } = family() else {
        unreachable!("a family")
    };
    seen_by(story, &Viewer::Guardian(id))
}

fn last_line(thread: &Thread) -> String {
    match thread.lines.last().map(|line| &line.kind) {
        Some(crate::view::LineKind::Happened(words)) => words.clone(),
        other => panic!("{other:?}"),
    }
}

fn due(story: &Story) -> Vec<(DeadlineKind, At)> {
    deadlines(&story.state, Patience::default(), Delays::default())
        .into_iter()
        // Whoever waits is told of in tests of their own.
        .filter(|one| {
            !matches!(
                one.kind,
                DeadlineKind::NightEnds { .. } | DeadlineKind::Climb { .. } | DeadlineKind::Owed { .. }
            )
        })
        .map(|one| (one.kind, one.due_at))
        .collect()
}

/// Lets the next timer fire when it is due.
fn fires(story: &mut Story) -> Vec<&'static str> {
    let (kind, at) = *due(story).iter().min_by_key(|(_, at)| *at).expect("a timer");
    story.now = at;
    let command = match kind {
        DeadlineKind::HandOverLapses { asked } => Command::LapseHandOver { asked },
        DeadlineKind::IdleAsked { from } => Command::AskIdle { from },
        DeadlineKind::IdleReturns { asked } => Command::ReturnIdle { asked },
        DeadlineKind::RingExpires { call } => Command::RingExpired { call },
        DeadlineKind::CheckIn { planned } => Command::AskCheckIn { planned },
        DeadlineKind::SurveyNudge { closed } => Command::NudgeSurvey { closed },
        DeadlineKind::NightEnds { .. }
        | DeadlineKind::AppointmentReminder { .. }
        | DeadlineKind::AppointmentBegins { .. }
        | DeadlineKind::AppointmentGrace { .. }
        | DeadlineKind::Climb { .. }
        | DeadlineKind::Owed { .. } => unreachable!("left out above"),
    };
    story.does(&Actor::System, &command).expect("timers are not refused")
}

#[test]
fn handed_on_cold_it_keeps_its_place_and_the_family_reads_who_comes() {
    let mut story = Story::waiting();
    let before = rank(story.case());
    story.takes(&midwife()).expect("taken");
    assert_eq!(story.midwife(&on(to_doctors(), None)), Ok(vec!["handed_on"]));
    assert_eq!(rank(story.case()), before);
    let family = family_sees(&story);
    assert_eq!(family.standing, Standing::Waiting);
    assert_eq!(
        last_line(&family),
        "鈴木 助産師から小児科医に引き継ぎます。順番はそのままです"
    );
    assert_eq!(family.brief, None, "the summary is the staff's");
    let desk = seen_by(&story, &Viewer::Clinician(doctor().id));
    assert_eq!(desk.brief.expect("a summary").hand_over.note, "SECRETNOTE");
}

#[test]
fn what_waits_for_a_doctor_is_taken_by_a_midwife_with_a_reason_only() {
    let mut story = hers();
    story.midwife(&on(to_doctors(), None)).expect("handed on");
    assert_eq!(story.takes(&midwife()), Err(Refusal::ReasonNeeded));
    let anyway = Command::Claim {
        overtake_reason: Some("医師が席を外しているため".to_owned()),
    };
    assert_eq!(story.clone().midwife(&anyway), Ok(vec!["claimed"]));
    assert_eq!(story.doctor(&Command::AcceptHandOver), Ok(vec!["claimed"]));
    assert_eq!(story.case().handing, None);
}

#[test]
fn what_nobody_takes_is_for_everybody_again() {
    let mut story = hers();
    story.midwife(&on(to_doctors(), None)).expect("handed on");
    assert_eq!(fires(&mut story), ["hand_over_lapsed"]);
    assert_eq!(story.takes(&midwife()), Ok(vec!["claimed"]));
}

#[test]
fn warm_it_stays_with_whoever_has_it_until_the_colleague_takes_it() {
    let mut story = hers();
    let (to, colleague) = to_doctor();
    assert_eq!(story.midwife(&offer(to, colleague)), Ok(vec!["hand_over_asked"]));
    assert_eq!(story.case().clinician(), Some(&midwife()));
    let remark = Command::Remark {
        text: "熱は何度ですか".to_owned(),
    };
    story.doctor(&remark).expect("in the staff's lane");
    let before = family_sees(&story);
    assert_eq!(
        before.standing,
        Standing::Claimed(midwife()),
        "the family is not told of talk"
    );
    assert_eq!(before.lines.len(), 2);
    assert_eq!(story.doctor(&Command::AcceptHandOver), Ok(vec!["handed_over"]));
    assert_eq!(story.doctor(&Command::AcceptHandOver), Ok(vec![]), "twice is once");
    assert_eq!(story.case().clinician(), Some(&doctor()));
    assert_eq!(
        last_line(&family_sees(&story)),
        "担当が鈴木 助産師から佐藤 医師に替わりました"
    );
}

#[test]
fn a_colleague_who_declines_says_why_and_nobody_answers_for_a_profession() {
    let mut story = hers();
    let decline = |reason: &str| Command::DeclineHandOver {
        reason: reason.to_owned(),
    };
    story.midwife(&offer(to_doctors(), None)).expect("asked");
    assert_eq!(story.doctor(&decline("別の相談中")), Err(Refusal::NotAllowed));
    let (to, colleague) = to_doctor();
    story.midwife(&offer(to, colleague)).expect("asked another");
    assert_eq!(story.doctor(&decline(" ")), Err(Refusal::Empty));
    assert_eq!(story.doctor(&decline("別の相談中")), Ok(vec!["hand_over_declined"]));
    assert!(matches!(&story.case().stage, Stage::Claimed { by, .. } if *by == midwife()));
    assert_eq!(
        story.doctor(&Command::AcceptHandOver),
        Err(Refusal::AlreadyClaimed {
            by: midwife().addressed()
        })
    );
}

#[test]
fn an_offer_can_be_taken_back_and_lapses_later_while_they_talk_about_it() {
    let mut story = hers();
    story.midwife(&offer(to_doctors(), None)).expect("asked");
    let lapses = |story: &Story| {
        due(story)
            .into_iter()
            .find(|(kind, _)| matches!(kind, DeadlineKind::HandOverLapses { .. }))
            .map(|(_, at)| at)
    };
    let first = lapses(&story).expect("a timer");
    story.later(crate::time::Millis::minutes(3));
    let remark = Command::Remark {
        text: "見ています".to_owned(),
    };
    story.doctor(&remark).expect("said");
    assert!(lapses(&story).expect("a timer") > first);
    assert_eq!(
        story.midwife(&Command::WithdrawHandOver),
        Ok(vec!["hand_over_withdrawn"])
    );
    assert_eq!(story.midwife(&Command::WithdrawHandOver), Ok(vec![]));
    assert_eq!(lapses(&story), None);
}

#[test]
fn in_a_call_the_doctor_takes_over_and_nobody_hangs_up() {
    let mut story = hers();
    story.midwife(&Command::Ring { mode: CallMode::Video }).expect("rings");
    let call = story.case().call.as_ref().expect("a call").id;
    story.midwife(&offer(to_doctors(), None)).expect("asked");
    assert_eq!(
        story.doctor(&Command::AcceptHandOver),
        Err(Refusal::CallRunning),
        "it rings"
    );
    story.family(&Command::Join { call }).expect("answers");
    story
        .family(&Command::CallConnected {
            call,
            path: Path::Direct,
        })
        .expect("connected");
    assert_eq!(
        story.midwife(&on(to_doctors(), None)),
        Err(Refusal::CallRunning),
        "cold would cut it"
    );
    assert_eq!(story.doctor(&Command::AcceptHandOver), Ok(vec!["handed_over"]));
    story.doctor(&Command::Join { call }).expect("seated");
    assert_eq!(story.case().clinicians_in_call(), [doctor().id, midwife().id]);
    assert_eq!(story.midwife(&Command::Leave { call }), Ok(vec!["call_left"]));
    let running = story.case().call.as_ref().expect("it goes on");
    assert_eq!((running.id, running.seats.len()), (call, 2));
}

#[test]
fn a_third_clinician_does_not_come_into_a_call_of_two() {
    let mut story = hers();
    story.midwife(&Command::Ring { mode: CallMode::Audio }).expect("rings");
    let call = story.case().call.as_ref().expect("a call").id;
    story.family(&Command::Join { call }).expect("answers");
    let other = staff(13, "高田", Role::Pediatrician);
    let ask = Command::InviteColleague {
        call,
        to: other.id,
        colleague: Some(other),
    };
    story.midwife(&ask).expect("asked into the call");
    story.midwife(&offer(to_doctors(), None)).expect("asked");
    assert_eq!(
        story.doctor(&Command::AcceptHandOver),
        Err(Refusal::CallFull { limit: limits::SEATS })
    );
}

#[test]
fn only_who_has_it_hands_over_and_only_to_clinicians_that_the_server_found() {
    let mut story = hers();
    let (to, colleague) = to_doctor();
    for command in [on(to, None), offer(to, None)] {
        assert_eq!(story.midwife(&command), Err(Refusal::NotAllowed), "nobody of that id");
    }
    let herself = on(HandTo::Person(midwife().id), Some(midwife()));
    assert_eq!(story.midwife(&herself), Err(Refusal::NotAllowed));
    for role in [
        Role::Supervisor,
        Role::PublicHealthNurse,
        Role::CityViewer,
        Role::Administrator,
    ] {
        let command = offer(HandTo::Profession(role), None);
        assert_eq!(story.midwife(&command), Err(Refusal::NotAllowed));
    }
    let by = midwife().addressed();
    assert_eq!(
        story.doctor(&on(to_doctors(), None)),
        Err(Refusal::AlreadyClaimed { by })
    );
    assert_eq!(story.family(&offer(to, colleague.clone())), Err(Refusal::NotAllowed));
    let without_note = Command::HandOn {
        to,
        hand_over: Box::default(),
        colleague: colleague.clone(),
    };
    assert_eq!(story.midwife(&without_note), Err(Refusal::Empty));
    let endless = Command::HandOn {
        to,
        hand_over: Box::new(HandOver {
            so_far: "あ".repeat(limits::HAND_OVER_CHARS + 1),
            ..*summary()
        }),
        colleague,
    };
    assert!(matches!(story.midwife(&endless), Err(Refusal::TooLong { .. })));
}

#[test]
fn a_clinician_who_is_quiet_is_asked_first_and_then_the_family_waits_in_its_old_place() {
    let mut story = Story::waiting();
    let before = rank(story.case());
    story.takes(&midwife()).expect("taken");
    assert_eq!(fires(&mut story), ["idle_asked"]);
    assert!(seen_by(&story, &Viewer::Clinician(midwife().id)).idle_asked.is_some());
    assert_eq!(story.now, super::story::EVENING + Patience::default().idle);
    assert_eq!(fires(&mut story), ["idle_returned"]);
    assert_eq!(rank(story.case()), before);
    let family = family_sees(&story);
    assert_eq!(last_line(&family), "待合室にもどりました。順番はそのままです");
    let shown = serde_json::to_string(
        &story
            .log
            .iter()
            .filter_map(|event| {
                project(
                    event,
                    &Viewer::Guardian(crate::id::GuardianId(uuid::Uuid::from_u128(1))),
                )
            })
            .collect::<Vec<_>>(),
    )
    .expect("JSON");
    assert!(
        !shown.contains("idle_asked"),
        "the family is not told that she was asked"
    );
    assert!(due(&story).is_empty());
}

#[test]
fn a_clinician_who_says_so_or_works_goes_on() {
    for sign in [
        Command::StillHere,
        say("いま調べています"),
        Command::Remark {
            text: "調べる".to_owned(),
        },
        Command::AskPhoto,
    ] {
        let mut story = hers();
        fires(&mut story);
        story.midwife(&sign).expect("done");
        assert!(
            due(&story)
                .iter()
                .all(|(kind, at)| matches!(kind, DeadlineKind::IdleAsked { .. }) && *at > story.now),
            "{sign:?}: the time begins anew"
        );
        let seen = seen_by(&story, &Viewer::Clinician(midwife().id));
        assert_eq!(seen.idle_asked, None, "{sign:?}: nothing asks any more");
    }
}

#[test]
fn whoever_has_answered_or_is_in_a_call_is_not_asked() {
    let mut story = hers();
    story.midwife(&say("こんばんは")).expect("said");
    assert!(due(&story).is_empty(), "the family has its answer");
    story.family(&say("まだ熱があります")).expect("said");
    story.family(&say("どうですか")).expect("insists");
    assert_eq!(due(&story).len(), 1);
    story.midwife(&Command::Ring { mode: CallMode::Audio }).expect("rings");
    assert!(
        due(&story)
            .iter()
            .all(|(kind, _)| matches!(kind, DeadlineKind::RingExpires { .. })),
        "a call is an answer under way"
    );
}

#[test]
fn a_timer_that_comes_too_late_changes_nothing() {
    let mut story = hers();
    let from = story.case().silence.expect("waits for a word").from;
    story.midwife(&say("こんばんは")).expect("said");
    for command in [
        Command::AskIdle { from },
        Command::ReturnIdle { asked: from },
        Command::LapseHandOver { asked: from },
    ] {
        assert_eq!(story.does(&Actor::System, &command), Ok(vec![]));
        assert_eq!(
            story.midwife(&command),
            Err(Refusal::NotAllowed),
            "nobody fires a timer by hand"
        );
    }
}

#[test]
fn timers_are_known_by_their_stored_names() {
    for kind in [
        DeadlineKind::RingExpires { call: 1 },
        DeadlineKind::HandOverLapses { asked: 2 },
        DeadlineKind::IdleAsked { from: 3 },
        DeadlineKind::IdleReturns { asked: 4 },
    ] {
        assert_eq!(DeadlineKind::from_code(&kind.code()), Some(kind));
    }
}

#[test]
fn the_summary_is_made_of_what_is_recorded() {
    let mut story = hers();
    story.family(&say("息が速いです\nどうしたら")).expect("said");
    story.midwife(&say("確かめますね")).expect("said");
    let remark = Command::Remark {
        text: "STAFFONLY".to_owned(),
    };
    story.midwife(&remark).expect("said");
    let made = HandOver::of(&seen_by(&story, &Viewer::Clinician(midwife().id)));
    assert_eq!(made.about, "2歳3か月（母から）");
    assert_eq!(made.worry, "発熱・38.9℃\n昨日の夜から熱があります");
    assert_eq!(made.flags, "なし");
    assert_eq!(made.so_far, "相談者：息が速いです どうしたら\n助産師：確かめますね");
    assert!(made.note.is_empty());
    story.family(&say(&"長".repeat(limits::MESSAGE_CHARS))).expect("said");
    let long = HandOver::of(&seen_by(&story, &Viewer::Clinician(midwife().id)));
    assert!(long.so_far.chars().count() <= limits::HAND_OVER_CHARS);
    assert!(!long.so_far.is_empty(), "the last word is there in any case");
}

#[test]
fn a_childs_doctor_is_a_pediatrician_and_a_womans_an_obstetrician() {
    let day = At(0).date();
    assert_eq!(doctor_for(&Subject::Pregnant { due: day }), Role::Obstetrician);
    assert_eq!(doctor_for(&Subject::Postpartum { gave_birth: day }), Role::Obstetrician);
    let born = crate::subject::Born::On(day);
    assert_eq!(doctor_for(&Subject::Child { born }), Role::Pediatrician);
}

#[test]
fn both_folds_agree_on_who_is_asked() {
    let mut story = hers();
    story.midwife(&offer(to_doctors(), None)).expect("asked");
    let desk = seen_by(&story, &Viewer::Clinician(doctor().id));
    assert!(desk.asks(&doctor()) && !desk.asks(&midwife()));
    assert_eq!(
        desk.handing.map(|handing| handing.asked),
        story.case().handing.as_ref().map(|handing| handing.asked)
    );
    story
        .midwife(&Command::Release {
            reason: "戻す".to_owned(),
        })
        .expect("released");
    assert_eq!(seen_by(&story, &Viewer::Clinician(doctor().id)).handing, None);
    assert_eq!(story.case().handing, None);
    assert!(matches!(story.last(), Fact::Released { .. }));
    let back = story
        .log
        .last()
        .and_then(|event| project(event, &Viewer::Clinician(doctor().id)));
    assert!(matches!(
        back.map(|event| event.kind),
        Some(WireKind::Released { reason: Some(_), .. })
    ));
}
