//! What was changed of the rota or the hours, when and by whom.

use leptos::prelude::*;
use signaling::time::At;

/// The list, the newest first.
pub(super) fn list(changes: Vec<(At, String, String)>) -> impl IntoView {
    let none = changes
        .is_empty()
        .then(|| view! { <p class="sub">"まだありません。"</p> });
    let rows = changes
        .into_iter()
        .map(|(at, changed, by)| {
            view! { <tr><td class="num">{format!("{} {}", at.date_text(), at.clock())}</td><td>{changed}</td><td>{by}</td></tr> }
        })
        .collect_view();
    view! {
        <section class="card stack tight" aria-labelledby="changes-title"><h2 id="changes-title">"変更の記録"</h2>
            {none}
            <table><thead><tr><th scope="col">"日時"</th><th scope="col">"内容"</th><th scope="col">"変更した人"</th></tr></thead><tbody>{rows}</tbody></table>
        </section>
    }
}
