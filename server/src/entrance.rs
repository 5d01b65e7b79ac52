//! `/`: the city's front page.

use crate::{app::App, board::Waiting, duty, error::Failure, render::Render, storage::CityRow, ticket};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use frontend::page::guardian::{Entrance, GuardianView};
use signaling::id::CommandId;

/// `GET /`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    let city = match app.identity.city_of(&headers).await {
        Ok(Some(city)) => city,
        Ok(None) => return Failure::NotFound.page(&app, &ticket::nowhere()),
        Err(error) => return Failure::from(error).page(&app, &ticket::nowhere()),
    };
    let shown = city.city();
    match model(&app, &city, &headers).await {
        Ok(entrance) => app
            .pages
            .guardian(StatusCode::OK, GuardianView::Entrance(entrance), &shown),
        Err(failure) => failure.page(&app, &shown),
    }
}

async fn model(app: &App, city: &CityRow, headers: &HeaderMap) -> Result<Entrance, Failure> {
    let now = app.world.now();
    let guardian = app.identity.guardian_of(headers, &city.id).await?;
    let look = |waiting: &Waiting| (waiting.live(), waiting.last_position(now));
    let (waiting, position) = app.board.waiting_now(&city.id, None, look).await?;
    let open = match guardian {
        Some(guardian) => app.identity.open_consultation(guardian).await?,
        None => None,
    };
    Ok(Entrance {
        opening: city.opening(now),
        waiting,
        position,
        on_duty: duty::counted_on(app, &city.id).await?,
        registered: guardian.is_some(),
        open_ticket: open.map(|consultation| app.identity.ticket_path(consultation)),
        command: CommandId(app.world.new_id()),
    })
}
