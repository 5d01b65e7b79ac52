//! 「時間を予約する」: a city offers ten minutes, a family books them, and whoever walks in is not made to wait for ever.

use super::{
    actors::{Clinician, Guardian},
    browser::{Answer, Pages as _},
    outbox::told_family,
    town::Town,
    waiting::evenings_only,
};
use crate::database::{Database, on_both};
use server::{spine::CommandError, storage::StorageError};
use signaling::{
    actor::{Actor, Role},
    appointment::{self, Offer},
    consultation::{Command, Refusal, WireKind},
    id::{ConsultationId, GuardianId},
    intake::Service,
    limits,
    protocol::ServerFrame,
    queue::{HEAD_STARTS, Presence, QueueRow},
    time::{At, Millis},
    triage::{Action, Fired},
    view::Standing,
};
use std::sync::Arc;

/// An administrator offers so many places an hour for so many families each.
pub(crate) async fn offers(town: &Arc<Town>, an_hour: &str, families: &str) -> Answer {
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    let command = town.command().to_string();
    let fields = [
        ("command", command.as_str()),
        ("go", "appointments"),
        ("offers", "yes"),
        ("an_hour", an_hour),
        ("families", families),
    ];
    administrator.browser.posts("/admin/hours", &fields).await
}

/// A town whose desk is open from six to ten, at seven, with six places an hour for one family each.
pub(crate) async fn offering() -> Arc<Town> {
    let town = Town::new().await;
    evenings_only(&town).await;
    assert_eq!(offers(&town, "6", "1").await.leads_to(), "/admin/hours#appointments");
    town
}

pub(crate) async fn books(town: &Town, family: &mut Guardian, slot: At) -> Answer {
    let (command, slot) = (town.command().to_string(), slot.0.to_string());
    let fields = [("command", command.as_str()), ("go", "book"), ("slot", &slot)];
    family.posts("appointment", &fields).await
}

async fn gives_up(town: &Town, family: &mut Guardian) -> Answer {
    let command = town.command().to_string();
    family
        .posts("appointment", &[("command", &command), ("go", "give_up")])
        .await
}

/// A family whose child breathes fast.
async fn urgent_family(town: &Town) -> (ConsultationId, GuardianId) {
    let (urgent, guardian) = (
        ConsultationId(town.app.world.new_id()),
        GuardianId(town.app.world.new_id()),
    );
    let fired = Fired {
        rule: "C02".to_owned(),
        version: 1,
        action: Action::VisitNow,
    };
    town.asks(urgent, guardian, "hino", "息が速いです", vec![fired]).await;
    (urgent, guardian)
}

/// What could not be booked is told in words, on a page that offers other times.
fn is_refused(answer: &Answer, why: &Refusal) {
    assert_eq!(answer.status, 422, "{why}");
    assert!(answer.body.contains(&why.to_string()), "{}", answer.body);
}

fn claims() -> Command {
    Command::Claim { overtake_reason: None }
}

