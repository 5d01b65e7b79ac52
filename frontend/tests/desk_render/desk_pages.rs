//! The desk.

use crate::{
    pictures::{keep, keep_model},
    samples::*,
};
use frontend::{
    desk::{Desk, Earlier, desk_page, desk_view},
    page::desk::{DeskPage, EarlierRow, History},
    shell::rendered,
};
use leptos::prelude::{Set, WithUntracked};
use signaling::{
    actor::{Role, Staff},
    call::{CallMode, CallOutcome, Holder},
    consultation::WireKind,
    intake::Complaint,
    note::Disposition,
    protocol::QueueView,
    queue::QueueRow,
    triage::Acuity,
};

fn shown(name: &str, page: DeskPage) -> String {
    keep_model(name, &page);
    let html = rendered(move || desk_page(page));
    keep(name, &html);
    html
}

/// What a reader reads: without elements and without the markers between texts.
fn words(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[test]
fn a_doctor_with_three_consultations_sees_who_waits_who_is_spoken_with_and_what_to_write() {
    let html = shown("desk", evening());
    let text = words(&html);
    for sentence in ["待ち", "最長33分", "つながっています", "佐藤 医師"] {
        let expected = sentence != "つながっています";
        assert_eq!(
            text.contains(sentence),
            expected,
            "{sentence}: before the page is alive it is not connected"
        );
    }
    for label in [
        "次の方をよぶ",
        "音声で話す",
        "ビデオで話す",
        "戻す",
        "送る",
        "内部メモ",
        "確定して終える",
        "確定だけする",
        "サインアウト",
    ] {
        assert!(text.contains(label), "{label}");
    }
    assert!(text.contains("2歳3か月・発熱"), "the tab names the family's worry");
    assert!(text.contains("2件の未読"), "what was not answered is not read");
}

#[test]
fn a_row_says_in_words_what_its_colours_say() {
    let text = words(&shown("desk-rows", evening()));
    for said in [
        "赤・今すぐ",
        "黄・2時間以内",
        "画面を閉じています",
        "在室",
        "接続が切れています",
        "危険サイン C02",
        "初回",
        "2回目以降",
        "声を出さない",
    ] {
        assert!(text.contains(said), "{said}");
    }
    assert!(text.contains("未返信 19:57から"));
    assert!(text.contains("高橋 助産師が担当") && text.contains("あなたが担当"));
}

#[test]
fn an_urgent_family_whose_turn_came_while_it_was_away_is_said_above_the_columns_and_in_its_row() {
    let mut page = evening();
    let yellow = |row: &&mut QueueRow| row.claimed_by.is_none() && row.acuity == Acuity::Yellow;
    let row = page.queue.rows.iter_mut().find(yellow).expect("a yellow one waits");
    row.presence = signaling::queue::Presence::Away;
    row.turn_missed_at = Some(now());
    let text = words(&shown("desk-urgent-gone", page));
    assert!(text.contains("急ぐ方の順番が来ましたが、接続が切れています：黄・2時間以内・"));
    assert!(text.contains("順番のとき不在"));
    assert!(!words(&shown("desk-rows", evening())).contains("急ぐ方の順番が来ましたが"));
}

#[test]
fn the_red_family_stands_first_and_an_anytime_consultation_below_those_who_wait_and_says_until_when() {
    let text = words(&shown("desk-order", evening()));
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} is shown"));
    assert!(at("赤・今すぐ待ち") < at("黄・2時間以内待ち"));
    assert!(at("白・育児相談待ち 06:40") < at("いつでも相談 11/23 16:50までに返事"));
}

/// The desk once the earlier consultations of its families have come so far.
fn shown_with(name: &str, state: Earlier) -> String {
    let page = evening();
    let html = rendered(move || {
        let (city, hours) = (page.city.clone(), page.hours.clone());
        let desk = Desk::new(page);
        desk.opened
            .with_untracked(|opened| opened.iter().for_each(|open| open.history.set(state.clone())));
        desk_view(desk, city, hours)
    });
    keep(name, &html);
    words(&html)
}

