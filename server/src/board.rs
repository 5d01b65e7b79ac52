//! The queue of each municipality as desks and waiting families follow it.
//!
//! One task ([`Board::run`]) reads what changed after a commit, keeps in memory who waits, and makes each row once, serialised
//! once, for every desk that looks. Promises: rows carry the number of the event they reflect; frames are numbered, so that a
//! desk sees when it lost one, and a desk that fell behind is given the whole queue again; a change that could not be read is
//! tried again until it is told; a wake-up that was lost is found by the next heartbeat of a desk, which holds what was told
//! against what is stored; a log that cannot be read costs its own row only. No timer gathers changes: what changes while one
//! batch is read is the next batch, so a quiet desk is told at once and a burst is few reads.
//!
//! What grows with those who wait is small: an arrival reads its own rows, moves one place in a list and is one frame; a
//! family is woken when it is to be told another place; what happens beyond the rows that desks show is not told them.
//!
//! Not here: the order itself ([`signaling::queue`]) and who may look.

mod known;
mod rows;
mod serving;
mod telling;
mod waiting;

pub use waiting::Waiting;

use crate::{
    clock::World,
    hub::{Changed, Hub},
    spine::Spine,
    storage::StorageError,
};
use axum::extract::ws::Utf8Bytes;
use known::Known;
use rows::Headline;
use signaling::{
    id::{ConsultationId, MunicipalityId, Seq},
    limits,
    protocol::QueueView,
    queue::{Position, Rank},
    time::At,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{broadcast, mpsc, oneshot};

/// Frames that a desk may leave unread before it is given the whole queue instead.
const FRAMES_KEPT: usize = 512;

struct City {
    frames: broadcast::Sender<Utf8Bytes>,
    /// Of the last frame.
    number: u64,
    /// The queue; nothing until somebody asked for it.
    known: Option<Known>,
    checked_at: Option<At>,
    /// What a consultation takes here; nothing until it is read, and again once one was closed.
    service_seconds: Option<u32>,
}

/// What is asked of the task that keeps the queues. It answers once everything is told that had changed before.
enum Ask {
    /// The whole queue.
    View(MunicipalityId, oneshot::Sender<Result<QueueView, StorageError>>),
    /// The same as a frame.
    Whole(MunicipalityId, oneshot::Sender<Result<Utf8Bytes, StorageError>>),
    /// That who waits is known.
    Known(MunicipalityId, oneshot::Sender<Result<(), StorageError>>),
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
    found: Changed<ConsultationId>,
    asks: mpsc::UnboundedSender<Ask>,
    /// The other end; nothing once the task runs.
    asked: Mutex<Option<mpsc::UnboundedReceiver<Ask>>>,
}

impl std::fmt::Debug for Board {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Board").finish_non_exhaustive()
    }
}

