//! Sentences, labels and form fields of every page.

use crate::{html, samples, samples::Until, text};
use signaling::intake::{IntakeDraft, IntakeStep};

#[track_caller]
fn shows(html: &str, sentences: &[&str]) {
    let read = text(html);
    for sentence in sentences {
        assert!(read.contains(sentence), "not on the page: {sentence}\n{read}");
    }
}

#[track_caller]
fn has(html: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(html.contains(piece), "not in the document: {piece}\n{html}");
    }
}

#[track_caller]
fn lacks(html: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(!html.contains(piece), "should not be in the document: {piece}");
    }
}

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
fn the_first_step_asks_whom_it_is_about() {
    let page = html(samples::intake(samples::intake_page(
        IntakeStep::Subject,
        samples::draft(),
        vec![],
        vec![],
    )));
    has(
        &page,
        &[
            "name=\"step\" value=\"subject\"",
            "name=\"about\" value=\"child\" checked",
            "name=\"relation\"",
            "value=\"next\"",
        ],
    );
    has(
        &page,
        &[&format!("action=\"{}/intake\"", samples::PATH), "id=\"intake\""],
    );
    lacks(&page, &["value=\"back\""]);
    shows(&page, &["つぎへ", "1 / 3"]);
}

#[test]
fn the_symptoms_keep_what_was_typed_and_cannot_smuggle_markup() {
    let page = html(samples::intake(samples::intake_page(
        IntakeStep::Symptoms,
        samples::draft(),
        vec![],
        vec![],
    )));
    has(
        &page,
        &[
            "name=\"signs\" value=\"blue_lips\"",
            "name=\"no_signs\"",
            "name=\"complaints\" value=\"fever\" checked",
        ],
    );
    has(
        &page,
        &[
            "name=\"onset\" value=\"yesterday\" checked",
            "name=\"temperature\"",
            "value=\"38.9\"",
            "&lt;b&gt;",
        ],
    );
    lacks(&page, &["水分をあまりとりません。<b>"]);
    shows(
        &page,
        &[
            "2歳3か月のお子さんに合わせた質問です",
            "どれもない",
            "つぎへ",
            "もどる",
            "いちばん心配なこと",
        ],
    );
    let next = page.find("value=\"next\"").expect("next");
    let back = page.find("value=\"back\"").expect("back");
    assert!(next < back, "the return key presses the first button of a form");
}

#[test]
fn a_fired_rule_shows_its_panel_above_everything_with_one_button_and_its_source() {
    let draft = IntakeDraft {
        signs: vec!["blue_lips".into()],
        ..samples::draft()
    };
    let panels = vec![samples::panel_119(), samples::panel_visit()];
    let page = html(samples::intake(samples::intake_page(
        IntakeStep::Symptoms,
        draft,
        panels,
        vec![],
    )));
    shows(
        &page,
        &[
            "【緊急】すぐに119番へ",
            "119に電話する",
            "出典：消防庁",
            "今すぐ医療機関へ",
            "つぎへ",
        ],
    );
    assert_eq!(page.matches("href=\"tel:119\"").count(), 1);
    let panel = page.find("role=\"alert\"").expect("the panel");
    assert!(panel < page.find("<header").expect("the head"));
    let waiting = html(samples::live(
        samples::events(Until::Waiting),
        Some(2),
        vec![samples::panel_119()],
    ));
    shows(&waiting, &["119に電話する"]);
}

#[test]
fn faults_of_a_step_lead_to_their_fields() {
    let page = samples::intake_page(
        IntakeStep::Symptoms,
        IntakeDraft::default(),
        vec![],
        samples::worry_missing(),
    );
    let page = html(samples::intake(page));
    has(
        &page,
        &[
            "href=\"#worry\"",
            "href=\"#complaints\"",
            "id=\"worry-fault\"",
            "id=\"complaints-fault\"",
        ],
    );
    shows(&page, &["近いものを1つ以上えらんでください。"]);
}

#[test]
fn the_last_step_offers_three_ways_to_talk_and_says_what_this_is_not() {
    let page = html(samples::intake(samples::intake_page(
        IntakeStep::Mode,
        samples::draft(),
        vec![],
        vec![],
    )));
    for mode in ["chat", "audio", "video"] {
        has(&page, &[&format!("name=\"mode\" value=\"{mode}\"")]);
    }
    has(
        &page,
        &[
            "value=\"video\" checked",
            "name=\"quiet\"",
            "value=\"send\"",
            "name=\"command\"",
        ],
    );
    shows(
        &page,
        &[
            "声を出さずに相談",
            "これは医師の診察ではありません",
            "相談を送る",
            "3 / 3",
        ],
    );
}

