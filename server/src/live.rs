//! The live socket: one task a tab.
//!
//! Promises: events reach a tab in order, each once, read from the log after the last cursor the tab has; a command is
//! answered once; a wake-up that was lost is mended by the next heartbeat; a tab that reads too slowly, sends too fast or
//! falls silent is closed and resumes. Two doors: `/live` for families, `/desk/live` for staff, so that one browser may
//! hold both credentials.
//!
//! Not here: what commands mean (spine), who may see an event ([`signaling::consultation::project`]).

mod ask;
mod follow;
mod pace;
mod socket;

use crate::app::App;
use axum::{
    extract::{State, WebSocketUpgrade, ws::WebSocket},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use signaling::{
    actor::{Actor, StaffActor, Viewer},
    call::Holder,
    id::{GuardianId, MunicipalityId},
    limits,
    protocol::Side,
};

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
        Ok(None) => StatusCode::UNAUTHORIZED.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// `GET /desk/live`: a tab of the staff.
pub async fn staff(State(app): State<App>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    match app.identity.staff_of(&headers).await {
        Ok(Some(signed_in)) => match Who::staff(signed_in, credential_only(&headers)) {
            Some(who) => accept(upgrade, app, who),
            None => StatusCode::FORBIDDEN.into_response(),
        },
        Ok(None) => StatusCode::UNAUTHORIZED.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// What identity reads of a request, and nothing else: sockets live long.
fn credential_only(headers: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::new();
    for name in [header::HOST, header::COOKIE] {
        if let Some(value) = headers.get(&name) {
            kept.insert(name, value.clone());
        }
    }
    kept
}

fn accept(upgrade: WebSocketUpgrade, app: App, who: Who) -> Response {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(512 * 1024)
        .max_message_size(limits::SOCKET_MESSAGE_BYTES)
        .max_frame_size(limits::SOCKET_MESSAGE_BYTES)
        .on_upgrade(move |socket: WebSocket| socket::serve(socket, app, who))
}
