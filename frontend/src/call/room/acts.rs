//! What people do in a call.

use super::Room;
use crate::call::{
    fault::MediaFault,
    js,
    media::{self, Capture, Facing},
    peer::Peer,
};
use leptos::{prelude::*, task::spawn_local};
use signaling::{
    call::{
        CallMode, Holder, MutedWhy,
        interruption::{Media, Sign},
    },
    consultation::Command,
    id::Seq,
    protocol::Signal,
};
use std::{rc::Rc, time::Duration};

/// With what somebody takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::call) enum With {
    /// All that the call carries.
    Everything,
    /// No camera.
    SoundOnly,
    /// Neither camera nor microphone.
    Nothing,
}

/// When the own picture is shown to who answers, if none of the other side has come by then.
const MIRROR_AFTER: Duration = Duration::from_millis(600);

impl Room {
    /// 「ビデオで話す」: the devices first, so that nobody is rung by a clinician without a microphone.
    pub(in crate::call) fn ring(self: &Rc<Self>, mode: CallMode) {
        if self.face.taking.get_untracked() || self.thread.borrow().call.is_some() {
            return;
        }
        self.begin();
        let room = Rc::clone(self);
        spawn_local(async move {
            if room.open_devices(mode == CallMode::Video).await {
                room.take_seat_by(Command::Ring { mode }).await;
            } else {
                room.give_up_seat();
            }
        });
    }

    /// 「出る」, 「通話にもどる」. Devices and seat are asked for together where no question will be opened.
    pub(in crate::call) fn answer(self: &Rc<Self>, with: With) {
        let Some(call) = self.call() else { return };
        if self.face.taking.get_untracked() {
            return;
        }
        js::mark("soudan:answer-clicked");
        self.begin();
        self.begin_to_see(&call);
        let video = with == With::Everything && call.mode == CallMode::Video;
        let room = Rc::clone(self);
        spawn_local(async move {
            let join = Command::Join { call: call.id };
            if with == With::Nothing {
                if room.listen_only() {
                    room.accept_ahead(false, false);
                    room.take_seat_by(join).await;
                }
                return;
            }
            let granted = match room.granted.get() {
                Some(granted) => granted,
                None => media::already_granted(video).await,
            };
            if granted && media::available().is_ok() {
                room.accept_ahead(true, video);
                let seat = Rc::clone(&room);
                spawn_local(async move { seat.take_seat_by(join).await });
                room.open_devices(video).await;
            } else if room.open_devices(video).await {
                room.accept_ahead(true, video);
                room.take_seat_by(join).await;
            } else {
                room.give_up_seat();
            }
        });
    }

    /// While it rings: whether answering will open a question. Saves a turn between the click and the picture.
    pub(super) fn look_ahead(self: &Rc<Self>, mode: CallMode) {
        let room = Rc::clone(self);
        spawn_local(async move {
            let granted = media::already_granted(mode == CallMode::Video).await;
            room.granted.set(Some(granted));
        });
    }

    fn begin(&self) {
        self.phone.start_sound();
        self.face.refused.set(None);
        self.face.fault.set(None);
        self.face.taking.set(true);
        self.taking.set(Some(self.thread.borrow().seq));
    }

    fn give_up_seat(self: &Rc<Self>) {
        self.taking.set(None);
        self.settle();
    }

    /// 「もう一度ためす」, 「音声だけで話す」, 「聞くだけで話す」 after a fault.
    pub(in crate::call) fn retry(self: &Rc<Self>, with: With) {
        self.face.fault.set(None);
        if self.own.get().is_none() {
            self.answer(with);
        } else if with == With::Nothing {
            self.listen_only();
        } else if self.capture.borrow().is_some() {
            self.toggle_camera();
        } else if let Some(call) = self.call() {
            let mode = if with == With::SoundOnly {
                CallMode::Audio
            } else {
                call.mode
            };
            self.open_devices_for(mode);
        }
    }

    async fn take_seat_by(self: &Rc<Self>, command: Command) {
        match self.live.command(self.consultation, command).await {
            // The seat is the last event of both commands.
            Ok(acked) => {
                self.own.set(Some(acked.seq));
                self.say_what_waited(acked.seq);
            }
            Err(refusal) => self.face.refused.set(Some(refusal.to_string())),
        }
        self.give_up_seat();
    }

    /// A page that was reloaded goes on by itself, with what was switched on before, wherever no question will be opened. A
    /// browser that captures plays sound without a touch; where it does not, the screen asks for one. A family's page that
    /// may not capture yet shows a button.
    pub(super) fn return_after_reload(self: &Rc<Self>) {
        let Some(call) = self.call() else { return };
        let Some(before) = self.was_here(&call) else { return };
        let room = Rc::clone(self);
        let video = before.camera && call.mode == CallMode::Video;
        spawn_local(async move {
            if room.me != Holder::Guardian || media::already_granted(video).await {
                room.came_back.set(Some(before));
                room.answer(if video { With::Everything } else { With::SoundOnly });
            }
        });
    }

