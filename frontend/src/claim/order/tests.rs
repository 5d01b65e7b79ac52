//! The column, told as what a clinician sees.

use super::*;
use signaling::{
    actor::{Role, Staff},
    id::StaffId,
    intake::{Complaint, Mode},
    queue::{Rank, head_start},
};

fn id(number: u128) -> ConsultationId {
    ConsultationId(uuid::Uuid::from_u128(number))
}

fn waiting(number: u128, acuity: Acuity, requested_minute: i64) -> QueueRow {
    let requested_at = At(requested_minute * 60_000);
    QueueRow {
        consultation: id(number),
        seq: 3,
        rank: Some(Rank(requested_at.0 - head_start(acuity).0)),
        acuity,
        service: Service::Night,
        mode: Mode::Chat,
        quiet: false,
        subject: "2歳3か月".into(),
        complaints: vec![Complaint::Fever],
        worry: String::new(),
        flags: Vec::new(),
        requested_at,
        unanswered_since: Some(requested_at),
        reply_by: None,
        appointment: None,
        returning: false,
        had: None,
        presence: Presence::Here,
        device: None,
        turn_missed_at: None,
        alert: None,
        alert_heard: false,
        claimed_by: None,
        colleague: None,
        handing: None,
    }
}

/// Somebody who waits.
pub(crate) fn row() -> QueueRow {
    waiting(1, Acuity::White, 0)
}

/// Asked outside of the hours, nobody's page open; it counts as having come at this minute.
fn anytime(number: u128, counts_from_minute: i64) -> QueueRow {
    QueueRow {
        service: Service::Anytime,
        presence: Presence::Away,
        requested_at: At(0),
        ..waiting(number, Acuity::White, counts_from_minute)
    }
}

fn queue(rows: Vec<QueueRow>) -> Queue {
    Queue {
        rows,
        ..Queue::default()
    }
}

fn doctor() -> Staff {
    Staff {
        id: StaffId(uuid::Uuid::from_u128(9)),
        name: "佐藤".into(),
        role: Role::Pediatrician,
    }
}

#[test]
fn both_services_stand_in_one_list_by_the_servers_rank_and_taken_families_stand_apart() {
    let taken = QueueRow {
        claimed_by: Some(doctor()),
        rank: None,
        ..waiting(4, Acuity::Yellow, 1)
    };
    let (far, near) = (anytime(5, 60), anytime(6, 3));
    let rows = vec![
        waiting(1, Acuity::White, 0),
        waiting(2, Acuity::Red, 9),
        waiting(3, Acuity::Yellow, 5),
        taken,
        far,
        near,
    ];
    let lists = lists(&queue(rows));
    assert_eq!(lists.waiting, [id(2), id(3), id(1), id(6), id(5)]);
    assert_eq!(lists.claimed, [id(4)]);
}

#[test]
fn who_is_booked_stands_in_a_list_of_its_own_counts_nowhere_and_passes_whoever_waits() {
    let booked = |n, minute| QueueRow {
        rank: None,
        appointment: Some(At(i64::from(minute) * 60_000)),
        ..waiting(n, Acuity::White, 0)
    };
    let (near, far) = (booked(1, 20), booked(2, 50));
    let alone = queue(vec![far.clone(), near.clone()]);
    let shown = lists(&alone);
    assert_eq!((shown.waiting, shown.claimed), (vec![], vec![]));
    assert_eq!(shown.booked, [id(1), id(2)]);
    assert_eq!((waiting_count(&alone), claimed_count(&alone)), (0, 0));
    assert!(longest_wait_seconds(&alone, At(3_600_000)).is_none());
    assert!(!needs_reason(&alone, id(2), &doctor()), "nobody waits");
    let beside = queue(vec![near, far, waiting(3, Acuity::White, 1)]);
    assert!(needs_reason(&beside, id(1), &doctor()));
    assert!(
        !needs_reason(&beside, id(3), &doctor()),
        "who is booked waits for nobody yet"
    );
}

#[test]
fn how_long_it_is_to_an_appointment_is_said_in_words() {
    let said = |minutes: i64| until_text(At(minutes * 60_000), At(0));
    let words = [-3, 0, 1, 59, 60, 150, 1440, 3000].map(said);
    assert_eq!(
        words,
        [
            "まもなく",
            "まもなく",
            "あと1分",
            "あと59分",
            "あと1時間",
            "あと2時間",
            "あと1日",
            "あと2日"
        ]
    );
}

#[test]
fn passing_a_family_that_is_present_needs_a_reason_and_passing_an_absent_one_does_not() {
    let first = waiting(1, Acuity::White, 0);
    let both = queue(vec![first.clone(), waiting(2, Acuity::White, 1)]);
    assert!(needs_reason(&both, id(2), &doctor()));
    assert!(!needs_reason(&both, id(1), &doctor()));
    let now = |presence| {
        let first = QueueRow {
            presence,
            ..first.clone()
        };
        needs_reason(&queue(vec![first, waiting(2, Acuity::White, 1)]), id(2), &doctor())
    };
    assert!(now(Presence::Hidden), "a locked phone rings");
    assert!(!now(Presence::Away));
}

