//! What the server writes into the document is what the browser comes to life from, but for the parts that stay as they are.

use super::page;
use crate::{
    page::{
        City, Notice, OnDuty, Opening,
        guardian::{GuardianPage, GuardianView, IntakePage, LivePage, Panel, TicketPage, TicketStep},
    },
    shell::json_in_script,
};
use signaling::{
    consultation::{Refusal, WireEvent, WireKind},
    id::{CommandId, ConsultationId},
    intake::{IntakeDraft, IntakeStep, Mode, Service},
    protocol::Cursor,
    queue::Position,
    time::At,
    triage::{Action, Phone, Question},
};
use uuid::Uuid;

fn of(view: GuardianView) -> GuardianPage {
    GuardianPage {
        city: City {
            name: "日野市".into(),
            service_name: "ひの子育て相談".into(),
            demo: true,
        },
        now: At(1_795_344_000_000),
        view,
    }
}

fn ticket(step: TicketStep) -> TicketPage {
    TicketPage {
        path: "/t/abcdefghijkl".into(),
        consultation: ConsultationId(Uuid::from_u128(7)),
        command: CommandId(Uuid::from_u128(8)),
        new_devices: Vec::new(),
        in_app: None,
        refused: None,
        other_open: None,
        step,
    }
}

fn opening() -> Opening {
    Opening {
        is_open: true,
        hours: "18:00 – 22:00".into(),
        why: None,
        reply_hours: 24,
    }
}

fn panel() -> Panel {
    Panel {
        rule: "C01".into(),
        action: Action::Call119,
        text: "すぐに<b>119</b>へ".into(),
        lines: vec![Phone {
            name: "救急車".into(),
            number: "119".into(),
            hours: String::new(),
        }],
        source: "こどもの救急".into(),
    }
}

fn sent(page: &GuardianPage) -> String {
    json_in_script(&serde_json::to_string(page).expect("a model is JSON"))
}

fn live() -> LivePage {
    LivePage {
        events: vec![WireEvent {
            seq: 1,
            at: At(1_795_343_000_000),
            kind: WireKind::Requested {
                service: Service::Night,
                mode: Mode::Chat,
                quiet: false,
                intake: None,
            },
        }],
        cursor: Cursor(1),
        position: Some(Position {
            ahead: 1,
            from_minutes: Some(5),
            to_minutes: Some(15),
        }),
        reply_by: None,
        later_by: None,
        books: false,
        panels: Vec::new(),
        on_duty: Vec::new(),
        message_draft: "まだ</textarea>熱が".into(),
        draft_revision: 3,
        survey_open: true,
        survey_draft: Box::default(),
        opening: opening(),
    }
}

#[test]
fn a_living_ticket_is_read_without_its_still_parts() {
    let mut written = ticket(TicketStep::Live(LivePage {
        panels: vec![panel()],
        on_duty: vec![OnDuty {
            name: "佐藤".into(),
            addressed: "佐藤 医師".into(),
            profession: "小児科医".into(),
        }],
        ..live()
    }));
    written.refused = Some(Refusal::Empty);
    written.new_devices = vec![("iPhone".into(), At(0))];
    let read = page(&sent(&of(GuardianView::Ticket(written))));
    let mut expected = ticket(TicketStep::Live(live()));
    expected.refused = Some(Refusal::Empty);
    assert_eq!(read, Some(of(GuardianView::Ticket(expected))));
}

#[test]
fn a_ticket_that_was_promised_an_answer_instead_of_a_place_is_read_with_the_time() {
    let anytime = LivePage {
        position: None,
        reply_by: Some(At(1_795_400_000_000)),
        ..live()
    };
    let written = of(GuardianView::Ticket(ticket(TicketStep::Live(anytime))));
    assert_eq!(page(&sent(&written)), Some(written));
}

#[test]
fn an_intake_is_read_with_its_signs_questions_and_panels() {
    let step = IntakePage {
        at: IntakeStep::Signs,
        draft: IntakeDraft {
            signs: vec!["blue_lips".into()],
            ..IntakeDraft::default()
        },
        revision: 0,
        faults: Vec::new(),
        subject: None,
        questions: vec![Question {
            sign: "blue_lips".into(),
            rule: "C02".into(),
            unless: vec!["C01".into()],
            lines: panel().lines,
            ask: "唇が青い".into(),
            action: Action::Call119,
            text: "すぐに119へ".into(),
            source: "こどもの救急".into(),
        }],
        first: 0,
        folded: 0,
        panels: vec![panel()],
        promise_changed: false,
        photos: Vec::new(),
        photo_fault: None,
        opening: opening(),
    };
    let mut typed = step.clone();
    typed.draft.worry = "夜から熱".into();
    typed.revision = 4;
    (typed.first, typed.folded) = (1, 7);
    typed.subject = Some("2歳3か月".into());
    let read = page(&sent(&of(GuardianView::Ticket(ticket(TicketStep::Intake(Box::new(
        typed,
    )))))));
    let expected = of(GuardianView::Ticket(ticket(TicketStep::Intake(Box::new(step)))));
    assert_eq!(read, Some(expected));
}

#[test]
fn a_page_that_does_not_live_is_not_read() {
    let notice = Notice {
        status: 404,
        code: "not_found".into(),
        title: "見つかりません".into(),
        text: String::new(),
        link: None,
        at: At(0),
    };
    assert_eq!(page(&sent(&of(GuardianView::Notice(notice)))), None);
}