#[test]
fn the_column_of_earlier_consultations_says_that_it_is_loading_that_it_failed_that_there_are_none_and_which() {
    let failed = shown_with("desk-history-failed", Earlier::Failed);
    assert!(failed.contains("読みこめませんでした。もう一度"), "{failed}");
    assert!(shown_with("desk-history-loading", Earlier::Loading).contains("読みこんでいます"));
    let first = History { earlier: Vec::new() };
    assert!(shown_with("desk-history-first", Earlier::Known(first)).contains("はじめての相談です"));
    let row = EarlierRow {
        at: ago(1_500, 0),
        complaint: "発疹".into(),
        mode: "チャット".into(),
        disposition: "家庭で様子見".into(),
        worry: "背中に赤いぶつぶつがあります".into(),
        advice: Some("冷やしてください。".into()),
        safety_net: None,
        by: Some("高橋 助産師".into()),
    };
    let earlier = History { earlier: vec![row] };
    let known = shown_with("desk-history", Earlier::Known(earlier));
    assert!(known.contains("2026/11/21発疹・チャット家庭で様子見"), "{known}");
}

#[test]
fn all_dispositions_are_offered_and_none_is_chosen_for_the_clinician() {
    let html = shown("desk-record", evening());
    for one in Disposition::ALL {
        assert!(html.contains(&format!("value=\"{}\"", one.code())), "{}", one.label());
    }
    assert!(!html.contains("checked"));
    assert!(
        words(&html).contains("対応区分をえらんでください。"),
        "what is missing is said before it is pressed"
    );
}

#[test]
fn the_familys_words_can_end_no_element() {
    let mut kinds = nausea();
    kinds.push(family("<script>alert(1)</script>"));
    let page = DeskPage {
        open: vec![opened(3, kinds)],
        ..evening()
    };
    let html = shown("desk-hostile", page);
    assert!(!html.contains("<script>"));
}

#[test]
fn a_missed_call_waits_for_its_owner_with_every_way_on() {
    let mut kinds = nausea();
    let call = u64::try_from(kinds.len()).expect("small") + 1;
    kinds.extend([
        WireKind::CallOffered {
            by: sato(),
            mode: CallMode::Video,
        },
        WireKind::CallJoined {
            call,
            holder: Holder::Staff(sato()),
        },
        WireKind::CallEnded {
            call,
            outcome: CallOutcome::Unanswered,
            talk_seconds: 0,
            by: None,
        },
    ]);
    let evening = |kinds: Vec<WireKind>| DeskPage {
        open: vec![opened(3, kinds)],
        ..evening()
    };
    let text = words(&shown("desk-missed", evening(kinds.clone())));
    for said in [
        "応答がありませんでした",
        "あなたの呼び出し",
        "もう一度よぶ",
        "チャットで伝える",
        "対応ずみにする",
        "通話 応答なし",
    ] {
        assert!(text.contains(said), "{said}");
    }
    kinds.push(family("折り返しの電話をお願いします。"));
    let text = words(&shown("desk-missed-answered", evening(kinds.clone())));
    assert!(text.contains("このあと相談者から返信があります"));
    kinds.push(WireKind::MissedSettled { call, by: sato() });
    let text = words(&shown("desk-missed-settled", evening(kinds)));
    assert!(!text.contains("もう一度よぶ"));
}

#[test]
fn an_empty_evening_says_what_to_do() {
    let page = DeskPage {
        queue: QueueView::default(),
        open: Vec::new(),
        ..evening()
    };
    let text = words(&shown("desk-empty", page));
    assert!(text.contains("お待ちの方はいません"));
    assert!(text.contains("担当している相談はありません"));
}

