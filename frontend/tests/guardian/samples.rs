//! A family's evening: models of every page and state.

use frontend::page::{
    City, Notice, OnDuty, Opening,
    guardian::{
        ConsentItem, DeviceRow, Door, Entrance, GuardianPage, GuardianView, IntakePage, LivePage, Mine, MineRow, Panel,
        Register, TicketPage, TicketStep, Transfer,
    },
};
use signaling::{
    actor::{Role, Staff},
    consultation::{Lane, Speaker, WireEvent, WireKind},
    id::{CommandId, ConsultationId, StaffId},
    intake::{
        Complaint, Fault, FieldFault, Intake, IntakeDraft, IntakeField, IntakeStep, Mode, Onset, Relation, Service,
    },
    note::Disposition,
    protocol::Cursor,
    queue::position,
    subject::{Born, Subject},
    survey::Answer,
    time::At,
    triage::{Action, Question},
};
use uuid::Uuid;

/// 2026-11-22 19:40 in Tokyo.
pub(crate) const NOW: At = At(1_795_344_000_000);
pub(crate) const PATH: &str = "/t/abcdefghijkl";

pub(crate) fn command() -> CommandId {
    CommandId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001))
}

fn minutes_ago(minutes: i64) -> At {
    At(NOW.0 - minutes * 60_000)
}

pub(crate) fn page(view: GuardianView) -> GuardianPage {
    let city = City {
        name: "日野市".into(),
        service_name: "ひの子育て相談".into(),
        demo: true,
    };
    GuardianPage { city, now: NOW, view }
}

pub(crate) fn opening(is_open: bool) -> Opening {
    let hours = if is_open {
        "18:00 – 22:00"
    } else {
        "次は11月24日（火）18:00から"
    };
    Opening {
        is_open,
        hours: hours.into(),
        reply_hours: 24,
    }
}

fn on_duty() -> Vec<OnDuty> {
    vec![
        OnDuty {
            name: "佐藤".into(),
            addressed: "佐藤 医師".into(),
            profession: "小児科医".into(),
        },
        OnDuty {
            name: "高橋".into(),
            addressed: "高橋 助産師".into(),
            profession: "助産師".into(),
        },
    ]
}

pub(crate) fn entrance(is_open: bool, registered: bool, open_ticket: Option<&str>) -> GuardianPage {
    page(GuardianView::Entrance(Entrance {
        opening: opening(is_open),
        waiting: 2,
        position: position(2, 480, 1),
        on_duty: if is_open { on_duty() } else { Vec::new() },
        registered,
        open_ticket: open_ticket.map(str::to_owned),
        command: command(),
    }))
}

pub(crate) fn register(faults: Vec<(String, String)>) -> GuardianPage {
    let consent = |purpose: &str, text: &str, required| ConsentItem {
        purpose: purpose.into(),
        text: text.into(),
        required,
        given: required,
        version: "1".into(),
    };
    page(GuardianView::Register(Register {
        passphrase: "こすもす".into(),
        reach: "checkup".into(),
        reaches: vec![
            ("checkup".into(), "健診・訪問".into()),
            ("leaflet".into(), "チラシ・ポスター".into()),
        ],
        consents: vec![
            consent(
                "consultation",
                "相談のために、入力した内容を担当の医師・助産師が見ること",
                true,
            ),
            consent(
                "municipal_sharing",
                "必要なときに、市の母子保健の担当と共有すること",
                false,
            ),
            consent("statistics", "個人がわからない形で、統計に使うこと", true),
            consent(
                "quality_audit",
                "相談の質を確かめるために、責任者が記録を読むこと",
                false,
            ),
        ],
        recovery: String::new(),
        draft: IntakeDraft {
            about: "child".into(),
            born: "2024-08".into(),
            ..IntakeDraft::default()
        },
        faults,
        command: Some(command()),
    }))
}

pub(crate) fn questions() -> Vec<Question> {
    let q = |sign: &str, ask: &str, action, text: &str| Question {
        sign: sign.into(),
        ask: ask.into(),
        action,
        text: text.into(),
        source: "消防庁「ためらわず救急車を呼んでほしい症状（こども）」".into(),
    };
    let at_once = "相談を続けるより先に、119番に電話してください。";
    vec![
        q("unresponsive", "返事がない、ぼんやりしている", Action::Call119, at_once),
        q("blue_lips", "くちびるが紫で、呼吸が弱い", Action::Call119, at_once),
        q("convulsion", "けいれんが続いている", Action::Call119, at_once),
        q(
            "battery",
            "ボタン電池を飲んだかもしれない",
            Action::VisitNow,
            "今すぐ医療機関を受診してください（目安2時間以内）。",
        ),
    ]
}

