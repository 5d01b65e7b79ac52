//! The rota: who is to be at the desk when, and how shifts change hands.
//!
//! Promises: a clinician has no two shifts at one time; a shift changes hands only when the colleague has said yes, and then whole;
//! what is over is changed by nobody.
//!
//! Not here: who is really there ([`crate::duty`]), keeping shifts (the server).

use crate::{
    actor::Staff,
    id::StaffId,
    time::{At, Millis},
};
use serde::{Deserialize, Serialize};

/// Longest shift.
pub const LONGEST: Millis = Millis::hours(24);
/// How far ahead a shift may begin.
pub const FARTHEST: Millis = Millis::days(366);

/// A shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Its id.
    pub id: String,
    /// Whose.
    pub staff: Staff,
    /// From when.
    pub from_at: At,
    /// Until when, exclusive.
    pub until_at: At,
    /// A colleague is asked to take it.
    pub swap: Option<Swap>,
}

/// Somebody asks to be stood in for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// Whom; anybody where nobody is named.
    pub to: Option<Staff>,
    /// When it was asked.
    pub asked_at: At,
}

/// Why the rota stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RotaFault {
    /// It ends before it begins, or is longer than a day.
    #[error("終わりは始まりより後、24時間以内にしてください。")]
    NoSpan,
    /// It is over, or has begun where it must not have.
    #[error("過ぎた時間の当番は変えられません。")]
    Over,
    /// It lies too far ahead.
    #[error("1年先までの日を選んでください。")]
    TooFar,
    /// The clinician has another one then.
    #[error("同じ時間に、その方の別の当番があります。")]
    Overlapping,
    /// Not their shift.
    #[error("自分の当番だけを頼めます。")]
    NotYours,
    /// Nobody asks for it, or not them.
    #[error("この交代は、もう頼まれていません。")]
    NotAsked,
    /// To oneself.
    #[error("ほかの方を選んでください。")]
    Oneself,
    /// A role that does not sit at the desk.
    #[error("当番に入れるのは医師と助産師です。")]
    NoClinician,
}

impl Shift {
    /// Whether some moment lies in it.
    #[must_use]
    pub fn holds(&self, at: At) -> bool {
        (self.from_at..self.until_at).contains(&at)
    }

    fn meets(&self, from_at: At, until_at: At) -> bool {
        self.from_at < until_at && from_at < self.until_at
    }
}

/// Whether a clinician can be given these hours, beside the shifts that they have.
///
/// # Errors
/// See [`RotaFault`].
pub fn can_have(
    shifts: &[Shift],
    staff: &Staff,
    (from_at, until_at): (At, At),
    now: At,
    without: Option<&str>,
) -> Result<(), RotaFault> {
    if !staff.role.is_clinician() {
        return Err(RotaFault::NoClinician);
    }
    if from_at >= until_at || until_at.0 - from_at.0 > LONGEST.0 {
        return Err(RotaFault::NoSpan);
    }
    if until_at <= now {
        return Err(RotaFault::Over);
    }
    if from_at > now + FARTHEST {
        return Err(RotaFault::TooFar);
    }
    let theirs = shifts.iter().filter(|shift| shift.staff.id == staff.id);
    let mut others = theirs.filter(|shift| Some(shift.id.as_str()) != without);
    if others.any(|shift| shift.meets(from_at, until_at)) {
        return Err(RotaFault::Overlapping);
    }
    Ok(())
}

/// Whether a clinician may ask to be stood in for.
///
/// # Errors
/// See [`RotaFault`].
pub fn may_ask(shift: &Shift, me: StaffId, to: Option<&Staff>, now: At) -> Result<(), RotaFault> {
    if shift.staff.id != me {
        return Err(RotaFault::NotYours);
    }
    if shift.until_at <= now {
        return Err(RotaFault::Over);
    }
    match to {
        Some(to) if to.id == me => Err(RotaFault::Oneself),
        Some(to) if !to.role.is_clinician() => Err(RotaFault::NoClinician),
        _ => Ok(()),
    }
}

/// Whether a clinician may take a shift for which somebody is asked.
///
/// # Errors
/// See [`RotaFault`].
pub fn may_take(shifts: &[Shift], shift: &Shift, me: &Staff, now: At) -> Result<(), RotaFault> {
    let swap = shift.swap.as_ref().ok_or(RotaFault::NotAsked)?;
    if shift.staff.id == me.id || swap.to.as_ref().is_some_and(|to| to.id != me.id) {
        return Err(RotaFault::NotAsked);
    }
    can_have(shifts, me, (shift.from_at, shift.until_at), now, None)
}

