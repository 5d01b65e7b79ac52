//! `POST /admin/rules`: an administrator writes down a physician's approval, takes it back, or switches a rule.
//!
//! Promises: a form that is sent twice counts once; an approval is of the rule as the page showed it, and refused where another
//! version runs by now; every decision is kept with who made it, and none is changed.

use super::page;
use crate::{
    access::{Reader, What},
    app::App,
    chain::Mac,
    error::Failure,
    form::Fields,
    storage::{DecisionRow, StorageError},
    ticket,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use frontend::page::report::{ReportView, RuleFault};
use signaling::{
    id::CommandId,
    limits, text,
    time::parse_date,
    triage::{
        Rule,
        standing::{Decided, Decision},
    },
};

/// How often a decision is tried when somebody else decides at the same moment.
const TRIES: u32 = 5;

/// `POST /admin/rules`.
pub async fn decide(State(app): State<App>, headers: HeaderMap, fields: Fields) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Rules).await?;
    Ok(match posted(&app, &reader, &fields).await {
        Ok(Ok(rule)) => ticket::to(&format!("/admin/rules#{rule}")),
        Ok(Err(fault)) => match page::of(&app, &reader, Some(fault)).await {
            Ok(view) => app.pages.report(
                StatusCode::UNPROCESSABLE_ENTITY,
                reader.city.city(),
                reader.staff,
                ReportView::Rules(Box::new(view)),
            ),
            Err(failure) => failure.page(&app, &reader.city.city()),
        },
        Err(failure) => failure.page(&app, &reader.city.city()),
    })
}

/// The id of the rule about which was decided; or what is wrong with the form.
async fn posted(app: &App, reader: &Reader, fields: &Fields) -> Result<Result<String, RuleFault>, Failure> {
    let command = fields.command().ok_or(Failure::BadRequest)?;
    let rules = &app.rules.all().rules;
    let id = fields.one("rule");
    let rule = rules.iter().find(|rule| rule.id == id).ok_or(Failure::BadRequest)?;
    let fault = |text: &str| RuleFault {
        rule: rule.id.clone(),
        text: text.to_owned(),
        physician: fields.one("physician").to_owned(),
        approved_on: fields.one("approved_on").to_owned(),
    };
    if fields.one("fingerprint") != app.rules.fingerprint(rule) {
        return Ok(Err(fault(
            "この規則は新しい版に変わっています。内容を読み直してください。",
        )));
    }
    let decided = match fields.one("go") {
        "approve" => match approval(app, fields) {
            Ok(decided) => decided,
            Err(text) => return Ok(Err(fault(text))),
        },
        "withdraw" => Decided::Withdrawn,
        "enable" => Decided::Enabled,
        "disable" => Decided::Disabled,
        _ => return Err(Failure::BadRequest),
    };
    keep(app, reader, rule, decided, command).await?;
    Ok(Ok(rule.id.clone()))
}

/// The two facts of an approval.
fn approval(app: &App, fields: &Fields) -> Result<Decided, &'static str> {
    let physician = text::required(fields.one("physician"), limits::PHYSICIAN_CHARS)
        .map_err(|_| "承認した医師の氏名を、60字までで入れてください。")?;
    if physician.contains(['\n', '\t']) {
        return Err("承認した医師の氏名を、1行で入れてください。");
    }
    let on = parse_date(fields.one("approved_on")).ok_or("承認した日を入れてください。")?;
    if on > app.world.now().date() {
        return Err("承認した日が未来の日付になっています。");
    }
    Ok(Decided::Approved { physician, on })
}

async fn keep(app: &App, reader: &Reader, rule: &Rule, decided: Decided, command: CommandId) -> Result<(), Failure> {
    let code = decided.code();
    for tries_left in (0..TRIES).rev() {
        let decision = Decision {
            at: app.world.now(),
            rule: rule.id.clone(),
            version: rule.version,
            fingerprint: app.rules.fingerprint(rule).to_owned(),
            decided: decided.clone(),
            by: reader.staff.name.clone(),
        };
        let (city, staff, chain) = (reader.city.id.clone(), reader.staff.id, app.keys.chain().clone());
        let make = move |last: u64, before: Mac| {
            let unlinked = DecisionRow {
                municipality: city,
                seq: last + 1,
                decision,
                staff,
                command,
                mac: Mac::START,
            };
            let mac = chain.decision(&before, &unlinked);
            DecisionRow { mac, ..unlinked }
        };
        match app.store.add_decision(&reader.city.id, Box::new(make)).await {
            Ok(true) => {
                tracing::info!(city = %reader.city.id, staff = %staff, rule = rule.id, version = rule.version, code,
                    "decided about a red-flag rule");
                return Ok(());
            }
            Ok(false) => return Ok(()),
            Err(StorageError::Conflict(_)) if tries_left > 0 => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
