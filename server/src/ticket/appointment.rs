//! 「時間を予約する」: the page with the times that are free, and its forms: book one, another one, or none any more.
//!
//! Promises: it works without script; what could not be booked comes back as a sentence beside the times that are free now. Whoever may
//! not book (somebody has the consultation, it is over, the city offers none) is led to the ticket; who should be heard at once
//! reads so, with what the rules say.
//!
//! Not here: which times there are (`signaling::appointment`), who holds them (storage).

use super::{At, Entry, NotDone, Written, after, carry_out_to, enter, page, to};
use crate::{app::App, error::Failure, form::Fields, render::Render, storage::CityRow};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use frontend::page::guardian::{AppointmentDay, AppointmentPage, GuardianView};
use signaling::{
    actor::Viewer,
    consultation::{Case, Command, Refusal, Stage},
    id::CommandId,
    time::At as Time,
};

/// `GET /t/{ticket}/appointment`.
pub async fn show(State(app): State<App>, Path(ticket): Path<String>, headers: HeaderMap) -> Response {
    match enter(&app, &ticket, &headers).await {
        At::Outside(response) => response,
        At::Inside(entry) => shown(&app, &entry, None).await,
    }
}

/// `POST /t/{ticket}/appointment` with `go`: `book` with `slot`, in milliseconds, or `give_up`.
pub async fn change(
    State(app): State<App>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let entry = match enter(&app, &ticket, &headers).await {
        At::Outside(response) => return response,
        At::Inside(entry) => entry,
    };
    let command = match command_of(&app, &entry, &headers, &fields).await {
        Ok(Some(command)) => command,
        Ok(None) => return shown(&app, &entry, Some(&Refusal::NothingChosen)).await,
        Err(failure) => return failure.page(&app, &entry.city),
    };
    match carry_out_to(&app, &ticket, &headers, &fields, &command).await {
        Ok(entry) => to(&entry.path),
        Err(NotDone::Answered(response)) => response,
        Err(NotDone::Refused(entry, refusal)) => shown(&app, &entry, Some(&refusal)).await,
    }
}

/// What the form asks for; nothing where no time was chosen.
async fn command_of(
    app: &App,
    entry: &Entry,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Option<Command>, Failure> {
    match (fields.one("go"), fields.one("slot")) {
        ("book", "") => Ok(None),
        ("book", slot) => {
            let slot = Time(slot.parse().map_err(|_| Failure::BadRequest)?);
            let city = city_of(app, entry).await?;
            Ok(Some(Command::BookAppointment {
                slot,
                offer: city.appointments,
                hours: Box::new(city.hours),
            }))
        }
        ("give_up", _) => {
            let (service, reply_hours) = after::hour(app, headers).await?;
            Ok(Some(Command::GiveUpAppointment {
                service,
                reply_hours,
                closes_at: app.closes_at(&entry.municipality).await?,
            }))
        }
        _ => Err(Failure::BadRequest),
    }
}

async fn city_of(app: &App, entry: &Entry) -> Result<CityRow, Failure> {
    app.store.city(&entry.municipality).await?.ok_or(Failure::NotFound)
}

async fn shown(app: &App, entry: &Entry, refused: Option<&Refusal>) -> Response {
    let status = if refused.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    match model(app, entry, refused).await {
        Ok(Some(page)) => app.pages.guardian(status, GuardianView::Appointment(page), &entry.city),
        Ok(None) => match refused {
            Some(refusal) => super::shown(app, entry, Some((refusal, Written::Nothing))).await,
            None => to(&entry.path),
        },
        Err(failure) => failure.page(app, &entry.city),
    }
}

/// The page; nothing where the ticket says more.
async fn model(app: &App, entry: &Entry, refused: Option<&Refusal>) -> Result<Option<AppointmentPage>, Failure> {
    let (city, state) = (city_of(app, entry).await?, app.spine.load(entry.consultation).await?);
    let Some(case) = state.as_deref().and_then(|state| state.case.as_deref()) else {
        return Ok(None);
    };
    let held = match case.stage {
        Stage::Booked { slot, .. } => Some(slot),
        Stage::Waiting { .. } => None,
        _ => return Ok(None),
    };
    let (Some(_), true) = (city.appointments, refused.is_some() || case.may_book()) else {
        return Ok(None);
    };
    let (events, _) = page::whole_log(app, entry.consultation, &Viewer::Guardian(entry.guardian)).await?;
    Ok(Some(AppointmentPage {
        path: entry.path.clone(),
        command: CommandId(app.world.new_id()),
        held,
        days: free(app, &city, case, held).await?,
        panels: page::panels(app, &events),
        refused: refused.map(ToString::to_string),
    }))
}

/// The times that are free, day by day; its own among them.
async fn free(app: &App, city: &CityRow, case: &Case, held: Option<Time>) -> Result<Vec<AppointmentDay>, Failure> {
    let Some(offer) = city.appointments.filter(|_| case.may_book()) else {
        return Ok(Vec::new());
    };
    let now = app.world.now();
    let taken = app.store.appointments(&city.id, now).await?;
    let is_free = |slot: &Time| {
        let families = taken.get(slot).copied().unwrap_or_default();
        Some(*slot) == held || families < offer.families()
    };
    let slots: Vec<Time> = offer.slots(&city.hours, now).into_iter().filter(is_free).collect();
    let days = slots.chunk_by(|one, next| one.date() == next.date());
    Ok(days.map(|slots| AppointmentDay { slots: slots.to_vec() }).collect())
}
