//! What the log is told of the connection, what is measured of it, and what the tab remembers across a reload.

use super::Room;
use crate::call::{js, words::Contact};
use leptos::{prelude::*, task::spawn_local};
use signaling::{
    call::{Holder, Path},
    consultation::Command,
    id::{ConsultationId, Seq},
};
use std::{rc::Rc, time::Duration};

/// How long the family's side leaves it to the clinician's to report: both see the same.
const FAMILY_WAITS: Duration = Duration::from_secs(2);

/// How long the clinician's side leaves the machine to the first pictures: what it reports draws both pages anew.
const PICTURES_FIRST: Duration = Duration::from_millis(500);

impl Room {
    pub(super) fn report_connected(self: &Rc<Self>) {
        self.report(Contact::Connected);
    }

    pub(super) fn report_interrupted(self: &Rc<Self>) {
        self.report(Contact::Interrupted);
    }

    fn report(self: &Rc<Self>, contact: Contact) {
        let room = Rc::clone(self);
        let now = move || room.report_now(contact);
        match self.me {
            Holder::Staff(_) if self.is_mine() && contact == Contact::Interrupted => now(),
            Holder::Staff(_) if self.is_mine() => set_timeout(now, PICTURES_FIRST),
            Holder::Staff(_) | Holder::Guardian => set_timeout(now, FAMILY_WAITS),
            // The log tells of the family's connection to the desk.
            Holder::Guest { .. } => {}
        }
    }

    /// Only what still holds, and what the log does not know yet.
    fn report_now(self: &Rc<Self>, contact: Contact) {
        let Some(call) = self.call().filter(|_| self.contact.get() == contact) else {
            return;
        };
        let interrupted = self.thread.borrow().interrupted;
        let (known, connected) = (call.connected_at.is_some(), contact == Contact::Connected);
        if connected && (!known || interrupted) {
            let room = Rc::clone(self);
            spawn_local(async move {
                let peer = room.principals().into_iter().find(|peer| peer.is_connected());
                let path = match peer {
                    Some(peer) => peer.quality().await.path,
                    None => Path::Unknown,
                };
                room.send(Command::CallConnected { call: call.id, path });
            });
        } else if !connected && known && !interrupted {
            self.send(Command::CallInterrupted { call: call.id });
        }
    }

    /// A phone that locks itself ends the picture, and on some the call.
    pub(super) fn keep_awake(self: &Rc<Self>) {
        let held = self
            .awake
            .borrow()
            .as_ref()
            .is_some_and(|lock| !js::property(lock, "released").is_truthy());
        if held || document().hidden() || self.contact.get() != Contact::Connected {
            return;
        }
        let room = Rc::clone(self);
        spawn_local(async move {
            let lock = js::stay_awake().await;
            room.awake.replace(lock);
            if room.own.get().is_none() {
                room.sleep();
            }
        });
    }

    pub(super) fn sleep(&self) {
        if let Some(lock) = self.awake.take() {
            let _ = js::call(&lock, "release", &[]);
        }
    }
}

pub(super) fn has_focus() -> bool {
    document().has_focus().unwrap_or(false)
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

fn key(consultation: ConsultationId) -> String {
    format!("soudan:seat:{consultation}")
}

/// What this tab had in its seat, across a reload and for this tab alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remembered {
    pub(super) seat: Seq,
    pub(super) microphone: bool,
    pub(super) camera: bool,
}

impl Remembered {
    fn write(self) -> String {
        format!("{} {} {}", self.seat, self.microphone, self.camera)
    }

    fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        Some(Self {
            seat: words.next()?.parse().ok()?,
            microphone: words.next()?.parse().ok()?,
            camera: words.next()?.parse().ok()?,
        })
    }
}

pub(super) fn remember(consultation: ConsultationId, seat: Option<Remembered>) {
    // Where nothing can be stored, the page asks before it goes on.
    if let Some(storage) = storage() {
        let _ = match seat {
            Some(seat) => storage.set_item(&key(consultation), &seat.write()),
            None => storage.remove_item(&key(consultation)),
        };
    }
}

pub(super) fn remembered(consultation: ConsultationId) -> Option<Remembered> {
    Remembered::read(&storage()?.get_item(&key(consultation)).ok()??)
}
