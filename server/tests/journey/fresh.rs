//! A woken tab is told from memory what was just stored, and it is what the log says.

use super::town::Town;
use signaling::{
    actor::{Actor, Viewer},
    consultation::Command,
    id::{ConsultationId, GuardianId},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_just_stored_reads_the_same_from_memory_as_from_the_log_until_it_is_erased() {
    let town = Town::new().await;
    let spine = &town.app.spine;
    let guardian = GuardianId(town.app.world.new_id());
    let consultation = ConsultationId(town.app.world.new_id());
    town.asks(consultation, guardian, "hino", "熱が下がりません", Vec::new())
        .await;
    let (actor, viewer) = (Actor::Guardian { id: guardian }, Viewer::Guardian(guardian));
    let say = |text: &str| Command::Say { text: text.to_owned() };
    let before = spine.load(consultation).await.expect("read").expect("there").seq;
    for text in ["聞こえますか", "もう一度言います"] {
        let said = spine.execute(consultation, &actor, town.command(), &say(text)).await;
        said.expect("said");
    }
    let log = spine.wire(consultation, &viewer, before, 10).await.expect("read");
    assert_eq!(spine.just_stored(consultation, &viewer, before), Some(log.clone()));
    assert_eq!(log.0.len(), 2);
    spine.erase_content(consultation).await.expect("erased");
    assert_eq!(spine.just_stored(consultation, &viewer, before), None);
}
