//! The connection to one other seat, and every one after it. Does what [`Pair`] says and tells it what happened.
//!
//! Promises: audio is the first section and video the second, whoever offers; the element that plays the other side is made
//! once and stays, also when the connection is built anew; nothing is reported after [`Peer::close`], and nothing of a
//! connection that was given up; what is found out before this side is seated is said once it is.
//!
//! The parts: here, the connection and its events; `ahead`, what is done before a call is answered; `carry`, what goes into it; `looks`, what its figures say.
//!
//! Not here: which seats there are (`room`), when another way is looked for ([`signaling::negotiation`]).

mod ahead;
mod carry;
mod looks;

use super::{fault::MediaFault, figures::Packets, js, words::Quality};
use crate::clock::running_ms;
use leptos::{prelude::document, task::spawn_local};
use signaling::{
    call::VideoPause,
    id::Seq,
    negotiation::{Action, Candidate, Connection, Input, Pair, UNSEATED},
    protocol::{DescriptionKind, IceServer, Signal},
};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    HtmlVideoElement, MediaStream, MediaStreamTrack, RtcConfiguration, RtcIceCandidateInit, RtcIceServer,
    RtcIceTransportPolicy, RtcPeerConnection, RtcPeerConnectionIceEvent, RtcPeerConnectionState, RtcSdpType,
    RtcSessionDescriptionInit, RtcTrackEvent,
};

/// ICE servers and transport policy of the last welcome.
pub(super) type Ice = (Vec<IceServer>, String);

/// What a connection tells its room.
pub(super) enum Told {
    /// Send this to the other seat.
    Send(Signal),
    /// Media flow.
    Connected,
    /// They do not any more.
    Interrupted,
    /// A candidate of this type was found.
    Found(String),
    /// An ICE server did not answer (701), or refused.
    IceError(u32),
    /// The connection is another one: what is captured belongs into it.
    Rebuilt,
    /// How well media arrive.
    Quality(Quality),
    /// The network holds this side's pictures back, or does not any more.
    HeldBack,
    /// Packets falter: perhaps the signalling socket does not live any more either.
    Faltering,
    /// The first picture is on the screen.
    FirstFrame,
    /// The browser plays no sound without a touch.
    Silenced,
}

/// Which seat the other side's is, and what is told of it.
type Tell = Box<dyn Fn(Seq, Told)>;
type AskIce = Box<dyn Fn() -> Ice>;

/// Between which seats a connection begins.
#[derive(Clone, Copy)]
pub(super) enum Seats {
    /// Both are taken: mine, theirs.
    Taken(Seq, Seq),
    /// Mine rang, and nobody has answered.
    Ringing(Seq),
    /// Theirs rings here.
    Rung(Seq),
}

pub(super) struct Peer {
    mine: Cell<Seq>,
    theirs: Cell<Seq>,
    /// Plays the other side.
    pub(super) video: HtmlVideoElement,
    connection: RefCell<RtcPeerConnection>,
    /// Counts the connections of this pair.
    build: Cell<u32>,
    pair: RefCell<Pair>,
    stream: RefCell<MediaStream>,
    /// What is sent belongs together: sound and picture are played in step. Holds no tracks itself.
    outgoing: MediaStream,
    /// What will go into the sections that were offered ahead, sound and picture, while the devices are still being opened.
    expects: Cell<Option<(bool, bool)>>,
    /// It was begun while it rang, and is not built anew since.
    went_ahead: Cell<bool>,
    unsaid: RefCell<Vec<Signal>>,
    ice: AskIce,
    tell: Tell,
    connected: Cell<bool>,
    /// This connection has carried media.
    begun: Cell<bool>,
    /// Its senders know what comes first.
    tuned: Cell<bool>,
    /// It came to work once.
    has_connected: Cell<bool>,
    closed: Cell<bool>,
    looking: Cell<bool>,
    /// Seconds in which its pictures should have been seen and were not.
    unseen_seconds: Cell<u32>,
    /// When a whole picture was last sent on request.
    whole_picture_at_ms: Cell<u64>,
    /// When media stopped, or the pair began.
    unconnected_since_ms: Cell<u64>,
    packets: Cell<Packets>,
    pause: RefCell<VideoPause>,
    listeners: RefCell<Vec<Box<dyn std::any::Any>>>,
}

