//! The desk, told as what a clinician sees when frames arrive.

use super::*;
use crate::{
    desk::{Linked, Sending, unread},
    page::{
        City,
        desk::{DeskPage, OpenConsultation},
    },
};
use signaling::{
    actor::{Role, Staff},
    consultation::{Lane, Speaker, WireKind},
    id::StaffId,
    intake::{Complaint, Mode, Service},
    protocol::{Cursor, QueueView},
    queue::Rank,
    triage::Acuity,
};

fn id(number: u128) -> ConsultationId {
    ConsultationId(uuid::Uuid::from_u128(number))
}

fn me() -> Staff {
    Staff {
        id: StaffId(uuid::Uuid::from_u128(1)),
        name: "佐藤".into(),
        role: Role::Pediatrician,
    }
}

fn colleague() -> Staff {
    Staff {
        id: StaffId(uuid::Uuid::from_u128(2)),
        name: "高橋".into(),
        role: Role::Midwife,
    }
}

fn events(kinds: Vec<WireKind>) -> Vec<WireEvent> {
    kinds
        .into_iter()
        .zip(1_u64..)
        .map(|(kind, seq)| WireEvent {
            seq,
            at: At(1_000),
            kind,
        })
        .collect()
}

fn claimed(by: Staff) -> WireKind {
    WireKind::Claimed {
        by,
        overtake_reason: None,
    }
}

fn family(text: &str) -> WireKind {
    WireKind::Said {
        speaker: Speaker::Guardian,
        lane: Lane::Everyone,
        text: Some(text.into()),
    }
}

fn row(number: u128, seq: u64, by: Option<Staff>) -> QueueRow {
    QueueRow {
        consultation: id(number),
        seq,
        rank: by.is_none().then_some(Rank(1)),
        acuity: Acuity::White,
        service: Service::Night,
        mode: Mode::Chat,
        quiet: false,
        subject: "1歳0か月".into(),
        complaints: vec![Complaint::Sleep],
        worry: String::new(),
        flags: Vec::new(),
        requested_at: At(0),
        unanswered_since: None,
        reply_by: None,
        appointment: None,
        returning: false,
        had: None,
        presence: Presence::Here,
        device: None,
        turn_missed_at: None,
        alert: None,
        alert_heard: false,
        claimed_by: by,
        colleague: None,
        handing: None,
    }
}

/// A desk with the consultations 1 and 2 open, 1 in front. The owner keeps its signals alive.
fn desk_with_two() -> (Owner, Desk) {
    let owner = Owner::new_root(None);
    let open = |number| OpenConsultation {
        consultation: id(number),
        events: events(vec![claimed(me())]),
        cursor: Cursor(1),
    };
    let page = DeskPage {
        city: City {
            name: "日野市".into(),
            service_name: "相談".into(),
            demo: true,
        },
        now: At(1_000),
        me: me(),
        queue: QueueView::default(),
        open: vec![open(1), open(2)],
        hours: String::new(),
        duty: signaling::duty::Duty::Off,
    };
    let desk = owner.with(|| Desk::new(page));
    (owner, desk)
}

fn arrives(desk: Desk, number: u128, seq: u64, kind: WireKind) -> Vec<Follow> {
    let events = vec![WireEvent {
        seq,
        at: At(2_000),
        kind,
    }];
    desk.receive(
        &ServerFrame::Events {
            consultation: id(number),
            events,
            cursor: Cursor(seq),
            end: true,
        },
        true,
    )
}

fn unread_of(desk: Desk, number: u128) -> usize {
    let open = desk.open(id(number)).expect("open");
    open.thread
        .with_untracked(|thread| unread(thread, open.read_until.get_untracked()))
}

#[test]
fn what_arrives_behind_another_tab_is_unread_until_that_tab_is_opened() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        arrives(desk, 1, 2, family("a"));
        arrives(desk, 2, 2, family("b"));
        assert_eq!((unread_of(desk, 1), unread_of(desk, 2)), (0, 1));
        desk.select_number(2);
        assert_eq!(unread_of(desk, 2), 0);
    });
}

