//! What stands beside the figures: waits, what is reported apart, how families heard of the service.

use super::Scope;
use crate::{
    page::report::{InstitutionRow, LogFilter, WaitRow},
    report::logs::{acuity_chip, seconds_text},
};
use leptos::prelude::*;
use signaling::{
    call::cause::CallCause,
    intake::Service,
    report::{Counted, Shown},
};

/// Waits by class.
pub(super) fn waits(rows: &[WaitRow], scope: &Scope) -> impl IntoView + use<> {
    let seconds = |seconds: Option<i64>| seconds.map_or("―".to_owned(), seconds_text);
    let lines = rows
        .iter()
        .map(|row| {
            // Whom the row counts: the night service's families that somebody took, after a wait of any length.
            let filter = LogFilter {
                acuity: row.acuity.clone(),
                service: Service::Night.code().into(),
                waited_minutes: "0".into(),
                ..scope.filter()
            };
            view! {
                <tr>
                    <th scope="row"><span class=acuity_chip(&row.label)>{row.label.clone()}</span></th>
                    <td class="right">{scope.figure(row.count, Some(filter), &row.label)}</td>
                    <td class="num right">{seconds(row.median_seconds)}</td>
                    <td class="num right">{seconds(row.p90_seconds)}</td>
                    <td class="num right">{seconds(row.longest_seconds)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="waits-title">
            <h2 id="waits-title">"待ち時間（夜間相談）"</h2>
            <table>
                <thead><tr>
                    <th scope="col">"緊急度"</th><th scope="col" class="right">"件数"</th><th scope="col" class="right">"中央値"</th>
                    <th scope="col" class="right">"90%"</th><th scope="col" class="right">"最長"</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
            <p class="fine">"受付から担当が決まるまで（分:秒）"</p>
        </section>
    }
}

/// What 相談件数 leaves out, said openly.
pub(super) fn apart(rows: &[(String, Shown)], scope: &Scope) -> impl IntoView + use<> {
    let lines = rows
        .iter()
        .map(|(words, shown)| {
            let counted = Counted::APART.iter().find(|one| one.label() == words);
            let filter = counted.map(|one| LogFilter { counted: one.code().into(), ..scope.filter() });
            view! { <tr><th scope="row">{words.clone()}</th><td class="right">{scope.figure(*shown, filter, words)}</td></tr> }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="apart-title">
            <h2 id="apart-title">"届けられなかった相談"</h2>
            <table>
                <thead><tr><th scope="col">"理由"</th><th scope="col" class="right">"件数"</th></tr></thead>
                <tbody>{lines}</tbody>
            </table>
            <p class="fine">"相談件数には入れていません。"</p>
        </section>
    }
}

/// Why calls failed or began late, most certain reason first.
pub(super) fn causes(rows: &[(String, Shown)], scope: &Scope) -> impl IntoView + use<> {
    let lines = rows
        .iter()
        .map(|(words, shown)| {
            let cause = CallCause::ALL.iter().find(|one| one.label() == words);
            let filter = cause.map(|one| LogFilter { cause: one.code().into(), ..scope.filter() });
            view! { <tr><th scope="row">{words.clone()}</th><td class="right">{scope.figure(*shown, filter, words)}</td></tr> }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="causes-title">
            <h2 id="causes-title">"通話がつながらなかった理由"</h2>
            <table>
                <thead><tr><th scope="col">"理由"</th><th scope="col" class="right">"相談"</th></tr></thead>
                <tbody>{lines}</tbody>
            </table>
            <p class="fine">"つながるまで6秒より長くかかった通話を含みます。1件の相談が2つの理由に入ることがあります。"</p>
        </section>
    }
}

/// Through whose leaflet families came.
pub(super) fn institutions(rows: &[InstitutionRow], scope: &Scope) -> Option<impl IntoView + use<>> {
    if rows.is_empty() {
        return None;
    }
    let lines = rows
        .iter()
        .map(|row| {
            let filter = LogFilter {
                institution: row.code.clone(),
                counted: Counted::Yes.code().into(),
                ..scope.filter()
            };
            let opens = format!("{}のちらしからの家庭", row.name);
            view! {
                <tr>
                    <th scope="row">{row.name.clone()}<span class="fine">{format!("　{}", row.kind)}</span></th>
                    <td class="num right">{row.registered.text()}</td>
                    <td class="right">{scope.figure(row.consultations, Some(filter), &opens)}</td>
                </tr>
            }
        })
        .collect_view();
    Some(view! {
        <section class="card" id="institutions" aria-labelledby="institutions-title">
            <h2 id="institutions-title">"ちらしを配った先"</h2>
            <table>
                <thead><tr>
                    <th scope="col">"配った先"</th><th scope="col" class="right">"登録"</th><th scope="col" class="right">"相談件数"</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
            <p class="fine">"登録：ちらしのQRコードからこの年度に登録した家庭。相談件数：ちらしから登録した家庭の、この年度の相談。"</p>
        </section>
    })
}

/// How families heard of the service.
pub(super) fn reaches(rows: &[(String, Shown)]) -> impl IntoView + use<> {
    let known = |shown: &Shown| match shown {
        Shown::Count(count) => Some(*count),
        Shown::Under10 | Shown::Hidden => None,
    };
    // A share of a total with masked parts would be a wrong share.
    let total: Option<u32> = rows.iter().map(|(_, shown)| known(shown)).sum();
    let lines = rows
        .iter()
        .map(|(words, shown)| {
            let share = known(shown).zip(total.filter(|total| *total > 0));
            let percent = share.map_or("―".to_owned(), |(count, total)| format!("{:.0}%", 100.0 * f64::from(count) / f64::from(total)));
            view! {
                <tr><th scope="row">{words.clone()}</th><td class="num right">{shown.text()}</td><td class="num right">{percent}</td></tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" id="reaches" aria-labelledby="reaches-title">
            <h2 id="reaches-title">"知ったきっかけ（この年度の登録）"</h2>
            <table>
                <thead><tr><th scope="col">"きっかけ"</th><th scope="col" class="right">"人数"</th><th scope="col" class="right">"割合"</th></tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </section>
    }
}
