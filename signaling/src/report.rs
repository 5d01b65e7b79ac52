//! The figures that the city answers for, defined once (domain notes §4).
//!
//! Definition version 1. *Satisfaction* is the top box alone: n(そう思う) / n(valid answers). *Registered users* are
//! distinct guardians with active status on the last day of the period. *Consultations* are those with at least one
//! clinician's reply (a connected call is a reply); `abandoned` and `technical_failure` are reported apart.
//! Staff's tries are left out.

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

/// Masks the cells of one table row or column whose total is also shown. Where exactly one cell would be masked, the
/// smallest other cell that is not zero is hidden too (complementary suppression), since the total would give it away.
#[must_use]
pub fn masked(cells: &[u32]) -> Vec<Shown> {
    let small = |count: u32| (1..SMALLEST_SHOWN).contains(&count);
    let mut shown: Vec<Shown> = cells
        .iter()
        .map(|&count| {
            if small(count) {
                Shown::Under10
            } else {
                Shown::Count(count)
            }
        })
        .collect();
    let hidden = cells.iter().filter(|&&count| small(count)).count();
    if hidden == 1 {
        let neighbour = (0..cells.len())
            .filter(|&i| cells[i] >= SMALLEST_SHOWN)
            .min_by_key(|&i| cells[i]);
        if let Some(i) = neighbour {
            shown[i] = Shown::Hidden;
        }
    }
    shown
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
    fn the_city_sees_no_cell_under_ten_and_cannot_work_it_out() {
        assert_eq!(
            masked(&[0, 9, 40, 12]),
            [Shown::Count(0), Shown::Under10, Shown::Count(40), Shown::Hidden]
        );
        assert_eq!(masked(&[3, 9, 40]), [Shown::Under10, Shown::Under10, Shown::Count(40)]);
        assert_eq!(masked(&[10, 11]), [Shown::Count(10), Shown::Count(11)]);
    }
}
