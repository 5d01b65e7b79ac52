//! `/admin/hours`: an administrator sets when the desk takes families, by weekday, on holidays and on single days, and within how many
//! hours anytime consultations are answered, and which appointments are offered.
//!
//! Promises: a form that is sent twice counts once; what cannot be read changes nothing and comes back as it was typed; every change
//! is kept with who made it.
//!
//! Not here: what hours mean (`signaling::hours`), what families read (`entrance`, `ticket`).

use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    form::Fields,
    storage::{CityRow, OpeningChange, OpeningStep},
    ticket,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use frontend::page::{
    hours::{AppointmentsForm, DayForm, DayLine, HolidayYear, HoursPage, WeekForm},
    report::ReportView,
};
use signaling::{
    appointment::{self, Offer},
    holiday::holiday,
    hours::{Hours, SingleDay, Source, Span, day_words, spans_text, typed},
    id::CommandId,
    limits, text,
    time::{At, DateText, parse_date},
};
use time::Date;

/// Changes that the page shows.
const CHANGES_SHOWN: u32 = 30;
/// Years of holidays that the page shows.
const YEARS_SHOWN: i32 = 3;
/// Places of an hour that the form names first: half of them are left to families who walk in.
const AN_HOUR: u32 = 3;
/// The fields of the week, Monday first.
const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The forms as they are to be shown.
type Forms = (WeekForm, DayForm, AppointmentsForm);

/// `GET /admin/hours`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Settings).await?;
    let forms = forms(&app, &reader.city);
    Ok(shown(&app, reader, StatusCode::OK, forms).await)
}

/// `POST /admin/hours`.
pub async fn change(State(app): State<App>, headers: HeaderMap, fields: Fields) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Settings).await?;
    let (command, now) = (fields.command(), app.world.now());
    let (mut week, mut day, mut appointments) = forms(&app, &reader.city);
    let done = match (command, fields.one("go")) {
        (Some(command), "week") => {
            week = typed_week(&fields, command);
            read_week(&week, &reader.city.hours)
                .map(|step| (command, "毎週の時間を変更".to_owned(), step, ""))
                .map_err(|fault| week.fault = Some(fault))
        }
        (Some(command), "day") => {
            day = typed_day(&fields, command);
            read_day(&day, &reader.city.hours, now)
                .map(|(changed, step)| (command, changed, step, "#days"))
                .map_err(|fault| day.fault = Some(fault))
        }
        (Some(command), "appointments") => {
            appointments = typed_appointments(&fields, command);
            read_appointments(&appointments)
                .map(|(changed, step)| (command, changed, step, "#appointments"))
                .map_err(|fault| appointments.fault = Some(fault))
        }
        (Some(command), "remove") => match parse_date(fields.one("date")) {
            Some(date) => {
                let changed = format!("{}の変更を取り消し", day_words(date));
                Ok((command, changed, OpeningStep::DayAsWeek(date), "#days"))
            }
            None => return Ok(Failure::BadRequest.page(&app, &reader.city.city())),
        },
        _ => return Ok(Failure::BadRequest.page(&app, &reader.city.city())),
    };
    let Ok((command, changed, step, place)) = done else {
        return Ok(shown(
            &app,
            reader,
            StatusCode::UNPROCESSABLE_ENTITY,
            (week, day, appointments),
        )
        .await);
    };
    let change = OpeningChange {
        municipality: reader.city.id.clone(),
        at: now,
        changed,
        staff: reader.staff.id,
        staff_name: reader.staff.name.clone(),
        command,
    };
    match app.store.change_opening(change, step).await {
        Ok(is_new) => {
            tracing::info!(city = %reader.city.id, staff = %reader.staff.id, is_new, "changed the opening hours");
            Ok(ticket::to(&format!("/admin/hours{place}")))
        }
        Err(error) => Ok(Failure::from(error).page(&app, &reader.city.city())),
    }
}

async fn shown(app: &App, reader: Reader, status: StatusCode, forms: Forms) -> Response {
    match page(app, &reader, forms).await {
        Ok(page) => {
            let view = ReportView::Hours(Box::new(page));
            app.pages.report(status, reader.city.city(), reader.staff, view)
        }
        Err(failure) => failure.page(app, &reader.city.city()),
    }
}

