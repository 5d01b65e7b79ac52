//! What changed since somebody looked, each once: ten thousand tabs that come back together are no more than one look.
//!
//! Not here: what changed about it. Whoever takes it looks at how things are now.

use std::{
    collections::HashSet,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Notify;

/// A set that fills while nobody looks. Clones are the same one; one task takes from it.
#[derive(Debug)]
pub struct Changed<T> {
    inner: Arc<Inner<T>>,
}

#[derive(Debug)]
struct Inner<T> {
    names: Mutex<HashSet<T>>,
    some: Notify,
}

impl<T> Default for Changed<T> {
    fn default() -> Self {
        Self {
            inner: Arc::new(Inner {
                names: Mutex::default(),
                some: Notify::new(),
            }),
        }
    }
}

impl<T> Clone for Changed<T> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

impl<T: Eq + Hash> Changed<T> {
    /// This one changed.
    pub fn note(&self, name: T) {
        self.lock().insert(name);
        self.inner.some.notify_one();
    }

    /// These changed.
    pub fn note_all(&self, names: impl IntoIterator<Item = T>) {
        self.lock().extend(names);
        self.inner.some.notify_one();
    }

    /// Ends when something may have changed since it ended last.
    pub async fn some(&self) {
        self.inner.some.notified().await;
    }

    /// All that changed since this was asked last.
    #[must_use]
    pub fn take(&self) -> HashSet<T> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<T>> {
        self.inner.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
