//! The model of 「カメラと音の確認」.

use super::City;
use serde::{Deserialize, Serialize};
use signaling::{
    id::ConsultationId,
    protocol::{Cursor, IceServer, Side},
};

/// The page, for a family or for the desk.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckPage {
    /// Whose page.
    pub city: City,
    /// Where it belongs to: `/t/…` or `/desk`. The script posts to `check/echo` below it, a family's also to `check`.
    pub path: String,
    /// Who checks.
    pub side: Side,
    /// The open consultation, and from where it is followed: who is called meanwhile is told so.
    pub follows: Option<(ConsultationId, Cursor)>,
    /// Whether a picture is part of it; not for who wants to talk by voice.
    pub wants_picture: bool,
    /// Those that a call would use, with a credential of their own.
    pub ice_servers: Vec<IceServer>,
    /// `all` or `relay`, as in a call.
    pub ice_policy: String,
}

signaling::redacted_debug!(CheckPage { side, wants_picture });
