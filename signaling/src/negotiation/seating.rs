//! Which seats a browser talks with, and which signals are for it now.
//!
//! A signal names the incarnations of its sender and its receiver. It is *stale* when either of them has been replaced
//! (a page was reloaded), and *early* when it comes before the `call_joined` event that it speaks of: early ones are held
//! until the event is seen. What is sent ahead goes from who rang to the number of the call, before anybody has answered. One [`Seating`] is one consultation in one tab.

use crate::{id::Seq, protocol::Signal};
use std::collections::VecDeque;

/// Early signals that are held; one side's start of a call is about 40.
const EARLY: usize = 128;

/// What became of a signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// For a pair that is open: hand it over.
    Now(Signal),
    /// Held until its event is seen.
    Early,
    /// Dropped.
    Stale,
}

#[derive(Clone, Debug)]
struct Held {
    from: Seq,
    to: Seq,
    signal: Signal,
}

/// The seats of a running call as one of them sees them.
#[derive(Clone, Debug, Default)]
pub struct Seating {
    seen: Seq,
    mine: Option<Seq>,
    others: Vec<Seq>,
    /// The call, and the seat of who rang.
    ring: Option<(Seq, Seq)>,
    early: VecDeque<Held>,
}

impl Seating {
    /// My incarnation.
    #[must_use]
    pub fn mine(&self) -> Option<Seq> {
        self.mine
    }

    /// The other incarnations, one pair each.
    #[must_use]
    pub fn others(&self) -> &[Seq] {
        &self.others
    }

    /// It rings here, or did before it was answered: what comes to the number of this `call` from the seat that rang is for
    /// this side. To be told before [`Seating::see`].
    pub fn ring(&mut self, call: Option<Seq>, rang_from: Option<Seq>) {
        self.ring = call.zip(rang_from);
    }

    /// The log was seen up to `seen`, with these seats taken. `mine` is this tab's own incarnation, nothing while the
    /// holder is seated by another tab. Answers the signals that were early and are due now, in the order they came.
    pub fn see(&mut self, seen: Seq, mine: Option<Seq>, others: Vec<Seq>) -> Vec<(Seq, Signal)> {
        self.seen = self.seen.max(seen);
        self.mine = mine;
        self.others = others;
        let early = std::mem::take(&mut self.early);
        let mut due = Vec::new();
        for held in early {
            match self.arrived(held.from, held.to, held.signal) {
                Arrived::Now(signal) => due.push((held.from, signal)),
                Arrived::Early | Arrived::Stale => {}
            }
        }
        due
    }

    /// A signal came.
    #[must_use]
    pub fn arrived(&mut self, from: Seq, to: Seq, signal: Signal) -> Arrived {
        let ahead = self.ring == Some((to, from));
        if ahead || self.mine == Some(to) && self.others.contains(&from) {
            return Arrived::Now(signal);
        }
        // What is ahead of a ring that is still to come is held as well: its number is a later one, too.
        // My own seat may also be known from the answer to the command, before the log shows it.
        let unseen = |incarnation: Seq| incarnation > self.seen;
        let mine_to_come = self.mine == Some(to) || unseen(to);
        let theirs_to_come = self.others.contains(&from) || unseen(from);
        if !(mine_to_come && theirs_to_come) {
            return Arrived::Stale;
        }
        if self.early.len() == EARLY {
            self.early.pop_front();
        }
        self.early.push_back(Held { from, to, signal });
        Arrived::Early
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign() -> Signal {
        Signal::Typing
    }

    #[test]
    fn a_signal_between_the_present_seats_is_handed_over() {
        let mut seating = Seating::default();
        assert!(seating.see(9, Some(9), vec![6]).is_empty());
        assert_eq!(seating.arrived(6, 9, sign()), Arrived::Now(sign()));
    }

    #[test]
    fn a_signal_for_the_page_before_the_reload_is_stale() {
        let mut seating = Seating::default();
        let _ = seating.see(12, Some(12), vec![6]);
        assert_eq!(seating.arrived(6, 9, sign()), Arrived::Stale, "to the old page");
        let _ = seating.see(14, Some(12), vec![14]);
        assert_eq!(
            seating.arrived(6, 12, sign()),
            Arrived::Stale,
            "from the old page of the other side"
        );
        assert_eq!(seating.arrived(14, 12, sign()), Arrived::Now(sign()));
    }

    #[test]
    fn a_signal_from_a_seat_whose_event_is_still_to_come_waits_for_it() {
        let mut seating = Seating::default();
        let _ = seating.see(6, Some(6), vec![]);
        assert_eq!(seating.arrived(9, 6, sign()), Arrived::Early);
        assert!(seating.see(7, Some(6), vec![]).is_empty(), "another event came first");
        assert_eq!(seating.see(9, Some(6), vec![9]), vec![(9, sign())]);
    }

    #[test]
    fn a_signal_to_my_own_seat_whose_event_is_still_to_come_waits_too() {
        let mut seating = Seating::default();
        let _ = seating.see(6, None, vec![6]);
        assert_eq!(seating.arrived(6, 9, sign()), Arrived::Early);
        assert_eq!(seating.see(9, Some(9), vec![6]), vec![(6, sign())]);
    }

    #[test]
    fn an_early_signal_is_dropped_when_its_seat_turns_out_to_be_replaced() {
        let mut seating = Seating::default();
        let _ = seating.see(6, Some(6), vec![]);
        assert_eq!(seating.arrived(9, 6, sign()), Arrived::Early);
        assert!(seating.see(11, Some(6), vec![11]).is_empty());
        assert_eq!(seating.arrived(9, 6, sign()), Arrived::Stale);
    }

    #[test]
    fn what_who_rang_sends_ahead_is_for_the_phone_that_rings() {
        let mut seating = Seating::default();
        seating.ring(Some(7), Some(8));
        let _ = seating.see(8, None, vec![]);
        assert_eq!(seating.arrived(8, 7, sign()), Arrived::Now(sign()));
        assert_eq!(seating.arrived(6, 7, sign()), Arrived::Stale, "not who rang");
        assert_eq!(seating.arrived(8, 5, sign()), Arrived::Stale, "an earlier call");
        let _ = seating.see(9, Some(9), vec![8]);
        assert_eq!(
            seating.arrived(8, 7, sign()),
            Arrived::Now(sign()),
            "what was under way when it was answered"
        );
    }

    #[test]
    fn what_is_sent_ahead_of_a_ring_that_is_still_to_come_waits_for_it() {
        let mut seating = Seating::default();
        let _ = seating.see(6, None, vec![]);
        assert_eq!(seating.arrived(8, 7, sign()), Arrived::Early);
        seating.ring(Some(7), Some(8));
        assert_eq!(seating.see(8, None, vec![]), vec![(8, sign())]);
    }

    #[test]
    fn a_flood_of_early_signals_keeps_the_newest() {
        let mut seating = Seating::default();
        let _ = seating.see(6, Some(6), vec![]);
        for _ in 0..1000 {
            assert_eq!(seating.arrived(9, 6, sign()), Arrived::Early);
        }
        assert_eq!(seating.see(9, Some(6), vec![9]).len(), EARLY);
    }
}
