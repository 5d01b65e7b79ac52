//! Small facts about the database itself.

use super::{StorageError, Store};
use futures_util::FutureExt;

impl Store {
    /// The stored value of `name`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn meta_value(&self, name: &str) -> Result<Option<String>, StorageError> {
        let mut connection = self.read().await?;
        let found = sqlx::query_scalar("SELECT content FROM meta WHERE name = $1")
            .bind(name)
            .fetch_optional(&mut *connection)
            .await?;
        Ok(found)
    }

    /// Stores `value` unless `name` has one already, and tells which value stands now.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn set_meta_value_if_absent(&self, name: &str, value: &str) -> Result<String, StorageError> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.write(move |connection| {
            async move {
                sqlx::query("INSERT INTO meta (name, content) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
                    .bind(&name)
                    .bind(value)
                    .execute(&mut *connection)
                    .await?;
                let stands = sqlx::query_scalar("SELECT content FROM meta WHERE name = $1")
                    .bind(name)
                    .fetch_one(connection)
                    .await?;
                Ok(stands)
            }
            .boxed()
        })
        .await
    }
}
