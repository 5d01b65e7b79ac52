//! Photos and the parts of those on their way. Encrypted bytes only.

use super::{
    StorageError, Store,
    log::stored,
    row::{number, parsed},
};
use futures_util::FutureExt;
use signaling::{
    id::{ConsultationId, MunicipalityId, PhotoId},
    time::At,
};
use sqlx::{AnyConnection, Row as _};

/// A photo as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct PhotoRow {
    /// Which.
    pub photo: PhotoId,
    /// Tenant.
    pub municipality: MunicipalityId,
    /// Its large view, encrypted.
    pub large: Vec<u8>,
    /// Its small view, encrypted.
    pub small: Vec<u8>,
}

signaling::redacted_debug!(PhotoRow { photo, municipality });

/// Which view of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoView {
    /// For looking at.
    Large,
    /// For the conversation.
    Small,
}

/// Whose photo is on its way to where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoWay {
    /// In which consultation.
    pub consultation: ConsultationId,
    /// Tenant.
    pub municipality: MunicipalityId,
    /// From whom: [`signaling::actor::Actor::key`].
    pub owner: String,
    /// Which.
    pub photo: PhotoId,
}

/// A part of a photo.
#[derive(Clone, PartialEq, Eq)]
pub struct PhotoPart {
    /// Its first byte.
    pub from: u64,
    /// The first byte behind it.
    pub until: u64,
    /// Bytes of the whole photo.
    pub total: u64,
    /// Encrypted.
    pub body: Vec<u8>,
}

signaling::redacted_debug!(PhotoPart { from, until, total });

/// How far a photo has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhotoCome {
    /// Bytes that are here, without a gap from the first.
    pub received: u64,
    /// Bytes of the whole, as the first part told.
    pub total: u64,
}

impl Store {
    /// Stores a part that follows on what is here, and tells how far the photo has come; any other part changes nothing.
    /// The first part of a photo puts away the oldest of its owner's where more than `unfinished` would be on their way.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn put_photo_part(
        &self,
        way: PhotoWay,
        part: PhotoPart,
        unfinished: u64,
        now: At,
    ) -> Result<PhotoCome, StorageError> {
        self.write(move |connection| {
            async move {
                let come = way.come(connection).await?;
                let follows = part.from == come.received && (come.total == part.total || come.received == 0);
                if !follows {
                    return Ok(come);
                }
                if part.from == 0 {
                    way.make_room(connection, unfinished).await?;
                }
                let (received, total) = (part.until, part.total);
                way.store(connection, part, now).await?;
                Ok(PhotoCome { received, total })
            }
            .boxed()
        })
        .await
    }

    /// How far a photo has come.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn photo_come(&self, way: &PhotoWay) -> Result<PhotoCome, StorageError> {
        let mut connection = self.read().await?;
        way.come(&mut connection).await
    }

    /// The parts of a photo that are here, in order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn photo_parts(&self, way: &PhotoWay) -> Result<Vec<PhotoPart>, StorageError> {
        let sql = "SELECT from_byte, until_byte, total, body FROM photo_parts \
                   WHERE consultation_id = $1 AND owner = $2 AND photo_id = $3 ORDER BY from_byte";
        let mut connection = self.read().await?;
        let query = sqlx::query(sql)
            .bind(way.consultation.to_string())
            .bind(way.owner.clone())
            .bind(way.photo.to_string());
        let rows = query.fetch_all(&mut *connection).await?;
        rows.iter()
            .map(|row| {
                Ok(PhotoPart {
                    from: number(row, "from_byte")?,
                    until: number(row, "until_byte")?,
                    total: number(row, "total")?,
                    body: row.try_get("body")?,
                })
            })
            .collect()
    }

    /// Puts away what has come of a photo.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn drop_photo_parts(&self, way: PhotoWay) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move { drop_parts(connection, way.consultation, &way.owner, way.photo).await }.boxed()
        })
        .await
    }

    /// Puts away photos of which nothing has come since `before`, and tells how many parts they had.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn purge_photo_parts(&self, before: At) -> Result<u64, StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "DELETE FROM photo_parts WHERE at_ms < $1 AND NOT EXISTS (SELECT 1 FROM photo_parts AS newer \
                           WHERE newer.consultation_id = photo_parts.consultation_id AND newer.owner = photo_parts.owner \
                           AND newer.photo_id = photo_parts.photo_id AND newer.at_ms >= $2)";
                let delete = sqlx::query(sql).bind(before.0).bind(before.0);
                Ok(delete.execute(connection).await?.rows_affected())
            }
            .boxed()
        })
        .await
    }

    /// Bytes of photos that a city's desk stored since `since`, and of those that are on their way, as their first parts told.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn photo_bytes(&self, city: &MunicipalityId, since: At) -> Result<u64, StorageError> {
        let sql = "SELECT CAST((SELECT COALESCE(SUM(bytes), 0) FROM photos WHERE municipality = $1 AND at_ms >= $2) \
                   + (SELECT COALESCE(SUM(total), 0) FROM photo_parts WHERE municipality = $3 AND from_byte = 0) \
                   AS BIGINT) AS bytes";
        let mut connection = self.read().await?;
        let query = sqlx::query(sql)
            .bind(city.to_string())
            .bind(since.0)
            .bind(city.to_string());
        number(&query.fetch_one(&mut *connection).await?, "bytes")
    }

    /// A view of a photo, encrypted.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn photo(
        &self,
        consultation: ConsultationId,
        photo: PhotoId,
        view: PhotoView,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let sql = match view {
            PhotoView::Large => "SELECT large FROM photos WHERE consultation_id = $1 AND photo_id = $2",
            PhotoView::Small => "SELECT small FROM photos WHERE consultation_id = $1 AND photo_id = $2",
        };
        let mut connection = self.read().await?;
        let query = sqlx::query_scalar(sql)
            .bind(consultation.to_string())
            .bind(photo.to_string());
        Ok(query.fetch_optional(&mut *connection).await?)
    }
}

