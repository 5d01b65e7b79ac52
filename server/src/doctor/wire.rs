//! A way to a relay: datagrams, or a stream that is cut into messages.

use super::WITHIN;
use crate::turn::framing::{self, Frame};
use rustls::{ClientConfig, pki_types::ServerName};
use std::{io, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// A stream of some kind.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// See the module.
pub(super) enum Wire {
    Datagrams(UdpSocket),
    Stream(Box<dyn Stream>, Vec<u8>),
}

/// Which kind of wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transport {
    Udp,
    Tcp,
    Tls,
}

/// A TLS connection, as a browser opens it.
pub(super) async fn tls(host: &str, port: u16, config: &Arc<ClientConfig>) -> io::Result<Box<dyn Stream>> {
    let name = host.trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(name).map_err(|_| io::Error::other("証明書の名前にできないアドレスです"))?;
    let stream = within(TcpStream::connect((host.trim_matches(['[', ']']), port))).await?;
    let stream = within(TlsConnector::from(Arc::clone(config)).connect(name, stream)).await?;
    Ok(Box::new(stream))
}

/// Waits so long and no longer.
pub(super) async fn within<T>(doing: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match timeout(WITHIN, doing).await {
        Ok(done) => done,
        Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "応答がありません")),
    }
}

impl Wire {
    pub(super) async fn open(
        transport: Transport,
        host: &str,
        port: u16,
        config: &Arc<ClientConfig>,
    ) -> io::Result<Self> {
        let bare = host.trim_matches(['[', ']']);
        Ok(match transport {
            Transport::Udp => {
                let mut addresses = tokio::net::lookup_host((bare, port)).await?;
                let to = addresses
                    .next()
                    .ok_or_else(|| io::Error::other("この名前のアドレスが見つかりません"))?;
                let any = if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
                let socket = UdpSocket::bind(any).await?;
                socket.connect(to).await?;
                Self::Datagrams(socket)
            }
            Transport::Tcp => Self::Stream(Box::new(within(TcpStream::connect((bare, port))).await?), Vec::new()),
            Transport::Tls => Self::Stream(tls(host, port, config).await?, Vec::new()),
        })
    }

    pub(super) async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        match self {
            Self::Datagrams(socket) => socket.send(message).await.map(|_| ()),
            Self::Stream(stream, _) => {
                stream.write_all(message).await?;
                stream.flush().await
            }
        }
    }

    pub(super) async fn receive(&mut self) -> io::Result<Vec<u8>> {
        within(async {
            match self {
                Self::Datagrams(socket) => {
                    let mut buffer = vec![0; 2048];
                    let bytes = socket.recv(&mut buffer).await?;
                    buffer.truncate(bytes);
                    Ok(buffer)
                }
                Self::Stream(stream, buffer) => loop {
                    match framing::next(buffer) {
                        Frame::Whole { bytes, padded } => {
                            let mut message: Vec<u8> = buffer.drain(..padded).collect();
                            message.truncate(bytes);
                            return Ok(message);
                        }
                        Frame::Broken => return Err(io::Error::other("中継サーバーではありません")),
                        Frame::Needs(_) if stream.read_buf(buffer).await? == 0 => {
                            return Err(io::ErrorKind::UnexpectedEof.into());
                        }
                        Frame::Needs(_) => {}
                    }
                },
            }
        })
        .await
    }
}
