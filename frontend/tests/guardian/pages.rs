//! Sentences, labels and form fields of the pages around a consultation.

use crate::{has, html, lacks, samples, shows, text};
use signaling::{
    call::agent::BrowserFamily,
    intake::{IntakeField, IntakeStep},
    time::At,
};

#[test]
fn the_front_page_says_whether_it_is_open_and_where_to_call_when_it_burns() {
    let open = html(samples::entrance(true, false, None));
    shows(
        &open,
        &[
            "ただいま受付中",
            "18:00 – 22:00",
            "2組",
            "119に電話",
            "#8000",
            "デモ",
            "佐藤 医師",
            "録画・録音されません",
        ],
    );
    shows(
        &open,
        &[
            "これは医師の診察ではありません",
            "相談をはじめる",
            "登録",
            "つづきを見る",
        ],
    );
    shows(&open, &["今夜の担当"]);
    let mut morning = samples::entrance(true, false, None);
    morning.now = At(samples::NOW.0 + 14 * 3_600_000 + 20 * 60_000);
    shows(&html(morning), &["いまの担当"]);
    has(&open, &["href=\"tel:119\"", "href=\"/register\"", "href=\"/mine\""]);
    let closed = html(samples::entrance(false, false, None));
    shows(
        &closed,
        &[
            "ただいま受付時間外",
            "次は11月24日（火）18:00から",
            "いつでも相談（24時間以内に返信）",
        ],
    );
}

#[test]
fn a_registered_family_starts_with_a_form_that_takes_effect_once() {
    let page = html(samples::entrance(true, true, None));
    has(&page, &["action=\"/start\"", "method=\"post\"", "name=\"command\""]);
    has(&page, &[&format!("value=\"{}\"", samples::command())]);
    lacks(&page, &["/register"]);
    let going_on = html(samples::entrance(true, true, Some(samples::PATH)));
    has(&going_on, &[&format!("href=\"{}\"", samples::PATH)]);
    lacks(&going_on, &["/start"]);
}

#[test]
fn registration_asks_little_and_posts_the_fields_by_name() {
    let page = html(samples::register(Vec::new()));
    for name in [
        "passphrase",
        "reach",
        "recovery",
        "consent_consultation",
        "consent_statistics",
        "born_year",
        "born_month",
        "born_day",
        "due",
        "weeks",
        "gave_birth",
    ] {
        has(&page, &[&format!("name=\"{name}\"")]);
    }
    has(
        &page,
        &[
            "value=\"start\"",
            "value=\"only\"",
            "action=\"/register\"",
            "value=\"こすもす\"",
        ],
    );
    has(
        &page,
        &["<option value=\"2024\" selected", "<option value=\"8\" selected"],
    );
    shows(
        &page,
        &[
            "登録して相談をはじめる",
            "登録だけする",
            "合言葉",
            "生年月日",
            "出産予定日",
            "これは医師の診察ではありません",
        ],
    );
}

#[test]
fn what_is_wrong_stands_at_the_top_with_a_link_and_beside_its_field() {
    let faults = vec![
        ("passphrase".to_owned(), "合言葉がちがうようです。".to_owned()),
        (
            "consent_consultation".to_owned(),
            "相談には、この同意が必要です。".to_owned(),
        ),
    ];
    let page = html(samples::register(faults));
    has(
        &page,
        &[
            "href=\"#passphrase\"",
            "id=\"passphrase-fault\"",
            "href=\"#consent_consultation\"",
            "aria-invalid=\"true\"",
        ],
    );
    assert_eq!(text(&page).matches("合言葉がちがうようです。").count(), 2);
}

#[test]
fn the_door_shows_no_health_data_and_two_ways_in() {
    let page = html(samples::door(Some("番号がちがいます。あと4回ためせます。"), false));
    has(
        &page,
        &[
            &format!("action=\"{}/door\"", samples::PATH),
            "name=\"code\"",
            "name=\"recovery\"",
            "autocomplete=\"one-time-code\"",
        ],
    );
    shows(&page, &["番号がちがいます"]);
    lacks(&page, &["発熱", "佐藤", "おわり"]);
    let locked = html(samples::door(None, true));
    shows(&locked, &["いまの番号では開けません"]);
    lacks(&locked, &["<form"]);
}

