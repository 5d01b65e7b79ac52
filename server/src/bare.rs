//! An error that a library answered with a bare line, or that arose where no page could be made: a person reads a page of the
//! desk instead, with what to do, and a program the same status and a stable code.
//!
//! Not here: answers to sockets, files and the load balancer, which no person reads; errors that have their page already.

use crate::{app::App, render::Unavailable, ticket};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// Puts a page in the place of a bare error.
pub(crate) async fn dressed(State(app): State<App>, request: Request, next: Next) -> Response {
    let unread = request.headers().contains_key(header::UPGRADE)
        || ["/assets/", "/healthz", "/live", "/desk/live"]
            .iter()
            .any(|place| request.uri().path().starts_with(place));
    let headers = request.headers().clone();
    let response = next.run(request).await;
    let Some(what) = what(response.status()).filter(|_| !unread && is_bare(response.headers())) else {
        return response;
    };
    let city = ticket::city_of(&app, &headers).await;
    app.pages.notice(&city, what)
}

fn is_bare(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("text/plain")))
}

fn what(status: StatusCode) -> Option<Unavailable> {
    Some(match status {
        StatusCode::FORBIDDEN => Unavailable::CrossSite,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Unavailable::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => Unavailable::TooLarge,
        StatusCode::MISDIRECTED_REQUEST => Unavailable::NoDesk,
        StatusCode::SERVICE_UNAVAILABLE => Unavailable::TryAgain,
        status if status.is_server_error() => Unavailable::Failed,
        status if status.is_client_error() => Unavailable::BadRequest,
        _ => return None,
    })
}
