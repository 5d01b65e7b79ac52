//! What is looked at while this tab is seated: twice a second whether packets come, by the second what is shown, and whatever
//! the browser says of its networks.

use super::Room;
use crate::{
    call::{js, peer::Peer, words::Contact},
    live::LinkState,
};
use leptos::prelude::*;
use signaling::{call::CallMode, negotiation::pulse, protocol::Signal, time::At};
use std::{cell::RefCell, rc::Rc, time::Duration};

/// Milliseconds without a connection after which chat is suggested.
const FAILING_MS: u64 = 18_000;
/// Ticks in a second, and between two whole looks at the figures.
const TICKS_A_SECOND: u32 = 2;
const TICKS_A_LOOK: u32 = 4;

impl Room {
    /// Twice a second while this tab is seated.
    pub(super) fn keep_ticking(self: &Rc<Self>) {
        if self.ticking.get().is_some() {
            return;
        }
        let room = Rc::downgrade(self);
        let tick = move || {
            if let Some(room) = room.upgrade() {
                room.tick();
            }
        };
        let every = Duration::from_millis(pulse::LOOK_EVERY_MS);
        self.ticking.set(set_interval_with_handle(tick, every).ok());
        self.tick();
    }

    fn tick(self: &Rc<Self>) {
        let ticks = self.ticks.get().wrapping_add(1);
        self.ticks.set(ticks);
        self.notice_socket();
        for peer in self.peers() {
            // Of who waits, or whose page is away, little or nothing comes, and that is no fault of the network.
            let sparse = !self.flows(peer.theirs()) || self.is_away(peer.theirs());
            peer.look(ticks.is_multiple_of(TICKS_A_LOOK), sparse);
        }
        if ticks.is_multiple_of(TICKS_A_SECOND) {
            self.second();
        }
    }

    /// What is shown by the second.
    fn second(self: &Rc<Self>) {
        let connected_at = self.thread.borrow().call.as_ref().and_then(|call| call.connected_at);
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch")]
        let now_ms = (crate::clock::now_ms() + self.clock_ahead_ms.get()) as i64;
        let talked = connected_at.map(|at| At(now_ms).seconds_since(at));
        if self.face.talked_seconds.get_untracked() != talked {
            self.face.talked_seconds.set(talked);
        }
        let waited_ms = self
            .principals()
            .iter()
            .map(|peer| peer.unconnected_ms())
            .max()
            .unwrap_or(0);
        if waited_ms >= FAILING_MS && self.contact.get() != Contact::Connected && !self.socket_down.get() {
            self.set_contact(Contact::Failing);
        }
        self.look_after_the_other();
        self.ask_for_pictures();
        self.listen();
        self.keep_awake();
    }

    /// A picture that should come and is not to be seen is asked for: the first one may be lost before the other side decodes, and
    /// with it all that build on it.
    fn ask_for_pictures(&self) {
        let video = self.call().is_some_and(|call| call.mode == CallMode::Video);
        for peer in self.peers() {
            let is_due = video && peer.is_connected() && self.flows(peer.theirs()) && !self.is_away(peer.theirs());
            let is_unseen = is_due && !document().hidden() && !self.is_pictured(peer.theirs());
            if peer.misses_pictures(is_unseen) {
                let (mine, theirs) = (peer.mine(), peer.theirs());
                self.live.signal(self.consultation, mine, theirs, Signal::Unseen);
            }
        }
    }

    /// While the signalling socket is down nothing can be negotiated.
    fn notice_socket(self: &Rc<Self>) {
        let down = self.live.link().get_untracked() != LinkState::Connected;
        if down && !self.socket_down.replace(true) {
            self.peers().iter().for_each(|peer| peer.socket(false));
        }
    }

    /// Whatever the browser says of its networks: back online, or from one kind to another (`navigator.connection`, which
    /// also reports every new estimate of the speed, hence the kind).
    pub(super) fn notice_networks(self: &Rc<Self>) {
        let room = Rc::downgrade(self);
        let changed = move || {
            let Some(room) = room.upgrade() else { return };
            room.offer_ahead_anew();
            if room.peers.borrow().is_empty() {
                return;
            }
            room.live.doubt();
            room.peers().iter().for_each(Peer::network_changed);
        };
        let online = changed.clone();
        window_event_listener_untyped("online", move |_| online());
        let kind = RefCell::new(js::network_kind());
        js::on_network_change(move || {
            let now = js::network_kind();
            if kind.replace(now.clone()) != now {
                changed();
            }
        });
    }
}
