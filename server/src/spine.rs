//! The spine: how commands become events in a consultation's log, and how the log is read.
//!
//! Promised: what [`Spine::execute`] answered is stored and survives a crash; the same command of the same actor takes
//! effect once; only a refusal of the rules reaches a person, never a race (somebody who wrote first is read, and the
//! command decided again); subscribers are woken after the commit and only then,
//! also when whoever asked is gone by then.
//! A refusal changes nothing and is not remembered: sent again, the command is decided again.
//!
//! Not here: who may see or do what across municipalities (whoever calls checks that), SQL (storage), sockets.

mod append;
mod attempt;
mod cache;
mod draft;
mod look;
mod notice;
mod photo;
mod queue;
mod read;
mod tail;

pub use append::DRAFT_FIELDS;
pub use look::Look;
pub use photo::Views;

use crate::{
    clock::World,
    seal::Keys,
    storage::{StorageError, Store},
};
use cache::Cache;
use signaling::{
    actor::Actor,
    consultation::{Command, Event, Refusal, State},
    hand_over::Patience,
    id::{CommandId, ConsultationId, MunicipalityId, Seq},
    ladder::{Delays, Reach},
    time::At,
};
use std::sync::Arc;
use tail::Tail;
use tokio::sync::{Mutex, Notify, broadcast};

/// Wake-ups that may wait for a slow subscriber before it is told that it missed some; heartbeats mend those.
const WAKE_UPS: usize = 4096;
/// In one server, commands of one consultation take turns, by stripes; conflicts come from other servers only.
const STRIPES: usize = 512;

/// A log has grown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Woken {
    /// Tenant.
    pub municipality: MunicipalityId,
    /// Which consultation.
    pub consultation: ConsultationId,
    /// Its last event.
    pub seq: Seq,
}

/// What a command came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// In which consultation (for 「次の方」: the one that was taken).
    pub consultation: ConsultationId,
    /// The last event of the command, or the last before it where it changed nothing.
    pub seq: Seq,
    /// Its events.
    pub events: Vec<Event>,
    /// Where the consultation stands now.
    pub state: Arc<State>,
    /// The command had taken effect before; nothing happened now.
    pub replayed: bool,
}

/// Why a command did not take effect.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CommandError {
    /// The rules are against it. Its text is for people.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Storage failed; the same command may be sent again.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

type Present = dyn Fn(ConsultationId) -> bool + Send + Sync;
type Reaches = dyn Fn(&MunicipalityId) -> Reach + Send + Sync;

/// What the spine asks of the world of pages, and how patient its ladder is.
pub struct Surroundings {
    /// Whether a waiting family's page is connected.
    pub present: Box<Present>,
    /// Which desks are connected, and what their browsers let them do.
    pub reach: Box<Reaches>,
    /// How long each step of the ladder is given.
    pub delays: Delays,
}

impl Default for Surroundings {
    /// Every family is there, and no desk.
    fn default() -> Self {
        Self {
            present: Box::new(|_| true),
            reach: Box::new(|_| Reach::default()),
            delays: Delays::default(),
        }
    }
}

/// The spine. Cheap to clone.
#[derive(Clone)]
pub struct Spine {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    keys: Keys,
    world: World,
    around: Surroundings,
    patience: Patience,
    cache: Cache,
    tail: Tail,
    turns: Vec<Mutex<()>>,
    wake: broadcast::Sender<Woken>,
    timers_changed: Notify,
}

impl std::fmt::Debug for Spine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spine").finish_non_exhaustive()
    }
}

impl Spine {
    /// A spine for which every family that waits is there.
    #[must_use]
    pub fn new(store: Store, keys: Keys, world: World) -> Self {
        Self::within(store, keys, world, Surroundings::default())
    }

    /// A spine that asks `present` whether a waiting family's page is there: whoever is not may be passed without a reason.
    #[must_use]
    pub fn with_presence(
        store: Store,
        keys: Keys,
        world: World,
        present: impl Fn(ConsultationId) -> bool + Send + Sync + 'static,
    ) -> Self {
        let around = Surroundings {
            present: Box::new(present),
            ..Surroundings::default()
        };
        Self::within(store, keys, world, around)
    }

    /// A spine among pages that come and go.
    #[must_use]
    pub fn within(store: Store, keys: Keys, world: World, around: Surroundings) -> Self {
        let inner = Inner {
            store,
            keys,
            world,
            around,
            patience: Patience::default(),
            cache: Cache::default(),
            tail: Tail::default(),
            turns: (0..STRIPES).map(|_| Mutex::default()).collect(),
            wake: broadcast::Sender::new(WAKE_UPS),
            timers_changed: Notify::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The same spine, as patient with clinicians as the desk is set to be. To be said before it is cloned.
    #[must_use]
    pub fn patient(mut self, patience: Patience) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.patience = patience;
        }
        self
    }

    /// Follows which logs grow, from now on. Told after the commit, and only then.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Woken> {
        self.inner.wake.subscribe()
    }

    /// The database under it.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The keys it seals with.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// Its time and randomness.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.inner.world
    }

    /// Ends when timers were written that may be due earlier than those before.
    pub async fn timers_changed(&self) {
        self.inner.timers_changed.notified().await;
    }

    /// Carries out a command, once. Taking somebody by [`Command::Claim`] while a family that is present waits before them
    /// needs a reason.
    ///
    /// # Errors
    /// The refusal that the actor is told, or a failure of storage.
    pub async fn execute(
        &self,
        consultation: ConsultationId,
        actor: &Actor,
        command_id: CommandId,
        command: &Command,
    ) -> Result<Outcome, CommandError> {
        let outcome = self
            .attempt(consultation, actor, command_id, command, attempt::Entry::Anyone, None)
            .await?;
        self.tell_turns_missed(&outcome);
        Ok(outcome)
    }

    /// How long each step of the ladder is given.
    #[must_use]
    pub fn delays(&self) -> Delays {
        self.inner.around.delays
    }

    /// Which desks of a municipality are connected now, and what their browsers let them do.
    #[must_use]
    pub fn reach(&self, municipality: &MunicipalityId) -> Reach {
        (self.inner.around.reach)(municipality)
    }

    /// Whether a page of the family is connected.
    #[must_use]
    pub fn is_present(&self, consultation: ConsultationId) -> bool {
        (self.inner.around.present)(consultation)
    }

    fn now(&self) -> At {
        self.inner.world.now()
    }

    async fn turn(&self, consultation: ConsultationId) -> tokio::sync::MutexGuard<'_, ()> {
        let stripe = consultation.0.as_u128() % STRIPES as u128;
        // A remainder by STRIPES fits.
        self.inner.turns[usize::try_from(stripe).unwrap_or(0)].lock().await
    }
}
