//! The queue of each municipality as desks and waiting families follow it.
//!
//! One task reads what changed after a commit and makes each row once, serialised once, for every desk that looks.
//! Promises: rows carry the number of the event they reflect; frames are numbered, so that a desk sees when it lost one, and
//! a desk that fell behind is given the whole queue again; a change that could not be read is tried again until it is told;
//! a wake-up that was lost is found by the next heartbeat of a desk, which holds what was told against what is stored; a log
//! that cannot be read costs its own row only; a family's place is worked out from one shared list, not from a query of its
//! own. No timer gathers changes: what changes while one batch is read is the next batch, so a quiet desk is told at once
//! and a burst is few reads.
//!
//! Not here: the order itself ([`signaling::queue`]) and who may look.

mod rows;
mod telling;
mod waiting;

pub use waiting::Waiting;

use crate::{clock::World, duty, hub::Hub, spine::Spine, storage::StorageError};
use rows::Headline;
use signaling::{
    id::{ConsultationId, MunicipalityId, Seq},
    limits,
    protocol::QueueView,
    queue::{self, Serving},
    time::At,
    triage::Acuity,
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use telling::passed_over;
use tokio::sync::{Notify, broadcast, watch};

/// Latest consultations whose length is read: a median of more says the same.
const SERVICES_READ: u64 = 200;

struct City {
    frames: broadcast::Sender<Arc<str>>,
    waiting: watch::Sender<Waiting>,
    /// Of the last frame.
    number: u64,
    /// The last event of every open consultation, as the desks were told.
    told: HashMap<ConsultationId, Seq>,
    checked_at: Option<At>,
    /// What a consultation takes here; nothing until it is read, and again once one was closed.
    service_seconds: Option<u32>,
}

/// All queues. Cheap to clone.
#[derive(Clone)]
pub struct Board {
    inner: Arc<Inner>,
}

struct Inner {
    spine: Spine,
    hub: Hub,
    world: World,
    cities: Mutex<HashMap<MunicipalityId, City>>,
    headlines: Mutex<HashMap<ConsultationId, Headline>>,
    /// Changes that no wake-up told of.
    found: Mutex<HashSet<ConsultationId>>,
    found_some: Notify,
}

impl std::fmt::Debug for Board {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Board").finish_non_exhaustive()
    }
}

impl Board {
    /// A board that reads from `spine`. [`Board::run`] keeps it true.
    #[must_use]
    pub fn new(spine: Spine, hub: Hub, world: World) -> Self {
        let inner = Inner {
            spine,
            hub,
            world,
            cities: Mutex::default(),
            headlines: Mutex::default(),
            found: Mutex::default(),
            found_some: Notify::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Frames for desks, serialised once. Subscribe first, then read [`Board::view`].
    #[must_use]
    pub fn frames(&self, municipality: &MunicipalityId) -> broadcast::Receiver<Arc<str>> {
        self.with_city(municipality, |city| city.frames.subscribe())
    }

    /// The list of waiting families as it changes.
    #[must_use]
    pub fn waiting(&self, municipality: &MunicipalityId) -> watch::Receiver<Waiting> {
        self.with_city(municipality, |city| city.waiting.subscribe())
    }

    /// Who waits now, read anew.
    ///
    /// # Errors
    /// Storage cannot be read.
    pub async fn waiting_now(&self, municipality: &MunicipalityId) -> Result<Waiting, StorageError> {
        self.refresh(municipality).await?;
        Ok(self.with_city(municipality, |city| city.waiting.borrow().clone()))
    }

    /// The whole queue, made anew.
    ///
    /// # Errors
    /// Storage cannot be read.
    pub async fn view(&self, municipality: &MunicipalityId) -> Result<QueueView, StorageError> {
        // Before the rows are read: they hold what this frame told, and perhaps more.
        let number = self.with_city(municipality, |city| city.number);
        let spine = &self.inner.spine;
        let mut consultations = spine.waiting(municipality, limits::QUEUE_WINDOW).await?;
        consultations.extend(spine.claimed(municipality).await?);
        let mut rows = Vec::with_capacity(consultations.len());
        for consultation in consultations {
            match self.row(consultation).await {
                Ok(row) => rows.extend(row),
                Err(error) => passed_over(consultation, error)?,
            }
        }
        self.refresh(municipality).await?;
        let waiting = self.with_city(municipality, |city| city.waiting.borrow().counts.clone());
        Ok(QueueView { rows, waiting, number })
    }

    /// The number of the last frame that `frames` has given out.
    #[must_use]
    pub fn number(&self, municipality: &MunicipalityId, frames: &broadcast::Receiver<Arc<str>>) -> u64 {
        self.with_city(municipality, |city| city.number.saturating_sub(frames.len() as u64))
    }

    /// Holds what was told against what is stored; what was missed is told soon. Asked by every heartbeat, done once in the
    /// interval of the fastest.
    ///
    /// # Errors
    /// Storage cannot be read.
    pub async fn check(&self, municipality: &MunicipalityId) -> Result<(), StorageError> {
        let now = self.inner.world.now();
        let is_due = self.with_city(municipality, |city| {
            let is_due = city
                .checked_at
                .is_none_or(|at| now >= at + limits::BEAT_IN_CONSULTATION);
            if is_due {
                city.checked_at = Some(now);
            }
            is_due
        });
        if !is_due {
            return Ok(());
        }
        let open: HashMap<_, _> = self.inner.spine.open_heads(municipality).await?.into_iter().collect();
        let missed: Vec<ConsultationId> = self.with_city(municipality, |city| {
            let told = std::mem::replace(&mut city.told, open.clone());
            let news = open
                .iter()
                .filter(|(id, seq)| told.get(id) != Some(seq))
                .map(|(id, _)| *id);
            news.chain(told.keys().filter(|id| !open.contains_key(id)).copied())
                .collect()
        });
        if !missed.is_empty() {
            self.found().extend(missed);
            self.inner.found_some.notify_one();
        }
        Ok(())
    }

    /// Reads who waits and passes it on where it changed.
    async fn refresh(&self, municipality: &MunicipalityId) -> Result<(), StorageError> {
        let places = self.inner.spine.places(municipality).await?;
        let mut counts: Vec<(Acuity, u32)> = Acuity::ALL.iter().map(|acuity| (*acuity, 0)).collect();
        for place in &places {
            if let Some(count) = counts.iter_mut().find(|(class, _)| *class == place.acuity) {
                count.1 += 1;
            }
        }
        let now = Waiting {
            places: Arc::new(places),
            counts,
            serving: self.serving(municipality).await?,
        };
        self.with_city(municipality, |city| {
            city.waiting.send_if_modified(|waiting| {
                let same = *waiting == now;
                *waiting = now;
                !same
            })
        });
        Ok(())
    }

    /// Who said that they are there and whose desk answers, who of them has somebody, and what that takes.
    async fn serving(&self, municipality: &MunicipalityId) -> Result<Serving, StorageError> {
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

    fn found(&self) -> MutexGuard<'_, HashSet<ConsultationId>> {
        self.inner.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_city<T>(&self, municipality: &MunicipalityId, work: impl FnOnce(&mut City) -> T) -> T {
        let mut cities = self.inner.cities.lock().unwrap_or_else(PoisonError::into_inner);
        let city = cities.entry(municipality.clone()).or_insert_with(|| City {
            frames: broadcast::Sender::new(512),
            waiting: watch::Sender::new(Waiting::default()),
            number: 0,
            told: HashMap::new(),
            checked_at: None,
            service_seconds: None,
        });
        work(city)
    }

    /// The clock the board goes by.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.inner.world
    }
}