/// How many clinicians are to be there at a moment.
#[must_use]
pub fn on_at(shifts: &[Shift], at: At) -> u32 {
    let mut there: Vec<StaffId> = shifts
        .iter()
        .filter(|shift| shift.holds(at))
        .map(|shift| shift.staff.id)
        .collect();
    there.sort_unstable();
    there.dedup();
    u32::try_from(there.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Role;
    use uuid::Uuid;

    const NOW: At = At(0);

    fn staff(number: u128, role: Role) -> Staff {
        Staff {
            id: StaffId(Uuid::from_u128(number)),
            name: format!("職員{number}"),
            role,
        }
    }

    fn hours(from: i64, until: i64) -> (At, At) {
        (NOW + Millis::hours(from), NOW + Millis::hours(until))
    }

    fn shift(id: &str, of: &Staff, from: i64, until: i64) -> Shift {
        let (from_at, until_at) = hours(from, until);
        Shift {
            id: id.to_owned(),
            staff: of.clone(),
            from_at,
            until_at,
            swap: None,
        }
    }

    #[test]
    fn nobody_has_two_shifts_at_one_time_and_one_may_follow_on_the_other() {
        let (sato, suzuki) = (staff(1, Role::Pediatrician), staff(2, Role::Midwife));
        let rota = [shift("a", &sato, 1, 5)];
        assert_eq!(
            can_have(&rota, &sato, hours(4, 6), NOW, None),
            Err(RotaFault::Overlapping)
        );
        assert_eq!(can_have(&rota, &sato, hours(5, 9), NOW, None), Ok(()));
        assert_eq!(
            can_have(&rota, &suzuki, hours(1, 5), NOW, None),
            Ok(()),
            "two may be there"
        );
        assert_eq!(
            can_have(&rota, &sato, hours(2, 6), NOW, Some("a")),
            Ok(()),
            "the same one moved"
        );
    }

    #[test]
    fn a_shift_has_a_length_a_future_and_a_clinician() {
        let sato = staff(1, Role::Pediatrician);
        assert_eq!(can_have(&[], &sato, hours(2, 2), NOW, None), Err(RotaFault::NoSpan));
        assert_eq!(can_have(&[], &sato, hours(2, 27), NOW, None), Err(RotaFault::NoSpan));
        assert_eq!(can_have(&[], &sato, hours(-3, 0), NOW, None), Err(RotaFault::Over));
        assert_eq!(
            can_have(&[], &sato, hours(-3, 1), NOW, None),
            Ok(()),
            "somebody comes in late"
        );
        let next_year = hours(24 * 366, 24 * 366 + 1);
        assert_eq!(can_have(&[], &sato, next_year, NOW, None), Ok(()));
        let later = hours(24 * 366 + 1, 24 * 366 + 2);
        assert_eq!(can_have(&[], &sato, later, NOW, None), Err(RotaFault::TooFar));
        let viewer = staff(3, Role::CityViewer);
        assert_eq!(
            can_have(&[], &viewer, hours(1, 2), NOW, None),
            Err(RotaFault::NoClinician)
        );
    }

    #[test]
    fn a_shift_changes_hands_only_between_those_who_ask_and_are_asked() {
        let (sato, suzuki, tanaka) = (
            staff(1, Role::Pediatrician),
            staff(2, Role::Midwife),
            staff(3, Role::Midwife),
        );
        let mut shift = shift("a", &sato, 1, 5);
        assert_eq!(may_take(&[], &shift, &suzuki, NOW), Err(RotaFault::NotAsked));
        assert_eq!(may_ask(&shift, suzuki.id, None, NOW), Err(RotaFault::NotYours));
        assert_eq!(may_ask(&shift, sato.id, Some(&sato), NOW), Err(RotaFault::Oneself));
        assert_eq!(may_ask(&shift, sato.id, Some(&suzuki), NOW), Ok(()));
        assert_eq!(may_ask(&shift, sato.id, None, shift.until_at), Err(RotaFault::Over));
        let asked = |to: Option<&Staff>| {
            Some(Swap {
                to: to.cloned(),
                asked_at: NOW,
            })
        };
        shift.swap = asked(Some(&suzuki));
        assert_eq!(may_take(&[], &shift, &tanaka, NOW), Err(RotaFault::NotAsked));
        assert_eq!(may_take(&[], &shift, &suzuki, NOW), Ok(()));
        let busy = [self::shift("b", &suzuki, 0, 2)];
        assert_eq!(may_take(&busy, &shift, &suzuki, NOW), Err(RotaFault::Overlapping));
        shift.swap = asked(None);
        assert_eq!(may_take(&[], &shift, &tanaka, NOW), Ok(()), "anybody");
        assert_eq!(
            may_take(&[], &shift, &sato, NOW),
            Err(RotaFault::NotAsked),
            "not the one who asks"
        );
    }

    #[test]
    fn who_has_two_shifts_that_meet_counts_once() {
        let (sato, suzuki) = (staff(1, Role::Pediatrician), staff(2, Role::Midwife));
        let rota = [
            shift("a", &sato, 1, 5),
            shift("b", &suzuki, 4, 6),
            shift("c", &sato, 4, 5),
        ];
        let at = |hour| on_at(&rota, NOW + Millis::hours(hour));
        assert_eq!([at(0), at(1), at(4), at(5), at(6)], [0, 1, 2, 1, 0]);
    }
}
