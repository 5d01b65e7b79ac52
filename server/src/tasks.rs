//! `/tasks`: what supervisors have to look after, each with an owner, a deadline and, to be closed, what was done: what nobody
//! took in time, concerns, families that would not come again, referrals.
//!
//! Promises: only supervisors, only of their own city; a form that comes twice takes effect once; the list itself says why there
//! is something to do and nothing of what was said, except for the words that a family consented to have handed over; what a
//! public-health nurse has received is offered to nobody else before its deadline.
//!
//! Not here: when a task opens (`signaling`, `consultation/after.rs`), concerns (`concern`), her own list (`referrals`).

mod listening;
mod overlooked;

use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    form::Fields,
    phones,
    spine::CommandError,
    storage::TaskRow,
    ticket,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use frontend::page::report::{ReportView, TaskLine, Tasks};
use signaling::{
    actor::Viewer,
    after::TaskKind,
    consultation::{Command, Handed, WireKind},
    id::{CommandId, ConsultationId, Seq},
    ladder::Step,
};

/// `GET /tasks`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Tasks).await?;
    let list = match listening::waiting(&app, &reader).await {
        Ok(_) => list(&app, &reader, None).await,
        Err(failure) => Err(failure),
    };
    Ok(answered(&app, reader, StatusCode::OK, list))
}

/// `GET /tasks/waiting`: what nobody looks after yet, for the page that listens.
pub async fn waiting(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Tasks).await?;
    Ok(match listening::waiting(&app, &reader).await {
        Ok(waiting) => Json(waiting).into_response(),
        Err(failure) => failure.page(&app, &reader.city.city()),
    })
}

/// `POST /tasks/{consultation}/{task}` with `go`: `take`, or `close` and `words`. The task is a number, or `overlooked`.
pub async fn change(
    State(app): State<App>,
    headers: HeaderMap,
    Path((id, task)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Tasks).await?;
    Ok(match posted(&app, &reader, &id, &task, &fields).await {
        Ok(Ok(())) => ticket::to("/tasks"),
        Ok(Err(fault)) => {
            let list = list(&app, &reader, Some(fault)).await;
            answered(&app, reader, StatusCode::UNPROCESSABLE_ENTITY, list)
        }
        Err(failure) => failure.page(&app, &reader.city.city()),
    })
}

fn answered(app: &App, reader: Reader, status: StatusCode, list: Result<Tasks, Failure>) -> Response {
    match list {
        Ok(list) => app
            .pages
            .report(status, reader.city.city(), reader.staff, ReportView::Tasks(list)),
        Err(failure) => failure.page(app, &reader.city.city()),
    }
}

/// Carries it out, or says why not and beside which task.
type Posted = Result<(), Fault>;
type Fault = (ConsultationId, Option<Seq>, String);

async fn posted(app: &App, reader: &Reader, id: &str, task: &str, fields: &Fields) -> Result<Posted, Failure> {
    let task = match task {
        "overlooked" => None,
        number => Some(number.parse().map_err(|_| Failure::NotFound)?),
    };
    let consultation = reader.case(app, id).await?;
    let command_id = fields.command().ok_or(Failure::BadRequest)?;
    let words = || fields.one("words").to_owned();
    let command = match (fields.one("go"), task) {
        ("take", Some(task)) => Command::TakeTask { task },
        ("take", None) => Command::HearAlert { step: Step::Supervisor },
        ("close", Some(task)) => Command::CloseTask { task, words: words() },
        ("close", None) => Command::CloseOverlooked { done: words() },
        _ => return Err(Failure::BadRequest),
    };
    let actor = reader.actor();
    match app.spine.execute(consultation, &actor, command_id, &command).await {
        Ok(_) => Ok(Ok(())),
        Err(CommandError::Refused(refusal)) => Ok(Err((consultation, task, refusal.to_string()))),
        Err(CommandError::Storage(error)) => Err(error.into()),
    }
}

async fn list(app: &App, reader: &Reader, fault: Option<Fault>) -> Result<Tasks, Failure> {
    let mut lines = Vec::new();
    for row in app.store.open_tasks(&reader.city.id).await? {
        let shared = match row.kind {
            TaskKind::Referral => shared(app, reader, &row).await?,
            TaskKind::Concern | TaskKind::Dissatisfied => None,
        };
        let nurse = match row.kind {
            TaskKind::Referral => nurse(app, &row).await?,
            TaskKind::Concern | TaskKind::Dissatisfied => Nurse::None,
        };
        let may_take = row.owner.is_none() || nurse == Nurse::Late;
        lines.push(TaskLine {
            consultation: row.consultation,
            seq: row.seq,
            kind: row.kind,
            opened_at: row.opened_at,
            due_at: row.due_at,
            owner: row.owner,
            is_held: nurse == Nurse::Holds,
            shared,
            take: may_take.then(|| CommandId(app.world.new_id())),
            close: CommandId(app.world.new_id()),
        });
    }
    Ok(Tasks {
        overlooked: overlooked::rows(app, reader).await?,
        phones: phones::lines(app, &reader.city.id).await?,
        lines,
        fault,
    })
}

/// Whether a public-health nurse has a referral.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nurse {
    None,
    /// Until its deadline it is hers alone.
    Holds,
    /// The deadline is past: supervisors may take it over.
    Late,
}

async fn nurse(app: &App, row: &TaskRow) -> Result<Nurse, Failure> {
    let state = app.spine.load(row.consultation).await?;
    let case = state.as_deref().and_then(|state| state.case.as_deref());
    let task = case.and_then(|case| case.task(row.seq));
    Ok(match task.map(|task| (task.handed(), task.held_by(app.world.now()))) {
        Some((Some(Handed::Received { .. }), Some(_))) => Nurse::Holds,
        Some((Some(Handed::Received { .. }), None)) => Nurse::Late,
        _ => Nurse::None,
    })
}

/// The words that the family consented to. Reading them is a look.
async fn shared(app: &App, reader: &Reader, row: &TaskRow) -> Result<Option<String>, Failure> {
    app.spine.look(row.consultation, &reader.actor(), "referral").await?;
    let viewer = Viewer::Supervisor(reader.staff.id);
    let (events, _) = ticket::whole_log(app, row.consultation, &viewer).await?;
    Ok(events.into_iter().find_map(|event| match event.kind {
        WireKind::ReferralOffered { text, .. } if event.seq == row.seq => text,
        _ => None,
    }))
}
