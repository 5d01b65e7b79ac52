//! What is known of a municipality's queue, and what desks were told of it.
//!
//! Desks are kept up to date about what they show: the first [`limits::QUEUE_WINDOW`] who wait, and whoever is in somebody's
//! hands, and the nearest [`limits::APPOINTMENTS_SHOWN`] that are booked for later (one that was shown once stays shown while it is
//! booked). Of the others they are told that they came, that a page confirmed the step of the ladder that they were told, that they
//! stand elsewhere and that they went.

use super::{
    Board,
    telling::passed_over,
    waiting::{Put, Waiting},
};
use crate::storage::StorageError;
use axum::extract::ws::Utf8Bytes;
use signaling::{
    consultation::{Case, Stage},
    id::{ConsultationId, MunicipalityId, Seq},
    limits,
    protocol::{QueueView, ServerFrame},
    queue::{Place, QueueRow, rank},
    time::At,
};
use std::collections::{HashMap, HashSet};

/// A queue.
#[derive(Default)]
pub(super) struct Known {
    pub(super) waiting: Waiting,
    /// Who is in somebody's hands, and since when.
    claimed: HashMap<ConsultationId, At>,
    /// Who is booked for later, and for when.
    booked: HashMap<ConsultationId, At>,
    /// Those of them that desks show.
    appointments: HashSet<ConsultationId>,
    /// The last event of every open consultation, as it was told.
    pub(super) told: HashMap<ConsultationId, Seq>,
    /// The first who wait, as they were last looked through.
    window: HashSet<ConsultationId>,
    /// Whose step of the ladder desks were told and no page had confirmed by then: they hear of it when one has, or all would.
    pub(super) unheard: HashSet<ConsultationId>,
    /// Rows that desks are still to be told, with the last event of each.
    pub(super) untold: HashMap<ConsultationId, Seq>,
    /// Rows of the window and of those in somebody's hands, as they were told.
    pub(super) rows: HashMap<ConsultationId, QueueRow>,
    /// The whole queue, until something changes.
    pub(super) whole: Option<Utf8Bytes>,
}

/// How a consultation stands now.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) consultation: ConsultationId,
    seq: Seq,
    place: Option<Place>,
    claimed_at: Option<At>,
    booked_for: Option<At>,
    /// A page has confirmed the step on which its ladder stands.
    is_heard: bool,
    /// It waits, is booked or somebody has it: desks know of it.
    is_open: bool,
    pub(super) is_closed: bool,
}

impl Standing {
    pub(super) fn of(consultation: ConsultationId, seq: Seq, case: &Case) -> Self {
        let place = |rank| Place {
            consultation,
            rank,
            acuity: case.acuity,
            service: case.service,
            meant_for: case.meant_for(),
        };
        Self {
            consultation,
            seq,
            place: rank(case).map(place),
            claimed_at: match case.stage {
                Stage::Claimed { since, .. } => Some(since),
                _ => None,
            },
            booked_for: match case.stage {
                Stage::Booked { slot, .. } => Some(slot),
                _ => None,
            },
            is_heard: case.ladder.as_ref().is_some_and(|ladder| ladder.heard_by.is_some()),
            is_open: case.is_open(),
            is_closed: matches!(case.stage, Stage::Closed { .. }),
        }
    }
}

impl Known {
    /// Whether desks show it.
    pub(super) fn shows(&self, consultation: ConsultationId) -> bool {
        self.window.contains(&consultation)
            || self.claimed.contains_key(&consultation)
            || self.appointments.contains(&consultation)
    }

    /// How many rows desks show.
    pub(super) fn shown(&self) -> usize {
        self.window.len() + self.claimed.len() + self.appointments.len()
    }

    /// Whether what is told of waits may be another than before: somebody was taken, left or came back. Who comes new changes
    /// nothing about it.
    pub(super) fn changes_serving(&self, now: &Standing) -> bool {
        now.place.is_none() || (self.told.contains_key(&now.consultation) && !self.waiting.holds(now.consultation))
    }

    /// Takes in how a consultation stands, and notes what desks are to be told.
    pub(super) fn put(&mut self, now: &Standing) {
        let consultation = now.consultation;
        self.whole = None;
        let step = self.waiting.put(consultation, now.place);
        match now.claimed_at {
            Some(since) => self.claimed.insert(consultation, since),
            None => self.claimed.remove(&consultation),
        };
        match now.booked_for {
            Some(slot) => self.booked.insert(consultation, slot),
            None => self.booked.remove(&consultation),
        };
        match now.is_open {
            true => self.told.insert(consultation, now.seq),
            false => {
                self.unheard.remove(&consultation);
                self.told.remove(&consultation)
            }
        };
        let is_news = step != Put::Same || (now.is_heard && self.unheard.contains(&consultation));
        if is_news || self.shows(consultation) || !now.is_open {
            self.untold.insert(consultation, now.seq);
        }
    }

