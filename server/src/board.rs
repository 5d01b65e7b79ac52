//! The queue of each municipality as desks and waiting families follow it.
//!
//! One task reads what changed after a commit and makes each row once, serialised once, for every desk that looks.
//! Promises: rows carry the number of the event they reflect; a desk that fell behind is given the whole queue again; a
//! family's place is worked out from one shared list, not from a query of its own. No timer gathers changes: what changes
//! while one batch is read is the next batch, so a quiet desk is told at once and a burst is few reads.
//!
//! Not here: the order itself ([`signaling::queue`]) and who may look.

mod waiting;

pub use waiting::Waiting;

use crate::{clock::World, hub::Hub, spine::Spine, storage::StorageError};
use signaling::{
    actor::Viewer,
    consultation::{Case, Stage, WireKind},
    id::{ConsultationId, GuardianId, MunicipalityId},
    limits,
    protocol::{QueueView, ServerFrame, Side},
    queue::{self, QueueRow, rank},
    time::At,
    triage::Acuity,
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

/// Headlines kept in memory; each is a line.
const HEADLINES: usize = 20_000;
/// Latest consultations whose length is read: a median of more says the same.
const SERVICES_READ: u64 = 200;
/// Characters of the family's words that a row shows.
const WORRY_SHOWN: usize = 60;
struct City {
    frames: broadcast::Sender<Arc<str>>,
    waiting: watch::Sender<Waiting>,
    /// What a consultation takes here; nothing until it is read, and again once one was closed.
    service_seconds: Option<u32>,
}

#[derive(Clone)]
struct Headline {
    subject: String,
    worry: String,
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
        let mut rows = Vec::new();
        for consultation in self.inner.spine.waiting(municipality, limits::QUEUE_WINDOW).await? {
            rows.extend(self.row(consultation).await?);
        }
        for consultation in self.inner.spine.claimed(municipality).await? {
            rows.extend(self.row(consultation).await?);
        }
        self.refresh(municipality).await?;
        let waiting = self.with_city(municipality, |city| city.waiting.borrow().counts.clone());
        Ok(QueueView { rows, waiting })
    }

    /// Follows the spine until it is gone.
    pub async fn run(self) {
        let mut woken = self.inner.spine.subscribe();
        let mut presence = self.inner.hub.presence_changes();
        let mut desks = self.inner.hub.desk_changes();
        loop {
            let mut changed = HashSet::new();
            let mut cities = HashSet::new();
            tokio::select! {
                event = woken.recv() => match event {
                    Ok(woken) => {
                        changed.insert(woken.consultation);
                    }
                    Err(broadcast::error::RecvError::Lagged(_)) => self.tell_all_anew().await,
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                consultation = presence.recv() => changed.extend(consultation),
                municipality = desks.recv() => match municipality {
                    Ok(municipality) => {
                        cities.insert(municipality);
                    }
                    Err(_) => self.tell_all_anew().await,
                },
            }
            while let Ok(woken) = woken.try_recv() {
                changed.insert(woken.consultation);
            }
            while let Ok(consultation) = presence.try_recv() {
                changed.insert(consultation);
            }
            while let Ok(municipality) = desks.try_recv() {
                cities.insert(municipality);
            }
            if let Err(error) = self.tell(changed, cities).await {
                tracing::error!(%error, "the queue could not be read after a change");
            }
        }
    }

    /// Tells desks of these consultations, and families of their places. `anew`: municipalities whose places changed for
    /// another reason than an event.
    async fn tell(&self, changed: HashSet<ConsultationId>, anew: HashSet<MunicipalityId>) -> Result<(), StorageError> {
        let mut cities = HashMap::<MunicipalityId, Vec<(ConsultationId, u64)>>::new();
        let mut moved = anew;
        for consultation in changed {
            let Some(state) = self.inner.spine.load(consultation).await? else {
                continue;
            };
            let Some(case) = &state.case else { continue };
            let municipality = case.municipality.clone();
            // A place moves with few events only; a message in a consultation that somebody has moves none.
            if !self.with_city(&municipality, |city| {
                city.waiting.borrow().shows(consultation, rank(case))
            }) {
                moved.insert(municipality.clone());
            }
            if matches!(case.stage, Stage::Closed { .. }) {
                self.with_city(&municipality, |city| city.service_seconds = None);
                moved.insert(municipality.clone());
            }
            cities.entry(municipality).or_default().push((consultation, state.seq));
        }
        for municipality in &moved {
            self.refresh(municipality).await?;
        }
        for (municipality, consultations) in cities {
            let (frames, counts) = self.with_city(&municipality, |city| {
                (city.frames.clone(), city.waiting.borrow().counts.clone())
            });
            if frames.receiver_count() == 0 {
                continue;
            }
            for (consultation, seq) in consultations {
                let frame = match self.row(consultation).await? {
                    Some(row) => ServerFrame::Row {
                        row: Box::new(row),
                        waiting: counts.clone(),
                    },
                    None => ServerFrame::Gone {
                        consultation,
                        seq,
                        waiting: counts.clone(),
                    },
                };
                send(&frames, &frame);
            }
        }
        Ok(())
    }

    async fn tell_all_anew(&self) {
        let municipalities: Vec<_> = self
            .inner
            .cities
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .keys()
            .cloned()
            .collect();
        for municipality in municipalities {
            match self.view(&municipality).await {
                Ok(view) => {
                    let frames = self.with_city(&municipality, |city| city.frames.clone());
                    send(&frames, &ServerFrame::Queue(view));
                }
                Err(error) => tracing::error!(%error, "the queue could not be read"),
            }
        }
    }

    /// Reads who waits and passes it on where it changed.
    async fn refresh(&self, municipality: &MunicipalityId) -> Result<(), StorageError> {
        let ranks = self.inner.spine.ranks(municipality).await?;
        let mut counts: Vec<(Acuity, u32)> = Acuity::ALL.iter().map(|acuity| (*acuity, 0)).collect();
        for (_, _, acuity) in &ranks {
            if let Some(count) = counts.iter_mut().find(|(class, _)| class == acuity) {
                count.1 += 1;
            }
        }
        let ranks = ranks.into_iter().map(|(rank, id, _)| (rank, id)).collect();
        let now = Waiting {
            ranks: Arc::new(ranks),
            counts,
            clinicians: u32::try_from(self.inner.hub.staff_at_desks(municipality).len()).unwrap_or(u32::MAX),
            service_seconds: self.service_seconds(municipality).await?,
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

    async fn row(&self, consultation: ConsultationId) -> Result<Option<QueueRow>, StorageError> {
        let Some(state) = self.inner.spine.load(consultation).await? else {
            return Ok(None);
        };
        let Some(case) = state.case.as_deref().filter(|case| case.is_open()) else {
            return Ok(None);
        };
        let headline = self.headline(consultation, case).await?;
        let presence = self.inner.hub.presence(consultation, Side::Guardian);
        Ok(Some(QueueRow {
            consultation,
            seq: state.seq,
            rank: rank(case),
            acuity: case.acuity,
            service: case.service,
            mode: case.mode,
            quiet: case.quiet,
            subject: headline.subject,
            complaints: case.complaints.clone(),
            worry: headline.worry,
            flags: case.flags.iter().map(|fired| fired.rule.clone()).collect(),
            requested_at: case.requested_at,
            unanswered_since: case.unanswered_since,
            returning: case.returning,
            presence,
            claimed_by: match &case.stage {
                Stage::Claimed { by, .. } => Some(by.clone()),
                _ => None,
            },
        }))
    }

    /// Subject and first words, decrypted once and kept: the intake never changes.
    async fn headline(&self, consultation: ConsultationId, case: &Case) -> Result<Headline, StorageError> {
        if let Some(known) = self.headlines().get(&consultation) {
            return Ok(known.clone());
        }
        // The family's own view of its intake is enough; a staff view would be the same event.
        let viewer = Viewer::Guardian(GuardianId(Uuid::nil()));
        let (events, _) = self.inner.spine.wire(consultation, &viewer, 0, 1).await?;
        let intake = events.into_iter().find_map(|event| match event.kind {
            WireKind::Requested { intake, .. } => intake,
            _ => None,
        });
        let headline = intake.map_or_else(
            || Headline {
                subject: case.subject.label().to_owned(),
                worry: String::new(),
            },
            |intake| Headline {
                subject: intake.subject.label(case.requested_at.date()),
                worry: intake.worry.chars().take(WORRY_SHOWN).collect(),
            },
        );
        let mut headlines = self.headlines();
        if headlines.len() >= HEADLINES {
            headlines.clear();
        }
        headlines.insert(consultation, headline.clone());
        Ok(headline)
    }

    fn headlines(&self) -> std::sync::MutexGuard<'_, HashMap<ConsultationId, Headline>> {
        self.inner.headlines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_city<T>(&self, municipality: &MunicipalityId, work: impl FnOnce(&mut City) -> T) -> T {
        let mut cities = self.inner.cities.lock().unwrap_or_else(PoisonError::into_inner);
        let city = cities.entry(municipality.clone()).or_insert_with(|| City {
            frames: broadcast::Sender::new(512),
            waiting: watch::Sender::new(Waiting::default()),
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

fn send(frames: &broadcast::Sender<Arc<str>>, frame: &ServerFrame) {
    match serde_json::to_string(frame) {
        // An error means that the last desk has just closed.
        Ok(text) => drop(frames.send(Arc::from(text))),
        Err(error) => tracing::error!(%error, "a frame of the queue cannot be written"),
    }
}
