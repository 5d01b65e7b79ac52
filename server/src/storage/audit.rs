//! Who looked at a consultation, and the checkpoints of all chains.

use super::{
    StorageError, Store,
    log::{mac, stored},
    row::{number, parsed},
};
use crate::chain::Mac;
use futures_util::FutureExt;
use signaling::{
    id::{ConsultationId, Seq},
    time::At,
};
use sqlx::{AnyConnection, Row as _, any::AnyRow};

/// A look as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookRow {
    /// At which consultation.
    pub consultation: ConsultationId,
    /// Its number.
    pub seq: Seq,
    /// When.
    pub at: At,
    /// Who: [`signaling::actor::Actor::key`].
    pub actor: String,
    /// What: `opened` or `exported`.
    pub what: String,
    /// The link of the chain.
    pub mac: Mac,
}

/// Where the two chains of a consultation end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Heads {
    /// Which.
    pub id: ConsultationId,
    /// Last event.
    pub seq: Seq,
    /// Its link.
    #[serde(with = "mac_text")]
    pub head: Mac,
    /// Last look.
    pub audit_seq: Seq,
    /// Its link.
    #[serde(with = "mac_text")]
    pub audit_head: Mac,
}

/// A checkpoint as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointRow {
    /// 1, 2, 3 …
    pub number: u64,
    /// When.
    pub at: At,
    /// Its content as JSON, kept to the byte.
    pub body: String,
    /// The link of the chain.
    pub mac: Mac,
}

/// A consultation whose chains grew since the last checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Where they end now.
    pub heads: Heads,
    /// The last event that a checkpoint saw.
    pub seq_before: Seq,
    /// The last look that a checkpoint saw.
    pub audit_seq_before: Seq,
}

/// Makes a checkpoint from the one before and what changed since; nothing when there is nothing to say.
pub type Checkpointing =
    Box<dyn FnOnce(Option<CheckpointRow>, Vec<Changed>) -> Result<Option<CheckpointRow>, StorageError> + Send>;

