//! coturn's own tools against our relay, over every transport. `xtask/setup.sh test` installs them; without them these fail.

use crate::place::{Place, RELAYS, SECRET};
use server::{
    clock::{SystemClock, World},
    turn::credential::{Credential, Secret, mint},
};
use std::{
    net::{IpAddr, Ipv4Addr, UdpSocket},
    process::Stdio,
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
async fn uclient(server: std::net::SocketAddr, options: &[&str], secret: &str, peer: (&str, u16)) -> String {
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
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
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
    for (name, said) in [
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

/// The same with a credential as it is, and few packets: they are not expected back.
async fn knocks(
    server: std::net::SocketAddr,
    Credential { username, password }: &Credential,
    peer: (IpAddr, u16),
) -> String {
    let (peer, port) = (peer.0.to_string(), peer.1.to_string());
    let output = Command::new("turnutils_uclient")
        .args(["-c", "-n", "3", "-m", "1", "-l", "170", "-u", username, "-w", password])
        .args(["-e", &peer, "-r", &port, "-p", &server.port().to_string()])
        .arg(server.ip().to_string())
        .output()
        .await
        .expect("turnutils_uclient (Debian: coturn)");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Minted by the desk, good for an hour.
fn credential() -> Credential {
    let user = USERS.fetch_add(1, Ordering::Relaxed).to_string();
    let now = World::new(SystemClock).now().0 / 1000;
    mint(
        &Secret::new(SECRET.as_bytes()),
        &user,
        u64::try_from(now).expect("after 1970") + 3600,
    )
}

#[tokio::test]
async fn wrong_expired_and_foreign_credentials_open_nothing() {
    let place = Place::new().await;
    let good = credential();
    let wrong = Credential {
        password: mint(&Secret::new(b"x"), "y", 1).password,
        ..good.clone()
    };
    let expired = mint(&Secret::new(SECRET.as_bytes()), "seat", 1_700_000_000);
    let foreign = mint(&Secret::new(b"the secret of another desk"), "seat", 4_000_000_000);
    let malformed = Credential {
        username: "seat".to_owned(),
        ..good
    };
    let peer = (IpAddr::from(Ipv4Addr::LOCALHOST), 9);
    for (what, shown) in [
        ("wrong", wrong),
        ("expired", expired),
        ("foreign", foreign),
        ("malformed", malformed),
    ] {
        let said = knocks(place.turn, &shown, peer).await;
        assert!(said.contains("Cannot complete Allocation"), "{what}: {said}");
    }
}

/// RFC 8656 §9.1, §21.2.1: a relay's peers are limited by whoever runs it, and are told so by 403.
#[tokio::test]
async fn peers_inside_are_forbidden() {
    let place = Place::new().await;
    let (turn, credential) = (place.turn, credential());
    let inside = [
        // Loopback (but not the one that is allowed by name), private, link-local, multicast, broadcast, nobody.
        "127.0.0.5",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "0.0.0.0",
    ];
    for peer in inside {
        let said = knocks(turn, &credential, (peer.parse().expect("an address"), 80)).await;
        assert!(said.contains("403"), "{peer}: {said}");
    }
}

#[tokio::test]
async fn on_our_own_address_no_port_is_reached_that_is_no_relay() {
    let place = Place::new().await;
    // Where a database listens, and where we do.
    let database = UdpSocket::bind((RELAYS, 0)).expect("a port");
    database.set_nonblocking(true).expect("set");
    let port = database.local_addr().expect("bound").port();
    for port in [port, place.turn.port(), 443] {
        let said = knocks(place.turn, &credential(), (RELAYS.into(), port)).await;
        assert!(said.contains("Total lost packets 3 "), "{port}: {said}");
    }
    let came = database.recv_from(&mut [0; 200]);
    assert!(came.is_err(), "{came:?}");
}
