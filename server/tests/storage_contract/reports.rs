//! The rows that figures and histories are made of.

use super::{
    database::{Database, on_both},
    desk::{Desk, Family, note, say},
};
use server::storage::{NewDevice, NewGuardian, ReportRow};
use signaling::{
    actor::Actor,
    consultation::Command,
    id::ConsultationId,
    note::Disposition,
    time::{At, Millis},
};

/// The family registers: whoever did not is in no figure.
async fn registers(desk: &Desk, family: &Family, institution: Option<&str>) {
    let now = desk.world.now();
    let id = family.guardian.to_string();
    let new = NewGuardian {
        id: family.guardian,
        municipality: desk.city(),
        command: desk.new_command(),
        reach: "handbook",
        institution: institution.map(str::to_owned),
        profile_sealed: "sealed".to_owned(),
        recovery_hash: None,
        consents: Vec::new(),
        device: NewDevice {
            id: id.clone(),
            token_hash: id,
            name: "iPhone・Safari".to_owned(),
            joined_by: "registration",
            created_at: now,
        },
        registered_at: now,
    };
    desk.store().register(new, now).await.expect("registered");
}

pub(crate) async fn registered_family(desk: &Desk) -> Family {
    registered_through(desk, None).await
}

pub(crate) async fn registered_through(desk: &Desk, institution: Option<&str>) -> Family {
    let family = desk.waiting_family().await;
    registers(desk, &family, institution).await;
    family
}

fn ids(rows: &[ReportRow]) -> Vec<ConsultationId> {
    rows.iter().map(|row| row.consultation).collect()
}

on_both! {
    async fn figures_count_what_was_sent_in_a_span_and_leave_tests_out(database: Database) {
        let desk = Desk::on(database);
        let before = desk.world.now();
        let (first, second, staff) =
            (registered_family(&desk).await, registered_family(&desk).await, registered_family(&desk).await);
        let after = desk.world.now();
        desk.store().mark_test(staff.guardian, after).await.expect("marked");
        let sent = async |from, until| desk.store().report_rows(&desk.city(), from, until).await.expect("read");
        assert_eq!(ids(&sent(before, after).await), [second.consultation, first.consultation], "newest first");
        assert_eq!(ids(&sent(before, before + Millis::seconds(1)).await), [first.consultation], "until is not in it");
        assert_eq!(ids(&sent(after, At(i64::MAX)).await), []);
        let elsewhere = "tama".parse().expect("a municipality");
        assert!(desk.store().report_rows(&elsewhere, before, after).await.expect("read").is_empty());
    }

    async fn a_row_of_the_report_tells_how_it_went(database: Database) {
        let desk = Desk::on(database);
        let sent_at = desk.world.now();
        let family = registered_family(&desk).await;
        let clinician = desk.clinician("佐藤");
        let doctor = Actor::Staff(clinician.clone());
        desk.claims(&family, &clinician).await.expect("taken");
        let taken_at = desk.world.now();
        desk.clock.turn(Millis::seconds(5));
        desk.does(&family, &doctor, &say("熱は")).await.expect("said");
        let answered_at = desk.world.now();
        desk.does(&family, &doctor, &note()).await.expect("signed");
        desk.does(&family, &doctor, &Command::Close).await.expect("closed");
        let rows = desk.store().report_rows(&desk.city(), sent_at, taken_at).await.expect("read");
        let row = &rows[0];
        assert_eq!((row.requested_at, row.first_claimed_at, row.first_reply_at), (sent_at, Some(taken_at), Some(answered_at)));
        assert_eq!((row.stage.as_str(), row.ended_at), ("closed", Some(answered_at)));
        assert_eq!(row.disposition, Some(Disposition::HomeCare));
        assert_eq!(row.clinician, Some((clinician.id, clinician.name, clinician.role)));
    }

    async fn a_family_s_earlier_consultations_come_newest_first_and_no_other_family_s(database: Database) {
        let desk = Desk::on(database);
        let mut all = Vec::new();
        let first = desk.family();
        for _ in 0..4 {
            let next = Family { guardian: first.guardian, ..desk.family() };
            desk.does(&next, &next.actor(), &next.request(&[])).await.expect("sent");
            desk.clock.turn(Millis::minutes(1));
            desk.does(&next, &next.actor(), &Command::Cancel).await.expect("left");
            all.push(next.consultation);
        }
        desk.waiting_family().await;
        let earlier = async |of, limit| ids(&desk.store().earlier_of_family(of, limit).await.expect("read"));
        assert_eq!(earlier(all[3], 5).await, [all[2], all[1], all[0]]);
        assert_eq!(earlier(all[3], 2).await, [all[2], all[1]]);
        let unknown = desk.family().consultation;
        assert!(earlier(unknown, 5).await.is_empty());
    }
}
