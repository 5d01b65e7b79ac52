//! Whom a city's staff telephone when no supervisor's page answers.

use super::{StorageError, Store};
use futures_util::FutureExt;
use signaling::{
    id::{MunicipalityId, StaffId},
    phone::PhoneNumber,
    time::At,
};
use sqlx::Row as _;

/// One that is called.
#[derive(Clone, PartialEq, Eq)]
pub struct SupervisorPhone {
    /// Of the function: 「当番の監督者」.
    pub name: String,
    /// Its number.
    pub number: PhoneNumber,
}

signaling::redacted_debug!(SupervisorPhone { name });

impl Store {
    /// Those of a city, in the order in which they are called.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn supervisor_phones(&self, city: &MunicipalityId) -> Result<Vec<SupervisorPhone>, StorageError> {
        let sql = "SELECT name, number FROM supervisor_phones WHERE municipality = $1 ORDER BY place";
        let mut connection = self.read().await?;
        let query = sqlx::query(sql).bind(city.to_string());
        let rows = query.fetch_all(&mut *connection).await?;
        let unreadable = |error| StorageError::unreadable("supervisor_phones.number", error);
        rows.iter()
            .map(|row| {
                let number: String = row.try_get("number")?;
                Ok(SupervisorPhone {
                    name: row.try_get("name")?,
                    number: PhoneNumber::parse(&number).map_err(unreadable)?,
                })
            })
            .collect()
    }

    /// These are called from now on, and no others.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn set_supervisor_phones(
        &self,
        city: &MunicipalityId,
        phones: Vec<SupervisorPhone>,
        (by, at): (StaffId, At),
    ) -> Result<(), StorageError> {
        let city = city.to_string();
        self.write(move |connection| {
            async move {
                let delete = sqlx::query("DELETE FROM supervisor_phones WHERE municipality = $1").bind(city.clone());
                delete.execute(&mut *connection).await?;
                for (place, phone) in (1_i64..).zip(phones) {
                    let sql = "INSERT INTO supervisor_phones (municipality, place, name, number, changed_at, changed_by) \
                               VALUES ($1, $2, $3, $4, $5, $6)";
                    let insert = sqlx::query(sql).bind(city.clone()).bind(place).bind(phone.name);
                    let insert = insert.bind(phone.number.digits().to_owned()).bind(at.0).bind(by.to_string());
                    insert.execute(&mut *connection).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
    }
}
