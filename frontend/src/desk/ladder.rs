//! The ladder at this desk: which step of a waiting family's ladder this page carries out, and what it says of itself.
//!
//! Promises: every step is carried out and confirmed once a page; a page that is silenced or denied notifications says so and
//! confirms nothing that it did not do. The next step is the server's to begin. Not here: the sound itself (the bell), the rules
//! ([`signaling::ladder`]).

#[cfg(feature = "hydrate")]
pub(super) mod alive;

use signaling::{
    ladder::{Hearing, Step},
    queue::{Presence, QueueRow},
    triage::Acuity,
};

/// The step that this page carries out now for a row; nothing where it waits for nobody, is not this page's, or cannot be done
/// here. `seen`: the page can be seen, so its bar is noticed.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser carries steps out")
)]
pub(super) fn carried_out(row: &QueueRow, here: Hearing, seen: bool) -> Option<Step> {
    let step = row.alert.filter(|_| row.claimed_by.is_none())?;
    let is_done = match step {
        Step::Sound => here.on_duty && here.sound,
        Step::Notification => here.on_duty && here.notifications,
        Step::Colleague => !here.on_duty && (seen || here.notifications),
        Step::Supervisor => false,
    };
    is_done.then_some(step)
}

/// Whether this desk, not on duty, is asked to help: nobody who is has taken the family.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser says that it is wanted")
)]
pub(super) fn asks_for_help(row: &QueueRow) -> bool {
    row.claimed_by.is_none() && matches!(row.alert, Some(Step::Colleague | Step::Supervisor))
}

/// Whether an urgent family's turn has come while it is away: somebody has to go after it.
pub(super) fn is_urgent_and_gone(row: &QueueRow) -> bool {
    row.claimed_by.is_none()
        && row.turn_missed_at.is_some()
        && row.presence == Presence::Away
        && matches!(row.acuity, Acuity::Red | Acuity::Yellow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::order::tests::row;

    fn here(on_duty: bool, sound: bool, notifications: bool) -> Hearing {
        Hearing {
            on_duty,
            sound,
            notifications,
        }
    }

    fn at(step: Step) -> QueueRow {
        QueueRow {
            alert: Some(step),
            ..row()
        }
    }

    #[test]
    fn a_page_confirms_what_it_did_and_nothing_that_its_browser_kept_it_from() {
        assert_eq!(
            carried_out(&at(Step::Sound), here(true, true, false), true),
            Some(Step::Sound)
        );
        assert_eq!(
            carried_out(&at(Step::Sound), here(true, false, true), true),
            None,
            "silenced"
        );
        assert_eq!(
            carried_out(&at(Step::Notification), here(true, true, false), true),
            None,
            "denied"
        );
        assert_eq!(carried_out(&at(Step::Supervisor), here(true, true, true), true), None);
    }

    #[test]
    fn a_desk_that_is_not_on_duty_is_asked_only_when_those_on_duty_did_not_take_the_family() {
        assert_eq!(carried_out(&at(Step::Sound), here(false, true, true), true), None);
        assert_eq!(
            carried_out(&at(Step::Colleague), here(false, false, false), true),
            Some(Step::Colleague)
        );
        assert_eq!(
            carried_out(&at(Step::Colleague), here(false, false, false), false),
            None,
            "nobody sees it"
        );
        assert!(asks_for_help(&at(Step::Colleague)) && !asks_for_help(&at(Step::Sound)));
    }

    #[test]
    fn an_urgent_family_whose_turn_came_while_it_was_away_is_an_alarm_until_it_is_back_or_taken() {
        let gone = QueueRow {
            acuity: Acuity::Yellow,
            presence: Presence::Away,
            turn_missed_at: Some(signaling::time::At(1)),
            ..row()
        };
        assert!(is_urgent_and_gone(&gone));
        let back = QueueRow {
            presence: Presence::Here,
            ..gone.clone()
        };
        assert!(!is_urgent_and_gone(&back));
        let patient = QueueRow {
            acuity: Acuity::White,
            ..gone
        };
        assert!(!is_urgent_and_gone(&patient));
    }
}