#[test]
fn what_arrives_while_nobody_looks_is_unread_even_in_front() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        let events = vec![WireEvent {
            seq: 2,
            at: At(2_000),
            kind: family("a"),
        }];
        desk.receive(
            &ServerFrame::Events {
                consultation: id(1),
                events,
                cursor: Cursor(2),
                end: true,
            },
            false,
        );
        assert_eq!(unread_of(desk, 1), 1);
    });
}

#[test]
fn a_consultation_taken_in_another_window_gets_a_tab_here_too() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        let frame = ServerFrame::Row {
            row: Box::new(row(3, 4, Some(me()))),
            waiting: Vec::new(),
            number: 1,
        };
        assert_eq!(desk.receive(&frame, true), [Follow::Watch(id(3))]);
        assert_eq!(desk.receive(&frame, true), [], "once");
        assert_eq!(
            desk.selected.get_untracked(),
            Some(id(1)),
            "without taking the place of what is being read"
        );
    });
}

#[test]
fn a_colleagues_consultation_gets_no_tab() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        let frame = ServerFrame::Row {
            row: Box::new(row(3, 4, Some(colleague()))),
            waiting: Vec::new(),
            number: 1,
        };
        assert_eq!(desk.receive(&frame, true), []);
        assert_eq!(desk.opened.with_untracked(Vec::len), 2);
    });
}

#[test]
fn what_was_given_back_leaves_the_desk_and_what_ended_stays_until_it_is_put_away() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        assert_eq!(arrives(desk, 2, 2, WireKind::Closed { by: me() }), []);
        let released = WireKind::Released { by: me(), reason: None };
        assert_eq!(arrives(desk, 1, 2, released), [Follow::Unwatch(id(1))]);
        assert_eq!(
            desk.selected.get_untracked(),
            Some(id(2)),
            "the neighbour comes to the front"
        );
    });
}

#[test]
fn a_half_received_log_is_not_judged_yet() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        desk.add_tab(id(3));
        let first = events(vec![WireKind::Queued { acuity: None }]);
        let frame = ServerFrame::Events {
            consultation: id(3),
            events: first,
            cursor: Cursor(1),
            end: false,
        };
        assert_eq!(desk.receive(&frame, true), []);
        assert_eq!(arrives(desk, 3, 2, claimed(me())), []);
        assert!(desk.open(id(3)).is_some());
    });
}

#[test]
fn a_stored_draft_never_overwrites_what_was_typed_since() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        let draft = |advice: &str| ServerFrame::Draft {
            consultation: id(1),
            field: "note".into(),
            revision: 1,
            body: serde_json::json!({ "advice": advice }),
            inherited: advice == "begun",
        };
        let open = desk.open(id(1)).expect("open");
        desk.receive(&draft("stored"), true);
        assert_eq!(open.note.with_untracked(|note| note.advice.clone()), "stored");
        open.note_touched.set(true);
        desk.receive(&draft("older"), true);
        assert_eq!(open.note.with_untracked(|note| note.advice.clone()), "stored");
    });
}

#[test]
fn words_for_colleagues_come_back_as_words_for_colleagues() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        let body = message_draft("母が疲れている", true);
        desk.receive(
            &ServerFrame::Draft {
                consultation: id(1),
                field: "message".into(),
                revision: 1,
                body,
                inherited: false,
            },
            true,
        );
        let open = desk.open(id(1)).expect("open");
        assert_eq!(open.message.get_untracked(), "母が疲れている");
        assert!(open.remark.get_untracked());
    });
}

#[test]
fn a_message_on_its_way_is_shown_once_when_its_event_arrives() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        let open = desk.open(id(1)).expect("open");
        let sending = |acked| Sending {
            number: 1,
            text: "はい".into(),
            lane: Lane::Everyone,
            acked,
        };
        open.sending.set(vec![sending(Some(2))]);
        arrives(
            desk,
            1,
            2,
            WireKind::Said {
                speaker: Speaker::Staff(me()),
                lane: Lane::Everyone,
                text: Some("はい".into()),
            },
        );
        assert!(open.sending.with_untracked(Vec::is_empty));
    });
}

#[test]
fn a_typing_sign_ends_with_the_message() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        let open = desk.open(id(1)).expect("open");
        let typing = ServerFrame::Signal {
            consultation: id(1),
            from: 0,
            to: 0,
            signal: Signal::Typing,
        };
        desk.receive(&typing, true);
        assert!(open.typing_until.get_untracked() > desk.now.get_untracked());
        arrives(desk, 1, 2, family("a"));
        assert!(open.typing_until.get_untracked() <= desk.now.get_untracked());
    });
}

