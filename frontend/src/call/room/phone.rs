//! What a phone does to the call behind the page's back: it rings, is locked, shows another app. Here are the browser's signs
//! of it; what follows from them is [`signaling::call::interruption`]'s.

use super::Room;
use crate::call::{js, peer::Peer};
use leptos::{prelude::*, task::spawn_local};
use signaling::{
    call::{
        Holder, MutedWhy,
        agent::DeviceKind,
        interruption::{Act, Interruption, Interruptions, Media, Sign},
    },
    consultation::Command,
    id::Seq,
    protocol::Side,
    queue::Presence,
    time::At,
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{EventTarget, MediaStreamTrack};

/// How long the family's page may be away, with nothing coming, before the desk logs what the phone did not say.
const SILENT_SECONDS: u32 = 5;

/// A listener that is taken off again when it is dropped.
struct Listener {
    on: EventTarget,
    kind: &'static str,
    closure: Closure<dyn FnMut(web_sys::Event)>,
}

impl Listener {
    fn new(on: &EventTarget, kind: &'static str, then: impl FnMut(web_sys::Event) + 'static) -> Self {
        let closure = Closure::<dyn FnMut(web_sys::Event)>::new(then);
        let _ = on.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
        Self {
            on: on.clone(),
            kind,
            closure,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let listener = self.closure.as_ref().unchecked_ref();
        let _ = self.on.remove_event_listener_with_callback(self.kind, listener);
    }
}

/// What is watched during a call.
#[derive(Default)]
pub(super) struct Phone {
    rule: RefCell<Option<Interruptions>>,
    tracks: RefCell<Vec<Listener>>,
    page: RefCell<Vec<Listener>>,
    /// A sound engine that plays nothing: phones halt it when they ring.
    sound: RefCell<Option<JsValue>>,
    sound_ran: Cell<bool>,
    silent_seconds: Cell<u32>,
    /// The other seat, while it was logged from here that it says nothing any more.
    logged: Cell<Option<Seq>>,
}

impl Phone {
    /// Why this side is silent or dark without having chosen to be.
    pub(super) fn why(&self) -> Option<MutedWhy> {
        let told = self.rule.borrow().as_ref().and_then(Interruptions::told);
        told.map(|why| match why {
            Interruption::Interrupted => MutedWhy::Interrupted,
            Interruption::Hidden => MutedWhy::Hidden,
        })
    }

    /// Whether sound, and pictures, were taken away.
    pub(super) fn lacks(&self) -> (bool, bool) {
        self.rule.borrow().as_ref().map_or((false, false), Interruptions::lacks)
    }

    /// After a touch, so that the browser lets it run.
    pub(super) fn start_sound(&self) {
        if self.sound.borrow().is_none() {
            self.sound.replace(js::audio_context());
        }
    }

    /// The call is over.
    pub(super) fn rest(&self) {
        self.rule.replace(None);
        self.tracks.borrow_mut().clear();
        self.page.borrow_mut().clear();
        if let Some(sound) = self.sound.take() {
            let _ = js::call(&sound, "close", &[]);
        }
        self.sound_ran.set(false);
        self.silent_seconds.set(0);
        self.logged.set(None);
    }
}

impl Room {
    /// Begins to watch, once this tab is seated.
    pub(super) fn watch_phone(self: &Rc<Self>) {
        if self.phone.rule.borrow().is_some() {
            return;
        }
        let handheld = DeviceKind::of(&js::user_agent()).is_handheld();
        self.phone.rule.replace(Some(Interruptions::new(handheld)));
        let mut listeners: Vec<Listener> = Vec::new();
        let document: EventTarget = document().into();
        let window: EventTarget = window().into();
        for (on, kind, gone) in [
            (&document, "visibilitychange", false),
            (&document, "freeze", true),
            (&document, "resume", false),
            (&window, "pagehide", true),
            (&window, "pageshow", false),
        ] {
            let room = Rc::downgrade(self);
            listeners.push(Listener::new(on, kind, move |_| {
                let Some(room) = room.upgrade() else { return };
                let hidden = gone || leptos::prelude::document().hidden();
                room.sign(if hidden { Sign::Hidden } else { Sign::Shown });
            }));
        }
        self.phone.start_sound();
        if let Some(sound) = self.phone.sound.borrow().clone() {
            let room = Rc::downgrade(self);
            let on: EventTarget = sound.unchecked_into();
            listeners.push(Listener::new(&on, "statechange", move |_| {
                if let Some(room) = room.upgrade() {
                    room.hear_sound_state();
                }
            }));
        }
        self.phone.page.replace(listeners);
        self.hear_sound_state();
        self.watch_tracks();
        if leptos::prelude::document().hidden() {
            self.sign(Sign::Hidden);
        }
    }

    fn hear_sound_state(self: &Rc<Self>) {
        let state = self
            .phone
            .sound
            .borrow()
            .as_ref()
            .and_then(|sound| js::text(sound, "state"));
        match state.as_deref() {
            Some("running") => {
                self.phone.sound_ran.set(true);
                self.sign(Sign::Runs);
            }
            // Before it ran, the browser only waits for a touch.
            Some("suspended" | "interrupted") if self.phone.sound_ran.get() => self.sign(Sign::Halted),
            _ => {}
        }
    }

    /// Listens to what is captured now.
    pub(super) fn watch_tracks(self: &Rc<Self>) {
        if self.phone.rule.borrow().is_none() {
            return;
        }
        let capture = self.capture.borrow().clone();
        let (audio, video) = capture.map_or((None, None), |capture| (capture.audio(), capture.video()));
        let mut listeners = Vec::new();
        for (track, media) in [(audio, Media::Audio), (video, Media::Video)] {
            let Some(track) = track else { continue };
            for (kind, sign) in [
                ("mute", Sign::Muted(media)),
                ("unmute", Sign::Unmuted(media)),
                ("ended", Sign::Ended(media)),
            ] {
                let room = Rc::downgrade(self);
                listeners.push(Listener::new(&track, kind, move |_| {
                    if let Some(room) = room.upgrade() {
                        room.sign(sign);
                    }
                }));
            }
        }
        self.phone.tracks.replace(listeners);
    }

    /// Something happened; does what follows from it.
    pub(super) fn sign(self: &Rc<Self>, sign: Sign) {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch")]
        let now = At(crate::clock::now_ms() as i64);
        let acts = match &mut *self.phone.rule.borrow_mut() {
            Some(rule) => rule.handle(sign, now),
            None => return,
        };
        for act in acts {
            self.act_on_interruption(act);
        }
    }

    fn act_on_interruption(self: &Rc<Self>, act: Act) {
        match act {
            Act::Tell(why) => {
                self.face.interrupted.set(why);
                self.say_muted_to_all();
            }
            Act::Begin(why) => {
                self.sight.interrupted();
                if let (Some(call), Some(seat)) = (self.call(), self.own.get()) {
                    self.tell_log(Command::SeatInterrupted {
                        call: call.id,
                        seat,
                        why,
                    });
                }
            }
            Act::Over => {
                if let (Some(call), Some(seat)) = (self.call(), self.own.get()) {
                    self.tell_log(Command::SeatReturned { call: call.id, seat });
                }
            }
            Act::Capture { audio, video } => self.capture_anew(audio, video),
            Act::Play => {
                self.peers().iter().for_each(Peer::play);
                if let Ok(playing) = self.mirror.play() {
                    js::forget(playing);
                }
                if let Some(sound) = self.phone.sound.borrow().as_ref() {
                    let _ = js::call(sound, "resume", &[]);
                }
                self.keep_awake();
            }
            Act::Ask(ask) => self.face.wants_touch.set(ask),
        }
    }

    fn capture_anew(self: &Rc<Self>, audio: bool, video: bool) {
        let Some(capture) = self.capture.borrow().clone() else {
            return;
        };
        let room = Rc::clone(self);
        spawn_local(async move {
            let renewed = capture.renew(audio, video).await;
            if room.capture.borrow().is_none() {
                capture.stop();
                return;
            }
            // A fresh track that is silent from its start waits for its `unmute`, or for a touch.
            let fresh = [(audio, capture.audio()), (video, capture.video())];
            let silent = fresh
                .iter()
                .any(|(asked, track)| *asked && track.as_ref().is_some_and(MediaStreamTrack::muted));
            let sign = if renewed.is_ok() && !silent {
                Sign::Captured
            } else {
                Sign::Refused
            };
            room.carry_on();
            room.sign(sign);
            room.watch_tracks();
            room.say_muted_to_all();
        });
    }

    /// 「カメラとマイクをもどす」.
    pub(in crate::call) fn bring_back(self: &Rc<Self>) {
        self.sign(Sign::Touched);
    }

    /// Whether the other side's page is there.
    pub(super) fn hear_presence(&self, side: Side, presence: Presence) {
        let theirs = if matches!(self.me, Holder::Staff(_)) {
            Side::Guardian
        } else {
            Side::Staff
        };
        if side == theirs && self.face.presence.get_untracked() != Some(presence) {
            self.face.presence.set(Some(presence));
        }
    }

    /// Once a second. What a phone that froze without a word does not log itself, the desk does.
    pub(super) fn look_after_the_other(self: &Rc<Self>) {
        self.sign(Sign::Tick);
        if !matches!(self.me, Holder::Staff(_)) {
            return;
        }
        let away = self.face.presence.get_untracked() == Some(Presence::Away);
        let connected = self.principals().iter().any(|peer| peer.is_connected());
        let silent = away && !connected;
        let seconds = if silent { self.phone.silent_seconds.get() + 1 } else { 0 };
        self.phone.silent_seconds.set(seconds);
        let Some(call) = self.call().filter(|call| call.connected_at.is_some()) else {
            return;
        };
        let call_id = call.id;
        match (self.phone.logged.get(), call.incarnation_of(&Holder::Guardian)) {
            (None, Some(seat)) if seconds == SILENT_SECONDS => {
                self.phone.logged.set(Some(seat));
                let why = Interruption::Hidden;
                self.tell_log(Command::SeatInterrupted {
                    call: call_id,
                    seat,
                    why,
                });
            }
            (Some(seat), _) if connected && !away => {
                self.phone.logged.set(None);
                self.tell_log(Command::SeatReturned { call: call_id, seat });
            }
            _ => {}
        }
    }

    /// Tells the log; that it does not want to know is nobody's matter.
    pub(super) fn tell_log(&self, command: Command) {
        drop(self.live.command(self.consultation, command));
    }
}
