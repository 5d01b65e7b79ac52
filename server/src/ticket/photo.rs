//! The family's photos: its form, its parts, and the views of both sides' photos. The ticket decides who may.

use super::{At, Entry, Written, enter, shown as ticket_shown, to};
use crate::{
    app::App,
    check::not_yours,
    error::Failure,
    photo::{self, Form, Sender},
    spine::CommandError,
    storage::PhotoView,
};
use axum::{
    extract::{Path, Request, State},
    http::HeaderMap,
    response::Response,
};
use signaling::{actor::Actor, consultation::Refusal};

impl Entry {
    pub(super) fn sender(&self) -> Sender {
        Sender {
            consultation: self.consultation,
            municipality: self.municipality.clone(),
            actor: Actor::Guardian { id: self.guardian },
        }
    }
}

/// `POST /t/{ticket}/photos`: a page's form with the photo in it, or a script's last word behind the parts.
pub async fn add(State(app): State<App>, Path(ticket): Path<String>, request: Request) -> Response {
    let entry = match enter(&app, &ticket, request.headers()).await {
        At::Outside(door) => return door,
        At::Inside(entry) => entry,
    };
    let (sent, by_page) = match Form::read(&app, request).await {
        Form::Page(sent) => (sent, true),
        Form::Script(sent) => (sent, false),
    };
    let outcome = match sent {
        Ok(sent) => photo::take_in(&app, &entry.sender(), sent).await,
        Err(fault) => Err(CommandError::Refused(Refusal::Photo { fault })),
    };
    match outcome {
        outcome if !by_page => photo::told(outcome),
        Ok(_) => to(&entry.path),
        Err(CommandError::Refused(refusal)) => ticket_shown(&app, &entry, Some((&refusal, Written::Nothing))).await,
        Err(error) => Failure::from(error).page(&app, &entry.city),
    }
}

/// `PUT /t/{ticket}/photos/{photo}`: a part.
pub async fn part(
    State(app): State<App>,
    Path((ticket, photo)): Path<(String, String)>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    match (enter(&app, &ticket, &headers).await, photo::id_of(&photo)) {
        (At::Outside(_), _) => not_yours(),
        (At::Inside(_), None) => photo::nowhere(),
        (At::Inside(entry), Some(photo)) => {
            photo::part(&app, &entry.sender(), photo, &headers, request.into_body()).await
        }
    }
}

/// `GET /t/{ticket}/photos/{photo}`.
pub async fn large(
    State(app): State<App>,
    Path((ticket, photo)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    seen(&app, &headers, (&ticket, &photo), PhotoView::Large).await
}

/// `GET /t/{ticket}/photos/{photo}/small`.
pub async fn small(
    State(app): State<App>,
    Path((ticket, photo)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    seen(&app, &headers, (&ticket, &photo), PhotoView::Small).await
}

async fn seen(app: &App, headers: &HeaderMap, (ticket, photo): (&str, &str), view: PhotoView) -> Response {
    match enter(app, ticket, headers).await {
        At::Outside(door) => door,
        At::Inside(entry) => {
            let view = photo::shown(app, entry.consultation, photo, view).await;
            view.unwrap_or_else(photo::nowhere)
        }
    }
}
