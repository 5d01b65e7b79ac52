//! Gives the number without leaving the page.

use crate::{guardian::Visit, live::Live, ui};
use leptos::{prelude::*, task::spawn_local};
use signaling::consultation::Command;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, FormData, HtmlFormElement};

pub(crate) fn bring_to_life(visit: Visit, live: Live) {
    let Some(form) = document()
        .get_element_by_id("callback")
        .and_then(|el| el.dyn_into::<HtmlFormElement>().ok())
    else {
        return;
    };
    let asked = form.clone();
    let on_submit = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        event.prevent_default();
        let fields = FormData::new_with_form(&asked).ok();
        let number = fields
            .and_then(|fields| fields.get("number").as_string())
            .unwrap_or_default();
        let typed = asked.clone();
        spawn_local(async move {
            let answer = live.command(visit.consultation, Command::GiveNumber { number }).await;
            if answer.is_ok() {
                typed.reset();
            }
            let fault = answer.err().map_or(String::new(), |refusal| refusal.to_string());
            ui::say("callback-fault", &fault);
        });
    });
    let _ = form.add_event_listener_with_callback("submit", on_submit.as_ref().unchecked_ref());
    // The page listens as long as it lives.
    on_submit.forget();
}
