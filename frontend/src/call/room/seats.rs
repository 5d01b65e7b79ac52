//! Which seat is this tab's, and a connection to each of the others.

use super::{Room, UNDELIVERED, report};
use crate::call::{
    fault::MediaFault,
    js,
    media::Capture,
    peer::{Peer, Seats, Told},
    words::{Contact, Muted},
};
use leptos::prelude::*;
use signaling::{
    call::{Call, CallMode},
    id::Seq,
    negotiation::UNSEATED,
    protocol::{DescriptionKind, Signal},
    time::At,
};
use std::rc::Rc;

impl Room {
    /// The command that seats this tab was answered, and its event is still to come.
    pub(super) fn awaits_event(&self) -> bool {
        let seen = self.thread.borrow().seq;
        self.own.get().is_some_and(|own| own > seen)
    }

    pub(super) fn show_taking(&self) {
        let taking = self.taking.get().is_some() || self.awaits_event();
        if self.face.taking.get_untracked() != taking {
            self.face.taking.set(taking);
        }
    }

    /// Which of the seats is this tab's.
    pub(super) fn my_incarnation(&self, call: &Call, seen: Seq) -> Option<Seq> {
        let seated = call.incarnation_of(&self.me)?;
        if self.taking.get().is_some_and(|before| seated > before) {
            // The event came before the answer to the command.
            self.own.set(Some(seated));
        }
        match self.own.get() {
            Some(own) if own == seated || (own > seen && self.taking.get().is_none()) => {}
            // Another screen of the same person took over.
            Some(_) if self.taking.get().is_none() => self.own.set(None),
            Some(_) => {}
            // The desk rang for this page by its own command: the page that has the focus is the one that did.
            None if !call.is_answered() && self.began_before(call.offered_at) && report::has_focus() => {
                self.own.set(Some(seated));
            }
            None => {}
        }
        self.own.get().filter(|own| *own == seated)
    }

    /// For this page after a reload: its seat, and what was switched on in it.
    pub(super) fn remember_seat(&self) {
        let seat = self.own.get().map(|seat| report::Remembered {
            seat,
            microphone: self.face.microphone.get_untracked(),
            camera: self.face.camera.get_untracked() || self.capture.borrow().is_none(),
        });
        report::remember(self.consultation, seat);
    }

    fn began_before(&self, at: At) -> bool {
        self.face.since_ms + self.clock_ahead_ms.get() < at.0 as f64
    }

    pub(super) fn seat(self: &Rc<Self>, call: &Call, mine: Option<Seq>, seen: Seq) {
        self.remember_seat();
        if self.capture.borrow().is_none() {
            self.open_devices_for(call.mode);
        }
        let others: Vec<Seq> = call
            .seats
            .iter()
            .filter(|seat| seat.holder != self.me)
            .map(|seat| seat.incarnation)
            .collect();
        let due = self.seating.borrow_mut().see(seen, mine, others.clone());
        let gone: Vec<Rc<Peer>> = {
            let mut peers = self.peers.borrow_mut();
            let (kept, gone) = std::mem::take(&mut *peers)
                .into_iter()
                .partition(|peer| mine == Some(peer.mine()) && others.contains(&peer.theirs()));
            *peers = kept;
            gone
        };
        gone.iter().for_each(|peer| peer.close());
        self.drop_tiles(&gone);
        if !gone.is_empty() && self.principals().is_empty() && self.contact.get() == Contact::Connected {
            self.set_contact(Contact::Interrupted);
        }
        for (from, signal) in due {
            self.deliver(from, signal);
        }
        self.open_peers();
        self.show_people();
    }

    /// A connection to every other seat, as soon as it is known what to send, or where one was begun while it rang.
    pub(super) fn open_peers(self: &Rc<Self>) {
        let (Some(mine), Some(call)) = (self.seating.borrow().mine(), self.call()) else {
            return;
        };
        let capture = self.capture.borrow().clone();
        let others = self.seating.borrow().others().to_vec();
        for theirs in others {
            if self.peers.borrow().iter().any(|peer| peer.theirs() == theirs) {
                continue;
            }
            let begun = self.take_ahead(mine, theirs, capture.as_deref());
            let opened = match (begun, &capture) {
                (Some(peer), _) => Ok(peer),
                (None, Some(_)) => self.peer(Seats::Taken(mine, theirs)),
                (None, None) => continue,
            };
            match opened {
                Ok(peer) => self.introduce(&peer, capture.as_deref(), call.mode),
                Err(fault) => self.face.fault.set(Some(fault)),
            }
        }
    }

    pub(super) fn peer(self: &Rc<Self>, seats: Seats) -> Result<Rc<Peer>, MediaFault> {
        let room = Rc::downgrade(self);
        let tell = Box::new(move |theirs, told| {
            if let Some(room) = room.upgrade() {
                room.told(theirs, told);
            }
        });
        let live = self.live;
        let ice = Box::new(move || live.ice().unwrap_or_else(|| (Vec::new(), "all".to_owned())));
        Peer::open(seats, ice, tell)
    }

