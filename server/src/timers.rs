//! What happens by itself: due timers, the hourly checkpoint, the daily purge, the sweep of photos that never arrived and
//! of intakes that were never sent.
//!
//! A due timer is an ordinary command by [`Actor::System`] whose id comes from the consultation and the timer's kind, so it
//! takes effect once, whichever server fires it and however often. Timers are rows: those that fell due while no server
//! ran fire when one starts.
//!
//! A clock that is put forward makes timers fire early, and one that is put back late: what waits a fixed time (a ring, a step of the
//! ladder) and now stands further ahead than it ever does was written by a clock that was ahead, and is brought forward.
//!
//! One thing that fails holds up no other: a timer of a log that cannot be read is put off, and timers, checkpoint, purge
//! and sweep do not wait for each other.

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
    id::{CommandId, ConsultationId},
    limits,
    time::{At, Millis},
};

/// Timers fired before the database is asked again.
const AT_ONCE: u64 = 100;
/// Another server may have written a nearer timer without telling: the longest that it goes unnoticed.
const LOOK_AGAIN: Millis = Millis::seconds(15);
/// Unsent intakes that are put away in one round; the others in the next.
const UNSENT_AT_ONCE: u64 = 500;
/// After a failure of storage.
const AFTER_FAILURE: Millis = Millis::seconds(1);
/// A timer whose log cannot be read is tried again after this: often enough once the log is mended, and no other waits for it.
const PUT_OFF: Millis = Millis::hours(1);
/// What a city promises that is not there any more.
const REPLY_HOURS: u32 = 24;
/// How often the heads of all chains are written down.
const CHECKPOINT_EVERY: Millis = Millis::hours(1);
/// How often old command results and notices are forgotten.
const PURGE_EVERY: Millis = Millis::days(1);

/// Fires timers, makes checkpoints and purges until it is dropped.
pub async fn run(spine: Spine) {
    let mut rounds = Rounds::default();
    loop {
        let next = rounds.go(&spine).await;
        tokio::select! {
            () = spine.world().wait_until(next) => {}
            () = spine.timers_changed() => {}
        }
    }
}

