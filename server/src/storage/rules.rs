//! What administrators decided about red-flag rules, and the editions that this desk has run with.
//!
//! Not here: what a decision means (`signaling::triage::standing`), how its link is made (`chain`).

use super::{
    StorageError, Store,
    log::{mac, stored},
    row::{number, parsed},
};
use crate::chain::Mac;
use futures_util::FutureExt;
use signaling::{
    id::{CommandId, MunicipalityId, StaffId},
    time::{At, parse_date},
    triage::standing::{Decided, Decision},
};
use sqlx::{AnyConnection, Row as _, any::AnyRow};

/// A decision as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionRow {
    /// Whose.
    pub municipality: MunicipalityId,
    /// 1, 2, 3 … within the city.
    pub seq: u64,
    /// The decision.
    pub decision: Decision,
    /// The account of the administrator.
    pub staff: StaffId,
    /// The form.
    pub command: CommandId,
    /// The link of the chain.
    pub mac: Mac,
}

/// An edition that this desk has run with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionRow {
    /// SHA-256 of the file.
    pub digest: String,
    /// Its name.
    pub edition: String,
    /// The file.
    pub file: String,
    /// When this desk first ran with it.
    pub first_at: At,
}

/// Makes the row from the number and the link of the one before it.
pub type Deciding = Box<dyn FnOnce(u64, Mac) -> DecisionRow + Send>;

const DECISIONS: &str = "SELECT municipality, seq, at_ms, rule, version, fingerprint, decided, physician, approved_on, staff, \
    staff_name, command_id, mac FROM rule_decisions WHERE municipality = $1 ORDER BY seq";

impl Store {
    /// Adds the decision that `make` makes of the last one. False, and nothing changed, where its form has counted already.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] when somebody decided first.
    pub async fn add_decision(&self, municipality: &MunicipalityId, make: Deciding) -> Result<bool, StorageError> {
        let municipality = municipality.to_string();
        self.write(move |connection| {
            async move {
                let (seq, before) = last(connection, &municipality).await?;
                add(connection, make(seq, before)).await
            }
            .boxed()
        })
        .await
    }

    /// All decisions of a city, the oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn decisions(&self, municipality: &MunicipalityId) -> Result<Vec<DecisionRow>, StorageError> {
        let mut connection = self.read().await?;
        let rows = sqlx::query(DECISIONS)
            .bind(municipality.to_string())
            .fetch_all(&mut *connection)
            .await?;
        rows.iter().map(DecisionRow::read).collect()
    }

    /// Keeps an edition; one that is there stays as it is.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn keep_edition(&self, row: EditionRow) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "INSERT INTO rule_editions (digest, edition, file, first_at) VALUES ($1, $2, $3, $4) \
                           ON CONFLICT (digest) DO NOTHING";
                let insert = sqlx::query(sql).bind(row.digest).bind(row.edition).bind(row.file);
                insert.bind(row.first_at.0).execute(&mut *connection).await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// All editions, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn editions(&self) -> Result<Vec<EditionRow>, StorageError> {
        let sql = "SELECT digest, edition, file, first_at FROM rule_editions ORDER BY first_at DESC, digest";
        let mut connection = self.read().await?;
        let rows = sqlx::query(sql).fetch_all(&mut *connection).await?;
        rows.iter()
            .map(|row| {
                Ok(EditionRow {
                    digest: row.try_get("digest")?,
                    edition: row.try_get("edition")?,
                    file: row.try_get("file")?,
                    first_at: At(row.try_get("first_at")?),
                })
            })
            .collect()
    }
}

async fn last(connection: &mut AnyConnection, municipality: &str) -> Result<(u64, Mac), StorageError> {
    let sql = "SELECT seq, mac FROM rule_decisions WHERE municipality = $1 ORDER BY seq DESC LIMIT 1";
    let row = sqlx::query(sql)
        .bind(municipality.to_owned())
        .fetch_optional(connection)
        .await?;
    match row {
        Some(row) => Ok((number(&row, "seq")?, mac(&row, "mac")?)),
        None => Ok((0, Mac::START)),
    }
}

async fn add(connection: &mut AnyConnection, row: DecisionRow) -> Result<bool, StorageError> {
    let sql = "INSERT INTO rule_decisions (municipality, seq, at_ms, rule, version, fingerprint, decided, physician, \
               approved_on, staff, staff_name, command_id, mac) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
               ON CONFLICT (municipality, command_id, decided) DO NOTHING";
    let Decision {
        at,
        rule,
        version,
        fingerprint,
        decided,
        by,
    } = row.decision;
    let code = decided.code();
    let (physician, on) = match decided {
        Decided::Approved { physician, on } => (Some(physician), Some(signaling::time::DateText(on).to_string())),
        Decided::Withdrawn | Decided::Enabled | Decided::Disabled => (None, None),
    };
    let added = sqlx::query(sql)
        .bind(row.municipality.to_string())
        .bind(stored(row.seq))
        .bind(at.0)
        .bind(rule)
        .bind(i64::from(version))
        .bind(fingerprint)
        .bind(code)
        .bind(physician)
        .bind(on)
        .bind(row.staff.to_string())
        .bind(by)
        .bind(row.command.0.to_string())
        .bind(row.mac.0.to_vec())
        .execute(&mut *connection)
        .await?;
    Ok(added.rows_affected() == 1)
}

impl DecisionRow {
    fn read(row: &AnyRow) -> Result<Self, StorageError> {
        Ok(Self {
            municipality: parsed(row, "municipality")?,
            seq: number(row, "seq")?,
            decision: Decision {
                at: At(row.try_get("at_ms")?),
                rule: row.try_get("rule")?,
                version: u32::try_from(number(row, "version")?)
                    .map_err(|error| StorageError::unreadable("a decision", error))?,
                fingerprint: row.try_get("fingerprint")?,
                decided: decided(row)?,
                by: row.try_get("staff_name")?,
            },
            staff: parsed(row, "staff")?,
            command: parsed(row, "command_id")?,
            mac: mac(row, "mac")?,
        })
    }
}

fn decided(row: &AnyRow) -> Result<Decided, StorageError> {
    let code: String = row.try_get("decided")?;
    match code.as_str() {
        "withdrawn" => Ok(Decided::Withdrawn),
        "enabled" => Ok(Decided::Enabled),
        "disabled" => Ok(Decided::Disabled),
        "approved" => {
            let physician: Option<String> = row.try_get("physician")?;
            let on: Option<String> = row.try_get("approved_on")?;
            physician
                .zip(on.as_deref().and_then(parse_date))
                .map(|(physician, on)| Decided::Approved { physician, on })
                .ok_or_else(|| StorageError::unreadable("a decision", "an approval without its facts"))
        }
        other => Err(StorageError::unreadable("a decision", other)),
    }
}