async fn page(app: &App, reader: &Reader, (week, day, mut appointments): Forms) -> Result<HoursPage, Failure> {
    let (now, city) = (app.world.now(), &reader.city);
    let opening = city.opening(now);
    let state = if opening.is_open {
        "受付中"
    } else {
        "受付時間外"
    };
    let parts = [Some(state.to_owned()), opening.why, Some(opening.hours)];
    let coming = city.hours.days.range(now.date()..);
    let held = app.store.appointments(&city.id, now).await?;
    let outside = held.iter().filter(|(slot, _)| !appointment::fits(&city.hours, **slot));
    appointments.held = (held.values().sum(), outside.map(|(_, families)| families).sum());
    Ok(HoursPage {
        now_shown: parts.into_iter().flatten().collect::<Vec<_>>().join("　"),
        today: now.date_text(),
        until: DateText(last_day(now)).to_string(),
        days: coming.map(|(date, single)| day_line(app, *date, single)).collect(),
        holidays: (0..YEARS_SHOWN)
            .map(|later| holidays_of(now.date().year() + later, &city.hours))
            .collect(),
        changes: app.store.opening_changes(&city.id, CHANGES_SHOWN).await?,
        week,
        day,
        appointments,
    })
}

fn day_line(app: &App, date: Date, single: &SingleDay) -> DayLine {
    DayLine {
        date: DateText(date).to_string(),
        label: day_words(date),
        spans: spans_text(&single.spans),
        why: single.why.clone(),
        command: CommandId(app.world.new_id()),
    }
}

fn holidays_of(year: i32, hours: &Hours) -> HolidayYear {
    let first = Date::from_calendar_date(year, time::Month::January, 1).ok();
    let days = std::iter::successors(first, |day| day.next_day()).take_while(|day| day.year() == year);
    let line = |day: Date| {
        let name = holiday(day)?.to_owned();
        Some((day_words(day), name, spans_text(hours.on_date(day).0)))
    };
    HolidayYear {
        year,
        days: days.filter_map(line).collect(),
    }
}

/// The forms as nobody has typed into them yet.
fn forms(app: &App, city: &CityRow) -> Forms {
    let hours = &city.hours;
    let of_week = [
        &hours.mon, &hours.tue, &hours.wed, &hours.thu, &hours.fri, &hours.sat, &hours.sun,
    ];
    let week = WeekForm {
        command: CommandId(app.world.new_id()),
        week: of_week.map(|spans| typed::text(spans)),
        holidays_apart: hours.holidays.is_some(),
        holidays: typed::text(hours.holidays.as_deref().unwrap_or_default()),
        last_arrival: hours.last_arrival_minutes.to_string(),
        reply_hours: city.reply_hours.to_string(),
        fault: None,
    };
    let day = DayForm {
        command: CommandId(app.world.new_id()),
        date: String::new(),
        is_open: false,
        spans: String::new(),
        why: String::new(),
        fault: None,
    };
    let offer = city.appointments;
    let appointments = AppointmentsForm {
        command: CommandId(app.world.new_id()),
        offers: offer.is_some(),
        an_hour: offer.map_or(AN_HOUR, Offer::an_hour).to_string(),
        families: offer.map_or(1, Offer::families).to_string(),
        held: (0, 0),
        fault: None,
    };
    (week, day, appointments)
}

fn typed_appointments(fields: &Fields, command: CommandId) -> AppointmentsForm {
    AppointmentsForm {
        command,
        offers: fields.one("offers") == "yes",
        an_hour: fields.one("an_hour").to_owned(),
        families: fields.one("families").to_owned(),
        held: (0, 0),
        fault: None,
    }
}

fn typed_week(fields: &Fields, command: CommandId) -> WeekForm {
    WeekForm {
        command,
        week: WEEK.map(|name| fields.one(name).to_owned()),
        holidays_apart: fields.one("holidays_apart") == "apart",
        holidays: fields.one("holidays").to_owned(),
        last_arrival: fields.one("last_arrival").to_owned(),
        reply_hours: fields.one("reply_hours").to_owned(),
        fault: None,
    }
}

fn typed_day(fields: &Fields, command: CommandId) -> DayForm {
    DayForm {
        command,
        date: fields.one("date").to_owned(),
        is_open: fields.one("kind") == "open",
        spans: fields.one("spans").to_owned(),
        why: fields.one("words").to_owned(),
        fault: None,
    }
}

/// The field, and what is wrong with it.
type Fault = (String, String);

fn fault(field: &str, words: &impl ToString) -> Fault {
    (field.to_owned(), words.to_string())
}

