//! What supervisors read of consultations: the list, and one event by event.

use serde::{Deserialize, Serialize};
use signaling::{consultation::WireEvent, id::ConsultationId, time::At};

/// The list of consultations. The filter is a GET form with the fields' names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Logs {
    /// The filter as typed.
    pub filter: LogFilter,
    /// Clinicians to choose from: id and name.
    pub clinicians: Vec<(String, String)>,
    /// Rows, newest first.
    pub rows: Vec<LogRow>,
    /// How many there are in all.
    pub total: u32,
    /// Which figure is being opened, where the list was opened from one (「満足度：そう思う」).
    pub opened_from: Option<String>,
}

/// The filter of the list.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogFilter {
    /// First day, `2026-11-01`.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Staff id.
    pub clinician: String,
    /// Code of mode.
    pub mode: String,
    /// Code of service; set by the figures' links only.
    pub service: String,
    /// Code of disposition, or `open`.
    pub outcome: String,
    /// Code of acuity.
    pub acuity: String,
    /// `1`: only where a red-flag rule fired.
    pub flag: String,
    /// Code of the survey's answer; `none`, `any`, or `asked` for those who could answer.
    pub answer: String,
    /// Code of [`signaling::report::Counted`]: only what this figure counts.
    pub counted: String,
    /// Code of [`signaling::call::cause::CallCause`]: only where a call failed or began late for this reason.
    pub cause: String,
    /// `1`: only where a call was not answered.
    pub missed: String,
    /// `1`: only where something was done with a reason: another taken than the first, a class lowered, and the like.
    pub reasoned: String,
    /// Code of an institution: only families that registered through its leaflet; set by the figures' links only.
    pub institution: String,
    /// Only waits of at least so many minutes.
    pub waited_minutes: String,
    /// Page, from 1.
    pub page_number: u32,
}

signaling::redacted_debug!(LogFilter {
    from,
    until,
    page_number
});

/// One row.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    /// Which.
    pub consultation: ConsultationId,
    /// When it was sent.
    pub requested_at: At,
    /// 「1歳」 band.
    pub subject: String,
    /// 「発熱」.
    pub complaint: String,
    /// 「ビデオ」.
    pub mode: String,
    /// 「赤・今すぐ」.
    pub acuity: String,
    /// 「佐藤 医師」.
    pub clinician: Option<String>,
    /// Until first taken.
    pub waited_seconds: Option<i64>,
    /// 「今すぐ受診」, or where it stands.
    pub outcome: String,
    /// 「そう思う」.
    pub answer: Option<String>,
    /// Calls that were not answered.
    pub missed_calls: u64,
    /// 「カメラ・マイクの許可」: why calls failed or began late.
    pub causes: Vec<String>,
    /// 「順番を変えた」: what was done with a reason. Never the reason.
    pub reasoned: Vec<String>,
}

signaling::redacted_debug!(LogRow { consultation });

/// The replay of one consultation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replay {
    /// Which.
    pub consultation: ConsultationId,
    /// Edition of the red-flag rules that were asked.
    pub rules: String,
    /// Rules that fired, with their versions.
    pub fired: Vec<(String, u32)>,
    /// Everything a supervisor may see, in order.
    pub events: Vec<WireEvent>,
    /// The chain was checked just now: whole, or the first event that does not fit.
    pub chain: Result<u64, String>,
    /// Who looked, newest first.
    pub looks: Vec<Look>,
}

/// Somebody looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// When.
    pub at: At,
    /// 「田中（監督者）」.
    pub who: String,
    /// 「開いた」「書き出した」.
    pub what: String,
}
