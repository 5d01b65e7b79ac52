//! `/admin/institutions`: who hands out the desk's leaflet, and the leaflet itself. What came through it is a figure.
//!
//! Promises: a form that is sent twice adds one institution; an institution that has ended still counts for the leaflets that
//! hang somewhere; the code in a link says where the paper lay and nothing of a family.
//!
//! Not here: counting (`report`), registering by such a link (`link`).

use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    form::Fields,
    identity::base32,
    storage::{Added, InstitutionRow, NewInstitution},
    ticket,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use frontend::page::report::{InstitutionLine, Institutions, Leaflet, ReportView};
use signaling::{id::CommandId, limits, registration::Reach, text};

/// `GET /admin/institutions`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Settings).await?;
    let view = page(&app, &reader, &Fields::default(), None).await;
    Ok(answered(
        &app,
        reader,
        StatusCode::OK,
        view.map(ReportView::Institutions),
    ))
}

/// `POST /admin/institutions`.
pub async fn change(State(app): State<App>, headers: HeaderMap, fields: Fields) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Settings).await?;
    Ok(match posted(&app, &reader, &fields).await {
        Ok(Ok(())) => ticket::to("/admin/institutions"),
        Ok(Err(fault)) => {
            let view = page(&app, &reader, &fields, Some(fault)).await;
            let view = view.map(ReportView::Institutions);
            answered(&app, reader, StatusCode::UNPROCESSABLE_ENTITY, view)
        }
        Err(failure) => failure.page(&app, &reader.city.city()),
    })
}

/// `GET /admin/institutions/{code}/leaflet`.
pub async fn leaflet(
    State(app): State<App>,
    headers: HeaderMap,
    Path(code): Path<String>,
) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Settings).await?;
    let view = leaflet_of(&app, &reader, &headers, &code).await;
    Ok(answered(&app, reader, StatusCode::OK, view.map(ReportView::Leaflet)))
}

fn answered(app: &App, reader: Reader, status: StatusCode, view: Result<ReportView, Failure>) -> Response {
    match view {
        Ok(view) => app.pages.report(status, reader.city.city(), reader.staff, view),
        Err(failure) => failure.page(app, &reader.city.city()),
    }
}

async fn page(app: &App, reader: &Reader, fields: &Fields, fault: Option<String>) -> Result<Institutions, Failure> {
    let rows = app.store.institutions(&reader.city.id).await?;
    Ok(Institutions {
        command: CommandId(app.world.new_id()),
        kinds: Reach::offered()
            .map(|reach| (reach.code().to_owned(), reach.label().to_owned()))
            .collect(),
        name: fields.one("name").chars().take(200).collect(),
        kind: fields.one("kind").chars().take(60).collect(),
        fault,
        lines: rows.into_iter().map(line).collect(),
    })
}

fn line(row: InstitutionRow) -> InstitutionLine {
    InstitutionLine {
        code: row.code,
        name: row.name,
        kind: row.reach.label().to_owned(),
        is_ended: row.ended_at.is_some(),
    }
}

/// Carries a form out; or says what is wrong with it.
async fn posted(app: &App, reader: &Reader, fields: &Fields) -> Result<Result<(), String>, Failure> {
    let command = fields.command().ok_or(Failure::BadRequest)?;
    let now = app.world.now();
    match fields.one("go") {
        "add" => added(app, reader, fields, command).await,
        go @ ("end" | "resume") => {
            let ended_at = (go == "end").then_some(now);
            app.store
                .end_institution(&reader.city.id, fields.one("code"), ended_at)
                .await?;
            Ok(Ok(()))
        }
        _ => Err(Failure::BadRequest),
    }
}

async fn added(app: &App, reader: &Reader, fields: &Fields, command: CommandId) -> Result<Result<(), String>, Failure> {
    let name = match text::required(fields.one("name"), limits::INSTITUTION_CHARS) {
        Ok(name) if !name.contains(['\n', '\t']) => name,
        _ => return Ok(Err("配る先の名前を、1行、60字までで入れてください。".to_owned())),
    };
    let Some(reach) = Reach::offered().find(|reach| reach.code() == fields.one("kind")) else {
        return Ok(Err("種類をえらんでください。".to_owned()));
    };
    if app.store.institutions(&reader.city.id).await?.len() >= limits::INSTITUTIONS {
        return Ok(Err("これ以上は追加できません。".to_owned()));
    }
    let new = NewInstitution {
        municipality: reader.city.id.clone(),
        code: base32(&app.world.random::<5>()),
        name,
        reach,
        by: reader.staff.id,
        command,
        at: app.world.now(),
    };
    let code = new.code.clone();
    match app.store.add_institution(new).await? {
        Added::Yes => {
            tracing::info!(city = %reader.city.id, staff = %reader.staff.id, code, "an institution hands out leaflets");
            Ok(Ok(()))
        }
        Added::NameTaken => Ok(Err("同じ名前の配る先があります。".to_owned())),
    }
}

async fn leaflet_of(app: &App, reader: &Reader, headers: &HeaderMap, code: &str) -> Result<Leaflet, Failure> {
    let row = app.store.institution(&reader.city.id, code).await?;
    let row = row.filter(|row| row.ended_at.is_none()).ok_or(Failure::NotFound)?;
    let origin = app.identity.origin(headers);
    let words = app.identity.passphrases(&reader.city.id).await?.into_iter().next();
    let (link, qr_svg) = app.identity.leaflet_link(&origin, words.as_deref(), &row.code);
    Ok(Leaflet {
        institution: row.name,
        words,
        link,
        qr_svg,
        address: origin,
        hours: reader.city.hours.folded(),
        reply_hours: reader.city.reply_hours,
    })
}
