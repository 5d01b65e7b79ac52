//! Accounts of staff, their enrolment links and sessions.
//!
//! What must hold when two requests come at once stands in one statement with its condition: a try is counted before it is
//! judged, a TOTP step counts once, a link is spent once.

use super::{StorageError, Store, session::NewSession};
use futures_util::FutureExt;
use signaling::{
    actor::{Role, Staff},
    id::{MunicipalityId, StaffId},
    time::At,
};
use sqlx::{AnyConnection, Row, any::AnyRow};
use std::str::FromStr;

/// A stored account.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// Who.
    pub staff: Staff,
    /// Login name, lower case.
    pub login: String,
    /// PHC string, once enrolled.
    pub password_hash: Option<String>,
    /// Sealed secret of the second factor, once enrolled.
    pub totp_sealed: Option<String>,
    /// When the account was enrolled.
    pub enrolled_at: Option<At>,
    /// When it was closed.
    pub disabled_at: Option<At>,
}

signaling::redacted_debug!(StaffRow {
    staff,
    enrolled_at,
    disabled_at
});

/// An account to add.
#[derive(Clone)]
pub struct NewStaff {
    /// Who.
    pub staff: Staff,
    /// Where.
    pub municipality: MunicipalityId,
    /// Login name, lower case.
    pub login: String,
    /// Password hash and sealed secret, for an account that is enrolled already (demo).
    pub enrolled: Option<(String, String)>,
    /// Now.
    pub created_at: At,
}

signaling::redacted_debug!(NewStaff {
    staff,
    municipality,
    created_at
});

/// An enrolment link to add. Earlier ones of the account end.
#[derive(Clone)]
pub struct NewEnrolment {
    /// Whose.
    pub staff: StaffId,
    /// Digest of the link's token.
    pub token_hash: String,
    /// Sealed secret of the second factor to come.
    pub totp_sealed: String,
    /// Now.
    pub created_at: At,
    /// When it ends.
    pub expires_at: At,
}

signaling::redacted_debug!(NewEnrolment {
    staff,
    created_at,
    expires_at
});

/// An enrolment link that can still be spent.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentRow {
    /// Whose.
    pub staff: Staff,
    /// Login name.
    pub login: String,
    /// Sealed secret, bound to the account's id.
    pub totp_sealed: String,
}

signaling::redacted_debug!(EnrolmentRow { staff });

