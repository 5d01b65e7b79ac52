//! Rules across consultations, the order of the queue, and what readers see.

use super::{
    database::{Database, on_both},
    desk::{Desk, Family, note, refusal, ring, say},
};
use server::spine::Spine;
use signaling::{
    actor::{Actor, Viewer},
    consultation::{Command, Refusal, WireKind},
    id::StaffId,
};

on_both! {
    async fn a_clinician_rings_one_family_at_a_time(database: Database) {
        let desk = Desk::on(database);
        let (one, other) = (desk.waiting_family().await, desk.waiting_family().await);
        let clinician = desk.clinician("佐藤");
        let doctor = Actor::Staff(clinician.clone());
        desk.claims(&one, &clinician).await.expect("taken");
        desk.claims(&other, &clinician).await.expect("taken");
        let call = desk.does(&one, &doctor, &ring()).await.expect("it rings").events[0].seq;
        assert_eq!(refusal(desk.does(&other, &doctor, &ring()).await), Refusal::InAnotherCall);
        desk.does(&one, &doctor, &Command::HangUp { call, failed: false }).await.expect("it ends");
        desk.does(&other, &doctor, &ring()).await.expect("now it rings");
    }

    async fn a_family_has_one_open_consultation_and_may_come_back_afterwards(database: Database) {
        let desk = Desk::on(database);
        let first = desk.waiting_family().await;
        let second = Family { guardian: first.guardian, ..desk.family() };
        let request = second.request(&[]);
        assert_eq!(refusal(desk.does(&second, &second.actor(), &request).await), Refusal::AnotherOpen);
        desk.does(&first, &first.actor(), &Command::Cancel).await.expect("left");
        desk.does(&second, &second.actor(), &request).await.expect("sent");
        let theirs = desk.spine.of_guardian(first.guardian).await.expect("read");
        assert_eq!(theirs, [second.consultation, first.consultation]);
    }

    async fn passing_a_family_that_is_there_needs_a_reason(database: Database) {
        let desk = Desk::on(database);
        let (_first, second) = (desk.waiting_family().await, desk.waiting_family().await);
        let clinician = desk.clinician("佐藤");
        assert_eq!(refusal(desk.claims(&second, &clinician).await), Refusal::ReasonNeeded);
        let blank = Command::Claim { overtake_reason: Some(" \n".to_owned()) };
        let doctor = Actor::Staff(clinician.clone());
        assert_eq!(refusal(desk.does(&second, &doctor, &blank).await), Refusal::ReasonNeeded);
        let with_reason = Command::Claim { overtake_reason: Some("同じ家族".to_owned()) };
        let outcome = desk.does(&second, &doctor, &with_reason).await.expect("taken");
        assert!(outcome.events[0].sealed.is_some());
    }

    async fn families_that_left_their_page_are_passed_without_a_reason(database: Database) {
        let desk = Desk::on(database);
        let (first, second) = (desk.waiting_family().await, desk.waiting_family().await);
        let here = second.consultation;
        let (store, keys, world) = (desk.store().clone(), desk.keys.clone(), desk.world.clone());
        let spine = Spine::with_presence(store, keys, world, move |id| id == here);
        let clinician = desk.clinician("佐藤");
        let doctor = Actor::Staff(clinician.clone());
        let idle = Command::Claim { overtake_reason: Some("いりません".to_owned()) };
        let outcome = spine.execute(here, &doctor, desk.new_command(), &idle).await.expect("taken");
        assert!(outcome.events[0].sealed.is_none(), "nobody was passed, so no reason is kept");
        desk.does(&second, &doctor, &Command::Release { reason: "交代".to_owned() }).await.expect("back");
        let present = |id| id == here;
        let next = spine.next(&desk.city(), &clinician, desk.new_command(), &present).await.expect("a family");
        assert_eq!(next.consultation, here, "who is there comes first");
        let next = spine.next(&desk.city(), &clinician, desk.new_command(), &present).await.expect("a family");
        assert_eq!(next.consultation, first.consultation, "then who is not");
        let none = spine.next(&desk.city(), &clinician, desk.new_command(), &present).await;
        assert_eq!(refusal(none), Refusal::NobodyWaiting);
    }

    async fn a_city_viewer_cannot_press_next(database: Database) {
        let desk = Desk::on(database);
        desk.waiting_family().await;
        let mut viewer = desk.clinician("市役所");
        viewer.role = signaling::actor::Role::CityViewer;
        let pressed = desk.spine.next(&desk.city(), &viewer, desk.new_command(), &|_| true).await;
        assert_eq!(refusal(pressed), Refusal::NotAllowed);
    }

    async fn a_server_never_refuses_for_what_another_has_changed(database: Database) {
        let desk = Desk::on(database);
        let there = desk.another_server().await;
        let family = desk.waiting_family().await;
        let (one, other) = (desk.clinician("佐藤"), desk.clinician("鈴木"));
        desk.claims(&family, &one).await.expect("taken");
        let actor = Actor::Staff(one);
        let release = Command::Release { reason: "交代".to_owned() };
        there.execute(family.consultation, &actor, desk.new_command(), &release).await.expect("released there");
        desk.claims(&family, &other).await.expect("this server reads before it refuses");
        let state = there.load(family.consultation).await.expect("read").expect("there");
        let owner = state.case.as_deref().and_then(|case| case.clinician()).map(|by| by.id);
        assert_eq!(owner, Some(other.id));
    }

    async fn subscribers_hear_of_a_log_after_it_has_grown(database: Database) {
        let desk = Desk::on(database);
        let mut woken = desk.spine.subscribe();
        let family = desk.waiting_family().await;
        let wake_up = woken.try_recv().expect("told before the answer");
        assert_eq!((wake_up.municipality, wake_up.consultation, wake_up.seq), (desk.city(), family.consultation, 2));
        let nothing = Command::WishMode { mode: signaling::intake::Mode::Chat };
        desk.does(&family, &family.actor(), &nothing).await.expect("acked");
        refusal(desk.does(&family, &family.actor(), &say(" ")).await);
        assert!(woken.try_recv().is_err(), "nothing was stored, so nobody is woken");
    }

    async fn a_family_reads_its_own_side_of_the_log_in_pieces(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let clinician = desk.clinician("佐藤");
        let doctor = Actor::Staff(clinician.clone());
        desk.claims(&family, &clinician).await.expect("taken");
        desk.does(&family, &doctor, &Command::Remark { text: "内部".to_owned() }).await.expect("written");
        desk.does(&family, &doctor, &say("こんばんは")).await.expect("said");
        desk.does(&family, &doctor, &note()).await.expect("signed");
        let viewer = Viewer::Guardian(family.guardian);
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let (events, last) = desk.spine.wire(family.consultation, &viewer, after, 2).await.expect("read");
            if last == after {
                break;
            }
            all.extend(events);
            after = last;
        }
        assert_eq!(all.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3, 5, 6]);
        let everything = serde_json::to_string(&all).expect("JSON");
        assert!(everything.contains("ひみつの心配ごと") && everything.contains("こんばんは"));
        assert!(!everything.contains("内部"), "{everything}");
        let staff = Viewer::Clinician(StaffId(desk.world.new_id()));
        let (events, last) = desk.spine.wire(family.consultation, &staff, 0, 100).await.expect("read");
        assert_eq!((events.len(), last), (6, 6));
        assert!(matches!(&events[3].kind, WireKind::Said { text: Some(text), .. } if text == "内部"));
    }

    async fn an_unknown_consultation_is_nothing_and_takes_no_command(database: Database) {
        let desk = Desk::on(database);
        let family = desk.family();
        assert!(desk.spine.load(family.consultation).await.expect("read").is_none());
        assert_eq!(refusal(desk.does(&family, &family.actor(), &say("?")).await), Refusal::NotFound);
        desk.spine.look(family.consultation, &family.actor(), "opened").await.expect_err("nothing to look at");
    }
}
