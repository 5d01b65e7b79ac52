//! One TURN client on TCP or TLS, from its first bytes to its end.
//!
//! Each frame is written by itself, so on TLS it is a record by itself: a client that takes a record for a message (coturn's
//! own tool does) loses nothing, and a browser finds the frames either way. A client that reads too slowly loses frames, not us memory.

use super::relaying::Relaying;
use crate::turn::{
    allocation::Client,
    framing::{self, Frame},
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, WriteHalf},
    sync::mpsc,
    time::timeout,
};

/// Frames for one client.
pub(super) type Frames = mpsc::Sender<Vec<u8>>;

/// Frames that wait for a slow client: 256 are half a second of video. What comes then is dropped.
const WAITING: usize = 256;
/// How long a stream may last without an allocation. With one, the allocation's end is the stream's.
const WITHOUT_ALLOCATION: Duration = Duration::from_secs(10);
/// Read at once.
const READ_BYTES: usize = 4_096;

/// Serves the stream until it ends. `first` was read from it already.
pub(super) async fn serve<S>(relaying: Arc<Relaying>, stream: S, address: SocketAddr, first: Vec<u8>)
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let (read, write) = tokio::io::split(stream);
    let (frames, waiting) = mpsc::channel(WAITING);
    let client = relaying.stream_began(address, frames);
    tokio::select! {
        () = listen(&relaying, client, read, first) => {}
        () = speak(write, waiting) => {}
    }
    relaying.stream_ended(client);
}

async fn speak<S: AsyncRead + AsyncWrite>(write: WriteHalf<S>, mut waiting: mpsc::Receiver<Vec<u8>>) {
    let mut write = std::pin::pin!(write);
    while let Some(frame) = waiting.recv().await {
        if write.write_all(&frame).await.is_err() {
            return;
        }
        // Only when nothing waits any more: until then TLS gathers records for one system call.
        if waiting.is_empty() && write.flush().await.is_err() {
            return;
        }
    }
}

async fn listen<S: AsyncRead>(relaying: &Arc<Relaying>, client: Client, read: S, first: Vec<u8>) {
    let mut read = std::pin::pin!(read);
    let mut buffer = first;
    let mut idle_since = relaying.world.steady();
    loop {
        let Some(used) = take_whole(relaying, client, &buffer) else {
            return;
        };
        buffer.drain(..used);
        buffer.reserve(READ_BYTES);
        if relaying.holds(client) {
            idle_since = relaying.world.steady();
        }
        let idle = relaying.world.steady().saturating_sub(idle_since);
        match timeout(WITHOUT_ALLOCATION.saturating_sub(idle), read.read_buf(&mut buffer)).await {
            Ok(Ok(1..)) => {}
            Ok(_) => return,
            Err(_) if relaying.holds(client) => {}
            Err(_) => return,
        }
    }
}

/// Takes the whole frames at the beginning; how many bytes they were. `None` when it is no stream of ours.
fn take_whole(relaying: &Arc<Relaying>, client: Client, buffer: &[u8]) -> Option<usize> {
    let mut used = 0;
    loop {
        match framing::next(&buffer[used..]) {
            Frame::Needs(_) => return Some(used),
            Frame::Whole { bytes, padded } => {
                relaying.take(client, &buffer[used..used + bytes]);
                used += padded;
            }
            Frame::Broken => return None,
        }
    }
}
