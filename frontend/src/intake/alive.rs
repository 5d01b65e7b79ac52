//! The browser's side of the intake: a ticked sign shows its panel at once, 「どれもない」 and the signs exclude each other,
//! and what is typed is stored without being asked for.

use crate::call::part::Part;
use leptos::{prelude::*, task::spawn_local};
use std::{cell::Cell, rc::Rc, time::Duration};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, FormData, HtmlFormElement, HtmlInputElement, RequestInit, Response, UrlSearchParams};

/// Long enough not to send every key, short enough that a closing page loses next to nothing.
const PAUSE: Duration = Duration::from_millis(800);

/// `part`: the way to the sending of photos, which comes with the call.
pub(super) fn bring_to_life(address: String, signs: RwSignal<Vec<String>>, saved: RwSignal<String>, part: Part) {
    Effect::new(move |_| {
        let form = document()
            .get_element_by_id("intake")
            .and_then(|el| el.dyn_into::<HtmlFormElement>().ok());
        if let Some(form) = form {
            signs.set(ticked(&form));
            attach(&form, address.clone(), signs, saved);
            send_photos(form, part);
        }
    });
}

/// Until the part is here, and where it cannot be fetched, a photo is sent with the form.
fn send_photos(form: HtmlFormElement, part: Part) {
    if matches!(form.query_selector("[name=photo]"), Ok(Some(_))) {
        spawn_local(async move {
            if (part.fetch)().await {
                (part.attach)(form).await;
            }
        });
    }
}

fn attach(form: &HtmlFormElement, address: String, signs: RwSignal<Vec<String>>, saved: RwSignal<String>) {
    let address: Rc<str> = address.into();
    // Changes counted; 0 means that everything is stored.
    let unsaved = Rc::new(Cell::new(0u32));
    let changed = {
        let (form, address, unsaved) = (form.clone(), address.clone(), unsaved.clone());
        move |event: Event| {
            if let Some(input) = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
            {
                exclude(&form, &input);
            }
            signs.set(ticked(&form));
            saved.set(String::new());
            unsaved.set(unsaved.get() + 1);
            let (form, address, unsaved, count) = (form.clone(), address.clone(), unsaved.clone(), unsaved.get());
            let store = move || {
                if unsaved.get() == count {
                    spawn_local(save(form, address, unsaved, saved));
                }
            };
            set_timeout(store, PAUSE);
        }
    };
    listen(form, "input", changed);
    let sent = unsaved.clone();
    listen(form, "submit", move |_| sent.set(0));
    let form = form.clone();
    listen(&window(), "pagehide", move |_| {
        if unsaved.replace(0) > 0
            && let Some(body) = body(&form)
        {
            // The page is going; whether it arrived can no longer be told.
            let _ = window()
                .navigator()
                .send_beacon_with_opt_url_search_params(&address, Some(&body));
        }
    });
}

/// The page listens as long as it lives.
fn listen(target: &web_sys::EventTarget, kind: &str, listener: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(listener);
    let _ = target.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
    listener.forget();
}

fn ticked(form: &HtmlFormElement) -> Vec<String> {
    let Ok(fields) = FormData::new_with_form(form) else {
        return Vec::new();
    };
    fields
        .get_all("signs")
        .iter()
        .filter_map(|value| value.as_string())
        .collect()
}

/// Ticking 「どれもない」 unticks the signs, ticking a sign unticks 「どれもない」.
fn exclude(form: &HtmlFormElement, input: &HtmlInputElement) {
    let others = match (input.name().as_str(), input.checked()) {
        ("no_signs", true) => "input[name=signs]:checked",
        ("signs", true) => "input[name=no_signs]:checked",
        _ => return,
    };
    let Ok(list) = form.query_selector_all(others) else {
        return;
    };
    for index in 0..list.length() {
        if let Some(other) = list
            .get(index)
            .and_then(|node| node.dyn_into::<HtmlInputElement>().ok())
        {
            other.set_checked(false);
        }
    }
}

fn body(form: &HtmlFormElement) -> Option<UrlSearchParams> {
    let fields = FormData::new_with_form(form).ok()?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    // A file is no text.
    body.delete("photo");
    body.append("go", "save");
    Some(body)
}

async fn save(form: HtmlFormElement, address: Rc<str>, unsaved: Rc<Cell<u32>>, saved: RwSignal<String>) {
    let count = unsaved.get();
    let stored = post(&form, &address).await.is_some_and(|response| response.ok());
    if stored && unsaved.get() == count {
        unsaved.set(0);
        saved.set("保存しました".to_owned());
    } else if !stored {
        saved.set("まだ保存できていません。通信がもどると保存します。".to_owned());
        set_timeout(
            move || {
                if unsaved.get() == count {
                    spawn_local(save(form, address, unsaved, saved));
                }
            },
            PAUSE * 5,
        );
    }
}

async fn post(form: &HtmlFormElement, address: &str) -> Option<Response> {
    let body = body(form)?;
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(JsValue::as_ref(&body));
    let answer = JsFuture::from(window().fetch_with_str_and_init(address, &options))
        .await
        .ok()?;
    answer.dyn_into().ok()
}