impl Store {
    /// Adds a look if the chain of looks still ends where `row` goes on.
    ///
    /// # Errors
    /// [`StorageError::SeqConflict`] when somebody looked first.
    pub async fn add_look(&self, row: LookRow) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "UPDATE consultations SET audit_seq = $1, audit_head = $2 WHERE id = $3 AND audit_seq = $4";
                let id = row.consultation.to_string();
                let update = sqlx::query(sql)
                    .bind(stored(row.seq))
                    .bind(row.mac.0.to_vec())
                    .bind(id.clone());
                let before = stored(row.seq.saturating_sub(1));
                if update.bind(before).execute(&mut *connection).await?.rows_affected() == 0 {
                    return Err(StorageError::SeqConflict);
                }
                let sql = "INSERT INTO audit (consultation_id, seq, at_ms, actor, what, mac) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
                let insert = sqlx::query(sql)
                    .bind(id)
                    .bind(stored(row.seq))
                    .bind(row.at.0)
                    .bind(row.actor);
                insert
                    .bind(row.what)
                    .bind(row.mac.0.to_vec())
                    .execute(connection)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// Looks at a consultation, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn looks(&self, consultation: ConsultationId) -> Result<Vec<LookRow>, StorageError> {
        let sql = "SELECT seq, at_ms, actor, what, mac FROM audit WHERE consultation_id = $1 ORDER BY seq";
        let mut connection = self.read().await?;
        let rows = sqlx::query(sql)
            .bind(consultation.to_string())
            .fetch_all(&mut *connection)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(LookRow {
                    consultation,
                    seq: number(row, "seq")?,
                    at: At(row.try_get("at_ms")?),
                    actor: row.try_get("actor")?,
                    what: row.try_get("what")?,
                    mac: mac(row, "mac")?,
                })
            })
            .collect()
    }

    /// Where the chains of a consultation end.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn heads(&self, consultation: ConsultationId) -> Result<Option<Heads>, StorageError> {
        let sql = "SELECT id, seq, head, audit_seq, audit_head FROM consultations WHERE id = $1";
        let mut connection = self.read().await?;
        let row = sqlx::query(sql)
            .bind(consultation.to_string())
            .fetch_optional(&mut *connection)
            .await?;
        row.as_ref().map(Heads::read).transpose()
    }

    /// Ids of everything that has a row, an event or a look, after `after` in their text order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn chain_ids(&self, after: &str, limit: u64) -> Result<Vec<String>, StorageError> {
        let sql = "SELECT id FROM (SELECT id FROM consultations UNION SELECT consultation_id FROM events \
                   UNION SELECT consultation_id FROM audit) AS chains WHERE id > $1 ORDER BY id LIMIT $2";
        let mut connection = self.read().await?;
        Ok(sqlx::query_scalar(sql)
            .bind(after.to_owned())
            .bind(stored(limit))
            .fetch_all(&mut *connection)
            .await?)
    }

    /// Adds what `make` makes of the last checkpoint and the heads that changed since. Two servers at once make one.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] when another server was faster.
    pub async fn add_checkpoint(&self, make: Checkpointing) -> Result<Option<CheckpointRow>, StorageError> {
        self.write(move |connection| {
            async move {
                let last = last_checkpoint(connection).await?;
                let sql = "SELECT id, seq, head, audit_seq, audit_head, checkpointed_seq, checkpointed_audit_seq \
                           FROM consultations \
                           WHERE seq > checkpointed_seq OR audit_seq > checkpointed_audit_seq ORDER BY id";
                let rows = sqlx::query(sql).fetch_all(&mut *connection).await?;
                let changed: Vec<Changed> = rows.iter().filter_map(Changed::readable).collect();
                let Some(row) = make(last, changed.clone())? else {
                    return Ok(None);
                };
                let sql = "INSERT INTO checkpoints (number, at_ms, body, mac) VALUES ($1, $2, $3, $4)";
                let insert = sqlx::query(sql)
                    .bind(stored(row.number))
                    .bind(row.at.0)
                    .bind(row.body.clone());
                insert.bind(row.mac.0.to_vec()).execute(&mut *connection).await?;
                for Changed { heads, .. } in changed {
                    let sql =
                        "UPDATE consultations SET checkpointed_seq = $1, checkpointed_audit_seq = $2 WHERE id = $3";
                    let update = sqlx::query(sql).bind(stored(heads.seq)).bind(stored(heads.audit_seq));
                    update.bind(heads.id.to_string()).execute(&mut *connection).await?;
                }
                Ok(Some(row))
            }
            .boxed()
        })
        .await
    }

    /// Checkpoints after number `after`, in order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn checkpoints(&self, after: u64, limit: u64) -> Result<Vec<CheckpointRow>, StorageError> {
        let sql = "SELECT number, at_ms, body, mac FROM checkpoints WHERE number > $1 ORDER BY number LIMIT $2";
        let mut connection = self.read().await?;
        let rows = sqlx::query(sql)
            .bind(stored(after))
            .bind(stored(limit))
            .fetch_all(&mut *connection)
            .await?;
        rows.iter().map(CheckpointRow::read).collect()
    }

    /// The last checkpoint.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn last_checkpoint(&self) -> Result<Option<CheckpointRow>, StorageError> {
        let mut connection = self.read().await?;
        last_checkpoint(&mut connection).await
    }
}

async fn last_checkpoint(connection: &mut AnyConnection) -> Result<Option<CheckpointRow>, StorageError> {
    let sql = "SELECT number, at_ms, body, mac FROM checkpoints ORDER BY number DESC LIMIT 1";
    let row = sqlx::query(sql).fetch_optional(connection).await?;
    row.as_ref().map(CheckpointRow::read).transpose()
}

impl CheckpointRow {
    fn read(row: &AnyRow) -> Result<Self, StorageError> {
        Ok(Self {
            number: number(row, "number")?,
            at: At(row.try_get("at_ms")?),
            body: row.try_get("body")?,
            mac: mac(row, "mac")?,
        })
    }
}

impl Heads {
    fn read(row: &AnyRow) -> Result<Self, StorageError> {
        Ok(Self {
            id: parsed(row, "id")?,
            seq: number(row, "seq")?,
            head: mac(row, "head")?,
            audit_seq: number(row, "audit_seq")?,
            audit_head: mac(row, "audit_head")?,
        })
    }
}

impl Changed {
    /// A row that cannot be read is passed over, so that the others are written down; it stays one that changed.
    fn readable(row: &AnyRow) -> Option<Self> {
        let id = row.try_get::<String, _>("id").unwrap_or_default();
        let log = |error: &StorageError| tracing::error!(%error, consultation = %id, "a checkpoint is made without it");
        Self::read(row).inspect_err(log).ok()
    }

    fn read(row: &AnyRow) -> Result<Self, StorageError> {
        Ok(Self {
            heads: Heads::read(row)?,
            seq_before: number(row, "checkpointed_seq")?,
            audit_seq_before: number(row, "checkpointed_audit_seq")?,
        })
    }
}

mod mac_text {
    use crate::chain::Mac;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(mac: &Mac, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(mac)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Mac, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
