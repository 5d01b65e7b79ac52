//! `/t/{ticket}`: one link that always shows the step a consultation is in, and the forms of that page.
//!
//! Promises: a device without the family's credential sees a door and no health data; another city's ticket is not there;
//! every form works without scripts, carries the id of its command, and ends in a redirect back to the ticket.
//!
//! Not here: registration, doors and transfer codes (link), the rules (spine).

mod after;
mod appointment;
mod check;
mod intake;
mod invite;
mod later;
mod page;
mod photo;

use crate::{app::App, error::Failure, form::Fields, identity::in_app, render::Render, spine::CommandError};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use frontend::page::{
    City,
    guardian::{GuardianView, TicketPage, TicketStep},
};
use signaling::{
    actor::Actor,
    call::agent::BrowserFamily,
    consultation::{Command, Refusal},
    id::{ConsultationId, GuardianId, MunicipalityId},
    intake::Mode,
    limits,
    protocol::Presented,
    survey::Answer,
};

pub use after::{check_in, come_back, referral};
pub use appointment::{change as change_appointment, show as show_appointments};
pub use check::{echo as check_echo, keep as keep_check, show as show_check};
pub use intake::post as post_intake;
pub use invite::{invite, link as invitation_link, show as show_invitations, withdraw};
pub use later::later;
pub(crate) use page::whole_log;
pub use photo::{add as add_photo, large as photo, part as photo_part, small as small_photo};

/// A ticket that this device may open.
pub(crate) struct Entry {
    city: City,
    municipality: MunicipalityId,
    consultation: ConsultationId,
    guardian: GuardianId,
    new_devices: Vec<(String, signaling::time::At)>,
    in_app: Option<BrowserFamily>,
    path: String,
}

/// Who stands at the ticket.
enum At {
    /// The family itself.
    Inside(Entry),
    /// Somebody without its credential: this is all there is to see.
    Outside(Response),
}

/// `GET /t/{ticket}`. A page that can have no socket asks with `?poll=visible` or `?poll=hidden`.
pub async fn show(
    State(app): State<App>,
    Path(ticket): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match enter(&app, &ticket, &headers).await {
        At::Outside(response) => response,
        At::Inside(entry) => {
            match query.as_deref() {
                Some("poll=visible") => there(&app, entry.consultation, Presented::Visible),
                Some("poll=hidden") => there(&app, entry.consultation, Presented::Hidden),
                _ => {}
            }
            shown(&app, &entry, None).await
        }
    }
}

/// The family's page counts as there until it should have asked again.
fn there(app: &App, consultation: ConsultationId, presented: Presented) {
    let mut until = app.world.now() + limits::POLL_COUNTS;
    if !app.hub.polled(consultation, presented, until) {
        return;
    }
    let (hub, world) = (app.hub.clone(), app.world.clone());
    tokio::spawn(async move {
        loop {
            world.wait_until(until).await;
            match hub.forget_poll(consultation, world.now()) {
                Some(later) => until = later,
                None => return,
            }
        }
    });
}

