//! Half-written texts on their way to the server: the last one of each field, sent half a second after the last change
//! and again after every reconnect until it is stored.

use super::Live;
use crate::clock::now_ms;
use leptos::prelude::*;
use signaling::{id::ConsultationId, protocol::ClientFrame};
use std::{collections::BTreeMap, time::Duration};

/// Long enough not to send every key, short enough that a closing page loses next to nothing.
const PAUSE: Duration = Duration::from_millis(400);

#[derive(Default)]
pub(super) struct Drafts {
    unsaved: BTreeMap<(ConsultationId, &'static str), Draft>,
}

struct Draft {
    revision: u64,
    body: serde_json::Value,
}

impl Drafts {
    pub(super) fn saved(&mut self, consultation: ConsultationId, field: &str, revision: u64) {
        self.unsaved
            .retain(|(id, name), draft| *id != consultation || *name != field || draft.revision > revision);
    }
}

impl Drafts {
    pub(super) fn unsaved(&self) -> Vec<(ConsultationId, &'static str, serde_json::Value)> {
        let all = self.unsaved.iter();
        all.map(|((consultation, field), draft)| (*consultation, *field, draft.body.clone()))
            .collect()
    }
}

pub(super) fn changed(live: Live, consultation: ConsultationId, field: &'static str, body: serde_json::Value) {
    // The time makes revisions grow across reloads and devices of the same person.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "milliseconds since the epoch"
    )]
    let revision = now_ms() as u64;
    live.with(|inner| {
        inner
            .drafts
            .unsaved
            .insert((consultation, field), Draft { revision, body })
    });
    set_timeout(move || send(live, consultation, field, revision), PAUSE);
}

fn send(live: Live, consultation: ConsultationId, field: &'static str, revision: u64) {
    let frame = live.with(|inner| {
        let draft = inner.drafts.unsaved.get(&(consultation, field))?;
        // A later change has its own timer.
        (draft.revision == revision).then(|| ClientFrame::Draft {
            consultation,
            field: field.to_owned(),
            revision,
            body: draft.body.clone(),
        })
    });
    if let Some(frame) = frame {
        live.send(&frame);
    }
}

pub(super) fn send_unsaved(live: Live) {
    let all: Vec<_> = live.with(|inner| {
        inner
            .drafts
            .unsaved
            .iter()
            .map(|((consultation, field), draft)| (*consultation, *field, draft.revision))
            .collect()
    });
    for (consultation, field, revision) in all {
        send(live, consultation, field, revision);
    }
}
