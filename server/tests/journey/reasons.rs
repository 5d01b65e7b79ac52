//! What was done with a reason: supervisors find all of it in their list and read why in the replay, and nobody else finds anything.

use super::{
    actors::{Clinician, Guardian},
    appointments::{books, offering},
    town::Town,
};
use signaling::{actor::Role, consultation::Command, id::ConsultationId, time::Millis, triage::Acuity};
use std::sync::Arc;

const FOUND: &str = "/logs?reasoned=1";

/// A consultation of each kind: what the list calls it, and the reason that was given.
struct Reasoned {
    consultation: ConsultationId,
    called: &'static str,
    why: &'static str,
}

fn claim(reason: Option<&str>) -> Command {
    let overtake_reason = reason.map(str::to_owned);
    Command::Claim { overtake_reason }
}

fn change(acuity: Acuity, reason: Option<&str>) -> Command {
    let reason = reason.map(str::to_owned);
    Command::ChangeClass { acuity, reason }
}

/// An appointment is begun early, past somebody who waits. Gives both.
async fn begun_early(town: &Arc<Town>, doctor: &mut Clinician) -> (Reasoned, Guardian) {
    let slot = town.app.world.now() + Millis::minutes(40);
    let mut family = town.waiting_guardian("予防接種のことです").await;
    assert_eq!(books(town, &mut family, slot).await.leads_to(), family.path);
    town.passes(Millis::minutes(20), &mut [doctor.live(), family.live()])
        .await;
    let mut waits = town.waiting_guardian("着いた順です").await;
    waits.live().sees_place(0).await;
    let (consultation, why) = (family.consultation(), "予約の方が急いでいるため");
    doctor.does(consultation, claim(Some(why))).await.expect("begun");
    let called = "予約を早めた";
    (
        Reasoned {
            consultation,
            called,
            why,
        },
        waits,
    )
}

/// Somebody is taken before the one who waits already.
async fn overtaken(town: &Arc<Town>, doctor: &mut Clinician) -> Reasoned {
    town.turn(Millis::seconds(1));
    let mut second = town.waiting_guardian("あとから来ました").await;
    second.live().sees_place(1).await;
    let (consultation, why) = (second.consultation(), "前の相談の続きのため");
    doctor.does(consultation, claim(Some(why))).await.expect("taken");
    let called = "順番を変えた";
    Reasoned {
        consultation,
        called,
        why,
    }
}

async fn lowered(town: &Arc<Town>, doctor: &mut Clinician) -> Reasoned {
    town.turn(Millis::seconds(1));
    let consultation = town.waiting_guardian("急ぎに見えました").await.consultation();
    let why = "電話で確かめたため";
    doctor
        .does(consultation, change(Acuity::Red, None))
        .await
        .expect("raised");
    doctor
        .does(consultation, change(Acuity::Green, Some(why)))
        .await
        .expect("lowered");
    let called = "緊急度を下げた";
    Reasoned {
        consultation,
        called,
        why,
    }
}

async fn beyond_scope(town: &Arc<Town>, midwife: &mut Clinician) -> Reasoned {
    town.turn(Millis::seconds(1));
    let consultation = town.waiting_guardian("耳を痛がります").await.consultation();
    let why = "医師が伝えたあとのため";
    midwife
        .does(consultation, claim(Some("担当の続きのため")))
        .await
        .expect("taken");
    let command = Command::SayBeyondScope {
        text: "中耳炎だと思います。".to_owned(),
        reason: why.to_owned(),
    };
    midwife.does(consultation, command).await.expect("said");
    let called = "病気にふれる表現";
    Reasoned {
        consultation,
        called,
        why,
    }
}

/// The row of a consultation in a list, as HTML; nothing where it is not there.
fn row(list: &str, consultation: ConsultationId) -> Option<&str> {
    let (_, rest) = list.split_once(&format!("href=\"/logs/{consultation}\""))?;
    rest.split("</tr>").next()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn supervisors_find_everything_that_was_done_with_a_reason_and_read_why_in_the_replay() {
    let town = offering().await;
    let mut doctor = town.clinician("佐藤").await;
    let (early, waits) = begun_early(&town, &mut doctor).await;
    let overtaken = overtaken(&town, &mut doctor).await;
    let mut midwife = town.clinician_of("hino", "高橋", Role::Midwife).await;
    midwife.opens_desk().await;
    assert_eq!(
        midwife.takes_next().await,
        Ok(waits.consultation()),
        "in turn: for no reason"
    );
    doctor
        .does(waits.consultation(), change(Acuity::Red, Some("念のため")))
        .await
        .expect("raised");
    let (lowered, beyond) = (
        lowered(&town, &mut doctor).await,
        beyond_scope(&town, &mut midwife).await,
    );
    let all = [early, overtaken, lowered, beyond];

    let mut supervisor = town.supervisor("田中").await;
    let list = supervisor.browser.opens(FOUND).await.body;
    assert!(
        list.contains("理由をつけて変えたものだけ") && list.contains(">4件<"),
        "{list}"
    );
    assert!(
        row(&list, waits.consultation()).is_none(),
        "nothing was to be given a reason for"
    );
    for one in &all {
        let row = row(&list, one.consultation).expect(one.called);
        assert!(row.contains(one.called), "{} in {row}", one.called);
        assert!(!list.contains(one.why), "why is in no list");
        let replay = supervisor.replays(one.consultation).await.body;
        assert!(replay.contains(one.why), "{} in {replay}", one.why);
    }
    for one in &all[..2] {
        let replay = supervisor.replays(one.consultation).await.body;
        let line = format!("順番を変えた理由：{}（相談者には見えません）", one.why);
        assert!(replay.contains(&line), "{line} in {replay}");
    }
    let everything = supervisor.browser.opens("/logs").await.body;
    assert!(everything.contains(">5件<"), "{everything}");
    let plain = row(&everything, waits.consultation()).expect("it is there");
    assert!(all.iter().all(|one| !plain.contains(one.called)), "{plain}");
    let both = supervisor.browser.opens("/logs?reasoned=1&mode=video").await.body;
    assert!(both.contains(">0件<"), "filters hold together: {both}");
    nobody_else_finds_any(&town, doctor, &all).await;
}

async fn nobody_else_finds_any(town: &Arc<Town>, mut doctor: Clinician, all: &[Reasoned]) {
    let mut pages = vec![doctor.browser.opens(FOUND).await];
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Supervisor) {
        pages.push(town.reader("hino", "別の人", role).await.browser.opens(FOUND).await);
    }
    for page in &pages {
        assert_eq!(page.status, 303, "{page:?}");
    }
    let elsewhere = town
        .reader("tama", "多田", Role::Supervisor)
        .await
        .browser
        .opens(FOUND)
        .await;
    assert!(elsewhere.body.contains(">0件<"), "another city's: {}", elsewhere.body);
    pages.push(elsewhere);
    for one in all {
        let id = one.consultation.to_string();
        assert!(
            pages
                .iter()
                .all(|page| !page.body.contains(&id) && !page.body.contains(one.why))
        );
    }
}
