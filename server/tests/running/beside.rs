//! The edge that a demo starts beside itself: what becomes of it when the demo is killed.

use super::{
    client::{asks, get, trusted},
    process::{PATIENCE, Place, Running},
};
use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::Command,
    thread,
    time::Duration,
};

/// How often something is looked for.
const GLANCE: Duration = Duration::from_millis(100);

/// A port that is free now, and the one after it: TLS and TURN.
fn free_ports() -> u16 {
    let free = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| listener.local_addr());
    loop {
        let port = free(0).expect("a port").port();
        if port.checked_add(1).is_some_and(|next| free(next).is_ok()) {
            return port;
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "another process gives no event to wait for, and its port is looked at until it is so"
)]
fn comes_true(what: &str, mut is_true: impl FnMut() -> bool) {
    let glances = PATIENCE.as_millis() / GLANCE.as_millis();
    let came = (0..glances).any(|_| {
        let now = is_true();
        if !now {
            thread::sleep(GLANCE);
        }
        now
    });
    assert!(came, "{what}");
}

/// Whom the system knows as listening, by asking for a connection.
fn listens(port: u16) -> bool {
    TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).is_ok()
}

fn demo(place: &Place, listen: &str, port: u16) -> Command {
    let mut demo = place.demo(listen);
    demo.args(["--edge", &port.to_string()]);
    demo
}

#[test]
fn the_edge_outlives_a_killed_demo_for_the_next_one_and_ends_when_there_is_none() {
    let (place, port) = (Place::new(), free_ports());
    let mut first = Running::start(&mut demo(&place, "127.0.0.1:0", port));
    first.says("/staff/sign-in");
    comes_true("the edge listens", || listens(port));
    // `kill -9`, by which nobody can clean up.
    drop(first);
    assert!(listens(port), "calls go on");

    let mut second = Running::start(&mut demo(&place, "127.0.0.1:0", port));
    second.says("/staff/sign-in");
    let page = || {
        let (stream, _) = trusted(port, "127.0.0.1", &place.path("local-ca.pem")).expect("the same edge");
        asks(stream, &get("localhost", "/")).starts_with("HTTP/1.1 200")
    };
    comes_true("it leads to the new desk", page);
    assert!(!second.said().contains("started again"), "{}", second.said());
    drop(second);
    comes_true("an edge without a demo ends", || !listens(port));
}
