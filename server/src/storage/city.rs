//! Municipalities, the hosts they answer to, and their 合言葉.
//!
//! Not here: what a 合言葉 is compared by (a keyed digest made by `identity`).

use super::{StorageError, Store, opening};
use futures_util::FutureExt;
use signaling::{appointment::Offer, hours::Hours, id::MunicipalityId, time::At};
use sqlx::{Row, any::AnyRow};
use std::str::FromStr;

/// What a figure should reach, and where it stood before the service began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Targets {
    /// 満足度 in tenths of a percent.
    pub satisfaction_target_tenths: u32,
    /// See above.
    pub satisfaction_baseline_tenths: u32,
    /// 登録者数.
    pub registered_target: u32,
    /// See above.
    pub registered_baseline: u32,
    /// 相談件数.
    pub consultations_target: u32,
    /// See above.
    pub consultations_baseline: u32,
}

/// A stored municipality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CityRow {
    /// The tenant.
    pub id: MunicipalityId,
    /// 「日野市」.
    pub name: String,
    /// 「ひの子育て相談」.
    pub service_name: String,
    /// Opening hours of the night service.
    pub hours: Hours,
    /// Anytime consultations are answered within so many hours.
    pub reply_hours: u32,
    /// The appointments that it offers; nothing where it offers none.
    pub appointments: Option<Offer>,
    /// Targets and baselines of the figures.
    pub targets: Targets,
    /// A demo city.
    pub demo: bool,
}

/// A 合言葉 as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct PassphraseRow {
    /// Its id, which the sealed text is bound to.
    pub id: String,
    /// Keyed digest of the folded text.
    pub digest: String,
    /// The text, sealed.
    pub sealed: String,
    /// From when it is taken.
    pub valid_from: At,
    /// Until when, exclusive; nothing for no end.
    pub valid_until: Option<At>,
}

signaling::redacted_debug!(PassphraseRow {
    id,
    valid_from,
    valid_until
});

const CITY: &str = "SELECT m.id, m.name, m.service_name, m.opening_hours, m.reply_hours, m.satisfaction_target, \
    m.satisfaction_baseline, m.registered_target, m.registered_baseline, m.consultations_target, \
    m.consultations_baseline, m.demo_at, m.appointments_an_hour, m.appointment_families FROM municipalities m ORDER BY m.id";

impl Store {
    /// The municipality that answers to a host name (lower case, without port).
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn city_by_host(&self, host: &str) -> Result<Option<CityRow>, StorageError> {
        let mut connection = self.read().await?;
        let id: Option<String> = sqlx::query_scalar("SELECT municipality FROM municipality_hosts WHERE host = $1")
            .bind(host)
            .fetch_optional(&mut *connection)
            .await?;
        drop(connection);
        match id {
            Some(id) => Ok(self.cities().await?.into_iter().find(|city| city.id.as_str() == id)),
            None => Ok(None),
        }
    }

