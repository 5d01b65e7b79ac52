//! New accounts of staff: a one-time link by which the person chooses a password and adds the second factor. Nobody else
//! ever knows either.

use super::{
    Identity, IdentityError,
    secret::{base32, digest, new_token, qr_svg},
    session::{home_of, login_text},
    totp,
};
use crate::storage::{CityRow, EnrolmentRow, NewEnrolment, NewSession, NewStaff};
use axum::http::HeaderMap;
use signaling::{
    actor::{Role, Staff},
    id::StaffId,
    limits,
    time::At,
};

/// A link to hand to a new member of staff, by a way that is safe.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentLink {
    /// `/staff/enrol/…`.
    pub path: String,
    /// When it ends.
    pub expires_at: At,
}

impl std::fmt::Debug for EnrolmentLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolmentLink")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What the enrolment page shows.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenEnrolment {
    /// Whose.
    pub staff: Staff,
    /// QR code for the authenticator app, as SVG.
    pub qr_svg: String,
    /// The secret in Base32, for typing it in.
    pub secret: String,
    secret_bytes: Vec<u8>,
    token_hash: String,
}

/// Why the form is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolFault {
    /// Fewer than twelve characters.
    #[error("パスワードは12文字以上にしてください。")]
    Short,
    /// More than two hundred.
    #[error("パスワードは200文字までにしてください。")]
    Long,
    /// The two differ.
    #[error("2つのパスワードが違います。もう一度入れてください。")]
    Differ,
    /// The authenticator does not show this code.
    #[error("確認コードが違います。アプリに出ている今の6桁を入れてください。")]
    Code,
    /// Somebody spent the link a moment ago.
    #[error("このリンクはもう使われました。")]
    Spent,
}

