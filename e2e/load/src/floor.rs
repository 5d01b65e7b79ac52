//! The floor under sockets: axum's WebSocket with the product's buffers and nothing behind it. What two sockets of one room
//! send goes to the other one. It runs as a process of its own, so that its memory can be read like the product's.

use crate::{browser::Browser, clock, figures::Sample, process, socket::upgrade};
use axum::{
    Router,
    extract::{
        Path, State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
    routing::get,
};
use futures_util::{SinkExt, StreamExt};
use std::{
    collections::HashMap,
    io::Write,
    net::SocketAddr,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::{TcpListener, TcpStream},
    process::Child,
    sync::mpsc,
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite};

/// Name of the command that serves it.
pub const COMMAND: &str = "floor";
/// How often something is said to all.
const TOLD: usize = 10;
/// As in the product (`server/src/live.rs`).
const BUFFERS: (usize, usize) = (4096, 1024);

type Rooms = Arc<Mutex<HashMap<String, Vec<mpsc::UnboundedSender<Message>>>>>;

/// Serves until it is killed; says its port first.
///
/// # Errors
/// The network.
pub async fn serve() -> std::io::Result<()> {
    let router = Router::new().route("/{room}", get(enter)).with_state(Rooms::default());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
    axum::serve(listener, router).await
}

async fn enter(State(rooms): State<Rooms>, Path(room): Path<String>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .read_buffer_size(BUFFERS.0)
        .write_buffer_size(BUFFERS.1)
        .on_upgrade(move |socket| relay(socket, rooms, room))
}

async fn relay(mut socket: WebSocket, rooms: Rooms, room: String) {
    let (tell, mut told) = mpsc::unbounded_channel();
    let others = || rooms.lock().unwrap_or_else(PoisonError::into_inner);
    others().entry(room.clone()).or_default().push(tell.clone());
    loop {
        tokio::select! {
            heard = socket.recv() => {
                let Some(Ok(message @ Message::Text(_))) = heard else { break };
                for other in others().get(&room).into_iter().flatten().filter(|other| !other.same_channel(&tell)) {
                    // One that is gone is removed by its own task.
                    let _ = other.send(message.clone());
                }
            }
            Some(message) = told.recv() => if socket.send(message).await.is_err() { break },
        }
    }
    if let Some(there) = others().get_mut(&room) {
        there.retain(|other| !other.same_channel(&tell));
    }
}

/// The floor's process. It ends with this value.
#[derive(Debug)]
pub struct Floor {
    browser: Browser,
    process: Child,
}

type Bare = WebSocketStream<TcpStream>;

impl Floor {
    /// Starts it: this program again, with [`COMMAND`].
    ///
    /// # Errors
    /// It cannot be started.
    pub async fn start() -> std::io::Result<Self> {
        Self::start_on(None).await
    }

    /// The same on one processor alone.
    ///
    /// # Errors
    /// As [`Floor::start`].
    pub async fn start_on(processor: Option<u32>) -> std::io::Result<Self> {
        let mut process = process::on_processor(processor, std::env::current_exe()?)
            .arg(COMMAND)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = process.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        let line = BufReader::new(output).lines().next_line().await?.unwrap_or_default();
        let address: SocketAddr = line.parse().map_err(std::io::Error::other)?;
        Ok(Self {
            browser: Browser::new(address, "localhost"),
            process,
        })
    }

    /// Memory that the process has in use, in bytes.
    #[must_use]
    pub fn resident_bytes(&self) -> Option<u64> {
        process::resident_bytes(self.process.id()?)
    }

    /// A socket in a room.
    ///
    /// # Panics
    /// The floor has gone.
    pub async fn enters(&self, room: &str) -> Bare {
        let request = upgrade(&self.browser, &format!("/{room}"));
        let tcp = self.browser.connects().await.expect("it listens");
        client_async(request, tcp).await.expect("a socket").0
    }

    /// How long a message of so many bytes takes from one socket to `count` others of its room, said now and then.
    ///
    /// # Panics
    /// The floor has gone.
    pub async fn tells_all(&self, count: usize, bytes: usize) -> Sample {
        let room = format!("all{count}");
        let mut listening = Vec::with_capacity(count);
        for _ in 0..count {
            let (says, hears) = self.enters(&room).await.split();
            listening.push((says, tokio::spawn(listen(hears))));
        }
        let mut speaker = self.enters(&room).await;
        for _ in 0..TOLD {
            let text = format!("{} {}", clock::micros(), ".".repeat(bytes));
            let said = speaker.send(tungstenite::Message::text(text)).await;
            said.expect("the floor is there");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let mut ages = Vec::new();
        for (mut says, one) in listening {
            // The other half ends with the connection.
            let _ = says.close().await;
            ages.extend(one.await.expect("a listener"));
        }
        Sample::of_micros(ages)
    }

    /// How long messages take between the two sockets of each of so many rooms, each side writing every `pause`.
    ///
    /// # Panics
    /// The floor has gone.
    pub async fn chats(&self, rooms: usize, pause: Duration, length: Duration) -> Sample {
        let mut listening = Vec::new();
        for n in 0..rooms {
            let room = format!("room{n}");
            for side in [self.enters(&room).await, self.enters(&room).await] {
                let offset = pause.mul_f64(f64::from(u32::try_from(n).unwrap_or(0)) / 200.0);
                listening.push(tokio::spawn(chat(side, offset, pause, length)));
            }
        }
        let mut ages = Vec::new();
        for one in listening {
            ages.extend(one.await.expect("a side of a room"));
        }
        Sample::of_micros(ages)
    }
}

/// Notes how old what it hears is: each message begins with the time at which it was said.
async fn listen(
    mut hears: impl StreamExt<Item = Result<tungstenite::Message, tungstenite::Error>> + Unpin,
) -> Vec<u64> {
    let mut ages = Vec::new();
    while let Some(Ok(message)) = hears.next().await {
        let said_at = message
            .to_text()
            .ok()
            .and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
        ages.extend(said_at.map(|said_at| clock::micros().saturating_sub(said_at)));
    }
    ages
}

/// Says what time it is now and then, and notes how old what it hears is.
async fn chat(side: Bare, offset: Duration, pause: Duration, length: Duration) -> Vec<u64> {
    let (mut says, hears) = side.split();
    let listening = tokio::spawn(listen(hears));
    tokio::time::sleep(offset).await;
    let began = clock::now();
    let mut next = tokio::time::interval(pause);
    while began.elapsed() < length {
        next.tick().await;
        let said = says.send(tungstenite::Message::text(clock::micros().to_string())).await;
        said.expect("the floor is there");
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    // The other half ends with the connection.
    let _ = says.close().await;
    listening.await.expect("a listener")
}
