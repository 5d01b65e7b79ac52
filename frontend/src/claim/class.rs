//! 「緊急度を変える」: a clinician judges the class of a waiting or open consultation anew. Raising takes one press, lowering asks
//! for the reason, which supervisors read.

use crate::desk::{Desk, Dialog, Wish, keys::Button};
use leptos::prelude::*;
use signaling::{id::ConsultationId, triage::Acuity};

/// The classes that it has not, the most urgent first. `key_leads_here`: for the consultation in front, of which there is one.
pub(crate) fn class_control(
    desk: Desk,
    consultation: ConsultationId,
    now: Acuity,
    key_leads_here: bool,
) -> impl IntoView {
    let id = key_leads_here.then(|| format!("{}-{consultation}", Button::Class.id()));
    let others = Acuity::ALL.iter().filter(|acuity| **acuity != now);
    let buttons = others
        .map(|&acuity| {
            let raises = acuity < now;
            let press = move |_| {
                if raises {
                    desk.ask(Wish::ChangeClass {
                        consultation,
                        acuity,
                        reason: None,
                    });
                } else {
                    desk.dialog.set(Some(Dialog::Lower(consultation, acuity)));
                }
            };
            let way = if raises { "に上げる" } else { "に下げる" };
            let class = format!("chip toggle {}", super::chip_class(acuity));
            view! { <button type="button" class=class on:click=press>{acuity.label()}{way}</button> }
        })
        .collect_view();
    view! {
        <details class="class-change">
            <summary id=id>"緊急度を変える"</summary>
            <div class="chips">{buttons}</div>
        </details>
    }
}
