//! Signing in and out: password and one-time code, always both.
//!
//! Unknown logins, wrong passwords, wrong, old or used codes and locked accounts get one and the same answer after the same
//! work. A try is counted before it is judged, so guesses at once cannot exceed the limit.

use super::{
    Cookie, Identity, IdentityError, SealBroken,
    rate::{FromAddress, Tried},
    secret::base32,
    secret::{digest, new_token},
    totp,
};
use crate::storage::{CityRow, NewSession, StaffRow, StorageError};
use axum::http::HeaderMap;
use signaling::{
    actor::{Role, StaffActor},
    id::StaffId,
    limits,
    time::{At, Millis},
};

/// A session's last sight is written at most this often.
const SEEN_EVERY: Millis = Millis::minutes(1);

/// Why nobody was signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInFault {
    /// One answer for everything that can be guessed.
    #[error(
        "サインインできませんでした。ログイン名・パスワード・確認コードを確かめてください。\
         確認コードは1回だけ使えます。まちがいが5回続くと15分間サインインできません。"
    )]
    Refused,
    /// Too many tries from one address.
    #[error("サインインの試みが多すぎます。15分ほどたってから、もう一度お試しください。")]
    TooMany,
}

/// Where a role begins its work.
#[must_use]
pub fn home_of(role: Role) -> &'static str {
    match role {
        Role::Pediatrician | Role::Obstetrician | Role::Midwife => "/desk",
        Role::Supervisor => "/logs",
        Role::PublicHealthNurse => "/referrals",
        Role::CityViewer => "/kpi",
        Role::Administrator => "/admin",
    }
}

/// Login names are compared without case and outer white space.
pub(super) fn login_text(login: &str) -> String {
    login.trim().to_lowercase()
}

impl Identity {
    /// Who of the staff is asking, at the municipality of the request's host.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn staff_of(&self, headers: &HeaderMap) -> Result<Option<StaffActor>, StorageError> {
        match (self.cookie(Cookie::Staff, headers), self.city_of(headers).await?) {
            (Some(token), Some(city)) => self.staff_by_token(&city, &token).await,
            _ => Ok(None),
        }
    }

    async fn staff_by_token(&self, city: &CityRow, token: &str) -> Result<Option<StaffActor>, StorageError> {
        let now = self.world.now();
        let before = |length: Millis| At(now.0 - length.0);
        let (idle, begun) = (before(limits::STAFF_SESSION_IDLE), before(limits::STAFF_SESSION));
        let token_hash = digest(token);
        let Some((actor, seen_at)) = self.store.staff_session(&city.id, &token_hash, idle, begun).await? else {
            return Ok(None);
        };
        if now >= seen_at + SEEN_EVERY {
            self.store.see_session(token_hash, now).await?;
        }
        Ok(Some(actor))
    }

    /// Signs in and gives the role and the new session's token. `before` is the token that the browser held.
    ///
    /// # Errors
    /// The outer error is the server's; the inner one is for the person.
    pub async fn sign_in(
        &self,
        city: &CityRow,
        login: &str,
        password: &str,
        code: &str,
        from: FromAddress,
        before: Option<&str>,
    ) -> Result<Result<(Role, String), SignInFault>, IdentityError> {
        let now = self.world.now();
        if !self.rate.count(Tried::SignIn, from, now) {
            return Ok(Err(SignInFault::TooMany));
        }
        if login.chars().count() > limits::LOGIN_CHARS || password.chars().count() > limits::PASSWORD_CHARS {
            return Ok(Err(SignInFault::Refused));
        }
        let account = self.store.staff_by_login(&city.id, &login_text(login)).await?;
        // An unknown login runs the same statements on an id that nobody has.
        let id = account
            .as_ref()
            .map_or_else(|| StaffId(self.world.new_id()), |account| account.staff.id);
        let lock_until = now + limits::SIGN_IN_LOCK;
        let counted = self
            .store
            .count_sign_in(id, limits::SIGN_IN_TRIES, lock_until, now)
            .await?;

        let hash = account.as_ref().and_then(|account| account.password_hash.as_deref());
        let known = self.hasher.verify(password, hash).await?;
        let step = totp::matching_step(&self.totp_secret(account.as_ref())?, code, now);
        let (Some(account), Some(step), true, true) = (account, step, known, counted) else {
            return Ok(Err(SignInFault::Refused));
        };
        let token = new_token(&self.world);
        let session = NewSession {
            token_hash: digest(&token),
            staff: id,
            created_at: now,
        };
        let signed_in = self.store.sign_in(step, session, before.map(digest)).await?;
        Ok(if signed_in {
            Ok((account.staff.role, token))
        } else {
            Err(SignInFault::Refused)
        })
    }

    /// Where the person goes on whose browser is signed in with this login: a form sent twice. Nothing for anybody else.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn home_after_signing_in(
        &self,
        city: &CityRow,
        login: &str,
        headers: &HeaderMap,
    ) -> Result<Option<&'static str>, StorageError> {
        let Some(actor) = self.staff_of(headers).await? else {
            return Ok(None);
        };
        let account = self.store.staff_by_login(&city.id, &login_text(login)).await?;
        let is_same = account.is_some_and(|account| account.staff.id == actor.staff.id);
        Ok(is_same.then(|| home_of(actor.staff.role)))
    }

    /// Signs out: the token is worth nothing from now on.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn sign_out(&self, headers: &HeaderMap) -> Result<(), IdentityError> {
        if let Some(token) = self.cookie(Cookie::Staff, headers) {
            self.store.end_session(digest(&token), self.world.now()).await?;
        }
        Ok(())
    }

    /// The one-time code that an account's authenticator shows now. For `soudan demo code` and tests.
    ///
    /// # Errors
    /// The database cannot be read, or the secret does not open.
    pub async fn current_code(&self, city: &CityRow, login: &str) -> Result<Option<String>, IdentityError> {
        let account = self.store.staff_by_login(&city.id, &login_text(login)).await?;
        let Some(account) = account.filter(|account| account.totp_sealed.is_some()) else {
            return Ok(None);
        };
        let secret = self.totp_secret(Some(&account))?;
        Ok(Some(totp::code(&secret, totp::step(self.world.now()))))
    }

    /// The secret of an account's second factor in Base32. For the card of a demo only.
    ///
    /// # Errors
    /// The database cannot be read, or the secret does not open.
    pub async fn totp_secret_of(&self, city: &CityRow, login: &str) -> Result<Option<String>, IdentityError> {
        let account = self.store.staff_by_login(&city.id, &login_text(login)).await?;
        let Some(account) = account.filter(|account| account.totp_sealed.is_some()) else {
            return Ok(None);
        };
        Ok(Some(base32(&self.totp_secret(Some(&account))?)))
    }

    fn totp_secret(&self, account: Option<&StaffRow>) -> Result<Vec<u8>, SealBroken> {
        let sealed = account.and_then(|account| Some((account.staff.id, account.totp_sealed.as_deref()?)));
        match sealed {
            Some((id, sealed)) => self.rings.totp.open(&id.to_string(), sealed),
            None => Ok(vec![0; totp::SECRET_BYTES]),
        }
    }
}
