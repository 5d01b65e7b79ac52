//! The ladder that no family falls from: who is told that somebody waits, one after the other, until somebody takes them.
//!
//! Sound at the desks on duty, the notification of their desktops, every other desk that is connected, and at last the
//! supervisor. A page tells that it has sounded or shown ([`Ladder::heard_by`]); what nobody heard is not waited for: the next
//! step begins after [`Delays::ack`] already. A step that nobody is there for (every browser silenced, no desk connected) is
//! passed over when its turn comes.
//!
//! Promises: pure; a ladder only climbs, step by step, and ends with the supervisor, where the consultation is *overlooked*
//! until somebody has written down what was done. Who is connected is an argument ([`Reach`]). Not here: how sound is made,
//! and the timers (`deadlines`).

use crate::{
    actor::Staff,
    id::Seq,
    intake::coded,
    time::{At, Millis},
};
use serde::{Deserialize, Serialize};

coded!(
    /// The steps, lowest first.
    Step {
        Sound = "sound", "音";
        Notification = "notification", "デスクトップ通知";
        Colleague = "colleague", "ほかの担当者";
        Supervisor = "supervisor", "監督者";
    }
);

coded!(
    /// Why a consultation came to the supervisor.
    Why {
        Unclaimed = "unclaimed", "担当者が決まらないまま時間がたちました";
        Away = "away", "急ぐ方の順番が来ましたが、接続が切れています";
        Hours = "hours", "急ぐ方の相談ですが、受付時間の外です";
        Promise = "promise", "約束した返事の時間を過ぎました";
    }
);

/// How long each step is given. Configured for the whole server (`ladder.*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delays {
    /// Sound, before the notification.
    pub sound: Millis,
    /// The notification, before other desks.
    pub notification: Millis,
    /// Other desks, before the supervisor.
    pub colleague: Millis,
    /// Any step that no page has confirmed.
    pub ack: Millis,
    /// The supervisor, until what was done is written down.
    pub supervisor: Millis,
}

impl Default for Delays {
    /// Two and a half minutes in all: an arrival is looked at before a family wonders whether anybody is there.
    fn default() -> Self {
        Self {
            sound: Millis::seconds(30),
            notification: Millis::seconds(30),
            colleague: Millis::seconds(90),
            ack: Millis::seconds(10),
            supervisor: Millis::minutes(10),
        }
    }
}

impl Delays {
    /// Of a step that was heard.
    #[must_use]
    pub fn of(self, step: Step) -> Millis {
        match step {
            Step::Sound => self.sound,
            Step::Notification => self.notification,
            Step::Colleague => self.colleague,
            Step::Supervisor => self.supervisor,
        }
    }

    /// The longest that any step stands before the next begins.
    #[must_use]
    pub fn longest(self) -> Millis {
        self.sound.max(self.notification).max(self.colleague)
    }
}

/// Where a waiting family's ladder stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// The step.
    pub step: Step,
    /// The event that began it.
    pub begun_by: Seq,
    /// When.
    pub begun_at: At,
    /// Whose page first confirmed it.
    pub heard_by: Option<Staff>,
}

impl Ladder {
    /// The first step: an arrival sounds at once.
    #[must_use]
    pub fn at_its_foot(begun_by: Seq, begun_at: At) -> Self {
        Self::at(Step::Sound, begun_by, begun_at)
    }

    /// A step that has just begun.
    #[must_use]
    pub fn at(step: Step, begun_by: Seq, begun_at: At) -> Self {
        Self {
            step,
            begun_by,
            begun_at,
            heard_by: None,
        }
    }

    /// When the next step begins; nothing on the last.
    #[must_use]
    pub fn next_at(&self, delays: Delays) -> Option<At> {
        let given = delays.of(self.step);
        let waits = if self.heard_by.is_some() {
            given
        } else {
            given.min(delays.ack)
        };
        (self.step != Step::Supervisor).then(|| self.begun_at + waits)
    }
}

/// How many desks a step would reach now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// On duty, and their browser lets them sound.
    pub sounding: u32,
    /// On duty, and their browser shows notifications.
    pub notifying: u32,
    /// Connected, and not on duty.
    pub others: u32,
}

