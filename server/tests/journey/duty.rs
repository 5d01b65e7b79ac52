//! What clinicians say of themselves: families are told of those who said so and whose desk answers; and nobody's shift ends past a
//! family.

use super::{actors::Supervisor, town::Town};
use frontend::page::desk::DutyAnswer;
use signaling::{
    actor::Role,
    consultation::{Command, Refusal},
    duty::Duty,
    id::ConsultationId,
    time::Millis,
};

async fn entrance(town: &Town) -> String {
    town.browser("hino.test").opens("/").await.body
}

fn answer(body: &str) -> DutyAnswer {
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn families_are_told_of_clinicians_who_said_that_they_are_there_and_whose_desk_answers() {
    let town = Town::new().await;
    let mut doctor = town.clinician_of("hino", "佐藤", Role::Pediatrician).await;
    doctor.comes_to_desk().await;
    assert!(
        !entrance(&town).await.contains("佐藤"),
        "an open page says nothing of its clinician"
    );
    assert_eq!(answer(&doctor.says_duty(Duty::On, &[]).await.body).duty, Duty::On);
    assert!(entrance(&town).await.contains("佐藤"));
    doctor.says_duty(Duty::Break, &[]).await;
    assert!(!entrance(&town).await.contains("佐藤"));
    doctor.says_duty(Duty::On, &[]).await;
    // A desk that is away is not counted on, and what was said stands.
    doctor.loses_connection();
    let mut guardian = town.waiting_guardian("熱があります").await;
    guardian.live().sees_place(0).await;
    assert!(!entrance(&town).await.contains("佐藤"));
    let said = town.app.store.duty(doctor.staff.id).await.expect("read").expect("said");
    assert_eq!(said.duty, Duty::On);
    doctor.comes_to_desk().await;
    assert!(entrance(&town).await.contains("佐藤"), "back, without a press");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shift_ends_when_something_was_decided_about_each_open_consultation() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut first = town.waiting_guardian("さきに来ました").await;
    town.turn(Millis::seconds(1));
    let second = town.waiting_guardian("あとから来ました").await;
    let (one, two) = (first.consultation(), second.consultation());
    assert_eq!(doctor.takes_next().await, Ok(one));
    assert_eq!(doctor.takes_next().await, Ok(two));

    let asked = doctor.says_duty(Duty::Off, &[]).await;
    assert_eq!(asked.status, 409);
    let both = DutyAnswer {
        duty: Duty::On,
        undecided: vec![one, two],
    };
    assert_eq!(answer(&asked.body), both, "the shift goes on");
    assert!(entrance(&town).await.contains("佐藤"));

    let back = Command::Release {
        reason: "勤務が終わるため".to_owned(),
    };
    doctor.does(one, back).await.expect("back");
    let asked = doctor.says_duty(Duty::Off, &[]).await;
    assert_eq!((asked.status, answer(&asked.body).undecided), (409, vec![two]));
    let ended = doctor.says_duty(Duty::Off, &[two]).await;
    assert_eq!((ended.status, answer(&ended.body).duty), (200, Duty::Off));
    assert!(!entrance(&town).await.contains("佐藤"));

    // Whoever went back has its old place; whoever was kept is gone on with.
    let mut midwife = town.clinician_of("hino", "高橋", Role::Midwife).await;
    midwife.opens_desk().await;
    let mut third = town.waiting_guardian("いま来ました").await;
    third.live().sees_place(1).await;
    first.live().sees_place(0).await;
    assert_eq!(midwife.takes_next().await, Ok(one));
    doctor.says(two, "もう少しだけ続けますね").await;
    let claim = Command::Claim { overtake_reason: None };
    let refused = midwife.does(two, claim).await;
    assert!(matches!(refused, Err(Refusal::AlreadyClaimed { .. })), "{refused:?}");
    let page = town.browser("hino.test").opens("/").await.body;
    assert!(page.contains("高橋") && !page.contains("佐藤"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consultation_that_was_taken_while_the_dialog_stood_is_asked_about_too() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let kept = town.waiting_guardian("ひとりめ").await.consultation();
    assert_eq!(doctor.takes_next().await, Ok(kept));
    town.turn(Millis::seconds(1));
    let late = town.waiting_guardian("ふたりめ").await.consultation();
    assert_eq!(doctor.takes_next().await, Ok(late), "from another window");
    let asked = doctor.says_duty(Duty::Off, &[kept]).await;
    assert_eq!((asked.status, answer(&asked.body).undecided), (409, vec![late]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_twice_counts_once_and_an_old_form_does_not_undo_a_newer_one() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let pause = town.command().to_string();
    doctor.says_duty_with(&pause, "break", &[]).await;
    town.turn(Millis::minutes(10));
    doctor.says_duty(Duty::On, &[]).await;
    let again = doctor.says_duty_with(&pause, "break", &[]).await;
    assert_eq!(answer(&again.body).duty, Duty::On, "the pause is over");
    let said = town.app.store.duty(doctor.staff.id).await.expect("read").expect("said");
    assert_eq!(said.since, town.app.world.now());
    town.turn(Millis::minutes(1));
    doctor.says_duty(Duty::On, &[]).await;
    let same = town.app.store.duty(doctor.staff.id).await.expect("read").expect("said");
    assert_eq!(same.since, said.since, "since when it holds");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nonsense_is_refused_and_nobody_but_clinicians_says_anything() {
    let town = Town::new().await;
    let mut doctor = town.clinician_of("hino", "佐藤", Role::Pediatrician).await;
    let command = town.command().to_string();
    for (command, duty) in [
        ("", "on"),
        ("x", "on"),
        (command.as_str(), "asleep"),
        (command.as_str(), ""),
    ] {
        assert_eq!(doctor.says_duty_with(command, duty, &[]).await.status, 400);
    }
    let no_id = [("command", command.as_str()), ("duty", "off"), ("keep", "no id")];
    assert_eq!(doctor.browser.posts("/desk/duty", &no_id).await.status, 400);
    let many = [ConsultationId(town.app.world.new_id()); 200];
    assert_eq!(doctor.says_duty(Duty::Off, &many).await.status, 400);
    assert_eq!(town.app.store.duty(doctor.staff.id).await.expect("read"), None);
    let on = [("command", command.as_str()), ("duty", "on")];
    for role in [
        Role::Supervisor,
        Role::PublicHealthNurse,
        Role::CityViewer,
        Role::Administrator,
    ] {
        let mut other = town.reader("hino", "佐々木", role).await;
        assert_eq!(other.browser.posts("/desk/duty", &on).await.status, 303, "{role:?}");
    }
    let mut nobody = Supervisor {
        browser: town.browser("hino.test"),
    };
    assert_eq!(
        nobody.browser.posts("/desk/duty", &on).await.leads_to(),
        "/staff/sign-in"
    );
    let city = town.city("hino").await.id;
    assert!(town.app.store.duties(&city).await.expect("read").is_empty());
    // Another city's clinician is nobody here.
    let mut of_tama = town.clinician_of("tama", "多田", Role::Pediatrician).await;
    of_tama.opens_desk().await;
    assert!(!entrance(&town).await.contains("多田"));
    assert!(town.app.store.duties(&city).await.expect("read").is_empty());
}
