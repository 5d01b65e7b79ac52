//! What a relayed packet costs: our relay, coturn, and a bare UDP forwarder as the floor, interleaved in one run. Each carries
//! the packets of several calls, one channel a client, to a peer that sends them back; printed are lost packets and the
//! processor time of the relay's process a packet. coturn's `turnserver` must be installed (Debian: coturn).

#[path = "turn/caller.rs"]
mod caller;
#[path = "turn/forwarder.rs"]
mod forwarder;

use caller::Caller;
use load::figures::Figure;
use std::{
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Callers at once; each sends its share of the packets.
const CALLERS: usize = 8;
/// Packets a second each way, in all.
const PACKETS_PER_SECOND: usize = 11_000;
/// How long each is measured, and how often; medians are printed.
const LENGTH: Duration = Duration::from_secs(5);
const ROUNDS: usize = 3;
const SECRET: &str = "a secret of the bench";
/// Where relays are; peers are at 127.0.0.1.
const RELAYS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// A clock tick of /proc/PID/stat: 100 a second on every Linux that runs this.
const TICKS_PER_SECOND: f64 = 100.0;

/// What one run cost.
struct Cost {
    lost: f64,
    micros: f64,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, listen, peers @ ..] = arguments.as_slice()
        && word == "forward"
    {
        return forwarder::run(listen, peers).await;
    }
    let (mut ours, mut coturn, mut floor) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floor.push(forwarded().await);
        ours.push(relayed(edge).await);
        coturn.push(relayed(turnserver).await);
    }
    let print = |what: &str, unit, ours: f64, floor: f64| {
        let figure = Figure {
            what: what.to_owned(),
            unit,
            ours,
            floor: Some(floor),
            with: None,
        };
        figure.print().expect("somebody reads");
    };
    let micros = |costs: &[Cost]| median(costs.iter().map(|cost| cost.micros).collect());
    let lost = |costs: &[Cost]| median(costs.iter().map(|cost| cost.lost).collect());
    print(
        "processor time a relayed packet, beside a bare forwarder",
        "µs",
        micros(&ours),
        micros(&floor),
    );
    print(
        "processor time a relayed packet, beside coturn",
        "µs",
        micros(&ours),
        micros(&coturn),
    );
    print("packets lost, beside a bare forwarder", "", lost(&ours), lost(&floor));
    print("packets lost, beside coturn", "", lost(&ours), lost(&coturn));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Relays by a TURN server that this starts, and ends.
async fn relayed(start: fn(&tempfile::TempDir, SocketAddr) -> Child) -> Cost {
    let dir = tempfile::tempdir().expect("a directory");
    let at = free_port(RELAYS);
    let mut server = start(&dir, at);
    let mut callers = Vec::new();
    for number in 0..CALLERS {
        callers.push(Caller::through_turn(at, SECRET, number).await);
    }
    measure(&mut server, callers).await
}

/// Forwards by a process that knows nothing of TURN.
async fn forwarded() -> Cost {
    let callers: Vec<Caller> = futures_util::future::join_all((0..CALLERS).map(|_| Caller::bare())).await;
    let at = free_port(RELAYS);
    let myself = std::env::current_exe().expect("this file");
    let mut server = Command::new(myself)
        .args(["forward", &at.to_string()])
        .args(callers.iter().map(|caller| caller.pair()))
        .spawn()
        .expect("the forwarder");
    let mut reached = Vec::new();
    for caller in callers {
        reached.push(caller.through(at).await);
    }
    measure(&mut server, reached).await
}

async fn measure(server: &mut Child, callers: Vec<Caller>) -> Cost {
    let before = seconds_of(server);
    let share = PACKETS_PER_SECOND / CALLERS;
    let calls = callers
        .into_iter()
        .map(|caller| tokio::spawn(caller.talks(share, LENGTH)));
    let (mut sent, mut back) = (0, 0);
    for call in calls.collect::<Vec<_>>() {
        let counted = call.await.expect("a call");
        sent += counted.sent;
        back += counted.back;
    }
    let seconds = seconds_of(server) - before;
    let _ = server.kill();
    let _ = server.wait();
    #[expect(clippy::cast_precision_loss, reason = "counts of packets are small")]
    let (relayed, lost) = ((sent + back) as f64, (sent - back) as f64);
    Cost {
        lost,
        micros: seconds * 1e6 / relayed,
    }
}

/// User and system time of a process so far (proc(5), fields 14 and 15).
fn seconds_of(process: &Child) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id())).expect("it runs");
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS_PER_SECOND
}

fn free_port(ip: Ipv4Addr) -> SocketAddr {
    let socket = UdpSocket::bind((ip, 0)).and_then(|socket| socket.local_addr());
    socket.expect("a port")
}

fn edge(dir: &tempfile::TempDir, at: SocketAddr) -> Child {
    let path = |name: &str| dir.path().join(name);
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let files = [
        ("certificate.pem", made.cert.pem()),
        ("key.pem", made.signing_key.serialize_pem()),
        ("turn.secret", SECRET.to_owned()),
    ];
    for (name, text) in files {
        std::fs::write(path(name), text).expect("written");
    }
    let text = format!(
        "[edge]\nlisten = \"127.0.0.1:0\"\nserve = \"127.0.0.1:9\"\n[tls]\ncertificate_file = {:?}\nkey_file = {:?}\n\
         [turn]\nlisten = \"{at}\"\npublic_addresses = [\"{RELAYS}\"]\nallowed_peers = [\"127.0.0.1\"]\nsecret_file = {:?}\n",
        path("certificate.pem"),
        path("key.pem"),
        path("turn.secret"),
    );
    std::fs::write(path("edge.toml"), text).expect("written");
    Command::new(env!("CARGO_BIN_EXE_soudan"))
        .args(["edge", "--config"])
        .arg(path("edge.toml"))
        .stderr(Stdio::null())
        .spawn()
        .expect("soudan edge")
}

fn turnserver(dir: &tempfile::TempDir, at: SocketAddr) -> Child {
    let (ip, port) = (at.ip().to_string(), at.port().to_string());
    Command::new("turnserver")
        .args([
            "-n",
            "--listening-ip",
            &ip,
            "--relay-ip",
            &ip,
            "--listening-port",
            &port,
        ])
        .args(["--use-auth-secret", "--static-auth-secret", SECRET, "--realm", "soudan"])
        .args([
            "--no-tls",
            "--no-dtls",
            "--no-cli",
            "--allow-loopback-peers",
            "--log-file",
            "stdout",
        ])
        .arg("--userdb")
        .arg(dir.path().join("turn.db"))
        .arg("--pidfile")
        .arg(dir.path().join("turn.pid"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("turnserver (Debian: coturn)")
}
