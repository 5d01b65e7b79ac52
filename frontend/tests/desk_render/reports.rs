//! Reports, made up.

use crate::samples::{ago, city, consultation, log, now, staff, whole};
use frontend::page::{
    Notice,
    hours::{AppointmentsForm, DayForm, DayLine, HolidayYear, HoursPage, WeekForm},
    report::{
        Admin, Approval, ComparedField, ComparedRule, Comparison, ConnectionLine, Connections, DecisionLine,
        EditionLine, Figure, InstitutionRow, Kpi, LogFilter, LogRow, Logs, Look, MonthRow, OverlookedRow, PhoneLine,
        Replay, ReportPage, ReportView, RuleFault, RuleLine, RulePart, RulesPage, Satisfaction, Tasks, WaitRow,
    },
};
use signaling::{
    actor::Role,
    call::cause::CallCause,
    id::CommandId,
    ladder::Why,
    queue::Presence,
    report::{Share, Shown},
    time::At,
    triage::{Action, Acuity},
};

pub(crate) fn page(role: Role, view: ReportView) -> ReportPage {
    ReportPage {
        city: city(),
        now: now(),
        me: staff(5, "田中", role),
        view,
    }
}

/// One that is late and nobody's, one that a supervisor looks after.
pub(crate) fn overlooked() -> Tasks {
    let row = |number: u128, minutes: i64, owner| OverlookedRow {
        consultation: consultation(number),
        since: ago(minutes, 0),
        due_at: At(ago(minutes, 0).0 + 600_000),
        why: Why::Unclaimed.label().into(),
        class: Acuity::Yellow.label().into(),
        subject: "1歳".into(),
        standing: "待っています".into(),
        presence: Presence::Away.label().into(),
        owner,
        take: CommandId(uuid::Uuid::from_u128(number + 100)),
        close: CommandId(uuid::Uuid::from_u128(number + 200)),
    };
    Tasks {
        overlooked: vec![row(1, 25, None), row(2, 3, Some(staff(5, "田中", Role::Supervisor)))],
        phones: vec![PhoneLine {
            name: "当番の監督者".into(),
            shown: "090-1234-5678".into(),
            digits: "09012345678".into(),
        }],
        lines: Vec::new(),
        fault: Some((consultation(1), None, "文字を入れてください。".into())),
    }
}

pub(crate) fn logs() -> Logs {
    let row = |number: u128, acuity: &str, complaint: &str, outcome: &str| LogRow {
        consultation: consultation(number),
        requested_at: ago(60 * i64::try_from(number).expect("small"), 0),
        subject: "1歳".into(),
        complaint: complaint.into(),
        mode: "ビデオ".into(),
        acuity: acuity.into(),
        clinician: Some("佐藤 医師".into()),
        waited_seconds: Some(130),
        outcome: outcome.into(),
        answer: Some("そう思う".into()),
        missed_calls: 0,
        causes: Vec::new(),
        reasoned: Vec::new(),
    };
    Logs {
        filter: LogFilter {
            from: "2026-11-01".into(),
            mode: "video".into(),
            page_number: 2,
            ..LogFilter::default()
        },
        clinicians: vec![("a".into(), "佐藤 医師".into()), ("b".into(), "高橋 助産師".into())],
        rows: vec![
            row(1, "赤・今すぐ", "発熱", "今すぐ受診"),
            LogRow {
                missed_calls: 2,
                causes: vec!["カメラ・マイクの許可".into()],
                reasoned: vec!["順番を変えた".into(), "病気にふれる表現".into()],
                ..row(2, "白・育児相談", "授乳・離乳食", "助言のみ")
            },
            LogRow {
                clinician: None,
                waited_seconds: None,
                answer: None,
                ..row(3, "緑・受診の相談", "発疹・皮ふ", "待っています")
            },
        ],
        total: 123,
        opened_from: Some("相談件数（令和8年度）".into()),
    }
}