impl Board {
    /// A board that reads from `spine`. [`Board::run`] keeps it true; without it everything is read anew when it is asked for.
    #[must_use]
    pub fn new(spine: Spine, hub: Hub, world: World) -> Self {
        let (asks, asked) = mpsc::unbounded_channel();
        let inner = Inner {
            spine,
            hub,
            world,
            cities: Mutex::default(),
            headlines: Mutex::default(),
            found: Changed::default(),
            asks,
            asked: Mutex::new(Some(asked)),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Frames for desks, serialised once. Subscribe first, then read [`Board::whole`].
    #[must_use]
    pub fn frames(&self, municipality: &MunicipalityId) -> broadcast::Receiver<Utf8Bytes> {
        self.with_city(municipality, |city| city.frames.subscribe())
    }

    /// The whole queue.
    ///
    /// # Errors
    /// Storage cannot be read.
    pub async fn view(&self, municipality: &MunicipalityId) -> Result<QueueView, StorageError> {
        match self.ask(|answer| Ask::View(municipality.clone(), answer)).await {
            Some(answer) => answer,
            None => {
                self.read(municipality).await?;
                self.made(municipality).await
            }
        }
    }

    /// The whole queue as a frame, made and serialised once for all desks that ask for it at the same time.
    ///
    /// # Errors
    /// Storage cannot be read.
    pub async fn whole(&self, municipality: &MunicipalityId) -> Result<Utf8Bytes, StorageError> {
        match self.ask(|answer| Ask::Whole(municipality.clone(), answer)).await {
            Some(answer) => answer,
            None => {
                self.read(municipality).await?;
                self.serialised(municipality).await
            }
        }
    }

    /// What `look` sees in the list of those who wait, as it is now. Whoever asks for a consultation says how it stands by its
    /// log: what another server wrote is read first.
    ///
    /// # Errors
    /// Storage cannot be read.
    pub async fn waiting_now<T>(
        &self,
        municipality: &MunicipalityId,
        own: Option<(ConsultationId, Option<Rank>)>,
        look: impl FnOnce(&Waiting) -> T,
    ) -> Result<T, StorageError> {
        self.check(municipality).await?;
        self.up_to_date(municipality).await?;
        let differs = |waiting: &Waiting| own.filter(|(consultation, rank)| waiting.rank(*consultation) != *rank);
        if let Some((consultation, _)) = self.with_waiting(municipality, differs) {
            self.inner.found.note(consultation);
            self.up_to_date(municipality).await?;
        }
        Ok(self.with_waiting(municipality, look))
    }

    /// The place of a family, as it is to be told now.
    ///
    /// # Errors
    /// Storage cannot be read.
    pub async fn position(
        &self,
        municipality: &MunicipalityId,
        consultation: ConsultationId,
    ) -> Result<Option<Position>, StorageError> {
        if !self.with_city(municipality, |city| city.known.is_some()) {
            self.up_to_date(municipality).await?;
        }
        Ok(self.with_waiting(municipality, |waiting| waiting.position(consultation)))
    }

    /// The last event of an open consultation, as it was last told or held against what is stored.
    #[must_use]
    pub fn head(&self, municipality: &MunicipalityId, consultation: ConsultationId) -> Option<Seq> {
        self.with_city(municipality, |city| {
            city.known.as_ref()?.told.get(&consultation).copied()
        })
    }

    /// The number of the last frame that `frames` has given out.
    #[must_use]
    pub fn number(&self, municipality: &MunicipalityId, frames: &broadcast::Receiver<Utf8Bytes>) -> u64 {
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
        let missed = self.with_city(municipality, |city| city.known.get_or_insert_default().missed(open));
        if !missed.is_empty() {
            self.inner.found.note_all(missed);
        }
        Ok(())
    }

    /// Ends when everything that had changed before is taken in.
    async fn up_to_date(&self, municipality: &MunicipalityId) -> Result<(), StorageError> {
        match self.ask(|answer| Ask::Known(municipality.clone(), answer)).await {
            Some(answer) => answer,
            None => self.read(municipality).await,
        }
    }

    /// Asks the task that keeps the queues; nothing where none runs.
    async fn ask<T>(&self, of: impl FnOnce(oneshot::Sender<T>) -> Ask) -> Option<T> {
        if self.asked().is_some() {
            return None;
        }
        let (answer, answered) = oneshot::channel();
        self.inner.asks.send(of(answer)).ok()?;
        answered.await.ok()
    }

    fn asked(&self) -> MutexGuard<'_, Option<mpsc::UnboundedReceiver<Ask>>> {
        self.inner.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_waiting<T>(&self, municipality: &MunicipalityId, look: impl FnOnce(&Waiting) -> T) -> T {
        self.with_city(municipality, |city| look(&city.known.get_or_insert_default().waiting))
    }

    fn cities(&self) -> MutexGuard<'_, HashMap<MunicipalityId, City>> {
        self.inner.cities.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_city<T>(&self, municipality: &MunicipalityId, work: impl FnOnce(&mut City) -> T) -> T {
        let mut cities = self.cities();
        let city = cities.entry(municipality.clone()).or_insert_with(|| City {
            frames: broadcast::Sender::new(FRAMES_KEPT),
            number: 0,
            known: None,
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
