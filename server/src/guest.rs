//! Step of a call: whoever was invited comes in. `/g/{token}` is a door; behind it the call, in the browser that came in.
//!
//! Promises: GET shows and spends nothing, POST spends once; a door says which desk it is and nothing else of the
//! consultation; a guest's page holds who is in the call and nothing of the intake, the conversation or the record.
//!
//! Not here: who may invite (`signaling`), the family's page with its invitations (`ticket::invite`), the socket (live).

use crate::{
    app::App,
    error::Failure,
    form::Fields,
    identity::{Cookie, FromAddress, GuestPlace},
    render::Render,
    spine::CommandError,
    storage::CityRow,
    ticket,
};
use axum::{
    extract::{Extension, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use frontend::page::{
    Notice,
    guardian::{GuardianView, GuestDoor, GuestPage},
};
use signaling::{
    actor::Viewer,
    consultation::{Case, Command, Guest, GuestStanding, Refusal},
    id::CommandId,
    protocol::Cursor,
    view::Thread,
};

/// An invitation of this city, as it stands.
struct Invitation {
    city: CityRow,
    place: GuestPlace,
    guest: Guest,
    /// It can still be spent.
    stands: bool,
    /// This browser came in by it, and has not been put out.
    is_inside: bool,
}

/// `GET /g/{token}`.
pub async fn show(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let invitation = match find(&app, &token, &headers).await {
        Ok(invitation) => invitation,
        Err(elsewhere) => return elsewhere,
    };
    let shown = if invitation.is_inside {
        call(&app, &invitation).await
    } else if invitation.stands {
        door(&app, &invitation, String::new(), None).await
    } else {
        return over(&app, &invitation);
    };
    match shown {
        Ok((status, view)) => app.pages.guardian(status, view, &invitation.city.city()),
        Err(failure) => failure.page(&app, &invitation.city.city()),
    }
}

/// `POST /g/{token}`: 「参加する」.
pub async fn enter(
    State(app): State<App>,
    Path(token): Path<String>,
    from: Option<Extension<FromAddress>>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let invitation = match find(&app, &token, &headers).await {
        Ok(invitation) => invitation,
        Err(elsewhere) => return elsewhere,
    };
    let city = invitation.city.city();
    if !app
        .identity
        .door_open_to(from.map(|Extension(from)| from).unwrap_or_default())
    {
        return Failure::NotFound.page(&app, &city);
    }
    let Some(id) = fields.command() else {
        return Failure::BadRequest.page(&app, &city);
    };
    let path = app.identity.invitation_path(invitation.place);
    if invitation.is_inside {
        return ticket::to(&path);
    }
    let name = fields.one("name").to_owned();
    let command = Command::Enter { name: name.clone() };
    let (place, actor) = (invitation.place, invitation.place.actor());
    match app.spine.execute(place.consultation, &actor, id, &command).await {
        // The same form again is the same person: a lost answer, a double tap.
        Ok(_) => inside(&app, place, &path),
        Err(CommandError::Refused(refusal @ (Refusal::Empty | Refusal::TooLong { .. }))) => {
            match door(&app, &invitation, name, Some(&refusal)).await {
                Ok((_, view)) => app.pages.guardian(StatusCode::UNPROCESSABLE_ENTITY, view, &city),
                Err(failure) => failure.page(&app, &city),
            }
        }
        Err(CommandError::Refused(_)) => over(&app, &invitation),
        Err(error) => Failure::from(error).page(&app, &city),
    }
}

fn inside(app: &App, place: GuestPlace, path: &str) -> Response {
    let mut response = ticket::to(path);
    let credential = app.identity.guest_credential(place);
    if let Some(cookie) = app.identity.setting(Cookie::Guest, &credential) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

async fn find(app: &App, token: &str, headers: &HeaderMap) -> Result<Invitation, Response> {
    try_find(app, token, headers)
        .await
        .map_err(|(failure, city)| failure.page(app, &city))
}

async fn try_find(app: &App, token: &str, headers: &HeaderMap) -> Result<Invitation, (Failure, frontend::page::City)> {
    let city = app.identity.city_of(headers).await;
    let city = city.map_err(|error| (error.into(), ticket::nowhere()))?;
    let city = city.ok_or_else(|| (Failure::NotFound, ticket::nowhere()))?;
    let shown = city.city();
    let place = app
        .identity
        .invited_to(token)
        .ok_or_else(|| (Failure::NotFound, shown.clone()))?;
    let state = app.spine.load(place.consultation).await;
    let state = state.map_err(|error| (error.into(), shown.clone()))?;
    let case = state.as_deref().and_then(|state| state.case.as_deref());
    // Another city's is not there.
    let case = case.filter(|case| case.municipality == city.id);
    let guest = case.and_then(|case| case.guest(place.invite)).cloned();
    let (Some(case), Some(guest)) = (case, guest) else {
        return Err((Failure::NotFound, shown));
    };
    Ok(Invitation {
        stands: stands(app, case, &guest),
        is_inside: app.identity.guest_of(headers) == Some(place) && case.admits(place.invite),
        city,
        place,
        guest,
    })
}

fn stands(app: &App, case: &Case, guest: &Guest) -> bool {
    case.is_open() && matches!(guest.standing, GuestStanding::Invited { until } if app.world.now() <= until)
}

/// What the log lets this guest read.
async fn seen(app: &App, place: GuestPlace) -> Result<(Vec<signaling::consultation::WireEvent>, Cursor), Failure> {
    let viewer = Viewer::Guest { invite: place.invite };
    let (events, last) = ticket::whole_log(app, place.consultation, &viewer).await?;
    Ok((events, Cursor(last)))
}

async fn door(
    app: &App,
    invitation: &Invitation,
    typed: String,
    refused: Option<&Refusal>,
) -> Result<(StatusCode, GuardianView), Failure> {
    let place = invitation.place;
    let name = match refused {
        Some(_) => typed,
        None => invited_as(app, place).await?,
    };
    let door = GuestDoor {
        action: app.identity.invitation_path(place),
        command: CommandId(app.world.new_id()),
        role: invitation.guest.role,
        name,
        fault: refused.map(ToString::to_string),
    };
    Ok((StatusCode::OK, GuardianView::GuestDoor(door)))
}

/// The name that this person was invited by: their own, so it may stand in the field.
async fn invited_as(app: &App, place: GuestPlace) -> Result<String, Failure> {
    let events = app
        .spine
        .events(place.consultation, place.invite.saturating_sub(1), 1)
        .await?;
    Ok(events
        .into_iter()
        .find_map(|event| match event.sealed {
            Some(signaling::consultation::Sealed::Text { text }) => Some(text),
            _ => None,
        })
        .unwrap_or_default())
}

async fn call(app: &App, invitation: &Invitation) -> Result<(StatusCode, GuardianView), Failure> {
    let (events, cursor) = seen(app, invitation.place).await?;
    let GuestPlace { consultation, invite } = invitation.place;
    let name = Thread::of(&events).invited(invite).and_then(|one| one.name.clone());
    let page = GuestPage {
        consultation,
        invite,
        role: invitation.guest.role,
        name: name.unwrap_or_default(),
        events,
        cursor,
    };
    Ok((StatusCode::OK, GuardianView::Guest(page)))
}

/// Used by another browser, taken back, too old, put out, or the consultation is over: what to do is the same.
fn over(app: &App, invitation: &Invitation) -> Response {
    let (code, title, text) = match invitation.guest.standing {
        GuestStanding::Removed => (
            "removed",
            "この通話から外れました",
            "もう一度参加するには、招待した人に新しい招待を送ってもらってください。",
        ),
        _ => (
            "invitation_over",
            "この招待は使えません",
            "別の端末で使われたか、取り消されたか、時間を過ぎています。招待した人に、もう一度送ってもらってください。",
        ),
    };
    let notice = Notice {
        status: StatusCode::GONE.as_u16(),
        code: code.to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
        link: None,
        at: app.world.now(),
    };
    app.pages
        .guardian(StatusCode::GONE, GuardianView::Notice(notice), &invitation.city.city())
}
