//! ICE candidates on their way in and out: each goes with the description that has its user fragment.
//!
//! Promises: a remote candidate is given to the browser only once a description with its fragment is applied; a local one is
//! sent only after its description. Fragments are how RFC 8839 §5.4 tells the generations of a restarted ICE apart.

use super::Action;
use crate::protocol::Signal;

/// Candidates that are held for a description to come; a browser finds fewer than this in one gathering.
pub(super) const HELD: usize = 64;

/// An ICE candidate.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The `candidate:` line; empty at the end of candidates.
    pub line: String,
    /// Its m-line's identification.
    pub mid: Option<String>,
    /// Its m-line's number.
    pub m_line: Option<u16>,
}

crate::redacted_debug!(Candidate { mid, m_line });

impl Candidate {
    /// The user fragment (the `ufrag` extension of the line, which Chromium writes and our shell adds where it is missing).
    #[must_use]
    pub fn fragment(&self) -> Option<&str> {
        let mut words = self.line.split_ascii_whitespace();
        words.find(|word| *word == "ufrag")?;
        words.next()
    }

    /// The same candidate with its user fragment in the line.
    #[must_use]
    pub fn with_fragment(mut self, fragment: Option<&str>) -> Self {
        if let (None, false, Some(fragment)) = (self.fragment(), self.line.is_empty(), fragment) {
            self.line = format!("{} ufrag {fragment}", self.line);
        }
        self
    }

    /// As it travels.
    #[must_use]
    pub fn signal(self) -> Signal {
        Signal::Candidate {
            candidate: self.line,
            mid: self.mid,
            m_line: self.m_line,
        }
    }

    pub(super) fn send(self) -> Action {
        Action::Send(self.signal())
    }
}

#[derive(Clone, Default)]
pub(super) struct Candidates {
    /// Fragments of the remote description that is applied or being applied.
    fragments: Vec<String>,
    /// Whether that description is applied already.
    ready: bool,
    held: Vec<Candidate>,
    unsent: Vec<Candidate>,
}

crate::redacted_debug!(Candidates { ready });

impl Candidates {
    /// A local candidate; comes back if it can be sent now.
    pub(super) fn found(&mut self, candidate: Candidate, unsent: bool) -> Option<Candidate> {
        if unsent {
            self.unsent.push(candidate);
            return None;
        }
        Some(candidate)
    }

    pub(super) fn take_unsent(&mut self) -> impl Iterator<Item = Candidate> + use<> {
        std::mem::take(&mut self.unsent).into_iter()
    }

    pub(super) fn forget_unsent(&mut self) {
        self.unsent.clear();
    }

    /// A remote candidate; comes back if it can be added now.
    pub(super) fn arrived(&mut self, candidate: Candidate) -> Option<Candidate> {
        if self.ready && self.belongs(&candidate) {
            return Some(candidate);
        }
        if self.held.len() == HELD {
            self.held.remove(0);
        }
        self.held.push(candidate);
        None
    }

    /// A remote description is being applied.
    pub(super) fn described_by(&mut self, sdp: &str) {
        self.fragments = fragments(sdp);
        self.ready = false;
    }

    /// It is applied: the candidates that waited for it. The others wait for another one.
    pub(super) fn take_ready(&mut self) -> impl Iterator<Item = Candidate> + use<> {
        self.ready = true;
        let (ready, held) = std::mem::take(&mut self.held)
            .into_iter()
            .partition(|candidate| self.belongs(candidate));
        self.held = held;
        let ready: Vec<Candidate> = ready;
        ready.into_iter()
    }

    /// Whether there is a remote description at all.
    pub(super) fn are_known(&self) -> bool {
        !self.fragments.is_empty()
    }

    /// Whether a remote description begins a new generation of ICE.
    pub(super) fn would_restart(&self, sdp: &str) -> bool {
        !fragments(sdp).iter().any(|fragment| self.fragments.contains(fragment))
    }

    fn belongs(&self, candidate: &Candidate) -> bool {
        candidate
            .fragment()
            .is_none_or(|fragment| self.fragments.iter().any(|known| known == fragment))
    }
}

fn fragments(sdp: &str) -> Vec<String> {
    let mut all: Vec<String> = sdp
        .lines()
        .filter_map(|line| line.strip_prefix("a=ice-ufrag:"))
        .map(|text| text.trim().to_owned())
        .collect();
    all.dedup();
    all
}
