//! Rows to figures. Pure: the same rows always give the same page.

use super::{ReportRow, is_asked, is_counted, is_unanswered, is_withdrawn, waited_seconds};
use crate::storage::Targets;
use frontend::page::report::{Figure, Kpi, MonthRow, Satisfaction, UNANSWERED, WITHDRAWN, WaitRow};
use signaling::{
    intake::Service,
    note::Disposition,
    registration::Reach,
    report::{DEFINITION_VERSION, SMALLEST_SHOWN, Share, Shown, masked},
    survey::Answer,
    time::{At, DateText},
    triage::Acuity,
};
use time::{Date, Month};

/// The fiscal year that is shown.
pub(super) struct Period {
    /// By its first calendar year.
    pub(super) year: i32,
    /// First instant.
    pub(super) from: At,
    /// First instant of the next year.
    pub(super) until: At,
    /// The day of the report.
    pub(super) today: Date,
}

/// The figures of a period. Families: their registrations, and how many devices may be a second one of one of them.
/// `hide_small` masks cells for the city viewer.
pub(super) fn of(
    period: &Period,
    targets: &Targets,
    rows: &[ReportRow],
    (registrations, unlinked): (&[(At, String)], u32),
    hide_small: bool,
) -> Kpi {
    let counted: Vec<&ReportRow> = rows.iter().filter(|row| is_counted(row)).collect();
    let months = month_starts(period.year);
    let this_month = months
        .iter()
        .rev()
        .find(|month| **month <= period.today)
        .copied()
        .unwrap_or(period.today);
    let since_month = At::start_of(this_month);
    let new_in_year = registrations
        .iter()
        .filter(|(at, _)| *at >= period.from && *at < period.until);
    let reaches: Vec<(String, u32)> = Reach::ALL
        .iter()
        .map(|reach| {
            (
                reach.label().to_owned(),
                count(new_in_year.clone().filter(|(_, code)| code == reach.code())),
            )
        })
        .collect();
    let by_service: Vec<(String, u32)> = Service::ALL
        .iter()
        .map(|service| {
            (
                service.label().to_owned(),
                count(counted.iter().filter(|row| row.service == *service)),
            )
        })
        .collect();
    let last_day = period
        .today
        .min(period.until.date().previous_day().unwrap_or(period.today));
    Kpi {
        fiscal_year: period.year,
        years: (period.year.max(2001) - 2..=signaling::time::fiscal_year(period.today))
            .rev()
            .collect(),
        period: format!("{} – {}", long_date(period.from.date()), long_date(last_day)),
        definition: DEFINITION_VERSION,
        masked: hide_small,
        satisfaction: satisfaction(rows, targets, hide_small),
        registered: Figure {
            count: one(count(registrations.iter()), hide_small),
            this_month: one(
                count(registrations.iter().filter(|(at, _)| *at >= since_month)),
                hide_small,
            ),
            target: targets.registered_target,
            baseline: targets.registered_baseline,
        },
        reaches: cells(reaches, hide_small),
        unlinked_devices: one(unlinked, hide_small),
        consultations: Figure {
            count: one(count(counted.iter()), hide_small),
            this_month: one(
                count(counted.iter().filter(|row| row.requested_at >= since_month)),
                hide_small,
            ),
            target: targets.consultations_target,
            baseline: targets.consultations_baseline,
        },
        by_service: cells(by_service, hide_small),
        apart: cells(apart(rows), hide_small),
        months: months
            .iter()
            .filter(|month| **month <= period.today)
            .map(|month| month_row(*month, &counted, hide_small))
            .collect(),
        waits: waits(rows, hide_small),
    }
}

fn satisfaction(rows: &[ReportRow], targets: &Targets, hide_small: bool) -> Satisfaction {
    let answers = |answer: Answer| count(rows.iter().filter(|row| is_asked(row) && row.survey == Some(answer)));
    let valid = count(rows.iter().filter(|row| is_asked(row) && row.survey.is_some()));
    let share = Share {
        hits: answers(Answer::Yes),
        of: valid,
    };
    let answered = Share {
        hits: valid,
        of: count(rows.iter().filter(|row| is_asked(row))),
    };
    // A share of few answers would give the single answers away, and so would a few who did not say yes.
    let tells_too_much = |share: Share| {
        hide_small
            && [share.of, share.hits, share.of - share.hits]
                .iter()
                .any(|n| (1..SMALLEST_SHOWN).contains(n))
    };
    let shown = (!tells_too_much(share)).then_some(share);
    Satisfaction {
        share: shown,
        percent: shown.and_then(Share::percent),
        interval: shown.and_then(Share::wilson),
        rather_yes: one(answers(Answer::RatherYes), hide_small),
        answered: (!tells_too_much(answered)).then_some(answered),
        target: f64::from(targets.satisfaction_target_tenths) / 10.0,
        baseline: f64::from(targets.satisfaction_baseline_tenths) / 10.0,
    }
}

