//! Reading the log: folded, decrypted, or as one viewer receives it.

use super::{Spine, cache::Folded};
use crate::{
    seal::{ContentKey, Place},
    storage::{EventRow, StorageError},
};
use signaling::{
    actor::Viewer,
    consultation::{Event, Sealed, State, WireEvent, apply, lift, project},
    id::{ConsultationId, Seq},
};
use std::sync::Arc;

/// Events read at once while folding.
const PIECE: u64 = 1_000;

impl Spine {
    /// The consultation as it stands; nothing before its first event.
    ///
    /// # Errors
    /// The log cannot be read.
    pub async fn load(&self, consultation: ConsultationId) -> Result<Option<Arc<State>>, StorageError> {
        let folded = self.folded(consultation).await?;
        Ok((folded.state.seq > 0).then_some(folded.state))
    }

    /// Events after `after`, at most `limit`, decrypted. The sealed part is nothing where its key has been erased.
    ///
    /// # Errors
    /// The log cannot be read, or sealed bytes were changed.
    pub async fn events(
        &self,
        consultation: ConsultationId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Event>, StorageError> {
        let rows = self.inner.store.events(consultation, after, limit as u64).await?;
        // The key is read anew each time, so that erasing it takes effect at once on every server.
        let key = match rows.iter().any(|row| row.sealed.is_some()) {
            true => self.content_key(consultation).await?,
            false => None,
        };
        rows.into_iter().map(|row| opened(row, key.as_ref())).collect()
    }

    /// What `viewer` receives of the events after `after`; at most `limit` events are read. Beside it the number of the
    /// last event read (`after` when there was none): numbers jump where events are for others. Whether the viewer may see
    /// this consultation at all is for the caller to check.
    ///
    /// # Errors
    /// The log cannot be read.
    pub async fn wire(
        &self,
        consultation: ConsultationId,
        viewer: &Viewer,
        after: Seq,
        limit: usize,
    ) -> Result<(Vec<WireEvent>, Seq), StorageError> {
        let events = self.events(consultation, after, limit).await?;
        let last = events.last().map_or(after, |event| event.seq);
        Ok((events.iter().filter_map(|event| project(event, viewer)).collect(), last))
    }

    /// Like [`Spine::wire`] from memory, where all that follows on `after` has just been stored by this process: what a
    /// woken socket asks for. Nothing where the log is to be asked; there may be more in the log than this, of which its own
    /// wake-up tells.
    #[must_use]
    pub fn just_stored(
        &self,
        consultation: ConsultationId,
        viewer: &Viewer,
        after: Seq,
    ) -> Option<(Vec<WireEvent>, Seq)> {
        let events = self.inner.tail.after(consultation, after, self.now())?;
        let last = events.last().map_or(after, |event| event.seq);
        Some((events.iter().filter_map(|event| project(event, viewer)).collect(), last))
    }

    /// The whole log folded: what is known, and what was appended since.
    pub(super) async fn folded(&self, consultation: ConsultationId) -> Result<Folded, StorageError> {
        let mut folded = self.inner.cache.find(consultation).unwrap_or_else(Folded::empty);
        let known = folded.state.seq;
        loop {
            let rows = self.inner.store.facts(consultation, folded.state.seq, PIECE).await?;
            let complete = (rows.len() as u64) < PIECE;
            let mut state = Arc::unwrap_or_clone(folded.state);
            for row in rows {
                folded.head = row.mac;
                let event = opened(row, None)?;
                if event.seq != state.seq + 1 {
                    return Err(StorageError::unreadable(
                        "a log",
                        format!("event {} is missing", state.seq + 1),
                    ));
                }
                state = apply(state, &event);
            }
            folded.state = Arc::new(state);
            if complete {
                break;
            }
        }
        if folded.key.is_none() {
            folded.key = self.content_key(consultation).await?;
        }
        if folded.state.seq > known {
            self.inner.cache.keep(consultation, folded.clone());
        }
        Ok(folded)
    }

    pub(super) async fn content_key(&self, consultation: ConsultationId) -> Result<Option<ContentKey>, StorageError> {
        let Some(wrapped) = self.inner.store.wrapped_key(consultation).await? else {
            return Ok(None);
        };
        let key = self.inner.keys.unwrap(consultation, &wrapped);
        key.map(Some)
            .map_err(|error| StorageError::unreadable("a content key", error))
    }

    /// Erases what a family and the staff wrote in a consultation. Facts, figures and the chain stay.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn erase_content(&self, consultation: ConsultationId) -> Result<(), StorageError> {
        let _turn = self.turn(consultation).await;
        self.inner.store.erase_content(consultation).await?;
        self.inner.cache.forget(consultation);
        self.inner.tail.forget(consultation);
        Ok(())
    }
}

/// A stored event, its sealed part opened if there is a key.
fn opened(row: EventRow, key: Option<&ContentKey>) -> Result<Event, StorageError> {
    let fact = lift(row.version, &row.facts).map_err(|error| StorageError::unreadable("an event", error))?;
    let sealed = match (row.sealed, key) {
        (Some(bytes), Some(key)) => {
            let place = Place::Event {
                consultation: row.consultation,
                seq: row.seq,
            };
            let plain = key
                .open(&place, &bytes)
                .map_err(|error| StorageError::unreadable("an event's content", error))?;
            let sealed = serde_json::from_slice::<Sealed>(&plain);
            // The cause would quote what was written.
            Some(sealed.map_err(|_| StorageError::unreadable("an event's content", "it has another form"))?)
        }
        _ => None,
    };
    Ok(Event {
        seq: row.seq,
        at: row.at,
        fact,
        sealed,
    })
}
