//! When the desk is open: an administrator changes it, and families read it in the same minute.

use super::{
    actors::{Guardian, Supervisor},
    browser::{Answer, Pages as _},
    town::Town,
};
use frontend::page::guardian::TicketStep;
use signaling::{actor::Role, intake::Service, time::Millis};

/// A week of evenings, as the form sends it.
const WEEK: [(&str, &str); 11] = [
    ("mon", "18:00-22:00"),
    ("tue", "18:00-22:00"),
    ("wed", "18:00-22:00"),
    ("thu", "18:00-22:00"),
    ("fri", "18:00-22:00"),
    ("sat", "１８：００〜２２：００"),
    ("sun", "18:00-22:00"),
    ("holidays_apart", "apart"),
    ("holidays", ""),
    ("last_arrival", "15"),
    ("reply_hours", "12"),
];

/// Sends a form of the page.
async fn posts(reader: &mut Supervisor, command: &str, go: &str, typed: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("command", command), ("go", go)];
    fields.extend(typed);
    reader.browser.posts("/admin/hours", &fields).await
}

async fn sets(town: &Town, reader: &mut Supervisor, go: &str, typed: &[(&str, &str)]) -> Answer {
    posts(reader, &town.command().to_string(), go, typed).await
}

async fn entrance(town: &Town) -> String {
    town.browser("hino.test").opens("/").await.body
}

/// A family whose intake is filled but for the last step, and that step's form as its page shows it.
async fn about_to_send(town: &std::sync::Arc<Town>) -> (Guardian, String) {
    let mut guardian = town.guardian();
    guardian.registers().await;
    for step in [
        &[("step", "symptoms"), ("go", "next"), ("complaints", "fever")][..],
        &[("step", "signs"), ("go", "next"), ("no_signs", "on")][..],
    ] {
        assert_eq!(guardian.posts("intake", step).await.leads_to(), guardian.path);
    }
    let page = guardian.opens_ticket().await.body;
    let promise = page.split("name=\"promise\" value=\"").nth(1).expect("a promise");
    let promise = promise.split('"').next().unwrap_or_default().to_owned();
    (guardian, promise)
}

