//! The consultation desk's server. The rules are in `signaling`, the pages in `frontend`; here is what carries them: HTTP
//! and WebSocket, storage, TLS, clock.
//!
//! Modules are named by the step of the journey they carry: link → intake → queue → claim → chat / call → note → survey →
//! report. ARCHITECTURE.md walks through them.

pub mod chain;
pub mod clock;
pub mod identity;
pub mod link;
pub mod seal;
pub mod storage;
