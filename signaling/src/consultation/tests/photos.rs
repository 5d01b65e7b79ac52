//! Photos in the log: who sends them, who asks, who draws, and what the rules hold back.

use super::{
    doctor,
    story::{Story, asks, family, staff},
};
use crate::{
    actor::{Actor, Role, Viewer},
    consultation::{Command, Fact, Refusal, Request, WireEvent, WireKind, project},
    id::{GuardianId, PhotoId, Seq},
    limits,
    photo::{Mark, MarkKind, Photo, PhotoFault, PhotoFormat, fits_intake},
    time::Millis,
    view::{LineKind, Thread},
};
use uuid::Uuid;

fn photo(id: u128) -> Photo {
    Photo {
        id: PhotoId(Uuid::from_u128(id)),
        format: PhotoFormat::Jpeg,
        width: 1536,
        height: 2048,
        bytes: 400_000,
    }
}

pub(super) fn add(id: u128, caption: Option<&str>) -> Command {
    Command::AddPhoto {
        photo: photo(id),
        caption: caption.map(str::to_owned),
    }
}

/// A family whose intake was sent with photos.
fn asked_with(photos: Vec<Photo>) -> Story {
    let mut story = Story::new();
    let request = Request { photos, ..asks(&[]) };
    story.family(&Command::Request(Box::new(request))).expect("sent");
    story
}

#[test]
fn photos_of_an_intake_belong_to_the_consultation_from_its_first_moment_and_count_like_all_others() {
    let mut story = asked_with(vec![photo(1), photo(2)]);
    let kinds: Vec<_> = story.log.iter().map(|event| event.fact.kind()).collect();
    assert_eq!(kinds, ["requested", "photo", "photo", "queued"]);
    assert_eq!(
        story.case().unanswered_since,
        Some(story.now),
        "they were sent with the first message"
    );
    assert_eq!(story.family(&add(1, None)), fault(PhotoFault::Taken));
    story.later(Millis::minutes(1));
    story.family(&add(3, None)).expect("one more");
    let shown = Thread::of(&seen_events(&story));
    let with_intake: Vec<_> = shown.photos_with_intake().into_iter().map(|(id, _)| id).collect();
    assert_eq!(with_intake, [photo(1).id, photo(2).id]);
    assert!(asked_with(Vec::new()).case().photos.is_empty());
}

#[test]
fn an_intake_takes_a_handful_of_photos_and_the_rest_may_come_once_it_is_sent() {
    assert_eq!(fits_intake(limits::PHOTOS_WITH_INTAKE - 1), Ok(()));
    assert_eq!(fits_intake(limits::PHOTOS_WITH_INTAKE), Err(PhotoFault::TooManyYet));
}

fn mark(id: u128, marks: Vec<Mark>) -> Command {
    let photo = PhotoId(Uuid::from_u128(id));
    Command::MarkPhoto { photo, marks }
}

fn ring(to: u16) -> Mark {
    Mark {
        shape: MarkKind::Ring,
        from: (0, 0),
        to: (to, to),
    }
}

fn fault(fault: PhotoFault) -> Result<Vec<&'static str>, Refusal> {
    Err(Refusal::Photo { fault })
}

fn seen_by_family(story: &Story) -> Vec<WireKind> {
    seen_events(story).into_iter().map(|event| event.kind).collect()
}

fn seen_events(story: &Story) -> Vec<WireEvent> {
    let Actor::Guardian { id } = family() else {
        panic!("a family")
    };
    let events = story.log.iter();
    events
        .filter_map(|event| project(event, &Viewer::Guardian(id)))
        .collect()
}

#[test]
fn a_family_shows_a_rash_while_it_waits_and_both_sides_see_it_with_its_words() {
    let mut story = Story::waiting();
    assert_eq!(story.family(&add(1, Some(" 背中です "))), Ok(vec!["photo"]));
    let doctor = Viewer::Clinician(doctor().id);
    for viewer in [Viewer::Guardian(GuardianId(Uuid::from_u128(1))), doctor] {
        let events: Vec<_> = story.log.iter().filter_map(|event| project(event, &viewer)).collect();
        let thread = Thread::of(&events);
        let Some(LineKind::Photo { caption, size, .. }) = thread.lines.last().map(|line| &line.kind) else {
            panic!("a photo")
        };
        assert_eq!((caption.as_deref(), *size), (Some("背中です"), (1536, 2048)));
    }
}

#[test]
fn a_photo_is_a_message_it_asks_for_an_answer_and_answers() {
    let mut story = Story::claimed();
    story.doctor(&add(1, None)).expect("sent");
    assert!(story.case().first_reply_at.is_some() && story.case().unanswered_since.is_none());
    story.later(Millis::minutes(3));
    story.family(&add(2, None)).expect("sent");
    assert_eq!(story.case().unanswered_since, Some(story.now));
}

#[test]
fn an_id_belongs_to_whoever_used_it_first() {
    let mut story = Story::claimed();
    story.family(&add(1, None)).expect("sent");
    assert_eq!(story.family(&add(1, Some("別の"))), fault(PhotoFault::Taken));
    assert_eq!(story.doctor(&add(1, None)), fault(PhotoFault::Taken));
}

