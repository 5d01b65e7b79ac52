//! Photos and their parts: once, in order, sealed, and gone with the key.

use super::{
    database::{Database, on_both},
    desk::{Desk, Family},
};
use server::{
    spine::{CommandError, Views},
    storage::{PhotoCome, PhotoView, PhotoWay, StorageError},
};
use signaling::{
    actor::Actor,
    consultation::Refusal,
    id::PhotoId,
    limits,
    photo::{Photo, PhotoFault, PhotoFormat},
    time::{At, Millis},
};
use uuid::Uuid;

fn id(number: u128) -> PhotoId {
    PhotoId(Uuid::from_u128(number))
}

pub(crate) fn photo(number: u128) -> Photo {
    Photo {
        id: id(number),
        format: PhotoFormat::Jpeg,
        width: 4,
        height: 3,
        bytes: 5,
    }
}

pub(crate) fn views() -> Views {
    Views {
        large: b"large view".to_vec(),
        small: b"small".to_vec(),
    }
}

fn way(desk: &Desk, family: &Family, owner: &Actor, number: u128) -> PhotoWay {
    PhotoWay {
        consultation: family.consultation,
        municipality: desk.city(),
        owner: owner.key(),
        photo: id(number),
    }
}

fn come(received: u64, total: u64) -> PhotoCome {
    PhotoCome { received, total }
}

