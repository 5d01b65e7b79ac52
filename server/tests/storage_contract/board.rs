//! The queue as desks follow it, while something goes wrong under it.

use super::{
    database::{Database, on_both},
    desk::Desk,
};
use axum::extract::ws::Utf8Bytes;
use futures_util::FutureExt;
use server::{
    board::Board,
    clock::{Clock, HandClock, Waiting, World},
    hub::{Hub, Line},
    spine::{CommandError, Spine},
};
use signaling::{
    call::Holder,
    consultation::Refusal,
    id::ConsultationId,
    ladder::{Reach, Step},
    limits,
    protocol::{ServerFrame, Side},
    time::{At, Millis},
};
use sqlx::AssertSqlSafe;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc};

/// A clock that tells when somebody begins to wait.
struct Heard {
    hand: HandClock,
    waits: mpsc::UnboundedSender<()>,
}

impl Clock for Heard {
    fn now(&self) -> At {
        self.hand.now()
    }

    fn wait_until(&self, at: At) -> Waiting {
        // The test may have ended.
        let _ = self.waits.send(());
        self.hand.wait_until(at)
    }

    fn steady(&self) -> Duration {
        self.hand.steady()
    }

    fn wait_steadily(&self, steady: Duration) -> Waiting {
        self.hand.wait_steadily(steady)
    }
}

async fn runs(desk: &Desk, sql: String) {
    let done = desk.store().write(|connection| {
        async move {
            sqlx::query(AssertSqlSafe(sql)).execute(connection).await?;
            Ok(())
        }
        .boxed()
    });
    done.await.expect("the database does not mind");
}

async fn breaks(desk: &Desk, consultation: ConsultationId) {
    let sql = format!("UPDATE events SET facts = 'x' WHERE consultation_id = '{consultation}' AND seq = 1");
    runs(desk, sql).await;
}

fn board(desk: &Desk, spine: Spine) -> Board {
    Board::new(spine, Hub::new(), desk.world.clone())
}

async fn frame(frames: &mut broadcast::Receiver<Utf8Bytes>) -> ServerFrame {
    let text = frames.recv().await.expect("a frame");
    serde_json::from_str(&text).expect("a frame of this protocol")
}

/// The consultation of the row that comes next, and its number.
async fn row(frames: &mut broadcast::Receiver<Utf8Bytes>) -> (ConsultationId, u64) {
    match frame(frames).await {
        ServerFrame::Row { row, number, .. } => (row.consultation, number),
        other => panic!("a row was expected, not {other:?}"),
    }
}

