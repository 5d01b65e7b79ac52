//! The live socket: one task a tab.
//!
//! Promises: events reach a tab in order, each once, read from the log after the last cursor the tab has; a command is
//! answered once; a wake-up that was lost is mended by the next heartbeat; a tab that reads too slowly, sends too fast or
//! falls silent is closed and resumes; one whose credential is over is told so, so that it does not come back for ever. Three doors: `/live` for families, `/desk/live` for staff,
//! `/guest/live` for whoever was invited to a call, so that one browser may hold all credentials.
//!
//! Not here: what commands mean (spine), who may see an event ([`signaling::consultation::project`]).

mod ask;
mod farewell;
mod follow;
mod pace;
mod socket;

use crate::{app::App, hub::Hub, identity::GuestPlace, spine::Woken, storage::StorageError};
use axum::{
    extract::{State, WebSocketUpgrade, ws::WebSocket},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use signaling::{
    actor::{Actor, StaffActor, Viewer},
    call::{GuestRole, Holder},
    id::{GuardianId, MunicipalityId},
    limits,
    protocol::Side,
};
use tokio::sync::broadcast;

/// Buffers of one socket in bytes. The defaults (128 kB each way) made an idle socket cost 137 kB, these 9 kB.
const READ_BUFFER: usize = 4096;
/// See [`READ_BUFFER`].
const WRITE_BUFFER: usize = 1024;

/// Who is at the other end of a socket.
#[derive(Clone)]
pub(crate) struct Who {
    /// Tenant, by Host name.
    pub(crate) municipality: MunicipalityId,
    /// As the author of commands.
    pub(crate) actor: Actor,
    /// As a reader.
    pub(crate) viewer: Viewer,
    /// As a holder of a seat.
    pub(crate) holder: Holder,
    /// Which side.
    pub(crate) side: Side,
    /// Host and cookies of the upgrade, to ask again whether the credential still stands. Never logged.
    pub(crate) headers: HeaderMap,
}

impl Who {
    fn guardian(municipality: MunicipalityId, id: GuardianId, headers: HeaderMap) -> Self {
        Self {
            municipality,
            actor: Actor::Guardian { id },
            viewer: Viewer::Guardian(id),
            holder: Holder::Guardian,
            side: Side::Guardian,
            headers,
        }
    }

    fn guest(municipality: MunicipalityId, place: GuestPlace, role: GuestRole, headers: HeaderMap) -> Self {
        let invite = place.invite;
        Self {
            municipality,
            actor: place.actor(),
            viewer: Viewer::Guest { invite },
            holder: Holder::Guest { invite, role },
            side: Side::Guest,
            headers,
        }
    }

    fn staff(signed_in: StaffActor, headers: HeaderMap) -> Option<Self> {
        Some(Self {
            viewer: Viewer::of_staff(&signed_in.staff)?,
            municipality: signed_in.municipality,
            actor: Actor::Staff(signed_in.staff.clone()),
            holder: Holder::Staff(signed_in.staff),
            side: Side::Staff,
            headers,
        })
    }
}

/// `GET /live`: a family's tab.
pub async fn guardian(State(app): State<App>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    let city = match app.identity.city_of(&headers).await {
        Ok(Some(city)) => city,
        Ok(None) => return StatusCode::MISDIRECTED_REQUEST.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    match app.identity.credential_of(&headers, &city.id).await {
        Ok(Some(credential)) => accept(
            upgrade,
            app,
            Who::guardian(city.id, credential.guardian, credential_only(&headers)),
        ),
        Ok(None) => dismiss(upgrade, Side::Guardian),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// `GET /desk/live`: a tab of the staff.
pub async fn staff(State(app): State<App>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    match app.identity.city_of(&headers).await {
        Ok(Some(_)) => {}
        Ok(None) => return StatusCode::MISDIRECTED_REQUEST.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
    match app.identity.staff_of(&headers).await {
        Ok(signed_in) => match signed_in.and_then(|signed_in| Who::staff(signed_in, credential_only(&headers))) {
            Some(who) => accept(upgrade, app, who),
            None => dismiss(upgrade, Side::Staff),
        },
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// `GET /guest/live`: a tab of somebody who was invited to a call.
pub async fn guest(State(app): State<App>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    let city = match app.identity.city_of(&headers).await {
        Ok(Some(city)) => city,
        Ok(None) => return StatusCode::MISDIRECTED_REQUEST.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    match admitted(&app, &headers, &city.id).await {
        Ok(Some((place, role))) => accept(
            upgrade,
            app,
            Who::guest(city.id, place, role, credential_only(&headers)),
        ),
        Ok(None) => dismiss(upgrade, Side::Guest),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// The guest whose credential a browser holds, if it still stands in this city.
pub(crate) async fn admitted(
    app: &App,
    headers: &HeaderMap,
    city: &MunicipalityId,
) -> Result<Option<(GuestPlace, GuestRole)>, StorageError> {
    let Some(place) = app.identity.guest_of(headers) else {
        return Ok(None);
    };
    let state = app.spine.load(place.consultation).await?;
    let case = state.as_deref().and_then(|state| state.case.as_deref());
    let guest = case
        .filter(|case| case.municipality == *city && case.admits(place.invite))
        .and_then(|case| case.guest(place.invite));
    Ok(guest.map(|guest| (place, guest.role)))
}

/// What identity reads of a request, and nothing else: sockets live long. Copied, as a cloned value keeps the buffer of the
/// whole request.
fn credential_only(headers: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::with_capacity(2);
    for name in [header::HOST, header::COOKIE] {
        // What was a value is one again.
        if let Some(Ok(value)) = headers
            .get(&name)
            .map(|value| HeaderValue::from_bytes(value.as_bytes()))
        {
            kept.insert(name, value);
        }
    }
    kept
}

/// Wakes the tabs of every log that grows, at once: nobody's words wait for the queue to be read.
pub async fn wake_tabs(mut woken: broadcast::Receiver<Woken>, hub: Hub) {
    loop {
        match woken.recv().await {
            Ok(woken) => hub.wake(woken.consultation),
            // The heartbeats of these sockets mend it.
            Err(broadcast::error::RecvError::Lagged(missed)) => tracing::warn!(missed, "wake-ups were lost"),
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

fn accept(upgrade: WebSocketUpgrade, app: App, who: Who) -> Response {
    bounded(upgrade).on_upgrade(move |socket: WebSocket| socket::serve(socket, app, who))
}

/// Lets nobody in, and says so in a way that a page can read.
fn dismiss(upgrade: WebSocketUpgrade, side: Side) -> Response {
    bounded(upgrade).on_upgrade(move |socket: WebSocket| farewell::signed_out(socket, side))
}

fn bounded(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(512 * 1024)
        .max_message_size(limits::SOCKET_MESSAGE_BYTES)
        .max_frame_size(limits::SOCKET_MESSAGE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;

    #[test]
    fn a_socket_keeps_its_credential_and_lets_the_request_go() {
        let request = Bytes::from(b"soudan=abc; and the rest of the request".to_vec());
        let cookie = HeaderValue::from_maybe_shared(request.slice(..10)).expect("a value");
        let headers = HeaderMap::from_iter([(header::COOKIE, cookie)]);
        let kept = credential_only(&headers);
        drop(headers);
        assert_eq!(kept[header::COOKIE], "soudan=abc");
        assert!(request.is_unique(), "nothing holds the request any more");
    }
}