/// Fires every timer that is due, and tells how many. One whose log cannot be read is put off; where one fails otherwise,
/// the others that are due with it are fired all the same.
///
/// # Errors
/// Storage failed; what was not fired is still there.
pub async fn fire_due(spine: &Spine) -> Result<u64, StorageError> {
    let mut fired = 0;
    loop {
        let now = spine.world().now();
        let due = spine.store().due_timers(now, AT_ONCE).await?;
        if due.is_empty() {
            return Ok(fired);
        }
        let mut failed = None;
        for timer in due {
            match fire(spine, &timer).await {
                Ok(()) => {
                    spine.store().drop_timer(timer).await?;
                    fired += 1;
                }
                Err(error @ StorageError::Unreadable { .. }) => {
                    tracing::error!(%error, consultation = %timer.consultation, "a timer is put off: its log cannot be read");
                    spine.store().put_off_timer(timer, now + PUT_OFF).await?;
                }
                Err(error) => failed = Some(error),
            }
        }
        if let Some(error) = failed {
            return Err(error);
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

/// Puts away photos that began to come and went no further, and tells how many parts they had.
///
/// # Errors
/// The database cannot be written.
pub async fn sweep(spine: &Spine) -> Result<u64, StorageError> {
    let before = At(spine.world().now().0.saturating_sub(limits::PHOTO_PARTS_KEPT.0));
    spine.store().purge_photo_parts(before).await
}

/// Puts away intakes that were begun and never sent, with their photos, and tells how many.
///
/// # Errors
/// The database cannot be written.
pub async fn forget_unsent(spine: &Spine) -> Result<u64, StorageError> {
    let before = At(spine.world().now().0.saturating_sub(limits::UNSENT_KEPT.0));
    spine.store().purge_unsent(before, UNSENT_AT_ONCE).await
}

/// Brings forward what a clock that was ahead has written, and tells how many. What is an hour of the day stays: the end of a
/// night, an appointment and how long it is kept, a promise.
///
/// # Errors
/// The database cannot be written.
pub async fn absorb_jump(spine: &Spine) -> Result<u64, StorageError> {
    let (now, delays, patience) = (spine.world().now(), spine.delays(), spine.patience());
    let step = delays.longest();
    let waits = [
        ("ring_expires:", limits::RING, limits::RING),
        ("climb:", step, delays.ack.min(step)),
        ("hand_over_lapses:", patience.hand_over, patience.hand_over),
        ("idle_asked:", patience.idle, patience.idle),
        ("idle_returns:", patience.idle_answer, patience.idle_answer),
    ];
    let mut brought_forward = 0;
    for (kind, longest, now_in) in waits {
        brought_forward += spine.store().bring_forward(kind, now + longest, now + now_in).await?;
    }
    Ok(brought_forward)
}

async fn fire(spine: &Spine, timer: &TimerRow) -> Result<(), StorageError> {
    let Some(kind) = DeadlineKind::from_code(&timer.kind) else {
        tracing::warn!(kind = %timer.kind, "a timer of an unknown kind is dropped");
        return Ok(());
    };
    let Some(command) = command_of(spine, timer.consultation, kind).await? else {
        return Ok(());
    };
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

/// What is done when a deadline has come, with what only the shell knows: who is connected, what the city promises. Nothing
/// where the log does not begin with a request.
async fn command_of(
    spine: &Spine,
    consultation: ConsultationId,
    kind: DeadlineKind,
) -> Result<Option<Command>, StorageError> {
    let state = spine.load(consultation).await?;
    let Some(municipality) = state
        .as_deref()
        .and_then(|state| state.case.as_deref())
        .map(|case| case.municipality.clone())
    else {
        return Ok(None);
    };
    Ok(Some(match kind {
        DeadlineKind::RingExpires { call } => Command::RingExpired { call },
        DeadlineKind::HandOverLapses { asked } => Command::LapseHandOver { asked },
        DeadlineKind::IdleAsked { from } => Command::AskIdle { from },
        DeadlineKind::IdleReturns { asked } => Command::ReturnIdle { asked },
        DeadlineKind::CheckIn { planned } => Command::AskCheckIn { planned },
        DeadlineKind::SurveyNudge { closed } => Command::NudgeSurvey { closed },
        DeadlineKind::AppointmentReminder { booked } => Command::RemindAppointment { booked },
        DeadlineKind::AppointmentBegins { booked } => {
            let (city, now) = (spine.store().city(&municipality).await?, spine.world().now());
            Command::BeginAppointment {
                booked,
                is_open: city.as_ref().is_some_and(|city| city.hours.is_open(now)),
                closes_at: city.as_ref().and_then(|city| city.hours.closes_at(now)),
                reply_hours: city.map_or(REPLY_HOURS, |city| city.reply_hours),
            }
        }
        DeadlineKind::AppointmentGrace { begun } => Command::MissAppointment {
            begun,
            is_there: spine.is_present(consultation),
        },
        DeadlineKind::NightEnds { .. } => {
            let city = spine.store().city(&municipality).await?;
            Command::EndNight {
                reply_hours: city.map_or(REPLY_HOURS, |city| city.reply_hours),
            }
        }
        DeadlineKind::Owed { why, asked_at } => Command::TellOwed {
            why,
            asked_at,
            supervisor_within: spine.delays().supervisor,
        },
        DeadlineKind::Climb { from } => Command::Climb {
            from,
            reach: spine.reach(&municipality),
            supervisor_within: spine.delays().supervisor,
        },
    }))
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
#[derive(Debug, Default)]
pub struct Rounds {
    /// The time of the last round: the clock has been put back where it is earlier now.
    seen_at: Option<At>,
    checkpoint_at: Option<At>,
    purge_at: Option<At>,
    sweep_at: Option<At>,
}

impl Rounds {
    /// Does what is due and tells when to come back. What fails is logged, and soon tried again.
    pub async fn go(&mut self, spine: &Spine) -> At {
        let again_at = spine.world().now() + AFTER_FAILURE;
        let timers = logged("timers", self.timers(spine).await);
        let checkpoint = logged("the checkpoint", self.checkpoint(spine).await);
        let purge = logged("the purge", self.purge(spine).await);
        let sweep = logged("photos on their way", self.sweep(spine).await);
        let soonest = [timers, checkpoint, purge, sweep].map(|at| at.unwrap_or(again_at));
        soonest.into_iter().min().unwrap_or(again_at)
    }

    /// Fires what is due, and tells when to look again.
    async fn timers(&mut self, spine: &Spine) -> Result<At, StorageError> {
        let now = spine.world().now();
        if self.seen_at.is_none_or(|seen_at| now < seen_at) {
            let brought_forward = absorb_jump(spine).await?;
            if brought_forward > 0 {
                tracing::warn!(
                    brought_forward,
                    "the clock was put back; what it made late is brought forward"
                );
            }
        }
        self.seen_at = Some(now);
        fire_due(spine).await?;
        let look_again = spine.world().now() + LOOK_AGAIN;
        Ok(spine
            .store()
            .next_due()
            .await?
            .map_or(look_again, |due| due.min(look_again)))
    }

    /// An hour after the last one, whichever server made it; nothing is written where no chain grew.
    async fn checkpoint(&mut self, spine: &Spine) -> Result<At, StorageError> {
        let now = spine.world().now();
        let mut due_at = match self.checkpoint_at {
            Some(at) => at,
            None => {
                let last = spine.store().last_checkpoint().await?;
                last.map_or(now, |last| last.at + CHECKPOINT_EVERY)
            }
        };
        if now >= due_at {
            check_log::checkpoint(spine.store(), spine.keys(), now).await?;
            due_at = now + CHECKPOINT_EVERY;
        }
        self.checkpoint_at = Some(due_at);
        Ok(due_at)
    }

    /// As often as parts may lie.
    async fn sweep(&mut self, spine: &Spine) -> Result<At, StorageError> {
        let now = spine.world().now();
        let mut due_at = self.sweep_at.unwrap_or(now);
        if now >= due_at {
            sweep(spine).await?;
            forget_unsent(spine).await?;
            due_at = now + limits::PHOTO_PARTS_KEPT;
        }
        self.sweep_at = Some(due_at);
        Ok(due_at)
    }

    /// When the server starts, and then once a day.
    async fn purge(&mut self, spine: &Spine) -> Result<At, StorageError> {
        let now = spine.world().now();
        let mut due_at = self.purge_at.unwrap_or(now);
        if now >= due_at {
            let purged = purge(spine).await?;
            tracing::info!(purged, "old results of commands and notices are forgotten");
            due_at = now + PURGE_EVERY;
        }
        self.purge_at = Some(due_at);
        Ok(due_at)
    }
}

fn logged(what: &'static str, done: Result<At, StorageError>) -> Option<At> {
    done.inspect_err(|error| tracing::error!(%error, what, "could not be served; trying again"))
        .ok()
}
