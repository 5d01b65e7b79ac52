//! A consultation that changes hands outside of a call's seats, and a clinician who has gone quiet.

use super::{
    actors::{Clinician, Guardian},
    socket::Log,
    town::Town,
};
use signaling::{
    actor::Role,
    call::{CallMode, Path},
    consultation::{Command, Lane, Refusal},
    hand_over::{HandOver, HandTo},
    id::{ConsultationId, StaffId},
    protocol::{ClientFrame, ServerFrame},
    time::Millis,
    view::{LineKind, Standing},
};
use std::sync::Arc;

/// Stands in every summary and in no family's page.
const SECRET: &str = "ひみつ引き継ぎメモ";

fn summary() -> Box<HandOver> {
    Box::new(HandOver {
        about: "2歳3か月（母から）".to_owned(),
        so_far: SECRET.to_owned(),
        note: SECRET.to_owned(),
        ..HandOver::default()
    })
}

fn on(to: HandTo) -> Command {
    Command::HandOn {
        to,
        hand_over: summary(),
        colleague: None,
    }
}

fn offer(to: HandTo) -> Command {
    Command::OfferHandOver {
        to,
        hand_over: summary(),
        colleague: None,
    }
}

const DOCTORS: HandTo = HandTo::Profession(Role::Pediatrician);

async fn midwife(town: &Arc<Town>) -> Clinician {
    let mut midwife = town.clinician_of("hino", "鈴木", Role::Midwife).await;
    midwife.opens_desk().await;
    midwife
}

/// A family, and the midwife who has taken it.
async fn with_midwife(town: &Arc<Town>) -> (Guardian, Clinician, ConsultationId) {
    let mut midwife = midwife(town).await;
    let guardian = town.waiting_guardian("熱が下がりません").await;
    let consultation = midwife.takes_next().await.expect("somebody waits");
    (guardian, midwife, consultation)
}

fn is_with(id: StaffId) -> impl Fn(&Standing) -> bool {
    move |standing| matches!(standing, Standing::Claimed(by) if by.id == id)
}

/// The desk is told by a row that it is asked.
async fn is_asked(clinician: &mut Clinician, consultation: ConsultationId) {
    let me = clinician.staff.clone();
    clinician
        .live()
        .until("being asked", |frame| match frame {
            ServerFrame::Row { row, .. } if row.consultation == consultation && row.asks(&me) => Some(()),
            _ => None,
        })
        .await;
}