impl Identity {
    /// Adds an account and gives the link that enrols it. Nothing where the login name is taken or cannot be used.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_staff(
        &self,
        city: &CityRow,
        login: &str,
        name: &str,
        role: Role,
    ) -> Result<Option<EnrolmentLink>, IdentityError> {
        let (Some(login), Some(name)) = (usable(login), usable(name)) else {
            return Ok(None);
        };
        let staff = Staff {
            id: StaffId(self.world.new_id()),
            name,
            role,
        };
        let (enrolment, link) = self.new_enrolment(staff.id)?;
        let new = NewStaff {
            staff,
            municipality: city.id.clone(),
            login: login_text(&login),
            enrolled: None,
            created_at: self.world.now(),
        };
        Ok(self.store.add_staff(new, Some(enrolment)).await?.then_some(link))
    }

    /// A fresh link for an account that exists: a lost phone, a forgotten password. The old password and code keep
    /// working until the link is spent.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn enrol_again(&self, city: &CityRow, login: &str) -> Result<Option<EnrolmentLink>, IdentityError> {
        let account = self.store.staff_by_login(&city.id, &login_text(login)).await?;
        let Some(account) = account.filter(|account| account.disabled_at.is_none()) else {
            return Ok(None);
        };
        let (enrolment, link) = self.new_enrolment(account.staff.id)?;
        self.store.add_enrolment(enrolment).await?;
        Ok(Some(link))
    }

    /// Adds an account that is enrolled already, with a password and a secret chosen by the caller. For demo cities and
    /// tests only. Nothing where the login name is taken.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_enrolled_staff(
        &self,
        city: &CityRow,
        login: &str,
        name: &str,
        role: Role,
        password: &str,
    ) -> Result<Option<Staff>, IdentityError> {
        let staff = Staff {
            id: StaffId(self.world.new_id()),
            name: name.to_owned(),
            role,
        };
        let secret = self.world.random::<{ totp::SECRET_BYTES }>();
        let sealed = self.rings.totp.seal(&self.world, &staff.id.to_string(), &secret)?;
        let hash = self.hasher.hash(&self.world, password).await?;
        let new = NewStaff {
            staff: staff.clone(),
            municipality: city.id.clone(),
            login: login_text(login),
            enrolled: Some((hash, sealed)),
            created_at: self.world.now(),
        };
        Ok(self.store.add_staff(new, None).await?.then_some(staff))
    }

    fn new_enrolment(&self, staff: StaffId) -> Result<(NewEnrolment, EnrolmentLink), IdentityError> {
        let now = self.world.now();
        let token = new_token(&self.world);
        let secret = self.world.random::<{ totp::SECRET_BYTES }>();
        let expires_at = now + limits::STAFF_ENROLMENT;
        let enrolment = NewEnrolment {
            staff,
            token_hash: digest(&token),
            totp_sealed: self.rings.totp.seal(&self.world, &staff.to_string(), &secret)?,
            created_at: now,
            expires_at,
        };
        Ok((
            enrolment,
            EnrolmentLink {
                path: format!("/staff/enrol/{token}"),
                expires_at,
            },
        ))
    }

    /// What a link that can still be spent shows; nothing for any other.
    ///
    /// # Errors
    /// The database cannot be read, or the secret does not open.
    pub async fn open_enrolment(&self, city: &CityRow, token: &str) -> Result<Option<OpenEnrolment>, IdentityError> {
        let token_hash = digest(token);
        let row = self.store.enrolment(&city.id, &token_hash, self.world.now()).await?;
        let Some(EnrolmentRow {
            staff,
            login,
            totp_sealed,
        }) = row
        else {
            return Ok(None);
        };
        let secret_bytes = self.rings.totp.open(&staff.id.to_string(), &totp_sealed)?;
        Ok(Some(OpenEnrolment {
            staff,
            qr_svg: qr_svg(&totp::otpauth(&city.service_name, &login, &secret_bytes)),
            secret: base32(&secret_bytes),
            secret_bytes,
            token_hash,
        }))
    }

    /// Where the person goes on whose browser has spent this link: a form sent twice. Nothing for anybody else.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn home_after_enrolling(
        &self,
        city: &CityRow,
        token: &str,
        headers: &HeaderMap,
    ) -> Result<Option<&'static str>, IdentityError> {
        let Some(actor) = self.staff_of(headers).await? else {
            return Ok(None);
        };
        let enrolled = self.store.spent_enrolment(&city.id, &digest(token)).await?;
        Ok((enrolled == Some(actor.staff.id)).then(|| home_of(actor.staff.role)))
    }

    /// Spends the link and signs the person in, who has just proved both factors. Gives the session's token.
    ///
    /// # Errors
    /// The outer error is the server's; the inner one is for the person.
    pub async fn enrol(
        &self,
        open: &OpenEnrolment,
        password: &str,
        password_again: &str,
        code: &str,
    ) -> Result<Result<String, EnrolFault>, IdentityError> {
        let now = self.world.now();
        let length = password.chars().count();
        if length < limits::PASSWORD_CHARS_LEAST {
            return Ok(Err(EnrolFault::Short));
        }
        if length > limits::PASSWORD_CHARS {
            return Ok(Err(EnrolFault::Long));
        }
        if password != password_again {
            return Ok(Err(EnrolFault::Differ));
        }
        let Some(step) = totp::matching_step(&open.secret_bytes, code, now) else {
            return Ok(Err(EnrolFault::Code));
        };
        let hash = self.hasher.hash(&self.world, password).await?;
        let token = new_token(&self.world);
        let session = NewSession {
            token_hash: digest(&token),
            staff: open.staff.id,
            created_at: now,
        };
        let spent = self
            .store
            .spend_enrolment(open.token_hash.clone(), hash, step, session)
            .await?;
        Ok(if spent { Ok(token) } else { Err(EnrolFault::Spent) })
    }
}

fn usable(text: &str) -> Option<String> {
    signaling::text::required(text, limits::LOGIN_CHARS).ok()
}
