//! Who is in the call as the screen shows them: a tile for each other seat, the list of all, who speaks, who waits.

use super::{Person, Room};
use crate::call::{
    media::Capture,
    peer::Peer,
    tile::{Shown, Tile},
    words::Muted,
};
use leptos::prelude::*;
use signaling::{
    call::{Call, CallMode, Holder, MutedWhy},
    id::Seq,
    view::Standing,
};
use std::{rc::Rc, time::Duration};

/// From which level on somebody speaks, of 1: a quiet voice in a quiet room is some hundredths.
const SPEAKS: f64 = 0.02;
/// How often within a second that is looked for.
const LISTENS: u64 = 3;

impl Room {
    fn holder_of(&self, incarnation: Seq) -> Option<Holder> {
        let thread = self.thread.borrow();
        let seats = &thread.call.as_ref()?.seats;
        seats
            .iter()
            .find(|seat| seat.incarnation == incarnation)
            .map(|seat| seat.holder.clone())
    }

    /// Whether the call is about this connection: for the family that to a clinician, for a clinician that to the family,
    /// for a guest every one. What happens to the others is said on their tiles.
    pub(super) fn is_principal(&self, theirs: Seq) -> bool {
        match (&self.me, self.holder_of(theirs)) {
            (Holder::Guest { .. }, _) | (_, None) => true,
            (Holder::Guardian, Some(holder)) => holder.is_staff(),
            (Holder::Staff(_), Some(holder)) => holder == Holder::Guardian,
        }
    }

    pub(super) fn principals(&self) -> Vec<Rc<Peer>> {
        let mut peers = self.peers();
        peers.retain(|peer| self.is_principal(peer.theirs()));
        peers
    }

    /// Who answers for the consultation now.
    pub(super) fn show_responsible(&self) {
        let responsible = {
            let thread = self.thread.borrow();
            match (&thread.standing, &thread.call) {
                (Standing::Claimed(staff), _) => Some(staff.clone()),
                // A guest is not told who took it; who rang sits first.
                (_, Some(call)) => call.seats.iter().find_map(|seat| match &seat.holder {
                    Holder::Staff(staff) => Some(staff.clone()),
                    _ => None,
                }),
                _ => None,
            }
        };
        let quiet = self.thread.borrow().quiet;
        if self.face.quiet.get_untracked() != quiet {
            self.face.quiet.set(quiet);
        }
        if self.face.responsible.get_untracked() != responsible {
            self.face.responsible.set(responsible);
        }
    }

    /// Whether the call is this person's to end.
    pub(super) fn is_mine(&self) -> bool {
        match &self.me {
            Holder::Guardian => true,
            Holder::Guest { .. } => false,
            Holder::Staff(me) => self
                .face
                .responsible
                .get_untracked()
                .is_some_and(|staff| staff.id == me.id),
        }
    }

    pub(super) fn add_tile(&self, peer: &Peer) {
        let Some(tile) = Tile::around(&peer.video) else { return };
        let _ = self.stage.append_child(&tile.root);
        self.tiles.borrow_mut().push((peer.theirs(), tile));
    }

    pub(super) fn drop_tiles(&self, gone: &[Rc<Peer>]) {
        self.tiles.borrow_mut().retain(|(theirs, tile)| {
            let stays = !gone.iter().any(|peer| peer.theirs() == *theirs);
            if !stays {
                tile.root.remove();
            }
            stays
        });
        self.muted
            .borrow_mut()
            .retain(|theirs, _| !gone.iter().any(|peer| peer.theirs() == *theirs));
    }

    pub(super) fn clear_tiles(&self) {
        for (_, tile) in std::mem::take(&mut *self.tiles.borrow_mut()) {
            tile.root.remove();
        }
        self.muted.borrow_mut().clear();
        self.face.people.set(Vec::new());
    }

    pub(super) fn heard_muted(&self, from: Seq, muted: Muted) {
        self.muted.borrow_mut().insert(from, muted);
        self.show_people();
    }

    pub(super) fn seen_frame(&self, theirs: Seq) {
        self.pictured.borrow_mut().push(theirs);
        self.face.seen.set(true);
        self.show_people();
    }

    /// Sends what is captured, or while the call is held nothing at all: whoever waits hears nothing even if its page does
    /// not obey.
    pub(super) fn carry_to(&self, peer: &Peer, capture: &Capture, mode: CallMode) {
        if self.flows(peer.theirs()) {
            peer.carry(capture, mode);
        } else {
            peer.carry_nothing();
        }
    }

    pub(super) fn flows(&self, theirs: Seq) -> bool {
        let Some(holder) = self.holder_of(theirs) else {
            return true;
        };
        self.call().is_none_or(|call| call.flows(&self.me, &holder))
    }

