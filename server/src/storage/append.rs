//! One command's effect in one transaction: events, where the consultation stands, timers, drafts, notices, and what the
//! command came to.

use super::{
    Audience, ConsultationRow, EventRow, Held, PhotoRow, StorageError, Store,
    log::stored,
    row::{number, parsed},
};
use futures_util::FutureExt;
use signaling::{
    consultation::Task,
    id::{CommandId, ConsultationId, PhotoId, Seq, StaffId},
    time::At,
};
use sqlx::{AnyConnection, Row as _};

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
#[derive(Clone)]
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
    /// All clinicians in its call from now on, where they changed. Each is in one call at a time.
    pub call_seats: Option<Vec<StaffId>>,
    /// The appointment that it holds from now on, where that changed.
    pub appointment: Option<Option<Held>>,
    /// All that supervisors have or had to look after in it from now on, where that changed.
    pub tasks: Option<Vec<Task>>,
    /// Drafts, by owner and field, that are sent or signed now. Without an owner everybody's: a record that is signed is
    /// nobody's to go on with.
    pub sent_drafts: Vec<(Option<String>, &'static str)>,
    /// The photo that one of the events tells of.
    pub photo: Option<PhotoRow>,
    /// Of a request: the photos that its events tell of, which stood beside the draft until now.
    pub photos_with_intake: Vec<PhotoId>,
    /// What is to be told outside, and to whom, by event.
    pub notices: Vec<(Seq, (Audience, &'static str))>,
    /// What the command came to.
    pub result: CommandRow,
}

signaling::redacted_debug!(Append {
    expected,
    events,
    result
});

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
    /// consultations stands against it; [`StorageError::SlotFull`] when others hold every place of an appointment.
    pub async fn append(&self, append: Append) -> Result<Appended, StorageError> {
        self.write(move |connection| async move { append.store(connection).await }.boxed())
            .await
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
        if self.expected == 0 {
            super::intake_photo::handed_over(connection, self.row.id, &self.photos_with_intake).await?;
        }
        if let Some(photo) = &self.photo {
            let (owner, now) = (&self.result.actor, self.result.at);
            photo.store(connection, self.row.id, owner, now).await?;
        }
        self.store_timers(connection).await?;
        self.store_call_seats(connection).await?;
        if let Some(held) = self.appointment {
            super::appointment::store(connection, (self.row.id, &self.row.municipality), held).await?;
        }
        if let Some(tasks) = &self.tasks {
            super::task::store(connection, (self.row.id, &self.row.municipality), tasks).await?;
        }
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

    async fn store_call_seats(&self, connection: &mut AnyConnection) -> Result<(), StorageError> {
        let Some(clinicians) = &self.call_seats else {
            return Ok(());
        };
        let id = self.row.id.to_string();
        let sql = "DELETE FROM call_seats WHERE consultation_id = $1";
        sqlx::query(sql).bind(id.clone()).execute(&mut *connection).await?;
        for clinician in clinicians {
            let sql = "INSERT INTO call_seats (clinician, consultation_id) VALUES ($1, $2)";
            let insert = sqlx::query(sql).bind(clinician.to_string()).bind(id.clone());
            insert.execute(&mut *connection).await?;
        }
        Ok(())
    }

    async fn drop_sent_drafts(&self, connection: &mut AnyConnection) -> Result<(), StorageError> {
        for (owner, field) in &self.sent_drafts {
            let sql = match owner {
                Some(_) => "DELETE FROM drafts WHERE consultation_id = $1 AND field = $2 AND owner = $3",
                None => "DELETE FROM drafts WHERE consultation_id = $1 AND field = $2",
            };
            let delete = sqlx::query(sql).bind(self.row.id.to_string()).bind(*field);
            let delete = match owner {
                Some(owner) => delete.bind(owner.clone()),
                None => delete,
            };
            delete.execute(&mut *connection).await?;
        }
        Ok(())
    }

    async fn store_notices(&self, connection: &mut AnyConnection) -> Result<(), StorageError> {
        for (seq, (audience, kind)) in &self.notices {
            let sql =
                "INSERT INTO outbox (consultation_id, seq, kind, created_at, audience) VALUES ($1, $2, $3, $4, $5)";
            let insert = sqlx::query(sql)
                .bind(self.row.id.to_string())
                .bind(stored(*seq))
                .bind(*kind);
            let insert = insert.bind(self.result.at.0).bind(audience.code());
            insert.execute(&mut *connection).await?;
        }
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
