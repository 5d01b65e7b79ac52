//! Bringing the desk to life: connection, clock, keys. Runs once, after the page has been taken over as the server made
//! it.

use super::{Desk, Earlier, Linked, bell::Bell, fulfil::Fulfilment, keep, keys, ladder, receive::Follow, record, talk};
use crate::{
    live::{LinkState, Live},
    page::desk::History,
};
use leptos::{ev, prelude::*, task::spawn_local};
use signaling::{
    id::ConsultationId,
    protocol::{Cursor, ServerFrame},
    time::At,
};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

/// How often waits are shown anew.
const TICK: Duration = Duration::from_secs(1);

/// Starts the desk once the page stands.
pub(super) fn start(desk: Desk) {
    Effect::new(move |_| untrack(|| desk.owned(|| alive(desk))));
}

fn alive(desk: Desk) {
    let watched: Vec<(ConsultationId, Cursor)> = desk.opened.with_untracked(|opened| {
        opened
            .iter()
            .map(|open| {
                (
                    open.consultation,
                    Cursor(open.thread.with_untracked(|thread| thread.seq)),
                )
            })
            .collect()
    });
    let live = Live::connect(watched.clone(), true, ServerFrame::from_text);
    let bell = Bell::new(desk);
    ladder::alive::start(desk, live, bell);
    let fulfilment = Fulfilment { desk, live, bell };
    desk.fulfilled_by(move |wish| fulfilment.fulfil(wish));
    let clock = tick(desk);
    live.on_frame(move |frame| {
        learn_time(clock, desk, frame);
        for follow in desk.receive(frame, !document().hidden()) {
            match follow {
                Follow::Watch(consultation) => follow_from_beginning(desk, live, consultation),
                Follow::Unwatch(consultation) => live.unwatch(consultation),
                Follow::Queue => live.ask_for_queue(),
                Follow::Wanted => bell.wanted(),
            }
        }
    });
    let link = live.link();
    Effect::new(move |_| {
        desk.link.set(match link.get() {
            LinkState::Connecting => Linked::Connecting,
            LinkState::Connected => Linked::Connected,
            LinkState::Lost | LinkState::ByForms => Linked::Lost,
            LinkState::SignedOut => Linked::SignedOut,
        });
    });
    Effect::new(move |_| live.in_front(desk.selected.get()));
    keep::bring_back(desk, live);
    keep::keep_unsaved(desk, live);
    window_event_listener(ev::keydown, move |event| pressed(desk, &event));
    window_event_listener(ev::focus, move |_| {
        if let Some(open) = desk.selected.get_untracked().and_then(|id| untrack(|| desk.open(id))) {
            open.mark_read();
        }
    });
    for (consultation, _) in watched {
        load_history(desk, consultation);
    }
    desk.live.set(Some(live));
}

/// Follows a consultation that was just taken, from its beginning.
pub(super) fn follow_from_beginning(desk: Desk, live: Live, consultation: ConsultationId) {
    live.watch(consultation, None);
    load_history(desk, consultation);
}

/// The page's clock: the browser's, corrected by what the server says. The difference in milliseconds.
fn tick(desk: Desk) -> StoredValue<i64> {
    let ahead_ms = StoredValue::new(desk.now.get_untracked().0 - browser_now_ms());
    set_interval(move || desk.now.set(At(browser_now_ms() + ahead_ms.get_value())), TICK);
    ahead_ms
}

