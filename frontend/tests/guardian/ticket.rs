//! Sentences, labels and form fields of the ticket, from the intake to the survey.

use crate::{has, html, lacks, samples, samples::Until, shows, text};
use signaling::{
    call::CallOutcome,
    intake::{IntakeDraft, IntakeStep},
    time::At,
};

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
    shows(&page, &["つぎへ", "1 / 4"]);
}

fn step(at: IntakeStep, draft: IntakeDraft) -> String {
    html(samples::intake(samples::intake_page(at, draft, vec![], vec![])))
}

#[test]
fn the_complaint_is_asked_first_and_alone() {
    let page = step(IntakeStep::Symptoms, samples::draft());
    has(&page, &["name=\"complaints\" value=\"fever\" checked"]);
    lacks(&page, &["name=\"signs\"", "name=\"worry\""]);
    shows(&page, &["どんなことですか", "つぎへ", "もどる", "2 / 4"]);
    let next = page.find("value=\"next\"").expect("next");
    let back = page.find("value=\"back\"").expect("back");
    assert!(next < back, "the return key presses the first button of a form");
}

#[test]
fn the_signs_in_sight_are_named_and_the_rest_can_be_unfolded() {
    let page = step(IntakeStep::Signs, samples::draft());
    has(
        &page,
        &[
            "name=\"signs\" value=\"blue_lips\"",
            "name=\"asked\" value=\"blue_lips\"",
            "name=\"temperature\"",
            "value=\"38.9\"",
        ],
    );
    shows(
        &page,
        &[
            "2歳3か月のお子さんに合わせた質問です",
            "ほかの危険なサインも確認する",
            "（あと5）",
        ],
    );
    assert_eq!(page.matches("name=\"no_signs\"").count(), 1);
    let next = page.find("value=\"next\"").expect("next");
    let more = page.find("value=\"more\"").expect("more");
    assert!(next < more, "the return key goes on");
}

#[test]
fn none_of_them_is_not_said_of_signs_that_came_into_sight_later() {
    let none = |asked: &[&str]| IntakeDraft {
        no_signs: true,
        asked: asked.iter().map(|&sign| sign.to_owned()).collect(),
        ..samples::draft()
    };
    let ticked = "name=\"no_signs\" value=\"on\" checked";
    let all = ["unresponsive", "blue_lips", "convulsion", "battery"];
    has(&step(IntakeStep::Signs, none(&all)), &[ticked]);
    lacks(&step(IntakeStep::Signs, none(&all[..3])), &[ticked]);
}

#[test]
fn the_last_step_keeps_what_was_typed_and_cannot_smuggle_markup() {
    let page = step(IntakeStep::Mode, samples::draft());
    has(&page, &["name=\"onset\" value=\"yesterday\" checked", "&lt;b&gt;"]);
    lacks(&page, &["水分をあまりとりません。<b>"]);
    shows(&page, &["いちばん心配なこと"]);
}

