//! The day after: how it goes, coming back to the same team, one reminder of the survey, and a supervisor for whoever would not
//! come again.

use super::{
    actors::{Guardian, Supervisor, note},
    browser::Answer,
    openings::in_consultation,
    outbox::told_family,
    town::Town,
    waiting::evenings_only,
};
use server::timers::fire_due;
use signaling::{
    actor::Role,
    consultation::{Command, WireKind},
    id::ConsultationId,
    limits,
    queue::Presence,
    time::Millis,
    triage::Acuity,
};
use std::sync::Arc;

/// A consultation that is over, with 「明日きく」 where it is wanted.
async fn served(town: &Arc<Town>, ask_tomorrow: bool) -> (Guardian, ConsultationId) {
    let (mut guardian, mut doctor, consultation) = in_consultation(town).await;
    doctor.says(consultation, "水分を少しずつ").await;
    if ask_tomorrow {
        let plan = Command::PlanCheckIn { on: true };
        doctor.does(consultation, plan).await.expect("planned");
    }
    doctor.signs_note(consultation, note()).await;
    doctor.does(consultation, Command::Close).await.expect("closed");
    guardian.loses_connection();
    (guardian, consultation)
}

/// From the evening to the next morning, with what happens by itself.
async fn morning(town: &Town) {
    town.turn(Millis::hours(16));
    fire_due(&town.app.spine).await.expect("fired");
}

async fn sends(town: &Town, guardian: &mut Guardian, form: &str, fields: &[(&str, &str)]) -> Answer {
    let command = town.command().to_string();
    let fields: Vec<_> = fields.iter().copied().chain([("command", command.as_str())]).collect();
    guardian.posts(form, &fields).await
}

/// Somebody else's browser says that it got worse.
async fn sends_to(town: &Town, stranger: &mut Guardian, path: &str) -> Answer {
    let command = town.command().to_string();
    let fields = [("command", command.as_str()), ("feeling", "worse")];
    stranger.browser.posts(path, &fields).await
}

