//! Camera and microphone, asked for once a visit and given back at the end of the call.
//!
//! Promises: without a camera the call is still made with sound, and it is said why; muting keeps the microphone open
//! (`enabled`), so that it is back at once; a camera that is switched off is let go, so that its lamp goes out.

use super::{
    fault::{Browser, MediaFault},
    js,
};
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DomException, MediaStream, MediaStreamTrack};

/// Which way the camera looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Facing {
    /// Towards the person.
    User,
    /// Away from them: to show a rash, say.
    Environment,
}

impl Facing {
    fn code(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Environment => "environment",
        }
    }

    fn other(self) -> Self {
        match self {
            Self::User => Self::Environment,
            Self::Environment => Self::User,
        }
    }
}

/// What is captured here. One a call; the tracks are shared by all connections.
pub(super) struct Capture {
    /// Groups the tracks for lip sync on the other side (`msid`).
    pub(super) stream: MediaStream,
    audio: RefCell<Option<MediaStreamTrack>>,
    video: RefCell<Option<MediaStreamTrack>>,
    facing: Cell<Facing>,
}

impl Capture {
    /// Asks for the devices. With a fault beside it where a camera was wanted and only sound is there.
    pub(super) async fn open(wants_video: bool) -> Result<(Self, Option<MediaFault>), MediaFault> {
        available()?;
        let sound = sound();
        if wants_video {
            match tracks(Some(sound.clone()), Some(picture(Facing::User))).await {
                Ok((audio, video)) => return Ok((Self::of(audio, video)?, None)),
                Err(fault) => {
                    // Perhaps only the camera is missing or busy.
                    let (audio, _) = tracks(Some(sound), None).await.map_err(|_| fault)?;
                    return Ok((Self::of(audio, None)?, Some(fault)));
                }
            }
        }
        let (audio, _) = tracks(Some(sound), None).await?;
        Ok((Self::of(audio, None)?, None))
    }

    /// No devices: listen, look and write.
    pub(super) fn none() -> Result<Self, MediaFault> {
        Self::of(None, None)
    }

    fn of(audio: Option<MediaStreamTrack>, video: Option<MediaStreamTrack>) -> Result<Self, MediaFault> {
        let stream = MediaStream::new().map_err(|_| MediaFault::Unsupported)?;
        for track in [&audio, &video].into_iter().flatten() {
            stream.add_track(track);
        }
        let facing = Cell::new(Facing::User);
        Ok(Self {
            stream,
            audio: RefCell::new(audio),
            video: RefCell::new(video),
            facing,
        })
    }

    pub(super) fn audio(&self) -> Option<MediaStreamTrack> {
        self.audio.borrow().clone()
    }

    pub(super) fn video(&self) -> Option<MediaStreamTrack> {
        self.video.borrow().clone()
    }

    pub(super) fn facing(&self) -> Facing {
        self.facing.get()
    }

    pub(super) fn hear(&self, on: bool) {
        if let Some(track) = &*self.audio.borrow() {
            track.set_enabled(on);
        }
    }

    pub(super) async fn microphone_on(&self) -> Result<(), MediaFault> {
        if self.audio.borrow().is_none() {
            available()?;
            let (audio, _) = tracks(Some(sound()), None).await?;
            audio.iter().for_each(|track| self.stream.add_track(track));
            self.audio.replace(audio);
        }
        self.hear(true);
        Ok(())
    }

    pub(super) fn camera_off(&self) {
        if let Some(track) = self.video.take() {
            self.stream.remove_track(&track);
            track.stop();
        }
    }

    pub(super) async fn camera_on(&self) -> Result<(), MediaFault> {
        if self.video.borrow().is_some() {
            return Ok(());
        }
        available()?;
        let (_, video) = tracks(None, Some(picture(self.facing.get()))).await?;
        video.iter().for_each(|track| self.stream.add_track(track));
        self.video.replace(video);
        Ok(())
    }

    /// Fresh tracks in place of those that were taken away; both at once, because phones end the first capture when a second
    /// one begins. What was muted stays muted.
    pub(super) async fn renew(&self, audio: bool, video: bool) -> Result<(), MediaFault> {
        let heard = self.audio.borrow().as_ref().map(MediaStreamTrack::enabled);
        let (audio, video) = (audio && heard.is_some(), video && self.video.borrow().is_some());
        if !audio && !video {
            return Ok(());
        }
        available()?;
        let facing = self.facing.get();
        let (fresh_audio, fresh_video) = tracks(audio.then(sound), video.then(|| picture(facing))).await?;
        if let Some(track) = fresh_audio {
            track.set_enabled(heard.unwrap_or(true));
            self.exchange(&self.audio, track);
        }
        if let Some(track) = fresh_video {
            self.exchange(&self.video, track);
        }
        Ok(())
    }

