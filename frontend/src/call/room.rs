//! The call of one consultation in this tab: its seats, one connection to each other seat, and what the screen shows of them.
//!
//! Promises: a room follows the log by itself and outlives whatever renders it, so that a page that is drawn anew finds its
//! call playing; connections are opened, replaced and closed by what the log says and by nothing else; devices are let go
//! when the call ends, however it ends.
//!
//! The parts: here, the room's life and what arrives in it; `seats`, the connections; `people`, who is in the call as the
//! screen shows them; `ahead`, what is done before anybody answers; `acts`, what people do; `inviting`, who may come and go; `ticks`, what is looked at by the second;
//! `report`, what the log is told.

mod acts;
mod ahead;
mod face;
mod inviting;
mod people;
mod phone;
mod report;
mod seats;
mod sight;
mod ticks;

pub(super) use acts::With;
pub(super) use face::{Face, Person};

use super::{
    js,
    media::Capture,
    peer::Peer,
    tile::Tile,
    words::{Contact, Muted},
};
use crate::live::Live;
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};
use signaling::{
    call::{Call, CallMode, Holder},
    id::{ConsultationId, Seq},
    negotiation::{Arrived, Seating},
    protocol::{ServerFrame, Signal},
    view::Thread,
};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlVideoElement};

/// Signals for a connection that waits for the devices.
const UNDELIVERED: usize = 128;

thread_local! {
    static ROOMS: RefCell<HashMap<ConsultationId, Rc<Room>>> = RefCell::default();
}

pub(super) struct Room {
    live: Live,
    consultation: ConsultationId,
    me: Holder,
    pub(super) face: Face,
    /// Holds the players of the other seats.
    pub(super) stage: HtmlElement,
    /// Shows what is captured here.
    pub(super) mirror: HtmlVideoElement,
    thread: RefCell<Thread>,
    seating: RefCell<Seating>,
    peers: RefCell<Vec<Rc<Peer>>>,
    tiles: RefCell<Vec<(Seq, Tile)>>,
    /// What the others have switched off, by incarnation.
    muted: RefCell<HashMap<Seq, Muted>>,
    /// Who was heard just now, by incarnation.
    speaking: RefCell<Vec<Seq>>,
    /// Of whom a picture was shown, by incarnation.
    pictured: RefCell<Vec<Seq>>,
    /// The call is held, as far as it was done here.
    held: Cell<bool>,
    undelivered: RefCell<Vec<(Seq, Signal)>>,
    capture: RefCell<Option<Rc<Capture>>>,
    /// Devices are being asked for.
    opening: Cell<bool>,
    /// The incarnation that is this tab's.
    own: Cell<Option<Seq>>,
    /// A command is under way that will seat this tab, and the last event before it.
    taking: Cell<Option<Seq>>,
    /// Made while it rings.
    ahead: RefCell<Option<Rc<Peer>>>,
    /// Whether devices are known to be allowed, asked while it rings.
    granted: Cell<Option<bool>>,
    /// The call that was hung up here, until the log says so too.
    left: Cell<Option<Seq>>,
    mode: Cell<Option<CallMode>>,
    /// This side asked for video, so its camera goes on.
    asked_video: Cell<bool>,
    /// What was switched on here before the page was reloaded.
    came_back: Cell<Option<report::Remembered>>,
    contact: Cell<Contact>,
    first_frame: Cell<bool>,
    clock_ahead_ms: Cell<f64>,
    ticking: Cell<Option<IntervalHandle>>,
    ticks: Cell<u32>,
    /// The connections know that the signalling socket is down.
    socket_down: Cell<bool>,
    awake: RefCell<Option<JsValue>>,
    /// What the phone does behind the page's back.
    phone: phone::Phone,
    /// What this page saw of the call.
    sight: sight::Seeing,
}

