//! The middle column: a tab for every consultation of this clinician, each with its own conversation that stays as it is
//! while another tab is in front.

use super::{Desk, Open, open::unread, talk};
use leptos::prelude::*;
use signaling::id::ConsultationId;

/// Ids of a tab and its panels. The consultation's id is no health data, and unique.
pub(super) fn tab_id(consultation: ConsultationId) -> String {
    format!("tab-{consultation}")
}

pub(super) fn panel_id(consultation: ConsultationId) -> String {
    format!("talk-{consultation}")
}

/// The column 「相談」.
pub(super) fn talk_column(desk: Desk) -> impl IntoView {
    let nothing = move || desk.opened.with(Vec::is_empty);
    view! {
        <section class="col col-talk" id="talk" tabindex="-1" aria-labelledby="talk-title">
            <h2 id="talk-title" class="visually-hidden">"相談"</h2>
            <div class="tabs" role="tablist" aria-label="担当している相談" hidden=nothing on:keydown=move |event| arrows(desk, &event)>
                <For each=move || desk.opened.get() key=|open| open.consultation children=move |open| tab(desk, open).into_any() />
            </div>
            <For each=move || desk.opened.get() key=|open| open.consultation children=move |open| talk::panel(desk, open).into_any() />
            {move || nothing().then(|| view! {
                <div class="empty-talk">
                    <p><b>"担当している相談はありません"</b></p>
                    <p class="sub">"左の「次の方をよぶ」を押すと、ここで相談が始まります。"</p>
                </div>
            })}
        </section>
    }
}

fn tab(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let on = move || desk.selected.get() == Some(id);
    let count = Memo::new(move |_| {
        let read_until = open.read_until.get();
        if on() {
            0
        } else {
            open.thread.with(|thread| unread(thread, read_until))
        }
    });
    let title = Memo::new(move |_| open.title());
    // Two families may ask the same about children of one age; the clock tells them apart.
    let sent_at = Memo::new(move |_| open.thread.with(|thread| thread.requested_at.map(|at| at.clock())));
    view! {
        <button type="button" role="tab" class=move || if on() { "tab on" } else { "tab" } id=tab_id(id)
            aria-selected=move || on().to_string() aria-controls=panel_id(id)
            tabindex=move || if on() { "0" } else { "-1" } title=move || title.get()
            on:click=move |_| desk.select(id)>
            <span class="tab-title">{move || title.get()}</span>
            {move || sent_at.get().map(|clock| view! { <span class="tab-at num"><span class="visually-hidden">"受付 "</span>{clock}</span> })}
            {move || call_chip(open)}
            {move || (count.get() > 0).then(|| view! {
                <span class="chip count num">{count.get()}<span class="visually-hidden">"件の未読"</span></span>
            })}
            {move || (open.thread.with(|thread| thread.ended_at.is_some())).then(|| view! { <span class="chip grey">"終了"</span> })}
        </button>
    }
}

fn call_chip(open: Open) -> Option<impl IntoView> {
    open.thread.with(|thread| {
        let (class, words) = match (&thread.call, &thread.missed) {
            (Some(call), _) if call.is_answered() => ("chip red", "通話"),
            (Some(_), _) => ("chip red", "呼び出し中"),
            (None, Some(_)) => ("chip yellow", "不在"),
            (None, None) => return None,
        };
        Some(view! { <span class=class>{words}</span> })
    })
}

/// Left and right move between tabs, as everywhere (ARIA Authoring Practices, Tabs).
fn arrows(desk: Desk, event: &leptos::ev::KeyboardEvent) {
    let step: isize = match event.key().as_str() {
        "ArrowLeft" => -1,
        "ArrowRight" => 1,
        _ => return,
    };
    let next = desk.opened.with_untracked(|opened| {
        let at = opened
            .iter()
            .position(|open| Some(open.consultation) == desk.selected.get_untracked())?;
        opened.get(at.checked_add_signed(step)?).map(|open| open.consultation)
    });
    if let Some(next) = next {
        event.prevent_default();
        desk.select(next);
        super::talk::focus(&tab_id(next));
    }
}