/// The row of this family at the desk, once it fits.
async fn sees_row(doctor: &mut Clinician, family: ConsultationId, fits: impl Fn(&QueueRow) -> bool) -> QueueRow {
    let row = |frame: &ServerFrame| match frame {
        ServerFrame::Row { row, .. } if row.consultation == family && fits(row) => Some(QueueRow::clone(row)),
        _ => None,
    };
    let seen = doctor.live().passed.iter().find_map(row);
    match seen {
        Some(row) => row,
        None => doctor.live().until("the row", row).await,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_books_is_not_called_before_its_time_and_then_before_who_walked_in_lately() {
    let town = offering().await;
    let now = town.app.world.now();
    let slot = now + Millis::minutes(40);
    let mut doctor = town.clinician("佐藤").await;
    let mut family = town.waiting_guardian("夜泣きのことです").await;
    let page = family.opens_ticket().await.body;
    assert!(page.contains("時間を予約する"), "{page}");
    let path = format!("{}/appointment", family.path);
    let times = family.browser.opens(&path).await.body;
    let first = times.find("〜").map(|end| &times[end - 5..]);
    assert!(first.is_some_and(|time| time.starts_with("19:30〜19:40")), "{times}");
    assert!(
        times.contains("21:50〜22:00") && !times.contains("22:00〜22:10"),
        "{times}"
    );
    assert_eq!(books(&town, &mut family, slot).await.leads_to(), family.path);
    let page = family.opens_ticket().await;
    assert!(page.body.contains("11月22日（日）19:40〜19:50"), "{}", page.body);
    assert_eq!(page.live().position, None, "it stands in no queue");
    let row = sees_row(&mut doctor, family.consultation(), QueueRow::is_booked).await;
    assert_eq!(row.appointment, Some(slot), "the desk sees who comes when");
    assert_eq!(doctor.takes_next().await, Err(Refusal::NobodyWaiting));

    town.passes(Millis::minutes(30), &mut [doctor.live(), family.live()])
        .await;
    let mut walked_in = town.waiting_guardian("着いた順です").await;
    walked_in.live().sees_place(0).await;
    town.passes(
        Millis::minutes(10),
        &mut [doctor.live(), family.live(), walked_in.live()],
    )
    .await;
    family
        .sees_standing("its time", |standing| *standing == Standing::Waiting)
        .await;
    let begun = |row: &QueueRow| row.waits() && row.appointment == Some(slot);
    let row = sees_row(&mut doctor, family.consultation(), begun).await;
    assert_eq!(row.rank, Some(appointment::rank(row.acuity, slot)));
    assert!(
        row.explanation().contains("予約は19:40、19:10に着いたもの"),
        "{}",
        row.explanation()
    );
    walked_in.live().sees_place(1).await;
    assert_eq!(doctor.takes_next().await, Ok(family.consultation()));
    assert_eq!(doctor.takes_next().await, Ok(walked_in.consultation()));
    let told = told_family(&town, family.consultation()).await;
    assert!(told.iter().any(|kind| kind == "appointment_begun"), "{told:?}");
    let mut supervisor = town.supervisor("高橋").await;
    let replay = supervisor.replays(family.consultation()).await.body;
    assert!(
        replay.contains("時間を予約") && replay.contains("予約の時間"),
        "{replay}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_doctor_who_has_time_begins_an_appointment_early_while_its_family_is_there_and_passes_nobody_without_a_reason()
 {
    let town = offering().await;
    let slot = town.app.world.now() + Millis::minutes(40);
    let mut doctor = town.clinician("佐藤").await;
    let mut family = town.waiting_guardian("予防接種のことです").await;
    assert_eq!(books(&town, &mut family, slot).await.leads_to(), family.path);
    sees_row(&mut doctor, family.consultation(), QueueRow::is_booked).await;
    assert_eq!(
        doctor.does(family.consultation(), claims()).await,
        Err(Refusal::TooEarly)
    );
    town.passes(Millis::minutes(20), &mut [doctor.live(), family.live()])
        .await;
    family.loses_connection();
    let gone = |row: &QueueRow| row.is_booked() && row.presence == Presence::Away;
    sees_row(&mut doctor, family.consultation(), gone).await;
    assert_eq!(
        doctor.does(family.consultation(), claims()).await,
        Err(Refusal::FamilyAway)
    );
    family.opens_live().await;

    let mut walked_in = town.waiting_guardian("着いた順です").await;
    walked_in.live().sees_place(0).await;
    assert_eq!(
        doctor.does(family.consultation(), claims()).await,
        Err(Refusal::ReasonNeeded)
    );
    assert_eq!(doctor.takes_next().await, Ok(walked_in.consultation()));
    assert_eq!(doctor.does(family.consultation(), claims()).await.map(|_| ()), Ok(()));
    let mine = |row: &QueueRow| row.claimed_by.is_some();
    sees_row(&mut doctor, family.consultation(), mine).await;
    family
        .sees_standing("its doctor", |standing| matches!(standing, Standing::Claimed(_)))
        .await;
    let held = town.app.store.booked(&town.city("hino").await.id).await;
    assert_eq!(held.expect("read"), [], "the ten minutes are free again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_an_hour_before_a_family_is_reminded_outside_of_its_page_and_nobody_who_gave_the_time_up() {
    let town = offering().await;
    let now = town.app.world.now();
    let mut family = town.waiting_guardian("離乳食のことです").await;
    let mut other = town.waiting_guardian("発疹のことです").await;
    assert_eq!(
        books(&town, &mut family, now + Millis::minutes(60)).await.leads_to(),
        family.path
    );
    assert_eq!(
        books(&town, &mut other, now + Millis::minutes(70)).await.leads_to(),
        other.path
    );
    assert_eq!(gives_up(&town, &mut other).await.leads_to(), other.path);
    town.passes(Millis::minutes(45), &mut [family.live(), other.live()])
        .await;
    let reminders = async |of| {
        let told = told_family(&town, of).await;
        told.into_iter().filter(|kind| kind == "appointment_reminded").count()
    };
    let both = (family.consultation(), other.consultation());
    assert_eq!((reminders(both.0).await, reminders(both.1).await), (1, 0));
    let page = family.opens_ticket().await;
    let knows = |kind: &WireKind| matches!(kind, WireKind::AppointmentReminded);
    assert!(
        !page.live().events.iter().any(|event| knows(&event.kind)),
        "its page needs no word of it"
    );
    let mut supervisor = town.supervisor("高橋").await;
    let replay = supervisor.replays(family.consultation()).await.body;
    assert!(replay.contains("予約のお知らせ"), "{replay}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_appointment_is_changed_and_given_up_and_a_place_that_is_let_go_is_free_again() {
    let town = offering().await;
    let now = town.app.world.now();
    let (early, late) = (now + Millis::minutes(40), now + Millis::minutes(60));
    let mut family = town.waiting_guardian("離乳食のことです").await;
    let mut other = town.waiting_guardian("発疹のことです").await;
    assert_eq!(books(&town, &mut family, early).await.leads_to(), family.path);
    is_refused(&books(&town, &mut other, early).await, &Refusal::SlotFull);
    assert_eq!(books(&town, &mut family, late).await.leads_to(), family.path);
    assert_eq!(books(&town, &mut other, early).await.leads_to(), other.path);
    town.turn(Millis::minutes(5));
    for _ in 0..2 {
        assert_eq!(gives_up(&town, &mut family).await.leads_to(), family.path);
    }
    let page = family.opens_ticket().await;
    assert_eq!(
        page.live().position.map(|place| place.ahead),
        Some(0),
        "it waits from now on"
    );
    let given_up = |kind: &WireKind| {
        matches!(
            kind,
            WireKind::AppointmentGivenUp {
                service: Service::Night,
                ..
            }
        )
    };
    let times = page.live().events.iter().filter(|event| given_up(&event.kind)).count();
    assert_eq!(times, 1, "pressed twice, it is given up once");
    let held = town.app.store.appointments(&town.city("hino").await.id, now).await;
    assert_eq!(held.expect("read").into_iter().collect::<Vec<_>>(), [(early, 1)]);
    let own = other.browser.opens("/mine").await.body;
    assert!(own.contains("予約しています"), "{own}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asked_outside_of_the_hours_books_for_the_next_evening() {
    let town = offering().await;
    town.turn(Millis::hours(8));
    let slot = town.app.world.now() + Millis::hours(15);
    let mut family = town.waiting_guardian("三時に目がさめました").await;
    assert!(family.opens_ticket().await.live().reply_by.is_some());
    assert_eq!(books(&town, &mut family, slot).await.leads_to(), family.path);
    let page = family.opens_ticket().await;
    assert_eq!(
        page.live().reply_by,
        None,
        "it is talked to then, and owed no answer before"
    );
    assert!(page.body.contains("11月23日（月）18:00〜18:10"), "{}", page.body);
    let at_night = gives_up(&town, &mut family).await;
    assert_eq!(at_night.leads_to(), family.path);
    let promised = town.app.world.now() + Millis::hours(24);
    assert_eq!(family.opens_ticket().await.live().reply_by, Some(promised));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_that_does_not_come_stands_as_one_that_walked_in_and_that_is_written_down() {
    let town = offering().await;
    let slot = town.app.world.now() + Millis::minutes(40);
    let mut doctor = town.clinician("佐藤").await;
    let mut family = town.waiting_guardian("忘れていました").await;
    assert_eq!(books(&town, &mut family, slot).await.leads_to(), family.path);
    family.loses_connection();
    town.passes(Millis::minutes(40), &mut [doctor.live()]).await;
    let begun = |row: &QueueRow| row.waits() && row.appointment == Some(slot);
    sees_row(&mut doctor, family.consultation(), begun).await;
    town.passes(limits::APPOINTMENT_GRACE, &mut [doctor.live()]).await;
    let missed = |row: &QueueRow| {
        let walked_in = Some(HEAD_STARTS.rank(row.acuity, slot, None));
        row.appointment == Some(slot) && row.rank == walked_in
    };
    let row = sees_row(&mut doctor, family.consultation(), missed).await;
    assert!(
        row.explanation().contains("予約の19:40に画面がつながっていなかった"),
        "{}",
        row.explanation()
    );
    family.opens_live().await;
    let page = family.opens_ticket().await;
    let was_missed = page
        .live()
        .events
        .iter()
        .any(|event| event.kind == WireKind::AppointmentMissed);
    assert!(was_missed, "the family reads it");
    assert_eq!(
        doctor.takes_next().await,
        Ok(family.consultation()),
        "it is called all the same"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_books_what_is_not_theirs_past_closed_or_full_and_nobody_urgent_at_all() {
    let town = Town::new().await;
    evenings_only(&town).await;
    let now = town.app.world.now();
    let mut family = town.waiting_guardian("待っています").await;
    let page = family.opens_ticket().await.body;
    assert!(
        !page.contains("時間を予約する"),
        "where the city offers none, nothing is different"
    );
    let path = format!("{}/appointment", family.path);
    assert_eq!(family.browser.opens(&path).await.leads_to(), family.path);
    is_refused(
        &books(&town, &mut family, now + Millis::minutes(40)).await,
        &Refusal::SlotClosed,
    );

    for (an_hour, families) in [("6", "0"), ("6", "11"), ("4", "1"), ("6", "x"), ("", "1")] {
        let answer = offers(&town, an_hour, families).await;
        assert_eq!(answer.status, 422, "{an_hour} {families}");
    }
    assert_eq!(town.city("hino").await.appointments, None);
    offers(&town, "6", "1").await;
    assert_eq!(town.city("hino").await.appointments, Offer::new(6, 1));
    for (slot, why) in [
        (now, Refusal::SlotPast),
        (now + Millis::minutes(20), Refusal::SlotPast),
        (At(i64::MIN), Refusal::SlotPast),
        (now + Millis::minutes(45), Refusal::SlotClosed),
        (now + Millis::hours(3), Refusal::SlotClosed),
        (now + Millis::days(8), Refusal::SlotClosed),
        (At(i64::MAX), Refusal::SlotClosed),
    ] {
        is_refused(&books(&town, &mut family, slot).await, &why);
    }
    let command = town.command().to_string();
    let nothing = family
        .posts("appointment", &[("command", &command), ("go", "book")])
        .await;
    is_refused(&nothing, &Refusal::NothingChosen);
    for (go, slot) in [("book", "soon"), ("buy", "0"), ("", "0")] {
        let answer = family
            .posts("appointment", &[("command", &command), ("go", go), ("slot", slot)])
            .await;
        assert_eq!(answer.status, 400, "{go} {slot}");
    }
    let mut stranger = town.waiting_guardian("ほかの家族").await;
    let mine = std::mem::replace(&mut stranger.path, family.path.clone());
    let door = books(&town, &mut stranger, now + Millis::minutes(40)).await;
    assert!(door.status == 200 && door.body.contains("/door"), "{door:?}");
    let held = town.app.store.appointments(&town.city("hino").await.id, now).await;
    assert!(held.expect("read").is_empty(), "nor by {mine}");

    let urgent = urgent_family(&town).await;
    let state = town.app.spine.load(urgent.0).await.expect("read").expect("there");
    assert!(state.case.as_deref().is_some_and(|case| !case.may_book()));
    let slot = now + Millis::minutes(40);
    let city = town.city("hino").await;
    let book = Command::BookAppointment {
        slot,
        offer: city.appointments,
        hours: Box::new(city.hours),
    };
    let actor = Actor::Guardian { id: urgent.1 };
    let refused = town.app.spine.execute(urgent.0, &actor, town.command(), &book).await;
    assert!(matches!(refused, Err(CommandError::Refused(Refusal::TooUrgent))));
}

on_both! {
    async fn of_many_who_reach_for_the_last_place_at_once_one_has_it(database: Database) {
        let town = Town::on(database).await;
        let city = town.city("hino").await;
        let now = town.app.world.now();
        let first = now + limits::APPOINTMENT_AHEAD + limits::APPOINTMENT;
        let slot = At(first.0 - first.0.rem_euclid(limits::APPOINTMENT.0));
        let together = Arc::new(tokio::sync::Barrier::new(12));
        let mut books = Vec::new();
        for number in 0..12 {
            let (consultation, guardian) = (ConsultationId(town.app.world.new_id()), GuardianId(town.app.world.new_id()));
            town.asks(consultation, guardian, "hino", &format!("相談{number}"), Vec::new()).await;
            let (town, together, hours) = (Arc::clone(&town), Arc::clone(&together), city.hours.clone());
            books.push(tokio::spawn(async move {
                let book = Command::BookAppointment { slot, offer: Offer::new(6, 2), hours: Box::new(hours) };
                together.wait().await;
                let actor = Actor::Guardian { id: guardian };
                town.app.spine.execute(consultation, &actor, town.command(), &book).await
            }));
        }
        let (mut held, mut refused) = (0, 0);
        for book in books {
            match book.await.expect("it ran") {
                Ok(_) => held += 1,
                Err(CommandError::Refused(Refusal::SlotFull)) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((held, refused), (2, 10));
        let stored = town.app.store.appointments(&city.id, now).await;
        let stored: Result<Vec<_>, StorageError> = stored.map(|all| all.into_iter().collect());
        assert_eq!(stored.expect("read"), [(slot, 2)]);
    }
}
