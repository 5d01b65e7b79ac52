//! The family's app: which page a model is, and how the ticket comes to life in the browser.
//!
//! Only the ticket is hydrated. All other pages are rendered by the server alone and load no script, so their code is not
//! part of the browser's bytes. Rendering needs a reactive owner: `Owner::new_root(None).with(|| …to_html())`.

mod ticket;
mod visit;

#[cfg(feature = "hydrate")]
mod alive;

pub(crate) use ticket::hidden_unless;
pub use visit::{Connection, Pending, PendingState, Stage, Visit};

use crate::{
    chat, intake,
    page::guardian::{GuardianPage, GuardianView, TicketPage, TicketStep},
    ui,
};
use leptos::prelude::*;

/// A page for a family.
#[must_use]
pub fn guardian_page(page: GuardianPage) -> AnyView {
    match &page.view {
        GuardianView::Ticket(ticket) => match &ticket.step {
            TicketStep::Intake(step) => intake::intake(&page.city, page.now, ticket, step).into_any(),
            TicketStep::Live(live) => ticket::ticket(&page.city, page.now, ticket, live).into_any(),
        },
        _ => plain(&page),
    }
}

/// The pages without script.
#[cfg(feature = "ssr")]
fn plain(page: &GuardianPage) -> AnyView {
    use crate::link;
    let city = &page.city;
    match &page.view {
        GuardianView::Entrance(entrance) => link::entrance(city, entrance).into_any(),
        GuardianView::Register(register) => link::register(city, register, page.now).into_any(),
        GuardianView::Door(door) => link::door(city, door).into_any(),
        GuardianView::Enter { action } => link::enter(city, action.clone()).into_any(),
        GuardianView::Transfer(transfer) => link::transfer(city, transfer, page.now).into_any(),
        GuardianView::Mine(mine) => link::mine(city, mine).into_any(),
        GuardianView::Notice(notice) => link::notice(city, notice).into_any(),
        GuardianView::Ticket(_) => ().into_any(),
    }
}

/// The browser never renders these pages.
#[cfg(not(feature = "ssr"))]
fn plain(_page: &GuardianPage) -> AnyView {
    ().into_any()
}

/// The title of the document.
#[must_use]
pub fn title(page: &GuardianPage) -> String {
    match &page.view {
        GuardianView::Entrance(_) => "子育て・妊娠の相談".to_owned(),
        GuardianView::Register(_) => "登録・はじめる".to_owned(),
        GuardianView::Ticket(ticket) => match &ticket.step {
            TicketStep::Intake(step) => intake::step_title(step.at).to_owned(),
            TicketStep::Live(live) => {
                Stage::of(&signaling::view::Thread::of(&live.events).standing).title().to_owned()
            }
        },
        GuardianView::Door(_) => "この端末で開くには".to_owned(),
        GuardianView::Enter { .. } => "この端末で続けますか".to_owned(),
        GuardianView::Transfer(_) => "別の端末で続ける".to_owned(),
        GuardianView::Mine(_) => "つづきを見る".to_owned(),
        GuardianView::Notice(notice) => notice.title.clone(),
    }
}

/// What a ticket has to say before anything else: a form that could not be carried out, a device that joined.
pub(crate) fn notices(ticket: &TicketPage) -> AnyView {
    let refused = ticket.refused.clone().map(|text| {
        view! { <div role="alert">{ui::notice_bar(ui::Tone::Red, text, String::new())}</div> }
    });
    let devices = ticket
        .new_devices
        .iter()
        .map(|(name, at)| {
            let title = format!("新しい端末が加わりました：{name}");
            let when = format!("{} {}。心あたりがないときは、ここから使えなくできます：", chat::day_words(*at), at.clock());
            view! {
                <div class="bar-note amber" role="status">
                    <span class="mark" aria-hidden="true">"!"</span>
                    <div><b>{title}</b><div class="sub">{when}<a href="/mine">"使っている端末"</a></div></div>
                </div>
            }
        })
        .collect_view();
    view! { {refused}{devices} }.into_any()
}

/// Brings the page to life, if it is one that lives. Called once, by the entry of the browser.
#[cfg(feature = "hydrate")]
pub fn start() {
    use wasm_bindgen::JsCast;
    console_error_panic_hook::set_once();
    let model = document().get_element_by_id("page").and_then(|element| element.text_content());
    let app = document().get_element_by_id("app").and_then(|app| app.dyn_into::<web_sys::HtmlElement>().ok());
    // Without its model the page stays what it is: forms that work.
    let (Some(model), Some(app)) = (model, app) else { return };
    if let Ok(page) = serde_json::from_str::<GuardianPage>(&model) {
        leptos::mount::hydrate_from(app, move || guardian_page(page)).forget();
    }
}
