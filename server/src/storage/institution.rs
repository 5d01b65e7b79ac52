//! Institutions that hand out the desk's leaflet: what administrators added, and nothing of the families that came.
//!
//! Not here: the figures (`report`, `guardian`).

use super::{StorageError, Store};
use futures_util::FutureExt;
use signaling::{
    id::{CommandId, MunicipalityId, StaffId},
    registration::Reach,
    time::At,
};
use sqlx::{Row as _, any::AnyRow};

/// An institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionRow {
    /// Stands in its leaflet's link.
    pub code: String,
    /// As people know it.
    pub name: String,
    /// What kind it is.
    pub reach: Reach,
    /// Since when no leaflet is printed for it.
    pub ended_at: Option<At>,
}

/// One that an administrator adds.
#[derive(Clone, Debug)]
pub struct NewInstitution {
    /// Whose.
    pub municipality: MunicipalityId,
    /// For the link.
    pub code: String,
    /// As people know it.
    pub name: String,
    /// What kind it is.
    pub reach: Reach,
    /// The administrator.
    pub by: StaffId,
    /// The form.
    pub command: CommandId,
    /// Now.
    pub at: At,
}

/// How adding went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is there, now or since the same form came before.
    Yes,
    /// Another one has this name.
    NameTaken,
}

const ALL: &str =
    "SELECT code, name, reach, ended_at FROM institutions WHERE municipality = $1 ORDER BY added_at, code";
const ONE: &str = "SELECT code, name, reach, ended_at FROM institutions WHERE municipality = $1 AND code = $2";

impl Store {
    /// Adds an institution, once per form.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_institution(&self, new: NewInstitution) -> Result<Added, StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "INSERT INTO institutions (municipality, code, name, reach, added_at, added_by, command_id) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
                let added = sqlx::query(sql)
                    .bind(new.municipality.to_string())
                    .bind(new.code)
                    .bind(new.name)
                    .bind(new.reach.code())
                    .bind(new.at.0)
                    .bind(new.by.to_string())
                    .bind(new.command.to_string())
                    .execute(&mut *connection)
                    .await?;
                if added.rows_affected() == 1 {
                    return Ok(Added::Yes);
                }
                let sql = "SELECT COUNT(*) FROM institutions WHERE municipality = $1 AND command_id = $2";
                let before: i64 = sqlx::query_scalar(sql)
                    .bind(new.municipality.to_string())
                    .bind(new.command.to_string())
                    .fetch_one(connection)
                    .await?;
                Ok(if before > 0 { Added::Yes } else { Added::NameTaken })
            }
            .boxed()
        })
        .await
    }

    /// Ends or resumes printing for an institution of this city; anybody else's stays as it is.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn end_institution(
        &self,
        city: &MunicipalityId,
        code: &str,
        ended_at: Option<At>,
    ) -> Result<(), StorageError> {
        let (city, code) = (city.to_string(), code.to_owned());
        self.write(move |connection| {
            async move {
                sqlx::query("UPDATE institutions SET ended_at = $3 WHERE municipality = $1 AND code = $2")
                    .bind(city)
                    .bind(code)
                    .bind(ended_at.map(|at| at.0))
                    .execute(connection)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// The institutions of a city, in the order in which they were added.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn institutions(&self, city: &MunicipalityId) -> Result<Vec<InstitutionRow>, StorageError> {
        let mut connection = self.read().await?;
        let rows = sqlx::query(ALL)
            .bind(city.to_string())
            .fetch_all(&mut *connection)
            .await?;
        rows.iter().map(InstitutionRow::read).collect()
    }

    /// One of them; nothing for a code of another city or of nobody.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn institution(&self, city: &MunicipalityId, code: &str) -> Result<Option<InstitutionRow>, StorageError> {
        let mut connection = self.read().await?;
        let row = sqlx::query(ONE)
            .bind(city.to_string())
            .bind(code.to_owned())
            .fetch_optional(&mut *connection)
            .await?;
        row.as_ref().map(InstitutionRow::read).transpose()
    }
}

impl InstitutionRow {
    fn read(row: &AnyRow) -> Result<Self, StorageError> {
        let reach: String = row.try_get("reach")?;
        let reach =
            Reach::from_code(&reach).ok_or_else(|| StorageError::unreadable("institutions.reach", "not a code"))?;
        Ok(Self {
            code: row.try_get("code")?,
            name: row.try_get("name")?,
            reach,
            ended_at: row.try_get::<Option<i64>, _>("ended_at")?.map(At),
        })
    }
}
