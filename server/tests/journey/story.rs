//! The whole way, from the link to the figure that counts it.

use super::{
    actors::{Clinician, Guardian},
    browser::Pages,
    town::Town,
};
use frontend::page::guardian::TicketStep;
use signaling::{
    intake::IntakeStep,
    note::Disposition,
    view::{Standing, Thread},
};

fn is_claimed(standing: &Standing) -> bool {
    matches!(standing, Standing::Claimed(_))
}

async fn they_talk(guardian: &mut Guardian, doctor: &mut Clinician) {
    let consultation = doctor.takes_next().await.expect("somebody waits");
    assert_eq!(consultation, guardian.consultation());
    guardian.sees_standing("a doctor", is_claimed).await;
    doctor.says(consultation, "こんばんは。水分はとれていますか。").await;
    guardian.hears("こんばんは。水分はとれていますか。").await;
    guardian.says("少しずつ飲んでいます。").await;
    doctor.hears(consultation, "少しずつ飲んでいます。").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_walks_from_the_link_to_the_figure_that_counts_it() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut supervisor = town.supervisor("田中").await;
    assert_eq!(supervisor.sees_figures().await.value("相談件数"), "0");

    let mut guardian = town.guardian();
    let front = guardian.browser.opens("/").await;
    assert!(
        front.body.contains("佐藤") && front.body.contains("デモ"),
        "{}",
        front.body
    );
    guardian.registers().await;
    guardian.sends_intake("夜中に39度まで上がりました").await;
    guardian.opens_live().await;
    they_talk(&mut guardian, &mut doctor).await;
    let consultation = guardian.consultation();
    doctor.signs_note_and_closes(consultation).await;
    guardian
        .sees_standing("the end", |standing| *standing == Standing::Closed)
        .await;

    let page = guardian.opens_ticket().await;
    assert!(page.body.contains("水分を少しずつとってください。") && page.body.contains("反応が弱いときは119番へ。"));
    assert!(page.live().survey_open);
    assert_eq!(
        guardian.answers_survey("yes", "安心しました").await.leads_to(),
        guardian.path
    );
    assert!(!guardian.opens_ticket().await.live().survey_open);

    let figures = supervisor.sees_figures().await;
    assert_eq!(figures.value("相談件数"), "1");
    assert_eq!(figures.value("登録者数"), "1");
    assert_eq!(figures.value("満足度（％）"), "100.0");
    assert!(
        supervisor
            .replays(consultation)
            .await
            .body
            .contains("夜中に39度まで上がりました")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_without_scripts_walks_the_same_way_by_forms_alone() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut guardian = town.guardian();
    guardian.registers().await;
    guardian.sends_intake("せきが止まりません").await;
    let waiting = guardian.opens_ticket().await;
    assert!(
        waiting.body.contains("http-equiv=\"refresh\""),
        "the waiting room shows its place again by itself"
    );
    assert_eq!(waiting.live().position.expect("a place").ahead, 0);

    // Its page is not connected, so it is nobody's turn before it; it is taken all the same.
    let consultation = doctor.takes_next().await.expect("somebody waits");
    doctor.says(consultation, "いつからですか。").await;
    let talking = guardian.opens_ticket().await;
    assert!(talking.body.contains("いつからですか。") && talking.body.contains("<noscript>"));
    assert_eq!(guardian.says_by_form("昨日からです。").await.leads_to(), guardian.path);
    doctor.hears(consultation, "昨日からです。").await;
    assert_eq!(
        guardian
            .posts("mode", &[("command", &town.command().to_string()), ("mode", "video")])
            .await
            .status,
        303
    );
    let thread = Thread::of(&guardian.opens_ticket().await.live().events);
    assert_eq!(thread.mode, Some(signaling::intake::Mode::Video));
    doctor.signs_note_and_closes(consultation).await;
    assert!(
        guardian
            .opens_ticket()
            .await
            .body
            .contains("水分を少しずつとってください。")
    );
    assert_eq!(
        guardian.answers_survey("rather_yes", "").await.leads_to(),
        guardian.path
    );

    let figures = town.supervisor("田中").await.sees_figures().await;
    assert_eq!(
        (figures.value("相談件数"), figures.value("満足度（％）")),
        ("1", "0.0"),
        "the top box alone counts"
    );
    assert_eq!(figures.value("どちらかといえばそう思う"), "1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_the_page_at_any_step_of_the_intake_loses_nothing() {
    let town = Town::new().await;
    let mut guardian = town.guardian();
    guardian.registers().await;
    let TicketStep::Intake(first) = guardian.opens_ticket().await.ticket().step else {
        panic!("the intake")
    };
    assert_eq!(
        first.at,
        IntakeStep::Symptoms,
        "whom it is about was said on registering"
    );
    for half in [
        [("step", "symptoms"), ("go", "save"), ("complaints", "rash")],
        [("step", "mode"), ("go", "save"), ("worry", "赤いぶつぶつが")],
        [("step", "signs"), ("go", "save"), ("signs", "c01_no_response")],
    ] {
        assert_eq!(guardian.posts("intake", &half).await.status, 204);
    }
    let page = guardian.opens_ticket().await;
    let TicketStep::Intake(again) = page.ticket().step else {
        panic!("the intake")
    };
    assert_eq!(
        (again.draft.worry.as_str(), again.draft.complaints.as_slice()),
        ("赤いぶつぶつが", &["rash".to_owned()][..])
    );
    assert!(
        !again.panels.is_empty() && page.body.contains("119番"),
        "what was ticked is answered at once"
    );
    guardian.sends_intake("赤いぶつぶつが出ました").await;
    let live = guardian.opens_ticket().await.live();
    assert_eq!(Thread::of(&live.events).standing, Standing::Waiting);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_consultation_begins_when_the_first_is_over_and_not_before() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut guardian = town.waiting_guardian("はじめて").await;
    let (first, path) = (guardian.consultation(), guardian.path.clone());
    guardian.begins().await;
    assert_eq!(guardian.path, path, "the open one goes on");
    doctor.takes_next().await.expect("somebody waits");
    doctor.says(first, "終わります").await;
    doctor.signs_note_and_closes(first).await;
    guardian.begins().await;
    assert_ne!(guardian.path, path);
    guardian.sends_intake("ふたたび").await;
    let second = doctor.takes_next().await.expect("somebody waits");
    assert_eq!(second, guardian.consultation());
    let history = doctor
        .browser
        .opens(&format!("/desk/consultations/{second}/history"))
        .await;
    assert_eq!(history.status, 200);
    assert!(history.body.contains(Disposition::HomeCare.label()), "{}", history.body);
    let looked = async |at| {
        let looks = town.app.spine.looks(at).await.expect("read");
        looks.iter().any(|look| look.what == "history")
    };
    assert!(looked(first).await, "what was shown was looked at");
    assert!(!looked(second).await, "and nothing else");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_that_leaves_is_reported_apart_and_not_counted() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("やっぱり大丈夫そうです").await;
    assert_eq!(
        guardian
            .posts("cancel", &[("command", &town.command().to_string())])
            .await
            .leads_to(),
        guardian.path
    );
    guardian
        .sees_standing("the end", |standing| *standing == Standing::Cancelled)
        .await;
    let figures = town.supervisor("田中").await.sees_figures().await;
    assert_eq!(
        (figures.value("相談件数"), figures.value("別に報告：相談者がとりやめた")),
        ("0", "1")
    );
}