#[test]
fn fifty_rows_and_more_say_how_many_are_not_shown() {
    let row = |number: u128| {
        let minutes = i64::try_from(number).expect("small");
        QueueRow {
            subject: "妊娠中・産後のとても長い対象の書き方がここに入ることがあります".into(),
            complaints: Complaint::ALL.iter().copied().take(6).collect(),
            worry: "とても長い心配ごと。".repeat(12),
            flags: vec!["C01".into(), "C02".into(), "C03".into(), "P01".into()],
            ..waiting(100 + number, Acuity::White, "", Complaint::Other, ago(minutes, 0))
        }
    };
    let me = staff(1, "長宗我部ヴィルヘルミーナ・アレクサンドリーナ", Role::Midwife);
    let queue = QueueView {
        rows: (0..50).map(row).collect(),
        waiting: vec![(Acuity::White, 63)],
        number: 1,
    };
    let text = words(&shown(
        "desk-fifty",
        DeskPage {
            me,
            queue,
            open: Vec::new(),
            ..evening()
        },
    ));
    assert!(text.contains("ほかに13組が待っています"));
    assert!(text.contains("63組"));
}

#[test]
fn a_signed_record_is_only_added_to() {
    let mut kinds = whole();
    kinds.truncate(kinds.len() - 2);
    let page = DeskPage {
        open: vec![opened(1, kinds)],
        ..evening()
    };
    let text = words(&shown("desk-signed", page));
    assert!(text.contains("追記する") && text.contains("相談を終える") && text.contains("確定済み"));
    assert!(!text.contains("確定だけする"));
}

#[test]
fn what_was_erased_is_said_to_be_where_it_stood() {
    let page = DeskPage {
        open: vec![opened(1, erased())],
        ..evening()
    };
    let text = words(&shown("desk-erased", page));
    for sentence in [
        "受付の内容は消去されています",
        "（消去されました）",
        "保存期間が過ぎたため消去されました",
    ] {
        assert!(text.contains(sentence), "{sentence}");
    }
    assert!(!text.contains("夜間救急に電話で引き継ぎ済み"));
}

/// The desk of this member of staff, who is writing this in the open consultation.
fn shown_writing(name: &str, me: Staff, text: &'static str) -> String {
    let mut kinds = begun(child("2024-08"), vec![Complaint::Fever], "熱", Acuity::Yellow);
    kinds.push(WireKind::Claimed {
        by: me.clone(),
        overtake_reason: None,
    });
    let page = DeskPage {
        me,
        open: vec![opened(3, kinds)],
        ..evening()
    };
    let html = rendered(move || {
        let (city, hours) = (page.city.clone(), page.hours.clone());
        let desk = Desk::new(page);
        desk.opened
            .with_untracked(|opened| opened.iter().for_each(|open| open.message.set(text.to_owned())));
        desk_view(desk, city, hours)
    });
    keep(name, &html);
    words(&html)
}

#[test]
fn a_midwife_sees_which_words_state_a_disease_the_rule_and_a_general_wording_while_she_types() {
    let marked = shown_writing(
        "desk-scope",
        takahashi(),
        "熱が高いですね。お子さんは中耳炎だと思います。",
    );
    for said in [
        "中耳炎だと思",
        "この人の病気を言い切っています（S01）",
        "言いかえの例：一般に、",
        "この言い方にかえる",
    ] {
        assert!(marked.contains(said), "{said} in {marked}");
    }
    let general = shown_writing("desk-scope-general", takahashi(), "気になる場合は受診してください。");
    assert!(!general.contains("この言い方にかえる"));
    let doctor = shown_writing("desk-scope-doctor", sato(), "中耳炎だと思います。");
    assert!(!doctor.contains("この言い方にかえる"), "a doctor judges");
}

#[test]
fn the_class_of_an_open_consultation_can_be_raised_and_lowered_from_where_it_stands() {
    let text = shown_writing("desk-class", sato(), "");
    for said in [
        "緊急度を変える",
        "赤・今すぐに上げる",
        "緑・受診の相談に下げる",
        "白・育児相談に下げる",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    assert!(!text.contains("黄・2時間以内に"), "the class that it has is no choice");
}

#[test]
fn no_word_of_medical_practice_is_on_the_desk() {
    let text = words(&shown("desk-words", evening()));
    for word in ["診療", "診察", "処方", "患者", "カルテ"] {
        assert!(!text.contains(word), "{word}");
    }
}