pub(crate) fn replay() -> Replay {
    Replay {
        rules: "2026-11-v2+1a2b3c4d".into(),
        fired: vec![("C10".into(), 1)],
        consultation: consultation(1),
        events: log(whole()),
        chain: Ok(23),
        looks: vec![Look {
            at: ago(5, 0),
            who: "田中（監督者）".into(),
            what: "開いた".into(),
        }],
    }
}

pub(crate) fn kpi() -> Kpi {
    let totals = [
        (56, 40),
        (62, 44),
        (69, 50),
        (75, 52),
        (91, 60),
        (79, 55),
        (83, 58),
        (92, 63),
    ];
    let months = totals
        .into_iter()
        .zip(4_u32..)
        .map(|((total, anytime), month)| MonthRow {
            label: format!("{month}月"),
            from: format!("2026-{month:02}-01"),
            until: format!("2026-{month:02}-30"),
            night: Shown::Count(total - anytime),
            anytime: Shown::Count(anytime),
            total: Shown::Count(total),
        })
        .collect();
    let wait = |acuity: &str, label: &str, count| WaitRow {
        acuity: acuity.into(),
        label: label.into(),
        count,
        median_seconds: Some(190),
        p90_seconds: Some(760),
        longest_seconds: Some(3900),
    };
    let share = Share { hits: 287, of: 291 };
    Kpi {
        fiscal_year: 2026,
        years: vec![2026, 2025],
        period: "2026年4月1日 – 11月22日".into(),
        definition: 1,
        masked: false,
        satisfaction: Satisfaction {
            share: Some(share),
            percent: share.percent(),
            interval: share.wilson(),
            rather_yes: Shown::Count(3),
            answered: Some(Share { hits: 291, of: 607 }),
            target: 95.0,
            baseline: 99.0,
        },
        registered: Figure {
            count: Shown::Count(632),
            this_month: Some(Shown::Count(48)),
            target: 800,
            baseline: 245,
        },
        registered_new: Shown::Count(322),
        reaches: vec![
            ("母子手帳".into(), Shown::Count(130)),
            ("保健師".into(), Shown::Count(73)),
            ("園".into(), Shown::Count(57)),
        ],
        institutions: vec![InstitutionRow {
            code: "K7QW2MDA".into(),
            name: "ひばり保育園".into(),
            kind: "保育園".into(),
            registered: Shown::Count(41),
            consultations: Shown::Count(63),
        }],
        unlinked_devices: Shown::Count(12),
        consultations: Figure {
            count: Shown::Count(607),
            this_month: Some(Shown::Count(92)),
            target: 1440,
            baseline: 308,
        },
        by_service: vec![
            ("夜間相談".into(), Shown::Count(185)),
            ("いつでも相談".into(), Shown::Count(422)),
        ],
        apart: vec![
            ("相談者が離れた".into(), Shown::Count(12)),
            ("通信の失敗".into(), Shown::Count(11)),
            ("まだ返事をしていない".into(), Shown::Count(3)),
            ("相談者がとりやめた".into(), Shown::Count(0)),
        ],
        causes: CallCause::ALL
            .iter()
            .zip([6, 14, 3, 9, 1, 4, 11, 2])
            .map(|(cause, count)| (cause.label().to_owned(), Shown::Count(count)))
            .collect(),
        months,
        waits: vec![
            wait("red", "赤・今すぐ", Shown::Count(7)),
            wait("yellow", "黄・2時間以内", Shown::Count(64)),
            wait("green", "緑・受診の相談", Shown::Count(98)),
        ],
    }
}

/// The same year as the city sees it.
pub(crate) fn masked_kpi() -> Kpi {
    let kpi = kpi();
    let months = kpi
        .months
        .iter()
        .enumerate()
        .map(|(index, row)| match index {
            0 => MonthRow {
                night: Shown::Under10,
                anytime: Shown::Hidden,
                ..row.clone()
            },
            1 => MonthRow {
                night: Shown::Under10,
                anytime: Shown::Under10,
                total: Shown::Under10,
                ..row.clone()
            },
            _ => row.clone(),
        })
        .collect();
    Kpi {
        masked: true,
        months,
        satisfaction: Satisfaction {
            share: None,
            answered: None,
            rather_yes: Shown::Under10,
            ..kpi.satisfaction
        },
        waits: kpi
            .waits
            .into_iter()
            .take(1)
            .map(|row| WaitRow {
                count: Shown::Under10,
                ..row
            })
            .collect(),
        ..kpi
    }
}

