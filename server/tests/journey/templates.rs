//! Templates: an administrator writes them, desks choose from them, and a blank that stands open goes to nobody.

use super::{
    actors::note,
    browser::{Answer, Browser},
    openings::in_consultation,
    town::Town,
};
use signaling::{
    actor::Role,
    consultation::{Command, Refusal},
    limits,
    template::Template,
};

const PATH: &str = "/admin/templates";

async fn posts(town: &Town, browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let command = town.command().to_string();
    let mut all = vec![("command", command.as_str())];
    all.extend_from_slice(fields);
    browser.posts(PATH, &all).await
}

async fn at_desk(browser: &mut Browser) -> Vec<Template> {
    let answer = browser.opens("/desk/templates").await;
    assert_eq!(answer.status, 200);
    serde_json::from_str(&answer.body).expect("templates")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_writes_changes_and_retires_and_desks_of_this_city_choose() {
    let town = Town::new().await;
    let mut admin = town.reader("hino", "山本", Role::Administrator).await.browser;
    let fields = [
        ("go", "add"),
        ("title", "受診の目安"),
        ("body", "体温が{体温}をこえたら{相談先}へ"),
    ];
    assert_eq!(posts(&town, &mut admin, &fields).await.leads_to(), PATH);
    let page = admin.opens(PATH).await.body;
    assert!(page.contains("受診の目安") && page.contains("空欄：体温、相談先"));
    let mut doctor = town.clinician_of("hino", "佐藤", Role::Pediatrician).await.browser;
    let mut stranger = town.clinician_of("tama", "田村", Role::Midwife).await.browser;
    let there = at_desk(&mut doctor).await;
    assert_eq!(there.len(), 1);
    assert_eq!(at_desk(&mut stranger).await, [], "another city's");
    let id = there[0].id.as_str();
    let mut other = town.reader("tama", "西", Role::Administrator).await.browser;
    let change = [("go", "change"), ("id", id), ("title", "よその市"), ("body", "x")];
    assert_eq!(posts(&town, &mut other, &change).await.status, 404);
    posts(&town, &mut other, &[("go", "retire"), ("id", id)]).await;
    let change = [
        ("go", "change"),
        ("id", id),
        ("title", "受診のめやす"),
        ("body", "明日{診療科}へ"),
    ];
    assert_eq!(posts(&town, &mut admin, &change).await.leads_to(), PATH);
    assert_eq!(at_desk(&mut doctor).await[0].title, "受診のめやす");
    posts(&town, &mut admin, &[("go", "retire"), ("id", id)]).await;
    assert_eq!(at_desk(&mut doctor).await, []);
    assert_eq!(
        posts(&town, &mut admin, &change).await.status,
        404,
        "what is retired is not changed"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_makes_no_template_comes_back_in_the_form_with_the_reason() {
    let town = Town::new().await;
    let mut admin = town.reader("hino", "山本", Role::Administrator).await.browser;
    let long = "あ".repeat(limits::TEMPLATE_CHARS + 1);
    for (title, body) in [
        ("", "x"),
        ("題", ""),
        ("題", "明日{へ"),
        ("題", "{}"),
        ("題", long.as_str()),
    ] {
        let answer = posts(&town, &mut admin, &[("go", "add"), ("title", title), ("body", body)]).await;
        assert_eq!(
            answer.status,
            422,
            "{title} {}",
            body.chars().take(9).collect::<String>()
        );
    }
    let answer = posts(
        &town,
        &mut admin,
        &[("go", "add"), ("title", "<b>題</b>"), ("body", "明日{<i>へ")],
    )
    .await;
    assert!(
        answer.body.contains("明日{&lt;i&gt;へ") && !answer.body.contains("<i>へ"),
        "typed words come back as words"
    );
    assert_eq!(posts(&town, &mut admin, &[("go", "else")]).await.status, 400);
    assert_eq!(
        admin
            .posts(PATH, &[("go", "add"), ("title", "題"), ("body", "x")])
            .await
            .status,
        400,
        "no command"
    );
    for role in [Role::Pediatrician, Role::Supervisor, Role::CityViewer] {
        let mut browser = town.reader("hino", "田中", role).await.browser;
        let answer = posts(&town, &mut browser, &[("go", "add"), ("title", "題"), ("body", "x")]).await;
        assert_ne!(answer.status, 422);
    }
    assert_eq!(
        town.app
            .store
            .templates(&town.city("hino").await.id)
            .await
            .expect("read"),
        []
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blank_that_stands_open_is_sent_to_no_family_and_signed_in_no_record() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let open = || {
        Err(Refusal::BlankOpen {
            blank: "体温".to_owned(),
        })
    };
    let say = |text: &str| Command::Say { text: text.to_owned() };
    assert_eq!(doctor.does(consultation, say("体温が{体温}をこえたら")).await, open());
    let mut unfilled = note();
    unfilled.advice = "体温が｛体温｝をこえたら受診".to_owned();
    let sign = Command::SignNote {
        note: Box::new(unfilled),
        scope_reason: None,
    };
    assert_eq!(doctor.does(consultation, sign).await, open());
    doctor.says(consultation, "体温が38.5℃をこえたら").await;
    guardian.hears("体温が38.5℃をこえたら").await;
    assert!(!guardian.live().raw.contains("{体温}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_addition_being_written_is_there_in_another_browser() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    doctor.says(consultation, "はい").await;
    guardian.hears("はい").await;
    doctor.signs_note(consultation, note()).await;
    let draft = signaling::protocol::ClientFrame::Draft {
        consultation,
        field: "addition".to_owned(),
        revision: 1,
        body: "翌朝に電話".into(),
    };
    doctor.live().sends(&draft).await;
    doctor
        .live()
        .until("that it is stored", |frame| {
            matches!(frame, signaling::protocol::ServerFrame::DraftSaved { field, .. } if field == "addition")
                .then_some(())
        })
        .await;
    guardian.live().sends(&draft).await;
    assert_eq!(
        guardian.live().error().await,
        signaling::protocol::ErrorCode::NotAllowed,
        "the record is a clinician's"
    );
    doctor.loses_connection();
    doctor.opens_desk().await;
    let body = doctor
        .live()
        .until("the draft", |frame| match frame {
            signaling::protocol::ServerFrame::Draft { field, body, .. } if field == "addition" => Some(body.clone()),
            _ => None,
        })
        .await;
    assert_eq!(body, "翌朝に電話");
    let add = Command::AddToNote {
        text: "翌朝に電話".to_owned(),
    };
    doctor.does(consultation, add).await.expect("added");
    let left = town
        .app
        .spine
        .draft(consultation, &format!("staff:{}", doctor.staff.id), "addition")
        .await;
    assert_eq!(left.expect("read"), None, "it goes with what was added");
}
