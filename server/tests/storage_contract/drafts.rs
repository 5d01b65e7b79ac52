//! Drafts, keys and erasure.

use super::{
    database::{Database, on_both},
    desk::{Desk, note, refusal, say},
};
use serde_json::json;
use server::storage::StorageError;
use signaling::{
    actor::Actor,
    consultation::{Command, Fact, Refusal},
};
use sqlx::Row;

on_both! {
    async fn the_latest_revision_of_a_draft_wins(database: Database) {
        let desk = Desk::on(database);
        let family = desk.family();
        let owner = family.actor().key();
        let put = |revision, body| {
            let (spine, owner) = (desk.spine.clone(), owner.clone());
            async move { spine.put_draft(family.consultation, &owner, "intake", revision, &body).await.expect("stored") }
        };
        assert_eq!(put(1, json!({"worry": "ね"})).await, 1);
        assert_eq!(put(3, json!({"worry": "ねつ"})).await, 3);
        assert_eq!(put(2, json!({"worry": "古い"})).await, 3);
        assert_eq!(put(3, json!({"worry": "同じ番号"})).await, 3);
        let draft = desk.spine.draft(family.consultation, &owner, "intake").await.expect("read");
        assert_eq!(draft, Some((3, json!({"worry": "ねつ"}))));
        let others = desk.spine.draft(family.consultation, "guardian:somebody", "intake").await.expect("read");
        assert_eq!(others, None);
    }

    async fn a_draft_goes_when_it_is_sent_or_signed_and_only_then(database: Database) {
        let desk = Desk::on(database);
        let family = desk.family();
        let clinician = desk.clinician("佐藤");
        let (parent, doctor) = (family.actor(), Actor::Staff(clinician.clone()));
        let put = |actor: &Actor, field: &'static str| {
            let (spine, owner) = (desk.spine.clone(), actor.key());
            async move {
                spine.put_draft(family.consultation, &owner, field, 1, &json!("書きかけ")).await.expect("stored");
            }
        };
        let is_there = |actor: &Actor, field: &'static str| {
            let (spine, owner) = (desk.spine.clone(), actor.key());
            async move { spine.draft(family.consultation, &owner, field).await.expect("read").is_some() }
        };
        put(&parent, "intake").await;
        desk.does(&family, &parent, &family.request(&[])).await.expect("sent, with the key that the draft made");
        assert!(!is_there(&parent, "intake").await);
        desk.claims(&family, &clinician).await.expect("taken");
        put(&parent, "message").await;
        put(&doctor, "message").await;
        put(&doctor, "note").await;
        desk.does(&family, &parent, &say("送りました")).await.expect("said");
        assert!(!is_there(&parent, "message").await);
        assert!(is_there(&doctor, "message").await && is_there(&doctor, "note").await);
        desk.does(&family, &doctor, &note()).await.expect("signed");
        assert!(!is_there(&doctor, "note").await && is_there(&doctor, "message").await);
        put(&doctor, "note").await;
        assert!(!is_there(&doctor, "note").await, "an autosave that comes late brings nothing back");
        desk.spine.drop_drafts(family.consultation, &doctor.key()).await.expect("dropped");
        assert!(!is_there(&doctor, "message").await);
    }

    async fn erasing_the_key_erases_the_content_and_leaves_facts_and_chain(database: Database) {
        let desk = Desk::on(database);
        let there = desk.another_server().await;
        let family = desk.waiting_family().await;
        let clinician = desk.clinician("佐藤");
        desk.claims(&family, &clinician).await.expect("taken");
        desk.does(&family, &family.actor(), &say("だれにも言わないで")).await.expect("said");
        let owner = family.actor().key();
        there.put_draft(family.consultation, &owner, "message", 1, &json!("書きかけ")).await.expect("stored");
        desk.spine.erase_content(family.consultation).await.expect("erased");
        for spine in [&desk.spine, &there] {
            let events = spine.events(family.consultation, 0, 100).await.expect("the log is still read");
            assert!(events.iter().all(|event| event.sealed.is_none()));
            assert!(matches!(&events[0].fact, Fact::Requested { complaints, .. } if complaints.len() == 2));
            assert_eq!(spine.verify(family.consultation).await, Ok(4));
            let draft = spine.draft(family.consultation, &owner, "message").await.expect("read");
            assert_eq!(draft, None);
        }
        let late = desk.does(&family, &family.actor(), &say("まだいます")).await;
        assert_eq!(refusal(late), Refusal::Ended, "no new key hides that the old one is gone");
        let late = there.put_draft(family.consultation, &owner, "message", 2, &json!("また")).await;
        assert!(matches!(late, Err(StorageError::Erased)), "{late:?}");
        let doctor = Actor::Staff(clinician);
        desk.does(&family, &doctor, &Command::Ring { mode: signaling::call::CallMode::Audio }).await.expect("facts only");
    }

    async fn what_people_wrote_is_nowhere_in_clear(database: Database) {
        let desk = Desk::on(database);
        let family = desk.family();
        let owner = family.actor().key();
        let draft = json!({"worry": "planted-draft"});
        desk.spine.put_draft(family.consultation, &owner, "message", 1, &draft).await.expect("stored");
        desk.does(&family, &family.actor(), &family.request(&[])).await.expect("sent");
        let clinician = desk.clinician("佐藤");
        desk.claims(&family, &clinician).await.expect("taken");
        let doctor = Actor::Staff(clinician);
        desk.does(&family, &doctor, &say("planted-message")).await.expect("said");
        desk.does(&family, &doctor, &note()).await.expect("signed");
        let mut connection = desk.store().read().await.expect("a connection");
        let rows = sqlx::query("SELECT facts, sealed, actor FROM events").fetch_all(&mut *connection).await.expect("rows");
        for row in rows {
            let facts: String = row.get("facts");
            let sealed: Vec<u8> = row.get::<Option<Vec<u8>>, _>("sealed").unwrap_or_default();
            let stored = format!("{facts}{}", String::from_utf8_lossy(&sealed));
            for planted in ["ひみつ", "planted", "水分", "ぐったり", "内部"] {
                assert!(!stored.contains(planted), "{stored}");
            }
        }
        if let Some(path) = desk.database.url.strip_prefix("sqlite://") {
            for file in [path.to_owned(), format!("{path}-wal")] {
                let bytes = std::fs::read(&file).unwrap_or_default();
                assert!(!String::from_utf8_lossy(&bytes).contains("planted"), "{file}");
            }
        }
    }
}
