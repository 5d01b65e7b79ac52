//! Half-written texts while the page is away: what was not stored yet when it went, loaded again or signed out, is kept in
//! this tab until the same clinician is back. So is for whom the bell was silenced.
//!
//! Only the tab's own session store holds them, only what the server has not, and only for the clinician who wrote them.

use super::Desk;
use crate::live::Live;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use signaling::{
    id::{ConsultationId, StaffId},
    protocol::ServerFrame,
};
use std::collections::BTreeSet;
use web_sys::Storage;

const KEY: &str = "desk-drafts";
const HUSHED: &str = "desk-hushed";

#[derive(Serialize, Deserialize)]
struct Kept {
    of: StaffId,
    drafts: Vec<(ConsultationId, String, serde_json::Value)>,
}

#[derive(Serialize, Deserialize)]
struct Hushed {
    of: StaffId,
    consultations: BTreeSet<ConsultationId>,
}

/// Private windows may have none; then the page itself is all there is.
fn store() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Keeps what is unsaved when the page goes away: the last half second, or all since the session has ended.
pub(super) fn keep_unsaved(desk: Desk, live: Live) {
    window_event_listener_untyped("pagehide", move |_| keep(desk, live));
}

fn keep(desk: Desk, live: Live) {
    let unsaved = live.unsaved_drafts();
    if unsaved.is_empty() {
        return;
    }
    let kept = Kept {
        of: desk.me.with_value(|me| me.id),
        drafts: unsaved
            .into_iter()
            .map(|(consultation, field, body)| (consultation, field.to_owned(), body))
            .collect(),
    };
    if let (Some(store), Ok(json)) = (store(), serde_json::to_string(&kept)) {
        // A store that is full or forbidden keeps nothing; the page has said all it can.
        let _ = store.set_item(KEY, &json);
    }
}

/// Puts what was kept back into its fields, and stores it. What belongs to somebody else is thrown away.
pub(super) fn bring_back(desk: Desk, live: Live) {
    let Some(store) = store() else { return };
    let kept = store.get_item(KEY).ok().flatten();
    let _ = store.remove_item(KEY);
    let kept = kept.and_then(|json| serde_json::from_str::<Kept>(&json).ok());
    let Some(kept) = kept.filter(|kept| desk.me.with_value(|me| me.id == kept.of)) else {
        return;
    };
    for (consultation, field, body) in kept.drafts {
        let Some(open) = untrack(|| desk.open(consultation)) else {
            continue;
        };
        let field = match field.as_str() {
            "note" => "note",
            "addition" => "addition",
            _ => "message",
        };
        live.draft(consultation, field, body.clone());
        let frame = ServerFrame::Draft {
            consultation,
            field: field.to_owned(),
            revision: 0,
            body,
            inherited: false,
        };
        desk.receive(&frame, true);
        if field == "note" {
            // The older one that the server holds comes too late.
            open.note_touched.set(true);
        }
    }
}

/// Those for whom this clinician has silenced the bell in this tab, before it was loaded again.
pub(super) fn hushed(desk: Desk) -> BTreeSet<ConsultationId> {
    let kept = store().and_then(|store| store.get_item(HUSHED).ok().flatten());
    let kept = kept.and_then(|json| serde_json::from_str::<Hushed>(&json).ok());
    let mine = kept.filter(|kept| desk.me.with_value(|me| me.id == kept.of));
    mine.map(|kept| kept.consultations).unwrap_or_default()
}

/// Keeps them as they are now. Follows the desk.
pub(super) fn keep_hushed(desk: Desk) {
    let kept = Hushed {
        of: desk.me.with_value(|me| me.id),
        consultations: desk.heard.get(),
    };
    if let (Some(store), Ok(json)) = (store(), serde_json::to_string(&kept)) {
        // Without a store the bell rings again after the page is loaded anew.
        let _ = store.set_item(HUSHED, &json);
    }
}
