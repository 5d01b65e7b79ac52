//! A family registers, begins, and is counted.

use super::{
    browser::{Answer, Browser},
    town::{EVENING, Town},
};
use crate::database::{Database, on_both};
use axum::http::StatusCode;
use signaling::{limits, time::Millis};

const COMMAND: &str = "019e0000-0000-7000-8000-000000000001";

pub(crate) fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let filled = [
        ("command", COMMAND),
        ("passphrase", "サクラ２０２６"),
        ("reach", "handbook"),
        ("about", "child"),
        ("born", "2024-08"),
        ("recovery", "ポチ"),
        ("consent_consultation", "on"),
        ("consent_statistics", "on"),
    ];
    let changed = |name: &str| changes.iter().any(|(change, _)| *change == name);
    filled
        .into_iter()
        .filter(|(name, _)| !changed(name))
        .chain(changes.iter().copied())
        .collect()
}

/// A phone whose family is registered, with a command id of its own.
pub(crate) async fn registered(town: &Town, command: &str) -> Browser {
    let mut phone = town.phone();
    assert_eq!(
        phone
            .posts("/register", &form(&[("command", command)]))
            .await
            .leads_to(),
        "/"
    );
    phone
}

/// Begins a consultation and gives its path.
pub(crate) async fn begins(phone: &mut Browser, command: &str) -> String {
    let answer = phone.posts("/start", &[("command", command)]).await;
    let path = answer.leads_to().to_owned();
    assert!(path.starts_with("/t/"), "{path}");
    path
}

fn faults(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer:?}");
    let faults = answer.page["faults"].as_array().expect("faults");
    faults.iter().map(|fault| fault[0].as_str().expect("a field")).collect()
}

async fn active(town: &Town) -> u32 {
    let city = town.city("hino").await;
    let until = town.identity.world.now() + Millis(1);
    let active = town
        .identity
        .store
        .registrations(&city.id, until)
        .await
        .expect("counted");
    u32::try_from(active.len()).expect("a few")
}

