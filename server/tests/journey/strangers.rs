//! People at doors that are not theirs: other families, other cities, other roles, other sites, forwarded links and
//! machines that open every address.

use super::{
    actors::note,
    browser::{Pages, form},
    openings::{events, in_consultation, is_alive, transfer_link},
    socket::{Live, Logs, upgrade},
    town::Town,
};
use signaling::{
    actor::Role,
    call::CallMode,
    consultation::{Command, Refusal},
    id::{ConsultationId, GuardianId},
    intake::Mode,
    limits,
    protocol::{ClientFrame, ErrorCode, Presented, QueueCommand, Signal, Watch},
    survey::Answer,
};
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_familys_consultation_is_not_there_by_socket_page_or_form() {
    let town = Town::new().await;
    let (victim, _doctor, theirs) = in_consultation(&town).await;
    let before = events(&town, theirs).await;
    let mut curious = town.waiting_guardian("ほかの家族").await;
    let (id, nobodys) = (town.command(), ConsultationId(town.app.world.new_id()));
    for consultation in [theirs, nobodys] {
        curious
            .live()
            .sends(&ClientFrame::Watch(Watch {
                consultation,
                cursor: None,
            }))
            .await;
        assert_eq!(curious.live().error().await, ErrorCode::NotFound);
        for command in [
            Command::Say {
                text: "のぞき見".to_owned(),
            },
            Command::Cancel,
            Command::WishMode { mode: Mode::Video },
        ] {
            assert_eq!(
                curious.live().does(id, consultation, command).await,
                Err(Refusal::NotFound)
            );
        }
        let body = serde_json::json!("x");
        curious
            .live()
            .sends(&ClientFrame::Draft {
                consultation,
                field: "message".to_owned(),
                revision: 1,
                body,
            })
            .await;
        assert_eq!(curious.live().error().await, ErrorCode::NotFound);
        curious
            .live()
            .sends(&ClientFrame::Signal {
                consultation,
                from: 0,
                to: 0,
                signal: Signal::Typing,
            })
            .await;
        assert_eq!(curious.live().error().await, ErrorCode::NotFound);
        curious
            .live()
            .sends(&ClientFrame::Present {
                consultation,
                state: Presented::Hidden,
            })
            .await;
    }
    assert!(!curious.live().raw.contains("熱が下がりません"));
    // The other family's link on this phone: a door, and forms that do nothing.
    let page = curious.browser.opens(&victim.path).await;
    assert_eq!((page.status, page.model()), (200, None));
    assert!(!page.body.contains("熱が下がりません") && !page.body.contains("佐藤"));
    for form in ["say", "cancel", "mode", "survey", "intake"] {
        let fields = [("command", id.to_string()), ("text", "なりすまし".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = curious.browser.posts(&format!("{}/{form}", victim.path), &fields).await;
        assert!(!answer.body.contains("熱が下がりません"), "{form}");
        assert_ne!(answer.status, 303, "{form}");
    }
    assert_eq!(events(&town, theirs).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forwarded_link_shows_a_door_without_a_word_of_what_is_behind_it() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    doctor.says(consultation, "ひみつの返事").await;
    guardian.says("ひみつの質問").await;
    let mut friend = town.browser("hino.test");
    for method in ["GET", "HEAD"] {
        let door = friend.sends(method, &guardian.path, &[], "").await;
        assert_eq!(door.status, 200);
        for word in [
            "熱が下がりません",
            "ひみつ",
            "佐藤",
            "発熱",
            "2歳",
            &consultation.to_string(),
        ] {
            assert!(!door.body.contains(word), "{word} stands in the door");
        }
        assert_eq!(door.header("cache-control"), Some("no-store"));
    }
    assert!(friend.cookies.is_empty(), "nothing was given");
    assert!(Live::is_signed_out(&friend, "/live").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guessed_or_damaged_ticket_is_not_there() {
    let town = Town::new().await;
    let guardian = town.waiting_guardian("あてずっぽう").await;
    let real = &guardian.path[3..];
    let flipped = if real.ends_with('A') { "B" } else { "A" };
    let guesses = [
        format!("/t/{}{flipped}", &real[..real.len() - 1]),
        format!("/t/{}", &real[..real.len() - 1]),
        format!("/t/{real}x"),
        format!("/t/{}", real.to_uppercase()),
        format!("/t/{}", guardian.consultation()),
        "/t/%00".to_owned(),
        "/t/%0d%0aset-cookie:%20x=y".to_owned(),
        "/t/..%2f..%2fetc%2fpasswd".to_owned(),
        format!("/t/{}", "a".repeat(4000)),
        "/t/'%20OR%201=1--".to_owned(),
    ];
    for guess in &guesses {
        let mut browser = guardian.browser.clone();
        let answer = browser.opens(guess).await;
        assert_eq!(answer.status, 404, "{guess}");
        assert!(!answer.body.contains("あてずっぽう"));
        for form in ["say", "survey", "intake"] {
            assert_eq!(
                browser.posts(&format!("{guess}/{form}"), &[("text", "x")]).await.status,
                404,
                "{guess}/{form}"
            );
        }
    }
    is_alive(&town).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_city_knows_neither_the_link_nor_the_credential_nor_the_case() {
    let town = Town::new().await;
    let (guardian, doctor, consultation) = in_consultation(&town).await;
    let before = events(&town, consultation).await;
    let mut elsewhere = guardian.browser.at("tama.test");
    assert_eq!(elsewhere.opens(&guardian.path).await.status, 404);
    assert_eq!(
        elsewhere
            .posts(
                &format!("{}/cancel", guardian.path),
                &[("command", &town.command().to_string())]
            )
            .await
            .status,
        404
    );
    assert!(Live::is_signed_out(&elsewhere, "/live").await);
    let desk = doctor.browser.at("tama.test");
    assert!(Live::is_signed_out(&desk, "/desk/live").await);
    assert_eq!(
        desk.clone().opens("/desk").await.leads_to(),
        "/staff/sign-in?why=expired"
    );
    let nowhere = guardian.browser.at("evil.test");
    assert!(matches!(nowhere.clone().opens("/").await.status, 404 | 421));
    assert_eq!(
        Live::connect(&nowhere, upgrade(&nowhere, "/live")).await.err(),
        Some(421)
    );

    let mut stranger = town.clinician_of("tama", "多摩", Role::Pediatrician).await;
    stranger.opens_desk().await;
    stranger
        .live()
        .sends(&ClientFrame::Watch(Watch {
            consultation,
            cursor: None,
        }))
        .await;
    assert_eq!(stranger.live().error().await, ErrorCode::NotFound);
    for command in [
        Command::Claim { overtake_reason: None },
        Command::Remark { text: "x".to_owned() },
        Command::Close,
    ] {
        assert_eq!(stranger.does(consultation, command).await, Err(Refusal::NotFound));
    }
    assert_eq!(stranger.takes_next().await, Err(Refusal::NobodyWaiting));
    let history = format!("/desk/consultations/{consultation}/history");
    assert_eq!(stranger.browser.opens(&history).await.status, 404);
    let mut supervisor = town.reader("tama", "多摩の監督", Role::Supervisor).await;
    assert_eq!(supervisor.replays(consultation).await.status, 404);
    assert!(!supervisor.opens_logs("").await.body.contains(&consultation.to_string()));
    assert_eq!(supervisor.sees_figures().await.value("登録者数"), "0");
    assert_eq!(events(&town, consultation).await, before);
    assert!(!stranger.live().raw.contains("熱が下がりません"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clinicians_command_from_a_family_and_the_reverse_are_refused() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let before = events(&town, consultation).await;
    let staffs = [
        Command::Claim { overtake_reason: None },
        Command::Release { reason: "x".to_owned() },
        Command::Remark { text: "x".to_owned() },
        Command::Ring { mode: CallMode::Audio },
        Command::SignNote { note: Box::new(note()) },
        Command::AddToNote { text: "x".to_owned() },
        Command::Close,
    ];
    for command in staffs {
        let shown = format!("{command:?}");
        assert_eq!(guardian.does(command).await, Err(Refusal::NotAllowed), "{shown}");
    }
    let families = [
        Command::WishMode { mode: Mode::Video },
        Command::Cancel,
        Command::Decline { call: 1 },
        Command::Survey {
            answer: Answer::Yes,
            words: None,
        },
    ];
    for command in families {
        let shown = format!("{command:?}");
        assert_eq!(
            doctor.does(consultation, command).await,
            Err(Refusal::NotAllowed),
            "{shown}"
        );
    }
    let id = town.command();
    guardian
        .live()
        .sends(&ClientFrame::QueueCommand {
            id,
            command: QueueCommand::Next,
        })
        .await;
    assert_eq!(guardian.live().answer(id).await, Err(Refusal::NotAllowed));
    guardian.loses_connection();
    let mut asking = Live::open(&guardian.browser, "/live", Logs::new(), true).await;
    assert_eq!(
        asking.error().await,
        ErrorCode::NotAllowed,
        "no family follows the queue"
    );
    assert!(Live::is_signed_out(&guardian.browser, "/desk/live").await);
    assert!(Live::is_signed_out(&doctor.browser, "/live").await);

    let mut colleague = town.clinician("鈴木").await;
    let taken = Err(Refusal::AlreadyClaimed {
        by: doctor.staff.addressed(),
    });
    for command in [
        Command::Say {
            text: "横から".to_owned(),
        },
        Command::Close,
        Command::Ring { mode: CallMode::Video },
    ] {
        assert_eq!(colleague.does(consultation, command).await, taken);
    }
    assert_eq!(events(&town, consultation).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posts_and_sockets_that_another_site_caused_are_refused() {
    let town = Town::new().await;
    let (guardian, doctor, consultation) = in_consultation(&town).await;
    let before = events(&town, consultation).await;
    let mut browser = guardian.browser.clone();
    let (own, path) = (browser.origin(), format!("{}/cancel", guardian.path));
    let body = form(&[("command", &town.command().to_string())]);
    let foreign: [&[(&str, &str)]; 6] = [
        &[],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://hino.test.evil.example")],
        &[("origin", &own), ("sec-fetch-site", "cross-site")],
        &[("referer", "https://evil.example/hino.test")],
    ];
    for headers in foreign {
        let answer = browser.sends("POST", &path, headers, &body).await;
        assert_eq!(answer.status, 403, "{headers:?}");
        assert!(answer.body.contains("cross_site"));
    }
    for (browser, path) in [(&guardian.browser, "/live"), (&doctor.browser, "/desk/live")] {
        for origin in ["https://evil.example", "null", "http://tama.test"] {
            let mut request = upgrade(browser, path);
            request.headers_mut().insert("origin", origin.parse().expect("ascii"));
            assert_eq!(Live::connect(browser, request).await.err(), Some(403), "{origin}");
        }
        let mut request = upgrade(browser, path);
        request.headers_mut().remove("origin");
        assert_eq!(Live::connect(browser, request).await.err(), Some(403));
        let mut request = upgrade(browser, path);
        request
            .headers_mut()
            .insert("sec-fetch-site", "cross-site".parse().expect("ascii"));
        assert_eq!(Live::connect(browser, request).await.err(), Some(403));
    }
    assert_eq!(events(&town, consultation).await, before);
}

/// What the QR code on the first device says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_bot_that_opens_every_address_burns_nothing() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("プレビュー").await;
    let to = format!("{}/transfer", guardian.path);
    guardian.posts("transfer", &[]).await;
    let link = transfer_link(&town, &guardian.browser, &guardian.path).await;
    let before = events(&town, guardian.consultation()).await;
    let mut bot = town.browser("hino.test");
    let forms = ["say", "cancel", "mode", "survey", "intake", "door"].map(|form| format!("{}/{form}", guardian.path));
    let addresses = [
        vec![guardian.path.clone(), link.clone(), to, "/start".to_owned()],
        forms.to_vec(),
    ]
    .concat();
    for address in &addresses {
        for method in ["GET", "HEAD"] {
            let answer = bot.sends(method, address, &[], "").await;
            assert!(answer.status < 500, "{method} {address}");
            assert!(!answer.body.contains("プレビュー"), "{method} {address}");
        }
    }
    assert!(bot.cookies.is_empty());
    assert_eq!(events(&town, guardian.consultation()).await, before);
    let mut tablet = town.browser("hino.test");
    assert_eq!(
        tablet.posts(&link, &[]).await.leads_to(),
        guardian.path,
        "the link still works, once"
    );
    assert_eq!(town.browser("hino.test").posts(&link, &[]).await.status, 410);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_code_is_worth_nothing_after_five_minutes() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("おそい人").await;
    let to = format!("{}/transfer", guardian.path);
    guardian.posts("transfer", &[]).await;
    let page = guardian
        .browser
        .opens(&to)
        .await
        .body
        .replace(|c: char| !c.is_ascii_digit(), " ");
    let code = page
        .split(' ')
        .find(|word| word.len() == 6)
        .expect("six digits")
        .to_owned();
    town.turn(limits::TRANSFER_CODE);
    let mut late = town.browser("hino.test");
    let answer = late.posts(&format!("{}/door", guardian.path), &[("code", &code)]).await;
    assert_eq!((answer.status, late.cookies.len()), (422, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_holds_no_session_is_led_to_the_sign_in_page_everywhere() {
    let town = Town::new().await;
    let consultation = town.somebody_waits("hino", "だれも見てはいけない").await;
    let mut stranger = town.browser("hino.test");
    stranger.cookies.insert("soudan-staff".to_owned(), "a".repeat(43));
    stranger.cookies.insert("soudan".to_owned(), "b".repeat(43));
    let replay = format!("/logs/{consultation}");
    let history = format!("/desk/consultations/{consultation}/history");
    let mut newcomer = town.browser("hino.test");
    for path in ["/desk", "/logs", &replay, "/kpi", "/kpi.csv", "/admin", &history] {
        assert_eq!(newcomer.opens(path).await.leads_to(), "/staff/sign-in", "{path}");
        let told_why = "/staff/sign-in?why=expired";
        assert_eq!(
            stranger.opens(path).await.leads_to(),
            told_why,
            "was signed in once: {path}"
        );
    }
    assert!(Live::is_signed_out(&stranger, "/desk/live").await);
    assert_eq!(stranger.opens("/mine").await.status, 403);
    let nobody = GuardianId(town.app.world.new_id());
    assert!(town.app.spine.of_guardian(nobody).await.expect("read").is_empty());
    for path in [
        "/assets/../Cargo.toml",
        "/assets/%2e%2e%2fCargo.toml",
        "/assets/..%5c..%5cx",
        "/assets/.manifest",
        "/assets/manifest.json",
    ] {
        assert_eq!(stranger.opens(path).await.status, 404, "{path}");
    }
}
