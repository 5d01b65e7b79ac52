//! https: a demo for phones on a given address, and certificates from files that are exchanged while the server runs.

use super::{
    client::{asks, get, trusted},
    process::{Place, Running, port_in},
};
use rustls::pki_types::CertificateDer;
use server::tls::local_authority;
use std::net::{IpAddr, Ipv4Addr};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[test]
fn a_phone_that_trusts_the_demos_own_authority_opens_the_front_page_over_https_by_the_printed_address() {
    let place = Place::new();
    std::fs::remove_file(place.path("master.key")).expect("a demo makes its own");
    let mut demo = Running::start(place.demo("127.0.0.1:0").arg("--lan"));
    let port = port_in(&demo.says("https://127.0.0.1:"));
    demo.says("local-ca.pem");
    // Half blocks of a QR code in a terminal.
    demo.says("█");
    let authority = place.path("local-ca.pem");
    let (stream, _) = trusted(port, "127.0.0.1", &authority).expect("its certificate is for the address");
    let answer = asks(stream, &get(&format!("127.0.0.1:{port}"), "/"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("デモ") && answer.contains("日野市"), "{answer}");
    assert!(!demo.said().contains("master.key"));

    let strangers = tempfile::tempdir().expect("a temporary directory");
    let elsewhere = local_authority(strangers.path(), LOOPBACK, &[]).expect("another authority");
    assert!(
        trusted(port, "127.0.0.1", &elsewhere.authority).is_err(),
        "nobody else's authority vouches for it"
    );
    assert!(
        trusted(port, "example.jp", &authority).is_err(),
        "nor is it good for another name"
    );
}

#[test]
fn a_new_certificate_is_taken_on_hangup_and_a_broken_one_is_not() {
    let place = Place::new();
    let made = || local_authority(place.directory.path(), LOOPBACK, &[]).expect("made");
    let first = made();
    let config = std::fs::read_to_string(place.path("soudan.toml")).expect("read");
    let (certificate, key) = (first.server.certificate.display(), first.server.key.display());
    place.writes(
        "soudan.toml",
        &format!("{config}[tls]\ncertificate_file = \"{certificate}\"\nkey_file = \"{key}\"\n"),
    );
    let mut desk = Running::start(&mut place.serve());
    let port = port_in(&desk.says("serving"));
    let shown = || -> CertificateDer<'static> {
        let (stream, shown) = trusted(port, "127.0.0.1", &first.authority).expect("https");
        assert!(
            asks(stream, &get("nobody.test", "/")).starts_with("HTTP/1.1 "),
            "it answers"
        );
        shown
    };
    let old = shown();
    made();
    assert_eq!(shown(), old, "not before it is told");
    desk.is_hung_up();
    desk.says("the certificate was read again");
    let new = shown();
    assert_ne!(new, old);
    std::fs::write(&first.server.certificate, "no certificate").expect("written");
    desk.is_hung_up();
    desk.says("the old one stays in use");
    assert_eq!(shown(), new);
}
