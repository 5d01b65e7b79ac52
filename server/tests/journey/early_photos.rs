//! Photos of an intake before it is sent: they go with it, from its first moment, or with the draft.

use super::{
    actors::Guardian,
    browser::{Answer, Pages as _},
    photos::{Sending, code, number, posts_with_file, stored},
    town::Town,
};
use crate::pictures::{gives_away, held, jpeg, png, stands_upright};
use frontend::page::guardian::{IntakePage, TicketStep};
use signaling::{
    consultation::{Command, WireKind},
    id::ConsultationId,
    limits,
    photo::PhotoFault,
    time::Millis,
    view::Thread,
};
use std::sync::Arc;

/// A family that has come to the last step of its intake.
async fn at_the_last_step(town: &Arc<Town>) -> (Guardian, ConsultationId) {
    let mut family = town.guardian();
    family.registers().await;
    for step in [
        &[("step", "symptoms"), ("go", "next"), ("complaints", "fever")][..],
        &[("step", "signs"), ("go", "next"), ("no_signs", "on")][..],
    ] {
        assert_eq!(family.posts("intake", step).await.leads_to(), family.path);
    }
    let consultation = family.opens_ticket().await.ticket().consultation;
    (family, consultation)
}

/// The last step's form, as a page without script sends it.
async fn presses(town: &Town, family: &mut Guardian, go: &str, worry: &str, file: &[u8]) -> Answer {
    let command = town.command().to_string();
    let fields = [
        ("step", "mode"),
        ("command", command.as_str()),
        ("go", go),
        ("worry", worry),
        ("mode", "chat"),
    ];
    posts_with_file(family, "intake", &fields, file).await
}