fn learn_time(clock: StoredValue<i64>, desk: Desk, frame: &ServerFrame) {
    if let ServerFrame::Welcome { now, .. } | ServerFrame::Beat { now, .. } = frame {
        clock.set_value(now.0 - browser_now_ms());
        desk.now.set(*now);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch fit")]
pub(super) fn browser_now_ms() -> i64 {
    crate::clock::now_ms() as i64
}

/// Loads the family's earlier consultations. Where they cannot be had now, the column says so and offers another try.
pub(super) fn load_history(desk: Desk, consultation: ConsultationId) {
    let show = move |state| {
        if let Some(open) = untrack(|| desk.open(consultation)) {
            open.history.set(state);
        }
    };
    show(Earlier::Loading);
    spawn_local(async move {
        show(
            fetch_history(consultation)
                .await
                .map_or(Earlier::Failed, Earlier::Known),
        );
    });
}

/// Who could be handed to now. Where they cannot be had, professions are still there to choose.
pub(super) fn load_colleagues(desk: Desk) {
    spawn_local(async move {
        let mut staff: Vec<signaling::actor::Staff> = fetch("/desk/colleagues").await.unwrap_or_default();
        staff.retain(|one| one.role.is_clinician());
        desk.colleagues.set(staff);
    });
}

/// The city's templates. Where they cannot be had, the dialog says so.
pub(super) fn load_templates(desk: Desk) {
    spawn_local(async move {
        if let Ok(templates) = fetch("/desk/templates").await {
            desk.templates.set(Some(templates));
        }
    });
}

async fn fetch<T: serde::de::DeserializeOwned>(path: &str) -> Result<T, JsValue> {
    let response: web_sys::Response = JsFuture::from(window().fetch_with_str(path)).await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    serde_json::from_str(&text).map_err(|_| JsValue::NULL)
}

async fn fetch_history(consultation: ConsultationId) -> Result<History, JsValue> {
    fetch(&format!("/desk/consultations/{consultation}/history")).await
}

fn pressed(desk: Desk, event: &KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let around = keys::Around {
        in_text: target.as_ref().is_some_and(takes_text),
        modified: event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing(),
        in_dialog: desk.dialog.get_untracked().is_some(),
        switched_off: !desk.keys_on.get_untracked(),
    };
    let Some(press) = keys::meaning(&event.key(), around) else {
        return;
    };
    if press != keys::Press::Leave {
        event.prevent_default();
    }
    let front = desk.selected.get_untracked();
    match (press, front) {
        (keys::Press::Next, _) => desk.ask(super::Wish::Next),
        (keys::Press::Tab(number), _) => desk.select_number(number),
        (keys::Press::Message, Some(id)) => talk::focus(&talk::composer::field_id(id)),
        (keys::Press::Record, Some(id)) => talk::focus(&record::form::field_id(id)),
        (keys::Press::HandOver, Some(id)) => super::handing::open_dialog(desk, id),
        (keys::Press::ToDoctor, Some(id)) => super::handing::to_doctor(desk, id),
        (keys::Press::Row(step), _) => step_rows(step),
        (keys::Press::Shift, _) => desk.ask(super::Wish::Shift),
        (keys::Press::Hush, _) => desk.ask(super::Wish::Hush),
        (keys::Press::Asked, _) => focus_first("#asked .btn"),
        (keys::Press::Button(button), Some(id)) => talk::focus(&format!("{}-{id}", button.id())),
        (keys::Press::Templates, Some(id)) => talk::templates::open(desk, id),
        (keys::Press::Memo, Some(id)) => talk::composer::toggle_memo(desk, id),
        (keys::Press::Epds, Some(id)) => super::epds::open_dialog(desk, id),
        (keys::Press::History, Some(id)) => talk::focus(&record::history::title_id(id)),
        (keys::Press::StillHere, Some(id)) => desk.ask(super::Wish::StillHere(id)),
        (keys::Press::Help, _) => desk.dialog.set(Some(super::Dialog::Keys)),
        (keys::Press::Leave, _) if around.in_text => {
            // Leaving a field that has just gone is leaving it, too.
            let _ = target.map(|target| target.blur());
        }
        (keys::Press::Leave, _) => desk.preview.set(None),
        (_, None) => {}
    }
}

/// The focus moves among the rows that wait; from anywhere else to the first.
fn step_rows(step: isize) {
    let Ok(rows) = document().query_selector_all(".qrows .qrow-open") else {
        return;
    };
    let rows: Vec<HtmlElement> = (0..rows.length())
        .filter_map(|at| rows.item(at)?.dyn_into().ok())
        .collect();
    let focused = document().active_element();
    let at = focused.and_then(|focused| rows.iter().position(|row| row.is_same_node(Some(&focused))));
    let next = at.map_or(0, |at| at.saturating_add_signed(step));
    if let Some(row) = rows.get(next) {
        // One that cannot take the focus leaves it where it was.
        let _ = row.focus();
    }
}

fn focus_first(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

fn takes_text(element: &HtmlElement) -> bool {
    let kind = element.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::type_);
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => !matches!(kind.as_deref(), Some("radio" | "checkbox" | "button" | "submit")),
        _ => element.is_content_editable(),
    }
}
