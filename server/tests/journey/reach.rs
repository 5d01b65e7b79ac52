//! Publicity that can be measured: a leaflet per institution, the families that came through it, and what the city sees of it.

use super::{
    actors::{Guardian, Supervisor},
    browser::Answer,
    report::is_served,
    town::{Town, WORDS},
};
use signaling::{actor::Role, note::Disposition};
use std::sync::Arc;

const PAGE: &str = "/admin/institutions";

async fn adds(administrator: &mut Supervisor, command: &str, name: &str, kind: &str) -> Answer {
    let fields = [("command", command), ("go", "add"), ("name", name), ("kind", kind)];
    administrator.browser.posts(PAGE, &fields).await
}

/// The code of the only institution on the page.
async fn code_of(administrator: &mut Supervisor, name: &str) -> String {
    let page = administrator.browser.opens(PAGE).await;
    assert!(page.body.contains(name), "{}", page.body);
    let rest = page.body.split("/admin/institutions/").nth(1).expect("a leaflet");
    rest.split('/').next().expect("a code").to_owned()
}

/// The path of the leaflet's link, as a phone reads it off the paper.
async fn leaflet(administrator: &mut Supervisor, code: &str) -> (Answer, String) {
    let page = administrator.browser.opens(&format!("{PAGE}/{code}/leaflet")).await;
    let words = "%E3%81%95%E3%81%8F%E3%82%892026";
    (page, format!("/register?phrase={words}&from={code}"))
}

