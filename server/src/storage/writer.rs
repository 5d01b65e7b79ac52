//! How work reaches the database in transactions.
//!
//! SQLite has one writer at a time anyway, so one task holds the writing connection and commits everything that waits as one
//! group: one sync to disk for all, a savepoint each, so that work that fails undoes itself alone. PostgreSQL groups
//! commits itself; there every piece of work is a transaction from a pool. The answer always comes after the commit.

use super::StorageError;
use futures_util::{FutureExt, future::BoxFuture};
use sqlx::{AnyConnection, AnyPool};
use std::{panic::AssertUnwindSafe, sync::Arc};
use tokio::sync::{mpsc, oneshot};

/// Most pieces of work in one commit: bounds how long the first waits for the last. 16 already give most of the gain.
const GROUP: usize = 64;
/// Pieces of work that may wait before callers are held back.
const WAITING: usize = 1024;

/// Tells the caller how the commit went.
pub(super) type Answer = Box<dyn FnOnce(Result<(), StorageError>) + Send>;

/// Work that has run and waits for its commit.
pub(super) struct Ran {
    keep: bool,
    answer: Answer,
}

pub(super) type Job = Box<dyn for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Ran> + Send>;

/// Runs work in transactions.
#[derive(Clone)]
pub(super) enum Writer {
    Grouped(mpsc::Sender<Job>),
    Single(AnyPool),
}

impl Writer {
    /// Starts the task of a database that takes one writer at a time.
    pub(super) fn grouped(pool: AnyPool) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(write_groups(pool, receiver));
        Self::Grouped(sender)
    }

    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, StorageError>> + Send + 'static,
    {
        match self {
            Self::Grouped(jobs) => {
                let (tell, told) = oneshot::channel();
                jobs.send(job(work, tell)).await.map_err(|_| StorageError::Stopped)?;
                told.await.map_err(|_| StorageError::Stopped)?
            }
            Self::Single(pool) => {
                let mut transaction = pool.begin_with("BEGIN").await?;
                let result = work(&mut transaction).await;
                match &result {
                    Ok(_) => transaction.commit().await?,
                    Err(_) => transaction.rollback().await?,
                }
                result
            }
        }
    }
}

fn job<T, F>(work: F, tell: oneshot::Sender<Result<T, StorageError>>) -> Job
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<T, StorageError>> + Send + 'static,
{
    Box::new(move |connection| {
        async move {
            let result = AssertUnwindSafe(work(connection)).catch_unwind().await;
            let result = result.unwrap_or(Err(StorageError::Stopped));
            let keep = result.is_ok();
            let answer: Answer = Box::new(move |committed| {
                // A caller that has gone away does not need the answer.
                drop(tell.send(result.and_then(|value| committed.map(|()| value))));
            });
            Ran { keep, answer }
        }
        .boxed()
    })
}

async fn write_groups(pool: AnyPool, mut jobs: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP);
    while jobs.recv_many(&mut group, GROUP).await > 0 {
        let mut answers = Vec::with_capacity(group.len());
        let committed = write_group(&pool, group.drain(..), &mut answers).await;
        for answer in answers {
            answer(committed.clone());
        }
    }
}

/// Work that has not run when an error comes is dropped; its caller hears [`StorageError::Stopped`].
async fn write_group(
    pool: &AnyPool,
    mut group: impl ExactSizeIterator<Item = Job>,
    answers: &mut Vec<Answer>,
) -> Result<(), StorageError> {
    let unavailable = |error| StorageError::Unavailable(Arc::new(error));
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    if group.len() == 1
        && let Some(job) = group.next()
    {
        // Alone, as on a quiet evening, it needs no savepoint: two turns of the database's thread less.
        let ran = job(&mut transaction).await;
        answers.push(ran.answer);
        if ran.keep {
            transaction.commit().await?;
        } else {
            transaction.rollback().await?;
        }
        return Ok(());
    }
    for job in group {
        sqlx::query("SAVEPOINT work")
            .execute(&mut *transaction)
            .await
            .map_err(unavailable)?;
        let ran = job(&mut transaction).await;
        answers.push(ran.answer);
        if !ran.keep {
            sqlx::query("ROLLBACK TO work")
                .execute(&mut *transaction)
                .await
                .map_err(unavailable)?;
        }
        sqlx::query("RELEASE work")
            .execute(&mut *transaction)
            .await
            .map_err(unavailable)?;
    }
    Ok(transaction.commit().await?)
}
