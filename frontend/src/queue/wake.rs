//! Keeps the screen on while the family waits. A comfort: where the browser cannot, nothing happens.
//!
//! The Screen Wake Lock API is spoken to by name, because web-sys offers it only behind an unstable flag.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// Holds the lock while `wanted` is true and the page can be seen; browsers drop it whenever the page is hidden.
pub(crate) fn keep_awake(wanted: Memo<bool>) {
    let held = StoredValue::new_local(None::<JsValue>);
    let take = move || {
        leptos::task::spawn_local(async move {
            if let Some(lock) = request().await {
                held.set_value(Some(lock));
            }
        });
    };
    Effect::new(move |_| {
        if wanted.get() {
            take();
        } else if let Some(lock) = held.try_update_value(Option::take).flatten() {
            call(&lock, "release");
        }
    });
    let shown = Closure::<dyn FnMut()>::new(move || {
        if wanted.get_untracked() && !document().hidden() {
            take();
        }
    });
    let _ = document().add_event_listener_with_callback("visibilitychange", shown.as_ref().unchecked_ref());
    // The page listens as long as it lives.
    shown.forget();
}

async fn request() -> Option<JsValue> {
    let locks = Reflect::get(&window().navigator(), &"wakeLock".into())
        .ok()
        .filter(JsValue::is_object)?;
    let promise = call(&locks, "request")?.dyn_into::<Promise>().ok()?;
    JsFuture::from(promise).await.ok()
}

fn call(target: &JsValue, method: &str) -> Option<JsValue> {
    let method = Reflect::get(target, &method.into()).ok()?.dyn_into::<Function>().ok()?;
    method.call0(target).ok()
}
