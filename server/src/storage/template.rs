//! Templates (定型文) of a city, as administrators write them.
//!
//! Promises: one that is retired is shown to nobody and kept; a form that is sent twice adds one.

use super::{StorageError, Store};
use futures_util::FutureExt;
use signaling::{
    id::{CommandId, MunicipalityId, StaffId},
    template::Template,
    time::At,
};
use sqlx::Row as _;

/// One as an administrator has written it.
#[derive(Clone, Debug)]
pub struct TemplateWritten {
    /// Whose.
    pub municipality: MunicipalityId,
    /// What it is for, and its words, checked.
    pub template: Template,
    /// The administrator.
    pub by: StaffId,
    /// The form.
    pub command: CommandId,
    /// Now.
    pub at: At,
}

impl Store {
    /// Adds a template, once per form.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_template(&self, written: TemplateWritten) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "INSERT INTO templates (municipality, id, title, body, added_at, changed_at, changed_by, command_id) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
                sqlx::query(sql)
                    .bind(written.municipality.to_string())
                    .bind(written.template.id)
                    .bind(written.template.title)
                    .bind(written.template.body)
                    .bind(written.at.0)
                    .bind(written.at.0)
                    .bind(written.by.to_string())
                    .bind(written.command.to_string())
                    .execute(connection)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// Changes a template of this city; tells whether there was one.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn change_template(&self, written: TemplateWritten) -> Result<bool, StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "UPDATE templates SET title = $1, body = $2, changed_at = $3, changed_by = $4 \
                           WHERE municipality = $5 AND id = $6 AND retired_at IS NULL";
                let changed = sqlx::query(sql)
                    .bind(written.template.title)
                    .bind(written.template.body)
                    .bind(written.at.0)
                    .bind(written.by.to_string())
                    .bind(written.municipality.to_string())
                    .bind(written.template.id)
                    .execute(connection)
                    .await?;
                Ok(changed.rows_affected() > 0)
            }
            .boxed()
        })
        .await
    }

    /// Retires a template of this city.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn retire_template(
        &self,
        city: &MunicipalityId,
        id: &str,
        by: StaffId,
        at: At,
    ) -> Result<(), StorageError> {
        let (city, id) = (city.to_string(), id.to_owned());
        self.write(move |connection| {
            async move {
                let sql = "UPDATE templates SET retired_at = $1, changed_by = $2 \
                           WHERE municipality = $3 AND id = $4 AND retired_at IS NULL";
                sqlx::query(sql)
                    .bind(at.0)
                    .bind(by.to_string())
                    .bind(city)
                    .bind(id)
                    .execute(connection)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// The templates of a city that are in use, in the order in which they were added.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn templates(&self, city: &MunicipalityId) -> Result<Vec<Template>, StorageError> {
        let sql = "SELECT id, title, body FROM templates WHERE municipality = $1 AND retired_at IS NULL \
                   ORDER BY added_at, id";
        let mut connection = self.read().await?;
        let rows = sqlx::query(sql)
            .bind(city.to_string())
            .fetch_all(&mut *connection)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Template {
                    id: row.try_get("id")?,
                    title: row.try_get("title")?,
                    body: row.try_get("body")?,
                })
            })
            .collect()
    }
}
