//! Who holds which place of which ten minutes.
//!
//! Promises: a place is taken in the transaction that stores the booking, or the booking is not stored; two who reach for the last place
//! at once end with one holder, also on two servers (a unique rule of the schema).
//!
//! Not here: which places there are (`signaling::appointment`).

use super::{StorageError, Store, row::parsed};
use signaling::{
    id::{ConsultationId, MunicipalityId},
    time::At,
};
use sqlx::{AnyConnection, Row as _};
use std::collections::BTreeMap;

/// An appointment that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// When it begins.
    pub slot: At,
    /// Most families that may hold one then.
    pub families: u32,
}

impl Store {
    /// How many families hold an appointment of a city at each time from `from` on; times without any are left out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn appointments(
        &self,
        municipality: &MunicipalityId,
        from: At,
    ) -> Result<BTreeMap<At, u32>, StorageError> {
        let mut connection = self.read().await?;
        let sql =
            "SELECT slot_at, COUNT(*) FROM appointments WHERE municipality = $1 AND slot_at >= $2 GROUP BY slot_at";
        let rows: Vec<(i64, i64)> = sqlx::query_as(sql)
            .bind(municipality.to_string())
            .bind(from.0)
            .fetch_all(&mut *connection)
            .await?;
        let counted = |(slot, count): (i64, i64)| (At(slot), u32::try_from(count).unwrap_or(u32::MAX));
        Ok(rows.into_iter().map(counted).collect())
    }

    /// Which consultations of a city are booked for later, and for when, the nearest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn booked(&self, municipality: &MunicipalityId) -> Result<Vec<(ConsultationId, At)>, StorageError> {
        let mut connection = self.read().await?;
        let sql = "SELECT consultation_id, slot_at FROM appointments WHERE municipality = $1 \
                   ORDER BY slot_at, consultation_id";
        let query = sqlx::query(sql).bind(municipality.to_string());
        let rows = query.fetch_all(&mut *connection).await?;
        rows.iter()
            .map(|row| Ok((parsed(row, "consultation_id")?, At(row.try_get("slot_at")?))))
            .collect()
    }
}

/// Lets go what the consultation held, and takes a place of what it holds from now on. In a transaction of the caller's.
///
/// # Errors
/// [`StorageError::SlotFull`] where others hold every place.
pub(super) async fn store(
    connection: &mut AnyConnection,
    (consultation, municipality): (ConsultationId, &MunicipalityId),
    held: Option<Held>,
) -> Result<(), StorageError> {
    sqlx::query("DELETE FROM appointments WHERE consultation_id = $1")
        .bind(consultation.to_string())
        .execute(&mut *connection)
        .await?;
    let Some(Held { slot, families }) = held else {
        return Ok(());
    };
    let sql = "SELECT place FROM appointments WHERE municipality = $1 AND slot_at = $2";
    let taken: Vec<i64> = sqlx::query_scalar(sql)
        .bind(municipality.to_string())
        .bind(slot.0)
        .fetch_all(&mut *connection)
        .await?;
    // The city may have offered more when others booked: what counts is how many there are.
    if taken.len() >= usize::try_from(families).unwrap_or(usize::MAX) {
        return Err(StorageError::SlotFull);
    }
    for place in (0..i64::from(families)).filter(|place| !taken.contains(place)) {
        let sql = "INSERT INTO appointments (consultation_id, municipality, slot_at, place) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT DO NOTHING";
        let insert = sqlx::query(sql)
            .bind(consultation.to_string())
            .bind(municipality.to_string())
            .bind(slot.0)
            .bind(place);
        if insert.execute(&mut *connection).await?.rows_affected() == 1 {
            return Ok(());
        }
    }
    Err(StorageError::SlotFull)
}
