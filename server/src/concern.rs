//! `/concerns/{consultation}`: 「気になる」 and 「保健師への紹介」, for the clinician who takes part and for supervisors.
//!
//! Promises: a concern is read by supervisors and by the clinician who raised it, and by nobody else of the desk; every reading is
//! a look that is written down; no family and no viewer of the city ever has a page of it; what is to be handed over is shown
//! to the family first (`ticket`), in the very words.
//!
//! Not here: who else may do what (`signaling`, `consultation/after.rs`), what supervisors have to look after (`tasks`).

use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    form::Fields,
    phones,
    spine::CommandError,
    ticket,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use frontend::page::report::{ConcernPage, ConcernStanding, ConcernTyped, HandedOn, ReportView};
use signaling::{
    actor::{Role, Staff, Viewer},
    after::{Authority, ConcernDecision},
    consultation::{Case, Command, Handed},
    id::{CommandId, ConsultationId},
    time::{At, Millis, parse_date},
    view::Thread,
};

/// `GET /concerns/{consultation}`.
pub async fn show(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Concern).await?;
    let page = page(&app, &reader, &id, ConcernTyped::default()).await;
    Ok(answered(&app, reader, StatusCode::OK, page))
}

/// `POST /concerns/{consultation}` with `go`: `raise` and `facts`; `decide`, `concern`, `decision` and `words`; `notify`, `concern`,
/// `whom`, `on`, `time` and `words`; `offer` and `shared`.
pub async fn change(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Concern).await?;
    Ok(match posted(&app, &reader, &id, &fields).await {
        Ok(Ok(())) => ticket::to(&format!("/concerns/{id}")),
        Ok(Err(fault)) => {
            let typed = ConcernTyped {
                fault: Some(fault),
                go: fields.one("go").to_owned(),
                concern: match fields.one("go") {
                    "decide" | "notify" => fields.one("concern").to_owned(),
                    _ => String::new(),
                },
                text: [fields.one("facts"), fields.one("words"), fields.one("shared")].concat(),
            };
            let page = page(&app, &reader, &id, typed).await;
            answered(&app, reader, StatusCode::UNPROCESSABLE_ENTITY, page)
        }
        Err(failure) => failure.page(&app, &reader.city.city()),
    })
}

fn answered(app: &App, reader: Reader, status: StatusCode, page: Result<ConcernPage, Failure>) -> Response {
    match page {
        Ok(page) => app.pages.report(
            status,
            reader.city.city(),
            reader.staff,
            ReportView::Concern(Box::new(page)),
        ),
        Err(failure) => failure.page(app, &reader.city.city()),
    }
}

/// The consultation, for whoever may read of concerns in it: supervisors, who takes part, whose concern there is. To anybody else
/// it is not there.
async fn entered(app: &App, reader: &Reader, id: &str) -> Result<ConsultationId, Failure> {
    let consultation = reader.case(app, id).await?;
    let state = app.spine.load(consultation).await?.ok_or(Failure::NotFound)?;
    let case = state.case.as_deref().ok_or(Failure::NotFound)?;
    let me = reader.staff.id;
    let authored = case.after.concerns.iter().any(|(_, author)| *author == me);
    if reader.staff.role == Role::Supervisor || takes_part(case, reader) || authored {
        Ok(consultation)
    } else {
        Err(Failure::NotFound)
    }
}

fn takes_part(case: &Case, reader: &Reader) -> bool {
    let me = reader.staff.id;
    case.takes_part(&reader.staff) || case.colleague().is_some_and(|colleague| colleague.id == me)
}

/// How far the last referral has come, once the family consented to it.
fn handed_on(case: &Case) -> Option<HandedOn> {
    let (offer, _) = case.after.referral?;
    Some(match case.task(offer)?.handed()? {
        Handed::Waits { with } => HandedOn::Waits {
            with: with.map(Staff::addressed),
        },
        Handed::Received { by, at } => HandedOn::Received { by: by.addressed(), at },
        Handed::Done { by, at, .. } => HandedOn::Done { by: by.addressed(), at },
        Handed::TakenBack => return None,
    })
}