impl Store {
    /// Adds an account. False where the login name is taken.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_staff(&self, new: NewStaff, enrolment: Option<NewEnrolment>) -> Result<bool, StorageError> {
        self.write(move |connection| {
            async move {
                let (password_hash, totp_sealed) = new.enrolled.unzip();
                let enrolled_at = password_hash.is_some().then_some(new.created_at.0);
                let added = sqlx::query(
                    "INSERT INTO staff (id, municipality, login, name, role, password_hash, totp_sealed, totp_last_step, \
                     wrong_tries, created_at, enrolled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9) \
                     ON CONFLICT (municipality, login) DO NOTHING",
                )
                .bind(new.staff.id.to_string())
                .bind(new.municipality.to_string())
                .bind(new.login)
                .bind(new.staff.name)
                .bind(new.staff.role.code())
                .bind(password_hash)
                .bind(totp_sealed)
                .bind(new.created_at.0)
                .bind(enrolled_at)
                .execute(&mut *connection)
                .await?;
                let added = added.rows_affected() == 1;
                if let Some(enrolment) = enrolment.filter(|_| added) {
                    insert_enrolment(connection, enrolment).await?;
                }
                Ok(added)
            }
            .boxed()
        })
        .await
    }

    /// Adds an enrolment link for an account that exists, ending its earlier ones.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_enrolment(&self, enrolment: NewEnrolment) -> Result<(), StorageError> {
        self.write(move |connection| insert_enrolment(connection, enrolment).boxed())
            .await
    }

    /// An account by login name.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn staff_by_login(&self, city: &MunicipalityId, login: &str) -> Result<Option<StaffRow>, StorageError> {
        let mut connection = self.read().await?;
        let sql = "SELECT id, login, name, role, password_hash, totp_sealed, enrolled_at, disabled_at FROM staff \
                   WHERE municipality = $1 AND login = $2";
        let row = sqlx::query(sql)
            .bind(city.as_str())
            .bind(login)
            .fetch_optional(&mut *connection)
            .await?;
        row.as_ref().map(staff_row).transpose()
    }

    /// All accounts of a municipality by role and name.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn staff_of(&self, city: &MunicipalityId) -> Result<Vec<StaffRow>, StorageError> {
        let mut connection = self.read().await?;
        let sql = "SELECT id, login, name, role, password_hash, totp_sealed, enrolled_at, disabled_at FROM staff \
                   WHERE municipality = $1 ORDER BY role, name, id";
        let rows = sqlx::query(sql).bind(city.as_str()).fetch_all(&mut *connection).await?;
        rows.iter().map(staff_row).collect()
    }

    /// Closes an account and ends its sessions. False where it is not of this municipality, or closed already.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn disable_staff(&self, city: &MunicipalityId, id: StaffId, now: At) -> Result<bool, StorageError> {
        let city = city.to_string();
        self.write(move |connection| {
            async move {
                let sql =
                    "UPDATE staff SET disabled_at = $3 WHERE id = $1 AND municipality = $2 AND disabled_at IS NULL";
                let sql = sqlx::query(sql).bind(id.to_string()).bind(city).bind(now.0);
                if sql.execute(&mut *connection).await?.rows_affected() == 0 {
                    return Ok(false);
                }
                end_sessions(connection, id, now).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
    }

    /// Counts a try to sign in before it is judged. False while the account is locked; the try that reaches `most` locks
    /// it until `lock_until`, which a right one then lifts.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn count_sign_in(&self, id: StaffId, most: u32, lock_until: At, now: At) -> Result<bool, StorageError> {
        self.write(move |connection| {
            async move {
                let counted = sqlx::query(
                    "UPDATE staff SET wrong_tries = CASE WHEN locked_until IS NULL THEN wrong_tries + 1 ELSE 1 END, \
                     locked_until = CASE WHEN locked_until IS NULL AND wrong_tries + 1 >= $2 THEN $3 ELSE NULL END \
                     WHERE id = $1 AND (locked_until IS NULL OR locked_until <= $4)",
                )
                .bind(id.to_string())
                .bind(i64::from(most))
                .bind(lock_until.0)
                .bind(now.0)
                .execute(connection)
                .await?;
                Ok(counted.rows_affected() == 1)
            }
            .boxed()
        })
        .await
    }

    /// Signs in: the TOTP step must be newer than every step that has counted. False, and nobody signed in, where it is not.
    /// The session that the browser held before ends. The very code that signed in last is no guess but a form sent twice:
    /// its try is not counted.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn sign_in(&self, step: i64, session: NewSession, before: Option<String>) -> Result<bool, StorageError> {
        self.write(move |connection| {
            async move {
                let counted = sqlx::query(
                    "UPDATE staff SET totp_last_step = $2, wrong_tries = 0, locked_until = NULL \
                     WHERE id = $1 AND totp_last_step < $2 AND enrolled_at IS NOT NULL AND disabled_at IS NULL",
                )
                .bind(session.staff.to_string())
                .bind(step)
                .execute(&mut *connection)
                .await?;
                if counted.rows_affected() == 0 {
                    sqlx::query(
                        "UPDATE staff SET wrong_tries = wrong_tries - 1, locked_until = NULL \
                         WHERE id = $1 AND totp_last_step = $2 AND wrong_tries > 0",
                    )
                    .bind(session.staff.to_string())
                    .bind(step)
                    .execute(connection)
                    .await?;
                    return Ok(false);
                }
                if let Some(before) = before {
                    super::session::end(connection, &before, session.created_at).await?;
                }
                super::session::insert(connection, session).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
    }

    /// An enrolment link of a municipality that can still be spent.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn enrolment(
        &self,
        city: &MunicipalityId,
        token_hash: &str,
        now: At,
    ) -> Result<Option<EnrolmentRow>, StorageError> {
        let mut connection = self.read().await?;
        let row = sqlx::query(
            "SELECT s.id, s.login, s.name, s.role, e.totp_sealed FROM staff_enrolments e JOIN staff s ON s.id = e.staff \
             WHERE e.token_hash = $1 AND s.municipality = $2 AND e.spent_at IS NULL AND e.expires_at > $3 \
             AND s.disabled_at IS NULL",
        )
        .bind(token_hash)
        .bind(city.as_str())
        .bind(now.0)
        .fetch_optional(&mut *connection)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(EnrolmentRow {
            staff: staff(&row)?,
            login: row.try_get("login")?,
            totp_sealed: row.try_get("totp_sealed")?,
        }))
    }

    /// Whose account a spent enrolment link of a municipality completed.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn spent_enrolment(
        &self,
        city: &MunicipalityId,
        token_hash: &str,
    ) -> Result<Option<StaffId>, StorageError> {
        let mut connection = self.read().await?;
        let row = sqlx::query(
            "SELECT s.id, s.name, s.role FROM staff_enrolments e JOIN staff s ON s.id = e.staff \
             WHERE e.token_hash = $1 AND s.municipality = $2 AND e.spent_at IS NOT NULL",
        )
        .bind(token_hash)
        .bind(city.as_str())
        .fetch_optional(&mut *connection)
        .await?;
        row.map(|row| Ok(staff(&row)?.id)).transpose()
    }

    /// Spends an enrolment link: the password is set, the link's second factor becomes the account's, the step of its first
    /// code has counted, sessions of before end and a new one begins. False where somebody spent it first or it has ended.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn spend_enrolment(
        &self,
        token_hash: String,
        password_hash: String,
        step: i64,
        session: NewSession,
    ) -> Result<bool, StorageError> {
        self.write(move |connection| {
            async move {
                let now = session.created_at;
                let spent = sqlx::query(
                    "UPDATE staff_enrolments SET spent_at = $2 \
                     WHERE token_hash = $1 AND spent_at IS NULL AND expires_at > $2",
                )
                .bind(&token_hash)
                .bind(now.0)
                .execute(&mut *connection)
                .await?;
                if spent.rows_affected() == 0 {
                    return Ok(false);
                }
                sqlx::query(
                    "UPDATE staff SET password_hash = $2, totp_last_step = $3, wrong_tries = 0, locked_until = NULL, \
                     enrolled_at = $4, totp_sealed = (SELECT totp_sealed FROM staff_enrolments WHERE token_hash = $5) \
                     WHERE id = $1",
                )
                .bind(session.staff.to_string())
                .bind(password_hash)
                .bind(step)
                .bind(now.0)
                .bind(token_hash)
                .execute(&mut *connection)
                .await?;
                end_sessions(connection, session.staff, now).await?;
                super::session::insert(connection, session).await?;
                Ok(true)
            }
            .boxed()
        })
        .await
    }
}

