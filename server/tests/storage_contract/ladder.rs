//! The ladder's timers: a server that is killed at any step and started again takes each step once.

use super::{
    database::{Database, on_both},
    desk::{Desk, Family},
};
use server::{
    spine::{Spine, Surroundings},
    storage::Store,
    timers,
};
use signaling::{
    actor::{Actor, Role, Staff},
    consultation::{Command, Fact},
    id::StaffId,
    ladder::{Delays, Reach, Step},
    time::{At, Millis},
};

/// A server on the desk's database, with a desk for every step. It knows nothing but what is stored.
async fn server_started_on(desk: &Desk) -> Spine {
    let store = Store::open(&desk.database.url).await.expect("it opens");
    let everybody = Reach {
        sounding: 1,
        notifying: 1,
        others: 1,
    };
    let around = Surroundings {
        reach: Box::new(move |_| everybody),
        ..Surroundings::default()
    };
    Spine::within(store, desk.keys.clone(), desk.world.clone(), around)
}

/// The steps in the log, each with when it began.
async fn steps(desk: &Desk, family: &Family) -> Vec<(Step, At)> {
    let events = desk.spine.events(family.consultation, 0, 100).await.expect("the log");
    let step = |fact: &Fact| match fact {
        Fact::Alerted { step, .. } => Some(*step),
        _ => None,
    };
    events
        .iter()
        .filter_map(|event| Some((step(&event.fact)?, event.at)))
        .collect()
}

const ALL: [Step; 3] = [Step::Notification, Step::Colleague, Step::Supervisor];

on_both! {
    async fn a_server_that_is_killed_before_any_step_and_started_again_takes_every_step_once_and_late_by_its_absence(database: Database) {
        let desk = Desk::on(database);
        let ack = Delays::default().ack;
        let absence = Millis::minutes(7);
        for killed_before in ALL {
            let family = desk.waiting_family().await;
            let mut begun_at = desk.world.now() + Millis::seconds(-1);
            let mut expected = Vec::new();
            for step in ALL {
                let due_at = begun_at + ack;
                let fires_at = if step == killed_before { due_at + absence } else { due_at };
                desk.clock.turn(Millis(fires_at.0 - desk.world.now().0 - 1));
                let server = server_started_on(&desk).await;
                if step != killed_before {
                    assert_eq!(timers::fire_due(&server).await.expect("served"), 0, "not before its time");
                }
                desk.clock.turn(Millis(1));
                assert_eq!(timers::fire_due(&server).await.expect("served"), 1);
                // Killed again right after the commit, with its timer perhaps not dropped: the next finds it done.
                let next = server_started_on(&desk).await;
                assert_eq!(timers::fire_due(&next).await.expect("served"), 0);
                begun_at = desk.world.now();
                expected.push((step, begun_at));
                assert_eq!(steps(&desk, &family).await, expected, "killed before {killed_before:?}");
            }
            assert_eq!(desk.store().next_due().await.expect("read"), None, "the supervisor is the last");
        }
    }

    async fn a_step_that_two_servers_take_at_once_is_taken_once(database: Database) {
        let desk = Desk::on(database);
        let (here, there) = (server_started_on(&desk).await, server_started_on(&desk).await);
        let family = desk.waiting_family().await;
        for taken in 1..=ALL.len() {
            desk.clock.turn(Delays::default().ack);
            let (one, other) = tokio::join!(timers::fire_due(&here), timers::fire_due(&there));
            assert!(one.expect("served") + other.expect("served") >= 1);
            assert_eq!(steps(&desk, &family).await.len(), taken);
        }
    }

    async fn a_clock_that_is_put_forward_an_hour_and_back_again_makes_no_step_late(database: Database) {
        let desk = Desk::on(database);
        let server = server_started_on(&desk).await;
        let mut rounds = timers::Rounds::default();
        let family = desk.waiting_family().await;
        let ack = Delays::default().ack;
        rounds.go(&server).await;
        desk.clock.turn(Millis::hours(1));
        rounds.go(&server).await;
        assert_eq!(steps(&desk, &family).await.len(), 1, "early, and once");
        desk.clock.turn(Millis::hours(-1));
        rounds.go(&server).await;
        assert_eq!(steps(&desk, &family).await.len(), 1);
        desk.clock.turn(ack);
        rounds.go(&server).await;
        assert_eq!(steps(&desk, &family).await.len(), 2, "not an hour later");
        desk.clock.turn(Millis::hours(-1));
        rounds.go(&server).await;
        desk.clock.turn(ack);
        rounds.go(&server).await;
        let taken: Vec<Step> = steps(&desk, &family).await.into_iter().map(|(step, _)| step).collect();
        assert_eq!(taken, ALL, "each once");
    }

    async fn a_clock_that_was_put_back_while_no_server_ran_makes_no_step_late(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        desk.clock.turn(Millis::hours(-1));
        let server = server_started_on(&desk).await;
        let mut rounds = timers::Rounds::default();
        rounds.go(&server).await;
        desk.clock.turn(Delays::default().ack);
        rounds.go(&server).await;
        assert_eq!(steps(&desk, &family).await.len(), 1);
    }

    async fn what_came_to_the_supervisor_is_listed_until_it_is_closed_and_in_its_own_city(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let listed = async |city: &str| {
            let city = city.parse().expect("a municipality");
            let rows = desk.store().overlooked(&city).await.expect("read");
            rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(listed("hino").await, []);
        desk.clock.turn(Millis::minutes(1));
        assert_eq!(timers::fire_due(&desk.spine).await.expect("served"), 1, "no desk is connected");
        assert_eq!(listed("hino").await, [family.consultation]);
        assert_eq!(listed("tama").await, []);
        let supervisor = Staff {
            id: StaffId(desk.world.new_id()),
            name: "管理".to_owned(),
            role: Role::Supervisor,
        };
        let close = Command::CloseOverlooked { done: "電話しました".to_owned() };
        desk.does(&family, &Actor::Staff(supervisor), &close).await.expect("closed");
        assert_eq!(listed("hino").await, []);
        assert_eq!(desk.texts(&family).await, ["電話しました"]);
    }
}
