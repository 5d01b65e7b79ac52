//! Many families and clinicians at once, each as a stranger who has read PROTOCOL.md: forms over HTTP, one socket a tab,
//! commands with ids of their own, resumed by cursor. Fault tests and measurements use them.
//!
//! Promises: no limit of the server is lifted and no door of its own is opened for load; what a [`tab::Tab`] says is kept
//! and sent again until it is answered, as the protocol asks; every log is held to "each event once, in order".
//!
//! Not here: media (browsers do that, `e2e/bench`) and the server's insides. Only the wire's types come from `signaling`.

pub mod browser;
pub mod clock;
pub mod crowd;
pub mod desk;
pub mod family;
pub mod figures;
pub mod floor;
pub mod measure;
pub mod process;
pub mod socket;
pub mod staff;
pub mod tab;
