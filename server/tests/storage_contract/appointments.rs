//! Appointments as desks follow them.

use super::{
    database::{Database, on_both},
    desk::{Desk, Family},
};
use axum::extract::ws::Utf8Bytes;
use server::{board::Board, hub::Hub};
use signaling::{
    appointment::Offer,
    consultation::Command,
    hours::Hours,
    id::{ConsultationId, Seq},
    limits,
    protocol::ServerFrame,
    time::At,
};
use tokio::sync::broadcast;

/// The place that begins after so many others.
fn slot(desk: &Desk, number: usize) -> At {
    let length = limits::APPOINTMENT.0;
    let first = desk.world.now().0 + limits::APPOINTMENT_AHEAD.0 + length;
    At(first - first.rem_euclid(length) + length * i64::try_from(number).expect("a few"))
}

async fn books(desk: &Desk, number: usize) -> Family {
    let family = desk.waiting_family().await;
    let book = Command::BookAppointment {
        slot: slot(desk, number),
        offer: Offer::new(6, 1),
        hours: Box::new(Hours::always()),
    };
    desk.does(&family, &family.actor(), &book).await.expect("booked");
    family
}

/// What comes next: a row that is booked or waits, or one that goes; with the number of its event.
async fn told(frames: &mut broadcast::Receiver<Utf8Bytes>) -> (ConsultationId, &'static str, Seq) {
    let text = frames.recv().await.expect("a frame");
    match serde_json::from_str(&text).expect("a frame of this protocol") {
        ServerFrame::Row { row, .. } => {
            let how = if row.is_booked() { "booked" } else { "waits" };
            (row.consultation, how, row.seq)
        }
        ServerFrame::Gone { consultation, seq, .. } => (consultation, "gone", seq),
        other => panic!("a row was expected, not {other:?}"),
    }
}

on_both! {
    async fn desks_list_the_nearest_appointments_and_the_next_one_as_soon_as_there_is_room(database: Database) {
        let desk = Desk::on(database);
        let board = Board::new(desk.spine.clone(), Hub::new(), desk.world.clone());
        let mut booked = Vec::new();
        for number in 0..limits::APPOINTMENTS_SHOWN {
            booked.push(books(&desk, number).await);
        }
        let mut frames = board.frames(&desk.city());
        let running = tokio::spawn(board.clone().run());
        let whole = board.view(&desk.city()).await.expect("read");
        let listed: Vec<_> = whole.rows.iter().map(|row| row.consultation).collect();
        let nearest: Vec<_> = booked.iter().map(|family| family.consultation).collect();
        assert_eq!(listed, nearest, "the nearest first");
        assert!(whole.rows.iter().all(|row| row.is_booked()) && whole.waiting.iter().all(|(_, count)| *count == 0));

        let far = desk.waiting_family().await;
        assert_eq!(told(&mut frames).await.1, "waits");
        let book = Command::BookAppointment {
            slot: slot(&desk, limits::APPOINTMENTS_SHOWN),
            offer: Offer::new(6, 1),
            hours: Box::new(Hours::always()),
        };
        desk.does(&far, &far.actor(), &book).await.expect("booked");
        let (consultation, how, gone) = told(&mut frames).await;
        assert_eq!((consultation, how), (far.consultation, "gone"), "too far away to be listed");

        desk.does(&booked[3], &booked[3].actor(), &Command::Cancel).await.expect("left");
        let mut both = [told(&mut frames).await, told(&mut frames).await];
        both.sort_by_key(|(_, how, _)| *how);
        let [(listed, how, seq), (left, _, _)] = both;
        assert_eq!((listed, how, left), (far.consultation, "booked", booked[3].consultation));
        assert!(seq > gone, "a desk that drops what is older than what went keeps this row");
        let whole = board.view(&desk.city()).await.expect("read");
        assert_eq!(whole.rows.len(), limits::APPOINTMENTS_SHOWN);
        running.abort();
    }

    /// Nobody asks the board for a time that is another one now.
    async fn an_appointment_that_another_server_stored_is_found_by_the_next_heartbeat_of_a_desk(database: Database) {
        let desk = Desk::on(database);
        let board = Board::new(desk.another_server().await, Hub::new(), desk.world.clone());
        let mut frames = board.frames(&desk.city());
        let running = tokio::spawn(board.clone().run());
        let family = books(&desk, 0).await;
        board.check(&desk.city()).await.expect("read");
        let (consultation, how, _) = told(&mut frames).await;
        assert_eq!((consultation, how), (family.consultation, "booked"));
        running.abort();
    }
}
