//! Where a page cannot go on as it was: its credential is over, storage fails, its version is old, its form is refused. It is
//! told so in a way that it can act on.

use super::{
    actors::Guardian,
    browser::Pages as _,
    socket::{Live, Logs, upgrade},
    town::Town,
};
use serde_json::json;
use signaling::{
    consultation::Command,
    id::{CommandId, GuardianId},
    limits,
    protocol::{ClientFrame, ErrorCode, ServerFrame},
    time::Millis,
};
use sqlx::Connection;

async fn family_of(town: &Town, guardian: &Guardian) -> GuardianId {
    let state = town.app.spine.load(guardian.consultation()).await.expect("read");
    let state = state.expect("sent");
    state.case.as_deref().expect("a case").guardian
}

/// Storage fails, or works again, for all that writes the results of commands.
async fn renames_table(town: &Town, from: &str, to: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(&town.database.url)
        .await
        .expect("it answers");
    let rename = sqlx::AssertSqlSafe(format!("ALTER TABLE {from} RENAME TO {to}"));
    sqlx::query(rename).execute(&mut connection).await.expect("renamed");
    connection.close().await.expect("closed");
}

/// Which command a page is asked to send again.
async fn is_asked_again(live: &mut Live) -> CommandId {
    live.until("a failure that names its command", |frame| match frame {
        ServerFrame::Error {
            code: ErrorCode::Unavailable,
            id,
            ..
        } => *id,
        _ => None,
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clinician_who_signed_out_elsewhere_is_told_so_and_so_is_every_later_socket() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut other_tab = doctor.browser.clone();
    let answer = other_tab.posts("/staff/sign-out", &[]).await;
    assert_eq!(answer.status, 303);
    town.turn(limits::BEAT_WAITING);
    town.turn(Millis::seconds(1));
    assert!(doctor.live().hears_signed_out().await);
    assert!(Live::is_signed_out(&doctor.browser, "/desk/live").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ran_out_is_told_to_a_desk_that_comes_back_from_sleep() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    doctor.loses_connection();
    town.turn(limits::STAFF_SESSION_IDLE);
    town.turn(Millis::minutes(1));
    assert!(Live::is_signed_out(&doctor.browser, "/desk/live").await);
    assert_eq!(
        doctor.browser.opens("/desk").await.leads_to(),
        "/staff/sign-in?why=expired"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_the_family_made_useless_is_told_so_and_its_ticket_is_a_door() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("熱が下がりません").await;
    let family = family_of(&town, &guardian).await;
    for device in town.app.store.devices(family).await.expect("read") {
        let now = town.app.world.now();
        assert!(
            town.app
                .store
                .revoke_device(family, device.id, now)
                .await
                .expect("revoked")
        );
    }
    town.turn(limits::BEAT_WAITING);
    town.turn(Millis::seconds(1));
    assert!(guardian.live().hears_signed_out().await);
    assert!(Live::is_signed_out(&guardian.browser, "/live").await);
    let door = guardian.opens_ticket().await;
    assert!(door.body.contains("この端末で開くには") && !door.body.contains("熱が下がりません"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_met_a_failing_database_is_named_and_takes_effect_once_when_sent_again() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("熱があります").await;
    let (id, consultation) = (town.command(), guardian.consultation());
    let say = ClientFrame::Command {
        id,
        consultation,
        command: Command::Say {
            text: "もしもし".to_owned(),
        },
    };
    renames_table(&town, "command_results", "command_results_away").await;
    for _ in 0..2 {
        guardian.live().sends(&say).await;
        assert_eq!(is_asked_again(guardian.live()).await, id);
    }
    renames_table(&town, "command_results_away", "command_results").await;
    guardian.live().sends(&say).await;
    assert!(guardian.live().answer(id).await.is_ok());
    guardian.live().sends(&say).await;
    assert!(guardian.live().answer(id).await.is_ok());
    guardian.hears("もしもし").await;
    guardian.live().settles().await;
    assert_eq!(guardian.log().texts(), ["もしもし"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_another_version_is_told_the_version_whatever_fields_it_brings() {
    let town = Town::new().await;
    let doctor = town.clinician("佐藤").await;
    let mut newer = Live::connect(&doctor.browser, upgrade(&doctor.browser, "/desk/live"))
        .await
        .expect("let in");
    let hello = json!({"t": "hello", "version": 2, "watch": {"another": "shape"}, "compression": true});
    newer.sends_text(&hello.to_string()).await;
    assert_eq!(newer.error().await, ErrorCode::Version);
    assert!(newer.is_closed().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_writes_no_record_and_its_draft_comes_back_once_a_socket() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("熱があります").await;
    let consultation = guardian.consultation();
    let draft = |field: &str, revision| ClientFrame::Draft {
        consultation,
        field: field.to_owned(),
        revision,
        body: json!("途中まで"),
    };
    guardian.live().sends(&draft("note", 1)).await;
    assert_eq!(guardian.live().error().await, ErrorCode::NotAllowed);
    guardian.live().sends(&draft("message", 2)).await;
    let saved = |frame: &ServerFrame| matches!(frame, ServerFrame::DraftSaved { .. }).then_some(());
    guardian.live().until("it is stored", saved).await;
    guardian.loses_connection();

    let mut again = Live::open(&guardian.browser, "/live", Logs::new(), false).await;
    for _ in 0..3 {
        again.watches(consultation).await;
    }
    again.settles().await;
    let drafts = again
        .raw
        .lines()
        .filter(|line| line.contains("\"t\":\"draft\""))
        .count();
    assert_eq!(drafts, 1, "{}", again.raw);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_survey_that_is_sent_without_a_choice_comes_back_with_a_sentence() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("熱があります").await;
    let mut doctor = town.clinician("佐藤").await;
    let consultation = doctor.takes_next().await.expect("one waits");
    doctor.signs_note_and_closes(consultation).await;
    let command = town.command().to_string();
    let asked_again = guardian
        .posts("survey", &[("command", &command), ("words", "たすかりました")])
        .await;
    assert_eq!(asked_again.status, 422);
    assert!(
        asked_again.body.contains("1つえらんでください。"),
        "{}",
        asked_again.body
    );
    assert!(asked_again.live().survey_open);
    assert_eq!(
        asked_again.live().survey_draft.words,
        "たすかりました",
        "and its words are kept"
    );
    assert_eq!(guardian.answers_survey("yes", "").await.leads_to(), guardian.path);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_survey_that_was_not_sent_yet_is_still_filled_in_on_the_next_visit() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("熱があります").await;
    let consultation = guardian.consultation();
    let mut doctor = town.clinician("佐藤").await;
    assert_eq!(doctor.takes_next().await, Ok(consultation));
    doctor.signs_note_and_closes(consultation).await;
    let half = |revision| ClientFrame::Draft {
        consultation,
        field: "survey".to_owned(),
        revision,
        body: json!({ "answer": "rather_yes", "words": "すぐ<b>つながって" }),
    };
    doctor.live().sends(&half(1)).await;
    assert_eq!(doctor.live().error().await, ErrorCode::NotAllowed, "a family's own");
    guardian.live().sends(&half(2)).await;
    let saved = |frame: &ServerFrame| matches!(frame, ServerFrame::DraftSaved { .. }).then_some(());
    guardian.live().until("it is stored", saved).await;
    guardian.loses_connection();

    let again = guardian.opens_ticket().await;
    let draft = again.live().survey_draft;
    assert_eq!(
        (draft.answer.as_str(), draft.words.as_str()),
        ("rather_yes", "すぐ<b>つながって")
    );
    assert!(
        again.body.contains("すぐ&lt;b&gt;つながって</textarea>"),
        "{}",
        again.body
    );
    guardian.answers_survey("yes", "").await;
    assert_eq!(
        guardian.opens_ticket().await.live().survey_draft,
        Box::default(),
        "sent, so gone"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_whose_form_was_refused_stands_in_its_field_again() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("熱があります").await;
    let long = "あ".repeat(limits::MESSAGE_CHARS + 1);
    let refused = guardian.says_by_form(&long).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.live().message_draft, long);

    let mut doctor = town.clinician("佐藤").await;
    let consultation = doctor.takes_next().await.expect("one waits");
    doctor.signs_note_and_closes(consultation).await;
    let late = guardian.says_by_form("ひとつ<b>聞き忘れました").await;
    assert_eq!(late.status, 422);
    assert!(late.body.contains("送れなかったメッセージ"), "{}", late.body);
    assert!(late.body.contains("ひとつ&lt;b&gt;聞き忘れました"), "{}", late.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_that_no_page_of_ours_made_is_still_a_page_with_what_to_do() {
    let town = Town::new().await;
    let mut browser = town.browser("hino.test");
    let own = browser.origin();
    let posted = [
        ("/staff/sign-in", own.as_str(), 400, "bad_request"),
        ("/logs", &own, 404, "not_found"),
        ("/register", "https://evil.example", 403, "cross_site"),
    ];
    for (path, origin, status, code) in posted {
        let twice = "login=sato&login=suzuki";
        let answer = browser.sends("POST", path, &[("origin", origin)], twice).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(
            answer.body.contains("<h1") && answer.body.contains(code),
            "{path}: {}",
            answer.body
        );
    }
    let elsewhere = town.browser("nowhere.test").opens("/register").await;
    assert_eq!(elsewhere.status, 421);
    assert!(
        elsewhere.body.contains("<h1") && elsewhere.body.contains("no_desk"),
        "{}",
        elsewhere.body
    );
    assert_eq!(browser.opens("/assets/nothing.js").await.body, "", "nobody reads this");
}
