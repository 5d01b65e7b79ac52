//! What nobody looks after yet, for a supervisor's page that listens: `GET /tasks/waiting`.
//!
//! Promises: ids and whether to sound, nothing of what was said; what a page is shown for the first time is written down with
//! whose page it was. Taking it is the answer. Not here: the sound itself (`frontend/src/shell/listening.js`).

use crate::{access::Reader, app::App, error::Failure, spine::CommandError, storage::TaskRow};
use serde::Serialize;
use signaling::{consultation::Command, id::CommandId};

/// Something that nobody looks after yet.
#[derive(Debug, Serialize)]
pub(super) struct Waiting {
    /// As its card names it.
    id: String,
    /// Whether the page sounds until somebody takes it.
    sounds: bool,
}

/// The city's, as this reader's page shows it now.
pub(super) async fn waiting(app: &App, reader: &Reader) -> Result<Vec<Waiting>, Failure> {
    let mut all = Vec::new();
    for row in app.store.overlooked(&reader.city.id).await? {
        let state = app.spine.load(row.id).await?;
        let case = state.as_deref().and_then(|state| state.case.as_deref());
        let overlooked = case.and_then(|case| case.overlooked.as_ref());
        if overlooked.is_some_and(|one| one.owner.is_none()) {
            all.push(Waiting {
                id: format!("{}/overlooked", row.id),
                sounds: true,
            });
        }
    }
    for row in app.store.open_tasks(&reader.city.id).await? {
        if row.owner.is_none() {
            shown(app, reader, &row).await?;
            all.push(Waiting {
                id: format!("{}/{}", row.consultation, row.seq),
                sounds: row.kind.sounds(),
            });
        }
    }
    Ok(all)
}

/// Written down once, by whichever page is first.
async fn shown(app: &App, reader: &Reader, row: &TaskRow) -> Result<(), Failure> {
    let state = app.spine.load(row.consultation).await?;
    let case = state.as_deref().and_then(|state| state.case.as_deref());
    if case
        .and_then(|case| case.task(row.seq))
        .is_none_or(|task| task.shown_at.is_some())
    {
        return Ok(());
    }
    let (actor, id) = (reader.actor(), CommandId(app.world.new_id()));
    let command = Command::ShowTask { task: row.seq };
    match app.spine.execute(row.consultation, &actor, id, &command).await {
        Ok(_) => Ok(()),
        // Somebody took or closed it just now, or its log is full: the page shows it all the same.
        Err(CommandError::Refused(_)) => Ok(()),
        Err(CommandError::Storage(error)) => Err(error.into()),
    }
}
