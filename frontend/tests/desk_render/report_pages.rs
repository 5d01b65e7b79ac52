//! Reports.

use crate::{pictures::keep, reports, samples};
use frontend::{
    page::report::{
        Comparison, Connections, Kpi, LogFilter, Logs, Phones, Replay, ReportView, RuleLine, RulesPage, Satisfaction,
        Tasks,
    },
    report::report_page,
    shell::rendered,
};
use signaling::{actor::Role, report::Share};

fn shown(name: &str, role: Role, view: ReportView) -> String {
    let page = reports::page(role, view);
    let html = rendered(move || report_page(page));
    keep(name, &html);
    html
}

#[test]
fn a_supervisor_finds_consultations_and_opens_one() {
    let html = shown("logs", Role::Supervisor, ReportView::Logs(reports::logs()));
    assert!(html.contains("href=\"/logs/00000000-0000-0000-0000-000000000001\""));
    assert!(html.contains("123件"));
    assert!(html.contains("2 / 3ページ"));
    assert!(
        html.contains("/logs?from=2026-11-01&amp;mode=video&amp;page_number=3"),
        "the next page keeps the filter"
    );
    assert!(
        html.contains("value=\"video\" selected"),
        "the filter stays as it was typed"
    );
}

#[test]
fn what_nobody_took_in_time_stands_with_owner_and_deadline_and_is_closed_by_what_was_done() {
    let html = shown("overlooked", Role::Supervisor, ReportView::Tasks(reports::overlooked()));
    assert!(html.contains("（過ぎています）") && html.contains("まだいません"));
    assert!(html.contains("田中（監督者）"));
    assert!(html.contains("href=\"tel:09012345678\""), "whom else to telephone");
    assert_eq!(
        html.matches("自分が対応する").count(),
        1,
        "what somebody looks after is not taken from them"
    );
    assert_eq!(html.matches("name=\"words\"").count(), 2);
    assert_eq!(
        html.matches("role=\"alert\" class=\"fault\"").count(),
        1,
        "the fault stands beside its own form"
    );
    let nothing = shown(
        "overlooked-empty",
        Role::Supervisor,
        ReportView::Tasks(Tasks::default()),
    );
    assert!(nothing.contains("いま対応することはありません") && !nothing.contains("<textarea"));
}

#[test]
fn an_empty_list_says_what_to_change() {
    let list = |filter| {
        let logs = Logs {
            filter,
            ..Logs::default()
        };
        shown("logs-empty", Role::Supervisor, ReportView::Logs(logs))
    };
    assert!(list(LogFilter::default()).contains("この90日に届いた相談はありません"));
    let asked_for = LogFilter {
        mode: "video".into(),
        ..LogFilter::default()
    };
    assert!(list(asked_for).contains("この条件の相談はありません"));
}

