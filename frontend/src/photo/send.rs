//! Sending a photo in parts: what the line does, the next part mends.
//!
//! Not here: what a photo may be. The server looks at the first part and says so.

use crate::{chat::alive::listen, clock::new_command_id};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use signaling::limits;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, Headers, HtmlFormElement, HtmlInputElement, RequestInit, Response, UrlSearchParams};

/// The first pause after a lost line, and the longest.
const PAUSE_MS: i32 = 1_000;
const LONGEST_PAUSE_MS: i32 = 15_000;

/// What the server answers.
#[derive(Default, Deserialize)]
struct Told {
    received: Option<u32>,
    seq: Option<u32>,
    text: Option<String>,
}

/// Sends the form's photo in parts instead of as a page. `at_once`: as soon as one is chosen.
pub(crate) fn bring_to_life(form: &HtmlFormElement, at_once: bool) {
    let sent = form.clone();
    listen(form, "submit", move |event| {
        event.prevent_default();
        let file = field(&sent, "photo").and_then(|field| field.files()?.get(0));
        let Some(file) = file.filter(|_| !sent.has_attribute("aria-busy")) else {
            return;
        };
        let _ = sent.set_attribute("aria-busy", "true");
        let way = Way {
            path: sent.get_attribute("action").unwrap_or_default(),
            photo: new_command_id().to_string(),
            form: sent.clone(),
            file,
        };
        spawn_local(async move {
            let sent = way.send().await;
            let _ = way.form.remove_attribute("aria-busy");
            match sent {
                Ok(()) => {
                    way.show(None, "送りました", "fine sending");
                    way.form.reset();
                }
                Err(why) => way.show(None, &why, "wrong sending"),
            }
        });
    });
    if at_once {
        let form = form.clone();
        listen(&form.clone(), "change", move |_| {
            let _ = form.request_submit();
        });
    }
}

fn field(form: &HtmlFormElement, name: &str) -> Option<HtmlInputElement> {
    let found = form.query_selector(&["[name=", name, "]"].concat());
    found.ok()??.dyn_into().ok()
}

/// A photo on its way.
struct Way {
    path: String,
    photo: String,
    form: HtmlFormElement,
    file: File,
}

impl Way {
    /// Until it is stored, or refused: then why.
    async fn send(&self) -> Result<(), String> {
        let total = self.file.size();
        let mut at = 0;
        let mut pause_ms = PAUSE_MS;
        loop {
            self.show(Some(f64::from(at) / total), "送っています", "fine sending");
            let answer = if f64::from(at) < total {
                self.put(at, total).await
            } else {
                self.last_word().await
            };
            match answer {
                Some((200..300, Told { seq: Some(_), .. })) => return Ok(()),
                // It goes on where the server stands, also where that is further back.
                Some((
                    200..300 | 409,
                    Told {
                        received: Some(received),
                        ..
                    },
                )) => {
                    at = received;
                    pause_ms = PAUSE_MS;
                }
                // Parts are missing: they lay too long.
                Some((409, _)) if at > 0 => at = 0,
                None | Some((429 | 500.., _)) => {
                    self.show(None, "つながりしだい、続きから送ります", "fine sending");
                    pause(pause_ms).await;
                    pause_ms = (pause_ms * 2).min(LONGEST_PAUSE_MS);
                }
                Some((_, told)) => return Err(told.text.unwrap_or_else(|| "送れませんでした。".to_owned())),
            }
        }
    }

    async fn put(&self, from: u32, total: f64) -> Option<(u16, Told)> {
        let part = u32::try_from(limits::PHOTO_PART_BYTES).unwrap_or(u32::MAX);
        let until = f64::from(from.saturating_add(part)).min(total);
        let piece = self.file.slice_with_f64_and_f64(f64::from(from), until).ok()?;
        let headers = Headers::new().ok()?;
        let range = format!("bytes {from}-{}/{total}", until - 1.0);
        headers.set("content-range", &range).ok()?;
        let options = RequestInit::new();
        options.set_method("PUT");
        options.set_headers(&headers);
        options.set_body(&piece);
        fetched(&[&self.path, "/", &self.photo].concat(), &options).await
    }

    async fn last_word(&self) -> Option<(u16, Told)> {
        let caption = field(&self.form, "caption").map_or_else(String::new, |field| field.value());
        let fields = UrlSearchParams::new().ok()?;
        fields.append("photo", &self.photo);
        fields.append("caption", &caption);
        let options = RequestInit::new();
        options.set_method("POST");
        options.set_body(JsValue::as_ref(&fields));
        fetched(&self.path, &options).await
    }

    /// How far it is, in the form's own places for it.
    fn show(&self, part: Option<f64>, words: &str, class: &str) {
        let find = |what: &str| self.form.query_selector(what).ok().flatten();
        if let Some(bar) = find("progress") {
            let _ = match part {
                Some(part) => {
                    let _ = bar.set_attribute("value", &(part * 100.0).round().to_string());
                    bar.remove_attribute("hidden")
                }
                None => bar.set_attribute("hidden", ""),
            };
        }
        if let Some(line) = find(".sending") {
            line.set_class_name(class);
            line.set_text_content(Some(words));
        }
    }
}

async fn fetched(address: &str, options: &RequestInit) -> Option<(u16, Told)> {
    let answer = JsFuture::from(window().fetch_with_str_and_init(address, options)).await;
    let answer: Response = answer.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    Some((answer.status(), serde_json::from_str(&text).unwrap_or_default()))
}

/// Ends after so many milliseconds.
async fn pause(length_ms: i32) {
    let waits = js_sys::Promise::new(&mut |done, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, length_ms);
    });
    let _ = JsFuture::from(waits).await;
}
