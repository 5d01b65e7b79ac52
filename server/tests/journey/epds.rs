//! An EPDS that a clinician has asked, through a real server: what its points raise, of whom they may be recorded, by whom, and
//! that nobody but the staff ever learns of it.

use super::{
    actors::{Clinician, Guardian},
    approval::{APPROVED, presses},
    browser::Pages as _,
    mothers::registers,
    openings::{events, in_consultation},
    secrecy::{captured, contains, files_beside},
    town::Town,
};
use signaling::{
    actor::Role,
    consultation::{Command, Refusal, WireKind},
    id::ConsultationId,
    protocol::ServerFrame,
    triage::{Acuity, Epds},
};
use std::sync::Arc;

const AFTER_BIRTH: [(&str, &str); 2] = [("about", "postpartum"), ("gave_birth", "2026-10-25")];
const PREGNANT: [(&str, &str); 2] = [("about", "pregnant"), ("due", "2027-02-01")];

/// Points of the items before the tenth add up to `others`.
fn epds(others: u8, tenth: u8) -> Command {
    let mut items = [0; 10];
    let mut left = others;
    for item in &mut items[..9] {
        *item = left.min(3);
        left -= *item;
    }
    items[9] = tenth;
    Command::RecordEpds {
        points: Epds::of(items).expect("points"),
        fired: None,
    }
}

/// A mother asks, ticks nothing and waits.
async fn waits(town: &Arc<Town>, about: &[(&str, &str)]) -> Guardian {
    let Ok(mut guardian) = registers(town, about).await else {
        panic!("she may register")
    };
    let command = town.command().to_string();
    let steps: [&[(&str, &str)]; 3] = [
        &[("step", "symptoms"), ("go", "next"), ("complaints", "mind")],
        &[("step", "signs"), ("go", "next"), ("no_signs", "on")],
        &[
            ("step", "mode"),
            ("go", "send"),
            ("worry", "眠れません"),
            ("mode", "chat"),
            ("command", &command),
        ],
    ];
    for step in steps {
        assert_eq!(guardian.posts("intake", step).await.leads_to(), guardian.path);
    }
    guardian.opens_live().await;
    guardian
}

/// A mother whom the doctor has taken.
async fn taken(town: &Arc<Town>, doctor: &mut Clinician, about: &[(&str, &str)]) -> (Guardian, ConsultationId) {
    let guardian = waits(town, about).await;
    let consultation = doctor.takes_next().await.expect("she waits");
    (guardian, consultation)
}

/// The class and the rules in a desk's row of it, once it has this class.
async fn row(clinician: &mut Clinician, of: ConsultationId, class: Acuity) -> Vec<String> {
    let found = move |frame: &ServerFrame| match frame {
        ServerFrame::Row { row, .. } if row.consultation == of && row.acuity == class => Some(row.flags.clone()),
        _ => None,
    };
    clinician.live().until("the row in its class", found).await
}

