//! The model of a ticket's page, made from the log or, before there is one, from the draft.

use super::{Entry, TicketPage, intake};
use crate::{app::App, board::Waiting, duty, error::Failure};
use frontend::page::guardian::{LivePage, Panel, TicketStep};
use signaling::{
    actor::{Actor, Viewer},
    consultation::{Case, Refusal, WireEvent, WireKind},
    id::{CommandId, Seq},
    limits,
    protocol::Cursor,
    queue::rank,
    time::At,
    triage::Action,
};

/// Where the consultation stands, with all that its page shows.
pub(super) async fn step(app: &App, entry: &Entry) -> Result<TicketStep, Failure> {
    let state = app.spine.load(entry.consultation).await?;
    match state.as_deref().and_then(|state| state.case.as_deref()) {
        Some(case) => Ok(TicketStep::Live(live(app, entry, case).await?)),
        None => Ok(TicketStep::Intake(Box::new(intake::model(app, entry).await?))),
    }
}

/// The page around a step.
pub(super) async fn ticket(
    app: &App,
    entry: &Entry,
    step: TicketStep,
    refused: Option<&Refusal>,
) -> Result<TicketPage, Failure> {
    let other_open = match refused {
        Some(Refusal::AnotherOpen) => other_open(app, entry).await?,
        _ => None,
    };
    Ok(TicketPage {
        path: entry.path.clone(),
        consultation: entry.consultation,
        command: CommandId(app.world.new_id()),
        new_devices: entry.new_devices.clone(),
        in_app: entry.in_app,
        refused: refused.cloned(),
        other_open,
        step,
    })
}

/// The family's consultation that stands against another: where it is, and since when.
async fn other_open(app: &App, entry: &Entry) -> Result<Option<Box<(String, At)>>, Failure> {
    let open = app.identity.open_consultation(entry.guardian).await?;
    let Some(other) = open.filter(|other| *other != entry.consultation) else {
        return Ok(None);
    };
    let state = app.spine.load(other).await?;
    let case = state.as_deref().and_then(|state| state.case.as_deref());
    Ok(case.map(|case| Box::new((app.identity.ticket_path(other), case.requested_at))))
}

async fn live(app: &App, entry: &Entry, case: &Case) -> Result<LivePage, Failure> {
    let viewer = Viewer::Guardian(entry.guardian);
    let (events, last) = whole_log(app, entry.consultation, &viewer).await?;
    let owner = Actor::Guardian { id: entry.guardian }.key();
    let draft = app.spine.draft(entry.consultation, &owner, "message").await?;
    let survey = app.spine.draft(entry.consultation, &owner, "survey").await?;
    let (own, place) = ((entry.consultation, rank(case)), |waiting: &Waiting| {
        waiting.position(entry.consultation)
    });
    let position = app.board.waiting_now(&entry.municipality, Some(own), place).await?;
    let now = app.world.now();
    let opening = app.opening(&entry.municipality).await?;
    let offers = app
        .store
        .city(&entry.municipality)
        .await?
        .is_some_and(|city| city.appointments.is_some());
    Ok(LivePage {
        panels: panels(app, &events),
        events,
        cursor: Cursor(last),
        position,
        reply_by: case.reply_by(),
        later_by: case.answered_later_by(opening.reply_hours, now),
        books: offers && case.may_book(),
        on_duty: duty::counted_on(app, &entry.municipality).await?,
        message_draft: draft
            .as_ref()
            .and_then(|(_, body)| body.as_str())
            .unwrap_or_default()
            .to_owned(),
        draft_revision: draft.map_or(0, |(revision, _)| revision),
        survey_open: case.survey_is_open(now),
        survey_draft: survey
            .and_then(|(_, body)| serde_json::from_value(body).ok())
            .unwrap_or_default(),
        opening,
    })
}

/// Everything the viewer may see, from the beginning.
pub(crate) async fn whole_log(
    app: &App,
    consultation: signaling::id::ConsultationId,
    viewer: &Viewer,
) -> Result<(Vec<WireEvent>, Seq), Failure> {
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let (events, last) = app
            .spine
            .wire(consultation, viewer, after, limits::EVENTS_PER_FRAME)
            .await?;
        all.extend(events);
        if last.saturating_sub(after) < limits::EVENTS_PER_FRAME as Seq {
            return Ok((all, last.max(after)));
        }
        after = last;
    }
}

/// What the rules that fired tell the family, most urgent first.
pub(super) fn panels(app: &App, events: &[WireEvent]) -> Vec<Panel> {
    let mut panels: Vec<Panel> = events
        .iter()
        .filter_map(|event| match &event.kind {
            WireKind::Flagged { rule, action, .. } => Some(panel(app, rule.clone(), *action)),
            _ => None,
        })
        .collect();
    panels.sort_by_key(|panel| panel.action);
    panels
}

/// What one of them tells.
pub(super) fn panel(app: &App, rule: String, action: Action) -> Panel {
    let advice = app.rules.advice(&rule, action);
    Panel {
        rule,
        action,
        text: advice.text,
        lines: advice.lines,
        source: advice.source,
    }
}
