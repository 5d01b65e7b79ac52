//! Letting another device in: a code or link of five minutes that is spent once.

use super::{StorageError, Store, device::NewDevice, guardian::guardian_id, ticket::consultation_id};
use futures_util::FutureExt;
use signaling::{
    id::{ConsultationId, GuardianId, MunicipalityId},
    time::At,
};
use sqlx::AnyConnection;

/// A transfer. Its code and its link are derived from the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferRow {
    /// Its id.
    pub id: String,
    /// Whose.
    pub guardian: GuardianId,
    /// The consultation it leads to.
    pub consultation: ConsultationId,
    /// Wrong codes so far.
    pub wrong_tries: u32,
    /// When it ends.
    pub expires_at: At,
}

/// How a try with a code went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeTried {
    /// The device joined.
    Entered,
    /// Not the code.
    Wrong,
    /// Spent, ended or tried too often.
    Over,
}

impl Store {
    /// Adds a transfer; the family's earlier ones end.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_transfer(&self, new: TransferRow, token_hash: String, now: At) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                let earlier = "UPDATE transfers SET expires_at = $2 WHERE guardian = $1 AND expires_at > $2";
                sqlx::query(earlier).bind(new.guardian.to_string()).bind(now.0).execute(&mut *connection).await?;
                sqlx::query(
                    "INSERT INTO transfers (id, token_hash, guardian, consultation, wrong_tries, created_at, expires_at) \
                     VALUES ($1, $2, $3, $4, 0, $5, $6)",
                )
                .bind(new.id)
                .bind(token_hash)
                .bind(new.guardian.to_string())
                .bind(new.consultation.to_string())
                .bind(now.0)
                .bind(new.expires_at.0)
                .execute(connection)
                .await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// The family's transfer that has neither been spent nor ended.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn current_transfer(&self, guardian: GuardianId, now: At) -> Result<Option<TransferRow>, StorageError> {
        let mut connection = self.read().await?;
        let sql = "SELECT id, guardian, consultation, wrong_tries, expires_at FROM transfers WHERE guardian = $1 \
                   AND spent_at IS NULL AND expires_at > $2 ORDER BY created_at DESC LIMIT 1";
        let sql = sqlx::query_as(sql).bind(guardian.to_string()).bind(now.0);
        sql.fetch_optional(&mut *connection).await?.map(row).transpose()
    }

    /// The transfer of a link of a municipality that has neither been spent nor ended.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn transfer_by_link(
        &self,
        city: &MunicipalityId,
        token_hash: &str,
        now: At,
    ) -> Result<Option<TransferRow>, StorageError> {
        let mut connection = self.read().await?;
        let sql = "SELECT t.id, t.guardian, t.consultation, t.wrong_tries, t.expires_at FROM transfers t \
                   JOIN guardians g ON g.id = t.guardian WHERE t.token_hash = $1 AND g.municipality = $2 \
                   AND g.withdrawn_at IS NULL AND t.spent_at IS NULL AND t.expires_at > $3";
        let sql = sqlx::query_as(sql).bind(token_hash).bind(city.as_str()).bind(now.0);
        sql.fetch_optional(&mut *connection).await?.map(row).transpose()
    }

    /// The family, and the consultation, that a spent link of a municipality let somebody into.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn spent_transfer(
        &self,
        city: &MunicipalityId,
        token_hash: &str,
    ) -> Result<Option<(GuardianId, ConsultationId)>, StorageError> {
        let mut connection = self.read().await?;
        let sql = "SELECT t.guardian, t.consultation FROM transfers t JOIN guardians g ON g.id = t.guardian \
                   WHERE t.token_hash = $1 AND g.municipality = $2 AND t.spent_at IS NOT NULL";
        let sql = sqlx::query_as(sql).bind(token_hash).bind(city.as_str());
        let found: Option<(String, String)> = sql.fetch_optional(&mut *connection).await?;
        let read =
            |(family, consultation): (String, String)| Ok((guardian_id(&family)?, consultation_id(&consultation)?));
        found.map(read).transpose()
    }

    /// Tries a code: the try is counted and judged in one transaction, so that guesses at once cannot exceed `most`.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn try_code(
        &self,
        transfer: TransferRow,
        is_right: bool,
        most: u32,
        device: NewDevice,
    ) -> Result<CodeTried, StorageError> {
        self.write(move |connection| {
            async move {
                let counted = sqlx::query(
                    "UPDATE transfers SET wrong_tries = wrong_tries + 1 WHERE id = $1 AND wrong_tries < $2 \
                     AND spent_at IS NULL AND expires_at > $3",
                )
                .bind(&transfer.id)
                .bind(i64::from(most))
                .bind(device.created_at.0)
                .execute(&mut *connection)
                .await?;
                match (counted.rows_affected(), is_right) {
                    (0, _) => Ok(CodeTried::Over),
                    (_, false) => Ok(CodeTried::Wrong),
                    (_, true) => {
                        let spent = spend(connection, transfer, device).await?;
                        Ok(if spent { CodeTried::Entered } else { CodeTried::Over })
                    }
                }
            }
            .boxed()
        })
        .await
    }

    /// Spends a link. False where somebody spent it first or it has ended.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn spend_link(&self, transfer: TransferRow, device: NewDevice) -> Result<bool, StorageError> {
        self.write(move |connection| spend(connection, transfer, device).boxed())
            .await
    }
}

async fn spend(connection: &mut AnyConnection, transfer: TransferRow, device: NewDevice) -> Result<bool, StorageError> {
    let spent =
        sqlx::query("UPDATE transfers SET spent_at = $2 WHERE id = $1 AND spent_at IS NULL AND expires_at > $2")
            .bind(transfer.id)
            .bind(device.created_at.0)
            .execute(&mut *connection)
            .await?;
    if spent.rows_affected() == 0 {
        return Ok(false);
    }
    super::device::insert(connection, transfer.guardian, device).await?;
    Ok(true)
}

fn row(
    (id, guardian, consultation, wrong_tries, expires_at): (String, String, String, i64, i64),
) -> Result<TransferRow, StorageError> {
    Ok(TransferRow {
        id,
        guardian: guardian_id(&guardian)?,
        consultation: consultation_id(&consultation)?,
        wrong_tries: u32::try_from(wrong_tries).unwrap_or(u32::MAX),
        expires_at: At(expires_at),
    })
}
