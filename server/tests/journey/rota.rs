//! The rota: kept by the supervisor, swapped between those concerned, and what it means for tonight.

use super::{
    actors::{Clinician, Supervisor},
    browser::{Answer, Browser},
    town::Town,
    waiting::evenings_only,
};
use signaling::{
    actor::{Role, Staff},
    id::GuardianId,
    time::Millis,
};

async fn posts(town: &Town, browser: &mut Browser, go: &str, typed: &[(&str, &str)]) -> Answer {
    let command = town.command().to_string();
    let mut fields = vec![("command", command.as_str()), ("go", go)];
    fields.extend(typed);
    browser.posts("/rota", &fields).await
}

async fn puts(town: &Town, keeper: &mut Supervisor, who: &Staff, date: &str, span: &str) -> Answer {
    let staff = who.id.to_string();
    let typed = [("staff", staff.as_str()), ("date", date), ("span", span)];
    posts(town, &mut keeper.browser, "add", &typed).await
}

/// The id of the only shift.
async fn the_shift(town: &Town) -> String {
    let city = town.city("hino").await.id;
    let shifts = town.app.store.shifts(&city, town.app.world.now()).await.expect("read");
    assert_eq!(shifts.len(), 1, "{shifts:?}");
    shifts[0].id.clone()
}

