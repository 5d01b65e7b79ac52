//! One socket, and what a tab keeps of a log when sockets come and go.

use crate::browser::Browser;
use futures_util::{SinkExt, StreamExt};
use signaling::{
    consultation::{Lane, WireEvent, WireKind},
    protocol::{ClientFrame, Cursor, ServerFrame, VERSION, Watch},
    view::Thread,
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Error, Message, client::IntoClientRequest, http::Request},
};

/// What a tab has of one consultation.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// In the order of their numbers, each once.
    pub events: Vec<WireEvent>,
    /// Where the next socket goes on.
    pub cursor: Option<Cursor>,
}

impl Log {
    /// Adds what is new; tells how many events were seen before.
    pub fn takes(&mut self, events: Vec<WireEvent>, cursor: Cursor) -> usize {
        let all = events.len();
        let before = self.events.len();
        for event in events {
            if self.events.last().is_none_or(|last| last.seq < event.seq) {
                self.events.push(event);
            }
        }
        self.cursor = self.cursor.max(Some(cursor));
        all - (self.events.len() - before)
    }

    /// What was said to everyone, in order, with its number.
    pub fn said(&self) -> impl Iterator<Item = (u64, &str)> {
        self.events.iter().filter_map(|event| Some((event.seq, said(event)?)))
    }

    /// What was said to everyone, in order.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        self.said().map(|(_, text)| text).collect()
    }

    /// The consultation as pages show it.
    #[must_use]
    pub fn thread(&self) -> Thread {
        Thread::of(&self.events)
    }
}

/// The text of a message to everyone.
#[must_use]
pub fn said(event: &WireEvent) -> Option<&str> {
    match &event.kind {
        WireKind::Said {
            lane: Lane::Everyone,
            text: Some(text),
            ..
        } => Some(text),
        _ => None,
    }
}

/// Why there is no socket.
#[derive(Debug)]
pub enum NoSocket {
    /// The server answered with this status.
    Refused(u16),
    /// It did not answer, or not as a WebSocket server.
    Unreachable,
}

/// An open socket.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

/// The upgrade request of a page of this browser.
///
/// # Panics
/// The browser's host is no host name.
#[must_use]
pub fn upgrade(browser: &Browser, path: &str) -> Request<()> {
    let url = format!("ws://{}{path}", browser.host);
    let mut request = url.into_client_request().expect("an address");
    let headers = request.headers_mut();
    headers.insert("origin", browser.origin().parse().expect("ascii"));
    headers.insert("cookie", browser.cookie_line().parse().expect("ascii"));
    request
}

impl Socket {
    /// Connects with an upgrade request.
    ///
    /// # Errors
    /// The server refuses or is not there.
    pub async fn connect(browser: &Browser, request: Request<()>) -> Result<Self, NoSocket> {
        let tcp = browser.connects().await.map_err(|_| NoSocket::Unreachable)?;
        match tokio_tungstenite::client_async(request, tcp).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(Error::Http(answer)) => Err(NoSocket::Refused(answer.status().as_u16())),
            Err(_) => Err(NoSocket::Unreachable),
        }
    }

    /// Connects and says hello.
    ///
    /// # Errors
    /// As [`Socket::connect`].
    pub async fn open(browser: &Browser, path: &str, watch: Vec<Watch>, queue: bool) -> Result<Self, NoSocket> {
        let mut socket = Self::connect(browser, upgrade(browser, path)).await?;
        socket
            .sends(&ClientFrame::Hello {
                version: VERSION,
                watch,
                queue,
            })
            .await;
        Ok(socket)
    }

    /// Sends a frame.
    ///
    /// # Panics
    /// The frame cannot be written as JSON.
    pub async fn sends(&mut self, frame: &ClientFrame) {
        let text = serde_json::to_string(frame).expect("a frame");
        self.sends_message(Message::text(text)).await;
    }

    /// Sends any message. A socket that the server has closed meanwhile shows it when it is read.
    pub async fn sends_message(&mut self, message: Message) {
        let _ = self.stream.send(message).await;
    }

    /// The next message; nothing once the connection is gone.
    pub async fn message(&mut self) -> Option<Message> {
        self.stream.next().await?.ok()
    }

    /// The next frame; nothing once the connection is gone. Heartbeats are answered on the way.
    ///
    /// # Panics
    /// The server sends what is no frame of the protocol.
    pub async fn frame(&mut self) -> Option<ServerFrame> {
        loop {
            match self.message().await? {
                Message::Text(text) => {
                    let frame = serde_json::from_str(text.as_str()).expect("a frame of this protocol");
                    if matches!(frame, ServerFrame::Beat { .. }) {
                        self.sends(&ClientFrame::Beat).await;
                    }
                    return Some(frame);
                }
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }
}
