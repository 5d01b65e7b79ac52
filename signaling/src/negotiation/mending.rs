//! When a pair whose packets do not pass looks for another way, and when it gives its connection up for a new one.
//!
//! Promises: trouble is answered at once; what did not help is repeated in growing pauses ([`PAUSES_MS`]); both sides see
//! the same trouble, and one of them moves first: the polite one lets the other begin, and what the other began counts as
//! tried here too. An attempt that helped takes its longer pause back, and one that the other side begins while packets pass
//! makes none longer: networks that change often are no networks that fail. Nothing is tried while the signalling socket is down, since no answer could come, and again as soon as
//! it is back. Never more than [`ATTEMPTS_A_MINUTE`] in any minute, whatever happens.
//!
//! Not here: what a restart is (`Negotiation`), how trouble is noticed (`Pulse`), who is told (`Pair`).

use std::collections::VecDeque;

/// How long a pair may take to connect before ICE is restarted: two slow round trips and a TURN allocation fit in.
pub const CONNECT_MS: u64 = 6_000;
/// Pauses after the first, the second and every further attempt, in milliseconds. The first is what an offer, its answer and a
/// TURN allocation over TLS (five round trips) take on a slow line; each next one doubles, since a way that needs longer is
/// cut off by trying again; the last is near to where browsers give up checking (15 s and more), so that a network which
/// comes back without a word is found soon.
pub const PAUSES_MS: [u64; 3] = [3_000, 6_000, 12_000];
/// The polite side waits that much longer, in percent of the pause.
const POLITE_PERCENT: u64 = 150;
/// How long the polite side lets the other begin where both see the same: about one way through the server.
pub const YIELD_MS: u64 = 250;
/// The least time between two attempts, also where the network says of itself that it is another one.
pub const LEAST_PAUSE_MS: u64 = 1_000;
/// After this time without trouble the next one is answered at once again.
pub const STEADY_MS: u64 = 30_000;
/// Most attempts in any minute.
pub const ATTEMPTS_A_MINUTE: usize = 10;
const MINUTE_MS: u64 = 60_000;
/// Restarts that did not help before the connection is built anew.
const RESTARTS_BEFORE_REBUILD: u32 = 2;

/// What to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Restart ICE.
    Restart,
    /// A new connection in place of this one.
    Rebuild,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    Well {
        since_ms: u64,
    },
    Ill {
        due_ms: u64,
        /// Attempts in the present connection, by either side.
        restarts: u32,
        /// The browser has given the connection up; Firefox may not come back from this (w3c/webrtc-pc#3139).
        failed: bool,
        /// Signals pass: without them a new connection helps no more than a restart.
        heard: bool,
    },
}

/// The mending of one pair, on one of its two sides.
#[derive(Clone, Debug)]
pub struct Mending {
    polite: bool,
    socket_up: bool,
    health: Health,
    /// Attempts of both sides since it was last steady, and the last of them.
    level: usize,
    begun_at_ms: Option<u64>,
    attempts_at_ms: VecDeque<u64>,
}

impl Mending {
    /// Of a pair that begins to connect.
    #[must_use]
    pub fn new(polite: bool, now_ms: u64) -> Self {
        let mut mending = Self {
            polite,
            socket_up: true,
            health: Health::Well { since_ms: now_ms },
            level: 0,
            begun_at_ms: None,
            attempts_at_ms: VecDeque::new(),
        };
        mending.fall_ill(now_ms + mending.patience(CONNECT_MS));
        mending
    }

    fn patience(&self, pause_ms: u64) -> u64 {
        if self.polite {
            pause_ms * POLITE_PERCENT / 100
        } else {
            pause_ms
        }
    }

    /// After the attempts so far.
    fn pause_ms(&self) -> u64 {
        let at = self.level.clamp(1, PAUSES_MS.len()) - 1;
        self.patience(PAUSES_MS[at])
    }

    fn fall_ill(&mut self, due_ms: u64) {
        self.health = Health::Ill {
            due_ms,
            restarts: 0,
            failed: false,
            heard: false,
        };
    }

    /// Packets stand still, or the browser says that the connection is lost.
    pub fn trouble(&mut self, now_ms: u64) {
        if !self.is_well() {
            return;
        }
        self.calm_down(now_ms);
        let yields_ms = if self.polite { YIELD_MS } else { 0 };
        let begun = self.begun_at_ms.filter(|_| self.level > 0);
        let rested_ms = begun.map_or(0, |begun| begun + self.pause_ms());
        self.fall_ill((now_ms + yields_ms).max(rested_ms));
    }

    /// What was tried before a steady time counts no more.
    fn calm_down(&mut self, now_ms: u64) {
        let Health::Well { since_ms } = self.health else { return };
        let quiet_since_ms = self.begun_at_ms.map_or(since_ms, |begun| begun.max(since_ms));
        if now_ms.saturating_sub(quiet_since_ms) >= STEADY_MS {
            self.level = 0;
        }
    }

