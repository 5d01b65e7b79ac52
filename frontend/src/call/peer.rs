//! One `RTCPeerConnection`, to one other seat. Does what [`Negotiation`] says and tells it what happened.
//!
//! Promises: audio is the first section and video the second, whoever offers; the element that plays the other side is made
//! once and stays; nothing is reported after [`Peer::close`].
//!
//! Not here: which seats there are, and when to take a new one (`room`).

use super::{
    fault::MediaFault,
    figures::{self, Packets},
    js,
    media::Capture,
    words::Quality,
};
use leptos::{prelude::document, task::spawn_local};
use signaling::{
    call::CallMode,
    id::Seq,
    negotiation::{Action, Candidate, Connection, Input, Negotiation, OVERDUE_SECONDS},
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
    RtcIceTransportPolicy, RtcPeerConnection, RtcPeerConnectionIceEvent, RtcPeerConnectionState, RtcRtpTransceiver,
    RtcRtpTransceiverDirection, RtcRtpTransceiverInit, RtcSdpType, RtcSessionDescriptionInit, RtcTrackEvent,
};

/// What a connection tells its room.
pub(super) enum Told {
    /// Send this to the other seat.
    Send(Signal),
    /// Media flow.
    Connected,
    /// They do not any more.
    Interrupted,
    /// Take the seat anew.
    Rejoin,
    /// A candidate of this type was found.
    Found(String),
    /// An ICE server did not answer (701), or refused.
    IceError(u32),
    /// The first picture is on the screen.
    FirstFrame,
    /// The browser plays no sound without a touch.
    Silenced,
}

type Tell = Box<dyn Fn(Told)>;

pub(super) struct Peer {
    pub(super) mine: Seq,
    pub(super) theirs: Seq,
    /// Plays the other side.
    pub(super) video: HtmlVideoElement,
    connection: RtcPeerConnection,
    negotiation: RefCell<Negotiation>,
    stream: MediaStream,
    tell: Tell,
    connected: Cell<bool>,
    closed: Cell<bool>,
    unconnected_seconds: Cell<u32>,
    packets: Cell<Packets>,
    listeners: RefCell<Vec<Box<dyn std::any::Any>>>,
}

