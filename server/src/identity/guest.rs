//! Invitations to a call, and the credential of whoever came by one.
//!
//! Both texts are made of the consultation's id, the number of the invitation and a MAC over them, so an invitation can be
//! shown again and neither is stored anywhere. What they are good for is the log's to say: an invitation until it is
//! spent, taken back or too old; the credential until its guest is removed or the consultation ends.

use super::{
    Cookie, Identity,
    secret::{keyed, qr_svg, token_text},
};
use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use frontend::page::guardian::InvitationLink;
use signaling::{
    actor::Actor,
    id::{ConsultationId, Seq},
};
use subtle::ConstantTimeEq as _;

/// The consultation's id, the number in four bytes (a log has 20,000 events), 128 bits of MAC: 48 letters.
const TOKEN_BYTES: usize = 16 + 4 + MAC_BYTES;
const MAC_BYTES: usize = 16;

/// A place in the calls of one consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GuestPlace {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// The number of its `guest_invited` event.
    pub invite: Seq,
}

impl GuestPlace {
    /// As the author of commands.
    #[must_use]
    pub fn actor(self) -> Actor {
        Actor::Guest {
            consultation: self.consultation,
            invite: self.invite,
        }
    }
}

/// For which of the two a text is.
#[derive(Clone, Copy)]
enum For {
    Link,
    Cookie,
}

impl For {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Link => b"invitation",
            Self::Cookie => b"seat",
        }
    }
}

impl Identity {
    /// `/g/{token}`.
    #[must_use]
    pub fn invitation_path(&self, place: GuestPlace) -> String {
        format!("/g/{}", self.guest_text(For::Link, place))
    }

    /// The link of an invitation, to be sent or scanned.
    #[must_use]
    pub fn invitation_link(&self, place: GuestPlace, headers: &HeaderMap) -> InvitationLink {
        let link = format!("{}{}", self.origin(headers), self.invitation_path(place));
        InvitationLink {
            qr_svg: qr_svg(&link),
            link,
        }
    }

    /// The place that an invitation leads to. Whether it may be spent is the log's to say.
    #[must_use]
    pub fn invited_to(&self, token: &str) -> Option<GuestPlace> {
        self.guest_place(For::Link, token)
    }

    /// The credential of whoever came, for its cookie.
    #[must_use]
    pub fn guest_credential(&self, place: GuestPlace) -> String {
        self.guest_text(For::Cookie, place)
    }

    /// The place that a browser's credential is for. Whether it still stands is the log's to say.
    #[must_use]
    pub fn guest_of(&self, headers: &HeaderMap) -> Option<GuestPlace> {
        self.guest_place(For::Cookie, &self.cookie(Cookie::Guest, headers)?)
    }

    fn guest_text(&self, which: For, place: GuestPlace) -> String {
        let named = named(place);
        token_text(&[&named[..], &self.guest_mac(which, &named)].concat())
    }

    fn guest_place(&self, which: For, text: &str) -> Option<GuestPlace> {
        let bytes: [u8; TOKEN_BYTES] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (named, mac) = bytes.split_at(TOKEN_BYTES - MAC_BYTES);
        if !bool::from(self.guest_mac(which, named).ct_eq(mac)) {
            return None;
        }
        let (id, invite) = named.split_first_chunk::<16>()?;
        Some(GuestPlace {
            consultation: ConsultationId(uuid::Uuid::from_bytes(*id)),
            invite: Seq::from(u32::from_be_bytes(invite.try_into().ok()?)),
        })
    }

    fn guest_mac(&self, which: For, named: &[u8]) -> [u8; MAC_BYTES] {
        let whole = keyed(&self.rings.guest, &[which.label(), named]);
        let mut mac = [0; MAC_BYTES];
        mac.copy_from_slice(&whole[..MAC_BYTES]);
        mac
    }
}

fn named(place: GuestPlace) -> [u8; TOKEN_BYTES - MAC_BYTES] {
    let mut bytes = [0; TOKEN_BYTES - MAC_BYTES];
    bytes[..16].copy_from_slice(place.consultation.0.as_bytes());
    // A log is far shorter; a number that did not fit would name nobody.
    bytes[16..].copy_from_slice(&u32::try_from(place.invite).unwrap_or(0).to_be_bytes());
    bytes
}
