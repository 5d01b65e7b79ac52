//! No supervisor's page answers: the city's administrator has written down whom to telephone, and staff find it where they need it.

use super::{
    actors::Supervisor,
    browser::{Answer, Browser},
    openings::in_consultation,
    town::Town,
};
use signaling::{actor::Role, time::Millis};

const PAGE: &str = "/admin/phones";
const LINK: &str = "href=\"tel:09012345678\"";

async fn administrator(town: &std::sync::Arc<Town>, host: &str) -> Supervisor {
    town.reader(host, "管理", Role::Administrator).await
}

async fn sets(town: &Town, browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let command = town.command().to_string();
    let fields: Vec<_> = fields.iter().copied().chain([("command", command.as_str())]).collect();
    browser.posts(PAGE, &fields).await
}

const DUTY: [(&str, &str); 2] = [("name1", "当番の監督者"), ("number1", "０９０ー１２３４ー５６７８")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_find_whom_to_telephone_beside_a_concern_that_nobody_looks_after_and_beside_an_overlooked_family() {
    let town = Town::new().await;
    let mut admin = administrator(&town, "hino").await;
    assert_eq!(sets(&town, &mut admin.browser, &DUTY).await.leads_to(), PAGE);
    let page = admin.browser.opens(PAGE).await;
    assert!(page.body.contains("value=\"090-1234-5678\""), "{}", page.body);

    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let path = format!("/concerns/{consultation}");
    let command = town.command().to_string();
    let raise = [("command", command.as_str()), ("go", "raise"), ("facts", "あざ")];
    assert_eq!(doctor.browser.posts(&path, &raise).await.status, 303);
    let page = doctor.browser.opens(&path).await.body;
    assert!(
        page.contains("電話で連絡してください") && page.contains("当番の監督者") && page.contains(LINK),
        "{page}"
    );
    assert!(
        !guardian.opens_ticket().await.body.contains("09012345678"),
        "no family reads it"
    );

    let waits = town.somebody_waits("hino", "だれも出ません").await;
    let mut supervisor = town.supervisor("田中").await;
    supervisor.browser.opens("/tasks").await;
    let page = doctor.browser.opens(&path).await.body;
    assert!(!page.contains(LINK), "it has been shown, and has its time: {page}");
    // Step by step up to the supervisor.
    for minutes in [16, 1, 1] {
        town.turn(Millis::minutes(minutes));
        server::timers::fire_due(&town.app.spine).await.expect("served");
    }
    assert!(doctor.browser.opens(&path).await.body.contains(LINK), "nobody took it");
    let list = supervisor.browser.opens("/tasks").await.body;
    assert!(list.contains(&waits.to_string()) && list.contains(LINK), "{list}");

    // Nobody is left to telephone: the sentence stands alone.
    assert_eq!(sets(&town, &mut admin.browser, &[]).await.status, 303);
    let page = doctor.browser.opens(&path).await.body;
    assert!(
        page.contains("電話で連絡してください") && !page.contains("tel:"),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_called_is_said_beside_its_field_and_changes_nothing() {
    let town = Town::new().await;
    let mut admin = administrator(&town, "hino").await;
    assert_eq!(sets(&town, &mut admin.browser, &DUTY).await.status, 303);
    for (fields, sentence) in [
        (
            vec![("name1", "当番"), ("number1", "119")],
            "電話番号を確かめてください",
        ),
        (vec![("name1", "当番"), ("number1", "")], "電話番号を確かめてください"),
        (
            vec![("name3", " "), ("number3", "042-585-1111")],
            "役割の名前を、1行、40字までで",
        ),
        (
            vec![
                ("name1", "当番"),
                ("number1", "0425851111"),
                ("name2", "課"),
                ("number2", "042 585 1111"),
            ],
            "同じ番号が上にあります",
        ),
    ] {
        let refused = sets(&town, &mut admin.browser, &fields).await;
        assert!(
            refused.status == 422 && refused.body.contains(sentence),
            "{sentence}: {}",
            refused.body
        );
        assert!(refused.body.contains("aria-invalid=\"true\""));
        for (_, typed) in fields.iter().filter(|(_, typed)| !typed.trim().is_empty()) {
            assert!(
                refused.body.contains(&format!("value=\"{typed}\"")),
                "{typed} comes back"
            );
        }
    }
    assert_eq!(
        admin.browser.posts(PAGE, &DUTY).await.status,
        400,
        "no form of this page"
    );
    assert!(admin.browser.opens(PAGE).await.body.contains("090-1234-5678"));
    let mut elsewhere = administrator(&town, "tama").await;
    assert!(!elsewhere.browser.opens(PAGE).await.body.contains("090-1234-5678"));
    let mut supervisor = town.supervisor("田中").await;
    assert_ne!(
        sets(&town, &mut supervisor.browser, &[]).await.header("location"),
        Some(PAGE)
    );
    assert!(
        admin.browser.opens(PAGE).await.body.contains("090-1234-5678"),
        "administrators only"
    );
}
