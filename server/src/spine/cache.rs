//! Folded logs by their last event, so that a command need not read the whole log. Holds facts and the content key, never
//! content. What is in here may be behind the log, never ahead of it.

use crate::{chain::Mac, seal::ContentKey};
use signaling::{consultation::State, id::ConsultationId};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

/// Consultations kept: ten thousand who wait, and those of before, at a few kilobytes each.
const KEPT: usize = 16_384;

/// A folded log.
#[derive(Clone, Debug)]
pub(super) struct Folded {
    pub(super) state: Arc<State>,
    /// The link of the last event.
    pub(super) head: Mac,
    /// Nothing where there is none yet, or where it was erased.
    pub(super) key: Option<ContentKey>,
}

impl Folded {
    /// Before the first event.
    pub(super) fn empty() -> Self {
        Self {
            state: Arc::default(),
            head: Mac::START,
            key: None,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Cache {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    folded: HashMap<ConsultationId, Folded>,
    oldest_first: VecDeque<ConsultationId>,
}

impl Cache {
    pub(super) fn find(&self, id: ConsultationId) -> Option<Folded> {
        self.lock().folded.get(&id).cloned()
    }

    /// Keeps it, unless something newer is kept.
    pub(super) fn keep(&self, id: ConsultationId, folded: Folded) {
        let mut kept = self.lock();
        match kept.folded.get_mut(&id) {
            Some(there) if there.state.seq > folded.state.seq => {}
            Some(there) => *there = folded,
            None => {
                if kept.oldest_first.len() >= KEPT
                    && let Some(oldest) = kept.oldest_first.pop_front()
                {
                    kept.folded.remove(&oldest);
                }
                kept.folded.insert(id, folded);
                kept.oldest_first.push_back(id);
            }
        }
    }

    pub(super) fn forget(&self, id: ConsultationId) {
        let mut kept = self.lock();
        if kept.folded.remove(&id).is_some() {
            kept.oldest_first.retain(|one| *one != id);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
