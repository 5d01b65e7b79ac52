//! What every handler and task shares.

use crate::storage::StorageError;
use crate::{
    board::Board, clock::World, config::Config, echo::Echo, hub::Hub, ice::Ice, identity::Identity,
    photo::making::Maker, render::Pages, rules::Rules, seal::Keys, spine::Spine, storage::Store,
};
use axum::extract::FromRef;
use frontend::page::Opening;
use signaling::{id::MunicipalityId, time::At};
use std::{ops::Deref, sync::Arc};

/// The running desk. Cheap to clone.
#[derive(Clone)]
pub struct App {
    parts: Arc<Parts>,
    /// Since when it runs.
    pub started_at: At,
}

/// The parts of a running desk.
pub struct Parts {
    /// Time, ids, secrets.
    pub world: World,
    /// The configuration.
    pub config: Config,
    /// Rows.
    pub store: Store,
    /// Keys derived from the master key.
    pub keys: Keys,
    /// Consultations.
    pub spine: Spine,
    /// Who is who.
    pub identity: Identity,
    /// Who is connected.
    pub hub: Hub,
    /// How browsers reach each other in calls.
    pub ice: Ice,
    /// What connection checks talk to.
    pub echo: Echo,
    /// What makes photos ready to be stored.
    pub photos: Maker,
    /// Queues as they are followed.
    pub board: Board,
    /// Red-flag rules of this desk; which of them run is decided city by city.
    pub rules: Rules,
    /// How pages become documents.
    pub pages: Arc<Pages>,
    /// This is a demo: made-up cities, rules without approval.
    pub demo: bool,
}

impl App {
    /// The desk made of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            started_at: parts.world.now(),
            parts: Arc::new(parts),
        }
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl FromRef<App> for Identity {
    fn from_ref(app: &App) -> Self {
        app.identity.clone()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl App {
    /// Whether the night service takes somebody who comes now, or when it opens.
    ///
    /// # Errors
    /// Storage cannot be read.
    pub async fn opening(&self, municipality: &MunicipalityId) -> Result<Opening, StorageError> {
        let closed = Opening {
            is_open: false,
            hours: String::new(),
            why: None,
            reply_hours: 24,
        };
        let city = self.store.city(municipality).await?;
        Ok(city.map_or(closed, |city| city.opening(self.world.now())))
    }

    /// When the night service closes that is open now; nothing where it is closed, or never closes.
    ///
    /// # Errors
    /// Storage cannot be read.
    pub async fn closes_at(&self, municipality: &MunicipalityId) -> Result<Option<At>, StorageError> {
        let city = self.store.city(municipality).await?;
        Ok(city.and_then(|city| city.hours.closes_at(self.world.now())))
    }
}
