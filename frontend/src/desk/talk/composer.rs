//! The field to write in: Enter makes a new line, Ctrl+Enter sends. 内部メモ goes to colleagues only and looks different. What
//! a midwife writes for a family is held against the scope guard while she types.

use crate::desk::{Desk, Dialog, Open, OpenStanding, Wish, scope};
use leptos::prelude::*;
use signaling::{id::ConsultationId, limits, template};

/// Id of the field, for the key M.
pub(in crate::desk) fn field_id(consultation: ConsultationId) -> String {
    format!("message-{consultation}")
}

/// Key I: words for colleagues, or for the family again; the focus goes into the field.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "keys are the browser's"))]
pub(in crate::desk) fn toggle_memo(desk: Desk, id: ConsultationId) {
    let Some(open) = untrack(|| desk.open(id)) else { return };
    if untrack(|| desk.me.with_value(|me| open.standing(me))) == OpenStanding::Mine {
        open.remark.update(|on| *on = !*on);
        desk.ask(Wish::MessageChanged(id));
    }
    super::focus(&field_id(id));
}

/// The composer. After the end, and by a colleague in the call, only 内部メモ can be written.
pub(super) fn composer(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let standing = Memo::new(move |_| desk.me.with_value(|me| open.standing(me)));
    let memo = Memo::new(move |_| {
        let only_memo = matches!(
            standing.get(),
            OpenStanding::Ended | OpenStanding::Left | OpenStanding::Asked
        );
        open.remark.get() || only_memo
    });
    let label = move || {
        if memo.get() {
            "内部メモ（相談者には見えません）"
        } else {
            "メッセージ"
        }
    };
    let placeholder = move || {
        if memo.get() {
            "職員だけが読むメモ（Ctrl+Enterで残す）"
        } else {
            "メッセージ（Enterで改行、Ctrl+Enterで送る）"
        }
    };
    let too_long = Memo::new(move |_| {
        open.message
            .with(|text| text.chars().count())
            .checked_sub(limits::MESSAGE_CHARS + 1)
    });
    let blank = Memo::new(move |_| {
        let open_blank = |text: &String| template::open_blank(text).map(str::to_owned);
        open.message.with(open_blank).filter(|_| !memo.get())
    });
    let unsendable =
        move || open.message.with(|text| text.trim().is_empty()) || too_long.get().is_some() || blank.get().is_some();
    let marks = Memo::new(move |_| {
        if memo.get() {
            Vec::new()
        } else {
            open.message.with(|text| scope::marked(desk, text))
        }
    });
    let send = move || {
        if untrack(unsendable) {
            return;
        }
        if marks.with_untracked(Vec::is_empty) {
            desk.ask(Wish::Say(id));
        } else {
            desk.dialog.set(Some(Dialog::BeyondScope(id)));
        }
    };
    let reword = move |mark: &scope::Marked| {
        open.message.update(|text| *text = mark.reworded(text));
        desk.ask(Wish::MessageChanged(id));
    };
    let typed = move |event| {
        open.message.set(event_target_value(&event));
        desk.ask(Wish::MessageChanged(id));
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.is_composing() {
            event.prevent_default();
            send();
        }
    };
    view! {
        <div class=move || if memo.get() { "composer memo" } else { "composer" }>
            <div class="composer-field">
                <label class="composer-label" for=field_id(id)>{label}</label>
                <textarea id=field_id(id) rows="2" autocomplete="off" placeholder=placeholder
                    prop:value=move || open.message.get() on:input=typed on:keydown=on_key></textarea>
                {scope::notes(marks, reword)}
                {move || blank.get().map(|blank| view! {
                    <p class="fault" role="status">{format!("「{blank}」が空いています。埋めると送れます。")}</p>
                })}
                {move || too_long.get().map(|over| view! {
                    <p class="fault" role="alert">{format!("{}字までで書いてください（{}字多い）。", limits::MESSAGE_CHARS, over + 1)}</p>
                })}
            </div>
            <div class="composer-side">
                <button type="button" class="memo-toggle" disabled=move || standing.get() != OpenStanding::Mine
                    on:click=move |_| super::templates::open(desk, id)>"定型文"</button>
                <button type="button" class="memo-toggle" aria-pressed=move || memo.get().to_string()
                    disabled=move || standing.get() != OpenStanding::Mine
                    on:click=move |_| {
                        open.remark.update(|on| *on = !*on);
                        desk.ask(Wish::MessageChanged(id));
                    }>"内部メモ"</button>
                <button type="button" class="btn small send" disabled=unsendable on:click=move |_| send()>
                    {move || if memo.get() { "メモを残す" } else { "送る" }}
                </button>
            </div>
        </div>
    }
}
