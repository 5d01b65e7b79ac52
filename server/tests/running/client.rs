//! A client that speaks just enough HTTP/1.1, in clear or over TLS with one authority that it trusts.

use super::process::PATIENCE;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    sync::Arc,
};

/// An answer in full: head and body as text.
pub(crate) fn asks(mut stream: impl Read + Write, request: &str) -> String {
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    // A server may end TLS without saying goodbye; what came is what counts.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) fn get(host: &str, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")
}

pub(crate) fn post(host: &str, path: &str, fields: &[(&str, &str)]) -> String {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

pub(crate) fn plain(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    stream
}

/// A TLS connection to `name` that trusts `authority` alone, and the certificate that the server showed.
pub(crate) fn trusted(
    port: u16,
    name: &str,
    authority: &Path,
) -> Result<(StreamOwned<ClientConnection, TcpStream>, CertificateDer<'static>), rustls::Error> {
    server::tls::choose_cryptography();
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(authority).expect("a certificate"))
        .expect("an authority");
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    let mut connection = ClientConnection::new(Arc::new(config), name)?;
    let mut stream = plain(port);
    while connection.is_handshaking() {
        if let Err(error) = connection.complete_io(&mut stream) {
            return Err(rustls::Error::General(error.to_string()));
        }
    }
    let shown = connection.peer_certificates().and_then(|chain| chain.first()).cloned();
    Ok((StreamOwned::new(connection, stream), shown.expect("a certificate")))
}
