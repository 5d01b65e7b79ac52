//! TURN and STUN (RFC 8656, RFC 8489): what becomes of each packet, as pure rules.
//!
//! A call's media go through here where two browsers cannot reach each other. [`Relay`] takes one datagram or frame at a
//! time and answers with one [`Deed`]; the sockets that carry it out are in [`crate::edge`]. Promises: no socket, no clock
//! and no randomness in here; nobody relays without a credential that the desk minted; nobody relays to an address that is
//! not public; an unauthenticated packet costs no memory; every table has a limit in [`limits`].
//!
//! Deliberately not here: relays over TCP (RFC 6062), DTLS to the server, two families in one allocation and reserved ports.
//! Browsers use none of them.

pub mod allocation;
pub mod budget;
pub mod client;
pub mod credential;
pub mod framing;
pub mod limits;
mod message;
mod nonce;
mod now;
pub mod peer;
mod relay;
mod request;
#[cfg(test)]
mod tests;

pub use message::data_indication;
pub use now::Now;
pub use relay::{Counts, Deed, Delivery, Header, Opening, Relay};
