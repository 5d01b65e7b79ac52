//! The parts of the server that read what strangers send, without the rest of it: a fuzzer instruments every crate it
//! builds, and the whole server has hundreds. The files are the server's own.

#[path = "../../src/edge"]
pub mod edge {
    //! See `server/src/edge.rs`.
    pub mod announce;
    pub mod first;
}

#[path = "../../src/turn"]
pub mod turn {
    //! See `server/src/turn.rs`.
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

    pub use message::data_indication;
    pub use now::Now;
    pub use relay::{Counts, Deed, Delivery, Header, Opening, Relay};
}

pub mod targets;
