//! The family's app: which page a model is, and how the ticket comes to life in the browser.
//!
//! Only the ticket, and the call of a guest, are hydrated. All other pages are rendered by the server alone and load no script, so their code is not
//! part of the browser's bytes. Rendering needs a reactive owner: `Owner::new_root(None).with(|| …to_html())`.

mod ticket;
mod visit;

#[cfg(feature = "hydrate")]
mod alive;
#[cfg(feature = "hydrate")]
pub mod later;
#[cfg(any(feature = "hydrate", test))]
mod model;
#[cfg(feature = "hydrate")]
pub(crate) mod post;
#[cfg(any(feature = "hydrate", test))]
pub(crate) mod received;

pub(crate) use ticket::hidden_unless;
pub use visit::{Connection, Pending, PendingState, Stage, Visit};

use crate::{
    chat, intake,
    page::{
        City,
        guardian::{GuardianPage, GuardianView, TicketPage, TicketStep},
    },
    ui,
};
use leptos::prelude::*;
use signaling::{call::agent::BrowserFamily, time::At};

/// A page for a family.
#[must_use]
pub fn guardian_page(page: GuardianPage) -> AnyView {
    let GuardianPage { city, now, view } = page;
    match view {
        GuardianView::Ticket(ticket) => match &ticket.step {
            TicketStep::Intake(step) => intake::intake(&city, now, &ticket, step),
            TicketStep::Live(live) => ticket::ticket(&city, now, &ticket, live),
        },
        GuardianView::Guest(page) => crate::guest::guest_page(&city, &page),
        other => plain(&city, now, &other),
    }
}

/// The pages without script.
#[cfg(feature = "ssr")]
fn plain(city: &City, now: At, view: &GuardianView) -> AnyView {
    use crate::link;
    match view {
        GuardianView::Entrance(entrance) => link::entrance(city, entrance, now),
        GuardianView::Register(register) => link::register(city, register, now),
        GuardianView::Door(door) => link::door(city, door),
        GuardianView::Enter { action, command } => link::enter(city, action.clone(), *command),
        GuardianView::Replace(replace) => link::replace(city, replace),
        GuardianView::Transfer(transfer) => link::transfer(city, transfer, now),
        GuardianView::Mine(mine) => link::mine(city, mine),
        GuardianView::Notice(notice) => link::notice(city, notice),
        GuardianView::Invite(page) => link::invite(city, page),
        GuardianView::Appointment(page) => crate::queue::appointments(city, page),
        GuardianView::GuestDoor(door) => link::guest_door(city, door),
        GuardianView::Ticket(_) | GuardianView::Guest(_) => ().into_any(),
    }
}

/// The browser never renders these pages.
#[cfg(not(feature = "ssr"))]
fn plain(_city: &City, _now: At, _view: &GuardianView) -> AnyView {
    ().into_any()
}

/// What a ticket has to say before anything else: a form that could not be carried out, a device that joined.
pub(crate) fn notices(ticket: &TicketPage) -> AnyView {
    let refused = ticket.refused.as_ref().map(|refusal| {
        let (where_to, since) = ticket.other_open.as_deref().cloned().unzip();
        let hint = since.map_or(String::new(), |at| {
            let when = [&chat::day_words(at), " ", &at.clock()].concat();
            format!("{when}に送った相談がまだ続いています。様子が変わったことも、そちらに書いてください。")
        });
        let way = where_to.map(|path| view! { <a class="btn block" href=path>"続いている相談を開く"</a> });
        view! { <div class="stack tight" role="alert">{ui::notice_bar(ui::Tone::Red, refusal.to_string(), hint)}{way}</div> }
    });
    let devices = ticket
        .new_devices
        .iter()
        .map(|(name, at)| {
            let title = format!("新しい端末が加わりました：{name}");
            let when = format!(
                "{} {}。心あたりがないときは、ここから使えなくできます：",
                chat::day_words(*at),
                at.clock()
            );
            view! {
                <div class="bar-note amber" role="status">
                    <span class="mark" aria-hidden="true">"!"</span>
                    <div><b>{title}</b><div class="sub">{when}<a href="/mine">"使っている端末"</a></div></div>
                </div>
            }
        })
        .collect_view();
    view! { {refused}{unsent(ticket)}{devices}{outside(ticket)} }.into_any()
}

/// Inside of an app a call may not work: the way out is offered before it rings.
fn outside(ticket: &TicketPage) -> Option<AnyView> {
    let TicketStep::Live(live) = &ticket.step else {
        return None;
    };
    let thread = signaling::view::Thread::of(&live.events);
    let is_open = Stage::of(&thread.standing).is_open();
    let app = ticket.in_app.filter(|_| is_open)?;
    let title = if app == BrowserFamily::Line {
        "LINEの中の画面では、通話ができないことがあります"
    } else {
        "アプリの中の画面では、通話ができないことがあります"
    };
    Some(
        view! {
            <div class="bar-note amber">
                <span class="mark" aria-hidden="true">"!"</span>
                <div class="stack tight">
                    <b>{title}</b>
                    <div class="sub">"ふだんのブラウザで開くと、順番も内容もそのままで続けられます。チャットはここでも使えます。"</div>
                    <form method="post" action=[&ticket.path, "/transfer"].concat()><button class="btn line">"ブラウザで開く"</button></form>
                </div>
            </div>
        }
        .into_any(),
    )
}

/// A message that came too late for its field: what was written is not lost with it.
fn unsent(ticket: &TicketPage) -> Option<AnyView> {
    let TicketStep::Live(live) = &ticket.step else {
        return None;
    };
    let over = !Stage::of(&signaling::view::Thread::of(&live.events).standing).is_open();
    let text = live.message_draft.clone();
    (ticket.refused.is_some() && over && !text.is_empty()).then(|| {
        view! {
            <div class="field">
                <label for="unsent">"送れなかったメッセージ"</label>
                <textarea id="unsent" rows="3" readonly inner_html=ui::textarea_content(&text)></textarea>
            </div>
        }
        .into_any()
    })
}

/// Brings the page to life, if it is one that lives. Called once, by the entry of the browser, which knows the way to the
/// call.
#[cfg(feature = "hydrate")]
pub fn start(call: crate::call::part::Part) {
    use wasm_bindgen::JsCast;
    let model = document()
        .get_element_by_id("page")
        .and_then(|element| element.text_content());
    let app = document()
        .get_element_by_id("app")
        .and_then(|app| app.dyn_into::<web_sys::HtmlElement>().ok());
    // Without its model the page stays what it is: forms that work.
    if let (Some(page), Some(app)) = (model.as_deref().and_then(model::page), app) {
        let alive = move || {
            provide_context(call);
            guardian_page(page)
        };
        leptos::mount::hydrate_from(app, alive).forget();
    }
}
