//! What was stored last, opened, as whoever is woken by it asks for it: kept for some seconds, so that nobody has to read
//! back from the database what this process has just written.
//!
//! It answers only for what follows without a gap on what the reader has; everything else is read from the log. Erasing a
//! consultation's content forgets it here as well.

use signaling::{
    consultation::Event,
    id::{ConsultationId, Seq},
    time::{At, Millis},
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// Events of all consultations together: two seconds of a very busy evening.
const KEPT: usize = 256;
/// Whoever is woken asks at once; who comes later reads the log.
const FRESH: Millis = Millis::seconds(5);

#[derive(Default)]
pub(super) struct Tail {
    kept: Mutex<VecDeque<(ConsultationId, Arc<Event>)>>,
}

impl Tail {
    /// Keeps what has just been stored.
    pub(super) fn keep(&self, consultation: ConsultationId, events: &[Event], now: At) {
        let mut kept = self.lock();
        while kept.front().is_some_and(|(_, event)| is_old(event, now)) {
            kept.pop_front();
        }
        for event in events {
            if kept.len() >= KEPT {
                kept.pop_front();
            }
            kept.push_back((consultation, Arc::new(event.clone())));
        }
    }

    /// The events that follow on `after`, at least one, if all between are kept.
    pub(super) fn after(&self, consultation: ConsultationId, after: Seq, now: At) -> Option<Vec<Arc<Event>>> {
        let kept = self.lock();
        let mut found = Vec::new();
        for (of, event) in kept.iter() {
            if *of != consultation || event.seq <= after {
                continue;
            }
            if event.seq != after + 1 + found.len() as Seq || is_old(event, now) {
                return None;
            }
            found.push(Arc::clone(event));
        }
        (!found.is_empty()).then_some(found)
    }

    pub(super) fn forget(&self, consultation: ConsultationId) {
        self.lock().retain(|(of, _)| *of != consultation);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<(ConsultationId, Arc<Event>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_old(event: &Event, now: At) -> bool {
    now > event.at + FRESH
}

#[cfg(test)]
mod tests {
    use super::*;
    use signaling::consultation::{Fact, Lane, Speaker};
    use uuid::Uuid;

    const NOW: At = At(1_000_000);

    fn said(seq: Seq) -> Event {
        let fact = Fact::Said {
            lane: Lane::Everyone,
            speaker: Speaker::Guardian,
        };
        Event {
            seq,
            at: NOW,
            fact,
            sealed: None,
        }
    }

    fn numbers(found: Option<Vec<Arc<Event>>>) -> Option<Vec<Seq>> {
        found.map(|events| events.iter().map(|event| event.seq).collect())
    }

    #[test]
    fn whoever_is_woken_is_told_what_was_just_stored_and_who_lacks_more_reads_the_log() {
        let (tail, id, other) = (
            Tail::default(),
            ConsultationId(Uuid::nil()),
            ConsultationId(Uuid::max()),
        );
        tail.keep(id, &[said(7), said(8)], NOW);
        tail.keep(other, &[said(3)], NOW);
        tail.keep(id, &[said(9)], NOW);
        assert_eq!(numbers(tail.after(id, 6, NOW)), Some(vec![7, 8, 9]));
        assert_eq!(numbers(tail.after(id, 8, NOW)), Some(vec![9]));
        assert_eq!(numbers(tail.after(id, 5, NOW)), None, "6 is missing here");
        assert_eq!(numbers(tail.after(id, 9, NOW)), None, "nothing new is known here");
    }

    #[test]
    fn what_is_old_erased_or_too_much_is_read_from_the_log() {
        let (tail, id) = (Tail::default(), ConsultationId(Uuid::nil()));
        tail.keep(id, &[said(1)], NOW);
        let later = NOW + FRESH + Millis::seconds(1);
        assert_eq!(numbers(tail.after(id, 0, later)), None);
        tail.keep(ConsultationId(Uuid::max()), &[], later);
        assert!(tail.lock().is_empty(), "nothing that somebody wrote is kept for long");
        tail.keep(id, &[said(1)], NOW);
        tail.forget(id);
        assert_eq!(numbers(tail.after(id, 0, NOW)), None);
        for seq in 1..=KEPT as Seq + 1 {
            tail.keep(id, &[said(seq)], NOW);
        }
        assert_eq!(numbers(tail.after(id, 0, NOW)), None, "the first had to go");
    }
}
