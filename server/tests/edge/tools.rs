//! coturn's own tools against our relay, over every transport. `xtask/setup.sh test` installs them; without them these fail.

use crate::place::{Place, SECRET};
use std::{
    process::{Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};
use tokio::process::{Child, Command};

/// Where the tool's echo listens.
const ECHO: &str = "127.0.0.1";

static USERS: AtomicU32 = AtomicU32::new(0);

/// coturn's echo on a port of its own, until it is dropped.
fn echo(port: u16) -> Child {
    Command::new("turnutils_peer")
        .args(["-L", ECHO, "-p", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("turnutils_peer (Debian: coturn)")
}

fn free_port() -> u16 {
    let socket = std::net::UdpSocket::bind((ECHO, 0)).and_then(|socket| socket.local_addr());
    socket.expect("a port").port()
}

/// Two clients that send fifty packets each to the peer and back.
async fn uclient(server: std::net::SocketAddr, options: &[&str], secret: &str, peer: (&str, u16)) -> (Output, String) {
    // A user each: a credential holds so many allocations only.
    let user = USERS.fetch_add(1, Ordering::Relaxed).to_string();
    let output = Command::new("turnutils_uclient")
        .args(options)
        .args(["-u", &user])
        .args(["-c", "-n", "50", "-m", "2", "-l", "170", "-W", secret])
        .args([
            "-e",
            peer.0,
            "-r",
            &peer.1.to_string(),
            "-p",
            &server.port().to_string(),
        ])
        .arg(server.ip().to_string())
        .output()
        .await
        .expect("turnutils_uclient (Debian: coturn)");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output, said)
}

#[tokio::test]
async fn nothing_is_lost_over_udp_tcp_and_tls_by_channels_and_by_indications() {
    let place = Place::new().await;
    let port = free_port();
    let _echo = echo(port);
    let (turn, tls) = (place.turn, place.tls);
    let to = |server, options| uclient(server, options, SECRET, (ECHO, port));
    let all = tokio::join!(
        to(turn, &[]),
        to(turn, &["-s"]),
        to(turn, &["-t"]),
        to(turn, &["-t", "-s"]),
        to(tls, &["-t", "-S"]),
        to(tls, &["-t", "-S", "-s"]),
    );
    for (name, (_, said)) in [
        "UDP",
        "UDP, indications",
        "TCP",
        "TCP, indications",
        "TLS",
        "TLS, indications",
    ]
    .into_iter()
    .zip([all.0, all.1, all.2, all.3, all.4, all.5])
    {
        assert!(said.contains("Total lost packets 0 "), "{name}: {said}");
    }
}

#[tokio::test]
async fn another_secret_opens_nothing() {
    let place = Place::new().await;
    let (output, said) = uclient(place.turn, &[], "another secret of somebody", (ECHO, 9)).await;
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("Cannot complete Allocation"), "{said}");
}

#[tokio::test]
async fn a_peer_inside_is_forbidden() {
    let place = Place::new().await;
    for inside in ["10.0.0.1", "169.254.169.254"] {
        let (_, said) = uclient(place.turn, &[], SECRET, (inside, 80)).await;
        assert!(said.contains("403"), "{inside}: {said}");
    }
}
