//! What an administrator is told.

use crate::place::Place;
use server::{
    clock::{SystemClock, World},
    config::Config,
    doctor::{self, Findings},
};

async fn findings(place: &Place, config: &Config) -> Findings {
    let url = format!("https://localhost:{}", place.tls.port());
    doctor::examine(config, Some(&url), Some(&place.authority()), &World::new(SystemClock)).await
}

#[tokio::test]
async fn a_desk_that_works_is_found_well_over_every_transport() {
    let place = Place::new().await;
    let config = place.config();
    let found = findings(&place, &config).await;
    assert!(found.are_well(), "{found}");
    let about: Vec<&str> = found.0.iter().map(|finding| finding.what.as_str()).collect();
    assert_eq!(about[..5], ["database", "TLS", "desk", "clock", "WebSocket"]);
    assert_eq!(about[5..], config.turn.external);
}

#[tokio::test]
async fn what_is_wrong_is_named_with_what_mends_it() {
    let mut place = Place::new().await;
    place.desk_goes_away().await;
    let mut config = place.config();
    let other = place.authority().with_extension("other");
    std::fs::write(&other, "a secret that the relay does not have").expect("written");
    config.turn.secret_file = Some(other);
    config.turn.external.push("turn:127.0.0.2:9?transport=tcp".into());
    let found = findings(&place, &config).await.to_string();
    for line in [
        "要対応  desk: 止まっています。soudan serve を起動し",
        "turn.secret_file と同じで、時計が合っている",
        "TCP 9 番が通ること",
    ] {
        assert!(found.contains(line), "{line} in {found}");
    }
    assert!(found.contains("良好    TLS"), "{found}");
}
