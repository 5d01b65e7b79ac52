//! What happens by itself, and what is to be told outside. Both are taken by status: a row that is there is not done yet.

use super::{
    StorageError, Store,
    log::stored,
    row::{number, parsed},
};
use futures_util::FutureExt;
use signaling::{
    id::{ConsultationId, Seq},
    time::At,
};
use sqlx::Row as _;

/// A timer that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimerRow {
    /// In which consultation.
    pub consultation: ConsultationId,
    /// What: [`signaling::consultation::DeadlineKind::code`].
    pub kind: String,
    /// When.
    pub due_at: At,
}

/// To whom a notice is told. A channel that leads to one is never given what is for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The family of the consultation.
    Family,
    /// Staff of its city who have no page open: supervisors, the public-health nurse.
    Staff,
}

impl Audience {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Family, Self::Staff];

    /// As stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::Staff => "staff",
        }
    }
}

/// Something to be told outside of the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// In which consultation.
    pub consultation: ConsultationId,
    /// Which event made it.
    pub seq: Seq,
    /// To whom.
    pub audience: Audience,
    /// What happened: `claimed`, `turn_missed`, `became_anytime`, `ringing`, `answered`, `note_signed` and so on; to staff
    /// `supervisor_unclaimed`, `supervisor_away`, `supervisor_concern`, `nurse_referral`.
    pub kind: String,
    /// When.
    pub created_at: At,
}

impl Store {
    /// Timers that are due, earliest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn due_timers(&self, now: At, limit: u64) -> Result<Vec<TimerRow>, StorageError> {
        let sql = "SELECT consultation_id, kind, due_at FROM timers WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
        let mut connection = self.read().await?;
        let rows = sqlx::query(sql)
            .bind(now.0)
            .bind(stored(limit))
            .fetch_all(&mut *connection)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(TimerRow {
                    consultation: parsed(row, "consultation_id")?,
                    kind: row.try_get("kind")?,
                    due_at: At(row.try_get("due_at")?),
                })
            })
            .collect()
    }

    /// When the next timer is due.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn next_due(&self) -> Result<Option<At>, StorageError> {
        let mut connection = self.read().await?;
        let sql = "SELECT due_at FROM timers ORDER BY due_at LIMIT 1";
        let due: Option<i64> = sqlx::query_scalar(sql).fetch_optional(&mut *connection).await?;
        Ok(due.map(At))
    }

    /// A timer has taken effect, or has none any more.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn drop_timer(&self, timer: TimerRow) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "DELETE FROM timers WHERE consultation_id = $1 AND kind = $2 AND due_at = $3";
                let delete = sqlx::query(sql).bind(timer.consultation.to_string()).bind(timer.kind);
                delete.bind(timer.due_at.0).execute(connection).await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// A timer is to be tried again later.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn put_off_timer(&self, timer: TimerRow, until: At) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "UPDATE timers SET due_at = $1 WHERE consultation_id = $2 AND kind = $3 AND due_at = $4";
                let update = sqlx::query(sql).bind(until.0).bind(timer.consultation.to_string());
                let update = update.bind(timer.kind).bind(timer.due_at.0);
                update.execute(connection).await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// Timers of a kind that stand further ahead than one of that kind ever does are due at `due_at`. Tells how many.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn bring_forward(&self, prefix: &'static str, beyond: At, due_at: At) -> Result<u64, StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "UPDATE timers SET due_at = $1 WHERE kind LIKE $2 AND due_at > $3";
                let update = sqlx::query(sql).bind(due_at.0).bind(format!("{prefix}%"));
                Ok(update.bind(beyond.0).execute(connection).await?.rows_affected())
            }
            .boxed()
        })
        .await
    }

    /// What is to be told outside to these people and has not been, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn unsent_notices(&self, audience: Audience, limit: u64) -> Result<Vec<NoticeRow>, StorageError> {
        let sql = "SELECT consultation_id, seq, kind, created_at FROM outbox WHERE sent_at IS NULL AND audience = $1 \
                   ORDER BY created_at, consultation_id, seq LIMIT $2";
        let mut connection = self.read().await?;
        let query = sqlx::query(sql).bind(audience.code()).bind(stored(limit));
        let rows = query.fetch_all(&mut *connection).await?;
        rows.iter()
            .map(|row| {
                Ok(NoticeRow {
                    consultation: parsed(row, "consultation_id")?,
                    seq: number(row, "seq")?,
                    audience,
                    kind: row.try_get("kind")?,
                    created_at: At(row.try_get("created_at")?),
                })
            })
            .collect()
    }

    /// Marks a notice as sent. Tells whether this call was the one that did, so that two senders send once.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn mark_sent(&self, notice: &NoticeRow, now: At) -> Result<bool, StorageError> {
        let (id, seq) = (notice.consultation.to_string(), stored(notice.seq));
        self.write(move |connection| {
            async move {
                let sql = "UPDATE outbox SET sent_at = $1 WHERE consultation_id = $2 AND seq = $3 AND sent_at IS NULL";
                let update = sqlx::query(sql).bind(now.0).bind(id).bind(seq);
                Ok(update.execute(connection).await?.rows_affected() == 1)
            }
            .boxed()
        })
        .await
    }

    /// Drops notices made before `before`, sent or not: what nobody was told in time is no news any more.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn purge_notices(&self, before: At) -> Result<u64, StorageError> {
        self.write(move |connection| {
            async move {
                let delete = sqlx::query("DELETE FROM outbox WHERE created_at < $1").bind(before.0);
                Ok(delete.execute(connection).await?.rows_affected())
            }
            .boxed()
        })
        .await
    }
}
