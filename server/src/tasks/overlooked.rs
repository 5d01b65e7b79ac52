//! What of the list came to the supervisors because nobody took it in time.
//!
//! Promises: who waits and why, nothing of what was written. Not here: when something comes here (`signaling::consultation`, the
//! ladder).

use crate::{access::Reader, app::App, error::Failure};
use frontend::page::report::OverlookedRow;
use signaling::{
    consultation::{Case, Stage},
    id::{CommandId, ConsultationId},
    protocol::Side,
};

/// The city's, longest first.
pub(super) async fn rows(app: &App, reader: &Reader) -> Result<Vec<OverlookedRow>, Failure> {
    let mut rows = Vec::new();
    for row in app.store.overlooked(&reader.city.id).await? {
        let Some(state) = app.spine.load(row.id).await? else {
            continue;
        };
        rows.extend(state.case.as_deref().and_then(|case| shown(app, row.id, case)));
    }
    Ok(rows)
}

fn shown(app: &App, consultation: ConsultationId, case: &Case) -> Option<OverlookedRow> {
    let overlooked = case.overlooked.as_ref()?;
    let standing = match &case.stage {
        Stage::Waiting { .. } => "待っています".to_owned(),
        Stage::Booked { slot, .. } => format!("{}に予約しています", signaling::appointment::words(*slot)),
        Stage::Claimed { by, .. } => format!("{}が担当しています", by.addressed()),
        Stage::Closed { .. } => "終わりました".to_owned(),
        Stage::Cancelled { .. } => "相談者がとりやめました".to_owned(),
    };
    let presence = app.hub.presence(consultation, Side::Guardian);
    Some(OverlookedRow {
        consultation,
        since: overlooked.since,
        due_at: overlooked.escalation.due_at,
        why: overlooked.escalation.why.label().to_owned(),
        class: case.acuity.label().to_owned(),
        subject: case.subject.label().to_owned(),
        standing,
        presence: presence.label().to_owned(),
        owner: overlooked.owner.clone(),
        take: CommandId(app.world.new_id()),
        close: CommandId(app.world.new_id()),
    })
}
