//! Figures and lists for supervisors and the city.
//!
//! Promises: a figure and the list that it opens are made by the same functions from the same rows, so they cannot differ;
//! the city viewer receives masked counts and no case; looking at a case is audited before it is shown; everything works
//! as plain pages.
//!
//! Not here: the definitions ([`signaling::report`]), who may read which page ([`crate::access`]).

mod connections;
mod csv;
mod figures;
mod list;
mod shown;
mod tally;

pub use connections::show as connections;

use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    form::Fields,
    storage::ReportRow,
    ticket,
};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use frontend::page::{
    Notice,
    report::{Admin, Look, Replay, ReportView},
};
use signaling::{
    actor::{Role, Viewer},
    report::Counted,
    time::{At, fiscal_year, parse_date},
};
use time::{Date, Month};

/// The page, or what failed.
fn page(app: &App, reader: Reader, view: Result<ReportView, Failure>) -> Response {
    match view {
        Ok(view) => app.pages.report(StatusCode::OK, reader.city.city(), reader.staff, view),
        Err(failure) => failure.page(app, &reader.city.city()),
    }
}

/// `GET /kpi`.
pub async fn kpi(State(app): State<App>, headers: HeaderMap, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Figures).await?;
    let view = figures_of(&app, &reader, query.as_deref()).await.map(ReportView::Kpi);
    Ok(page(&app, reader, view))
}

/// `GET /kpi.csv`: the same figures, UTF-8 with a byte order mark so that spreadsheets read Japanese.
pub async fn kpi_csv(
    State(app): State<App>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Figures).await?;
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
        Err(failure) => failure.page(&app, &reader.city.city()),
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
    let rows = app.store.report_rows(&reader.city.id, from, until).await?;
    let registrations = app.store.registrations(&reader.city.id, until).await?;
    let institutions = app.store.institutions(&reader.city.id).await?;
    let unlinked = app.store.unlinked_devices(&reader.city.id, until).await?;
    let masked = reader.staff.role == Role::CityViewer;
    let period = figures::Period {
        year,
        from,
        until,
        today,
    };
    Ok(figures::of(
        &period,
        &reader.city.targets,
        &rows,
        (&registrations, unlinked),
        &institutions,
        masked,
    ))
}

/// `GET /logs`.
pub async fn logs(State(app): State<App>, headers: HeaderMap, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Logs).await?;
    let filter = list::filter(&Fields::parse(query.unwrap_or_default().as_bytes()));
    let (from, until) = list::span(&filter, app.world.now().date());
    let rows = app.store.report_rows(&reader.city.id, from, until).await;
    let view = rows.map(|rows| ReportView::Logs(list::of(filter, &rows)));
    Ok(page(&app, reader, view.map_err(Failure::from)))
}

/// `GET /logs/{consultation}`.
pub async fn replay(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Replay).await?;
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
    app.pages
        .report(StatusCode::NOT_FOUND, reader.city.city(), reader.staff, view)
}

async fn replay_of(app: &App, reader: &Reader, id: &str) -> Result<Replay, Failure> {
    let consultation = reader.case(app, id).await?;
    app.spine.look(consultation, &reader.actor(), "opened").await?;
    let (events, _) = ticket::whole_log(app, consultation, &Viewer::Supervisor(reader.staff.id)).await?;
    let looks = app.spine.looks(consultation).await?;
    let state = app.spine.load(consultation).await?.ok_or(Failure::NotFound)?;
    let case = state.case.as_deref().ok_or(Failure::NotFound)?;
    Ok(Replay {
        consultation,
        rules: case.rules.clone(),
        fired: case.flags.iter().map(|one| (one.rule.clone(), one.version)).collect(),
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
        "photo" => "写真を見た",
        "concern" => "気になる記録と紹介を見た",
        "referral" => "紹介の内容を見た",
        "history" => "これまでの相談を見た",
        other => other,
    }
}

/// First instant of a fiscal year and of the next.
fn year_of(year: i32) -> (At, At) {
    let april = |year| Date::from_calendar_date(year, Month::April, 1).map_or(At(0), At::start_of);
    (april(year), april(year + 1))
}

/// Whether the family could be asked the survey's question.
fn is_asked(row: &ReportRow) -> bool {
    row.counted() == Counted::Yes && row.stage == "closed"
}

/// Whole seconds until first taken, from when the family came: by its appointment, or with its intake.
fn waited_seconds(row: &ReportRow) -> Option<i64> {
    row.first_claimed_at
        .map(|claimed| claimed.seconds_since(row.appointment_at.unwrap_or(row.requested_at)))
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
    let reader = Reader::admit(&app, &headers, What::Settings).await?;
    let view = admin_of(&app, &reader, &headers).await.map(ReportView::Admin);
    Ok(page(&app, reader, view))
}

async fn admin_of(app: &App, reader: &Reader, headers: &HeaderMap) -> Result<Admin, Failure> {
    let origin = app.identity.origin(headers);
    let words = app.identity.passphrases(&reader.city.id).await?;
    let passphrases = words
        .into_iter()
        .map(|words| {
            let (link, qr_svg) = app.identity.passphrase_link(&origin, &words);
            (words, link, qr_svg)
        })
        .collect();
    let accounts = app.store.staff_of(&reader.city.id).await?;
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
        hours: reader.city.hours.lines(),
        staff,
    })
}
