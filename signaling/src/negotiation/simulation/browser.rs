//! The model of a browser's connection, with the habits of the two that disagree.

use super::*;

/// As much of `RTCPeerConnection` as negotiation sees (webrtc-pc §4.4, §4.7): the signalling state with implicit rollback,
/// one operation at a time, the negotiation-needed flag, generations of ICE.
#[derive(Debug, Default)]
pub(super) struct Browser {
    pub(super) name: &'static str,
    /// Which connection of its seat this is.
    pub(super) build: u32,
    pub(super) made: u32,
    pub(super) generation: u32,
    pub(super) restart: bool,
    /// Whether it began the DTLS handshake of this connection.
    pub(super) began_dtls: Option<bool>,
    /// What the page wants negotiated, and what is.
    pub(super) tracks: u32,
    pub(super) offered_tracks: u32,
    pub(super) negotiated: u32,
    pub(super) needed: bool,
    pub(super) local: Option<String>,
    pub(super) remote: Option<String>,
    pub(super) pending_local: Option<String>,
    pub(super) pending_remote: Option<String>,
    pub(super) operation: Option<Action>,
    pub(super) unfound: Vec<Candidate>,
    pub(super) added: Vec<Candidate>,
}

impl Browser {
    pub(super) fn fragment_of(sdp: &str) -> &str {
        sdp.lines()
            .find_map(|line| line.strip_prefix("a=ice-ufrag:"))
            .unwrap_or_default()
    }

    pub(super) fn setup_of(sdp: &str) -> &str {
        sdp.lines()
            .find_map(|line| line.strip_prefix("a=setup:"))
            .unwrap_or_default()
    }

    /// An offer without what may be written into it on the way.
    pub(super) fn identity_of(offer: &str) -> String {
        let lines = offer.lines().filter(|line| !line.starts_with("a=setup:"));
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// Of the present generation.
    pub(super) fn fragment(&self) -> String {
        format!("{}{}x{}", self.name, self.build, self.generation)
    }

    pub(super) fn is_stable(&self) -> bool {
        self.pending_local.is_none() && self.pending_remote.is_none()
    }

    pub(super) fn begin(&mut self, action: Action) {
        assert!(self.operation.is_none(), "{}: two operations at once", self.name);
        self.operation = Some(action);
    }

    /// The operation under way comes to its end.
    pub(super) fn finish(&mut self) -> Option<Input> {
        match self.operation.take()? {
            Action::SetLocal if self.pending_remote.is_some() => Some(self.set_answer()),
            Action::SetLocal => Some(self.set_offer()),
            Action::ApplyRemote {
                kind: DescriptionKind::Offer,
                sdp,
            } => {
                self.pending_local = None;
                self.pending_remote = Some(sdp);
                Some(Input::RemoteSet)
            }
            Action::ApplyRemote {
                kind: DescriptionKind::Answer,
                sdp,
            } => {
                let offer = self.pending_local.take();
                assert!(offer.is_some(), "{}: an answer without an offer", self.name);
                assert!(
                    sdp.contains(&Self::identity_of(offer.as_deref().unwrap_or_default())),
                    "{}: another offer's answer",
                    self.name
                );
                // As Chromium: "Failed to set SSL role for the transport".
                let begins = Self::setup_of(&sdp) == "passive";
                if *self.began_dtls.get_or_insert(begins) != begins {
                    return Some(Input::OperationFailed);
                }
                self.local = offer;
                self.remote = Some(sdp);
                self.negotiated = self.offered_tracks;
                self.needed = false;
                Some(Input::RemoteSet)
            }
            _ => None,
        }
    }

    pub(super) fn set_offer(&mut self) -> Input {
        self.made += 1;
        self.generation += u32::from(std::mem::take(&mut self.restart) || self.generation == 0);
        self.offered_tracks = self.tracks;
        let sdp = format!(
            "a=ice-ufrag:{}\na=setup:actpass\noffer {}\n",
            self.fragment(),
            self.made
        );
        self.pending_local = Some(sdp.clone());
        self.find_candidates();
        Input::LocalSet { sdp }
    }

    pub(super) fn set_answer(&mut self) -> Input {
        let offer = self.pending_remote.take().unwrap_or_default();
        let restarted = self
            .remote
            .as_deref()
            .is_none_or(|before| Self::fragment_of(before) != Self::fragment_of(&offer));
        self.generation += u32::from(restarted);
        // As Firefox: it begins wherever the offer leaves it the choice, also where the other side has begun.
        let begins = Self::setup_of(&offer) != "active";
        self.began_dtls.get_or_insert(begins);
        let setup = if begins { "active" } else { "passive" };
        let answers = Self::identity_of(&offer);
        let sdp = format!("a=ice-ufrag:{}\na=setup:{setup}\nanswers\n{answers}", self.fragment());
        self.remote = Some(offer);
        self.local = Some(sdp.clone());
        // Tracks that were added before the offer came are taken into its sections.
        self.negotiated = self.negotiated.max(1).min(self.tracks);
        self.needed = false;
        self.find_candidates();
        Input::LocalSet { sdp }
    }

    pub(super) fn find_candidates(&mut self) {
        self.unfound = (0..2)
            .map(|port| Candidate {
                line: format!("candidate:{port} ufrag {}", self.fragment()),
                mid: None,
                m_line: Some(0),
            })
            .collect();
    }

    /// Events that fire by themselves.
    pub(super) fn event(&mut self) -> Option<Input> {
        if self.operation.is_some() {
            return None;
        }
        if let Some(candidate) = self.unfound.pop() {
            return Some(Input::LocalCandidate(candidate));
        }
        if self.is_stable() && !self.needed && (self.tracks > self.negotiated || self.restart) {
            self.needed = true;
            return Some(Input::NegotiationNeeded);
        }
        None
    }

    pub(super) fn add(&mut self, candidate: Candidate) {
        let known = self
            .pending_remote
            .as_ref()
            .or(self.remote.as_ref())
            .map_or("", |sdp| Self::fragment_of(sdp));
        assert_eq!(
            candidate.fragment(),
            Some(known),
            "{}: a candidate of another generation",
            self.name
        );
        self.added.push(candidate);
    }
}
