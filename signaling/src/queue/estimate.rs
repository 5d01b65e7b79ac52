//! What a waiting family is told about its wait.

use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// What a family is told about its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// How many wait before it.
    pub ahead: u32,
    /// Lower end of the estimate in whole minutes; nothing, like the upper end, while no clinician's desk is open: then nobody
    /// knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_minutes: Option<u32>,
    /// Upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_minutes: Option<u32>,
}

impl Position {
    /// 「約10〜20分」.
    #[must_use]
    pub fn estimate_text(self) -> String {
        match (self.from_minutes, self.to_minutes) {
            (_, Some(..=5)) => "まもなく".to_owned(),
            (Some(0), Some(to)) => format!("約{to}分以内"),
            (Some(from), Some(to)) => format!("約{from}〜{to}分"),
            _ => "担当者が席につきしだい".to_owned(),
        }
    }
}

/// What a consultation takes where too few were measured: ten minutes, an assumption that a desk's first evenings replace.
pub const USUAL_SERVICE_SECONDS: u32 = 600;
/// Over which time consultations are measured: four weeks have every day of the week alike.
pub const SERVICE_MEASURED_OVER: Millis = Millis::days(28);
/// Fewer measured consultations than this say nothing: one long evening would be half of them.
const SERVICES_LEAST: usize = 10;

/// What a consultation takes: the median of those measured (seconds from the first claim to the end), or
/// [`USUAL_SERVICE_SECONDS`] while there are fewer than ten. A median, because a clinician who closes the next morning is no
/// reason to tell everybody an hour.
#[must_use]
pub fn usual_service_seconds(mut measured: Vec<u32>) -> u32 {
    if measured.len() < SERVICES_LEAST {
        return USUAL_SERVICE_SECONDS;
    }
    let middle = measured.len() / 2;
    *measured.select_nth_unstable(middle).1
}

/// The lower end of the range, as a part of its middle.
const SOONER: f64 = 0.7;
/// The upper end.
const LATER: f64 = 1.6;

/// What an estimate is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serving {
    /// What a consultation takes here ([`usual_service_seconds`]).
    pub service_seconds: u32,
    /// Clinicians whose desk is open.
    pub clinicians: u32,
    /// Those of them who have a consultation now.
    pub busy: u32,
}

impl Default for Serving {
    fn default() -> Self {
        Self {
            service_seconds: USUAL_SERVICE_SECONDS,
            clinicians: 0,
            busy: 0,
        }
    }
}

/// The estimate: so many consultations have to end before it is this family's turn, and somebody ends one every
/// `service / clinicians`. The range says how uncertain that is: it is wide on purpose, wider above than below (some
/// consultations take long, and somebody urgent may come), and rounded to five minutes, since an exact figure would promise
/// what nobody can keep. `make sim` prints how many families are called within theirs.
#[must_use]
pub fn position(ahead: u32, serving: Serving) -> Position {
    let minutes = (serving.clinicians > 0).then(|| {
        let free = serving.clinicians.saturating_sub(serving.busy);
        let ends_before = f64::from((ahead + 1).saturating_sub(free));
        let service_minutes = f64::from(serving.service_seconds.clamp(60, 3600)) / 60.0;
        let middle = ends_before * service_minutes / f64::from(serving.clinicians);
        let from_minutes = fives((middle * SOONER / 5.0).floor());
        let to_minutes = fives((middle * LATER / 5.0).ceil()).max(from_minutes + 5);
        (from_minutes, to_minutes)
    });
    Position {
        ahead,
        from_minutes: minutes.map(|(from, _)| from),
        to_minutes: minutes.map(|(_, to)| to),
    }
}

fn fives(steps: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small and not negative"
    )]
    let steps = steps as u32;
    steps * 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_without_a_history_says_ten_minutes_a_family_and_one_with_says_its_median() {
        assert_eq!(usual_service_seconds(vec![1_800; 9]), USUAL_SERVICE_SECONDS);
        assert_eq!(usual_service_seconds(vec![1_800; 10]), 1_800);
        let mut night = vec![900; 8];
        night.extend([30, 60, 40_000, 50_000]);
        assert_eq!(usual_service_seconds(night), 900, "what lies far out moves nothing");
    }

    fn one_clinician(service_seconds: u32, busy: u32) -> Serving {
        Serving {
            service_seconds,
            clinicians: 1,
            busy,
        }
    }

    #[test]
    fn a_family_behind_one_other_is_told_a_range_around_what_consultations_take() {
        let told = |service_seconds| position(1, one_clinician(service_seconds, 0)).estimate_text();
        assert_eq!(told(USUAL_SERVICE_SECONDS), "約5〜20分");
        assert_eq!(told(900), "約10〜25分");
        assert_eq!(told(1_800), "約20〜50分");
    }

    #[test]
    fn the_next_family_is_called_soon_while_somebody_is_free_and_waits_for_an_end_while_nobody_is() {
        let told = |busy| position(0, one_clinician(USUAL_SERVICE_SECONDS, busy)).estimate_text();
        assert_eq!(told(0), "まもなく");
        assert_eq!(told(1), "約5〜20分");
        let five = Serving {
            clinicians: 5,
            busy: 5,
            ..Serving::default()
        };
        assert_eq!(
            position(0, five).estimate_text(),
            "まもなく",
            "one of five is soon done"
        );
        assert_eq!(position(2, five).estimate_text(), "約10分以内");
    }

    #[test]
    fn the_further_back_a_family_stands_the_longer_and_the_less_certain_is_what_it_is_told() {
        let told = |ahead| position(ahead, one_clinician(600, 1));
        for ahead in 0..40 {
            let (near, far) = (told(ahead), told(ahead + 1));
            assert!(near.from_minutes <= far.from_minutes && near.to_minutes <= far.to_minutes);
            let width = |at: Position| at.to_minutes.zip(at.from_minutes).map(|(to, from)| to - from);
            assert!(width(told(ahead + 10)) > width(near));
        }
    }

    #[test]
    fn while_nobody_is_on_duty_no_wait_is_invented() {
        for ahead in [0, 1, 40] {
            let told = position(ahead, Serving::default());
            assert_eq!(told.estimate_text(), "担当者が席につきしだい");
            assert_eq!((told.ahead, told.from_minutes, told.to_minutes), (ahead, None, None));
        }
    }

    #[test]
    fn the_estimate_is_a_range_in_steps_of_five_minutes() {
        assert_eq!(position(2, one_clinician(600, 0)).estimate_text(), "約10〜35分");
        let two = Serving {
            clinicians: 2,
            ..Serving::default()
        };
        assert_eq!(position(2, two).estimate_text(), "約10分以内");
        assert_eq!(position(4, two).estimate_text(), "約10〜25分");
    }
}
