//! What supervisors have to look after, as the list reads it.

use super::{
    database::{Database, on_both},
    desk::{Desk, note},
};
use signaling::{
    actor::{Actor, Role, Staff},
    after::TaskKind,
    consultation::Command,
    id::StaffId,
    survey::Answer,
    time::{At, Millis},
};

on_both! {
    async fn a_task_is_listed_with_its_owner_until_it_is_closed_and_in_its_own_city_only(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let actor = Actor::Staff(desk.clinician("佐藤"));
        let does = async |actor: &Actor, command: Command| {
            desk.spine.execute(family.consultation, actor, desk.new_command(), &command).await.expect("done").seq
        };
        does(&actor, Command::Claim { overtake_reason: None }).await;
        let concern = does(&actor, Command::RaiseConcern { facts: "あざ".to_owned() }).await;
        does(&actor, note()).await;
        does(&actor, Command::Close).await;
        let guardian = Actor::Guardian { id: family.guardian };
        let unhappy = does(&guardian, Command::Survey { answer: Answer::No, words: None }).await;
        let listed = async || {
            let rows = desk.store().open_tasks(&desk.city()).await.expect("read");
            rows.into_iter().map(|row| (row.kind, row.seq, row.owner)).collect::<Vec<_>>()
        };
        let both = [(TaskKind::Concern, concern, None), (TaskKind::Dissatisfied, unhappy, None)];
        assert_eq!(listed().await, both, "most pressing first");
        let rows = desk.store().open_tasks(&desk.city()).await.expect("read");
        assert_eq!(rows[0].due_at, rows[0].opened_at + Millis::minutes(15));
        let elsewhere = "elsewhere".parse().expect("an id");
        assert!(desk.store().open_tasks(&elsewhere).await.expect("read").is_empty());
        let supervisor = Actor::Staff(Staff {
            id: StaffId(desk.world.new_id()),
            name: "田中".to_owned(),
            role: Role::Supervisor,
        });
        does(&supervisor, Command::TakeTask { task: concern }).await;
        assert_eq!(listed().await[0], (TaskKind::Concern, concern, Some("田中".to_owned())));
        let words = "児童相談所へ連絡した".to_owned();
        does(&supervisor, Command::CloseTask { task: concern, words }).await;
        assert_eq!(listed().await, [(TaskKind::Dissatisfied, unhappy, None)]);
    }

    async fn what_a_nurse_received_is_listed_for_some_days_once_it_has_ended(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let doctor = Actor::Staff(desk.clinician("佐藤"));
        let does = async |actor: &Actor, command: Command| {
            desk.spine.execute(family.consultation, actor, desk.new_command(), &command).await.expect("done").seq
        };
        does(&doctor, Command::Claim { overtake_reason: None }).await;
        let offer = does(&doctor, Command::OfferReferral { shared: "夜泣き".to_owned() }).await;
        let guardian = Actor::Guardian { id: family.guardian };
        does(&guardian, Command::AnswerReferral { offer, given: true }).await;
        let nurse = Actor::Staff(Staff {
            id: StaffId(desk.world.new_id()),
            name: "山本".to_owned(),
            role: Role::PublicHealthNurse,
        });
        let received = async |from: At| {
            let rows = desk.store().received_referrals(&desk.city(), from).await.expect("read");
            rows.into_iter().map(|row| (row.seq, row.owner)).collect::<Vec<_>>()
        };
        let at = desk.world.now();
        does(&nurse, Command::TakeTask { task: offer }).await;
        let open = desk.store().open_tasks(&desk.city()).await.expect("read");
        assert_eq!(open[0].owner.as_deref(), Some("山本 保健師"), "supervisors read who has it");
        assert!(received(at).await.is_empty(), "it has not ended");
        does(&nurse, Command::CloseTask { task: offer, words: "訪問した".to_owned() }).await;
        assert_eq!(received(at).await, [(offer, Some("山本 保健師".to_owned()))]);
        assert!(received(At(at.0 + 1)).await.is_empty(), "received before");
        let elsewhere = "elsewhere".parse().expect("an id");
        assert!(desk.store().received_referrals(&elsewhere, at).await.expect("read").is_empty());
    }
}