    /// A municipality by its id.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn city(&self, id: &MunicipalityId) -> Result<Option<CityRow>, StorageError> {
        Ok(self.cities().await?.into_iter().find(|city| city.id == *id))
    }

    /// All municipalities by id. A server has a handful.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn cities(&self) -> Result<Vec<CityRow>, StorageError> {
        let mut connection = self.read().await?;
        let rows = sqlx::query(CITY).fetch_all(&mut *connection).await?;
        let mut days = opening::days(&mut connection).await?;
        let mut with_days = |row: &AnyRow| {
            let mut city = city_row(row)?;
            city.hours.days = days.remove(city.id.as_str()).unwrap_or_default();
            Ok(city)
        };
        rows.iter().map(&mut with_days).collect()
    }

    /// Host names of a municipality.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn hosts_of(&self, id: &MunicipalityId) -> Result<Vec<String>, StorageError> {
        let mut connection = self.read().await?;
        let sql = "SELECT host FROM municipality_hosts WHERE municipality = $1 ORDER BY host";
        Ok(sqlx::query_scalar(sql)
            .bind(id.as_str())
            .fetch_all(&mut *connection)
            .await?)
    }

    /// Adds a municipality with its hosts. False, and nothing changed, where it exists; a host that belongs to another
    /// municipality is a conflict of `unique_municipality_hosts_host`.
    ///
    /// # Errors
    /// The database cannot be written, or a host is taken.
    pub async fn add_city(&self, city: CityRow, hosts: Vec<String>, now: At) -> Result<bool, StorageError> {
        let hours = serde_json::to_string(&city.hours).map_err(|e| StorageError::unreadable("opening hours", e))?;
        self.write(move |connection| {
            async move {
                let targets = city.targets;
                let added = sqlx::query(
                    "INSERT INTO municipalities (id, name, service_name, opening_hours, reply_hours, satisfaction_target, \
                     satisfaction_baseline, registered_target, registered_baseline, consultations_target, \
                     consultations_baseline, created_at, demo_at, appointments_an_hour, appointment_families) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (id) DO NOTHING",
                )
                .bind(city.id.to_string())
                .bind(city.name)
                .bind(city.service_name)
                .bind(hours)
                .bind(i64::from(city.reply_hours))
                .bind(i64::from(targets.satisfaction_target_tenths))
                .bind(i64::from(targets.satisfaction_baseline_tenths))
                .bind(i64::from(targets.registered_target))
                .bind(i64::from(targets.registered_baseline))
                .bind(i64::from(targets.consultations_target))
                .bind(i64::from(targets.consultations_baseline))
                .bind(now.0)
                .bind(city.demo.then_some(now.0))
                .bind(city.appointments.map(|offer| i64::from(offer.an_hour())))
                .bind(city.appointments.map(|offer| i64::from(offer.families())))
                .execute(&mut *connection)
                .await?;
                if added.rows_affected() == 0 {
                    return Ok(false);
                }
                for host in hosts {
                    sqlx::query("INSERT INTO municipality_hosts (host, municipality) VALUES ($1, $2)")
                        .bind(host.to_ascii_lowercase())
                        .bind(city.id.to_string())
                        .execute(&mut *connection)
                        .await?;
                }
                Ok(true)
            }
            .boxed()
        })
        .await
    }

    /// Lets a municipality answer to one more host. False where the host is taken, by whomever.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_host(&self, id: &MunicipalityId, host: &str) -> Result<bool, StorageError> {
        let (id, host) = (id.to_string(), host.to_ascii_lowercase());
        self.write(move |connection| {
            async move {
                let sql = "INSERT INTO municipality_hosts (host, municipality) VALUES ($1, $2) ON CONFLICT DO NOTHING";
                let added = sqlx::query(sql).bind(host).bind(id).execute(connection).await?;
                Ok(added.rows_affected() == 1)
            }
            .boxed()
        })
        .await
    }

    /// Changes the opening hours; single days stay as they are.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn set_hours(&self, id: &MunicipalityId, hours: &Hours) -> Result<(), StorageError> {
        let hours = serde_json::to_string(hours).map_err(|e| StorageError::unreadable("opening hours", e))?;
        let id = id.to_string();
        self.write(move |connection| {
            async move {
                let sql = "UPDATE municipalities SET opening_hours = $2 WHERE id = $1";
                sqlx::query(sql).bind(id).bind(hours).execute(connection).await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// Adds a 合言葉.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_passphrase(&self, city: &MunicipalityId, row: PassphraseRow) -> Result<(), StorageError> {
        let city = city.to_string();
        self.write(move |connection| {
            async move {
                sqlx::query(
                    "INSERT INTO passphrases (id, municipality, digest, sealed, valid_from, valid_until) \
                     VALUES ($1, $2, $3, $4, $5, $6)",
                )
                .bind(row.id)
                .bind(city)
                .bind(row.digest)
                .bind(row.sealed)
                .bind(row.valid_from.0)
                .bind(row.valid_until.map(|at| at.0))
                .execute(connection)
                .await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// The 合言葉 that are valid at a time, newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn passphrases(&self, city: &MunicipalityId, at: At) -> Result<Vec<PassphraseRow>, StorageError> {
        let mut connection = self.read().await?;
        let rows: Vec<(String, String, String, i64, Option<i64>)> = sqlx::query_as(
            "SELECT id, digest, sealed, valid_from, valid_until FROM passphrases WHERE municipality = $1 \
             AND valid_from <= $2 AND (valid_until IS NULL OR valid_until > $2) ORDER BY valid_from DESC, id",
        )
        .bind(city.as_str())
        .bind(at.0)
        .fetch_all(&mut *connection)
        .await?;
        let row = |(id, digest, sealed, from, until): (String, String, String, i64, Option<i64>)| PassphraseRow {
            id,
            digest,
            sealed,
            valid_from: At(from),
            valid_until: until.map(At),
        };
        Ok(rows.into_iter().map(row).collect())
    }
}

fn city_row(row: &AnyRow) -> Result<CityRow, StorageError> {
    let id: String = row.try_get("id")?;
    let hours: String = row.try_get("opening_hours")?;
    let demo_at: Option<i64> = row.try_get("demo_at")?;
    Ok(CityRow {
        id: MunicipalityId::from_str(&id).map_err(|e| StorageError::unreadable("municipalities.id", e))?,
        name: row.try_get("name")?,
        service_name: row.try_get("service_name")?,
        hours: serde_json::from_str(&hours).map_err(|e| StorageError::unreadable("opening hours", e))?,
        reply_hours: count(row, "reply_hours")?,
        appointments: offer(row)?,
        targets: Targets {
            satisfaction_target_tenths: count(row, "satisfaction_target")?,
            satisfaction_baseline_tenths: count(row, "satisfaction_baseline")?,
            registered_target: count(row, "registered_target")?,
            registered_baseline: count(row, "registered_baseline")?,
            consultations_target: count(row, "consultations_target")?,
            consultations_baseline: count(row, "consultations_baseline")?,
        },
        demo: demo_at.is_some(),
    })
}

fn offer(row: &AnyRow) -> Result<Option<Offer>, StorageError> {
    let an_hour: Option<i64> = row.try_get("appointments_an_hour")?;
    if an_hour.is_none() {
        return Ok(None);
    }
    let offer = Offer::new(count(row, "appointments_an_hour")?, count(row, "appointment_families")?);
    let wrong = || StorageError::unreadable("municipalities.appointments_an_hour", "no such offer");
    offer.map(Some).ok_or_else(wrong)
}

fn count(row: &AnyRow, column: &'static str) -> Result<u32, StorageError> {
    let value: i64 = row.try_get(column)?;
    u32::try_from(value).map_err(|e| StorageError::unreadable(column, e))
}
