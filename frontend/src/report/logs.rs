//! `/logs`: the consultations, found by period, person, mode, outcome, class, wait and answer, and by what was done with a reason.
//! The reasons themselves are read in the replay.

use super::cases_address;
use crate::page::report::{LogFilter, LogRow, Logs};
use leptos::prelude::*;
use signaling::{
    call::cause::CallCause, intake::Mode, note::Disposition, report::Counted, survey::Answer, triage::Acuity,
};

/// Rows of one page. The server cuts the list by the same number.
pub(super) const ROWS_PER_PAGE: u32 = 50;

/// The page.
pub(super) fn logs(logs: Logs) -> impl IntoView {
    let Logs {
        filter,
        clinicians,
        rows,
        total,
        opened_from,
    } = logs;
    let nothing = rows.is_empty().then_some(if is_unset(&filter) {
        "この90日に届いた相談はありません。もっと前の相談は、期間を入れてさがしてください。"
    } else {
        "この条件の相談はありません。期間を広げるか、条件を減らしてください。"
    });
    view! {
        <div class="report-head">
            <h1>"相談の一覧"</h1>
            <p class="sub num">{format!("{total}件")}</p>
        </div>
        {opened_from.map(|figure| view! {
            <p class="bar-note key opened-from"><span>"指標「"<b>{figure}</b>"」で数えた相談です。"</span><a href="/kpi">"指標にもどる"</a><a href="/logs">"すべての相談"</a></p>
        })}
        {form(&filter, &clinicians).into_any()}
        {match nothing {
            Some(words) => view! { <p class="card empty">{words}</p> }.into_any(),
            None => table(rows).into_any(),
        }}
        {paging(&filter, total).into_any()}
    }
}

/// Nothing was asked for: the list is the last 90 days.
fn is_unset(filter: &LogFilter) -> bool {
    *filter
        == LogFilter {
            page_number: filter.page_number,
            ..LogFilter::default()
        }
}

fn form(filter: &LogFilter, clinicians: &[(String, String)]) -> impl IntoView + use<> {
    let outcomes: Vec<(String, String)> = [("open", "対応中・待ち")]
        .into_iter()
        .chain(Disposition::ALL.iter().map(|one| (one.code(), one.label())))
        .map(|(code, words)| (code.to_owned(), words.to_owned()))
        .collect();
    let answers: Vec<(String, String)> = Answer::ALL
        .iter()
        .map(|one| (one.code().to_owned(), one.label().to_owned()))
        .chain(
            [
                ("any", "回答あり"),
                ("none", "回答なし"),
                ("asked", "回答できた相談すべて"),
            ]
            .map(|(code, words)| (code.to_owned(), words.to_owned())),
        )
        .collect();
    let modes: Vec<(String, String)> = Mode::ALL
        .iter()
        .map(|one| (one.code().to_owned(), one.label().to_owned()))
        .collect();
    let classes: Vec<(String, String)> = Acuity::ALL
        .iter()
        .map(|one| (one.code().to_owned(), one.label().to_owned()))
        .collect();
    let waits: Vec<(String, String)> = ["10", "20", "30"]
        .map(|minutes| (minutes.to_owned(), format!("{minutes}分以上")))
        .into();
    let figures: Vec<(String, String)> = Counted::ALL
        .iter()
        .map(|one| (one.code().to_owned(), one.label().to_owned()))
        .collect();
    let causes: Vec<(String, String)> = CallCause::ALL
        .iter()
        .map(|one| (one.code().to_owned(), one.label().to_owned()))
        .collect();
    let flagged = filter.flag == "1";
    let missed = filter.missed == "1";
    let reasoned = filter.reasoned == "1";
    view! {
        <form class="card filter" method="get" action="/logs" role="search" aria-label="相談をさがす">
            <label class="field"><span class="label">"いつから"</span><input type="date" name="from" value=filter.from.clone() /></label>
            <label class="field"><span class="label">"いつまで"</span><input type="date" name="until" value=filter.until.clone() /></label>
            {choice("担当", "clinician", &filter.clinician, clinicians)}
            {choice("話し方", "mode", &filter.mode, &modes)}
            {choice("対応区分", "outcome", &filter.outcome, &outcomes)}
            {choice("緊急度", "acuity", &filter.acuity, &classes)}
            {choice("待ち", "waited_minutes", &filter.waited_minutes, &waits)}
            {choice("今後も利用したいか", "answer", &filter.answer, &answers)}
            {choice("指標での数えかた", "counted", &filter.counted, &figures)}
            {choice("通話がつながらなかった理由", "cause", &filter.cause, &causes)}
            <label class="row check"><input type="checkbox" name="missed" value="1" checked=missed />"電話に出られなかったものだけ"</label>
            <label class="row check"><input type="checkbox" name="flag" value="1" checked=flagged />"危険サインがあったものだけ"</label>
            <label class="row check"><input type="checkbox" name="reasoned" value="1" checked=reasoned />"理由をつけて変えたものだけ"</label>
            {(!filter.service.is_empty()).then(|| view! { <input type="hidden" name="service" value=filter.service.clone() /> })}
            <div class="row filter-go">
                <button class="btn small">"さがす"</button>
                <a class="btn quiet small" href="/logs">"条件を消す"</a>
            </div>
        </form>
    }
}

