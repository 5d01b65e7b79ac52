//! The call of one consultation in this tab: its seats, one connection to each other seat, and what the screen shows of them.
//!
//! Promises: a room follows the log by itself and outlives whatever renders it, so that a page that is drawn anew finds its
//! call playing; connections are opened, replaced and closed by what the log says and by nothing else; devices are let go
//! when the call ends, however it ends.
//!
//! The parts: here, what the log and the other seats say; `acts`, what people do; `report`, what the log is told.

mod acts;
mod face;
mod report;

pub(super) use acts::With;
pub(super) use face::Face;

use super::{
    js,
    media::Capture,
    peer::{Peer, Told},
    words::{Contact, Muted},
};
use crate::live::{LinkState, Live};
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};
use signaling::{
    call::{Call, CallMode, Holder},
    id::{ConsultationId, Seq},
    negotiation::{Arrived, Input, Seating},
    protocol::{ServerFrame, Signal},
    time::At,
    view::Thread,
};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
    time::Duration,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlVideoElement};

/// Signals for a connection that waits for the devices.
const UNDELIVERED: usize = 128;
/// How often a seat is taken anew before the first success: after that the network, not the connection, is the matter.
const REJOINS: u32 = 2;
/// Seconds without a connection after which chat is suggested.
const FAILING_SECONDS: u32 = 18;

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
    undelivered: RefCell<Vec<(Seq, Signal)>>,
    capture: RefCell<Option<Rc<Capture>>>,
    /// Devices are being asked for.
    opening: Cell<bool>,
    /// The incarnation that is this tab's.
    own: Cell<Option<Seq>>,
    /// A command is under way that will seat this tab, and the last event before it.
    taking: Cell<Option<Seq>>,
    /// Whether devices are known to be allowed, asked while it rings.
    granted: Cell<Option<bool>>,
    /// The call that was hung up here, until the log says so too.
    left: Cell<Option<Seq>>,
    mode: Cell<Option<CallMode>>,
    /// This side asked for video, so its camera goes on.
    asked_video: Cell<bool>,
    rejoins: Cell<u32>,
    contact: Cell<Contact>,
    first_frame: Cell<bool>,
    clock_ahead_ms: Cell<f64>,
    ticking: Cell<Option<IntervalHandle>>,
    ticks: Cell<u32>,
    awake: RefCell<Option<JsValue>>,
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
            undelivered: RefCell::default(),
            capture: RefCell::default(),
            opening: Cell::new(false),
            own: Cell::new(None),
            taking: Cell::new(None),
            granted: Cell::new(None),
            left: Cell::new(None),
            mode: Cell::new(None),
            asked_video: Cell::new(false),
            rejoins: Cell::new(0),
            contact: Cell::default(),
            first_frame: Cell::new(false),
            clock_ahead_ms: Cell::new(0.0),
            ticking: Cell::new(None),
            ticks: Cell::new(0),
            awake: RefCell::default(),
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
        room.settle();
        room.return_after_reload();
        Some(room)
    }

    fn hear(self: &Rc<Self>, frame: &ServerFrame) {
        match frame {
            ServerFrame::Welcome { now, .. } => {
                self.tell_time(now.0);
                for peer in self.peers() {
                    peer.input(Input::Resumed);
                }
            }
            ServerFrame::Beat { now, .. } => self.tell_time(now.0),
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
                if let Arrived::Now(signal) = arrived {
                    self.deliver(*from, signal);
                }
            }
            _ => {}
        }
    }

    fn tell_time(&self, now_ms: i64) {
        self.clock_ahead_ms.set(now_ms as f64 - js_sys::Date::now());
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
        let last = self.thread.borrow().last_call.map(|(outcome, _)| outcome);
        if self.face.last.get_untracked() != last {
            self.face.last.set(last);
        }
        let Some(call) = call else {
            self.end();
            self.show_taking();
            return;
        };
        let mine = self.my_incarnation(&call, seen);
        self.show_taking();
        if self.face.own.get_untracked() != mine {
            self.face.own.set(mine);
        }
        if mine.is_some() {
            self.keep_ticking();
            self.change_mode(call.mode);
            self.seat(&call, mine, seen);
        } else {
            self.let_go_unless_taking();
            self.look_ahead(call.mode);
            let _ = self.seating.borrow_mut().see(seen, None, Vec::new());
        }
    }

    /// The command that seats this tab was answered, and its event is still to come.
    fn awaits_event(&self) -> bool {
        let seen = self.thread.borrow().seq;
        self.own.get().is_some_and(|own| own > seen)
    }

    fn show_taking(&self) {
        let taking = self.taking.get().is_some() || self.awaits_event();
        if self.face.taking.get_untracked() != taking {
            self.face.taking.set(taking);
        }
    }

    /// Which of the seats is this tab's.
    fn my_incarnation(&self, call: &Call, seen: Seq) -> Option<Seq> {
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

    fn began_before(&self, at: At) -> bool {
        self.face.since_ms + self.clock_ahead_ms.get() < at.0 as f64
    }

    fn seat(self: &Rc<Self>, call: &Call, mine: Option<Seq>, seen: Seq) {
        report::remember(self.consultation, mine);
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
                .partition(|peer| mine == Some(peer.mine) && others.contains(&peer.theirs));
            *peers = kept;
            gone
        };
        gone.iter().for_each(|peer| peer.close());
        if !gone.is_empty() && self.peers.borrow().is_empty() && self.contact.get() == Contact::Connected {
            self.set_contact(Contact::Interrupted);
        }
        for (from, signal) in due {
            self.deliver(from, signal);
        }
        self.open_peers();
    }

    /// A connection to every other seat, as soon as it is known what to send.
    fn open_peers(self: &Rc<Self>) {
        let (Some(capture), Some(call)) = (self.capture.borrow().clone(), self.call()) else {
            return;
        };
        let Some(mine) = self.seating.borrow().mine() else {
            return;
        };
        let others = self.seating.borrow().others().to_vec();
        for theirs in others {
            if self.peers.borrow().iter().any(|peer| peer.theirs == theirs) {
                continue;
            }
            let room = Rc::downgrade(self);
            let tell = Box::new(move |told| {
                if let Some(room) = room.upgrade() {
                    room.told(theirs, told);
                }
            });
            let ice = self.live.ice().unwrap_or_else(|| (Vec::new(), "all".to_owned()));
            match Peer::open(mine, theirs, ice, tell) {
                Ok(peer) => self.introduce(&peer, &capture, call.mode),
                Err(fault) => self.face.fault.set(Some(fault)),
            }
        }
    }

    fn introduce(self: &Rc<Self>, peer: &Rc<Peer>, capture: &Capture, mode: CallMode) {
        let theirs = peer.theirs;
        let _ = self.stage.append_child(&peer.video);
        self.peers.borrow_mut().push(Rc::clone(peer));
        peer.carry(capture, mode);
        self.face.theirs.set(Muted::default());
        self.say_muted(peer);
        let waiting = std::mem::take(&mut *self.undelivered.borrow_mut());
        for (from, signal) in waiting {
            if from == theirs {
                self.deliver(from, signal);
            } else {
                self.undelivered.borrow_mut().push((from, signal));
            }
        }
    }

    fn deliver(self: &Rc<Self>, from: Seq, signal: Signal) {
        if let Signal::Muted { audio, video } = signal {
            self.face.theirs.set(Muted { audio, video });
            return;
        }
        let peer = self.peers.borrow().iter().find(|peer| peer.theirs == from).cloned();
        match peer {
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
                if let Some(mine) = self.seating.borrow().mine() {
                    self.live.signal(self.consultation, mine, theirs, signal);
                }
            }
            Told::Connected => {
                self.rejoins.set(0);
                self.set_contact(Contact::Connected);
                self.say_muted_to_all();
                self.report_connected();
            }
            Told::Interrupted => {
                if !self.peers.borrow().iter().any(|peer| peer.is_connected()) {
                    self.set_contact(Contact::Interrupted);
                    self.report_interrupted();
                }
            }
            Told::Rejoin => {
                if self.rejoins.get() < REJOINS && self.taking.get().is_none() {
                    self.rejoins.set(self.rejoins.get() + 1);
                    self.take_seat();
                }
            }
            Told::FirstFrame => {
                if !self.first_frame.replace(true) {
                    js::mark("soudan:first-frame");
                }
                self.face.seen.set(true);
            }
            Told::Silenced => self.face.silenced.set(true),
        }
    }

    fn set_contact(&self, contact: Contact) {
        self.contact.set(contact);
        if self.face.contact.get_untracked() != contact {
            self.face.contact.set(contact);
        }
    }

    /// Once a second while this tab is seated.
    fn keep_ticking(self: &Rc<Self>) {
        if self.ticking.get().is_some() {
            return;
        }
        let room = Rc::downgrade(self);
        let tick = move || {
            if let Some(room) = room.upgrade() {
                room.tick();
            }
        };
        self.ticking
            .set(set_interval_with_handle(tick, Duration::from_secs(1)).ok());
        self.tick();
    }

    fn tick(self: &Rc<Self>) {
        let ticks = self.ticks.get().wrapping_add(1);
        self.ticks.set(ticks);
        let connected_at = self.thread.borrow().call.as_ref().and_then(|call| call.connected_at);
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch")]
        let now_ms = (js_sys::Date::now() + self.clock_ahead_ms.get()) as i64;
        let talked = connected_at.map(|at| At(now_ms).seconds_since(at));
        if self.face.talked_seconds.get_untracked() != talked {
            self.face.talked_seconds.set(talked);
        }
        if self.live.link().get_untracked() == LinkState::Connected {
            let peers = self.peers();
            peers.iter().for_each(Peer::tick);
            let waited = peers.iter().map(|peer| peer.unconnected_seconds()).max().unwrap_or(0);
            if waited >= FAILING_SECONDS && self.contact.get() != Contact::Connected {
                self.set_contact(Contact::Failing);
            }
        }
        if ticks.is_multiple_of(2) {
            self.measure();
        }
        self.keep_awake();
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
        let peers = std::mem::take(&mut *self.peers.borrow_mut());
        peers.iter().for_each(|peer| peer.close());
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
        self.mode.set(None);
        self.asked_video.set(false);
        self.rejoins.set(0);
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
