//! One conversation: who it is with, what they said before it began, what was said since, and the field to write in.

pub(in crate::desk) mod composer;
pub(in crate::desk) mod intake;
mod lines;
mod missed;
pub(in crate::desk) mod photos;
mod telephone;
pub(in crate::desk) mod templates;

use super::{Desk, Dialog, Open, OpenStanding, Wish, handing, tabs, viewer};
use crate::claim::{class_control, complaints_text, device_chip, presence_chip};
use leptos::prelude::*;
use signaling::{call::CallMode, intake::Mode, view::Thread};

/// Puts the focus into the element with this id.
pub(super) fn focus(id: &str) {
    use leptos::wasm_bindgen::JsCast;
    if let Some(element) = document()
        .get_element_by_id(id)
        .and_then(|found| found.dyn_into::<leptos::web_sys::HtmlElement>().ok())
    {
        // An element that cannot take the focus leaves it where it was.
        let _ = element.focus();
    }
}

/// The panel of a tab. Hidden, never removed, while another tab is in front: a call goes on, half-written text stays.
pub(super) fn panel(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let hidden = move || desk.selected.get() != Some(id);
    view! {
        <div class="talk" role="tabpanel" id=tabs::panel_id(id) aria-labelledby=tabs::tab_id(id) hidden=hidden>
            {head(desk, open).into_any()}
            {call_slot(desk, open)}
            {handing::bar(desk, open).into_any()}
            {missed::notice(desk, open)}
            {telephone::bar(desk, open).into_any()}
            {lines::scroller(desk, open).into_any()}
            {photos::form(desk, open)}
            {composer::composer(desk, open).into_any()}
            {viewer::viewer(desk, open)}
        </div>
    }
}

fn head(desk: Desk, open: Open) -> impl IntoView {
    let presence = move || {
        let from_row = || {
            desk.queue
                .with(|queue| queue.row(open.consultation).map(|row| row.presence))
        };
        open.presence.get().or_else(from_row)
    };
    let standing = Memo::new(move |_| desk.me.with_value(|me| open.standing(me)));
    let subtitle = Memo::new(move |_| open.thread.with(subtitle));
    let class = Memo::new(move |_| open.thread.with(|thread| thread.acuity.filter(|_| thread.is_open())));
    view! {
        <div class="talk-head">
            <div class="talk-who">
                <b>{move || subtitle.get()}</b>
                <span class="chips">
                    {move || open.thread.with(wish_chip)}
                    {move || open.thread.with(checked_chip)}
                    {move || presence().filter(|_| standing.get() == OpenStanding::Mine).map(presence_chip)}
                </span>
            </div>
            {move || actions(desk, open, standing.get())}
            {move || class.get().map(|class| class_control(desk, open.consultation, class, true))}
        </div>
        {move || open.talk_fault.get().map(|text| view! { <p class="fault talk-fault" role="alert">{text}</p> })}
    }
}

/// 「2歳3か月（母から）・発熱、吐く」.
fn subtitle(thread: &Thread) -> String {
    match (&thread.intake, thread.requested_at) {
        (Some(intake), Some(at)) => {
            format!("{}・{}", intake.about(at.date()), complaints_text(&intake.complaints))
        }
        _ => String::new(),
    }
}

fn wish_chip(thread: &Thread) -> impl IntoView + use<> {
    let mode = thread.mode.map(|mode| {
        let words = match mode {
            Mode::Chat => "チャット希望",
            Mode::Audio => "音声希望",
            Mode::Video => "ビデオ希望",
        };
        view! { <span class="chip key">{words}</span> }
    });
    let quiet = thread
        .quiet
        .then(|| view! { <span class="chip grey">"声を出さない（聞いて、書く）"</span> });
    view! { {mode}{quiet} }
}

fn checked_chip(thread: &Thread) -> impl IntoView + use<> {
    let (light, checked, _) = thread.device.as_ref()?;
    Some(device_chip(*light, checked.as_ref().map(|checked| checked.cause)))
}

fn actions(desk: Desk, open: Open, standing: OpenStanding) -> impl IntoView {
    let id = open.consultation;
    match standing {
        OpenStanding::Mine => {
            let calling = Memo::new(move |_| open.thread.with(|thread| thread.call.is_some()));
            view! {
                <div class="talk-actions">
                    <button type="button" id=format!("do-audio-{id}") class="btn line small" disabled=move || calling.get()
                        on:click=move |_| desk.ask(Wish::Ring(id, CallMode::Audio))>"音声で話す"</button>
                    <button type="button" id=format!("do-video-{id}") class="btn line small" disabled=move || calling.get()
                        on:click=move |_| desk.ask(Wish::Ring(id, CallMode::Video))>"ビデオで話す"</button>
                    {telephone::offer(desk, open)}
                    {photos::ask(desk, open)}
                    {handing::offer(desk, open)}
                    <button type="button" id=format!("do-back-{id}") class="btn quiet small" disabled=move || calling.get()
                        on:click=move |_| desk.dialog.set(Some(Dialog::Release(id)))>"戻す"</button>
                </div>
            }
            .into_any()
        }
        OpenStanding::Ended | OpenStanding::Left => {
            let words = if standing == OpenStanding::Left {
                "相談者がとりやめました"
            } else {
                "この相談は終わりました"
            };
            view! {
                <div class="talk-actions">
                    <span class="chip grey">{words}</span>
                    <button type="button" class="btn line small" on:click=move |_| desk.ask(Wish::PutAway(id))>"タブをとじる"</button>
                </div>
            }
            .into_any()
        }
        OpenStanding::Asked => view! { <span class="chip key">"同僚の相談"</span> }.into_any(),
        OpenStanding::Loading | OpenStanding::Elsewhere => ().into_any(),
    }
}

/// Where the call is. Empty until the page is alive, because media are the browser's.
fn call_slot(desk: Desk, open: Open) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    let panel = move || {
        desk.live.get().map(|live| {
            crate::call::desk_call(live, open.consultation, desk.me.get_value(), open.thread.read_only()).into_any()
        })
    };
    #[cfg(not(feature = "hydrate"))]
    let panel = {
        // Both are the browser's alone.
        let _ = (desk, open);
        move || None::<AnyView>
    };
    view! { <div class="call-slot">{panel}</div> }
}
