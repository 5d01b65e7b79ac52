//! `/rota`: who is to be at the desk when, swaps between clinicians, who is there now, and tonight's risk of long waits.
//!
//! Promises: the rota is kept by supervisors and administrators, shifts change hands only between the clinicians concerned, each
//! form counts once, and every change is kept with who made it.
//!
//! Not here: the rules (`signaling::rota`, `signaling::forecast`), what clinicians say of themselves (`duty`).

use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    form::Fields,
    storage::{RotaChange, RotaStep},
    ticket,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use frontend::page::{
    report::ReportView,
    rota::{Forecast, ForecastLine, RotaDay, RotaPage, ShiftAct, ShiftForm, ShiftLine},
};
use signaling::{
    actor::{Role, Staff},
    forecast::{self, Hour, Outlook},
    hours::{day_words, spans_text, typed},
    id::{CommandId, StaffId},
    queue,
    rota::{RotaFault, Shift, can_have, may_ask, may_take},
    time::{At, parse_date},
};

/// Days that the page shows.
const DAYS_SHOWN: usize = 14;
/// Changes that the page shows.
const CHANGES_SHOWN: u32 = 30;
/// Closed consultations that a length is taken from.
const SERVICES_READ: u64 = 200;

/// `GET /rota`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Rota).await?;
    Ok(shown(&app, reader, StatusCode::OK, &Fields::default(), None).await)
}

/// `POST /rota`.
pub async fn change(State(app): State<App>, headers: HeaderMap, fields: Fields) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Rota).await?;
    Ok(match posted(&app, &reader, &fields).await {
        Ok(Ok(())) => ticket::to("/rota"),
        Ok(Err(fault)) => shown(&app, reader, StatusCode::UNPROCESSABLE_ENTITY, &fields, Some(fault)).await,
        Err(failure) => failure.page(&app, &reader.city.city()),
    })
}

async fn shown(app: &App, reader: Reader, status: StatusCode, typed: &Fields, fault: Option<String>) -> Response {
    match page(app, &reader, typed, fault).await {
        Ok(page) => {
            let view = ReportView::Rota(Box::new(page));
            app.pages.report(status, reader.city.city(), reader.staff, view)
        }
        Err(failure) => failure.page(app, &reader.city.city()),
    }
}

fn keeps_rota(role: Role) -> bool {
    matches!(role, Role::Supervisor | Role::Administrator)
}

/// Clinicians of the city who can sign in, by name.
async fn clinicians(app: &App, reader: &Reader) -> Result<Vec<Staff>, Failure> {
    let rows = app.store.staff_of(&reader.city.id).await?;
    let mut clinicians: Vec<Staff> = rows
        .into_iter()
        .filter(|row| row.disabled_at.is_none() && row.staff.role.is_clinician())
        .map(|row| row.staff)
        .collect();
    clinicians.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(clinicians)
}

async fn page(app: &App, reader: &Reader, typed: &Fields, fault: Option<String>) -> Result<RotaPage, Failure> {
    let (now, city) = (app.world.now(), &reader.city);
    let clinicians = clinicians(app, reader).await?;
    let shifts = app.store.shifts(&city.id, now).await?;
    let duties = app.store.duties(&city.id).await?;
    let present = duties.iter().filter_map(|presence| {
        let staff = clinicians.iter().find(|staff| staff.id == presence.staff)?;
        Some((staff.addressed(), presence.text(now)))
    });
    let form = keeps_rota(reader.staff.role).then(|| ShiftForm {
        command: CommandId(app.world.new_id()),
        staff: typed.one("staff").to_owned(),
        date: typed.one("date").to_owned(),
        span: typed.one("span").to_owned(),
    });
    Ok(RotaPage {
        present: present.collect(),
        forecast: tonight(app, reader, &shifts).await?,
        days: days(app, reader, &shifts),
        clinicians: clinicians
            .iter()
            .map(|staff| (staff.id.to_string(), staff.addressed()))
            .collect(),
        form,
        fault,
        changes: app.store.rota_changes(&city.id, CHANGES_SHOWN).await?,
    })
}

