//! Sending a photo in parts: what the line does, the next part mends. Into a conversation, or to an intake that is not sent yet.
//!
//! Not here: what a photo may be. The server looks at the first part and says so.

use crate::{chat::alive::listen, clock::new_command_id};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use signaling::limits;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, File, Headers, HtmlFormElement, HtmlInputElement, RequestInit, Response, UrlSearchParams};

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

/// Sends a photo of the intake as soon as it is chosen, and shows it beside the others. Nothing where there is no field for it.
pub(crate) fn attach(form: &HtmlFormElement) -> Option<()> {
    let place = form.query_selector("[data-photos]").ok()??;
    let path = place.get_attribute("data-photos")?;
    let chosen = field(form, "photo")?;
    if let Ok(Some(button)) = place.query_selector("[value=photo]") {
        let _ = button.set_attribute("hidden", "");
    }
    let (sent, input) = (form.clone(), chosen.clone());
    listen(&chosen, "change", move |_| {
        let Some(file) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        // It is on its way: the form shall not carry it too.
        input.set_value("");
        input.set_disabled(true);
        let _ = sent.set_attribute("aria-busy", "true");
        let way = Way {
            path: path.clone(),
            photo: new_command_id().to_string(),
            form: sent.clone(),
            file,
        };
        let input = input.clone();
        spawn_local(async move {
            let sent = way.send().await;
            let _ = way.form.remove_attribute("aria-busy");
            input.set_disabled(false);
            match sent {
                Ok(()) => {
                    way.show(None, "付けました", "fine sending");
                    let _ = way.stands_there();
                }
                Err(why) => way.show(None, &why, "wrong sending"),
            }
        });
    });
    wait_for_photo(form);
    Some(())
}

/// A form that is sent while a photo is on its way would leave it behind: whoever presses once is told, twice is obeyed.
fn wait_for_photo(form: &HtmlFormElement) {
    let busy = form.clone();
    listen(form, "submit", move |event| {
        if !busy.has_attribute("aria-busy") || busy.has_attribute("data-told") {
            return;
        }
        event.prevent_default();
        let _ = busy.set_attribute("data-told", "");
        if let Ok(Some(line)) = busy.query_selector("#photo-wait") {
            let _ = line.remove_attribute("hidden");
            line.scroll_into_view();
        }
    });
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

    /// The photo in the list of those that go with the intake, like the row that is kept there for it.
    fn stands_there(&self) -> Option<()> {
        let empty = self.form.query_selector("#photos li[hidden]").ok()??;
        let row: Element = empty.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
        let small = [&self.path, "/", &self.photo, "/small"].concat();
        row.query_selector("img").ok()??.set_attribute("src", &small).ok()?;
        row.query_selector("button")
            .ok()??
            .set_attribute("value", &self.photo)
            .ok()?;
        row.remove_attribute("hidden").ok()?;
        let list = empty.parent_element()?;
        list.insert_before(&row, Some(&empty)).ok()?;
        if list.child_element_count() as usize > limits::PHOTOS_WITH_INTAKE {
            self.form
                .query_selector("#choose-photo")
                .ok()??
                .set_attribute("hidden", "")
                .ok()?;
        }
        Some(())
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
