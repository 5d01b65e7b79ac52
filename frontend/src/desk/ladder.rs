//! The ladder at this desk: which step of a waiting family's ladder this page carries out, and what it says of itself.
//!
//! Promises: every step is carried out once a page, and confirmed where no other page has done so; a page that is silenced or
//! denied notifications says so and confirms nothing that it did not do: of sound only what its bell has rung for. The next step is the server's to begin. Not here: the sound itself (the bell), the rules
//! ([`signaling::ladder`]).

#[cfg(feature = "hydrate")]
pub(super) mod alive;

use signaling::{
    id::{ConsultationId, StaffId},
    ladder::{Hearing, Step},
    queue::{Presence, QueueRow},
};

/// The step that this page carries out now for a row; nothing where it waits for nobody, is not this page's, or cannot be done
/// here. `seen`: the page can be seen, so its bar is noticed. `rung`: this page's bell has rung for it.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser carries steps out")
)]
pub(super) fn carried_out(row: &QueueRow, here: Hearing, seen: bool, rung: bool) -> Option<Step> {
    let step = row.alert.filter(|_| row.claimed_by.is_none())?;
    // A colleague's step is a bar on the page or a notification: one of them must be noticed.
    let is_noticed = step != Step::Colleague || seen || here.notifications;
    let is_silent = step == Step::Sound && !rung;
    (here.carries(step) && is_noticed && !is_silent).then_some(step)
}

/// Whether the family's ladder still stands on a step that this page has carried out. When it waits anew, its ladder begins anew.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser carries steps out")
)]
pub(super) fn still_stands(row: Option<&QueueRow>, step: Step) -> bool {
    row.is_some_and(|row| row.claimed_by.is_none() && row.alert == Some(step))
}

/// Pages of one desk confirm within so many milliseconds of each other: the first is heard of before most others would speak.
const SPREAD_MILLIS: u128 = 1_000;

/// How long this page waits with its word that it has carried a step out, in milliseconds: another time at every desk.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser carries steps out")
)]
pub(super) fn confirms_after_millis(me: StaffId, consultation: ConsultationId) -> u64 {
    let own = (me.0.as_u128() ^ consultation.0.as_u128()) % SPREAD_MILLIS;
    // A remainder by SPREAD_MILLIS fits.
    u64::try_from(own).unwrap_or(0)
}

/// Whether nobody has confirmed yet that a step was carried out on which the family's ladder stands.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "only the browser carries steps out")
)]
pub(super) fn is_unheard(row: &QueueRow, step: Step) -> bool {
    row.claimed_by.is_none() && row.alert == Some(step) && !row.alert_heard
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
    row.claimed_by.is_none() && row.turn_missed_at.is_some() && row.presence == Presence::Away && row.acuity.is_urgent()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::order::tests::row;
    use signaling::triage::Acuity;

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
            carried_out(&at(Step::Sound), here(true, true, false), true, true),
            Some(Step::Sound)
        );
        assert_eq!(
            carried_out(&at(Step::Sound), here(true, false, true), true, true),
            None,
            "silenced"
        );
        assert_eq!(
            carried_out(&at(Step::Notification), here(true, true, false), true, true),
            None,
            "denied"
        );
        assert_eq!(
            carried_out(&at(Step::Sound), here(true, true, true), true, false),
            None,
            "it may sound, and has not rung for this family"
        );
        assert_eq!(
            carried_out(&at(Step::Supervisor), here(true, true, true), true, true),
            None
        );
    }

    #[test]
    fn of_many_desks_few_confirm_before_the_first_is_heard_of() {
        let desk = |n: u128| StaffId(uuid::Uuid::from_u128(n * 7_919));
        let consultation = row().consultation;
        let pauses: Vec<u64> = (0..500).map(|n| confirms_after_millis(desk(n), consultation)).collect();
        assert!(pauses.iter().all(|pause| *pause < 1_000));
        let first = pauses.iter().min().copied().unwrap_or_default();
        let close = pauses.iter().filter(|pause| **pause <= first + 50).count();
        assert!(close < 50, "{close} of 500 within a round trip");
    }

    #[test]
    fn a_step_that_another_page_confirmed_that_is_over_or_whose_family_was_taken_is_not_confirmed() {
        let sounds = at(Step::Sound);
        assert!(is_unheard(&sounds, Step::Sound));
        assert!(!is_unheard(&at(Step::Notification), Step::Sound));
        let heard = QueueRow {
            alert_heard: true,
            ..sounds.clone()
        };
        let taken = QueueRow {
            claimed_by: Some(signaling::actor::Staff {
                id: StaffId(uuid::Uuid::nil()),
                name: "佐藤".to_owned(),
                role: signaling::actor::Role::Midwife,
            }),
            ..sounds
        };
        assert!(!is_unheard(&heard, Step::Sound) && !is_unheard(&taken, Step::Sound));
    }

    #[test]
    fn a_step_is_over_once_the_family_is_taken_or_the_next_begins() {
        let sounds = at(Step::Sound);
        assert!(still_stands(Some(&sounds), Step::Sound));
        assert!(!still_stands(Some(&at(Step::Notification)), Step::Sound));
        assert!(!still_stands(None, Step::Sound));
        let taken = QueueRow {
            claimed_by: Some(signaling::actor::Staff {
                id: StaffId(uuid::Uuid::nil()),
                name: "佐藤".to_owned(),
                role: signaling::actor::Role::Midwife,
            }),
            ..sounds
        };
        assert!(!still_stands(Some(&taken), Step::Sound));
    }

    #[test]
    fn a_desk_that_is_not_on_duty_is_asked_only_when_those_on_duty_did_not_take_the_family() {
        assert_eq!(carried_out(&at(Step::Sound), here(false, true, true), true, true), None);
        assert_eq!(
            carried_out(&at(Step::Colleague), here(false, false, false), true, true),
            Some(Step::Colleague)
        );
        assert_eq!(
            carried_out(&at(Step::Colleague), here(false, false, false), false, true),
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
