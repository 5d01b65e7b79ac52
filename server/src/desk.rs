//! The clinician's desk: the page, and what it asks for beside the live socket.

use crate::{
    app::App,
    error::Failure,
    identity::{Cookie, home_of},
    storage::{CityRow, StorageError},
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
    actor::{Actor, StaffActor, Viewer},
    id::ConsultationId,
    protocol::Cursor,
};

/// Earlier consultations that the desk shows.
const EARLIER_SHOWN: u32 = 5;

/// The signed-in member of staff and their city; otherwise the answer that leads to signing in.
pub(crate) async fn signed_in(app: &App, headers: &HeaderMap) -> Result<(CityRow, StaffActor), Response> {
    let try_again = |error: crate::storage::StorageError| Failure::from(error).page(app, &ticket::nowhere());
    let staff = app.identity.staff_of(headers).await.map_err(try_again)?;
    let Some(staff) = staff else {
        // A browser that was signed in is told why it has to do it again.
        let was_signed_in = app.identity.cookie(Cookie::Staff, headers).is_some();
        return Err(ticket::to(if was_signed_in {
            "/staff/sign-in?why=expired"
        } else {
            "/staff/sign-in"
        }));
    };
    match app.identity.city_of(headers).await.map_err(try_again)? {
        Some(city) => Ok((city, staff)),
        None => Err(ticket::to("/staff/sign-in")),
    }
}

/// `GET /desk`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    let (city, signed_in) = match signed_in(&app, &headers).await {
        Ok(signed_in) => signed_in,
        Err(elsewhere) => return elsewhere,
    };
    if !signed_in.staff.role.is_clinician() {
        return ticket::to(home_of(signed_in.staff.role));
    }
    match model(&app, &city, signed_in).await {
        Ok(page) => app.pages.desk(page),
        Err(failure) => failure.page(&app, &city.city()),
    }
}

async fn model(app: &App, city: &CityRow, signed_in: StaffActor) -> Result<DeskPage, Failure> {
    let viewer = Viewer::of_staff(&signed_in.staff).ok_or(Failure::NotFound)?;
    let mut open = Vec::new();
    for consultation in app.spine.open_of(signed_in.staff.id).await? {
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
    Ok(DeskPage {
        city: city.city(),
        now,
        me: signed_in.staff,
        queue: app.board.view(&city.id).await?,
        open,
        hours: city.hours.text(now),
    })
}

/// `GET /desk/consultations/{id}/history`: the family's earlier consultations, as JSON. Opening them is a look at each.
pub async fn history(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let (city, signed_in) = match signed_in(&app, &headers).await {
        Ok(signed_in) => signed_in,
        Err(elsewhere) => return elsewhere,
    };
    match earlier(&app, &city, &signed_in, &id).await {
        Ok(history) => Json(history).into_response(),
        Err(failure) => failure.page(&app, &city.city()),
    }
}

async fn earlier(app: &App, city: &CityRow, signed_in: &StaffActor, id: &str) -> Result<History, Failure> {
    let consultation: ConsultationId = id.parse().map_err(|_| Failure::NotFound)?;
    let state = app.spine.load(consultation).await?.ok_or(Failure::NotFound)?;
    let here = state.case.as_deref().is_some_and(|case| case.municipality == city.id);
    if !here || !signed_in.staff.role.is_clinician() {
        return Err(Failure::NotFound);
    }
    let rows = app.store.earlier_of_family(consultation, EARLIER_SHOWN).await?;
    // Each is looked at, so each is told so; the one that is open shows nothing of itself here.
    let reader = Actor::Staff(signed_in.staff.clone());
    for row in &rows {
        app.spine.look(row.consultation, &reader, "history").await?;
    }
    let earlier = rows
        .into_iter()
        .map(|row| EarlierRow {
            at: row.requested_at,
            complaint: row.complaint.label().to_owned(),
            mode: row.mode.label().to_owned(),
            disposition: row
                .disposition
                .map_or(String::new(), |disposition| disposition.label().to_owned()),
        })
        .collect();
    Ok(History { earlier })
}
