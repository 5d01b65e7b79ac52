//! `POST /desk/duty`: 対応中, 休憩, 終了. What a clinician says of themselves, and nobody guesses.
//!
//! Promises: a shift ends only when something was decided about every consultation that its clinician has (they went back, were
//! handed on, or are named as gone on with); a form that is sent twice counts once; families are told of those alone who said
//! 「対応中」 and whose desk answers.
//!
//! Not here: what presence means (`signaling::duty`), whose desk is connected (`hub`), the rota (`rota`).

use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    form::Fields,
    storage::{DutyChange, DutySaid, StorageError},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use frontend::page::{OnDuty, desk::DutyAnswer};
use signaling::{
    actor::Staff,
    duty::{Duty, Presence},
    id::{ConsultationId, MunicipalityId},
    limits,
};

/// `POST /desk/duty` with `command`, `duty` and, for each consultation that is gone on with after the shift, `keep`. Answers a
/// [`DutyAnswer`]; 409 where something is undecided.
pub async fn say(State(app): State<App>, headers: HeaderMap, fields: Fields) -> Response {
    let reader = match Reader::admit(&app, &headers, What::Desk).await {
        Ok(reader) => reader,
        Err(elsewhere) => return elsewhere,
    };
    match said(&app, &reader, &fields).await {
        Ok(DutySaid::Stands(presence)) => Json(answer(Some(&presence), Vec::new())).into_response(),
        Ok(DutySaid::Undecided(open)) => match app.store.duty(reader.staff.id).await {
            Ok(presence) => (StatusCode::CONFLICT, Json(answer(presence.as_ref(), open))).into_response(),
            Err(error) => Failure::from(error).page(&app, &reader.city.city()),
        },
        Err(failure) => failure.page(&app, &reader.city.city()),
    }
}

fn answer(presence: Option<&Presence>, undecided: Vec<ConsultationId>) -> DutyAnswer {
    DutyAnswer {
        duty: presence.map_or(Duty::Off, |presence| presence.duty),
        undecided,
    }
}

async fn said(app: &App, reader: &Reader, fields: &Fields) -> Result<DutySaid, Failure> {
    let command = fields.command().ok_or(Failure::BadRequest)?;
    let duty = Duty::from_code(fields.one("duty")).ok_or(Failure::BadRequest)?;
    let kept = fields.all("keep");
    if kept.len() > limits::WATCHED_PER_SOCKET {
        return Err(Failure::BadRequest);
    }
    let keeps: Result<Vec<ConsultationId>, _> = kept.iter().map(|id| id.parse()).collect();
    let change = DutyChange {
        municipality: reader.city.id.clone(),
        staff: reader.staff.id,
        duty,
        at: app.world.now(),
        command,
        keeps: keeps.map_err(|_| Failure::BadRequest)?,
    };
    let said = app.store.say_duty(change).await?;
    if matches!(said, DutySaid::Stands(_)) {
        tracing::info!(city = %reader.city.id, staff = %reader.staff.id, duty = duty.code(), "presence was said");
        app.hub.duty_changed(&reader.city.id);
    }
    Ok(said)
}

/// Clinicians on whom families can count now, by name.
pub(crate) async fn counted_on(app: &App, municipality: &MunicipalityId) -> Result<Vec<OnDuty>, StorageError> {
    let there = there(
        &app.store.duties(municipality).await?,
        app.hub.staff_at_desks(municipality),
    );
    let shown = |staff: Staff| OnDuty {
        addressed: staff.addressed(),
        profession: staff.role.label().to_owned(),
        name: staff.name,
    };
    Ok(there.into_iter().map(shown).collect())
}

/// Those among connected desks whose clinicians said that they are there.
pub(crate) fn there(duties: &[Presence], connected: Vec<Staff>) -> Vec<Staff> {
    let counts = |staff: &Staff| duties.iter().any(|one| one.staff == staff.id && one.counts(true));
    connected.into_iter().filter(counts).collect()
}
