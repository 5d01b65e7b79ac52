//! What an administrator sets: municipalities, the hosts they answer to, their hours, their 合言葉, families that are tries.

use super::{
    database::{Database, on_both},
    desk::{Desk, EVENING},
    reports::registered_family,
};
use server::storage::{CityRow, PassphraseRow, Targets};
use signaling::{
    hours::{Hours, Span},
    id::MunicipalityId,
    time::{At, Millis},
};

pub(crate) fn city(id: &str) -> CityRow {
    CityRow {
        id: id.parse().expect("an id"),
        name: "日野市".to_owned(),
        service_name: "ひの子育て相談".to_owned(),
        hours: Hours::always(),
        reply_hours: 24,
        appointments: None,
        targets: Targets {
            satisfaction_target_tenths: 950,
            satisfaction_baseline_tenths: 990,
            registered_target: 800,
            registered_baseline: 245,
            consultations_target: 1440,
            consultations_baseline: u32::MAX,
        },
        demo: false,
    }
}

/// Monday to Sunday 18:00 to 01:00.
fn nights() -> Hours {
    Hours::every_day(&[Span::try_from((1080, 1500)).expect("a span")])
}

fn phrase(id: &str, from: At, until: Option<At>) -> PassphraseRow {
    PassphraseRow {
        id: id.to_owned(),
        digest: format!("digest of {id}"),
        sealed: format!("sealed {id}"),
        valid_from: from,
        valid_until: until,
    }
}

on_both! {
    async fn a_city_is_found_by_each_of_its_hosts_and_comes_back_as_it_was_set(database: Database) {
        let desk = Desk::on(database);
        let store = desk.store();
        let (hino, tama) = (city("hino"), CityRow { demo: true, ..city("tama") });
        assert!(store.add_city(tama.clone(), vec!["tama.test".to_owned()], EVENING).await.expect("stored"));
        assert!(store.add_city(hino.clone(), vec!["Hino.Test".to_owned()], EVENING).await.expect("stored"));
        let again = CityRow { name: "ほかの市".to_owned(), ..hino.clone() };
        assert!(!store.add_city(again, vec!["other.test".to_owned()], EVENING).await.expect("read"), "it exists");
        assert_eq!(store.cities().await.expect("read"), [hino.clone(), tama.clone()], "by id");
        assert_eq!(store.city(&hino.id).await.expect("read").as_ref(), Some(&hino));
        assert_eq!(store.city_by_host("other.test").await.expect("read"), None, "nothing of the second try is left");

        assert!(store.add_host(&hino.id, "SOUDAN.hino.test").await.expect("stored"));
        for taken in ["soudan.hino.test", "tama.test"] {
            assert!(!store.add_host(&hino.id, taken).await.expect("read"), "{taken}");
        }
        assert_eq!(store.hosts_of(&hino.id).await.expect("read"), ["hino.test", "soudan.hino.test"]);
        assert_eq!(store.hosts_of(&tama.id).await.expect("read"), ["tama.test"]);
        for host in ["hino.test", "soudan.hino.test"] {
            assert_eq!(store.city_by_host(host).await.expect("read").as_ref(), Some(&hino), "{host}");
        }
        let third = store.add_city(city("third"), vec!["third.test".to_owned(), "tama.test".to_owned()], EVENING).await;
        let error = third.expect_err("a host of another city");
        assert!(error.is_conflict("unique_municipality_hosts_host"), "{error:?}");
        assert_eq!(store.cities().await.expect("read").len(), 2, "nothing of it is left");
    }

    async fn new_hours_are_those_of_one_city(database: Database) {
        let desk = Desk::on(database);
        let store = desk.store();
        for id in ["hino", "tama"] {
            store.add_city(city(id), vec![format!("{id}.test")], EVENING).await.expect("stored");
        }
        store.set_hours(&desk.city(), &nights()).await.expect("set");
        let hours = async |id: &MunicipalityId| store.city(id).await.expect("read").expect("a city").hours;
        assert_eq!(hours(&desk.city()).await, nights());
        assert_eq!(hours(&city("tama").id).await, Hours::always());
        store.set_hours(&desk.city(), &Hours::default()).await.expect("set");
        assert_eq!(hours(&desk.city()).await.next_opening(EVENING), None, "closed all week");
        store.set_hours(&city("nowhere").id, &nights()).await.expect("nothing to set");
    }

    async fn words_are_taken_from_their_first_moment_until_their_last_in_their_own_city(database: Database) {
        let desk = Desk::on(database);
        let (store, hino) = (desk.store(), desk.city());
        let tomorrow = EVENING + Millis::minutes(24 * 60);
        let (old, new) = (phrase("old", EVENING, Some(tomorrow)), phrase("new", EVENING + Millis(1), None));
        for row in [&old, &new] {
            store.add_passphrase(&hino, row.clone()).await.expect("stored");
        }
        let elsewhere = phrase("elsewhere", EVENING, None);
        store.add_passphrase(&city("tama").id, elsewhere.clone()).await.expect("stored");
        let valid = async |at: At| store.passphrases(&hino, at).await.expect("read");
        assert!(valid(At(EVENING.0 - 1)).await.is_empty(), "not yet");
        assert_eq!(valid(EVENING).await, *std::slice::from_ref(&old));
        assert_eq!(valid(At(tomorrow.0 - 1)).await, [new.clone(), old], "newest first");
        assert_eq!(valid(tomorrow).await, [new], "the last moment is not in it");
        assert_eq!(store.passphrases(&city("tama").id, tomorrow).await.expect("read"), [elsewhere]);
    }

    async fn a_family_that_is_a_try_of_the_staff_is_in_no_count_however_often_it_is_marked(database: Database) {
        let desk = Desk::on(database);
        let family = registered_family(&desk).await;
        let later = desk.world.now() + Millis(1);
        let counted = async || desk.store().registrations(&desk.city(), later).await.expect("read").len();
        assert_eq!(counted().await, 1);
        for _ in 0..2 {
            desk.store().mark_test(family.guardian, later).await.expect("marked");
            assert_eq!(counted().await, 0);
        }
    }
}
