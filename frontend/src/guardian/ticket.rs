//! The ticket from waiting to the survey: one page whose parts show and hide as the consultation goes on.
//!
//! Parts that never change are still parts and stay in the document, hidden, so that no form is ever built in the browser.
//! The order is that of reading: what is urgent, who and where, the call, what to know, the conversation, the composer.

use super::{Connection, Stage, Visit};
use crate::{
    chat, intake, note,
    page::{
        City,
        guardian::{LivePage, TicketPage},
    },
    queue, survey, ui,
};
use leptos::prelude::*;
use signaling::time::At;

/// The living ticket.
pub(super) fn ticket(city: &City, now: At, ticket: &TicketPage, page: &LivePage) -> AnyView {
    let visit = Visit::new(now, ticket, page);
    #[cfg(feature = "hydrate")]
    let call = {
        let live = super::alive::bring_to_life(visit, page);
        let me = signaling::call::Holder::Guardian;
        crate::call::guardian_call(live, visit.consultation, me, visit.thread.read_only()).into_any()
    };
    #[cfg(not(feature = "hydrate"))]
    let call = crate::call::guardian_call_place().into_any();
    let panels = ui::still(|| intake::panels(&page.panels));
    let notices = ui::still(|| super::notices(ticket));
    let stage = visit.stage;
    view! {
        <div class="panels still" inner_html=panels></div>
        {head(city, visit)}
        <div id="call">{call}</div>
        <main class="page ticket" data-stage=move || stage.get().code()>
            <div class="contents" inner_html=notices></div>
            {queue::clinician_bar(visit)}
            {queue::waiting_room(visit, page)}
            {note::summary(visit)}
            {survey::survey(visit, ticket, page)}
            {queue::actions(visit, ticket, page)}
            {chat::conversation(visit)}
        </main>
        {chat::composer(visit, ticket, page)}
    }
    .into_any()
}

fn head(city: &City, visit: Visit) -> AnyView {
    let demo = ui::still(|| ui::demo_chip(city));
    let connection = visit.connection;
    let chip = move || match connection.get() {
        Some(Connection::Connected) => "chip green",
        Some(Connection::Lost) => "chip amber",
        _ => "chip grey",
    };
    let words = move || match connection.get() {
        Some(Connection::Connected) => "つながっています",
        Some(Connection::Lost) => "つなぎ直しています",
        Some(Connection::Connecting) => "接続しています",
        None => "",
    };
    let stage = visit.stage;
    view! {
        <header class="top">
            <div class="row">
                <span class="crest" aria-hidden="true"></span>
                <h1 class="title" aria-live="polite">{move || stage.get().title()}</h1>
            </div>
            <div class="row">
                <span class="contents" inner_html=demo></span>
                <span
                    id="connection" class=chip role="status"
                    hidden=move || connection.get().is_none() || !stage.get().is_open()
                >
                    <span class="dot" aria-hidden="true"></span>
                    <span>{words}</span>
                </span>
            </div>
        </header>
    }
    .into_any()
}

/// Whether a part is for another stage.
pub(crate) fn hidden_unless(visit: Visit, fits: fn(Stage) -> bool) -> impl Fn() -> bool + Copy + Send + Sync {
    move || !fits(visit.stage.get())
}
