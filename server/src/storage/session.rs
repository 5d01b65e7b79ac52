//! Sessions of signed-in staff: a token's digest, idle and absolute end.

use super::{StorageError, Store, staff::staff};
use futures_util::FutureExt;
use signaling::{
    actor::StaffActor,
    id::{MunicipalityId, StaffId},
    time::At,
};
use sqlx::{AnyConnection, Row};

/// A session to begin.
#[derive(Clone)]
pub struct NewSession {
    /// Digest of its token.
    pub token_hash: String,
    /// Whose.
    pub staff: StaffId,
    /// Now.
    pub created_at: At,
}

signaling::redacted_debug!(NewSession { staff, created_at });

impl Store {
    /// Who is signed in at a municipality with this session, and when it was last seen. Sessions last seen at `idle_since`
    /// or before, or begun at `begun_since` or before, are over.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn staff_session(
        &self,
        city: &MunicipalityId,
        token_hash: &str,
        idle_since: At,
        begun_since: At,
    ) -> Result<Option<(StaffActor, At)>, StorageError> {
        let mut connection = self.read().await?;
        let row = sqlx::query(
            "SELECT s.id, s.name, s.role, e.seen_at FROM staff_sessions e JOIN staff s ON s.id = e.staff \
             WHERE e.token_hash = $1 AND s.municipality = $2 AND e.ended_at IS NULL AND s.disabled_at IS NULL \
             AND e.seen_at > $3 AND e.created_at > $4",
        )
        .bind(token_hash)
        .bind(city.as_str())
        .bind(idle_since.0)
        .bind(begun_since.0)
        .fetch_optional(&mut *connection)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let actor = StaffActor {
            staff: staff(&row)?,
            municipality: city.clone(),
        };
        Ok(Some((actor, At(row.try_get("seen_at")?))))
    }

    /// Keeps a session from going idle. Never moves it back.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn see_session(&self, token_hash: String, now: At) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "UPDATE staff_sessions SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2";
                sqlx::query(sql)
                    .bind(token_hash)
                    .bind(now.0)
                    .execute(connection)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// Signs out.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn end_session(&self, token_hash: String, now: At) -> Result<(), StorageError> {
        self.write(move |connection| async move { end(connection, &token_hash, now).await }.boxed())
            .await
    }
}

pub(super) async fn insert(connection: &mut AnyConnection, new: NewSession) -> Result<(), StorageError> {
    sqlx::query("INSERT INTO staff_sessions (token_hash, staff, created_at, seen_at) VALUES ($1, $2, $3, $3)")
        .bind(new.token_hash)
        .bind(new.staff.to_string())
        .bind(new.created_at.0)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn end(connection: &mut AnyConnection, token_hash: &str, now: At) -> Result<(), StorageError> {
    sqlx::query("UPDATE staff_sessions SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL")
        .bind(token_hash)
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}
