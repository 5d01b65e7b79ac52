//! Families: registration with consents, and the counts that the city answers for.

use super::{StorageError, Store, device::NewDevice};
use futures_util::FutureExt;
use signaling::{
    id::{CommandId, GuardianId, MunicipalityId},
    time::At,
};
use sqlx::AnyConnection;
use std::str::FromStr;

/// A registration.
#[derive(Clone)]
pub struct NewGuardian {
    /// Who.
    pub id: GuardianId,
    /// Where.
    pub municipality: MunicipalityId,
    /// The form; sent twice it registers once.
    pub command: CommandId,
    /// Code of how they heard of it.
    pub reach: &'static str,
    /// Code of the institution whose leaflet it came through.
    pub institution: Option<String>,
    /// Sealed subject, bound to the guardian's id.
    pub profile_sealed: String,
    /// PHC string of the recovery answer.
    pub recovery_hash: Option<String>,
    /// Purpose, version and whether it was given.
    pub consents: Vec<(&'static str, &'static str, bool)>,
    /// The browser that registers.
    pub device: NewDevice,
    /// Now.
    pub registered_at: At,
}

signaling::redacted_debug!(NewGuardian {
    id,
    municipality,
    command,
    registered_at
});

/// How a registration went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// The first time.
    New,
    /// The same form from the same browser, a moment ago.
    Again(GuardianId),
    /// The form's id was used for something else, or long ago.
    Stale,
}

/// A registration as the figures see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationRow {
    /// When.
    pub at: At,
    /// Code of how they heard of it.
    pub reach: String,
    /// Code of the institution whose leaflet they came through.
    pub institution: Option<String>,
}

/// What the door needs to know of a family.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryRow {
    /// PHC string of the answer.
    pub hash: String,
    /// Wrong tries in a row.
    pub wrong_tries: u32,
}

signaling::redacted_debug!(RecoveryRow { wrong_tries });

impl Store {
    /// Registers a family with its first device, once per form. Replays are recognised until `again_since`.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn register(&self, new: NewGuardian, again_since: At) -> Result<Registered, StorageError> {
        self.write(move |connection| register(connection, new, again_since).boxed())
            .await
    }

    /// The sealed subject of a family.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn profile_sealed(&self, guardian: GuardianId) -> Result<Option<String>, StorageError> {
        let mut connection = self.read().await?;
        Ok(
            sqlx::query_scalar("SELECT profile_sealed FROM guardians WHERE id = $1 AND withdrawn_at IS NULL")
                .bind(guardian.to_string())
                .fetch_optional(&mut *connection)
                .await?,
        )
    }

    /// The recovery answer of a family that chose one.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn recovery(&self, guardian: GuardianId) -> Result<Option<RecoveryRow>, StorageError> {
        let mut connection = self.read().await?;
        let row: Option<(Option<String>, i64)> = sqlx::query_as(
            "SELECT recovery_hash, recovery_tries FROM guardians WHERE id = $1 AND withdrawn_at IS NULL",
        )
        .bind(guardian.to_string())
        .fetch_optional(&mut *connection)
        .await?;
        let Some((Some(hash), tries)) = row else {
            return Ok(None);
        };
        Ok(Some(RecoveryRow {
            hash,
            wrong_tries: u32::try_from(tries).unwrap_or(u32::MAX),
        }))
    }

    /// Counts a try at the recovery answer before it is judged. False when there are none left.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn count_recovery(&self, guardian: GuardianId, most: u32) -> Result<bool, StorageError> {
        self.write(move |connection| {
            async move {
                let sql =
                    "UPDATE guardians SET recovery_tries = recovery_tries + 1 WHERE id = $1 AND recovery_tries < $2";
                let counted = sqlx::query(sql)
                    .bind(guardian.to_string())
                    .bind(i64::from(most))
                    .execute(connection)
                    .await?;
                Ok(counted.rows_affected() == 1)
            }
            .boxed()
        })
        .await
    }

    /// Gives the tries at the recovery answer back: after a right one, or by staff who made sure who asks. False where the
    /// family is not of this municipality.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn reset_recovery(&self, city: &MunicipalityId, guardian: GuardianId) -> Result<bool, StorageError> {
        let city = city.to_string();
        self.write(move |connection| {
            async move {
                let sql = "UPDATE guardians SET recovery_tries = 0 WHERE id = $1 AND municipality = $2";
                let reset = sqlx::query(sql)
                    .bind(guardian.to_string())
                    .bind(city)
                    .execute(connection)
                    .await?;
                Ok(reset.rows_affected() == 1)
            }
            .boxed()
        })
        .await
    }

    /// When families registered that were active at `until` (exclusive), how they heard of it and through whose leaflet, in order. Tries of staff
    /// and families that had withdrawn are left out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn registrations(&self, city: &MunicipalityId, until: At) -> Result<Vec<RegistrationRow>, StorageError> {
        let mut connection = self.read().await?;
        let rows: Vec<(i64, String, Option<String>)> = sqlx::query_as(
            "SELECT registered_at, reach, institution FROM guardians WHERE municipality = $1 AND registered_at < $2 \
             AND (withdrawn_at IS NULL OR withdrawn_at >= $2) AND test_at IS NULL ORDER BY registered_at, id",
        )
        .bind(city.as_str())
        .bind(until.0)
        .fetch_all(&mut *connection)
        .await?;
        let row = |(at, reach, institution)| RegistrationRow {
            at: At(at),
            reach,
            institution,
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Marks a family as staff's own try: it is in no figure.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn mark_test(&self, guardian: GuardianId, now: At) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "UPDATE guardians SET test_at = $2 WHERE id = $1 AND test_at IS NULL";
                sqlx::query(sql)
                    .bind(guardian.to_string())
                    .bind(now.0)
                    .execute(connection)
                    .await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }
}