    /// The browser has given the connection up.
    pub fn failed(&mut self, now_ms: u64) {
        self.trouble(now_ms);
        if let Health::Ill { failed, .. } = &mut self.health {
            *failed = true;
        }
    }

    /// Packets pass.
    pub fn well(&mut self, now_ms: u64) {
        if matches!(self.health, Health::Ill { .. }) {
            self.health = Health::Well { since_ms: now_ms };
            // The last attempt is the one that helped; its own pause is still kept.
            self.level = self.level.saturating_sub(1).max(self.level.min(1));
        }
    }

    /// Whether nothing is the matter.
    #[must_use]
    pub fn is_well(&self) -> bool {
        matches!(self.health, Health::Well { .. })
    }

    /// Something came from the other side through the server.
    pub fn heard(&mut self) {
        if let Health::Ill { heard, .. } = &mut self.health {
            *heard = true;
        }
    }

    /// From then on, and from the beginning, whatever was tried before: the network is another one, or the socket is back.
    fn hurry(&mut self, soonest_ms: u64) {
        match &mut self.health {
            Health::Ill { due_ms, restarts, .. } => (*due_ms, *restarts) = (soonest_ms.min(*due_ms), 0),
            Health::Well { .. } => self.fall_ill(soonest_ms),
        }
    }

    /// The browser says that this machine is in another network.
    pub fn network_changed(&mut self, now_ms: u64) {
        let last = self.attempts_at_ms.back();
        self.hurry(last.map_or(now_ms, |last| now_ms.max(last + LEAST_PAUSE_MS)));
    }

    /// The signalling socket is gone.
    pub fn socket_lost(&mut self) {
        self.socket_up = false;
    }

    /// It is back. What was tried lately went with it, so nothing is waited for.
    pub fn socket_resumed(&mut self, now_ms: u64) {
        self.socket_up = true;
        if !self.is_well() {
            self.hurry(now_ms);
        }
    }

    /// The other side has begun an attempt, and this one takes part in it.
    pub fn begun_by_other(&mut self, now_ms: u64, attempt: Attempt) {
        self.calm_down(now_ms);
        self.begun(now_ms, attempt);
    }

    fn begun(&mut self, now_ms: u64, attempt: Attempt) {
        self.level = if self.is_well() {
            self.level.max(1)
        } else {
            self.level + 1
        };
        self.begun_at_ms = Some(now_ms);
        let next_ms = now_ms + self.pause_ms();
        if let Health::Ill { due_ms, .. } = &mut self.health {
            *due_ms = next_ms.max(*due_ms);
        }
        self.count(attempt);
    }

    /// The other side has built the connection anew, and this one goes along: an attempt of both.
    pub fn followed(&mut self, now_ms: u64) {
        self.trouble(now_ms);
        self.attempted(now_ms);
        self.begun_by_other(now_ms, Attempt::Rebuild);
    }

    fn count(&mut self, attempt: Attempt) {
        if let Health::Ill {
            restarts,
            failed,
            heard,
            ..
        } = &mut self.health
        {
            match attempt {
                Attempt::Restart => *restarts += 1,
                Attempt::Rebuild => (*restarts, *failed, *heard) = (0, false, false),
            }
        }
    }

    /// Whether one more attempt stays within the minute's measure.
    #[must_use]
    pub fn may_attempt(&self, now_ms: u64) -> bool {
        let oldest = self
            .attempts_at_ms
            .front()
            .filter(|_| self.attempts_at_ms.len() >= ATTEMPTS_A_MINUTE);
        oldest.is_none_or(|oldest| now_ms >= oldest + MINUTE_MS)
    }

    /// Notes an attempt of this side.
    pub fn attempted(&mut self, now_ms: u64) {
        while self.attempts_at_ms.len() >= ATTEMPTS_A_MINUTE {
            self.attempts_at_ms.pop_front();
        }
        self.attempts_at_ms.push_back(now_ms);
    }

    /// Time has passed: what is to be tried now, if anything.
    pub fn tick(&mut self, now_ms: u64) -> Option<Attempt> {
        let Health::Ill {
            due_ms,
            restarts,
            failed,
            heard,
        } = self.health
        else {
            return None;
        };
        if !self.socket_up || now_ms < due_ms || !self.may_attempt(now_ms) {
            return None;
        }
        let spent = restarts >= RESTARTS_BEFORE_REBUILD || (failed && restarts >= 1);
        let attempt = if spent && heard {
            Attempt::Rebuild
        } else {
            Attempt::Restart
        };
        self.attempted(now_ms);
        self.begun(now_ms, attempt);
        Some(attempt)
    }

    /// The connection cannot be used any more, whatever the network does: as soon as may be, it is built anew.
    pub fn broken(&mut self, now_ms: u64) {
        self.hurry(now_ms);
        if let Health::Ill {
            restarts,
            failed,
            heard,
            ..
        } = &mut self.health
        {
            (*restarts, *failed, *heard) = ((*restarts).max(RESTARTS_BEFORE_REBUILD), true, true);
        }
    }
}

#[cfg(test)]
mod tests;
