//! この家族のこれまで: the earlier consultations, so that nobody tells everything twice.

use crate::{
    desk::{Desk, Earlier, Open, Wish},
    page::desk::{EarlierRow, History},
};
use leptos::prelude::*;
use signaling::id::ConsultationId;

/// What the family asked and what it was told; folded.
fn said(row: &EarlierRow) -> Option<impl IntoView + use<>> {
    let parts = [
        ("相談", Some(&row.worry)),
        ("助言", row.advice.as_ref()),
        ("受診の目安", row.safety_net.as_ref()),
        ("担当", row.by.as_ref()),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter_map(|(name, words)| {
            words
                .filter(|words| !words.is_empty())
                .map(|words| (name, words.clone()))
        })
        .map(|(name, words)| view! { <dt>{name}</dt><dd class="pre">{words}</dd> })
        .collect();
    (!parts.is_empty()).then(|| {
        view! {
            <tr><td colspan="3"><details><summary>"内容を見る"</summary><dl class="facts">{parts}</dl></details></td></tr>
        }
    })
}

/// Id of the heading, for the key F.
pub(in crate::desk) fn title_id(consultation: ConsultationId) -> String {
    format!("history-{consultation}")
}

/// The table. It is loaded after the tab opened; the model of the page does not hold it.
pub(super) fn history(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let shown = move || {
        match open.history.get() {
        Earlier::Loading => view! { <p class="sub" role="status">"読みこんでいます…"</p> }.into_any(),
        Earlier::Failed => view! {
            <div class="row wrap" role="alert">
                <span class="fault">"読みこめませんでした。"</span>
                <button type="button" class="btn small line" on:click=move |_| desk.ask(Wish::LoadHistory(id))>"もう一度"</button>
            </div>
        }
        .into_any(),
        Earlier::Known(History { earlier }) if earlier.is_empty() => {
            view! { <p class="sub">"はじめての相談です。"</p> }.into_any()
        }
        Earlier::Known(History { earlier }) => table(earlier).into_any(),
    }
    };
    view! {
        <section class="history">
            <h3 id=title_id(id) tabindex="-1">"この家族のこれまで" <kbd class="kbd" aria-hidden="true">"F"</kbd></h3>
            {shown}
        </section>
    }
}

fn table(earlier: Vec<EarlierRow>) -> impl IntoView {
    let rows = earlier
        .into_iter()
        .map(|row| {
            let date = row.at.date();
            let more = said(&row);
            view! {
                <tr>
                    <td class="num">{format!("{}/{}/{}", date.year(), u8::from(date.month()), date.day())}</td>
                    <td>{format!("{}・{}", row.complaint, row.mode)}</td>
                    <td>{row.disposition}</td>
                </tr>
                {more}
            }
        })
        .collect_view();
    view! {
        <table>
            <thead class="visually-hidden"><tr><th scope="col">"日付"</th><th scope="col">"内容"</th><th scope="col">"対応区分"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
