//! What happens by itself: due timers, the hourly checkpoint, the daily purge.
//!
//! A due timer is an ordinary command by [`Actor::System`] whose id comes from the consultation and the timer's kind, so it
//! takes effect once, whichever server fires it and however often. Timers are rows: those that fell due while no server
//! ran fire when one starts.

use crate::{
    chain::Fields,
    check_log,
    spine::{CommandError, Spine},
    storage::{StorageError, TimerRow},
};
use sha2::{Digest, Sha256};
use signaling::{
    actor::Actor,
    consultation::{Command, DeadlineKind},
    id::CommandId,
    limits,
    time::{At, Millis},
};

/// Timers fired before the database is asked again.
const AT_ONCE: u64 = 100;
/// Another server may have written a nearer timer without telling: the longest that it goes unnoticed.
const LOOK_AGAIN: Millis = Millis::seconds(15);
/// After a failure of storage.
const AFTER_FAILURE: Millis = Millis::seconds(1);
/// How often the heads of all chains are written down.
const CHECKPOINT_EVERY: Millis = Millis::hours(1);
/// How often old command results and notices are forgotten.
const PURGE_EVERY: Millis = Millis::days(1);

/// Fires timers, makes checkpoints and purges until it is dropped.
pub async fn run(spine: Spine) {
    let mut rounds = Rounds {
        checkpoint_at: None,
        purge_at: At(i64::MIN),
    };
    loop {
        let next = match rounds.go(&spine).await {
            Ok(next) => next,
            Err(error) => {
                tracing::error!(%error, "timers could not be served; trying again");
                spine.world().now() + AFTER_FAILURE
            }
        };
        tokio::select! {
            () = spine.world().wait_until(next) => {}
            () = spine.timers_changed() => {}
        }
    }
}

/// Fires every timer that is due, and tells how many.
///
/// # Errors
/// Storage failed; what was not fired is still there.
pub async fn fire_due(spine: &Spine) -> Result<u64, StorageError> {
    let mut fired = 0;
    loop {
        let due = spine.store().due_timers(spine.world().now(), AT_ONCE).await?;
        if due.is_empty() {
            return Ok(fired);
        }
        for timer in due {
            fire(spine, &timer).await?;
            spine.store().drop_timer(timer).await?;
            fired += 1;
        }
    }
}

/// Forgets results of commands and notices that are too old to matter, and tells how many.
///
/// # Errors
/// The database cannot be written.
pub async fn purge(spine: &Spine) -> Result<u64, StorageError> {
    let before = At(spine.world().now().0.saturating_sub(limits::COMMAND_RESULT_KEPT.0));
    let results = spine.store().purge_command_results(before).await?;
    Ok(results + spine.store().purge_notices(before).await?)
}

async fn fire(spine: &Spine, timer: &TimerRow) -> Result<(), StorageError> {
    let Some(DeadlineKind::RingExpires { call }) = DeadlineKind::from_code(&timer.kind) else {
        tracing::warn!(kind = %timer.kind, "a timer of an unknown kind is dropped");
        return Ok(());
    };
    let command = Command::RingExpired { call };
    match spine
        .execute(timer.consultation, &Actor::System, command_id(timer), &command)
        .await
    {
        Ok(_) => Ok(()),
        Err(CommandError::Refused(refusal)) => {
            tracing::warn!(code = refusal.code(), kind = %timer.kind, "a timer was refused and is dropped");
            Ok(())
        }
        Err(CommandError::Storage(error)) => Err(error),
    }
}

/// The same for the same timer on every server.
fn command_id(timer: &TimerRow) -> CommandId {
    let name = Fields::new("timer").id(timer.consultation).text(&timer.kind).bytes();
    let digest: [u8; 32] = Sha256::digest(name).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    CommandId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// What is done at intervals. Times are this server's; two servers do it twice, which is harmless.
struct Rounds {
    checkpoint_at: Option<At>,
    purge_at: At,
}

impl Rounds {
    /// Does what is due and tells when to come back.
    async fn go(&mut self, spine: &Spine) -> Result<At, StorageError> {
        fire_due(spine).await?;
        let now = spine.world().now();
        let checkpoint_at = match self.checkpoint_at {
            Some(at) => at,
            None => spine
                .store()
                .last_checkpoint()
                .await?
                .map_or(now, |last| last.at + CHECKPOINT_EVERY),
        };
        self.checkpoint_at = Some(checkpoint_at);
        if now >= checkpoint_at {
            check_log::checkpoint(spine.store(), spine.keys(), now).await?;
            self.checkpoint_at = Some(now + CHECKPOINT_EVERY);
        }
        if now >= self.purge_at {
            let purged = purge(spine).await?;
            tracing::info!(purged, "old results of commands and notices are forgotten");
            self.purge_at = now + PURGE_EVERY;
        }
        let soonest = [self.checkpoint_at.unwrap_or(now), self.purge_at, now + LOOK_AGAIN];
        let timer = spine.store().next_due().await?;
        Ok(soonest.into_iter().chain(timer).min().unwrap_or(now))
    }
}
