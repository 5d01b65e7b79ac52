//! `/admin/connections`: what `soudan doctor` found, line by line, with what mends it.

use crate::page::report::{ConnectionLine, Connections};
use leptos::prelude::*;

/// The page.
pub(super) fn connections(found: Connections) -> impl IntoView {
    let Connections { at, is_busy, lines } = found;
    let wrong = lines.iter().filter(|line| !line.is_well).count();
    let summary = match (is_busy, wrong) {
        (true, _) => "ほかの方が確認しているところです。少したってから、もう一度お試しください。".to_owned(),
        (false, 0) => "すべて良好です。".to_owned(),
        (false, wrong) => format!("{wrong}件、直すところがあります。"),
    };
    let rows = lines.into_iter().map(row).collect_view();
    view! {
        <div class="report-head"><h1>"つながりの確認"</h1><p class="sub num">{format!("{} {}", at.date_text(), at.clock())}</p></div>
        <section class="card stack tight">
            <p><b>{summary}</b></p>
            <table hidden=is_busy>
                <thead><tr><th scope="col">"何を"</th><th scope="col">"結果"</th><th scope="col">"内容・直し方"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="fine">"内容・直し方は、サーバーの管理者が実行する soudan doctor と同じ文です。この機械の中からためすので、外からの道は別の機械で soudan doctor を実行して確かめてください。"</p>
            <div class="row wrap">
                <form method="get" action="/admin/connections"><button class="btn line">"もう一度確認する"</button></form>
                <a class="btn quiet" href="/admin">"設定へもどる"</a>
            </div>
        </section>
    }
}

fn row(line: ConnectionLine) -> impl IntoView {
    let ConnectionLine {
        name,
        address,
        is_well,
        text,
    } = line;
    let (class, word) = if is_well {
        ("chip green", "良好")
    } else {
        ("chip red", "要対応")
    };
    let address = address.map(|address| view! { <div class="fine">{address}</div> });
    view! {
        <tr>
            <th scope="row">{name}{address}</th>
            <td><span class=class>{word}</span></td>
            <td>{text}</td>
        </tr>
    }
}
