//! 「定型文」: one of the city's templates, its blanks filled, into the message. It is never sent by itself.

use super::composer;
use crate::desk::{Desk, Dialog, OpenStanding, Wish, dialogs::modal};
use leptos::{html, prelude::*};
use signaling::{
    id::ConsultationId,
    template::{self, Template},
};

/// Button and key T, where the conversation is this clinician's.
pub(in crate::desk) fn open(desk: Desk, id: ConsultationId) {
    let mine = untrack(|| {
        desk.open(id)
            .is_some_and(|open| desk.me.with_value(|me| open.standing(me)) == OpenStanding::Mine)
    });
    if mine {
        desk.ask(Wish::LoadTemplates);
        desk.dialog.set(Some(Dialog::Templates(id)));
    }
}

/// The dialog, closed.
pub(in crate::desk) fn dialog(desk: Desk) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let open = Memo::new(move |_| match desk.dialog.get() {
        Some(Dialog::Templates(id)) => Some(id),
        _ => None,
    });
    modal(node, move || open.get().is_some());
    let body = move || open.get().map(|id| choosing(desk, id).into_any());
    view! {
        <dialog class="dialog wide" node_ref=node aria-label="定型文" on:close=move |_| desk.dialog.set(None)>{body}</dialog>
    }
}

fn choosing(desk: Desk, id: ConsultationId) -> impl IntoView {
    let sought = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<Template>);
    let list = move || {
        let Some(templates) = desk.templates.get() else {
            return view! { <p class="sub" role="status">"読みこんでいます…"</p> }.into_any();
        };
        let sought = sought.get();
        let fits = |one: &&Template| one.title.contains(sought.trim()) || one.body.contains(sought.trim());
        let rows: Vec<_> = templates
            .iter()
            .filter(fits)
            .cloned()
            .map(|one| {
                let (title, body) = (one.title.clone(), one.body.clone());
                view! {
                    <li><button type="button" class="template-row" on:click=move |_| chosen.set(Some(one.clone()))>
                        <b>{title}</b><span class="sub">{body}</span>
                    </button></li>
                }
            })
            .collect();
        match rows.is_empty() {
            true => view! { <p class="sub" role="status">"あてはまる定型文はありません。定型文は管理者が「設定」で追加します。"</p> }.into_any(),
            false => view! { <ul class="plain template-rows">{rows}</ul> }.into_any(),
        }
    };
    view! {
        <div class="stack">
            <h2>"定型文"</h2>
            {move || match chosen.get() {
                Some(one) => filling(desk, id, one).into_any(),
                None => view! {
                    <label class="field"><b>"さがす"</b>
                        <input type="search" autocomplete="off" autofocus=true prop:value=move || sought.get()
                            on:input=move |event| sought.set(event_target_value(&event)) /></label>
                    {list}
                    <div class="row end"><button type="button" class="btn line small" on:click=move |_| desk.dialog.set(None)>"やめる"</button></div>
                }.into_any(),
            }}
        </div>
    }
}

/// The blanks, each a field that must be filled before the words can be sent.
fn filling(desk: Desk, id: ConsultationId, one: Template) -> impl IntoView {
    let names: Vec<String> = template::blanks(&one.body).into_iter().map(str::to_owned).collect();
    let values = RwSignal::new(
        names
            .iter()
            .map(|name| (name.clone(), String::new()))
            .collect::<Vec<_>>(),
    );
    let body = StoredValue::new(one.body);
    let words = move || body.with_value(|body| values.with(|values| template::filled(body, values)));
    let insert = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let words = untrack(words);
        if let Some(open) = untrack(|| desk.open(id)) {
            open.message.update(|text| {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push('\n');
                }
                text.push_str(&words);
            });
            desk.ask(Wish::MessageChanged(id));
        }
        desk.dialog.set(None);
        request_animation_frame(move || super::focus(&composer::field_id(id)));
    };
    let fields = names
        .into_iter()
        .enumerate()
        .map(|(at, name)| {
            view! {
                <label class="field"><b>{format!("{name}（必須）")}</b>
                    <input autocomplete="off" autofocus=at == 0 prop:value=move || values.with(|values| values[at].1.clone())
                        on:input=move |event| values.update(|values| values[at].1 = event_target_value(&event)) /></label>
            }
        })
        .collect_view();
    view! {
        <form class="stack" on:submit=insert>
            <p class="sub">{one.title}</p>
            {fields}
            <p class="pre template-words" role="status">{words}</p>
            <div class="row end">
                <button type="button" class="btn line small" on:click=move |_| desk.dialog.set(None)>"やめる"</button>
                <button class="btn small">"メッセージに入れる"</button>
            </div>
        </form>
    }
}
