//! The append-only log and everything that is written with it, in one transaction.

use super::{
    ConsultationRow, StorageError, Store,
    row::{code, number, parsed},
};
use crate::chain::Mac;
use futures_util::FutureExt;
use signaling::{
    actor::Staff,
    id::{CommandId, ConsultationId, Seq},
    time::At,
};
use sqlx::{Any, AnyConnection, Row as _, any::AnyArguments, any::AnyRow, query::Query};

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// What a command came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandRow {
    /// Whose: [`signaling::actor::Actor::key`].
    pub actor: String,
    /// Which command.
    pub command_id: CommandId,
    /// In which consultation.
    pub consultation: ConsultationId,
    /// Its first event; one more than `seq` where it made none.
    pub first_seq: Seq,
    /// The last event, its own or that before it.
    pub seq: Seq,
    /// When.
    pub at: At,
}

/// One command's effect, ready to be stored.
#[derive(Clone, Debug)]
pub struct Append {
    /// The last event before it.
    pub expected: Seq,
    /// Where the consultation stands afterwards.
    pub row: ConsultationRow,
    /// Its events; none for a command that changes nothing.
    pub events: Vec<EventRow>,
    /// The wrapped key, where the consultation has none yet.
    pub new_key: Option<Vec<u8>>,
    /// All timers from now on, where they changed.
    pub timers: Option<Vec<(String, At)>>,
    /// Drafts, by owner and field, that are sent or signed now.
    pub sent_drafts: Vec<(String, &'static str)>,
    /// What is to be told outside, by event.
    pub notices: Vec<(Seq, &'static str)>,
    /// What the command came to.
    pub result: CommandRow,
}

/// How an append went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is stored.
    Stored,
    /// The same command had taken effect before; nothing was stored now.
    Before(CommandRow),
}

impl Store {
    /// Stores one command's effect.
    ///
    /// # Errors
    /// [`StorageError::SeqConflict`] when somebody wrote first; [`StorageError::Conflict`] when a rule across
    /// consultations stands against it.
    pub async fn append(&self, append: Append) -> Result<Appended, StorageError> {
        self.write(move |connection| async move { append.store(connection).await }.boxed())
            .await
    }

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

    /// The last event's number of a consultation; nothing where there is none.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn last_seq(&self, consultation: ConsultationId) -> Result<Option<Seq>, StorageError> {
        let mut connection = self.read().await?;
        last_seq(&mut connection, consultation).await
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

    /// What a command came to, if it took effect.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn command_result(&self, actor: &str, command_id: CommandId) -> Result<Option<CommandRow>, StorageError> {
        let mut connection = self.read().await?;
        CommandRow::find(&mut connection, actor, command_id).await
    }

    /// Forgets what commands before `before` came to, and tells how many.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn purge_command_results(&self, before: At) -> Result<u64, StorageError> {
        self.write(move |connection| {
            async move {
                let done = sqlx::query("DELETE FROM command_results WHERE at_ms < $1").bind(before.0);
                Ok(done.execute(connection).await?.rows_affected())
            }
            .boxed()
        })
        .await
    }
}

/// The last event's number, in a transaction of the caller's.
async fn last_seq(connection: &mut AnyConnection, id: ConsultationId) -> Result<Option<Seq>, StorageError> {
    let sql = "SELECT seq FROM consultations WHERE id = $1";
    let row = sqlx::query(sql).bind(id.to_string()).fetch_optional(connection).await?;
    row.map(|row| number(&row, "seq")).transpose()
}

impl Append {
    async fn store(self, connection: &mut AnyConnection) -> Result<Appended, StorageError> {
        if let Some(before) = self.result.claim(connection).await? {
            return Ok(Appended::Before(before));
        }
        let Some(last) = self.events.last() else {
            return match last_seq(connection, self.row.id).await? {
                Some(seq) if seq == self.expected => Ok(Appended::Stored),
                _ => Err(StorageError::SeqConflict),
            };
        };
        self.row.store(connection, self.expected, &last.mac).await?;
        if let Some(wrapped) = &self.new_key {
            self.store_key(connection, wrapped).await?;
        }
        for event in &self.events {
            event.store(connection).await?;
        }
        self.store_timers(connection).await?;
        self.drop_sent_drafts(connection).await?;
        self.store_notices(connection).await?;
        Ok(Appended::Stored)
    }