async fn insert_enrolment(connection: &mut AnyConnection, new: NewEnrolment) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE staff_enrolments SET expires_at = $2 WHERE staff = $1 AND spent_at IS NULL AND expires_at > $2",
    )
    .bind(new.staff.to_string())
    .bind(new.created_at.0)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO staff_enrolments (token_hash, staff, totp_sealed, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(new.token_hash)
    .bind(new.staff.to_string())
    .bind(new.totp_sealed)
    .bind(new.created_at.0)
    .bind(new.expires_at.0)
    .execute(connection)
    .await?;
    Ok(())
}

async fn end_sessions(connection: &mut AnyConnection, staff: StaffId, now: At) -> Result<(), StorageError> {
    sqlx::query("UPDATE staff_sessions SET ended_at = $2 WHERE staff = $1 AND ended_at IS NULL")
        .bind(staff.to_string())
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Reads `id`, `name` and `role`.
pub(super) fn staff(row: &AnyRow) -> Result<Staff, StorageError> {
    let (id, role): (String, String) = (row.try_get("id")?, row.try_get("role")?);
    Ok(Staff {
        id: StaffId::from_str(&id).map_err(|e| StorageError::unreadable("staff.id", e))?,
        name: row.try_get("name")?,
        role: Role::from_code(&role).ok_or_else(|| StorageError::unreadable("staff.role", &role))?,
    })
}

fn staff_row(row: &AnyRow) -> Result<StaffRow, StorageError> {
    let instant = |column| row.try_get::<Option<i64>, _>(column).map(|at| at.map(At));
    Ok(StaffRow {
        staff: staff(row)?,
        login: row.try_get("login")?,
        password_hash: row.try_get("password_hash")?,
        totp_sealed: row.try_get("totp_sealed")?,
        enrolled_at: instant("enrolled_at")?,
        disabled_at: instant("disabled_at")?,
    })
}
