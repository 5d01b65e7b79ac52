//! What the demo gives out.

use super::process::{Place, Running};
use server::storage::Store;
use signaling::time::{At, Millis};
use std::{
    io::{BufRead, BufReader, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream},
    process::Command,
};

fn card(place: &Place) -> serde_json::Value {
    let text = std::fs::read(place.path("demo.json")).expect("written");
    serde_json::from_slice(&text).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_a_demo_are_those_of_a_day_and_end_with_the_next_one() {
    let place = Place::new();
    let mut demo = Running::start(&mut place.demo("127.0.0.1:0"));
    let said = demo.says("demo code NAME");
    assert!(said.contains("/soudan demo code NAME"), "by its path: {said}");
    drop(demo);
    let city = &card(&place)["cities"][0];
    let day = city["passphrase_day"].as_str().expect("a day").to_owned();
    let date = signaling::time::parse_date(&day).expect("a date");
    let store = Store::open(&format!("sqlite://{}", place.path("soudan.db").display()))
        .await
        .expect("opened");
    let hino = "hino".parse().expect("an id");
    let taken = async |at: At| store.passphrases(&hino, at).await.expect("read").len();
    let end = At::start_of(date) + Millis::days(2);
    assert_eq!(taken(At(end.0 - 1)).await, 1);
    assert_eq!(taken(end).await, 0, "nobody registers with yesterday's words for ever");
}

#[test]
fn a_desk_that_was_started_with_few_open_files_takes_as_many_as_it_may() {
    let place = Place::new();
    let demo = place.demo("127.0.0.1:0");
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -Sn 256; exec \"$@\"", "sh"]);
    shell.arg(demo.get_program()).args(demo.get_args());
    let mut demo = Running::start(&mut shell);
    demo.says("/staff/sign-in");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", demo.id())).expect("it runs");
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .expect("a limit");
    let numbers: Vec<&str> = line.split_ascii_whitespace().skip(3).take(2).collect();
    assert_eq!(numbers[0], numbers[1], "{line}");
}

#[test]
fn the_time_of_a_demo_for_tests_begins_where_it_is_told_goes_forward_by_what_it_is_told_and_never_back() {
    let place = Place::new();
    let begins = || {
        let mut demo = Running::start(place.demo("127.0.0.1:0").args(["--test-clock", "2027-01-12T23:50"]));
        demo.says("/staff/sign-in");
        let mode = std::fs::metadata(place.path("clock"))
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "nobody else turns it");
        demo
    };
    let told = |line: &str| {
        let mut writes = UnixStream::connect(place.path("clock")).expect("it listens");
        writes.write_all(format!("{line}\n").as_bytes()).expect("sent");
        BufReader::new(writes).lines().next().expect("an answer").expect("text")
    };
    let time = |line: &str| At(told(line).parse().expect("a time"));
    let demo = begins();
    assert_eq!(card(&place)["cities"][0]["passphrase_day"], "2027-01-12");
    let (begun, later) = (time("0"), time("1200"));
    assert_eq!(
        (begun.date_text().as_str(), later.date_text().as_str()),
        ("2027-01-12", "2027-01-13")
    );
    assert!(
        (1200..1260).contains(&later.seconds_since(begun)),
        "{begun:?} {later:?}"
    );
    assert!(told("-1").starts_with("refused"));
    drop(demo);
    let _again = begins();
    assert!(time("0") >= later, "killed and started");
}
