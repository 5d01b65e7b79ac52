//! `/`: the city's front page.

use crate::{app::App, error::Failure, ticket};
use axum::{extract::State, http::{HeaderMap, StatusCode}, response::Response};
use frontend::page::guardian::{Entrance, GuardianView};
use signaling::id::CommandId;

/// `GET /`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    let city = match app.identity.city_of(&headers).await {
        Ok(Some(city)) => city,
        Ok(None) => return Failure::NotFound.page(&app, ticket::nowhere()),
        Err(error) => return Failure::from(error).page(&app, ticket::nowhere()),
    };
    let shown = app.city(&city);
    match model(&app, &city, &headers).await {
        Ok(entrance) => app.pages.guardian(StatusCode::OK, shown, GuardianView::Entrance(entrance)),
        Err(failure) => failure.page(&app, shown),
    }
}

async fn model(app: &App, city: &crate::identity::CityRow, headers: &HeaderMap) -> Result<Entrance, Failure> {
    let guardian = app.identity.guardian_of(headers, &city.id).await?;
    let waiting = app.board.waiting_now(&city.id).await?;
    let mut open_ticket = None;
    if let Some(guardian) = guardian {
        for consultation in app.spine.of_guardian(guardian).await? {
            let state = app.spine.load(consultation).await?;
            if state.is_some_and(|state| state.case.as_deref().is_some_and(signaling::consultation::Case::is_open)) {
                open_ticket = Some(format!("/t/{}", app.identity.ticket_of(consultation)));
                break;
            }
        }
    }
    Ok(Entrance {
        opening: app.opening(&city.id).await?,
        waiting: waiting.len(),
        position: waiting.last_position(),
        on_duty: app.on_duty(&city.id),
        registered: guardian.is_some(),
        open_ticket,
        command: CommandId(app.world.new_id()),
    })
}
