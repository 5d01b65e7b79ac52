//! The calls of a consultation, one line each: how long, what it carried, how well, and what went wrong.

use leptos::prelude::*;
use signaling::call::{cause::Trouble, summary::CallRecord};

/// The lines. Shared with the replay.
pub(crate) fn lines(calls: &[CallRecord]) -> impl IntoView + use<> {
    let rows = calls
        .iter()
        .map(|call| {
            let troubles = call.troubles.iter().map(|trouble| said(*trouble)).collect_view();
            view! { <li><span class="sub num">{call.offered_at.clock()}</span>" "{call.line()}{troubles}</li> }
        })
        .collect_view();
    (!calls.is_empty()).then(|| {
        view! { <section class="call-lines" aria-label="通話の記録"><h3>"通話"</h3><ul>{rows}</ul></section> }
    })
}

fn said(trouble: Trouble) -> impl IntoView {
    let place = Some(trouble.where_words()).filter(|words| !words.is_empty());
    let place = place.map_or(String::new(), |words| format!("（{words}）"));
    let late = if trouble.late {
        "遅れて始まりました："
    } else {
        ""
    };
    view! { <p class="fine">{format!("{late}{}{place}", trouble.cause.sentence())}</p> }
}
