//! What is typed at the doors and beside the chat, longer than any of it may be: a sentence or a refusal that names the
//! limit, nothing stored, no try spent, and exactly the limit is taken.

use super::{
    actors::note,
    browser::Browser,
    openings::{events, in_consultation, is_alive},
    town::{PASSWORD, Town, WORDS},
};
use signaling::{
    actor::Role,
    consultation::{Command, Refusal},
    intake::Complaint,
    limits,
    note::{Note, NoteFault},
};

fn long(limit: usize) -> String {
    "あ".repeat(limit + 1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reasons_records_and_additions_over_their_length_are_refused_and_nothing_is_stored() {
    let town = Town::new().await;
    let (_guardian, mut doctor, consultation) = in_consultation(&town).await;
    let reason = "交代".to_owned();
    doctor
        .does(consultation, Command::Release { reason })
        .await
        .expect("given back");
    let waiting = events(&town, consultation).await;
    let claim = |reason: String| Command::Claim {
        overtake_reason: Some(reason),
    };
    let limit = limits::REASON_CHARS;
    assert_eq!(
        doctor.does(consultation, claim(long(limit))).await,
        Err(Refusal::TooLong { limit })
    );
    assert_eq!(events(&town, consultation).await, waiting, "nobody took it");
    doctor
        .does(consultation, claim("あ".repeat(limit)))
        .await
        .expect("taken");

    let held = events(&town, consultation).await;
    let seven = [
        Complaint::Fever,
        Complaint::Cough,
        Complaint::Rash,
        Complaint::Head,
        Complaint::Eyes,
        Complaint::Sleep,
        Complaint::Crying,
    ];
    assert_eq!(seven.len(), limits::COMPLAINTS + 1);
    let (safety_net, complaints) = (Some(long(limits::NOTE_FIELD_CHARS)), seven.to_vec());
    for note in [Note { safety_net, ..note() }, Note { complaints, ..note() }] {
        let sign = Command::SignNote {
            note: Box::new(note),
            scope_reason: None,
        };
        let fault = NoteFault::TooLong;
        assert_eq!(
            doctor.does(consultation, sign).await,
            Err(Refusal::NoteIncomplete { fault })
        );
    }
    assert_eq!(events(&town, consultation).await, held);
    let safety_net = Some("あ".repeat(limits::NOTE_FIELD_CHARS));
    let complaints = seven[..limits::COMPLAINTS].to_vec();
    doctor
        .signs_note(
            consultation,
            Note {
                safety_net,
                complaints,
                ..note()
            },
        )
        .await;

    let signed = events(&town, consultation).await;
    let limit = limits::NOTE_FIELD_CHARS;
    let add = |text: String| Command::AddToNote { text };
    assert_eq!(
        doctor.does(consultation, add(long(limit))).await,
        Err(Refusal::TooLong { limit })
    );
    assert_eq!(
        doctor.does(consultation, add(" \u{3000}".to_owned())).await,
        Err(Refusal::Empty)
    );
    assert_eq!(events(&town, consultation).await, signed);
    doctor.does(consultation, add("あ".repeat(limit))).await.expect("added");
}

/// A family's first form with these words and this answer.
async fn registers(town: &Town, browser: &mut Browser, words: &str, recovery: &str) -> u16 {
    let command = town.command().to_string();
    let fields = [
        ("command", command.as_str()),
        ("passphrase", words),
        ("reach", "handbook"),
        ("about", "child"),
        ("born", "2024-08"),
        ("recovery", recovery),
        ("consent_consultation", "on"),
        ("consent_statistics", "on"),
    ];
    browser.posts("/register", &fields).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_and_answers_over_their_length_open_no_door_and_spend_no_try() {
    let town = Town::new().await;
    let mut phone = town.browser("hino.test");
    let endless = "x".repeat(20_000);
    for words in [
        long(limits::PASSPHRASE_CHARS),
        endless.clone(),
        format!("{WORDS}{endless}"),
    ] {
        assert_eq!(registers(&town, &mut phone, &words, "").await, 422);
    }
    for answer in [long(limits::RECOVERY_CHARS), endless.clone()] {
        assert_eq!(registers(&town, &mut phone, WORDS, &answer).await, 422);
    }
    assert!(phone.cookies.is_empty(), "nobody was registered");
    let answer = "あ".repeat(limits::RECOVERY_CHARS);
    assert_eq!(registers(&town, &mut phone, WORDS, &answer).await, 303);
    let command = town.command().to_string();
    let ticket = phone
        .posts("/start", &[("command", &command)])
        .await
        .leads_to()
        .to_owned();

    let (door, mut tablet) = (format!("{ticket}/door"), town.browser("hino.test"));
    for _ in 0..limits::DOOR_TRIES {
        for wrong in [long(limits::RECOVERY_CHARS), format!("{answer}{endless}")] {
            assert_eq!(tablet.posts(&door, &[("recovery", &wrong)]).await.status, 422);
        }
    }
    for code in [endless.as_str(), "１２３４５６７８９０１２３４５６７８９０"] {
        assert_eq!(tablet.posts(&door, &[("code", code)]).await.status, 422);
    }
    let entered = tablet.posts(&door, &[("recovery", &answer)]).await;
    assert_eq!(entered.leads_to(), ticket, "no try was spent on what no answer can be");
    assert_eq!(
        tablet.posts("/mine/revoke", &[("device", &endless)]).await.leads_to(),
        "/mine"
    );
    assert_eq!(phone.opens("/mine").await.status, 200, "nobody was revoked");
    is_alive(&town).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logins_passwords_and_codes_over_their_length_sign_nobody_in_and_count_toward_no_lock() {
    let town = Town::new().await;
    let (city, identity) = (town.city("hino").await, &town.app.identity);
    let (longest, endless) = ("p".repeat(limits::PASSWORD_CHARS), "x".repeat(20_000));
    let added = identity
        .add_enrolled_staff(&city, "sato", "佐藤", Role::Pediatrician, &longest)
        .await;
    assert!(added.expect("added").is_some());
    let code = identity
        .current_code(&city, "sato")
        .await
        .expect("read")
        .expect("enrolled");
    let wrong = [
        ("sato", format!("{longest}p"), code.clone()),
        ("sato", endless.clone(), code.clone()),
        (endless.as_str(), longest.clone(), code.clone()),
    ];
    let mut browser = town.browser("hino.test");
    for _ in 0..limits::SIGN_IN_TRIES {
        for (login, password, code) in &wrong {
            let fields = [
                ("login", *login),
                ("password", password.as_str()),
                ("code", code.as_str()),
            ];
            let answer = browser.posts("/staff/sign-in", &fields).await;
            assert_eq!(answer.status, 422);
            assert!(
                answer.body.len() < 20_000,
                "no more of it is given back than is needed to know it"
            );
        }
    }
    let endless_code = [
        ("login", "sato"),
        ("password", longest.as_str()),
        ("code", &format!("{code}{endless}")),
    ];
    assert_eq!(browser.posts("/staff/sign-in", &endless_code).await.status, 422);
    let fields = [
        ("login", "sato"),
        ("password", longest.as_str()),
        ("code", code.as_str()),
    ];
    assert_eq!(browser.posts("/staff/sign-in", &fields).await.leads_to(), "/desk");

    let added = identity.add_staff(&city, "takahashi", "高橋", Role::Midwife).await;
    let link = added.expect("added").expect("a new login").path;
    let mut midwife = town.browser("hino.test");
    for (password, again, sentence) in [
        (format!("{longest}p"), format!("{longest}p"), "200文字まで"),
        (endless.clone(), endless.clone(), "200文字まで"),
        (PASSWORD.to_owned(), endless.clone(), "2つのパスワード"),
    ] {
        let fields = [
            ("password", password.as_str()),
            ("password_again", again.as_str()),
            ("code", "000000"),
        ];
        let answer = midwife.posts(&link, &fields).await;
        assert_eq!(answer.status, 422);
        assert!(
            answer.body.contains(sentence) && !answer.body.contains(&password),
            "{sentence}"
        );
    }
    assert_eq!(midwife.opens(&link).await.status, 200, "the link is not spent");
    let too_long = identity
        .add_staff(&city, &long(limits::LOGIN_CHARS), "名前", Role::Midwife)
        .await;
    assert!(too_long.expect("asked").is_none());
}