    /// A key that came into being meanwhile is the one that counts: the caller seals again with it.
    async fn store_key(&self, connection: &mut AnyConnection, wrapped: &[u8]) -> Result<(), StorageError> {
        let sql = "INSERT INTO consultation_keys (consultation_id, wrapped, created_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (consultation_id) DO NOTHING";
        let insert = sqlx::query(sql)
            .bind(self.row.id.to_string())
            .bind(wrapped.to_vec())
            .bind(self.result.at.0);
        match insert.execute(connection).await?.rows_affected() {
            0 => Err(StorageError::SeqConflict),
            _ => Ok(()),
        }
    }

    async fn store_timers(&self, connection: &mut AnyConnection) -> Result<(), StorageError> {
        let Some(timers) = &self.timers else { return Ok(()) };
        let id = self.row.id.to_string();
        let sql = "DELETE FROM timers WHERE consultation_id = $1";
        sqlx::query(sql).bind(id.clone()).execute(&mut *connection).await?;
        for (kind, due_at) in timers {
            let sql = "INSERT INTO timers (consultation_id, kind, due_at) VALUES ($1, $2, $3)";
            sqlx::query(sql)
                .bind(id.clone())
                .bind(kind.clone())
                .bind(due_at.0)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }

    async fn drop_sent_drafts(&self, connection: &mut AnyConnection) -> Result<(), StorageError> {
        for (owner, field) in &self.sent_drafts {
            let sql = "DELETE FROM drafts WHERE consultation_id = $1 AND owner = $2 AND field = $3";
            let delete = sqlx::query(sql)
                .bind(self.row.id.to_string())
                .bind(owner.clone())
                .bind(*field);
            delete.execute(&mut *connection).await?;
        }
        Ok(())
    }

    async fn store_notices(&self, connection: &mut AnyConnection) -> Result<(), StorageError> {
        for (seq, kind) in &self.notices {
            let sql = "INSERT INTO outbox (consultation_id, seq, kind, created_at) VALUES ($1, $2, $3, $4)";
            let insert = sqlx::query(sql)
                .bind(self.row.id.to_string())
                .bind(stored(*seq))
                .bind(*kind);
            insert.bind(self.result.at.0).execute(&mut *connection).await?;
        }
        Ok(())
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

    async fn store(&self, connection: &mut AnyConnection) -> Result<(), StorageError> {
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

impl CommandRow {
    /// Stores it, unless the command took effect before: then tells what it came to.
    async fn claim(&self, connection: &mut AnyConnection) -> Result<Option<Self>, StorageError> {
        let sql = "INSERT INTO command_results (actor, command_id, consultation_id, first_seq, seq, at_ms) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (actor, command_id) DO NOTHING";
        let inserted = sqlx::query(sql)
            .bind(self.actor.clone())
            .bind(self.command_id.to_string())
            .bind(self.consultation.to_string())
            .bind(stored(self.first_seq))
            .bind(stored(self.seq))
            .bind(self.at.0)
            .execute(&mut *connection)
            .await?;
        if inserted.rows_affected() == 1 {
            return Ok(None);
        }
        let before = Self::find(connection, &self.actor, self.command_id).await?;
        before.map(Some).ok_or(StorageError::SeqConflict)
    }

    async fn find(
        connection: &mut AnyConnection,
        actor: &str,
        command_id: CommandId,
    ) -> Result<Option<Self>, StorageError> {
        let sql = "SELECT consultation_id, first_seq, seq, at_ms FROM command_results \
                   WHERE actor = $1 AND command_id = $2";
        let found = sqlx::query(sql).bind(actor.to_owned()).bind(command_id.to_string());
        let Some(row) = found.fetch_optional(connection).await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            actor: actor.to_owned(),
            command_id,
            consultation: parsed(&row, "consultation_id")?,
            first_seq: number(&row, "first_seq")?,
            seq: number(&row, "seq")?,
            at: At(row.try_get("at_ms")?),
        }))
    }
}

type AnyQuery = Query<'static, Any, AnyArguments>;

impl ConsultationRow {
    /// Writes the row if the consultation still stands at `expected`.
    async fn store(&self, connection: &mut AnyConnection, expected: Seq, head: &Mac) -> Result<(), StorageError> {
        let query = if expected == 0 {
            self.insertion(head)
        } else {
            self.update(expected, head)
        };
        match query.execute(connection).await?.rows_affected() {
            0 => Err(StorageError::SeqConflict),
            _ => Ok(()),
        }
    }