impl PhotoRow {
    /// Stores it, in the transaction of the event that tells of it.
    pub(super) async fn store(
        &self,
        connection: &mut AnyConnection,
        consultation: ConsultationId,
        owner: &str,
        now: At,
    ) -> Result<(), StorageError> {
        let sql = "INSERT INTO photos (consultation_id, photo_id, municipality, at_ms, bytes, large, small) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let bytes = self.large.len() + self.small.len();
        let insert = sqlx::query(sql)
            .bind(consultation.to_string())
            .bind(self.photo.to_string())
            .bind(self.municipality.to_string())
            .bind(now.0)
            .bind(stored(bytes as u64));
        let insert = insert.bind(self.large.clone()).bind(self.small.clone());
        insert.execute(&mut *connection).await?;
        drop_parts(connection, consultation, owner, self.photo).await
    }
}

impl PhotoWay {
    async fn come(&self, connection: &mut AnyConnection) -> Result<PhotoCome, StorageError> {
        let sql = "SELECT until_byte, total FROM photo_parts WHERE consultation_id = $1 AND owner = $2 AND photo_id = $3 \
                   ORDER BY from_byte DESC LIMIT 1";
        let query = sqlx::query(sql)
            .bind(self.consultation.to_string())
            .bind(self.owner.clone())
            .bind(self.photo.to_string());
        let Some(row) = query.fetch_optional(connection).await? else {
            return Ok(PhotoCome::default());
        };
        Ok(PhotoCome {
            received: number(&row, "until_byte")?,
            total: number(&row, "total")?,
        })
    }

    async fn make_room(&self, connection: &mut AnyConnection, unfinished: u64) -> Result<(), StorageError> {
        let sql = "SELECT photo_id FROM photo_parts WHERE consultation_id = $1 AND owner = $2 AND from_byte = 0 \
                   ORDER BY at_ms DESC, photo_id";
        let query = sqlx::query(sql)
            .bind(self.consultation.to_string())
            .bind(self.owner.clone());
        let begun = query.fetch_all(&mut *connection).await?;
        let kept = usize::try_from(unfinished.saturating_sub(1)).unwrap_or(usize::MAX);
        for old in begun.iter().skip(kept) {
            drop_parts(connection, self.consultation, &self.owner, parsed(old, "photo_id")?).await?;
        }
        Ok(())
    }

    async fn store(&self, connection: &mut AnyConnection, part: PhotoPart, now: At) -> Result<(), StorageError> {
        let sql = "INSERT INTO photo_parts \
                   (consultation_id, owner, photo_id, from_byte, until_byte, total, municipality, at_ms, body) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let insert = sqlx::query(sql)
            .bind(self.consultation.to_string())
            .bind(self.owner.clone())
            .bind(self.photo.to_string())
            .bind(stored(part.from))
            .bind(stored(part.until))
            .bind(stored(part.total))
            .bind(self.municipality.to_string());
        insert.bind(now.0).bind(part.body).execute(connection).await?;
        Ok(())
    }
}

async fn drop_parts(
    connection: &mut AnyConnection,
    consultation: ConsultationId,
    owner: &str,
    photo: PhotoId,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM photo_parts WHERE consultation_id = $1 AND owner = $2 AND photo_id = $3";
    let delete = sqlx::query(sql)
        .bind(consultation.to_string())
        .bind(owner.to_owned())
        .bind(photo.to_string());
    delete.execute(connection).await?;
    Ok(())
}
