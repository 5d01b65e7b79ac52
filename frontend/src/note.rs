//! note: what the clinician wrote for the family, in the order in which it matters at night: what to do, the advice, when to
//! seek care. The record itself is the staff's and never reaches this page.

use crate::{
    after,
    guardian::{Stage, Visit, hidden_unless},
    page::guardian::TicketPage,
};
use leptos::prelude::*;
use signaling::view::Summary;

/// The summary, as soon as it is written.
#[must_use]
pub fn summary(visit: Visit, ticket: &TicketPage) -> AnyView {
    let hidden = hidden_unless(visit, |stage| !stage.is_open());
    let body = move || {
        let cancelled = visit.stage.get() == Stage::Cancelled;
        visit.thread.with(|thread| match &thread.summary {
            Some(summary) => written(summary),
            None if cancelled => left(),
            None => view! { <p>"相談を終わりました。"</p> }.into_any(),
        })
    };
    view! {
        <section class="card stack" id="summary" aria-labelledby="summary-title" hidden=hidden>
            <h2 id="summary-title">"相談のまとめ"</h2>
            <div class="stack">{body}</div>
            {after::come_back(visit, ticket)}
        </section>
    }
    .into_any()
}

pub(crate) fn written(summary: &Summary) -> AnyView {
    let todo = summary
        .disposition
        .and_then(|one| one.family_label())
        .map(|words| view! { <p class="todo">{words}</p> });
    let advice = summary.advice.clone().map(|text| {
        view! { <div><h3>"助言"</h3><p class="said">{text}</p></div> }
    });
    let safety_net = summary.safety_net.clone().map(|text| {
        view! {
            <div class="safety-net">
                <h3>"こんなときは受診してください"</h3>
                <p class="said">{text}</p>
                <p class="fine">"急に悪くなったとき、迷ったときは 119 または #8000 へ。"</p>
            </div>
        }
    });
    let by = [&summary.by.addressed(), "（", summary.by.role.label(), "）"].concat();
    view! {
        {todo}
        {advice}
        {safety_net}
        <p class="fine num">{by}" ・ "{crate::chat::day_words(summary.at)}" "{summary.at.clock()}</p>
    }
    .into_any()
}

fn left() -> AnyView {
    view! {
        <p>"この相談はとりやめました。また心配になったら、いつでも始められます。"</p>
        <p class="sub">"急を要するときは "<a href="tel:119">"119"</a>"、迷ったら "<a href="tel:%238000">"#8000"</a>" へ。"</p>
    }
    .into_any()
}
