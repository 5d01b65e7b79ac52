//! Two cities on one server, with a clock that tests turn.

use super::browser::Browser;
use crate::{city::new_city, database::Database};
use axum::Router;
use server::{
    clock::{HandClock, World},
    identity::Identity,
    link::{self, AsJson},
    seal::Keys,
    storage::CityRow,
};
use signaling::{
    actor::Role,
    time::{At, Millis},
};
use std::sync::Arc;

/// 2026-11-22 19:00 in the city.
pub(crate) const EVENING: At = At(1_795_341_600_000);
/// The password of every member of staff.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A server with the cities Hino (`hino.test`, 合言葉 「さくら2026」) and Tama (`tama.test`, 「もみじ」).
#[derive(Clone)]
pub(crate) struct Town {
    pub(crate) identity: Identity,
    pub(crate) clock: HandClock,
    pub(crate) router: Router,
}

impl Town {
    pub(crate) async fn on(database: &Database) -> Self {
        let clock = HandClock::at(EVENING);
        let world = World::new(clock.clone());
        let identity = Identity::new(
            database.store.clone(),
            &Keys::new(&[7; 32]),
            world,
            Arc::new(AsJson),
            false,
        );
        let router = link::routes().with_state(identity.clone());
        let town = Self {
            identity,
            clock,
            router,
        };
        for (id, name, words) in [("hino", "日野市", "さくら2026"), ("tama", "多摩市", "もみじ")] {
            town.found(id, name, words).await;
        }
        town
    }

    async fn found(&self, id: &str, name: &str, words: &str) {
        let city = new_city(id, name, false);
        let id = city.id.clone();
        assert!(self.identity.add_city(city).await.expect("founded"));
        self.identity.add_passphrase(&id, words, None).await.expect("given out");
    }

    pub(crate) async fn city(&self, id: &str) -> CityRow {
        let id = id.parse().expect("an id");
        self.identity.store.city(&id).await.expect("read").expect("a city")
    }

    /// A browser of a family on an iPhone that asks for Hino.
    pub(crate) fn phone(&self) -> Browser {
        Browser::new(
            self.router.clone(),
            "hino.test",
            "Mozilla/5.0 (iPhone) Version/18.0 Mobile Safari/604.1",
        )
    }

    /// The screen inside of LINE, on the same iPhone.
    pub(crate) fn line(&self) -> Browser {
        Browser::new(
            self.router.clone(),
            "hino.test",
            "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Safari Line/14.19.2",
        )
    }

    /// A browser on a desk of Hino.
    pub(crate) fn desktop(&self) -> Browser {
        Browser::new(
            self.router.clone(),
            "hino.test",
            "Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36",
        )
    }

    /// An enrolled doctor of Hino, login `sato`.
    pub(crate) async fn doctor(&self) {
        let city = self.city("hino").await;
        let added = self
            .identity
            .add_enrolled_staff(&city, "sato", "佐藤", Role::Pediatrician, PASSWORD)
            .await;
        added.expect("added").expect("a new login");
    }

    /// What the doctor's authenticator shows now.
    pub(crate) async fn code(&self) -> String {
        let city = self.city("hino").await;
        self.identity
            .current_code(&city, "sato")
            .await
            .expect("read")
            .expect("enrolled")
    }

    pub(crate) fn later(&self, length: Millis) {
        self.clock.turn(length);
    }
}
