//! What goes into a connection: the captured tracks in their sections, and how much of them the way out is given.

use super::Peer;
use crate::{
    call::{js, media::Capture},
    clock::running_ms,
};
use leptos::task::spawn_local;
use signaling::call::{CallMode, Pictures, TRY_BPS};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MediaStreamTrack, RtcRtpSender, RtcRtpTransceiver, RtcRtpTransceiverDirection, RtcRtpTransceiverInit};

/// The least time between two pictures that are sent whole on request.
const WHOLE_PICTURES_APART_MS: u64 = 1_000;

impl Peer {
    /// Sends what is captured, and nothing of what is not. Asks for a negotiation only where the sections change.
    pub(in crate::call) fn carry(&self, capture: &Capture, mode: CallMode) {
        let video = (mode == CallMode::Video).then(|| capture.video()).flatten();
        self.carry_kind("audio", capture.audio(), true);
        self.carry_kind("video", video, mode == CallMode::Video);
        // A section that is new knows nothing of a pause.
        if self.is_held_back() {
            self.show_pictures();
        }
    }

    /// Sends nothing, at once and without a negotiation: the sections stay as they are, empty.
    pub(in crate::call) fn carry_nothing(&self) {
        for transceiver in self.connection().get_transceivers().iter() {
            let sender = transceiver.unchecked_into::<RtcRtpTransceiver>().sender();
            js::forget(sender.replace_track(None));
        }
    }

    /// How loud the other side is now, 0 to 1 (`RTCRtpContributingSource.audioLevel`, W3C WebRTC 1.0 §5.3).
    pub(in crate::call) fn loudness(&self) -> f64 {
        let Some(transceiver) = self.transceiver("audio") else {
            return 0.0;
        };
        let sources = js::call(&transceiver.receiver(), "getSynchronizationSources", &[]);
        let Some(Ok(sources)) = sources else { return 0.0 };
        let sources: js_sys::Array = sources.unchecked_into();
        js::number(&sources.get(0), "audioLevel").unwrap_or(0.0)
    }

    fn carry_kind(&self, kind: &str, track: Option<MediaStreamTrack>, wanted: bool) {
        let Some(transceiver) = self.transceiver(kind) else {
            if let Some(track) = track {
                let _ = self
                    .connection()
                    .add_track(&track, &self.outgoing, &js_sys::Array::new());
            } else if wanted && self.pair.borrow().is_polite() {
                // This side makes the first offer, and there must be a section to be heard or seen in.
                self.only_receive(kind);
            }
            return;
        };
        let sender = transceiver.sender();
        let direction = match (wanted, &track) {
            (false, _) => RtcRtpTransceiverDirection::Inactive,
            (true, Some(_)) => RtcRtpTransceiverDirection::Sendrecv,
            // Switched off for a while: the section stays as it is, empty.
            (true, None) if transceiver.direction() == RtcRtpTransceiverDirection::Sendrecv => {
                RtcRtpTransceiverDirection::Sendrecv
            }
            (true, None) => RtcRtpTransceiverDirection::Recvonly,
        };
        if track.is_some() {
            self.name_stream(&sender);
        }
        if sender.track() != track {
            js::forget(sender.replace_track(track.as_ref()));
        }
        if transceiver.direction() != direction {
            transceiver.set_direction(direction);
        }
    }

    /// The sections that were offered ahead are answered for what the devices will bring: it follows without a negotiation.
    pub(super) fn face_expected(&self) {
        let Some((sound, picture)) = self.expects.take() else {
            return;
        };
        for (kind, expected) in [("audio", sound), ("video", picture)] {
            let Some(transceiver) = self.transceiver(kind).filter(|_| expected) else {
                continue;
            };
            self.name_stream(&transceiver.sender());
            transceiver.set_direction(RtcRtpTransceiverDirection::Sendrecv);
        }
    }

    fn name_stream(&self, sender: &RtcRtpSender) {
        let _ = js::call(sender, "setStreams", &[(&self.outgoing).into()]);
    }

