//! Rows to figures. Pure: the same rows always give the same page.

use super::{
    ReportRow, shown,
    tally::{Tally, next_month},
};
use crate::storage::{InstitutionRow, RegistrationRow, Targets};
use frontend::page::report::{Figure, InstitutionRow as Through, Kpi, MonthRow, Satisfaction, WaitRow};
use signaling::{
    call::cause::CallCause,
    intake::Service,
    registration::Reach,
    report::{Counted, DEFINITION_VERSION, Share, Shown, whole_percent},
    time::{At, DateText},
    triage::Acuity,
};
use time::Date;

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
    (registrations, unlinked): (&[RegistrationRow], u32),
    institutions: &[InstitutionRow],
    hide_small: bool,
) -> Kpi {
    let tally = Tally::of(period, rows, registrations, institutions);
    let counts = shown::Consultations::of(&tally, hide_small);
    let families = shown::Families::of(&tally, hide_small);
    let runs = period.today < period.until.date();
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
        satisfaction: satisfaction(&tally, &counts, targets),
        registered: Figure {
            count: families.count,
            this_month: families.this_month.filter(|_| runs),
            target: targets.registered_target,
            baseline: targets.registered_baseline,
        },
        registered_new: families.new,
        reaches: labelled(Reach::ALL.iter().map(|reach| reach.label()), &families.reaches),
        institutions: institutions
            .iter()
            .zip(families.through.iter().zip(&counts.through))
            .map(|(one, (registered, consultations))| Through {
                code: one.code.clone(),
                name: one.name.clone(),
                kind: one.reach.label().to_owned(),
                registered: *registered,
                consultations: *consultations,
            })
            .collect(),
        unlinked_devices: shown::lone(unlinked, hide_small),
        consultations: Figure {
            count: counts.total,
            this_month: counts.months.last().map(|month| month[2]).filter(|_| runs),
            target: targets.consultations_target,
            baseline: targets.consultations_baseline,
        },
        by_service: labelled(Service::ALL.iter().map(|service| service.label()), &counts.by_service),
        apart: labelled(Counted::APART.iter().map(|one| one.label()), &counts.apart),
        causes: labelled(CallCause::ALL.iter().map(|cause| cause.label()), &counts.causes),
        months: tally
            .months
            .iter()
            .zip(&counts.months)
            .map(|(month, shown)| month_row(month.first, *shown))
            .collect(),
        waits: Acuity::ALL
            .iter()
            .zip(tally.waits)
            .zip(&counts.waits)
            .map(|((acuity, seconds), count)| wait_row(*acuity, &seconds, *count))
            .collect(),
    }
}

fn labelled<'a>(labels: impl Iterator<Item = &'a str>, shown: &[Shown]) -> Vec<(String, Shown)> {
    labels.map(str::to_owned).zip(shown.iter().copied()).collect()
}

/// A share of which a part is hidden is told in whole percent, if even that does not tell the part.
fn satisfaction(tally: &Tally, counts: &shown::Consultations, targets: &Targets) -> Satisfaction {
    let of = |hits, of| Share { hits, of };
    let share = of(tally.yes, tally.valid);
    let seen = |cells: &[Shown]| cells.iter().all(|cell| matches!(cell, Shown::Count(_)));
    let whole = seen(&[counts.yes, counts.valid]).then_some(share);
    let answered = seen(&[counts.valid, counts.asked]).then_some(of(tally.valid, tally.asked));
    let with_answered = answered.and_then(|_| whole_percent(share, true, tally.asked));
    let rounded = match (whole, with_answered) {
        (Some(_), _) => None,
        (None, Some(percent)) => Some(percent),
        (None, None) => whole_percent(share, false, tally.asked),
    };
    // Where the number of answers would tell with the rounded share who did not say yes, the share is what people ask for.
    let answered = answered.filter(|_| rounded.is_none() || with_answered.is_some());
    Satisfaction {
        share: whole,
        percent: whole.and_then(Share::percent).or(rounded.map(f64::from)),
        interval: whole.and_then(Share::wilson),
        rather_yes: counts.rather_yes,
        answered,
        target: f64::from(targets.satisfaction_target_tenths) / 10.0,
        baseline: f64::from(targets.satisfaction_baseline_tenths) / 10.0,
    }
}

fn month_row(first: Date, [night, anytime, total]: [Shown; 3]) -> MonthRow {
    let last = next_month(first).previous_day().unwrap_or(first);
    MonthRow {
        label: format!("{}月", u8::from(first.month())),
        from: DateText(first).to_string(),
        until: DateText(last).to_string(),
        night,
        anytime,
        total,
    }
}

fn wait_row(acuity: Acuity, seconds: &[i64], count: Shown) -> WaitRow {
    let open = matches!(count, Shown::Count(_));
    let at = |share: f64| open.then(|| percentile(seconds, share)).flatten();
    WaitRow {
        acuity: acuity.code().to_owned(),
        label: acuity.label().to_owned(),
        count,
        median_seconds: at(0.5),
        p90_seconds: at(0.9),
        longest_seconds: at(1.0),
    }
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
}
