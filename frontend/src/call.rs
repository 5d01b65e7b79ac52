//! The call: devices, connections between seats, and the screen of both sides.
//!
//! Promises: media go from browser to browser and live apart from socket and page: a lost socket, a re-rendered page or
//! another tab of the desk in front never touches a picture that plays. Whatever goes wrong is said in words, with what to do
//! next; chat is always there. A reloaded page finds its call again as a new incarnation of its seat.
//!
//! The parts: [`fault`] what devices refuse, in words; [`words`] what the screen says; `media` camera and microphone; `peer`
//! one connection, driven by [`signaling::negotiation`]; `room` the seats of one consultation; `tile` the place of one person; `screen`
//! what people see; `part` what the family's page does until all of that has been loaded; [`check`] the page that tries it beforehand.
//!
//! Not here: who may ring whom (`signaling::consultation`), relaying of signals (server), the chat beside the call.

pub mod check;
pub mod fault;
pub mod words;

#[cfg(feature = "hydrate")]
mod figures;
#[cfg(feature = "hydrate")]
mod js;
#[cfg(feature = "hydrate")]
mod media;
#[cfg(feature = "hydrate")]
pub mod part;
#[cfg(feature = "hydrate")]
mod peer;
#[cfg(feature = "hydrate")]
mod room;
#[cfg(feature = "hydrate")]
mod screen;
#[cfg(feature = "hydrate")]
mod tile;

#[cfg(feature = "hydrate")]
pub use part::guardian_call;
#[cfg(feature = "hydrate")]
pub use screen::{desk_call, ring};

#[cfg(not(feature = "hydrate"))]
use leptos::prelude::*;

/// Where the family's call will be, as the server renders it: what [`guardian_call`](self) renders before it is alive.
#[cfg(not(feature = "hydrate"))]
pub fn guardian_call_place() -> impl IntoView {
    view! { <div class="call" data-side="guardian">{move || None::<AnyView>}</div> }
}

/// Where the desk's call will be, as the server renders it.
#[cfg(not(feature = "hydrate"))]
pub fn desk_call_place() -> impl IntoView {
    view! { <div class="call" data-side="desk">{move || None::<AnyView>}</div> }
}
