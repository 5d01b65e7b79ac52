//! Somebody changes the database behind the desk's back; check-log says what.

use super::{
    database::{Database, on_both},
    desk::{Desk, Family, say},
};
use futures_util::FutureExt;
use server::check_log::{self, Wrong};
use signaling::actor::Actor;
use sqlx::AssertSqlSafe;

/// Writes to the database as somebody with a SQL prompt would.
pub(crate) async fn tamper(desk: &Desk, sql: String) {
    let changed = desk.store().write(|connection| {
        async move {
            Ok(sqlx::query(AssertSqlSafe(sql))
                .execute(connection)
                .await?
                .rows_affected())
        }
        .boxed()
    });
    assert!(
        changed.await.expect("the database does not mind") > 0,
        "something was changed"
    );
}

/// A family that waits and has written twice: events 1 to 4, two of them messages that change nothing in its row.
async fn chatty(desk: &Desk) -> Family {
    let family = desk.waiting_family().await;
    for text in ["もしもし", "熱があります"] {
        desk.does(&family, &family.actor(), &say(text)).await.expect("said");
    }
    let supervisor = Actor::Staff(desk.clinician("監督"));
    desk.spine
        .look(family.consultation, &supervisor, "opened")
        .await
        .expect("recorded");
    desk.spine
        .look(family.consultation, &supervisor, "exported")
        .await
        .expect("recorded");
    family
}

async fn wrongs(desk: &Desk, against: Option<&str>) -> Vec<Wrong> {
    let report = check_log::check(desk.store(), &desk.keys, against)
        .await
        .expect("the database is read");
    report.faults.into_iter().map(|fault| fault.wrong).collect()
}

async fn checkpoint(desk: &Desk) {
    check_log::checkpoint(desk.store(), &desk.keys, desk.world.now())
        .await
        .expect("stored");
}

async fn exported(desk: &Desk) -> String {
    let mut file = Vec::new();
    check_log::export(desk.store(), &mut file).await.expect("written");
    String::from_utf8(file).expect("text")
}

/// Cuts the end off and makes the row fit, so that what is left is a whole, shorter log.
async fn cut_off(desk: &Desk, family: &Family, last: u64) {
    let id = family.consultation;
    tamper(
        desk,
        format!("DELETE FROM events WHERE consultation_id = '{id}' AND seq > {last}"),
    )
    .await;
    let head = format!("SELECT mac FROM events WHERE consultation_id = '{id}' AND seq = {last}");
    tamper(
        desk,
        format!("UPDATE consultations SET seq = {last}, head = ({head}) WHERE id = '{id}'"),
    )
    .await;
}

