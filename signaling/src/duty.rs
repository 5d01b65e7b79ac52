//! Presence: what clinicians say of themselves, and what ends a shift.
//!
//! Promises: presence is said, never guessed. A page that is away changes nothing about it; it only means that nobody is counted on
//! until it is back ([`Presence::counts`]). A shift ends when something was decided about everything its clinician has.
//!
//! Not here: keeping what was said (the server), the rota ([`crate::rota`]).

use crate::{
    id::{ConsultationId, StaffId},
    intake::coded,
    time::{At, Millis},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

coded!(
    /// What a clinician said last.
    Duty {
        On = "on", "対応中";
        Break = "break", "休憩";
        Off = "off", "終了";
    }
);

/// A page that has not been heard of for so long is away: three heartbeats of a desk that waits, and its grace.
pub const UNHEARD: Millis = Millis::minutes(3);

/// What is known of a clinician.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Who.
    pub staff: StaffId,
    /// What they said last.
    pub duty: Duty,
    /// When.
    pub since: At,
    /// When their desk was last heard of, to the minute.
    pub seen_at: At,
}

impl Presence {
    /// Whether families can count on them: they said 「対応中」, and their desk answers.
    #[must_use]
    pub fn counts(&self, is_connected: bool) -> bool {
        self.duty == Duty::On && is_connected
    }

    /// 「対応中（18:00から）」, 「対応中（18:00から、19:42から応答なし）」, 「終了」.
    #[must_use]
    pub fn text(&self, now: At) -> String {
        let label = self.duty.label();
        let unheard = now.0 - self.seen_at.0 > UNHEARD.0;
        match (self.duty, unheard) {
            (Duty::Off, _) => label.to_owned(),
            (_, true) => format!(
                "{label}（{}から、{}から応答なし）",
                self.since.clock(),
                self.seen_at.clock()
            ),
            (_, false) => format!("{label}（{}から）", self.since.clock()),
        }
    }
}

/// What a clinician who ends a shift still has, and has decided nothing about; nothing where the shift may end.
#[must_use]
pub fn undecided(has: &[ConsultationId], keeps: &[ConsultationId]) -> Vec<ConsultationId> {
    let keeps: BTreeSet<&ConsultationId> = keeps.iter().collect();
    has.iter().filter(|one| !keeps.contains(one)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn present(duty: Duty) -> Presence {
        Presence {
            staff: StaffId(Uuid::nil()),
            duty,
            since: At(0),
            seen_at: At(Millis::hours(1).0),
        }
    }

    #[test]
    fn families_count_on_those_who_said_so_and_whose_desk_answers() {
        assert!(present(Duty::On).counts(true));
        assert!(!present(Duty::On).counts(false), "the desk is away");
        assert!(!present(Duty::Break).counts(true));
        assert!(!present(Duty::Off).counts(true));
    }

    #[test]
    fn a_desk_that_is_away_is_said_and_changes_nothing_that_was_said() {
        // 1970-01-01 09:00 in Tokyo.
        let seen = Millis::hours(1);
        assert_eq!(present(Duty::On).text(At(seen.0)), "対応中（09:00から）");
        assert_eq!(present(Duty::On).text(At(seen.0 + UNHEARD.0)), "対応中（09:00から）");
        let later = At(seen.0 + UNHEARD.0 + 1);
        assert_eq!(present(Duty::On).text(later), "対応中（09:00から、10:00から応答なし）");
        assert_eq!(present(Duty::Break).text(later), "休憩（09:00から、10:00から応答なし）");
        assert_eq!(present(Duty::Off).text(later), "終了");
    }

    #[test]
    fn a_shift_ends_when_everything_was_decided_about() {
        let [one, two] = [1, 2].map(|n| ConsultationId(Uuid::from_u128(n)));
        assert_eq!(undecided(&[], &[]), []);
        assert_eq!(undecided(&[one, two], &[two]), [one]);
        assert_eq!(
            undecided(&[one], &[one, two]),
            [],
            "what was named and is gone does no harm"
        );
    }
}