impl Peer {
    /// A connection between these seats, with nothing in it yet.
    pub(super) fn open(seats: Seats, ice: AskIce, tell: Tell) -> Result<Rc<Self>, MediaFault> {
        let unsupported = |_| MediaFault::Unsupported;
        let now_ms = running_ms();
        let (mine, theirs, pair) = match seats {
            Seats::Taken(mine, theirs) => (mine, theirs, Pair::new(mine, theirs, now_ms)),
            Seats::Ringing(mine) => (mine, UNSEATED, Pair::offering_ahead(mine, now_ms)),
            Seats::Rung(theirs) => (UNSEATED, theirs, Pair::ringing(theirs, now_ms)),
        };
        let wanted = configuration(ice());
        if let Seats::Rung(_) = seats {
            // Its candidates are found while it rings (RFC 9429 §4.1.1), where the browser can.
            js::set(&wanted, "iceCandidatePoolSize", &1.into());
        }
        let connection = RtcPeerConnection::new_with_configuration(&wanted).map_err(unsupported)?;
        let stream = MediaStream::new().map_err(unsupported)?;
        let video = player(&stream)?;
        let peer = Rc::new(Self {
            mine: Cell::new(mine),
            theirs: Cell::new(theirs),
            video,
            connection: RefCell::new(connection),
            build: Cell::new(0),
            pair: RefCell::new(pair),
            stream: RefCell::new(stream),
            outgoing: MediaStream::new().map_err(unsupported)?,
            expects: Cell::new(None),
            went_ahead: Cell::new(!matches!(seats, Seats::Taken(..))),
            unsaid: RefCell::default(),
            ice,
            tell,
            connected: Cell::new(false),
            begun: Cell::new(false),
            tuned: Cell::new(false),
            has_connected: Cell::new(false),
            closed: Cell::new(false),
            looking: Cell::new(false),
            unseen_seconds: Cell::new(0),
            whole_picture_at_ms: Cell::new(0),
            unconnected_since_ms: Cell::new(now_ms),
            packets: Cell::new(Packets::default()),
            pause: RefCell::new(VideoPause::new(now_ms)),
            listeners: RefCell::default(),
        });
        peer.listen();
        Ok(peer)
    }

    /// This side's seat.
    pub(super) fn mine(&self) -> Seq {
        self.mine.get()
    }

    /// The other side's.
    pub(super) fn theirs(&self) -> Seq {
        self.theirs.get()
    }

    fn say(&self, told: Told) {
        (self.tell)(self.theirs(), told);
    }

    fn connection(&self) -> RtcPeerConnection {
        self.connection.borrow().clone()
    }

    /// Gives the connection up for a new one.
    fn rebuild(self: &Rc<Self>) {
        self.connection().close();
        self.build.set(self.pair.borrow().build());
        let made = RtcPeerConnection::new_with_configuration(&configuration((self.ice)()));
        // It worked before; a browser that has no room for one more will have when the next attempt comes.
        let (Ok(connection), Ok(stream)) = (made, MediaStream::new()) else {
            return;
        };
        self.video.set_src_object(Some(&stream));
        self.stream.replace(stream);
        self.connection.replace(connection);
        self.packets.set(Packets::default());
        self.begun.set(false);
        self.went_ahead.set(false);
        self.tuned.set(false);
        self.listeners.borrow_mut().clear();
        self.listen();
        self.say(Told::Rebuilt);
    }