pub(crate) fn draft() -> IntakeDraft {
    IntakeDraft {
        about: "child".into(),
        born: "2024-08-20".into(),
        relation: "mother".into(),
        complaints: vec!["fever".into()],
        onset: "yesterday".into(),
        temperature: "38.9".into(),
        worry: "昨日の夜から熱があり、水分をあまりとりません。<b>\n2行目".into(),
        mode: "video".into(),
        ..IntakeDraft::default()
    }
}

pub(crate) fn intake_page(
    at: IntakeStep,
    draft: IntakeDraft,
    panels: Vec<Panel>,
    faults: Vec<FieldFault>,
) -> IntakePage {
    IntakePage {
        at,
        draft,
        revision: 3,
        faults,
        subject: Some("2歳3か月".into()),
        questions: questions(),
        panels,
        opening: opening(true),
    }
}

pub(crate) fn intake(intake: IntakePage) -> GuardianPage {
    ticket(TicketStep::Intake(Box::new(intake)))
}

pub(crate) fn worry_missing() -> Vec<FieldFault> {
    let fault = |field, fault| FieldFault {
        step: IntakeStep::Symptoms,
        field,
        fault,
    };
    vec![
        fault(IntakeField::Complaints, Fault::Missing),
        fault(IntakeField::Worry, Fault::Missing),
    ]
}

pub(crate) fn panel_119() -> Panel {
    Panel {
        rule: "C02".into(),
        action: Action::Call119,
        text: "相談を続けるより先に、119番に電話してください。".into(),
        source: "消防庁「ためらわず救急車を呼んでほしい症状（こども）」".into(),
    }
}

pub(crate) fn panel_visit() -> Panel {
    Panel {
        rule: "C10".into(),
        action: Action::VisitNow,
        text: "今すぐ医療機関を受診してください（目安2時間以内）。".into(),
        source: "ONLINE-QQ".into(),
    }
}

fn ticket(step: TicketStep) -> GuardianPage {
    page(GuardianView::Ticket(TicketPage {
        path: PATH.into(),
        consultation: ConsultationId(Uuid::from_u128(9)),
        command: command(),
        new_devices: Vec::new(),
        refused: None,
        step,
    }))
}

/// The same page with a refusal and a new device to tell of.
pub(crate) fn with_notices(mut page: GuardianPage) -> GuardianPage {
    if let GuardianView::Ticket(ticket) = &mut page.view {
        ticket.refused = Some("この相談は終わっています。".into());
        ticket.new_devices = vec![("iPhone・Safari".into(), minutes_ago(3))];
    }
    page
}

pub(crate) fn doctor() -> Staff {
    Staff {
        id: StaffId(Uuid::from_u128(1)),
        name: "佐藤".into(),
        role: Role::Pediatrician,
    }
}

pub(crate) fn midwife() -> Staff {
    Staff {
        id: StaffId(Uuid::from_u128(2)),
        name: "高橋".into(),
        role: Role::Midwife,
    }
}

fn sent_intake() -> Intake {
    Intake {
        subject: Subject::Child {
            born: Born::try_from("2024-08-20".to_owned()).expect("a date"),
        },
        relation: Relation::Mother,
        complaints: vec![Complaint::Fever, Complaint::Feeding],
        onset: Some(Onset::Yesterday),
        temperature_tenths: Some(389),
        signs: Vec::new(),
        no_signs: true,
        worry: "昨日の夜から熱があり、水分をあまりとりません。".into(),
        mode: Mode::Video,
        quiet: false,
    }
}

fn said(speaker: Speaker, text: &str) -> WireKind {
    WireKind::Said {
        speaker,
        lane: Lane::Everyone,
        text: Some(text.into()),
    }
}

/// How far the evening has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Until {
    Sent,
    Waiting,
    Talking,
    Over,
    Surveyed,
}