/// The ticket's page; after a form that was refused with why, and with what was written in it.
async fn shown(app: &App, entry: &Entry, refused: Option<(&Refusal, Written<'_>)>) -> Response {
    let status = if refused.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    match page::step(app, entry).await {
        Ok(step) => match page::ticket(app, entry, given_back(step, refused), refused.map(|(why, _)| why)).await {
            Ok(page) => app.pages.guardian(status, GuardianView::Ticket(page), &entry.city),
            Err(failure) => failure.page(app, &entry.city),
        },
        Err(failure) => failure.page(app, &entry.city),
    }
}

/// What stood in a form that was refused.
#[derive(Clone, Copy)]
enum Written<'a> {
    Nothing,
    Message(&'a str),
    Survey { answer: &'a str, words: &'a str },
}

impl<'a> Written<'a> {
    fn of(command: &'a Command) -> Self {
        match command {
            Command::Say { text } | Command::ComeBack { text, .. } => Self::Message(text),
            Command::Survey { answer, words } => Self::Survey {
                answer: answer.code(),
                words: words.as_deref().unwrap_or_default(),
            },
            _ => Self::Nothing,
        }
    }
}

/// What was written stands in its field again.
fn given_back(mut step: TicketStep, refused: Option<(&Refusal, Written<'_>)>) -> TicketStep {
    if let TicketStep::Live(live) = &mut step {
        match refused.map_or(Written::Nothing, |(_, written)| written) {
            Written::Nothing => {}
            Written::Message(text) => text.clone_into(&mut live.message_draft),
            Written::Survey { answer, words } => {
                answer.clone_into(&mut live.survey_draft.answer);
                words.clone_into(&mut live.survey_draft.words);
            }
        }
    }
    step
}

async fn enter(app: &App, ticket: &str, headers: &HeaderMap) -> At {
    match try_enter(app, ticket, headers).await {
        Ok(at) => at,
        Err((failure, city)) => At::Outside(failure.page(app, &city)),
    }
}

async fn try_enter(app: &App, ticket: &str, headers: &HeaderMap) -> Result<At, (Failure, City)> {
    let Some(city) = app
        .identity
        .city_of(headers)
        .await
        .map_err(|error| (error.into(), nowhere()))?
    else {
        return Err((Failure::NotFound, nowhere()));
    };
    let shown_city = city.city();
    let failed = |error: crate::storage::StorageError| (Failure::from(error), shown_city.clone());
    let row = app.identity.open_ticket(ticket, &city.id).await.map_err(failed)?;
    let Some(row) = row else {
        return Err((Failure::NotFound, shown_city));
    };
    let here = app.identity.guardian_of(headers, &city.id).await.map_err(failed)?;
    if here != Some(row.guardian) {
        let door = app.identity.door_model(&row, None).await.map_err(failed)?;
        return Ok(At::Outside(app.pages.guardian(
            StatusCode::OK,
            GuardianView::Door(door),
            &shown_city,
        )));
    }
    let new_devices = app.identity.new_devices(headers, &city.id).await.map_err(failed)?;
    Ok(At::Inside(Entry {
        city: shown_city,
        municipality: city.id,
        consultation: row.consultation,
        guardian: row.guardian,
        new_devices,
        in_app: in_app(headers),
        path: format!("/t/{ticket}"),
    }))
}

/// The city of a request whose Host is no city: only its errors are ever shown.
pub(crate) fn nowhere() -> City {
    City {
        name: "相談窓口".to_owned(),
        service_name: "相談窓口".to_owned(),
        demo: false,
    }
}

/// The city of a request that cannot be carried out, for the page that says so.
pub(crate) async fn city_of(app: &App, headers: &HeaderMap) -> City {
    match app.identity.city_of(headers).await {
        Ok(Some(city)) => city.city(),
        _ => nowhere(),
    }
}

/// `POST /t/{ticket}/say`.
pub async fn say(State(app): State<App>, Path(ticket): Path<String>, headers: HeaderMap, fields: Fields) -> Response {
    let command = Command::Say {
        text: fields.one("text").to_owned(),
    };
    carry_out(&app, &ticket, &headers, &fields, command).await
}

/// `POST /t/{ticket}/mode`.
pub async fn wish_mode(
    State(app): State<App>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    match Mode::from_code(fields.one("mode")) {
        Some(mode) => carry_out(&app, &ticket, &headers, &fields, Command::WishMode { mode }).await,
        None => match enter(&app, &ticket, &headers).await {
            At::Outside(response) => response,
            At::Inside(entry) => Failure::BadRequest.page(&app, &entry.city),
        },
    }
}

/// `POST /t/{ticket}/cancel`.
pub async fn cancel(
    State(app): State<App>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    carry_out(&app, &ticket, &headers, &fields, Command::Cancel).await
}

/// `POST /t/{ticket}/survey`.
pub async fn survey(
    State(app): State<App>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let Some(answer) = Answer::from_code(fields.one("answer")) else {
        // The page asks again, whom it may be shown to.
        return match enter(&app, &ticket, &headers).await {
            At::Outside(response) => response,
            At::Inside(entry) => match app.spine.load(entry.consultation).await {
                Ok(state) => {
                    let case = state.as_deref().and_then(|state| state.case.as_deref());
                    let open = case.is_some_and(|case| case.survey_is_open(app.world.now()));
                    let why = if open {
                        Refusal::NothingChosen
                    } else {
                        Refusal::SurveyClosed
                    };
                    let (answer, words) = ("", fields.one("words"));
                    shown(&app, &entry, Some((&why, Written::Survey { answer, words }))).await
                }
                Err(error) => Failure::from(error).page(&app, &entry.city),
            },
        };
    };
    let words = Some(fields.one("words").to_owned()).filter(|words| !words.trim().is_empty());
    carry_out(&app, &ticket, &headers, &fields, Command::Survey { answer, words }).await
}

/// `POST /t/{ticket}/callback`: 「電話でかけなおしてもらう」, with the number where it was asked for.
pub async fn callback(
    State(app): State<App>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let number = fields.one("number").to_owned();
    let command = if number.trim().is_empty() {
        Command::AskCallback
    } else {
        Command::GiveNumber { number }
    };
    carry_out(&app, &ticket, &headers, &fields, command).await
}

/// Why a form of a ticket was not carried out.
enum NotDone {
    /// What to answer.
    Answered(Response),
    /// The rules are against it: the page that the form stands on says so.
    Refused(Box<Entry>, Refusal),
}

async fn carry_out(app: &App, ticket: &str, headers: &HeaderMap, fields: &Fields, command: Command) -> Response {
    match carry_out_to(app, ticket, headers, fields, &command).await {
        Ok(entry) => to(&entry.path),
        Err(NotDone::Answered(response)) => response,
        Err(NotDone::Refused(entry, refusal)) => shown(app, &entry, Some((&refusal, Written::of(&command)))).await,
    }
}

async fn carry_out_to(
    app: &App,
    ticket: &str,
    headers: &HeaderMap,
    fields: &Fields,
    command: &Command,
) -> Result<Box<Entry>, NotDone> {
    let entry = match enter(app, ticket, headers).await {
        At::Outside(response) => return Err(NotDone::Answered(response)),
        At::Inside(entry) => Box::new(entry),
    };
    let Some(id) = fields.command() else {
        return Err(NotDone::Answered(Failure::BadRequest.page(app, &entry.city)));
    };
    let actor = Actor::Guardian { id: entry.guardian };
    match app.spine.execute(entry.consultation, &actor, id, command).await {
        Ok(_) => Ok(entry),
        Err(CommandError::Refused(refusal)) => Err(NotDone::Refused(entry, refusal)),
        Err(error) => Err(NotDone::Answered(Failure::from(error).page(app, &entry.city))),
    }
}

/// A redirect that makes a browser GET the address after a post.
pub(crate) fn to(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path.to_owned())]).into_response()
}