    /// What the log says of waiting, done: nothing is sent to who waits, and nothing of theirs is played.
    pub(super) fn hold(self: &Rc<Self>, call: &Call) {
        if self.held.replace(call.is_held) == call.is_held {
            return;
        }
        self.carry_on();
        for peer in self.peers() {
            peer.video
                .set_muted(!self.flows(peer.theirs()) || self.face.silenced.get_untracked());
        }
        self.show_people();
    }

    /// Tiles and list, as things stand.
    pub(super) fn show_people(&self) {
        let Some(call) = self.call() else { return };
        let peers = self.peers();
        let mut people = Vec::new();
        for seat in &call.seats {
            let (name, role) = self.thread.borrow().who(&seat.holder);
            let is_me = seat.holder == self.me;
            let peer = peers.iter().find(|peer| peer.theirs() == seat.incarnation);
            let shown = Shown {
                state: peer.and_then(|peer| self.state_of(peer, &call)),
                is_dark: self.is_dark(seat.incarnation, &call),
                is_speaking: self.speaking.borrow().contains(&seat.incarnation),
                name,
                role,
            };
            if let Some((_, tile)) = self
                .tiles
                .borrow()
                .iter()
                .find(|(theirs, _)| *theirs == seat.incarnation)
            {
                tile.show(shown.clone());
            }
            people.push(Person {
                holder: seat.holder.clone(),
                name: shown.name,
                role: shown.role,
                is_me,
                state: if is_me {
                    None
                } else {
                    shown.state.or(peer.is_none().then_some("接続しています"))
                },
            });
        }
        let others = self.tiles.borrow().len();
        let _ = self.stage.set_attribute("data-count", &others.to_string());
        self.show_theirs();
        if self.face.people.with_untracked(|shown| *shown != people) {
            self.face.people.set(people);
        }
        let invited = self.thread.borrow().invited.clone();
        if self.face.invited.with_untracked(|shown| *shown != invited) {
            self.face.invited.set(invited);
        }
    }

    /// With one other, what they switched off is said of 「相手」.
    fn show_theirs(&self) {
        let alone = match self.tiles.borrow().as_slice() {
            [(theirs, _)] => self.muted.borrow().get(theirs).copied(),
            _ => None,
        };
        let theirs = alone.unwrap_or_default();
        if self.face.theirs.get_untracked() != theirs {
            self.face.theirs.set(theirs);
        }
    }

    fn state_of(&self, peer: &Peer, call: &Call) -> Option<&'static str> {
        if !self.flows(peer.theirs()) {
            return Some("保留中");
        }
        if !peer.is_connected() {
            let was = peer.was_connected();
            return Some(if was {
                "つなぎ直しています"
            } else {
                "接続しています"
            });
        }
        let muted = self.muted.borrow().get(&peer.theirs()).copied().unwrap_or_default();
        if let Some(why) = muted.why {
            return Some(why.label());
        }
        match (muted.audio, muted.video && call.mode == CallMode::Video) {
            (true, true) => Some("マイク・カメラ 切"),
            (true, false) => Some("マイク 切"),
            (false, true) => Some("カメラ 切"),
            (false, false) => None,
        }
    }

    /// Their page is hidden or was interrupted: it said so.
    pub(super) fn is_away(&self, theirs: Seq) -> bool {
        let why = self.muted.borrow().get(&theirs).and_then(|muted| muted.why);
        why.is_some_and(|why| why != MutedWhy::Network)
    }

    /// A picture of theirs was shown, or they show none.
    pub(super) fn is_pictured(&self, theirs: Seq) -> bool {
        let off = self.muted.borrow().get(&theirs).is_none_or(|muted| muted.video);
        off || self.pictured.borrow().contains(&theirs)
    }

    fn is_dark(&self, theirs: Seq, call: &Call) -> bool {
        let off = self.muted.borrow().get(&theirs).is_some_and(|muted| muted.video);
        call.mode == CallMode::Audio || off || !self.pictured.borrow().contains(&theirs) || !self.flows(theirs)
    }

    /// Some times a second: who speaks. With one other there is nobody to be told apart.
    pub(super) fn listen(self: &Rc<Self>) {
        if self.tiles.borrow().len() < 2 {
            return;
        }
        for part in 0..LISTENS {
            let room = Rc::downgrade(self);
            let hear = move || {
                let Some(room) = room.upgrade() else { return };
                let now: Vec<Seq> = room
                    .peers()
                    .iter()
                    .filter(|peer| room.flows(peer.theirs()) && peer.loudness() > SPEAKS)
                    .map(|peer| peer.theirs())
                    .collect();
                if room.speaking.replace(now.clone()) != now {
                    room.show_people();
                }
            };
            set_timeout(hear, Duration::from_millis(part * 1000 / LISTENS));
        }
    }
}
