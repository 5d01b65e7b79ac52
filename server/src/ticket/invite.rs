//! 「家族を招待」 without leaving the ticket: the page with the form, the links and what became of them, and the link alone
//! for the call's screen.

use super::{Entry, carry_out_to, enter, page, to};
use crate::{app::App, error::Failure, form::Fields, identity::GuestPlace, render::Render};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use frontend::page::guardian::{GuardianView, InvitePage, InvitedRow};
use signaling::{
    actor::Viewer,
    call::{GuestRole, Holder},
    consultation::{Command, Refusal},
    id::{CommandId, Seq},
    view::{InvitedStanding, Thread},
};

/// `GET /t/{ticket}/invite`.
pub async fn show(State(app): State<App>, Path(ticket): Path<String>, headers: HeaderMap) -> Response {
    match enter(&app, &ticket, &headers).await {
        super::At::Outside(response) => response,
        super::At::Inside(entry) => shown(&app, &entry, &headers, None).await,
    }
}

/// `POST /t/{ticket}/invite`.
pub async fn invite(
    State(app): State<App>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let command = Command::Invite {
        role: GuestRole::Family,
        name: fields.one("name").to_owned(),
    };
    carried_out(&app, &ticket, &headers, &fields, command).await
}

/// `POST /t/{ticket}/withdraw`.
pub async fn withdraw(
    State(app): State<App>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let invite = fields.one("invite").parse().unwrap_or(0);
    carried_out(&app, &ticket, &headers, &fields, Command::WithdrawInvitation { invite }).await
}

async fn carried_out(app: &App, ticket: &str, headers: &HeaderMap, fields: &Fields, command: Command) -> Response {
    match carry_out_to(app, ticket, headers, fields, &command).await {
        Ok(entry) => to(&format!("{}/invite", entry.path)),
        Err(super::NotDone::Answered(response)) => response,
        Err(super::NotDone::Refused(entry, refusal)) => shown(app, &entry, headers, Some(&refusal)).await,
    }
}

/// `GET /t/{ticket}/invitations/{invite}`: the link of one that the family made and nobody has used, as JSON.
pub async fn link(State(app): State<App>, Path((ticket, invite)): Path<(String, Seq)>, headers: HeaderMap) -> Response {
    let entry = match enter(&app, &ticket, &headers).await {
        super::At::Outside(response) => return response,
        super::At::Inside(entry) => entry,
    };
    let thread = match thread(&app, &entry).await {
        Ok(thread) => thread,
        Err(failure) => return failure.page(&app, &entry.city),
    };
    let theirs = thread
        .invited(invite)
        .is_some_and(|one| one.by == Some(Holder::Guardian) && matches!(one.standing, InvitedStanding::Waiting { .. }));
    if !theirs {
        return Failure::NotFound.page(&app, &entry.city);
    }
    let place = GuestPlace {
        consultation: entry.consultation,
        invite,
    };
    Json(app.identity.invitation_link(place, &headers)).into_response()
}

async fn thread(app: &App, entry: &Entry) -> Result<Thread, Failure> {
    let viewer = Viewer::Guardian(entry.guardian);
    let (events, _) = page::whole_log(app, entry.consultation, &viewer).await?;
    Ok(Thread::of(&events))
}

async fn shown(app: &App, entry: &Entry, headers: &HeaderMap, refused: Option<&Refusal>) -> Response {
    let thread = match thread(app, entry).await {
        Ok(thread) if thread.is_open() && thread.requested_at.is_some() => thread,
        // Before there is anything to be invited to, and after.
        Ok(_) => return to(&entry.path),
        Err(failure) => return failure.page(app, &entry.city),
    };
    let now = app.world.now();
    let rows = thread.invited.iter().filter_map(|one| {
        let is_theirs = one.by == Some(Holder::Guardian);
        let open = matches!(one.standing, InvitedStanding::Waiting { until } if now <= until);
        let place = GuestPlace {
            consultation: entry.consultation,
            invite: one.invite,
        };
        let standing = match one.standing {
            InvitedStanding::Waiting { until } if now <= until => format!("{}まで使えます", until.clock()),
            InvitedStanding::Waiting { .. } => "時間が過ぎました".to_owned(),
            InvitedStanding::Came => "参加しました".to_owned(),
            InvitedStanding::Over => return None,
        };
        Some(InvitedRow {
            invite: one.invite,
            name: one.addressed(),
            standing,
            link: (is_theirs && open).then(|| app.identity.invitation_link(place, headers)),
        })
    });
    let view = GuardianView::Invite(InvitePage {
        path: entry.path.clone(),
        command: CommandId(app.world.new_id()),
        invited: rows.collect(),
        refused: refused.map(ToString::to_string),
    });
    let status = if refused.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    app.pages.guardian(status, view, &entry.city)
}