on_both! {
    async fn a_photo_is_stored_with_its_event_once_and_sealed(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let parent = family.actor();
        let made = views();
        let add = || desk.spine.add_photo(family.consultation, &parent, photo(1), Some("背中".to_owned()), &made);
        let first = add().await.expect("stored");
        let again = add().await.expect("the same");
        assert_eq!((first.seq, again.seq, again.replayed), (first.seq, first.seq, true));
        let sealed = desk.store().photo(family.consultation, id(1), PhotoView::Large).await.expect("read");
        let sealed = sealed.expect("it is there");
        assert!(!sealed.windows(5).any(|part| part == b"large"));
        for (view, plain) in [(PhotoView::Large, &b"large view"[..]), (PhotoView::Small, b"small")] {
            let opened = desk.spine.photo(family.consultation, id(1), view).await.expect("read");
            assert_eq!(opened.as_deref(), Some(plain));
        }
        assert_eq!(desk.spine.photo(family.consultation, id(2), PhotoView::Large).await.expect("read"), None);
        desk.spine.verify(family.consultation).await.expect("the chain holds");
    }

    async fn a_refused_photo_leaves_no_pixels(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let clinician = Actor::Staff(desk.clinician("佐藤"));
        let refused = desk.spine.add_photo(family.consultation, &clinician, photo(1), None, &views()).await;
        assert!(matches!(refused, Err(CommandError::Refused(Refusal::NotYours))));
        assert_eq!(desk.store().photo(family.consultation, id(1), PhotoView::Large).await.expect("read"), None);
        let parent = family.actor();
        desk.spine.add_photo(family.consultation, &parent, photo(1), None, &views()).await.expect("stored");
        desk.claims(&family, &desk.clinician("鈴木")).await.expect("taken");
        let other = Actor::Guardian { id: signaling::id::GuardianId(Uuid::from_u128(77)) };
        let refused = desk.spine.add_photo(family.consultation, &other, photo(1), None, &views()).await;
        assert!(matches!(refused, Err(CommandError::Refused(Refusal::NotFound))));
    }

    async fn an_id_of_a_photo_is_free_in_another_consultation_and_taken_in_its_own(database: Database) {
        let desk = Desk::on(database);
        let (one, two) = (desk.waiting_family().await, desk.waiting_family().await);
        for family in [&one, &two] {
            let parent = family.actor();
            desk.spine.add_photo(family.consultation, &parent, photo(1), None, &views()).await.expect("stored");
        }
        let clinician = desk.clinician("佐藤");
        desk.claims(&one, &clinician).await.expect("taken");
        let doctor = Actor::Staff(clinician);
        let taken = desk.spine.add_photo(one.consultation, &doctor, photo(1), None, &views()).await;
        let fault = PhotoFault::Taken;
        assert!(matches!(taken, Err(CommandError::Refused(refusal)) if refusal == Refusal::Photo { fault }));
    }

    async fn parts_come_in_order_each_once_and_make_the_whole(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let way = way(&desk, &family, &family.actor(), 1);
        let put = |from, body: &'static [u8]| desk.spine.put_photo_part(way.clone(), (from, 9), body);
        assert_eq!(desk.store().photo_come(&way).await.expect("read"), come(0, 0));
        assert_eq!(put(3, b"def").await.expect("stored"), come(0, 0), "nothing is here that it could follow");
        assert_eq!(put(0, b"abc").await.expect("stored"), come(3, 9));
        assert_eq!(put(0, b"xyz").await.expect("stored"), come(3, 9), "what came first counts");
        assert_eq!(desk.spine.arrived_photo(&way).await.expect("read"), None);
        let other_size = desk.spine.put_photo_part(way.clone(), (3, 10), b"def").await;
        assert_eq!(other_size.expect("stored"), come(3, 9));
        put(3, b"def").await.expect("stored");
        assert_eq!(put(6, b"ghi").await.expect("stored"), come(9, 9));
        assert_eq!(desk.spine.arrived_photo(&way).await.expect("read").as_deref(), Some(&b"abcdefghi"[..]));
        let parts = desk.store().photo_parts(&way).await.expect("read");
        assert!(parts.iter().all(|part| !part.body.windows(3).any(|three| three == b"abc")));
        desk.spine.add_photo(family.consultation, &family.actor(), photo(1), None, &views()).await.expect("stored");
        assert_eq!(desk.store().photo_come(&way).await.expect("read"), come(0, 0), "they go with its event");
    }

    async fn two_who_send_the_same_part_at_once_store_one(database: Database) {
        let desk = Desk::on(database);
        let there = desk.another_server().await;
        let family = desk.waiting_family().await;
        let way = way(&desk, &family, &family.actor(), 1);
        for from in [0, 3, 6] {
            let (here, elsewhere) = tokio::join!(
                desk.spine.put_photo_part(way.clone(), (from, 9), b"abc"),
                there.put_photo_part(way.clone(), (from, 9), b"abc"),
            );
            // The one who came second may hear that the row is there.
            assert!(here.is_ok() || elsewhere.is_ok());
        }
        assert_eq!(desk.spine.arrived_photo(&way).await.expect("read").as_deref(), Some(&b"abcabcabc"[..]));
    }

    async fn a_sender_has_so_many_on_the_way_and_what_goes_no_further_is_put_away(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let parent = family.actor();
        let count = u128::try_from(limits::PHOTOS_UNFINISHED).expect("small");
        for number in 0..=count {
            let way = way(&desk, &family, &parent, number);
            desk.spine.put_photo_part(way, (0, 9), b"abc").await.expect("stored");
            desk.clock.turn(Millis::seconds(1));
        }
        let here = |number| {
            let (store, way) = (desk.store().clone(), way(&desk, &family, &parent, number));
            async move { store.photo_come(&way).await.expect("read").received }
        };
        assert_eq!((here(0).await, here(1).await, here(count).await), (0, 3, 3));
        let half = At(desk.world.now().0);
        desk.clock.turn(Millis::seconds(1));
        desk.spine.put_photo_part(way(&desk, &family, &parent, 1), (3, 9), b"def").await.expect("stored");
        desk.store().purge_photo_parts(half).await.expect("purged");
        assert_eq!((here(1).await, here(2).await), (6, 0), "one that still comes keeps its first part");
        desk.store().drop_photo_parts(way(&desk, &family, &parent, 1)).await.expect("dropped");
        assert_eq!(here(1).await, 0);
    }

    async fn a_citys_bytes_are_those_of_its_day_and_those_on_their_way(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let parent = family.actor();
        let since = |desk: &Desk| At(desk.world.now().0 - 1000);
        assert_eq!(desk.store().photo_bytes(&desk.city(), since(&desk)).await.expect("read"), 0);
        desk.spine.add_photo(family.consultation, &parent, photo(1), None, &views()).await.expect("stored");
        let one = desk.store().photo_bytes(&desk.city(), since(&desk)).await.expect("read");
        assert!(one >= 15, "{one}");
        desk.spine.put_photo_part(way(&desk, &family, &parent, 2), (0, 900), b"abc").await.expect("stored");
        assert_eq!(desk.store().photo_bytes(&desk.city(), since(&desk)).await.expect("read"), one + 900);
        desk.clock.turn(Millis::minutes(1));
        assert_eq!(desk.store().photo_bytes(&desk.city(), since(&desk)).await.expect("read"), 900);
        let other = "tama".parse().expect("a municipality");
        assert_eq!(desk.store().photo_bytes(&other, At(0)).await.expect("read"), 0);
    }

    async fn photos_and_parts_go_with_the_key(database: Database) {
        let desk = Desk::on(database);
        let family = desk.waiting_family().await;
        let parent = family.actor();
        desk.spine.add_photo(family.consultation, &parent, photo(1), None, &views()).await.expect("stored");
        desk.spine.put_photo_part(way(&desk, &family, &parent, 2), (0, 9), b"abc").await.expect("stored");
        desk.spine.erase_content(family.consultation).await.expect("erased");
        assert_eq!(desk.store().photo(family.consultation, id(1), PhotoView::Small).await.expect("read"), None);
        assert_eq!(desk.store().photo_parts(&way(&desk, &family, &parent, 2)).await.expect("read").len(), 0);
        let part = desk.spine.put_photo_part(way(&desk, &family, &parent, 2), (0, 9), b"abc").await;
        assert!(matches!(part, Err(StorageError::Erased)));
        let late = desk.spine.add_photo(family.consultation, &parent, photo(3), None, &views()).await;
        assert!(matches!(late, Err(CommandError::Refused(Refusal::Ended))));
        desk.spine.verify(family.consultation).await.expect("the chain holds");
    }
}
