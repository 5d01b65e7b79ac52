//! One allocation: who holds it, whom it may reach and through which channels, and when each of these ends (RFC 8656 §§3, 9, 12).

use super::limits::{CHANNEL_LIFETIME, CHANNELS_PER_ALLOCATION, PERMISSION_LIFETIME, PERMISSIONS_PER_ALLOCATION};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

/// How a client reaches us.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Via {
    /// Datagrams.
    Udp,
    /// A stream over TCP or TLS, by its number.
    Stream(u64),
}

/// The client's half of the five-tuple, which is what names an allocation (RFC 8656 §3.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Client {
    /// How.
    pub via: Via,
    /// From where.
    pub address: SocketAddr,
}

/// A relayed address and what its client may do with it.
pub(super) struct Allocation {
    /// Whose bytes these are.
    pub(super) account: u64,
    pub(super) relayed: SocketAddr,
    pub(super) username: String,
    /// Of the Allocate that made it, to know that one again.
    pub(super) transaction: u128,
    pub(super) ends: Duration,
    permissions: HashMap<IpAddr, Duration>,
    peer_of: HashMap<u16, (SocketAddr, Duration)>,
    channel_of: HashMap<SocketAddr, u16>,
}

signaling::redacted_debug!(Allocation { relayed, ends });

/// Why a permission or a channel is not granted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotGranted {
    /// As many as one allocation may have.
    Full,
    /// The channel is bound to another peer, or the peer to another channel.
    Taken,
}

impl Allocation {
    pub(super) fn new(
        relayed: SocketAddr,
        (account, username): (u64, String),
        transaction: u128,
        ends: Duration,
    ) -> Self {
        Self {
            account,
            relayed,
            username,
            transaction,
            ends,
            permissions: HashMap::new(),
            peer_of: HashMap::new(),
            channel_of: HashMap::new(),
        }
    }

    /// Whether packets may go to, and come from, this address.
    pub(super) fn permits(&self, peer: IpAddr, now: Duration) -> bool {
        self.permissions.get(&peer).is_some_and(|ends| *ends > now)
    }

    /// Grants or renews a permission.
    pub(super) fn permit(&mut self, peer: IpAddr, now: Duration) -> Result<(), NotGranted> {
        if !self.permissions.contains_key(&peer) && self.permissions.len() >= PERMISSIONS_PER_ALLOCATION {
            self.permissions.retain(|_, ends| *ends > now);
            if self.permissions.len() >= PERMISSIONS_PER_ALLOCATION {
                return Err(NotGranted::Full);
            }
        }
        self.permissions.insert(peer, now + PERMISSION_LIFETIME);
        Ok(())
    }

    /// Binds a channel, or renews it, and with it the permission of its peer (RFC 8656 §12.2).
    pub(super) fn bind(&mut self, channel: u16, peer: SocketAddr, now: Duration) -> Result<(), NotGranted> {
        self.peer_of.retain(|_, (_, ends)| *ends > now);
        let peer_of = &self.peer_of;
        self.channel_of.retain(|_, channel| peer_of.contains_key(channel));

        let bound = self.peer_of.get(&channel).map(|(peer, _)| *peer);
        if bound.is_some_and(|other| other != peer) || self.channel_of.get(&peer).is_some_and(|other| *other != channel)
        {
            return Err(NotGranted::Taken);
        }
        if bound.is_none() && self.peer_of.len() >= CHANNELS_PER_ALLOCATION {
            return Err(NotGranted::Full);
        }
        self.permit(peer.ip(), now)?;
        self.peer_of.insert(channel, (peer, now + CHANNEL_LIFETIME));
        self.channel_of.insert(peer, channel);
        Ok(())
    }

    /// To whom a channel leads. A channel whose permission has ended leads to nobody (RFC 8656 §12.6).
    pub(super) fn peer_of_channel(&self, channel: u16, now: Duration) -> Option<SocketAddr> {
        let (peer, ends) = self.peer_of.get(&channel)?;
        (*ends > now && self.permits(peer.ip(), now)).then_some(*peer)
    }

    /// The channel that leads to a peer, if there is one.
    pub(super) fn channel_to(&self, peer: SocketAddr, now: Duration) -> Option<u16> {
        let channel = *self.channel_of.get(&peer)?;
        self.peer_of
            .get(&channel)
            .is_some_and(|(_, ends)| *ends > now)
            .then_some(channel)
    }
}
