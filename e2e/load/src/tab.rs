//! A tab that talks: it keeps what it said until it is answered, and when its socket is lost it opens the next one, goes on
//! from its cursor, and says again what was not answered.

use crate::{
    browser::Browser,
    clock,
    socket::{Log, Socket, said},
};
use signaling::{
    consultation::Command,
    id::{CommandId, ConsultationId, Seq},
    protocol::{ClientFrame, ServerFrame, Watch},
};
use std::{collections::VecDeque, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

/// Commands on their way at once. A burst of more would meet the pace of the server, which drops what is over it.
const UNDER_WAY: usize = 32;
/// Without a frame for two slow heartbeats and some seconds, the socket counts as lost.
const SILENCE: Duration = Duration::from_secs(45);
/// First and longest pause before the next socket.
pub(crate) const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// Where the tab is.
#[derive(Clone, Debug)]
pub struct Place {
    /// Whose.
    pub browser: Browser,
    /// `/live` or `/desk/live`.
    pub path: &'static str,
    /// What it shows.
    pub consultation: ConsultationId,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Own messages that were acknowledged.
    pub acked: usize,
    /// Messages in the log, of both sides.
    pub seen: usize,
    /// Sockets that were opened.
    pub sockets: usize,
}

/// What it has at the end.
#[derive(Default)]
pub struct Kept {
    /// Everything it was sent.
    pub log: Log,
    /// When each event of the log came, in [`clock::micros`].
    pub came_at: Vec<u64>,
    /// Own messages in the order in which they were said, with the number that the server acknowledged.
    pub acked: Vec<(String, Seq)>,
    /// What the server refused or complained of, in words for a person.
    pub complaints: Vec<String>,
}

signaling::redacted_debug!(Kept { complaints });

impl Kept {
    /// How old each message of the other side was when it came, in microseconds, where its text begins with
    /// [`clock::micros`]. Messages said before `since` are left out.
    pub fn ages(&self, since: u64) -> impl Iterator<Item = u64> {
        let own: std::collections::HashSet<Seq> = self.acked.iter().map(|(_, seq)| *seq).collect();
        let heard = self.log.events.iter().zip(&self.came_at);
        heard.filter_map(move |(event, came_at)| {
            let said_at: u64 = said(event)?.split(' ').next()?.parse().ok()?;
            (!own.contains(&event.seq) && said_at >= since).then(|| came_at.saturating_sub(said_at))
        })
    }
}

/// An open tab.
#[derive(Debug)]
pub struct Tab {
    says: mpsc::UnboundedSender<String>,
    progress: watch::Receiver<Progress>,
    task: JoinHandle<Kept>,
}

impl Tab {
    /// Opens it.
    #[must_use]
    pub fn open(place: Place) -> Self {
        let (says, to_say) = mpsc::unbounded_channel();
        let (told, progress) = watch::channel(Progress::default());
        let running = Running {
            place,
            to_say,
            told,
            unanswered: VecDeque::new(),
            kept: Kept::default(),
            sockets: 0,
        };
        Self {
            says,
            progress,
            task: tokio::spawn(running.run()),
        }
    }

    /// Says something, now or when there is a socket again.
    pub fn says(&self, text: String) {
        // A tab that has ended tells why in `closes`.
        let _ = self.says.send(text);
    }

    /// How far it is now.
    #[must_use]
    pub fn progress(&self) -> Progress {
        *self.progress.borrow()
    }

    /// Ends when the tab is as far as wanted; false when it never will be, or not within `patience`.
    pub async fn until(&mut self, patience: Duration, wanted: impl Fn(&Progress) -> bool) -> bool {
        let reached = self.progress.wait_for(wanted);
        matches!(tokio::time::timeout(patience, reached).await, Ok(Ok(_)))
    }

    /// Closes it and gives what it has.
    ///
    /// # Panics
    /// The tab met what the protocol forbids.
    pub async fn closes(self) -> Kept {
        drop(self.says);
        self.task.await.expect("the protocol was kept")
    }
}

/// Why a socket ended.
enum Ended {
    Closed,
    Lost,
}

struct Running {
    place: Place,
    to_say: mpsc::UnboundedReceiver<String>,
    told: watch::Sender<Progress>,
    unanswered: VecDeque<(CommandId, String)>,
    kept: Kept,
    sockets: usize,
}

impl Running {
    async fn run(mut self) -> Kept {
        let mut pause = PAUSES.0;
        loop {
            let before = self.sockets;
            if matches!(self.one_socket().await, Ended::Closed) {
                return self.kept;
            }
            if self.sockets > before {
                pause = PAUSES.0;
            }
            tokio::time::sleep(pause + jitter(pause)).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    async fn one_socket(&mut self) -> Ended {
        let Place { browser, path, .. } = &self.place;
        let watch = self.watch();
        let mut socket = match Socket::open(browser, path, vec![watch], false).await {
            Ok(socket) => socket,
            Err(why) => {
                return if self.to_say.is_closed() {
                    self.kept.complaints.push(format!("closed without a socket: {why:?}"));
                    Ended::Closed
                } else {
                    Ended::Lost
                };
            }
        };
        self.sockets += 1;
        let mut welcome = false;
        loop {
            let may_say = welcome && self.unanswered.len() < UNDER_WAY;
            tokio::select! {
                frame = tokio::time::timeout(SILENCE, socket.frame()) => {
                    let Ok(Some(frame)) = frame else { return Ended::Lost };
                    welcome |= matches!(frame, ServerFrame::Welcome { .. });
                    if let Err(ended) = self.take(&mut socket, frame).await {
                        return ended;
                    }
                    self.tell();
                }
                text = self.to_say.recv(), if may_say => {
                    let Some(text) = text else { return Ended::Closed };
                    let id = clock::command_id();
                    socket.sends(&self.command(id, &text)).await;
                    self.unanswered.push_back((id, text));
                }
            }
        }
    }

    async fn take(&mut self, socket: &mut Socket, frame: ServerFrame) -> Result<(), Ended> {
        match frame {
            ServerFrame::Welcome { .. } => {
                for (id, text) in &self.unanswered {
                    socket.sends(&self.command(*id, text)).await;
                }
            }
            ServerFrame::Events { events, cursor, .. } => {
                self.kept.log.takes(events, cursor);
                self.kept.came_at.resize(self.kept.log.events.len(), clock::micros());
            }
            ServerFrame::Ack { id, seq, .. } => {
                let at = self.unanswered.iter().position(|(known, _)| *known == id);
                if let Some((_, text)) = at.and_then(|at| self.unanswered.remove(at)) {
                    self.kept.acked.push((text, seq));
                }
            }
            // A wake-up was lost, or an event is on its way: asked for again, seen events are dropped.
            ServerFrame::Beat { heads, .. } => {
                let stands = self.kept.log.cursor;
                if heads.iter().any(|head| Some(head.cursor) != stands) {
                    socket.sends(&ClientFrame::Watch(self.watch())).await;
                }
            }
            ServerFrame::Refused { id, text, .. } => {
                self.unanswered.retain(|(known, _)| *known != id);
                self.kept.complaints.push(text);
            }
            // The command had no answer. The next socket sends all that are unanswered, in their order.
            ServerFrame::Error { text, .. } => {
                self.kept.complaints.push(text);
                return Err(Ended::Lost);
            }
            _ => {}
        }
        Ok(())
    }

    fn watch(&self) -> Watch {
        Watch {
            consultation: self.place.consultation,
            cursor: self.kept.log.cursor,
        }
    }

    fn command(&self, id: CommandId, text: &str) -> ClientFrame {
        ClientFrame::Command {
            id,
            consultation: self.place.consultation,
            command: Command::Say { text: text.to_owned() },
        }
    }

    fn tell(&self) {
        let progress = Progress {
            acked: self.kept.acked.len(),
            seen: self.kept.log.said().count(),
            sockets: self.sockets,
        };
        self.told.send_if_modified(|known| {
            let changed = *known != progress;
            *known = progress;
            changed
        });
    }
}

/// Up to as much again, so that tabs which lost their sockets together do not come back together.
pub(crate) fn jitter(pause: Duration) -> Duration {
    let byte = clock::command_id().0.as_bytes()[0];
    pause * u32::from(byte) / 255
}
