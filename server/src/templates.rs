//! `/admin/templates`: the sentences that a city has agreed on, and how desks ask for them.
//!
//! Promises: a form that is sent twice adds one; a brace that makes no blank is refused when it is written, not when it is sent;
//! another city's template is not there.
//!
//! Not here: filling blanks and refusing open ones (`signaling::template`).

use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    form::Fields,
    identity::base32,
    storage::TemplateWritten,
    ticket,
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use frontend::page::report::{ReportView, TemplateDraft, Templates};
use signaling::{
    id::CommandId,
    limits,
    template::{Template, checked},
};

/// `GET /admin/templates`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Settings).await?;
    let view = page(&app, &reader, None).await;
    Ok(answered(&app, reader, StatusCode::OK, view))
}

/// `POST /admin/templates`.
pub async fn change(State(app): State<App>, headers: HeaderMap, fields: Fields) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Settings).await?;
    Ok(match posted(&app, &reader, &fields).await {
        Ok(None) => ticket::to("/admin/templates"),
        Ok(Some(draft)) => {
            let view = page(&app, &reader, Some(draft)).await;
            answered(&app, reader, StatusCode::UNPROCESSABLE_ENTITY, view)
        }
        Err(failure) => failure.page(&app, &reader.city.city()),
    })
}

/// `GET /desk/templates`: those in use, as JSON.
pub async fn of_desk(State(app): State<App>, headers: HeaderMap) -> Response {
    let reader = match Reader::admit(&app, &headers, What::Desk).await {
        Ok(reader) => reader,
        Err(elsewhere) => return elsewhere,
    };
    match app.store.templates(&reader.city.id).await {
        Ok(templates) => Json(templates).into_response(),
        Err(error) => Failure::from(error).page(&app, &reader.city.city()),
    }
}

fn answered(app: &App, reader: Reader, status: StatusCode, view: Result<Templates, Failure>) -> Response {
    match view {
        Ok(view) => {
            let view = ReportView::Templates(view);
            app.pages.report(status, reader.city.city(), reader.staff, view)
        }
        Err(failure) => failure.page(app, &reader.city.city()),
    }
}

async fn page(app: &App, reader: &Reader, draft: Option<TemplateDraft>) -> Result<Templates, Failure> {
    Ok(Templates {
        command: CommandId(app.world.new_id()),
        templates: app.store.templates(&reader.city.id).await?,
        draft,
    })
}

/// Carries a form out; or gives it back with what is wrong.
async fn posted(app: &App, reader: &Reader, fields: &Fields) -> Result<Option<TemplateDraft>, Failure> {
    let command = fields.command().ok_or(Failure::BadRequest)?;
    let (city, by, at) = (&reader.city.id, reader.staff.id, app.world.now());
    let id = fields.one("id").to_owned();
    let go = fields.one("go");
    if go == "retire" {
        app.store.retire_template(city, &id, by, at).await?;
        return Ok(None);
    }
    let adds = match go {
        "add" => true,
        "change" => false,
        _ => return Err(Failure::BadRequest),
    };
    let (title, body) = (fields.one("title"), fields.one("body"));
    let given_back = |fault: String| {
        let part = |text: &str, most: usize| text.chars().take(most).collect();
        Ok(Some(TemplateDraft {
            id: (!adds).then(|| id.chars().take(32).collect()),
            title: part(title, 200),
            body: part(body, limits::TEMPLATE_CHARS * 2),
            fault,
        }))
    };
    let (title, body) = match checked(title, body) {
        Ok(words) => words,
        Err(fault) => return given_back(fault.to_string()),
    };
    if adds && app.store.templates(city).await?.len() >= limits::TEMPLATES {
        return given_back("これ以上は追加できません。使わないものを外してください。".to_owned());
    }
    let id = match adds {
        true => base32(&app.world.random::<5>()),
        false => id.clone(),
    };
    let written = TemplateWritten {
        municipality: city.clone(),
        template: Template { id, title, body },
        by,
        command,
        at,
    };
    match adds {
        true => app.store.add_template(written).await?,
        false if !app.store.change_template(written).await? => return Err(Failure::NotFound),
        false => {}
    }
    tracing::info!(%city, staff = %by, go, "templates have changed");
    Ok(None)
}