fn read_week(form: &WeekForm, before: &Hours) -> Result<OpeningStep, Fault> {
    let read = |field: &str, text: &str| typed::spans(text).map_err(|wrong| fault(field, &wrong));
    let mut week: Vec<Vec<Span>> = Vec::with_capacity(WEEK.len());
    for (name, text) in WEEK.iter().zip(&form.week) {
        week.push(read(name, text)?);
    }
    let holidays = read("holidays", &form.holidays)?;
    let last_arrival_minutes = number(&form.last_arrival, 0, limits::LAST_ARRIVAL_MINUTES)
        .and_then(|minutes| u16::try_from(minutes).ok())
        .ok_or_else(|| {
            fault(
                "last_arrival",
                &format!("0から{}までの数で入れてください。", limits::LAST_ARRIVAL_MINUTES),
            )
        })?;
    let reply_hours = number(&form.reply_hours, 1, limits::REPLY_HOURS).ok_or_else(|| {
        fault(
            "reply_hours",
            &format!("1から{}までの数で入れてください。", limits::REPLY_HOURS),
        )
    })?;
    let shortest = week.iter().flatten().chain(&holidays).map(|span| span.minutes()).min();
    if shortest.is_some_and(|shortest| last_arrival_minutes >= shortest) {
        return Err(fault(
            "last_arrival",
            &"開いている時間より短くしてください。だれも受け付けられなくなります。",
        ));
    }
    let mut days = week.into_iter();
    let mut next = || days.next().unwrap_or_default();
    let hours = Hours {
        mon: next(),
        tue: next(),
        wed: next(),
        thu: next(),
        fri: next(),
        sat: next(),
        sun: next(),
        holidays: form.holidays_apart.then_some(holidays),
        last_arrival_minutes,
        days: before.days.clone(),
    };
    Ok(OpeningStep::Week { hours, reply_hours })
}

/// Digits as every keyboard gives them.
fn number(text: &str, least: u32, most: u32) -> Option<u32> {
    let digit = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        other => Some(other),
    };
    let plain: Option<String> = text.trim().chars().map(digit).collect();
    plain?.parse().ok().filter(|number| (least..=most).contains(number))
}

fn read_appointments(form: &AppointmentsForm) -> Result<(String, OpeningStep), Fault> {
    if !form.offers {
        return Ok(("時間の予約をやめる".to_owned(), OpeningStep::Appointments(None)));
    }
    let families = number(&form.families, 1, limits::APPOINTMENT_FAMILIES).ok_or_else(|| {
        let words = format!("1から{}までの数で入れてください。", limits::APPOINTMENT_FAMILIES);
        fault("families", &words)
    })?;
    let offer = number(&form.an_hour, 1, 6).and_then(|an_hour| Offer::new(an_hour, families));
    let offer = offer.ok_or_else(|| fault("an_hour", &"枠の数を選んでください。"))?;
    let changed = format!("時間の予約を1時間に{}枠、{families}人ずつに", offer.an_hour());
    Ok((changed, OpeningStep::Appointments(Some(offer))))
}

fn read_day(form: &DayForm, hours: &Hours, now: At) -> Result<(String, OpeningStep), Fault> {
    let date = parse_date(&form.date).ok_or_else(|| fault("date", &"日を選んでください。"))?;
    if date < now.date() {
        return Err(fault("date", &"過ぎた日は変えられません。"));
    }
    if date > last_day(now) {
        return Err(fault("date", &"2年先までの日を選んでください。"));
    }
    let is_there = matches!(hours.on_date(date).1, Source::Single(_));
    if !is_there && hours.days.range(now.date()..).count() >= limits::OPENING_DAYS {
        return Err(fault(
            "date",
            &format!("いつもと違う日は{}日までです。", limits::OPENING_DAYS),
        ));
    }
    let spans = if form.is_open {
        typed::spans(&form.spans).map_err(|wrong| fault("spans", &wrong))?
    } else {
        Vec::new()
    };
    if form.is_open && spans.is_empty() {
        return Err(fault("spans", &"開く時間を「10:00-12:00」のように入れてください。"));
    }
    let too_short = |span: &Span| span.minutes() <= hours.last_arrival_minutes;
    if spans.iter().any(too_short) {
        return Err(fault(
            "spans",
            &"受付の締め切りより長い時間にしてください。だれも受け付けられなくなります。",
        ));
    }
    let too_long = |_| {
        fault(
            "words",
            &format!("{}字までで入れてください。", limits::OPENING_WORDS_CHARS),
        )
    };
    let words = text::optional(&form.why, limits::OPENING_WORDS_CHARS)
        .map_err(too_long)?
        .unwrap_or_default();
    if words.contains(['\n', '\t']) {
        return Err(fault("words", &"1行で入れてください。"));
    }
    let said = if words.is_empty() {
        String::new()
    } else {
        format!("（{words}）")
    };
    let changed = format!("{}を{}に{said}", day_words(date), spans_text(&spans));
    Ok((changed, OpeningStep::Day(date, SingleDay { spans, why: words })))
}

/// Two years ahead, less a day where it falls on 29 February.
fn last_day(now: At) -> Date {
    let today = now.date();
    let later = today.replace_year(today.year() + 2);
    later
        .or_else(|_| today.replace_day(28).and_then(|day| day.replace_year(day.year() + 2)))
        .unwrap_or(today)
}
