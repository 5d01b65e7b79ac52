//! A tab's live socket. It answers heartbeats and holds every log to the promise: each event once, in order.

use super::browser::Browser;
use futures_util::{SinkExt, StreamExt};
use signaling::{
    consultation::{Command, Lane, Refusal, WireEvent, WireKind},
    id::{CommandId, ConsultationId, Seq},
    protocol::{ClientFrame, Cursor, ErrorCode, Presented, QueueView, ServerFrame, VERSION, Watch},
    queue::{Position, Presence},
    view::Thread,
};
use std::{collections::BTreeMap, time::Duration};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Error, Message, client::IntoClientRequest, http::Request},
};

/// Generous: nothing here should take a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a tab has of one consultation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    pub(crate) events: Vec<WireEvent>,
    pub(crate) cursor: Option<Cursor>,
}

impl Log {
    /// What was said to everyone, in order.
    pub(crate) fn texts(&self) -> Vec<&str> {
        self.events
            .iter()
            .filter_map(|event| match &event.kind {
                WireKind::Said {
                    lane: Lane::Everyone,
                    text: Some(text),
                    ..
                } => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    pub(crate) fn thread(&self) -> Thread {
        Thread::of(&self.events)
    }
}

/// Logs by consultation; they outlive a socket.
pub(crate) type Logs = BTreeMap<ConsultationId, Log>;

/// An open socket.
pub(crate) struct Live {
    stream: WebSocketStream<TcpStream>,
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

/// The upgrade request of a page of this browser.
pub(crate) fn upgrade(browser: &Browser, path: &str) -> Request<()> {
    let url = format!("ws://{}{path}", browser.host);
    let mut request = url.into_client_request().expect("an address");
    let headers = request.headers_mut();
    headers.insert("origin", browser.origin().parse().expect("ascii"));
    headers.insert("cookie", browser.cookie_line().parse().expect("ascii"));
    request
}

impl Live {
    /// Connects; the status where the server refuses.
    pub(crate) async fn connect(browser: &Browser, request: Request<()>) -> Result<Self, u16> {
        let tcp = TcpStream::connect(browser.address).await.expect("the server listens");
        match tokio_tungstenite::client_async(request, tcp).await {
            Ok((stream, _)) => Ok(Self {
                stream,
                logs: Logs::new(),
                raw: String::new(),
                answers: true,
                passed: Vec::new(),
                presence: BTreeMap::new(),
                position: None,
                waiting: None,
            }),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("no socket: {error}"),
        }
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
        let text = serde_json::to_string(frame).expect("a frame");
        self.sends_text(&text).await;
    }

    pub(crate) async fn sends_text(&mut self, text: &str) {
        self.sends_message(Message::text(text)).await;
    }

    /// A socket that the server has closed meanwhile shows it when it is read.
    pub(crate) async fn sends_message(&mut self, message: Message) {
        let _ = self.stream.send(message).await;
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
        match tokio::time::timeout(PATIENCE, self.stream.next()).await {
            Ok(Some(Ok(message))) => Some(message),
            Ok(None | Some(Err(_))) => None,
            Err(_) => panic!(
                "nothing came; before it: {:#?}",
                self.passed.iter().rev().take(5).collect::<Vec<_>>()
            ),
        }
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
            for event in events {
                let last = log.events.last().map_or(0, |event| event.seq);
                assert!(
                    event.seq > last,
                    "event {} after {last}: doubled or out of order",
                    event.seq
                );
                log.events.push(event.clone());
            }
            assert!(Some(*cursor) >= log.cursor, "the cursor went back");
            log.cursor = Some(*cursor);
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