    fn listen(self: &Rc<Self>) {
        self.on("negotiationneeded", |peer, _| peer.input(Input::NegotiationNeeded));
        self.on("icecandidate", |peer, event| {
            let Some(found) = event.unchecked_into::<RtcPeerConnectionIceEvent>().candidate() else {
                return;
            };
            // The end of candidates is not sent: it says nothing that the other side waits for.
            if !found.candidate().is_empty() {
                let fragment = js::text(&found, "usernameFragment");
                if let Some(kind) = js::text(&found, "type") {
                    peer.say(Told::Found(kind));
                }
                let candidate = Candidate {
                    line: found.candidate(),
                    mid: found.sdp_mid(),
                    m_line: found.sdp_m_line_index(),
                };
                peer.input(Input::LocalCandidate(candidate.with_fragment(fragment.as_deref())));
            }
        });
        self.on("connectionstatechange", |peer, _| {
            let state = match peer.connection().connection_state() {
                RtcPeerConnectionState::Connected => Connection::Connected,
                RtcPeerConnectionState::Disconnected => Connection::Disconnected,
                RtcPeerConnectionState::Failed => Connection::Failed,
                _ => Connection::Connecting,
            };
            peer.advance(|pair| pair.connection(state, running_ms()));
        });
        self.on("icecandidateerror", |peer, event| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a code of three digits"
            )]
            let code = js::number(&event, "errorCode").unwrap_or_default() as u32;
            peer.say(Told::IceError(code));
        });
        self.on("track", |peer, event| {
            peer.receive(&event.unchecked_into::<RtcTrackEvent>().track());
        });
    }

    fn on(self: &Rc<Self>, kind: &str, then: impl Fn(&Rc<Self>, web_sys::Event) + 'static) {
        let peer: Weak<Self> = Rc::downgrade(self);
        let build = self.build.get();
        let listener = Closure::<dyn FnMut(web_sys::Event)>::new(move |event| {
            if let Some(peer) = peer.upgrade().filter(|peer| peer.is_at(build)) {
                then(&peer, event);
            }
        });
        let _ = self
            .connection()
            .add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
        self.listeners.borrow_mut().push(Box::new(listener));
    }

    fn receive(self: &Rc<Self>, track: &MediaStreamTrack) {
        self.stream.borrow().add_track(track);
        if track.kind() == "video" {
            let peer = Rc::downgrade(self);
            js::on_next_frame(&self.video, move || {
                if let Some(peer) = peer.upgrade().filter(|peer| !peer.closed.get()) {
                    peer.say(Told::FirstFrame);
                }
            });
        }
        // A page that only rings must not play: a browser would refuse it before a touch.
        if self.mine() != UNSEATED {
            self.play();
        }
    }

    /// Plays, without sound if the browser wants a touch first.
    pub(super) fn play(self: &Rc<Self>) {
        let peer = Rc::clone(self);
        spawn_local(async move {
            let Ok(playing) = peer.video.play() else { return };
            let Err(error) = JsFuture::from(playing).await else {
                return;
            };
            let refused = js::text(&error, "name").as_deref() == Some("NotAllowedError");
            if refused && !peer.closed.get() && !peer.video.muted() {
                peer.video.set_muted(true);
                peer.say(Told::Silenced);
                peer.play();
            }
        });
    }

    /// After a touch.
    pub(super) fn unsilence(self: &Rc<Self>) {
        self.video.set_muted(false);
        self.play();
    }

    /// What is to be carried is in it: who offers first does so without waiting for the browser to ask for it.
    pub(super) fn begin(self: &Rc<Self>) {
        let offers = self.pair.borrow().is_polite() && !self.has_offer();
        if offers {
            self.input(Input::NegotiationNeeded);
        }
    }

    /// Whether this is still the connection that somebody speaks of.
    fn is_at(&self, build: u32) -> bool {
        !self.closed.get() && self.build.get() == build
    }

    fn input(self: &Rc<Self>, input: Input) {
        self.advance(|pair| pair.happened(input, running_ms()));
    }

    /// A signal from the other seat.
    pub(super) fn receive_signal(self: &Rc<Self>, signal: Signal) {
        self.advance(|pair| pair.heard(signal, running_ms()));
    }

    /// The browser says that this machine is in another network.
    pub(super) fn network_changed(self: &Rc<Self>) {
        self.pause.borrow_mut().begin_anew(running_ms());
        self.advance(|pair| pair.network_changed(running_ms()));
    }

    /// The signalling socket is gone, or back.
    pub(super) fn socket(self: &Rc<Self>, up: bool) {
        self.advance(|pair| {
            if up {
                return pair.socket_resumed(running_ms());
            }
            pair.socket_lost();
            Vec::new()
        });
    }

    /// Something happened to the pair; does what follows from it.
    fn advance(self: &Rc<Self>, happens: impl FnOnce(&mut Pair) -> Vec<Action>) {
        if self.closed.get() {
            return;
        }
        let actions = happens(&mut self.pair.borrow_mut());
        for action in actions {
            self.perform(action);
        }
    }

    fn perform(self: &Rc<Self>, action: Action) {
        match action {
            Action::SetLocal => {
                self.face_something();
                self.face_expected();
                self.operate(async |peer: &Self| {
                    let connection = peer.connection();
                    js::call_async(&connection, "setLocalDescription", &[]).await?;
                    let description = connection.local_description();
                    Ok(Input::LocalSet {
                        sdp: description.map(|set| set.sdp()).unwrap_or_default(),
                    })
                });
            }
            Action::ApplyRemote { kind, sdp } => {
                let description = RtcSessionDescriptionInit::new(match kind {
                    DescriptionKind::Offer => RtcSdpType::Offer,
                    DescriptionKind::Answer => RtcSdpType::Answer,
                });
                description.set_sdp(&sdp);
                self.operate(async move |peer: &Self| {
                    js::call_async(&peer.connection(), "setRemoteDescription", &[description.into()]).await?;
                    Ok(Input::RemoteSet)
                });
            }
            Action::AddCandidate(candidate) => self.add(&candidate),
            Action::RestartIce => {
                let connection = self.connection();
                // The relay's credential may be a newer one by now.
                let configuration = configuration((self.ice)());
                let _ = js::call(&connection, "setConfiguration", &[configuration.into()]);
                // Only browsers too old for perfect negotiation lack it; the negotiation then repeats the old path.
                let _ = js::call(&connection, "restartIce", &[]);
            }
            Action::Send(signal) if self.mine() == UNSEATED => self.unsaid.borrow_mut().push(signal),
            Action::Send(signal) => self.say(Told::Send(signal)),
            Action::Connected => {
                self.connected.set(true);
                self.begun.set(true);
                self.pause.borrow_mut().begin_anew(running_ms());
                self.has_connected.set(true);
                self.say(Told::Connected);
            }
            Action::Interrupted => {
                self.connected.set(false);
                self.unconnected_since_ms.set(running_ms());
                self.say(Told::Interrupted);
            }
            Action::Rebuild => self.rebuild(),
            Action::AskServer => self.say(Told::Faltering),
        }
    }

    fn operate<F>(self: &Rc<Self>, operation: F)
    where
        F: AsyncFnOnce(&Self) -> Result<Input, JsValue> + 'static,
    {
        let peer = Rc::clone(self);
        let build = self.build.get();
        spawn_local(async move {
            let done = operation(&peer).await;
            if peer.is_at(build) {
                peer.input(done.unwrap_or(Input::OperationFailed));
            }
        });
    }

    fn add(self: &Rc<Self>, candidate: &Candidate) {
        let init = RtcIceCandidateInit::new(&candidate.line);
        init.set_sdp_mid(candidate.mid.as_deref());
        init.set_sdp_m_line_index(candidate.m_line);
        let adding = self
            .connection()
            .add_ice_candidate_with_opt_rtc_ice_candidate_init(Some(&init));
        // A candidate that the browser cannot use (a name it cannot resolve, say) is one path less, no fault.
        js::forget(adding);
    }

    pub(super) fn is_connected(&self) -> bool {
        self.connected.get()
    }

    /// Whether it has ever worked.
    pub(super) fn was_connected(&self) -> bool {
        self.has_connected.get()
    }

    /// For how long nothing has come.
    pub(super) fn unconnected_ms(&self) -> u64 {
        if self.connected.get() {
            return 0;
        }
        running_ms().saturating_sub(self.unconnected_since_ms.get())
    }

    pub(super) fn close(&self) {
        if self.closed.replace(true) {
            return;
        }
        self.connection().close();
        self.video.set_src_object(None);
        self.video.remove();
    }
}

