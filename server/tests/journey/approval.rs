//! A real desk whose administrator writes down what a physician approved: then, and only then, families are asked.

use super::{
    actors::{Guardian, Supervisor},
    browser::{Answer, Pages as _},
    town::Town,
};
use frontend::page::guardian::{IntakePage, TicketStep};
use server::check_log;
use signaling::{actor::Role, consultation::WireKind, triage::Action};
use std::sync::Arc;

/// What stands in the form of a rule.
fn hidden(page: &Answer, rule: &str) -> Vec<(String, String)> {
    let card = page
        .body
        .split(&format!("id=\"{rule}\""))
        .nth(1)
        .expect("the rule's card");
    let card = card.split("</article>").next().unwrap_or_default();
    ["command", "rule", "fingerprint"]
        .map(|name| {
            let field = card
                .split(&format!("name=\"{name}\" value=\""))
                .nth(1)
                .expect("a field");
            (name.to_owned(), field.split('"').next().unwrap_or_default().to_owned())
        })
        .to_vec()
}

/// Opens the page and presses a button of a rule.
pub(crate) async fn presses(reader: &mut Supervisor, rule: &str, go: &str, typed: &[(&str, &str)]) -> Answer {
    let page = reader.browser.opens("/admin/rules").await;
    assert_eq!(page.status, 200, "{}", page.body);
    posts(reader, &hidden(&page, rule), go, typed).await
}

async fn posts(reader: &mut Supervisor, hidden: &[(String, String)], go: &str, typed: &[(&str, &str)]) -> Answer {
    let mut fields: Vec<(&str, &str)> = hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    fields.push(("go", go));
    fields.extend(typed);
    reader.browser.posts("/admin/rules", &fields).await
}

pub(crate) const APPROVED: [(&str, &str); 2] = [("physician", "佐藤 花子"), ("approved_on", "2026-11-20")];