on_both! {
    async fn a_log_that_nobody_touched_is_intact(database: Database) {
        let desk = Desk::on(database);
        chatty(&desk).await;
        checkpoint(&desk).await;
        chatty(&desk).await;
        checkpoint(&desk).await;
        checkpoint(&desk).await;
        let file = exported(&desk).await;
        assert_eq!(file.lines().count(), 2, "nothing changed before the third");
        chatty(&desk).await;
        let report = check_log::check(desk.store(), &desk.keys, Some(&file)).await.expect("read");
        assert!(report.is_intact(), "{report}");
        assert_eq!((report.consultations, report.events, report.looks, report.checkpoints), (3, 12, 6, 2));
    }

    async fn the_first_changed_or_missing_event_is_named(database: Database) {
        let desk = Desk::on(database);
        let stories = [
            ("UPDATE events SET facts = '{\"kind\":\"queued\",\"acuity\":\"red\"}' WHERE seq = 2", Wrong::EventChanged(2)),
            ("UPDATE events SET sealed = NULL WHERE seq = 3", Wrong::EventChanged(3)),
            ("UPDATE events SET at_ms = at_ms + 1 WHERE seq = 4", Wrong::EventChanged(4)),
            ("UPDATE events SET actor = 'system' WHERE seq = 1", Wrong::EventChanged(1)),
            ("DELETE FROM events WHERE seq = 1", Wrong::EventMissing(1)),
            ("DELETE FROM events WHERE seq = 3", Wrong::EventMissing(3)),
            ("DELETE FROM events WHERE seq = 4", Wrong::EventMissing(4)),
            ("UPDATE consultations SET acuity = 'red' WHERE seq = 4", Wrong::RowDiffers),
            ("DELETE FROM consultations WHERE seq = 4", Wrong::RowMissing),
            ("UPDATE audit SET actor = 'nobody' WHERE seq = 1", Wrong::LookChanged(1)),
            ("DELETE FROM audit WHERE seq = 2", Wrong::LookMissing(2)),
        ];
        for (sql, wrong) in stories {
            let family = chatty(&desk).await;
            let of = if sql.contains("consultations") { "id" } else { "consultation_id" };
            tamper(&desk, format!("{sql} AND {of} = '{}'", family.consultation)).await;
            let checked = check_log::consultation(desk.store(), &desk.keys, &family.consultation.to_string()).await;
            assert_eq!(checked.expect("read").faults.first().map(|fault| fault.wrong.clone()), Some(wrong), "{sql}");
            assert!(desk.spine.verify(family.consultation).await.is_err(), "{sql}");
        }
        assert_eq!(wrongs(&desk, None).await.len(), 11);
    }

    async fn a_log_of_which_the_end_was_cut_off_is_found_by_a_checkpoint(database: Database) {
        let desk = Desk::on(database);
        let family = chatty(&desk).await;
        checkpoint(&desk).await;
        cut_off(&desk, &family, 3).await;
        assert_eq!(desk.spine.verify(family.consultation).await, Ok(3), "the chain alone cannot tell");
        assert_eq!(wrongs(&desk, None).await, [Wrong::CutOff { has: 3, saw: 4 }]);
    }

    async fn a_consultation_that_is_gone_altogether_is_found_by_a_checkpoint(database: Database) {
        let desk = Desk::on(database);
        let (gone, _stays) = (chatty(&desk).await, chatty(&desk).await);
        checkpoint(&desk).await;
        let id = gone.consultation;
        tamper(&desk, format!("DELETE FROM events WHERE consultation_id = '{id}'")).await;
        tamper(&desk, format!("DELETE FROM audit WHERE consultation_id = '{id}'")).await;
        tamper(&desk, format!("DELETE FROM consultations WHERE id = '{id}'")).await;
        assert_eq!(wrongs(&desk, None).await, [Wrong::Gone { events: 4 }]);
    }

    async fn checkpoints_that_were_changed_or_are_missing_are_named(database: Database) {
        let desk = Desk::on(database);
        for _ in 0..3 {
            chatty(&desk).await;
            checkpoint(&desk).await;
        }
        tamper(&desk, "UPDATE checkpoints SET at_ms = at_ms + 1 WHERE number = 3".to_owned()).await;
        assert_eq!(wrongs(&desk, None).await, [Wrong::CheckpointChanged(3)]);
        tamper(&desk, "DELETE FROM checkpoints WHERE number = 2".to_owned()).await;
        assert_eq!(wrongs(&desk, None).await, [Wrong::CheckpointMissing(2)]);
    }

    async fn whoever_rewrites_the_checkpoints_too_is_found_by_the_exported_file(database: Database) {
        let desk = Desk::on(database);
        let (cut, gone) = (chatty(&desk).await, chatty(&desk).await);
        checkpoint(&desk).await;
        let file = exported(&desk).await;
        cut_off(&desk, &cut, 3).await;
        for table in ["events", "audit"] {
            tamper(&desk, format!("DELETE FROM {table} WHERE consultation_id = '{}'", gone.consultation)).await;
        }
        tamper(&desk, format!("DELETE FROM consultations WHERE id = '{}'", gone.consultation)).await;
        tamper(&desk, "DELETE FROM checkpoints".to_owned()).await;
        assert_eq!(wrongs(&desk, Some(&file)).await.first(), Some(&Wrong::CheckpointMissing(1)));
        tamper(&desk, "UPDATE consultations SET checkpointed_seq = 0, checkpointed_audit_seq = 0".to_owned()).await;
        checkpoint(&desk).await;
        assert_eq!(wrongs(&desk, None).await, [], "without the file all looks well");
        let found = wrongs(&desk, Some(&file)).await;
        let expected = [Wrong::CheckpointRewritten(1), Wrong::CutOff { has: 3, saw: 4 }, Wrong::Gone { events: 4 }];
        assert_eq!(found, expected);
    }

    async fn an_exported_file_that_was_changed_is_not_believed(database: Database) {
        let desk = Desk::on(database);
        chatty(&desk).await;
        checkpoint(&desk).await;
        let file = exported(&desk).await.replace("\\\"events\\\":4", "\\\"events\\\":3");
        assert_eq!(wrongs(&desk, Some(&file)).await, [Wrong::FileChanged(1)]);
        assert_eq!(wrongs(&desk, Some("not a checkpoint")).await, [Wrong::FileChanged(1)]);
    }

    async fn a_look_that_was_cut_off_is_found_by_a_checkpoint(database: Database) {
        let desk = Desk::on(database);
        let family = chatty(&desk).await;
        checkpoint(&desk).await;
        let id = family.consultation;
        tamper(&desk, format!("DELETE FROM audit WHERE consultation_id = '{id}' AND seq = 2")).await;
        let head = format!("SELECT mac FROM audit WHERE consultation_id = '{id}' AND seq = 1");
        let row = format!("UPDATE consultations SET audit_seq = 1, audit_head = ({head}) WHERE id = '{id}'");
        tamper(&desk, row).await;
        assert_eq!(wrongs(&desk, None).await, [Wrong::LookMissing(2)]);
    }

    async fn another_master_key_believes_nothing(database: Database) {
        let desk = Desk::on(database);
        chatty(&desk).await;
        let stranger = server::seal::Keys::new(&[1; 32]);
        let report = check_log::check(desk.store(), &stranger, None).await.expect("read");
        assert_eq!(report.faults[0].wrong, Wrong::EventChanged(1));
    }
}
