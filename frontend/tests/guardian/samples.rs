//! A family's evening: models of every page and state.

pub(crate) use crate::evening::{Until, after_a_call, anytime, cancelled, erased, events, live, too_late};
use frontend::page::{
    City, Notice, OnDuty, Opening,
    guardian::{
        AppointmentDay, AppointmentPage, ConsentItem, DeviceRow, Door, Entrance, GuardianPage, GuardianView, GuestDoor,
        GuestPage, IntakePage, InvitationLink, InvitePage, InvitedRow, Mine, MineRow, Panel, Register, Replace,
        TicketPage, TicketStep, Transfer,
    },
};
use signaling::{
    call::{GuestRole, agent::BrowserFamily},
    consultation::Refusal,
    id::{CommandId, ConsultationId},
    intake::{Fault, FieldFault, IntakeDraft, IntakeField, IntakeStep},
    protocol::Cursor,
    queue::{Serving, position},
    time::At,
    triage::{Action, Phone, Question},
};
use uuid::Uuid;

/// 2026-11-22 19:40 in Tokyo.
pub(crate) const NOW: At = At(1_795_344_000_000);
pub(crate) const PATH: &str = "/t/abcdefghijkl";

pub(crate) fn command() -> CommandId {
    CommandId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001))
}

pub(crate) fn minutes_ago(minutes: i64) -> At {
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
        why: None,
        reply_hours: 24,
    }
}

