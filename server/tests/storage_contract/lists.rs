//! Rows, the queue and lists; commands remembered and forgotten; notices.

use super::{
    database::{Database, on_both},
    desk::{Desk, note, ring, say},
};
use server::storage::{Audience, ConsultationRow, RowStage};
use signaling::{
    actor::Actor,
    call::Path,
    consultation::Command,
    intake::Service,
    survey::Answer,
    time::{At, Millis},
    triage::{Action, Acuity},
};

on_both! {
    async fn the_queue_is_in_order_of_rank_and_counted_by_class(database: Database) {
        let desk = Desk::on(database);
        let white = desk.waiting_family().await;
        let green = desk.family();
        let flags = [("C05", Action::SecondClass)];
        desk.does(&green, &green.actor(), &green.request(&flags)).await.expect("sent");
        let red = desk.family();
        desk.does(&red, &red.actor(), &red.request(&[("C01", Action::Call119)])).await.expect("sent");
        let late = desk.waiting_family().await;
        let order = [red, green, white, late].map(|family| family.consultation);
        assert_eq!(desk.spine.waiting(&desk.city(), 10).await.expect("read"), order);
        assert_eq!(desk.spine.waiting(&desk.city(), 2).await.expect("read"), order[..2]);
        let places = desk.spine.places(&desk.city()).await.expect("read");
        assert_eq!(places.iter().map(|place| place.consultation).collect::<Vec<_>>(), order);
        assert_eq!(places[0].acuity, Acuity::Red);
        assert!(places.iter().all(|place| place.service == Service::Night));
        let counts = desk.spine.waiting_counts(&desk.city()).await.expect("read");
        let expected = [(Acuity::Red, 1), (Acuity::Yellow, 0), (Acuity::Green, 1), (Acuity::White, 2)];
        assert_eq!(counts, expected);
        let rows = desk.store().waiting(&desk.city(), 10).await.expect("read");
        assert_eq!(rows[0].flags[0].rule, "C01");
        let elsewhere = "tama".parse().expect("a municipality");
        assert!(desk.spine.waiting(&elsewhere, 10).await.expect("read").is_empty(), "another city sees nobody");
    }

    async fn a_row_is_what_folding_the_log_gives_at_every_step(database: Database) {
        let desk = Desk::on(database);
        let family = desk.family();
        let clinician = desk.clinician("佐藤");
        let (parent, doctor) = (family.actor(), Actor::Staff(clinician.clone()));
        let steps = [
            (&parent, family.request(&[("C02", Action::VisitNow)])),
            (&doctor, Command::Claim { overtake_reason: None }),
            (&doctor, say("こんばんは")),
            (&doctor, ring()),
            (&parent, Command::Join { call: 6 }),
            (&parent, Command::CallConnected { call: 6, path: Path::Direct }),
            (&parent, Command::HangUp { call: 6, failed: false }),
            (&doctor, note()),
            (&doctor, Command::Close),
            (&parent, Command::Survey { answer: Answer::Yes, words: Some("助かりました".to_owned()) }),
        ];
        for (actor, command) in &steps {
            let outcome = desk.does(&family, actor, command).await.expect("took effect");
            desk.clock.turn(Millis::seconds(30));
            let row = desk.store().consultation(family.consultation).await.expect("read");
            assert_eq!(row, ConsultationRow::of(family.consultation, &outcome.state), "{command:?}");
        }
        let row = desk.store().consultation(family.consultation).await.expect("read").expect("there");
        assert_eq!((row.stage, row.talk_seconds, row.survey), (RowStage::Closed, 30, Some(Answer::Yes)));
        assert_eq!(row.signed.map(|(by, _)| by), Some(clinician));
    }

    async fn lists_know_who_has_what(database: Database) {
        let desk = Desk::on(database);
        let (one, _) = (desk.waiting_family().await, desk.waiting_family().await);
        let clinician = desk.clinician("佐藤");
        desk.claims(&one, &clinician).await.expect("taken");
        let city = desk.city();
        let claimed = desk.spine.claimed(&city).await.expect("read");
        assert_eq!(claimed.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [one.consultation]);
        assert_eq!(desk.spine.open_of(clinician.id).await.expect("read"), [one.consultation]);
    }

    async fn how_long_closed_consultations_took_is_read_for_one_city_and_a_span_of_time(database: Database) {
        let desk = Desk::on(database);
        let clinician = desk.clinician("佐藤");
        let doctor = Actor::Staff(clinician.clone());
        let before = desk.world.now();
        for minutes in [5, 20] {
            let family = desk.waiting_family().await;
            desk.claims(&family, &clinician).await.expect("taken");
            desk.clock.turn(Millis::minutes(minutes));
            desk.does(&family, &doctor, &note()).await.expect("signed");
            desk.does(&family, &doctor, &Command::Close).await.expect("closed");
        }
        let left = desk.waiting_family().await;
        desk.does(&left, &left.actor(), &Command::Cancel).await.expect("left");
        let seconds = desk.store().service_seconds(&desk.city(), before, 10).await.expect("read");
        assert_eq!(seconds, [1_200, 300], "latest first, and nobody who left");
        let latest = desk.store().service_seconds(&desk.city(), before, 1).await.expect("read");
        assert_eq!(latest, [1_200]);
        let later = At(desk.world.now().0 + 1);
        assert!(desk.store().service_seconds(&desk.city(), later, 10).await.expect("read").is_empty());
        let elsewhere = "tama".parse().expect("a municipality");
        assert!(desk.store().service_seconds(&elsewhere, before, 10).await.expect("read").is_empty());
    }

    async fn results_of_commands_are_forgotten_after_a_week(database: Database) {
        let desk = Desk::on(database);
        let family = desk.family();
        let id = desk.new_command();
        let request = family.request(&[]);
        desk.spine.execute(family.consultation, &family.actor(), id, &request).await.expect("sent");
        desk.clock.turn(Millis::days(6));
        server::timers::purge(&desk.spine).await.expect("purged");
        let again = desk.spine.execute(family.consultation, &family.actor(), id, &request).await;
        assert!(again.expect("still known").replayed);
        desk.clock.turn(Millis::days(2));
        server::timers::purge(&desk.spine).await.expect("purged");
        desk.spine.execute(family.consultation, &family.actor(), id, &request).await.expect_err("forgotten");
    }

    async fn a_notice_is_sent_by_one_sender_and_says_nothing_of_the_matter(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let clinician = desk.clinician("佐藤");
        desk.claims(&family, &clinician).await.expect("taken");
        desk.does(&family, &Actor::Staff(clinician), &say("熱は")).await.expect("said");
        let notices = desk.store().unsent_notices(Audience::Family, 10).await.expect("read");
        assert_eq!(notices.iter().map(|notice| notice.kind.as_str()).collect::<Vec<_>>(), ["claimed", "answered"]);
        let now = desk.world.now();
        assert!(desk.store().mark_sent(&notices[0], now).await.expect("marked"));
        assert!(!desk.store().mark_sent(&notices[0], now).await.expect("somebody else did"));
        assert_eq!(desk.store().unsent_notices(Audience::Family, 10).await.expect("read"), notices[1..]);
    }

    async fn what_is_for_staff_is_not_among_the_notices_of_families_and_each_is_sent_by_itself(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let clinician = desk.clinician("佐藤");
        desk.claims(&family, &clinician).await.expect("taken");
        let raise = Command::RaiseConcern { facts: "あざ".to_owned() };
        desk.does(&family, &Actor::Staff(clinician), &raise).await.expect("raised");
        let unsent = async |audience| {
            let notices = desk.store().unsent_notices(audience, 10).await.expect("read");
            notices.into_iter().map(|notice| (notice.audience, notice.kind)).collect::<Vec<_>>()
        };
        let family_is_told = [(Audience::Family, "claimed".to_owned())];
        assert_eq!(unsent(Audience::Family).await, family_is_told);
        assert_eq!(unsent(Audience::Staff).await, [(Audience::Staff, "supervisor_concern".to_owned())]);
        let for_staff = desk.store().unsent_notices(Audience::Staff, 10).await.expect("read");
        assert!(desk.store().mark_sent(&for_staff[0], desk.world.now()).await.expect("marked"));
        assert_eq!(unsent(Audience::Staff).await, []);
        assert_eq!(unsent(Audience::Family).await, family_is_told);
    }
}
