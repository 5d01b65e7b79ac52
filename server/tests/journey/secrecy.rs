//! A whole journey with planted words: none of them in the logs, nor as plain text in the database's files; and nothing
//! that is for staff reaches the family, whatever it opens.

use super::{actors::note, openings::family_of, socket::Live, town::Town};
use signaling::{
    consultation::Command,
    note::Note,
    protocol::{ClientFrame, ServerFrame},
    triage::{Action, Fired},
};
use std::{
    io::Write,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt};

/// Everything that this process logged.
#[derive(Clone, Default)]
pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// Until now.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Captured {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The server's own lines at every level, those of others as far as anybody would switch them on.
pub(crate) fn captured() -> Captured {
    static LOGS: OnceLock<Captured> = OnceLock::new();
    let start = || {
        let captured = Captured::default();
        let filter = EnvFilter::new("debug,server=trace,signaling=trace,frontend=trace,sqlx=trace,tungstenite=info");
        let lines = tracing_subscriber::fmt::layer()
            .with_writer(captured.clone())
            .with_ansi(false);
        tracing_subscriber::registry().with(filter).with(lines).init();
        captured
    };
    LOGS.get_or_init(start).clone()
}

pub(crate) fn contains(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|part| part == word.as_bytes())
}

pub(crate) fn files_beside(database: &str) -> Vec<(String, Vec<u8>)> {
    let path = database.strip_prefix("sqlite://").expect("a file");
    let directory = Path::new(path).parent().expect("a directory");
    let read = |entry: std::fs::DirEntry| {
        (
            entry.file_name().to_string_lossy().into_owned(),
            std::fs::read(entry.path()).expect("readable"),
        )
    };
    std::fs::read_dir(directory)
        .expect("a directory")
        .map(|entry| read(entry.expect("an entry")))
        .collect()
}

