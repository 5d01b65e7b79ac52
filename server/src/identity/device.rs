//! The credential of a family's browser.

use super::{
    Cookie, Identity,
    secret::{digest, new_token},
};
use crate::storage::{Credential, NewDevice, StorageError};
use axum::http::{HeaderMap, header};
use signaling::{
    id::{GuardianId, MunicipalityId},
    time::{At, Millis},
};

/// When a browser was last seen is kept to the day: enough to recognise a forgotten one.
const SEEN_EVERY: Millis = Millis::days(1);

impl Identity {
    /// Which family is asking, at a municipality.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn guardian_of(
        &self,
        headers: &HeaderMap,
        city: &MunicipalityId,
    ) -> Result<Option<GuardianId>, StorageError> {
        Ok(self
            .credential_of(headers, city)
            .await?
            .map(|credential| credential.guardian))
    }

    /// Which family and which of its browsers is asking, at a municipality.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn credential_of(
        &self,
        headers: &HeaderMap,
        city: &MunicipalityId,
    ) -> Result<Option<Credential>, StorageError> {
        let Some(token) = self.cookie(Cookie::Guardian, headers) else {
            return Ok(None);
        };
        let found = self.store.credential(city, &digest(&token)).await?;
        if let Some(credential) = &found {
            let now = self.world.now();
            if now >= credential.seen_at + SEEN_EVERY {
                self.store.see_device(credential.device.clone(), now).await?;
            }
        }
        Ok(found)
    }

    /// Browsers that joined the family since the asking one was last told: name and when. For the ticket page; it stays
    /// until the family looks at `/mine`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn new_devices(
        &self,
        headers: &HeaderMap,
        city: &MunicipalityId,
    ) -> Result<Vec<(String, At)>, StorageError> {
        let Some(credential) = self.credential_of(headers, city).await? else {
            return Ok(Vec::new());
        };
        let devices = self.store.untold_devices(&credential.device).await?;
        Ok(devices
            .into_iter()
            .map(|device| (device.name, device.created_at))
            .collect())
    }

    /// The browser leaves its family for another one, whose credential it is given.
    ///
    /// # Errors
    /// The database cannot be written.
    pub(crate) async fn leave_for(&self, held: Credential, family: GuardianId) -> Result<(), StorageError> {
        self.store.leave_for(held.device, family, self.world.now()).await
    }

    /// A browser about to join, with the token that it will hold.
    pub(super) fn joining(&self, joined_by: &'static str, headers: &HeaderMap) -> (NewDevice, String) {
        let token = new_token(&self.world);
        (self.device_with(&token, joined_by, headers), token)
    }

    pub(super) fn device_with(&self, token: &str, joined_by: &'static str, headers: &HeaderMap) -> NewDevice {
        let agent = headers
            .get(header::USER_AGENT)
            .and_then(|agent| agent.to_str().ok())
            .unwrap_or_default();
        NewDevice {
            id: self.world.new_id().to_string(),
            token_hash: digest(token),
            name: super::browser_name(agent),
            joined_by,
            created_at: self.world.now(),
        }
    }
}