pub(crate) fn admin() -> Admin {
    let qr = "<svg viewBox=\"0 0 10 10\" xmlns=\"http://www.w3.org/2000/svg\"><rect width=\"10\" height=\"10\" fill=\"#fff\"/><path d=\"M1 1h3v3H1zM6 1h3v3H6zM1 6h3v3H1zM6 6h2v2H6z\"/></svg>";
    Admin {
        passphrases: vec![(
            "ひのっこ2026".into(),
            "http://hino.localhost:8080/register?p=abc".into(),
            qr.into(),
        )],
        hours: vec!["月 18:00–22:00".into(), "火 18:00–22:00".into()],
        staff: vec![
            ("佐藤".into(), "小児科医".into(), "有効".into()),
            ("高橋".into(), "助産師".into(), "登録待ち".into()),
        ],
    }
}

pub(crate) fn connections() -> Connections {
    let line = |name: &str, address: Option<&str>, found: Result<&str, &str>| ConnectionLine {
        name: name.into(),
        address: address.map(str::to_owned),
        is_well: found.is_ok(),
        text: found.unwrap_or_else(|mend| mend).into(),
    };
    Connections {
        at: now(),
        is_busy: false,
        lines: vec![
            line("データベース", None, Ok("開けました（自治体 2件）")),
            line("証明書", None, Ok("soudan.example.jp:443 の証明書は有効です")),
            line(
                "中継（UDP）",
                Some("turn:soudan.example.jp:3478?transport=udp"),
                Err("応答がありません。soudan edge が動いていること、UDP 3478 番が通ることを確かめてください"),
            ),
        ],
    }
}

pub(crate) fn notice() -> Notice {
    Notice {
        status: 404,
        code: "not_found".into(),
        title: "この相談は見つかりません".into(),
        text: "一覧から選び直してください。".into(),
        link: Some(("/logs".into(), "一覧へ".into())),
        at: now(),
    }
}

fn rule_line(id: &str, version: u32) -> RuleLine {
    RuleLine {
        id: id.into(),
        version,
        fingerprint: "f".repeat(64),
        whom: "子ども、0か月から15歳未満".into(),
        parts: vec![RulePart {
            action: Action::VisitNow,
            any_of: vec!["ボタン電池・コイン電池を飲んだ、鼻に入れた（そうかもしれない）".into()],
            text: "今すぐ（目安2時間以内に）医療機関へ行ってください。迷うときは119番に電話してください。".into(),
        }],
        unless: Vec::new(),
        source_title: "消費者庁の安全メール（ボタン電池）".into(),
        source_url: "https://www.caa.go.jp/kodomo/mail/past/vol/20170719.php".into(),
        source_edition: "2017-07-19".into(),
        source_read_on: "2026-11-01".into(),
        remark: None,
        is_enabled: true,
        runs: true,
        approval: None,
        earlier_was_approved: false,
        command: signaling::id::CommandId(uuid::Uuid::from_u128(5)),
    }
}