on_both! {
    async fn a_log_that_cannot_be_read_costs_the_desk_its_own_row_only(database: Database) {
        let desk = Desk::on(database);
        let (broken, whole) = (desk.waiting_family().await, desk.waiting_family().await);
        breaks(&desk, broken.consultation).await;
        let view = board(&desk, desk.another_server().await).view(&desk.city()).await.expect("the desk opens");
        assert_eq!(view.rows.iter().map(|row| row.consultation).collect::<Vec<_>>(), [whole.consultation]);
    }

    async fn the_next_family_is_taken_past_one_whose_log_cannot_be_read(database: Database) {
        let desk = Desk::on(database);
        let (broken, whole) = (desk.waiting_family().await, desk.waiting_family().await);
        breaks(&desk, broken.consultation).await;
        let spine = desk.another_server().await;
        let clinician = desk.clinician("佐藤");
        let taken = spine.next(&desk.city(), &clinician, desk.new_command(), &|_| true).await.expect("somebody");
        assert_eq!(taken.consultation, whole.consultation);
        let none = spine.next(&desk.city(), &clinician, desk.new_command(), &|_| true).await;
        assert!(matches!(none, Err(CommandError::Refused(Refusal::NobodyWaiting))), "{none:?}");
    }

    /// Another server wrote it, so nothing here was woken.
    async fn a_family_that_no_wake_up_told_of_is_found_by_the_next_heartbeat_of_a_desk(database: Database) {
        let desk = Desk::on(database);
        let board = board(&desk, desk.another_server().await);
        let mut frames = board.frames(&desk.city());
        let running = tokio::spawn(board.clone().run());
        let family = desk.waiting_family().await;
        board.check(&desk.city()).await.expect("read");
        assert_eq!(row(&mut frames).await, (family.consultation, 1));
        assert_eq!(board.number(&desk.city(), &frames), 1);
        // A minute later it has left; the same tells so.
        desk.does(&family, &family.actor(), &signaling::consultation::Command::Cancel).await.expect("left");
        desk.clock.turn(Millis::minutes(1));
        board.check(&desk.city()).await.expect("read");
        let gone = frame(&mut frames).await;
        assert!(matches!(gone, ServerFrame::Gone { consultation, number: 2, .. } if consultation == family.consultation));
        running.abort();
    }

    async fn a_change_that_could_not_be_read_is_told_when_the_database_answers_again(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let (waits, mut begins_to_wait) = mpsc::unbounded_channel();
        let heard = World::new(Heard { hand: desk.clock.clone(), waits });
        let hub = Hub::new();
        let board = Board::new(desk.spine.clone(), hub.clone(), heard);
        let mut frames = board.frames(&desk.city());
        let mut run = Box::pin(board.run());
        assert!((&mut run).now_or_never().is_none(), "it listens");
        let running = tokio::spawn(run);
        runs(&desk, "ALTER TABLE consultations RENAME TO elsewhere".to_owned()).await;
        let (line, _told) = Line::new();
        hub.watch(hub.arrive(), family.consultation, Side::Guardian, Holder::Guardian, &line);
        begins_to_wait.recv().await.expect("it could not be read, and is to be tried again");
        runs(&desk, "ALTER TABLE elsewhere RENAME TO consultations".to_owned()).await;
        desk.clock.turn(Millis::seconds(1));
        assert_eq!(row(&mut frames).await.0, family.consultation);
        running.abort();
    }

    async fn tabs_that_come_back_together_cost_a_desk_no_more_than_the_rows_it_shows(database: Database) {
        let desk = Desk::on(database);
        let mut families = Vec::new();
        for _ in 0..limits::QUEUE_WINDOW + 10 {
            families.push(desk.waiting_family().await.consultation);
        }
        let hub = Hub::new();
        let board = Board::new(desk.spine.clone(), hub.clone(), desk.world.clone());
        let mut frames = board.frames(&desk.city());
        let running = tokio::spawn(board.clone().run());
        let whole = board.view(&desk.city()).await.expect("read");
        assert_eq!((whole.rows.len(), whole.number), (limits::QUEUE_WINDOW, 0));
        // After a restart all tabs come back at once: of those whom nobody shows yet desks hear nothing.
        let (line, _told) = Line::new();
        for family in families.iter().rev().take(10).chain(&families[..1]) {
            hub.watch(hub.arrive(), *family, Side::Guardian, Holder::Guardian, &line);
        }
        assert_eq!(row(&mut frames).await, (families[0], 1));
        // The first is taken: whoever comes into the window is told as it is by now.
        let clinician = desk.clinician("佐藤");
        desk.spine.next(&desk.city(), &clinician, desk.new_command(), &|_| true).await.expect("taken");
        let mut told = [row(&mut frames).await.0, row(&mut frames).await.0];
        told.sort();
        assert_eq!(told, [families[0], families[limits::QUEUE_WINDOW]]);
        let whole = board.view(&desk.city()).await.expect("read");
        assert_eq!((whole.rows.len(), whole.number), (limits::QUEUE_WINDOW + 1, 3));
        running.abort();
    }

    async fn a_family_far_behind_is_told_to_desks_when_it_comes_and_when_it_goes(database: Database) {
        let desk = Desk::on(database);
        for _ in 0..limits::QUEUE_WINDOW {
            desk.waiting_family().await;
        }
        let board = Board::new(desk.spine.clone(), Hub::new(), desk.world.clone());
        let mut frames = board.frames(&desk.city());
        let running = tokio::spawn(board.clone().run());
        board.view(&desk.city()).await.expect("read");
        let last = desk.waiting_family().await;
        assert_eq!(row(&mut frames).await, (last.consultation, 1));
        // Every desk has sounded, and one says so: the others hear of that, and need not.
        let doctor = signaling::actor::Actor::Staff(desk.clinician("佐藤"));
        let heard = signaling::consultation::Command::HearAlert { step: Step::Sound };
        desk.does(&last, &doctor, &heard).await.expect("heard");
        match frame(&mut frames).await {
            ServerFrame::Row { row, number: 2, .. } => assert!(row.alert_heard && row.consultation == last.consultation),
            other => panic!("a row was expected, not {other:?}"),
        }
        // What comes next of its ladder is told where it is shown.
        let climbs = signaling::consultation::Command::Climb {
            from: desk.spine.load(last.consultation).await.expect("read").expect("there").seq - 1,
            reach: Reach { notifying: 1, ..Reach::default() },
            supervisor_within: Millis::minutes(10),
        };
        let climbed = desk.does(&last, &signaling::actor::Actor::System, &climbs).await.expect("climbed");
        assert!(!climbed.events.is_empty());
        desk.does(&last, &last.actor(), &signaling::consultation::Command::Cancel).await.expect("left");
        let gone = frame(&mut frames).await;
        assert!(matches!(gone, ServerFrame::Gone { consultation, number: 3, .. } if consultation == last.consultation));
        running.abort();
    }

    async fn more_changes_at_once_than_desks_show_give_every_desk_the_queue_anew(database: Database) {
        let desk = Desk::on(database);
        let board = Board::new(desk.spine.clone(), Hub::new(), desk.world.clone());
        let mut frames = board.frames(&desk.city());
        let mut run = Box::pin(board.clone().run());
        let city = desk.city();
        tokio::select! {
            () = &mut run => panic!("it runs on"),
            view = board.view(&city) => assert!(view.expect("read").rows.is_empty()),
        }
        // It does not get to them while they come.
        for _ in 0..limits::QUEUE_WINDOW + 5 {
            desk.waiting_family().await;
        }
        let running = tokio::spawn(run);
        match frame(&mut frames).await {
            ServerFrame::Queue(view) => {
                assert_eq!((view.rows.len(), view.number), (limits::QUEUE_WINDOW, 1));
                let waiting: u32 = view.waiting.iter().map(|(_, count)| count).sum();
                assert_eq!(waiting as usize, limits::QUEUE_WINDOW + 5);
            }
            other => panic!("the whole queue was expected, not {other:?}"),
        }
        let late = desk.waiting_family().await;
        assert_eq!(row(&mut frames).await, (late.consultation, 2));
        running.abort();
    }
}
