//! The few things of the browser that web-sys has no types for, or only behind an unstable flag.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlVideoElement;

/// A property; `undefined` where there is none.
pub(super) fn property(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

pub(super) fn text(of: &JsValue, name: &str) -> Option<String> {
    property(of, name).as_string()
}

pub(super) fn number(of: &JsValue, name: &str) -> Option<f64> {
    property(of, name).as_f64()
}

/// Sets a property of a plain object.
pub(super) fn set(of: &JsValue, name: &str, value: &JsValue) {
    // A plain object takes any property.
    let _ = Reflect::set(of, &name.into(), value);
}

/// Takes a property away.
pub(super) fn unset(of: &JsValue, name: &str) {
    if let Some(object) = of.dyn_ref::<Object>() {
        let _ = Reflect::delete_property(object, &name.into());
    }
}

/// An object with these properties.
pub(super) fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        // A fresh object takes any property.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// Calls a method, if there is one.
pub(super) fn call(of: &JsValue, method: &str, arguments: &[JsValue]) -> Option<Result<JsValue, JsValue>> {
    let method: Function = property(of, method).dyn_into().ok()?;
    Some(method.apply(of, &arguments.iter().collect::<Array>()))
}

/// Calls a method that answers a promise and waits for it.
pub(super) async fn call_async(of: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let missing = || Err(JsValue::from_str("no such method"));
    let promise: Promise = call(of, method, arguments).unwrap_or_else(missing)?.into();
    JsFuture::from(promise).await
}

fn window() -> JsValue {
    js_sys::global().into()
}

pub(super) fn navigator() -> JsValue {
    property(&window(), "navigator")
}

pub(super) fn user_agent() -> String {
    text(&navigator(), "userAgent").unwrap_or_default()
}

pub(super) fn is_secure() -> bool {
    property(&window(), "isSecureContext").is_truthy()
}

/// Whether the browser knows a global of this name.
pub(super) fn knows(name: &str) -> bool {
    !property(&window(), name).is_undefined()
}

/// The body of an answer of this server, where it is a good one.
pub(super) async fn fetch_text(path: &str) -> Option<String> {
    let response = call_async(&window(), "fetch", &[path.into()]).await.ok()?;
    if !property(&response, "ok").is_truthy() {
        return None;
    }
    call_async(&response, "text", &[]).await.ok()?.as_string()
}

/// A mark for whoever measures.
pub(super) fn mark(name: &str) {
    let _ = call(&property(&window(), "performance"), "mark", &[name.into()]);
}

/// Lets the phone vibrate, where it can and may: browsers want a touch of the page before.
pub(super) fn vibrate(pattern_ms: &[u32]) {
    if !property(&property(&navigator(), "userActivation"), "hasBeenActive").is_truthy() {
        return;
    }
    let pattern: Array = pattern_ms.iter().map(|ms| JsValue::from(*ms)).collect();
    let _ = call(&navigator(), "vibrate", &[pattern.into()]);
}

/// Whether camera and microphone are known to be allowed already. Not every browser says.
pub(super) async fn is_granted(name: &str) -> bool {
    let permissions = property(&navigator(), "permissions");
    let status = call_async(&permissions, "query", &[object([("name", name.into())])]).await;
    status.is_ok_and(|status| text(&status, "state").as_deref() == Some("granted"))
}

/// Ends after so long; later in a tab that nobody sees.
pub(super) async fn sleep(ms: u32) {
    let promise = Promise::new(&mut |resolve, _| {
        drop(call(&window(), "setTimeout", &[resolve.into(), ms.into()]));
    });
    // A timer is never refused.
    drop(JsFuture::from(promise).await);
}

/// Wi-Fi, cellular and so on, where the browser says (Chromium on Android).
pub(super) fn network_kind() -> Option<String> {
    text(&property(&navigator(), "connection"), "type")
}

/// Calls whenever the browser says something new of its network, for as long as the page lives.
pub(super) fn on_network_change(then: impl FnMut() + 'static) {
    let then = Closure::<dyn FnMut()>::new(then).into_js_value();
    let _ = call(
        &property(&navigator(), "connection"),
        "addEventListener",
        &["change".into(), then],
    );
}

/// Keeps the screen awake until the answer is released.
pub(super) async fn stay_awake() -> Option<JsValue> {
    call_async(&property(&navigator(), "wakeLock"), "request", &["screen".into()])
        .await
        .ok()
}

/// A sound engine, where the browser has one.
pub(super) fn audio_context() -> Option<JsValue> {
    let constructor: Function = property(&window(), "AudioContext").dyn_into().ok()?;
    Reflect::construct(&constructor, &Array::new()).ok()
}

/// Calls once when the next frame of a video is shown; with older browsers, when it plays.
pub(super) fn on_next_frame(video: &HtmlVideoElement, then: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(then);
    if call(video, "requestVideoFrameCallback", std::slice::from_ref(&then)).is_none() {
        let once = object([("once", true.into())]);
        let _ = call(video, "addEventListener", &["playing".into(), then, once]);
    }
}

/// Lets a promise go on by itself; its refusal is no error of the page.
pub(super) fn forget(promise: Promise) {
    leptos::task::spawn_local(async move { drop(JsFuture::from(promise).await) });
}