/// What fired by points, as the clinician's log has it.
fn by_points(doctor: &Clinician, consultation: ConsultationId) -> Vec<String> {
    let events = &doctor.log(consultation).events;
    let flagged = events.iter().filter_map(|event| match &event.kind {
        WireKind::Flagged {
            rule,
            action,
            epds: Some(_),
        } => Some(format!("{rule} {}", action.code())),
        _ => None,
    });
    flagged.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_raise_a_mother_at_every_desk_by_the_bounds_of_the_rule() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut colleague = town.clinician("鈴木").await;
    let (mut after, hers) = taken(&town, &mut doctor, &AFTER_BIRTH).await;
    for (points, fired, class) in [
        (epds(8, 0), &[][..], Acuity::White),
        (epds(9, 0), &["M06 second_class"], Acuity::Green),
        (epds(0, 1), &["M06 second_class", "M06 talk_now"], Acuity::Yellow),
        // Fewer points later lower nothing, and what fired already is flagged once.
        (epds(0, 0), &["M06 second_class", "M06 talk_now"], Acuity::Yellow),
        (epds(9, 3), &["M06 second_class", "M06 talk_now"], Acuity::Yellow),
    ] {
        let seq = doctor.does(hers, points).await.expect("recorded");
        doctor
            .live()
            .sees(hers, "what was recorded", |log| log.thread().seq >= seq)
            .await;
        assert_eq!(by_points(&doctor, hers), fired);
        assert_eq!(doctor.log(hers).thread().acuity, Some(class));
    }
    assert_eq!(row(&mut colleague, hers, Acuity::Yellow).await, ["M06", "M06"]);

    let (_before, hers) = taken(&town, &mut doctor, &PREGNANT).await;
    for (points, fired) in [(epds(12, 0), &[][..]), (epds(13, 0), &["M06 second_class"])] {
        let seq = doctor.does(hers, points).await.expect("recorded");
        doctor
            .live()
            .sees(hers, "what was recorded", |log| log.thread().seq >= seq)
            .await;
        assert_eq!(by_points(&doctor, hers), fired);
    }
    assert_eq!(row(&mut colleague, hers, Acuity::Green).await, ["M06"]);
    after.says("まだつながっています").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_has_a_mothers_consultation_records_in_it() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut colleague = town.clinician("鈴木").await;
    let mut guardian = waits(&town, &AFTER_BIRTH).await;
    let consultation = guardian.consultation();
    assert_eq!(doctor.does(consultation, epds(9, 1)).await, Err(Refusal::NotYours));
    doctor.takes_next().await.expect("she waits");
    let before = events(&town, consultation).await;
    let by = doctor.staff.addressed();
    assert_eq!(
        colleague.does(consultation, epds(9, 1)).await,
        Err(Refusal::AlreadyClaimed { by })
    );
    assert_eq!(guardian.does(epds(9, 1)).await, Err(Refusal::NotAllowed));
    let mut stranger = town.clinician_of("tama", "多摩", Role::Midwife).await;
    stranger.opens_desk().await;
    assert_eq!(stranger.does(consultation, epds(9, 1)).await, Err(Refusal::NotFound));
    // Half an EPDS, and more points than an item has, are no frame.
    for points in ["[1,2]", "[0,0,0,0,0,0,0,0,0,4]", "[0,0,0,0,0,0,0,0,0,0,0]", "null"] {
        let id = town.command();
        let command = format!(r#"{{"kind":"record_epds","points":{points}}}"#);
        let frame = format!(r#"{{"t":"command","id":"{id}","consultation":"{consultation}","command":{command}}}"#);
        doctor.live().sends_text(&frame).await;
        assert_eq!(
            doctor.live().error().await,
            signaling::protocol::ErrorCode::Unreadable,
            "{points}"
        );
    }
    // Nobody says from outside what fires.
    let fired = r#"[{"rule":"C01","version":1,"action":"call_119"}]"#;
    let command = format!(r#"{{"kind":"record_epds","points":[0,0,0,0,0,0,0,0,0,0],"fired":{fired}}}"#);
    let id = town.command();
    let frame = format!(r#"{{"t":"command","id":"{id}","consultation":"{consultation}","command":{command}}}"#);
    doctor.live().sends_text(&frame).await;
    assert_eq!(doctor.live().error().await, signaling::protocol::ErrorCode::Unreadable);
    assert_eq!(events(&town, consultation).await, before);

    doctor.signs_note_and_closes(consultation).await;
    assert_eq!(doctor.does(consultation, epds(9, 1)).await, Err(Refusal::Ended));
    let (_family, mut midwife, of_child) = in_consultation(&town).await;
    assert_eq!(midwife.does(of_child, epds(9, 1)).await, Err(Refusal::MothersOnly));
}

/// What would tell that there was an EPDS, or how it was answered.
const TELLS: [&str; 8] = [
    "epds",
    "EPDS",
    "M06",
    "flagged",
    "talk_now",
    "second_class",
    "いのちSOS",
    "危険サイン",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_family_and_the_city_learn_nothing_of_it_and_the_supervisor_reads_all() {
    let logs = captured();
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let (mut guardian, consultation) = taken(&town, &mut doctor, &AFTER_BIRTH).await;
    let ticket = guardian.opens_ticket().await;
    let panels = ticket.live().panels.len();
    let command = Command::RecordEpds {
        points: Epds::of([3, 2, 3, 2, 3, 2, 3, 2, 3, 1]).expect("points"),
        fired: None,
    };
    doctor.does(consultation, command).await.expect("recorded");
    doctor
        .says(consultation, "話してくださって、ありがとうございます")
        .await;
    guardian.hears("話してくださって、ありがとうございます").await;
    guardian.live().settles().await;
    let as_it_came = guardian.live().raw.clone();
    let page = guardian.opens_ticket().await;
    guardian.loses_connection();
    guardian.opens_live().await;
    guardian.live().settles().await;
    let told = [&as_it_came, &page.body, &guardian.live().raw];
    for word in TELLS {
        assert!(
            told.iter().all(|told| !told.contains(word)),
            "{word} reaches the family"
        );
    }
    assert_eq!(page.live().panels.len(), panels);

    let mut viewer = town.reader("hino", "市役所", Role::CityViewer).await;
    let figures = viewer.sees_figures().await;
    for word in ["epds", "EPDS", "M06", "24点"] {
        assert!(!figures.page.contains(word) && !figures.csv.contains(word), "{word}");
    }
    // Shown to the figures, and no further.
    let denied = viewer.replays(consultation).await;
    assert!(
        denied.status != 200 && !denied.body.contains("EPDS"),
        "{}",
        denied.status
    );

    let replay = town.supervisor("田中").await.replays(consultation).await.body;
    for words in [
        "EPDSの点数を記録",
        "合計24点・項目10は1点",
        "項目1から10：3・2・3・2・3・2・3・2・3・1",
        "危険サイン（EPDSの点数により）",
        "緊急度を上げる（EPDSの点数により）",
    ] {
        assert!(replay.contains(words), "{words} in {replay}");
    }
    let desk = doctor.browser.opens("/desk").await.body;
    assert!(
        desk.contains("合計24点") && desk.contains("項目10は1点"),
        "also after a reload"
    );

    // Sealed like words: neither the facts nor any file of the database hold the points.
    let rows = town.app.store.events(consultation, 0, 50).await.expect("read");
    let recorded = rows.iter().find(|row| row.kind == "epds_recorded").expect("stored");
    assert!(
        recorded.sealed.is_some() && !recorded.facts.contains("points"),
        "{}",
        recorded.facts
    );
    let points = "3,2,3,2,3,2,3,2,3,1";
    for (name, bytes) in files_beside(&town.database.url) {
        assert!(!contains(&bytes, points), "{name}");
    }
    assert!(!contains(&logs.bytes(), points));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_no_physician_approved_the_rule_points_are_recorded_and_nothing_fires() {
    let town = Town::real().await;
    let mut doctor = town.clinician("佐藤").await;
    let (_guardian, consultation) = taken(&town, &mut doctor, &AFTER_BIRTH).await;
    let seq = doctor.does(consultation, epds(27, 3)).await.expect("recorded");
    doctor
        .live()
        .sees(consultation, "the points", |log| log.thread().seq >= seq)
        .await;
    let recorded = |event: &signaling::consultation::WireEvent| matches!(event.kind, WireKind::EpdsRecorded { .. });
    assert!(doctor.log(consultation).events.iter().any(recorded));
    assert!(by_points(&doctor, consultation).is_empty());
    assert_eq!(doctor.log(consultation).thread().acuity, Some(Acuity::White));

    // From the approval on it runs, as at an intake.
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    let approved = presses(&mut administrator, "M06", "approve", &APPROVED).await;
    assert_eq!(approved.status, 303);
    let seq = doctor.does(consultation, epds(27, 3)).await.expect("recorded again");
    doctor
        .live()
        .sees(consultation, "the points", |log| log.thread().seq >= seq)
        .await;
    assert_eq!(by_points(&doctor, consultation), ["M06 talk_now", "M06 second_class"]);
    assert_eq!(row(&mut doctor, consultation, Acuity::Yellow).await, ["M06", "M06"]);
}
