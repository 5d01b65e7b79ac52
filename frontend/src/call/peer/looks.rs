//! Looking at a connection: whether anything arrives, how well, and whether the way out carries pictures.

use super::{Peer, Told};
use crate::{
    call::{figures::Look, words::Quality},
    clock::running_ms,
};
use leptos::task::spawn_local;
use std::rc::Rc;

/// When a picture that should be seen and is not is asked for: RTCP has asked some times by then.
const ASKS_AFTER_SECONDS: [u32; 3] = [3, 6, 12];

impl Peer {
    /// A look. `whole`: also at the quality and the way out, whose figures need some seconds to mean something. `sparse`: the
    /// other side's devices were taken from it. Asks nothing while the last look is still being answered.
    pub(in crate::call) fn look(self: &Rc<Self>, whole: bool, sparse: bool) {
        if !self.begun.get() {
            // Its beginning is not slowed down by questions.
            self.advance(|pair| pair.tick(running_ms()));
            return;
        }
        if self.closed.get() || self.looking.replace(true) {
            return;
        }
        let peer = Rc::clone(self);
        spawn_local(async move {
            let build = peer.build.get();
            let look = Look::at(&peer.connection()).await;
            peer.looking.set(false);
            if peer.closed.get() || peer.build.get() != build {
                return;
            }
            peer.advance(|pair| pair.looked(look.arrived(), sparse, running_ms()));
            if whole && peer.connected.get() {
                peer.judge(&look);
            }
        });
    }

    fn judge(self: &Rc<Self>, look: &Look) {
        let (quality, packets) = look.quality(self.packets.get());
        self.packets.set(packets);
        self.say(Told::Quality(quality));
        if !self.tuned.replace(true) {
            self.tune();
        }
        if !self.has_pictures() {
            return;
        }
        let before = self.is_held_back();
        let out = look.outgoing(!before);
        let changed = self.pause.borrow_mut().look(running_ms(), &out);
        if changed.is_some() {
            self.show_pictures();
        }
        if self.is_held_back() != before {
            self.say(Told::HeldBack);
        }
    }

    /// Once a second. Whether a whole picture is to be asked for now.
    pub(in crate::call) fn misses_pictures(&self, is_unseen: bool) -> bool {
        let seconds = if is_unseen {
            self.unseen_seconds.get().saturating_add(1)
        } else {
            0
        };
        self.unseen_seconds.set(seconds);
        ASKS_AFTER_SECONDS.contains(&seconds)
    }

    /// Whether the network holds this side's pictures back.
    pub(in crate::call) fn is_held_back(&self) -> bool {
        self.pause.borrow().is_paused()
    }

    /// The quality of now, without waiting for the next look.
    pub(in crate::call) async fn quality(&self) -> Quality {
        let look = Look::at(&self.connection()).await;
        look.quality(self.packets.get()).0
    }
}
