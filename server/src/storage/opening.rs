//! Single days that are unlike their week, and who changed the hours of a desk when.
//!
//! Promises: a change and its line in the history are stored together, and the same form counts once.
//!
//! Not here: what a day means (`signaling::hours`), the week itself (a column of the municipality).

use super::{StorageError, Store};
use futures_util::FutureExt;
use signaling::{
    appointment::Offer,
    hours::{Hours, SingleDay, Span},
    id::{CommandId, MunicipalityId, StaffId},
    time::{At, DateText, parse_date},
};
use sqlx::{AnyConnection, Row as _};
use std::collections::BTreeMap;
use time::Date;

/// What an administrator changes of the hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpeningStep {
    /// The week, holidays, the last arrival, and within how many hours anytime consultations are answered.
    Week {
        /// Without single days.
        hours: Hours,
        /// The promise.
        reply_hours: u32,
    },
    /// Which appointments are offered; nothing for none. Those that are booked stay booked.
    Appointments(Option<Offer>),
    /// A day is unlike its week.
    Day(Date, SingleDay),
    /// It is like its week again.
    DayAsWeek(Date),
}

/// One change with who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningChange {
    /// Whose desk.
    pub municipality: MunicipalityId,
    /// When.
    pub at: At,
    /// In words, for the history.
    pub changed: String,
    /// The administrator.
    pub staff: StaffId,
    /// Their name.
    pub staff_name: String,
    /// The form.
    pub command: CommandId,
}

/// The single days of every city.
pub(super) type DaysOfCities = BTreeMap<String, BTreeMap<Date, SingleDay>>;

impl Store {
    /// Carries a change out. False, and nothing changed, where its form has counted already.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn change_opening(&self, change: OpeningChange, step: OpeningStep) -> Result<bool, StorageError> {
        self.write(move |connection| {
            async move {
                if !noted(connection, &change).await? {
                    return Ok(false);
                }
                carried_out(connection, change.municipality.as_str(), step).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
    }

    /// The newest changes of a city's hours, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn opening_changes(
        &self,
        municipality: &MunicipalityId,
        limit: u32,
    ) -> Result<Vec<(At, String, String)>, StorageError> {
        let sql = "SELECT at_ms, changed, staff_name FROM opening_changes WHERE municipality = $1 \
                   ORDER BY at_ms DESC, command_id DESC LIMIT $2";
        self.changes(sql, municipality, limit).await
    }

    /// When, what, who: `sql` selects them of a municipality, so many.
    pub(super) async fn changes(
        &self,
        sql: &'static str,
        municipality: &MunicipalityId,
        limit: u32,
    ) -> Result<Vec<(At, String, String)>, StorageError> {
        let mut connection = self.read().await?;
        let rows: Vec<(i64, String, String)> = sqlx::query_as(sql)
            .bind(municipality.to_string())
            .bind(i64::from(limit))
            .fetch_all(&mut *connection)
            .await?;
        let line = |(at, changed, by)| (At(at), changed, by);
        Ok(rows.into_iter().map(line).collect())
    }
}

/// All single days.
pub(super) async fn days(connection: &mut AnyConnection) -> Result<DaysOfCities, StorageError> {
    let rows = sqlx::query("SELECT municipality, day, spans, words FROM opening_days ORDER BY municipality, day")
        .fetch_all(connection)
        .await?;
    let mut all = DaysOfCities::new();
    for row in rows {
        let wrong = || StorageError::unreadable("opening_days", "day");
        let (municipality, day): (String, String) = (row.try_get("municipality")?, row.try_get("day")?);
        let spans: String = row.try_get("spans")?;
        let spans: Vec<Span> =
            serde_json::from_str(&spans).map_err(|error| StorageError::unreadable("opening_days.spans", error))?;
        let single = SingleDay {
            spans,
            why: row.try_get("words")?,
        };
        let day = parse_date(&day).ok_or_else(wrong)?;
        all.entry(municipality).or_default().insert(day, single);
    }
    Ok(all)
}

async fn noted(connection: &mut AnyConnection, change: &OpeningChange) -> Result<bool, StorageError> {
    let sql = "INSERT INTO opening_changes (municipality, command_id, at_ms, changed, staff, staff_name) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (municipality, command_id) DO NOTHING";
    let added = sqlx::query(sql)
        .bind(change.municipality.to_string())
        .bind(change.command.0.to_string())
        .bind(change.at.0)
        .bind(change.changed.clone())
        .bind(change.staff.to_string())
        .bind(change.staff_name.clone())
        .execute(connection)
        .await?;
    Ok(added.rows_affected() == 1)
}

async fn carried_out(connection: &mut AnyConnection, city: &str, step: OpeningStep) -> Result<(), StorageError> {
    let day_text = |day: Date| DateText(day).to_string();
    let query = match step {
        OpeningStep::Week { hours, reply_hours } => {
            let hours = serde_json::to_string(&hours).map_err(|e| StorageError::unreadable("opening hours", e))?;
            sqlx::query("UPDATE municipalities SET opening_hours = $2, reply_hours = $3 WHERE id = $1")
                .bind(city.to_owned())
                .bind(hours)
                .bind(i64::from(reply_hours))
        }
        OpeningStep::Appointments(offer) => {
            let sql = "UPDATE municipalities SET appointments_an_hour = $2, appointment_families = $3 WHERE id = $1";
            sqlx::query(sql)
                .bind(city.to_owned())
                .bind(offer.map(|offer| i64::from(offer.an_hour())))
                .bind(offer.map(|offer| i64::from(offer.families())))
        }
        OpeningStep::Day(day, single) => {
            let spans = serde_json::to_string(&single.spans).map_err(|e| StorageError::unreadable("spans", e))?;
            let sql = "INSERT INTO opening_days (municipality, day, spans, words) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (municipality, day) DO UPDATE SET spans = excluded.spans, words = excluded.words";
            let insert = sqlx::query(sql).bind(city.to_owned()).bind(day_text(day));
            insert.bind(spans).bind(single.why)
        }
        OpeningStep::DayAsWeek(day) => sqlx::query("DELETE FROM opening_days WHERE municipality = $1 AND day = $2")
            .bind(city.to_owned())
            .bind(day_text(day)),
    };
    query.execute(connection).await?;
    Ok(())
}
