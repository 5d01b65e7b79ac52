//! Photos of an intake that is not sent yet: with the request, or with nothing.

use super::{
    database::{Database, on_both},
    desk::Desk,
    photos::{photo, views},
};
use server::storage::{AddedEarly, PhotoView};
use signaling::{
    consultation::{Fact, Speaker},
    limits,
    photo::PhotoFault,
    time::{At, Millis},
};

on_both! {
    async fn photos_that_wait_become_the_logs_with_the_request_and_no_row_is_left_beside_it(database: Database) {
        let desk = Desk::on(database);
        let family = desk.family();
        let (parent, consultation) = (family.actor(), family.consultation);
        let city = desk.city();
        for number in [1, 2, 2] {
            let added = desk.spine.add_intake_photo((consultation, &city), &parent, photo(number), &views()).await;
            assert_eq!(added.expect("stored"), AddedEarly::Stored);
        }
        let dropped = desk.store().drop_intake_photo(consultation, photo(1).id).await;
        dropped.expect("taken away");
        assert_eq!(desk.spine.photo(consultation, photo(1).id, PhotoView::Small).await.expect("read"), None);
        let request = family.request(&[]);
        let sent = desk.spine.execute(consultation, &parent, desk.new_command(), &request).await.expect("sent");
        let photos: Vec<_> = sent.events.iter().filter_map(|event| match &event.fact {
            Fact::Photo { speaker: Speaker::Guardian, photo, .. } => Some(*photo),
            _ => None,
        }).collect();
        assert_eq!(photos, [photo(2).id]);
        assert_eq!(desk.store().intake_photos(consultation).await.expect("read"), []);
        let seen = desk.spine.photo(consultation, photo(2).id, PhotoView::Large).await.expect("read");
        assert_eq!(seen, Some(views().large));
        // What is sent is no draft any more: it takes no photo, and loses none.
        let late = desk.spine.add_intake_photo((consultation, &city), &parent, photo(3), &views()).await;
        assert_eq!(late.expect("answered"), AddedEarly::SentAlready);
        desk.store().drop_intake_photo(consultation, photo(2).id).await.expect("nothing to do");
        assert!(desk.spine.photo(consultation, photo(2).id, PhotoView::Large).await.expect("read").is_some());
        desk.spine.verify(consultation).await.expect("the chain holds");
    }

    async fn one_too_many_is_refused_and_what_is_never_sent_goes_with_its_key(database: Database) {
        let desk = Desk::on(database);
        let family = desk.family();
        let (parent, consultation) = (family.actor(), family.consultation);
        let city = desk.city();
        let most = limits::PHOTOS_WITH_INTAKE as u128;
        for number in 0..=most {
            let added = desk.spine.add_intake_photo((consultation, &city), &parent, photo(number), &views()).await;
            let expected = if number < most { AddedEarly::Stored } else { AddedEarly::Refused(PhotoFault::TooManyYet) };
            assert_eq!(added.expect("answered"), expected);
        }
        let body = serde_json::json!({"worry": "背中"});
        desk.spine.put_draft(consultation, &parent.key(), "intake", 1, &body).await.expect("kept");
        let now = desk.spine.world().now();
        assert_eq!(desk.store().purge_unsent(now, 10).await.expect("swept"), 0, "it was changed just now");
        let later = At(now.0 + Millis::seconds(1).0);
        assert_eq!(desk.store().purge_unsent(later, 10).await.expect("swept"), 1);
        assert_eq!(desk.store().intake_photos(consultation).await.expect("read"), []);
        assert_eq!(desk.store().wrapped_key(consultation).await.expect("read"), None);
        assert_eq!(desk.spine.photo(consultation, photo(0).id, PhotoView::Large).await.expect("read"), None);
    }
}
