//! What the points of an EPDS make fire: the thin shell around [`RuleSet::evaluate_epds`](signaling::triage::RuleSet::evaluate_epds).
//!
//! Promises: the rules are those that run in this city at this moment, as at an intake; the signs are those that the family
//! ticked. Nothing is stored and nothing is logged here.
//!
//! Not here: who may record points, and what becomes of what fires (`signaling::consultation`).

use super::running;
use crate::{app::App, storage::StorageError};
use signaling::{
    consultation::Sealed,
    id::{ConsultationId, MunicipalityId},
    triage::{Epds, Fired},
};

/// The rules that these points make fire in a consultation of this city; nothing where its intake is not there any more, so
/// that nobody takes silence for an answer.
pub(crate) async fn fired_by(
    app: &App,
    city: &MunicipalityId,
    consultation: ConsultationId,
    points: Epds,
) -> Result<Option<Vec<Fired>>, StorageError> {
    let first = app.spine.events(consultation, 0, 1).await?;
    let Some(Sealed::Intake(intake)) = first.into_iter().find_map(|event| event.sealed) else {
        return Ok(None);
    };
    let rules = running(app, city).await?;
    Ok(Some(rules.evaluate_epds(&intake, points, app.world.now().date())))
}
