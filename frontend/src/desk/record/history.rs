//! この家族のこれまで: the earlier consultations, so that nobody tells everything twice.

use crate::{
    desk::{Desk, Earlier, Open, Wish},
    page::desk::{EarlierRow, History},
};
use leptos::prelude::*;

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
            <h3>"この家族のこれまで"</h3>
            {shown}
        </section>
    }
}

fn table(earlier: Vec<EarlierRow>) -> impl IntoView {
    let rows = earlier
        .into_iter()
        .map(|row| {
            let date = row.at.date();
            view! {
                <tr>
                    <td class="num">{format!("{}/{}/{}", date.year(), u8::from(date.month()), date.day())}</td>
                    <td>{format!("{}・{}", row.complaint, row.mode)}</td>
                    <td>{row.disposition}</td>
                </tr>
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
