//! Tells desks and waiting families what changed.
//!
//! Promises: what could not be read is tried again until it is told; nothing that waits is lost when a channel overflows,
//! every desk is given the whole queue then, and also when more rows changed at once than desks show; a log that cannot be read
//! costs its own row only.

use super::{
    Ask, Board,
    known::{Known, Standing},
};
use crate::storage::StorageError;
use axum::extract::ws::Utf8Bytes;
use signaling::{
    id::{ConsultationId, MunicipalityId, Seq},
    protocol::ServerFrame,
    queue::QueueRow,
    time::{At, Millis},
};
use std::collections::{HashMap, HashSet};
use tokio::sync::broadcast;

/// What could not be told for a fault of storage is tried again after this.
const AGAIN: Millis = Millis::seconds(1);

/// What is still to be told.
#[derive(Default)]
struct News {
    /// Single rows.
    changed: HashSet<ConsultationId>,
    /// Municipalities in which something changed for another reason than an event.
    moved: HashSet<MunicipalityId>,
    /// The whole queue, to everybody.
    anew: bool,
}

impl News {
    fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.moved.is_empty() && !self.anew
    }
}

impl Board {
    /// Follows the spine until it is gone. One task does; a second one ends at once.
    pub async fn run(self) {
        let Some(mut asked) = self.asked().take() else { return };
        let mut woken = self.inner.spine.subscribe();
        let (presence, desks) = (self.inner.hub.presence_changes(), self.inner.hub.desk_changes());
        let mut news = News::default();
        let mut asks = Vec::new();
        let mut again_at = At::default();
        loop {
            tokio::select! {
                event = woken.recv() => match event {
                    Ok(woken) => { news.changed.insert(woken.consultation); }
                    Err(broadcast::error::RecvError::Lagged(_)) => news.anew = true,
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                () = presence.some() => {}
                () = desks.some() => {}
                () = self.inner.found.some() => {}
                Some(ask) = asked.recv() => asks.push(ask),
                // Lazy: a `select!` makes the future of a branch also where the branch is off.
                () = async { self.inner.world.wait_until(again_at).await }, if !news.is_empty() => {}
            }
            // Asks first: what had changed before them is taken in before they are answered.
            while let Ok(ask) = asked.try_recv() {
                asks.push(ask);
            }
            news.anew |= drained(&mut woken, |woken| {
                news.changed.insert(woken.consultation);
            });
            let seen = presence.take().into_iter().filter(|one| self.is_for_desks(*one));
            news.changed.extend(seen);
            news.moved.extend(desks.take());
            news.changed.extend(self.inner.found.take());
            news.anew = news.anew && !self.tell_all_anew().await;
            self.tell(&mut news).await;
            again_at = self.inner.world.now() + AGAIN;
            for ask in asks.drain(..) {
                self.answer(ask).await;
            }
        }
    }

    /// Whether desks are to hear that a family's page came or went: where they show its row, and where nothing is known of it yet.
    fn is_for_desks(&self, consultation: ConsultationId) -> bool {
        let cities = self.cities();
        let known = || cities.values().filter_map(|city| city.known.as_ref());
        let beyond = |known: &Known| known.waiting.holds(consultation) && !known.shows(consultation);
        !known().any(beyond)
    }

    async fn answer(&self, ask: Ask) {
        // Whoever asked may be gone.
        match ask {
            Ask::View(municipality, answer) => {
                let made = match self.ensure_known(&municipality).await {
                    Ok(()) => self.made(&municipality).await,
                    Err(error) => Err(error),
                };
                let _ = answer.send(made);
            }
            Ask::Whole(municipality, answer) => {
                let made = match self.ensure_known(&municipality).await {
                    Ok(()) => self.serialised(&municipality).await,
                    Err(error) => Err(error),
                };
                let _ = answer.send(made);
            }
            Ask::Known(municipality, answer) => {
                let _ = answer.send(self.ensure_known(&municipality).await);
            }
        }
    }

    async fn ensure_known(&self, municipality: &MunicipalityId) -> Result<(), StorageError> {
        match self.with_city(municipality, |city| city.known.is_some()) {
            true => Ok(()),
            false => self.read(municipality).await,
        }
    }

    /// Tells desks of what changed, and families of their places. What could not be told now stays in `news`.
    async fn tell(&self, news: &mut News) {
        let mut cities = HashMap::<MunicipalityId, Vec<Standing>>::new();
        for municipality in std::mem::take(&mut news.moved) {
            cities.entry(municipality).or_default();
        }
        let moved: HashSet<_> = cities.keys().cloned().collect();
        for consultation in std::mem::take(&mut news.changed) {
            match self.inner.spine.load(consultation).await {
                Ok(state) => {
                    let case = state
                        .as_deref()
                        .and_then(|state| Some((state.case.as_deref()?, state.seq)));
                    if let Some((case, seq)) = case {
                        let now = Standing::of(consultation, seq, case);
                        cities.entry(case.municipality.clone()).or_default().push(now);
                    }
                }
                Err(error) => news
                    .changed
                    .extend(passed_over(consultation, error).is_err().then_some(consultation)),
            }
        }
        for (municipality, changes) in cities {
            let is_moved = moved.contains(&municipality);
            if let Err(error) = self.take_in(&municipality, &changes, is_moved).await {
                tracing::error!(%error, "the queue could not be read after a change; trying again");
                news.changed
                    .extend(changes.into_iter().map(|change| change.consultation));
                news.moved.insert(municipality);
                continue;
            }
            if self.tell_desks(&municipality).await.is_err() {
                news.moved.insert(municipality);
            }
        }
    }

    /// Takes changes in, and wakes the families that stand elsewhere now.
    async fn take_in(
        &self,
        municipality: &MunicipalityId,
        changes: &[Standing],
        is_moved: bool,
    ) -> Result<(), StorageError> {
        self.ensure_known(municipality).await?;
        let serving = self.with_city(municipality, |city| {
            if changes.iter().any(|now| now.is_closed) {
                city.service_seconds = None;
            }
            let known = city.known.get_or_insert_default();
            is_moved || changes.iter().any(|now| known.changes_serving(now))
        });
        let serving = match serving {
            true => Some(self.serving(municipality).await?),
            false => None,
        };
        let elsewhere = self.with_city(municipality, |city| {
            let known = city.known.get_or_insert_default();
            for now in changes {
                known.put(now);
            }
            known.waiting.serving = serving.unwrap_or(known.waiting.serving);
            known.look_through();
            known.waiting.retold()
        });
        self.inner.hub.moved(elsewhere);
        Ok(())
    }

    /// Tells desks of every row that they are still to be told; what could not be read stays.
    async fn tell_desks(&self, municipality: &MunicipalityId) -> Result<(), StorageError> {
        let (untold, shown) = self.with_city(municipality, |city| {
            let known = city.known.get_or_insert_default();
            if city.frames.receiver_count() == 0 {
                // Whoever opens a desk is given rows that are made then.
                for consultation in std::mem::take(&mut known.untold).keys() {
                    known.rows.remove(consultation);
                }
            }
            (known.untold.clone(), known.shown())
        });
        if untold.len() > shown.max(1) {
            return self.tell_whole(municipality).await;
        }
        let mut told = Ok(());
        for (consultation, seq) in untold {
            match self.row(consultation).await {
                Ok(row) => self.tell_one(municipality, (consultation, seq), row),
                Err(error) => match passed_over(consultation, error) {
                    Ok(()) => self.with_city(municipality, |city| {
                        city.known.get_or_insert_default().untold.remove(&consultation);
                    }),
                    Err(error) => told = Err(error),
                },
            }
        }
        told
    }

    fn tell_one(
        &self,
        municipality: &MunicipalityId,
        (consultation, seq): (ConsultationId, Seq),
        row: Option<QueueRow>,
    ) {
        self.with_city(municipality, |city| {
            let known = city.known.get_or_insert_default();
            known.untold.remove(&consultation);
            known.whole = None;
            // Booked for a time that is too far away to be shown. It may be shown later without another event.
            let is_far = row.as_ref().is_some_and(QueueRow::is_booked) && !known.shows(consultation);
            let (row, seq) = match is_far {
                true => (None, seq.saturating_sub(1)),
                false => (row, seq),
            };
            match row.as_ref().is_some_and(|row| row.alert.is_some() && !row.alert_heard) {
                true => known.unheard.insert(consultation),
                false => known.unheard.remove(&consultation),
            };
            match &row {
                Some(row) if known.shows(consultation) => drop(known.rows.insert(consultation, row.clone())),
                _ => drop(known.rows.remove(&consultation)),
            }
            if city.frames.receiver_count() == 0 {
                return;
            }
            city.number += 1;
            let (number, waiting) = (city.number, known.waiting.counts());
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
            match serde_json::to_string(&frame) {
                // An error means that the last desk has just closed.
                Ok(text) => drop(city.frames.send(Utf8Bytes::from(text))),
                Err(error) => tracing::error!(%error, "a frame of the queue cannot be written"),
            }
        });
    }

    /// Gives every desk of a municipality the whole queue.
    async fn tell_whole(&self, municipality: &MunicipalityId) -> Result<(), StorageError> {
        self.with_city(municipality, |city| {
            let known = city.known.get_or_insert_default();
            // Made anew: some of them changed.
            for consultation in known.untold.keys() {
                known.rows.remove(consultation);
            }
            known.whole = None;
        });
        self.made(municipality).await?;
        let number = self.with_city(municipality, |city| {
            city.known.get_or_insert_default().untold.clear();
            city.number += u64::from(city.frames.receiver_count() > 0);
            city.number
        });
        let whole = self.serialised(municipality).await?;
        tracing::debug!(
            number,
            "more changed at once than desks show; they are given the whole queue"
        );
        self.with_city(municipality, |city| drop(city.frames.send(whole)));
        Ok(())
    }

    /// Reads every queue again and gives it to every desk; false where storage failed.
    async fn tell_all_anew(&self) -> bool {
        let municipalities: Vec<_> = self.cities().keys().cloned().collect();
        let mut all = true;
        for municipality in municipalities {
            let told = match self.read(&municipality).await {
                Ok(()) => self.tell_whole(&municipality).await,
                Err(error) => Err(error),
            };
            if let Err(error) = told {
                tracing::error!(%error, "the queue could not be read; trying again");
                all = false;
            }
        }
        all
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
pub(super) fn passed_over(consultation: ConsultationId, error: StorageError) -> Result<(), StorageError> {
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
