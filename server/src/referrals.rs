//! `/referrals`: the city's public-health nurse receives what families consented to have handed to her, and ends it with what was done.
//!
//! Promises: only she, only of her own city; the very words and when the family consented, and nothing else of a consultation; every
//! reading of words is a look that is written down before; a form that comes twice takes effect once, and one that comes too late
//! is answered with what happened meanwhile, its words kept.
//!
//! Not here: who may receive and end what (`signaling`, `consultation/referral.rs`), what supervisors see of it (`tasks`).

use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    form::Fields,
    spine::CommandError,
    storage::TaskRow,
    ticket,
};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use frontend::page::report::{Past, ReferralFault, ReferralLine, Referrals, ReportView, Stand};
use signaling::{
    actor::Staff,
    after::TaskKind,
    consultation::{Command, Handed, Refusal, Task},
    id::{CommandId, ConsultationId, Seq},
    limits,
    time::At,
};

/// `GET /referrals`; with `received=show` also what has ended.
pub async fn show(State(app): State<App>, headers: HeaderMap, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Referrals).await?;
    let asked = Fields::parse(query.unwrap_or_default().as_bytes());
    let page = page(&app, &reader, asked.one("received") == "show", None).await;
    Ok(answered(&app, reader, StatusCode::OK, page))
}

/// `POST /referrals/{consultation}/{task}` with `go`: `take`, or `close` and `words`.
pub async fn change(
    State(app): State<App>,
    headers: HeaderMap,
    Path((id, task)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Referrals).await?;
    Ok(match posted(&app, &reader, &id, &task, &fields).await {
        Ok(Ok(())) => ticket::to("/referrals"),
        Ok(Err(fault)) => {
            let page = page(&app, &reader, false, Some(fault)).await;
            answered(&app, reader, StatusCode::UNPROCESSABLE_ENTITY, page)
        }
        Err(failure) => failure.page(&app, &reader.city.city()),
    })
}

fn answered(app: &App, reader: Reader, status: StatusCode, page: Result<Referrals, Failure>) -> Response {
    match page {
        Ok(page) => app
            .pages
            .report(status, reader.city.city(), reader.staff, ReportView::Referrals(page)),
        Err(failure) => failure.page(app, &reader.city.city()),
    }
}

/// A referral of the log; nothing where there is none that a family ever consented to.
async fn referral(app: &App, consultation: ConsultationId, seq: Seq) -> Result<Option<Task>, Failure> {
    let state = app.spine.load(consultation).await?;
    let case = state.as_deref().and_then(|state| state.case.as_deref());
    let task = case.and_then(|case| case.task(seq));
    Ok(task.filter(|task| task.kind == TaskKind::Referral).cloned())
}

/// Carries it out, or says why not.
async fn posted(
    app: &App,
    reader: &Reader,
    id: &str,
    task: &str,
    fields: &Fields,
) -> Result<Result<(), ReferralFault>, Failure> {
    let seq: Seq = task.parse().map_err(|_| Failure::NotFound)?;
    let consultation = reader.case(app, id).await?;
    // What is no referral is not there for her, whatever else the number is.
    referral(app, consultation, seq).await?.ok_or(Failure::NotFound)?;
    let command_id = fields.command().ok_or(Failure::BadRequest)?;
    let words = fields.one("words").to_owned();
    let command = match fields.one("go") {
        "take" => Command::TakeTask { task: seq },
        "close" => Command::CloseTask {
            task: seq,
            words: words.clone(),
        },
        _ => return Err(Failure::BadRequest),
    };
    match app
        .spine
        .execute(consultation, &reader.actor(), command_id, &command)
        .await
    {
        Ok(_) => Ok(Ok(())),
        Err(CommandError::Refused(refusal)) => {
            let now_stands = referral(app, consultation, seq).await?;
            Ok(Err(ReferralFault {
                consultation,
                seq,
                text: sentence(&refusal, now_stands.as_ref()),
                typed: words,
            }))
        }
        Err(CommandError::Storage(error)) => Err(error.into()),
    }
}