impl Room {
    /// The room of a consultation; made when it is first asked for.
    pub(super) fn of(live: Live, consultation: ConsultationId, me: &Holder, thread: &Thread) -> Option<Rc<Self>> {
        let known = ROOMS.with_borrow(|rooms| rooms.get(&consultation).cloned());
        if let Some(room) = known {
            room.catch_up(thread);
            return Some(room);
        }
        let room = Rc::new(Self {
            live,
            consultation,
            me: me.clone(),
            face: Face::new(),
            stage: element("div", "call-people")?,
            mirror: element("video", "call-mirror")?,
            thread: RefCell::new(thread.clone()),
            seating: RefCell::default(),
            peers: RefCell::default(),
            tiles: RefCell::default(),
            muted: RefCell::default(),
            speaking: RefCell::default(),
            pictured: RefCell::default(),
            held: Cell::new(false),
            undelivered: RefCell::default(),
            capture: RefCell::default(),
            opening: Cell::new(false),
            own: Cell::new(None),
            taking: Cell::new(None),
            ahead: RefCell::default(),
            granted: Cell::new(None),
            left: Cell::new(None),
            mode: Cell::new(None),
            asked_video: Cell::new(false),
            came_back: Cell::new(None),
            contact: Cell::default(),
            first_frame: Cell::new(false),
            clock_ahead_ms: Cell::new(0.0),
            ticking: Cell::new(None),
            ticks: Cell::new(0),
            socket_down: Cell::new(false),
            awake: RefCell::default(),
            phone: phone::Phone::default(),
            sight: sight::Seeing::default(),
        });
        room.mirror.set_muted(true);
        room.mirror.set_autoplay(true);
        for (name, value) in [("playsinline", ""), ("aria-label", "自分の映像")] {
            let _ = room.mirror.set_attribute(name, value);
        }
        ROOMS.with_borrow_mut(|rooms| rooms.insert(consultation, Rc::clone(&room)));
        let listener = Rc::downgrade(&room);
        live.on_frame(move |frame| {
            if let Some(room) = listener.upgrade() {
                room.hear(frame);
            }
        });
        room.notice_networks();
        room.settle();
        room.return_after_reload();
        Some(room)
    }

    fn hear(self: &Rc<Self>, frame: &ServerFrame) {
        match frame {
            ServerFrame::Welcome { now, started_at, .. } => {
                self.tell_time(now.0);
                self.sight.server_runs_since(*started_at);
                self.socket_down.set(false);
                self.peers().iter().for_each(|peer| peer.socket(true));
                self.say_ahead_again();
            }
            ServerFrame::Beat { now, .. } => self.tell_time(now.0),
            ServerFrame::Presence {
                consultation,
                side,
                presence,
            } if *consultation == self.consultation => {
                self.hear_presence(*side, *presence);
                self.tell_who_came(*side, *presence);
            }
            ServerFrame::Events {
                consultation, events, ..
            } if *consultation == self.consultation => {
                {
                    let mut thread = self.thread.borrow_mut();
                    events.iter().for_each(|event| thread.fold(event));
                }
                self.settle();
            }
            ServerFrame::Signal {
                consultation,
                from,
                to,
                signal,
            } if *consultation == self.consultation => {
                let arrived = self.seating.borrow_mut().arrived(*from, *to, signal.clone());
                let went_ahead = self.call().is_some_and(|call| call.id == *to);
                if let Arrived::Now(signal) = arrived
                    && (!went_ahead || self.takes_ahead(*from))
                {
                    self.deliver(*from, signal);
                }
            }
            _ => {}
        }
    }

    fn tell_time(&self, now_ms: i64) {
        self.clock_ahead_ms.set(now_ms as f64 - crate::clock::now_ms());
    }

    /// The page may know more than the socket brought: it was rendered later, or it polls.
    pub(super) fn catch_up(self: &Rc<Self>, thread: &Thread) {
        if thread.seq > self.thread.borrow().seq {
            self.thread.replace(thread.clone());
            self.settle();
        }
    }

    fn peers(&self) -> Vec<Rc<Peer>> {
        self.peers.borrow().clone()
    }

    fn call(&self) -> Option<Call> {
        self.thread
            .borrow()
            .call
            .clone()
            .filter(|call| self.left.get() != Some(call.id))
    }

