//! Figures and lists for supervisors and the city.
//!
//! Promises: a figure and the list that it opens are made by the same functions from the same rows, so they cannot differ;
//! the city viewer receives masked counts and no case; looking at a case is audited before it is shown; everything works
//! as plain pages.
//!
//! Not here: the definitions ([`signaling::report`]).

mod csv;
mod figures;
mod list;

use crate::{
    app::App,
    error::Failure,
    form::Fields,
    storage::{CityRow, ReportRow},
    ticket,
};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use frontend::page::{
    City, Notice,
    report::{Admin, Look, Replay, ReportView},
};
use signaling::{
    actor::{Role, Staff, Viewer},
    id::ConsultationId,
    time::{At, fiscal_year, parse_date},
};
use time::{Date, Month};

/// A signed-in member of staff on a report page.
struct Reader {
    city: City,
    row: CityRow,
    staff: Staff,
}

/// Who reads, or where they are sent instead. Roles are checked here and nowhere else.
async fn reader(app: &App, headers: &HeaderMap, allowed: fn(Role) -> bool) -> Result<Reader, Response> {
    let (row, signed_in) = crate::desk::signed_in(app, headers).await?;
    let city = row.city();
    if allowed(signed_in.staff.role) {
        Ok(Reader {
            city,
            row,
            staff: signed_in.staff,
        })
    } else {
        Err(ticket::to(crate::identity::home_of(signed_in.staff.role)))
    }
}

/// The page, or what failed.
fn page(app: &App, reader: Reader, view: Result<ReportView, Failure>) -> Response {
    match view {
        Ok(view) => app.pages.report(StatusCode::OK, reader.city, reader.staff, view),
        Err(failure) => failure.page(app, &reader.city),
    }
}

fn sees_figures(role: Role) -> bool {
    matches!(role, Role::Supervisor | Role::CityViewer)
}

/// `GET /kpi`.
pub async fn kpi(State(app): State<App>, headers: HeaderMap, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let reader = reader(&app, &headers, sees_figures).await?;
    let view = figures_of(&app, &reader, query.as_deref()).await.map(ReportView::Kpi);
    Ok(page(&app, reader, view))
}

/// `GET /kpi.csv`: the same figures, UTF-8 with a byte order mark so that spreadsheets read Japanese.
pub async fn kpi_csv(
    State(app): State<App>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Response> {
    let reader = reader(&app, &headers, sees_figures).await?;
    Ok(match figures_of(&app, &reader, query.as_deref()).await {
        Ok(kpi) => {
            let name = format!("attachment; filename=\"kpi-{}.csv\"", kpi.fiscal_year);
            let kind = "text/csv; charset=utf-8".to_owned();
            (
                [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)],
                csv::of(&kpi),
            )
                .into_response()
        }
        Err(failure) => failure.page(&app, &reader.city),
    })
}

async fn figures_of(app: &App, reader: &Reader, query: Option<&str>) -> Result<frontend::page::report::Kpi, Failure> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let today = app.world.now().date();
    let this_year = fiscal_year(today);
    let year = fields
        .one("year")
        .parse()
        .ok()
        .filter(|year| (2000..=this_year).contains(year))
        .unwrap_or(this_year);
    let (from, until) = year_of(year);
    let rows = app.store.report_rows(&reader.row.id, from, until).await?;
    let registrations = app.store.registrations(&reader.row.id, until).await?;
    let unlinked = app.store.unlinked_devices(&reader.row.id, until).await?;
    let masked = reader.staff.role == Role::CityViewer;
    let period = figures::Period {
        year,
        from,
        until,
        today,
    };
    Ok(figures::of(
        &period,
        &reader.row.targets,
        &rows,
        (&registrations, unlinked),
        masked,
    ))
}

/// `GET /logs`.
pub async fn logs(State(app): State<App>, headers: HeaderMap, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let reader = reader(&app, &headers, |role| role == Role::Supervisor).await?;
    let filter = list::filter(&Fields::parse(query.unwrap_or_default().as_bytes()));
    let (from, until) = list::span(&filter, app.world.now().date());
    let rows = app.store.report_rows(&reader.row.id, from, until).await;
    let view = rows.map(|rows| ReportView::Logs(list::of(filter, &rows)));
    Ok(page(&app, reader, view.map_err(Failure::from)))
}

/// `GET /logs/{consultation}`.
pub async fn replay(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    let reader = reader(&app, &headers, |role| role == Role::Supervisor).await?;
    Ok(match replay_of(&app, &reader, &id).await {
        Err(Failure::NotFound) => no_such_case(&app, reader),
        view => page(&app, reader, view.map(ReportView::Replay)),
    })
}

