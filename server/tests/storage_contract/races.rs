//! Many at once, through two servers on one database.

use super::{
    database::{Database, on_both},
    desk::{Desk, Family, note, refusal, ring, say},
};
use futures_util::future::join_all;
use server::spine::{CommandError, Spine};
use signaling::{
    actor::{Actor, Staff},
    consultation::{Command, Fact, Refusal, Speaker},
    survey::Answer,
};
use std::collections::HashSet;

fn server_of<'a>(place: usize, here: &'a Spine, there: &'a Spine) -> &'a Spine {
    if place.is_multiple_of(2) { here } else { there }
}

on_both! {
    async fn a_hundred_claims_of_one_family_make_one_owner_and_everybody_hears_who(database: Database) {
        let desk = Desk::on(database);
        let there = desk.another_server().await;
        let family = desk.waiting_family().await;
        let clinicians: Vec<Staff> = (0..100).map(|n| desk.clinician(&format!("医師{n}"))).collect();
        let claims = clinicians.iter().enumerate().map(|(place, clinician)| {
            let (spine, id) = (server_of(place, &desk.spine, &there), desk.new_command());
            let actor = Actor::Staff(clinician.clone());
            async move {
                spine.execute(family.consultation, &actor, id, &Command::Claim { overtake_reason: None }).await
            }
        });
        let outcomes = join_all(claims).await;
        let owners: Vec<&Staff> = clinicians.iter().zip(&outcomes).filter(|(_, o)| o.is_ok()).map(|(c, _)| c).collect();
        assert_eq!(owners.len(), 1);
        let by = owners[0].addressed();
        let mut refused = 0;
        for outcome in outcomes {
            if let Err(error) = outcome {
                let named = Refusal::AlreadyClaimed { by: by.clone() };
                assert!(matches!(&error, CommandError::Refused(why) if *why == named), "{error:?}");
                refused += 1;
            }
        }
        assert_eq!(refused, 99);
    }

    async fn twenty_clinicians_press_next_at_once_and_have_twenty_families(database: Database) {
        let desk = Desk::on(database);
        let there = desk.another_server().await;
        let mut families = Vec::new();
        for _ in 0..22 {
            families.push(desk.waiting_family().await.consultation);
        }
        let presses = (0..20).map(|place| {
            let (spine, id) = (server_of(place, &desk.spine, &there), desk.new_command());
            let (clinician, city) = (desk.clinician(&format!("医師{place}")), desk.city());
            async move { spine.next(&city, &clinician, id, &|_| true).await.expect("a family").consultation }
        });
        let taken: HashSet<_> = join_all(presses).await.into_iter().collect();
        assert_eq!(taken.len(), 20);
        assert_eq!(taken, families[..20].iter().copied().collect::<std::collections::HashSet<_>>(), "the first twenty of the queue");
    }

    async fn two_people_type_at_full_speed_and_every_message_is_there_once_and_in_order(database: Database) {
        const EACH: usize = 60;
        let desk = Desk::on(database);
        let there = desk.another_server().await;
        let family = desk.waiting_family().await;
        let clinician = desk.clinician("佐藤");
        desk.claims(&family, &clinician).await.expect("taken");
        let types = |spine: Spine, actor: Actor, word: &'static str| {
            let ids: Vec<_> = (0..EACH).map(|_| desk.new_command()).collect();
            async move {
                for (n, id) in ids.into_iter().enumerate() {
                    let sent = spine.execute(family.consultation, &actor, id, &say(format!("{word}{n}"))).await;
                    sent.expect("never refused");
                }
            }
        };
        tokio::join!(
            types(desk.spine.clone(), family.actor(), "家族"),
            types(there, Actor::Staff(clinician), "医師"),
        );
        let texts = desk.texts(&family).await;
        for word in ["家族", "医師"] {
            let theirs: Vec<_> = texts.iter().filter(|text| text.starts_with(word)).cloned().collect();
            let sent: Vec<_> = (0..EACH).map(|n| format!("{word}{n}")).collect();
            assert_eq!(theirs, sent);
        }
        desk.spine.verify(family.consultation).await.expect("the chain holds");
    }

    async fn every_command_sent_twice_takes_effect_once(database: Database) {
        let desk = Desk::on(database);
        let there = desk.another_server().await;
        let family = desk.family();
        let doctor = Actor::Staff(desk.clinician("佐藤"));
        let parent = family.actor();
        let journey = [
            (&parent, family.request(&[])),
            (&doctor, Command::Claim { overtake_reason: None }),
            (&parent, say("熱があります")),
            (&doctor, Command::Release { reason: "交代".to_owned() }),
            (&doctor, Command::Claim { overtake_reason: None }),
            (&doctor, Command::Remark { text: "内部".to_owned() }),
            (&doctor, ring()),
            (&parent, Command::WishMode { mode: signaling::intake::Mode::Video }),
            (&doctor, note()),
            (&doctor, Command::AddToNote { text: "追記".to_owned() }),
            (&doctor, Command::Close),
            (&parent, Command::Survey { answer: Answer::Yes, words: None }),
        ];
        for (actor, command) in &journey {
            let id = desk.new_command();
            let (one, other) = tokio::join!(
                desk.spine.execute(family.consultation, actor, id, command),
                there.execute(family.consultation, actor, id, command),
            );
            let (one, other) = (one.expect("took effect"), other.expect("took effect"));
            assert!(one.replayed != other.replayed, "{command:?}: one of them is the first");
            assert_eq!((one.seq, &one.events), (other.seq, &other.events), "{command:?}");
            let late = desk.spine.execute(family.consultation, actor, id, command).await.expect("still known");
            assert!(late.replayed && late.events == one.events, "{command:?}");
        }
        let events = desk.spine.events(family.consultation, 0, 1_000).await.expect("the log");
        let said = events.iter().filter(|e| matches!(&e.fact, Fact::Said { speaker: Speaker::Guardian, .. })).count();
        let count = |kind| events.iter().filter(|event| event.fact.kind() == kind).count();
        assert_eq!((said, count("claimed"), count("note_signed"), count("surveyed")), (1, 2, 1, 1));
        desk.spine.verify(family.consultation).await.expect("the chain holds");
    }

    async fn one_press_of_next_sent_to_two_servers_takes_one_family(database: Database) {
        let desk = Desk::on(database);
        let there = desk.another_server().await;
        for _ in 0..3 {
            desk.waiting_family().await;
        }
        let (clinician, id, city) = (desk.clinician("佐藤"), desk.new_command(), desk.city());
        let (one, other) = tokio::join!(
            desk.spine.next(&city, &clinician, id, &|_| true),
            there.next(&city, &clinician, id, &|_| true),
        );
        let (one, other) = (one.expect("a family"), other.expect("a family"));
        assert_eq!(one.consultation, other.consultation);
        assert_eq!(desk.spine.open_of(clinician.id).await.expect("read"), [one.consultation]);
        let late = there.next(&city, &clinician, id, &|_| true).await.expect("still known");
        assert!(late.replayed && late.consultation == one.consultation);
    }

    async fn looks_at_the_same_moment_are_all_kept(database: Database) {
        let desk = Desk::on(database);
        let there = desk.another_server().await;
        let family = desk.waiting_family().await;
        let looks = (0..20).map(|place| {
            let spine = server_of(place, &desk.spine, &there);
            let actor = Actor::Staff(desk.clinician(&format!("監督{place}")));
            async move { spine.look(family.consultation, &actor, "opened").await.expect("recorded") }
        });
        join_all(looks).await;
        let looks = desk.spine.looks(family.consultation).await.expect("read");
        assert_eq!(looks.iter().map(|look| look.seq).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
        let names: HashSet<_> = looks.into_iter().map(|look| look.who).collect();
        assert!(names.len() == 20 && names.contains("監督7（小児科医）"), "{names:?}");
        desk.spine.verify(family.consultation).await.expect("both chains hold");
    }

    async fn two_intakes_of_one_family_at_once_make_one_open_consultation(database: Database) {
        let desk = Desk::on(database);
        let there = desk.another_server().await;
        let one = desk.family();
        let other = Family { guardian: one.guardian, ..desk.family() };
        let (first, second) = (desk.new_command(), desk.new_command());
        let (actor, request, again) = (one.actor(), one.request(&[]), other.request(&[]));
        let (a, b) = tokio::join!(
            desk.spine.execute(one.consultation, &actor, first, &request),
            there.execute(other.consultation, &actor, second, &again),
        );
        let (kept, refused) = if a.is_ok() { (a, b) } else { (b, a) };
        kept.expect("one is open");
        assert_eq!(refusal(refused), Refusal::AnotherOpen);
    }
}