/// The step after this one, past those that would reach nobody, and how many desks it reaches.
#[must_use]
pub fn next_step(after: Step, reach: Reach) -> (Step, u32) {
    let steps = [(Step::Notification, reach.notifying), (Step::Colleague, reach.others)];
    steps
        .into_iter()
        .find(|(step, desks)| *step > after && *desks > 0)
        .unwrap_or((Step::Supervisor, 0))
}

/// What a desk's page says of itself: whether its clinician is on duty, and what its browser lets it do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hearing {
    /// 「対応中」.
    pub on_duty: bool,
    /// It can sound.
    pub sound: bool,
    /// It can show notifications.
    pub notifications: bool,
}

impl Hearing {
    /// Whether a step is this desk's to carry out, and its browser lets it.
    #[must_use]
    pub fn carries(self, step: Step) -> bool {
        match step {
            Step::Sound => self.on_duty && self.sound,
            Step::Notification => self.on_duty && self.notifications,
            Step::Colleague => !self.on_duty,
            Step::Supervisor => false,
        }
    }
}

impl Reach {
    /// Counts the desks that are connected.
    #[must_use]
    pub fn of(desks: impl IntoIterator<Item = Hearing>) -> Self {
        let mut reach = Self::default();
        for desk in desks {
            reach.sounding += u32::from(desk.carries(Step::Sound));
            reach.notifying += u32::from(desk.carries(Step::Notification));
            reach.others += u32::from(desk.carries(Step::Colleague));
        }
        reach
    }
}

/// Why the supervisor was told, and by when it is to be dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// Why.
    pub why: Why,
    /// By when.
    pub due_at: At,
}

/// A consultation that the supervisor has to look after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlooked {
    /// Since when.
    pub since: At,
    /// Why, and by when it is to be dealt with.
    pub escalation: Escalation,
    /// Who deals with it; nobody has taken it yet.
    pub owner: Option<Staff>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(sounding: u32, notifying: u32, others: u32) -> Reach {
        Reach {
            sounding,
            notifying,
            others,
        }
    }

    #[test]
    fn the_ladder_climbs_one_step_after_the_other_while_every_step_reaches_somebody() {
        let all = reach(2, 2, 1);
        assert_eq!(next_step(Step::Sound, all), (Step::Notification, 2));
        assert_eq!(next_step(Step::Notification, all), (Step::Colleague, 1));
        assert_eq!(next_step(Step::Colleague, all), (Step::Supervisor, 0));
        assert_eq!(next_step(Step::Supervisor, all), (Step::Supervisor, 0));
    }

    #[test]
    fn a_step_that_would_reach_nobody_is_passed_over() {
        assert_eq!(
            next_step(Step::Sound, reach(2, 0, 1)),
            (Step::Colleague, 1),
            "notifications are denied"
        );
        assert_eq!(
            next_step(Step::Sound, reach(1, 0, 0)),
            (Step::Supervisor, 0),
            "one desk, silenced"
        );
        assert_eq!(
            next_step(Step::Sound, Reach::default()),
            (Step::Supervisor, 0),
            "nobody is connected"
        );
    }

    #[test]
    fn a_step_that_no_page_confirmed_is_not_waited_for() {
        let delays = Delays::default();
        let mut ladder = Ladder::at_its_foot(3, At(0));
        assert_eq!(ladder.next_at(delays), Some(At(0) + delays.ack));
        ladder.heard_by = Some(Staff {
            id: crate::id::StaffId(uuid::Uuid::from_u128(11)),
            name: "佐藤".to_owned(),
            role: crate::actor::Role::Pediatrician,
        });
        assert_eq!(ladder.next_at(delays), Some(At(0) + delays.sound));
        assert_eq!(Ladder::at(Step::Supervisor, 9, At(0)).next_at(delays), None);
        let hasty = Delays {
            sound: Millis::seconds(3),
            ..delays
        };
        assert_eq!(Ladder::at_its_foot(3, At(0)).next_at(hasty), Some(At(3_000)));
    }

    #[test]
    fn a_desk_counts_for_what_its_clinician_and_its_browser_let_it_do() {
        let desk = |on_duty, sound, notifications| Hearing {
            on_duty,
            sound,
            notifications,
        };
        let desks = [desk(true, true, true), desk(true, false, true), desk(false, true, true)];
        assert_eq!(Reach::of(desks), reach(1, 2, 1));
    }
}
