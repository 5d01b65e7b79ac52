//! The figures that the city answers for, defined once.
//!
//! Definition version 1. *Satisfaction* is the top box alone: n(そう思う) / n(valid answers). *Registered users* are
//! distinct guardians with active status on the last day of the period. *Consultations* are those with at least one
//! clinician's reply (a connected call is a reply); `abandoned` and `technical_failure` are reported apart.
//! Staff's tries are left out. [`Counted`] puts every consultation into exactly one figure.
//!
//! Not here: counting (the server), what the city's viewer may not see of tables ([`masking`]).

mod masking;

pub use masking::{Joint, Masked, Network, Pipe};

use crate::note::Disposition;
use serde::{Deserialize, Serialize};

/// Version of the definitions above; printed with every report.
pub const DEFINITION_VERSION: u32 = 1;

/// Cells below this are masked for the city viewer (default taken from the NDB publication rule).
pub const SMALLEST_SHOWN: u32 = 10;

/// A share with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// How many of them.
    pub hits: u32,
    /// Out of how many.
    pub of: u32,
}

impl Share {
    /// The share in percent; nothing when there is nothing to divide.
    #[must_use]
    pub fn percent(self) -> Option<f64> {
        (self.of > 0).then(|| 100.0 * f64::from(self.hits) / f64::from(self.of))
    }

    /// The 95 % Wilson score interval in percent, lower and upper bound.
    /// Source: Wilson, E. B. (1927), JASA 22 (158): 209–212; z = 1.959964.
    #[must_use]
    pub fn wilson(self) -> Option<(f64, f64)> {
        if self.of == 0 {
            return None;
        }
        let z = 1.959_963_984_540_054_f64;
        let n = f64::from(self.of);
        let p = f64::from(self.hits) / n;
        let z2 = z * z;
        let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        Some(((middle - half).max(0.0) * 100.0, (middle + half).min(1.0) * 100.0))
    }
}

/// A count as the city viewer sees it: zero may be shown, 1 to 9 may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// The figure.
    Count(u32),
    /// 「10未満」.
    Under10,
    /// Hidden so that a masked neighbour cannot be worked out from the total.
    Hidden,
}

impl Shown {
    /// The cell as people read it.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Count(count) => count.to_string(),
            Self::Under10 => "10未満".to_owned(),
            Self::Hidden => "＊".to_owned(),
        }
    }
}

/// 1 to 9: somebody could be recognised.
fn is_small(count: u32) -> bool {
    (1..SMALLEST_SHOWN).contains(&count)
}

/// A count that adds up with no other, as the city's viewer sees it.
#[must_use]
pub fn alone(count: u32) -> Shown {
    if is_small(count) {
        Shown::Under10
    } else {
        Shown::Count(count)
    }
}

/// The share in whole percent, rounded down so that it never claims more than is so, where the few who did not say yes may
/// not be counted: told only if at least two different numbers of them fit it. `most` bounds the answers that the viewer
/// must reckon with; `known` where the number of answers is shown.
#[must_use]
pub fn whole_percent(share: Share, known: bool, most: u32) -> Option<u32> {
    if share.of < SMALLEST_SHOWN || share.hits < SMALLEST_SHOWN {
        return None;
    }
    let floor = |hits: u32, of: u32| u64::from(hits) * 100 / u64::from(of);
    let percent = floor(share.hits, share.of);
    let sizes = if known {
        share.of..=share.of
    } else {
        SMALLEST_SHOWN..=most.max(share.of)
    };
    let fits = |others: u32| {
        sizes
            .clone()
            .any(|of| of >= others + SMALLEST_SHOWN && floor(of - others, of) == percent)
    };
    let fitting = (1..SMALLEST_SHOWN).filter(|others| fits(*others)).count();
    (fitting >= 2).then(|| u32::try_from(percent).unwrap_or(100))
}

/// What a consultation is in the figures: exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// 相談件数 counts it: somebody answered, in writing or by a call that connected.
    Yes,
    /// The record says that the family left before there was advice.
    Abandoned,
    /// The record says that the technology failed.
    Failed,
    /// The family called it off before anybody answered.
    Cancelled,
    /// Nobody has answered, whether it still waits or was closed.
    Unanswered,
}

impl Counted {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 5] = [
        Self::Yes,
        Self::Abandoned,
        Self::Failed,
        Self::Cancelled,
        Self::Unanswered,
    ];

    /// What 相談件数 leaves out, reported beside it.
    pub const APART: [Self; 4] = [Self::Abandoned, Self::Failed, Self::Cancelled, Self::Unanswered];

    /// What a consultation counts as: the record is believed first, then an answer, then the calling off.
    #[must_use]
    pub const fn of(replied: bool, cancelled: bool, disposition: Option<Disposition>) -> Self {
        match disposition {
            Some(Disposition::Abandoned) => Self::Abandoned,
            Some(Disposition::TechnicalFailure) => Self::Failed,
            _ if replied => Self::Yes,
            _ if cancelled => Self::Cancelled,
            _ => Self::Unanswered,
        }
    }

    /// As addresses say it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Abandoned => "abandoned",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Unanswered => "unanswered",
        }
    }

    /// As people read it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Yes => "相談件数",
            Self::Abandoned => Disposition::Abandoned.label(),
            Self::Failed => Disposition::TechnicalFailure.label(),
            Self::Cancelled => "相談者がとりやめた",
            Self::Unanswered => "返事をしていない",
        }
    }

    /// By its code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_agrees_with_the_published_examples() {
        let cases = [
            (305, 308, 97.18, 99.67),
            (95, 100, 88.82, 97.85),
            (48, 50, 86.54, 98.90),
            (19, 20, 76.39, 99.11),
            (10, 10, 72.25, 100.0),
            (0, 10, 0.0, 27.75),
            (1368, 1440, 93.75, 96.01),
        ];
        for (hits, of, low, high) in cases {
            let (lower, upper) = Share { hits, of }.wilson().expect("not empty");
            assert!((lower - low).abs() < 0.006, "{hits}/{of}: lower {lower}");
            assert!((upper - high).abs() < 0.006, "{hits}/{of}: upper {upper}");
        }
    }

    #[test]
    fn nothing_answered_is_no_share() {
        assert_eq!(Share { hits: 0, of: 0 }.percent(), None);
        assert_eq!(Share { hits: 0, of: 0 }.wilson(), None);
    }

    #[test]
    fn the_plans_own_baseline_can_be_shown_to_the_city() {
        let baseline = Share { hits: 305, of: 308 };
        assert_eq!(
            whole_percent(baseline, true, 308),
            Some(99),
            "3, 2 or 1 did not say yes"
        );
        assert_eq!(
            whole_percent(Share { hits: 19, of: 20 }, true, 20),
            None,
            "one in twenty is one"
        );
        assert_eq!(whole_percent(Share { hits: 19, of: 20 }, false, 60), Some(95));
        assert_eq!(whole_percent(Share { hits: 9, of: 10 }, false, 12), None);
    }

    #[test]
    fn the_record_is_believed_before_an_answer_and_an_answer_before_a_calling_off() {
        assert_eq!(Counted::of(true, true, None), Counted::Yes);
        assert_eq!(
            Counted::of(true, true, Some(Disposition::Abandoned)),
            Counted::Abandoned
        );
        assert_eq!(
            Counted::of(false, true, Some(Disposition::HomeCare)),
            Counted::Cancelled
        );
        assert_eq!(
            Counted::of(false, false, Some(Disposition::HomeCare)),
            Counted::Unanswered
        );
    }
}
