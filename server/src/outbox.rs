//! The outbox: a family that is not on its page is told that something happened, never what; and so are supervisors and the
//! public-health nurse when something comes to them, for they may have no page open.
//!
//! Promises: what the log said is told, also after a crash and by whichever server; a channel that fails is tried again, and holds
//! up nothing else; what goes out has no word of anybody's, no name, no address and no link; a channel is given only what is for
//! those to whom it leads, so no family is told what is for staff. Told at least once: a crash between
//! telling and noting it tells again, which says nothing new.
//!
//! There is one channel so far, for trying out: a file. Not here: mail, LINE and push, and whether somebody is on their page.

use crate::{
    spine::Spine,
    storage::{Audience, NoticeRow, StorageError},
};
use futures_util::future::BoxFuture;
use signaling::time::Millis;
use std::{io::Write, path::PathBuf};
use tokio::sync::broadcast::error::RecvError;

/// Notices read at once.
const AT_ONCE: u64 = 100;
/// Another server's commits wake nobody here: the longest that a notice of theirs lies.
const LOOK_AGAIN: Millis = Millis::seconds(15);
/// After a failure.
const AFTER_FAILURE: Millis = Millis::seconds(5);

/// A way out of the desk.
pub trait Channel: Send + Sync + 'static {
    /// To whom it leads. It is given no notice for anybody else.
    fn audiences(&self) -> &'static [Audience];

    /// Tells one notice.
    fn tell<'a>(&'a self, notice: &'a NoticeRow) -> BoxFuture<'a, Result<(), ChannelError>>;
}

/// A notice could not be told.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// The file.
    #[error("the file of the test channel cannot be written: {0}")]
    File(#[from] std::io::Error),
}

/// Why the outbox stands still.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// Storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The channel.
    #[error(transparent)]
    Channel(#[from] ChannelError),
}

/// What staff read outside of the desk: who has to look, and nothing of what it is about, for it may show on a locked screen.
/// Nothing for families, whose words come with their channels.
#[must_use]
pub fn staff_words(notice: &NoticeRow) -> Option<&'static str> {
    match (notice.audience, notice.kind.as_str()) {
        (Audience::Family, _) => None,
        (Audience::Staff, "nurse_referral") => Some("保健師の対応が必要な相談があります。相談デスクを開いてください。"),
        (Audience::Staff, _) => Some("監督者の対応が必要な相談があります。相談デスクを開いてください。"),
    }
}

/// The test channel, to everybody: a line of JSON for each notice, readable by its owner only.
#[derive(Debug)]
pub struct TestFile(pub PathBuf);

impl Channel for TestFile {
    fn audiences(&self) -> &'static [Audience] {
        Audience::ALL
    }

    fn tell<'a>(&'a self, notice: &'a NoticeRow) -> BoxFuture<'a, Result<(), ChannelError>> {
        Box::pin(async move {
            use std::os::unix::fs::OpenOptionsExt;
            let mut line = serde_json::json!({
                "audience": notice.audience.code(),
                "consultation": notice.consultation,
                "event": notice.seq,
                "kind": notice.kind,
                "at": notice.created_at.0,
            });
            if let Some(words) = staff_words(notice) {
                line["words"] = words.into();
            }
            let mut options = std::fs::OpenOptions::new();
            let mut file = options.create(true).append(true).mode(0o600).open(&self.0)?;
            // One write, so that two servers do not mix their lines.
            file.write_all(format!("{line}\n").as_bytes())?;
            Ok(())
        })
    }
}

/// Tells everything that is to be told now to those to whom the channel leads, oldest first, and tells how many. Stops at the first
/// that cannot be told.
///
/// # Errors
/// The channel or storage failed; what was not told is still there.
pub async fn tell_all(spine: &Spine, channel: &dyn Channel) -> Result<u64, OutboxError> {
    let mut told = 0;
    for audience in channel.audiences() {
        loop {
            let notices = spine.store().unsent_notices(*audience, AT_ONCE).await?;
            if notices.is_empty() {
                break;
            }
            for notice in notices {
                channel.tell(&notice).await?;
                spine.store().mark_sent(&notice, spine.world().now()).await?;
                told += 1;
            }
        }
    }
    Ok(told)
}

/// Tells what is to be told, as it comes up, until it is dropped.
pub async fn run(spine: Spine, channel: impl Channel) {
    let mut woken = spine.subscribe();
    loop {
        let pause = match tell_all(&spine, &channel).await {
            Ok(_) => LOOK_AGAIN,
            Err(error) => {
                tracing::error!(%error, "notices wait; trying again");
                AFTER_FAILURE
            }
        };
        let again = spine.world().wait_until(spine.world().now() + pause);
        tokio::select! {
            () = again => {}
            woken = woken.recv(), if pause == LOOK_AGAIN => if matches!(woken, Err(RecvError::Closed)) { return },
        }
    }
}