#[test]
fn a_reason_is_asked_for_those_above_in_the_list_and_for_nobody_else() {
    let far = queue(vec![anytime(1, 60), waiting(2, Acuity::White, 1)]);
    assert!(!needs_reason(&far, id(2), &doctor()), "it stands below");
    assert!(needs_reason(&far, id(1), &doctor()), "somebody waits live above it");
    let near = queue(vec![anytime(1, 0), waiting(2, Acuity::White, 1)]);
    assert!(
        needs_reason(&near, id(2), &doctor()),
        "its promise comes near, and nobody has to be there for it"
    );
    assert_eq!((place(&near, id(1)), place(&near, id(2))), (Some(1), Some(2)));
}

#[test]
fn the_colour_of_an_anytime_consultation_goes_by_its_promise() {
    let due = At(10 * 3_600_000);
    let step = |hours: i64| WaitStep::of_promise(due, At(hours * 3_600_000));
    assert_eq!(
        [1, 8, 9, 11].map(step),
        [WaitStep::Fresh, WaitStep::Fresh, WaitStep::Twenty, WaitStep::Thirty]
    );
}

#[test]
fn a_row_that_arrives_late_changes_nothing() {
    let mut queue = queue(vec![waiting(1, Acuity::White, 0)]);
    let claimed = QueueRow {
        seq: 4,
        claimed_by: Some(doctor()),
        rank: None,
        ..waiting(1, Acuity::White, 0)
    };
    queue.put(claimed, Vec::new());
    queue.put(waiting(1, Acuity::White, 0), Vec::new());
    assert_eq!(queue.row(id(1)).and_then(|row| row.claimed_by.clone()), Some(doctor()));

    queue.remove(id(1), 6, Vec::new());
    queue.put(
        QueueRow {
            seq: 5,
            ..waiting(1, Acuity::White, 0)
        },
        Vec::new(),
    );
    assert_eq!(queue.row(id(1)), None, "a row that is gone does not come back");
}

#[test]
fn presence_changes_without_a_new_event() {
    let mut queue = queue(vec![waiting(1, Acuity::White, 0)]);
    queue.put(
        QueueRow {
            presence: Presence::Away,
            ..waiting(1, Acuity::White, 0)
        },
        Vec::new(),
    );
    assert_eq!(queue.row(id(1)).map(|row| row.presence), Some(Presence::Away));
}

#[test]
fn those_beyond_the_window_are_counted() {
    let queue = Queue {
        waiting: vec![(Acuity::White, 7)],
        ..queue(vec![waiting(1, Acuity::White, 0)])
    };
    assert_eq!((waiting_count(&queue), beyond_window(&queue)), (7, 6));
}

#[test]
fn the_colour_of_a_wait_steps_at_ten_twenty_and_thirty_minutes() {
    let steps: Vec<_> = [0, 599, 600, 1199, 1200, 1800].into_iter().map(WaitStep::of).collect();
    use WaitStep::{Fresh, Ten, Thirty, Twenty};
    assert_eq!(steps, [Fresh, Fresh, Ten, Ten, Twenty, Thirty]);
}

#[test]
fn waits_read_as_people_say_them() {
    assert_eq!(wait_text(130), "02:10");
    assert_eq!(wait_text(3900), "1時間05分");
    assert_eq!(wait_text(26 * 3600), "1日2時間");
}

#[test]
fn whoever_was_promised_an_answer_is_listed_by_deadline_until_there_is_one() {
    let due = |number, minute: i64| QueueRow {
        reply_by: Some(At(minute * 60_000)),
        ..anytime(number, 0)
    };
    let taken = QueueRow {
        claimed_by: Some(doctor()),
        ..due(3, 30)
    };
    let rows = vec![due(1, 90), waiting(2, Acuity::Red, 0), taken, due(4, 60)];
    assert_eq!(promised(&queue(rows)), [id(3), id(4), id(1)]);
}

#[test]
fn what_is_handed_on_asks_a_reason_of_others_only_and_keeps_nobody_behind_it_waiting() {
    let handing = |role| {
        let (by, to) = (
            doctor(),
            signaling::hand_over::Recipient {
                profession: role,
                person: None,
            },
        );
        Some(signaling::queue::RowHanding { by, to })
    };
    let first = |role| QueueRow {
        handing: handing(role),
        ..waiting(1, Acuity::White, 0)
    };
    let midwifes = queue(vec![first(Role::Midwife), waiting(2, Acuity::White, 1)]);
    assert!(needs_reason(&midwifes, id(1), &doctor()), "it waits for a midwife");
    assert!(
        !needs_reason(&midwifes, id(2), &doctor()),
        "nobody is passed who is his"
    );
    assert_eq!(asked(&midwifes, &doctor()), []);
    let his = queue(vec![first(Role::Pediatrician), waiting(2, Acuity::White, 1)]);
    assert!(!needs_reason(&his, id(1), &doctor()));
    assert_eq!(asked(&his, &doctor()), [id(1)]);
}