    /// Looks through the window, and through the nearest appointments: whoever has come into them is told.
    pub(super) fn look_through(&mut self) {
        let mut nearest = self.booked_in_order();
        nearest.truncate(limits::APPOINTMENTS_SHOWN);
        self.appointments.retain(|one| self.booked.contains_key(one));
        for came in nearest {
            if self.appointments.insert(came) {
                self.untold.entry(came).or_default();
            }
        }
        let window: HashSet<_> = self.waiting.first(limits::QUEUE_WINDOW).collect();
        for came in window.difference(&self.window) {
            self.untold.entry(*came).or_default();
        }
        self.window = window;
        let mut rows = std::mem::take(&mut self.rows);
        rows.retain(|one, _| self.shows(*one));
        self.rows = rows;
    }

    /// What is stored otherwise than it was told; from then on it counts as told.
    pub(super) fn missed(&mut self, open: HashMap<ConsultationId, Seq>) -> Vec<ConsultationId> {
        let news = open.iter().filter(|(id, seq)| self.told.get(id) != Some(seq));
        let gone = self.told.keys().filter(|id| !open.contains_key(id));
        let missed = news.map(|(id, _)| *id).chain(gone.copied()).collect();
        self.told = open;
        missed
    }

    /// Who is booked for later, the nearest first.
    fn booked_in_order(&self) -> Vec<ConsultationId> {
        let mut booked: Vec<_> = self.booked.iter().map(|(id, slot)| (*slot, *id)).collect();
        booked.sort_unstable();
        booked.into_iter().map(|(_, id)| id).collect()
    }

    /// Rows in the order in which they are sent: who waits, then who is in somebody's hands, longest first, then who is booked.
    fn in_order(&self) -> Vec<ConsultationId> {
        let mut claimed: Vec<_> = self.claimed.iter().map(|(id, since)| (*since, *id)).collect();
        claimed.sort_unstable();
        let claimed = claimed.into_iter().map(|(_, id)| id);
        let booked = self.booked_in_order().into_iter();
        let booked = booked.filter(|one| self.appointments.contains(one));
        self.waiting
            .first(limits::QUEUE_WINDOW)
            .chain(claimed)
            .chain(booked)
            .collect()
    }
}

impl Board {
    /// Reads a queue.
    pub(super) async fn read(&self, municipality: &MunicipalityId) -> Result<(), StorageError> {
        let spine = &self.inner.spine;
        // What is told is read first: where something changes in between, the next look finds that it was told too little.
        let told = spine.open_heads(municipality).await?.into_iter().collect();
        let mut waiting = Waiting::of(spine.places(municipality).await?);
        waiting.serving = self.serving(municipality).await?;
        let mut known = Known {
            waiting,
            claimed: spine.claimed(municipality).await?.into_iter().collect(),
            booked: spine.booked(municipality).await?.into_iter().collect(),
            told,
            ..Known::default()
        };
        known.look_through();
        known.untold.clear();
        let moved = known.waiting.retold();
        self.with_city(municipality, |city| city.known = Some(known));
        self.inner.hub.moved(moved);
        Ok(())
    }

    /// The whole queue of what is known.
    pub(super) async fn made(&self, municipality: &MunicipalityId) -> Result<QueueView, StorageError> {
        let order = self.with_city(municipality, |city| {
            let known = city.known.get_or_insert_default();
            let missing = |id: &ConsultationId| !known.rows.contains_key(id);
            known
                .in_order()
                .into_iter()
                .map(|id| (id, missing(&id)))
                .collect::<Vec<_>>()
        });
        for (consultation, _) in order.iter().filter(|(_, missing)| *missing) {
            match self.row(*consultation).await {
                Ok(Some(row)) => self.with_city(municipality, |city| {
                    city.known.get_or_insert_default().rows.insert(*consultation, row);
                }),
                Ok(None) => {}
                Err(error) => passed_over(*consultation, error)?,
            }
        }
        Ok(self.with_city(municipality, |city| {
            let known = city.known.get_or_insert_default();
            QueueView {
                rows: order.iter().filter_map(|(id, _)| known.rows.get(id).cloned()).collect(),
                waiting: known.waiting.counts(),
                number: city.number,
            }
        }))
    }

    /// The same as a frame, kept until something changes.
    pub(super) async fn serialised(&self, municipality: &MunicipalityId) -> Result<Utf8Bytes, StorageError> {
        if let Some(whole) = self.with_city(municipality, |city| city.known.as_ref()?.whole.clone()) {
            return Ok(whole);
        }
        let view = ServerFrame::Queue(self.made(municipality).await?);
        let text = serde_json::to_string(&view).map_err(|error| StorageError::unreadable("the queue", error))?;
        let whole = Utf8Bytes::from(text);
        self.with_city(municipality, |city| {
            city.known.get_or_insert_default().whole = Some(whole.clone());
        });
        Ok(whole)
    }
}