/// What a browser is told about reaching others.
pub(super) fn configuration((servers, policy): Ice) -> RtcConfiguration {
    let list = js_sys::Array::new();
    for server in servers {
        let entry = RtcIceServer::new();
        entry.set_urls(&server.urls.into_iter().map(JsValue::from).collect::<js_sys::Array>());
        if let Some(username) = &server.username {
            entry.set_username(username);
        }
        if let Some(credential) = &server.credential {
            entry.set_credential(credential);
        }
        list.push(&entry);
    }
    let configuration = RtcConfiguration::new();
    configuration.set_ice_servers(&list);
    configuration.set_bundle_policy(web_sys::RtcBundlePolicy::MaxBundle);
    if policy == "relay" {
        configuration.set_ice_transport_policy(RtcIceTransportPolicy::Relay);
    }
    configuration
}

fn player(stream: &MediaStream) -> Result<HtmlVideoElement, MediaFault> {
    let element = document()
        .create_element("video")
        .map_err(|_| MediaFault::Unsupported)?;
    let video: HtmlVideoElement = element.unchecked_into();
    video.set_class_name("call-remote");
    // iOS would show its own full-screen player otherwise.
    for (name, value) in [("playsinline", ""), ("aria-label", "相手の映像")] {
        let _ = video.set_attribute(name, value);
    }
    video.set_autoplay(true);
    video.set_src_object(Some(stream));
    Ok(video)
}
