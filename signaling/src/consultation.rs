//! The consultation: an append-only log of numbered events, and the pure functions that give it meaning.
//!
//! ```text
//! decide(state, command, actor, now) -> events | refusal        apply(state, event) -> state
//! deadlines(state, patience, delays) -> [(kind, due_at)]    project(event, viewer) -> wire event | nothing    rank(state) -> key
//! ```
//!
//! *Facts* of an event are coded and banded; they stay for the figures. Everything else is *sealed*: the shell encrypts
//! it with a key of that consultation, and deleting the key erases it. The folded [`State`] holds facts only.
//!
//! Not here: loading, storing, encrypting, waking anybody up. Rules across consultations (one call per clinician, one
//! open consultation per family) are unique indexes in storage, because no single log can know them.

mod after;
mod apply;
mod appointment;
mod command;
mod decide;
mod event;
mod handing;
mod project;
mod promise;
mod reasoned;
mod referral;
mod state;
mod waiting;

pub use after::{After, CheckIn, Task};
pub use apply::{apply, deadlines};
pub use appointment::Appointment;
pub use command::{Command, Refusal, Request};
pub use decide::decide;
pub use event::{EVENT_VERSION, Event, Fact, Lane, NewEvent, Sealed, Speaker, UnreadableEvent, lift};
pub use handing::{Handing, Silence};
pub use project::{Audience, WireEvent, WireKind, audience, project};
pub use reasoned::Reasoned;
pub use referral::Handed;
pub use state::{Callback, Case, Deadline, DeadlineKind, Guest, GuestStanding, SignedNote, Stage, State};

#[cfg(test)]
mod tests;
