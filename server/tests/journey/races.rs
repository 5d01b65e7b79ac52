//! Many at once: one owner, each family once, each form once. On both databases.

use super::{
    browser::Pages,
    openings::in_consultation,
    socket::Log,
    town::{Town, WORDS},
};
use crate::database::{Database, on_both};
use server::spine::CommandError;
use signaling::{
    actor::{Actor, Role, Staff},
    consultation::{Command, Refusal, WireKind},
    id::StaffId,
    view::Thread,
};
use std::{collections::HashSet, sync::Arc};
use tokio::sync::Barrier;

on_both! {
    async fn a_hundred_clinicians_claim_one_family_and_one_of_them_has_it(database: Database) {
        let town = Town::on(database).await;
        let consultation = town.somebody_waits("hino", "みんなが手をのばす").await;
        let together = Arc::new(Barrier::new(100));
        let claims: Vec<_> = (0..100).map(|n| {
            let (town, together) = (Arc::clone(&town), Arc::clone(&together));
            tokio::spawn(async move {
                let staff = Staff { id: StaffId(town.app.world.new_id()), name: format!("医師{n}"), role: Role::Pediatrician };
                let actor = Actor::Staff(staff.clone());
                let command = town.command();
                together.wait().await;
                let claim = Command::Claim { overtake_reason: None };
                (staff, town.app.spine.execute(consultation, &actor, command, &claim).await)
            })
        }).collect();
        let (mut owners, mut named) = (Vec::new(), Vec::new());
        for claim in claims {
            match claim.await.expect("it ran") {
                (staff, Ok(_)) => owners.push(staff.addressed()),
                (_, Err(CommandError::Refused(Refusal::AlreadyClaimed { by }))) => named.push(by),
                (_, Err(other)) => panic!("{other}"),
            }
        }
        assert_eq!((owners.len(), named.len()), (1, 99));
        assert!(named.iter().all(|name| *name == owners[0]), "every refusal names the owner");
    }

    async fn twenty_clinicians_press_next_at_once_and_have_twenty_families(database: Database) {
        let town = Town::on(database).await;
        let mut desks = Vec::new();
        for n in 0..20 {
            town.somebody_waits("hino", &format!("相談{n}")).await;
            desks.push(town.clinician(&format!("医師{n}")).await);
        }
        let together = Arc::new(Barrier::new(20));
        let taking: Vec<_> = desks.into_iter().map(|mut desk| {
            let together = Arc::clone(&together);
            tokio::spawn(async move {
                together.wait().await;
                let taken = desk.takes_next().await.expect("there is one for everybody");
                (taken, desk)
            })
        }).collect();
        let (mut taken, mut desks) = (HashSet::new(), Vec::new());
        for one in taking {
            let (consultation, desk) = one.await.expect("it ran");
            assert!(taken.insert(consultation), "two have the same family");
            assert_eq!(desk.log(consultation).thread().standing, signaling::view::Standing::Claimed(desk.staff.clone()));
            desks.push(desk);
        }
        assert_eq!(taken.len(), 20);
        assert_eq!(desks[0].takes_next().await, Err(Refusal::NobodyWaiting));
    }

    async fn every_form_of_a_family_that_is_posted_twice_takes_effect_once(database: Database) {
        let town = Town::on(database).await;
        let mut doctor = town.clinician("佐藤").await;
        let command = town.command().to_string();
        let registration = [
            ("command", command.as_str()),
            ("passphrase", WORDS),
            ("reach", "handbook"),
            ("about", "child"),
            ("born", "2024-08"),
            ("consent_consultation", "on"),
            ("go", "start"),
        ];
        // A double tap: two posts, both without a cookie.
        let mut guardian = town.guardian();
        let mut tap = guardian.browser.clone();
        let (one, two) = tokio::join!(guardian.browser.posts("/register", &registration), tap.posts("/register", &registration));
        assert_eq!(one.leads_to(), two.leads_to());
        assert_eq!(guardian.browser.cookies, tap.cookies, "one family, one credential");
        guardian.begins().await;
        assert_eq!(guardian.path, one.leads_to());

        let symptoms = [("step", "symptoms"), ("go", "next"), ("complaints", "fever")];
        guardian.posts("intake", &symptoms).await;
        guardian.posts("intake", &symptoms).await;
        let twice = async |form: &'static str, fields: &[(&str, &str)]| {
            let command = town.command().to_string();
            let fields: Vec<_> = fields.iter().copied().chain([("command", command.as_str())]).collect();
            let path = format!("{}/{form}", guardian.path);
            let (mut one, mut two) = (guardian.browser.clone(), guardian.browser.clone());
            let (first, second) = tokio::join!(one.posts(&path, &fields), two.posts(&path, &fields));
            assert_eq!((first.status, second.status), (303, 303), "{form}: {} {}", first.body, second.body);
        };
        twice("intake", &[("step", "mode"), ("go", "send"), ("worry", "二度おしました"), ("mode", "chat")]).await;
        let consultation = doctor.takes_next().await.expect("one waits");
        assert_eq!(doctor.takes_next().await, Err(Refusal::NobodyWaiting));
        twice("say", &[("text", "もしもし")]).await;
        twice("mode", &[("mode", "audio")]).await;
        doctor.says(consultation, "はい").await;
        doctor.signs_note_and_closes(consultation).await;
        twice("survey", &[("answer", "yes"), ("words", "ありがとう")]).await;

        let mut browser = guardian.browser.clone();
        let events = browser.opens(&guardian.path).await.live().events;
        let count = |wanted: fn(&WireKind) -> bool| events.iter().filter(|event| wanted(&event.kind)).count();
        assert_eq!(count(|kind| matches!(kind, WireKind::Requested { .. })), 1);
        assert_eq!(count(|kind| matches!(kind, WireKind::Said { .. })), 2);
        assert_eq!(count(|kind| matches!(kind, WireKind::ModeWished { .. })), 1);
        assert_eq!(count(|kind| matches!(kind, WireKind::Surveyed { .. })), 1);
        assert_eq!(Thread::of(&events).survey, Some(signaling::survey::Answer::Yes));
        let figures = town.supervisor("田中").await.sees_figures().await;
        assert_eq!((figures.value("登録者数"), figures.value("相談件数")), ("1", "1"));
    }

    async fn a_transfer_code_that_is_entered_twice_at_once_lets_one_device_in(database: Database) {
        let town = Town::on(database).await;
        let mut guardian = town.waiting_guardian("二台目").await;
        let to = format!("{}/transfer", guardian.path);
        assert_eq!(guardian.posts("transfer", &[]).await.leads_to(), to);
        let page = guardian.browser.opens(&to).await;
        let code: String = {
            let digits = |text: &str| text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
            let words: Vec<String> = page.body.replace(|c: char| !c.is_ascii_digit(), " ").split(' ').map(str::to_owned).collect();
            words.into_iter().find(|word| digits(word)).expect("six digits")
        };
        let door = format!("{}/door", guardian.path);
        let (mut one, mut two) = (town.browser("hino.test"), town.browser("hino.test"));
        let fields = [("code", code.as_str())];
        let (first, second) = tokio::join!(one.posts(&door, &fields), two.posts(&door, &fields));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_type_at_full_speed_and_nobody_is_refused() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let family = tokio::spawn(async move {
        for n in 0..40 {
            guardian.says(&format!("家族{n}")).await;
        }
        guardian
    });
    for n in 0..40 {
        doctor.says(consultation, &format!("医師{n}")).await;
    }
    let mut guardian = family.await.expect("nobody was refused");
    let all = |log: &Log| log.texts().len() == 80;
    guardian.live().sees(consultation, "everything", all).await;
    doctor.live().sees(consultation, "everything", all).await;
    assert_eq!(
        guardian.log().texts(),
        doctor.log(consultation).texts(),
        "one order for both"
    );
    for side in ["家族", "医師"] {
        let own: Vec<String> = guardian
            .log()
            .texts()
            .iter()
            .filter(|text| text.starts_with(side))
            .map(ToString::to_string)
            .collect();
        assert_eq!(own, (0..40).map(|n| format!("{side}{n}")).collect::<Vec<_>>());
    }
}
