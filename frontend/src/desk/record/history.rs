//! この家族のこれまで: the earlier consultations, so that nobody tells everything twice.

use crate::desk::Open;
use leptos::prelude::*;

/// The table. It is loaded after the tab opened; the model of the page does not hold it.
pub(super) fn history(open: Open) -> impl IntoView {
    let table = move || {
        open.history.get().map(|history| {
            if history.earlier.is_empty() {
                return view! { <p class="sub">"はじめての相談です。"</p> }.into_any();
            }
            let rows = history
                .earlier
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
            .into_any()
        })
    };
    view! {
        <section class="history">
            <h3>"この家族のこれまで"</h3>
            {table}
        </section>
    }
}