pub(crate) fn on_duty() -> Vec<OnDuty> {
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

/// One clinician, who is free.
pub(crate) fn one_on_duty() -> Serving {
    Serving {
        service_seconds: 480,
        clinicians: 1,
        busy: 0,
    }
}

pub(crate) fn entrance(is_open: bool, registered: bool, open_ticket: Option<&str>) -> GuardianPage {
    page(GuardianView::Entrance(Entrance {
        opening: opening(is_open),
        waiting: 2,
        position: position(2, one_on_duty()),
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
    page(GuardianView::Register(Box::new(Register {
        passphrase: "こすもす".into(),
        reach: "checkup".into(),
        institution: "K7QW2MDA".into(),
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
    })))
}

pub(crate) fn questions() -> Vec<Question> {
    let q = |sign: &str, ask: &str, action, text: &str| Question {
        sign: sign.into(),
        rule: sign.into(),
        unless: Vec::new(),
        lines: Vec::new(),
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
        first: 3,
        folded: 5,
        panels,
        promise_changed: false,
        photos: Vec::new(),
        photo_fault: None,
        opening: opening(true),
    }
}

pub(crate) fn intake(intake: IntakePage) -> GuardianPage {
    ticket(TicketStep::Intake(Box::new(intake)))
}

/// About a woman who is pregnant or has given birth, at the first step, with what is wrong; or further on.
pub(crate) fn mother(at: IntakeStep, about: &str, field: Option<IntakeField>) -> GuardianPage {
    let draft = IntakeDraft {
        about: about.into(),
        born: String::new(),
        weeks: if about == "pregnant" { "44" } else { "" }.into(),
        relation: "self".into(),
        ..draft()
    };
    let fault = |field| FieldFault {
        step: IntakeStep::Subject,
        field,
        fault: Fault::Range,
    };
    let subject = if about == "pregnant" {
        "妊娠28週"
    } else {
        "産後6週"
    };
    intake(IntakePage {
        subject: Some(subject.into()),
        ..intake_page(at, draft, Vec::new(), field.map(fault).into_iter().collect())
    })
}

pub(crate) fn nothing_filled() -> Vec<FieldFault> {
    let fault = |step, field| FieldFault {
        step,
        field,
        fault: Fault::Missing,
    };
    vec![
        fault(IntakeStep::Symptoms, IntakeField::Complaints),
        fault(IntakeStep::Mode, IntakeField::Worry),
    ]
}

pub(crate) fn panel_119() -> Panel {
    Panel {
        rule: "C02".into(),
        action: Action::Call119,
        text: "相談を続けるより先に、119番に電話してください。".into(),
        lines: Vec::new(),
        source: "消防庁「ためらわず救急車を呼んでほしい症状（こども）」".into(),
    }
}

pub(crate) fn panel_visit() -> Panel {
    Panel {
        rule: "C10".into(),
        action: Action::VisitNow,
        text: "今すぐ医療機関を受診してください（目安2時間以内）。".into(),
        lines: Vec::new(),
        source: "ONLINE-QQ".into(),
    }
}

/// What a rule shows that comes first and has telephone lines.
pub(crate) fn panel_lines() -> Panel {
    let line = |name: &str, number: &str, hours: &str| Phone {
        name: name.into(),
        number: number.into(),
        hours: hours.into(),
    };
    Panel {
        rule: "C18".into(),
        action: Action::TalkNow,
        text: "中毒110番に電話で聞くことができます。この相談は、急ぎの相談として担当者に伝わります。".into(),
        lines: vec![
            line("大阪中毒110番", "072-727-2499", "24時間"),
            line("つくば中毒110番", "029-852-9999", "9時〜21時"),
            line("たばこ専用電話", "072-726-9922", ""),
        ],
        source: "宮崎県の案内（中毒110番）".into(),
    }
}

pub(crate) fn ticket(step: TicketStep) -> GuardianPage {
    page(GuardianView::Ticket(TicketPage {
        path: PATH.into(),
        consultation: ConsultationId(Uuid::from_u128(9)),
        command: command(),
        new_devices: Vec::new(),
        in_app: None,
        refused: None,
        other_open: None,
        step,
    }))
}

/// The same page with a refusal and a new device to tell of.
pub(crate) fn with_notices(mut page: GuardianPage) -> GuardianPage {
    if let GuardianView::Ticket(ticket) = &mut page.view {
        ticket.refused = Some(Refusal::Ended);
        ticket.new_devices = vec![("iPhone・Safari".into(), minutes_ago(3))];
    }
    page
}

pub(crate) fn door(fault: Option<&str>, locked: bool) -> GuardianPage {
    page(GuardianView::Door(Door {
        path: PATH.into(),
        has_recovery: true,
        fault: fault.map(str::to_owned),
        locked,
        command: command(),
    }))
}

pub(crate) fn enter() -> GuardianPage {
    page(GuardianView::Enter {
        action: "/e/token".into(),
        command: command(),
    })
}

/// A device of another family opened the QR code, or typed the number at the door.
pub(crate) fn replace() -> GuardianPage {
    page(GuardianView::Replace(Replace {
        action: format!("{PATH}/door"),
        fields: vec![("code".into(), "042917".into())],
        back: "/".into(),
    }))
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
        in_app: None,
    }))
}

/// The same inside of LINE, or of another app.
pub(crate) fn hand_over(app: BrowserFamily) -> GuardianPage {
    let mut page = transfer();
    if let GuardianView::Transfer(transfer) = &mut page.view {
        transfer.in_app = Some(app);
    }
    page
}

fn invitation() -> InvitationLink {
    let link = "https://hino.example/g/token".to_owned();
    InvitationLink {
        qr_svg:
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 4\"><path d=\"M0 0h1v1h-1zM2 1h1v2h-1z\"/></svg>"
                .into(),
        link,
    }
}

/// The times that are free on two days; with an appointment and a refusal, or none at all.
pub(crate) fn appointments(held: Option<At>, refused: Option<&str>, any: bool) -> GuardianPage {
    let evening = |hours: i64| AppointmentDay {
        slots: (0..6)
            .map(|number| At(NOW.0 + (hours * 60 + 40 + number * 20) * 60_000))
            .collect(),
    };
    page(GuardianView::Appointment(AppointmentPage {
        path: PATH.into(),
        command: command(),
        held,
        days: if any { vec![evening(0), evening(24)] } else { Vec::new() },
        panels: Vec::new(),
        refused: refused.map(str::to_owned),
    }))
}

pub(crate) fn invite(refused: Option<&str>) -> GuardianPage {
    let row = |invite, name: &str, standing: &str, link| InvitedRow {
        invite,
        name: name.into(),
        standing: standing.into(),
        link,
    };
    page(GuardianView::Invite(InvitePage {
        path: PATH.into(),
        command: CommandId(Uuid::from_u128(31)),
        invited: vec![
            row(9, "けんたさん（ご家族）", "21:40まで使えます", Some(invitation())),
            row(12, "林さん（通訳）", "参加しました", None),
        ],
        refused: refused.map(str::to_owned),
    }))
}

pub(crate) fn guest_door(fault: Option<&str>) -> GuardianPage {
    page(GuardianView::GuestDoor(GuestDoor {
        action: "/g/token".into(),
        command: CommandId(Uuid::from_u128(32)),
        role: GuestRole::Family,
        name: "けんた".into(),
        fault: fault.map(str::to_owned),
    }))
}

pub(crate) fn guest() -> GuardianPage {
    page(GuardianView::Guest(GuestPage {
        consultation: ConsultationId(Uuid::from_u128(7)),
        invite: 9,
        role: GuestRole::Family,
        name: "健太".into(),
        events: Vec::new(),
        cursor: Cursor(9),
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

/// The database does not answer.
pub(crate) fn try_again() -> GuardianPage {
    page(GuardianView::Notice(Notice {
        status: 503,
        code: "try_again".into(),
        title: "いま、つながりにくくなっています".into(),
        text: "少し待ってからページを読み込み直してください。入力した内容は失われません。急を要するときは119番に電話してください。".into(),
        link: None,
        at: NOW,
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
