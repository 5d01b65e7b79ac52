//! Calls that were missed, failed or came late: each is somebody's to deal with, has a cause, and is counted.

use super::{
    actors::{Clinician, Guardian},
    openings::in_consultation,
    socket::Log,
    town::Town,
};
use signaling::{
    call::{
        CallMode, CallOutcome, Path,
        agent::{BrowserFamily, DeviceKind},
        cause::{CallCause, Trouble},
        summary::{CallRecord, Measured},
    },
    consultation::{Command, WireKind},
    id::{ConsultationId, Seq},
    time::Millis,
};
use std::sync::Arc;

fn missed(log: &Log) -> Option<CallOutcome> {
    log.thread().missed.map(|missed| missed.outcome)
}

/// The doctor rings for a minute, and nobody answers.
async fn rings_in_vain(town: &Arc<Town>, guardian: &mut Guardian, doctor: &mut Clinician, id: ConsultationId) {
    doctor.rings(id, CallMode::Video).await;
    town.passes(Millis::seconds(60), &mut [guardian.live(), doctor.live()])
        .await;
    doctor
        .live()
        .sees(id, "a missed call", |log| missed(log).is_some())
        .await;
}

/// A family whose phone does not let it speak; the doctor gives up.
async fn call_fails(doctor: &mut Clinician, guardian: &mut Guardian, id: ConsultationId, cause: CallCause) -> Seq {
    let call = doctor.rings(id, CallMode::Video).await;
    guardian.does(Command::Join { call }).await.expect("answered");
    let trouble = Trouble {
        cause,
        late: false,
        device: Some(DeviceKind::Phone),
        browser: Some(BrowserFamily::Line),
    };
    guardian
        .does(Command::CallTroubled { call, trouble })
        .await
        .expect("told");
    doctor
        .does(id, Command::HangUp { call, failed: true })
        .await
        .expect("given up");
    call
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missed_call_is_still_there_after_a_reload_and_is_over_once_it_was_written_about() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, id) = in_consultation(&town).await;
    rings_in_vain(&town, &mut guardian, &mut doctor, id).await;
    let page = doctor.browser.opens("/desk").await;
    for words in [
        "応答がありませんでした",
        "もう一度よぶ",
        "チャットで伝える",
        "対応ずみにする",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    doctor.says(id, "先ほどお電話しました").await;
    let page = doctor.browser.opens("/desk").await;
    assert!(!page.body.contains("もう一度よぶ"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_that_missed_a_call_asks_to_be_called_back_without_scripts() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, id) = in_consultation(&town).await;
    rings_in_vain(&town, &mut guardian, &mut doctor, id).await;
    let page = guardian.opens_ticket().await;
    assert!(page.body.contains("お電話に出られませんでした"));
    assert!(page.body.contains("折り返しをたのむ"));
    let wish = "折り返しの電話をお願いします。";
    let answer = guardian.says_by_form(wish).await;
    assert_eq!(answer.leads_to(), guardian.path);
    doctor.hears(id, wish).await;
    assert_eq!(
        missed(doctor.log(id)),
        Some(CallOutcome::Unanswered),
        "it waits for the doctor"
    );
    assert!(doctor.log(id).thread().missed.is_some_and(|missed| missed.answered));
    doctor.rings(id, CallMode::Audio).await;
    doctor.live().settles().await;
    assert_eq!(missed(doctor.log(id)), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_failed_is_counted_by_its_cause_and_opens_from_the_report() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, id) = in_consultation(&town).await;
    call_fails(&mut doctor, &mut guardian, id, CallCause::InAppBrowser).await;
    assert!(
        !guardian.live().raw.contains("in_app_browser"),
        "machines are the staff's matter"
    );
    let mut supervisor = town.supervisor("田中").await;
    let figures = supervisor.sees_figures().await;
    assert_eq!(figures.value("通話がつながらなかった理由：アプリの中のブラウザ"), "1");
    assert_eq!(figures.value("通話がつながらなかった理由：そのほか"), "0");
    let list = supervisor.opens_logs("?cause=in_app_browser").await;
    assert!(list.body.contains(&format!("/logs/{id}")), "{list:?}");
    let other = supervisor.opens_logs("?cause=turn").await;
    assert!(!other.body.contains(&format!("/logs/{id}")));
    let replay = supervisor.replays(id).await;
    for words in [
        "通話がつながらない",
        "スマートフォン・LINE",
        "佐藤 医師が対応します（まだ）",
    ] {
        assert!(replay.body.contains(words), "{words}");
    }
    let mut city = town.reader("hino", "市役所", signaling::actor::Role::CityViewer).await;
    let seen = city.sees_figures().await;
    assert_eq!(seen.value("通話がつながらなかった理由：アプリの中のブラウザ"), "10未満");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_record_has_one_line_for_a_call_whose_page_told_nothing_and_more_for_one_that_did() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, id) = in_consultation(&town).await;
    let call = doctor.rings(id, CallMode::Video).await;
    guardian.does(Command::Join { call }).await.expect("answered");
    let path = Path::Relay;
    doctor
        .does(id, Command::CallConnected { call, path })
        .await
        .expect("connected");
    town.passes(Millis::seconds(60), &mut [guardian.live(), doctor.live()])
        .await;
    let mode = CallMode::Audio;
    guardian
        .does(Command::ChangeCallMode { call, mode })
        .await
        .expect("changed");
    town.passes(Millis::seconds(20), &mut [guardian.live(), doctor.live()])
        .await;
    guardian
        .does(Command::HangUp { call, failed: false })
        .await
        .expect("over");
    doctor.signs_note_and_closes(id).await;
    let line = |doctor: &Clinician| CallRecord::all(&doctor.log(id).events)[0].line();
    assert_eq!(line(&doctor), "通話 1分20秒（ビデオ 1分・音声 20秒）・中継");
    let measured = Measured {
        path,
        loss_permille: 4,
        round_trip_ms: Some(48),
    };
    doctor
        .does(id, Command::CallMeasured { call, measured })
        .await
        .expect("after the end, too");
    let told = |log: &Log| {
        log.events
            .iter()
            .any(|event| matches!(event.kind, WireKind::CallMeasured { .. }))
    };
    doctor.live().sees(id, "what was measured", told).await;
    assert_eq!(
        line(&doctor),
        "通話 1分20秒（ビデオ 1分・音声 20秒）・中継・損失 0.4%・往復 48ms"
    );
}
