//! Beside the record: 「明日きく」, the way to 「気になる」 and to a referral, and what was advised before the family came back.

use crate::desk::{Desk, Open, OpenStanding, Wish};
use leptos::prelude::*;
use signaling::view::Summary;

/// The row of it.
pub(super) fn after(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let standing = Memo::new(move |_| desk.me.with_value(|me| open.standing(me)));
    let planned = Memo::new(move |_| {
        open.thread
            .with(|thread| thread.check_in.as_ref().is_some_and(|one| one.asked_at.is_none()))
    });
    let answered = move || {
        open.thread.with(|thread| {
            let feeling = thread.check_in.as_ref().and_then(|one| one.feeling);
            feeling.map(|feeling| format!("翌日の返事：{}", feeling.label()))
        })
    };
    let referral = move || {
        open.thread.with(|thread| {
            thread.referral.as_ref().map(|one| match one.given {
                None => "保健師への紹介：返事を待っています",
                Some(true) => "保健師への紹介：同意あり",
                Some(false) => "保健師への紹介：同意なし",
            })
        })
    };
    let address = format!("/concerns/{id}");
    view! {
        <section class="stack tight after" aria-label="相談のあと">
            <div class="row wrap">
                {move || (standing.get() == OpenStanding::Mine).then(|| view! {
                    <button type="button" id=format!("do-later-{id}") class="btn line small" aria-pressed=move || planned.get().to_string()
                        on:click=move |_| desk.ask(Wish::PlanCheckIn(id, !planned.get_untracked()))>
                        {move || if planned.get() { "明日きく ✓" } else { "明日きく" }}
                    </button>
                })}
                <a id=format!("do-concern-{id}") class="btn quiet small" href=address target="_blank">"気になる・保健師へ"</a>
            </div>
            {move || answered().map(|words| view! { <p class="sub">{words}</p> })}
            {move || referral().map(|words| view! { <p class="sub">{words}</p> })}
        </section>
        {move || open.thread.with(|thread| thread.earlier.last().map(|summary| earlier(desk, summary)))}
    }
}

fn earlier(desk: Desk, summary: &Summary) -> impl IntoView + use<> {
    let head = format!("{}　{}", summary.at.date_text(), summary.by.addressed());
    let disposition = super::disposition(desk, summary);
    view! {
        <details class="earlier-record">
            <summary>"前回の記録"</summary>
            <p class="sub num">{head}</p>
            <p><b>{disposition}</b></p>
            <p class="pre">{summary.advice.clone().unwrap_or_default()}</p>
            {summary.safety_net.clone().map(|text| view! { <p class="pre">{text}</p> })}
        </details>
    }
}
