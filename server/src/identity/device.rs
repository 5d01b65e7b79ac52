//! The credential of a family's browser.

use super::{
    Cookie, Identity, IdentityError,
    secret::{digest, new_token},
};
use crate::storage::{CityRow, Credential, NewDevice};
use axum::http::{HeaderMap, header};
use signaling::{
    id::GuardianId,
    time::{At, Millis},
};

/// When a browser was last seen is kept to the day: enough to recognise a forgotten one.
const SEEN_EVERY: Millis = Millis::days(1);

impl Identity {
    /// Which family is asking, at the municipality of the request's host.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn guardian_of(&self, headers: &HeaderMap) -> Result<Option<GuardianId>, IdentityError> {
        let Some(city) = self.city_of(headers).await? else { return Ok(None) };
        Ok(self.credential_of(&city, headers).await?.map(|credential| credential.guardian))
    }

    /// Which family and which of its browsers is asking.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn credential_of(
        &self,
        city: &CityRow,
        headers: &HeaderMap,
    ) -> Result<Option<Credential>, IdentityError> {
        let Some(token) = self.cookie(Cookie::Guardian, headers) else { return Ok(None) };
        let found = self.store.credential(&city.id, &digest(&token)).await?;
        if let Some(credential) = &found {
            let now = self.world.now();
            if now >= credential.seen_at + SEEN_EVERY {
                self.store.see_device(credential.device.clone(), now).await?;
            }
        }
        Ok(found)
    }

    /// Browsers that joined the family after this one was last told: name and when. For the ticket page.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn new_devices(&self, credential: &Credential) -> Result<Vec<(String, At)>, IdentityError> {
        let devices = self.store.untold_devices(&credential.device).await?;
        Ok(devices.into_iter().map(|device| (device.name, device.created_at)).collect())
    }

    /// A browser about to join, with the token that it will hold.
    pub(super) fn joining(&self, joined_by: &'static str, headers: &HeaderMap) -> (NewDevice, String) {
        let token = new_token(&self.world);
        (self.device_with(&token, joined_by, headers), token)
    }

    pub(super) fn device_with(&self, token: &str, joined_by: &'static str, headers: &HeaderMap) -> NewDevice {
        let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        NewDevice {
            id: self.world.new_id().to_string(),
            token_hash: digest(token),
            name: super::browser_name(agent),
            joined_by,
            created_at: self.world.now(),
        }
    }
}
