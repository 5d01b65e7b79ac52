//! Packets to the echo peer and back, through the ICE servers of a call.
//!
//! Candidates are not sent: the echo peer learns from the browser's own checks where it is, so the offer goes out before any
//! was found.

use crate::{
    call::{
        figures::{Look, Packets},
        js,
        peer::configuration,
    },
    clock::steady_ms,
    page::check::CheckPage,
};
use leptos::prelude::*;
use signaling::check::{
    CONNECT_PATIENCE_MS, Connection, MEASURED_LEAST_MS, MEASURED_MS, PACKET_EVERY_MS, Tally, VERDICT_MS,
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, RtcDataChannel, RtcPeerConnection};

/// How long the last packets may take to come back.
const LAST_ONES_MS: f64 = 400.0;
/// How often it is looked whether the channel is open.
const LOOK_MS: u32 = 10;
/// Packets that are sent at once after the page was held up: more would be a burst of our own making.
const CATCHING_UP: usize = 5;

/// What became of it, and what the server said where it gave no answer.
pub(super) async fn measured(page: &CheckPage, progress: RwSignal<u8>) -> (Connection, Option<String>) {
    let ice = (page.ice_servers.clone(), page.ice_policy.clone());
    let Ok(connection) = RtcPeerConnection::new_with_configuration(&configuration(ice)) else {
        return (Connection::Unsupported, None);
    };
    let found = over(&connection, page, progress).await;
    connection.close();
    found
}

async fn over(
    connection: &RtcPeerConnection,
    page: &CheckPage,
    progress: RwSignal<u8>,
) -> (Connection, Option<String>) {
    let began = steady_ms();
    let Some(channel) = channel(connection) else {
        return (Connection::Unsupported, None);
    };
    let talk = Talk::over(channel);
    match introduced(connection, page).await {
        Ok(()) => {}
        Err(note) => return (Connection::Untried, note),
    }
    let show = || {
        let part = 100.0 * (steady_ms() - began) / f64::from(VERDICT_MS);
        progress.set(percent(part));
    };
    while !talk.is_open() {
        if steady_ms() - began > f64::from(CONNECT_PATIENCE_MS) {
            return (Connection::NotMade, None);
        }
        show();
        js::sleep(LOOK_MS).await;
    }
    js::mark("check-open");
    let connect_ms = talk.opened_at() - began;
    let left = f64::from(VERDICT_MS) - connect_ms - LAST_ONES_MS;
    let counts_for = left.clamp(f64::from(MEASURED_LEAST_MS), f64::from(MEASURED_MS));
    let counting_since = steady_ms();
    while steady_ms() - counting_since < counts_for {
        talk.sends_what_is_due(counting_since);
        show();
        js::sleep(PACKET_EVERY_MS).await;
    }
    let sent_at = steady_ms();
    while !talk.all_are_back() && steady_ms() - sent_at < LAST_ONES_MS {
        js::sleep(PACKET_EVERY_MS).await;
    }
    let (quality, _) = Look::at(connection).await.quality(Packets::default());
    let figures = talk.tally.borrow().figures(connect_ms, quality.path);
    (figures.map_or(Connection::NotMade, Connection::Made), None)
}

/// Offers, and takes the answer. An error is what the server said.
async fn introduced(connection: &RtcPeerConnection, page: &CheckPage) -> Result<(), Option<String>> {
    let failed = |_: JsValue| None::<String>;
    js::call_async(connection, "setLocalDescription", &[])
        .await
        .map_err(failed)?;
    let offer = connection.local_description().map(|set| set.sdp()).unwrap_or_default();
    let address = format!("{}/check/echo", page.path);
    let (status, body) = posts(&address, "application/sdp", &offer).await.map_err(failed)?;
    if status != 201 {
        let said: Option<serde_json::Value> = serde_json::from_str(&body).ok();
        return Err(said.and_then(|said| Some(said.get("text")?.as_str()?.to_owned())));
    }
    let answer = js::object([("type", "answer".into()), ("sdp", body.as_str().into())]);
    js::call_async(connection, "setRemoteDescription", &[answer])
        .await
        .map_err(failed)?;
    Ok(())
}

/// Posts, and gives the status and the text of the answer.
pub(super) async fn posts(address: &str, kind: &str, body: &str) -> Result<(u16, String), JsValue> {
    let headers = js::object([("content-type", kind.into())]);
    let request = js::object([("method", "POST".into()), ("headers", headers), ("body", body.into())]);
    let answer = js::call_async(&js_sys::global(), "fetch", &[address.into(), request]).await?;
    let status = js::number(&answer, "status").unwrap_or_default();
    let text = js::call_async(&answer, "text", &[]).await?;
    Ok((whole(status), text.as_string().unwrap_or_default()))
}

/// Unordered and never repeated, as sound and picture travel.
fn channel(connection: &RtcPeerConnection) -> Option<RtcDataChannel> {
    let way = js::object([("ordered", false.into()), ("maxRetransmits", 0.into())]);
    let channel = js::call(connection, "createDataChannel", &["echo".into(), way])?.ok()?;
    js_sys::Reflect::set(&channel, &"binaryType".into(), &"arraybuffer".into()).ok()?;
    Some(channel.unchecked_into())
}

/// The channel and its count.
struct Talk {
    channel: RtcDataChannel,
    opened_at: Rc<Cell<Option<f64>>>,
    back: Rc<Cell<usize>>,
    tally: Rc<RefCell<Tally>>,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Talk {
    fn over(channel: RtcDataChannel) -> Self {
        let opened_at: Rc<Cell<Option<f64>>> = Rc::default();
        let back: Rc<Cell<usize>> = Rc::default();
        let tally: Rc<RefCell<Tally>> = Rc::default();
        let opened = Rc::clone(&opened_at);
        let on_open = Closure::new(move || opened.set(Some(steady_ms())));
        let (counted, came) = (Rc::clone(&tally), Rc::clone(&back));
        let on_message = Closure::new(move |event: MessageEvent| {
            let at = steady_ms();
            let bytes = js_sys::Uint8Array::new(&event.data()).to_vec();
            counted.borrow_mut().take(&bytes, at);
            came.set(came.get() + 1);
        });
        channel.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Self {
            channel,
            opened_at,
            back,
            tally,
            _on_open: on_open,
            _on_message: on_message,
        }
    }

    fn is_open(&self) -> bool {
        self.opened_at.get().is_some()
    }

    fn opened_at(&self) -> f64 {
        self.opened_at.get().unwrap_or_default()
    }

    fn all_are_back(&self) -> bool {
        self.back.get() >= self.tally.borrow().sent()
    }

    /// One every 20 ms since it began.
    fn sends_what_is_due(&self, since: f64) {
        let due = usize::from(whole((steady_ms() - since) / f64::from(PACKET_EVERY_MS))) + 1;
        let sent = self.tally.borrow().sent();
        for _ in 0..due.saturating_sub(sent).min(CATCHING_UP) {
            let packet = self.tally.borrow_mut().send(steady_ms());
            // What the channel does not take is lost, and counted so.
            drop(self.channel.send_with_u8_array(&packet));
        }
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        self.channel.set_onopen(None);
        self.channel.set_onmessage(None);
    }
}

/// A float that is cast keeps within the bounds of the integer.
fn whole(number: f64) -> u16 {
    number as u16
}

fn percent(part: f64) -> u8 {
    u8::try_from(whole(part).min(100)).unwrap_or(100)
}