    /// For a seat that was taken without devices being asked for before.
    pub(super) fn open_devices_for(self: &Rc<Self>, mode: CallMode) {
        if self.opening.get() || self.face.fault.get_untracked().is_some() {
            return;
        }
        let room = Rc::clone(self);
        spawn_local(async move {
            room.open_devices(mode == CallMode::Video).await;
        });
    }

    async fn open_devices(self: &Rc<Self>, video: bool) -> bool {
        if self.capture.borrow().is_some() {
            return true;
        }
        if self.opening.replace(true) {
            return false;
        }
        let opened = Capture::open(video).await;
        self.opening.set(false);
        match opened {
            Ok((capture, lacking)) => {
                self.sight.devices_are_there();
                // The family chose to listen and type.
                let quiet = self.me == Holder::Guardian && self.thread.borrow().quiet;
                let muted = self.came_back.take().is_some_and(|before| !before.microphone);
                let quiet = quiet || muted;
                capture.hear(!quiet);
                self.face.microphone.set(!quiet);
                self.face.fault.set(lacking);
                self.use_capture(capture);
                true
            }
            Err(fault) => {
                self.sight.devices_failed(fault);
                // The seat may be taken already, and from it nothing is heard.
                self.face.microphone.set(false);
                self.face.fault.set(Some(fault));
                false
            }
        }
    }

    /// 「聞くだけで話す」.
    pub(in crate::call) fn listen_only(self: &Rc<Self>) -> bool {
        match Capture::none() {
            Ok(capture) => {
                self.sight.devices_are_there();
                self.face.microphone.set(false);
                self.face.fault.set(None);
                self.use_capture(capture);
                true
            }
            Err(fault) => {
                self.face.fault.set(Some(fault));
                false
            }
        }
    }

    fn use_capture(self: &Rc<Self>, capture: Capture) {
        let wanted = self.taking.get().is_some() || self.own.get().is_some();
        if !wanted {
            // The call ended while the question was open.
            capture.stop();
            return;
        }
        let capture = Rc::new(capture);
        self.capture.replace(Some(Rc::clone(&capture)));
        let call = self.call();
        let begun = self.peers();
        if let Some(call) = &call {
            // First of all, because somebody waits for it.
            begun.iter().for_each(|peer| self.carry_to(peer, &capture, call.mode));
        }
        self.show_devices();
        self.watch_tracks();
        self.open_peers();
        begun.iter().for_each(|peer| self.say_muted(peer));
        if let Some(call) = &call {
            self.make_ready(call);
            // Their picture first: to show one's own costs a phone as much.
            let room = Rc::downgrade(self);
            let mirror = move || {
                if let Some(room) = room.upgrade() {
                    room.show_mirror();
                }
            };
            set_timeout(mirror, MIRROR_AFTER);
        } else {
            self.show_mirror();
        }
    }

    fn show_devices(&self) {
        let Some(capture) = self.capture.borrow().clone() else {
            return;
        };
        self.face.camera.set(capture.video().is_some());
        self.face.mirrored.set(capture.facing() == Facing::User);
        self.face.light.set(capture.has_torch().then_some(false));
    }

    /// The own picture, or none where nothing is filmed.
    pub(super) fn show_mirror(&self) {
        let Some(capture) = self.capture.borrow().clone() else {
            return;
        };
        let picture = capture
            .video()
            .and_then(|_| web_sys::MediaStream::new_with_stream(&capture.stream).ok());
        self.mirror.set_src_object(picture.as_ref());
        // Muted pictures may always play; a refusal would leave a still one.
        if let Ok(playing) = self.mirror.play() {
            js::forget(playing);
        }
    }

    /// Sends what is captured now, and says what is off.
    pub(super) fn carry_on(self: &Rc<Self>) {
        self.show_devices();
        self.show_mirror();
        let (Some(capture), Some(call)) = (self.capture.borrow().clone(), self.call()) else {
            return;
        };
        for peer in self.peers() {
            self.carry_to(&peer, &capture, call.mode);
        }
        self.watch_tracks();
        self.say_muted_to_all();
    }

    pub(super) fn say_muted(&self, peer: &Peer) {
        let (no_sound, no_picture) = self.phone.lacks();
        let camera = self.face.camera.get_untracked() && !no_picture;
        let held_back = camera && peer.is_held_back();
        let signal = Signal::Muted {
            audio: no_sound || !self.face.microphone.get_untracked(),
            video: !camera || held_back,
            why: self.phone.why().or(held_back.then_some(MutedWhy::Network)),
        };
        self.live.signal(self.consultation, peer.mine(), peer.theirs(), signal);
    }

