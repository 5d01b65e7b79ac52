//! `soudan demo code NAME`: the second factor of a demo account, without a telephone.

use super::{
    client::{asks, plain, post},
    process::{Place, Running, ends, soudan, text},
};
use load::desk::Card;
use std::process::Command;

fn code(place: &Place, login: &str) -> Command {
    soudan(&["demo", "--data", text(place.directory.path()), "code", login])
}

#[test]
fn the_printed_code_signs_a_doctor_in_once() {
    let place = Place::new();
    let mut demo = Running::start(&mut place.demo("127.0.0.1:0"));
    demo.says("soudan demo code");
    let card = Card::read(place.directory.path()).expect("a card");
    let doctor = card
        .staff
        .iter()
        .find(|one| one.role == "pediatrician")
        .expect("a doctor");
    let city = card
        .cities
        .iter()
        .find(|city| city.id == doctor.city)
        .expect("their city");
    let host = city.origin.strip_prefix("http://").expect("plain http");
    let (printed, said) = ends(&mut code(&place, &doctor.login));
    let digits = said.trim();
    assert!(
        printed && digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()),
        "{said}"
    );
    let fields = [
        ("login", doctor.login.as_str()),
        ("password", &doctor.password),
        ("code", digits),
    ];
    let port = host.rsplit_once(':').expect("a port").1.parse().expect("a port");
    let answer = asks(plain(port), &post(host, "/staff/sign-in", &fields));
    assert!(
        answer.starts_with("HTTP/1.1 303") && answer.contains("location: /desk"),
        "{answer}"
    );
    let again = asks(plain(port), &post(host, "/staff/sign-in", &fields));
    assert!(again.starts_with("HTTP/1.1 422"), "each code counts once: {again}");
}

#[test]
fn an_unknown_name_and_a_directory_without_a_demo_are_refused_in_a_sentence() {
    let place = Place::new();
    let (printed, said) = ends(&mut code(&place, "sato"));
    assert!(!printed && said.contains("start `soudan demo`"), "{said}");
    let mut demo = Running::start(&mut place.demo("127.0.0.1:0"));
    demo.says("soudan demo code");
    let (printed, said) = ends(&mut code(&place, "nobody"));
    assert!(!printed && said.contains("no account \"nobody\""), "{said}");
}