async fn register(
    connection: &mut AnyConnection,
    new: NewGuardian,
    again_since: At,
) -> Result<Registered, StorageError> {
    let added = sqlx::query(
        "INSERT INTO guardians (id, municipality, command_id, reach, profile_sealed, recovery_hash, recovery_tries, \
         registered_at, institution) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8) ON CONFLICT (municipality, command_id) DO NOTHING",
    )
    .bind(new.id.to_string())
    .bind(new.municipality.to_string())
    .bind(new.command.to_string())
    .bind(new.reach)
    .bind(new.profile_sealed)
    .bind(new.recovery_hash)
    .bind(new.registered_at.0)
    .bind(new.institution)
    .execute(&mut *connection)
    .await?;
    if added.rows_affected() == 0 {
        let before: Option<String> = sqlx::query_scalar(
            "SELECT g.id FROM guardians g JOIN devices d ON d.guardian = g.id WHERE g.municipality = $1 \
             AND g.command_id = $2 AND g.registered_at > $3 AND g.withdrawn_at IS NULL AND d.token_hash = $4 \
             AND d.revoked_at IS NULL",
        )
        .bind(new.municipality.to_string())
        .bind(new.command.to_string())
        .bind(again_since.0)
        .bind(new.device.token_hash)
        .fetch_optional(connection)
        .await?;
        return before.map_or(Ok(Registered::Stale), |id| guardian_id(&id).map(Registered::Again));
    }
    for (purpose, version, given) in new.consents {
        sqlx::query(
            "INSERT INTO consents (guardian, purpose, version, answer, answered_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(new.id.to_string())
        .bind(purpose)
        .bind(version)
        .bind(if given { "given" } else { "refused" })
        .bind(new.registered_at.0)
        .execute(&mut *connection)
        .await?;
    }
    super::device::insert(connection, new.id, new.device).await?;
    Ok(Registered::New)
}

pub(super) fn guardian_id(text: &str) -> Result<GuardianId, StorageError> {
    GuardianId::from_str(text).map_err(|e| StorageError::unreadable("guardian", e))
}
