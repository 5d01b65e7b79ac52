//! Two seats, two model browsers, and a network that delivers in any interleaving and loses what a cut socket had under
//! way. Whatever happens, both end stable in the same session. What happens over time, when packets do not pass, is in
//! `time`.

mod browser;
mod time;

use super::*;
use crate::protocol::Signal;
use browser::Browser;
use proptest::prelude::*;
use std::collections::VecDeque;

struct Seat {
    machine: Pair,
    browser: Browser,
    up: bool,
    sent: u32,
    rebuilds: u32,
    /// When ICE was restarted or the connection built anew.
    attempts_at_ms: Vec<u64>,
    told_flows: bool,
}

impl Seat {
    fn new(name: &'static str, mine: Seq, theirs: Seq) -> Self {
        let browser = Browser {
            name,
            tracks: 1,
            ..Browser::default()
        };
        Self {
            machine: Pair::new(mine, theirs, 0),
            browser,
            up: true,
            sent: 0,
            rebuilds: 0,
            attempts_at_ms: Vec::new(),
            told_flows: false,
        }
    }

    /// What the shell does: close it, open another with the same tracks.
    fn rebuild(&mut self) {
        self.rebuilds += 1;
        self.browser = Browser {
            name: self.browser.name,
            build: self.machine.build(),
            tracks: self.browser.tracks,
            ..Browser::default()
        };
    }
}

struct Call {
    seats: [Seat; 2],
    /// `wire[n]`: on its way to seat n, through that seat's socket.
    wire: [VecDeque<Signal>; 2],
    now_ms: u64,
    network: time::Network,
}

impl Call {
    fn new() -> Self {
        Self {
            seats: [Seat::new("g", 9, 6), Seat::new("c", 6, 9)],
            wire: [VecDeque::new(), VecDeque::new()],
            now_ms: 0,
            network: time::Network::default(),
        }
    }

    /// It rings: who rang offers ahead.
    fn ringing() -> Self {
        let mut call = Self::new();
        call.seats[0].machine = Pair::ringing(6, 0);
        call.seats[0].browser.tracks = 0;
        call.seats[1].machine = Pair::offering_ahead(6, 0);
        call.tell(1, Input::OfferAhead);
        call
    }

    /// 「出る」: the phone accepts, and both hear of its seat. What comes into the sections is there, or it offers itself.
    fn answers(&mut self) {
        self.seats[0].browser.tracks = 1;
        self.tell(0, Input::Accepted);
        let now_ms = self.now_ms;
        self.seats[0].machine.seated(9, 6, now_ms);
        self.seats[1].machine.seated(6, 9, now_ms);
        if !self.seats[0].machine.has_offer() {
            self.tell(0, Input::NegotiationNeeded);
        }
    }

    fn tell(&mut self, who: usize, input: Input) {
        let now_ms = self.now_ms;
        self.with(who, |machine| machine.happened(input, now_ms));
    }

    fn with(&mut self, who: usize, happens: impl FnOnce(&mut Pair) -> Vec<Action>) {
        let actions = happens(&mut self.seats[who].machine);
        for action in actions {
            let seat = &mut self.seats[who];
            match action {
                Action::SetLocal | Action::ApplyRemote { .. } => seat.browser.begin(action),
                Action::AddCandidate(candidate) => seat.browser.add(candidate),
                Action::RestartIce => {
                    seat.browser.restart = true;
                    seat.attempts_at_ms.push(self.now_ms);
                }
                Action::Rebuild => seat.rebuild(),
                // A socket of this model is never dead without a word.
                Action::AskServer => {}
                Action::Connected => seat.told_flows = true,
                Action::Interrupted => seat.told_flows = false,
                Action::Send(signal) => {
                    seat.sent += u32::from(matches!(signal, Signal::Description { .. }));
                    if self.seats[0].up && self.seats[1].up {
                        self.wire[1 - who].push_back(signal);
                    }
                }
            }
        }
    }

    fn finish(&mut self, who: usize) -> bool {
        let input = self.seats[who].browser.finish();
        input.map(|input| self.tell(who, input)).is_some()
    }

    fn event(&mut self, who: usize) -> bool {
        let input = self.seats[who].browser.event();
        input.map(|input| self.tell(who, input)).is_some()
    }

    fn deliver(&mut self, who: usize) -> bool {
        let Some(signal) = self.wire[who].pop_front() else {
            return false;
        };
        let now_ms = self.now_ms;
        self.with(who, |machine| machine.heard(signal, now_ms));
        true
    }

    fn cut(&mut self, who: usize) {
        self.seats[who].up = false;
        self.seats[who].machine.socket_lost();
        self.wire.iter_mut().for_each(VecDeque::clear);
    }

