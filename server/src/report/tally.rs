//! Rows counted, once, before anybody asks who may see them.

use super::{ReportRow, figures::Period, is_asked, waited_seconds};
use crate::storage::{InstitutionRow, RegistrationRow};
use signaling::{
    call::cause::CallCause, intake::Service, registration::Reach, report::Counted, survey::Answer, time::At,
    triage::Acuity,
};
use time::{Date, Month};

/// What a month counts.
pub(super) struct MonthTally {
    /// Its first day.
    pub(super) first: Date,
    /// By service, in the order of [`Service::ALL`].
    pub(super) by_service: Vec<u32>,
}

/// The counts of a fiscal year.
pub(super) struct Tally {
    /// Months that have begun.
    pub(super) months: Vec<MonthTally>,
    /// In the order of [`Counted::APART`].
    pub(super) apart: Vec<u32>,
    /// Consultations with a call that failed or began late, in the order of [`CallCause::ALL`]. One with several such
    /// calls may be in several.
    pub(super) causes: Vec<u32>,
    /// Waits of the night service in sorted seconds, in the order of [`Acuity::ALL`].
    pub(super) waits: Vec<Vec<i64>>,
    /// Could be asked the survey's question.
    pub(super) asked: u32,
    /// Answered it.
    pub(super) valid: u32,
    /// With the top box.
    pub(super) yes: u32,
    /// With the second box.
    pub(super) rather_yes: u32,
    /// Families that registered before the year.
    pub(super) registered_before: u32,
    /// In the year, by how they heard of it, in the order of [`Reach::ALL`].
    pub(super) reaches: Vec<u32>,
    /// Of these in the last month that has begun.
    pub(super) registered_this_month: u32,
    /// Of these by whose leaflet they came through, in the order of the institutions.
    pub(super) registered_through: Vec<u32>,
    /// Of the counted consultations, those of families that came through a leaflet, ever; in the same order.
    pub(super) consulted_through: Vec<u32>,
}

impl Tally {
    pub(super) fn of(
        period: &Period,
        rows: &[ReportRow],
        registrations: &[RegistrationRow],
        institutions: &[InstitutionRow],
    ) -> Self {
        let begun: Vec<Date> = month_starts(period.year)
            .into_iter()
            .filter(|month| *month <= period.today)
            .collect();
        let this_month = begun.last().map_or(period.from, |first| At::start_of(*first));
        let counted: Vec<&ReportRow> = rows.iter().filter(|row| row.counted() == Counted::Yes).collect();
        let answers = |wanted: Answer| count(rows.iter().filter(|row| is_asked(row) && row.survey == Some(wanted)));
        let new: Vec<_> = registrations.iter().filter(|one| one.at >= period.from).collect();
        let through = |code: &Option<String>, institution: &InstitutionRow| code.as_ref() == Some(&institution.code);
        Self {
            months: begun.into_iter().map(|first| month(first, &counted)).collect(),
            apart: Counted::APART
                .iter()
                .map(|one| count(rows.iter().filter(|row| row.counted() == *one)))
                .collect(),
            causes: CallCause::ALL
                .iter()
                .map(|cause| count(rows.iter().filter(|row| row.call_causes.contains(cause))))
                .collect(),
            waits: Acuity::ALL.iter().map(|acuity| waits(rows, *acuity)).collect(),
            asked: count(rows.iter().filter(|row| is_asked(row))),
            valid: count(rows.iter().filter(|row| is_asked(row) && row.survey.is_some())),
            yes: answers(Answer::Yes),
            rather_yes: answers(Answer::RatherYes),
            registered_before: count(registrations.iter()) - count(new.iter()),
            reaches: Reach::ALL
                .iter()
                .map(|reach| count(new.iter().filter(|one| one.reach == reach.code())))
                .collect(),
            registered_this_month: count(new.iter().filter(|one| one.at >= this_month)),
            registered_through: institutions
                .iter()
                .map(|one| count(new.iter().filter(|row| through(&row.institution, one))))
                .collect(),
            consulted_through: institutions
                .iter()
                .map(|one| count(counted.iter().filter(|row| through(&row.institution, one))))
                .collect(),
        }
    }
}

fn month(first: Date, counted: &[&ReportRow]) -> MonthTally {
    let (from, until) = (At::start_of(first), At::start_of(next_month(first)));
    let within = |row: &&&ReportRow| row.requested_at >= from && row.requested_at < until;
    let by_service = Service::ALL
        .iter()
        .map(|service| count(counted.iter().filter(within).filter(|row| row.service == *service)))
        .collect();
    MonthTally { first, by_service }
}

fn waits(rows: &[ReportRow], acuity: Acuity) -> Vec<i64> {
    let night = rows
        .iter()
        .filter(|row| row.acuity == acuity && row.service == Service::Night);
    let mut seconds: Vec<i64> = night.filter_map(waited_seconds).collect();
    seconds.sort_unstable();
    seconds
}

fn count<T>(of: impl Iterator<Item = T>) -> u32 {
    u32::try_from(of.count()).unwrap_or(u32::MAX)
}

fn month_starts(year: i32) -> Vec<Date> {
    let mut month = Date::from_calendar_date(year, Month::April, 1).unwrap_or(Date::MIN);
    (0..12)
        .map(|_| {
            let this = month;
            month = next_month(month);
            this
        })
        .collect()
}

pub(super) fn next_month(first: Date) -> Date {
    let (year, month) = match first.month() {
        Month::December => (first.year() + 1, Month::January),
        month => (first.year(), month.next()),
    };
    Date::from_calendar_date(year, month, 1).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use signaling::time::DateText;

    #[test]
    fn a_fiscal_year_has_twelve_months_from_april_to_march() {
        let months = month_starts(2026);
        assert_eq!(DateText(months[0]).to_string(), "2026-04-01");
        assert_eq!(DateText(months[11]).to_string(), "2027-03-01");
    }
}
