//! Photos at the desk, and under the eyes of a supervisor.
//!
//! A clinician sees the photos of a consultation that they have, or had last; a supervisor any of their city, and every look is
//! written down before the photo is shown.

use super::{Form, Sender, id_of, nowhere, part as take_part, shown, take_in, told};
use crate::{
    access::{Reader, What},
    app::App,
    check::not_yours,
    storage::PhotoView,
};
use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use signaling::id::ConsultationId;

/// `POST /desk/consultations/{id}/photos`.
pub async fn add(State(app): State<App>, Path(id): Path<String>, request: Request) -> Response {
    let sender = match sender(&app, request.headers(), &id).await {
        Ok(sender) => sender,
        Err(elsewhere) => return elsewhere,
    };
    let (Form::Page(sent) | Form::Script(sent)) = Form::read(&app, request).await;
    match sent {
        Ok(sent) => told(take_in(&app, &sender, sent).await),
        Err(fault) => told(Err(super::refused(fault))),
    }
}

/// `PUT /desk/consultations/{id}/photos/{photo}`.
pub async fn part(
    State(app): State<App>,
    Path((id, photo)): Path<(String, String)>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    match (sender(&app, &headers, &id).await, id_of(&photo)) {
        (Err(elsewhere), _) => elsewhere,
        (Ok(_), None) => nowhere(),
        (Ok(sender), Some(photo)) => take_part(&app, &sender, photo, &headers, request.into_body()).await,
    }
}

async fn sender(app: &App, headers: &HeaderMap, id: &str) -> Result<Sender, Response> {
    let reader = Reader::admit(app, headers, What::Desk).await.map_err(|_| not_yours())?;
    let consultation = reader.case(app, id).await.map_err(|_| nowhere())?;
    Ok(Sender {
        consultation,
        actor: reader.actor(),
        municipality: reader.city.id,
    })
}

/// `GET /desk/consultations/{id}/photos/{photo}`.
pub async fn large(State(app): State<App>, Path((id, photo)): Path<(String, String)>, headers: HeaderMap) -> Response {
    seen(&app, &headers, (&id, &photo), PhotoView::Large).await
}

/// `GET /desk/consultations/{id}/photos/{photo}/small`.
pub async fn small(State(app): State<App>, Path((id, photo)): Path<(String, String)>, headers: HeaderMap) -> Response {
    seen(&app, &headers, (&id, &photo), PhotoView::Small).await
}

async fn seen(app: &App, headers: &HeaderMap, (id, photo): (&str, &str), view: PhotoView) -> Response {
    let Ok(reader) = Reader::admit(app, headers, What::Desk).await else {
        return not_yours();
    };
    match taken_part_in(app, &reader, id).await {
        Some(consultation) => shown(app, consultation, photo, view).await.unwrap_or_else(nowhere),
        None => nowhere(),
    }
}

/// The consultation, if this clinician takes part in it.
async fn taken_part_in(app: &App, reader: &Reader, id: &str) -> Option<ConsultationId> {
    let consultation = reader.case(app, id).await.ok()?;
    let state = app.spine.load(consultation).await.ok()??;
    let takes_part = state.case.as_deref()?.takes_part(&reader.staff);
    takes_part.then_some(consultation)
}

/// `GET /logs/{consultation}/photos/{photo}`: a supervisor looks, and it is written down.
pub async fn reviewed(
    State(app): State<App>,
    Path((id, photo)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let reader = match Reader::admit(&app, &headers, What::Replay).await {
        Ok(reader) => reader,
        Err(elsewhere) => return elsewhere,
    };
    let Ok(consultation) = reader.case(&app, &id).await else {
        return nowhere();
    };
    let state = app.spine.load(consultation).await.ok().flatten();
    let is_there = state.as_deref().and_then(|state| state.case.as_deref());
    let is_there = is_there.is_some_and(|case| id_of(&photo).is_some_and(|photo| case.photos.contains(&photo)));
    if !is_there {
        return nowhere();
    }
    if let Err(error) = app.spine.look(consultation, &reader.actor(), "photo").await {
        tracing::error!(%error, "a look could not be written, so nothing is shown");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let view = PhotoView::Large;
    shown(&app, consultation, &photo, view).await.unwrap_or_else(nowhere)
}
