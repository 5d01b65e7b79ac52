//! `/overlooked`: the supervisors' list of what nobody took in time, and the two forms by which it is taken and closed.
//!
//! Promises: only supervisors, only of their own city; a form that comes twice takes effect once; what was done is sealed and
//! stands in no address. Not here: when something comes here (`signaling::consultation`, the ladder).

use super::page;
use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    form::Fields,
    spine::CommandError,
    ticket,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use frontend::page::report::{Overlooked, OverlookedRow, ReportView};
use signaling::{
    consultation::{Case, Command, Refusal, Stage},
    id::{CommandId, ConsultationId},
    ladder::Step,
    protocol::Side,
};

/// An empty list is asked for again after so many seconds (the `Refresh` header, which browsers obey without scripts).
const LOOK_AGAIN_SECONDS: &str = "15";

/// `GET /overlooked`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Overlooked).await?;
    let list = list(&app, &reader, None).await;
    let is_empty = list.as_ref().is_ok_and(|list| list.rows.is_empty());
    let mut response = page(&app, reader, list.map(ReportView::Overlooked));
    if is_empty {
        let refresh = HeaderName::from_static("refresh");
        response
            .headers_mut()
            .insert(refresh, HeaderValue::from_static(LOOK_AGAIN_SECONDS));
    }
    Ok(response)
}

/// `POST /overlooked/{consultation}/take`: a supervisor looks after it.
pub async fn take(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Overlooked).await?;
    let command = Command::HearAlert { step: Step::Supervisor };
    Ok(carry_out(&app, reader, &id, &fields, command).await)
}

/// `POST /overlooked/{consultation}/close`: what was done.
pub async fn close(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Overlooked).await?;
    let done = fields.one("done").to_owned();
    Ok(carry_out(&app, reader, &id, &fields, Command::CloseOverlooked { done }).await)
}

async fn carry_out(app: &App, reader: Reader, id: &str, fields: &Fields, command: Command) -> Response {
    let done = async {
        let consultation = reader.case(app, id).await?;
        let command_id = fields.command().ok_or(Failure::BadRequest)?;
        let done = app
            .spine
            .execute(consultation, &reader.actor(), command_id, &command)
            .await;
        match done {
            Ok(_) => Ok(None),
            Err(CommandError::Refused(refusal)) => Ok(Some((consultation, refusal))),
            Err(CommandError::Storage(error)) => Err(Failure::from(error)),
        }
    };
    match done.await {
        Ok(None) => ticket::to("/overlooked"),
        Ok(Some(refused)) => again(app, reader, refused).await,
        Err(failure) => failure.page(app, &reader.city.city()),
    }
}

/// The list, with what was not accepted beside its form.
async fn again(app: &App, reader: Reader, (consultation, refusal): (ConsultationId, Refusal)) -> Response {
    match list(app, &reader, Some((consultation, refusal.to_string()))).await {
        Ok(list) => app.pages.report(
            StatusCode::UNPROCESSABLE_ENTITY,
            reader.city.city(),
            reader.staff,
            ReportView::Overlooked(list),
        ),
        Err(failure) => failure.page(app, &reader.city.city()),
    }
}

async fn list(app: &App, reader: &Reader, fault: Option<(ConsultationId, String)>) -> Result<Overlooked, Failure> {
    let mut rows = Vec::new();
    for row in app.store.overlooked(&reader.city.id).await? {
        let Some(state) = app.spine.load(row.id).await? else {
            continue;
        };
        rows.extend(state.case.as_deref().and_then(|case| shown(app, row.id, case)));
    }
    Ok(Overlooked { rows, fault })
}

fn shown(app: &App, consultation: ConsultationId, case: &Case) -> Option<OverlookedRow> {
    let overlooked = case.overlooked.as_ref()?;
    let standing = match &case.stage {
        Stage::Waiting { .. } => "待っています".to_owned(),
        Stage::Claimed { by, .. } => format!("{}が担当しています", by.addressed()),
        Stage::Closed { .. } => "終わりました".to_owned(),
        Stage::Cancelled { .. } => "相談者がとりやめました".to_owned(),
    };
    let presence = app.hub.presence(consultation, Side::Guardian);
    Some(OverlookedRow {
        consultation,
        since: overlooked.since,
        due_at: overlooked.escalation.due_at,
        why: overlooked.escalation.why.label().to_owned(),
        class: case.acuity.label().to_owned(),
        subject: case.subject.label().to_owned(),
        standing,
        presence: presence.label().to_owned(),
        owner: overlooked.owner.clone(),
        take: CommandId(app.world.new_id()),
        close: CommandId(app.world.new_id()),
    })
}
