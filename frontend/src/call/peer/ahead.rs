//! A connection that is begun while a call rings, until both seats are taken.
//!
//! Promises: what is found out before this side has a seat is kept and said with it; the answer to what was offered ahead has
//! sections for what the devices will bring. Not here: when it is made, taken and given up (`room/ahead`).

use super::{Peer, Told};
use crate::clock::running_ms;
use signaling::{
    id::Seq,
    negotiation::{Input, Pair, UNSEATED},
};
use std::rc::Rc;

impl Peer {
    /// The call is answered, and both seats are known.
    pub(in crate::call) fn seated(self: &Rc<Self>, mine: Seq, theirs: Seq) {
        let now_ms = running_ms();
        if self.mine() == UNSEATED && !self.has_offer() {
            // Nothing came in time: it goes on as between any two seats.
            self.went_ahead.set(false);
        }
        self.mine.set(mine);
        self.theirs.set(theirs);
        self.pair.borrow_mut().seated(mine, theirs, now_ms);
        self.unconnected_since_ms.set(now_ms);
        self.pause.borrow_mut().begin_anew(now_ms);
        for signal in std::mem::take(&mut *self.unsaid.borrow_mut()) {
            self.say(Told::Send(signal));
        }
    }

    /// Who rang offers before anybody has answered; see [`Pair::offering_ahead`].
    pub(in crate::call) fn offer_ahead(self: &Rc<Self>) {
        self.input(Input::OfferAhead);
    }

    /// Once more: a page has come that may not have heard it.
    pub(in crate::call) fn say_again(self: &Rc<Self>) {
        self.advance(Pair::say_again);
    }

    /// Another way is to be looked for.
    pub(in crate::call) fn offer_anew(self: &Rc<Self>) {
        self.input(Input::RestartIce);
    }

    /// 「出る」: what was offered ahead is answered, with sections for this sound and this picture.
    pub(in crate::call) fn accept(self: &Rc<Self>, sound: bool, picture: bool) {
        self.expects.set(Some((sound, picture)));
        self.input(Input::Accepted);
    }

    /// Begun while it rang.
    pub(in crate::call) fn went_ahead(&self) -> bool {
        self.went_ahead.get()
    }

    /// What was offered ahead here was never answered.
    pub(in crate::call) fn waits_ahead(&self) -> bool {
        self.went_ahead() && self.pair.borrow().is_unanswered()
    }

    /// Whether the other side has offered already.
    pub(in crate::call) fn has_offer(&self) -> bool {
        self.pair.borrow().has_offer()
    }
}
