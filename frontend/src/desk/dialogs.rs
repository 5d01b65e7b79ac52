//! Small dialogs: why somebody is passed, why a consultation goes back, which keys there are.
//!
//! Native `<dialog>` elements shown modally, so the browser keeps the focus inside and Esc closes them.

use super::{Desk, Dialog, Wish, keys::KEYS};
use leptos::{html, prelude::*};
use signaling::limits;

/// All dialogs, closed.
pub(super) fn dialogs(desk: Desk) -> impl IntoView {
    view! {
        {overtake(desk)}
        {release(desk)}
        {keys(desk)}
    }
}

/// Shows the element while `open` says so.
pub(super) fn modal(node: NodeRef<html::Dialog>, open: impl Fn() -> bool + 'static) {
    Effect::new(move |_| {
        let wanted = open();
        let Some(element) = node.get() else { return };
        match (wanted, element.open()) {
            // Fails only for an element outside of the document, and that shows nothing anyway.
            (true, false) => drop(element.show_modal()),
            (false, true) => element.close(),
            _ => {}
        }
    });
}

fn closed(desk: Desk) -> impl Fn(leptos::ev::Event) {
    move |_| desk.dialog.set(None)
}

fn overtake(desk: Desk) -> impl IntoView {
    let which = Memo::new(move |_| match desk.dialog.get() {
        Some(Dialog::Overtake(id)) => Some(id),
        _ => None,
    });
    reason_dialog(
        desk,
        ReasonDialog {
            title: "先に担当する理由",
            lead: "この方より上に、いま対応できる方が並んでいます。先に担当する理由を書いてください（相談者には見えません）。",
            quick: &["医師の専門に合うため", "症状が急いで見えるため", "前の相談の続きのため"],
            go: "この方を担当する",
            open: which,
            wish: |consultation, reason| Wish::Claim {
                consultation,
                overtake_reason: Some(reason),
            },
        },
    )
}

fn release(desk: Desk) -> impl IntoView {
    let which = Memo::new(move |_| match desk.dialog.get() {
        Some(Dialog::Release(id)) => Some(id),
        _ => None,
    });
    reason_dialog(
        desk,
        ReasonDialog {
            title: "待ちに戻す理由",
            lead: "相談者の順番はそのままで、ほかの担当者が受けられるようになります。理由は職員だけが読みます。",
            quick: &["ほかの職種がよいため", "勤務が終わるため", "相談者の応答がないため"],
            go: "待ちに戻す",
            open: which,
            wish: |consultation, reason| Wish::Release { consultation, reason },
        },
    )
}

#[derive(Clone, Copy)]
struct ReasonDialog {
    title: &'static str,
    lead: &'static str,
    quick: &'static [&'static str],
    go: &'static str,
    open: Memo<Option<signaling::id::ConsultationId>>,
    wish: fn(signaling::id::ConsultationId, String) -> Wish,
}

fn reason_dialog(desk: Desk, dialog: ReasonDialog) -> impl IntoView {
    let ReasonDialog {
        title,
        lead,
        quick,
        go,
        open,
        wish,
    } = dialog;
    let node = NodeRef::<html::Dialog>::new();
    let reason = RwSignal::new(String::new());
    modal(node, move || open.get().is_some());
    Effect::new(move |_| {
        if open.get().is_some() {
            reason.set(String::new());
        }
    });
    let unfit = move || reason.with(|text| text.trim().is_empty() || text.chars().count() > limits::REASON_CHARS);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(consultation) = open.get_untracked().filter(|_| !untrack(unfit)) else {
            return;
        };
        desk.ask(wish(consultation, reason.get_untracked()));
        desk.dialog.set(None);
    };
    let quick = quick
        .iter()
        .map(|words| view! { <button type="button" class="chip grey toggle" on:click=move |_| reason.set((*words).to_owned())>{*words}</button> })
        .collect_view();
    view! {
        <dialog class="dialog" node_ref=node aria-label=title on:close=closed(desk)>
            <form class="stack" on:submit=submit>
                <h2>{title}</h2>
                <p class="sub">{lead}</p>
                <div class="chips">{quick}</div>
                <label class="field"><b>"理由"</b>
                    <textarea rows="3" autocomplete="off" autofocus=true maxlength=limits::REASON_CHARS.to_string()
                        prop:value=move || reason.get() on:input=move |event| reason.set(event_target_value(&event))></textarea>
                </label>
                <div class="row end">
                    <button type="button" class="btn line small" on:click=move |_| desk.dialog.set(None)>"やめる"</button>
                    <button class="btn small" disabled=unfit>{go}</button>
                </div>
            </form>
        </dialog>
    }
}

fn keys(desk: Desk) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    modal(node, move || desk.dialog.get() == Some(Dialog::Keys));
    let rows = KEYS
        .iter()
        .map(|(key, does)| view! { <tr><td><kbd class="kbd">{*key}</kbd></td><td>{*does}</td></tr> })
        .collect_view();
    view! {
        <dialog class="dialog" node_ref=node aria-label="キー操作" on:close=closed(desk)>
            <div class="stack">
                <h2>"キー操作"</h2>
                <table><thead class="visually-hidden"><tr><th scope="col">"キー"</th><th scope="col">"すること"</th></tr></thead><tbody>{rows}</tbody></table>
                <label class="row check"><input type="checkbox" prop:checked=move || desk.keys_on.get()
                    on:change=move |event| desk.keys_on.set(event_target_checked(&event)) />"1文字のキー操作を使う"</label>
                <div class="row end"><button type="button" class="btn small" on:click=move |_| desk.dialog.set(None)>"とじる"</button></div>
            </div>
        </dialog>
    }
}
