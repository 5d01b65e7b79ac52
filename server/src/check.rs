//! 「カメラと音の確認」: the page for families and for the desk, and what its script asks for.
//!
//! Promises: the page is there at any time and never in the way of the queue; the verdict is made here, from figures, by the
//! same rule as in the browser; nothing of a clinician's check is kept.
//!
//! Answers to the script are JSON with a stable code and a sentence, whatever went wrong. The family's side is in
//! `ticket/check.rs`, for the ticket decides who may.

use crate::{
    access::{Reader, What},
    app::App,
    echo::EchoRefusal,
    ticket,
};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use frontend::page::check::CheckPage;
use serde_json::json;
use signaling::{actor::Actor, protocol::Side};

/// The routes of this step.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/t/{ticket}/check", get(ticket::show_check).post(ticket::keep_check))
        .route("/t/{ticket}/check/echo", post(ticket::check_echo))
        .route("/desk/check", get(show))
        .route("/desk/check/echo", post(echo))
}

/// `GET /desk/check`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    match Reader::admit(&app, &headers, What::Desk).await {
        Ok(reader) => app.pages.check(CheckPage {
            city: reader.city.city(),
            path: "/desk".to_owned(),
            side: Side::Staff,
            follows: None,
            wants_picture: true,
            ice_servers: app.ice.servers(&app.world),
            ice_policy: app.ice.policy(Side::Staff).to_owned(),
        }),
        Err(elsewhere) => elsewhere,
    }
}

/// `POST /desk/check/echo`.
pub async fn echo(State(app): State<App>, headers: HeaderMap, offer: String) -> Response {
    match Reader::admit(&app, &headers, What::Desk).await {
        Ok(reader) => answered(&app, &reader.actor(), &offer).await,
        Err(_) => not_yours(),
    }
}

/// Answers an offer: the body of either is a session description, as in WHIP (RFC 9725 §4.2).
pub(crate) async fn answered(app: &App, actor: &Actor, offer: &str) -> Response {
    match app.echo.answer(&actor.key(), offer).await {
        Ok(answer) => {
            let kind = [(header::CONTENT_TYPE, "application/sdp")];
            (StatusCode::CREATED, kind, answer).into_response()
        }
        Err(refusal) => {
            tracing::info!(code = refusal.code(), bytes = offer.len(), "a check was not answered");
            said(status(refusal), refusal.code(), &refusal.to_string())
        }
    }
}

fn status(refusal: EchoRefusal) -> StatusCode {
    match refusal {
        EchoRefusal::Busy | EchoRefusal::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        EchoRefusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        EchoRefusal::Unreadable => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// What a script is told.
pub(crate) fn said(status: StatusCode, code: &str, text: &str) -> Response {
    (status, Json(json!({"code": code, "text": text}))).into_response()
}

/// Its page's credential is over, or was never good for this.
pub(crate) fn not_yours() -> Response {
    let text = "この画面の期限が切れました。ページを読み込み直してください。";
    said(StatusCode::FORBIDDEN, "signed_out", text)
}
