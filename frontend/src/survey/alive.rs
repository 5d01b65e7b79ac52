//! Sends the survey without leaving the page, and stores what is filled in so far.

use crate::{guardian::Visit, live::Live, ui};
use leptos::{prelude::*, task::spawn_local};
use signaling::{
    consultation::{Command, Refusal},
    survey::Answer,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, FormData, HtmlFormElement};

pub(crate) fn bring_to_life(visit: Visit, live: Live) {
    let Some(form) = document()
        .get_element_by_id("survey")
        .and_then(|el| el.dyn_into::<HtmlFormElement>().ok())
    else {
        return;
    };
    let written = form.clone();
    let on_input = Closure::<dyn FnMut(Event)>::new(move |_| {
        if let Ok(fields) = FormData::new_with_form(&written) {
            let text = |name: &str| fields.get(name).as_string().unwrap_or_default();
            let body = serde_json::json!({ "answer": text("answer"), "words": text("words") });
            live.draft(visit.consultation, "survey", body);
        }
    });
    let _ = form.add_event_listener_with_callback("input", on_input.as_ref().unchecked_ref());
    on_input.forget();
    let asked = form.clone();
    let on_submit = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        event.prevent_default();
        let fields = FormData::new_with_form(&asked).ok();
        let text = |name: &str| fields.as_ref().and_then(|fields| fields.get(name).as_string());
        let Some(answer) = text("answer").and_then(|code| Answer::from_code(&code)) else {
            ui::say("survey-fault", &Refusal::NothingChosen.to_string());
            return;
        };
        ui::say("survey-fault", "");
        ui::say("survey-sending", "送信中");
        let words = text("words").filter(|words| !words.trim().is_empty());
        spawn_local(async move {
            let sent = live.command(visit.consultation, Command::Survey { answer, words });
            let fault = sent.await.err().map_or(String::new(), |refusal| refusal.to_string());
            ui::say("survey-sending", "");
            ui::say("survey-fault", &fault);
        });
    });
    let _ = form.add_event_listener_with_callback("submit", on_submit.as_ref().unchecked_ref());
    // The page listens as long as it lives.
    on_submit.forget();
}
