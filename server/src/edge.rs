//! `soudan edge`: the public ports, in a process of their own, so that a call outlives a restart of the desk.
//!
//! Promises: media relayed here do not notice when `soudan serve` ends and comes back; a handshake never holds up the next
//! one; every connection that says nothing is closed; the certificate is read again on SIGHUP. What is relayed is decided in
//! [`crate::turn`]; here are its sockets, TLS, and the pipe to the desk.
//!
//! Deliberately not here: HTTP. Bytes that are not STUN go to `serve` untouched, behind a header that says whose they are.

mod accept;
pub(crate) mod addresses;
pub mod announce;
mod certificate;
mod datagrams;
pub(crate) mod first;
mod pipe;
mod relaying;
mod socket;
mod stream;

pub use certificate::CertificateError;
pub use relaying::Relaying;

use crate::{
    clock::World,
    config::{Config, SecretError},
    turn::{Relay, peer::Peers},
};
use certificate::Certificate;
use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// How often what has ended is looked for.
const SWEEP: Duration = Duration::from_secs(1);
/// How often what was dropped is logged, when there was any.
const REPORT: u32 = 60;

/// Why the edge does not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// A key of the configuration is missing.
    #[error("`soudan edge` needs `{0}`; see `soudan edge --help`")]
    Missing(&'static str),
    /// A port cannot be had.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The shared secret.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The system.
    #[error("cannot go on: {0}")]
    Io(#[from] std::io::Error),
}

/// An edge with its ports open.
pub struct Edge {
    tasks: JoinSet<()>,
    /// Where TLS is spoken.
    pub tls: SocketAddr,
    /// Where TURN is spoken over UDP and TCP, if it is.
    pub turn: Option<SocketAddr>,
}

signaling::redacted_debug!(Edge { tls, turn });

/// Opens the ports and starts to serve them.
///
/// # Errors
/// Something is missing from the configuration, or a port cannot be had.
pub async fn start(config: &Config, world: World) -> Result<Edge, EdgeError> {
    let files = config.tls.as_ref().ok_or(EdgeError::Missing("tls.certificate_file"))?;
    let serve = config.edge.serve.ok_or(EdgeError::Missing("edge.serve"))?;
    let certificate = Certificate::read(files)?;
    let mut tasks = JoinSet::new();

    let relaying = relaying(config, world).await?;
    if let Some(relaying) = &relaying {
        let plain = listen(relaying.listens()).await?;
        tasks.spawn(datagrams::from_clients(Arc::clone(relaying)));
        tasks.spawn(accept::turn(plain, Arc::clone(relaying)));
        tasks.spawn(sweep(Arc::clone(relaying)));
    }
    let listener = listen(config.edge.listen).await?;
    let tls = listener.local_addr()?;
    let door = accept::Door::new(&certificate, relaying.clone(), serve)?;
    tasks.spawn(accept::tls(listener, door));
    tasks.spawn(certificate.reload_on_hangup(files.clone()));
    let turn = relaying.map(|relaying| relaying.listens());
    tracing::info!(%tls, ?turn, %serve, "the edge is up");
    Ok(Edge { tasks, tls, turn })
}

impl Edge {
    /// Serves until `stop` ends.
    pub async fn run(mut self, stop: impl Future<Output = ()>) {
        tokio::select! {
            () = stop => {}
            _ = self.tasks.join_next() => tracing::error!("a listener has ended"),
        }
    }
}

/// The relay, when there are addresses to announce.
async fn relaying(config: &Config, world: World) -> Result<Option<Arc<Relaying>>, EdgeError> {
    let turn = &config.turn;
    if turn.public_addresses.is_empty() {
        return Ok(None);
    }
    let secrets = turn.secrets()?.ok_or(EdgeError::Missing("turn.secret_file"))?;
    let mut local = addresses::of_this_machine();
    local.push(turn.listen.ip());
    let peers = Peers {
        own: turn.public_addresses.clone(),
        local,
        allowed: turn.allowed_peers.clone(),
        echo: config.echo_ports(),
    };
    let rules = Relay::new(secrets, peers, turn.bytes_per_second);
    let relaying = Relaying::new(rules, turn, world).map_err(|error| EdgeError::Listen(turn.listen, error))?;
    Ok(Some(relaying))
}

async fn listen(at: SocketAddr) -> Result<tokio::net::TcpListener, EdgeError> {
    tokio::net::TcpListener::bind(at)
        .await
        .map_err(|error| EdgeError::Listen(at, error))
}

/// Ends what has expired, and says now and then what was dropped.
async fn sweep(relaying: Arc<Relaying>) {
    let mut ticks = tokio::time::interval(SWEEP);
    let mut said = relaying.counts();
    for tick in (0..REPORT).cycle() {
        ticks.tick().await;
        relaying.expire();
        let counts = relaying.counts();
        if tick == 0 && counts != said {
            tracing::info!(allocations = relaying.allocations(), ?counts, "dropped so far");
            said = counts;
        }
    }
}