async fn page(app: &App, reader: &Reader, id: &str, typed: ConcernTyped) -> Result<ConcernPage, Failure> {
    let consultation = entered(app, reader, id).await?;
    app.spine.look(consultation, &reader.actor(), "concern").await?;
    let viewer = Viewer::of_staff(&reader.staff).ok_or(Failure::NotFound)?;
    let (events, _) = ticket::whole_log(app, consultation, &viewer).await?;
    let state = app.spine.load(consultation).await?.ok_or(Failure::NotFound)?;
    let case = state.case.as_deref().ok_or(Failure::NotFound)?;
    let thread = Thread::of(&events);
    let waits = thread.concerns.iter().map(|one| {
        let task = case.task(one.seq);
        ConcernStanding {
            concern: one.seq,
            shown_at: task.and_then(|task| task.shown_at),
            owner: task.and_then(|task| task.owner.as_ref()).map(|owner| owner.addressed()),
            due_at: task.filter(|task| task.closed_at.is_none()).map(|task| task.due_at),
        }
    });
    Ok(ConcernPage {
        consultation,
        may_offer: reader.staff.role.is_clinician() && takes_part(case, reader),
        standing: waits.collect(),
        handed: handed_on(case),
        phones: phones::lines(app, &reader.city.id).await?,
        events,
        today: app.world.now().date_text(),
        command: CommandId(app.world.new_id()),
        typed,
    })
}

async fn posted(app: &App, reader: &Reader, id: &str, fields: &Fields) -> Result<Result<(), String>, Failure> {
    let consultation = entered(app, reader, id).await?;
    let command_id = fields.command().ok_or(Failure::BadRequest)?;
    let command = match command(fields, app.world.now())? {
        Ok(command) => command,
        Err(fault) => return Ok(Err(fault)),
    };
    let actor = reader.actor();
    match app.spine.execute(consultation, &actor, command_id, &command).await {
        Ok(_) => {
            tracing::info!(%consultation, staff = %reader.staff.id, go = fields.one("go"), "written beside a consultation");
            Ok(Ok(()))
        }
        Err(CommandError::Refused(refusal)) => Ok(Err(refusal.to_string())),
        Err(CommandError::Storage(error)) => Err(error.into()),
    }
}

fn command(fields: &Fields, now: At) -> Result<Result<Command, String>, Failure> {
    let text = |name: &str| fields.one(name).to_owned();
    let concern = || fields.one("concern").parse().map_err(|_| Failure::BadRequest);
    Ok(match fields.one("go") {
        "raise" => Ok(Command::RaiseConcern { facts: text("facts") }),
        "offer" => Ok(Command::OfferReferral { shared: text("shared") }),
        "decide" => match ConcernDecision::from_code(fields.one("decision")) {
            Some(decision) => Ok(Command::DecideConcern {
                concern: concern()?,
                decision,
                words: text("words"),
            }),
            None => Err("どうするかをえらんでください。".to_owned()),
        },
        "notify" => match (Authority::from_code(fields.one("whom")), time_of(fields, now)) {
            (Some(whom), Some(notified_at)) => Ok(Command::NotifyConcern {
                concern: concern()?,
                whom,
                notified_at,
                words: text("words"),
            }),
            (None, _) => Err("どこへ伝えたかをえらんでください。".to_owned()),
            (_, None) => Err("伝えた日時を入れてください。未来の日時にはできません。".to_owned()),
        },
        _ => return Err(Failure::BadRequest),
    })
}

/// A day and a time of it, not after now.
fn time_of(fields: &Fields, now: At) -> Option<At> {
    let (hours, minutes) = fields.one("time").split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.get(..2)?.parse().ok()?);
    if !(0..24).contains(&hours) || !(0..60).contains(&minutes) {
        return None;
    }
    let day = At::start_of(parse_date(fields.one("on"))?);
    let at = day + Millis::hours(hours) + Millis::minutes(minutes);
    (at <= now).then_some(at)
}
