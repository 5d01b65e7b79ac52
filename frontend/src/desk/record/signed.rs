//! The record after signing: what stands, what was added, and the field to add more.

use crate::{
    claim::complaints_text,
    desk::{Desk, Open, OpenStanding, Wish},
};
use leptos::prelude::*;
use signaling::{limits, view::Thread};

/// The signed record.
pub(super) fn signed(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let standing = Memo::new(move |_| desk.me.with_value(|me| open.standing(me)));
    view! {
        {move || open.thread.with(|thread| {
            let words = thread.summary.as_ref().map_or("", |summary| super::disposition(desk, summary));
            record(thread, words)
        })}
        {move || open.thread.with(additions)}
        <div class="field">
            <p class="label-row"><label for=format!("add-{id}")>"追記"</label><span class="fine" id=format!("add-mark-{id}")>"確定した記録は書きかえられません"</span></p>
            <textarea id=format!("add-{id}") rows="3" autocomplete="off" aria-describedby=format!("add-mark-{id}") prop:value=move || open.addition.get()
                on:input=move |event| {
                    open.addition.set(event_target_value(&event));
                    desk.ask(Wish::AdditionChanged(id));
                }></textarea>
        </div>
        {move || open.note_fault.get().map(|text| view! { <p class="fault" role="alert">{text}</p> })}
        <div class="record-actions">
            <div class="row">
                <button type="button" class="btn line small"
                    disabled=move || open.signing.get() || open.addition.with(|text| {
                        text.trim().is_empty() || text.chars().count() > limits::NOTE_FIELD_CHARS
                    })
                    on:click=move |_| desk.ask(Wish::Add(id))>"追記する"</button>
                {move || (standing.get() == OpenStanding::Mine).then(|| view! {
                    <button type="button" class="btn small" disabled=move || open.signing.get()
                        on:click=move |_| desk.ask(Wish::Close(id))>"相談を終える"</button>
                })}
            </div>
        </div>
    }
}

/// What stands in a signed record, with the words for its 対応区分. Shared with the replay.
pub(crate) fn record(thread: &Thread, disposition: &'static str) -> impl IntoView + use<> {
    thread.summary.clone().map(|summary| {
        let note = summary.note.as_ref();
        let complaints = note.map(|note| complaints_text(&note.complaints)).filter(|text| !text.is_empty());
        let internal = note.and_then(|note| note.internal.clone());
        let erased = "（消去されました）".to_owned();
        view! {
            <section class="signed" aria-label="確定した記録">
                <p class="row"><span class="chip green">"確定済み"</span><span class="sub num">{format!("{}　{}", summary.at.clock(), summary.by.addressed())}</span></p>
                <dl class="facts wide">
                    <dt>"対応区分"</dt><dd><b>{disposition}</b></dd>
                    {complaints.map(|text| view! { <dt>"主訴"</dt><dd>{text}</dd> })}
                    <dt>"助言の内容"</dt><dd class="pre">{summary.advice.clone().unwrap_or(erased)}</dd>
                    {summary.safety_net.clone().map(|text| view! { <dt>"受診の目安"</dt><dd class="pre">{text}</dd> })}
                    {internal.map(|text| view! { <dt>"内部メモ"</dt><dd class="pre">{text}</dd> })}
                </dl>
            </section>
        }
    })
}

fn additions(thread: &Thread) -> impl IntoView + use<> {
    let rows = thread
        .additions
        .iter()
        .map(|(at, by, text)| {
            view! {
                <li><span class="sub num">{format!("{}　{}", at.clock(), by.addressed())}</span>
                    <p class="pre">{text.clone().unwrap_or_else(|| "（消去されました）".to_owned())}</p></li>
            }
        })
        .collect_view();
    (!thread.additions.is_empty())
        .then(|| view! { <section class="additions"><h3>"追記"</h3><ul>{rows}</ul></section> })
}
