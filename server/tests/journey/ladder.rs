//! Nobody takes a family: who is told, one after the other, until a supervisor has written down what was done.

use super::{
    actors::{Clinician, Supervisor},
    outbox::told_staff,
    socket::Log,
    town::Town,
};
use signaling::{
    consultation::{Command, WireKind},
    id::ConsultationId,
    ladder::{Delays, Step},
    protocol::ClientFrame,
    time::Millis,
};

/// The page of a clinician says what it can do.
async fn hears(clinician: &mut Clinician, on_duty: bool, sound: bool, notifications: bool) {
    let frame = ClientFrame::Hearing {
        on_duty,
        sound,
        notifications,
    };
    clinician.live().sends(&frame).await;
    clinician.live().settles().await;
}

fn steps(log: &Log) -> Vec<Step> {
    let step = |kind: &WireKind| match kind {
        WireKind::Alerted { step, .. } => Some(*step),
        _ => None,
    };
    log.events.iter().filter_map(|event| step(&event.kind)).collect()
}

fn heard(log: &Log) -> Vec<(Step, String)> {
    let heard = |kind: &WireKind| match kind {
        WireKind::AlertHeard { step, by } => Some((*step, by.name.clone())),
        _ => None,
    };
    log.events.iter().filter_map(|event| heard(&event.kind)).collect()
}

async fn sees_step(clinician: &mut Clinician, id: ConsultationId, wanted: Step) {
    clinician
        .live()
        .sees(id, wanted.label(), |log| steps(log).last() == Some(&wanted))
        .await;
}

async fn list(supervisor: &mut Supervisor) -> String {
    let page = supervisor.browser.opens("/tasks").await;
    assert_eq!(page.status, 200, "{page:?}");
    page.body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_that_nobody_takes_is_told_to_one_after_the_other_and_stays_with_the_supervisor_until_what_was_done_is_written()
 {
    let town = Town::new().await;
    let delays = Delays::default();
    let mut doctor = town.clinician("佐藤").await;
    hears(&mut doctor, true, true, true).await;
    let mut off_duty = town.clinician("鈴木").await;
    hears(&mut off_duty, false, false, false).await;
    let mut supervisor = town.supervisor("木村").await;
    let id = town.somebody_waits("hino", "ひみつの心配").await;
    doctor.live().watches(id).await;
    let hear = |step| Command::HearAlert { step };
    doctor.does(id, hear(Step::Sound)).await.expect("it sounds");
    town.passes(Millis(delays.sound.0 - 1), &mut [doctor.live(), off_duty.live()])
        .await;
    assert_eq!(steps(doctor.log(id)), [], "it is given its time");
    town.passes(Millis(1), &mut [doctor.live(), off_duty.live()]).await;
    sees_step(&mut doctor, id, Step::Notification).await;
    doctor.does(id, hear(Step::Notification)).await.expect("shown");
    town.passes(delays.notification, &mut [doctor.live(), off_duty.live()])
        .await;
    sees_step(&mut doctor, id, Step::Colleague).await;
    off_duty.live().watches(id).await;
    off_duty.does(id, hear(Step::Colleague)).await.expect("seen");
    assert!(list(&mut supervisor).await.contains("いま対応することはありません"));
    assert_eq!(told_staff(&town, id).await, [""; 0], "so far it is the desks'");
    town.passes(delays.colleague, &mut [doctor.live(), off_duty.live()])
        .await;
    sees_step(&mut doctor, id, Step::Supervisor).await;
    assert_eq!(told_staff(&town, id).await, ["supervisor_unclaimed"]);
    assert_eq!(
        heard(doctor.log(id)),
        [
            (Step::Sound, "佐藤".to_owned()),
            (Step::Notification, "佐藤".to_owned()),
            (Step::Colleague, "鈴木".to_owned())
        ]
    );

    let page = list(&mut supervisor).await;
    assert!(
        page.contains("担当者が決まらないまま") && page.contains("まだいません"),
        "{page}"
    );
    assert!(
        !page.contains("ひみつの心配"),
        "the list says who waits, not what was written"
    );
    let path = format!("/tasks/{id}/overlooked");
    let command = || ("command", town.command().to_string());
    let post = async |supervisor: &mut Supervisor, go: &str, (name, id): (&str, String), words: &str| {
        let fields = [(name, id.as_str()), ("go", go), ("words", words)];
        supervisor.browser.posts(&path, &fields).await
    };
    let taken = post(&mut supervisor, "take", command(), "").await;
    assert_eq!(taken.leads_to(), "/tasks");
    assert!(list(&mut supervisor).await.contains("木村（監督者）"));
    assert_eq!(doctor.takes_next().await, Ok(id));
    assert!(
        list(&mut supervisor).await.contains("佐藤 医師が担当しています"),
        "late all the same"
    );
    let answer = post(&mut supervisor, "close", command(), " ").await;
    assert_eq!(answer.status, 422, "{answer:?}");
    assert!(answer.body.contains("文字を入れてください"));
    let answer = post(&mut supervisor, "close", command(), "当番に電話しました").await;
    assert_eq!(answer.leads_to(), "/tasks");
    assert!(list(&mut supervisor).await.contains("いま対応することはありません"));
    assert!(supervisor.replays(id).await.body.contains("当番に電話しました"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_only_desk_silenced_the_ladder_begins_at_the_step_that_somebody_can_notice() {
    let town = Town::new().await;
    let ack = Delays::default().ack;
    let mut doctor = town.clinician("佐藤").await;
    hears(&mut doctor, true, false, true).await;
    let id = town.somebody_waits("hino", "音が出ません").await;
    doctor.live().watches(id).await;
    town.passes(ack, &mut [doctor.live()]).await;
    sees_step(&mut doctor, id, Step::Notification).await;
    assert_eq!(steps(doctor.log(id)), [Step::Notification]);

    hears(&mut doctor, true, false, false).await;
    let denied = town.somebody_waits("hino", "通知も出ません").await;
    doctor.live().watches(denied).await;
    town.passes(ack, &mut [doctor.live()]).await;
    sees_step(&mut doctor, denied, Step::Supervisor).await;
    assert_eq!(
        steps(doctor.log(denied)),
        [Step::Supervisor],
        "nobody else is connected"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_that_is_taken_in_time_alarms_nobody() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    hears(&mut doctor, true, true, true).await;
    let id = town.somebody_waits("hino", "すぐ出てもらえました").await;
    assert_eq!(doctor.takes_next().await, Ok(id));
    town.passes(Millis::minutes(5), &mut [doctor.live()]).await;
    assert_eq!(steps(doctor.log(id)), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_of_another_city_does_not_show_it_and_its_forms_do_not_find_it() {
    let town = Town::new().await;
    let id = town.somebody_waits("hino", "日野の相談").await;
    town.turn(Millis::minutes(1));
    server::timers::fire_due(&town.app.spine).await.expect("served");
    let mut here = town.supervisor("木村").await;
    assert!(list(&mut here).await.contains(&id.to_string()));
    let mut elsewhere = town.reader("tama", "林", signaling::actor::Role::Supervisor).await;
    assert!(!list(&mut elsewhere).await.contains(&id.to_string()));
    let command = town.command().to_string();
    let fields = [
        ("command", command.as_str()),
        ("go", "close"),
        ("words", "よその市です"),
    ];
    let answer = elsewhere
        .browser
        .posts(&format!("/tasks/{id}/overlooked"), &fields)
        .await;
    assert_eq!(answer.status, 404);
    assert!(list(&mut here).await.contains(&id.to_string()));
}
