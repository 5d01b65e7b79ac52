//! Points of an EPDS (Cox et al. 1987; Okano et al. 1996) that a clinician has asked from her own sheet.
//!
//! Promises: ten items of 0 to 3 points each, or none at all; what is half filled says which items are missing. Points move a
//! place in the queue by the rules that name them ([`super::Trigger::EpdsAtLeast`]) and mean no disease.
//!
//! Not here: the wording of the items, which is under a licence that nobody has checked yet; what mothers fill in themselves,
//! which the EPDS is not for.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How many items there are.
const ITEMS: usize = 10;
/// Most points of one.
const MOST: u8 = 3;

/// Points of an answered EPDS.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
pub struct Epds {
    items: [u8; ITEMS],
}

crate::redacted_debug!(Epds {});

/// Not ten items of 0 to 3 points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an EPDS has ten items of 0 to 3 points")]
pub struct NoEpds;

impl Epds {
    /// Of items 1 to 10, in order.
    ///
    /// # Errors
    /// More than three points.
    pub fn of(items: [u8; ITEMS]) -> Result<Self, NoEpds> {
        match items.iter().all(|points| *points <= MOST) {
            true => Ok(Self { items }),
            false => Err(NoEpds),
        }
    }

    /// Of items 1 to 10, in order.
    #[must_use]
    pub fn items(&self) -> [u8; ITEMS] {
        self.items
    }

    /// Of all items.
    #[must_use]
    pub fn total(&self) -> u8 {
        // At most 30.
        self.items.iter().sum()
    }

    /// Of item 10, which is heard whatever the total.
    #[must_use]
    pub fn tenth(&self) -> u8 {
        self.items[ITEMS - 1]
    }

    /// Of one item, or in all; nothing for an item that there is not.
    pub(super) fn points(&self, item: Option<u8>) -> Option<u8> {
        match item {
            None => Some(self.total()),
            Some(item) => self.items.get(usize::from(item).checked_sub(1)?).copied(),
        }
    }
}

impl TryFrom<Vec<u8>> for Epds {
    type Error = NoEpds;

    fn try_from(items: Vec<u8>) -> Result<Self, NoEpds> {
        Self::of(items.try_into().map_err(|_| NoEpds)?)
    }
}

impl From<Epds> for Vec<u8> {
    fn from(epds: Epds) -> Self {
        epds.items.to_vec()
    }
}

/// An EPDS while its points are being written down.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct EpdsDraft {
    items: [Option<u8>; ITEMS],
}

crate::redacted_debug!(EpdsDraft {});

/// Items that have no points yet, as they are said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Missing {
    /// From 1 on.
    items: Vec<usize>,
}

impl Missing {
    /// The first of them, from 1 on.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        self.items.first().copied()
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<String> = self.items.iter().map(|item| format!("項目{item}")).collect();
        match self.items.len() {
            ITEMS => f.write_str("10項目すべての点数をえらんでください。"),
            _ => write!(f, "{}の点数をえらんでください。", named.join("・")),
        }
    }
}

impl EpdsDraft {
    /// The points of an item, from 1 to 10; nothing where none are chosen.
    #[must_use]
    pub fn points(&self, item: usize) -> Option<u8> {
        self.items.get(item.checked_sub(1)?).copied().flatten()
    }

    /// Chooses the points of an item, from 1 to 10. What there is not changes nothing.
    pub fn choose(&mut self, item: usize, points: u8) {
        let place = item.checked_sub(1).and_then(|at| self.items.get_mut(at));
        if let Some(place) = place.filter(|_| points <= MOST) {
            *place = Some(points);
        }
    }

    /// What has been chosen so far: how many points of how many items.
    #[must_use]
    pub fn so_far(&self) -> (u8, usize) {
        let chosen = self.items.iter().flatten();
        (chosen.clone().sum(), chosen.count())
    }

    /// All ten.
    ///
    /// # Errors
    /// Which items are missing.
    pub fn complete(&self) -> Result<Epds, Missing> {
        let numbered = (1..).zip(&self.items);
        let missing: Vec<usize> = numbered
            .filter(|(_, one)| one.is_none())
            .map(|(item, _)| item)
            .collect();
        let epds = Epds::of(self.items.map(Option::unwrap_or_default));
        match (missing.is_empty(), epds) {
            (true, Ok(epds)) => Ok(epds),
            _ => Err(Missing { items: missing }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Epds> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn ten_items_of_up_to_three_points_are_an_epds_and_nothing_else_is() {
        let epds = read("[0,1,2,3,0,1,2,3,0,1]").expect("ten items");
        assert_eq!((epds.total(), epds.tenth()), (13, 1));
        assert_eq!(serde_json::to_string(&epds).expect("JSON"), "[0,1,2,3,0,1,2,3,0,1]");
        for wrong in [
            "[]",
            "[0,0,0,0,0,0,0,0,0]",
            "[0,0,0,0,0,0,0,0,0,0,0]",
            "[0,0,0,0,0,0,0,0,0,4]",
            "[0,0,0,0,0,0,0,0,0,-1]",
            "[0,0,0,0,0,0,0,0,0,256]",
            "[0,0,0,0,0,0,0,0,0,null]",
            "[0,0,0,0,0,0,0,0,0,1.5]",
            "13",
            "null",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read("[3,3,3,3,3,3,3,3,3,3]").map(|epds| epds.total()), Some(30));
    }

    #[test]
    fn a_draft_counts_what_is_chosen_and_says_which_items_are_missing() {
        let mut draft = EpdsDraft::default();
        let missing = draft.complete().expect_err("nothing is chosen");
        assert_eq!(missing.to_string(), "10項目すべての点数をえらんでください。");
        for item in 1..=10 {
            draft.choose(item, 3);
        }
        draft.choose(7, 0);
        for (item, points) in [(0, 1), (11, 1), (7, 4)] {
            draft.choose(item, points);
        }
        assert_eq!(draft.so_far(), (27, 10));
        assert_eq!(draft.complete().map(|epds| (epds.total(), epds.tenth())), Ok((27, 3)));

        let mut draft = EpdsDraft::default();
        for item in [1, 2, 4, 5, 6, 8, 9, 10] {
            draft.choose(item, 1);
        }
        assert_eq!(draft.so_far(), (8, 8));
        let missing = draft.complete().expect_err("two are missing");
        assert_eq!(missing.first(), Some(3));
        assert_eq!(missing.to_string(), "項目3・項目7の点数をえらんでください。");
    }
}
