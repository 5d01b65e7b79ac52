//! Figures, lists and replays: what is counted, who may see what, and that looking leaves a trace.

use super::{
    actors::{Clinician, Guardian, note},
    browser::Answer,
    socket::Live,
    town::{EVENING, Town},
};
use crate::database::Database;
use signaling::{
    actor::Role,
    call::{CallMode, Path},
    consultation::Command,
    hours::Hours,
    id::ConsultationId,
    note::{Disposition, Note},
    time::Millis,
};
use std::{collections::HashSet, sync::Arc};

/// A family asks; its page is not open.
pub(crate) async fn asks(town: &Arc<Town>, more: &[(&str, &str)]) -> Guardian {
    let mut guardian = town.guardian();
    guardian.registers().await;
    guardian.sends_intake_with("ひとつの相談", more).await;
    guardian
}

/// A doctor takes it, answers where there is advice, and closes.
pub(crate) async fn is_served(doctor: &mut Clinician, disposition: Disposition) -> ConsultationId {
    let consultation = doctor.takes_next().await.expect("somebody waits");
    if !disposition.is_without_advice() {
        doctor.says(consultation, "お返事です").await;
    }
    doctor.signs_note(consultation, Note { disposition, ..note() }).await;
    doctor.does(consultation, Command::Close).await.expect("closed");
    consultation
}