/// A page of the staff that leads back to their list.
fn no_such_case(app: &App, reader: Reader) -> Response {
    let notice = Notice {
        status: StatusCode::NOT_FOUND.as_u16(),
        code: "not_found".to_owned(),
        title: "この相談は見つかりません".to_owned(),
        text: "リンクが途中で切れていないか確かめるか、一覧から選び直してください。".to_owned(),
        link: Some(("/logs".to_owned(), "一覧へ".to_owned())),
        at: app.world.now(),
    };
    let view = ReportView::Notice(notice);
    app.pages.report(StatusCode::NOT_FOUND, reader.city, reader.staff, view)
}

async fn replay_of(app: &App, reader: &Reader, id: &str) -> Result<Replay, Failure> {
    let consultation: ConsultationId = id.parse().map_err(|_| Failure::NotFound)?;
    let state = app.spine.load(consultation).await?.ok_or(Failure::NotFound)?;
    let here = state
        .case
        .as_deref()
        .is_some_and(|case| case.municipality == reader.row.id);
    if !here {
        return Err(Failure::NotFound);
    }
    let actor = signaling::actor::Actor::Staff(reader.staff.clone());
    app.spine.look(consultation, &actor, "opened").await?;
    let (events, _) = ticket::whole_log(app, consultation, &Viewer::Supervisor(reader.staff.id)).await?;
    let looks = app.spine.looks(consultation).await?;
    Ok(Replay {
        consultation,
        events,
        chain: app.spine.verify(consultation).await,
        looks: looks
            .into_iter()
            .map(|look| Look {
                at: look.at,
                who: look.who,
                what: what_words(&look.what).to_owned(),
            })
            .collect(),
    })
}

fn what_words(what: &str) -> &str {
    match what {
        "opened" => "開いた",
        "exported" => "書き出した",
        "history" => "これまでの相談を見た",
        other => other,
    }
}

/// First instant of a fiscal year and of the next.
fn year_of(year: i32) -> (At, At) {
    let april = |year| Date::from_calendar_date(year, Month::April, 1).map_or(At(0), At::start_of);
    (april(year), april(year + 1))
}

/// Whether the figure 相談件数 counts this row: at least one reply of a clinician, and neither left nor failed.
fn is_counted(row: &ReportRow) -> bool {
    row.first_reply_at.is_some()
        && !row
            .disposition
            .is_some_and(signaling::note::Disposition::is_without_advice)
}

/// Whether the family could be asked the survey's question.
fn is_asked(row: &ReportRow) -> bool {
    is_counted(row) && row.stage == "closed"
}

/// The family left before the consultation counted.
fn is_withdrawn(row: &ReportRow) -> bool {
    row.stage == "cancelled" && !is_counted(row)
}

/// Nobody has replied, and nothing has ended it.
fn is_unanswered(row: &ReportRow) -> bool {
    row.stage != "cancelled" && row.first_reply_at.is_none() && row.disposition.is_none()
}

/// Whole seconds until first taken.
fn waited_seconds(row: &ReportRow) -> Option<i64> {
    row.first_claimed_at
        .map(|claimed| claimed.seconds_since(row.requested_at))
}

/// First and last instant of two dates as typed; either may be missing.
fn span_of(from: &str, until: &str, default: (At, At)) -> (At, At) {
    let first = parse_date(from).map_or(default.0, At::start_of);
    let end = parse_date(until)
        .and_then(Date::next_day)
        .map_or(default.1, At::start_of);
    (first, end)
}

/// `GET /admin`: today's 合言葉, the hours, the accounts.
pub async fn admin(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let reader = reader(&app, &headers, |role| role == Role::Administrator).await?;
    let view = admin_of(&app, &reader, &headers).await.map(ReportView::Admin);
    Ok(page(&app, reader, view))
}

async fn admin_of(app: &App, reader: &Reader, headers: &HeaderMap) -> Result<Admin, Failure> {
    let origin = app.identity.origin(headers);
    let words = app.identity.passphrases(&reader.row.id).await?;
    let passphrases = words
        .into_iter()
        .map(|words| {
            let (link, qr_svg) = app.identity.passphrase_link(&origin, &words);
            (words, link, qr_svg)
        })
        .collect();
    let accounts = app.store.staff_of(&reader.row.id).await?;
    let standing = |account: &crate::storage::StaffRow| match (account.disabled_at, account.enrolled_at) {
        (Some(_), _) => "停止",
        (None, Some(_)) => "有効",
        (None, None) => "登録待ち",
    };
    let staff = accounts
        .iter()
        .map(|account| {
            (
                account.staff.name.clone(),
                account.staff.role.label().to_owned(),
                standing(account).to_owned(),
            )
        })
        .collect();
    Ok(Admin {
        passphrases,
        hours: reader.row.hours.lines(),
        staff,
    })
}
