//! The figures of a city.

use serde::{Deserialize, Serialize};
use signaling::{report::Share, report::Shown};

/// The figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kpi {
    /// Fiscal year shown, by its first calendar year.
    pub fiscal_year: i32,
    /// Other years that can be opened.
    pub years: Vec<i32>,
    /// 「2026年4月1日 – 11月22日」.
    pub period: String,
    /// Version of the definitions.
    pub definition: u32,
    /// Cells are masked and nothing can be opened (city viewer).
    pub masked: bool,
    /// 満足度.
    pub satisfaction: Satisfaction,
    /// 登録者数.
    pub registered: Figure,
    /// Of these, new in the period.
    pub registered_new: Shown,
    /// Registered in the period, by how they heard of it: words and count.
    pub reaches: Vec<(String, Shown)>,
    /// Registered in the period and consulted in it, by whose leaflet the family came through.
    pub institutions: Vec<InstitutionRow>,
    /// Devices that may be a second one of the same family.
    pub unlinked_devices: Shown,
    /// 相談件数.
    pub consultations: Figure,
    /// Of these through the night service, and at any time.
    pub by_service: Vec<(String, Shown)>,
    /// Reported apart: left before the end, technical failure, no reply.
    pub apart: Vec<(String, Shown)>,
    /// Consultations with a call that failed or began late, by reason.
    pub causes: Vec<(String, Shown)>,
    /// Month by month.
    pub months: Vec<MonthRow>,
    /// Waits by class, in seconds: words, count, median, 90th percentile, longest.
    pub waits: Vec<WaitRow>,
}

/// Through whose leaflet families came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstitutionRow {
    /// For the link that opens the cases.
    pub code: String,
    /// 「ひばり保育園」.
    pub name: String,
    /// 「保育園」.
    pub kind: String,
    /// Families that registered in the period.
    pub registered: Shown,
    /// Consultations of the period, of families that registered through it at any time.
    pub consultations: Shown,
}

/// 満足度.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Satisfaction {
    /// そう思う out of valid answers; nothing where masked.
    pub share: Option<Share>,
    /// In percent; where the counts are masked, in whole percent rounded down.
    pub percent: Option<f64>,
    /// The 95 % Wilson interval.
    pub interval: Option<(f64, f64)>,
    /// Second box, shown apart, never added.
    pub rather_yes: Shown,
    /// Answers out of consultations that could be answered.
    pub answered: Option<Share>,
    /// Target in percent.
    pub target: f64,
    /// Baseline in percent.
    pub baseline: f64,
}

/// A count with its target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The count.
    pub count: Shown,
    /// New in the current month; nothing for a year that is over.
    pub this_month: Option<Shown>,
    /// Target.
    pub target: u32,
    /// Baseline.
    pub baseline: u32,
}

/// One month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthRow {
    /// 「4月」.
    pub label: String,
    /// First day `2026-04-01`, for opening the cases.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Night service.
    pub night: Shown,
    /// Anytime.
    pub anytime: Shown,
    /// Both.
    pub total: Shown,
}

/// Waits of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitRow {
    /// Code of the class.
    pub acuity: String,
    /// 「赤・今すぐ」.
    pub label: String,
    /// How many.
    pub count: Shown,
    /// Median.
    pub median_seconds: Option<i64>,
    /// 90th percentile.
    pub p90_seconds: Option<i64>,
    /// Longest.
    pub longest_seconds: Option<i64>,
}
