//! An edge with a demo's desk behind it, on ports of its own, and a browser's TLS.

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use server::{
    clock::{SystemClock, World},
    config::{Config, DatabaseUrl, TlsFiles},
    demo, edge, serve,
};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};
use tempfile::TempDir;
use tokio::{
    net::{TcpSocket, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// Shared by the desk and the relay.
pub(crate) const SECRET: &str = "a secret of the tests";
/// Where relays are: not where the tests' peers are, which is allowed by name.
pub(crate) const RELAYS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// The edge, and the desk while it runs.
pub(crate) struct Place {
    pub(crate) tls: SocketAddr,
    pub(crate) turn: SocketAddr,
    desk: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    dir: TempDir,
    _web: TempDir,
}

/// The configuration of an edge over a demo's data directory.
pub(crate) fn config(dir: &std::path::Path, serve: SocketAddr) -> Config {
    let mut config = Config {
        tls: Some(TlsFiles {
            certificate: dir.join("local-server.pem"),
            key: dir.join("local-server.key"),
        }),
        ..Config::default()
    };
    config.edge.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    config.edge.serve = Some(serve);
    config.turn.listen = SocketAddr::from((RELAYS, 0));
    config.turn.public_addresses = vec![RELAYS.into()];
    config.turn.allowed_peers = vec![std::net::IpAddr::from(Ipv4Addr::LOCALHOST).into()];
    config.turn.secret_file = Some(dir.join("tests.secret"));
    config
}

impl Place {
    pub(crate) async fn new() -> Self {
        let web = load::desk::bare_web_dir().expect("a directory of names");
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::write(dir.path().join("tests.secret"), SECRET).expect("written");
        let demo = demo::Place {
            data: dir.path().to_owned(),
            web_dir: web.path().to_owned(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            lan: false,
            edge_port: Some(0),
            test_clock: None,
            sockets_over_http2: true,
        };
        let started = demo::start(&demo).await.expect("a demo");
        let serve = started.app.config.edge.serve.expect("a door for the edge");
        let (stop, stopped) = oneshot::channel::<()>();
        let running = serve::run(started.app, started.listener, async move {
            let _ = stopped.await;
        });
        let running = tokio::spawn(async move {
            let _ = running.await;
        });
        let world = World::new(SystemClock);
        let edge = edge::start(&config(dir.path(), serve), world).await.expect("an edge");
        let (tls, turn) = (edge.tls, edge.turn.expect("a relay"));
        tokio::spawn(edge.run(std::future::pending()));
        Self {
            tls,
            turn,
            desk: Some((stop, running)),
            dir,
            _web: web,
        }
    }

    /// The desk ends; the edge stays.
    pub(crate) async fn desk_goes_away(&mut self) {
        if let Some((stop, running)) = self.desk.take() {
            let _ = stop.send(());
            let _ = running.await;
        }
    }

    /// What an administrator has written, as far as the doctor asks.
    pub(crate) fn config(&self) -> Config {
        let mut config = config(self.dir.path(), SocketAddr::from((Ipv4Addr::LOCALHOST, 9)));
        config.database_url = DatabaseUrl(format!("sqlite://{}", self.dir.path().join("soudan.db").display()));
        config.turn.external = vec![
            format!("stun:{}", self.turn),
            format!("turn:{}?transport=udp", self.turn),
            format!("turn:{}?transport=tcp", self.turn),
            format!("turns:localhost:{}?transport=tcp", self.tls.port()),
        ];
        config
    }

    /// The certificate authority that the demo made.
    pub(crate) fn authority(&self) -> PathBuf {
        self.dir.path().join("local-ca.pem")
    }

    /// A browser's connection that names what it wants to speak.
    pub(crate) async fn connects(&self, names: &[&[u8]]) -> std::io::Result<TlsStream<TcpStream>> {
        self.connects_from(Ipv4Addr::LOCALHOST, names).await
    }

    /// The same from an address of its own.
    pub(crate) async fn connects_from(
        &self,
        address: Ipv4Addr,
        names: &[&[u8]],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_file(self.authority()).expect("a certificate");
        roots.add(authority).expect("an authority");
        let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = names.iter().map(|name| name.to_vec()).collect();
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((address, 0)))?;
        let stream = socket.connect(self.tls).await?;
        let name = ServerName::try_from("localhost").expect("a name");
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }
}