/// The consultations that a list shows.
fn listed(page: &Answer) -> HashSet<String> {
    assert_eq!(page.status, 200, "{page:?}");
    let rows = page.body.split("href=\"/logs/").skip(1);
    rows.filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

/// Every figure that is a link: its address, its number, and what it says it opens.
fn figures_that_open(page: &str) -> Vec<(String, usize, String)> {
    let read = |rest: &str| {
        let (address, rest) = rest.split_once('"')?;
        let (_, rest) = rest.split_once("aria-label=\"")?;
        let (number, rest) = rest.split_once('　')?;
        let (opens, _) = rest.split_once("の相談を開く\"")?;
        Some((
            format!("?{}", address.replace("&amp;", "&")),
            number.parse().ok()?,
            opens.to_owned(),
        ))
    };
    let links = page.split("href=\"/logs?").skip(1);
    links
        .map(|rest| read(rest).expect("a link says what it opens"))
        .collect()
}

/// A year with one of each.
async fn a_mixed_year(town: &Arc<Town>, doctor: &mut Clinician) {
    let no_signs = [("no_signs", "on")];
    for answer in ["yes", "yes", "rather_yes"] {
        let mut guardian = asks(town, &no_signs).await;
        is_served(doctor, Disposition::HomeCare).await;
        guardian.answers_survey(answer, "").await;
    }
    asks(town, &[("signs", "c01_no_response")]).await;
    is_served(doctor, Disposition::Call119).await;
    asks(town, &no_signs).await;
    is_served(doctor, Disposition::Abandoned).await;
    asks(town, &no_signs).await;
    is_served(doctor, Disposition::TechnicalFailure).await;
    town.app
        .store
        .set_hours(&town.city("hino").await.id, &Hours::every_day(&[]))
        .await
        .expect("the night service is closed");
    asks(town, &no_signs).await;
    is_served(doctor, Disposition::InformationOnly).await;
    let mut left = asks(town, &no_signs).await;
    left.posts("cancel", &[("command", &town.command().to_string())]).await;
    asks(town, &no_signs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_figures_count_what_their_definitions_say() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    a_mixed_year(&town, &mut doctor).await;
    let figures = town.supervisor("田中").await.sees_figures().await;
    assert_eq!(figures.value("登録者数"), "9");
    assert_eq!(figures.value("登録者数のうち期間内の新規"), "9");
    assert!(figures.page.contains("期間内の新規"), "{}", figures.page);
    assert_eq!(
        figures.value("相談件数"),
        "5",
        "three answered, one urgent, one at any time"
    );
    assert_eq!(figures.value("相談件数の内訳：夜間相談"), "4");
    assert_eq!(figures.value("相談件数の内訳：いつでも相談"), "1");
    assert_eq!(figures.value("満足度（％）"), "66.7");
    assert!(figures.remark("満足度（％）").contains("そう思う 2／有効回答 3"));
    assert_eq!(figures.value("回答率（％）"), "60.0");
    assert_eq!(figures.value("どちらかといえばそう思う"), "1");
    for name in ["通信の失敗", "相談者がとりやめた", "返事をしていない"] {
        assert_eq!(figures.value(&format!("別に報告：{name}")), "1", "{name}");
    }
    assert!(
        figures.csv.starts_with('\u{feff}') && figures.csv.ends_with("\r\n"),
        "as spreadsheets want it"
    );
    assert!(figures.page.contains("令和8年度"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_opens_exactly_the_cases_that_it_counts() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    a_mixed_year(&town, &mut doctor).await;
    let mut supervisor = town.supervisor("田中").await;
    let page = supervisor.sees_figures().await.page;
    let figures = figures_that_open(&page);
    let must_open = [
        "数えた全部",
        "夜間相談",
        "いつでも相談",
        "今月",
        "「そう思う」",
        "「どちらかといえばそう思う」",
        "有効回答",
        "回答",
        "アンケートの対象",
        Disposition::Abandoned.label(),
        Disposition::TechnicalFailure.label(),
        "相談者がとりやめた",
        "返事をしていない",
        "11月 合計",
    ];
    for words in must_open {
        assert!(
            figures.iter().any(|(_, _, opens)| opens == words),
            "{words} opens nothing: {figures:?}"
        );
    }
    for (address, number, opens) in figures {
        let list = listed(&supervisor.opens_logs(&address).await);
        assert_eq!(list.len(), number, "{opens} {address}");
    }
    assert_eq!(
        listed(&supervisor.opens_logs("?flag=1").await).len(),
        1,
        "the one with a red flag"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_connected_is_a_reply_without_a_written_word() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut guardian = town.waiting_guardian("声で話したい").await;
    let consultation = doctor.takes_next().await.expect("somebody waits");
    let call = doctor.rings(consultation, CallMode::Audio).await;
    guardian.does(Command::Join { call }).await.expect("answered");
    let path = Path::Direct;
    guardian
        .does(Command::CallConnected { call, path })
        .await
        .expect("connected");
    doctor
        .does(consultation, Command::HangUp { call, failed: false })
        .await
        .expect("ended");
    doctor.signs_note_and_closes(consultation).await;
    let figures = town.supervisor("田中").await.sees_figures().await;
    assert_eq!(figures.value("相談件数"), "1");
    assert_eq!(figures.value("別に報告：返事をしていない"), "0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consultation_is_in_one_figure_whatever_came_after_its_record() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    // Closed with advice in the record that nobody told the family.
    asks(&town, &[("no_signs", "on")]).await;
    let silent = doctor.takes_next().await.expect("somebody waits");
    doctor.signs_note_and_closes(silent).await;
    // Recorded as left, then called off.
    let mut left = asks(&town, &[("no_signs", "on")]).await;
    let consultation = doctor.takes_next().await.expect("somebody waits");
    let disposition = Disposition::Abandoned;
    doctor.signs_note(consultation, Note { disposition, ..note() }).await;
    left.posts("cancel", &[("command", &town.command().to_string())]).await;
    let figures = town.supervisor("田中").await.sees_figures().await;
    let apart = |name: &str| figures.value(&format!("別に報告：{name}")).to_owned();
    assert_eq!(
        (figures.value("相談件数"), apart("返事をしていない").as_str()),
        ("0", "1")
    );
    assert_eq!(
        (apart(disposition.label()), apart("相談者がとりやめた")),
        ("1".to_owned(), "0".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_begins_at_midnight_in_the_city() {
    let town = Town::new().await;
    // From 19:00 on the 22nd to the last millisecond of November in Japan, which is 14:59:59.999 UTC.
    town.turn(Millis(Millis::days(8).0 + Millis::seconds(5 * 3600).0 - 1));
    let mut doctor = town.clinician("佐藤").await;
    for _ in 0..2 {
        asks(&town, &[("no_signs", "on")]).await;
        is_served(&mut doctor, Disposition::HomeCare).await;
        town.turn(Millis(1));
    }
    let mut supervisor = town.supervisor("田中").await;
    let figures = supervisor.sees_figures().await;
    assert_eq!(
        (figures.value("11月"), figures.value("12月")),
        ("1", "1"),
        "{}",
        figures.csv
    );
    assert!(figures.page.contains("今月"));
    let last_year = supervisor.browser.opens("/kpi?year=2025").await.body;
    assert!(
        last_year.contains("令和7年度") && !last_year.contains("今月"),
        "a year that is over has none"
    );
}

crate::database::on_both! {
    async fn tries_of_staff_and_families_that_left_are_in_no_figure(database: Database) {
        let town = Town::on(database).await;
        let mut doctor = town.clinician("佐藤").await;
        let city = town.city("hino").await;
        let mut families = Vec::new();
        for _ in 0..3 {
            let path = asks(&town, &[("no_signs", "on")]).await.path;
            is_served(&mut doctor, Disposition::HomeCare).await;
            let row = town.app.identity.open_ticket(&path[3..], &city.id).await.expect("read");
            families.push(row.expect("a ticket").guardian);
        }
        let mut supervisor = town.supervisor("田中").await;
        assert_eq!(supervisor.sees_figures().await.value("登録者数"), "3");
        town.app.store.mark_test(families[0], EVENING).await.expect("marked");
        let figures = supervisor.sees_figures().await;
        assert_eq!((figures.value("登録者数"), figures.value("相談件数")), ("2", "2"));
        sqlx::any::install_default_drivers();
        let mut connection =
            <sqlx::AnyConnection as sqlx::Connection>::connect(&town.database.url).await.expect("it opens");
        sqlx::query("UPDATE guardians SET withdrawn_at = $1 WHERE id = $2")
            .bind(EVENING.0)
            .bind(families[1].to_string())
            .execute(&mut connection)
            .await
            .expect("withdrawn");
        let figures = supervisor.sees_figures().await;
        assert_eq!((figures.value("登録者数"), figures.value("相談件数")), ("1", "2"), "what was answered was answered");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_city_sees_masked_counts_and_no_case_by_any_address() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut guardian = asks(&town, &[("no_signs", "on")]).await;
    let consultation = is_served(&mut doctor, Disposition::HomeCare).await;
    guardian.answers_survey("yes", "うれしい言葉").await;
    let mut city = town.reader("hino", "市役所", Role::CityViewer).await;
    let figures = city.sees_figures().await;
    assert_eq!(figures.value("相談件数"), "10未満");
    assert_eq!(figures.value("登録者数"), "10未満");
    assert_eq!(figures.value("登録者数のうち期間内の新規"), "10未満");
    assert_eq!(figures.value("満足度（％）"), "—");
    assert!(!figures.page.contains("/logs"), "nothing can be opened");
    assert!(figures.page.contains("10未満の数は表示していません"));
    let case = consultation.to_string();
    let cases = [
        "/logs".to_owned(),
        format!("/logs/{case}"),
        "/logs?counted=1".to_owned(),
        "/desk".to_owned(),
        format!("/desk/consultations/{case}/history"),
        "/admin".to_owned(),
        guardian.path.clone(),
    ];
    for address in &cases {
        let answer = city.browser.opens(address).await;
        assert!(
            matches!(answer.status, 303 | 404) || *address == guardian.path,
            "{address}: {}",
            answer.status
        );
        for word in ["ひとつの相談", "うれしい言葉", "お返事です", case.as_str()] {
            assert!(!answer.body.contains(word), "{word} at {address}");
        }
    }
    assert!(Live::is_signed_out(&city.browser, "/desk/live").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_sees_its_own_pages_only() {
    let town = Town::new().await;
    let consultation = town.somebody_waits("hino", "だれのものでもない").await;
    let replay = format!("/logs/{consultation}");
    let pages = ["/desk", "/logs", replay.as_str(), "/kpi", "/kpi.csv", "/admin"];
    let allowed: [(Role, &[&str]); 5] = [
        (Role::Midwife, &["/desk"]),
        (Role::Supervisor, &["/logs", &replay, "/kpi", "/kpi.csv"]),
        (Role::PublicHealthNurse, &[]),
        (Role::CityViewer, &["/kpi", "/kpi.csv"]),
        (Role::Administrator, &["/admin"]),
    ];
    for (role, own) in allowed {
        let mut person = town.reader("hino", "だれか", role).await;
        for page in pages {
            let answer = person.browser.opens(page).await;
            assert_eq!(
                answer.status == 200,
                own.contains(&page),
                "{role:?} at {page}: {}",
                answer.status
            );
            assert!(own.contains(&page) || !answer.body.contains("だれのものでもない"));
        }
    }
}
