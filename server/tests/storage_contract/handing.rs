//! For whom a consultation waits that was handed on, and the timers of those who are quiet, as rows.

use super::{
    database::{Database, on_both},
    desk::{Desk, Family},
};
use server::timers;
use signaling::{
    actor::{Actor, Role},
    consultation::Command,
    hand_over::{HandOver, HandTo, Meant, Patience},
    queue::Place,
    time::Millis,
};

fn on(to: HandTo) -> Command {
    Command::HandOn {
        to,
        hand_over: Box::new(HandOver {
            note: "医師の判断が必要なため".to_owned(),
            ..HandOver::default()
        }),
        colleague: None,
    }
}

async fn count(desk: &Desk, family: &Family, kind: &str) -> usize {
    let events = desk.spine.events(family.consultation, 0, 100).await.expect("read");
    events.iter().filter(|event| event.fact.kind() == kind).count()
}

async fn places(desk: &Desk) -> Vec<Place> {
    desk.store().places(&desk.city(), 10).await.expect("read")
}

on_both! {
    async fn who_waits_for_a_profession_is_read_so_until_it_lapses(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        assert_eq!(places(&desk).await[0].meant_for, None);
        let doctor = desk.clinician("佐藤");
        desk.claims(&family, &doctor).await.expect("taken");
        let actor = Actor::Staff(doctor.clone());
        let to = HandTo::Profession(Role::Midwife);
        desk.does(&family, &actor, &on(to)).await.expect("handed on");
        let place = places(&desk).await[0];
        assert_eq!(place.meant_for, Some(Meant::Profession(Role::Midwife)));
        assert!(!place.is_for(&doctor));
        assert!(desk.spine.verify(family.consultation).await.is_ok());
        desk.clock.turn(Patience::default().hand_over);
        assert!(timers::fire_due(&desk.spine).await.expect("fired") >= 1, "its own, beside those of the ladder");
        assert_eq!(places(&desk).await[0].meant_for, None);
        desk.claims(&family, &doctor).await.expect("for everybody");
    }

    async fn a_timer_that_fell_due_while_no_server_ran_fires_once(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        desk.claims(&family, &desk.clinician("佐藤")).await.expect("taken");
        let patience = Patience::default();
        desk.clock.turn(patience.idle);
        desk.clock.turn(Millis::minutes(30));
        let (one, other) = (desk.another_server().await, desk.another_server().await);
        let (first, second) = tokio::join!(timers::fire_due(&one), timers::fire_due(&other));
        first.expect("fired");
        second.expect("fired");
        assert_eq!(count(&desk, &family, "idle_asked").await, 1, "each step once, whoever fires it");
        assert_eq!(
            count(&desk, &family, "idle_returned").await,
            0,
            "late by the time that nobody ran, and with its own wait"
        );
        desk.clock.turn(patience.idle_answer);
        timers::fire_due(&one).await.expect("fired");
        timers::fire_due(&other).await.expect("fired");
        assert_eq!(count(&desk, &family, "idle_returned").await, 1);
        assert_eq!(places(&desk).await.len(), 1, "it waits again");
    }

    async fn a_clock_that_was_an_hour_ahead_makes_nobody_wait_an_hour_longer(database: Database) {
        let desk = Desk::on(database);
        let mut rounds = timers::Rounds::default();
        desk.clock.turn(Millis::hours(1));
        rounds.go(&desk.spine).await;
        let family = desk.waiting_family().await;
        desk.claims(&family, &desk.clinician("佐藤")).await.expect("taken");
        desk.clock.turn(Millis::hours(-1));
        rounds.go(&desk.spine).await;
        let patience = Patience::default();
        desk.clock.turn(patience.idle);
        rounds.go(&desk.spine).await;
        assert_eq!(count(&desk, &family, "idle_asked").await, 1);
        desk.clock.turn(patience.idle_answer);
        rounds.go(&desk.spine).await;
        assert_eq!(count(&desk, &family, "idle_returned").await, 1);
    }
}