#[test]
fn a_fired_rule_shows_its_panel_above_everything_with_one_button_and_its_source() {
    let draft = IntakeDraft {
        signs: vec!["blue_lips".into()],
        ..samples::draft()
    };
    let panels = vec![samples::panel_119(), samples::panel_visit()];
    let page = html(samples::intake(samples::intake_page(
        IntakeStep::Signs,
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
    for (at, field, sentence) in [
        (
            IntakeStep::Symptoms,
            "complaints",
            "近いものを1つ以上えらんでください。",
        ),
        (
            IntakeStep::Mode,
            "worry",
            "いちばん心配なことを、ひとことで書いてください。",
        ),
    ] {
        let page = samples::intake_page(at, IntakeDraft::default(), vec![], samples::nothing_filled());
        let page = html(samples::intake(page));
        has(
            &page,
            &[&format!("href=\"#{field}\""), &format!("id=\"{field}-fault\"")],
        );
        shows(&page, &[sentence]);
    }
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
            "4 / 4",
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
    has(&page, &["name=\"text\"", "data-stage=\"waiting\"", "<div id=\"call\">"]);
    shows(
        &html(samples::live(samples::events(Until::Sent), Some(0), vec![])),
        &["つぎの順番です"],
    );
    shows(
        &html(samples::live(samples::events(Until::Sent), None, vec![])),
        &["順番を確かめています"],
    );
}

#[test]
fn a_family_that_asks_outside_of_hours_is_told_until_when_it_is_answered_and_no_place() {
    let due = At(samples::NOW.0 + 23 * 3_600_000);
    let page = html(samples::anytime(due));
    shows(
        &page,
        &["11月23日（月） 18:40までに返信します", "画面を閉じても大丈夫です"],
    );
    for place in ["つぎの順番です", "まもなく", "あなたの前に", "順番は守られます"] {
        assert!(!text(&page).contains(place), "{place}");
    }
    shows(
        &html(samples::anytime(At(samples::NOW.0 - 1))),
        &["お約束の時間を過ぎています"],
    );
}

#[test]
fn whoever_waits_reads_by_when_it_would_be_answered_before_it_presses_and_whoever_may_not_is_not_asked() {
    let page = html(samples::live(samples::events(Until::Waiting), Some(1), vec![]));
    shows(
        &page,
        &[
            "待たずに、あとで返事をもらう",
            "11月23日（月） 19:40までに返信します",
            "順番はなくなり",
        ],
    );
    assert!(page.contains("name=\"hours\" value=\"24\""));
    assert!(!html(samples::anytime(samples::NOW)).contains("id=\"later\""));
}

#[test]
fn a_family_that_still_waits_when_the_desk_closes_reads_until_when_it_is_answered_and_no_place() {
    let mut log = samples::events(Until::Waiting);
    let seq = log.last().map_or(0, |event| event.seq) + 1;
    log.push(signaling::consultation::WireEvent {
        seq,
        at: samples::NOW,
        kind: signaling::consultation::WireKind::BecameAnytime {
            reply_hours: 24,
            wished_for: None,
        },
    });
    let page = html(samples::live(log, Some(0), vec![]));
    shows(
        &page,
        &[
            "までに返信します",
            "今夜の受付が終わりました",
            "画面を閉じても大丈夫です",
        ],
    );
    assert!(!text(&page).contains("つぎの順番です"));
}

#[test]
fn a_family_whose_turn_came_while_it_was_away_reads_that_its_place_is_kept() {
    let mut log = samples::events(Until::Waiting);
    let seq = log.last().map_or(0, |event| event.seq) + 1;
    log.push(signaling::consultation::WireEvent {
        seq,
        at: samples::NOW,
        kind: signaling::consultation::WireKind::TurnMissed {
            by: crate::evening::doctor(),
        },
    });
    let page = html(samples::live(log, Some(0), vec![]));
    shows(&page, &["順番はそのままで", "つぎの順番です"]);
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
fn while_somebody_talks_with_the_family_what_else_can_be_done_is_folded_into_one_row() {
    let talking = html(samples::live(samples::events(Until::Talking), None, vec![]));
    has(
        &talking,
        &["<details class=\"menu\"><summary>相談の内容と操作</summary>"],
    );
    let menu = talking.split_once("class=\"menu\"").expect("a menu").1;
    shows(
        menu,
        &["送った内容", "話し方を変える", "別の端末で続ける", "相談をとりやめる"],
    );
    for (until, ahead) in [(Until::Waiting, Some(2)), (Until::Over, None)] {
        let page = html(samples::live(samples::events(until), ahead, vec![]));
        has(&page, &["<details open class=\"menu\">"]);
    }
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
fn before_it_is_sent_all_that_will_be_sent_can_be_read() {
    let ticked = IntakeDraft {
        signs: vec!["blue_lips".into()],
        ..samples::draft()
    };
    let page = step(IntakeStep::Mode, ticked);
    let recap = page.split_once("送る内容を見る").expect("a recap").1;
    let recap = recap.split_once("</details>").expect("its end").0;
    shows(recap, &["2歳3か月", "発熱", "38.9℃", "くちびる"]);
    let none = IntakeDraft {
        no_signs: true,
        ..samples::draft()
    };
    shows(&step(IntakeStep::Mode, none), &["危険なサインどれもない"]);
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
fn a_family_that_missed_a_call_may_ask_to_be_called_back_and_one_that_declined_is_not_reminded() {
    /// The opening tag of the notice.
    fn notice(page: &str) -> &str {
        let at = page.find("id=\"missed\"").expect("its place");
        let (from, to) = (page[..at].rfind('<'), page[at..].find('>'));
        &page[from.expect("a tag")..at + to.expect("its end")]
    }
    let after = |outcome| html(samples::live(samples::after_a_call(outcome), None, vec![]));
    let missed = after(CallOutcome::Unanswered);
    assert!(!notice(&missed).contains(" hidden"));
    shows(&missed, &["お電話に出られませんでした", "折り返しをたのむ"]);
    has(&missed, &["value=\"折り返しの電話をお願いします。\""]);
    let failed = after(CallOutcome::Failed);
    assert!(!notice(&failed).contains(" hidden"));
    shows(&failed, &["通話がつながりませんでした"]);
    for outcome in [CallOutcome::Declined, CallOutcome::HungUp] {
        assert!(notice(&after(outcome)).contains(" hidden"), "{outcome:?}");
    }
}
