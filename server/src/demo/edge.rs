//! The demo's edge: the other process that a city would run, so that calls in the demo outlive a restart too.
//!
//! It listens where the demo does, loopback unless the local network was asked for, with a certificate of the demo's own
//! authority, and is started again when it ends.

use super::{DemoError, cities};
use crate::{clock::World, config::Config, files, tls};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    time::Duration,
};

/// Where TURN is spoken, as everywhere.
const TURN_PORT: u16 = 3478;
/// How long to wait before the edge is started again: calls are to be back within five seconds.
const BREATH: Duration = Duration::from_secs(1);

/// Writes the edge's configuration, and into the desk's own what the two share. The file.
pub(super) fn prepare(
    data: &Path,
    address: Option<IpAddr>,
    port: u16,
    world: &World,
    config: &mut Config,
) -> Result<PathBuf, DemoError> {
    let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let authority = tls::local_authority(data, address, &cities::names())?;
    let secret_file = data.join("turn.secret");
    if !secret_file.exists() {
        files::write_private(&secret_file, files::to_hex(&world.random::<32>()).as_bytes())?;
    }
    // Free now; the desk binds it in a moment.
    let serve = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
    config.edge.serve = Some(serve);
    config.edge.listen = SocketAddr::new(address, port);
    config.turn.listen = SocketAddr::new(address, TURN_PORT);
    config.turn.public_addresses = vec![address];
    config.turn.secret_file = Some(secret_file.clone());

    let quoted = |text: String| toml::Value::from(text).to_string();
    let path = |path: &Path| quoted(path.display().to_string());
    let text = format!(
        "[edge]\nlisten = {}\nserve = {}\n\n[tls]\ncertificate_file = {}\nkey_file = {}\n\n\
         [turn]\nlisten = {}\npublic_addresses = [{}]\nsecret_file = {}\n",
        quoted(config.edge.listen.to_string()),
        quoted(serve.to_string()),
        path(&authority.server.certificate),
        path(&authority.server.key),
        quoted(config.turn.listen.to_string()),
        quoted(address.to_string()),
        path(&secret_file),
    );
    let file = data.join("edge.toml");
    std::fs::write(&file, text)?;
    Ok(file)
}

/// Keeps `soudan edge` running as a child until it is dropped.
pub async fn keep_running(config: PathBuf) {
    loop {
        let started = std::env::current_exe().and_then(|soudan| {
            tokio::process::Command::new(soudan)
                .arg("edge")
                .arg("--config")
                .arg(&config)
                .kill_on_drop(true)
                .spawn()
        });
        match started {
            Ok(mut edge) => match edge.wait().await {
                Ok(status) => tracing::warn!(%status, "the edge has ended and is started again"),
                Err(error) => tracing::error!(%error, "the edge cannot be waited for"),
            },
            Err(error) => tracing::error!(%error, "the edge cannot be started"),
        }
        tokio::time::sleep(BREATH).await;
    }
}
