//! What happens by itself.

use super::{
    database::{Database, on_both},
    desk::{Desk, Family, ring},
};
use server::timers;
use signaling::{
    actor::Actor,
    call::CallOutcome,
    consultation::{Command, Fact},
    time::Millis,
};

async fn ringing(desk: &Desk) -> Family {
    let family = desk.waiting_family().await;
    let clinician = desk.clinician("佐藤");
    desk.claims(&family, &clinician).await.expect("taken");
    desk.does(&family, &Actor::Staff(clinician), &ring())
        .await
        .expect("it rings");
    family
}

async fn unanswered(desk: &Desk, family: &Family) -> usize {
    let events = desk.spine.events(family.consultation, 0, 100).await.expect("the log");
    let ended = |fact: &Fact| {
        matches!(
            fact,
            Fact::CallEnded {
                outcome: CallOutcome::Unanswered,
                ..
            }
        )
    };
    events.iter().filter(|event| ended(&event.fact)).count()
}

on_both! {
    async fn a_phone_stops_ringing_after_a_minute_and_not_before(database: Database) {
        let desk = Desk::on(database);
        let family = ringing(&desk).await;
        desk.clock.turn(Millis::seconds(59));
        assert_eq!(timers::fire_due(&desk.spine).await.expect("served"), 0);
        desk.clock.turn(Millis::seconds(1));
        assert_eq!(timers::fire_due(&desk.spine).await.expect("served"), 1);
        assert_eq!(unanswered(&desk, &family).await, 1);
        assert_eq!(desk.store().next_due().await.expect("read"), None);
    }

    async fn a_timer_that_two_servers_fire_takes_effect_once(database: Database) {
        let desk = Desk::on(database);
        let there = desk.another_server().await;
        let family = ringing(&desk).await;
        desk.clock.turn(Millis::minutes(2));
        let (here, there) = tokio::join!(timers::fire_due(&desk.spine), timers::fire_due(&there));
        assert!(here.expect("served") + there.expect("served") >= 1);
        assert_eq!(unanswered(&desk, &family).await, 1);
    }

    async fn an_answered_call_has_no_timer(database: Database) {
        let desk = Desk::on(database);
        let family = ringing(&desk).await;
        desk.does(&family, &family.actor(), &Command::Join { call: 4 }).await.expect("answered");
        assert_eq!(desk.store().next_due().await.expect("read"), None);
    }

    async fn timers_that_fell_due_while_no_server_ran_fire_when_one_starts(database: Database) {
        let desk = Desk::on(database);
        let family = ringing(&desk).await;
        desk.clock.turn(Millis::hours(3));
        let restarted = desk.another_server().await;
        let mut woken = restarted.subscribe();
        let task = tokio::spawn(timers::run(restarted));
        assert_eq!(woken.recv().await.expect("woken").consultation, family.consultation);
        assert_eq!(unanswered(&desk, &family).await, 1);
        task.abort();
    }

    async fn the_timers_task_wakes_for_a_timer_that_was_written_after_it_began_to_wait(database: Database) {
        let desk = Desk::on(database);
        let task = tokio::spawn(timers::run(desk.spine.clone()));
        let family = ringing(&desk).await;
        let mut woken = desk.spine.subscribe();
        desk.clock.turn(Millis::seconds(60));
        assert_eq!(woken.recv().await.expect("woken").consultation, family.consultation);
        assert_eq!(unanswered(&desk, &family).await, 1);
        task.abort();
    }
}
