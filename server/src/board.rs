//! The queue of each municipality as desks and waiting families follow it.
//!
//! One task reads what changed after a commit and makes each row once, serialised once, for every desk that looks.
//! Promises: rows carry the number of the event they reflect; frames are numbered, so that a desk sees when it lost one, and
//! a desk that fell behind is given the whole queue again; a change that could not be read is tried again until it is told;
//! a wake-up that was lost is found by the next heartbeat of a desk, which holds what was told against what is stored; a log
//! that cannot be read costs its own row only; a family's place is worked out from one shared list, not from a query of its
//! own.
//!
//! Not here: the order itself ([`signaling::queue`]) and who may look.

use crate::{clock::World, hub::Hub, spine::Spine, storage::StorageError};
use signaling::{
    actor::Viewer,
    consultation::{Case, Stage, WireKind},
    id::{ConsultationId, GuardianId, MunicipalityId, Seq},
    limits,
    protocol::{QueueView, ServerFrame, Side},
    queue::{Position, QueueRow, Rank, position, rank},
    time::{At, Millis},
    triage::Acuity,
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{Notify, broadcast, watch};
use uuid::Uuid;

/// How long changes are gathered before rows are made: far below what an eye notices, and a burst is one read.
const GATHER: Duration = Duration::from_millis(20);
/// What could not be told for a fault of storage is tried again after this.
const AGAIN: Millis = Millis::seconds(1);
/// Headlines kept in memory; each is a line.
const HEADLINES: usize = 20_000;
/// Characters of the family's words that a row shows.
const WORRY_SHOWN: usize = 60;
/// What a consultation takes until enough of them have been measured.
const USUAL_SERVICE_SECONDS: u32 = 600;

/// The waiting families of a municipality, in order, as one shared list.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    ranks: Arc<Vec<(Rank, ConsultationId)>>,
    counts: Vec<(Acuity, u32)>,
    clinicians: u32,
}

impl Waiting {
    /// The place of a waiting consultation; nothing when it does not wait.
    #[must_use]
    pub fn position(&self, consultation: ConsultationId) -> Option<Position> {
        let ahead = self.ranks.iter().position(|(_, id)| *id == consultation)?;
        Some(self.behind(ahead))
    }

    /// What a family that came now, without any flag, would be told.
    #[must_use]
    pub fn last_position(&self) -> Position {
        self.behind(self.ranks.len())
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.ranks.len()).unwrap_or(u32::MAX)
    }

    /// Whether nobody waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranks.is_empty()
    }

    fn behind(&self, ahead: usize) -> Position {
        position(
            u32::try_from(ahead).unwrap_or(u32::MAX),
            USUAL_SERVICE_SECONDS,
            self.clinicians,
        )
    }
}

struct City {
    frames: broadcast::Sender<Arc<str>>,
    waiting: watch::Sender<Waiting>,
    /// Of the last frame.
    number: u64,
    /// The last event of every open consultation, as the desks were told.
    told: HashMap<ConsultationId, Seq>,
    checked_at: Option<At>,
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

