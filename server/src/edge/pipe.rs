//! The pipe from a browser to the desk: bytes, untouched, behind a header that says whose they are.

use super::{announce, first::HTTP_2};
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncWriteExt, copy_bidirectional_with_sizes},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::server::TlsStream;

/// Bytes on their way in each direction: thousands of idle sockets are piped.
const PIPE_BYTES: usize = 4_096;
/// How long the desk may take to accept.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);
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
    copy_bidirectional_with_sizes(client, &mut desk, PIPE_BYTES, PIPE_BYTES).await?;
    Ok(())
}

/// In HTTP/2 a line of text is an error of protocol; there the connection just closes and the browser asks again.
async fn away(client: &mut TlsStream<TcpStream>) -> io::Result<()> {
    if client.get_ref().1.alpn_protocol() != Some(HTTP_2) {
        client.write_all(AWAY).await?;
    }
    client.shutdown().await
}