async fn kinds(town: &Town, consultation: ConsultationId) -> Vec<String> {
    let rows = town.app.store.events(consultation, 0, 200).await.expect("read");
    rows.into_iter().map(|row| row.kind).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_is_asked_on_the_next_morning_and_when_it_got_worse_it_is_called_before_others() {
    let town = Town::new().await;
    let (mut guardian, consultation) = served(&town, true).await;
    let before = guardian.opens_ticket().await;
    assert!(
        before.body.contains("明日の朝、その後のようすをおたずねします"),
        "{}",
        before.body
    );
    for words in [
        "水分を少しずつとってください",
        "こんなときは受診してください",
        "反応が弱いときは119番へ",
    ] {
        assert!(before.body.contains(words), "{words}: the summary is there");
    }
    assert!(!told_family(&town, consultation).await.contains(&"check_in".to_owned()));
    morning(&town).await;
    fire_due(&town.app.spine).await.expect("fired");
    let asked = kinds(&town, consultation).await;
    assert_eq!(asked.iter().filter(|kind| *kind == "check_in_asked").count(), 1, "once");
    assert!(
        told_family(&town, consultation).await.contains(&"check_in".to_owned()),
        "told outside of the page"
    );
    // Somebody else waits already.
    let _other = town.waiting_guardian("せき").await;
    let page = guardian.opens_ticket().await;
    assert!(page.body.contains("その後、いかがですか"), "{}", page.body);
    assert_eq!(
        sends(&town, &mut guardian, "how", &[("feeling", "unwell")])
            .await
            .status,
        422
    );
    let told = sends(&town, &mut guardian, "how", &[("feeling", "worse")]).await;
    assert_eq!(told.leads_to(), guardian.path);
    let page = guardian.opens_ticket().await;
    assert!(
        page.body.contains("順番を早めて") && page.body.contains("待合室"),
        "{}",
        page.body
    );
    assert!(page.body.contains("前回のまとめ"));
    guardian.opens_live().await;
    let state = town
        .app
        .spine
        .load(consultation)
        .await
        .expect("read")
        .expect("it is there");
    assert_eq!(state.case.as_deref().map(|case| case.acuity), Some(Acuity::Yellow));
    let mut midwife = town.clinician_of("hino", "高橋", Role::Midwife).await;
    midwife.opens_desk().await;
    let queue = town.app.board.view(&town.city("hino").await.id).await.expect("read");
    let row = queue.rows.iter().find(|row| row.consultation == consultation);
    let had = row.and_then(|row| row.had.as_ref()).map(|by| by.name.as_str());
    assert_eq!(had, Some("佐藤"), "the desk sees whom the family knows");
    assert_eq!(
        midwife.takes_next().await,
        Ok(consultation),
        "before the one who came earlier"
    );
    guardian.sees_staff(Presence::Here).await;
    let refused = midwife.does(consultation, Command::Close).await;
    assert_eq!(
        refused,
        Err(signaling::consultation::Refusal::NoteNotSigned),
        "another record"
    );
    midwife.signs_note_and_closes(consultation).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn better_needs_nobody_and_what_was_not_asked_or_is_long_past_is_not_answered() {
    let town = Town::new().await;
    let (mut guardian, consultation) = served(&town, true).await;
    assert_eq!(
        sends(&town, &mut guardian, "how", &[("feeling", "worse")]).await.status,
        422,
        "not asked yet"
    );
    morning(&town).await;
    let mut stranger = town.guardian();
    stranger.registers().await;
    let foreign = sends_to(&town, &mut stranger, &format!("{}/how", guardian.path)).await;
    assert!(
        !foreign.body.contains("その後、いかがですか"),
        "a door, and nothing told"
    );
    assert_eq!(
        sends(&town, &mut guardian, "how", &[("feeling", "better")])
            .await
            .status,
        303
    );
    let page = guardian.opens_ticket().await;
    assert!(page.body.contains("よかったです"), "{}", page.body);
    assert_eq!(
        sends(&town, &mut guardian, "how", &[("feeling", "worse")]).await.status,
        422,
        "answered"
    );
    assert!(!kinds(&town, consultation).await.contains(&"reopened".to_owned()));

    let (mut late, _) = served(&town, true).await;
    morning(&town).await;
    morning(&town).await;
    town.turn(limits::CHECK_IN_OPEN);
    town.turn(Millis(1));
    let too_late = sends(&town, &mut late, "how", &[("feeling", "worse")]).await;
    assert!(
        too_late.status == 422 && too_late.body.contains("期限が過ぎました"),
        "{}",
        too_late.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_got_worse_while_another_consultation_runs_reads_which_one_and_is_led_there() {
    let town = Town::new().await;
    let (mut guardian, _) = served(&town, true).await;
    let first = guardian.path.clone();
    morning(&town).await;
    fire_due(&town.app.spine).await.expect("fired");
    guardian.begins().await;
    let other = guardian.path.clone();
    guardian.sends_intake("べつのことです").await;
    guardian.path = first;
    let told = sends(&town, &mut guardian, "how", &[("feeling", "worse")]).await;
    assert_eq!(told.status, 422);
    for words in [
        "すでに受付中の相談があります",
        "に送った相談がまだ続いています",
        &format!("href=\"{other}\""),
    ] {
        assert!(told.body.contains(words), "{words} in {}", told.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_survey_that_comes_too_late_is_answered_with_a_sentence_and_gives_back_what_was_written() {
    let town = Town::new().await;
    let (mut guardian, _) = served(&town, false).await;
    town.turn(limits::SURVEY_OPEN);
    town.turn(Millis(1));
    let page = guardian.opens_ticket().await;
    assert!(page.body.contains("アンケートの受付は終わりました"), "{}", page.body);
    let late = guardian.answers_survey("yes", "たすかりました").await;
    assert_eq!(late.status, 422);
    for words in [
        "アンケートの受付は終わりました",
        "送れなかったひとこと",
        "たすかりました",
    ] {
        assert!(late.body.contains(words), "{words} in {}", late.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_comes_back_to_the_same_thread_for_seven_days_at_any_hour() {
    let town = Town::new().await;
    let (mut guardian, consultation) = served(&town, false).await;
    town.turn(Millis::days(6));
    assert_eq!(sends(&town, &mut guardian, "again", &[("text", " ")]).await.status, 422);
    let long = "長".repeat(limits::MESSAGE_CHARS + 1);
    assert_eq!(
        sends(&town, &mut guardian, "again", &[("text", long.as_str())])
            .await
            .status,
        422
    );
    evenings_only(&town).await;
    town.turn(Millis::hours(8));
    let again = sends(&town, &mut guardian, "again", &[("text", "また熱が出ました")]).await;
    assert_eq!(again.leads_to(), guardian.path);
    let page = guardian.opens_ticket().await;
    assert!(
        page.body.contains("また熱が出ました") && page.body.contains("水分を少しずつ"),
        "one thread"
    );
    let row = town
        .app
        .store
        .waiting_ids(&town.city("hino").await.id, 10)
        .await
        .expect("read");
    assert_eq!(row, [consultation]);
    let state = town
        .app
        .spine
        .load(consultation)
        .await
        .expect("read")
        .expect("it is there");
    let case = state.case.as_deref().expect("a case");
    assert_eq!(
        case.reply_by(),
        Some(town.app.world.now() + Millis::hours(24)),
        "the desk is closed: promised"
    );
    let report = server::check_log::check(&town.app.store, &town.app.keys, None)
        .await
        .expect("read");
    assert!(report.faults.is_empty(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_seven_days_a_family_begins_anew() {
    let town = Town::new().await;
    let (mut late, _) = served(&town, false).await;
    town.turn(limits::COME_BACK);
    town.turn(Millis(1));
    let page = late.opens_ticket().await;
    assert!(page.body.contains("新しく相談する"));
    let refused = sends(&town, &mut late, "again", &[("text", "また")]).await;
    assert!(
        refused.status == 422 && refused.body.contains("期限が過ぎました"),
        "{}",
        refused.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_with_another_open_consultation_is_led_to_that_one() {
    let town = Town::new().await;
    let (mut guardian, _) = served(&town, false).await;
    let first = guardian.path.clone();
    guardian.begins().await;
    guardian.sends_intake("別のこと").await;
    guardian.path = first;
    let refused = sends(&town, &mut guardian, "again", &[("text", "また")]).await;
    assert!(
        refused.status == 422 && refused.body.contains("受付中の相談があります"),
        "{}",
        refused.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_survey_is_asked_for_once_more_and_then_never() {
    let town = Town::new().await;
    let (mut silent, first) = served(&town, false).await;
    let (mut answered, second) = served(&town, false).await;
    answered.answers_survey("yes", "").await;
    town.turn(Millis::days(2));
    for _ in 0..3 {
        fire_due(&town.app.spine).await.expect("fired");
        town.turn(Millis::days(1));
    }
    let nudges = async |of| {
        kinds(&town, of)
            .await
            .iter()
            .filter(|kind| *kind == "survey_nudged")
            .count()
    };
    assert_eq!((nudges(first).await, nudges(second).await), (1, 0));
    let told = async |of| {
        told_family(&town, of)
            .await
            .iter()
            .filter(|kind| *kind == "survey")
            .count()
    };
    assert_eq!((told(first).await, told(second).await), (1, 0));
    assert!(silent.opens_ticket().await.body.contains("今後も利用したいですか"));
    assert_eq!(silent.answers_survey("rather_yes", "").await.status, 303);
}

/// The address of the only task on the list, from its form.
pub(crate) async fn only_task(supervisor: &mut Supervisor) -> String {
    let page = supervisor.browser.opens("/tasks").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let forms: Vec<&str> = page.body.split("action=\"/tasks/").skip(1).collect();
    let path = forms.first().and_then(|rest| rest.split('"').next()).expect("a task");
    assert!(forms.iter().all(|form| form.starts_with(path)), "one task");
    format!("/tasks/{path}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_would_not_come_again_is_a_supervisors_task_until_somebody_writes_what_was_done() {
    let town = Town::new().await;
    let (mut guardian, consultation) = served(&town, false).await;
    guardian.answers_survey("no", "待たされました").await;
    let mut supervisor = town.supervisor("田中").await;
    let task = only_task(&mut supervisor).await;
    let list = supervisor.browser.opens("/tasks").await;
    assert!(
        list.body.contains("「そう思わない」の回答") && !list.body.contains("待たされました"),
        "{}",
        list.body
    );
    assert!(
        !list.body.contains("http-equiv=\"refresh\""),
        "nothing is taken from under anybody's hands"
    );
    let command = || town.command().to_string();
    let (take, close) = (command(), command());
    let posts = async |browser: &mut super::browser::Browser, go: &str, id: &str, words: &str| {
        browser
            .posts(&task, &[("command", id), ("go", go), ("words", words)])
            .await
    };
    assert_eq!(
        posts(&mut supervisor.browser, "take", &take, "").await.leads_to(),
        "/tasks"
    );
    assert!(supervisor.browser.opens("/tasks").await.body.contains("田中"));
    let empty = posts(&mut supervisor.browser, "close", &close, "  ").await;
    assert!(
        empty.status == 422 && empty.body.contains("文字を入れてください"),
        "{}",
        empty.body
    );
    for role in [
        Role::Pediatrician,
        Role::PublicHealthNurse,
        Role::CityViewer,
        Role::Administrator,
    ] {
        let mut other = town.reader("hino", "別の人", role).await;
        assert_ne!(
            posts(&mut other.browser, "close", &command(), "済み").await.leads_to(),
            "/tasks",
            "{role:?}"
        );
    }
    let mut of_tama = town.reader("tama", "多田", Role::Supervisor).await;
    assert_eq!(
        posts(&mut of_tama.browser, "close", &command(), "済み").await.status,
        404
    );
    assert_eq!(
        posts(&mut supervisor.browser, "shred", &command(), "x").await.status,
        400
    );
    for _ in 0..2 {
        let closed = posts(&mut supervisor.browser, "close", &close, "電話でおわびした").await;
        assert_eq!(closed.leads_to(), "/tasks");
    }
    let again = posts(&mut supervisor.browser, "close", &command(), "もう一度").await;
    assert!(again.status == 422, "{}", again.body);
    let list = supervisor.browser.opens("/tasks").await;
    assert!(list.body.contains("いま対応することはありません"), "{}", list.body);
    assert!(list.body.contains("http-equiv=\"refresh\" content=\"15\""));
    let replay = supervisor.replays(consultation).await;
    assert!(replay.body.contains("電話でおわびした") && replay.body.contains("待たされました"));
    guardian.opens_live().await;
    let seen = serde_json::to_string(&guardian.log().events).expect("JSON");
    assert!(!seen.contains("task") && !seen.contains("おわび"), "{seen}");
    assert!(
        !guardian
            .log()
            .events
            .iter()
            .any(|event| matches!(event.kind, WireKind::TaskClosed { .. }))
    );
}
