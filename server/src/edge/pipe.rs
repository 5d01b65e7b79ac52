//! The pipe from a browser to the desk: bytes, untouched, behind a header that says whose they are.

use super::{announce, first::HTTP_2};
use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf, copy_bidirectional_with_sizes},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::server::TlsStream;

/// Bytes on their way in each direction: thousands of idle sockets are piped.
const PIPE_BYTES: usize = 4_096;
/// How long the desk may take to accept.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);
/// How long nothing may come from either side. A socket has a heartbeat every 20 seconds, and a browser opens another connection.
const QUIET: Duration = Duration::from_secs(60);
/// While the desk restarts.
const AWAY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// Pipes until one side ends.
pub(super) async fn to_serve(mut client: TlsStream<TcpStream>, from: SocketAddr, first: &[u8], serve: SocketAddr) {
    let ended = match timeout(CONNECT_WITHIN, TcpStream::connect(serve)).await {
        Ok(Ok(desk)) => pipe(&mut client, desk, from, first).await,
        Ok(Err(_)) | Err(_) => away(&mut client).await,
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a pipe has ended");
    }
}

async fn pipe(
    client: &mut TlsStream<TcpStream>,
    mut desk: TcpStream,
    from: SocketAddr,
    first: &[u8],
) -> io::Result<()> {
    desk.set_nodelay(true)?;
    let mut head = announce::header(from, client.get_ref().0.local_addr()?);
    head.extend_from_slice(first);
    desk.write_all(&head).await?;
    let came = AtomicU64::new(0);
    let (mut client, mut desk) = (
        Heard {
            inner: client,
            came: &came,
        },
        Heard {
            inner: &mut desk,
            came: &came,
        },
    );
    tokio::select! {
        ended = copy_bidirectional_with_sizes(&mut client, &mut desk, PIPE_BYTES, PIPE_BYTES) => ended.map(|_| ()),
        () = quiet(&came, QUIET) => Err(io::ErrorKind::TimedOut.into()),
    }
}

/// Ends when nothing came for `so_long`, or not quite twice that.
async fn quiet(came: &AtomicU64, so_long: Duration) {
    let mut before = None;
    loop {
        let now = came.load(Ordering::Relaxed);
        if before == Some(now) {
            return;
        }
        before = Some(now);
        tokio::time::sleep(so_long).await;
    }
}

/// A side of the pipe, with a count of what came from it.
struct Heard<'a, S> {
    inner: &'a mut S,
    came: &'a AtomicU64,
}

impl<S: AsyncRead + Unpin> AsyncRead for Heard<'_, S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let read = Pin::new(&mut *this.inner).poll_read(context, buffer);
        if read.is_ready() {
            this.came.fetch_add(1, Ordering::Relaxed);
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Heard<'_, S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.get_mut().inner).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().inner).poll_shutdown(context)
    }
}

/// In HTTP/2 a line of text is an error of protocol; there the connection just closes and the browser asks again.
async fn away(client: &mut TlsStream<TcpStream>) -> io::Result<()> {
    if client.get_ref().1.alpn_protocol() != Some(HTTP_2) {
        client.write_all(AWAY).await?;
    }
    client.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pipe_is_kept_while_anything_comes_and_ends_when_nothing_does() {
        let (came, so_long) = (AtomicU64::new(0), Duration::from_millis(60));
        let mut looks = 0;
        let speaks = async {
            for _ in 0..15 {
                tokio::time::sleep(so_long / 3).await;
                came.fetch_add(1, Ordering::Relaxed);
                looks += 1;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = quiet(&came, so_long) => {}
            () = speaks => {}
        }
        assert_eq!(looks, 15, "it lasted as long as something came");
    }
}
