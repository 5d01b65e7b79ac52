//! Where a stroke is on a photo, and how a mark is drawn over it.

use signaling::photo::{Mark, MarkKind};

/// A stroke shorter than this is a slip of the hand: two hundredths of the photo.
#[cfg(any(feature = "hydrate", test))]
const SHORTEST: u16 = 200;

/// The point of a photo under a point of the box that holds it. The photo lies in the middle of the box, as large as it can be.
#[cfg(any(feature = "hydrate", test))]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held between nought and ten thousand before"
)]
pub(super) fn place(holds: (f64, f64), size: (u32, u32), at: (f64, f64)) -> (u16, u16) {
    let (width, height) = (f64::from(size.0).max(1.0), f64::from(size.1).max(1.0));
    let scale = (holds.0 / width).min(holds.1 / height).max(f64::MIN_POSITIVE);
    let part = |at: f64, holds: f64, length: f64| {
        let from = (holds - length * scale) / 2.0;
        let whole = f64::from(Mark::WHOLE);
        ((at - from) / (length * scale) * whole).clamp(0.0, whole).round() as u16
    };
    (part(at.0, holds.0, width), part(at.1, holds.1, height))
}

/// Whether somebody meant to draw it.
#[cfg(any(feature = "hydrate", test))]
pub(super) fn is_meant(mark: Mark) -> bool {
    mark.from.0.abs_diff(mark.to.0).max(mark.from.1.abs_diff(mark.to.1)) >= SHORTEST
}

/// The mark as the `d` of a path, in pixels of the photo.
pub(super) fn way(mark: Mark, size: (u32, u32)) -> String {
    let pixels = |(x, y): (u16, u16)| {
        let part = |part: u16, length: u32| f64::from(part) * f64::from(length) / f64::from(Mark::WHOLE);
        (part(x, size.0), part(y, size.1))
    };
    let ((x1, y1), (x2, y2)) = (pixels(mark.from), pixels(mark.to));
    match mark.shape {
        MarkKind::Arrow => {
            let length = (x2 - x1).hypot(y2 - y1).max(1.0);
            let head = f64::from(size.0.max(size.1)) / 30.0;
            let (along_x, along_y) = ((x2 - x1) / length * head, (y2 - y1) / length * head);
            let (left, right) = (
                (x2 - along_x - along_y / 2.0, y2 - along_y + along_x / 2.0),
                (x2 - along_x + along_y / 2.0, y2 - along_y - along_x / 2.0),
            );
            format!(
                "M{x1:.0} {y1:.0}L{x2:.0} {y2:.0}M{:.0} {:.0}L{x2:.0} {y2:.0}L{:.0} {:.0}",
                left.0, left.1, right.0, right.1
            )
        }
        MarkKind::Ring => {
            let (radius_x, radius_y) = ((x2 - x1).abs() / 2.0, (y2 - y1).abs() / 2.0);
            let (left, middle) = (x1.min(x2), (y1 + y2) / 2.0);
            let arc = |to: f64| format!("A{radius_x:.0} {radius_y:.0} 0 1 1 {to:.0} {middle:.0}");
            let right = left + radius_x * 2.0;
            format!("M{left:.0} {middle:.0}{}{}", arc(right), arc(left))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_of_the_box_is_a_point_of_the_photo_in_its_middle() {
        // A photo twice as wide as high, in a square: a quarter above and a quarter below it are empty.
        let holds = (400.0, 400.0);
        let size = (2000, 1000);
        assert_eq!(place(holds, size, (200.0, 200.0)), (5_000, 5_000));
        assert_eq!(place(holds, size, (0.0, 100.0)), (0, 0));
        assert_eq!(place(holds, size, (400.0, 300.0)), (10_000, 10_000));
        assert_eq!(
            place(holds, size, (-50.0, 399.0)),
            (0, 10_000),
            "beside the photo is its edge"
        );
        assert_eq!(
            place((0.0, 0.0), size, (1.0, 1.0)).0,
            10_000,
            "a box that is not there yet"
        );
    }

    #[test]
    fn an_arrow_ends_in_its_tip_and_a_ring_closes() {
        let mark = |shape| Mark {
            shape,
            from: (0, 0),
            to: (10_000, 5_000),
        };
        let arrow = way(mark(MarkKind::Arrow), (600, 600));
        assert!(
            arrow.starts_with("M0 0L600 300M") && arrow.contains("L600 300L"),
            "{arrow}"
        );
        let ring = way(mark(MarkKind::Ring), (600, 600));
        assert_eq!(ring, "M0 150A300 150 0 1 1 600 150A300 150 0 1 1 0 150");
    }

    #[test]
    fn a_tap_is_no_mark() {
        let to = |to| Mark {
            shape: MarkKind::Ring,
            from: (500, 500),
            to,
        };
        assert!(!is_meant(to((510, 520))) && is_meant(to((500, 900))));
    }
}
