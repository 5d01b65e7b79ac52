//! The list of consultations, filtered by the same functions that the figures count with.

use super::{ReportRow, is_asked, span_of, waited_seconds};
use crate::form::Fields;
use frontend::page::report::{LogFilter, LogRow, Logs};
use signaling::{
    actor::Staff,
    call::cause::CallCause,
    report::Counted,
    survey::Answer,
    time::{At, Millis},
};
use std::collections::BTreeMap;
use time::Date;

/// Rows on a page.
const PAGE_ROWS: usize = 50;

/// The filter in a query.
pub(super) fn filter(fields: &Fields) -> LogFilter {
    let text = |name: &str| fields.one(name).chars().take(60).collect::<String>();
    LogFilter {
        from: text("from"),
        until: text("until"),
        clinician: text("clinician"),
        mode: text("mode"),
        service: text("service"),
        outcome: text("outcome"),
        acuity: text("acuity"),
        flag: text("flag"),
        answer: text("answer"),
        counted: text("counted"),
        cause: text("cause"),
        missed: text("missed"),
        reasoned: text("reasoned"),
        institution: text("institution"),
        waited_minutes: text("waited_minutes"),
        page_number: fields.one("page_number").parse().unwrap_or(1).max(1),
    }
}

/// The period of a filter: as typed, or the last 90 days.
pub(super) fn span(filter: &LogFilter, today: Date) -> (At, At) {
    let tomorrow = At::start_of(today) + Millis::days(1);
    span_of(&filter.from, &filter.until, (tomorrow + Millis::days(-90), tomorrow))
}

/// The list.
pub(super) fn of(filter: LogFilter, rows: &[ReportRow]) -> Logs {
    let clinicians: BTreeMap<String, String> = rows
        .iter()
        .filter_map(|row| {
            row.clinician
                .as_ref()
                .map(|(id, name, _)| (id.to_string(), name.clone()))
        })
        .collect();
    let fitting: Vec<&ReportRow> = rows.iter().filter(|row| fits(row, &filter)).collect();
    let skipped = (filter.page_number as usize - 1).saturating_mul(PAGE_ROWS);
    let shown = fitting
        .iter()
        .skip(skipped)
        .take(PAGE_ROWS)
        .map(|row| log_row(row))
        .collect();
    let cause =
        CallCause::from_code(&filter.cause).map(|cause| format!("通話がつながらなかった理由：{}", cause.label()));
    let opened_from = match (Answer::from_code(&filter.answer), Counted::from_code(&filter.counted)) {
        _ if cause.is_some() => cause,
        _ if !filter.institution.is_empty() => Some("ちらしから登録した家庭の相談".to_owned()),
        (Some(answer), _) => Some(format!("満足度：{}", answer.label())),
        (None, Some(counted)) => Some(counted.label().to_owned()),
        (None, None) => None,
    };
    Logs {
        clinicians: clinicians.into_iter().collect(),
        rows: shown,
        total: u32::try_from(fitting.len()).unwrap_or(u32::MAX),
        opened_from,
        filter,
    }
}

fn fits(row: &ReportRow, filter: &LogFilter) -> bool {
    let is = |wanted: &str, code: &str| wanted.is_empty() || wanted == code;
    let outcome = match filter.outcome.as_str() {
        "" => true,
        "open" => matches!(row.stage.as_str(), "waiting" | "claimed"),
        code => row.disposition.is_some_and(|disposition| disposition.code() == code),
    };
    let answer = match filter.answer.as_str() {
        "" => true,
        "asked" => is_asked(row),
        "none" => row.survey.is_none() && is_asked(row),
        "any" => row.survey.is_some() && is_asked(row),
        code => is_asked(row) && row.survey.is_some_and(|answer| answer.code() == code),
    };
    let clinician = filter.clinician.is_empty()
        || row
            .clinician
            .as_ref()
            .is_some_and(|(id, _, _)| id.to_string() == filter.clinician);
    let counted = is(&filter.counted, row.counted().code());
    let cause = filter.cause.is_empty()
        || CallCause::from_code(&filter.cause).is_some_and(|one| row.call_causes.contains(&one));
    let through = filter.institution.is_empty() || row.institution.as_ref() == Some(&filter.institution);
    let missed = filter.missed.is_empty() || row.missed_calls > 0;
    let reasoned = filter.reasoned.is_empty() || !row.reasoned.is_empty();
    let flagged = filter.flag.is_empty() || row.flagged;
    let waited = match filter.waited_minutes.parse::<i64>() {
        Ok(minutes) => waited_seconds(row).is_some_and(|seconds| seconds >= minutes * 60),
        Err(_) => true,
    };
    let coded = is(&filter.mode, row.mode.code())
        && is(&filter.service, row.service.code())
        && is(&filter.acuity, row.acuity.code());
    coded && outcome && answer && clinician && counted && flagged && waited && cause && missed && reasoned && through
}

fn log_row(row: &ReportRow) -> LogRow {
    let outcome = match (row.disposition, row.stage.as_str()) {
        (Some(disposition), _) => disposition.label(),
        (None, "waiting") => "待っています",
        (None, "claimed") => "相談中",
        (None, "cancelled") => "とりやめ",
        (None, _) => "おわり",
    };
    LogRow {
        consultation: row.consultation,
        requested_at: row.requested_at,
        subject: row.subject.label().to_owned(),
        complaint: row.complaint.label().to_owned(),
        mode: row.mode.label().to_owned(),
        acuity: row.acuity.label().to_owned(),
        clinician: row.clinician.as_ref().map(|(id, name, role)| {
            Staff {
                id: *id,
                name: name.clone(),
                role: *role,
            }
            .addressed()
        }),
        waited_seconds: waited_seconds(row),
        outcome: outcome.to_owned(),
        answer: row.survey.map(|answer| answer.label().to_owned()),
        missed_calls: row.missed_calls,
        reasoned: row.reasoned.iter().map(|one| one.label().to_owned()).collect(),
        causes: row.call_causes.iter().map(|cause| cause.label().to_owned()).collect(),
    }
}
