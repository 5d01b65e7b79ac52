//! Whoever asked goes away before the answer: a phone that loses its connection right after 「送る」.

use super::{
    database::{Database, on_both},
    desk::Desk,
};
use server::spine::Spine;
use signaling::{
    actor::Actor,
    consultation::Command,
    id::{CommandId, ConsultationId, Seq},
};
use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};

/// A wake-up that has not come by then was lost. One that comes is there at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody at another server, who sees what is stored.
struct Witness(Spine);

impl Witness {
    async fn last_event(&self, consultation: ConsultationId) -> Seq {
        let state = self.0.load(consultation).await.expect("read");
        state.map_or(0, |state| state.seq)
    }

    /// Drops what was asked the moment that its events are stored, as a server drops the handler of a connection that is
    /// gone. False when the answer was faster.
    async fn drops_once_stored(&self, asked: impl Future, consultation: ConsultationId) -> bool {
        let before = self.last_event(consultation).await;
        let mut asked = pin!(asked);
        loop {
            if poll_fn(|context| Poll::Ready(asked.as_mut().poll(context).is_ready())).await {
                return false;
            }
            if self.last_event(consultation).await > before {
                return true;
            }
        }
    }
}

/// Asks, and tells whether whoever asked was gone before the answer.
async fn is_gone_in_time(
    witness: &Witness,
    spine: &Spine,
    consultation: ConsultationId,
    (actor, id, command): (&Actor, CommandId, &Command),
) -> bool {
    let asked = spine.execute(consultation, actor, id, command);
    witness.drops_once_stored(asked, consultation).await
}

on_both! {
    async fn an_intake_whose_sender_is_gone_before_the_answer_is_told_to_the_desks(database: Database) {
        let desk = Desk::on(database);
        let witness = Witness(desk.another_server().await);
        loop {
            let mut woken = desk.spine.subscribe();
            let family = desk.family();
            let asked = (&family.actor(), desk.new_command(), &family.request(&[]));
            let gone = is_gone_in_time(&witness, &desk.spine, family.consultation, asked).await;
            let told = tokio::time::timeout(PATIENCE, woken.recv()).await.expect("the desks are told");
            assert_eq!(told.expect("the spine is there").consultation, family.consultation);
            if gone {
                return;
            }
        }
    }
}
