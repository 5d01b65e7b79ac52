//! link: how a family comes in. The city's front page, registration, the door of a ticket on another device, the code that
//! opens it, the family's own page, and pages that say why something cannot be shown.
//!
//! Promises: plain HTML forms, no script, no health data on any of them. GET shows, POST spends.
//! Not here: the ticket itself (see [`crate::guardian`]).

mod door;
mod entrance;
mod guest;
mod mine;
mod register;

pub use door::{door, enter, replace, transfer};
pub use entrance::entrance;
pub use guest::{guest_door, invite};
pub use mine::{mine, notice};
pub use register::register;

/// What every page before a consultation says.
pub const NOT_AN_EXAMINATION: &str = "これは医師の診察ではありません。病気を診断したり、薬を決めたりはしません。急を要するときは119番に電話してください。";
