//! What can go wrong in storage, told alike for both databases.

use std::sync::Arc;

/// A unique rule of the schema by its name, `unique_<table>_<columns>`. PostgreSQL names the violated constraint, SQLite
/// its columns; the naming rule of the migrations makes both the same word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UniqueRule(String);

impl UniqueRule {
    /// The rule's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Reads SQLite's `UNIQUE constraint failed: consultations.guardian, consultations.stage`.
    fn from_sqlite(message: &str) -> Option<Self> {
        let (_, columns) = message.rsplit_once("UNIQUE constraint failed: ")?;
        let mut name = String::from("unique");
        for (place, column) in columns.split(", ").enumerate() {
            let (table, column) = column.split_once('.')?;
            if place == 0 {
                name = format!("{name}_{table}");
            }
            name = format!("{name}_{column}");
        }
        Some(Self(name))
    }
}

/// Why storage did not do it. Nothing was stored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StorageError {
    /// Too much at once, or two transactions in each other's way. Trying again helps.
    #[error("the database is busy")]
    Busy(#[source] Arc<sqlx::Error>),
    /// The database cannot be used now.
    #[error("the database cannot be used")]
    Unavailable(#[source] Arc<sqlx::Error>),
    /// The writer has stopped, or the work panicked.
    #[error("the database's writer has stopped")]
    Stopped,
    /// The work would break a unique rule.
    #[error("the rule {} stands against it", .0.name())]
    Conflict(UniqueRule),
    /// Somebody wrote first. Load, decide and write again.
    #[error("somebody wrote first")]
    SeqConflict,
    /// Others hold every place of that appointment.
    #[error("every place of that time is taken")]
    SlotFull,
    /// Stored bytes cannot be read.
    #[error("{what} cannot be read: {why}")]
    Unreadable {
        /// What was read.
        what: &'static str,
        /// What is wrong with it. Never holds content.
        why: String,
    },
    /// The content's key has been erased, so nothing can be added.
    #[error("the content of this consultation has been erased")]
    Erased,
    /// The address is not one of a database.
    #[error("a database is sqlite://PATH or postgres://…: {0}")]
    Address(String),
    /// The tables could not be brought up to date.
    #[error("the tables could not be brought up to date")]
    Migration(#[source] Arc<sqlx::migrate::MigrateError>),
}

impl StorageError {
    /// Whether the named unique rule was violated.
    #[must_use]
    pub fn is_conflict(&self, rule: &str) -> bool {
        matches!(self, Self::Conflict(violated) if violated.name() == rule)
    }

    /// Something stored that cannot be read.
    pub fn unreadable(what: &'static str, why: impl std::fmt::Display) -> Self {
        Self::Unreadable {
            what,
            why: why.to_string(),
        }
    }
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(cause) = &error {
            if cause.is_unique_violation() {
                let postgres = cause.constraint().map(|name| UniqueRule(name.to_owned()));
                if let Some(rule) = postgres.or_else(|| UniqueRule::from_sqlite(cause.message())) {
                    return Self::Conflict(rule);
                }
            }
            if cause.code().is_some_and(|code| is_passing(&code)) {
                return Self::Busy(Arc::new(error));
            }
        }
        match error {
            sqlx::Error::PoolTimedOut => Self::Busy(Arc::new(error)),
            sqlx::Error::ColumnDecode { index, source } => Self::Unreadable {
                what: "a column",
                why: format!("{index}: {source}"),
            },
            other => Self::Unavailable(Arc::new(other)),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StorageError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Migration(Arc::new(error))
    }
}

/// SQLite's `BUSY` (5) and `LOCKED` (6) with their extended codes; PostgreSQL's serialization failure, deadlock and lock
/// not available.
fn is_passing(code: &str) -> bool {
    match code.parse::<u32>() {
        // SQLSTATEs have five characters, SQLite's codes fewer or a low byte of 5 or 6.
        Ok(sqlite) if code.len() < 5 => matches!(sqlite & 0xff, 5 | 6),
        _ => matches!(code, "40001" | "40P01" | "55P03"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_names_a_rule_by_its_columns_and_we_by_the_schemas_name() {
        let named = |message| UniqueRule::from_sqlite(message).map(|rule| rule.0);
        let one = "UNIQUE constraint failed: consultations.guardian";
        let two = "UNIQUE constraint failed: events.consultation_id, events.seq";
        assert_eq!(named(one).as_deref(), Some("unique_consultations_guardian"));
        assert_eq!(named(two).as_deref(), Some("unique_events_consultation_id_seq"));
        assert_eq!(named("disk I/O error"), None);
    }

    #[test]
    fn locks_pass_and_full_disks_do_not() {
        assert!(is_passing("5") && is_passing("517") && is_passing("40001") && is_passing("40P01"));
        assert!(!is_passing("13") && !is_passing("23505") && !is_passing("53100"));
    }
}