/// What is reported apart from the count.
fn apart(rows: &[ReportRow]) -> Vec<(String, u32)> {
    let with = |disposition| count(rows.iter().filter(move |row| row.disposition == Some(disposition)));
    let (withdrawn, unanswered) = (
        count(rows.iter().filter(|row| is_withdrawn(row))),
        count(rows.iter().filter(|row| is_unanswered(row))),
    );
    vec![
        (Disposition::Abandoned.label().to_owned(), with(Disposition::Abandoned)),
        (
            Disposition::TechnicalFailure.label().to_owned(),
            with(Disposition::TechnicalFailure),
        ),
        (WITHDRAWN.1.to_owned(), withdrawn),
        (UNANSWERED.1.to_owned(), unanswered),
    ]
}

fn month_row(first: Date, counted: &[&ReportRow], hide_small: bool) -> MonthRow {
    let next = next_month(first);
    let (from, until) = (At::start_of(first), At::start_of(next));
    let of = |service| {
        count(
            counted
                .iter()
                .filter(|row| row.service == service && row.requested_at >= from && row.requested_at < until),
        )
    };
    let (night, anytime) = (of(Service::Night), of(Service::Anytime));
    let shown = if hide_small {
        masked(&[night, anytime])
    } else {
        vec![Shown::Count(night), Shown::Count(anytime)]
    };
    MonthRow {
        label: format!("{}月", u8::from(first.month())),
        from: DateText(first).to_string(),
        until: DateText(next.previous_day().unwrap_or(first)).to_string(),
        night: shown[0],
        anytime: shown[1],
        total: one(night + anytime, hide_small),
    }
}

fn waits(rows: &[ReportRow], hide_small: bool) -> Vec<WaitRow> {
    let of = |acuity: Acuity| {
        let night = rows
            .iter()
            .filter(move |row| row.acuity == acuity && row.service == Service::Night);
        let mut seconds: Vec<i64> = night.filter_map(waited_seconds).collect();
        seconds.sort_unstable();
        seconds
    };
    let all: Vec<(Acuity, Vec<i64>)> = Acuity::ALL.iter().map(|acuity| (*acuity, of(*acuity))).collect();
    let counts: Vec<u32> = all.iter().map(|(_, seconds)| count(seconds.iter())).collect();
    let shown = if hide_small {
        masked(&counts)
    } else {
        counts.into_iter().map(Shown::Count).collect()
    };
    all.into_iter()
        .zip(shown)
        .map(|((acuity, seconds), count)| {
            let open = matches!(count, Shown::Count(_));
            let at = |share: f64| open.then(|| percentile(&seconds, share)).flatten();
            WaitRow {
                acuity: acuity.code().to_owned(),
                label: acuity.label().to_owned(),
                count,
                median_seconds: at(0.5),
                p90_seconds: at(0.9),
                longest_seconds: at(1.0),
            }
        })
        .collect()
}

/// The nearest-rank percentile of sorted values.
fn percentile(sorted: &[i64], share: f64) -> Option<i64> {
    if sorted.is_empty() {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a small index"
    )]
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.clamp(1, sorted.len()) - 1).copied()
}

fn cells(cells: Vec<(String, u32)>, hide_small: bool) -> Vec<(String, Shown)> {
    let counts: Vec<u32> = cells.iter().map(|(_, count)| *count).collect();
    let shown = if hide_small {
        masked(&counts)
    } else {
        counts.into_iter().map(Shown::Count).collect()
    };
    cells.into_iter().map(|(label, _)| label).zip(shown).collect()
}

fn one(count: u32, hide_small: bool) -> Shown {
    if hide_small {
        masked(&[count])[0]
    } else {
        Shown::Count(count)
    }
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

fn next_month(first: Date) -> Date {
    let (year, month) = match first.month() {
        Month::December => (first.year() + 1, Month::January),
        month => (first.year(), month.next()),
    };
    Date::from_calendar_date(year, month, 1).unwrap_or(first)
}

fn long_date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_percentile_is_a_value_that_was_waited() {
        let waits = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
        assert_eq!(percentile(&waits, 0.5), Some(50));
        assert_eq!(percentile(&waits, 0.9), Some(90));
        assert_eq!(percentile(&waits, 1.0), Some(100));
        assert_eq!(percentile(&[], 0.5), None);
    }

    #[test]
    fn a_fiscal_year_has_twelve_months_from_april_to_march() {
        let months = month_starts(2026);
        assert_eq!(DateText(months[0]).to_string(), "2026-04-01");
        assert_eq!(DateText(months[11]).to_string(), "2027-03-01");
    }
}
