//! A connection that is made while it rings, so that who answers and who rang find one that knows its ways already.
//!
//! Promises: at most one at a time; it is used only with the ICE servers that it was made for; one that nobody needed is
//! closed with its call. Who rang has its devices open, so their tracks are in it before anybody answers. A browser that does not gather ahead (`iceCandidatePoolSize`, RFC 9429 §4.1.1) loses nothing.
//!
//! Not here: errors of ICE servers while it rings. They are met again when the connection looks for another way.

use super::Room;
use crate::call::{
    js,
    peer::{Ice, configuration},
};
use signaling::call::{Call, CallMode, Holder};
use web_sys::RtcPeerConnection;

/// A connection without a description, and what it was told about reaching others.
pub(super) struct Spare {
    ice: Ice,
    /// Nothing once it was taken.
    connection: Option<RtcPeerConnection>,
}

impl Drop for Spare {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            connection.close();
        }
    }
}

impl Room {
    /// The family while its phone rings, and who rang while nobody else sits in the call.
    pub(super) fn make_ready(&self, call: &Call, is_seated: bool) {
        let rings_here = !is_seated && self.me == Holder::Guardian && !call.is_answered();
        let waits = is_seated && call.seats.len() == 1;
        if !(rings_here || waits) || self.spare.borrow().is_some() || !self.peers.borrow().is_empty() {
            return;
        }
        let Some(ice) = self.live.ice() else { return };
        let wanted = configuration(ice.clone());
        js::set(&wanted, "iceCandidatePoolSize", &1.into());
        if let Ok(connection) = RtcPeerConnection::new_with_configuration(&wanted) {
            // Whoever answers makes the first offer, and its sections meet these tracks (RFC 9429 §5.10: only what `addTrack` made).
            if let Some(capture) = self.capture.borrow().as_ref().filter(|_| waits) {
                let video = (call.mode == CallMode::Video).then(|| capture.video()).flatten();
                for track in capture.audio().into_iter().chain(video) {
                    let _ = connection.add_track(&track, &capture.stream, &js_sys::Array::new());
                }
            }
            self.spare.replace(Some(Spare {
                ice,
                connection: Some(connection),
            }));
        }
    }

    /// The one that is ready, where it fits.
    pub(super) fn take_spare(&self) -> Option<RtcPeerConnection> {
        let mut spare = self.spare.take()?;
        if self.live.ice().as_ref() != Some(&spare.ice) {
            return None;
        }
        spare.connection.take()
    }
}
