//! Pages and sockets through the edge.

use crate::place::Place;
use axum::{Extension, Router, routing::get};
use h2::ext::Protocol;
use server::{announced::Announced, edge::announce, identity::FromAddress};
use std::net::{Ipv4Addr, TcpListener};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Asks for a page over HTTP/1.1 and reads to the end.
pub(crate) async fn gets(place: &Place, path: &str) -> String {
    let mut connection = place.connects(&[b"http/1.1"]).await.expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    // A server may close without the farewell of TLS; what came counts.
    let _ = connection.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_page_comes_through_the_edge() {
    let place = Place::new().await;
    let answer = gets(&place, "/").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer:.200}");
    assert!(answer.contains("<html"), "{answer:.200}");
}

#[tokio::test]
async fn a_socket_opens_inside_an_http_2_connection_where_the_desk_offers_it() {
    let place = Place::new().await;
    let connection = place.connects(&[b"h2", b"http/1.1"]).await.expect("a connection");
    let (requests, driver) = h2::client::handshake(connection).await.expect("HTTP/2");
    tokio::spawn(driver);
    let mut requests = requests.ready().await.expect("settings");
    while !requests.is_extended_connect_protocol_enabled() {
        // The server's settings come with its first frames.
        tokio::task::yield_now().await;
        requests = requests.ready().await.expect("settings");
    }
    let open = |origin: &str| {
        axum::http::Request::builder()
            .method("CONNECT")
            .uri("https://localhost/live")
            .header("sec-websocket-version", "13")
            .header("origin", origin)
            .extension(Protocol::from_static("websocket"))
            .body(())
            .expect("a request")
    };
    let (foreign, _stream) = requests
        .send_request(open("https://evil.example"), false)
        .expect("sent");
    assert_eq!(foreign.await.expect("an answer").status(), 403, "another site's page");

    let (opened, _stream) = requests.send_request(open("https://localhost"), false).expect("sent");
    let answer = opened.await.expect("an answer");
    assert_eq!(answer.status(), 200);
    // A stranger is let in only to be told so (PROTOCOL.md, signed_out): a frame of the socket has come.
    let frame = answer.into_body().data().await.expect("a frame").expect("bytes");
    assert!(String::from_utf8_lossy(&frame).contains("signed_out"));
}

#[tokio::test]
async fn while_the_desk_is_away_http_1_is_told_and_http_2_is_closed() {
    let mut place = Place::new().await;
    place.desk_goes_away().await;
    let answer = gets(&place, "/").await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("Retry-After"), "{answer}");

    let mut connection = place.connects(&[b"h2"]).await.expect("a connection");
    connection
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .await
        .expect("sent");
    let mut answer = Vec::new();
    let _ = connection.read_to_end(&mut answer).await;
    assert!(answer.is_empty(), "a line of text would be an error of protocol");
}

#[tokio::test]
async fn the_desk_learns_the_address_from_the_edge_and_believes_nobody_else() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.set_nonblocking(true).expect("set");
    let at = listener.local_addr().expect("bound");
    let show = |Extension(from): Extension<FromAddress>| async move { from.0.to_string() };
    let router = Router::new().route("/", get(show));
    let server = axum_server::from_tcp(listener).expect("a server").acceptor(Announced);
    tokio::spawn(server.serve(router.into_make_service()));

    let ask = |head: Vec<u8>| async move {
        let mut connection = tokio::net::TcpStream::connect(at).await.expect("a connection");
        connection.write_all(&head).await.expect("sent");
        let request = b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6\r\nConnection: close\r\n\r\n";
        // Refused connections may be closed before all is sent.
        let _ = connection.write_all(request).await;
        let mut answer = Vec::new();
        let _ = connection.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    };
    let header = announce::header("203.0.113.7:50000".parse().expect("an address"), at);
    let answer = ask(header).await;
    assert!(answer.ends_with("203.0.113.7"), "{answer}");
    assert_eq!(ask(Vec::new()).await, "", "no header, no answer");
}
