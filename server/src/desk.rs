//! The clinician's desk: the page, and what it asks for beside the live socket.

use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    ticket,
};
use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use frontend::page::desk::{DeskPage, EarlierRow, History, OpenConsultation};
use signaling::{actor::Viewer, protocol::Cursor};

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
        let (events, last) = ticket::whole_log(app, consultation, &viewer).await?;
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
        me: staff.clone(),
        queue: app.board.view(&city.id).await?,
        open,
        hours: city.hours.text(now),
    })
}

/// `GET /desk/consultations/{id}/history`: the family's earlier consultations, as JSON. Opening them is a look.
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
    app.spine.look(consultation, &reader.actor(), "history").await?;
    let rows = app.store.earlier_of_family(consultation, EARLIER_SHOWN).await?;
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