    /// Follows the spine until it is gone.
    pub async fn run(self) {
        let mut woken = self.inner.spine.subscribe();
        let mut presence = self.inner.hub.presence_changes();
        // What the desks are still to be told: single rows, or the whole.
        let (mut changed, mut anew) = (HashSet::new(), false);
        let mut again_at = At::default();
        loop {
            tokio::select! {
                event = woken.recv() => match event {
                    Ok(woken) => {
                        self.inner.hub.wake(woken.consultation);
                        changed.insert(woken.consultation);
                    }
                    // Heartbeats mend what single sockets missed; desks are given the whole queue.
                    Err(broadcast::error::RecvError::Lagged(_)) => anew = true,
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                event = presence.recv() => match event {
                    Ok(consultation) => {
                        changed.insert(consultation);
                    }
                    Err(broadcast::error::RecvError::Lagged(_)) => anew = true,
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                () = self.inner.found_some.notified() => {}
                () = self.inner.world.wait_until(again_at), if anew || !changed.is_empty() => {}
            }
            tokio::time::sleep(GATHER).await;
            anew |= drained(&mut woken, |woken| {
                self.inner.hub.wake(woken.consultation);
                changed.insert(woken.consultation);
            });
            anew |= drained(&mut presence, |consultation| {
                changed.insert(consultation);
            });
            changed.extend(self.found().drain());
            anew = anew && !self.tell_all_anew().await;
            changed = self.tell(changed).await;
            again_at = self.inner.world.now() + AGAIN;
        }
    }

    /// Tells what changed, and gives back what could not be told now.
    async fn tell(&self, changed: HashSet<ConsultationId>) -> HashSet<ConsultationId> {
        let mut left = HashSet::new();
        let mut cities = HashMap::<MunicipalityId, Vec<(ConsultationId, Seq)>>::new();
        for consultation in changed {
            match self.inner.spine.load(consultation).await {
                Ok(state) => {
                    let case = state
                        .as_deref()
                        .and_then(|state| Some((state.case.as_deref()?, state.seq)));
                    if let Some((case, seq)) = case {
                        let city = cities.entry(case.municipality.clone()).or_default();
                        city.push((consultation, seq));
                    }
                }
                Err(error) => left.extend(passed_over(consultation, error).is_err().then_some(consultation)),
            }
        }
        for (municipality, consultations) in cities {
            if let Err(error) = self.refresh(&municipality).await {
                tracing::error!(%error, "the queue could not be read after a change; trying again");
                left.extend(consultations.into_iter().map(|(consultation, _)| consultation));
                continue;
            }
            for (consultation, seq) in consultations {
                if let Err(error) = self.tell_one(&municipality, consultation, seq).await {
                    left.extend(passed_over(consultation, error).is_err().then_some(consultation));
                }
            }
        }
        left
    }

    async fn tell_one(
        &self,
        municipality: &MunicipalityId,
        consultation: ConsultationId,
        seq: Seq,
    ) -> Result<(), StorageError> {
        let row = self.row(consultation).await?;
        self.with_city(municipality, |city| {
            match &row {
                Some(row) => city.told.insert(consultation, row.seq),
                None => city.told.remove(&consultation),
            };
            if city.frames.receiver_count() == 0 {
                return;
            }
            let (number, waiting) = (city.number + 1, city.waiting.borrow().counts.clone());
            let frame = match row {
                Some(row) => ServerFrame::Row {
                    row: Box::new(row),
                    waiting,
                    number,
                },
                None => ServerFrame::Gone {
                    consultation,
                    seq,
                    waiting,
                    number,
                },
            };
            city.number = number;
            send(&city.frames, &frame);
        });
        Ok(())
    }

    /// Gives every desk the whole queue; false where storage failed.
    async fn tell_all_anew(&self) -> bool {
        let municipalities: Vec<_> = self
            .inner
            .cities
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .keys()
            .cloned()
            .collect();
        let mut all = true;
        for municipality in municipalities {
            match self.view(&municipality).await {
                Ok(view) => self.with_city(&municipality, |city| {
                    city.number += 1;
                    let number = city.number;
                    send(&city.frames, &ServerFrame::Queue(QueueView { number, ..view }));
                }),
                Err(error) => {
                    tracing::error!(%error, "the queue could not be read; trying again");
                    all = false;
                }
            }
        }
        all
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
        let ranks: Vec<_> = ranks.into_iter().map(|(rank, id, _)| (rank, id)).collect();
        let clinicians = u32::try_from(self.inner.hub.staff_at_desks(municipality).len()).unwrap_or(u32::MAX);
        self.with_city(municipality, |city| {
            city.waiting.send_if_modified(|waiting| {
                let same = *waiting.ranks == ranks && waiting.counts == counts && waiting.clinicians == clinicians;
                if !same {
                    *waiting = Waiting {
                        ranks: Arc::new(ranks),
                        counts,
                        clinicians,
                    };
                }
                !same
            })
        });
        Ok(())
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

    fn found(&self) -> std::sync::MutexGuard<'_, HashSet<ConsultationId>> {
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
        });
        work(city)
    }

    /// The clock the board goes by.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.inner.world
    }
}

/// What waits in a channel; tells whether some of it was lost.
fn drained<T: Clone>(channel: &mut broadcast::Receiver<T>, mut take: impl FnMut(T)) -> bool {
    let mut lost = false;
    loop {
        match channel.try_recv() {
            Ok(one) => take(one),
            Err(broadcast::error::TryRecvError::Lagged(_)) => lost = true,
            Err(_) => return lost,
        }
    }
}

/// A log that cannot be read is passed over, so that the others are told. Any other fault is one of storage.
fn passed_over(consultation: ConsultationId, error: StorageError) -> Result<(), StorageError> {
    match error {
        StorageError::Unreadable { .. } => {
            tracing::error!(%error, %consultation, "the queue goes without it: its log cannot be read");
            Ok(())
        }
        other => {
            tracing::error!(error = %other, "the queue could not be read");
            Err(other)
        }
    }
}

fn send(frames: &broadcast::Sender<Arc<str>>, frame: &ServerFrame) {
    match serde_json::to_string(frame) {
        // An error means that the last desk has just closed.
        Ok(text) => drop(frames.send(Arc::from(text))),
        Err(error) => tracing::error!(%error, "a frame of the queue cannot be written"),
    }
}