    pub(super) fn say_muted_to_all(&self) {
        self.remember_seat();
        self.peers().iter().for_each(|peer| self.say_muted(peer));
    }

    fn changing<F: AsyncFnOnce(&Capture) -> Result<(), MediaFault> + 'static>(self: &Rc<Self>, change: F) {
        let Some(capture) = self.capture.borrow().clone() else {
            return;
        };
        let room = Rc::clone(self);
        spawn_local(async move {
            let changed = change(&capture).await;
            room.face.fault.set(changed.err());
            if room.capture.borrow().is_none() {
                capture.stop();
            }
            room.carry_on();
        });
    }

    /// 「マイク」.
    pub(in crate::call) fn toggle_microphone(self: &Rc<Self>) {
        let on = !self.face.microphone.get_untracked();
        let Some(capture) = self.capture.borrow().clone() else {
            return;
        };
        if on && capture.audio().is_none() {
            let face = self.face;
            self.changing(async move |capture: &Capture| {
                capture.microphone_on().await?;
                face.microphone.set(true);
                Ok(())
            });
            return;
        }
        capture.hear(on);
        self.face.microphone.set(on);
        self.say_muted_to_all();
    }

    /// 「カメラ」.
    pub(in crate::call) fn toggle_camera(self: &Rc<Self>) {
        let on = !self.face.camera.get_untracked();
        self.sign(Sign::Chosen(Media::Video));
        self.changing(async move |capture: &Capture| {
            if on {
                return capture.camera_on().await;
            }
            capture.camera_off();
            Ok(())
        });
    }

    /// 「反転」.
    pub(in crate::call) fn flip(self: &Rc<Self>) {
        self.sign(Sign::Chosen(Media::Video));
        self.changing(async |capture: &Capture| capture.flip().await);
    }

    /// 「ライト」: to show a rash in the dark, where the camera has a lamp.
    pub(in crate::call) fn toggle_light(self: &Rc<Self>) {
        let on = self.face.light.get_untracked() == Some(false);
        let Some(capture) = self.capture.borrow().clone() else {
            return;
        };
        let face = self.face;
        spawn_local(async move {
            // A lamp that does not obey is shown as what it is: off.
            let lit = capture.light(on).await.is_ok() && on;
            face.light.set(Some(lit));
        });
    }

    /// 「音声だけにする」, 「ビデオにする」.
    pub(in crate::call) fn ask_mode(self: &Rc<Self>, mode: CallMode) {
        let Some(call) = self.call() else { return };
        self.asked_video.set(mode == CallMode::Video);
        self.send(Command::ChangeCallMode { call: call.id, mode });
    }

    /// What the log says the call carries now. A camera goes on by itself only where its owner asked for video.
    pub(super) fn change_mode(self: &Rc<Self>, mode: CallMode) {
        let before = self.mode.replace(Some(mode));
        if before.is_none_or(|before| before == mode) {
            return;
        }
        let on = mode == CallMode::Video && self.asked_video.take();
        self.face.seen.set(false);
        self.changing(async move |capture: &Capture| {
            if on {
                return capture.camera_on().await;
            }
            if mode == CallMode::Audio {
                capture.camera_off();
            }
            Ok(())
        });
    }

    /// 「今は出られない」.
    pub(in crate::call) fn decline(self: &Rc<Self>) {
        let Some(call) = self.call() else { return };
        self.leave(call.id);
        self.send(Command::Decline { call: call.id });
    }

    /// 「終了」, 「取り消す」. Media end at once, also while the socket is down; the log follows.
    pub(in crate::call) fn hang_up(self: &Rc<Self>) {
        let Some(call) = self.call() else { return };
        let failed = call.is_answered() && call.connected_at.is_none();
        let is_mine = self.is_mine();
        self.leave(call.id);
        self.send(if is_mine {
            Command::HangUp { call: call.id, failed }
        } else {
            Command::Leave { call: call.id }
        });
    }

    fn leave(self: &Rc<Self>, call: Seq) {
        self.left.set(Some(call));
        self.taking.set(None);
        self.own.set(None);
        self.settle();
    }

    /// 「音声を聞く」.
    pub(in crate::call) fn unsilence(&self) {
        self.face.silenced.set(false);
        let heard = self.peers().into_iter().filter(|peer| self.flows(peer.theirs()));
        heard.for_each(|peer| peer.unsilence());
    }

    pub(super) fn send(self: &Rc<Self>, command: Command) {
        let answer = self.live.command(self.consultation, command);
        let face = self.face;
        spawn_local(async move {
            if let Err(refusal) = answer.await {
                face.refused.set(Some(refusal.to_string()));
            }
        });
    }
}
