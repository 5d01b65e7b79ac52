//! The log of one evening, as far as it has come.

use crate::samples::{NOW, minutes_ago, on_duty, one_on_duty, opening, ticket};
use frontend::page::guardian::{GuardianPage, GuardianView, LivePage, Panel, SurveyDraft, TicketPage, TicketStep};
use signaling::{
    actor::{Role, Staff},
    after::Feeling,
    call::{CallMode, CallOutcome, Holder},
    consultation::{Lane, Speaker, WireEvent, WireKind},
    id::StaffId,
    intake::{Complaint, Intake, Mode, Onset, Relation, Service},
    note::Disposition,
    protocol::Cursor,
    queue::position,
    subject::{Born, Subject},
    survey::Answer,
    time::{At, Millis},
};
use uuid::Uuid;

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
        asked: Vec::new(),
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

/// The conversation, and a call of the doctor's that ended so before anybody talked.
pub(crate) fn after_a_call(outcome: CallOutcome) -> Vec<WireEvent> {
    let mut log = events(Until::Talking);
    let call = log.last().map_or(0, |event| event.seq) + 1;
    let mode = CallMode::Video;
    let kinds = [
        WireKind::CallOffered { by: doctor(), mode },
        WireKind::CallJoined {
            call,
            holder: Holder::Staff(doctor()),
        },
        WireKind::CallEnded {
            call,
            outcome,
            talk_seconds: 0,
            by: None,
        },
    ];
    log.extend((call..).zip(kinds).map(|(seq, kind)| WireEvent {
        seq,
        at: minutes_ago(1),
        kind,
    }));
    log
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

/// The evening that is over, and what came after it.
fn and_then(more: Vec<WireKind>) -> GuardianPage {
    let mut log = events(Until::Over);
    for kind in more {
        let seq = log.last().map_or(1, |event| event.seq + 1);
        log.push(WireEvent {
            seq,
            at: minutes_ago(0),
            kind,
        });
    }
    live(log, None, vec![])
}

/// 「明日きく」 on the morning after.
pub(crate) fn asked_how_it_goes() -> GuardianPage {
    let planned = WireKind::CheckInPlanned {
        by: doctor(),
        due_at: Some(minutes_ago(0)),
    };
    and_then(vec![planned, WireKind::CheckInAsked])
}

/// What is to be handed to the public-health nurse waits for consent.
pub(crate) fn offered_to_the_nurse() -> GuardianPage {
    let text = Some("夜泣きで眠れない日が続いています。\n訪問での相談を希望されています。".to_owned());
    and_then(vec![WireKind::ReferralOffered { by: doctor(), text }])
}

/// It got worse: back in the queue, with what was advised still to be read.
pub(crate) fn back_again() -> GuardianPage {
    let planned = WireKind::CheckInPlanned {
        by: doctor(),
        due_at: Some(minutes_ago(0)),
    };
    let (feeling, service) = (Feeling::Worse, Service::Night);
    and_then(vec![
        planned,
        WireKind::CheckInAsked,
        WireKind::CheckedIn { feeling },
        WireKind::Reopened { service },
        WireKind::Queued { acuity: None },
    ])
}

pub(crate) fn live(events: Vec<WireEvent>, ahead: Option<u32>, panels: Vec<Panel>) -> GuardianPage {
    ticket(TicketStep::Live(LivePage {
        cursor: Cursor(events.last().map_or(0, |event| event.seq)),
        survey_open: events.iter().any(|event| matches!(event.kind, WireKind::Closed { .. })),
        survey_draft: Box::new(SurveyDraft {
            answer: "rather_yes".into(),
            words: "</textarea><script>alert(2)</script>".into(),
        }),
        events,
        position: ahead.map(|ahead| position(ahead, one_on_duty())),
        reply_by: None,
        books: false,
        later_by: ahead.map(|_| NOW + Millis::hours(24)),
        panels,
        on_duty: on_duty(),
        message_draft: "</textarea><script>alert(1)</script>".into(),
        draft_revision: 1,
        opening: opening(true),
    }))
}

/// Sent outside of the hours; the answer was promised for then.
pub(crate) fn anytime(reply_by: At) -> GuardianPage {
    let mut events = events(Until::Sent);
    if let Some(WireKind::Requested { service, .. }) = events.first_mut().map(|event| &mut event.kind) {
        *service = Service::Anytime;
    }
    let mut page = live(events, None, Vec::new());
    if let GuardianView::Ticket(ticket) = &mut page.view
        && let TicketStep::Live(live) = &mut ticket.step
    {
        live.reply_by = Some(reply_by);
        live.opening = opening(false);
    }
    page
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

/// The survey was not answered in time.
pub(crate) fn too_late() -> GuardianPage {
    let mut page = live(events(Until::Over), None, Vec::new());
    if let GuardianView::Ticket(TicketPage {
        step: TicketStep::Live(live),
        ..
    }) = &mut page.view
    {
        live.survey_open = false;
    }
    page
}

/// Long ago: what was written is erased, what happened is still there.
pub(crate) fn erased() -> GuardianPage {
    let mut events = events(Until::Surveyed);
    for event in &mut events {
        match &mut event.kind {
            WireKind::Requested { intake, .. } => *intake = None,
            WireKind::Said { text, .. } => *text = None,
            WireKind::NoteSigned { advice, safety_net, .. } => (*advice, *safety_net) = (None, None),
            _ => {}
        }
    }
    live(events, None, Vec::new())
}
