//! 「あとで返事をもらう」: the form of a family that would rather not wait live.

use super::{Fields, after, carry_out};
use crate::app::App;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use signaling::consultation::Command;

/// `POST /t/{ticket}/later` with `hours`: within how many an answer was promised on the page.
pub async fn later(State(app): State<App>, Path(ticket): Path<String>, headers: HeaderMap, fields: Fields) -> Response {
    // A form that showed none was shown no promise.
    let shown_hours = fields.one("hours").parse().unwrap_or(0);
    match after::hour(&app, &headers).await {
        Ok((_, reply_hours)) => {
            let command = Command::AnswerLater {
                shown_hours,
                reply_hours,
            };
            carry_out(&app, &ticket, &headers, &fields, command).await
        }
        Err(failure) => failure.page(&app, &super::city_of(&app, &headers).await),
    }
}