    /// Whether the seat of this page's person was this very page's before it was reloaded.
    pub(super) fn was_here(&self, call: &Call) -> Option<report::Remembered> {
        let seated = call.incarnation_of(&self.me)?;
        report::remembered(self.consultation).filter(|before| before.seat == seated)
    }

    /// Without devices, which may still be opening, what they bring is put in when it comes.
    pub(super) fn introduce(self: &Rc<Self>, peer: &Rc<Peer>, capture: Option<&Capture>, mode: CallMode) {
        let theirs = peer.theirs();
        self.add_tile(peer);
        self.peers.borrow_mut().push(Rc::clone(peer));
        if self.socket_down.get() {
            peer.socket(false);
        }
        if let Some(capture) = capture {
            self.carry_to(peer, capture, mode);
            self.say_muted(peer);
        }
        peer.begin();
        if !self.flows(theirs) {
            peer.video.set_muted(true);
        }
        if peer.has_offer() {
            peer.play();
        }
        let waiting = std::mem::take(&mut *self.undelivered.borrow_mut());
        for (from, signal) in waiting {
            if from == theirs {
                self.deliver(from, signal);
            } else {
                self.undelivered.borrow_mut().push((from, signal));
            }
        }
    }

    /// Puts what is captured into a connection that took another's place.
    fn fill(self: &Rc<Self>, theirs: Seq) {
        let peer = self.peers.borrow().iter().find(|peer| peer.theirs() == theirs).cloned();
        let (Some(peer), Some(capture), Some(call)) = (peer, self.capture.borrow().clone(), self.call()) else {
            return;
        };
        self.carry_to(&peer, &capture, call.mode);
    }

    /// The network holds pictures of this side back, or does not any more: both sides are told.
    fn say_held_back(self: &Rc<Self>) {
        let held_back = self.peers.borrow().iter().any(|peer| peer.is_held_back());
        self.face.held_back.set(held_back);
        self.say_muted_to_all();
    }

    pub(super) fn deliver(self: &Rc<Self>, from: Seq, signal: Signal) {
        if let Signal::Muted { audio, video, why } = signal {
            self.heard_muted(from, Muted { audio, video, why });
            return;
        }
        let peer = self.peers.borrow().iter().find(|peer| peer.theirs() == from).cloned();
        if let (Signal::Unseen, Some(peer)) = (&signal, &peer) {
            peer.send_whole_picture();
            return;
        }
        let offers = matches!(
            &signal,
            Signal::Description {
                description: DescriptionKind::Offer,
                build: 0,
                ..
            }
        );
        let peer = match peer {
            Some(peer) if offers && peer.waits_ahead() => self.let_offer(&peer),
            peer => peer,
        };
        let ahead = self.ahead.borrow().clone().filter(|peer| peer.theirs() == from);
        match peer.or(ahead) {
            Some(peer) => peer.receive_signal(signal),
            None => {
                let mut undelivered = self.undelivered.borrow_mut();
                if undelivered.len() < UNDELIVERED {
                    undelivered.push((from, signal));
                }
            }
        }
    }

    fn told(self: &Rc<Self>, theirs: Seq, told: Told) {
        match told {
            Told::Send(signal) => {
                // To the number of the call as long as nobody has answered.
                let to = if theirs == UNSEATED {
                    self.call().map(|call| call.id)
                } else {
                    Some(theirs)
                };
                // The answer to the command may come before its event.
                let mine = self.seating.borrow().mine().or(self.own.get());
                if let (Some(mine), Some(to)) = (mine, to) {
                    self.live.signal(self.consultation, mine, to, signal);
                }
            }
            Told::Connected => {
                self.say_muted_to_all();
                if self.is_principal(theirs) {
                    self.set_contact(Contact::Connected);
                    self.see_connected();
                    self.report_connected();
                }
                self.show_people();
            }
            Told::Interrupted => {
                // The others' connections are their tiles' matter.
                if self.is_principal(theirs) && !self.principals().iter().any(|peer| peer.is_connected()) {
                    self.set_contact(Contact::Interrupted);
                    self.report_interrupted();
                }
                self.show_people();
            }
            Told::Rebuilt => self.fill(theirs),
            Told::Quality(_) if !self.is_principal(theirs) => {}
            Told::Quality(quality) => {
                self.sight.look(quality);
                self.face.quality.set(Some(quality));
            }
            Told::HeldBack => self.say_held_back(),
            Told::Faltering => self.live.doubt(),
            Told::FirstFrame => {
                if !self.first_frame.replace(true) {
                    js::mark("soudan:first-frame");
                    self.show_mirror();
                }
                self.seen_frame(theirs);
            }
            Told::Found(kind) => self.sight.found(&kind),
            Told::IceError(code) => self.sight.ice_error(code),
            Told::Silenced => self.face.silenced.set(true),
        }
    }
}
