//! Who comes to the edge without meaning well.

use crate::{
    pages::gets,
    place::{Place, RELAYS, config},
};
use std::{
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    process::{Command, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// An Allocate without a credential (RFC 8656 §7.1).
const ALLOCATE: [u8; 28] = [
    0, 3, 0, 8, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 0x19, 0, 4, 17, 0, 0, 0,
];

#[tokio::test]
async fn half_open_handshakes_by_the_thousand_keep_nobody_out() {
    let place = Place::new().await;
    let mut half_open = Vec::new();
    for _ in 0..1000 {
        let mut stream = TcpStream::connect(place.tls).await.expect("a connection");
        let _ = stream.write_all(&[22, 3, 1]).await;
        half_open.push(stream);
    }
    let family = place.connects_from(Ipv4Addr::new(127, 0, 0, 9), &[]).await;
    assert!(family.is_ok(), "{family:?}");
}

#[tokio::test]
async fn requests_that_are_never_said_to_their_end_keep_nobody_out_and_are_not_waited_for() {
    let place = Place::new().await;
    let mut slow = Vec::new();
    for one in 0..1_000_u16 {
        let [block, host] = [one / 250, one % 250].map(|part| u8::try_from(part).expect("small"));
        let from = Ipv4Addr::new(127, 0, 3 + block, host);
        let mut connection = place.connects_from(from, &[b"http/1.1"]).await.expect("a connection");
        connection
            .write_all(b"GET / HTTP/1.1\r\nHost: loc")
            .await
            .expect("sent");
        slow.push(connection);
    }
    let answer = gets(&place, "/").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer:.200}");
    for mut connection in slow {
        // How it is closed is nobody's business.
        let _ = connection.read_to_end(&mut Vec::new()).await;
    }
}

#[tokio::test]
async fn who_names_one_protocol_and_speaks_another_is_closed_without_a_word() {
    let place = Place::new().await;
    let cases: [(&[&[u8]], &[u8]); 5] = [
        (&[b"http/1.1"], &ALLOCATE),
        (&[b"h2"], &ALLOCATE),
        (&[b"stun.turn"], b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (&[], &[0x40, 0, 0, 4, 1, 2, 3, 4]),
        (&[], &[0x16, 3, 1, 0, 5]),
    ];
    for (named, said) in cases {
        let mut connection = place.connects(named).await.expect("a connection");
        connection.write_all(said).await.expect("sent");
        let mut answer = Vec::new();
        let _ = connection.read_to_end(&mut answer).await;
        assert!(answer.is_empty(), "{said:?} was answered with {answer:?}");
    }
}

#[tokio::test]
async fn a_broken_frame_ends_its_stream_and_no_other() {
    let place = Place::new().await;
    let mut good = TcpStream::connect(place.turn).await.expect("a connection");
    let mut broken = TcpStream::connect(place.turn).await.expect("a connection");
    broken.write_all(&[0x40, 0, 0xff, 0xff, 0]).await.expect("sent");
    let mut answer = Vec::new();
    let _ = broken.read_to_end(&mut answer).await;
    assert!(answer.is_empty());

    // In three pieces, as TCP may cut it.
    for piece in [&ALLOCATE[..3], &ALLOCATE[3..21], &ALLOCATE[21..]] {
        good.write_all(piece).await.expect("sent");
        good.flush().await.expect("sent");
    }
    let mut head = [0; 20];
    good.read_exact(&mut head).await.expect("an answer");
    assert_eq!(head[..2], [0x01, 0x13], "Allocate is refused");
    assert_eq!(head[8..], ALLOCATE[8..20], "and it is ours");
}

/// Messages that nobody who speaks this protocol sends: longer than a packet, other lengths than they say, another cookie,
/// attributes that end behind the message, a channel that nobody has bound.
fn malformed() -> Vec<Vec<u8>> {
    let with = |at: usize, byte: u8| {
        let mut bytes = ALLOCATE.to_vec();
        bytes[at] = byte;
        bytes
    };
    vec![
        [&[0, 3, 0xff, 0xfc][..], &[0x21, 0x12, 0xa4, 0x42], &[7; 60_000]].concat(),
        [&[0x40, 0, 0xea, 0x60][..], &[7; 60_000]].concat(),
        with(3, 9),
        with(3, 12),
        with(4, 0),
        with(23, 0xff),
        vec![0x40, 0, 0, 4, 1, 2, 3, 4],
        vec![0xff; 2_000],
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
    ]
}

#[tokio::test]
async fn malformed_and_oversized_messages_are_answered_on_no_transport_and_the_next_client_is() {
    let place = Place::new().await;
    let stranger = tokio::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    for message in malformed() {
        stranger.send_to(&message, place.turn).await.expect("sent");
        let mut tcp = TcpStream::connect(place.turn).await.expect("a connection");
        let mut tls = place.connects(&[]).await.expect("a connection");
        // Both may be closed before all of it is sent.
        let _ = tcp.write_all(&message).await;
        let _ = tls.write_all(&message).await;
        // HTTP on the TLS port is a page, and that is right.
        let is_page = message.starts_with(b"GET");
        for (name, answer) in [("TCP", reads(&mut tcp).await), ("TLS", reads(&mut tls).await)] {
            assert!(
                answer.is_empty() || (is_page && name == "TLS"),
                "{name}: {:?}",
                &message[..8]
            );
        }
    }
    stranger.send_to(&ALLOCATE, place.turn).await.expect("sent");
    let mut answer = [0; 200];
    let (bytes, _) = stranger.recv_from(&mut answer).await.expect("an answer");
    assert_eq!(
        answer[8..20],
        ALLOCATE[8..20],
        "the first answer is to the good one: {:?}",
        &answer[..bytes]
    );
}

/// What comes until it is closed, for as long as a malformed message might be thought about.
async fn reads(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> Vec<u8> {
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_millis(300), stream.read_to_end(&mut answer)).await;
    answer
}

#[tokio::test]
async fn a_hundred_thousand_requests_without_a_credential_leave_no_trace_in_memory() {
    let place = Place::new().await;
    let dir = tempfile::tempdir().expect("a directory");
    let data = place.authority();
    let data = data.parent().expect("a directory");
    let config = config(data, SocketAddr::from((Ipv4Addr::LOCALHOST, 9)));
    // A port that is free now.
    let turn = UdpSocket::bind((RELAYS, 0))
        .and_then(|socket| socket.local_addr())
        .expect("a port");
    let tls = config.tls.expect("files");
    let text = format!(
        "[edge]\nlisten = \"127.0.0.1:0\"\nserve = \"127.0.0.1:9\"\n[tls]\ncertificate_file = {:?}\nkey_file = {:?}\n\
         [turn]\nlisten = \"{turn}\"\npublic_addresses = [\"{RELAYS}\"]\nsecret_file = {:?}\n",
        tls.certificate,
        tls.key,
        config.turn.secret_file.expect("a file"),
    );
    let file = dir.path().join("edge.toml");
    std::fs::write(&file, text).expect("written");
    let mut edge = Command::new(env!("CARGO_BIN_EXE_soudan"))
        .args(["edge", "--config"])
        .arg(&file)
        .stderr(Stdio::null())
        .spawn()
        .expect("soudan edge");

    let flood = tokio::task::spawn_blocking(move || {
        // From many networks, so that the limit of answers is not all that is tried.
        let strangers: Vec<UdpSocket> = (1..=200)
            .filter_map(|network| UdpSocket::bind((Ipv4Addr::new(127, 1, network, 1), 0)).ok())
            .collect();
        wait_for_an_answer(turn);
        let resident = || load::process::resident_bytes(edge.id()).expect("it runs");
        send(&strangers, turn, 5_000);
        let before = resident();
        send(&strangers, turn, 100_000);
        wait_for_an_answer(turn);
        let after = resident();
        let _ = edge.kill();
        let _ = edge.wait();
        (before, after)
    });
    let (before, after) = flood.await.expect("flooded");
    assert!(after <= before + (1 << 20), "{before} bytes grew to {after}");
}

fn send(strangers: &[UdpSocket], turn: SocketAddr, requests: usize) {
    for (one, stranger) in strangers.iter().cycle().take(requests).enumerate() {
        let mut request = ALLOCATE;
        request[8..16].copy_from_slice(&(one as u64).to_be_bytes());
        let _ = stranger.send_to(&request, turn);
    }
}

/// Everything that was sent before has been read when a later request of another network is answered.
fn wait_for_an_answer(turn: SocketAddr) {
    let asking = UdpSocket::bind((Ipv4Addr::new(127, 2, 0, 1), 0)).expect("a port");
    asking
        .set_read_timeout(Some(std::time::Duration::from_millis(200)))
        .expect("set");
    let answered = (0..100).any(|_| {
        let _ = asking.send_to(&ALLOCATE, turn);
        asking.recv_from(&mut [0; 200]).is_ok()
    });
    assert!(answered, "the edge does not answer");
}
