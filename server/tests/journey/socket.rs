//! A tab's live socket. It answers heartbeats and holds every log to the promise: each event once, in order.

use super::browser::Browser;
pub(crate) use load::socket::{Log, upgrade};
use load::socket::{NoSocket, Socket};
use signaling::{
    consultation::{Command, Refusal},
    id::{CommandId, ConsultationId, Seq},
    protocol::{ClientFrame, ErrorCode, Presented, QueueView, ServerFrame, VERSION, Watch},
    queue::{Position, Presence},
};
use std::{collections::BTreeMap, time::Duration};
use tokio_tungstenite::tungstenite::{Message, http::Request};

/// Generous: nothing here should take a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// Logs by consultation; they outlive a socket.
pub(crate) type Logs = BTreeMap<ConsultationId, Log>;

/// An open socket.
pub(crate) struct Live {
    socket: Socket,
    pub(crate) logs: Logs,
    /// Everything that was received, as it came.
    pub(crate) raw: String,
    /// Answers heartbeats.
    pub(crate) answers: bool,
    /// Frames that were read while waiting for another.
    pub(crate) passed: Vec<ServerFrame>,
    /// Whether the other side's page is there, as told last.
    pub(crate) presence: BTreeMap<ConsultationId, Presence>,
    /// The family's place, as told last.
    pub(crate) position: Option<Position>,
    /// How many wait, as the desk was told last.
    pub(crate) waiting: Option<u32>,
}

impl Live {
    /// Connects; the status where the server refuses.
    pub(crate) async fn connect(browser: &Browser, request: Request<()>) -> Result<Self, u16> {
        match Socket::connect(browser, request).await {
            Ok(socket) => Ok(Self {
                socket,
                logs: Logs::new(),
                raw: String::new(),
                answers: true,
                passed: Vec::new(),
                presence: BTreeMap::new(),
                position: None,
                waiting: None,
            }),
            Err(NoSocket::Refused(status)) => Err(status),
            Err(NoSocket::Unreachable) => panic!("no socket"),
        }
    }

    /// Whether the server lets a page in only to say that its credential is over.
    pub(crate) async fn is_signed_out(browser: &Browser, path: &str) -> bool {
        let mut live = Self::connect(browser, upgrade(browser, path)).await.expect("a socket");
        live.hears_signed_out().await
    }

    /// Whether the server says that the credential is over, and closes.
    pub(crate) async fn hears_signed_out(&mut self) -> bool {
        let mut code = None;
        while let Some(frame) = self.frame().await {
            if let ServerFrame::Error { code: said, .. } = frame {
                code = Some(said);
            }
        }
        code == Some(ErrorCode::SignedOut)
    }

    /// Connects and says hello, going on with what these logs hold.
    pub(crate) async fn open(browser: &Browser, path: &str, logs: Logs, queue: bool) -> Self {
        let mut live = Self::connect(browser, upgrade(browser, path)).await.expect("let in");
        let watch: Vec<_> = logs
            .iter()
            .map(|(id, log)| Watch {
                consultation: *id,
                cursor: log.cursor,
            })
            .collect();
        live.logs = logs;
        live.sends(&ClientFrame::Hello {
            version: VERSION,
            watch,
            queue,
        })
        .await;
        live.until("welcome", |frame| {
            matches!(frame, ServerFrame::Welcome { .. }).then_some(())
        })
        .await;
        for consultation in live.logs.keys().copied().collect::<Vec<_>>() {
            live.is_seen(consultation).await;
        }
        live
    }

    /// The page says that it can be seen, as pages do after every `hello` and `watch`.
    async fn is_seen(&mut self, consultation: ConsultationId) {
        let state = Presented::Visible;
        self.sends(&ClientFrame::Present { consultation, state }).await;
    }

    /// The connection is gone without a word.
    pub(crate) fn cut(self) -> Logs {
        self.logs
    }

    pub(crate) async fn sends(&mut self, frame: &ClientFrame) {
        self.socket.sends(frame).await;
    }

    pub(crate) async fn sends_text(&mut self, text: &str) {
        self.sends_message(Message::text(text)).await;
    }

    /// A socket that the server has closed meanwhile shows it when it is read.
    pub(crate) async fn sends_message(&mut self, message: Message) {
        self.socket.sends_message(message).await;
    }

