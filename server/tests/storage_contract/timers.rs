//! What happens by itself.

use super::{
    database::{Database, on_both},
    desk::{Desk, EVENING, Family, ring, say},
};
use futures_util::FutureExt;
use server::timers::{self, Rounds};
use signaling::{
    actor::Actor,
    call::CallOutcome,
    consultation::{Command, Fact},
    time::Millis,
};
use sqlx::AssertSqlSafe;

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

async fn checkpoints(desk: &Desk) -> usize {
    desk.store().checkpoints(0, 100).await.expect("read").len()
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
        let next = desk.store().next_due().await.expect("read");
        assert!(next.is_none_or(|due| due > desk.world.now()), "it rings no more");
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

    async fn a_timer_whose_log_cannot_be_read_holds_up_no_other_and_is_put_off(database: Database) {
        let desk = Desk::on(database);
        let (broken, whole) = (ringing(&desk).await, ringing(&desk).await);
        let facts = format!("UPDATE events SET facts = 'x' WHERE consultation_id = '{}'", broken.consultation);
        let broke = desk.store().write(|connection| {
            async move { Ok(sqlx::query(AssertSqlSafe(facts)).execute(connection).await?.rows_affected()) }.boxed()
        });
        assert!(broke.await.expect("the database does not mind") > 0);
        desk.clock.turn(Millis::minutes(2));
        let restarted = desk.another_server().await;
        assert_eq!(timers::fire_due(&restarted).await.expect("served"), 1);
        assert_eq!(unanswered(&desk, &whole).await, 1);
        let hour = desk.world.now() + Millis::hours(1);
        let waiting = desk.store().due_timers(hour, 100).await.expect("read");
        let again = waiting.iter().find(|timer| timer.consultation == broken.consultation);
        assert_eq!(again.expect("it is still there").due_at, hour, "and disturbs nobody until then");
    }

    async fn checkpoint_and_purge_do_not_wait_for_timers_that_fail(database: Database) {
        let desk = Desk::on(database);
        ringing(&desk).await;
        let away = desk.store().write(|connection| {
            async move { Ok(sqlx::query("ALTER TABLE timers RENAME TO elsewhere").execute(connection).await?.rows_affected()) }.boxed()
        });
        away.await.expect("renamed");
        let next = Rounds::default().go(&desk.spine).await;
        assert_eq!(next, desk.world.now() + Millis::seconds(1), "timers are soon tried again");
        assert_eq!(checkpoints(&desk).await, 1);
    }

    async fn a_checkpoint_is_made_every_hour_in_which_something_was_written(database: Database) {
        let desk = Desk::on(database);
        let mut rounds = Rounds::default();
        rounds.go(&desk.spine).await;
        assert_eq!(checkpoints(&desk).await, 0, "there is nothing to say");
        let family = desk.waiting_family().await;
        desk.clock.turn(Millis::minutes(59));
        assert!(rounds.go(&desk.spine).await <= EVENING + Millis::hours(1));
        assert_eq!(checkpoints(&desk).await, 0, "not before the hour");
        desk.clock.turn(Millis::minutes(1));
        rounds.go(&desk.spine).await;
        assert_eq!(checkpoints(&desk).await, 1);
        desk.clock.turn(Millis::hours(1));
        rounds.go(&desk.spine).await;
        assert_eq!(checkpoints(&desk).await, 1, "nothing was written in this hour");
        desk.does(&family, &family.actor(), &say("熱が下がりません")).await.expect("said");
        desk.clock.turn(Millis::hours(1));
        rounds.go(&desk.spine).await;
        assert_eq!(checkpoints(&desk).await, 2);
    }

    async fn a_server_that_starts_again_keeps_the_hour_of_the_last_checkpoint(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        Rounds::default().go(&desk.spine).await;
        assert_eq!(checkpoints(&desk).await, 1);
        desk.does(&family, &family.actor(), &say("熱が下がりません")).await.expect("said");
        desk.clock.turn(Millis::minutes(30));
        let mut restarted = Rounds::default();
        restarted.go(&desk.spine).await;
        assert_eq!(checkpoints(&desk).await, 1, "half an hour is left");
        desk.clock.turn(Millis::minutes(30));
        restarted.go(&desk.spine).await;
        assert_eq!(checkpoints(&desk).await, 2);
    }

    async fn what_is_older_than_a_week_is_forgotten_once_a_day(database: Database) {
        let desk = Desk::on(database);
        let mut rounds = Rounds::default();
        rounds.go(&desk.spine).await;
        desk.clock.turn(Millis::hours(1));
        let (family, id) = (desk.family(), desk.new_command());
        let again = async || {
            let request = family.request(&[]);
            desk.spine.execute(family.consultation, &family.actor(), id, &request).await
        };
        again().await.expect("sent");
        desk.clock.turn(Millis::hours(7 * 24 - 1));
        rounds.go(&desk.spine).await;
        desk.clock.turn(Millis::hours(2));
        rounds.go(&desk.spine).await;
        assert!(again().await.expect("known").replayed, "a week old, but the day is not over");
        desk.clock.turn(Millis::hours(22));
        rounds.go(&desk.spine).await;
        again().await.expect_err("forgotten, so it is decided again");
    }
}