    fn transceiver(&self, kind: &str) -> Option<RtcRtpTransceiver> {
        self.connection()
            .get_transceivers()
            .iter()
            .map(JsCast::unchecked_into::<RtcRtpTransceiver>)
            .find(|transceiver| transceiver.receiver().track().kind() == kind)
    }

    fn only_receive(&self, kind: &str) {
        let init = RtcRtpTransceiverInit::new();
        init.set_direction(RtcRtpTransceiverDirection::Recvonly);
        let _ = self.connection().add_transceiver_with_str_and_init(kind, &init);
    }

    /// An offer without any section connects nothing.
    pub(super) fn face_something(&self) {
        if self.connection().get_transceivers().length() == 0 {
            self.only_receive("audio");
        }
    }

    /// Tells the browser what comes first, once a connection stands and shows pictures: that takes it some milliseconds.
    pub(super) fn tune(&self) {
        if let Some(sender) = self.sender("audio") {
            change(sender, |_, encoding| {
                // On a thin way the voice gets its share before the picture does (W3C webrtc-priority).
                js::set(encoding, "priority", &"high".into());
                js::set(encoding, "networkPriority", &"high".into());
            });
        }
        self.show_pictures();
    }

    /// The other side could show nothing so far. An encoding that begins again begins with a whole picture.
    /// Not more than once a second, however often it is asked for.
    pub(in crate::call) fn send_whole_picture(self: &Rc<Self>) {
        let now_ms = running_ms();
        let is_soon = now_ms < self.whole_picture_at_ms.get() + WHOLE_PICTURES_APART_MS;
        let Some(sender) = self.sender("video").filter(|_| !is_soon && !self.is_held_back()) else {
            return;
        };
        self.whole_picture_at_ms.set(now_ms);
        let peer = Rc::clone(self);
        spawn_local(async move {
            changed(&sender, |_, encoding| js::set(encoding, "active", &false.into())).await;
            // As things stand by then: the network may hold pictures back meanwhile.
            peer.show_pictures();
        });
    }

    fn sender(&self, kind: &str) -> Option<RtcRtpSender> {
        self.transceiver(kind).map(|transceiver| transceiver.sender())
    }

    /// Whether pictures go out, or would if the network let them.
    pub(super) fn has_pictures(&self) -> bool {
        self.sender("video").is_some_and(|sender| sender.track().is_some())
    }

    /// Pictures flow, pause, or are tried with little, as [`VideoPause`](signaling::call::VideoPause) says. An encoding that
    /// is not active sends no bytes, while the camera, its preview and the section stay as they are.
    pub(super) fn show_pictures(&self) {
        let pictures = self.pause.borrow().pictures();
        let Some(sender) = self.sender("video") else { return };
        change(sender, move |parameters, encoding| {
            // A rash must stay sharp and a child's breathing must keep moving: neither may be given up for the other, so
            // both give way a little.
            js::set(parameters, "degradationPreference", &"balanced".into());
            js::set(encoding, "active", &(pictures != Pictures::Pause).into());
            if pictures == Pictures::Try {
                js::set(encoding, "maxBitrate", &TRY_BPS.into());
            } else {
                js::unset(encoding, "maxBitrate");
            }
        });
    }
}

fn change(sender: RtcRtpSender, wish: impl FnOnce(&JsValue, &JsValue) + 'static) {
    spawn_local(async move { changed(&sender, wish).await });
}

/// Changes what a sender does. A browser that does not know a wish passes over it, and one that refuses sends as before.
async fn changed(sender: &RtcRtpSender, wish: impl FnOnce(&JsValue, &JsValue)) {
    // Parameters are good for the very task in which they were asked for (webrtc-pc §5.2).
    let Some(Ok(parameters)) = js::call(sender, "getParameters", &[]) else {
        return;
    };
    let encodings = js::property(&parameters, "encodings").dyn_into::<js_sys::Array>();
    let encoding = encodings.map_or(JsValue::UNDEFINED, |encodings| encodings.get(0));
    if encoding.is_object() {
        wish(&parameters, &encoding);
        let _ = js::call_async(sender, "setParameters", &[parameters]).await;
    }
}
