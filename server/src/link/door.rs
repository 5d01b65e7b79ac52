//! The door of a ticket on another device, and what opens it.
//!
//! A browser that holds the credential of another registered family is asked before it gives that up: nothing is tried or
//! spent until it has said so.

use super::{Visit, clipped, see};
use crate::{
    identity::{Cookie, Credential, Entry, IdentityError},
    storage::TransferRow,
};
use axum::{Form, extract::Path, http::StatusCode, response::Response};
use frontend::page::{
    Notice,
    guardian::{GuardianView, Replace},
};
use serde::Deserialize;
use signaling::id::GuardianId;

/// The form at the door: one of the two.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DoorFields {
    command: String,
    code: String,
    recovery: String,
    replace: String,
}

/// The form of a link.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct LinkFields {
    command: String,
    replace: String,
}

/// What a browser holds, seen from a family that it wants to enter.
enum Held {
    /// Nothing that stands.
    Nothing,
    /// This family's credential.
    This,
    /// Another family's.
    Other(Credential),
}

/// `POST /t/{ticket}/door`.
pub(crate) async fn enter(visit: Visit, Path(ticket): Path<String>, Form(fields): Form<DoorFields>) -> Response {
    let (place, typed) = (format!("/t/{ticket}/door"), fields.clone());
    let DoorFields {
        command,
        code,
        recovery,
        replace,
    } = typed;
    let work = |visit: Visit| async move {
        let outcome = entered(&visit, &ticket, &fields).await;
        visit.to_guardian(outcome)
    };
    visit.once(&place, &command, &[&code, &recovery, &replace], work).await
}

async fn entered(visit: &Visit, ticket: &str, fields: &DoorFields) -> Result<Response, IdentityError> {
    let Some(ticket) = visit.ticket(ticket).await? else {
        return Ok(visit.no_such_ticket());
    };
    let identity = &visit.identity;
    let path = identity.ticket_path(ticket.consultation);
    let held = held(visit, ticket.guardian).await?;
    match held {
        Held::This => return Ok(see(&path)),
        Held::Other(_) if fields.replace != "on" => {
            let typed = [
                ("command", &fields.command),
                ("code", &fields.code),
                ("recovery", &fields.recovery),
            ];
            return Ok(ask(visit, &format!("{path}/door"), &path, &typed));
        }
        Held::Nothing | Held::Other(_) => {}
    }
    let outcome = if fields.code.trim().is_empty() && !fields.recovery.trim().is_empty() {
        identity
            .enter_by_recovery(&ticket, &fields.recovery, visit.from, &visit.headers)
            .await?
    } else {
        identity
            .enter_by_code(&ticket, &fields.code, visit.from, &visit.headers)
            .await?
    };
    match outcome {
        Ok(entry) => inside(visit, &entry, ticket.guardian, held).await,
        Err(fault) => {
            let door = identity.door_model(&ticket, Some(fault)).await?;
            Ok(visit.guardian_page(StatusCode::UNPROCESSABLE_ENTITY, GuardianView::Door(door)))
        }
    }
}

/// `GET /e/{token}`: shows a button; scanners and previews that come by spend nothing.
pub(crate) async fn show_link(visit: Visit, Path(link): Path<String>) -> Response {
    let outcome = async {
        let Some(transfer) = linked(&visit, &link).await? else {
            return inside_or_ended(&visit, &link).await;
        };
        let action = format!("/e/{link}");
        Ok(match held(&visit, transfer.guardian).await? {
            Held::This => see(&visit.identity.ticket_path(transfer.consultation)),
            Held::Other(_) => ask(&visit, &action, "/", &[("command", &visit.new_command().to_string())]),
            Held::Nothing => {
                let command = visit.new_command();
                visit.guardian_page(StatusCode::OK, GuardianView::Enter { action, command })
            }
        })
    };
    let outcome = outcome.await;
    visit.to_guardian(outcome)
}

/// `POST /e/{token}`.
pub(crate) async fn enter_by_link(visit: Visit, Path(link): Path<String>, Form(fields): Form<LinkFields>) -> Response {
    let place = format!("/e/{link}");
    let LinkFields { command, replace } = fields;
    let typed = replace.clone();
    let work = |visit: Visit| async move {
        let outcome = entered_by_link(&visit, &link, &replace).await;
        visit.to_guardian(outcome)
    };
    visit.once(&place, &command, &[&typed], work).await
}

