//! Small dialogs: why somebody is passed, why a consultation goes back, which keys there are.
//!
//! Native `<dialog>` elements shown modally, so the browser keeps the focus inside and Esc closes them.

use super::{Desk, Dialog, Wish, epds, handing, keys::KEYS};
use leptos::{html, prelude::*};
use signaling::limits;

/// All dialogs, closed.
pub(super) fn dialogs(desk: Desk) -> impl IntoView {
    view! {
        {overtake(desk)}
        {release(desk)}
        {lower(desk)}
        {beyond_scope(desk)}
        {sign_beyond_scope(desk)}
        {decline(desk)}
        {handing::dialog(desk)}
        {epds::dialog(desk)}
        {super::talk::templates::dialog(desk)}
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
    reason_dialog(
        desk,
        ReasonDialog {
            title: "先に担当する理由",
            lead: "この方より上に、いま対応できる方が並んでいます。先に担当する理由を書いてください（相談者には見えません）。",
            quick: &["医師の専門に合うため", "症状が急いで見えるため", "前の相談の続きのため"],
            go: "この方を担当する",
            wish: |dialog, reason| match dialog {
                Dialog::Overtake(consultation) => Some(Wish::Claim {
                    consultation,
                    overtake_reason: Some(reason),
                }),
                _ => None,
            },
        },
    )
}

fn release(desk: Desk) -> impl IntoView {
    reason_dialog(
        desk,
        ReasonDialog {
            title: "待ちに戻す理由",
            lead: "相談者の順番はそのままで、ほかの担当者が受けられるようになります。理由は職員だけが読みます。",
            quick: &["ほかの職種がよいため", "勤務が終わるため", "相談者の応答がないため"],
            go: "待ちに戻す",
            wish: |dialog, reason| match dialog {
                Dialog::Release(consultation) => Some(Wish::Release { consultation, reason }),
                _ => None,
            },
        },
    )
}

fn lower(desk: Desk) -> impl IntoView {
    reason_dialog(
        desk,
        ReasonDialog {
            title: "緊急度を下げる理由",
            lead: "順番が後ろになることがあります。理由は職員だけが読み、監督者が見直します。",
            quick: &[
                "内容を確かめ、急ぎではないため",
                "押しまちがいのため",
                "すでに受診が決まったため",
            ],
            go: "緊急度を下げる",
            wish: |dialog, reason| match dialog {
                Dialog::Lower(consultation, acuity) => Some(Wish::ChangeClass {
                    consultation,
                    acuity,
                    reason: Some(reason),
                }),
                _ => None,
            },
        },
    )
}

/// What is often why.
const BEYOND_SCOPE: &[&str] = &[
    "医師が伝えた内容をくり返すため",
    "医療機関での説明を確かめるため",
    "一般的な説明のため",
];

fn beyond_scope(desk: Desk) -> impl IntoView {
    reason_dialog(
        desk,
        ReasonDialog {
            title: "この表現のまま送る理由",
            lead: "この方の病気について述べる表現があります。個人の状態の判断は医師が行います。\
                   このまま送るときは理由を書いてください（相談者には見えません。監督者が見直します）。",
            quick: BEYOND_SCOPE,
            go: "それでも送る",
            wish: |dialog, reason| match dialog {
                Dialog::BeyondScope(consultation) => Some(Wish::SayBeyondScope { consultation, reason }),
                _ => None,
            },
        },
    )
}

fn sign_beyond_scope(desk: Desk) -> impl IntoView {
    reason_dialog(
        desk,
        ReasonDialog {
            title: "この表現のまま確定する理由",
            lead: "相談者があとで読む欄に、この方の病気について述べる表現があります。個人の状態の判断は医師が行います。\
                   このまま確定するときは理由を書いてください（相談者には見えません。監督者が見直します）。",
            quick: BEYOND_SCOPE,
            go: "それでも確定する",
            wish: |dialog, reason| match dialog {
                Dialog::SignBeyondScope(consultation, close) => Some(Wish::Sign {
                    consultation,
                    scope_reason: Some(reason),
                    close,
                }),
                _ => None,
            },
        },
    )
}

fn decline(desk: Desk) -> impl IntoView {
    reason_dialog(
        desk,
        ReasonDialog {
            title: "引き受けない理由",
            lead: "頼んだ担当者に伝わります（相談者には見えません）。",
            quick: &["別の相談の途中のため", "ほかの職種がよいため", "勤務が終わるため"],
            go: "断る",
            wish: |dialog, reason| match dialog {
                Dialog::Decline(consultation) => Some(Wish::DeclineHandOver { consultation, reason }),
                _ => None,
            },
        },
    )
}

#[derive(Clone, Copy)]
struct ReasonDialog {
    title: &'static str,
    lead: &'static str,
    quick: &'static [&'static str],
    go: &'static str,
    /// What is wished once the reason is written; nothing for other dialogs, during which this one is closed.
    wish: fn(Dialog, String) -> Option<Wish>,
}

fn reason_dialog(desk: Desk, dialog: ReasonDialog) -> impl IntoView {
    let ReasonDialog {
        title,
        lead,
        quick,
        go,
        wish,
    } = dialog;
    let open = Memo::new(move |_| {
        desk.dialog
            .get()
            .filter(|dialog| wish(*dialog, String::new()).is_some())
    });
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
        let opened = open.get_untracked().filter(|_| !untrack(unfit));
        if let Some(wish) = opened.and_then(|dialog| wish(dialog, reason.get_untracked())) {
            desk.ask(wish);
            desk.dialog.set(None);
        }
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
