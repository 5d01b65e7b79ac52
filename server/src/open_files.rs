//! How many files this process may hold open. A family that waits is one socket, and most systems let a program have 1,024 until it
//! asks for more.
//!
//! Promises: afterwards it may hold as many as the system allows it; where that is little, the log says so and what mends it.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Families of a holiday's evening, their relays, and the desks: below that a city should know.
const ENOUGH: u64 = 16_384;

/// Asks for as many as may be had. To be called once, before anything is opened.
pub fn raise() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = Rlimit {
        current: maximum,
        maximum,
    };
    let allowed = match setrlimit(Resource::Nofile, wanted) {
        Ok(()) => maximum,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files could not be raised");
            current
        }
    };
    // Nothing stands for no limit.
    if let Some(allowed) = allowed.filter(|allowed| *allowed < ENOUGH) {
        tracing::warn!(
            allowed,
            wanted = ENOUGH,
            "few files may be open at once: raise the hard limit (systemd: LimitNOFILE=)"
        );
    }
}