on_both! {
    async fn a_family_registers_with_the_words_of_the_poster_and_is_known_again(database: Database) {
        let town = Town::on(&database).await;
        let mut phone = town.phone();
        let blank = phone.opens("/register?phrase=%E3%81%95%E3%81%8F%E3%82%892026").await;
        assert_eq!(blank.text("passphrase"), "さくら2026");
        assert!(blank.page["consents"].as_array().expect("consents").iter().all(|one| one["given"] == false));
        assert_eq!(phone.posts("/register", &form(&[])).await.leads_to(), "/");
        let mine = phone.opens("/mine").await;
        assert_eq!(mine.page["devices"][0]["name"], "iPhone・Safari");
        assert_eq!(phone.opens("/register").await.leads_to(), "/", "registered already");
        let city = town.city("hino").await;
        let registered = town.identity.store.registrations(&city.id, EVENING + Millis(1)).await.expect("counted");
        let told: Vec<_> = registered.iter().map(|one| (one.at, one.reach.as_str(), one.institution.clone())).collect();
        assert_eq!(told, [(EVENING, "handbook", None)]);
    }

    async fn every_wrong_field_is_named_and_what_was_typed_comes_back(database: Database) {
        let town = Town::on(&database).await;
        let mut phone = town.phone();
        let empty = phone.posts("/register", &[]).await;
        assert_eq!(faults(&empty), ["passphrase", "about", "consent_consultation"]);
        let future = form(&[("born", "2027-01-01"), ("passphrase", "もみじ"), ("recovery", "あ")]);
        let answer = phone.posts("/register", &future).await;
        assert_eq!(faults(&answer), ["passphrase", "born", "recovery"], "another city's words are no key");
        assert_eq!(answer.page["draft"]["born"], "2027-01-01");
        let long = "長".repeat(100_000);
        phone.posts("/register", &form(&[("recovery", &long), ("reach", &long)])).await;
        assert_eq!(active(&town).await, 0);
    }

    async fn the_form_sent_twice_registers_one_family_and_both_answers_are_good(database: Database) {
        let town = Town::on(&database).await;
        let posts = (0..4).map(|_| {
            let mut phone = town.phone();
            tokio::spawn(async move {
                phone.posts("/register", &form(&[])).await.leads_to();
                phone
            })
        });
        let mut phones = Vec::new();
        for post in posts.collect::<Vec<_>>() {
            phones.push(post.await.expect("it ran"));
        }
        assert_eq!(active(&town).await, 1);
        for phone in &mut phones {
            let mine = phone.opens("/mine").await;
            assert_eq!(mine.page["devices"].as_array().expect("devices").len(), 1, "the same device");
        }
    }

    async fn somebody_elses_form_with_the_same_id_opens_nothing(database: Database) {
        let town = Town::on(&database).await;
        town.phone().posts("/register", &form(&[])).await.leads_to();
        let mut stranger = town.phone();
        assert_eq!(faults(&stranger.posts("/register", &form(&[("born", "2020-01-01")])).await), ["form"]);
        assert_eq!(faults(&town.desktop().posts("/register", &form(&[])).await), ["form"]);
        town.later(limits::REGISTRATION_AGAIN);
        let late = stranger.posts("/register", &form(&[])).await;
        assert_eq!(faults(&late), ["form"], "after ten minutes nobody gets it again");
        assert!(stranger.cookies.is_empty());
        let fresh = late.text("command").to_owned();
        stranger.posts("/register", &form(&[("command", &fresh)])).await.leads_to();
        assert_eq!(active(&town).await, 2);
    }

    async fn who_guesses_the_words_is_stopped(database: Database) {
        let town = Town::on(&database).await;
        let mut guesser = town.phone();
        for _ in 0..limits::PASSPHRASES_PER_ADDRESS {
            faults(&guesser.posts("/register", &form(&[("passphrase", "たんぽぽ")])).await);
        }
        assert_eq!(faults(&guesser.posts("/register", &form(&[])).await), ["passphrase"], "even the right words");
        town.later(limits::ADDRESS_WINDOW);
        guesser.posts("/register", &form(&[])).await.leads_to();
    }

    async fn a_first_consultation_registers_on_the_way(database: Database) {
        let town = Town::on(&database).await;
        let mut phone = town.phone();
        assert_eq!(phone.posts("/start", &[("command", COMMAND)]).await.leads_to(), "/register");
        let path = phone.posts("/register", &form(&[])).await.leads_to().to_owned();
        assert!(path.starts_with("/t/"), "{path}");
        let guardian = town.identity.open_ticket(&path[3..], &town.city("hino").await.id).await.expect("read");
        let draft = town.identity.subject_draft(guardian.expect("a ticket").guardian).await.expect("opened");
        assert_eq!((draft.about.as_str(), draft.born.as_str()), ("child", "2024-08"));
    }

    async fn beginning_twice_goes_on_with_the_same_ticket(database: Database) {
        let town = Town::on(&database).await;
        let mut phone = registered(&town, COMMAND).await;
        let first = begins(&mut phone, "019e0000-0000-7000-8000-00000000000a").await;
        assert_eq!(begins(&mut phone, "019e0000-0000-7000-8000-00000000000a").await, first);
        assert_eq!(begins(&mut phone, "019e0000-0000-7000-8000-00000000000b").await, first, "nothing typed is lost");
        let mine = phone.opens("/mine").await;
        assert_eq!(mine.page["consultations"][0]["path"], first.as_str());
        assert_eq!(mine.page["consultations"][0]["standing"], "受付前");
        assert_eq!(first.len(), "/t/".len() + 32);
    }

    async fn a_ticket_is_found_in_its_own_city_only(database: Database) {
        let town = Town::on(&database).await;
        let mut phone = registered(&town, COMMAND).await;
        let path = begins(&mut phone, COMMAND).await;
        let ticket = &path[3..];
        let (hino, tama) = (town.city("hino").await.id, town.city("tama").await.id);
        assert!(town.identity.open_ticket(ticket, &hino).await.expect("read").is_some());
        assert!(town.identity.open_ticket(ticket, &tama).await.expect("read").is_none());
        assert!(town.identity.open_ticket(&ticket.to_uppercase(), &hino).await.expect("read").is_none());
        let door = format!("{path}/door");
        let there = phone.at("tama.test").posts(&door, &[("code", "123456")]).await;
        assert_eq!(there.status, StatusCode::NOT_FOUND);
        assert_eq!(phone.at("tama.test").opens("/mine").await.status, StatusCode::FORBIDDEN, "nor is the credential");
    }
}

#[tokio::test]
async fn no_secret_and_no_birth_date_stands_in_the_database_in_clear() {
    let database = Database::sqlite().await;
    let town = Town::on(&database).await;
    let mut phone = town.phone();
    phone
        .posts(
            "/register",
            &form(&[("born", "2024-08-17"), ("recovery", "あかいながぐつ")]),
        )
        .await
        .leads_to();
    let path = begins(&mut phone, COMMAND).await;
    phone.posts(&format!("{path}/transfer"), &[]).await.leads_to();
    let transfer = phone.opens(&format!("{path}/transfer")).await;
    let link = transfer.text("link").rsplit('/').next().expect("a token").to_owned();
    let file = database.url.strip_prefix("sqlite://").expect("a file");
    let mut bytes = std::fs::read(file).expect("the database");
    bytes.extend(std::fs::read(format!("{file}-wal")).unwrap_or_default());
    let stored = String::from_utf8_lossy(&bytes);
    let token = phone.cookies["soudan"].clone();
    for planted in ["2024-08-17", "あかいながぐつ", "さくら2026", &path[3..], &link, &token] {
        assert!(!stored.contains(planted), "{planted} stands in the database");
    }
    assert!(stored.contains("iPhone・Safari"), "the reading itself works");
}
