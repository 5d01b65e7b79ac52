//! What a clinician draws over a photo. The photo itself stays as it came.

use crate::limits;
use serde::{Deserialize, Serialize};

/// Shapes of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// From the first point to the second, where its tip is.
    Arrow,
    /// An ellipse in the rectangle of the two points.
    Ring,
}

/// One mark: two points in ten-thousandths of the photo's width and height, from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Its shape.
    pub shape: MarkKind,
    /// First point.
    pub from: (u16, u16),
    /// Second point.
    pub to: (u16, u16),
}

impl Mark {
    /// How far the photo reaches in both directions.
    pub const WHOLE: u16 = 10_000;

    fn is_inside(self) -> bool {
        [self.from.0, self.from.1, self.to.0, self.to.1]
            .into_iter()
            .all(|part| part <= Self::WHOLE)
    }
}

/// Whether so many marks may be kept, and all are on the photo.
#[must_use]
pub fn fit(marks: &[Mark]) -> bool {
    marks.len() <= limits::MARKS_PER_PHOTO && marks.iter().all(|mark| mark.is_inside())
}