    fn exchange(&self, place: &RefCell<Option<MediaStreamTrack>>, fresh: MediaStreamTrack) {
        self.stream.add_track(&fresh);
        if let Some(old) = place.replace(Some(fresh)) {
            self.stream.remove_track(&old);
            old.stop();
        }
    }

    /// Whether the camera that is open has a lamp.
    pub(super) fn has_torch(&self) -> bool {
        let video = self.video.borrow().clone();
        let capabilities = video.and_then(|track| js::call(&track, "getCapabilities", &[])?.ok());
        capabilities.is_some_and(|all| js::property(&all, "torch").is_truthy())
    }

    /// The lamp on or off; it goes out with its track.
    pub(super) async fn light(&self, on: bool) -> Result<(), MediaFault> {
        let Some(track) = self.video() else { return Ok(()) };
        let lamp = js::object([("torch", on.into())]);
        let constraints = js::object([("advanced", js_sys::Array::of1(&lamp).into())]);
        let applied = js::call_async(&track, "applyConstraints", &[constraints]).await;
        applied.map(drop).map_err(|_| MediaFault::Other)
    }

    /// The other camera. Phones open one at a time, so the first is let go before; if there is no other, it comes back.
    pub(super) async fn flip(&self) -> Result<(), MediaFault> {
        self.camera_off();
        let before = self.facing.get();
        self.facing.set(before.other());
        if let Err(fault) = self.camera_on().await {
            self.facing.set(before);
            self.camera_on().await.map_err(|_| fault)?;
        }
        Ok(())
    }

    pub(super) fn stop(&self) {
        self.camera_off();
        if let Some(track) = self.audio.take() {
            track.stop();
        }
    }
}

/// Whether this browser can make calls at all.
pub(super) fn available() -> Result<(), MediaFault> {
    let in_app = Browser::of(&js::user_agent()).is_in_app();
    let devices = js::property(&js::navigator(), "mediaDevices");
    if js::property(&devices, "getUserMedia").is_undefined() {
        return Err(match (js::is_secure(), in_app) {
            (false, _) => MediaFault::Insecure,
            (true, true) => MediaFault::InAppBrowser,
            (true, false) => MediaFault::Unsupported,
        });
    }
    if js::knows("RTCPeerConnection") {
        Ok(())
    } else {
        Err(if in_app {
            MediaFault::InAppBrowser
        } else {
            MediaFault::Unsupported
        })
    }
}

/// Whether asking will not open a question, as far as the browser says.
pub(super) async fn already_granted(video: bool) -> bool {
    js::is_granted("microphone").await && (!video || js::is_granted("camera").await)
}

fn sound() -> JsValue {
    js::object([
        ("echoCancellation", true.into()),
        ("noiseSuppression", true.into()),
        ("autoGainControl", true.into()),
    ])
}

/// What a phone's uplink carries and a face needs. All wishes, no demands: a camera that cannot is taken as it is.
fn picture(facing: Facing) -> JsValue {
    let ideal = |value: JsValue| js::object([("ideal", value)]);
    js::object([
        ("width", ideal(640.into())),
        ("height", ideal(480.into())),
        ("frameRate", ideal(30.into())),
        ("facingMode", ideal(facing.code().into())),
    ])
}

type Tracks = (Option<MediaStreamTrack>, Option<MediaStreamTrack>);

async fn tracks(audio: Option<JsValue>, video: Option<JsValue>) -> Result<Tracks, MediaFault> {
    let constraints = js::object([
        ("audio", audio.unwrap_or(JsValue::FALSE)),
        ("video", video.unwrap_or(JsValue::FALSE)),
    ]);
    let devices = js::property(&js::navigator(), "mediaDevices");
    let stream = js::call_async(&devices, "getUserMedia", &[constraints])
        .await
        .map_err(|error| {
            let name = error.dyn_ref::<DomException>().map(DomException::name);
            name.map_or(MediaFault::Other, |name| MediaFault::of(&name))
        })?;
    let stream: MediaStream = stream.unchecked_into();
    let first = |tracks: js_sys::Array| tracks.get(0).dyn_into::<MediaStreamTrack>().ok();
    Ok((first(stream.get_audio_tracks()), first(stream.get_video_tracks())))
}
