//! From a configuration to a running desk.
//!
//! [`assemble`] opens the database and makes the parts; [`run`] starts the tasks and serves until told to stop. Tests call
//! both with a clock of their own and a port that the system chose.

use crate::{
    announced::Announced,
    app::{App, Parts},
    board::Board,
    clock::World,
    config::{Config, SecretError},
    echo::Echo,
    hub::Hub,
    ice::Ice,
    identity::Identity,
    live, outbox,
    photo::making::Maker,
    render::{self, Pages},
    router::router,
    rules::{self, Rules},
    seal::Keys,
    spine::{Spine, Surroundings},
    storage::{StorageError, Store},
    timers, tls,
};
use axum_server::accept::NoDelayAcceptor;
use signaling::{protocol::Side, queue::Presence};
use std::{
    future::Future,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpSocket, task::JoinHandle};

/// Connections that the system keeps until they are looked at. After a restart everybody comes back within seconds; who finds no
/// place among std's 128 asks again after one second, and then after two more.
const CONNECTIONS_WAITING: u32 = 4096;
/// How long open requests may take when the server stops.
const LAST_REQUESTS: Duration = Duration::from_secs(5);
/// How long the head of a request may take. A telephone on a bad line sends it in one packet and repeats that a few times.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);

/// Why the desk does not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The database.
    #[error("the database cannot be used: {0}")]
    Storage(#[from] StorageError),
    /// The build's files.
    #[error(transparent)]
    Files(#[from] render::FilesError),
    /// The red-flag rules.
    #[error(transparent)]
    Rules(#[from] rules::RulesError),
    /// The relay's secret.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// TLS.
    #[error(transparent)]
    Tls(#[from] tls::TlsError),
    /// The network.
    #[error("cannot serve: {0}")]
    Io(#[from] std::io::Error),
}

/// Binds a port for [`run`].
///
/// # Errors
/// The address is taken, or not this machine's.
pub fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(CONNECTIONS_WAITING)?.into_std()
}

/// Makes the parts of a desk over an open store.
///
/// # Errors
/// The build's files or the rules cannot be read.
pub fn assemble(config: Config, store: Store, keys: Keys, world: World, demo: bool) -> Result<App, ServeError> {
    let files = render::files(&config.web_dir)?;
    let pages = Arc::new(Pages::new(files, world.clone()));
    let hub = Hub::new();
    let there = hub.clone();
    let desks = hub.clone();
    let around = Surroundings {
        present: Box::new(move |consultation| there.presence(consultation, Side::Guardian) != Presence::Away),
        reach: Box::new(move |municipality| desks.reach(municipality)),
        delays: config.ladder,
    };
    let spine = Spine::within(store.clone(), keys.clone(), world.clone(), around).patient(config.patience);
    let board = Board::new(spine.clone(), hub.clone(), world.clone());
    let identity = Identity::new(
        store.clone(),
        &keys,
        world.clone(),
        pages.clone(),
        config.is_public_https(),
    );
    let ice = Ice::new(&config)?;
    let echo = Echo::new(&config, world.clone());
    let rules = Rules::of(config.rules_file.as_deref())?;
    Ok(App::new(Parts {
        world,
        config,
        store,
        keys,
        spine,
        identity,
        hub,
        ice,
        echo,
        photos: Maker::default(),
        board,
        rules,
        pages,
        demo,
    }))
}

/// Serves until `stop` ends, then lets open requests finish. Besides the listener, which believes no header, there is the
/// one for the edge, which requires one, when `edge.serve` is configured.
///
/// # Errors
/// The listener fails, or TLS cannot be set up.
pub async fn run(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    listener.set_nonblocking(true)?;
    // First of all: who comes through the edge while the rest gets ready waits, and is not sent away.
    let edge_door = app.config.edge.serve.map(listen).transpose()?;
    rules::begin(&app).await?;
    let waking = tokio::spawn(live::wake_tabs(app.spine.subscribe(), app.hub.clone()));
    let board = tokio::spawn(app.board.clone().run());
    let timers = tokio::spawn(timers::run(app.spine.clone()));

    let outbox = app.config.notices_test_file.clone().map(|file| {
        let channel = outbox::TestFile(file);
        tokio::spawn(outbox::run(app.spine.clone(), channel))
    });

    let handle = axum_server::Handle::new();
    let stopping = handle.clone();
    tokio::spawn(async move {
        stop.await;
        stopping.graceful_shutdown(Some(LAST_REQUESTS));
    });
    let behind_edge = match edge_door {
        Some(door) => Some(for_edge(&app, door, handle.clone())?),
        None => None,
    };
    let service = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let served = match &app.config.tls {
        Some(files) => {
            tls::choose_cryptography();
            let config = tls::from_files(files).await?;
            tokio::spawn(tls::reload_on_hangup(config.clone(), files.clone())?);
            let server = axum_server::from_tcp_rustls(listener, config)?.handle(handle);
            let mut server = server.map(|tls| tls.acceptor(NoDelayAcceptor));
            bound(&mut server, &app);
            server.serve(service).await
        }
        None => {
            let mut server = axum_server::from_tcp(listener)?.handle(handle);
            bound(&mut server, &app);
            server.serve(service).await
        }
    };
    waking.abort();
    if let Some(behind_edge) = behind_edge {
        // It got the same word to stop; a panic in there was logged.
        let _ = behind_edge.await;
    }
    board.abort();
    timers.abort();
    if let Some(outbox) = outbox {
        outbox.abort();
    }

    Ok(served?)
}

/// What holds for every listener. A request that is said letter by letter is not waited for, which also closes connections that
/// nobody uses; browsers open others. They may open a socket inside an HTTP/2 connection that they have already (RFC 8441) only
/// where that is wished.
fn bound<At: axum_server::Address, How>(server: &mut axum_server::Server<At, How>, app: &App) {
    let builder = server.http_builder();
    builder.http1().header_read_timeout(HEADERS_WITHIN);
    if app.config.sockets_over_http2 {
        builder.http2().enable_connect_protocol();
    }
}

/// Serves what the edge passes on.
fn for_edge(
    app: &App,
    listener: TcpListener,
    handle: axum_server::Handle<SocketAddr>,
) -> Result<JoinHandle<std::io::Result<()>>, ServeError> {
    listener.set_nonblocking(true)?;
    let service = router(app.clone()).into_make_service();
    let mut server = axum_server::from_tcp(listener)?.handle(handle).acceptor(Announced);
    bound(&mut server, app);
    Ok(tokio::spawn(server.serve(service)))
}
