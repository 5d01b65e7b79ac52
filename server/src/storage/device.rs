//! The browsers of a family: each holds a credential of its own, is told of those that joined after it, and can be revoked.

use super::{StorageError, Store, guardian::guardian_id};
use futures_util::FutureExt;
use signaling::{
    id::{GuardianId, MunicipalityId},
    time::At,
};
use sqlx::AnyConnection;

/// A browser that joins a family.
#[derive(Clone)]
pub struct NewDevice {
    /// Its id.
    pub id: String,
    /// Digest of its credential.
    pub token_hash: String,
    /// 「iPhone・Safari」.
    pub name: String,
    /// `registration`, `code`, `link` or `recovery`.
    pub joined_by: &'static str,
    /// Now.
    pub created_at: At,
}

signaling::redacted_debug!(NewDevice {
    id,
    joined_by,
    created_at
});

/// A browser of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceStored {
    /// Its id.
    pub id: String,
    /// 「iPhone・Safari」.
    pub name: String,
    /// Since when.
    pub created_at: At,
}

/// Whose credential a browser holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The family.
    pub guardian: GuardianId,
    /// This browser.
    pub device: String,
    /// When it was last seen, to the day.
    pub seen_at: At,
}

impl Store {
    /// Whose credential this is at a municipality. Revoked ones and those of families that withdrew are nobody's.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn credential(
        &self,
        city: &MunicipalityId,
        token_hash: &str,
    ) -> Result<Option<Credential>, StorageError> {
        let mut connection = self.read().await?;
        let row: Option<(String, String, i64)> = sqlx::query_as(
            "SELECT g.id, d.id, d.seen_at FROM devices d JOIN guardians g ON g.id = d.guardian \
             WHERE d.token_hash = $1 AND g.municipality = $2 AND d.revoked_at IS NULL AND g.withdrawn_at IS NULL",
        )
        .bind(token_hash)
        .bind(city.as_str())
        .fetch_optional(&mut *connection)
        .await?;
        let Some((guardian, device, seen_at)) = row else {
            return Ok(None);
        };
        Ok(Some(Credential {
            guardian: guardian_id(&guardian)?,
            device,
            seen_at: At(seen_at),
        }))
    }

    /// Notes that a browser was here.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn see_device(&self, device: String, now: At) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "UPDATE devices SET seen_at = $2 WHERE id = $1 AND seen_at < $2";
                sqlx::query(sql).bind(device).bind(now.0).execute(connection).await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// Lets a browser join a family.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_device(&self, guardian: GuardianId, new: NewDevice) -> Result<(), StorageError> {
        self.write(move |connection| insert(connection, guardian, new).boxed())
            .await
    }

    /// A family's browsers that are not revoked, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn devices(&self, guardian: GuardianId) -> Result<Vec<DeviceStored>, StorageError> {
        let mut connection = self.read().await?;
        let sql = "SELECT id, name, created_at FROM devices WHERE guardian = $1 AND revoked_at IS NULL \
                   ORDER BY created_at, id";
        let rows = sqlx::query_as(sql)
            .bind(guardian.to_string())
            .fetch_all(&mut *connection)
            .await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// Browsers of the same family that joined after this one was last told, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn untold_devices(&self, device: &str) -> Result<Vec<DeviceStored>, StorageError> {
        let mut connection = self.read().await?;
        let rows = sqlx::query_as(
            "SELECT other.id, other.name, other.created_at FROM devices me JOIN devices other \
             ON other.guardian = me.guardian AND other.id <> me.id AND other.created_at > me.told_at \
             WHERE me.id = $1 AND other.revoked_at IS NULL ORDER BY other.created_at, other.id",
        )
        .bind(device)
        .fetch_all(&mut *connection)
        .await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// This browser has been told of all that joined until `until`.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn told_devices(&self, device: String, until: At) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "UPDATE devices SET told_at = $2 WHERE id = $1 AND told_at < $2";
                sqlx::query(sql).bind(device).bind(until.0).execute(connection).await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// Takes a browser's credential away. False where it is none of this family's, or revoked already.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn revoke_device(&self, guardian: GuardianId, device: String, now: At) -> Result<bool, StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "UPDATE devices SET revoked_at = $3 WHERE id = $1 AND guardian = $2 AND revoked_at IS NULL";
                let sql = sqlx::query(sql).bind(device).bind(guardian.to_string()).bind(now.0);
                Ok(sql.execute(connection).await?.rows_affected() == 1)
            }
            .boxed()
        })
        .await
    }

    /// A browser gives its credential up to enter another family of the same people, or of others: the devices that left so
    /// are counted in [`Store::unlinked_devices`].
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn leave_for(&self, device: String, family: GuardianId, now: At) -> Result<(), StorageError> {
        self.write(move |connection| {
            async move {
                let sql = "UPDATE devices SET revoked_at = $3, left_for = $2 WHERE id = $1 AND revoked_at IS NULL";
                let sql = sqlx::query(sql).bind(device).bind(family.to_string()).bind(now.0);
                sql.execute(connection).await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// Browsers that left one registered family for another before `until` (exclusive), where both were active then: as many
    /// families may be counted twice.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn unlinked_devices(&self, city: &MunicipalityId, until: At) -> Result<u32, StorageError> {
        let mut connection = self.read().await?;
        let devices: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM devices d JOIN guardians g ON g.id = d.guardian JOIN guardians o ON o.id = d.left_for \
             WHERE g.municipality = $1 AND o.municipality = $1 AND d.revoked_at < $2 \
             AND g.test_at IS NULL AND (g.withdrawn_at IS NULL OR g.withdrawn_at >= $2) \
             AND o.test_at IS NULL AND (o.withdrawn_at IS NULL OR o.withdrawn_at >= $2)",
        )
        .bind(city.as_str())
        .bind(until.0)
        .fetch_one(&mut *connection)
        .await?;
        Ok(u32::try_from(devices).unwrap_or(u32::MAX))
    }
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    guardian: GuardianId,
    new: NewDevice,
) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO devices (id, guardian, token_hash, name, joined_by, created_at, seen_at, told_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6, $6)",
    )
    .bind(new.id)
    .bind(guardian.to_string())
    .bind(new.token_hash)
    .bind(new.name)
    .bind(new.joined_by)
    .bind(new.created_at.0)
    .execute(connection)
    .await?;
    Ok(())
}

fn stored((id, name, created_at): (String, String, i64)) -> DeviceStored {
    DeviceStored {
        id,
        name,
        created_at: At(created_at),
    }
}
