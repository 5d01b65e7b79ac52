//! The clinician's desk: three columns that never reload — 待ち · 相談 · 記録.
//!
//! Promises that nothing typed is lost by changing tabs or by a lost connection, that every state is said in words as well
//! as in colour, and that everything can be reached by keyboard. All state lives in [`Desk`], a handful of signals: frames
//! from the server change it in [`receive`], components show it, and what the clinician wants goes out as a [`Wish`].
//! Only the browser fulfils wishes; on the server the page is rendered from its model and nothing more.
//!
//! Not here: who may do what (the server decides), media (see [`crate::call`]), the queue column (see [`crate::claim`]).

mod dialogs;
mod epds;
mod handing;
pub mod keys;
mod ladder;
mod open;
mod receive;
pub(crate) mod record;
mod scope;
mod shift;
mod state;
mod tabs;
mod talk;
mod top;
mod viewer;

#[cfg(feature = "hydrate")]
mod bell;
#[cfg(feature = "hydrate")]
mod fulfil;
#[cfg(feature = "hydrate")]
mod keep;
#[cfg(feature = "hydrate")]
mod presence;
#[cfg(feature = "hydrate")]
mod start;

pub use epds::{Asked, Recording};
pub use open::{Earlier, Open, OpenStanding, Sending, unread};
pub(crate) use record::{calls::lines as call_lines, signed::record as signed_record};
pub use shift::Fate;
pub use state::{Desk, Dialog, Linked, Wish};

use crate::page::{City, desk::DeskPage};
use leptos::prelude::*;

/// `/desk`, the same on the server and in the browser.
pub fn desk_page(page: DeskPage) -> impl IntoView {
    let (city, hours) = (page.city.clone(), page.hours.clone());
    let desk = Desk::new(page);
    #[cfg(feature = "hydrate")]
    start::start(desk);
    desk_view(desk, city, hours)
}

/// The desk as it stands.
pub fn desk_view(desk: Desk, city: City, hours: String) -> impl IntoView {
    view! {
        <a class="skip visually-hidden" href="#talk">"相談の欄へ移動"</a>
        <div class="desk">
            {top::bar(desk, city, hours).into_any()}
            {top::alerts(desk).into_any()}
            <main class="columns">
                {crate::claim::queue_column(desk).into_any()}
                {tabs::talk_column(desk).into_any()}
                {record::record_column(desk).into_any()}
            </main>
            <p class="visually-hidden" role="status">{move || desk.announced.get()}</p>
            {dialogs::dialogs(desk).into_any()}
            {shift::ending(desk).into_any()}
        </div>
        <noscript><p class="noscript">"相談デスクを使うには、ブラウザのJavaScriptを有効にしてください。"</p></noscript>
    }
}
