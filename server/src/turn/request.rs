//! The four requests that need a credential: Allocate, Refresh, CreatePermission, ChannelBind (RFC 8656 §§7–9, 12), and how a
//! credential is checked (RFC 8489 §9.2.4).

use super::{
    Now,
    allocation::{Client, NotGranted},
    credential::is_current,
    limits, message, nonce,
    peer::Verdict,
    relay::{Deed, Opening, Relay},
};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use stun_types::{
    attribute::{AttributeType, Fingerprint, MessageIntegrity, Nonce, Realm, Software, Username},
    message::{IntegrityAlgorithm, IntegrityKey, LongTermKeyCredentials, Message},
    prelude::*,
};
use turn_types::{
    AddressFamily,
    attribute::{ChannelNumber, EvenPort, Lifetime, RequestedAddressFamily, RequestedTransport, XorPeerAddress},
    message::{ALLOCATE, CHANNEL_BIND, REFRESH},
};

/// UDP's number among protocols: the only kind of relay there is here.
const UDP: u8 = 17;
/// RFC 8656 §12 has 0x4000–0x4FFF, RFC 5766 and some clients still go to 0x7FFF; either way it is told by its first two bits.
const CHANNELS: std::ops::RangeInclusive<u16> = 0x4000..=0x7fff;

impl Relay {
    pub(super) fn request<'a>(&mut self, now: Now, client: Client, bytes: &[u8], asked: &Message<'_>) -> Deed<'a> {
        let (username, key) = match self.authenticate(now, client, asked) {
            Ok(who) => who,
            Err(answer) => return self.answer_stranger(now, client, bytes.len(), answer),
        };
        let strange = not_understood(asked);
        if !strange.is_empty() {
            return Deed::Answer(message::unknown(asked, &strange, &key));
        }
        if asked.method() == ALLOCATE {
            return match self.allocate(now, client, asked, &username, &key) {
                Ok(Asked::Again(answer)) => Deed::Answer(answer),
                Ok(Asked::New {
                    address,
                    even,
                    lifetime,
                }) => Deed::Open(Opening {
                    client,
                    address,
                    even,
                    request: bytes.to_vec(),
                    username,
                    key,
                    lifetime,
                }),
                Err(code) => Deed::Answer(message::error(asked, code, Some(&key))),
            };
        }
        match self.change(now, client, asked, &username, &key) {
            Ok(deed) => deed,
            Err(code) => Deed::Answer(message::error(asked, code, Some(&key))),
        }
    }

    /// Who asks. An error is the answer to a stranger.
    fn authenticate(&self, now: Now, client: Client, asked: &Message<'_>) -> Result<(String, IntegrityKey), Vec<u8>> {
        let secret = self.secrets.first().ok_or_else(Vec::new)?;
        let challenge = |code| {
            let nonce = nonce::make(secret, client.address, now.unix_seconds);
            message::challenge(asked, code, &nonce)
        };
        if !asked.has_attribute(MessageIntegrity::TYPE) {
            return Err(challenge(401));
        }
        let shown = (
            asked.attribute::<Username>(),
            asked.attribute::<Realm>(),
            asked.attribute::<Nonce>(),
        );
        let (Ok(username), Ok(_), Ok(shown)) = shown else {
            return Err(message::error(asked, 400, None));
        };
        if !nonce::is_fresh(secret, shown.nonce(), client.address, now.unix_seconds) {
            return Err(challenge(438));
        }
        let username = username.username();
        // A call may last longer than its credential: what runs may be kept, only what is new is refused (as coturn does).
        let runs = self
            .allocations
            .get(&client)
            .is_some_and(|allocation| allocation.username == username);
        if username.len() > limits::USERNAME_BYTES || !(runs || is_current(username, now.unix_seconds)) {
            return Err(challenge(401));
        }
        let keys = self.secrets.iter().map(|secret| {
            let password = secret.password_of(username);
            LongTermKeyCredentials::new(username.to_owned(), password, message::REALM.to_owned())
                .make_key(IntegrityAlgorithm::Sha1)
        });
        keys.into_iter()
            .find(|key| asked.validate_integrity_with_key(key).is_ok())
            .map(|key| (username.to_owned(), key))
            .ok_or_else(|| challenge(401))
    }

    /// RFC 8656 §7.2, in its order. An error is a code.
    fn allocate(
        &self,
        now: Now,
        client: Client,
        asked: &Message<'_>,
        username: &str,
        key: &IntegrityKey,
    ) -> Result<Asked, u16> {
        if let Some(held) = self.allocations.get(&client) {
            // A retransmission is answered as before; anything else on these addresses is a mistake.
            if held.transaction != u128::from(asked.transaction_id()) || held.username != username {
                return Err(437);
            }
            let left = held.ends.saturating_sub(now.steady);
            return Ok(Asked::Again(message::allocated(
                asked,
                held.relayed,
                client.address,
                left,
                key,
            )));
        }
        let transport = asked.attribute::<RequestedTransport>().map_err(|_| 400_u16)?;
        if transport.protocol() != UDP {
            return Err(442);
        }
        let wants_v6 = match asked.attribute::<RequestedAddressFamily>() {
            Ok(wanted) => wanted.family() == AddressFamily::IPV6,
            Err(_) if asked.has_attribute(RequestedAddressFamily::TYPE) => return Err(440),
            Err(_) => false,
        };
        let mut own = self.peers.own.iter();
        let address = *own.find(|address| address.is_ipv6() == wants_v6).ok_or(440_u16)?;
        let even = match asked.attribute::<EvenPort>() {
            // The port after it would have to be kept free for a second allocation.
            Ok(even) if even.requested() => return Err(508),
            Ok(_) => true,
            Err(_) => false,
        };
        let lifetime = lifetime(asked);
        if lifetime.is_zero() {
            return Err(400);
        }
        if self.held_by(username) >= limits::ALLOCATIONS_PER_CREDENTIAL {
            return Err(486);
        }
        if self.allocations.len() >= limits::ALLOCATIONS {
            return Err(508);
        }
        Ok(Asked::New {
            address,
            even,
            lifetime,
        })
    }

    /// The relay socket is open on this port, or could not be opened. The answer to the client.
    pub fn opened(&mut self, now: Now, opening: Opening, port: Option<u16>) -> Vec<u8> {
        let request = opening.request.clone();
        let Some(asked) = message::parse(&request) else {
            return Vec::new();
        };
        let Some(port) = port else {
            return message::error(&asked, 508, Some(&opening.key));
        };
        let relayed = SocketAddr::new(opening.address, port);
        let client = opening.client.address;
        let answer = message::allocated(&asked, relayed, client, opening.lifetime, &opening.key);
        self.insert(now, opening, relayed, asked.transaction_id().into());
        answer
    }

    /// Refresh, CreatePermission and ChannelBind. An error is a code.
    fn change<'a>(
        &mut self,
        now: Now,
        client: Client,
        asked: &Message<'_>,
        username: &str,
        key: &IntegrityKey,
    ) -> Result<Deed<'a>, u16> {
        let held = self
            .allocations
            .get_mut(&client)
            .filter(|held| held.ends > now.steady)
            .ok_or(437_u16)?;
        if held.username != username {
            return Err(441);
        }
        if asked.method() == REFRESH {
            let lifetime = lifetime(asked);
            let answer = message::refreshed(asked, lifetime, key);
            held.ends = now.steady + lifetime;
            let ended = if lifetime.is_zero() { self.gone(client) } else { None };
            return Ok(match ended {
                Some(relayed) => Deed::Close(answer, relayed),
                None => Deed::Answer(answer),
            });
        }
        let peers = peers_in(asked)?;
        let first = *peers.first().ok_or(400_u16)?;
        if peers.iter().any(|peer| peer.is_ipv4() != held.relayed.is_ipv4()) {
            return Err(443);
        }
        if peers.iter().any(|peer| self.peers.judge(peer.ip()) == Verdict::Refused) {
            return Err(403);
        }
        let granted = if asked.method() == CHANNEL_BIND {
            let channel = asked.attribute::<ChannelNumber>().map_err(|_| 400_u16)?.channel();
            if !CHANNELS.contains(&channel) {
                return Err(400);
            }
            held.bind(channel, first, now.steady)
        } else {
            peers.iter().try_for_each(|peer| held.permit(peer.ip(), now.steady))
        };
        granted.map_err(|why| match why {
            NotGranted::Taken => 400_u16,
            NotGranted::Full => 508,
        })?;
        Ok(Deed::Answer(message::done(asked, key)))
    }
}

