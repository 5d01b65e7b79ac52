//! The WebSocket itself: opening, noticing its loss, opening again.

use super::{Inner, LinkState, Live};
use crate::clock::{now_ms, random};
use leptos::prelude::*;
use signaling::protocol::{ClientFrame, Presented, ServerFrame, Watch, pause};
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{MessageEvent, WebSocket};

/// How often the loss of a silent connection is looked for.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long the server may take to answer when it is asked because packets falter: some round trips on a slow line.
const ANSWER_WITHIN: Duration = Duration::from_millis(800);
/// Silence that counts as loss before the server's beat is known.
const FIRST_SILENCE_MS: f64 = 45_000.0;

/// So many sockets in a row without a `welcome` mean that none gets through here. A server that restarts is back before.
pub(super) const FAILURES_OF_A_BLOCKED_WAY: u32 = 3;

/// An open socket with the closures that it calls; dropping it closes it.
pub(super) struct Open {
    socket: WebSocket,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut()>,
}

impl Open {
    pub(super) fn send(&self, text: &str) {
        if self.socket.ready_state() == WebSocket::OPEN {
            // A failure here is followed by `close`, which opens the next socket and sends again.
            let _ = self.socket.send_with_str(text);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}

pub(super) fn open(live: Live) {
    let generation = live.with(|inner| {
        inner.generation += 1;
        inner.socket = None;
        inner.welcomed = false;
        inner.heard_at_ms = now_ms();
        inner.beat_at_ms = 0.0;
        inner.generation
    });
    let current = move |inner: &Inner| inner.generation == generation;
    let location = window().location();
    let scheme = if location.protocol().as_deref() == Ok("https:") {
        "wss"
    } else {
        "ws"
    };
    let host = location.host().unwrap_or_default();
    let path = live.with(|inner| match (inner.queue, inner.is_guest) {
        (true, _) => "desk/live",
        (false, true) => "guest/live",
        (false, false) => "live",
    });
    let Ok(socket) = WebSocket::new(&format!("{scheme}://{host}/{path}")) else {
        again(live);
        return;
    };
    let on_open = Closure::new(move || {
        if live.with(|inner| current(inner)) {
            live.introduce();
        }
    });
    let on_message = Closure::new(move |event: MessageEvent| {
        if !live.with(|inner| current(inner)) {
            return;
        }
        let Some(text) = event.data().as_string() else { return };
        // A frame of a newer server that this page cannot read is passed over; the next load brings the newer page.
        let Some(frame) = (live.reader)(&text) else { return };
        heard(live, &frame);
        live.received(&frame);
    });
    let on_close = Closure::new(move || {
        if live.with(|inner| current(inner)) {
            again(live);
        }
    });
    socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
    socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
    live.with(|inner| {
        inner.socket = Some(Open {
            socket,
            _on_open: on_open,
            _on_message: on_message,
            _on_close: on_close,
        });
    });
}

fn heard(live: Live, frame: &ServerFrame) {
    live.with(|inner| {
        let now = now_ms();
        inner.heard_at_ms = now;
        if matches!(frame, ServerFrame::Beat { .. }) {
            if inner.beat_at_ms > 0.0 {
                inner.beat_gap_ms = now - inner.beat_at_ms;
            }
            inner.beat_at_ms = now;
        }
    });
}

/// Opens the next socket after a pause that grows with every failure and differs between tabs, so that a restarted server
/// is not met by all of them at once.
fn again(live: Live) {
    if live.state.get_untracked() == LinkState::SignedOut {
        return;
    }
    if live.state.get_untracked() != LinkState::ByForms {
        live.state.set(LinkState::Lost);
    }
    let pause_ms = live.with(|inner| {
        inner.failures = inner.failures.saturating_add(1);
        inner.generation += 1;
        pause::before_socket_ms(inner.failures, random())
    });
    let generation = live.with(|inner| inner.generation);
    set_timeout(
        move || {
            if live.with(|inner| inner.generation == generation) {
                open(live);
            }
        },
        Duration::from_millis(pause_ms),
    );
}

/// Notices a connection that died without a word, a network that came back, and a page that is shown or hidden.
pub(super) fn keep_watch(live: Live) {
    set_interval(
        move || {
            let silent = live.with(|inner| {
                let limit_ms = match (inner.welcomed, inner.beat_gap_ms) {
                    (false, _) => pause::for_welcome_ms(inner.failures),
                    (true, gap) if gap > 0.0 => (gap * 2.0 + 3_000.0).clamp(8_000.0, FIRST_SILENCE_MS),
                    (true, _) => FIRST_SILENCE_MS,
                };
                inner.socket.is_some() && now_ms() - inner.heard_at_ms > limit_ms
            });
            if silent {
                live.with(|inner| inner.socket = None);
                again(live);
            }
        },
        LOOK_EVERY,
    );
    window_event_listener_untyped("online", move |_| reopen(live));
    // What is being typed when the page goes away is sent at once, not after its pause.
    window_event_listener_untyped("pagehide", move |_| super::drafts::send_unsaved(live));
    let shown = Closure::<dyn FnMut()>::new(move || {
        present(live);
        reopen_if_lost(live);
    });
    let _ = document().add_event_listener_with_callback("visibilitychange", shown.as_ref().unchecked_ref());
    // The page listens as long as it lives.
    shown.forget();
}

/// Asks for something that is always answered, and opens another socket if nothing comes: the network may have taken this
/// one, which browsers notice late.
pub(super) fn doubt(live: Live) {
    if live.state.get_untracked() != LinkState::Connected
        || live.with(|inner| std::mem::replace(&mut inner.doubted, true))
    {
        return;
    }
    let watched = live.with(|inner| inner.watched.iter().find_map(|(id, cursor)| Some((*id, (*cursor)?))));
    if let Some((consultation, cursor)) = watched {
        let cursor = Some(cursor);
        live.send(&ClientFrame::Watch(Watch { consultation, cursor }));
    }
    let (generation, asked_at_ms) = (live.with(|inner| inner.generation), now_ms());
    set_timeout(
        move || {
            live.with(|inner| inner.doubted = false);
            let silent = live.with(|inner| inner.generation == generation && inner.heard_at_ms < asked_at_ms);
            if silent && watched.is_some() {
                live.state.set(LinkState::Lost);
                live.with(|inner| inner.socket = None);
                // It was this network and not the server, which others need: without a pause.
                open(live);
            }
        },
        ANSWER_WITHIN,
    );
}

/// The network was away: what is open leads through the one that was, and fails late or never.
fn reopen(live: Live) {
    if live.state.get_untracked() == LinkState::Connected {
        live.state.set(LinkState::Lost);
    }
    reopen_if_lost(live);
}

fn reopen_if_lost(live: Live) {
    if matches!(live.state.get_untracked(), LinkState::Lost | LinkState::ByForms) {
        open(live);
    }
}

/// The credential is over: no further socket. The one that said so is let go of once its message has been handled.
pub(super) fn give_up(live: Live) {
    live.with(|inner| inner.generation += 1);
    live.state.set(LinkState::SignedOut);
    set_timeout(move || live.with(|inner| inner.socket = None), Duration::ZERO);
}

/// Tells the other side whether this page can be seen.
pub(super) fn present(live: Live) {
    let hidden = document().hidden();
    let (watched, front) = live.with(|inner| (inner.watched.keys().copied().collect::<Vec<_>>(), inner.front));
    for consultation in watched {
        let behind = front.is_some_and(|front| front != consultation);
        let state = match hidden || behind {
            true => Presented::Hidden,
            false => Presented::Visible,
        };
        live.send(&ClientFrame::Present { consultation, state });
    }
}
