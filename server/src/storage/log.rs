//! Events as they are stored.

use super::{
    StorageError, Store,
    row::{number, parsed},
};
use crate::chain::Mac;
use signaling::{
    id::{ConsultationId, Seq},
    time::At,
};
use sqlx::{AnyConnection, Row as _, any::AnyRow};

/// An event as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Which consultation.
    pub consultation: ConsultationId,
    /// Its number.
    pub seq: Seq,
    /// When it was appended.
    pub at: At,
    /// The kind, the same word as the tag in the facts.
    pub kind: String,
    /// With which version the facts were written.
    pub version: u16,
    /// What stays, as JSON.
    pub facts: String,
    /// What is encrypted.
    pub sealed: Option<Vec<u8>>,
    /// Who: [`signaling::actor::Actor::key`].
    pub actor: String,
    /// The link of the chain.
    pub mac: Mac,
}

signaling::redacted_debug!(EventRow {
    consultation,
    seq,
    at,
    kind,
    version,
    actor,
    mac
});

impl Store {
    /// Events after `after`, at most `limit`, in order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn events(
        &self,
        consultation: ConsultationId,
        after: Seq,
        limit: u64,
    ) -> Result<Vec<EventRow>, StorageError> {
        let sql = "SELECT consultation_id, seq, at_ms, kind, version, facts, sealed, actor, mac FROM events \
                   WHERE consultation_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        self.event_rows(sql, consultation, after, limit).await
    }

    /// Like [`Store::events`] without the sealed part: what folding needs.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn facts(
        &self,
        consultation: ConsultationId,
        after: Seq,
        limit: u64,
    ) -> Result<Vec<EventRow>, StorageError> {
        let sql = "SELECT consultation_id, seq, at_ms, kind, version, facts, CAST(NULL AS BYTEA) AS sealed, actor, mac \
                   FROM events WHERE consultation_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        self.event_rows(sql, consultation, after, limit).await
    }

    async fn event_rows(
        &self,
        sql: &'static str,
        consultation: ConsultationId,
        after: Seq,
        limit: u64,
    ) -> Result<Vec<EventRow>, StorageError> {
        let mut connection = self.read().await?;
        let rows = sqlx::query(sql)
            .bind(consultation.to_string())
            .bind(stored(after))
            .bind(stored(limit))
            .fetch_all(&mut *connection)
            .await?;
        rows.iter().map(EventRow::read).collect()
    }

    /// The number of the last event that is there, whatever the consultation's row says.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn last_event(&self, consultation: ConsultationId) -> Result<Option<Seq>, StorageError> {
        let mut connection = self.read().await?;
        let sql = "SELECT seq FROM events WHERE consultation_id = $1 ORDER BY seq DESC LIMIT 1";
        let row = sqlx::query(sql)
            .bind(consultation.to_string())
            .fetch_optional(&mut *connection)
            .await?;
        row.map(|row| number(&row, "seq")).transpose()
    }
}

impl EventRow {
    fn read(row: &AnyRow) -> Result<Self, StorageError> {
        let version = u16::try_from(row.try_get::<i64, _>("version")?);
        Ok(Self {
            consultation: parsed(row, "consultation_id")?,
            seq: number(row, "seq")?,
            at: At(row.try_get("at_ms")?),
            kind: row.try_get("kind")?,
            version: version.map_err(|_| StorageError::unreadable("an event", "version"))?,
            facts: row.try_get("facts")?,
            sealed: row.try_get("sealed")?,
            actor: row.try_get("actor")?,
            mac: mac(row, "mac")?,
        })
    }

    pub(super) async fn store(&self, connection: &mut AnyConnection) -> Result<(), StorageError> {
        let sql = "INSERT INTO events (consultation_id, seq, at_ms, kind, version, facts, sealed, actor, mac) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        sqlx::query(sql)
            .bind(self.consultation.to_string())
            .bind(stored(self.seq))
            .bind(self.at.0)
            .bind(self.kind.clone())
            .bind(i64::from(self.version))
            .bind(self.facts.clone())
            .bind(self.sealed.clone())
            .bind(self.actor.clone())
            .bind(self.mac.0.to_vec())
            .execute(connection)
            .await?;
        Ok(())
    }
}

/// A number that is never negative as both databases store it.
pub(super) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A MAC's column.
pub(super) fn mac(row: &AnyRow, column: &str) -> Result<Mac, StorageError> {
    let bytes: Vec<u8> = row.try_get(column)?;
    Mac::from_bytes(&bytes).ok_or_else(|| StorageError::unreadable("a MAC", column))
}