#[test]
fn overlong_words_and_one_photo_too_many_are_refused_and_words_go_on() {
    let mut story = Story::claimed();
    let long = "あ".repeat(limits::CAPTION_CHARS + 1);
    let limit = limits::CAPTION_CHARS;
    assert_eq!(story.family(&add(1, Some(&long))), Err(Refusal::TooLong { limit }));
    for id in 0..limits::PHOTOS_PER_CONSULTATION {
        story.family(&add(id as u128, None)).expect("sent");
    }
    assert_eq!(story.family(&add(99, None)), fault(PhotoFault::TooMany));
    assert_eq!(story.family(&super::story::say("文字は送れます")), Ok(vec!["said"]));
}

#[test]
fn nobody_sends_a_photo_into_what_is_over_or_is_not_theirs() {
    let mut closed = Story::closed();
    assert_eq!(closed.family(&add(1, None)), Err(Refusal::Ended));
    assert_eq!(closed.doctor(&add(1, None)), Err(Refusal::Ended));
    let mut waiting = Story::waiting();
    assert_eq!(waiting.doctor(&add(1, None)), Err(Refusal::NotYours));
    let mut claimed = Story::claimed();
    assert!(matches!(
        claimed.midwife(&add(1, None)),
        Err(Refusal::AlreadyClaimed { .. })
    ));
    let supervisor = Actor::Staff(staff(21, "高橋", Role::Supervisor));
    assert_eq!(claimed.does(&supervisor, &add(1, None)), Err(Refusal::NotAllowed));
}

#[test]
fn a_photo_is_asked_for_once_until_one_comes() {
    let mut story = Story::claimed();
    assert_eq!(story.doctor(&Command::AskPhoto), Ok(vec!["photo_wished"]));
    assert_eq!(story.doctor(&Command::AskPhoto), Ok(Vec::new()));
    let wished = |story: &Story| {
        let kinds = seen_by_family(story).into_iter();
        let events = (1..)
            .zip(kinds)
            .map(|(seq, kind): (Seq, _)| crate::consultation::WireEvent {
                seq,
                at: story.now,
                kind,
            });
        Thread::of(&events.collect::<Vec<_>>()).photo_wished
    };
    assert!(wished(&story));
    story.doctor(&add(1, None)).expect("a picture of what is meant");
    assert!(wished(&story), "what the desk shows is no answer");
    story.family(&add(2, None)).expect("sent");
    assert!(!wished(&story));
    assert_eq!(story.doctor(&Command::AskPhoto), Ok(vec!["photo_wished"]));
    assert_eq!(story.family(&Command::AskPhoto), Err(Refusal::NotAllowed));
}

#[test]
fn what_is_drawn_over_a_photo_replaces_what_was_and_no_family_sees_it() {
    let mut story = Story::claimed();
    story.family(&add(1, None)).expect("sent");
    assert_eq!(story.doctor(&mark(2, vec![ring(10)])), Err(Refusal::NoSuchPhoto));
    assert_eq!(story.doctor(&mark(1, vec![ring(10_001)])), Err(Refusal::MarksUnfit));
    let many = vec![ring(10); limits::MARKS_PER_PHOTO + 1];
    assert_eq!(story.doctor(&mark(1, many)), Err(Refusal::MarksUnfit));
    story.doctor(&mark(1, vec![ring(10), ring(20)])).expect("drawn");
    story.doctor(&mark(1, vec![ring(30)])).expect("drawn");
    let doctor = Viewer::Clinician(doctor().id);
    let events: Vec<_> = story.log.iter().filter_map(|event| project(event, &doctor)).collect();
    let thread = Thread::of(&events);
    assert_eq!(thread.marks, [(PhotoId(Uuid::from_u128(1)), vec![ring(30)])]);
    let families = seen_by_family(&story);
    assert!(!families.iter().any(|kind| matches!(kind, WireKind::PhotoMarked { .. })));
}

#[test]
fn whoever_has_it_or_had_it_last_takes_part_and_nobody_else() {
    let mut story = Story::claimed();
    let midwife = super::midwife();
    assert!(story.case().takes_part(&doctor()) && !story.case().takes_part(&midwife));
    let reason = "交代".to_owned();
    story.doctor(&Command::Release { reason }).expect("released");
    assert!(story.case().takes_part(&doctor()), "nobody else has it yet");
    story.takes(&midwife).expect("taken");
    assert!(!story.case().takes_part(&doctor()) && story.case().takes_part(&midwife));
    assert!(
        !story
            .case()
            .takes_part(&super::story::staff(99, "田中", crate::actor::Role::Midwife))
    );
    assert!(
        Story::closed().case().takes_part(&doctor()),
        "it can be read after the end"
    );
}

#[test]
fn the_log_keeps_of_a_photo_what_it_is_and_seals_what_was_written() {
    let mut story = Story::claimed();
    story.family(&add(1, Some("おしりの発疹"))).expect("sent");
    assert!(matches!(story.last(), Fact::Photo { bytes: 400_000, .. }));
    let event = story.log.last().expect("an event");
    let facts = serde_json::to_string(&event.fact).expect("JSON");
    assert!(!facts.contains("発疹") && event.sealed.is_some());
}
