//! What server and load spent of their processors.

use super::number;
use crate::{clock, desk::Desk, figures::Figure, process};
use std::time::Duration;

/// The counters at some moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meter {
    at: u64,
    server: Duration,
    load: Duration,
}

/// What was spent over some time, in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spent {
    pub(super) seconds: f64,
    server: f64,
    load: f64,
}

impl Meter {
    pub(super) fn now(desk: &Desk) -> Self {
        Self {
            at: clock::micros(),
            server: desk.processor_time().unwrap_or_default(),
            load: process::processor_time(std::process::id()).unwrap_or_default(),
        }
    }

    pub(super) fn until_now(self, desk: &Desk) -> Spent {
        let now = Self::now(desk);
        let since = |now: Duration, before: Duration| now.saturating_sub(before).as_secs_f64();
        Spent {
            seconds: Duration::from_micros(now.at - self.at).as_secs_f64(),
            server: since(now.server, self.server),
            load: since(now.load, self.load),
        }
    }
}

impl Spent {
    /// Without what the same time costs when nothing happens.
    pub(super) fn beyond(self, quiet: &Self) -> Self {
        let less = |spent: f64, quiet_spent: f64| (spent - quiet_spent * self.seconds / quiet.seconds).max(0.0);
        Self {
            seconds: self.seconds,
            server: less(self.server, quiet.server),
            load: less(self.load, quiet.load),
        }
    }

    /// How much of a processor each has.
    pub(super) fn shares(&self, when: &str) -> [Figure; 2] {
        self.both(when, "%", 100.0 / self.seconds)
    }

    /// Processor time for each of `count`.
    pub(super) fn each(&self, what: &str, count: usize) -> [Figure; 2] {
        self.both(&format!("for {what}"), "ms", 1000.0 / number(count))
    }

    fn both(&self, when: &str, unit: &'static str, scale: f64) -> [Figure; 2] {
        [("server", self.server), ("load", self.load)]
            .map(|(who, spent)| Figure::plain(&format!("processor of the {who} {when}"), unit, spent * scale))
    }
}
