//! The demo's edge: the other process that a city would run, so that calls in the demo outlive a restart too.
//!
//! TURN has the port after that of TLS. It listens where the demo does, loopback unless the local network was asked for, with
//! a certificate of the demo's own authority, and is started again when it ends. It outlives a demo that is killed and comes
//! back, and ends by itself when none comes: its standard input is a pipe that ends with the demo, however that ends.

use super::{DemoError, cities};
use crate::{
    clock::World,
    config::{self, Config},
    files, tls,
};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    os::fd::AsFd,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::AsyncReadExt,
    net::{TcpStream, unix::pipe},
};

/// How long to wait before the edge is started again: calls are to be back within five seconds.
const BREATH: Duration = Duration::from_secs(1);
/// How long an edge whose demo has gone waits for the next one, which is built and started meanwhile.
const WAITS_ALONE: Duration = Duration::from_secs(10);

/// How many ports after that of TURN are the echo peer's.
const CHECK_PORTS: u16 = 31;

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
    let file = data.join("edge.toml");
    let serve = door(&file)?;
    config.edge.serve = Some(serve);
    config.edge.listen = SocketAddr::new(address, port);
    config.turn.listen = SocketAddr::new(address, port.saturating_add(u16::from(port > 0)));
    config.turn.public_addresses = vec![address];
    // Several demos run on one machine, each with ports of its own.
    let first = config.turn.listen.port().saturating_add(1);
    config.check_ports = (port > 0 && first < u16::MAX - CHECK_PORTS).then(|| first..=first + CHECK_PORTS);
    config.turn.secret_file = Some(secret_file.clone());
    config.authority = Some(authority.authority.clone());
    // As everywhere as soon as there is a relay.
    config.hide_addresses = true;

    let quoted = |text: String| toml::Value::from(text).to_string();
    let path = |path: &Path| quoted(path.display().to_string());
    let text = format!(
        "[edge]\nlisten = {}\nserve = {}\n\n[tls]\ncertificate_file = {}\nkey_file = {}\n\n\
         [turn]\nlisten = {}\npublic_addresses = [{}]\nsecret_file = {}\n{}",
        quoted(config.edge.listen.to_string()),
        quoted(serve.to_string()),
        path(&authority.server.certificate),
        path(&authority.server.key),
        quoted(config.turn.listen.to_string()),
        quoted(address.to_string()),
        path(&secret_file),
        config.check_ports.as_ref().map_or_else(String::new, |ports| {
            format!("\n[calls]\ncheck_ports = \"{}-{}\"\n", ports.start(), ports.end())
        }),
    );
    std::fs::write(&file, text)?;
    Ok(file)
}

/// Where the desk takes the edge's connections: where it did before, since an edge that outlived the desk looks there; else
/// a port that is free now.
fn door(file: &Path) -> std::io::Result<SocketAddr> {
    let before = std::fs::read_to_string(file).ok();
    let before = before.and_then(|text| config::read(&text, |_| None).ok()?.edge.serve);
    let free = |at: SocketAddr| TcpListener::bind(at).and_then(|listener| listener.local_addr());
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    before.map_or_else(|| free(any), free).or_else(|_| free(any))
}

/// Keeps `soudan edge` running as a child until it is dropped. One that an earlier demo has left is let be while it serves.
pub async fn keep_running(config: PathBuf) {
    let mut told = false;
    loop {
        if is_served(&config).await {
            if !std::mem::replace(&mut told, true) {
                tracing::info!("an edge of before has the port; ours starts when that one ends");
            }
            tokio::time::sleep(BREATH).await;
            continue;
        }
        let started = std::env::current_exe().and_then(|soudan| {
            tokio::process::Command::new(soudan)
                .args(["edge", "--beside-demo", "--config"])
                .arg(&config)
                .stdin(Stdio::piped())
                .kill_on_drop(true)
                .spawn()
        });
        match started {
            Ok(mut edge) => {
                // Waiting would close it, and the edge would think that it is alone.
                let _tells_that_we_live = edge.stdin.take();
                match edge.wait().await {
                    Ok(status) => tracing::warn!(%status, "the edge has ended and is started again"),
                    Err(error) => tracing::error!(%error, "the edge cannot be waited for"),
                }
            }
            Err(error) => tracing::error!(%error, "the edge cannot be started"),
        }
        tokio::time::sleep(BREATH).await;
    }
}

/// Whether somebody listens where this edge would.
async fn is_served(file: &Path) -> bool {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let listen = config::read(&text, |_| None).map(|config| config.edge.listen);
    match listen {
        Ok(listen) if listen.port() > 0 => TcpStream::connect(listen).await.is_ok(),
        Ok(_) | Err(_) => false,
    }
}

/// In an edge that a demo has started: ends when that demo has gone and no other has taken its place at `serve`.
pub async fn left_alone(serve: Option<SocketAddr>) {
    let input = std::io::stdin().as_fd().try_clone_to_owned();
    let input = input.and_then(|input| pipe::Receiver::from_file(input.into()));
    if let Ok(mut input) = input {
        let _ = input.read(&mut [0]).await;
    }
    let mut alone = Duration::ZERO;
    while alone < WAITS_ALONE {
        tokio::time::sleep(BREATH).await;
        let there = match serve {
            Some(serve) => TcpStream::connect(serve).await.is_ok(),
            None => false,
        };
        alone = if there { Duration::ZERO } else { alone + BREATH };
    }
    tracing::info!("the demo has gone, and so does its edge");
}