fn brief(log: &Log) -> Option<String> {
    log.thread().brief.map(|brief| brief.hand_over.note)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handed_on_to_doctors_it_waits_for_one_and_no_midwife_is_given_it() {
    let town = Town::new().await;
    let (mut guardian, mut midwife, consultation) = with_midwife(&town).await;
    let mut doctor = town.clinician("佐藤").await;
    midwife.does(consultation, on(DOCTORS)).await.expect("handed on");
    is_asked(&mut doctor, consultation).await;
    guardian
        .sees_standing("that it waits again", |standing| *standing == Standing::Waiting)
        .await;
    assert_eq!(
        midwife.takes_next().await,
        Err(Refusal::NobodyWaiting),
        "it is not for her"
    );
    let behind = town.waiting_guardian("せきが出ます").await;
    assert_eq!(
        midwife.takes_next().await,
        Ok(behind.consultation()),
        "and keeps nobody behind it waiting"
    );
    let claim = Command::Claim { overtake_reason: None };
    assert_eq!(midwife.does(consultation, claim).await, Err(Refusal::ReasonNeeded));
    doctor.does(consultation, Command::AcceptHandOver).await.expect("taken");
    doctor.live().watches(consultation).await;
    doctor
        .live()
        .sees(consultation, "the summary", |log| brief(log).as_deref() == Some(SECRET))
        .await;
    guardian.sees_standing("the doctor", is_with(doctor.staff.id)).await;
    let raw = &guardian.live().raw;
    assert!(
        raw.contains("handed_on") && !raw.contains(SECRET),
        "told who comes, and no more"
    );
    let page = guardian.opens_ticket().await.body;
    assert!(page.contains("佐藤") && !page.contains(SECRET));
    assert!(
        town.app.spine.verify(consultation).await.is_ok(),
        "the row is what the log says"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_midwife_with_a_reason_takes_what_waits_for_a_doctor() {
    let town = Town::new().await;
    let (_guardian, mut midwife, consultation) = with_midwife(&town).await;
    midwife.does(consultation, on(DOCTORS)).await.expect("handed on");
    let anyway = Command::Claim {
        overtake_reason: Some("医師がいないため".to_owned()),
    };
    midwife.does(consultation, anyway).await.expect("taken");
    let events = town.app.spine.events(consultation, 0, 100).await.expect("read");
    let reason = events.last().and_then(|event| event.sealed.clone());
    assert!(reason.is_some(), "the reason is kept for supervisors");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clinicians_talk_in_their_lane_before_one_takes_over_and_the_family_reads_only_who_comes() {
    let town = Town::new().await;
    let (mut guardian, mut midwife, consultation) = with_midwife(&town).await;
    let mut doctor = town.clinician("佐藤").await;
    let to = HandTo::Person(doctor.staff.id);
    midwife.does(consultation, offer(to)).await.expect("asked");
    is_asked(&mut doctor, consultation).await;
    doctor.live().watches(consultation).await;
    let remark = |text: &str| Command::Remark { text: text.to_owned() };
    doctor.does(consultation, remark(SECRET)).await.expect("written");
    midwife
        .live()
        .sees(consultation, "the remark", |log| {
            let lines = log.thread().lines;
            lines.iter().any(|line| matches!(&line.kind, LineKind::Said { lane: Lane::Staff, text: Some(text), .. } if text == SECRET))
        })
        .await;
    guardian.says("息が速いです").await;
    guardian
        .sees_standing("the midwife still", is_with(midwife.staff.id))
        .await;
    // Twice by the same id: a reconnect.
    let id = town.command();
    let accept = ClientFrame::Command {
        id,
        consultation,
        command: Command::AcceptHandOver,
    };
    doctor.live().sends(&accept).await;
    let first = doctor.live().answer(id).await.expect("taken");
    doctor.live().sends(&accept).await;
    assert_eq!(doctor.live().answer(id).await, Ok(first), "twice is once");
    guardian.sees_standing("the doctor", is_with(doctor.staff.id)).await;
    assert!(!guardian.live().raw.contains(SECRET), "nothing of the staff's");
    doctor.says(consultation, "医師の佐藤です").await;
    guardian.hears("医師の佐藤です").await;
    assert!(matches!(
        midwife
            .does(
                consultation,
                Command::Say {
                    text: "まだ".to_owned()
                }
            )
            .await,
        Err(Refusal::AlreadyClaimed { .. })
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_call_the_midwife_asks_a_doctor_who_takes_over_while_it_goes_on() {
    let town = Town::new().await;
    let (mut guardian, mut midwife, consultation) = with_midwife(&town).await;
    let mut doctor = town.clinician("佐藤").await;
    let call = midwife.rings(consultation, CallMode::Video).await;
    guardian.does(Command::Join { call }).await.expect("answered");
    let path = Path::Direct;
    midwife
        .does(consultation, Command::CallConnected { call, path })
        .await
        .expect("they talk");
    midwife.does(consultation, offer(DOCTORS)).await.expect("one key");
    is_asked(&mut doctor, consultation).await;
    doctor.live().watches(consultation).await;
    doctor.does(consultation, Command::AcceptHandOver).await.expect("taken");
    doctor.does(consultation, Command::Join { call }).await.expect("seated");
    guardian.sees_standing("the doctor", is_with(doctor.staff.id)).await;
    midwife.does(consultation, Command::Leave { call }).await.expect("left");
    guardian
        .live()
        .sees(consultation, "a call of two", |log| {
            let thread = log.thread();
            thread
                .call
                .is_some_and(|running| running.id == call && running.seats.len() == 2)
        })
        .await;
    assert!(!guardian.live().raw.contains("call_ended"), "nobody hung up");
    let elsewhere = town.somebody_waits("hino", "別の相談").await;
    midwife
        .does(elsewhere, Command::Claim { overtake_reason: None })
        .await
        .expect("she is free");
    midwife.rings(elsewhere, CallMode::Audio).await;
    assert!(town.app.spine.verify(consultation).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_doctor_in_another_call_cannot_take_over_a_call() {
    let town = Town::new().await;
    let (mut guardian, mut midwife, consultation) = with_midwife(&town).await;
    let mut doctor = town.clinician("佐藤").await;
    let elsewhere = town.somebody_waits("hino", "別の相談").await;
    doctor
        .does(elsewhere, Command::Claim { overtake_reason: None })
        .await
        .expect("taken");
    doctor.rings(elsewhere, CallMode::Audio).await;
    let call = midwife.rings(consultation, CallMode::Video).await;
    guardian.does(Command::Join { call }).await.expect("answered");
    midwife.does(consultation, offer(DOCTORS)).await.expect("asked");
    assert_eq!(
        doctor.does(consultation, Command::AcceptHandOver).await,
        Err(Refusal::InAnotherCall)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_has_it_hands_over_and_only_to_clinicians_of_this_city() {
    let town = Town::new().await;
    let (mut guardian, mut midwife, consultation) = with_midwife(&town).await;
    let mut doctor = town.clinician("佐藤").await;
    let mut stranger = town.clinician_of("tama", "田村", Role::Pediatrician).await;
    stranger.opens_desk().await;
    let nobody = HandTo::Person(StaffId(town.app.world.new_id()));
    for to in [
        HandTo::Person(stranger.staff.id),
        nobody,
        HandTo::Person(midwife.staff.id),
    ] {
        assert_eq!(midwife.does(consultation, offer(to)).await, Err(Refusal::NotAllowed));
        assert_eq!(midwife.does(consultation, on(to)).await, Err(Refusal::NotAllowed));
    }
    for role in [
        Role::Supervisor,
        Role::PublicHealthNurse,
        Role::CityViewer,
        Role::Administrator,
    ] {
        let to = HandTo::Profession(role);
        assert_eq!(midwife.does(consultation, offer(to)).await, Err(Refusal::NotAllowed));
    }
    assert!(matches!(
        doctor.does(consultation, on(DOCTORS)).await,
        Err(Refusal::AlreadyClaimed { .. })
    ));
    assert_eq!(guardian.does(offer(DOCTORS)).await, Err(Refusal::NotAllowed));
    assert_eq!(guardian.does(Command::StillHere).await, Err(Refusal::NotAllowed));
    midwife.does(consultation, offer(DOCTORS)).await.expect("asked");
    assert_eq!(
        stranger.does(consultation, Command::AcceptHandOver).await,
        Err(Refusal::NotFound),
        "another city's is not there"
    );
    let decline = Command::DeclineHandOver {
        reason: "別の相談中".to_owned(),
    };
    assert_eq!(doctor.does(consultation, decline).await, Err(Refusal::NotAllowed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_doctor_takes_in_time_is_for_everybody_again() {
    let town = Town::new().await;
    let (mut guardian, mut midwife, consultation) = with_midwife(&town).await;
    midwife.does(consultation, on(DOCTORS)).await.expect("handed on");
    town.passes(Millis::minutes(5), &mut [guardian.live(), midwife.live()])
        .await;
    let me = midwife.staff.clone();
    midwife
        .live()
        .until("that it is for anybody", |frame| match frame {
            ServerFrame::Row { row, .. } if row.consultation == consultation && row.is_for(&me) => Some(()),
            _ => None,
        })
        .await;
    assert_eq!(midwife.takes_next().await, Ok(consultation));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_midwife_who_has_gone_quiet_is_asked_and_then_the_family_waits_in_its_old_place() {
    let town = Town::new().await;
    let (mut guardian, mut midwife, consultation) = with_midwife(&town).await;
    town.turn(Millis::seconds(5));
    let mut later = town.waiting_guardian("せきが出ます").await;
    let mut lives = [guardian.live(), midwife.live(), later.live()];
    town.passes(Millis::minutes(10), &mut lives).await;
    midwife
        .live()
        .sees(consultation, "the question", |log| log.thread().idle_asked.is_some())
        .await;
    let mut lives = [guardian.live(), midwife.live(), later.live()];
    town.passes(Millis::minutes(3), &mut lives).await;
    guardian
        .sees_standing("that it waits again", |standing| *standing == Standing::Waiting)
        .await;
    assert!(
        !guardian.live().raw.contains("idle_asked"),
        "whom it was up to is the desk's"
    );
    let mut doctor = town.clinician("佐藤").await;
    assert_eq!(doctor.takes_next().await, Ok(consultation), "before who came later");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_midwife_who_says_that_she_is_there_keeps_it() {
    let town = Town::new().await;
    let (mut guardian, mut midwife, consultation) = with_midwife(&town).await;
    town.passes(Millis::minutes(10), &mut [guardian.live(), midwife.live()])
        .await;
    midwife
        .live()
        .sees(consultation, "the question", |log| log.thread().idle_asked.is_some())
        .await;
    midwife.does(consultation, Command::StillHere).await.expect("said");
    town.passes(Millis::minutes(5), &mut [guardian.live(), midwife.live()])
        .await;
    midwife.says(consultation, "お待たせしました").await;
    town.passes(Millis::minutes(20), &mut [guardian.live(), midwife.live()])
        .await;
    assert!(
        matches!(guardian.log().thread().standing, Standing::Claimed(by) if by.id == midwife.staff.id),
        "who has answered is not asked"
    );
}

/// What the desk is sent of a record's draft.
async fn sees_note_draft(clinician: &mut Clinician, of: ConsultationId) -> (serde_json::Value, bool) {
    let draft = |frame: &ServerFrame| match frame {
        ServerFrame::Draft {
            consultation,
            field,
            body,
            inherited,
            ..
        } if *consultation == of && field == "note" => Some((body.clone(), *inherited)),
        _ => None,
    };
    let passed = clinician.live().passed.iter().rev().find_map(draft);
    match passed {
        Some(draft) => draft,
        None => clinician.live().until("the record's draft", draft).await,
    }
}

async fn half_writes(clinician: &mut Clinician, of: ConsultationId, revision: u64, advice: &str) {
    let frame = ClientFrame::Draft {
        consultation: of,
        field: "note".to_owned(),
        revision,
        body: serde_json::json!({ "advice": advice }),
    };
    clinician.live().sends(&frame).await;
    clinician
        .live()
        .until("the draft is stored", |frame| match frame {
            ServerFrame::DraftSaved {
                field, revision: of, ..
            } if field == "note" && *of == revision => Some(()),
            _ => None,
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_half_written_record_goes_on_with_whoever_takes_over_and_ends_with_the_signed_one() {
    let town = Town::new().await;
    let (_guardian, mut midwife, consultation) = with_midwife(&town).await;
    let mut doctor = town.clinician("佐藤").await;
    half_writes(&mut midwife, consultation, 1_000, "水分を").await;
    let key = signaling::actor::Actor::Staff(doctor.staff.clone());
    let before = town.app.spine.note_draft(consultation, &key).await.expect("read");
    assert_eq!(before, None, "whoever has not taken it reads nothing of it");
    midwife.does(consultation, offer(DOCTORS)).await.expect("offered");
    is_asked(&mut doctor, consultation).await;
    doctor.does(consultation, Command::AcceptHandOver).await.expect("taken");
    let (body, inherited) = sees_note_draft(&mut doctor, consultation).await;
    assert_eq!((body["advice"].as_str(), inherited), (Some("水分を"), true));
    half_writes(&mut doctor, consultation, 2_000, "水分を少しずつ").await;
    let own = town
        .app
        .spine
        .note_draft(consultation, &key)
        .await
        .expect("read")
        .expect("there");
    assert_eq!((own.1["advice"].as_str(), own.2), (Some("水分を少しずつ"), false));
    doctor.signs_note_and_closes(consultation).await;
    let newest = town.app.store.newest_draft(consultation, "note").await.expect("read");
    assert!(newest.is_none(), "nobody goes on with a record that is signed");
}
