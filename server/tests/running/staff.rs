//! `soudan staff add`: from the command line to a desk that is open.

use super::{
    client::{asks, get, plain, post},
    process::{Place, Running, ends, port_in, soudan, text},
};
use crate::city::new_city;
use hmac::{Hmac, KeyInit as _, Mac as _};
use server::{
    clock::{SystemClock, World},
    identity::Identity,
    render::AsJson,
    seal::Keys,
    storage::Store,
};
use sha1::Sha1;
use std::{process::Command, sync::Arc};

const PASSWORD: &str = "correct horse battery";

/// A city in the place's database, which makes it a real one.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn founded(place: &Place) {
    let store = Store::open(&place.database_url()).await.expect("it opens");
    let world = World::new(SystemClock);
    let identity = Identity::new(store, &Keys::new(&[7; 32]), world, Arc::new(AsJson), false);
    let city = new_city("hino", "日野市", false);
    assert!(identity.add_city(city).await.expect("founded"));
}

fn staff_add(place: &Place, city: &str, login: &str, role: &str) -> Command {
    let config = place.path("soudan.toml");
    let mut command = soudan(&[
        "staff", "add", "--city", city, "--name", "高橋", "--login", login, "--role", role,
    ]);
    command.args(["--config", text(&config)]);
    command
}

/// What an authenticator shows (RFC 6238), `ahead` steps from now.
fn code(secret: &str, ahead: i64) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut key, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for letter in secret.chars() {
        bits = bits << 5 | u32::try_from(ALPHABET.find(letter).expect("Base32")).expect("small");
        held += 5;
        if held >= 8 {
            held -= 8;
            key.push((bits >> held & 0xff).to_le_bytes()[0]);
        }
    }
    let step = World::new(SystemClock).now().0 / 30_000 + ahead;
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).expect("any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 0x0f);
    let word: [u8; 4] = digest[offset..offset + 4].try_into().expect("four bytes");
    format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000)
}

/// The secret as the page shows it for typing in, groups of four joined.
fn secret_in(page: &str) -> String {
    let (_, rest) = page.split_once("class=\"secret\">").expect("a secret");
    let shown = rest.split('<').next().unwrap_or_default();
    shown.split_whitespace().collect()
}

#[test]
fn a_new_midwife_opens_her_link_chooses_a_password_and_signs_in() {
    let place = Place::new();
    founded(&place);
    let (added, link) = ends(&mut staff_add(&place, "hino", "takahashi", "midwife"));
    assert!(added, "{link}");
    let path = link
        .trim()
        .strip_prefix("http://hino.test")
        .expect("a link of the city")
        .to_owned();
    let mut desk = Running::start(&mut place.serve());
    let port = port_in(&desk.says("serving"));
    let page = asks(plain(port), &get("hino.test", &path));
    assert!(page.contains("高橋"), "{page}");
    let secret = secret_in(&page);
    let now = code(&secret, 0);
    let fields = [
        ("password", PASSWORD),
        ("password_again", PASSWORD),
        ("code", now.as_str()),
    ];
    let enrolled = asks(plain(port), &post("hino.test", &path, &fields));
    assert!(enrolled.starts_with("HTTP/1.1 303"), "{enrolled}");
    // Each code counts once; the next one is taken a step early.
    let next = code(&secret, 1);
    let fields = [("login", "takahashi"), ("password", PASSWORD), ("code", next.as_str())];
    let signed_in = asks(plain(port), &post("hino.test", "/staff/sign-in", &fields));
    assert!(
        signed_in.starts_with("HTTP/1.1 303") && signed_in.contains("location: /desk"),
        "{signed_in}"
    );
    let cookie = signed_in
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .expect("a session");
    let cookie = cookie.split(';').next().unwrap_or_default();
    let request = get("hino.test", "/desk").replace("\r\n\r\n", &format!("\r\ncookie: {cookie}\r\n\r\n"));
    let open = asks(plain(port), &request);
    assert!(open.starts_with("HTTP/1.1 200") && open.contains("高橋"), "{open}");
    assert!(
        !asks(plain(port), &get("hino.test", &path)).contains(&secret),
        "the link is spent"
    );
    assert!(!desk.said().contains(&path), "no link in the log");
}

#[test]
fn a_taken_login_an_unknown_city_and_an_unknown_role_are_refused() {
    let place = Place::new();
    founded(&place);
    assert!(ends(&mut staff_add(&place, "hino", "takahashi", "midwife")).0);
    let (added, said) = ends(&mut staff_add(&place, "hino", "takahashi", "supervisor"));
    assert!(!added && said.contains("taken"), "{said}");
    let (added, said) = ends(&mut staff_add(&place, "hino", "other", "surgeon"));
    assert!(!added && said.contains("pediatrician, obstetrician, midwife"), "{said}");
    let (added, said) = ends(&mut staff_add(&place, "nowhere", "other", "midwife"));
    assert!(!added && said.contains("there is no municipality"), "{said}");
}
