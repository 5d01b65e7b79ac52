//! The family's 「カメラと音の確認」: its page, its echo peer, and keeping the verdict where the clinician sees it.
//!
//! Before the intake is sent there is no log to keep it in: until then it is a draft, and becomes an event right behind the
//! intake.

use super::{At, Entry, enter};
use crate::{app::App, check, error::Failure, spine::CommandError, storage::StorageError};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use frontend::page::check::CheckPage;
use serde::Deserialize;
use signaling::{
    actor::Actor,
    check::Measured,
    consultation::Command,
    id::CommandId,
    intake::Mode,
    limits,
    protocol::{Cursor, Side},
};

/// What the script reports.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    command: CommandId,
    measured: Measured,
}

/// `GET /t/{ticket}/check`.
pub async fn show(State(app): State<App>, Path(ticket): Path<String>, headers: HeaderMap) -> Response {
    match enter(&app, &ticket, &headers).await {
        At::Outside(response) => response,
        At::Inside(entry) => match model(&app, &entry).await {
            Ok(page) => app.pages.check(page),
            Err(failure) => failure.page(&app, &entry.city),
        },
    }
}

async fn model(app: &App, entry: &Entry) -> Result<CheckPage, Failure> {
    let state = app.spine.load(entry.consultation).await?;
    let case = state.as_deref().and_then(|state| state.case.as_deref());
    let follows = match case {
        Some(case) if case.is_open() => {
            let last = state.as_deref().map_or(0, |state| state.seq);
            // A phone that rings already is told so by the event that said it.
            let after = case.call.as_ref().map_or(last, |call| call.id.saturating_sub(1));
            Some((entry.consultation, Cursor(after)))
        }
        _ => None,
    };
    Ok(CheckPage {
        city: entry.city.clone(),
        path: entry.path.clone(),
        side: Side::Guardian,
        follows,
        wants_picture: case.is_none_or(|case| case.mode != Mode::Audio),
        ice_servers: app.ice.servers(&app.world),
        ice_policy: app.ice.policy(Side::Guardian).to_owned(),
    })
}

/// `POST /t/{ticket}/check/echo`.
pub async fn echo(State(app): State<App>, Path(ticket): Path<String>, headers: HeaderMap, offer: String) -> Response {
    match enter(&app, &ticket, &headers).await {
        At::Outside(_) => check::not_yours(),
        At::Inside(entry) => check::answered(&app, &Actor::Guardian { id: entry.guardian }, &offer).await,
    }
}

/// `POST /t/{ticket}/check`: the figures, as JSON.
pub async fn keep(State(app): State<App>, Path(ticket): Path<String>, headers: HeaderMap, body: String) -> Response {
    let At::Inside(entry) = enter(&app, &ticket, &headers).await else {
        return check::not_yours();
    };
    let Ok(report) = serde_json::from_str::<Report>(&body) else {
        let text = "確認の結果を読み取れませんでした。";
        return check::said(StatusCode::UNPROCESSABLE_ENTITY, "unreadable", text);
    };
    match kept(&app, &entry, report).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(CommandError::Refused(refusal)) => {
            check::said(StatusCode::UNPROCESSABLE_ENTITY, refusal.code(), &refusal.to_string())
        }
        Err(CommandError::Storage(error)) => {
            tracing::error!(%error, "a check could not be kept");
            let text = "いま記録できませんでした。確認の結果はこの画面で見られます。";
            check::said(StatusCode::SERVICE_UNAVAILABLE, "unavailable", text)
        }
    }
}

async fn kept(app: &App, entry: &Entry, report: Report) -> Result<(), CommandError> {
    let Report { command: id, measured } = report;
    if app.spine.load(entry.consultation).await?.is_none() {
        return Ok(put_aside(app, entry, &measured).await?);
    }
    let command = Command::ReportCheck {
        measured: Box::new(measured),
    };
    let actor = Actor::Guardian { id: entry.guardian };
    app.spine.execute(entry.consultation, &actor, id, &command).await?;
    Ok(())
}

async fn put_aside(app: &App, entry: &Entry, measured: &Measured) -> Result<(), StorageError> {
    let body = serde_json::to_value(measured).map_err(|_| StorageError::unreadable("a check", "it has no form"))?;
    debug_assert!(
        body.to_string().len() <= limits::DRAFT_BYTES,
        "a handful of codes and numbers"
    );
    let owner = Actor::Guardian { id: entry.guardian }.key();
    let revision = u64::try_from(app.world.now().0).unwrap_or(0);
    app.spine
        .put_draft(entry.consultation, &owner, FIELD, revision, &body)
        .await
        .map(drop)
}

/// The draft's name.
const FIELD: &str = "check";

/// The intake was sent: a check that was made before it goes into the log. What goes wrong here is logged and in nobody's
/// way, for the family waits already.
pub(super) async fn keep_earlier(app: &App, entry: &Entry) {
    let actor = Actor::Guardian { id: entry.guardian };
    let earlier = app.spine.draft(entry.consultation, &actor.key(), FIELD).await;
    let measured = match earlier {
        Ok(Some((_, body))) => serde_json::from_value::<Measured>(body).ok(),
        Ok(None) => None,
        Err(error) => {
            tracing::error!(%error, "an earlier check could not be read");
            None
        }
    };
    let Some(measured) = measured else { return };
    let command = Command::ReportCheck {
        measured: Box::new(measured),
    };
    let id = CommandId(app.world.new_id());
    if let Err(error) = app.spine.execute(entry.consultation, &actor, id, &command).await {
        tracing::error!(%error, "an earlier check could not be kept");
    }
}
