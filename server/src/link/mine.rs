//! `/mine`: つづきを見る. The family's consultations and devices.

use super::{Visit, see};
use crate::{
    identity::{Cookie, IdentityError},
    storage::Credential,
};
use axum::{Form, http::StatusCode, response::Response};
use frontend::page::{
    Notice,
    guardian::{DeviceRow, GuardianView, Mine, MineRow},
};
use serde::Deserialize;

/// Which device to revoke.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct RevokeFields {
    device: String,
}

/// `GET /mine`. Looking at the list counts as having been told of new devices.
pub(crate) async fn show(visit: Visit) -> Response {
    let outcome = async {
        let Some(credential) = visit.identity.credential_of(&visit.headers, &visit.city.id).await? else {
            return Ok(unregistered(&visit));
        };
        let mine = model(&visit, &credential).await?;
        let newest = mine.devices.iter().map(|device| device.since).max();
        if let Some(newest) = newest {
            visit.identity.store.told_devices(credential.device, newest).await?;
        }
        Ok(visit.guardian_page(StatusCode::OK, GuardianView::Mine(mine)))
    };
    let outcome = outcome.await;
    visit.to_guardian(outcome)
}

/// `POST /mine/revoke`.
pub(crate) async fn revoke(visit: Visit, Form(fields): Form<RevokeFields>) -> Response {
    let outcome = async {
        let Some(credential) = visit.identity.credential_of(&visit.headers, &visit.city.id).await? else {
            // Nothing is held any more: as after a browser has revoked itself.
            return Ok(see("/"));
        };
        let (store, now) = (&visit.identity.store, visit.identity.world.now());
        let this = fields.device == credential.device;
        // Revoked twice, or not this family's: the list shows how it stands.
        store.revoke_device(credential.guardian, fields.device, now).await?;
        if !this {
            return Ok(see("/mine"));
        }
        let mut response = see("/");
        visit.clearing(&mut response, Cookie::Guardian);
        Ok(response)
    };
    let outcome = outcome.await;
    visit.to_guardian(outcome)
}

async fn model(visit: &Visit, credential: &Credential) -> Result<Mine, IdentityError> {
    let identity = &visit.identity;
    let tickets = identity.tickets_of(credential.guardian).await?;
    let devices = identity.store.devices(credential.guardian).await?;
    let row = |standing: &crate::storage::TicketStanding| MineRow {
        path: identity.ticket_path(standing.consultation),
        at: standing
            .sent
            .as_ref()
            .map_or(standing.created_at, |(requested_at, _)| *requested_at),
        standing: standing.words().to_owned(),
        open: standing.sent.is_none() || standing.is_open(),
    };
    Ok(Mine {
        consultations: tickets.iter().map(row).collect(),
        devices: devices
            .into_iter()
            .map(|device| DeviceRow {
                this: device.id == credential.device,
                device: device.id,
                name: device.name,
                since: device.created_at,
            })
            .collect(),
    })
}

fn unregistered(visit: &Visit) -> Response {
    visit.guardian_notice(Notice {
        status: 403,
        code: "not_registered".to_owned(),
        title: "この端末には登録がありません".to_owned(),
        text:
            "はじめての方は登録してください。別の端末で登録した方は、その端末の「別の端末で続ける」からお入りください。"
                .to_owned(),
        link: Some(("/register".to_owned(), "登録".to_owned())),
        at: visit.identity.world.now(),
    })
}
