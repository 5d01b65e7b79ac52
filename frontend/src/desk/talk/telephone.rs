//! Going on by telephone: the number, once the family has given it, and how the call went. Shown to whom it was given.

use crate::desk::{Desk, Open, OpenStanding, Wish};
use leptos::prelude::*;
use signaling::{call::CallbackOutcome, phone::PhoneNumber, view::Callback};

/// 「電話にかけなおす」, while nobody has asked yet.
pub(super) fn offer(desk: Desk, open: Open) -> impl IntoView {
    let id = open.consultation;
    let asked = Memo::new(move |_| open.thread.with(|thread| thread.callback.is_some()));
    view! {
        <button type="button" class="btn line small" disabled=move || asked.get()
            on:click=move |_| desk.ask(Wish::AskCallback(id))>"電話にかけなおす"</button>
    }
}

/// What is to be done about it.
pub(super) fn bar(desk: Desk, open: Open) -> impl IntoView {
    let mine = Memo::new(move |_| desk.me.with_value(|me| open.standing(me)) == OpenStanding::Mine);
    let callback = Memo::new(move |_| {
        open.thread
            .with(|thread| thread.callback.clone())
            .filter(|_| mine.get())
    });
    move || callback.get().map(|callback| stands(desk, open, &callback))
}

fn stands(desk: Desk, open: Open, callback: &Callback) -> AnyView {
    let id = open.consultation;
    let Some(number) = callback
        .number
        .as_deref()
        .and_then(|digits| PhoneNumber::parse(digits).ok())
    else {
        return view! {
            <div class="call-missed telephone" role="status"><p>"電話にかけなおします。相談者の番号を待っています。"</p></div>
        }
        .into_any();
    };
    let done = move |outcome| desk.ask(Wish::CallbackDone(id, outcome));
    let address = format!("tel:{}", number.digits());
    view! {
        <div class="call-missed telephone" role="status">
            <p>"電話番号 "<a class="num" href=address>{number.shown()}</a></p>
            <div class="call-ways">
                <button type="button" class="btn small" on:click=move |_| done(CallbackOutcome::Reached)>"電話で話せた"</button>
                <button type="button" class="btn line small" on:click=move |_| done(CallbackOutcome::NotReached)>
                    "つながらなかった"
                </button>
            </div>
        </div>
    }
    .into_any()
}