#[test]
fn the_waiting_room_tells_the_place_and_that_it_is_kept() {
    let page = html(samples::live(samples::events(Until::Waiting), Some(2), vec![]));
    shows(
        &page,
        &[
            "待合室",
            "あなたの前に2人",
            "でご案内します",
            "緊急の方が先になることがあります",
            "画面を閉じても順番は守られます",
        ],
    );
    shows(
        &page,
        &[
            "高橋 助産師",
            "はい、スプーンで飲めました",
            "送信済み",
            "送った内容",
            "2歳3か月",
            "38.9℃",
            "別の端末で続ける",
        ],
    );
    for part in ["say", "cancel", "mode", "transfer"] {
        has(&page, &[&format!("action=\"{}/{part}\"", samples::PATH)]);
    }
    has(
        &page,
        &["name=\"text\"", "data-stage=\"waiting\"", "<div id=\"call\"></div>"],
    );
    shows(
        &html(samples::live(samples::events(Until::Sent), Some(0), vec![])),
        &["つぎの順番です"],
    );
    shows(
        &html(samples::live(samples::events(Until::Sent), None, vec![])),
        &["24時間以内に返信します"],
    );
}

#[test]
fn leaving_asks_once_more_without_script() {
    let page = html(samples::live(samples::events(Until::Waiting), Some(2), vec![]));
    let asks = page
        .find("<summary>相談をとりやめる</summary>")
        .expect("the first step");
    assert!(asks < page.find("はい、とりやめます").expect("the second step"));
}

#[test]
fn a_half_written_message_returns_as_text_only() {
    let page = html(samples::live(samples::events(Until::Talking), None, vec![]));
    has(&page, &["&lt;/textarea&gt;&lt;script&gt;alert(1)"]);
    lacks(&page, &["<script>alert"]);
}

#[test]
fn in_consultation_the_clinician_is_named_with_profession() {
    let page = html(samples::live(samples::events(Until::Talking), None, vec![]));
    has(&page, &["data-stage=\"talking\"", "role=\"log\"", "id=\"composer\""]);
    shows(
        &page,
        &[
            "相談中",
            "佐藤 医師",
            "小児科医",
            "佐藤 医師が担当します",
            "合います。さっき少し笑いました",
            "送る",
        ],
    );
}

#[test]
fn afterwards_the_family_reads_the_summary_and_answers_one_question() {
    let page = html(samples::live(samples::events(Until::Over), None, vec![]));
    shows(
        &page,
        &[
            "おわり",
            "おうちで様子をみて",
            "水分を少しずつ",
            "こんなときは受診してください",
            "半日おしっこが出ない",
            "今後も利用したいですか",
        ],
    );
    has(
        &page,
        &[
            &format!("action=\"{}/survey\"", samples::PATH),
            "name=\"answer\" value=\"rather_no\"",
            "name=\"words\"",
        ],
    );
    shows(
        &page,
        &["どちらかといえばそう思わない", "合います。さっき少し笑いました"],
    );
    has(&page, &["<footer id=\"foot-bar\" hidden class=\"foot-bar\""]);
    lacks(&page, &["/say", "/cancel"]);
    let answered = html(samples::live(samples::events(Until::Surveyed), None, vec![]));
    shows(&answered, &["ご回答ありがとうございました"]);
    has(&answered, &["<section role=\"status\" class=\"bar-note green\""]);
}

#[test]
fn a_consultation_that_was_left_says_so_and_where_help_is() {
    let page = html(samples::cancelled());
    shows(&page, &["とりやめました", "#8000", "また相談する"]);
    has(&page, &["<footer id=\"foot-bar\" hidden class=\"foot-bar\""]);
    lacks(&page, &["/say", "/cancel"]);
}

#[test]
fn refusals_and_new_devices_are_told_on_every_step_of_the_ticket() {
    let waiting = samples::live(samples::events(Until::Waiting), Some(1), vec![]);
    let intake = samples::intake(samples::intake_page(IntakeStep::Mode, samples::draft(), vec![], vec![]));
    for page in [waiting, intake] {
        shows(
            &html(samples::with_notices(page)),
            &["この相談は終わっています。", "新しい端末が加わりました：iPhone・Safari"],
        );
    }
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
    shows(&locked, &["しばらく開けません"]);
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
