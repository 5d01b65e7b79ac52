//! The door of a ticket on another device, and what opens it.

use super::{Visit, see};
use crate::{
    identity::{Cookie, Entry, IdentityError},
    storage::{TicketRow, TransferRow},
};
use axum::{Form, extract::Path, http::StatusCode, response::Response};
use frontend::page::{Notice, guardian::GuardianView};
use serde::Deserialize;

/// The form at the door: one of the two.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct DoorFields {
    code: String,
    recovery: String,
}

/// `POST /t/{ticket}/door`.
pub(crate) async fn enter(visit: Visit, Path(ticket): Path<String>, Form(fields): Form<DoorFields>) -> Response {
    let outcome = entered(&visit, &ticket, &fields).await;
    visit.to_guardian(outcome)
}

async fn entered(visit: &Visit, ticket: &str, fields: &DoorFields) -> Result<Response, IdentityError> {
    let Some(ticket) = visit.ticket(ticket).await? else {
        return Ok(visit.no_such_ticket());
    };
    let identity = &visit.identity;
    if holds(visit, &ticket).await? {
        return Ok(see(&identity.ticket_path(ticket.consultation)));
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
        Ok(entry) => Ok(inside(visit, &entry)),
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
            return Ok(ended(&visit));
        };
        if holds_transfer(&visit, &transfer).await? {
            return Ok(see(&visit.identity.ticket_path(transfer.consultation)));
        }
        let view = GuardianView::Enter {
            action: format!("/e/{link}"),
        };
        Ok(visit.guardian_page(StatusCode::OK, view))
    };
    let outcome = outcome.await;
    visit.to_guardian(outcome)
}

/// `POST /e/{token}`.
pub(crate) async fn enter_by_link(visit: Visit, Path(link): Path<String>) -> Response {
    let outcome = async {
        let Some(transfer) = linked(&visit, &link).await? else {
            return Ok(ended(&visit));
        };
        if holds_transfer(&visit, &transfer).await? {
            return Ok(see(&visit.identity.ticket_path(transfer.consultation)));
        }
        let entry = visit.identity.enter_by_link(transfer, &visit.headers).await?;
        Ok(entry.map_or_else(|| ended(&visit), |entry| inside(&visit, &entry)))
    };
    let outcome = outcome.await;
    visit.to_guardian(outcome)
}

/// `POST /t/{ticket}/transfer`: makes a code and shows it on a page of its own, which may be reloaded.
pub(crate) async fn begin_transfer(visit: Visit, Path(ticket): Path<String>) -> Response {
    let outcome = async {
        let Some(ticket) = visit.ticket(&ticket).await? else {
            return Ok(visit.no_such_ticket());
        };
        let path = visit.identity.ticket_path(ticket.consultation);
        if !holds(&visit, &ticket).await? {
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
        let shown = if holds(&visit, &ticket).await? {
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

fn inside(visit: &Visit, entry: &Entry) -> Response {
    let mut response = see(&visit.identity.ticket_path(entry.consultation));
    visit.setting(&mut response, Cookie::Guardian, &entry.token);
    response
}

async fn holds(visit: &Visit, ticket: &TicketRow) -> Result<bool, IdentityError> {
    let credential = visit.identity.credential_of(&visit.headers, &visit.city.id).await?;
    Ok(credential.is_some_and(|credential| credential.guardian == ticket.guardian))
}

async fn holds_transfer(visit: &Visit, transfer: &TransferRow) -> Result<bool, IdentityError> {
    let credential = visit.identity.credential_of(&visit.headers, &visit.city.id).await?;
    Ok(credential.is_some_and(|credential| credential.guardian == transfer.guardian))
}

async fn linked(visit: &Visit, link: &str) -> Result<Option<TransferRow>, IdentityError> {
    if !visit.identity.door_open_to(visit.from) {
        return Ok(None);
    }
    visit.identity.transfer_by_link(&visit.city, link).await
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