/// What happened meanwhile, where that is why.
fn sentence(refusal: &Refusal, task: Option<&Task>) -> String {
    match (refusal, task.and_then(Task::handed)) {
        (Refusal::TaskOver, Some(Handed::TakenBack)) => {
            "ご家族が同意を取り消しました。この紹介は受け取れません。".to_owned()
        }
        (Refusal::TaskOver, Some(Handed::Done { by, .. })) => {
            format!("この紹介は、{}が対応を終えています。", by.addressed())
        }
        (Refusal::AlreadyClaimed { by }, _) => format!("先に {by} が受け取りました。"),
        (Refusal::NotYours, _) => "先に「受け取りました」を押してください。".to_owned(),
        (other, _) => other.to_string(),
    }
}

async fn page(app: &App, reader: &Reader, with_past: bool, fault: Option<ReferralFault>) -> Result<Referrals, Failure> {
    let city = &reader.city.id;
    let mut open = app.store.open_tasks(city).await?;
    open.retain(|row| row.kind == TaskKind::Referral);
    open.sort_by_key(|row| (row.opened_at, row.consultation, row.seq));
    let from = At(app.world.now().0 - limits::RECEIVED_SHOWN.0);
    let ended = app.store.received_referrals(city, from).await?;
    Ok(Referrals {
        lines: lines(app, reader, &open).await?,
        past: if with_past {
            Past::Shown(lines(app, reader, &ended).await?)
        } else {
            Past::Folded(ended.len())
        },
        fault,
    })
}

async fn lines(app: &App, reader: &Reader, rows: &[TaskRow]) -> Result<Vec<ReferralLine>, Failure> {
    let mut lines = Vec::new();
    for row in rows {
        // Before the words are read, and before it is asked whether the consent to them still stands.
        app.spine.look(row.consultation, &reader.actor(), "referral").await?;
        let Some(task) = referral(app, row.consultation, row.seq).await? else {
            continue;
        };
        let Some(stand) = stand(app, reader, row.consultation, &task).await? else {
            continue;
        };
        lines.push(ReferralLine {
            consultation: row.consultation,
            seq: row.seq,
            consented_at: task.opened_at,
            due_at: task.due_at,
            shared: words(app, row.consultation, &task, row.seq).await?,
            stand,
        });
    }
    Ok(lines)
}

/// Where it stands for this reader; nothing where the family has taken its consent back since it was listed.
async fn stand(
    app: &App,
    reader: &Reader,
    consultation: ConsultationId,
    task: &Task,
) -> Result<Option<Stand>, Failure> {
    let (me, now) = (reader.staff.id, app.world.now());
    let command = || CommandId(app.world.new_id());
    Ok(match task.handed() {
        None | Some(Handed::TakenBack) => None,
        Some(Handed::Waits { with }) => Some(Stand::Waits {
            with: with.map(Staff::addressed),
            take: command(),
        }),
        Some(Handed::Received { by, at }) if by.id == me => Some(Stand::Mine {
            since: at,
            close: command(),
        }),
        Some(Handed::Received { by, at }) => Some(Stand::Colleague {
            by: by.addressed(),
            since: at,
            take: task.held_by(now).is_none().then(command),
        }),
        Some(Handed::Done { by, at, event }) => Some(Stand::Done {
            by: by.addressed(),
            at,
            words: words(app, consultation, task, event).await?,
        }),
    })
}

/// What she may read of one event, and of no other one is anything opened.
async fn words(app: &App, consultation: ConsultationId, task: &Task, event: Seq) -> Result<Option<String>, Failure> {
    let read = app.spine.events(consultation, event.saturating_sub(1), 1).await?;
    Ok(read.first().and_then(|event| task.words_for_nurse(event)))
}
