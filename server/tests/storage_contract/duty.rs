//! What clinicians say of themselves: the newest counts, the same form once, and a shift ends past no consultation.

use super::{
    database::{Database, on_both},
    desk::Desk,
};
use server::storage::{DutyChange, DutySaid};
use signaling::{
    actor::Staff,
    duty::Duty,
    id::{CommandId, ConsultationId},
    time::Millis,
};

async fn says(desk: &Desk, staff: &Staff, command: CommandId, duty: Duty, keeps: Vec<ConsultationId>) -> DutySaid {
    let change = DutyChange {
        municipality: desk.city(),
        staff: staff.id,
        duty,
        at: desk.world.now(),
        command,
        keeps,
    };
    desk.store().say_duty(change).await.expect("stored")
}

on_both! {
    async fn a_shift_ends_past_nothing_that_was_taken_and_not_decided_about(database: Database) {
        let desk = Desk::on(database);
        let doctor = desk.clinician("佐藤");
        let family = desk.waiting_family().await;
        desk.claims(&family, &doctor).await.expect("taken");
        assert!(matches!(says(&desk, &doctor, desk.new_command(), Duty::On, Vec::new()).await, DutySaid::Stands(_)));
        let command = desk.new_command();
        let undecided = says(&desk, &doctor, command, Duty::Off, Vec::new()).await;
        assert_eq!(undecided, DutySaid::Undecided(vec![family.consultation]));
        assert_eq!(desk.store().duty(doctor.id).await.expect("read").expect("said").duty, Duty::On);
        // The same form with the answer: what was refused did not count.
        let ended = says(&desk, &doctor, command, Duty::Off, vec![family.consultation]).await;
        assert!(matches!(ended, DutySaid::Stands(presence) if presence.duty == Duty::Off), "{ended:?}");
        let again = says(&desk, &doctor, command, Duty::Off, Vec::new()).await;
        assert!(matches!(again, DutySaid::Stands(_)), "it is known: {again:?}");
    }

    async fn a_desk_is_noted_as_heard_of_forwards_only_and_only_where_something_was_said(database: Database) {
        let desk = Desk::on(database);
        let doctor = desk.clinician("佐藤");
        let now = desk.world.now();
        desk.store().duty_seen(doctor.id, now).await.expect("nothing to note");
        assert_eq!(desk.store().duty(doctor.id).await.expect("read"), None);
        says(&desk, &doctor, desk.new_command(), Duty::On, Vec::new()).await;
        let later = now + Millis::minutes(5);
        for at in [later, now] {
            desk.store().duty_seen(doctor.id, at).await.expect("noted");
        }
        let all = desk.store().duties(&desk.city()).await.expect("read");
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].staff, all[0].seen_at, all[0].since), (doctor.id, later, now));
    }
}
