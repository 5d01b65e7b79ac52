//! Photos of an intake that is not sent yet, and what is done with an intake that never is.
//!
//! Promises: a photo goes with the request, or is refused; none is left between. Whoever adds one and whoever sends the intake
//! take the lock of the consultation's key first, so that on PostgreSQL too one of them sees what the other did.

use super::{
    PhotoRow, StorageError, Store,
    draft::drop_content,
    log::stored,
    row::{number, parsed},
};
use futures_util::FutureExt;
use signaling::{
    id::{ConsultationId, PhotoId},
    photo::{Photo, PhotoFault, PhotoFormat, fits_intake},
    time::At,
};
use sqlx::AnyConnection;

/// How the adding of a photo to an intake went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddedEarly {
    /// It is there, now or since before.
    Stored,
    /// It is not taken.
    Refused(PhotoFault),
    /// The intake is sent: its photos are commands from now on.
    SentAlready,
}

impl Store {
    /// Adds a photo to an intake that is not sent yet. `owner`: whose parts it came in.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_intake_photo(
        &self,
        consultation: ConsultationId,
        owner: String,
        (photo, row): (Photo, PhotoRow),
        now: At,
    ) -> Result<AddedEarly, StorageError> {
        self.write(move |connection| {
            async move {
                lock(connection, consultation).await?;
                let sql = "SELECT id FROM consultations WHERE id = $1";
                let sent = sqlx::query(sql).bind(consultation.to_string());
                if sent.fetch_optional(&mut *connection).await?.is_some() {
                    return Ok(AddedEarly::SentAlready);
                }
                let before = of(connection, consultation).await?;
                if before.iter().any(|one| one.id == photo.id) {
                    return Ok(AddedEarly::Stored);
                }
                if let Err(fault) = fits_intake(before.len()) {
                    return Ok(AddedEarly::Refused(fault));
                }
                row.store(connection, consultation, &owner, now).await?;
                let sql = "INSERT INTO intake_photos (consultation_id, photo_id, at_ms, width, height, bytes) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
                let insert = sqlx::query(sql)
                    .bind(consultation.to_string())
                    .bind(photo.id.to_string())
                    .bind(now.0)
                    .bind(i64::from(photo.width))
                    .bind(i64::from(photo.height))
                    .bind(i64::from(photo.bytes));
                insert.execute(&mut *connection).await?;
                Ok(AddedEarly::Stored)
            }
            .boxed()
        })
        .await
    }

    /// The photos of an intake that is not sent yet, in order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn intake_photos(&self, consultation: ConsultationId) -> Result<Vec<Photo>, StorageError> {
        let mut connection = self.read().await?;
        of(&mut connection, consultation).await
    }

    /// Takes a photo away from an intake that is not sent yet.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn drop_intake_photo(&self, consultation: ConsultationId, photo: PhotoId) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                lock(connection, consultation).await?;
                let sql = "DELETE FROM intake_photos WHERE consultation_id = $1 AND photo_id = $2";
                let delete = sqlx::query(sql).bind(consultation.to_string()).bind(photo.to_string());
                if delete.execute(&mut *connection).await?.rows_affected() == 1 {
                    let sql = "DELETE FROM photos WHERE consultation_id = $1 AND photo_id = $2";
                    let delete = sqlx::query(sql).bind(consultation.to_string()).bind(photo.to_string());
                    delete.execute(&mut *connection).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// Puts away up to `most` intakes that were not sent and at which nobody wrote since `before`: drafts, photos and key. Tells
    /// how many.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn purge_unsent(&self, before: At, most: u64) -> Result<u64, StorageError> {
        let sql = "SELECT consultation_id FROM drafts WHERE at_ms < $1 \
                   AND NOT EXISTS (SELECT 1 FROM consultations WHERE consultations.id = drafts.consultation_id) \
                   AND NOT EXISTS (SELECT 1 FROM drafts AS newer WHERE newer.consultation_id = drafts.consultation_id \
                   AND newer.at_ms >= $2) \
                   AND NOT EXISTS (SELECT 1 FROM intake_photos WHERE intake_photos.consultation_id = drafts.consultation_id \
                   AND intake_photos.at_ms >= $3) GROUP BY consultation_id ORDER BY consultation_id LIMIT $4";
        let query = sqlx::query(sql)
            .bind(before.0)
            .bind(before.0)
            .bind(before.0)
            .bind(stored(most));
        let rows = {
            let mut connection = self.read().await?;
            query.fetch_all(&mut *connection).await?
        };
        let mut put_away = 0;
        for row in &rows {
            put_away += u64::from(self.drop_unsent(parsed(row, "consultation_id")?).await?);
        }
        Ok(put_away)
    }

    /// All of one; nothing of one that was sent meanwhile.
    async fn drop_unsent(&self, consultation: ConsultationId) -> Result<bool, StorageError> {
        self.write(move |connection| {
            async move {
                lock(connection, consultation).await?;
                let sent = sqlx::query("SELECT id FROM consultations WHERE id = $1").bind(consultation.to_string());
                if sent.fetch_optional(&mut *connection).await?.is_some() {
                    return Ok(false);
                }
                drop_content(connection, consultation).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
    }
}

/// The request is being stored: its photos are the log's from now on. Other photos than these are somebody who was faster.
pub(super) async fn handed_over(
    connection: &mut AnyConnection,
    consultation: ConsultationId,
    told: &[PhotoId],
) -> Result<(), StorageError> {
    lock(connection, consultation).await?;
    let waiting: Vec<PhotoId> = of(connection, consultation).await?.iter().map(|one| one.id).collect();
    if waiting != told {
        return Err(StorageError::SeqConflict);
    }
    let sql = "DELETE FROM intake_photos WHERE consultation_id = $1";
    let delete = sqlx::query(sql).bind(consultation.to_string());
    delete.execute(connection).await?;
    Ok(())
}

/// Until the end of the transaction. Before there is a key there is no photo.
async fn lock(connection: &mut AnyConnection, consultation: ConsultationId) -> Result<(), StorageError> {
    let sql = "UPDATE consultation_keys SET wrapped = wrapped WHERE consultation_id = $1";
    let update = sqlx::query(sql).bind(consultation.to_string());
    update.execute(connection).await?;
    Ok(())
}

async fn of(connection: &mut AnyConnection, consultation: ConsultationId) -> Result<Vec<Photo>, StorageError> {
    let sql =
        "SELECT photo_id, width, height, bytes FROM intake_photos WHERE consultation_id = $1 ORDER BY at_ms, photo_id";
    let query = sqlx::query(sql).bind(consultation.to_string());
    let rows = query.fetch_all(connection).await?;
    let size = |row, column: &'static str| {
        let size = u32::try_from(number(row, column)?);
        size.map_err(|_| StorageError::unreadable("a photo", column))
    };
    rows.iter()
        .map(|row| {
            Ok(Photo {
                id: parsed(row, "photo_id")?,
                format: PhotoFormat::Jpeg,
                width: size(row, "width")?,
                height: size(row, "height")?,
                bytes: size(row, "bytes")?,
            })
        })
        .collect()
}
