//! The rota, and who changed it how; and when families came, for what it has to bear.
//!
//! Promises: a change and its line in the history are stored together, the same form counts once, and a change is decided against
//! the rota that it finds.
//!
//! Not here: who may have or take a shift (`signaling::rota`).

use super::{StorageError, Store, row::parsed};
use futures_util::FutureExt;
use signaling::{
    actor::{Role, Staff},
    id::{CommandId, MunicipalityId, StaffId},
    rota::{RotaFault, Shift, Swap},
    time::At,
};
use sqlx::{AnyConnection, Row as _, any::AnyRow};

/// What changes of the rota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RotaStep {
    /// A new shift.
    Add(Shift),
    /// It is gone.
    Remove(String),
    /// Somebody is asked to take it; anybody where nobody is named.
    Ask(String, Option<StaffId>),
    /// Nobody is asked any more.
    Withdraw(String),
    /// It is this clinician's from now on.
    Take(String, StaffId),
}

/// A change with who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotaChange {
    /// Whose desk.
    pub municipality: MunicipalityId,
    /// When.
    pub at: At,
    /// Who.
    pub by: Staff,
    /// The form.
    pub command: CommandId,
}

/// Decides on the rota that is there: what changes, and in words.
pub type RotaDecision = Box<dyn FnOnce(&[Shift]) -> Result<(RotaStep, String), RotaFault> + Send>;

const SHIFTS: &str = "SELECT s.id, s.from_at, s.until_at, s.swap_asked_at, s.staff, a.name, a.role, s.swap_to, \
    b.name AS to_name, b.role AS to_role FROM shifts s JOIN staff a ON a.id = s.staff \
    LEFT JOIN staff b ON b.id = s.swap_to WHERE s.municipality = $1 AND s.until_at > $2 ORDER BY s.from_at, a.name, s.id";

impl Store {
    /// Shifts of a city that end after an instant, the earliest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn shifts(&self, municipality: &MunicipalityId, after: At) -> Result<Vec<Shift>, StorageError> {
        let mut connection = self.read().await?;
        shifts(&mut connection, municipality.as_str(), after).await
    }

    /// Carries out what `decide` makes of the rota. A fault changes nothing; a form that has counted already is `Ok`.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn change_rota(
        &self,
        change: RotaChange,
        decide: RotaDecision,
    ) -> Result<Result<(), RotaFault>, StorageError> {
        self.write(move |connection| {
            async move {
                let city = change.municipality.to_string();
                let sql = "SELECT COUNT(*) FROM rota_changes WHERE municipality = $1 AND command_id = $2";
                let known: i64 = sqlx::query_scalar(sql)
                    .bind(city.clone())
                    .bind(change.command.0.to_string())
                    .fetch_one(&mut *connection)
                    .await?;
                if known > 0 {
                    return Ok(Ok(()));
                }
                let rota = shifts(connection, &city, change.at).await?;
                match decide(&rota) {
                    Err(fault) => Ok(Err(fault)),
                    Ok((step, words)) => {
                        // Two who press at once are one owner: the second finds nothing that it could take.
                        if !carried_out(connection, &change, step).await? {
                            return Ok(Err(RotaFault::NotAsked));
                        }
                        noted(connection, &change, words).await?;
                        Ok(Ok(()))
                    }
                }
            }
            .boxed()
        })
        .await
    }

    /// The newest changes of a rota, the newest first: when, what, who.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn rota_changes(
        &self,
        municipality: &MunicipalityId,
        limit: u32,
    ) -> Result<Vec<(At, String, String)>, StorageError> {
        let sql = "SELECT at_ms, changed, staff_name FROM rota_changes WHERE municipality = $1 \
                   ORDER BY at_ms DESC, command_id DESC LIMIT $2";
        self.changes(sql, municipality, limit).await
    }

    /// When families came to be answered at once, since an instant.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn arrivals(&self, municipality: &MunicipalityId, since: At) -> Result<Vec<At>, StorageError> {
        let sql = "SELECT requested_at FROM consultations WHERE municipality = $1 AND service = 'night' \
                   AND requested_at >= $2 ORDER BY requested_at";
        let mut connection = self.read().await?;
        let rows: Vec<i64> = sqlx::query_scalar(sql)
            .bind(municipality.to_string())
            .bind(since.0)
            .fetch_all(&mut *connection)
            .await?;
        Ok(rows.into_iter().map(At).collect())
    }
}