#[test]
fn opening_a_qr_code_spends_nothing_until_the_button() {
    has(
        &html(samples::enter()),
        &["method=\"post\" action=\"/e/token\"", "この端末で続ける"],
    );
    let transfer = html(samples::transfer());
    shows(&transfer, &["042917", "あと5分（19:44まで）"]);
    has(&transfer, &["<svg", "aria-label=\"続けるためのQRコード\""]);
}

#[test]
fn inside_of_an_app_the_way_into_the_real_browser_comes_first() {
    let link = "https://hino.example/e/token";
    let line = html(samples::hand_over(BrowserFamily::Line));
    has(
        &line,
        &[
            &format!("href=\"{link}?openExternalBrowser=1\""),
            &format!("value=\"{link}\""),
            "data-copy=\"link\"",
            "<svg",
        ],
    );
    let app = html(samples::hand_over(BrowserFamily::InApp));
    has(&app, &[&format!("value=\"{link}\"")]);
    lacks(&app, &["openExternalBrowser"]);
    lacks(&html(samples::transfer()), &["data-copy", "openExternalBrowser"]);
}

#[test]
fn the_familys_own_page_lists_consultations_and_devices() {
    let page = html(samples::mine());
    shows(
        &page,
        &[
            "待っています",
            "おわりました",
            "iPhone・Safari",
            "この端末",
            "使えなくする",
        ],
    );
    has(
        &page,
        &[
            "action=\"/mine/revoke\"",
            "name=\"device\" value=\"2\"",
            "href=\"/t/old\"",
        ],
    );
    lacks(&page, &["name=\"device\" value=\"1\""]);
}

#[test]
fn what_cannot_be_shown_says_what_to_do_and_its_code() {
    let page = html(samples::notice());
    shows(
        &page,
        &[
            "このページは見つかりません",
            "もう一度、届いたリンクを開いてください",
            "not_found",
            "はじめのページへ",
        ],
    );
}

#[test]
fn a_device_of_another_family_is_asked_before_anything_is_given_up() {
    let page = html(samples::replace());
    shows(&page, &["この端末の登録を入れかえますか", "入れかえて開く", "やめる"]);
    has(
        &page,
        &[
            "name=\"replace\" value=\"on\"",
            "name=\"code\" value=\"042917\"",
            "href=\"/\"",
        ],
    );
}

#[test]
fn a_woman_is_asked_for_her_date_and_told_what_is_wrong_with_it() {
    for (about, field, name) in [
        ("pregnant", IntakeField::Due, "due"),
        ("postpartum", IntakeField::GaveBirth, "gave_birth"),
    ] {
        let page = html(samples::mother(IntakeStep::Subject, about, Some(field)));
        shows(&page, &["妊娠中", "産後", "受けられる範囲の外"]);
        has(&page, &[&format!("id=\"{name}-fault\""), "aria-invalid=\"true\""]);
    }
    shows(
        &html(samples::mother(IntakeStep::Signs, "pregnant", None)),
        &["妊娠28週の方に合わせた質問です"],
    );
}

#[test]
fn what_was_erased_is_said_to_be_and_a_survey_that_came_too_late_is_said_to_be_over() {
    let erased = html(samples::erased());
    shows(&erased, &["保存期間が終わり、内容は消去されました"]);
    lacks(&erased, &["水分をあまりとりません", "お待たせしています"]);
    let hidden = "aria-labelledby=\"survey-title\" hidden";
    let late = html(samples::too_late());
    has(&late, &[hidden, "送れなかったひとこと"]);
    shows(&late, &["アンケートの受付は終わりました（相談が終わってから7日間）"]);
    let in_time = samples::live(samples::events(samples::Until::Over), None, Vec::new());
    lacks(&html(in_time), &[hidden]);
}
