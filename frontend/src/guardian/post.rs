//! The ticket where no socket can be had (a city's network, a proxy): what the family says goes out as the page's forms, and
//! the page is asked for what is new.
//!
//! Promises: a command keeps its id, so one that a lost socket carried already takes effect once; what the page then holds
//! is taken in like frames; asking goes on until a socket comes. A call cannot be had this way, and its commands wait.

use super::{Visit, model};
use crate::{
    clock::now_ms,
    live::{Acked, LinkState, Live},
    page::guardian::{GuardianView, TicketStep},
};
use leptos::{prelude::*, task::spawn_local};
use signaling::{
    consultation::{Command, Refusal},
    id::CommandId,
    protocol::ServerFrame,
};
use std::{cell::Cell, rc::Rc, time::Duration};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FormData, HtmlFormElement, RequestInit, Response, UrlSearchParams};

/// How often it is looked whether there is something to send.
const LOOK: Duration = Duration::from_secs(1);
/// How often the page is asked for while the family waits, and while somebody talks with it.
const WAITING_MS: f64 = 30_000.0;
const TALKING_MS: f64 = 10_000.0;
/// How soon it is tried again where nothing was reached.
const AGAIN_MS: f64 = 5_000.0;

/// Goes on without a socket while there is none. `path` is the ticket's.
pub(super) fn go_on_without_socket(visit: Visit, live: Live, path: String) {
    let path: Rc<str> = path.into();
    let busy = Rc::new(Cell::new(false));
    let next_at_ms = Rc::new(Cell::new(0.0));
    let look = move || {
        let reached = live.link().get_untracked() == LinkState::ByForms;
        let has_words = || live.unanswered().iter().any(|(_, command)| has_form(command));
        let due = now_ms() >= next_at_ms.get() || (reached && has_words());
        if !live.is_blocked() || busy.get() || !due {
            return;
        }
        busy.set(true);
        let (path, busy, next_at_ms) = (path.clone(), busy.clone(), next_at_ms.clone());
        spawn_local(async move {
            let reached = turn(visit, live, &path).await.is_some();
            live.forms_get_through(reached);
            let pause_ms = match (reached, visit.stage.get_untracked()) {
                (false, _) => AGAIN_MS,
                (true, super::Stage::Talking) => TALKING_MS,
                (true, _) => WAITING_MS,
            };
            next_at_ms.set(now_ms() + pause_ms);
            busy.set(false);
        });
    };
    set_interval(look, LOOK);
}

/// Sends what is unanswered, or asks for the page. Nothing where the server was not reached.
async fn turn(visit: Visit, live: Live, path: &str) -> Option<()> {
    let mut asked = false;
    for (id, command) in live.unanswered() {
        let Some((form, fields)) = form(id, &command) else {
            continue;
        };
        let (status, refused) = posted(visit, live, &[path, form].concat(), &fields).await?;
        asked = true;
        let seq = visit.thread.with_untracked(|thread| thread.seq);
        let acked = Acked {
            consultation: visit.consultation,
            seq,
        };
        match status {
            200 => live.answered(id, Ok(acked)),
            429 | 500.. => return None,
            _ => live.answered(id, Err(refused.unwrap_or(Refusal::NotAllowed))),
        }
    }
    if !asked {
        let seen = if document().hidden() {
            "?poll=hidden"
        } else {
            "?poll=visible"
        };
        let (status, text) = fetched(&[path, seen].concat(), &RequestInit::new()).await?;
        if status != 200 {
            return None;
        }
        take_in(visit, live, &text);
    }
    Some(())
}

/// Posts fields and takes in the page that answers: its status, and why it was refused.
async fn posted(visit: Visit, live: Live, address: &str, fields: &UrlSearchParams) -> Option<(u16, Option<Refusal>)> {
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(JsValue::as_ref(fields));
    let (status, text) = fetched(address, &options).await?;
    Some((status, take_in(visit, live, &text)))
}

/// Sends a form of the page without leaving it.
///
/// # Errors
/// Why it was refused; nothing where the server was not reached or could not.
pub(crate) async fn sent(visit: Visit, live: Live, form: &HtmlFormElement) -> Result<(), Option<Refusal>> {
    let fields = FormData::new_with_form(form).ok();
    let fields = fields.and_then(|fields| UrlSearchParams::new_with_str_sequence_sequence(&fields).ok());
    let fields = fields.ok_or(None)?;
    match posted(visit, live, &form.action(), &fields).await {
        Some((200, _)) => Ok(()),
        Some((_, refused)) => Err(refused),
        None => Err(None),
    }
}

/// Whether a form carries such a command; the others wait for a socket.
fn has_form(command: &Command) -> bool {
    matches!(command, Command::Say { .. } | Command::Survey { .. })
}

/// The form that carries a command.
fn form(id: CommandId, command: &Command) -> Option<(&'static str, UrlSearchParams)> {
    let fields = UrlSearchParams::new().ok()?;
    fields.append("command", &id.to_string());
    let form = match command {
        Command::Say { text } => {
            fields.append("text", text);
            "/say"
        }
        Command::Survey { answer, words } => {
            fields.append("answer", answer.code());
            fields.append("words", words.as_deref().unwrap_or_default());
            "/survey"
        }
        _ => return None,
    };
    Some((form, fields))
}

async fn fetched(address: &str, options: &RequestInit) -> Option<(u16, String)> {
    let answer = JsFuture::from(window().fetch_with_str_and_init(address, options)).await;
    let answer: Response = answer.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(answer.text().ok()?).await.ok()?;
    Some((answer.status(), text.as_string()?))
}

/// What is new on the page, as frames would have told it; why its form was refused. A door instead of the page means that
/// this browser's credential is over.
fn take_in(visit: Visit, live: Live, document: &str) -> Option<Refusal> {
    let model = document
        .split_once("<script type=\"application/json\" id=\"page\"")
        .and_then(|(_, rest)| rest.split_once('>')?.1.split_once("</script>"))
        .and_then(|(text, _)| model::page(text));
    let Some(page) = model else {
        if document.contains("/door\"") {
            live.signed_out();
        }
        return None;
    };
    let GuardianView::Ticket(ticket) = page.view else {
        return None;
    };
    if let TicketStep::Live(page) = ticket.step {
        let seen = visit.thread.with_untracked(|thread| thread.seq);
        let mut events = page.events;
        events.retain(|event| event.seq > seen);
        if !events.is_empty() {
            live.received(&ServerFrame::Events {
                consultation: visit.consultation,
                events,
                cursor: page.cursor,
                end: true,
            });
        }
        if let Some(position) = page.position {
            live.received(&ServerFrame::Position {
                consultation: visit.consultation,
                position,
            });
        }
    }
    ticket.refused
}