    /// Brings everything here in line with the log.
    fn settle(self: &Rc<Self>) {
        let seen = self.thread.borrow().seq;
        if self.thread.borrow().call.is_none() {
            self.left.set(None);
        }
        let call = self.call();
        if self.face.call.with_untracked(|shown| *shown != call) {
            self.face.call.set(call.clone());
        }
        self.see(call.as_ref());
        let Some(call) = call else {
            self.end();
            self.show_taking();
            return;
        };
        let mine = self.my_incarnation(&call, seen);
        let rings_for = self.is_told_ahead().then_some(call.id);
        self.seating.borrow_mut().ring(rings_for, call.rang_from());
        self.show_taking();
        self.show_responsible();
        if self.face.own.get_untracked() != mine {
            self.face.own.set(mine);
        }
        if mine.is_some() {
            self.keep_ticking();
            self.watch_phone();
            self.change_mode(call.mode);
            self.seat(&call, mine, seen);
            self.hold(&call);
            self.make_ready(&call);
        } else {
            let elsewhere = self.was_here(&call).is_none();
            if self.face.elsewhere.get_untracked() != elsewhere {
                self.face.elsewhere.set(elsewhere);
            }
            self.let_go_unless_taking();
            self.look_ahead(call.mode);
            self.make_ready(&call);
            let due = self.seating.borrow_mut().see(seen, None, Vec::new());
            for (from, signal) in due {
                self.deliver(from, signal);
            }
        }
    }

    fn set_contact(&self, contact: Contact) {
        self.contact.set(contact);
        if self.face.contact.get_untracked() != contact {
            self.face.contact.set(contact);
        }
    }

    /// The room of a consultation, if one was made.
    pub(super) fn known(consultation: ConsultationId) -> Option<Rc<Self>> {
        ROOMS.with_borrow(|rooms| rooms.get(&consultation).cloned())
    }

    /// Shows the pictures in these places. A moved player may have stopped, so it is started again.
    pub(super) fn place(&self, stage: &HtmlElement, mirror: &HtmlElement) {
        let _ = stage.append_child(&self.stage);
        let _ = mirror.append_child(&self.mirror);
        self.peers().iter().for_each(Peer::play);
        if let Ok(playing) = self.mirror.play() {
            js::forget(playing);
        }
    }

    /// The page that shows the call is drawn anew or put away: sound goes on, out of sight.
    pub(super) fn park(&self) {
        if let Some(body) = document().body().filter(|_| self.own.get().is_some()) {
            let _ = body.append_child(&self.stage);
            self.peers().iter().for_each(Peer::play);
        } else {
            self.stage.remove();
        }
    }

    /// The call is over, here or altogether.
    fn end(self: &Rc<Self>) {
        // A ring that is under way has no call yet; its devices are kept.
        if self.taking.get().is_some() || self.awaits_event() {
            return;
        }
        self.forget_ahead();
        if self.own.get().is_none() && self.capture.borrow().is_none() {
            return;
        }
        self.own.set(None);
        self.release();
        report::remember(self.consultation, None);
        self.face.rest();
    }

    /// Everything that plays or captures.
    fn release(&self) {
        self.forget_ahead();
        let peers = std::mem::take(&mut *self.peers.borrow_mut());
        peers.iter().for_each(|peer| peer.close());
        self.clear_tiles();
        self.undelivered.borrow_mut().clear();
        if let Some(capture) = self.capture.take() {
            capture.stop();
        }
        self.mirror.set_src_object(None);
        let seen = self.thread.borrow().seq;
        let _ = self.seating.borrow_mut().see(seen, None, Vec::new());
        if let Some(ticking) = self.ticking.take() {
            ticking.clear();
        }
        self.sleep();
        self.phone.rest();
        self.mode.set(None);
        self.held.set(false);
        self.pictured.borrow_mut().clear();
        self.asked_video.set(false);
        self.first_frame.set(false);
        self.set_contact(Contact::Connecting);
    }

    /// Seated elsewhere or not at all: nothing plays here, unless a command to be seated is under way.
    fn let_go_unless_taking(&self) {
        let taking = self.taking.get().is_some() || self.awaits_event();
        if !taking && !self.opening.get() && self.capture.borrow().is_some() {
            self.release();
            self.face.rest();
        }
    }
}

fn element<T: JsCast>(name: &str, class: &str) -> Option<T> {
    let element = document().create_element(name).ok()?;
    element.set_class_name(class);
    Some(element.unchecked_into())
}
