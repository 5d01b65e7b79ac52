//! The clinician's desk: the page, and what it asks for beside the live socket.

use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    identity::GuestPlace,
    storage::StorageError,
    ticket,
};
use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use frontend::page::desk::{DeskPage, EarlierRow, History, OpenConsultation};
use signaling::{
    actor::Viewer,
    consultation::{Guest, GuestStanding},
    duty::Duty,
    id::Seq,
    protocol::Cursor,
    view::Thread,
};

/// Earlier consultations that the desk shows.
const EARLIER_SHOWN: u32 = 5;

/// `GET /desk`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    let reader = match Reader::admit(&app, &headers, What::Desk).await {
        Ok(reader) => reader,
        Err(elsewhere) => return elsewhere,
    };
    match model(&app, &reader).await {
        Ok(page) => app.pages.desk(page),
        Err(failure) => failure.page(&app, &reader.city.city()),
    }
}

async fn model(app: &App, reader: &Reader) -> Result<DeskPage, Failure> {
    let Reader { city, staff } = reader;
    let viewer = Viewer::of_staff(staff).ok_or(Failure::NotFound)?;
    let mut open = Vec::new();
    for consultation in app.spine.open_of(staff.id).await? {
        let (events, last) = match ticket::whole_log(app, consultation, &viewer).await {
            Ok(log) => log,
            // The desk opens without it: the others on it are in need too.
            Err(Failure::Storage(error @ StorageError::Unreadable { .. })) => {
                tracing::error!(%error, %consultation, "a desk is opened without it: its log cannot be read");
                continue;
            }
            Err(failure) => return Err(failure),
        };
        open.push(OpenConsultation {
            consultation,
            events,
            cursor: Cursor(last),
        });
    }
    let now = app.world.now();
    let said = app.store.duty(staff.id).await?;
    Ok(DeskPage {
        duty: said.map_or(Duty::Off, |presence| presence.duty),
        city: city.city(),
        now,
        me: staff.clone(),
        queue: app.board.view(&city.id).await?,
        open,
        hours: city.hours.text(now),
    })
}

/// `GET /desk/consultations/{id}/history`: the family's earlier consultations, as JSON. Opening them is a look at each.
pub async fn history(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let reader = match Reader::admit(&app, &headers, What::History).await {
        Ok(reader) => reader,
        Err(elsewhere) => return elsewhere,
    };
    match earlier(&app, &reader, &id).await {
        Ok(history) => Json(history).into_response(),
        Err(failure) => failure.page(&app, &reader.city.city()),
    }
}

async fn earlier(app: &App, reader: &Reader, id: &str) -> Result<History, Failure> {
    let consultation = reader.case(app, id).await?;
    let rows = app.store.earlier_of_family(consultation, EARLIER_SHOWN).await?;
    let viewer = Viewer::of_staff(&reader.staff).ok_or(Failure::NotFound)?;
    let mut earlier = Vec::with_capacity(rows.len());
    for row in rows {
        // Each is looked at, so each is told so; the one that is open shows nothing of itself here.
        app.spine.look(row.consultation, &reader.actor(), "history").await?;
        let thread = match ticket::whole_log(app, row.consultation, &viewer).await {
            Ok((events, _)) => Thread::of(&events),
            Err(Failure::Storage(error @ StorageError::Unreadable { .. })) => {
                tracing::error!(%error, consultation = %row.consultation, "an earlier one is shown by its row: its log cannot be read");
                Thread::default()
            }
            Err(failure) => return Err(failure),
        };
        let signed_by = thread.summary.as_ref().map(|summary| summary.by.id);
        let disposition = row.disposition.map(|one| one.label_for(&reader.staff, signed_by));
        earlier.push(EarlierRow {
            at: row.requested_at,
            complaint: row.complaint.label().to_owned(),
            mode: row.mode.label().to_owned(),
            disposition: disposition.unwrap_or_default().to_owned(),
            worry: thread.intake.map(|intake| intake.worry).unwrap_or_default(),
            advice: thread.summary.as_ref().and_then(|summary| summary.advice.clone()),
            safety_net: thread.summary.as_ref().and_then(|summary| summary.safety_net.clone()),
            by: thread.summary.map(|summary| summary.by.addressed()),
        });
    }
    Ok(History { earlier })
}

/// `GET /desk/consultations/{id}/invitations/{invite}`: the link of an invitation that nobody has used, as JSON, for the
/// clinician who has the consultation.
pub async fn invitation_link(
    State(app): State<App>,
    Path((id, invite)): Path<(String, Seq)>,
    headers: HeaderMap,
) -> Response {
    let reader = match Reader::admit(&app, &headers, What::Invitation).await {
        Ok(reader) => reader,
        Err(elsewhere) => return elsewhere,
    };
    match invited_by(&app, &reader, &id, invite).await {
        Ok(place) => Json(app.identity.invitation_link(place, &headers)).into_response(),
        Err(failure) => failure.page(&app, &reader.city.city()),
    }
}

async fn invited_by(app: &App, reader: &Reader, id: &str, invite: Seq) -> Result<GuestPlace, Failure> {
    let consultation = reader.case(app, id).await?;
    let state = app.spine.load(consultation).await?.ok_or(Failure::NotFound)?;
    let case = state.case.as_deref().ok_or(Failure::NotFound)?;
    let has_it = case.clinician().is_some_and(|by| by.id == reader.staff.id);
    let waits = |guest: &Guest| matches!(guest.standing, GuestStanding::Invited { .. }) && guest.by.is_staff();
    // What the family made is the family's to pass on.
    if has_it && case.guest(invite).is_some_and(waits) {
        Ok(GuestPlace { consultation, invite })
    } else {
        Err(Failure::NotFound)
    }
}

/// `GET /desk/colleagues`: clinicians whose desk is open now, who could be asked into a call, as JSON.
pub async fn colleagues(State(app): State<App>, headers: HeaderMap) -> Response {
    let reader = match Reader::admit(&app, &headers, What::Desk).await {
        Ok(reader) => reader,
        Err(elsewhere) => return elsewhere,
    };
    let mut staff = app.hub.staff_at_desks(&reader.city.id);
    staff.retain(|one| one.id != reader.staff.id);
    Json(staff).into_response()
}
