//! Drafts and the keys of contents. Both hold encrypted bytes only.

use super::{StorageError, Store, log::stored, row::number};
use futures_util::FutureExt;
use signaling::{id::ConsultationId, time::At};
use sqlx::{AnyConnection, Row as _};

/// A draft as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// In which consultation.
    pub consultation: ConsultationId,
    /// Whose: [`signaling::actor::Actor::key`].
    pub owner: String,
    /// Of what.
    pub field: String,
    /// Counts up with every change.
    pub revision: u64,
    /// Encrypted.
    pub body: Vec<u8>,
    /// When it was stored.
    pub at: At,
}

signaling::redacted_debug!(DraftRow {
    consultation,
    owner,
    field,
    revision,
    at
});

impl Store {
    /// Stores a draft unless the same or a later revision is there, and tells which revision stands now.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn put_draft(&self, draft: DraftRow) -> Result<u64, StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "INSERT INTO drafts (consultation_id, owner, field, revision, body, at_ms) \
                           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (consultation_id, owner, field) DO UPDATE \
                           SET revision = excluded.revision, body = excluded.body, at_ms = excluded.at_ms \
                           WHERE drafts.revision < excluded.revision";
                let id = draft.consultation.to_string();
                let put = sqlx::query(sql)
                    .bind(id.clone())
                    .bind(draft.owner.clone())
                    .bind(draft.field.clone());
                let put = put.bind(stored(draft.revision)).bind(draft.body).bind(draft.at.0);
                put.execute(&mut *connection).await?;
                let sql = "SELECT revision FROM drafts WHERE consultation_id = $1 AND owner = $2 AND field = $3";
                let stands = sqlx::query(sql).bind(id).bind(draft.owner).bind(draft.field);
                number(&stands.fetch_one(connection).await?, "revision")
            }
            .boxed()
        })
        .await
    }

    /// A stored draft.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn draft(
        &self,
        consultation: ConsultationId,
        owner: &str,
        field: &str,
    ) -> Result<Option<DraftRow>, StorageError> {
        let sql = "SELECT revision, body, at_ms FROM drafts WHERE consultation_id = $1 AND owner = $2 AND field = $3";
        let mut connection = self.read().await?;
        let found = sqlx::query(sql)
            .bind(consultation.to_string())
            .bind(owner.to_owned())
            .bind(field.to_owned());
        let Some(row) = found.fetch_optional(&mut *connection).await? else {
            return Ok(None);
        };
        Ok(Some(DraftRow {
            consultation,
            owner: owner.to_owned(),
            field: field.to_owned(),
            revision: number(&row, "revision")?,
            body: row.try_get("body")?,
            at: At(row.try_get("at_ms")?),
        }))
    }

    /// The draft of a field that was changed last, whoever's it is.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn newest_draft(
        &self,
        consultation: ConsultationId,
        field: &str,
    ) -> Result<Option<DraftRow>, StorageError> {
        let sql = "SELECT owner FROM drafts WHERE consultation_id = $1 AND field = $2 \
                   ORDER BY at_ms DESC, revision DESC, owner LIMIT 1";
        let newest = sqlx::query_scalar(sql)
            .bind(consultation.to_string())
            .bind(field.to_owned());
        let owner: Option<String> = {
            let mut connection = self.read().await?;
            newest.fetch_optional(&mut *connection).await?
        };
        match owner {
            Some(owner) => self.draft(consultation, &owner, field).await,
            None => Ok(None),
        }
    }

    /// Drops all drafts of one owner in a consultation.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn drop_drafts(&self, consultation: ConsultationId, owner: &str) -> Result<(), StorageError> {
        let owner = owner.to_owned();
        self.write(move |connection| {
            async move {
                let sql = "DELETE FROM drafts WHERE consultation_id = $1 AND owner = $2";
                sqlx::query(sql)
                    .bind(consultation.to_string())
                    .bind(owner)
                    .execute(connection)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// The wrapped key of a consultation's content; nothing before the first need and after it was erased.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn wrapped_key(&self, consultation: ConsultationId) -> Result<Option<Vec<u8>>, StorageError> {
        let sql = "SELECT wrapped FROM consultation_keys WHERE consultation_id = $1";
        let mut connection = self.read().await?;
        Ok(sqlx::query_scalar(sql)
            .bind(consultation.to_string())
            .fetch_optional(&mut *connection)
            .await?)
    }

    /// Stores a key for a consultation that has no events yet, and tells which one stands: `wrapped`, or the one that
    /// was there. Nothing for a consultation with events: its missing key was erased, and a new one must not hide that.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_first_key(
        &self,
        consultation: ConsultationId,
        wrapped: Vec<u8>,
        now: At,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let id = consultation.to_string();
        self.write(move |connection| {
            async move {
                let sql = "INSERT INTO consultation_keys (consultation_id, wrapped, created_at) \
                           SELECT $1, $2, $3 \
                           WHERE NOT EXISTS (SELECT 1 FROM consultations WHERE id = $4) \
                           ON CONFLICT (consultation_id) DO NOTHING";
                let insert = sqlx::query(sql)
                    .bind(id.clone())
                    .bind(wrapped)
                    .bind(now.0)
                    .bind(id.clone());
                insert.execute(&mut *connection).await?;
                let sql = "SELECT wrapped FROM consultation_keys WHERE consultation_id = $1";
                Ok(sqlx::query_scalar(sql).bind(id).fetch_optional(connection).await?)
            }
            .boxed()
        })
        .await
    }

    /// Erases the content of a consultation: its key, its drafts and its photos. The facts and the chain stay.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn erase_content(&self, consultation: ConsultationId) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                drop_content(connection, consultation).await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }
}

/// Everything of a consultation that is content, and the key of what stays in the log.
pub(super) async fn drop_content(
    connection: &mut AnyConnection,
    consultation: ConsultationId,
) -> Result<(), StorageError> {
    for sql in [
        "DELETE FROM drafts WHERE consultation_id = $1",
        "DELETE FROM photos WHERE consultation_id = $1",
        "DELETE FROM photo_parts WHERE consultation_id = $1",
        "DELETE FROM intake_photos WHERE consultation_id = $1",
        "DELETE FROM consultation_keys WHERE consultation_id = $1",
    ] {
        sqlx::query(sql)
            .bind(consultation.to_string())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
