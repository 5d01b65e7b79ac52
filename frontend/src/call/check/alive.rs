//! What the page does: asks for the devices, measures, tells the server, and listens for a call meanwhile.

use super::{Face, Step, Wanted, connection, sound};
use crate::{
    call::{
        fault::{Browser, MediaFault},
        js,
        media::{Capture, available},
    },
    clock::new_command_id,
    guardian::received,
    live::Live,
    page::check::CheckPage,
};
use leptos::prelude::*;
use signaling::{
    call::{
        Holder,
        agent::{BrowserFamily, DeviceKind},
    },
    check::{Connection, Device, Heard, Measured},
    consultation::{Lane, Speaker, WireEvent, WireKind},
    protocol::{ServerFrame, Side},
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

/// One visit of the page.
#[derive(Clone, Copy)]
pub(super) struct Session {
    face: Face,
    page: StoredValue<CheckPage>,
    kept: StoredValue<Rc<Kept>, LocalStorage>,
}

/// What belongs to the browser.
#[derive(Default)]
struct Kept {
    capture: RefCell<Option<Capture>>,
    sound: RefCell<Option<sound::Sound>>,
    /// Counts the checks: what an earlier one still does is nobody's.
    run: Cell<u32>,
}

impl Session {
    /// Comes to life with the page.
    pub(super) fn begin(page: CheckPage, face: Face) -> Self {
        if let (Side::Guardian, Some((consultation, cursor))) = (page.side, page.follows) {
            let live = Live::connect(vec![(consultation, cursor)], false, received::frame);
            live.on_frame(move |frame| {
                if let ServerFrame::Events {
                    consultation: of,
                    events,
                    ..
                } = frame
                    && *of == consultation
                {
                    events.iter().for_each(|event| listen(face, event));
                }
            });
        }
        let session = Self {
            face,
            page: StoredValue::new(page),
            kept: StoredValue::new_local(Rc::default()),
        };
        // Not while the page is being taken over: it must begin as the server made it.
        Effect::new(move |_| {
            let agent = js::user_agent();
            face.browser.set(Browser::of(&agent));
            face.agent.set((DeviceKind::of(&agent), BrowserFamily::of(&agent)));
            face.alive.set(true);
        });
        session
    }

    fn kept(self) -> Rc<Kept> {
        self.kept.with_value(Rc::clone)
    }

    /// 「確認をはじめる」.
    pub(super) fn start(self) {
        let (face, kept) = (self.face, self.kept());
        let run = kept.run.get().wrapping_add(1);
        kept.run.set(run);
        if let Some(capture) = kept.capture.take() {
            capture.stop();
        }
        if let Some(sound) = kept.sound.take() {
            sound.ends();
        }
        face.step.set(Step::Asking);
        face.connection.set(None);
        face.fault.set(None);
        face.note.set(None);
        face.voice.set(false);
        face.progress.set(0);
        face.picture.set(Device::Unasked);
        face.sound.set(Device::Unasked);
        // Browsers let sound begin in the very click.
        let sound = sound::Sound::open();
        kept.sound.replace(sound.clone());
        leptos::task::spawn_local(async move {
            let connection = self.checks(run, sound).await;
            if kept.run.get() != run {
                return;
            }
            face.connection.set(Some(connection));
            face.step.set(Step::Done);
            js::mark("check-verdict");
            self.report();
        });
    }

    async fn checks(self, run: u32, sound: Option<sound::Sound>) -> Connection {
        let (face, kept) = (self.face, self.kept());
        if let Err(fault) = available() {
            face.fault.set(Some(fault));
            return Connection::Unsupported;
        }
        let wants_picture = self.page.with_value(|page| page.wants_picture);
        let opened = Capture::open(wants_picture).await;
        if kept.run.get() != run {
            if let Ok((capture, _)) = opened {
                capture.stop();
            }
            return Connection::Untried;
        }
        match opened {
            Ok((capture, fault)) => {
                face.sound.set(Device::Works);
                face.fault.set(fault);
                if wants_picture {
                    face.picture.set(fault.map_or(Device::Works, device));
                    if let Some(mirror) = face.mirror.get_untracked() {
                        mirror.set_muted(true);
                        mirror.set_src_object(Some(&capture.stream));
                    }
                }
                if let Some(sound) = sound {
                    sound.measures(&capture.stream, face.level, face.voice);
                }
                kept.capture.replace(Some(capture));
            }
            Err(fault) => {
                face.fault.set(Some(fault));
                face.sound.set(device(fault));
                if wants_picture {
                    face.picture.set(device(fault));
                }
            }
        }
        face.step.set(Step::Measuring);
        js::mark("check-devices");
        let page = self.page.get_value();
        let (connection, note) = connection::measured(&page, face.progress).await;
        face.note.set(note);
        connection
    }

    /// 「音を鳴らす」.
    pub(super) fn play(self) {
        let kept = self.kept();
        let sound = kept.sound.borrow().clone().or_else(sound::Sound::open);
        if let Some(sound) = sound {
            sound.chimes();
            kept.sound.replace(Some(sound));
        }
        self.face.played.set(true);
    }

    /// 「はい」 or 「いいえ」. Said after the verdict it changes it, and the desk hears of that.
    pub(super) fn says_heard(self, heard: Heard) {
        let before = self.face.heard.get_untracked();
        self.face.heard.set(heard);
        if before != heard && self.face.step.get_untracked() == Step::Done {
            self.report();
        }
    }

    /// Lets the clinician see it. A clinician's own check is theirs alone.
    fn report(self) {
        let Some(measured) = untrack(|| self.face.measured()) else {
            return;
        };
        let page = self.page.get_value();
        if page.side == Side::Guardian {
            leptos::task::spawn_local(async move { tell(&page, &measured).await });
        }
    }
}

/// Nothing is said when it fails: the verdict stands on the page, and the family can do nothing about it.
async fn tell(page: &CheckPage, measured: &Measured) {
    let report = serde_json::json!({ "command": new_command_id(), "measured": measured });
    let address = format!("{}/check", page.path);
    drop(connection::posts(&address, "application/json", &report.to_string()).await);
}

fn device(fault: MediaFault) -> Device {
    match fault {
        MediaFault::Refused => Device::Refused,
        MediaFault::NoDevice => Device::Missing,
        MediaFault::InUse => Device::Busy,
        MediaFault::Insecure | MediaFault::InAppBrowser | MediaFault::Unsupported | MediaFault::Other => Device::Fault,
    }
}

/// What happens in the consultation while its family is here.
fn listen(face: Face, event: &WireEvent) {
    let wants = |words: String, rings| face.wanted.set(Some(Wanted { words, rings }));
    match &event.kind {
        WireKind::CallOffered { by, .. } => {
            js::vibrate(&[400, 200, 400]);
            wants(format!("{}が呼び出しています", by.addressed()), true);
        }
        WireKind::Claimed { by, .. } => wants(format!("順番が来ました。{}が担当します", by.addressed()), false),
        WireKind::Said {
            speaker: Speaker::Staff(by),
            lane: Lane::Everyone,
            ..
        } if !rings(face) => wants(format!("{}からメッセージが届いています", by.addressed()), false),
        // Answered on another device, or over.
        WireKind::CallJoined {
            holder: Holder::Guardian,
            ..
        } => face.wanted.set(None),
        WireKind::CallEnded { .. } if rings(face) => {
            wants("呼び出しが終わりました。相談の画面から続けられます".to_owned(), false);
        }
        _ => {}
    }
}

fn rings(face: Face) -> bool {
    face.wanted
        .with_untracked(|wanted| wanted.as_ref().is_some_and(|wanted| wanted.rings))
}
