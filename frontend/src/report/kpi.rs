//! `/kpi`: 満足度, 登録者数, 相談件数 against target and baseline, with what stands behind them.
//!
//! Definitions and counting are `signaling::report` and the server's. Here every figure is shown with how sure it is, and
//! opens the consultations it counts unless the viewer may see counts only.

mod cards;
mod chart;
mod tables;

use crate::page::report::{Kpi, LogFilter};
use leptos::prelude::*;
use signaling::{
    report::Shown,
    time::{At, fiscal_year, parse_date},
};

/// The page.
pub(super) fn kpi(kpi: &Kpi, now: At) -> impl IntoView + use<> {
    let scope = Scope::of(kpi, now);
    let years = years(kpi);
    let csv = format!("/kpi.csv?year={}", kpi.fiscal_year);
    view! {
        <div class="report-head">
            <div>
                <h1>{format!("事業の指標　{}年度", era_year(kpi.fiscal_year))}</h1>
                <p class="sub num">{format!("{}・職員の試用を除く・定義 第{}版", kpi.period, kpi.definition)}</p>
            </div>
            <span class="bar-space"></span>
            {years}
            <a class="btn line small" href=csv>"CSV"</a>
        </div>
        {kpi.masked.then(|| view! {
            <p class="bar-note">"10未満の数は表示していません。ほかの数から計算できてしまう欄は「＊」にしています。個別の相談は表示されません。"</p>
        })}
        <div class="cards">
            {cards::satisfaction(&kpi.satisfaction, &scope).into_any()}
            {cards::registered(&kpi.registered, kpi.registered_new, kpi.unlinked_devices).into_any()}
            {cards::consultations(&kpi.consultations, &kpi.by_service, &scope).into_any()}
        </div>
        {chart::months(&kpi.months, kpi.consultations.target, &scope).into_any()}
        <div class="halves">
            {tables::waits(&kpi.waits, &scope).into_any()}
            {tables::apart(&kpi.apart, &scope).into_any()}
            {tables::causes(&kpi.causes, &scope).into_any()}
            {tables::reaches(&kpi.reaches).into_any()}
            {tables::institutions(&kpi.institutions, &scope).into_any()}
        </div>
        <section class="card print-only"><h2>"市の分析・改善（記入欄）"</h2><div class="blank"></div></section>
        <p class="fine">"このページはそのまま印刷できます。印刷すると記入欄がつきます。"</p>
    }
}

/// What the figures are about: which days, how much of the year is over, and whether cases may be opened.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scope {
    from: String,
    until: String,
    masked: bool,
    /// First day of the month that runs.
    this_month: String,
    /// How much of the fiscal year is over, while it runs.
    elapsed: Option<f64>,
}

impl Scope {
    fn of(kpi: &Kpi, now: At) -> Self {
        let year = kpi.fiscal_year;
        let from = format!("{year:04}-04-01");
        let first = parse_date(&from);
        let elapsed = first.filter(|_| fiscal_year(now.date()) == year).map(|first| {
            let days = (now.date() - first).whole_days() + 1;
            #[expect(clippy::cast_precision_loss, reason = "days of a year")]
            let share = days as f64 / 365.0;
            share.clamp(0.0, 1.0)
        });
        Self {
            from,
            until: format!("{:04}-03-31", year + 1),
            masked: kpi.masked,
            this_month: kpi.months.last().map_or(String::new(), |month| month.from.clone()),
            elapsed,
        }
    }

    /// The period's filter, for narrowing down.
    fn filter(&self) -> LogFilter {
        LogFilter {
            from: self.from.clone(),
            until: self.until.clone(),
            ..LogFilter::default()
        }
    }

    /// A figure that opens what it counts, where that is allowed and there is something to open.
    fn figure(&self, shown: Shown, filter: Option<LogFilter>, opens: &str) -> AnyView {
        let text = shown.text();
        match filter.filter(|_| !self.masked && shown != Shown::Count(0)) {
            Some(filter) => {
                let label = format!("{text}　{opens}の相談を開く");
                view! { <a class="num" href=super::cases_address(&filter) aria-label=label>{text}</a> }.into_any()
            }
            None => view! { <span class="num">{text}</span> }.into_any(),
        }
    }
}

fn years(kpi: &Kpi) -> impl IntoView + use<> {
    let here = kpi.fiscal_year;
    let mut all: Vec<i32> = kpi.years.iter().copied().chain([here]).collect();
    all.sort_unstable_by(|a, b| b.cmp(a));
    all.dedup();
    let links = all
        .into_iter()
        .map(|year| {
            let current = (year == here).then_some("page");
            view! { <li><a href=format!("/kpi?year={year}") aria-current=current>{format!("{}年度", era_year(year))}</a></li> }
        })
        .collect_view();
    view! { <nav aria-label="年度"><ul class="pages years">{links}</ul></nav> }
}

/// 令和, in which the city's plans count: 2026 is 令和8. Earlier years stay as they are.
fn era_year(year: i32) -> String {
    match year {
        2019 => "令和元".to_owned(),
        2020.. => format!("令和{}", year - 2018),
        _ => year.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_named_as_the_city_names_them() {
        assert_eq!([2018, 2019, 2026].map(era_year), ["2018", "令和元", "令和8"]);
    }
}