    fn mend(&mut self, who: usize) {
        if !std::mem::replace(&mut self.seats[who].up, true) {
            let now_ms = self.now_ms;
            self.with(who, |machine| machine.socket_resumed(now_ms));
        }
    }

    /// Media flow on both sides.
    fn flows(&mut self) {
        for who in [0, 1] {
            let now_ms = self.now_ms;
            self.with(who, |machine| machine.connection(Connection::Connected, now_ms));
        }
    }

    /// Until nothing moves any more. A call that goes on for ever is a failure of its own.
    fn settle(&mut self) {
        for _ in 0..2_000 {
            let moved = [0, 1].map(|who| self.finish(who) || self.event(who) || self.deliver(who));
            if moved == [false, false] {
                return;
            }
        }
        panic!("the two never come to rest");
    }

    fn agree(&self) -> bool {
        let [guardian, clinician] = &self.seats;
        let stable = |seat: &Seat| {
            seat.machine.is_settled()
                && seat.browser.is_stable()
                && seat.browser.negotiated == seat.browser.tracks
                && !seat.browser.restart
        };
        let known = |sdp: &Option<String>| sdp.as_deref().map(Browser::identity_of);
        stable(guardian)
            && stable(clinician)
            && guardian.browser.local.is_some()
            && known(&guardian.browser.local) == known(&clinician.browser.remote)
            && known(&clinician.browser.local) == known(&guardian.browser.remote)
            && guardian.browser.began_dtls != clinician.browser.began_dtls
    }

    fn random_step(&mut self, kind: u8, who: usize) {
        match kind {
            0..=39 => drop(self.deliver(who)),
            40..=64 => drop(self.finish(who)),
            65..=84 => drop(self.event(who)),
            85..=88 => self.seats[who].browser.tracks += 1,
            89..=91 => {
                self.now_ms += 1_000;
                let now_ms = self.now_ms;
                self.with(who, |machine| machine.network_changed(now_ms));
            }
            92..=93 => self.cut(who),
            _ => self.mend(who),
        }
    }
}

#[test]
fn an_ordinary_call_takes_one_offer_and_one_answer() {
    let mut call = Call::new();
    call.settle();
    assert!(call.agree());
    assert_eq!(call.seats.each_ref().map(|seat| seat.sent), [1, 1]);
    assert_eq!(
        call.seats.each_ref().map(|seat| seat.browser.added.len()),
        [2, 2],
        "every candidate came over"
    );
}

#[test]
fn offers_from_both_sides_at_once_end_in_one_session() {
    let mut call = Call::new();
    call.settle();
    let applied = call.seats.each_ref().map(|seat| seat.browser.made);
    for who in [0, 1] {
        call.seats[who].browser.tracks += 1;
        assert!(call.event(who) && call.finish(who), "both have sent an offer");
    }
    call.settle();
    assert!(call.agree());
    let offers = [0, 1].map(|who| call.seats[who].browser.made - applied[who]);
    assert_eq!(offers[1], 1, "the impolite seat's offer stood");
    assert!(
        offers[0] <= 2,
        "the polite one asked again at most once, for what only it had"
    );
}

#[test]
fn whoever_offers_later_the_roles_of_the_first_handshake_stay() {
    for who in [0, 1] {
        let mut call = Call::new();
        call.settle();
        call.flows();
        call.now_ms = 1_000;
        call.with(who, |machine| machine.network_changed(1_000));
        call.settle();
        assert!(call.agree(), "seat {who} looked for another way");
        assert_eq!(call.seats.each_ref().map(|seat| seat.rebuilds), [0, 0]);
    }
}

#[test]
fn an_offer_and_its_candidates_lost_with_the_socket_are_made_up_for() {
    for who in [0, 1] {
        let mut call = Call::new();
        call.cut(who);
        call.settle();
        assert!(!call.agree());
        call.mend(who);
        call.settle();
        assert!(call.agree(), "seat {who} came back");
    }
}

#[test]
fn an_answer_lost_while_media_flow_is_said_again() {
    for who in [0, 1] {
        let mut call = Call::new();
        call.settle();
        call.flows();
        call.seats[0].browser.tracks += 1;
        assert!(call.event(0) && call.finish(0));
        while call.deliver(1) {}
        assert!(call.finish(1) && call.finish(1), "the clinician has answered");
        call.cut(who);
        call.mend(who);
        call.settle();
        assert!(call.agree(), "seat {who} came back");
    }
}

#[test]
fn an_offer_that_was_lost_while_the_answer_before_it_was_applied_is_asked_for_again() {
    let mut call = Call::new();
    call.cut(1);
    assert!(call.event(0), "the guardian begins to offer");
    call.now_ms += 1_000;
    call.with(0, |machine| machine.network_changed(1_000));
    call.mend(1);
    assert!(call.finish(1) && call.deliver(0), "the clinician restarts meanwhile");
    assert!(call.finish(0) && call.finish(0) && call.finish(0), "and is answered");
    assert!(call.deliver(1));
    call.cut(1);
    assert!(call.finish(0), "the guardian's own restart is lost");
    call.mend(1);
    call.settle();
    assert!(call.until_talking(60_000).is_some());
}

