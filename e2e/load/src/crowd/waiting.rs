//! Families in the waiting room: a page each, open and seen, that is told its place. A page whose socket is lost opens the next
//! one and goes on from its cursor.

use super::News;
use crate::{
    clock,
    family::Family,
    socket::Socket,
    tab::{PAUSES, jitter},
};
use signaling::protocol::{ClientFrame, Cursor, Presented, ServerFrame, Watch};
use tokio::{sync::mpsc, task::JoinSet};

/// Pages that are opened at the same moment.
const AT_ONCE: usize = 64;

/// Everybody who waits. They leave with this value.
#[derive(Debug, Default)]
pub struct WaitingRoom {
    pages: JoinSet<()>,
}

impl WaitingRoom {
    /// How many are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pages.len()
    }

    /// Whether nobody is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// Opens these families' pages, some at a time.
    pub async fn opens(&mut self, families: &[Family], tell: &mpsc::UnboundedSender<News>) {
        for some in families.chunks(AT_ONCE) {
            for family in some {
                self.pages.spawn(waits(family.clone(), tell.clone()));
            }
            tokio::task::yield_now().await;
        }
    }
}

async fn waits(family: Family, tell: mpsc::UnboundedSender<News>) {
    let mut page = Page {
        family,
        cursor: None,
        is_back: false,
        tell,
    };
    let mut pause = PAUSES.0;
    loop {
        let (browser, watch) = (&page.family.browser, page.watch());
        if let Ok(mut socket) = Socket::open(browser, "/live", vec![watch], false).await {
            pause = PAUSES.0;
            page.is_back = false;
            while let Some(frame) = socket.frame().await {
                if page.take(&mut socket, frame).await.is_err() {
                    return;
                }
            }
        }
        tokio::time::sleep(pause + jitter(pause)).await;
        pause = (pause * 2).min(PAUSES.1);
    }
}

struct Page {
    family: Family,
    cursor: Option<Cursor>,
    /// This socket has brought what was missed.
    is_back: bool,
    tell: mpsc::UnboundedSender<News>,
}

impl Page {
    fn watch(&self) -> Watch {
        Watch {
            consultation: self.family.consultation,
            cursor: self.cursor,
        }
    }

    /// What a page makes of a frame; an error once nobody measures any more.
    async fn take(&mut self, socket: &mut Socket, frame: ServerFrame) -> Result<(), mpsc::error::SendError<News>> {
        let at = clock::micros();
        match frame {
            ServerFrame::Welcome { .. } => {
                let (consultation, state) = (self.family.consultation, Presented::Visible);
                socket.sends(&ClientFrame::Present { consultation, state }).await;
            }
            ServerFrame::Events { cursor, end, .. } => {
                self.cursor = self.cursor.max(Some(cursor));
                if end && !std::mem::replace(&mut self.is_back, true) {
                    self.tell.send(News::Back { at })?;
                }
            }
            ServerFrame::Position { position, .. } => {
                let ahead = position.ahead;
                self.tell.send(News::Place { ahead, at })?;
            }
            // A wake-up was lost, or an event is on its way.
            ServerFrame::Beat { heads, .. } if heads.iter().any(|head| Some(head.cursor) > self.cursor) => {
                socket.sends(&ClientFrame::Watch(self.watch())).await;
            }
            _ => {}
        }
        Ok(())
    }
}