#[test]
fn a_session_that_is_over_is_said_with_the_way_to_sign_in() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        let shown = |link| {
            desk.link.set(link);
            crate::desk::top::alerts(desk).into_any().to_html()
        };
        let over = shown(Linked::SignedOut);
        assert!(over.contains("サインインの期限が切れました。"), "{over}");
        assert!(over.contains("href=\"/staff/sign-in?why=expired\""), "{over}");
        assert!(!over.contains("つなぎ直しています"), "nothing is tried any more");
        assert!(!shown(Linked::Lost).contains("サインイン"));
    });
}
fn numbered(number: u64, row: QueueRow) -> ServerFrame {
    ServerFrame::Row {
        row: Box::new(row),
        waiting: Vec::new(),
        number,
    }
}

fn beat(queue: u64) -> ServerFrame {
    ServerFrame::Beat {
        now: At(2_000),
        heads: Vec::new(),
        queue: Some(queue),
    }
}

#[test]
fn a_row_that_was_lost_is_asked_for_at_the_next_row_or_heartbeat() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        assert_eq!(desk.receive(&numbered(1, row(3, 4, None)), true), []);
        assert_eq!(desk.receive(&beat(1), true), [], "nothing was lost");
        assert_eq!(desk.receive(&beat(2), true), [Follow::Queue], "one was");
        assert_eq!(desk.receive(&numbered(3, row(5, 4, None)), true), [Follow::Queue]);
        assert!(
            desk.queue.with_untracked(|queue| queue.row(id(5)).is_some()),
            "what came is shown"
        );
        let whole = QueueView {
            rows: vec![row(3, 4, None), row(4, 4, None), row(5, 4, None)],
            waiting: Vec::new(),
            number: 3,
        };
        assert_eq!(desk.receive(&ServerFrame::Queue(whole), true), []);
        assert!(desk.queue.with_untracked(|queue| queue.row(id(4)).is_some()));
        assert_eq!(desk.receive(&beat(3), true), []);
    });
}

#[test]
fn a_row_that_is_older_than_the_queue_changes_nothing() {
    let (owner, desk) = desk_with_two();
    owner.with(|| {
        let whole = QueueView {
            number: 7,
            ..QueueView::default()
        };
        assert_eq!(desk.receive(&ServerFrame::Queue(whole), true), []);
        assert_eq!(desk.receive(&numbered(7, row(3, 4, None)), true), []);
        assert!(
            desk.queue.with_untracked(|queue| queue.row(id(3)).is_none()),
            "it went before the queue was read"
        );
    });
}

#[test]
fn what_was_sent_is_kept_until_it_is_answered_and_words_for_colleagues_stay_theirs() {
    let sending = |text: &str, lane, acked| Sending {
        number: 1,
        text: text.into(),
        lane,
        acked,
    };
    let unanswered = [
        sending("届いた", Lane::Everyone, Some(4)),
        sending("息は苦しそうですか？", Lane::Everyone, None),
    ];
    let read = |kept: serde_json::Value| read_message_draft(&kept);
    assert_eq!(
        read(kept_message(&unanswered, "", false)),
        ("息は苦しそうですか？".into(), false)
    );
    assert_eq!(
        read(kept_message(&unanswered, "それから", false)).0,
        "息は苦しそうですか？\nそれから"
    );
    assert_eq!(
        read(kept_message(&unanswered[..1], "", false)),
        (String::new(), false),
        "nothing is left to keep"
    );
    let long = "あ".repeat(limits::MESSAGE_CHARS);
    let many: Vec<Sending> = (0..9).map(|_| sending(&long, Lane::Everyone, None)).collect();
    let kept = kept_message(&many, "おわり", false);
    assert!(kept.to_string().len() <= limits::DRAFT_BYTES);
    assert!(read(kept).0.ends_with("おわり"));
    let memo = [sending("助産師さんも見てください", Lane::Staff, None)];
    assert!(
        read(kept_message(&memo, "ご家族へ", false)).1,
        "never to the family by mistake"
    );
}
