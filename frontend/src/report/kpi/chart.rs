//! Consultations month by month, as bars and as a table. Masked months are drawn as empty frames: a bar would tell.

use super::Scope;
use crate::page::report::{LogFilter, MonthRow};
use leptos::prelude::*;
use signaling::report::{Counted, Shown};

const WIDTH: f64 = 1320.0;
const BASE: f64 = 190.0;
const TOP: f64 = 24.0;
const LEFT: f64 = 44.0;

/// The section.
pub(super) fn months(rows: &[MonthRow], target: u32, scope: &Scope) -> impl IntoView + use<> {
    let pace = f64::from(target) / 12.0;
    view! {
        <section class="card months" aria-labelledby="months-title">
            <div class="row apart wrap">
                <h2 id="months-title">"月ごとの相談件数"</h2>
                <p class="legend sub">
                    <span class="key anytime">"いつでも相談"</span><span class="key night">"夜間相談"</span>
                    <span class="key pace">{format!("目標のペース {pace:.0}件/月")}</span>
                </p>
            </div>
            {drawing(rows, pace)}
            <details><summary>"表で見る"</summary>{table(rows, scope)}</details>
        </section>
    }
}

fn number(shown: Shown) -> Option<f64> {
    match shown {
        Shown::Count(count) => Some(f64::from(count)),
        Shown::Under10 | Shown::Hidden => None,
    }
}

/// The top of the axis: the highest bar or the pace, rounded up to a step that people read easily.
fn top_of_axis(rows: &[MonthRow], pace: f64) -> f64 {
    let highest = rows
        .iter()
        .filter_map(|row| number(row.total))
        .fold(pace, f64::max)
        .max(1.0);
    let step = [2.0, 4.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0]
        .into_iter()
        .find(|step| highest <= step * 4.0)
        .unwrap_or(5000.0);
    (highest / step).ceil() * step
}

fn drawing(rows: &[MonthRow], pace: f64) -> impl IntoView + use<> {
    let top = top_of_axis(rows, pace);
    let y = move |value: f64| BASE - (BASE - TOP) * value / top;
    let spoken = rows
        .iter()
        .map(|row| format!("{} {}件", row.label, row.total.text()))
        .collect::<Vec<_>>()
        .join("、");
    let lines = [0.0, top / 2.0, top]
        .map(|value| {
            view! {
                <path class="grid" d=format!("M{LEFT} {:.1}H{WIDTH}", y(value))></path>
                <text class="axis" x=format!("{}", LEFT - 8.0) y=format!("{:.1}", y(value) + 4.0) text-anchor="end">{format!("{value:.0}")}</text>
            }
        })
        .collect_view();
    #[expect(clippy::cast_precision_loss, reason = "twelve months")]
    let slot = (WIDTH - LEFT) / rows.len().max(1) as f64;
    #[expect(clippy::cast_precision_loss, reason = "twelve months")]
    let bars = rows
        .iter()
        .enumerate()
        .map(|(index, row)| bar(row, LEFT + slot * (index as f64 + 0.5), slot.min(120.0) * 0.5, y))
        .collect_view();
    view! {
        <svg class="chart" viewBox="0 0 1320 224" role="img" aria-label=format!("月ごとの相談件数：{spoken}")>
            {lines}
            <path class="pace" d=format!("M{LEFT} {:.1}H{WIDTH}", y(pace))></path>
            {bars}
        </svg>
    }
}

fn bar<Y: Fn(f64) -> f64>(row: &MonthRow, middle: f64, width: f64, y: Y) -> impl IntoView + use<Y> {
    let left = format!("{:.1}", middle - width / 2.0);
    let rect = |class: &'static str, from: f64, to: f64| {
        let height = (y(from) - y(to)).max(0.0);
        view! { <rect class=class x=left.clone() y=format!("{:.1}", y(to)) width=format!("{width:.1}") height=format!("{height:.1}")></rect> }
    };
    let (anytime, night, total) = (number(row.anytime), number(row.night), number(row.total));
    let (bars, label_at) = match (anytime, night, total) {
        (Some(anytime), Some(night), _) => (
            vec![rect("anytime", 0.0, anytime), rect("night", anytime, anytime + night)],
            y(anytime + night),
        ),
        (_, _, Some(total)) => (vec![rect("both", 0.0, total)], y(total)),
        _ => (
            vec![
                view! { <rect class="unknown" x=left.clone() y=format!("{:.1}", BASE - 14.0) width=format!("{width:.1}") height="14.0".to_owned()></rect> },
            ],
            BASE - 14.0,
        ),
    };
    view! {
        {bars}
        <text class="value" x=format!("{middle:.1}") y=format!("{:.1}", label_at - 8.0) text-anchor="middle">{row.total.text()}</text>
        <text class="month" x=format!("{middle:.1}") y="214" text-anchor="middle">{row.label.clone()}</text>
    }
}

fn table(rows: &[MonthRow], scope: &Scope) -> impl IntoView + use<> {
    let lines = rows
        .iter()
        .map(|row| {
            let month = |service: &str| LogFilter {
                from: row.from.clone(),
                until: row.until.clone(),
                counted: Counted::Yes.code().into(),
                service: service.into(),
                ..LogFilter::default()
            };
            let cell = |shown: Shown, service: &str, words: &str| {
                scope.figure(shown, Some(month(service)), &format!("{} {words}", row.label))
            };
            view! {
                <tr>
                    <th scope="row">{row.label.clone()}</th>
                    <td class="right">{cell(row.anytime, "anytime", "いつでも相談")}</td>
                    <td class="right">{cell(row.night, "night", "夜間相談")}</td>
                    <td class="right">{cell(row.total, "", "合計")}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="narrow">
            <thead><tr><th scope="col">"月"</th><th scope="col" class="right">"いつでも相談"</th><th scope="col" class="right">"夜間相談"</th><th scope="col" class="right">"合計"</th></tr></thead>
            <tbody>{lines}</tbody>
        </table>
    }
}
