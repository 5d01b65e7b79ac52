//! 登録者数: distinct families with active status on the last day of a period (signaling::report, definition 1). One
//! credential is one family; devices that joined by code, link or answer are the same family. How many may be counted twice
//! is counted too, and shown beside the figure; nobody is merged by a guess, because a phone may have been lent.

use super::Identity;
use crate::storage::StorageError;
use signaling::{id::MunicipalityId, registration::Reach, time::At};
use std::collections::BTreeMap;

/// Counts of registered families.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegisteredCounts {
    /// Active at the end of the period.
    pub active: u32,
    /// Of these, registered within the period.
    pub new_in_period: u32,
    /// Registered within the period, by how they heard of it, in the order of the form: code, words, count.
    pub by_reach: Vec<(&'static str, &'static str, u32)>,
    /// Registered within the period, by month (`2026-11`).
    pub by_month: BTreeMap<String, u32>,
    /// Devices that may be a second one of the same family: registered by themselves, and later given over to another
    /// registered family. Their own registration still counts.
    pub unlinked_devices: u32,
}

impl Identity {
    /// Registered families of a municipality from `from` until `until` (exclusive).
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn registered_counts(
        &self,
        city: &MunicipalityId,
        from: At,
        until: At,
    ) -> Result<RegisteredCounts, StorageError> {
        let registrations = self.store.registrations(city, until).await?;
        Ok(RegisteredCounts {
            unlinked_devices: self.store.unlinked_devices(city, until).await?,
            ..counts(&registrations, from)
        })
    }
}

fn counts(registrations: &[(At, String)], from: At) -> RegisteredCounts {
    let within = || registrations.iter().filter(|(at, _)| *at >= from);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut by_month = BTreeMap::new();
    for (at, _) in within() {
        let date = at.date();
        *by_month
            .entry(format!("{:04}-{:02}", date.year(), u8::from(date.month())))
            .or_default() += 1;
    }
    let reached = |reach: &Reach| count(within().filter(|(_, code)| code == reach.code()).count());
    RegisteredCounts {
        active: count(registrations.len()),
        new_in_period: count(within().count()),
        by_reach: Reach::ALL
            .iter()
            .map(|reach| (reach.code(), reach.label(), reached(reach)))
            .collect(),
        by_month,
        unlinked_devices: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signaling::time::parse_date;

    #[test]
    fn families_count_from_the_day_they_registered_in_the_citys_month() {
        let at = |date| At::start_of(parse_date(date).expect("a date"));
        let registrations = [
            (at("2026-03-31"), "line".to_owned()),
            (at("2026-04-01"), "handbook".to_owned()),
            (at("2026-11-01"), "handbook".to_owned()),
            (at("2026-11-22"), "nursery".to_owned()),
        ];
        let counts = counts(&registrations, at("2026-04-01"));
        assert_eq!((counts.active, counts.new_in_period), (4, 3));
        assert_eq!(counts.by_reach[0], ("handbook", "母子手帳", 2));
        assert_eq!(counts.by_month.get("2026-11"), Some(&2));
    }
}
