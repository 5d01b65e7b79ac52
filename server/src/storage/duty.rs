//! What clinicians say of themselves: 対応中, 休憩, 終了.
//!
//! Promises: the same form counts once; a shift does not end past a consultation that nothing was decided about, whoever takes one
//! at that moment.
//!
//! Not here: what presence means (`signaling::duty`), whose desk is connected (`hub`).

use super::{
    StorageError, Store,
    row::{coded, number, parsed},
};
use futures_util::FutureExt;
use signaling::{
    duty::{Duty, Presence, undecided},
    id::{CommandId, ConsultationId, MunicipalityId, StaffId},
    time::At,
};
use sqlx::{AnyConnection, Row as _, any::AnyRow};

/// Something that a clinician says of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyChange {
    /// Whose desk.
    pub municipality: MunicipalityId,
    /// Who.
    pub staff: StaffId,
    /// What.
    pub duty: Duty,
    /// When.
    pub at: At,
    /// The form.
    pub command: CommandId,
    /// At the end of a shift: what they go on with all the same.
    pub keeps: Vec<ConsultationId>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DutySaid {
    /// It stands; this is what was said last.
    Stands(Presence),
    /// Nothing has changed: the shift cannot end before something is decided about these.
    Undecided(Vec<ConsultationId>),
}

const OF_CITY: &str =
    "SELECT staff, duty, since_at, seen_at FROM duty WHERE municipality = $1 ORDER BY since_at, staff";

impl Store {
    /// Keeps what a clinician says.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn say_duty(&self, change: DutyChange) -> Result<DutySaid, StorageError> {
        self.write(move |connection| {
            async move {
                let before = duty_of(connection, &change.staff.to_string()).await?;
                if change.duty == Duty::Off {
                    let has = has_now(connection, change.staff).await?;
                    let open = undecided(&has, &change.keeps);
                    if !open.is_empty() && !is_known(connection, &change).await? {
                        return Ok(DutySaid::Undecided(open));
                    }
                }
                let is_new = noted(connection, &change).await?;
                match before {
                    Some(before) if !is_new || before.duty == change.duty => Ok(DutySaid::Stands(before)),
                    _ => Ok(DutySaid::Stands(stored(connection, &change).await?)),
                }
            }
            .boxed()
        })
        .await
    }

    /// What a clinician said last; nothing where they have never begun a shift.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn duty(&self, staff: StaffId) -> Result<Option<Presence>, StorageError> {
        let mut connection = self.read().await?;
        duty_of(&mut connection, &staff.to_string()).await
    }

    /// What the clinicians of a city said last.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn duties(&self, municipality: &MunicipalityId) -> Result<Vec<Presence>, StorageError> {
        let mut connection = self.read().await?;
        let rows = sqlx::query(OF_CITY)
            .bind(municipality.to_string())
            .fetch_all(&mut *connection)
            .await?;
        rows.iter().map(presence).collect()
    }

    /// A clinician's desk was heard of.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn duty_seen(&self, staff: StaffId, at: At) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "UPDATE duty SET seen_at = $2 WHERE staff = $1 AND seen_at < $2";
                sqlx::query(sql)
                    .bind(staff.to_string())
                    .bind(at.0)
                    .execute(connection)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }
}

async fn duty_of(connection: &mut AnyConnection, staff: &str) -> Result<Option<Presence>, StorageError> {
    let row = sqlx::query("SELECT staff, duty, since_at, seen_at FROM duty WHERE staff = $1")
        .bind(staff.to_owned())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(presence).transpose()
}

fn presence(row: &AnyRow) -> Result<Presence, StorageError> {
    Ok(Presence {
        staff: parsed(row, "staff")?,
        duty: coded(row, "duty")?,
        since: At(row.try_get("since_at")?),
        seen_at: At(row.try_get("seen_at")?),
    })
}

async fn has_now(connection: &mut AnyConnection, staff: StaffId) -> Result<Vec<ConsultationId>, StorageError> {
    let rows = sqlx::query("SELECT id FROM consultations WHERE claimed_by = $1 ORDER BY stage_at, id")
        .bind(staff.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| parsed(row, "id")).collect()
}

async fn is_known(connection: &mut AnyConnection, change: &DutyChange) -> Result<bool, StorageError> {
    let sql = "SELECT COUNT(*) AS known FROM duty_changes WHERE staff = $1 AND command_id = $2";
    let row = sqlx::query(sql)
        .bind(change.staff.to_string())
        .bind(change.command.0.to_string())
        .fetch_one(connection)
        .await?;
    Ok(number(&row, "known")? > 0)
}

async fn noted(connection: &mut AnyConnection, change: &DutyChange) -> Result<bool, StorageError> {
    let sql = "INSERT INTO duty_changes (staff, command_id, municipality, duty, kept, at_ms) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (staff, command_id) DO NOTHING";
    let kept = i64::try_from(change.keeps.len()).unwrap_or(i64::MAX);
    let added = sqlx::query(sql)
        .bind(change.staff.to_string())
        .bind(change.command.0.to_string())
        .bind(change.municipality.to_string())
        .bind(change.duty.code())
        .bind(kept)
        .bind(change.at.0)
        .execute(connection)
        .await?;
    Ok(added.rows_affected() == 1)
}

async fn stored(connection: &mut AnyConnection, change: &DutyChange) -> Result<Presence, StorageError> {
    let sql = "INSERT INTO duty (staff, municipality, duty, since_at, seen_at) VALUES ($1, $2, $3, $4, $4) \
               ON CONFLICT (staff) DO UPDATE SET duty = excluded.duty, since_at = excluded.since_at, seen_at = excluded.seen_at";
    sqlx::query(sql)
        .bind(change.staff.to_string())
        .bind(change.municipality.to_string())
        .bind(change.duty.code())
        .bind(change.at.0)
        .execute(connection)
        .await?;
    Ok(Presence {
        staff: change.staff,
        duty: change.duty,
        since: change.at,
        seen_at: change.at,
    })
}
