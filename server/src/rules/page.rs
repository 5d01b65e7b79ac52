//! `/admin/rules` and `/admin/rules/compare`: which rules stand, who approved what and when, and what differs between two editions.

use super::decisions;
use crate::{
    access::{Reader, What},
    app::App,
    error::Failure,
    form::Fields,
    storage::EditionRow,
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use frontend::page::report::{
    Approval, ComparedField, ComparedRule, Comparison, DecisionLine, EditionLine, ReportView, RuleFault, RuleLine,
    RulePart, RulesPage,
};
use signaling::{
    id::CommandId,
    triage::{
        Rule, RuleSet,
        compare::{Difference, differences},
        standing::{Decided, Decision, Standing},
    },
};

/// `GET /admin/rules`.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Rules).await?;
    let view = of(&app, &reader, None).await;
    Ok(answered(
        &app,
        reader,
        view.map(|page| ReportView::Rules(Box::new(page))),
    ))
}

/// `GET /admin/rules/compare`, with the digests of two editions as `from` and `to`.
pub async fn compare(
    State(app): State<App>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Response> {
    let reader = Reader::admit(&app, &headers, What::Rules).await?;
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let view = compared(&app, &fields).await.map(ReportView::Comparison);
    Ok(answered(&app, reader, view))
}

fn answered(app: &App, reader: Reader, view: Result<ReportView, Failure>) -> Response {
    match view {
        Ok(view) => app.pages.report(StatusCode::OK, reader.city.city(), reader.staff, view),
        Err(failure) => failure.page(app, &reader.city.city()),
    }
}

/// The page as it stands, with what was wrong with the form that was just posted.
pub(super) async fn of(app: &App, reader: &Reader, fault: Option<RuleFault>) -> Result<RulesPage, Failure> {
    let decisions = decisions(app, &reader.city.id).await?;
    let rules = &app.rules.all().rules;
    Ok(RulesPage {
        edition: app.rules.all().edition.clone(),
        own_file: app.config.rules_file.is_some(),
        demo: app.demo,
        today: app.world.now().date_text(),
        rules: rules.iter().map(|rule| line(app, rule, &decisions)).collect(),
        decisions: decisions.iter().rev().map(decision_line).collect(),
        editions: app.store.editions().await?.iter().map(edition_line).collect(),
        running: app.rules.digest().to_owned(),
        fault,
    })
}

fn line(app: &App, rule: &Rule, decisions: &[Decision]) -> RuleLine {
    let fingerprint = app.rules.fingerprint(rule);
    let standing = Standing::of(rule, fingerprint, decisions);
    let runs = standing.runs(app.demo);
    let earlier = decisions.iter().any(|decision| {
        let approved = matches!(decision.decided, Decided::Approved { .. });
        approved && decision.rule == rule.id && decision.fingerprint != fingerprint
    });
    let approval = standing.approved.map(|(physician, on, written)| Approval {
        physician: physician.to_owned(),
        on,
        written: written.map(|decision| (decision.by.clone(), decision.at)),
    });
    let parts = rule.in_words().into_iter().map(|part| RulePart {
        action: part.action,
        any_of: part.any_of,
        text: part.text,
    });
    RuleLine {
        id: rule.id.clone(),
        version: rule.version,
        fingerprint: fingerprint.to_owned(),
        whom: rule.bounds().label(),
        parts: parts.collect(),
        unless: rule.unless.clone(),
        source_title: rule.source.title.clone(),
        source_url: rule.source.url.clone(),
        source_edition: rule.source.edition.clone(),
        source_read_on: rule.source.read_on.clone(),
        remark: rule.remark.clone(),
        is_enabled: standing.is_enabled,
        runs,
        earlier_was_approved: earlier && approval.is_none(),
        approval,
        command: CommandId(app.world.new_id()),
    }
}

fn decision_line(decision: &Decision) -> DecisionLine {
    let what = match &decision.decided {
        Decided::Approved { physician, on } => {
            let on = signaling::time::DateText(*on);
            format!("{}（{physician} 医師、{on}）", decision.decided.label())
        }
        other => other.label().to_owned(),
    };
    DecisionLine {
        at: decision.at,
        rule: decision.rule.clone(),
        version: decision.version,
        what,
        by: decision.by.clone(),
    }
}

fn edition_line(row: &EditionRow) -> EditionLine {
    EditionLine {
        digest: row.digest.clone(),
        edition: row.edition.clone(),
        first_at: row.first_at,
    }
}

async fn compared(app: &App, fields: &Fields) -> Result<Comparison, Failure> {
    let editions = app.store.editions().await?;
    let find = |digest: &str| editions.iter().find(|row| row.digest == digest);
    let or = |named: &'static str, otherwise: &str| match fields.one(named) {
        "" => find(otherwise),
        digest => find(digest),
    };
    // Where nothing is named: what runs now, with what ran before it.
    let running = app.rules.digest();
    let before = editions.iter().find(|row| row.digest != running);
    let to = or("to", running).ok_or(Failure::NotFound)?;
    let from = or("from", before.map_or(running, |row| &row.digest)).ok_or(Failure::NotFound)?;
    // An edition of an older release may not keep to today's format; then it can be named and not compared.
    let read = |row: &EditionRow| RuleSet::from_json(&row.file).ok();
    let rules = read(from).zip(read(to)).map(|(from, to)| {
        let all = differences(&from, &to);
        all.into_iter().map(compared_rule).collect()
    });
    Ok(Comparison {
        from: edition_line(from),
        to: edition_line(to),
        editions: editions.iter().map(edition_line).collect(),
        rules,
    })
}

fn compared_rule(difference: Difference) -> ComparedRule {
    let is_uncounted = difference.is_uncounted();
    let fields = difference.fields.into_iter().map(|field| ComparedField {
        field: field.field,
        before: field.before,
        after: field.after,
    });
    ComparedRule {
        rule: difference.rule,
        before: difference.before,
        after: difference.after,
        is_uncounted,
        fields: fields.collect(),
    }
}