async fn intake(family: &mut Guardian) -> IntakePage {
    match family.opens_ticket().await.ticket().step {
        TicketStep::Intake(page) => *page,
        TicketStep::Live(_) => panic!("it was sent"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_that_are_added_without_script_keep_what_was_typed_and_reach_the_desk_with_the_intake() {
    let town = Town::new().await;
    let (mut family, consultation) = at_the_last_step(&town).await;
    let page = family.opens_ticket().await;
    assert!(page.body.contains("enctype=\"multipart/form-data\""), "{}", page.body);
    let file = held(&jpeg(900, 600), 1);
    assert!(gives_away(&file));
    let led = presses(&town, &mut family, "photo", "背中のぶつぶつ", &file).await;
    assert_eq!(led.leads_to(), format!("{}#photos", family.path));
    let page = intake(&mut family).await;
    assert_eq!((page.photos.len(), page.draft.worry.as_str()), (1, "背中のぶつぶつ"));
    let first = page.photos[0].photo;
    let view = Sending::to(&family.path, &first, Vec::new());
    let seen = view.sees(&mut family.browser, "/small").await;
    assert!(seen.status == 200 && stands_upright(&seen.bytes) && !gives_away(&seen.bytes));
    // The second is sent with the intake itself: whatever is pressed, it is not left behind.
    town.turn(Millis(1));
    let led = presses(&town, &mut family, "send", "背中のぶつぶつ", &png(64, 64)).await;
    assert_eq!(led.leads_to(), family.path);
    assert_eq!(stored(&town, consultation).await, (2, 0));
    let live = family.opens_ticket().await.live();
    let kinds: Vec<_> = live.events.iter().map(|event| &event.kind).collect();
    assert!(
        matches!(
            kinds[..],
            [
                WireKind::Requested { .. },
                WireKind::Photo { .. },
                WireKind::Photo { .. },
                WireKind::Queued { .. }
            ]
        ),
        "{kinds:?}"
    );
    let with_intake = Thread::of(&live.events).photos_with_intake();
    assert_eq!(with_intake.first().map(|(photo, _)| *photo), Some(first));
    // Before somebody has the consultation nobody of the desk sees them; whoever has it does.
    let mut doctor = town.clinician("佐藤").await;
    let at_desk = Sending::to(&format!("/desk/consultations/{consultation}"), &first, Vec::new());
    assert_eq!(at_desk.sees(&mut doctor.browser, "").await.status, 404);
    assert_eq!(doctor.takes_next().await, Ok(consultation));
    assert_eq!(at_desk.sees(&mut doctor.browser, "").await.status, 200);
    assert_eq!(doctor.log(consultation).thread().photos_with_intake().len(), 2);
    town.app.spine.verify(consultation).await.expect("the chain holds");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_drops_costs_one_part_and_a_photo_that_is_sent_twice_is_one() {
    let town = Town::new().await;
    let (mut family, consultation) = at_the_last_step(&town).await;
    let sending = Sending::to(&family.path, &town.command(), png(1200, 900));
    let (total, half) = (sending.file.len(), sending.file.len() / 2);
    let browser = &mut family.browser;
    assert_eq!(sending.part(browser, 0, half).await.status, 200);
    assert_eq!(number(&sending.asks(browser).await, "received"), Some(half as u64));
    assert_eq!(sending.part(browser, half, total).await.status, 200);
    for _ in 0..2 {
        let answer = sending.last_word(browser, "").await;
        assert_eq!(
            (answer.status, number(&answer, "seq")),
            (201, Some(0)),
            "there is no event yet"
        );
    }
    assert_eq!(
        number(&sending.asks(browser).await, "seq"),
        Some(0),
        "a lost answer is given again"
    );
    assert_eq!(stored(&town, consultation).await, (1, 0));
    assert_eq!(intake(&mut family).await.photos.len(), 1);
    family.sends_intake("背中です").await;
    let live = family.opens_ticket().await.live();
    assert_eq!(Thread::of(&live.events).photos_with_intake().len(), 1);
    let late = sending.last_word(&mut family.browser, "").await;
    assert_eq!((late.status, code(&late).as_str()), (409, "taken"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_photo_is_said_beside_its_field_and_nothing_is_sent_without_it() {
    let town = Town::new().await;
    let (mut family, consultation) = at_the_last_step(&town).await;
    for (file, fault) in [
        (&b"GIF89a......"[..], PhotoFault::Kind),
        (b"\0\0\0\x18ftypheic\0\0\0\0", PhotoFault::Heic),
    ] {
        let answer = presses(&town, &mut family, "send", "背中です", file).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains(&fault.to_string()), "{}", answer.body);
        assert!(answer.body.contains("背中です"), "what was typed stays");
    }
    let answer = presses(&town, &mut family, "photo", "背中です", b"").await;
    assert!(answer.status == 422 && answer.body.contains(&PhotoFault::Empty.to_string()));
    assert!(
        town.app.spine.load(consultation).await.expect("read").is_none(),
        "not sent"
    );
    assert_eq!(stored(&town, consultation).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handful_goes_with_an_intake_and_one_that_was_taken_away_makes_room() {
    let town = Town::new().await;
    let (mut family, consultation) = at_the_last_step(&town).await;
    let mut ids = Vec::new();
    for _ in 0..limits::PHOTOS_WITH_INTAKE {
        town.turn(Millis(1));
        let one = Sending::to(&family.path, &town.command(), png(16, 16));
        assert_eq!(one.whole(&mut family.browser, "").await.status, 201);
        ids.push(one.id);
    }
    let more = Sending::to(&family.path, &town.command(), png(16, 16));
    let answer = more.part(&mut family.browser, 0, 10).await;
    assert_eq!((answer.status, code(&answer).as_str()), (422, "too_many_yet"));
    let page = presses(&town, &mut family, "photo", "背中です", &png(16, 16)).await;
    assert!(page.status == 422 && page.body.contains(&PhotoFault::TooManyYet.to_string()));
    let fields = [("step", "mode"), ("without", ids[1].as_str()), ("worry", "背中です")];
    let led = family.posts("intake", &fields).await;
    assert_eq!(led.leads_to(), format!("{}#photos", family.path));
    let view = Sending::to(&family.path, &ids[1], Vec::new());
    assert_eq!(
        view.sees(&mut family.browser, "").await.status,
        404,
        "its pixels are gone"
    );
    assert_eq!(more.whole(&mut family.browser, "").await.status, 201);
    // Another family takes nothing away, and sees nothing.
    let (mut other, _) = at_the_last_step(&town).await;
    let fields = [("step", "mode"), ("without", ids[0].as_str())];
    other.posts("intake", &fields).await;
    let theirs = Sending::to(&other.path, &ids[0], Vec::new());
    assert_eq!(theirs.sees(&mut other.browser, "").await.status, 404);
    let most = i64::try_from(limits::PHOTOS_WITH_INTAKE).expect("small");
    assert_eq!(stored(&town, consultation).await, (most, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_intake_that_is_never_sent_goes_with_its_photos_and_one_that_goes_on_stays() {
    let town = Town::new().await;
    let (mut left, gone) = at_the_last_step(&town).await;
    let sending = Sending::to(&left.path, &town.command(), png(64, 64));
    assert_eq!(sending.whole(&mut left.browser, "").await.status, 201);
    let (mut goes_on, stays) = at_the_last_step(&town).await;
    let theirs = Sending::to(&goes_on.path, &town.command(), png(64, 64));
    assert_eq!(theirs.whole(&mut goes_on.browser, "").await.status, 201);
    let mut sent = town.waiting_guardian("送りました").await;
    sent.says("まだ書いています").await;
    town.turn(limits::UNSENT_KEPT);
    assert_eq!(
        presses(&town, &mut goes_on, "photo", "つづき", &png(16, 16))
            .await
            .status,
        303
    );
    town.turn(Millis::seconds(1));
    assert_eq!(server::timers::forget_unsent(&town.app.spine).await.expect("swept"), 1);
    assert_eq!(stored(&town, gone).await, (0, 0));
    assert_eq!(stored(&town, stays).await, (2, 0));
    assert_eq!(sending.sees(&mut left.browser, "").await.status, 404);
    let page = intake(&mut left).await;
    assert!(page.photos.is_empty() && page.draft.worry.is_empty(), "it begins anew");
    assert_eq!(server::timers::forget_unsent(&town.app.spine).await.expect("swept"), 0);
    assert!(
        sent.does(Command::Cancel).await.is_ok(),
        "whoever waits is none of this"
    );
    left.sends_intake("もう一度").await;
    assert!(left.opens_ticket().await.live().events.len() > 1);
}