fn days(app: &App, reader: &Reader, shifts: &[Shift]) -> Vec<RotaDay> {
    let now = app.world.now();
    let dates = std::iter::successors(Some(now.date()), |day| day.next_day()).take(DAYS_SHOWN);
    dates
        .map(|date| {
            let spans = reader.city.hours.on_date(date).0;
            // One that began yesterday and is not over stands with today.
            let of_day = |shift: &&Shift| shift.from_at.max(now).date() == date;
            let of_day = shifts.iter().filter(of_day);
            let shifts: Vec<ShiftLine> = of_day.map(|one| line(app, reader, shifts, one)).collect();
            RotaDay {
                label: day_words(date),
                hours: spans_text(spans),
                is_empty: !spans.is_empty() && shifts.is_empty(),
                shifts,
            }
        })
        .collect()
}

fn line(app: &App, reader: &Reader, shifts: &[Shift], shift: &Shift) -> ShiftLine {
    let (me, now) = (&reader.staff, app.world.now());
    let asks = may_ask(shift, me.id, None, now).is_ok();
    let may = match &shift.swap {
        _ if keeps_rota(me.role) => vec![ShiftAct::Remove],
        None if asks => vec![ShiftAct::Ask],
        Some(_) if asks => vec![ShiftAct::Withdraw],
        Some(_) if may_take(shifts, shift, me, now).is_ok() => vec![ShiftAct::Take],
        _ => Vec::new(),
    };
    let swap = shift.swap.as_ref().map(|swap| match &swap.to {
        Some(to) => format!("{}に交代を頼んでいます", to.addressed()),
        None => "交代してくれる方を探しています".to_owned(),
    });
    ShiftLine {
        id: shift.id.clone(),
        span: format!("{} – {}", shift.from_at.clock(), shift.until_at.clock()),
        who: shift.staff.addressed(),
        swap,
        may,
        command: CommandId(app.world.new_id()),
    }
}

async fn tonight(app: &App, reader: &Reader, shifts: &[Shift]) -> Result<Option<Forecast>, Failure> {
    let (now, city) = (app.world.now(), &reader.city);
    let arrivals = app.store.arrivals(&city.id, At(now.0 - forecast::LOOK_BACK.0)).await?;
    let Some((day, hours)) = forecast::evening(now, &city.hours, &arrivals, shifts) else {
        return Ok(None);
    };
    let since = At(now.0 - queue::SERVICE_MEASURED_OVER.0);
    let measured = app.store.service_seconds(&city.id, since, SERVICES_READ).await?;
    let service_seconds = queue::usual_service_seconds(measured);
    Ok(Some(Forecast {
        day: day_words(day),
        hours: hours.iter().map(|hour| forecast_line(hour, service_seconds)).collect(),
        service_minutes: service_seconds.div_ceil(60),
    }))
}

fn forecast_line(hour: &Hour, service_seconds: u32) -> ForecastLine {
    let outlook = hour.outlook(service_seconds);
    let enough = hour.enough(service_seconds).filter(|_| outlook.is_high());
    ForecastLine {
        hour: format!("{}時台", hour.hour % 24),
        basis: format!("{}日で{}組", hour.days, hour.came),
        expected: hour
            .expected()
            .map_or(String::new(), |expected| format!("約{expected:.1}組")),
        clinicians: hour.clinicians,
        outlook: match outlook {
            Outlook::Risk(risk) => format!("{}（{:.0}%）", outlook.words(), risk * 100.0),
            _ => outlook.words().to_owned(),
        },
        is_high: outlook.is_high(),
        hint: enough.map(|enough| format!("{enough}人いれば低くなります")),
    }
}

