//! What is being written: one encrypted row each, last write wins by revision, gone when sent or signed.

use super::Spine;
use crate::{
    seal::{ContentKey, Place},
    storage::{DraftRow, StorageError},
};
use signaling::{actor::Actor, id::ConsultationId};

impl Spine {
    /// Stores what is being written and tells which revision stands. The same or an older revision changes nothing, nor
    /// does a note's draft once the note is signed.
    ///
    /// # Errors
    /// [`StorageError::Erased`], or the database cannot be written.
    pub async fn put_draft(
        &self,
        consultation: ConsultationId,
        owner: &str,
        field: &str,
        revision: u64,
        body: &serde_json::Value,
    ) -> Result<u64, StorageError> {
        if field == "note" && self.has_signed_note(consultation).await? {
            return Ok(revision);
        }
        let key = self.key_for_drafts(consultation).await?;
        let place = Place::Draft {
            consultation,
            owner,
            field,
            revision,
        };
        let draft = DraftRow {
            consultation,
            owner: owner.to_owned(),
            field: field.to_owned(),
            revision,
            body: key.seal(&self.inner.world, &place, body.to_string().as_bytes()),
            at: self.now(),
        };
        self.inner.store.put_draft(draft).await
    }

    /// A draft with its revision.
    ///
    /// # Errors
    /// The database cannot be read, or the stored bytes were changed.
    pub async fn draft(
        &self,
        consultation: ConsultationId,
        owner: &str,
        field: &str,
    ) -> Result<Option<(u64, serde_json::Value)>, StorageError> {
        let row = self.inner.store.draft(consultation, owner, field).await?;
        self.opened(row).await
    }

    /// The record's draft for the clinician who has the consultation: the newest one, also where a colleague began it; and
    /// whether it is a colleague's. For anybody else only their own.
    ///
    /// # Errors
    /// As [`Spine::draft`].
    pub async fn note_draft(
        &self,
        consultation: ConsultationId,
        me: &Actor,
    ) -> Result<Option<(u64, serde_json::Value, bool)>, StorageError> {
        let owner = me.key();
        let state = self.load(consultation).await?;
        let has_it = state
            .as_deref()
            .and_then(|state| state.case.as_deref()?.clinician())
            .is_some_and(|clinician| me.clinician().is_some_and(|me| me.id == clinician.id));
        let newest = match has_it {
            true => self.inner.store.newest_draft(consultation, "note").await?,
            false => self.inner.store.draft(consultation, &owner, "note").await?,
        };
        let inherited = newest.as_ref().is_some_and(|row| row.owner != owner);
        let opened = self.opened(newest).await?;
        Ok(opened.map(|(revision, body)| (revision, body, inherited)))
    }

    async fn opened(&self, row: Option<DraftRow>) -> Result<Option<(u64, serde_json::Value)>, StorageError> {
        let Some(row) = row else {
            return Ok(None);
        };
        let Some(key) = self.content_key(row.consultation).await? else {
            return Ok(None);
        };
        let place = Place::Draft {
            consultation: row.consultation,
            owner: &row.owner,
            field: &row.field,
            revision: row.revision,
        };
        let plain = key
            .open(&place, &row.body)
            .map_err(|error| StorageError::unreadable("a draft", error))?;
        // The cause would quote what was written.
        let body = serde_json::from_slice(&plain);
        Ok(Some((
            row.revision,
            body.map_err(|_| StorageError::unreadable("a draft", "it has another form"))?,
        )))
    }

    /// Drops all drafts of one owner.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn drop_drafts(&self, consultation: ConsultationId, owner: &str) -> Result<(), StorageError> {
        self.inner.store.drop_drafts(consultation, owner).await
    }

    async fn has_signed_note(&self, consultation: ConsultationId) -> Result<bool, StorageError> {
        let state = self.load(consultation).await?;
        Ok(state.is_some_and(|state| state.case.as_deref().is_some_and(|case| case.note.is_some())))
    }

    /// The intake is written before there is any event, so the key may have to be made here.
    pub(super) async fn key_for_drafts(&self, consultation: ConsultationId) -> Result<ContentKey, StorageError> {
        if let Some(key) = self.content_key(consultation).await? {
            return Ok(key);
        }
        let key = ContentKey::random(&self.inner.world);
        let wrapped = self.inner.keys.wrap(&self.inner.world, consultation, &key);
        let stands = self
            .inner
            .store
            .add_first_key(consultation, wrapped, self.now())
            .await?;
        let stands = stands.ok_or(StorageError::Erased)?;
        let key = self.inner.keys.unwrap(consultation, &stands);
        key.map_err(|error| StorageError::unreadable("a content key", error))
    }
}