    /// The next frame; nothing once the server has closed.
    pub(crate) async fn frame(&mut self) -> Option<ServerFrame> {
        loop {
            match self.message().await? {
                Message::Text(text) => return Some(self.took(text.as_str()).await),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    async fn message(&mut self) -> Option<Message> {
        let message = tokio::time::timeout(PATIENCE, self.socket.message()).await;
        message.unwrap_or_else(|_| {
            let before: Vec<_> = self.passed.iter().rev().take(5).collect();
            panic!("nothing came; before it: {before:#?}")
        })
    }

    async fn took(&mut self, text: &str) -> ServerFrame {
        self.raw.push_str(text);
        self.raw.push('\n');
        let frame: ServerFrame = serde_json::from_str(text).expect("a frame of this protocol");
        if let ServerFrame::Events {
            consultation,
            events,
            cursor,
            ..
        } = &frame
        {
            let log = self.logs.entry(*consultation).or_default();
            assert!(Some(*cursor) >= log.cursor, "the cursor went back");
            let before = log.takes(events.clone(), *cursor);
            assert_eq!(before, 0, "doubled or out of order: {events:?}");
        }
        match &frame {
            ServerFrame::Beat { .. } if self.answers => self.sends(&ClientFrame::Beat).await,
            ServerFrame::Presence {
                consultation, presence, ..
            } => {
                self.presence.insert(*consultation, *presence);
            }
            ServerFrame::Position { position, .. } => self.position = Some(*position),
            ServerFrame::Queue(QueueView { waiting, .. })
            | ServerFrame::Row { waiting, .. }
            | ServerFrame::Gone { waiting, .. } => self.waiting = Some(waiting.iter().map(|(_, count)| count).sum()),
            _ => {}
        }
        frame
    }

    /// Reads until a frame is the one that is waited for.
    pub(crate) async fn until<T>(&mut self, what: &str, found: impl Fn(&ServerFrame) -> Option<T>) -> T {
        loop {
            let Some(frame) = self.frame().await else {
                panic!("closed before: {what}; passed {:?}", self.passed.last())
            };
            if let Some(value) = found(&frame) {
                return value;
            }
            self.passed.push(frame);
        }
    }

    /// Reads until the log of a consultation is as wanted.
    pub(crate) async fn sees(&mut self, consultation: ConsultationId, what: &str, wanted: impl Fn(&Log) -> bool) {
        while !self.logs.get(&consultation).is_some_and(&wanted) {
            let Some(frame) = self.frame().await else {
                panic!("closed before: {what}")
            };
            self.passed.push(frame);
        }
    }

    /// Reads until the other side's page is as wanted.
    pub(crate) async fn sees_presence(&mut self, consultation: ConsultationId, wanted: Presence) {
        while self.presence.get(&consultation) != Some(&wanted) {
            let Some(frame) = self.frame().await else {
                panic!("closed before: {wanted:?}")
            };
            self.passed.push(frame);
        }
    }

    /// Reads until so many are before this family.
    pub(crate) async fn sees_place(&mut self, ahead: u32) {
        while self.position.is_none_or(|position| position.ahead != ahead) {
            let Some(frame) = self.frame().await else {
                panic!("closed before place {ahead}")
            };
            self.passed.push(frame);
        }
    }

    /// Reads until so many wait.
    pub(crate) async fn sees_waiting(&mut self, count: u32) {
        while self.waiting != Some(count) {
            let Some(frame) = self.frame().await else {
                panic!("closed before {count} wait")
            };
            self.passed.push(frame);
        }
    }

    /// The server has handled everything that was sent, and what it said before is read.
    pub(crate) async fn settles(&mut self) {
        let mark = Message::Ping(vec![7].into());
        self.sends_message(mark).await;
        loop {
            match self.message().await {
                Some(Message::Pong(_)) | None => return,
                Some(Message::Text(text)) => {
                    let frame = self.took(text.as_str()).await;
                    self.passed.push(frame);
                }
                Some(_) => {}
            }
        }
    }

    /// Shows that it is alive.
    pub(crate) async fn stays(&mut self) {
        self.sends(&ClientFrame::Beat).await;
        self.settles().await;
    }

    pub(crate) async fn watches(&mut self, consultation: ConsultationId) {
        let cursor = self.logs.get(&consultation).and_then(|log| log.cursor);
        self.sends(&ClientFrame::Watch(Watch { consultation, cursor })).await;
        self.is_seen(consultation).await;
        self.until("the log", |frame| {
            matches!(frame, ServerFrame::Events { consultation: of, end: true, .. } if *of == consultation)
                .then_some(())
        })
        .await;
    }

    /// Sends a command and waits for its answer.
    pub(crate) async fn does(
        &mut self,
        id: CommandId,
        consultation: ConsultationId,
        command: Command,
    ) -> Result<Seq, Refusal> {
        self.sends(&ClientFrame::Command {
            id,
            consultation,
            command,
        })
        .await;
        self.answer(id).await.map(|(_, seq)| seq)
    }

    /// The answer to a command.
    pub(crate) async fn answer(&mut self, id: CommandId) -> Result<(ConsultationId, Seq), Refusal> {
        self.until("an answer", |frame| match frame {
            ServerFrame::Ack {
                id: of,
                consultation,
                seq,
            } if *of == id => Some(Ok((*consultation, *seq))),
            ServerFrame::Refused { id: of, refusal, .. } if *of == id => Some(Err(refusal.clone())),
            _ => None,
        })
        .await
    }

    /// The next error.
    pub(crate) async fn error(&mut self) -> ErrorCode {
        self.until("an error", |frame| match frame {
            ServerFrame::Error { code, .. } => Some(*code),
            _ => None,
        })
        .await
    }

    /// Whether the server closes; what it says before is passed over.
    pub(crate) async fn is_closed(&mut self) -> bool {
        while let Some(frame) = self.frame().await {
            self.passed.push(frame);
        }
        true
    }
}