/// Carries a form out; or says what is wrong with it.
async fn posted(app: &App, reader: &Reader, fields: &Fields) -> Result<Result<(), String>, Failure> {
    let command = fields.command().ok_or(Failure::BadRequest)?;
    let go = fields.one("go");
    let (me, now) = (reader.staff.clone(), app.world.now());
    let is_keeping = matches!(go, "add" | "remove");
    if is_keeping != keeps_rota(me.role) {
        return Err(Failure::BadRequest);
    }
    let clinicians = clinicians(app, reader).await?;
    let named = |field: &str| {
        let id: Option<StaffId> = fields.one(field).parse().ok();
        clinicians.iter().find(|staff| Some(staff.id) == id).cloned()
    };
    let change = RotaChange {
        municipality: reader.city.id.clone(),
        at: now,
        by: me.clone(),
        command,
    };
    let decided = if go == "add" {
        let new = match typed_shift(app, fields, named("staff")) {
            Ok(new) => new,
            Err(fault) => return Ok(Err(fault.to_owned())),
        };
        app.store
            .change_rota(change, Box::new(move |rota| added(rota, new, now)))
            .await?
    } else {
        let to = match (go, fields.one("to")) {
            ("ask", "") => None,
            ("ask", _) => Some(named("to").ok_or(Failure::BadRequest)?),
            _ => None,
        };
        let (go, id) = (go.to_owned(), fields.one("shift").to_owned());
        if !matches!(go.as_str(), "remove" | "ask" | "withdraw" | "take") {
            return Err(Failure::BadRequest);
        }
        let decide = move |rota: &[Shift]| decided(rota, &go, &id, &me, to.as_ref(), now);
        app.store.change_rota(change, Box::new(decide)).await?
    };
    if decided.is_ok() {
        tracing::info!(city = %reader.city.id, staff = %reader.staff.id, go = fields.one("go"), "changed the rota");
    }
    Ok(decided.map_err(|fault| fault.to_string()))
}

fn typed_shift(app: &App, fields: &Fields, staff: Option<Staff>) -> Result<Shift, &'static str> {
    let staff = staff.ok_or("だれの当番かを選んでください。")?;
    let date = parse_date(fields.one("date")).ok_or("日を選んでください。")?;
    let span = typed::span(fields.one("span")).ok_or("時間を「18:00-22:00」のように入れてください。")?;
    Ok(Shift {
        id: app.world.new_id().to_string(),
        staff,
        from_at: span.begins(date),
        until_at: span.ends(date),
        swap: None,
    })
}

type Decided = Result<(RotaStep, String), RotaFault>;

fn added(rota: &[Shift], new: Shift, now: At) -> Decided {
    can_have(rota, &new.staff, (new.from_at, new.until_at), now, None)?;
    let words = format!("{}を加える", in_words(&new));
    Ok((RotaStep::Add(new), words))
}

fn decided(rota: &[Shift], go: &str, id: &str, me: &Staff, to: Option<&Staff>, now: At) -> Decided {
    let shift = rota.iter().find(|shift| shift.id == id).ok_or(RotaFault::Over)?;
    let (words, id) = (in_words(shift), id.to_owned());
    match go {
        "remove" => Ok((RotaStep::Remove(id), format!("{words}を外す"))),
        "ask" => {
            may_ask(shift, me.id, to, now)?;
            let whom = to.map_or("だれか".to_owned(), Staff::addressed);
            let words = format!("{words}の交代を{whom}に頼む");
            Ok((RotaStep::Ask(id, to.map(|to| to.id)), words))
        }
        "withdraw" => {
            may_ask(shift, me.id, None, now)?;
            Ok((RotaStep::Withdraw(id), format!("{words}の交代を頼むのをやめる")))
        }
        _ => {
            may_take(rota, shift, me, now)?;
            Ok((
                RotaStep::Take(id, me.id),
                format!("{words}を{}が代わる", me.addressed()),
            ))
        }
    }
}

/// 「11月24日（火）18:00 – 22:00の佐藤 医師の当番」.
fn in_words(shift: &Shift) -> String {
    let day = day_words(shift.from_at.date());
    let (from, until) = (shift.from_at.clock(), shift.until_at.clock());
    format!("{day}{from} – {until}の{}の当番", shift.staff.addressed())
}