    fn insertion(&self, head: &Mac) -> AnyQuery {
        let sql = "INSERT INTO consultations (mode, flags, acuity, stage, stage_at, rank, claimed_by, claimed_name, \
                   claimed_role, unanswered_since, first_claimed_at, first_reply_at, ended_at, call_clinician, \
                   missed_calls, talk_seconds, disposition, signed_by, signed_name, signed_role, signed_at, survey, \
                   seq, head, id, municipality, guardian, service, quiet, subject, relation, complaint, complaints, \
                   returning_family, requested_at, audit_seq, audit_head, checkpointed_seq, checkpointed_audit_seq) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
                   $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, 0, $36, 0, 0) \
                   ON CONFLICT (id) DO NOTHING";
        self.bind_what_changes(sqlx::query(sql), head)
            .bind(self.id.to_string())
            .bind(self.municipality.to_string())
            .bind(self.guardian.to_string())
            .bind(code(&self.service))
            .bind(i64::from(self.quiet))
            .bind(code(&self.subject))
            .bind(code(&self.relation))
            .bind(self.complaints.first().map_or_else(String::new, code))
            .bind(json(&self.complaints))
            .bind(i64::from(self.returning))
            .bind(self.requested_at.0)
            .bind(Mac::START.0.to_vec())
    }

    fn update(&self, expected: Seq, head: &Mac) -> AnyQuery {
        let sql = "UPDATE consultations SET mode = $1, flags = $2, acuity = $3, stage = $4, stage_at = $5, rank = $6, \
                   claimed_by = $7, claimed_name = $8, claimed_role = $9, unanswered_since = $10, \
                   first_claimed_at = $11, first_reply_at = $12, ended_at = $13, call_clinician = $14, \
                   missed_calls = $15, talk_seconds = $16, disposition = $17, signed_by = $18, signed_name = $19, \
                   signed_role = $20, signed_at = $21, survey = $22, seq = $23, head = $24 \
                   WHERE id = $25 AND seq = $26";
        self.bind_what_changes(sqlx::query(sql), head)
            .bind(self.id.to_string())
            .bind(stored(expected))
    }

    fn bind_what_changes(&self, query: AnyQuery, head: &Mac) -> AnyQuery {
        let claimed = self.claimed_by();
        let signer = self.signed.as_ref().map(|(by, _)| by);
        let id = |staff: Option<&Staff>| staff.map(|staff| staff.id.to_string());
        let name = |staff: Option<&Staff>| staff.map(|staff| staff.name.clone());
        let role = |staff: Option<&Staff>| staff.map(|staff| staff.role.code());
        query
            .bind(code(&self.mode))
            .bind(json(&self.flags))
            .bind(code(&self.acuity))
            .bind(self.stage.code())
            .bind(self.stage_at.0)
            .bind(self.rank.map(|rank| rank.0))
            .bind(id(claimed))
            .bind(name(claimed))
            .bind(role(claimed))
            .bind(self.unanswered_since.map(|at| at.0))
            .bind(self.first_claimed_at.map(|at| at.0))
            .bind(self.first_reply_at.map(|at| at.0))
            .bind(self.ended_at.map(|at| at.0))
            .bind(self.call_clinician.map(|id| id.to_string()))
            .bind(i64::from(self.missed_calls))
            .bind(i64::from(self.talk_seconds))
            .bind(self.disposition.as_ref().map(code))
            .bind(id(signer))
            .bind(name(signer))
            .bind(role(signer))
            .bind(self.signed.as_ref().map(|(_, at)| at.0))
            .bind(self.survey.as_ref().map(code))
            .bind(stored(self.seq))
            .bind(head.0.to_vec())
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

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
