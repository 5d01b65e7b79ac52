//! 「引き継ぎの依頼」: what colleagues ask this clinician to take over, above those who wait. Nobody passes anybody by taking one:
//! it is one press, without a reason.

use super::{chip_class, complaints_text, order};
use crate::desk::{Desk, Dialog, Wish};
use leptos::prelude::*;
use signaling::{id::ConsultationId, queue::QueueRow};

/// The list; nothing while nobody asks.
pub(super) fn asked(desk: Desk) -> impl IntoView {
    let asked = Memo::new(move |_| {
        desk.me
            .with_value(|me| desk.queue.with(|queue| order::asked(queue, me)))
    });
    move || {
        (!asked.with(Vec::is_empty)).then(|| {
            view! {
                <section class="asked" id="asked" aria-labelledby="asked-title">
                    <h3 class="list-title" id="asked-title">"引き継ぎの依頼" <span class="sub num">{move || format!("{}件", asked.with(Vec::len))}</span></h3>
                    <ul class="qrows">
                        <For each=move || asked.get() key=|id| *id children=move |id| card(desk, id).into_any() />
                    </ul>
                </section>
            }
        })
    }
}

fn card(desk: Desk, id: ConsultationId) -> impl IntoView {
    let row = Memo::new(move |_| desk.queue.with(|queue| queue.row(id).cloned()));
    view! { <li class="qrow asked-row">{move || row.with(|row| row.as_ref().map(|row| face(desk, row)))}</li> }
}

fn face(desk: Desk, row: &QueueRow) -> impl IntoView + use<> {
    let id = row.consultation;
    let handing = row.handing.clone()?;
    let by_name = handing.to.person.is_some();
    let warm = row.claimed_by.is_some();
    let words = format!("{}から{}へ", handing.by.addressed(), handing.to.addressed());
    let name = format!("{}・{}", row.subject, complaints_text(&row.complaints));
    Some(view! {
        <div class="top"><span class=format!("chip {}", chip_class(row.acuity))>{row.acuity.label()}</span><span class="sub">{words}</span></div>
        <b class="qrow-name">{name}</b>
        <div class="row wrap">
            <button type="button" class="btn small" on:click=move |_| desk.ask(Wish::AcceptHandOver(id))>"引き受ける"</button>
            {warm.then(|| view! {
                <button type="button" class="btn line small" on:click=move |_| desk.ask(Wish::Look(id))>"会話を見る"</button>
            })}
            {by_name.then(|| view! {
                <button type="button" class="btn quiet small" on:click=move |_| desk.dialog.set(Some(Dialog::Decline(id)))>"断る"</button>
            })}
        </div>
    })
}