async fn reads(clinician: &mut Clinician) -> String {
    clinician.browser.opens("/rota").await.body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clinician_asks_to_be_stood_in_for_and_the_colleague_who_says_yes_has_the_shift() {
    let town = Town::new().await;
    evenings_only(&town).await;
    let mut supervisor = town.supervisor("田中").await;
    let mut sato = town.clinician_of("hino", "佐藤", Role::Pediatrician).await;
    let mut takahashi = town.clinician_of("hino", "高橋", Role::Midwife).await;
    let mut suzuki = town.clinician_of("hino", "鈴木", Role::Midwife).await;
    let put = puts(&town, &mut supervisor, &sato.staff, "2026-11-24", "18:00-22:00").await;
    assert_eq!(put.leads_to(), "/rota");
    let page = reads(&mut sato).await;
    for words in ["11月24日（火）", "佐藤 医師", "交代を頼む", "当番がいません"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    let shift = the_shift(&town).await;
    let to = takahashi.staff.id.to_string();
    let asked = posts(&town, &mut sato.browser, "ask", &[("shift", &shift), ("to", &to)]).await;
    assert_eq!(asked.leads_to(), "/rota");
    assert!(
        !reads(&mut suzuki).await.contains("代わりに入る"),
        "somebody else was asked"
    );
    let taken = posts(&town, &mut suzuki.browser, "take", &[("shift", &shift)]).await;
    assert_eq!(taken.status, 422);
    assert!(taken.body.contains("もう頼まれていません"), "{}", taken.body);
    assert!(reads(&mut takahashi).await.contains("代わりに入る"));
    posts(&town, &mut takahashi.browser, "take", &[("shift", &shift)]).await;
    let page = supervisor.browser.opens("/rota").await.body;
    assert!(page.contains("佐藤 医師の当番を高橋 助産師が代わる"), "{page}");
    assert!(!page.contains("交代を頼んでいます"), "it is settled");
    let again = posts(&town, &mut takahashi.browser, "take", &[("shift", &shift)]).await;
    assert_eq!(again.status, 422, "nobody asks any more");
    // Anybody may be asked; and asked no more.
    posts(&town, &mut takahashi.browser, "ask", &[("shift", &shift), ("to", "")]).await;
    assert!(reads(&mut suzuki).await.contains("代わりに入る"));
    posts(&town, &mut takahashi.browser, "withdraw", &[("shift", &shift)]).await;
    assert!(!reads(&mut suzuki).await.contains("代わりに入る"));
    posts(&town, &mut supervisor.browser, "remove", &[("shift", &shift)]).await;
    assert!(!reads(&mut sato).await.contains("18:00 – 22:00</span><b>"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_has_two_shifts_at_one_time_and_what_is_wrong_is_said() {
    let town = Town::new().await;
    let mut supervisor = town.supervisor("田中").await;
    let sato = town.clinician_of("hino", "佐藤", Role::Pediatrician).await.staff;
    let of_tama = town.clinician_of("tama", "多田", Role::Pediatrician).await.staff;
    puts(&town, &mut supervisor, &sato, "2026-11-24", "18:00-22:00").await;
    for (who, date, span, sentence) in [
        (&sato, "2026-11-24", "21:00-23:00", "別の当番があります"),
        (&sato, "2026-11-21", "18:00-22:00", "過ぎた時間"),
        (&sato, "2026-02-30", "18:00-22:00", "日を選んで"),
        (&sato, "2028-11-24", "18:00-22:00", "1年先まで"),
        (&sato, "2026-11-25", "夜", "18:00-22:00"),
        (&of_tama, "2026-11-25", "18:00-22:00", "だれの当番か"),
    ] {
        let refused = puts(&town, &mut supervisor, who, date, span).await;
        assert_eq!(refused.status, 422, "{date} {span}");
        assert!(refused.body.contains(sentence), "{sentence}: {}", refused.body);
    }
    let shift = the_shift(&town).await;
    let nobody = posts(&town, &mut supervisor.browser, "remove", &[("shift", "x")]).await;
    assert_eq!(nobody.status, 422);
    assert_eq!(
        posts(&town, &mut supervisor.browser, "ask", &[("shift", &shift)])
            .await
            .status,
        400
    );
    assert_eq!(posts(&town, &mut supervisor.browser, "burn", &[]).await.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_sent_twice_counts_once_and_the_rota_is_changed_by_those_whose_it_is() {
    let town = Town::new().await;
    let mut supervisor = town.supervisor("田中").await;
    let mut sato = town.clinician_of("hino", "佐藤", Role::Pediatrician).await;
    let (command, staff) = (town.command().to_string(), sato.staff.id.to_string());
    let add = [
        ("command", command.as_str()),
        ("go", "add"),
        ("staff", staff.as_str()),
        ("date", "2026-11-24"),
        ("span", "18:00-22:00"),
    ];
    for _ in 0..2 {
        assert_eq!(supervisor.browser.posts("/rota", &add).await.leads_to(), "/rota");
    }
    let shift = the_shift(&town).await;
    assert_eq!(
        posts(&town, &mut sato.browser, "remove", &[("shift", &shift)])
            .await
            .status,
        400
    );
    let mut viewer = town.reader("hino", "佐々木", Role::CityViewer).await;
    let led = posts(&town, &mut viewer.browser, "remove", &[("shift", &shift)]).await;
    assert_eq!(led.leads_to(), "/kpi");
    let mut of_tama = town.reader("tama", "多田", Role::Supervisor).await;
    let other = posts(&town, &mut of_tama.browser, "remove", &[("shift", &shift)]).await;
    assert_eq!(other.status, 422, "not in this city");
    assert!(!of_tama.browser.opens("/rota").await.body.contains("佐藤"));
    the_shift(&town).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_supervisor_reads_who_is_there_and_in_which_hour_families_may_wait_long() {
    let town = Town::new().await;
    evenings_only(&town).await;
    let mut supervisor = town.supervisor("田中").await;
    let sato = town.clinician("佐藤").await;
    let page = supervisor.browser.opens("/rota").await.body;
    assert!(
        page.contains("佐藤 医師") && page.contains("対応中（19:00から）"),
        "{page}"
    );
    assert!(
        page.contains("似た日の実績がまだないため"),
        "no evening is known: {page}"
    );
    // Five weeks of Sundays on which eight families came between seven and eight.
    for _ in 0..5 {
        for n in 0..8 {
            let guardian = GuardianId(town.app.world.new_id());
            let consultation = signaling::id::ConsultationId(town.app.world.new_id());
            town.asks(consultation, guardian, "hino", &format!("相談{n}"), Vec::new())
                .await;
        }
        town.turn(Millis::days(7));
    }
    let today = town.app.world.now().date_text();
    // A session does not last for weeks.
    let mut supervisor = town.supervisor("森").await;
    puts(&town, &mut supervisor, &sato.staff, &today, "18:00-22:00").await;
    let page = supervisor.browser.opens("/rota").await.body;
    for words in ["19時台", "高い（", "人いれば低くなります", "低い（"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(
        page.contains("応答なし"),
        "the doctor's page was not heard of for weeks: {page}"
    );
}