#[test]
fn a_call_that_was_offered_ahead_takes_one_description_after_the_answer() {
    let mut call = Call::ringing();
    call.settle();
    let (asked, told) = (&call.seats[1], &call.seats[0]);
    assert_eq!((asked.sent, told.sent), (1, 0), "offered, and not answered");
    assert_eq!(
        told.browser.added.len(),
        2,
        "the phone knows where the desk can be reached"
    );
    call.answers();
    call.settle();
    assert!(call.agree());
    assert_eq!(call.seats.each_ref().map(|seat| seat.sent), [1, 1]);
}

#[test]
fn a_phone_that_was_opened_while_it_rang_is_told_the_offer_again() {
    let mut call = Call::ringing();
    call.cut(0);
    call.settle();
    assert!(call.seats[0].browser.added.is_empty());
    call.mend(0);
    call.with(1, Pair::say_again);
    call.settle();
    assert_eq!(call.seats[0].browser.added.len(), 2);
    call.answers();
    call.settle();
    assert!(call.agree());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Without loss, nothing but the machine itself is needed.
    #[test]
    fn any_interleaving_ends_stable_and_agreed(steps in prop::collection::vec((0u8..92, 0usize..2), 0..150)) {
        let mut call = Call::new();
        for (kind, who) in steps {
            call.random_step(kind, who);
        }
        call.settle();
        prop_assert!(call.agree());
        prop_assert_eq!(call.seats.each_ref().map(|seat| seat.rebuilds), [0, 0]);
        for seat in &call.seats {
            let remote = Browser::fragment_of(seat.browser.remote.as_deref().unwrap_or_default());
            let current = seat.browser.added.iter().filter(|candidate| candidate.fragment() == Some(remote)).count();
            prop_assert!(current >= 2, "{}: candidates of the present generation are missing", seat.browser.name);
        }
    }

    /// It rings, sockets come and go, it is answered at any moment, and more is lost.
    #[test]
    fn a_call_that_is_offered_ahead_never_waits_for_ever(
        ringing in prop::collection::vec((prop_oneof![0u8..85, 92u8..100], 0usize..2), 0..40),
        talking in prop::collection::vec((0u8..100, 0usize..2), 0..80),
    ) {
        let mut call = Call::ringing();
        for (kind, who) in ringing {
            call.random_step(kind, who);
        }
        for who in [0, 1] {
            call.mend(who);
        }
        call.answers();
        for (kind, who) in talking {
            call.random_step(kind, who);
        }
        for who in [0, 1] {
            call.mend(who);
        }
        call.settle();
        prop_assert!(call.until_talking(60_000).is_some());
    }

    /// Sockets are cut and come back at any time, on either side, before a call connects.
    #[test]
    fn lost_sockets_never_leave_a_call_waiting_for_ever(steps in prop::collection::vec((0u8..100, 0usize..2), 0..150)) {
        let mut call = Call::new();
        for (kind, who) in steps {
            call.random_step(kind, who);
        }
        for who in [0, 1] {
            call.mend(who);
        }
        call.settle();
        prop_assert!(call.until_talking(60_000).is_some());
    }

    /// The same while media flow.
    #[test]
    fn a_running_call_survives_any_loss_of_sockets(steps in prop::collection::vec((0u8..100, 0usize..2), 0..150)) {
        let mut call = Call::new();
        call.settle();
        call.flows();
        for (kind, who) in steps {
            call.random_step(kind, who);
        }
        for who in [0, 1] {
            call.cut(who);
            call.mend(who);
            call.settle();
        }
        prop_assert!(call.until_talking(60_000).is_some());
    }

    /// Whatever a stranger sends, in whatever order: no panic, and memory stays bounded.
    #[test]
    fn arbitrary_signals_are_borne(signals in prop::collection::vec((any::<bool>(), 0u32..4, ".{0,20}"), 0..60)) {
        let mut seat = Negotiation::new(9, 6);
        for (is_offer, offer, text) in signals {
            let kind = if is_offer { DescriptionKind::Offer } else { DescriptionKind::Answer };
            let _ = seat.handle(Input::Description(Description { kind, offer, sdp: text.clone() }));
            let _ = seat.handle(Input::RemoteCandidate(Candidate { line: text.clone(), mid: None, m_line: None }));
            let _ = seat.handle(Input::LocalSet { sdp: text });
            let _ = seat.handle(Input::RemoteSet);
        }
        prop_assert!(seat.waiting.len() <= WAITING_DESCRIPTIONS);
    }
}
