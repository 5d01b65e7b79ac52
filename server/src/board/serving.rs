//! How fast a queue moves: who is there, who of them has somebody, and what that takes. Not here: what a family is told of it
//! ([`signaling::queue::position`]).

use super::Board;
use crate::{duty, storage::StorageError};
use signaling::{
    id::MunicipalityId,
    queue::{self, Serving},
    time::At,
};

/// Latest consultations whose length is read: a median of more says the same.
const SERVICES_READ: u64 = 200;

impl Board {
    /// Who said that they are there and whose desk answers, who of them has somebody, and what that takes.
    pub(super) async fn serving(&self, municipality: &MunicipalityId) -> Result<Serving, StorageError> {
        let connected = self.inner.hub.staff_at_desks(municipality);
        let at_desks = match connected.len() {
            0 => connected,
            _ => duty::there(&self.inner.spine.store().duties(municipality).await?, connected),
        };
        let busy = match at_desks.len() {
            0 => 0,
            _ => {
                let busy = self.inner.spine.busy(municipality).await?;
                at_desks.iter().filter(|staff| busy.contains(&staff.id)).count()
            }
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Serving {
            service_seconds: self.service_seconds(municipality).await?,
            clinicians: count(at_desks.len()),
            busy: count(busy),
        })
    }

    /// What a consultation takes in this city, read once and again when one was closed.
    async fn service_seconds(&self, municipality: &MunicipalityId) -> Result<u32, StorageError> {
        if let Some(known) = self.with_city(municipality, |city| city.service_seconds) {
            return Ok(known);
        }
        let since = At(self.inner.world.now().0 - queue::SERVICE_MEASURED_OVER.0);
        let store = self.inner.spine.store();
        let measured = store.service_seconds(municipality, since, SERVICES_READ).await?;
        let usual = queue::usual_service_seconds(measured);
        self.with_city(municipality, |city| city.service_seconds = Some(usual));
        Ok(usual)
    }
}
