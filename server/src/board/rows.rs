//! Rows of the queue: what a desk sees of an open consultation.
//!
//! Promises: subject and first words are decrypted once and kept in memory, nowhere else. Not here: who is told.

use super::Board;
use crate::storage::StorageError;
use signaling::{
    actor::Viewer,
    consultation::{Case, Stage, WireKind},
    id::{ConsultationId, GuardianId},
    protocol::Side,
    queue::{QueueRow, RowHanding, rank},
};
use std::{
    collections::HashMap,
    sync::{MutexGuard, PoisonError},
};
use uuid::Uuid;

/// Headlines kept in memory; each is a line.
const HEADLINES: usize = 20_000;
/// Characters of the family's words that a row shows.
const WORRY_SHOWN: usize = 60;

/// What a row says of the intake.
#[derive(Clone)]
pub(super) struct Headline {
    subject: String,
    worry: String,
}

impl Board {
    pub(super) async fn row(&self, consultation: ConsultationId) -> Result<Option<QueueRow>, StorageError> {
        let Some(state) = self.inner.spine.load(consultation).await? else {
            return Ok(None);
        };
        let Some(case) = state.case.as_deref().filter(|case| case.is_open()) else {
            return Ok(None);
        };
        let headline = self.headline(consultation, case).await?;
        let presence = self.inner.hub.presence(consultation, Side::Guardian);
        Ok(Some(QueueRow {
            consultation,
            seq: state.seq,
            rank: rank(case),
            acuity: case.acuity,
            service: case.service,
            mode: case.mode,
            quiet: case.quiet,
            subject: headline.subject,
            complaints: case.complaints.clone(),
            worry: headline.worry,
            flags: case.flags.iter().map(|fired| fired.rule.clone()).collect(),
            requested_at: case.requested_at,
            unanswered_since: case.unanswered_since,
            reply_by: case.reply_by(),
            appointment: case.appointment_at(),
            returning: case.returning,
            had: case.after.closed_by.clone().filter(|_| case.waits()),
            presence,
            device: case.device.as_ref().map(|device| (device.light, device.cause)),
            turn_missed_at: case.turn_missed_at,
            alert: case.ladder.as_ref().map(|ladder| ladder.step),
            alert_heard: case.ladder.as_ref().is_some_and(|ladder| ladder.heard_by.is_some()),
            claimed_by: match &case.stage {
                Stage::Claimed { by, .. } => Some(by.clone()),
                _ => None,
            },
            colleague: case.colleague().map(|colleague| colleague.id),
            handing: case.handing.as_ref().map(|handing| RowHanding {
                by: handing.by.clone(),
                to: handing.to.clone(),
            }),
        }))
    }

    /// Subject and first words, decrypted once and kept: the intake never changes.
    async fn headline(&self, consultation: ConsultationId, case: &Case) -> Result<Headline, StorageError> {
        if let Some(known) = self.headlines().get(&consultation) {
            return Ok(known.clone());
        }
        // The family's own view of its intake is enough; a staff view would be the same event.
        let viewer = Viewer::Guardian(GuardianId(Uuid::nil()));
        let (events, _) = self.inner.spine.wire(consultation, &viewer, 0, 1).await?;
        let intake = events.into_iter().find_map(|event| match event.kind {
            WireKind::Requested { intake, .. } => intake,
            _ => None,
        });
        let headline = intake.map_or_else(
            || Headline {
                subject: case.subject.label().to_owned(),
                worry: String::new(),
            },
            |intake| Headline {
                subject: intake.subject.label(case.requested_at.date()),
                worry: intake.worry.chars().take(WORRY_SHOWN).collect(),
            },
        );
        let mut headlines = self.headlines();
        if headlines.len() >= HEADLINES {
            headlines.clear();
        }
        headlines.insert(consultation, headline.clone());
        Ok(headline)
    }

    fn headlines(&self) -> MutexGuard<'_, HashMap<ConsultationId, Headline>> {
        self.inner.headlines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