/// A week of evenings, a day that is closed, and a fault in the form of the week.
pub(crate) fn hours() -> HoursPage {
    let command = signaling::id::CommandId(uuid::Uuid::from_u128(6));
    let mut week = [(); 7].map(|()| "18:00-22:00".to_owned());
    week[1] = "夜だけ".into();
    HoursPage {
        now_shown: "受付中　18:00 – 22:00（受付は21:45まで）".into(),
        today: "2026-11-22".into(),
        until: "2028-11-22".into(),
        week: WeekForm {
            command,
            week,
            holidays_apart: true,
            holidays: String::new(),
            last_arrival: "15".into(),
            reply_hours: "24".into(),
            fault: Some(("tue".into(), "「18:00-22:00」のように入れてください。".into())),
        },
        day: DayForm {
            command,
            date: String::new(),
            is_open: false,
            spans: String::new(),
            why: String::new(),
            fault: None,
        },
        appointments: AppointmentsForm {
            command,
            offers: true,
            an_hour: "3".into(),
            families: "0".into(),
            held: (5, 1),
            fault: Some(("families".into(), "1から10までの数で入れてください。".into())),
        },
        days: vec![DayLine {
            date: "2026-12-31".into(),
            label: "12月31日（木）".into(),
            spans: "休み".into(),
            why: "年末年始".into(),
            command,
        }],
        holidays: vec![HolidayYear {
            year: 2026,
            days: vec![("11月23日（月・祝）".into(), "勤労感謝の日".into(), "休み".into())],
        }],
        changes: vec![(now(), "12月31日（木）を休みに（年末年始）".into(), "山本".into())],
    }
}

/// One that is approved, one that waits for it after a fault, one that is switched off.
pub(crate) fn rules() -> RulesPage {
    let approved = RuleLine {
        approval: Some(Approval {
            physician: "佐藤 花子".into(),
            on: "2026-11-20".into(),
            written: Some(("山本".into(), now())),
        }),
        ..rule_line("C01", 2)
    };
    let waiting = RuleLine {
        remark: Some("出典が分かれている：どちらにするかを決めてください。".into()),
        earlier_was_approved: true,
        ..rule_line("C11", 1)
    };
    let off = RuleLine {
        is_enabled: false,
        runs: false,
        unless: vec!["C04".into()],
        parts: vec![RulePart {
            action: Action::SecondClass,
            any_of: vec!["体温が39.0℃以上（3か月から6か月未満）".into()],
            text: String::new(),
        }],
        ..rule_line("C15", 1)
    };
    let decision = |what: &str| DecisionLine {
        at: now(),
        rule: "C01".into(),
        version: 2,
        what: what.into(),
        by: "山本".into(),
    };
    RulesPage {
        edition: "2026-11-v2".into(),
        own_file: false,
        demo: true,
        today: "2026-11-22".into(),
        rules: vec![approved, waiting, off],
        decisions: vec![decision("承認（佐藤 花子 医師、2026-11-20）")],
        editions: editions(),
        running: "a".repeat(64),
        fault: Some(RuleFault {
            rule: "C11".into(),
            text: "承認した日が未来の日付になっています。".into(),
            physician: "鈴木 一郎".into(),
            approved_on: "2027-11-20".into(),
        }),
    }
}

fn editions() -> Vec<EditionLine> {
    let one = |letter: &str, edition: &str| EditionLine {
        digest: letter.repeat(64),
        edition: edition.into(),
        first_at: now(),
    };
    vec![one("a", "2026-11-v2"), one("b", "2026-10-v1")]
}

pub(crate) fn comparison() -> Comparison {
    let field = |name: &str, before: Option<&str>, after: Option<&str>| ComparedField {
        field: name.into(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    };
    let rule = |id: &str, before: Option<u32>, after: Option<u32>, fields: Vec<ComparedField>| ComparedRule {
        rule: id.into(),
        before,
        after,
        is_uncounted: before.is_some() && before == after,
        fields,
    };
    let [to, from] = [0, 1].map(|number: usize| editions()[number].clone());
    Comparison {
        from,
        to,
        editions: editions(),
        rules: Some(vec![
            rule("C10", Some(1), Some(2), vec![field("max_age", Some("3m"), Some("4m"))]),
            rule("C11", None, Some(1), vec![field("action", None, Some("visit_now"))]),
            rule(
                "C12",
                Some(1),
                Some(1),
                vec![field("any_of.c12_rash.ask.ja", Some("前"), Some("後"))],
            ),
        ]),
    }
}