#[test]
fn a_replay_shows_everything_in_order_and_who_saw_it() {
    let html = shown("replay", Role::Supervisor, ReportView::Replay(reports::replay()));
    let steps = [
        "受付",
        "危険サイン",
        "待ちに入る",
        "佐藤 医師が担当",
        "通話がつながる",
        "通話が遅れて始まる",
        "着信などで中断",
        "通話にもどる",
        "通話が途切れる",
        "通話が再開",
        "記録を確定",
        "記録に追記",
        "アンケート",
    ];
    let mut from = html.find("class=\"timeline\"").expect("a timeline");
    for step in steps {
        from += html[from..].find(step).unwrap_or_else(|| panic!("{step} follows"));
    }
    for words in [
        "職員だけに表示",
        "相談者と監督者だけに表示",
        "この画面を開いたことも記録されます。",
        "記録の連鎖を確認済み",
        "すぐ話せて安心しました",
        "損失 0.4%・往復 48ms",
        "C10（第1版）",
        "2026-11-v2+1a2b3c4d",
        "カメラとマイクの使用が許可されていませんでした。（スマートフォン・Safari）",
    ] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn a_replay_of_what_was_erased_still_shows_what_happened_when() {
    let replay = Replay {
        events: samples::log(samples::erased()),
        ..reports::replay()
    };
    let html = shown("replay-erased", Role::Supervisor, ReportView::Replay(replay));
    for words in [
        "内容が消去された相談",
        "保存期間が過ぎたため消去されました",
        "記録を確定",
        "アンケート",
    ] {
        assert!(html.contains(words), "{words}");
    }
    assert!(!html.contains("夜間救急に電話で引き継ぎ済み"));
}

#[test]
fn a_broken_chain_is_an_alert() {
    let replay = Replay {
        chain: Err("5番の記録が合いません".into()),
        ..reports::replay()
    };
    let html = shown("replay-broken", Role::Supervisor, ReportView::Replay(replay));
    assert!(html.contains("role=\"alert\"") && html.contains("5番の記録が合いません"));
}

#[test]
fn every_figure_of_the_supervisor_opens_what_it_counts() {
    let html = shown("kpi", Role::Supervisor, ReportView::Kpi(reports::kpi()));
    let period = "/logs?from=2026-04-01&amp;until=2027-03-31";
    assert!(html.contains(&format!("{period}&amp;answer=yes&amp;counted=yes")));
    assert!(html.contains(&format!("{period}&amp;counted=yes")));
    assert!(html.contains(&format!("{period}&amp;service=night&amp;counted=yes")));
    assert!(html.contains(&format!("{period}&amp;counted=abandoned")));
    assert!(html.contains(&format!(
        "{period}&amp;service=night&amp;acuity=red&amp;waited_minutes=0"
    )));
    assert!(html.contains("/logs?from=2026-05-01&amp;until=2026-05-30&amp;counted=yes"));
    assert!(html.contains(&format!("{period}&amp;cause=permission")));
    assert!(html.contains("/kpi.csv?year=2026"));
}

#[test]
fn satisfaction_is_shown_with_how_sure_it_is() {
    let html = shown("kpi-words", Role::Supervisor, ReportView::Kpi(reports::kpi()));
    for words in [
        "98.6",
        "95%区間 96.5 – 99.5",
        "回答率 48%（",
        ">291</a>",
        ">607</a>",
        "目標 95% を達成",
        "目標の 79%",
        "基準値 99%",
    ] {
        assert!(html.contains(words), "{words}");
    }
    let unsure = Share { hits: 48, of: 50 };
    let satisfaction = Satisfaction {
        share: Some(unsure),
        percent: unsure.percent(),
        interval: unsure.wilson(),
        ..reports::kpi().satisfaction
    };
    let html = shown(
        "kpi-unsure",
        Role::Supervisor,
        ReportView::Kpi(Kpi {
            satisfaction,
            ..reports::kpi()
        }),
    );
    assert!(html.contains("区間の下のはしは目標を下まわっています"));
}

#[test]
fn the_city_opens_no_case_and_sees_no_small_cell() {
    let html = shown("kpi-city", Role::CityViewer, ReportView::Kpi(reports::masked_kpi()));
    assert!(!html.contains("/logs"), "no way to the cases");
    assert!(html.contains("10未満") && html.contains("＊"));
    assert!(html.contains("個別の相談は表示されません"));
}

#[test]
fn pages_carry_no_inline_style_and_no_script() {
    let pages = [
        shown("x-kpi", Role::Supervisor, ReportView::Kpi(reports::kpi())),
        shown("x-replay", Role::Supervisor, ReportView::Replay(reports::replay())),
        shown("admin", Role::Administrator, ReportView::Admin(reports::admin())),
    ];
    for html in pages {
        assert!(!html.contains("style=\"") && !html.contains("<script"));
    }
}

#[test]
fn an_administrator_asks_for_the_connections_and_reads_what_mends_them() {
    let html = shown("admin-button", Role::Administrator, ReportView::Admin(reports::admin()));
    assert!(html.contains("つながりを確認する") && html.contains("action=\"/admin/connections\""));
    let found = reports::connections();
    let html = shown("admin-connections", Role::Administrator, ReportView::Connections(found));
    for words in ["1件、直すところがあります。", "要対応", "良好", "UDP 3478 番が通ること"] {
        assert!(html.contains(words), "{words}");
    }
    let busy = Connections {
        is_busy: true,
        ..Connections::default()
    };
    let html = shown(
        "admin-connections-busy",
        Role::Administrator,
        ReportView::Connections(busy),
    );
    assert!(html.contains("ほかの方が確認しているところです"));
}

#[test]
fn an_administrator_reads_the_passphrase_and_who_has_not_enrolled() {
    let html = shown("admin-words", Role::Administrator, ReportView::Admin(reports::admin()));
    for words in ["ひのっこ2026", "月 18:00–22:00", "登録待ち", "設定"] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn an_administrator_writes_down_whom_staff_telephone_and_reads_what_is_wrong_beside_its_field() {
    let entry = |name: &str, number: &str| (name.to_owned(), number.to_owned());
    let page = Phones {
        command: signaling::id::CommandId(uuid::Uuid::from_u128(1)),
        entries: vec![
            entry("当番の監督者", "090-1234-5678"),
            entry("母子保健課", "119"),
            entry("", ""),
        ],
        faults: vec![("number2".to_owned(), signaling::phone::PhoneFault.to_string())],
    };
    let html = shown("admin-phones", Role::Administrator, ReportView::Phones(page));
    for words in [
        "href=\"#number2\"",
        "value=\"119\"",
        "3番目",
        "type=\"tel\"",
        "aria-invalid=\"true\"",
    ] {
        assert!(html.contains(words), "{words} in {html}");
    }
}

#[test]
fn an_administrator_changes_the_hours_beside_what_families_read_now() {
    let html = shown(
        "admin-hours",
        Role::Administrator,
        ReportView::Hours(Box::new(reports::hours())),
    );
    for words in [
        "いま相談者に見えている表示：受付中",
        "href=\"#tue\"",
        "value=\"夜だけ\"",
        "12月31日（木）の変更を取り消す",
        "勤労感謝の日",
        "min=\"2026-11-22\"",
        "山本",
    ] {
        assert!(html.contains(words), "{words} in {html}");
    }
    assert!(
        html.contains("aria-invalid=\"true\""),
        "the field that is wrong says so"
    );
}

#[test]
fn an_administrator_reads_which_rules_stand_who_approved_them_and_what_is_still_to_be_decided() {
    let html = shown(
        "admin-rules",
        Role::Administrator,
        ReportView::Rules(Box::new(reports::rules())),
    );
    for words in [
        "承認済み 1件、動いている規則 2件",
        "動いています",
        "デモで動いています（未承認）",
        "停止中",
        "承認：佐藤 花子 医師、2026-11-20",
        "記録：山本、",
        "承認する医師へ：",
        "前の版は承認されています",
        "C11の承認を記録する",
        "未来の日付",
    ] {
        assert!(html.contains(words), "{words}");
    }
    // What was typed comes back, in the form that it was typed in.
    assert!(html.contains("value=\"鈴木 一郎\""));
    assert_eq!(
        html.matches("name=\"physician\"").count(),
        2,
        "what is approved asks for no approval"
    );
    let real = RulesPage {
        demo: false,
        rules: reports::rules()
            .rules
            .into_iter()
            .map(|rule| RuleLine { runs: false, ..rule })
            .collect(),
        ..reports::rules()
    };
    let html = shown(
        "admin-rules-none",
        Role::Administrator,
        ReportView::Rules(Box::new(real)),
    );
    assert!(html.contains("動いている規則がありません") && html.contains("承認待ち（動いていません）"));
}

#[test]
fn two_editions_stand_beside_each_other() {
    let html = shown(
        "admin-compare",
        Role::Administrator,
        ReportView::Comparison(reports::comparison()),
    );
    for words in [
        "第1版 → 第2版",
        "max_age",
        "新しい規則（第1版）",
        "版の番号が同じです",
        "（なし）",
    ] {
        assert!(html.contains(words), "{words}");
    }
    let unreadable = Comparison {
        rules: None,
        ..reports::comparison()
    };
    let html = shown(
        "admin-compare-none",
        Role::Administrator,
        ReportView::Comparison(unreadable),
    );
    assert!(html.contains("くらべられません"));
}

#[test]
fn a_notice_says_what_to_do() {
    let html = shown("notice", Role::Supervisor, ReportView::Notice(reports::notice()));
    assert!(html.contains("一覧から選び直してください。") && html.contains("href=\"/logs\""));
}
