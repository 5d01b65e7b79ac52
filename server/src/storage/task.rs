//! What supervisors have to look after, and public-health nurses receive, as lists read it. Written with the events that open, take
//! and close it.
//!
//! Not here: what was said and done, which stands sealed in the log.

use super::{
    StorageError, Store,
    log::stored,
    row::{number, parsed},
};
use signaling::{
    actor::Staff,
    after::TaskKind,
    consultation::Task,
    id::{ConsultationId, MunicipalityId, Seq},
    time::At,
};
use sqlx::{AnyConnection, Row as _, any::AnyRow};

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRow {
    /// In which consultation.
    pub consultation: ConsultationId,
    /// The event that opened it.
    pub seq: Seq,
    /// Why.
    pub kind: TaskKind,
    /// When.
    pub opened_at: At,
    /// By when it is to be dealt with.
    pub due_at: At,
    /// Who has it, as addressed.
    pub owner: Option<String>,
}

impl Store {
    /// The open tasks of a city, most pressing first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open_tasks(&self, city: &MunicipalityId) -> Result<Vec<TaskRow>, StorageError> {
        let sql = "SELECT consultation_id, seq, kind, opened_at, due_at, owner_name FROM tasks \
                   WHERE municipality = $1 AND closed_at IS NULL ORDER BY due_at, consultation_id, seq";
        let mut connection = self.read().await?;
        let rows = sqlx::query(sql)
            .bind(city.to_string())
            .fetch_all(&mut *connection)
            .await?;
        rows.iter().map(task).collect()
    }

    /// The referrals of a city that have ended and were received by a public-health nurse at `from` or after, newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn received_referrals(&self, city: &MunicipalityId, from: At) -> Result<Vec<TaskRow>, StorageError> {
        let sql = "SELECT consultation_id, seq, kind, opened_at, due_at, owner_name FROM tasks \
                   WHERE municipality = $1 AND received_at >= $2 AND kind = $3 AND closed_at IS NOT NULL \
                   ORDER BY received_at DESC, consultation_id, seq";
        let mut connection = self.read().await?;
        let rows = sqlx::query(sql)
            .bind(city.to_string())
            .bind(from.0)
            .bind(TaskKind::Referral.code())
            .fetch_all(&mut *connection)
            .await?;
        rows.iter().map(task).collect()
    }
}

fn task(row: &AnyRow) -> Result<TaskRow, StorageError> {
    let kind: String = row.try_get("kind")?;
    Ok(TaskRow {
        consultation: parsed(row, "consultation_id")?,
        seq: number(row, "seq")?,
        kind: TaskKind::from_code(&kind).ok_or_else(|| StorageError::unreadable("tasks.kind", "not a code"))?,
        opened_at: At(row.try_get("opened_at")?),
        due_at: At(row.try_get("due_at")?),
        owner: row.try_get("owner_name")?,
    })
}

/// All tasks of a consultation from now on.
pub(super) async fn store(
    connection: &mut AnyConnection,
    (consultation, city): (ConsultationId, &MunicipalityId),
    tasks: &[Task],
) -> Result<(), StorageError> {
    let id = consultation.to_string();
    let delete = sqlx::query("DELETE FROM tasks WHERE consultation_id = $1").bind(id.clone());
    delete.execute(&mut *connection).await?;
    for task in tasks {
        let sql = "INSERT INTO tasks (consultation_id, seq, municipality, kind, opened_at, due_at, owner_name, received_at, \
                   closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        sqlx::query(sql)
            .bind(id.clone())
            .bind(stored(task.seq))
            .bind(city.to_string())
            .bind(task.kind.code())
            .bind(task.opened_at.0)
            .bind(task.due_at.0)
            .bind(task.owner.as_ref().map(Staff::addressed))
            .bind(task.received_at.map(|at| at.0))
            .bind(task.closed_at.map(|at| at.0))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
