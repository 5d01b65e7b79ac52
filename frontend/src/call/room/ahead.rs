//! The connection to a seat that is not taken yet, made while it rings: what can be done before somebody answers is done then.
//!
//! Who rang offers ahead and finds its candidates; the family's phone applies the offer, and its answer to the call is the
//! answer to the offer too. Promises: at most one; nothing is captured, sent or played by it before 「出る」; a phone that heard
//! nothing in time negotiates as ever; one that nobody needed is closed with its ring. Measured in docs/measured.md.
//!
//! Not here: the negotiation ([`signaling::negotiation`]), and a page that comes back into a call that was answered.

use super::Room;
use crate::call::{
    js,
    media::Capture,
    peer::{Peer, Seats},
};
use signaling::{
    call::{Call, CallMode, Holder, agent::BrowserFamily},
    id::Seq,
    negotiation::UNSEATED,
    protocol::Side,
    queue::Presence,
};
use std::rc::Rc;

impl Room {
    /// Whether this page is one that takes offers ahead. Firefox sometimes decodes no picture of a connection that it answered
    /// before its devices were open.
    pub(super) fn is_told_ahead(&self) -> bool {
        self.me == Holder::Guardian && BrowserFamily::of(&js::user_agent()) != BrowserFamily::Firefox
    }

    /// Between which seats a connection can be made ready now.
    fn seats_ahead(&self, call: &Call) -> Option<Seats> {
        let rang_from = call.rang_from().filter(|_| !call.is_answered())?;
        match &self.me {
            Holder::Guardian => self.is_told_ahead().then_some(Seats::Rung(rang_from)),
            Holder::Staff(_) => (self.own.get() == Some(rang_from)).then_some(Seats::Ringing(rang_from)),
            Holder::Guest { .. } => None,
        }
    }

    /// Brings it in line with the log, for both sides of the ring.
    pub(super) fn make_ready(self: &Rc<Self>, call: &Call) {
        let Some(seats) = self.seats_ahead(call) else {
            // Seated here, the devices are still opening and it is taken with them.
            if self.own.get().is_none() {
                self.forget_ahead();
            }
            return;
        };
        let fits = |peer: &Rc<Peer>| match seats {
            Seats::Rung(theirs) => self.is_rung(peer, theirs),
            Seats::Ringing(mine) | Seats::Taken(mine, _) => (peer.mine(), peer.theirs()) == (mine, UNSEATED),
        };
        if self.ahead.borrow().as_ref().is_some_and(fits) || self.live.ice().is_none() {
            return;
        }
        self.forget_ahead();
        let capture = self.capture.borrow().clone();
        let rings = matches!(seats, Seats::Ringing(_));
        // Who rings has its devices open, or will have them in a moment.
        if rings && capture.is_none() {
            return;
        }
        // A browser that cannot is told so when it answers.
        let Ok(peer) = self.peer(seats) else { return };
        self.sight.gathers_anew();
        self.ahead.replace(Some(Rc::clone(&peer)));
        if let Some(capture) = capture.filter(|_| rings) {
            peer.carry(&capture, call.mode);
            peer.offer_ahead();
        }
    }

    /// Whether it waits here for an answer to that seat, or was answered just now.
    fn is_rung(&self, peer: &Peer, theirs: Seq) -> bool {
        let mine = peer.mine();
        (mine == UNSEATED || Some(mine) == self.own.get()) && peer.theirs() == theirs
    }

    /// This side's seat is known: what was found before goes out without waiting for the event.
    pub(super) fn say_what_waited(&self, mine: Seq) {
        let answered = |peer: &Rc<Peer>| peer.mine() == UNSEATED && peer.has_offer();
        if let Some(peer) = self.ahead.borrow().clone().filter(answered) {
            peer.seated(mine, peer.theirs());
        }
    }

    pub(super) fn forget_ahead(&self) {
        if let Some(peer) = self.ahead.take() {
            peer.close();
        }
    }

    /// Takes it for these two seats, where it is theirs. Without devices only one that has heard the other side's offer.
    pub(super) fn take_ahead(&self, mine: Seq, theirs: Seq, capture: Option<&Capture>) -> Option<Rc<Peer>> {
        let fits = |peer: &Rc<Peer>| {
            let rung = self.is_rung(peer, theirs);
            let rang = peer.mine() == mine && peer.theirs() == UNSEATED && self.is_family(theirs);
            (rung || rang) && (capture.is_some() || peer.has_offer())
        };
        if !self.ahead.borrow().as_ref().is_some_and(fits) {
            return None;
        }
        let peer = self.ahead.take()?;
        peer.seated(mine, theirs);
        Some(peer)
    }

    fn is_family(&self, theirs: Seq) -> bool {
        self.call()
            .is_some_and(|call| call.incarnation_of(&Holder::Guardian) == Some(theirs))
    }

    /// Whether what goes ahead from that seat still has its place here: not in a connection that began without it.
    pub(super) fn takes_ahead(&self, from: Seq) -> bool {
        let waits = self.ahead.borrow().as_ref().is_some_and(|peer| peer.theirs() == from);
        waits
            || self
                .peers
                .borrow()
                .iter()
                .any(|peer| peer.theirs() == from && peer.went_ahead())
    }

    /// The family's page has heard nothing of what went ahead, and offers itself: a fresh connection takes its offer, as between
    /// any two seats.
    pub(super) fn let_offer(self: &Rc<Self>, peer: &Rc<Peer>) -> Option<Rc<Peer>> {
        let (mine, theirs) = (peer.mine(), peer.theirs());
        let (capture, call) = (self.capture.borrow().clone()?, self.call()?);
        self.peers.borrow_mut().retain(|one| one.theirs() != theirs);
        self.drop_tiles(std::slice::from_ref(peer));
        peer.close();
        let fresh = self.peer(Seats::Taken(mine, theirs)).ok()?;
        self.introduce(&fresh, Some(&capture), call.mode);
        Some(fresh)
    }

    /// 「出る」: what was offered ahead is answered while the devices are opened and the seat is asked for.
    pub(super) fn accept_ahead(&self, sound: bool, picture: bool) {
        let picture = picture && self.call().is_some_and(|call| call.mode == CallMode::Video);
        if let Some(peer) = self.ahead.borrow().clone().filter(|peer| peer.mine() == UNSEATED) {
            peer.accept(sound, picture);
        }
    }

    /// What was said may not have been heard: this socket was down, or the family's page has just come.
    pub(super) fn say_ahead_again(&self) {
        if let Some(peer) = self.ahead.borrow().clone() {
            peer.say_again();
        }
    }

    /// See [`Room::say_ahead_again`].
    pub(super) fn tell_who_came(&self, side: Side, presence: Presence) {
        if (side, presence) == (Side::Guardian, Presence::Here) {
            self.say_ahead_again();
        }
    }

    /// This machine is in another network, and what was offered leads nowhere.
    pub(super) fn offer_ahead_anew(&self) {
        if let Some(peer) = self.ahead.borrow().clone().filter(|peer| peer.theirs() == UNSEATED) {
            peer.offer_anew();
        }
    }
}
