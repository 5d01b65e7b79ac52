//! The browser's side of the conversation: writing, sending, retrying.
//!
//! A message is kept in the tab's session store under its command id until it is answered, so a reload sends it again with
//! the same id and it takes effect once. The half-written text is kept there too, and as a draft on the server.

use super::scroll;
use crate::{
    clock::new_command_id,
    guardian::{Pending, PendingState, Visit},
    live::Live,
};
use leptos::{prelude::*, task::spawn_local};
use signaling::{
    consultation::Command,
    id::{CommandId, Seq},
    protocol::Signal as SeatSignal,
};
use std::cell::Cell;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlTextAreaElement, KeyboardEvent, Storage};

/// How often the other side is told that somebody writes, at most.
const TYPING_EVERY_MS: f64 = 3_000.0;

pub(crate) fn bring_to_life(visit: Visit, live: Live, stored_draft: &str) {
    let Some(field) = field() else { return };
    restore(visit, live, &field, stored_draft);
    listen_to_composer(visit, live, &field);
    listen_to_lines(visit, live);
    listen_to_call_back(visit, live);
    scroll::follow_the_end(visit);
}

fn field() -> Option<HtmlTextAreaElement> {
    document().get_element_by_id("message")?.dyn_into().ok()
}

/// The page listens as long as it lives.
pub(crate) fn listen(target: &web_sys::EventTarget, kind: &str, listener: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(listener);
    let _ = target.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
    listener.forget();
}

// ---- what survives a reload ----

/// Private windows may have none; then a reload has only the server's draft.
fn store() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn draft_key(visit: Visit) -> String {
    format!("message:{}", visit.consultation)
}

fn pending_key(visit: Visit) -> String {
    format!("pending:{}", visit.consultation)
}

fn keep_pending(visit: Visit) {
    let unanswered: Vec<(CommandId, String)> = visit.pending.with_untracked(|all| {
        let sending = all.iter().filter(|one| one.state == PendingState::Sending);
        sending.map(|one| (one.id, one.text.clone())).collect()
    });
    if let (Some(store), Ok(json)) = (store(), serde_json::to_string(&unanswered)) {
        let _ = store.set_item(&pending_key(visit), &json);
    }
}

fn restore(visit: Visit, live: Live, field: &HtmlTextAreaElement, stored_draft: &str) {
    let kept = |key: String| store().and_then(|store| store.get_item(&key).ok().flatten());
    // What was typed before the script ran counts most, then this tab, then the server.
    if field.value() == stored_draft
        && let Some(text) = kept(draft_key(visit))
    {
        field.set_value(&text);
    }
    let unanswered =
        kept(pending_key(visit)).and_then(|json| serde_json::from_str::<Vec<(CommandId, String)>>(&json).ok());
    for (id, text) in unanswered.unwrap_or_default() {
        send(visit, live, id, text, 0);
    }
}

/// Another device of the family wrote on; only an empty field takes it over.
pub(crate) fn adopt_draft(text: &str) {
    if let Some(field) = field()
        && field.value().is_empty()
    {
        field.set_value(text);
    }
}

// ---- sending ----

fn send(visit: Visit, live: Live, id: CommandId, text: String, after: Seq) {
    let command = Command::Say { text: text.clone() };
    let state = PendingState::Sending;
    let one = Pending { id, text, after, state };
    visit.pending.update(|all| all.push(one));
    keep_pending(visit);
    spawn_local(async move {
        let answer = live.command_with_id(id, visit.consultation, command).await;
        visit.pending.update(|all| {
            if let Some(one) = all.iter_mut().find(|one| one.id == id) {
                one.state = match answer {
                    Ok(acked) => PendingState::Sent(acked.seq),
                    Err(refusal) => PendingState::Failed(refusal.to_string()),
                };
            }
        });
        keep_pending(visit);
        forget_arrived(visit);
    });
}

/// Lets go of messages that the log shows.
pub(crate) fn forget_arrived(visit: Visit) {
    let seq = visit.thread.with_untracked(|thread| thread.seq);
    let arrived = |one: &Pending| matches!(one.state, PendingState::Sent(sent) if sent <= seq);
    if visit.pending.with_untracked(|all| all.iter().any(arrived)) {
        visit.pending.update(|all| all.retain(|one| !arrived(one)));
    }
}

fn listen_to_composer(visit: Visit, live: Live, field: &HtmlTextAreaElement) {
    let Some(form) = field.form() else { return };
    let input = field.clone();
    listen(&form, "submit", move |event| {
        event.prevent_default();
        let text = input.value();
        if text.trim().is_empty() {
            return;
        }
        input.set_value("");
        write_down(visit, live, "");
        let after = visit.thread.with_untracked(|thread| thread.seq);
        send(visit, live, new_command_id(), text, after);
        // The keyboard stays up for the next line.
        let _ = input.focus();
        request_animation_frame(move || scroll::to_the_end(visit));
    });
    let input = field.clone();
    let told_at_ms = Cell::new(f64::MIN);
    listen(field, "input", move |_| {
        write_down(visit, live, &input.value());
        let now_ms = crate::clock::now_ms();
        if now_ms - told_at_ms.get() >= TYPING_EVERY_MS {
            told_at_ms.set(now_ms);
            live.signal(visit.consultation, 0, 0, SeatSignal::Typing);
        }
    });
    // Return is a new line, as phones have it; with Ctrl or ⌘ it sends.
    listen(field, "keydown", move |event| {
        if let Some(key) = event.dyn_ref::<KeyboardEvent>()
            && key.key() == "Enter"
            && (key.ctrl_key() || key.meta_key())
            && !key.is_composing()
        {
            let _ = form.request_submit();
        }
    });
}

/// 「折り返しをたのむ」.
fn listen_to_call_back(visit: Visit, live: Live) {
    let Some(form) = document().get_element_by_id("call-back") else {
        return;
    };
    listen(&form, "submit", move |event| {
        event.prevent_default();
        let after = visit.thread.with_untracked(|thread| thread.seq);
        send(visit, live, new_command_id(), super::CALL_BACK.to_owned(), after);
    });
}

fn write_down(visit: Visit, live: Live, text: &str) {
    if let Some(store) = store() {
        let _ = if text.is_empty() {
            store.remove_item(&draft_key(visit))
        } else {
            store.set_item(&draft_key(visit), text)
        };
    }
    live.draft(
        visit.consultation,
        "message",
        serde_json::Value::String(text.to_owned()),
    );
}

/// 「もう一度」 and 「消す」 of messages that failed.
fn listen_to_lines(visit: Visit, live: Live) {
    let Some(log) = document().get_element_by_id("log") else {
        return;
    };
    listen(&log, "click", move |event| {
        let Some(button) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let again = button.get_attribute("data-again");
        let Some(id) = again
            .clone()
            .or_else(|| button.get_attribute("data-drop"))
            .and_then(|id| id.parse().ok())
        else {
            return;
        };
        let found = visit
            .pending
            .with_untracked(|all| all.iter().position(|one: &Pending| one.id == id));
        let taken = found.and_then(|at| visit.pending.try_update(|all| all.remove(at)));
        if let (Some(taken), true) = (taken, again.is_some()) {
            let after = visit.thread.with_untracked(|thread| thread.seq);
            send(visit, live, new_command_id(), taken.text, after);
        }
    });
}
