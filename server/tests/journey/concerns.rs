//! 「気になる」: who raises it, who reads it and who never does; and a referral that waits for the family's consent.

use super::{
    actors::Clinician,
    aftercare::only_task,
    browser::{Answer, Browser, Pages as _},
    openings::in_consultation,
    outbox::told_staff,
    town::Town,
};
use signaling::{
    actor::Role,
    consultation::{Command, WireKind},
    id::ConsultationId,
    time::Millis,
};

const FACTS: &str = "左うでに古いあざが3つ";

async fn posts(town: &Town, browser: &mut Browser, of: ConsultationId, fields: &[(&str, &str)]) -> Answer {
    let command = town.command().to_string();
    let fields: Vec<_> = fields.iter().copied().chain([("command", command.as_str())]).collect();
    browser.posts(&format!("/concerns/{of}"), &fields).await
}

async fn opens(browser: &mut Browser, of: ConsultationId) -> Answer {
    browser.opens(&format!("/concerns/{of}")).await
}

/// The number of the only concern on a page.
fn concern_on(page: &Answer) -> String {
    let rest = page.body.split("name=\"concern\" value=\"").nth(1).expect("a concern");
    rest.split('"').next().expect("a number").to_owned()
}

async fn raises(town: &Town, doctor: &mut Clinician, of: ConsultationId) -> String {
    let raised = posts(town, &mut doctor.browser, of, &[("go", "raise"), ("facts", FACTS)]).await;
    assert_eq!(raised.leads_to(), format!("/concerns/{of}"));
    concern_on(&opens(&mut doctor.browser, of).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_concern_is_on_the_supervisors_list_at_once_and_goes_from_facts_to_a_notification() {
    let town = Town::new().await;
    let (_guardian, mut doctor, consultation) = in_consultation(&town).await;
    let concern = raises(&town, &mut doctor, consultation).await;
    assert_eq!(told_staff(&town, consultation).await, ["supervisor_concern"]);
    let page = opens(&mut doctor.browser, consultation).await;
    assert!(
        page.body.contains("監督者の画面に出るのを待っています。19:15までに"),
        "{}",
        page.body
    );
    let mut supervisor = town.supervisor("田中").await;
    let task = only_task(&mut supervisor).await;
    let page = opens(&mut doctor.browser, consultation).await;
    assert!(
        page.body
            .contains("19:00に監督者の画面に出ました。19:15までに対応します"),
        "{}",
        page.body
    );
    let list = supervisor.browser.opens("/tasks").await;
    assert!(
        list.body.contains("気になる（安全の確認）") && !list.body.contains("あざ"),
        "{}",
        list.body
    );
    town.turn(Millis::minutes(16));
    assert!(supervisor.browser.opens("/tasks").await.body.contains("過ぎています"));
    let page = opens(&mut doctor.browser, consultation).await;
    assert!(
        page.body.contains("電話で連絡してください"),
        "a supervisor who is away is telephoned"
    );
    let take = [("command", &*town.command().to_string()), ("go", "take")];
    assert_eq!(supervisor.browser.posts(&task, &take).await.leads_to(), "/tasks");
    assert!(
        opens(&mut doctor.browser, consultation)
            .await
            .body
            .contains("監督者：田中が対応します")
    );

    let of = [("concern", concern.as_str())];
    let with = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        of.iter().copied().chain(more.iter().copied()).collect()
    };
    let decided = [("go", "decide"), ("decision", "notify"), ("words", "話し合った")];
    assert_eq!(
        posts(&town, &mut supervisor.browser, consultation, &with(&decided))
            .await
            .status,
        303
    );
    let notified = [
        ("go", "notify"),
        ("whom", "child_guidance"),
        ("on", "2026-11-22"),
        ("time", "19:10"),
        ("words", "山田さん"),
    ];
    assert_eq!(
        posts(&town, &mut doctor.browser, consultation, &with(&notified))
            .await
            .status,
        303
    );
    for (fields, sentence) in [
        (vec![("go", "decide"), ("decision", "")], "どうするかを"),
        (
            vec![("go", "decide"), ("decision", "no_notice"), ("words", " ")],
            "文字を入れて",
        ),
        (
            vec![
                ("go", "notify"),
                ("whom", "nobody"),
                ("on", "2026-11-22"),
                ("time", "19:10"),
            ],
            "どこへ",
        ),
        (
            vec![
                ("go", "notify"),
                ("whom", "city"),
                ("on", "2026-11-23"),
                ("time", "10:00"),
            ],
            "未来の日時",
        ),
        (
            vec![
                ("go", "notify"),
                ("whom", "city"),
                ("on", "2026-11-22"),
                ("time", "25:00"),
            ],
            "日時を入れて",
        ),
        (vec![("go", "raise"), ("facts", "")], "文字を入れて"),
    ] {
        let refused = posts(&town, &mut doctor.browser, consultation, &with(&fields)).await;
        assert!(
            refused.status == 422 && refused.body.contains(sentence),
            "{sentence}: {}",
            refused.body
        );
    }
    assert_eq!(
        posts(&town, &mut doctor.browser, consultation, &[("go", "burn")])
            .await
            .status,
        400
    );
    let page = opens(&mut supervisor.browser, consultation).await;
    for words in [
        FACTS,
        "判断：通告する",
        "話し合った",
        "連絡：児童相談所（189）（2026-11-22 19:10）",
        "山田さん",
    ] {
        assert!(page.body.contains(words), "{words} in {}", page.body);
    }
    let looks = town.app.spine.looks(consultation).await.expect("read");
    assert!(
        looks
            .iter()
            .any(|look| look.what == "concern" && look.who.contains("田中")),
        "reading it is a look"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_but_supervisors_and_whose_it_is_reads_a_concern_by_any_way() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    raises(&town, &mut doctor, consultation).await;
    // A colleague who takes it over sees the consultation and not the concern.
    let release = Command::Release {
        reason: "交代".to_owned(),
    };
    doctor.does(consultation, release).await.expect("released");
    let mut midwife = town.clinician_of("hino", "高橋", Role::Midwife).await;
    let outside = opens(&mut midwife.browser, consultation).await;
    assert_eq!(outside.status, 404, "she has nothing to do with it yet");
    midwife.opens_desk().await;
    assert_eq!(midwife.takes_next().await, Ok(consultation));
    let own = opens(&mut midwife.browser, consultation).await;
    assert!(own.status == 200 && !own.body.contains("あざ"), "{}", own.body);
    assert_eq!(
        opens(&mut doctor.browser, consultation).await.status,
        200,
        "it stays whose it is"
    );
    let desk = midwife.browser.opens("/desk").await;
    assert!(!desk.body.contains("あざ") && !desk.body.contains("concern_raised"));
    for (host, role) in [
        ("hino", Role::PublicHealthNurse),
        ("hino", Role::CityViewer),
        ("hino", Role::Administrator),
        ("tama", Role::Supervisor),
    ] {
        let mut other = town.reader(host, "別の人", role).await;
        let page = opens(&mut other.browser, consultation).await;
        assert!(
            matches!(page.status, 303 | 404) && !page.body.contains("あざ"),
            "{role:?}"
        );
        let raised = posts(
            &town,
            &mut other.browser,
            consultation,
            &[("go", "raise"), ("facts", "x")],
        )
        .await;
        assert!(matches!(raised.status, 303 | 404), "{role:?}");
        assert_ne!(
            raised.header("location"),
            Some(format!("/concerns/{consultation}").as_str())
        );
    }
    // The family: its page, its socket, its polling, and the address itself.
    guardian.loses_connection();
    guardian.opens_live().await;
    let seen = serde_json::to_string(&guardian.log().events).expect("JSON");
    let polled = guardian
        .browser
        .opens(&format!("{}?poll=visible", guardian.path))
        .await
        .body;
    let page = guardian.opens_ticket().await.body;
    let direct = opens(&mut guardian.browser, consultation).await;
    assert_eq!(direct.status, 303, "to signing in");
    for text in [&seen, &polled, &page, &direct.body] {
        assert!(!text.contains("あざ") && !text.contains("concern"), "{text}");
    }
    let figures = town
        .reader("hino", "市役所", Role::CityViewer)
        .await
        .sees_figures()
        .await;
    assert!(!figures.page.contains("気になる") && !figures.csv.contains("気になる"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_to_the_public_health_nurse_is_read_and_consented_to_by_the_family_first() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let offer = [("go", "offer"), ("shared", "夜泣きで眠れない日が続いています")];
    assert_eq!(
        posts(&town, &mut doctor.browser, consultation, &offer).await.status,
        303
    );
    let city = town.city("hino").await.id;
    assert!(
        town.app.store.open_tasks(&city).await.expect("read").is_empty(),
        "not without consent"
    );
    assert_eq!(told_staff(&town, consultation).await, [""; 0]);
    let page = guardian.opens_ticket().await;
    assert!(page.body.contains("夜泣きで眠れない日が続いています") && page.body.contains("伝えることに同意する"));
    let events = page.live().events;
    let offered = events
        .iter()
        .find(|event| matches!(event.kind, WireKind::ReferralOffered { .. }));
    let offer = offered.expect("offered").seq.to_string();
    let answer = async |guardian: &mut super::actors::Guardian, offer: &str, given: &str| {
        let command = town.command().to_string();
        let fields = [("command", command.as_str()), ("offer", offer), ("given", given)];
        guardian.posts("referral", &fields).await
    };
    assert_eq!(answer(&mut guardian, "x", "yes").await.status, 400);
    assert_eq!(answer(&mut guardian, &offer, "perhaps").await.status, 400);
    assert_eq!(answer(&mut guardian, "1", "yes").await.status, 422, "that was no offer");
    assert_eq!(answer(&mut guardian, &offer, "yes").await.status, 303);
    assert_eq!(told_staff(&town, consultation).await, ["nurse_referral"]);
    let mut supervisor = town.supervisor("田中").await;
    let task = only_task(&mut supervisor).await;
    let list = supervisor.browser.opens("/tasks").await;
    assert!(
        list.body.contains("夜泣きで眠れない日が続いています"),
        "the very words: {}",
        list.body
    );
    assert_eq!(answer(&mut guardian, &offer, "no").await.status, 303, "taken back");
    assert_eq!(told_staff(&town, consultation).await.len(), 1, "that is no news");
    assert!(town.app.store.open_tasks(&city).await.expect("read").is_empty());
    let close = [
        ("command", &*town.command().to_string()),
        ("go", "close"),
        ("words", "引き継いだ"),
    ];
    assert_eq!(
        supervisor.browser.posts(&task, &close).await.status,
        422,
        "nothing to hand over any more"
    );
    assert_eq!(answer(&mut guardian, &offer, "yes").await.status, 303);
    assert_eq!(supervisor.browser.posts(&task, &close).await.status, 303);
    let too_late = answer(&mut guardian, &offer, "no").await;
    assert!(
        too_late.status == 422 && too_late.body.contains("もう終わっています"),
        "{}",
        too_late.body
    );
    let kinds = town.app.store.events(consultation, 0, 100).await.expect("read");
    assert_eq!(
        kinds.iter().filter(|row| row.kind == "referral_answered").count(),
        3,
        "each is an event"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_listens_is_told_what_nobody_looks_after_and_the_log_holds_when_it_was_shown_and_taken() {
    let town = Town::new().await;
    let (_guardian, mut doctor, consultation) = in_consultation(&town).await;
    let mut supervisor = town.supervisor("田中").await;
    let nothing = supervisor.browser.opens("/tasks/waiting").await;
    assert_eq!((nothing.status, nothing.body.as_str()), (200, "[]"));
    raises(&town, &mut doctor, consultation).await;
    town.turn(Millis::seconds(15));
    let mut colleague = town.supervisor("木村").await;
    for _ in 0..2 {
        let told = supervisor.browser.opens("/tasks/waiting").await;
        assert!(told.body.contains(&consultation.to_string()) && told.body.contains("\"sounds\":true"));
        assert!(!told.body.contains("あざ"), "{}", told.body);
        assert_eq!(colleague.browser.opens("/tasks/waiting").await.body, told.body);
    }
    let page = supervisor.browser.opens("/tasks").await;
    assert!(page.body.contains("(1) 対応すること｜"), "{}", page.body);
    let task = only_task(&mut supervisor).await;
    town.turn(Millis::seconds(40));
    let command = town.command().to_string();
    let taken = supervisor
        .browser
        .posts(&task, &[("command", &command), ("go", "take")])
        .await;
    assert_eq!(taken.leads_to(), "/tasks");
    assert_eq!(
        supervisor.browser.opens("/tasks/waiting").await.body,
        "[]",
        "it sounds no more"
    );
    let page = supervisor.browser.opens("/tasks").await;
    assert!(!page.body.contains("(1) 対応すること"), "{}", page.body);
    let replay = supervisor.replays(consultation).await;
    assert_eq!(
        replay.body.matches("監督者の画面に表示").count(),
        1,
        "the first page alone"
    );
    let (shown, taken) = (replay.body.find("監督者の画面に表示"), replay.body.find("監督者が対応"));
    assert!(shown.is_some() && shown < taken, "{}", replay.body);
    let mut of_tama = town.reader("tama", "多田", Role::Supervisor).await;
    assert_eq!(of_tama.browser.opens("/tasks/waiting").await.body, "[]");
}
