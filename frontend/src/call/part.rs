//! The family's call as a part of its own: loaded once the ticket is usable, and what stands there until it has come.
//! With it come the forms that work without script too ([`crate::guardian::later`]).
//!
//! Promises: the ticket needs no byte of the call to be usable; the part is fetched as soon as the page is connected, and at
//! the latest when it rings, so that a ring finds it there; one that does not is shown all the same, and who answers it is
//! in the call once the part has come; what cannot be fetched is said in words and tried again, and chat goes on.
//!
//! The part is whatever can be reached only through functions marked `wasm_split(call, …)`, which stand in the family's
//! entry (`bin/guardian.rs`): in the library they would be in every entry. `cargo xtask web` divides the linked entry there.
//! The ticket's page must not call anything else of `crate::call`, or the linker keeps it in the ticket's bytes.

mod meanwhile;

use super::{room, screen};
use crate::{
    clock::random,
    guardian::later::Forms,
    live::{LinkState, Live},
};
use leptos::{prelude::*, task::spawn_local};
use meanwhile::Meanwhile;
use signaling::{call::Holder, id::ConsultationId, protocol::pause, view::Thread};
use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
    time::Duration,
};
use web_sys::HtmlFormElement;

type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// How the family's entry reaches the part. [`crate::guardian::start`] is given it.
#[derive(Clone, Copy)]
pub struct Part {
    /// Fetches it; tells whether it is here now.
    pub fetch: fn() -> Later<bool>,
    /// [`show`]; nothing where the part is not here.
    pub show: fn(Asked) -> Later<Option<AnyView>>,
    /// [`crate::guardian::later::bring_to_life`], for a page with forms.
    pub listen: fn(Forms) -> Later<bool>,
    /// [`crate::guardian::later::attach_photos`], for the last step of an intake.
    pub attach: fn(HtmlFormElement) -> Later<bool>,
}

/// What the part is to show.
#[derive(Clone)]
pub struct Asked {
    live: Live,
    consultation: ConsultationId,
    me: Holder,
    thread: ReadSignal<Thread>,
    /// 「出る」 was pressed before the part was here, and with what.
    answering: Option<room::With>,
}

/// The family's call. To be called in the part only.
#[must_use]
pub fn show(asked: Asked) -> AnyView {
    screen::guardian_call(asked.live, asked.consultation, asked.me, asked.thread, asked.answering).into_any()
}

/// After the page is connected: its own work comes first.
const IDLE: Duration = Duration::from_millis(300);
/// Somebody may be ringing: the pauses grow up to this many failures only (four seconds).
const PAUSES: u32 = 4;

/// How far the part has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrival {
    /// Nobody has asked for it.
    Unasked,
    /// On its way.
    Coming,
    /// It did not come so many times in a row; it is asked for again.
    Failed(u32),
    /// Here.
    Here,
}

/// The family's side of the call of one consultation. Put it into the page once, outside of anything that is drawn anew.
/// `forms`: what comes to life with it.
pub fn guardian_call(
    live: Live,
    consultation: ConsultationId,
    me: Holder,
    thread: ReadSignal<Thread>,
    forms: Option<Forms>,
) -> impl IntoView {
    let part = expect_context::<Part>();
    let arrival = RwSignal::new(Arrival::Unasked);
    let meanwhile = Meanwhile::new(live, consultation, &me, thread, arrival);
    fetch_in_time(part, live, arrival, meanwhile);
    let here = Memo::new(move |_| arrival.get() == Arrival::Here);
    Effect::new(move |_| {
        if let (true, Some(forms)) = (here.get(), forms) {
            // Unlike [`Asked`] it may have to wait: each way into the part asks for it by itself.
            spawn_local(async move {
                (part.listen)(forms).await;
            });
        }
    });
    // The server rendered nothing here, also where a call goes on: first the page comes to life as it is.
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    let body = move || {
        if !alive.get() {
            return None;
        }
        if !here.get() {
            return meanwhile.view();
        }
        let asked = Asked {
            live,
            consultation,
            me: me.clone(),
            thread,
            answering: meanwhile.answering.get_untracked(),
        };
        // It is here, so it answers at once.
        untrack(|| at_once((part.show)(asked))).flatten()
    };
    view! { <div class="call" data-side="guardian">{body}</div> }
}

fn fetch_in_time(part: Part, live: Live, arrival: RwSignal<Arrival>, meanwhile: Meanwhile) {
    let link = live.link();
    Effect::new(move |_| {
        let connected = link.get() == LinkState::Connected;
        let urgent = meanwhile.rings();
        if arrival.get_untracked() != Arrival::Unasked {
            return;
        }
        if urgent {
            fetch(part, arrival, 0);
        } else if connected {
            let fetch_unless_asked = move || {
                if arrival.get_untracked() == Arrival::Unasked {
                    fetch(part, arrival, 0);
                }
            };
            set_timeout(fetch_unless_asked, IDLE);
        }
    });
}

fn fetch(part: Part, arrival: RwSignal<Arrival>, failures: u32) {
    if failures == 0 {
        arrival.set(Arrival::Coming);
    }
    spawn_local(async move {
        if (part.fetch)().await {
            arrival.set(Arrival::Here);
            return;
        }
        let failures = failures.saturating_add(1);
        arrival.set(Arrival::Failed(failures));
        let pause_ms = pause::before_command_ms(failures.min(PAUSES), random());
        set_timeout(move || fetch(part, arrival, failures), Duration::from_millis(pause_ms));
    });
}

/// What a future answers without waiting.
fn at_once<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}
