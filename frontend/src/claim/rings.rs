//! For whom the desk's bell rings: whoever waits live, until somebody takes them or this clinician has hushed it, also those who
//! waited before the shift began or the page was loaded. Of those who were promised an answer it rings for the urgent ones and
//! for those whose promise is near: a morning's list is worked through, not rung for.
//!
//! Pure. Not here: the sound itself (`desk::bell`), and which step of the ladder is confirmed by it (`desk::ladder`).

use super::order::{Queue, WaitStep};
use signaling::{actor::Staff, id::ConsultationId, intake::Service, queue::QueueRow, time::At};
use std::collections::BTreeSet;

/// Everybody who waits, of either service.
#[must_use]
pub fn waiting_ids(queue: &Queue) -> BTreeSet<ConsultationId> {
    ids(queue, QueueRow::waits)
}

/// Those for whom the bell of a desk on duty rings and rings on. `heard`: this clinician knows of them.
#[must_use]
pub fn calling(queue: &Queue, heard: &BTreeSet<ConsultationId>, now: At) -> BTreeSet<ConsultationId> {
    ids(queue, |row| {
        row.waits() && presses(row, now) && !heard.contains(&row.consultation)
    })
}

/// What this clinician still knows of: whom a colleague has taken, or who is gone, is news when they wait again.
#[must_use]
pub fn still_heard(queue: &Queue, heard: &BTreeSet<ConsultationId>, me: &Staff) -> BTreeSet<ConsultationId> {
    let is_known = |id: &ConsultationId| {
        let row = queue.row(*id);
        row.is_some_and(|row| row.claimed_by.as_ref().is_none_or(|by| by.id == me.id))
    };
    heard.iter().copied().filter(is_known).collect()
}

/// Whether somebody should come now.
fn presses(row: &QueueRow, now: At) -> bool {
    let is_near = row
        .reply_by
        .is_some_and(|due| WaitStep::of_promise(due, now) != WaitStep::Fresh);
    row.service == Service::Night || row.acuity.is_urgent() || is_near
}

fn ids(queue: &Queue, wanted: impl Fn(&QueueRow) -> bool) -> BTreeSet<ConsultationId> {
    let rows = queue.rows.iter().filter(|row| wanted(row));
    rows.map(|row| row.consultation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::order::tests::row;
    use signaling::{actor::Role, id::StaffId, queue::BEFORE_PROMISE, time::Millis, triage::Acuity};

    fn id(number: u128) -> ConsultationId {
        ConsultationId(uuid::Uuid::from_u128(number))
    }

    fn live(number: u128) -> QueueRow {
        QueueRow {
            consultation: id(number),
            ..row()
        }
    }

    fn anytime(number: u128, acuity: Acuity, reply_by: At) -> QueueRow {
        QueueRow {
            service: Service::Anytime,
            acuity,
            reply_by: Some(reply_by),
            ..live(number)
        }
    }

    fn by(number: u128) -> Staff {
        Staff {
            id: StaffId(uuid::Uuid::from_u128(number)),
            name: "佐藤".to_owned(),
            role: Role::Midwife,
        }
    }

    fn taken(row: QueueRow, who: Staff) -> QueueRow {
        QueueRow {
            rank: None,
            claimed_by: Some(who),
            ..row
        }
    }

    fn queue(rows: Vec<QueueRow>) -> Queue {
        let mut queue = Queue::default();
        queue.rows = rows;
        queue
    }

    fn rung(queue: &Queue, heard: &[u128], now: At) -> Vec<u128> {
        let heard = heard.iter().copied().map(id).collect();
        calling(queue, &heard, now)
            .into_iter()
            .map(|id| id.0.as_u128())
            .collect()
    }

    #[test]
    fn it_rings_for_whoever_waits_live_until_they_are_taken_or_this_clinician_hushed_it() {
        let both = queue(vec![live(1), live(2)]);
        assert_eq!(
            rung(&both, &[], At(0)),
            [1, 2],
            "also for those who were there before the page"
        );
        assert_eq!(rung(&both, &[1], At(0)), [2]);
        assert_eq!(rung(&queue(vec![taken(live(1), by(9)), live(2)]), &[], At(0)), [2]);
        let booked = QueueRow {
            rank: None,
            appointment: Some(At(600_000)),
            ..live(3)
        };
        assert_eq!(rung(&queue(vec![booked]), &[], At(0)), [0; 0], "booked for later");
    }

    #[test]
    fn a_mornings_list_does_not_ring_but_the_urgent_and_those_whose_promise_is_near() {
        let due = At(10 * 3_600_000);
        let list = queue(vec![
            anytime(1, Acuity::White, due),
            anytime(2, Acuity::Green, due + Millis::hours(5)),
            anytime(3, Acuity::Yellow, due),
        ]);
        let near = At(due.0 - BEFORE_PROMISE.0);
        assert_eq!(rung(&list, &[], near), [3]);
        assert_eq!(rung(&list, &[], near + Millis(1)), [1, 3]);
        assert_eq!(rung(&list, &[], due + Millis::hours(1)), [1, 3], "late is near");
    }

    #[test]
    fn what_was_hushed_is_news_again_once_a_colleague_had_it_and_stays_known_to_whoever_gives_it_back() {
        let me = by(9);
        let heard: BTreeSet<_> = [1, 2, 3, 4].map(id).into();
        let queue = queue(vec![live(1), taken(live(2), by(7)), taken(live(3), me.clone())]);
        assert_eq!(still_heard(&queue, &heard, &me), [1, 3].map(id).into());
    }
}