/// A family that scanned a code, registers with what the page filled in, and begins.
async fn registers_by(town: &Arc<Town>, link: &str) -> Guardian {
    let mut guardian = town.guardian();
    let page = guardian.browser.opens(link).await;
    assert_eq!(page.status, 200);
    let filled = |name: &str| {
        let field = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1);
        field
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default()
            .to_owned()
    };
    let command = town.command().to_string();
    let from = filled("from");
    let fields = [
        ("command", command.as_str()),
        ("passphrase", WORDS),
        ("from", from.as_str()),
        ("about", "child"),
        ("born", "2024-08"),
        ("consent_consultation", "on"),
    ];
    assert_eq!(guardian.browser.posts("/register", &fields).await.leads_to(), "/");
    guardian.begins().await;
    guardian
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leaflet_of_a_nursery_counts_the_families_and_consultations_that_came_through_it() {
    let town = Town::new().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    let command = town.command().to_string();
    for _ in 0..2 {
        let added = adds(&mut administrator, &command, "ひばり保育園", "nursery").await;
        assert_eq!(added.leads_to(), PAGE, "the form sent twice adds one");
    }
    let code = code_of(&mut administrator, "ひばり保育園").await;
    let (paper, link) = leaflet(&mut administrator, &code).await;
    for words in [
        "ひばり保育園",
        "<svg",
        WORDS,
        "119番",
        "#8000",
        "夜間相談",
        "医師の診察ではありません",
    ] {
        assert!(paper.body.contains(words), "{words} in {}", paper.body);
    }
    let blank = town.guardian().browser.opens(&link).await;
    assert!(
        blank.body.contains("value=\"nursery\" selected"),
        "what the paper knows need not be asked"
    );

    let mut doctor = town.clinician("佐藤").await;
    for _ in 0..2 {
        registers_by(&town, &link).await.sends_intake("熱").await;
        is_served(&mut doctor, Disposition::HomeCare).await;
    }
    registers_by(&town, "/register").await.sends_intake("せき").await;
    is_served(&mut doctor, Disposition::HomeCare).await;
    registers_by(&town, &link).await;

    let mut supervisor = town.supervisor("田中").await;
    let figures = supervisor.sees_figures().await;
    assert_eq!(figures.value("ちらし：ひばり保育園"), "3", "{}", figures.csv);
    assert!(
        figures.csv.contains("ちらし：ひばり保育園,3,2,保育園"),
        "{}",
        figures.csv
    );
    assert_eq!(figures.value("知ったきっかけ：答えていない"), "4");
    let opens = figures
        .page
        .split("href=\"/logs?")
        .find(|link| link.contains("institution="));
    let address = opens
        .and_then(|link| link.split('"').next())
        .expect("it opens its cases");
    let list = supervisor
        .opens_logs(&format!("?{}", address.replace("&amp;", "&")))
        .await;
    assert_eq!(list.body.matches("href=\"/logs/").count(), 2, "{}", list.body);

    let mut city = town.reader("hino", "市役所", Role::CityViewer).await;
    let masked = city.sees_figures().await;
    assert!(
        masked.csv.contains("ちらし：ひばり保育園,10未満,10未満,保育園"),
        "{}",
        masked.csv
    );
    assert!(!masked.page.contains("institution="), "and nothing can be opened");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_names_no_institution_of_this_city_registers_all_the_same_and_counts_for_nobody() {
    let town = Town::new().await;
    let mut of_tama = town.reader("tama", "多田", Role::Administrator).await;
    assert_eq!(
        adds(&mut of_tama, &town.command().to_string(), "多摩保育園", "nursery")
            .await
            .status,
        303
    );
    let elsewhere = code_of(&mut of_tama, "多摩保育園").await;
    for code in [elsewhere.as_str(), "NOBODYS", "%22%3E%3Cscript%3E", ""] {
        registers_by(&town, &format!("/register?from={code}")).await;
    }
    let mut forged = town.guardian();
    let command = town.command().to_string();
    let fields = [
        ("command", command.as_str()),
        ("passphrase", WORDS),
        ("from", elsewhere.as_str()),
        ("reach", "nobody's"),
        ("about", "child"),
        ("born", "2024-08"),
        ("consent_consultation", "on"),
    ];
    assert_eq!(
        forged.browser.posts("/register", &fields).await.status,
        422,
        "an answer that was not offered"
    );
    let figures = town.supervisor("田中").await.sees_figures().await;
    assert_eq!(figures.value("登録者数"), "4");
    assert!(!figures.csv.contains("ちらし："));
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    let (paper, _) = leaflet(&mut administrator, &elsewhere).await;
    assert_eq!(paper.status, 404, "another city's leaflet");
    let end = [
        ("command", command.as_str()),
        ("go", "end"),
        ("code", elsewhere.as_str()),
    ];
    administrator.browser.posts(PAGE, &end).await;
    assert_eq!(
        leaflet(&mut of_tama, &elsewhere).await.0.status,
        200,
        "it was not theirs to end"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_institution_that_ends_prints_no_more_and_its_paper_counts_on() {
    let town = Town::new().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    assert_eq!(
        adds(
            &mut administrator,
            &town.command().to_string(),
            "旧保健所",
            "health_visitor"
        )
        .await
        .status,
        303
    );
    let code = code_of(&mut administrator, "旧保健所").await;
    let (_, link) = leaflet(&mut administrator, &code).await;
    let command = town.command().to_string();
    let end = [("command", command.as_str()), ("go", "end"), ("code", code.as_str())];
    assert_eq!(administrator.browser.posts(PAGE, &end).await.leads_to(), PAGE);
    assert_eq!(leaflet(&mut administrator, &code).await.0.status, 404);
    registers_by(&town, &link).await;
    let figures = town.supervisor("田中").await.sees_figures().await;
    assert_eq!(figures.value("ちらし：旧保健所"), "1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_an_institution_comes_back_with_what_was_typed_and_only_administrators_add_any() {
    let town = Town::new().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    let long = "園".repeat(61);
    for (name, kind, sentence) in [
        ("", "nursery", "名前を、1行"),
        ("  ", "nursery", "名前を、1行"),
        (long.as_str(), "nursery", "60字まで"),
        ("ひばり\n保育園", "nursery", "1行"),
        ("ひばり保育園", "", "種類を"),
        ("ひばり保育園", "unsaid", "種類を"),
        ("ひばり保育園", "castle", "種類を"),
    ] {
        let refused = adds(&mut administrator, &town.command().to_string(), name, kind).await;
        assert_eq!(refused.status, 422, "{name} {kind}");
        assert!(refused.body.contains(sentence), "{sentence}: {}", refused.body);
    }
    assert_eq!(
        adds(
            &mut administrator,
            &town.command().to_string(),
            "ひばり保育園",
            "nursery"
        )
        .await
        .status,
        303
    );
    let again = adds(&mut administrator, &town.command().to_string(), "ひばり保育園", "line").await;
    assert!(again.status == 422 && again.body.contains("同じ名前"), "{}", again.body);
    let nasty = adds(
        &mut administrator,
        &town.command().to_string(),
        "<script>x</script>",
        "other",
    )
    .await;
    assert_eq!(nasty.status, 303);
    let page = administrator.browser.opens(PAGE).await;
    assert!(!page.body.contains("<script>x"), "what was typed stays text");
    let strange = [("command", "no id"), ("go", "add"), ("name", "x"), ("kind", "line")];
    assert_eq!(administrator.browser.posts(PAGE, &strange).await.status, 400);
    for role in [Role::Pediatrician, Role::Supervisor, Role::CityViewer] {
        let mut other = town.reader("hino", "佐々木", role).await;
        let led = adds(&mut other, &town.command().to_string(), "どこか", "line").await;
        assert_ne!(led.leads_to(), PAGE, "{role:?}");
    }
    let city = town.city("hino").await;
    assert_eq!(town.app.store.institutions(&city.id).await.expect("read").len(), 2);
}