/// A family that says that the child convulses; what it is asked then.
async fn family(town: &Arc<Town>) -> (Guardian, IntakePage) {
    let mut guardian = town.guardian();
    guardian.registers().await;
    let symptoms = [("step", "symptoms"), ("go", "next"), ("complaints", "convulsion")];
    assert_eq!(guardian.posts("intake", &symptoms).await.leads_to(), guardian.path);
    let page = match guardian.opens_ticket().await.ticket().step {
        TicketStep::Intake(page) => *page,
        TicketStep::Live(_) => panic!("sent already"),
    };
    (guardian, page)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_a_physicians_approval_is_written_down_families_are_asked_and_their_log_names_the_edition() {
    let town = Town::real().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    assert!(family(&town).await.1.questions.is_empty(), "nothing is approved");
    let before = administrator.browser.opens("/admin/rules").await;
    assert!(before.body.contains("動いている規則がありません"), "{}", before.body);

    let approved = presses(&mut administrator, "C01", "approve", &APPROVED).await;
    assert_eq!(approved.leads_to(), "/admin/rules#C01");
    let page = administrator.browser.opens("/admin/rules").await;
    for words in [
        "承認：佐藤 花子 医師、2026-11-20",
        "記録：山本、2026-11-22 19:00",
        "承認済み 1件、動いている規則 1件",
    ] {
        assert!(page.body.contains(words), "{words} in {}", page.body);
    }

    let (mut guardian, intake) = family(&town).await;
    let asked: Vec<&str> = intake.questions.iter().map(|question| question.sign.as_str()).collect();
    assert_eq!(asked, ["c01_no_response"], "and nothing of what is not approved");
    // What an unapproved rule would ask of is not taken.
    let signs = [
        ("step", "signs"),
        ("go", "next"),
        ("signs", "c01_no_response"),
        ("signs", "c03_convulsing"),
    ];
    assert_eq!(guardian.posts("intake", &signs).await.leads_to(), guardian.path);
    let command = town.command().to_string();
    let last = [
        ("step", "mode"),
        ("go", "send"),
        ("worry", "けいれん"),
        ("mode", "chat"),
        ("command", command.as_str()),
    ];
    assert_eq!(guardian.posts("intake", &last).await.leads_to(), guardian.path);

    let consultation = guardian.consultation();
    let rows = town.app.store.events(consultation, 0, 10).await.expect("read");
    let facts: Vec<&str> = rows.iter().map(|row| row.facts.as_str()).collect();
    assert!(facts[0].contains("\"rules\":\"2026-11-v2+"), "{}", facts[0]);
    assert!(facts[1].contains("\"rule\":\"C01\",\"version\":2"), "{}", facts[1]);
    assert_eq!(rows.iter().filter(|row| row.kind == "flagged").count(), 1, "{facts:?}");

    // What fired stays said, whatever is decided later.
    assert_eq!(presses(&mut administrator, "C01", "withdraw", &[]).await.status, 303);
    assert!(family(&town).await.1.questions.is_empty());
    let panels = guardian.opens_ticket().await.live().panels;
    assert_eq!(
        panels.iter().map(|panel| panel.action).collect::<Vec<_>>(),
        [Action::Call119]
    );
    assert!(panels[0].text.contains("119番"));
    guardian.opens_live().await;
    assert!(
        guardian
            .log()
            .events
            .iter()
            .any(|event| matches!(event.kind, WireKind::Flagged { .. }))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_needs_a_name_and_a_day_that_has_been_and_what_was_typed_comes_back() {
    let town = Town::real().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    let long = "医".repeat(61);
    for (physician, on, sentence) in [
        ("", "2026-11-20", "医師の氏名を"),
        ("  \u{3000}", "2026-11-20", "医師の氏名を"),
        (long.as_str(), "2026-11-20", "60字まで"),
        ("佐藤\n花子", "2026-11-20", "1行で"),
        ("佐藤 花子", "", "承認した日を"),
        ("佐藤 花子", "2026-02-30", "承認した日を"),
        ("佐藤 花子", "2026-11-23", "未来の日付"),
    ] {
        let typed = [("physician", physician), ("approved_on", on)];
        let refused = presses(&mut administrator, "C05", "approve", &typed).await;
        assert_eq!(refused.status, 422, "{typed:?}");
        assert!(refused.body.contains(sentence), "{sentence}: {}", refused.body);
        assert!(refused.body.contains(&format!("value=\"{on}\"")), "the day is not lost");
    }
    let city = town.city("hino").await;
    assert!(town.app.store.decisions(&city.id).await.expect("read").is_empty());
    let page = administrator.browser.opens("/admin/rules").await;
    let mut stale = hidden(&page, "C05");
    stale[2].1 = "0".repeat(64);
    let refused = posts(&mut administrator, &stale, "approve", &APPROVED).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("新しい版に変わっています"), "{}", refused.body);
    stale[1].1 = "C99".to_owned();
    assert_eq!(
        posts(&mut administrator, &stale, "approve", &APPROVED).await.status,
        400
    );
    assert_eq!(
        posts(&mut administrator, &hidden(&page, "C05"), "delete", &[])
            .await
            .status,
        400
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_button_that_is_pressed_twice_counts_once_and_every_decision_is_kept_in_order() {
    let town = Town::real().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    let page = administrator.browser.opens("/admin/rules").await;
    let form = hidden(&page, "C10");
    for _ in 0..2 {
        assert_eq!(posts(&mut administrator, &form, "approve", &APPROVED).await.status, 303);
    }
    // From the same page, left open: another button is another decision.
    assert_eq!(posts(&mut administrator, &form, "disable", &[]).await.status, 303);
    assert_eq!(presses(&mut administrator, "C10", "enable", &[]).await.status, 303);
    let city = town.city("hino").await;
    let kept = town.app.store.decisions(&city.id).await.expect("read");
    let codes: Vec<_> = kept.iter().map(|row| (row.seq, row.decision.decided.code())).collect();
    assert_eq!(codes, [(1, "approved"), (2, "disabled"), (3, "enabled")]);
    let page = administrator.browser.opens("/admin/rules").await.body;
    let told: Vec<usize> = [
        "使用を再開</td>",
        "使用を停止</td>",
        "承認（佐藤 花子 医師、2026-11-20）",
    ]
    .iter()
    .map(|words| page.find(words).unwrap_or_else(|| panic!("{words} in {page}")))
    .collect();
    assert!(told.is_sorted(), "newest first");

    let report = check_log::check(&town.app.store, &town.app.keys, None)
        .await
        .expect("read");
    assert_eq!((report.decisions, report.faults.len()), (3, 0), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_decides_for_their_own_city_and_nobody_else_decides_at_all() {
    let town = Town::real().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    let page = administrator.browser.opens("/admin/rules").await;
    let form = hidden(&page, "C01");
    for role in [Role::Pediatrician, Role::Midwife, Role::Supervisor, Role::CityViewer] {
        let mut other = town.reader("hino", "佐々木", role).await;
        let led = posts(&mut other, &form, "approve", &APPROVED).await;
        assert_eq!(led.status, 303, "{role:?}");
        assert_ne!(led.leads_to(), "/admin/rules#C01", "{role:?}");
    }
    let mut nobody = Supervisor {
        browser: town.browser("hino.test"),
    };
    let led = posts(&mut nobody, &form, "approve", &APPROVED).await;
    assert_eq!(led.leads_to(), "/staff/sign-in");
    assert!(family(&town).await.1.questions.is_empty());

    let mut of_tama = town.reader("tama", "多田", Role::Administrator).await;
    assert_eq!(presses(&mut of_tama, "C01", "approve", &APPROVED).await.status, 303);
    assert!(family(&town).await.1.questions.is_empty(), "that was another city's");
    let of_hino = administrator.browser.opens("/admin/rules").await.body;
    assert!(!of_hino.contains("多田") && !of_hino.contains("佐藤 花子"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_demo_city_switches_off_is_asked_of_nobody() {
    let town = Town::new().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    let signs = |page: IntakePage| {
        page.questions
            .into_iter()
            .map(|question| question.rule)
            .collect::<Vec<_>>()
    };
    assert!(signs(family(&town).await.1).contains(&"C03".to_owned()));
    assert_eq!(presses(&mut administrator, "C03", "disable", &[]).await.status, 303);
    assert!(!signs(family(&town).await.1).contains(&"C03".to_owned()));
    let page = administrator.browser.opens("/admin/rules").await.body;
    assert!(page.contains("停止中") && page.contains("デモで動いています（未承認）"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_editions_are_compared_field_by_field() {
    use server::storage::EditionRow;
    use signaling::time::At;
    let town = Town::real().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    let same = administrator.browser.opens("/admin/rules/compare").await;
    assert!(same.body.contains("違いはありません"), "{}", same.body);

    let file = include_str!("../../../assets/rules/red-flags.json")
        .replacen("2026-11-v2", "2026-10-v1", 1)
        .replacen("\"max_age\": \"3m\"", "\"max_age\": \"4m\"", 1);
    for (digest, file) in [("an older one", file.as_str()), ("not of today's format", "{}")] {
        let row = EditionRow {
            digest: digest.to_owned(),
            edition: "2026-10-v1".to_owned(),
            file: file.to_owned(),
            first_at: At(0),
        };
        town.app.store.keep_edition(row).await.expect("kept");
    }
    let differing = administrator
        .browser
        .opens("/admin/rules/compare?from=an+older+one")
        .await
        .body;
    for words in ["1件の規則に違いがあります", "max_age", "4m", "3m", "版の番号が同じです"] {
        assert!(differing.contains(words), "{words} in {differing}");
    }
    let strange = administrator
        .browser
        .opens("/admin/rules/compare?from=not+of+today%27s+format")
        .await;
    assert!(strange.body.contains("くらべられません"), "{}", strange.body);
    let nowhere = administrator.browser.opens("/admin/rules/compare?from=nowhere").await;
    assert_eq!(nowhere.status, 404);
}