async fn entered_by_link(visit: &Visit, link: &str, replace: &str) -> Result<Response, IdentityError> {
    let Some(transfer) = linked(visit, link).await? else {
        return inside_or_ended(visit, link).await;
    };
    let (family, held) = (transfer.guardian, held(visit, transfer.guardian).await?);
    match held {
        Held::This => return Ok(see(&visit.identity.ticket_path(transfer.consultation))),
        Held::Other(_) if replace != "on" => {
            let command = visit.new_command().to_string();
            return Ok(ask(visit, &format!("/e/{link}"), "/", &[("command", &command)]));
        }
        Held::Nothing | Held::Other(_) => {}
    }
    match visit.identity.enter_by_link(transfer, &visit.headers).await? {
        Some(entry) => inside(visit, &entry, family, held).await,
        None => inside_or_ended(visit, link).await,
    }
}

/// `POST /t/{ticket}/transfer`: makes a code and shows it on a page of its own, which may be reloaded.
pub(crate) async fn begin_transfer(visit: Visit, Path(ticket): Path<String>) -> Response {
    let outcome = async {
        let Some(ticket) = visit.ticket(&ticket).await? else {
            return Ok(visit.no_such_ticket());
        };
        let path = visit.identity.ticket_path(ticket.consultation);
        if !matches!(held(&visit, ticket.guardian).await?, Held::This) {
            return Ok(see(&path));
        }
        visit.identity.begin_transfer(&ticket).await?;
        Ok(see(&format!("{path}/transfer")))
    };
    let outcome = outcome.await;
    visit.to_guardian(outcome)
}

/// `GET /t/{ticket}/transfer`: the code that runs; back to the ticket where none does.
pub(crate) async fn show_transfer(visit: Visit, Path(ticket): Path<String>) -> Response {
    let outcome = async {
        let Some(ticket) = visit.ticket(&ticket).await? else {
            return Ok(visit.no_such_ticket());
        };
        let shown = if matches!(held(&visit, ticket.guardian).await?, Held::This) {
            visit.identity.transfer_model(&ticket, &visit.headers).await?
        } else {
            None
        };
        Ok(match shown {
            Some(transfer) => visit.guardian_page(StatusCode::OK, GuardianView::Transfer(transfer)),
            None => see(&visit.identity.ticket_path(ticket.consultation)),
        })
    };
    let outcome = outcome.await;
    visit.to_guardian(outcome)
}

/// Somebody is in: the browser holds the family's credential from now on, and no longer the one before.
async fn inside(visit: &Visit, entry: &Entry, family: GuardianId, held: Held) -> Result<Response, IdentityError> {
    if let Held::Other(before) = held {
        visit.identity.leave_for(before, family).await?;
    }
    let mut response = see(&visit.identity.ticket_path(entry.consultation));
    visit.setting(&mut response, Cookie::Guardian, &entry.token);
    Ok(response)
}

async fn held(visit: &Visit, family: GuardianId) -> Result<Held, IdentityError> {
    let credential = visit.identity.credential_of(&visit.headers, &visit.city.id).await?;
    Ok(match credential {
        None => Held::Nothing,
        Some(credential) if credential.guardian == family => Held::This,
        Some(credential) => Held::Other(credential),
    })
}

/// Asks before a browser gives up another family's credential; the form carries on what was typed.
fn ask(visit: &Visit, action: &str, back: &str, typed: &[(&str, &String)]) -> Response {
    let filled = typed.iter().filter(|(_, value)| !value.trim().is_empty());
    let view = GuardianView::Replace(Replace {
        action: action.to_owned(),
        fields: filled
            .map(|(name, value)| ((*name).to_owned(), clipped(value)))
            .collect(),
        back: back.to_owned(),
    });
    visit.guardian_page(StatusCode::OK, view)
}

async fn linked(visit: &Visit, link: &str) -> Result<Option<TransferRow>, IdentityError> {
    if !visit.identity.door_open_to(visit.from) {
        return Ok(None);
    }
    visit.identity.transfer_by_link(&visit.city, link).await
}

/// A link that cannot be spent: the browser that it let in goes on, when it posts twice or scans the QR code again.
async fn inside_or_ended(visit: &Visit, link: &str) -> Result<Response, IdentityError> {
    if visit.identity.cookie(Cookie::Guardian, &visit.headers).is_some()
        && let Some((family, consultation)) = visit.identity.spent_link(&visit.city, link).await?
        && matches!(held(visit, family).await?, Held::This)
    {
        return Ok(see(&visit.identity.ticket_path(consultation)));
    }
    Ok(ended(visit))
}

fn ended(visit: &Visit) -> Response {
    visit.guardian_notice(Notice {
        status: 410,
        code: "transfer_ended".to_owned(),
        title: "このQRコードは使えません".to_owned(),
        text: "5分を過ぎたか、もう使われています。はじめの端末で「別の端末で続ける」を押して、新しいコードを出してください。"
            .to_owned(),
        link: Some(("/".to_owned(), "はじめのページへ".to_owned())),
        at: visit.identity.world.now(),
    })
}