pub(crate) fn events(until: Until) -> Vec<WireEvent> {
    let family = Speaker::Guardian;
    let mut log = vec![
        (
            Until::Sent,
            14,
            WireKind::Requested {
                service: Service::Night,
                mode: Mode::Video,
                quiet: false,
                intake: Some(Box::new(sent_intake())),
            },
        ),
        (Until::Sent, 14, WireKind::Queued { acuity: None }),
        (
            Until::Waiting,
            12,
            said(
                Speaker::Staff(midwife()),
                "お待たせしています。少しずつ水分をあげてみてください。",
            ),
        ),
        (Until::Waiting, 10, said(family.clone(), "はい、スプーンで飲めました")),
        (
            Until::Talking,
            6,
            WireKind::Claimed {
                by: doctor(),
                overtake_reason: None,
            },
        ),
        (
            Until::Talking,
            5,
            said(
                Speaker::Staff(doctor()),
                "こんばんは。小児科の佐藤です。\nおしっこは今日何回くらい出ていますか？",
            ),
        ),
        (
            Until::Talking,
            4,
            said(family.clone(), "4回くらいです。色は少し濃いかもしれません。"),
        ),
        (
            Until::Talking,
            3,
            said(
                Speaker::Staff(doctor()),
                "ありがとうございます。抱っこすると目は合いますか？",
            ),
        ),
        (Until::Talking, 2, said(family, "合います。さっき少し笑いました")),
    ];
    log.push((
        Until::Over,
        1,
        WireKind::NoteSigned {
            by: doctor(),
            disposition: Some(Disposition::HomeCare),
            advice: Some(
                "水分を少しずつ、回数を多くあげてください。眠れていれば、無理に熱を下げなくて大丈夫です。".into(),
            ),
            safety_net: Some("・半日おしっこが出ない\n・ぐったりして目が合わない\n・呼吸が速く苦しそう".into()),
            note: None,
        },
    ));
    log.push((Until::Over, 1, WireKind::Closed { by: doctor() }));
    log.push((
        Until::Surveyed,
        0,
        WireKind::Surveyed {
            answer: Answer::Yes,
            words: None,
        },
    ));
    log.into_iter()
        .filter(|(step, ..)| *step <= until)
        .zip(1..)
        .map(|((_, minutes, kind), seq)| WireEvent {
            seq,
            at: minutes_ago(minutes),
            kind,
        })
        .collect()
}

pub(crate) fn live(events: Vec<WireEvent>, ahead: Option<u32>, panels: Vec<Panel>) -> GuardianPage {
    ticket(TicketStep::Live(LivePage {
        cursor: Cursor(events.last().map_or(0, |event| event.seq)),
        survey_open: events.iter().any(|event| matches!(event.kind, WireKind::Closed { .. })),
        events,
        position: ahead.map(|ahead| position(ahead, 480, 1)),
        panels,
        on_duty: on_duty(),
        message_draft: "</textarea><script>alert(1)</script>".into(),
        draft_revision: 1,
        opening: opening(true),
    }))
}

pub(crate) fn cancelled() -> GuardianPage {
    let mut events = events(Until::Waiting);
    let seq = events.len() as u64 + 1;
    events.push(WireEvent {
        seq,
        at: minutes_ago(1),
        kind: WireKind::Cancelled,
    });
    live(events, None, Vec::new())
}

pub(crate) fn door(fault: Option<&str>, locked: bool) -> GuardianPage {
    page(GuardianView::Door(Door {
        path: PATH.into(),
        has_recovery: true,
        fault: fault.map(str::to_owned),
        locked,
    }))
}

pub(crate) fn enter() -> GuardianPage {
    page(GuardianView::Enter {
        action: "/e/token".into(),
    })
}

pub(crate) fn transfer() -> GuardianPage {
    let squares: String = (0..21 * 21)
        .filter(|i| (i * 7 + i / 21 * 3) % 5 < 2)
        .map(|i| format!("M{} {}h1v1h-1z", i % 21, i / 21))
        .collect();
    page(GuardianView::Transfer(Transfer {
        path: PATH.into(),
        code: "042917".into(),
        qr_svg: format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-2 -2 25 25\"><path d=\"{squares}\"/></svg>"
        ),
        link: "https://hino.example/e/token".into(),
        expires_at: At(NOW.0 + 290_000),
    }))
}

pub(crate) fn mine() -> GuardianPage {
    page(GuardianView::Mine(Mine {
        consultations: vec![
            MineRow {
                path: PATH.into(),
                at: minutes_ago(14),
                standing: "待っています".into(),
                open: true,
            },
            MineRow {
                path: "/t/old".into(),
                at: minutes_ago(9000),
                standing: "おわりました".into(),
                open: false,
            },
        ],
        devices: vec![
            DeviceRow {
                device: "1".into(),
                name: "iPhone・Safari".into(),
                since: minutes_ago(9000),
                this: true,
            },
            DeviceRow {
                device: "2".into(),
                name: "Android・Chrome".into(),
                since: minutes_ago(14),
                this: false,
            },
        ],
    }))
}

pub(crate) fn notice() -> GuardianPage {
    page(GuardianView::Notice(Notice {
        status: 404,
        code: "not_found".into(),
        title: "このページは見つかりません".into(),
        text: "リンクの文字が途中で切れているかもしれません。もう一度、届いたリンクを開いてください。".into(),
        link: None,
        at: NOW,
    }))
}