async fn sends(town: &Town, guardian: &mut Guardian, promise: &str) -> Answer {
    let command = town.command().to_string();
    let fields = [
        ("step", "mode"),
        ("go", "send"),
        ("worry", "熱が下がりません"),
        ("mode", "chat"),
        ("promise", promise),
        ("command", command.as_str()),
    ];
    guardian.posts("intake", &fields).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_holiday_the_desk_is_closed_and_the_page_says_why_when_it_opens_and_when_an_answer_comes() {
    let town = Town::new().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    assert_eq!(
        sets(&town, &mut administrator, "week", &WEEK).await.leads_to(),
        "/admin/hours"
    );
    let page = entrance(&town).await;
    assert!(
        page.contains("ただいま受付中") && page.contains("受付は21:45まで"),
        "{page}"
    );
    // 23 November is 勤労感謝の日.
    town.turn(Millis::days(1));
    let page = entrance(&town).await;
    for words in [
        "ただいま受付時間外",
        "今日は祝日（勤労感謝の日）でお休みです",
        "次は11月24日（火）18:00から",
        "12時間以内に返信します",
        "href=\"tel:119\"",
        "#8000",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    // What is sent now is an anytime consultation, promised within the city's own hours.
    let (mut guardian, promise) = about_to_send(&town).await;
    assert_eq!(promise, "12");
    let sent_at = town.app.world.now();
    assert_eq!(sends(&town, &mut guardian, &promise).await.leads_to(), guardian.path);
    let live = guardian.opens_ticket().await;
    assert_eq!(live.live().reply_by, Some(sent_at + Millis::hours(12)));
    assert!(
        live.body.contains("11月24日（火） 07:00までに返信します"),
        "{}",
        live.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_is_closed_or_opened_out_of_turn_and_is_like_its_week_again_when_that_is_taken_away() {
    let town = Town::new().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    sets(&town, &mut administrator, "week", &WEEK).await;
    let closed = [("date", "2026-11-22"), ("kind", "closed"), ("words", "設備点検")];
    let led = sets(&town, &mut administrator, "day", &closed).await;
    assert_eq!(led.leads_to(), "/admin/hours#days");
    let page = entrance(&town).await;
    assert!(page.contains("設備点検のため、今日はお休みです"), "{page}");
    assert!(
        page.contains("次は11月24日（火）18:00から"),
        "the holiday is passed over: {page}"
    );
    let open = [("date", "2026-11-23"), ("kind", "open"), ("spans", "10:00-12:00")];
    sets(&town, &mut administrator, "day", &open).await;
    assert!(entrance(&town).await.contains("次は11月23日（月・祝）10:00から"));

    let page = administrator.browser.opens("/admin/hours").await.body;
    for words in [
        "設備点検のため、今日はお休みです",
        "11月23日（月・祝）を10:00 – 12:00に",
        "11月22日（日）を休みに（設備点検）",
        "毎週の時間を変更",
        "山本",
        "国民の休日",
        "2028年",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    sets(&town, &mut administrator, "remove", &[("date", "2026-11-22")]).await;
    assert!(entrance(&town).await.contains("ただいま受付中"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_that_was_writing_when_the_desk_closed_reads_the_new_promise_before_anything_is_sent() {
    let town = Town::new().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    sets(&town, &mut administrator, "week", &WEEK).await;
    town.turn(Millis::minutes(2 * 60 + 44));
    let (mut guardian, promise) = about_to_send(&town).await;
    assert_eq!(promise, "now");
    town.turn(Millis::minutes(1));
    let told = sends(&town, &mut guardian, &promise).await;
    assert_eq!(told.status, 422);
    for words in [
        "まだ送っていません",
        "今日の受付は終わりました",
        "12時間以内に返信します",
        "熱が下がりません",
    ] {
        assert!(told.body.contains(words), "{words} in {}", told.body);
    }
    assert!(
        matches!(guardian.opens_ticket().await.ticket().step, TicketStep::Intake(_)),
        "nothing was sent"
    );
    assert_eq!(sends(&town, &mut guardian, "12").await.leads_to(), guardian.path);
    let rows = town
        .app
        .store
        .events(guardian.consultation(), 0, 1)
        .await
        .expect("read");
    assert!(rows[0].facts.contains(Service::Anytime.code()), "{}", rows[0].facts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_changes_nothing_and_comes_back_as_it_was_typed() {
    let town = Town::new().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    let before = town.city("hino").await;
    for (field, value, sentence) in [
        ("tue", "夜だけ", "18:00-22:00"),
        ("sat", "9:00-12:00、11:00-13:00", "時間が重なっています"),
        ("holidays", "いつか", "18:00-22:00"),
        ("last_arrival", "240", "0から120まで"),
        ("last_arrival", "", "0から120まで"),
        ("reply_hours", "0", "1から168まで"),
        ("reply_hours", "-1", "1から168まで"),
    ] {
        let typed = WEEK.map(|(name, was)| (name, if name == field { value } else { was }));
        let refused = sets(&town, &mut administrator, "week", &typed).await;
        assert_eq!(refused.status, 422, "{field}");
        assert!(refused.body.contains(sentence), "{sentence}: {}", refused.body);
        assert!(
            refused.body.contains(&format!("value=\"{value}\"")),
            "{field} is not lost"
        );
    }
    let short = WEEK.map(|(name, was)| match name {
        "mon" => (name, "18:00-18:15"),
        _ => (name, was),
    });
    let refused = sets(&town, &mut administrator, "week", &short).await;
    assert!(
        refused.body.contains("だれも受け付けられなくなります"),
        "{}",
        refused.body
    );
    let long = "点".repeat(31);
    for (date, kind, spans, words, sentence) in [
        ("", "closed", "", "", "日を選んでください"),
        ("2026-02-30", "closed", "", "", "日を選んでください"),
        ("2026-11-21", "closed", "", "", "過ぎた日は変えられません"),
        ("2028-11-23", "closed", "", "", "2年先まで"),
        ("2026-12-31", "open", "", "", "開く時間を"),
        ("2026-12-31", "open", "朝", "", "18:00-22:00"),
        ("2026-12-31", "closed", "", long.as_str(), "30字まで"),
        ("2026-12-31", "closed", "", "年末\n年始", "1行で"),
    ] {
        let typed = [("date", date), ("kind", kind), ("spans", spans), ("words", words)];
        let refused = sets(&town, &mut administrator, "day", &typed).await;
        assert_eq!(refused.status, 422, "{typed:?}");
        assert!(refused.body.contains(sentence), "{sentence}: {}", refused.body);
    }
    for (go, typed) in [("remove", [("date", "x")]), ("burn", [("date", "2026-12-31")])] {
        assert_eq!(sets(&town, &mut administrator, go, &typed).await.status, 400);
    }
    assert_eq!(posts(&mut administrator, "", "week", &WEEK).await.status, 400);
    assert_eq!(town.city("hino").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_sent_twice_counts_once_and_does_not_undo_what_came_between() {
    let town = Town::new().await;
    let mut administrator = town.reader("hino", "山本", Role::Administrator).await;
    let first = town.command().to_string();
    let closed = [("date", "2026-12-31"), ("kind", "closed"), ("words", "年末年始")];
    posts(&mut administrator, &first, "day", &closed).await;
    sets(&town, &mut administrator, "remove", &[("date", "2026-12-31")]).await;
    let again = posts(&mut administrator, &first, "day", &closed).await;
    assert_eq!(again.status, 303);
    let hino = town.city("hino").await;
    assert!(hino.hours.days.is_empty(), "{:?}", hino.hours.days);
    let changes = town.app.store.opening_changes(&hino.id, 10).await.expect("read");
    assert_eq!(changes.len(), 2, "{changes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_an_administrator_of_the_city_changes_its_hours() {
    let town = Town::new().await;
    let before = town.city("hino").await;
    for role in [Role::Pediatrician, Role::Midwife, Role::Supervisor, Role::CityViewer] {
        let mut other = town.reader("hino", "佐々木", role).await;
        let led = sets(&town, &mut other, "week", &WEEK).await;
        assert_eq!(led.status, 303, "{role:?}");
        assert_ne!(led.leads_to(), "/admin/hours", "{role:?}");
        assert_ne!(other.browser.opens("/admin/hours").await.status, 200, "{role:?}");
    }
    let mut of_tama = town.reader("tama", "多田", Role::Administrator).await;
    let closed = [("date", "2026-11-22"), ("kind", "closed"), ("words", "多摩の休み")];
    assert_eq!(sets(&town, &mut of_tama, "day", &closed).await.status, 303);
    assert_eq!(town.city("hino").await, before);
    assert!(
        entrance(&town).await.contains("ただいま受付中"),
        "that was another city's"
    );
    let mut nobody = Supervisor {
        browser: town.browser("hino.test"),
    };
    assert_eq!(
        sets(&town, &mut nobody, "week", &WEEK).await.leads_to(),
        "/staff/sign-in"
    );
}
