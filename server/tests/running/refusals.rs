//! What does not start, and what it says about it.

use super::process::{Place, Running, ends};

#[test]
fn a_wrong_value_stops_the_start_and_is_named_with_what_is_allowed() {
    let place = Place::new();
    for (variable, value, allowed) in [
        ("SOUDAN_LISTEN", "everywhere", "ADDRESS:PORT"),
        ("SOUDAN_DATABASE_URL", "mysql://desk@db", "sqlite://PATH"),
        ("SOUDAN_BEHIND_HTTPS_PROXY", "perhaps", "true or false"),
        ("SOUDAN_CALLS_ICE_SERVERS", "stun:x", "an array of tables"),
        ("SOUDAN_CALLS_ICE_POLICY", "some", "all or relay"),
        ("SOUDAN_LOG_FORMAT", "xml", "text or json"),
        ("SOUDAN_MASTER_KEY_FILE", "", "64 hexadecimal digits"),
    ] {
        let (started, said) = ends(place.serve().env(variable, value));
        let key = variable.trim_start_matches("SOUDAN_").to_lowercase();
        assert!(!started, "{variable}");
        assert!(
            said.replace(['.', '_'], "").contains(&key.replace('_', "")),
            "{variable}: {said}"
        );
        assert!(said.contains(allowed), "{variable}: {said}");
        // The value is quoted, but where it may hold a password.
        let secret = ["SOUDAN_DATABASE_URL", "SOUDAN_CALLS_ICE_SERVERS"].contains(&variable);
        let quoted = format!("{:?}", if secret { "…" } else { value });
        assert!(said.contains(&quoted), "{variable}: {said}");
        assert!(!secret || !said.contains(value), "{variable}: {said}");
    }
    let (started, said) = ends(place.serve().env("SOUDAN_TLS_KEY_FILE", "key.pem"));
    assert!(
        !started && said.contains("tls.certificate_file"),
        "half of a pair: {said}"
    );
    place.writes("soudan.toml", "lisen = \"127.0.0.1:0\"");
    let (started, said) = ends(&mut place.serve());
    assert!(!started && said.contains("lisen"), "a key that does not exist: {said}");
}

#[test]
fn without_a_master_key_nothing_is_served_and_the_line_that_makes_one_is_named() {
    let place = Place::new();
    place.writes("soudan.toml", "listen = \"127.0.0.1:0\"");
    let (started, said) = ends(&mut place.serve());
    assert!(!started && said.contains("openssl rand -hex 32"), "{said}");
}

#[test]
fn a_demos_database_is_not_served_and_a_real_one_is_no_demo() {
    let place = Place::new();
    let mut demo = Running::start(&mut place.demo("127.0.0.1:0"));
    demo.says("/staff/sign-in");
    drop(demo);
    let (started, said) = ends(&mut place.serve());
    assert!(!started && said.contains("this is a demo's database"), "{said}");

    let place = Place::new();
    super::staff::founded(&place);
    let (started, said) = ends(&mut place.demo("127.0.0.1:0"));
    assert!(!started && said.contains("is not a demo's database"), "{said}");
}

#[test]
fn a_demo_in_clear_is_for_this_machine_only() {
    let place = Place::new();
    let (started, said) = ends(&mut place.demo("192.0.2.1:0"));
    assert!(!started && said.contains("--lan"), "{said}");
}

#[test]
fn a_clock_that_tests_move_is_for_a_demo_on_this_machine_that_was_begun_with_one() {
    let place = Place::new();
    let clock = ["--test-clock", "2027-01-12T21:30"];
    let (started, said) = ends(place.serve().args(clock));
    assert!(
        !started && said.contains("unexpected argument '--test-clock'"),
        "{said}"
    );
    for (further, why) in [(&["--lan"] as &[_], "--lan"), (&["--edge", "8443"], "--edge")] {
        let (started, said) = ends(place.demo("127.0.0.1:0").args(clock).args(further));
        assert!(
            !started && said.contains("cannot be used with") && said.contains(why),
            "{said}"
        );
    }
    let (started, said) = ends(place.demo("127.0.0.1:0").args(["--test-clock", "tonight"]));
    assert!(!started && said.contains("a time such as 2027-01-12T21:30"), "{said}");

    let mut demo = Running::start(&mut place.demo("127.0.0.1:0"));
    demo.says("/staff/sign-in");
    drop(demo);
    let (started, said) = ends(place.demo("127.0.0.1:0").args(clock));
    assert!(!started && said.contains("begun with another clock"), "{said}");

    let place = Place::new();
    let mut demo = Running::start(place.demo("127.0.0.1:0").args(clock));
    demo.says("/staff/sign-in");
    drop(demo);
    let (started, said) = ends(&mut place.demo("127.0.0.1:0"));
    assert!(!started && said.contains("begun with another clock"), "{said}");
    let (started, said) = ends(&mut place.serve());
    assert!(!started && said.contains("this is a demo's database"), "{said}");
}