async fn shifts(connection: &mut AnyConnection, city: &str, after: At) -> Result<Vec<Shift>, StorageError> {
    let rows = sqlx::query(SHIFTS)
        .bind(city.to_owned())
        .bind(after.0)
        .fetch_all(connection)
        .await?;
    rows.iter().map(shift).collect()
}

fn shift(row: &AnyRow) -> Result<Shift, StorageError> {
    let asked: Option<i64> = row.try_get("swap_asked_at")?;
    let to: Option<String> = row.try_get("swap_to")?;
    let to = match to {
        Some(_) => Some(staff(row, "swap_to", "to_name", "to_role")?),
        None => None,
    };
    Ok(Shift {
        id: row.try_get("id")?,
        staff: staff(row, "staff", "name", "role")?,
        from_at: At(row.try_get("from_at")?),
        until_at: At(row.try_get("until_at")?),
        swap: asked.map(|at| Swap { to, asked_at: At(at) }),
    })
}

fn staff(row: &AnyRow, id: &str, name: &str, role: &str) -> Result<Staff, StorageError> {
    let code: String = row.try_get(role)?;
    Ok(Staff {
        id: parsed(row, id)?,
        name: row.try_get(name)?,
        role: Role::from_code(&code).ok_or_else(|| StorageError::unreadable("a shift", "role"))?,
    })
}

async fn noted(connection: &mut AnyConnection, change: &RotaChange, words: String) -> Result<(), StorageError> {
    let sql = "INSERT INTO rota_changes (municipality, command_id, at_ms, changed, staff, staff_name) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    sqlx::query(sql)
        .bind(change.municipality.to_string())
        .bind(change.command.0.to_string())
        .bind(change.at.0)
        .bind(words)
        .bind(change.by.id.to_string())
        .bind(change.by.name.clone())
        .execute(connection)
        .await?;
    Ok(())
}

async fn carried_out(
    connection: &mut AnyConnection,
    change: &RotaChange,
    step: RotaStep,
) -> Result<bool, StorageError> {
    let city = change.municipality.to_string();
    let query = match step {
        RotaStep::Add(shift) => {
            sqlx::query("INSERT INTO shifts (id, municipality, staff, from_at, until_at) VALUES ($2, $1, $3, $4, $5)")
                .bind(city)
                .bind(shift.id)
                .bind(shift.staff.id.to_string())
                .bind(shift.from_at.0)
                .bind(shift.until_at.0)
        }
        RotaStep::Remove(id) => sqlx::query("DELETE FROM shifts WHERE municipality = $1 AND id = $2")
            .bind(city)
            .bind(id),
        RotaStep::Ask(id, to) => {
            sqlx::query("UPDATE shifts SET swap_asked_at = $3, swap_to = $4 WHERE municipality = $1 AND id = $2")
                .bind(city)
                .bind(id)
                .bind(change.at.0)
                .bind(to.map(|to| to.to_string()))
        }
        RotaStep::Withdraw(id) => {
            sqlx::query("UPDATE shifts SET swap_asked_at = NULL, swap_to = NULL WHERE municipality = $1 AND id = $2")
                .bind(city)
                .bind(id)
        }
        RotaStep::Take(id, staff) => {
            let sql = "UPDATE shifts SET staff = $3, swap_asked_at = NULL, swap_to = NULL \
                       WHERE municipality = $1 AND id = $2 AND swap_asked_at IS NOT NULL";
            sqlx::query(sql).bind(city).bind(id).bind(staff.to_string())
        }
    };
    Ok(query.execute(connection).await?.rows_affected() == 1)
}
