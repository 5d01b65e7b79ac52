//! What the demo gives out.

use super::process::{Place, Running};
use server::storage::Store;
use signaling::time::{At, Millis};

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
