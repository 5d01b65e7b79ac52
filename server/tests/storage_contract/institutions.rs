//! Institutions that hand out leaflets, and the families that came through them.

use super::{
    cities::city,
    database::{Database, on_both},
    desk::{Desk, EVENING},
    reports::registered_through,
};
use server::storage::{Added, NewInstitution};
use signaling::{
    id::{CommandId, StaffId},
    registration::Reach,
    time::Millis,
};

fn nursery(desk: &Desk, of: &str, code: &str, name: &str, command: CommandId) -> NewInstitution {
    NewInstitution {
        municipality: city(of).id,
        code: code.to_owned(),
        name: name.to_owned(),
        reach: Reach::Nursery,
        by: StaffId(desk.world.new_id()),
        command,
        at: EVENING,
    }
}

on_both! {
    async fn an_institution_is_added_once_per_form_and_no_two_of_a_city_have_one_name(database: Database) {
        let desk = Desk::on(database);
        let first = desk.new_command();
        let add = async |new| desk.store().add_institution(new).await.expect("stored");
        assert_eq!(add(nursery(&desk, "hino", "AAAA", "ひばり保育園", first)).await, Added::Yes);
        assert_eq!(add(nursery(&desk, "hino", "BBBB", "ひばり保育園", first)).await, Added::Yes, "the same form");
        let other = desk.new_command();
        assert_eq!(add(nursery(&desk, "hino", "CCCC", "ひばり保育園", other)).await, Added::NameTaken);
        assert_eq!(add(nursery(&desk, "tama", "AAAA", "ひばり保育園", first)).await, Added::Yes, "another city");
        let kept = desk.store().institutions(&city("hino").id).await.expect("read");
        assert_eq!(kept.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["AAAA"]);
        assert_eq!(desk.store().institution(&city("tama").id, "CCCC").await.expect("read"), None);
        desk.store().end_institution(&city("tama").id, "AAAA", Some(EVENING)).await.expect("written");
        let ended = async |of: &str| {
            let found = desk.store().institution(&city(of).id, "AAAA").await.expect("read");
            found.expect("it is there").ended_at
        };
        assert_eq!((ended("hino").await, ended("tama").await), (None, Some(EVENING)));
        desk.store().end_institution(&city("tama").id, "AAAA", None).await.expect("written");
        assert_eq!(ended("tama").await, None);
    }

    async fn a_family_and_its_consultations_are_told_with_the_leaflet_that_it_came_through(database: Database) {
        let desk = Desk::on(database);
        let before = desk.world.now();
        let through = registered_through(&desk, Some("AAAA")).await;
        let alone = registered_through(&desk, None).await;
        let later = desk.world.now() + Millis(1);
        let families = desk.store().registrations(&desk.city(), later).await.expect("read");
        let told: Vec<_> = families.iter().map(|one| one.institution.as_deref()).collect();
        assert_eq!(told, [Some("AAAA"), None]);
        let rows = desk.store().report_rows(&desk.city(), before, later).await.expect("read");
        let of = |id| rows.iter().find(|row| row.consultation == id).expect("it is there").institution.clone();
        assert_eq!((of(through.consultation), of(alone.consultation)), (Some("AAAA".to_owned()), None));
    }
}