fn choice(
    label: &'static str,
    name: &'static str,
    chosen: &str,
    options: &[(String, String)],
) -> impl IntoView + use<> {
    let options = options
        .iter()
        .map(|(code, words)| view! { <option value=code.clone() selected=code == chosen>{words.clone()}</option> })
        .collect_view();
    view! {
        <label class="field"><span class="label">{label}</span>
            <select name=name><option value="">"すべて"</option>{options}</select>
        </label>
    }
}

fn table(rows: Vec<LogRow>) -> impl IntoView {
    view! {
        <div class="card table-card">
            <table class="log-table">
                <caption class="visually-hidden">"相談、新しい順"</caption>
                <thead><tr>
                    <th scope="col">"受付"</th><th scope="col">"相談"</th><th scope="col">"緊急度"</th><th scope="col">"話し方"</th>
                    <th scope="col">"担当"</th><th scope="col" class="right">"待ち"</th><th scope="col">"対応"</th><th scope="col">"アンケート"</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn row(row: LogRow) -> impl IntoView {
    let class = acuity_chip(&row.acuity);
    let missed = (row.missed_calls > 0).then(|| format!("不在 {}回", row.missed_calls));
    let calls = missed
        .into_iter()
        .chain(row.causes)
        .map(|words| view! { <span class="fine call-trouble">{words}</span> })
        .collect_view();
    let reasoned = row
        .reasoned
        .into_iter()
        .map(|words| view! { <span class="chip grey">{words}</span> })
        .collect::<Vec<_>>();
    let reasoned = (!reasoned.is_empty()).then(|| view! { <div class="chips">{reasoned}</div> });
    let waited = row.waited_seconds.map_or("―".to_owned(), seconds_text);
    view! {
        <tr>
            <td class="num nowrap">{format!("{} {}", row.requested_at.date_text(), row.requested_at.clock())}</td>
            <td><a href=format!("/logs/{}", row.consultation)>{format!("{}・{}", row.subject, row.complaint)}</a></td>
            <td><span class=class>{row.acuity}</span></td>
            <td>{row.mode}{calls}</td>
            <td>{row.clinician.unwrap_or_else(|| "―".to_owned())}</td>
            <td class="num right">{waited}</td>
            <td>{row.outcome}{reasoned}</td>
            <td>{row.answer.unwrap_or_else(|| "―".to_owned())}</td>
        </tr>
    }
}

/// The chip's colour for the words of a class.
pub(super) fn acuity_chip(label: &str) -> String {
    let class = Acuity::ALL
        .iter()
        .find(|one| one.label() == label)
        .map_or("grey", |one| crate::claim::chip_class(*one));
    format!("chip {class}")
}

/// `3:10`, or 「1時間05分」 from an hour on.
pub(super) fn seconds_text(seconds: i64) -> String {
    if seconds < 3600 {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    } else {
        format!("{}時間{:02}分", seconds / 3600, seconds % 3600 / 60)
    }
}

fn paging(filter: &LogFilter, total: u32) -> impl IntoView + use<> {
    let pages = total.div_ceil(ROWS_PER_PAGE).max(1);
    let here = filter.page_number.clamp(1, pages);
    let to = |page_number: u32| {
        cases_address(&LogFilter {
            page_number,
            ..filter.clone()
        })
    };
    let back = (here > 1).then(|| view! { <a class="btn line small" rel="prev" href=to(here - 1)>"前のページ"</a> });
    let on = (here < pages).then(|| view! { <a class="btn line small" rel="next" href=to(here + 1)>"次のページ"</a> });
    (pages > 1).then(|| {
        view! {
            <nav class="row paging" aria-label="ページ送り">
                {back}
                <span class="sub num">{format!("{here} / {pages}ページ")}</span>
                {on}
            </nav>
        }
    })
}