impl Peer {
    pub(super) fn open(
        mine: Seq,
        theirs: Seq,
        ice: (Vec<IceServer>, String),
        tell: Tell,
    ) -> Result<Rc<Self>, MediaFault> {
        let unsupported = |_| MediaFault::Unsupported;
        let connection = RtcPeerConnection::new_with_configuration(&configuration(ice)).map_err(unsupported)?;
        let stream = MediaStream::new().map_err(unsupported)?;
        let video = player(&stream)?;
        let peer = Rc::new(Self {
            mine,
            theirs,
            video,
            connection,
            negotiation: RefCell::new(Negotiation::new(mine, theirs)),
            stream,
            tell,
            connected: Cell::new(false),
            closed: Cell::new(false),
            unconnected_seconds: Cell::new(0),
            packets: Cell::new(Packets::default()),
            listeners: RefCell::default(),
        });
        peer.listen();
        Ok(peer)
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
                    (peer.tell)(Told::Found(kind));
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
            let state = match peer.connection.connection_state() {
                RtcPeerConnectionState::Connected => Connection::Connected,
                RtcPeerConnectionState::Disconnected => Connection::Disconnected,
                RtcPeerConnectionState::Failed => Connection::Failed,
                _ => Connection::Connecting,
            };
            peer.input(Input::Connection(state));
        });
        self.on("icecandidateerror", |peer, event| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a code of three digits"
            )]
            let code = js::number(&event, "errorCode").unwrap_or_default() as u32;
            (peer.tell)(Told::IceError(code));
        });
        self.on("track", |peer, event| {
            peer.receive(&event.unchecked_into::<RtcTrackEvent>().track());
        });
    }

    fn on(self: &Rc<Self>, kind: &str, then: impl Fn(&Rc<Self>, web_sys::Event) + 'static) {
        let peer: Weak<Self> = Rc::downgrade(self);
        let listener = Closure::<dyn FnMut(web_sys::Event)>::new(move |event| {
            if let Some(peer) = peer.upgrade().filter(|peer| !peer.closed.get()) {
                then(&peer, event);
            }
        });
        let _ = self
            .connection
            .add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
        self.listeners.borrow_mut().push(Box::new(listener));
    }

    fn receive(self: &Rc<Self>, track: &MediaStreamTrack) {
        self.stream.add_track(track);
        if track.kind() == "video" {
            let peer = Rc::downgrade(self);
            js::on_next_frame(&self.video, move || {
                if let Some(peer) = peer.upgrade().filter(|peer| !peer.closed.get()) {
                    (peer.tell)(Told::FirstFrame);
                }
            });
        }
        self.play();
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
                (peer.tell)(Told::Silenced);
                peer.play();
            }
        });
    }

    /// After a touch.
    pub(super) fn unsilence(self: &Rc<Self>) {
        self.video.set_muted(false);
        self.play();
    }

    /// Something happened; does what follows from it.
    pub(super) fn input(self: &Rc<Self>, input: Input) {
        if self.closed.get() {
            return;
        }
        let actions = self.negotiation.borrow_mut().handle(input);
        for action in actions {
            self.perform(action);
        }
    }

    /// A signal from the other seat.
    pub(super) fn receive_signal(self: &Rc<Self>, signal: Signal) {
        match signal {
            Signal::Description {
                description: kind,
                offer,
                sdp,
                build: _,
            } => {
                self.input(Input::Description(signaling::negotiation::Description {
                    kind,
                    offer,
                    sdp,
                }));
            }
            Signal::Candidate {
                candidate: line,
                mid,
                m_line,
            } => {
                self.input(Input::RemoteCandidate(Candidate { line, mid, m_line }));
            }
            Signal::Muted { .. } | Signal::Typing => {}
        }
    }

    fn perform(self: &Rc<Self>, action: Action) {
        match action {
            Action::SetLocal => {
                self.face_something();
                self.operate(async |peer: &Self| {
                    js::call_async(&peer.connection, "setLocalDescription", &[]).await?;
                    let description = peer.connection.local_description();
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
                    js::call_async(&peer.connection, "setRemoteDescription", &[description.into()]).await?;
                    Ok(Input::RemoteSet)
                });
            }
            Action::AddCandidate(candidate) => self.add(&candidate),
            Action::RestartIce => {
                // Only browsers too old for perfect negotiation lack it; the negotiation then repeats the old path.
                let _ = js::call(&self.connection, "restartIce", &[]);
            }
            Action::Send(signal) => (self.tell)(Told::Send(signal)),
            Action::Connected => {
                self.connected.set(true);
                self.unconnected_seconds.set(0);
                (self.tell)(Told::Connected);
            }
            Action::Interrupted => {
                self.connected.set(false);
                (self.tell)(Told::Interrupted);
            }
            Action::Rejoin => (self.tell)(Told::Rejoin),
        }
    }

    fn operate<F>(self: &Rc<Self>, operation: F)
    where
        F: AsyncFnOnce(&Self) -> Result<Input, JsValue> + 'static,
    {
        let peer = Rc::clone(self);
        spawn_local(async move {
            let done = operation(&peer).await;
            peer.input(done.unwrap_or(Input::OperationFailed));
        });
    }

    fn add(self: &Rc<Self>, candidate: &Candidate) {
        let init = RtcIceCandidateInit::new(&candidate.line);
        init.set_sdp_mid(candidate.mid.as_deref());
        init.set_sdp_m_line_index(candidate.m_line);
        let adding = self
            .connection
            .add_ice_candidate_with_opt_rtc_ice_candidate_init(Some(&init));
        // A candidate that the browser cannot use (a name it cannot resolve, say) is one path less, no fault.
        js::forget(adding);
    }

    /// Sends what is captured, and nothing of what is not. Asks for a negotiation only where the sections change.
    pub(super) fn carry(&self, capture: &Capture, mode: CallMode) {
        let video = (mode == CallMode::Video).then(|| capture.video()).flatten();
        self.carry_kind("audio", capture.audio(), true, &capture.stream);
        self.carry_kind("video", video, mode == CallMode::Video, &capture.stream);
    }

    fn carry_kind(&self, kind: &str, track: Option<MediaStreamTrack>, wanted: bool, stream: &MediaStream) {
        let Some(transceiver) = self.transceiver(kind) else {
            if let Some(track) = track {
                let _ = self.connection.add_track(&track, stream, &js_sys::Array::new());
            } else if wanted && self.negotiation.borrow().is_polite() {
                // This side makes the first offer, and there must be a section to be heard or seen in.
                self.only_receive(kind);
            }
            return;
        };
        let sender = transceiver.sender();
        let direction = match (wanted, &track) {
            (false, _) => RtcRtpTransceiverDirection::Inactive,
            (true, Some(_)) => RtcRtpTransceiverDirection::Sendrecv,
            // Switched off for a while: the section stays as it is, empty.
            (true, None) if transceiver.direction() == RtcRtpTransceiverDirection::Sendrecv => {
                RtcRtpTransceiverDirection::Sendrecv
            }
            (true, None) => RtcRtpTransceiverDirection::Recvonly,
        };
        if track.is_some() {
            let _ = js::call(&sender, "setStreams", &[stream.into()]);
        }
        let replacing = sender.replace_track(track.as_ref());
        js::forget(replacing);
        if transceiver.direction() != direction {
            transceiver.set_direction(direction);
        }
    }

    fn transceiver(&self, kind: &str) -> Option<RtcRtpTransceiver> {
        self.connection
            .get_transceivers()
            .iter()
            .map(JsCast::unchecked_into::<RtcRtpTransceiver>)
            .find(|transceiver| transceiver.receiver().track().kind() == kind)
    }

    fn only_receive(&self, kind: &str) {
        let init = RtcRtpTransceiverInit::new();
        init.set_direction(RtcRtpTransceiverDirection::Recvonly);
        let _ = self.connection.add_transceiver_with_str_and_init(kind, &init);
    }

    /// An offer without any section connects nothing.
    fn face_something(&self) {
        if self.connection.get_transceivers().length() == 0 {
            self.only_receive("audio");
        }
    }

    /// Another second has passed with the signalling connection up.
    pub(super) fn tick(self: &Rc<Self>) {
        if self.connected.get() {
            return;
        }
        let seconds = self.unconnected_seconds.get() + 1;
        self.unconnected_seconds.set(seconds);
        if seconds.is_multiple_of(OVERDUE_SECONDS) {
            self.input(Input::Overdue);
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.connected.get()
    }

    /// Seconds without a connection, as far as they were counted.
    pub(super) fn unconnected_seconds(&self) -> u32 {
        self.unconnected_seconds.get()
    }

    pub(super) async fn quality(&self) -> Quality {
        let (quality, packets) = figures::quality(&self.connection, self.packets.get()).await;
        self.packets.set(packets);
        quality
    }

    pub(super) fn close(&self) {
        if self.closed.replace(true) {
            return;
        }
        self.connection.close();
        self.video.set_src_object(None);
        self.video.remove();
    }
}

/// What a browser is told about reaching others.
pub(super) fn configuration((servers, policy): (Vec<IceServer>, String)) -> RtcConfiguration {
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