fn secret_note() -> Note {
    Note {
        advice: "ひみつ助言zqx-advice".to_owned(),
        safety_net: Some("ひみつ目安zqx-net".to_owned()),
        internal: Some("ひみつ内部zqx-internal".to_owned()),
        ..note()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_write_and_hold_is_in_no_log_and_in_no_file_as_plain_text() {
    let logs = captured();
    let town = Town::new().await;
    let mut doctor = town.clinician("zqx医師").await;
    let mut guardian = town.guardian();
    guardian.registers().await;
    guardian.sends_intake("ひみつ心配zqx-worry 山田花子").await;
    guardian.opens_live().await;
    let consultation = doctor.takes_next().await.expect("somebody waits");
    let reason = "ひみつ理由zqx-release".to_owned();
    doctor
        .does(consultation, Command::Release { reason })
        .await
        .expect("given back");
    let overtake_reason = Some("ひみつ理由zqx-overtake".to_owned());
    doctor
        .does(consultation, Command::Claim { overtake_reason })
        .await
        .expect("taken again");
    doctor.says(consultation, "ひみつ質問zqx-question").await;
    guardian.says("ひみつ返事zqx-reply").await;
    guardian.says_by_form("ひみつ用紙zqx-form").await;
    let draft = |field: &str, body: &str| ClientFrame::Draft {
        consultation,
        field: field.to_owned(),
        revision: 1,
        body: serde_json::json!(body),
    };
    let saved = |frame: &ServerFrame| matches!(frame, ServerFrame::DraftSaved { .. }).then_some(());
    guardian.live().sends(&draft("message", "ひみつ下書zqx-draft")).await;
    guardian.live().until("saved", saved).await;
    doctor.live().sends(&draft("note", "ひみつ下書zqx-draft")).await;
    doctor.live().until("saved", saved).await;
    // What goes wrong is logged, too, and must not quote.
    guardian
        .live()
        .sends_text(r#"{"t":"dance","zqx-garbage":"ひみつ"}"#)
        .await;
    guardian.live().error().await;
    let refused = guardian
        .posts(
            "say",
            &[
                ("command", &town.command().to_string()),
                ("text", &"zqx-long".repeat(400)),
            ],
        )
        .await;
    assert_eq!(refused.status, 422);
    let command = town.command().to_string();
    let wrong = [
        ("command", command.as_str()),
        ("passphrase", "zqx-phrase"),
        ("recovery", "zqx-recovery"),
        ("reach", "other"),
        ("about", "child"),
    ];
    assert_eq!(town.browser("hino.test").posts("/register", &wrong).await.status, 422);
    let wrong = [("login", "zqx-login"), ("password", "zqx-password"), ("code", "123456")];
    assert_eq!(
        town.browser("hino.test").posts("/staff/sign-in", &wrong).await.status,
        422
    );
    let door = [("code", "zqx-code"), ("recovery", "zqx-answer")];
    town.browser("hino.test")
        .posts(&format!("{}/door", guardian.path), &door)
        .await;
    doctor
        .does(
            consultation,
            Command::Remark {
                text: "ひみつ内緒zqx-remark".to_owned(),
            },
        )
        .await
        .expect("remarked");
    doctor.signs_note(consultation, secret_note()).await;
    doctor
        .does(
            consultation,
            Command::AddToNote {
                text: "ひみつ追記zqx-added".to_owned(),
            },
        )
        .await
        .expect("added");
    doctor.does(consultation, Command::Close).await.expect("closed");
    guardian.answers_survey("yes", "ひみつ感想zqx-words").await;
    let mut supervisor = town.supervisor("zqx監督").await;
    let replay = supervisor.replays(consultation).await.body;
    assert!(
        replay.contains("zqx-worry") && replay.contains("zqx-internal") && replay.contains("zqx-words"),
        "planted"
    );

    let mut tokens: Vec<String> = [&guardian.browser, &doctor.browser, &supervisor.browser]
        .iter()
        .flat_map(|browser| browser.cookies.values().cloned())
        .collect();
    tokens.push(guardian.path[3..].to_owned());
    assert_eq!(tokens.len(), 4);
    let written = ["ひみつ", "zqx-", "山田花子", super::town::PASSWORD, super::town::WORDS];
    let log = logs.bytes();
    assert!(contains(&log, "/t/{ticket}"), "requests are logged by template");
    // Names of the staff are in the database, and in no log.
    for word in written
        .iter()
        .copied()
        .chain(["zqx"])
        .chain(tokens.iter().map(String::as_str))
    {
        let at = log.windows(word.len()).position(|part| part == word.as_bytes());
        let around = at.map(|at| String::from_utf8_lossy(&log[at.saturating_sub(300)..at + word.len()]).into_owned());
        assert_eq!(around, None, "{word} was logged");
    }
    for (name, bytes) in files_beside(&town.database.url) {
        for word in written.iter().copied().chain(tokens.iter().map(String::as_str)) {
            assert!(!contains(&bytes, word), "{word} is in {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_for_staff_reaches_the_family_by_socket_page_form_or_poll() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut midwife = town.clinician("高橋").await;
    let mut before = town.waiting_guardian("まえの人").await;
    town.turn(signaling::time::Millis(10));
    let mut guardian = town.guardian();
    guardian.registers().await;
    let consultation = guardian.consultation();
    let family = family_of(&town, &guardian.path).await;
    let silent = Fired {
        rule: "ZQX-RULE".to_owned(),
        version: 1,
        action: Action::StaffOnly,
    };
    let urgent = Fired {
        rule: "ZQX-QUEUE".to_owned(),
        version: 1,
        action: Action::SecondClass,
    };
    town.asks(consultation, family, "hino", "うしろの人", vec![silent, urgent])
        .await;
    guardian.opens_live().await;

    let mut texts = vec![guardian.opens_ticket().await.body];
    doctor
        .does(
            before.consultation(),
            Command::Claim {
                overtake_reason: Some("zqx-overtake-a".to_owned()),
            },
        )
        .await
        .expect("taken");
    doctor
        .does(
            before.consultation(),
            Command::Release {
                reason: "zqx-release-a".to_owned(),
            },
        )
        .await
        .expect("back");
    midwife
        .does(
            before.consultation(),
            Command::Claim {
                overtake_reason: Some("zqx-overtake-b".to_owned()),
            },
        )
        .await
        .expect("taken");
    doctor
        .does(
            consultation,
            Command::Claim {
                overtake_reason: Some("zqx-overtake".to_owned()),
            },
        )
        .await
        .expect("taken");
    doctor.says(consultation, "こんばんは").await;
    doctor
        .does(
            consultation,
            Command::Remark {
                text: "zqx-remark".to_owned(),
            },
        )
        .await
        .expect("remarked");
    midwife
        .does(
            consultation,
            Command::Remark {
                text: "zqx-colleague".to_owned(),
            },
        )
        .await
        .expect("remarked");
    doctor
        .does(
            consultation,
            Command::Release {
                reason: "zqx-release".to_owned(),
            },
        )
        .await
        .expect("back");
    midwife
        .does(
            consultation,
            Command::Claim {
                overtake_reason: Some("zqx-again".to_owned()),
            },
        )
        .await
        .expect("taken");
    texts.push(guardian.opens_ticket().await.body);
    texts.push(guardian.says_by_form("").await.body);
    let internal = Note {
        internal: Some("zqx-internal".to_owned()),
        ..note()
    };
    midwife.signs_note(consultation, internal).await;
    midwife
        .does(
            consultation,
            Command::AddToNote {
                text: "zqx-added".to_owned(),
            },
        )
        .await
        .expect("added");
    midwife.does(consultation, Command::Close).await.expect("closed");
    texts.push(guardian.opens_ticket().await.body);
    let typed = [
        ("command", town.command().to_string()),
        ("answer", "yes".to_owned()),
        ("words", "あ".repeat(1001)),
    ];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    texts.push(guardian.posts("survey", &typed).await.body);
    guardian.answers_survey("no", "zqy-words").await;
    texts.push(guardian.opens_ticket().await.body);
    texts.push(guardian.browser.opens("/mine").await.body);
    texts.push(guardian.browser.opens("/").await.body);
    guardian.live().settles().await;
    texts.push(guardian.live().raw.clone());
    before.live().settles().await;
    texts.push(before.live().raw.clone());
    // And once more from the beginning, as a new tab and as a poll would read it.
    let logs = [(consultation, super::socket::Log::default())].into();
    let mut fresh = Live::open(&guardian.browser, "/live", logs, false).await;
    fresh.settles().await;
    texts.push(fresh.raw.clone());
    for text in &texts {
        for word in [
            "zqx-",
            "ZQX-",
            "\"acuity\":\"green\"",
            "\"acuity\":\"white\"",
            "staff_only",
            "note_added",
            "\"lane\":\"staff\"",
            "internal",
        ] {
            assert!(!text.contains(word), "{word} reached the family: {text}");
        }
    }
    assert!(
        fresh.raw.contains("こんばんは") && fresh.raw.contains("note_signed"),
        "the rest did"
    );
    // What the family says about the desk is not for the one it is said about.
    doctor.live().settles().await;
    midwife.live().watches(consultation).await;
    for raw in [&doctor.live().raw, &midwife.live().raw] {
        assert!(!raw.contains("zqy-words"), "{raw}");
    }
    assert!(
        midwife.live().raw.contains("zqx-remark") && midwife.live().raw.contains("ZQX-RULE"),
        "colleagues do read it"
    );
}
