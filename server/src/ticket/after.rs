//! The ticket's forms after the end: 「また相談する」, the answer to 「明日きく」, consent to a referral.

use super::{At, Written};
use super::{Fields, carry_out, enter, shown};
use crate::{app::App, error::Failure};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use signaling::{
    after::Feeling,
    consultation::{Command, Refusal},
    intake::Service,
};

/// `POST /t/{ticket}/again` with `text`.
pub async fn come_back(
    State(app): State<App>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let text = fields.one("text").to_owned();
    match hour(&app, &headers).await {
        Ok((service, reply_hours)) => {
            let command = Command::ComeBack {
                text,
                service,
                reply_hours,
            };
            carry_out(&app, &ticket, &headers, &fields, command).await
        }
        Err(failure) => failure.page(&app, &super::city_of(&app, &headers).await),
    }
}

/// `POST /t/{ticket}/how` with `feeling`.
pub async fn check_in(
    State(app): State<App>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let Some(feeling) = Feeling::from_code(fields.one("feeling")) else {
        return match enter(&app, &ticket, &headers).await {
            At::Outside(response) => response,
            At::Inside(entry) => shown(&app, &entry, Some((&Refusal::NothingChosen, Written::Nothing))).await,
        };
    };
    match hour(&app, &headers).await {
        Ok((service, reply_hours)) => {
            let command = Command::CheckIn {
                feeling,
                service,
                reply_hours,
            };
            carry_out(&app, &ticket, &headers, &fields, command).await
        }
        Err(failure) => failure.page(&app, &super::city_of(&app, &headers).await),
    }
}

/// `POST /t/{ticket}/referral` with `offer` and `given`: `yes` or `no`.
pub async fn referral(
    State(app): State<App>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let given = match fields.one("given") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    match (fields.one("offer").parse(), given) {
        (Ok(offer), Some(given)) => {
            let command = Command::AnswerReferral { offer, given };
            carry_out(&app, &ticket, &headers, &fields, command).await
        }
        _ => match enter(&app, &ticket, &headers).await {
            At::Outside(response) => response,
            At::Inside(entry) => Failure::BadRequest.page(&app, &entry.city),
        },
    }
}

/// How whoever comes back now is answered: live while the desk is open, otherwise within the promised hours.
pub(super) async fn hour(app: &App, headers: &HeaderMap) -> Result<(Service, u32), Failure> {
    let city = app.identity.city_of(headers).await?.ok_or(Failure::NotFound)?;
    let opening = app.opening(&city.id).await?;
    let service = if opening.is_open {
        Service::Night
    } else {
        Service::Anytime
    };
    Ok((service, opening.reply_hours))
}
