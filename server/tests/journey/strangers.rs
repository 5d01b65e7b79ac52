//! People at doors that are not theirs: other families, other cities, other roles and other sites.

use super::{
    actors::note,
    browser::{Pages, form},
    openings::{events, in_consultation},
    socket::{Live, Logs, upgrade},
    town::Town,
};
use signaling::{
    actor::Role,
    call::CallMode,
    consultation::{Command, Refusal},
    id::{ConsultationId, GuardianId},
    intake::Mode,
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
        Command::SignNote {
            note: Box::new(note()),
            scope_reason: None,
        },
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