/// What an Allocate turned out to be.
enum Asked {
    /// Sent again; this is the answer.
    Again(Vec<u8>),
    /// A new one.
    New {
        address: IpAddr,
        even: bool,
        lifetime: Duration,
    },
}

fn lifetime(asked: &Message<'_>) -> Duration {
    match asked.attribute::<Lifetime>().map(|lifetime| lifetime.seconds()) {
        Ok(0) => Duration::ZERO,
        Ok(seconds) => Duration::from_secs(seconds.into()).clamp(limits::LIFETIME_DEFAULT, limits::LIFETIME_MAX),
        Err(_) => limits::LIFETIME_DEFAULT,
    }
}

fn peers_in(asked: &Message<'_>) -> Result<Vec<SocketAddr>, u16> {
    let all = asked
        .iter_attributes()
        .filter(|(_, raw)| raw.get_type() == XorPeerAddress::TYPE);
    all.map(|(_, raw)| {
        let peer = XorPeerAddress::from_raw(raw).map_err(|_| 400_u16)?;
        Ok(peer.addr(asked.transaction_id()))
    })
    .collect()
}

/// Attributes that must be understood and are not here. RESERVATION-TOKEN and DONT-FRAGMENT are among them on purpose.
fn not_understood(asked: &Message<'_>) -> Vec<AttributeType> {
    const UNDERSTOOD: [AttributeType; 12] = [
        Username::TYPE,
        Realm::TYPE,
        Nonce::TYPE,
        MessageIntegrity::TYPE,
        Fingerprint::TYPE,
        Software::TYPE,
        RequestedTransport::TYPE,
        RequestedAddressFamily::TYPE,
        EvenPort::TYPE,
        Lifetime::TYPE,
        XorPeerAddress::TYPE,
        ChannelNumber::TYPE,
    ];
    let types = asked.iter_attributes().map(|(_, raw)| raw.get_type());
    types
        .filter(|kind| kind.comprehension_required() && !UNDERSTOOD.contains(kind))
        .collect()
}
