//! Tells desks and waiting families what changed.
//!
//! Promises: what could not be read is tried again until it is told; nothing that waits is lost when a channel overflows,
//! every desk is given the whole queue then; a log that cannot be read costs its own row only.

use super::Board;
use crate::storage::StorageError;
use signaling::{
    consultation::Stage,
    id::{ConsultationId, MunicipalityId, Seq},
    protocol::{QueueView, ServerFrame},
    queue::rank,
    time::{At, Millis},
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError},
};
use tokio::sync::broadcast;

/// What could not be told for a fault of storage is tried again after this.
const AGAIN: Millis = Millis::seconds(1);

/// What is still to be told.
#[derive(Default)]
struct News {
    /// Single rows.
    changed: HashSet<ConsultationId>,
    /// Municipalities whose places changed for another reason than an event.
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
    /// Follows the spine until it is gone.
    pub async fn run(self) {
        let mut woken = self.inner.spine.subscribe();
        let mut presence = self.inner.hub.presence_changes();
        let mut desks = self.inner.hub.desk_changes();
        let mut news = News::default();
        let mut again_at = At::default();
        loop {
            tokio::select! {
                event = woken.recv() => match event {
                    Ok(woken) => { news.changed.insert(woken.consultation); }
                    Err(broadcast::error::RecvError::Lagged(_)) => news.anew = true,
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                event = presence.recv() => match event {
                    Ok(consultation) => { news.changed.insert(consultation); }
                    Err(_) => news.anew = true,
                },
                event = desks.recv() => match event {
                    Ok(municipality) => { news.moved.insert(municipality); }
                    Err(_) => news.anew = true,
                },
                () = self.inner.found_some.notified() => {}
                // Lazy: a `select!` makes the future of a branch also where the branch is off.
                () = async { self.inner.world.wait_until(again_at).await }, if !news.is_empty() => {}
            }
            news.anew |= drained(&mut woken, |woken| {
                news.changed.insert(woken.consultation);
            });
            news.anew |= drained(&mut presence, |consultation| {
                news.changed.insert(consultation);
            });
            news.anew |= drained(&mut desks, |municipality| {
                news.moved.insert(municipality);
            });
            news.changed.extend(self.found().drain());
            news.anew = news.anew && !self.tell_all_anew().await;
            self.tell(&mut news).await;
            again_at = self.inner.world.now() + AGAIN;
        }
    }

    /// Tells desks of what changed, and families of their places. What could not be told now stays in `news`.
    async fn tell(&self, news: &mut News) {
        let mut cities = HashMap::<MunicipalityId, Vec<(ConsultationId, Seq)>>::new();
        let mut moved = std::mem::take(&mut news.moved);
        for consultation in std::mem::take(&mut news.changed) {
            match self.inner.spine.load(consultation).await {
                Ok(state) => {
                    let Some((case, seq)) = state
                        .as_deref()
                        .and_then(|state| Some((state.case.as_deref()?, state.seq)))
                    else {
                        continue;
                    };
                    let municipality = case.municipality.clone();
                    let closed = matches!(case.stage, Stage::Closed { .. });
                    let stands = self.with_city(&municipality, |city| {
                        if closed {
                            city.service_seconds = None;
                        }
                        city.waiting.borrow().shows(consultation, rank(case))
                    });
                    // A place moves with few events only; a message in a consultation that somebody has moves none. One that
                    // ends leaves a clinician free.
                    if case.ended_at().is_some() || !stands {
                        moved.insert(municipality.clone());
                    }
                    cities.entry(municipality).or_default().push((consultation, seq));
                }
                Err(error) => news
                    .changed
                    .extend(passed_over(consultation, error).is_err().then_some(consultation)),
            }
        }
        for municipality in moved {
            if let Err(error) = self.refresh(&municipality).await {
                tracing::error!(%error, "the queue could not be read after a change; trying again");
                let consultations = cities.remove(&municipality).unwrap_or_default();
                news.changed
                    .extend(consultations.into_iter().map(|(consultation, _)| consultation));
                news.moved.insert(municipality);
            }
        }
        for (municipality, consultations) in cities {
            for (consultation, seq) in consultations {
                if let Err(error) = self.tell_one(&municipality, consultation, seq).await {
                    news.changed
                        .extend(passed_over(consultation, error).is_err().then_some(consultation));
                }
            }
        }
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

fn send(frames: &broadcast::Sender<Arc<str>>, frame: &ServerFrame) {
    match serde_json::to_string(frame) {
        // An error means that the last desk has just closed.
        Ok(text) => drop(frames.send(Arc::from(text))),
        Err(error) => tracing::error!(%error, "a frame of the queue cannot be written"),
    }
}
