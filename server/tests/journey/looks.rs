//! Who reads along leaves a trace: a supervisor at an open consultation, replays, and a log whose bytes were changed.

use super::{
    actors::Supervisor,
    report::{asks, is_served},
    socket::{Live, Logs},
    town::Town,
};
use signaling::{
    actor::{Actor, Role},
    consultation::Command,
    id::ConsultationId,
    note::Disposition,
    protocol::{ClientFrame, Cursor, ErrorCode, ServerFrame, Watch},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_follows_live_and_remarks_but_does_not_act() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut guardian = town.waiting_guardian("見守られている").await;
    let consultation = doctor.takes_next().await.expect("somebody waits");
    let supervisor = town.supervisor("田中").await;
    let mut live = Live::open(&supervisor.browser, "/desk/live", Logs::new(), false).await;
    live.watches(consultation).await;
    guardian.says("こんにちは").await;
    live.sees(consultation, "the words", |log| log.texts().contains(&"こんにちは"))
        .await;
    let say = Command::Say {
        text: "監督です".to_owned(),
    };
    for command in [say, Command::Close, Command::Claim { overtake_reason: None }] {
        let answer = live.does(town.command(), consultation, command).await;
        assert_eq!(answer, Err(signaling::consultation::Refusal::NotAllowed));
    }
    live.does(
        town.command(),
        consultation,
        Command::Remark {
            text: "よい対応です".to_owned(),
        },
    )
    .await
    .expect("remarked");
    let mut asking = Live::open(&supervisor.browser, "/desk/live", Logs::new(), true).await;
    assert_eq!(
        asking.error().await,
        ErrorCode::NotAllowed,
        "the queue is the clinicians'"
    );
}

async fn looks(town: &Town, consultation: ConsultationId) -> Vec<(String, String)> {
    let looks = town.app.spine.looks(consultation).await.expect("read");
    looks.into_iter().map(|look| (look.who, look.what)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_at_a_replay_is_written_down_and_shown() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    asks(&town, &[("no_signs", "on")]).await;
    let consultation = is_served(&mut doctor, Disposition::HomeCare).await;
    let mut supervisor = town.supervisor("田中").await;
    let before = looks(&town, consultation).await.len();
    supervisor.opens_logs("").await;
    assert_eq!(looks(&town, consultation).await.len(), before, "a list is no look");
    let replay = supervisor.replays(consultation).await;
    assert!(replay.body.contains("ひとつの相談") && replay.body.contains("お返事です"));
    assert!(
        replay.body.contains("田中（監督者）"),
        "this look is already on the page"
    );
    assert_eq!(
        looks(&town, consultation).await.last(),
        Some(&("田中（監督者）".to_owned(), "opened".to_owned()))
    );
    let midwife = town.clinician_of("hino", "高橋", Role::Midwife).await;
    let reader = Actor::Staff(midwife.staff.clone());
    let looked = town.app.spine.look(consultation, &reader, "history").await;
    looked.expect("written");
    let again = supervisor.replays(consultation).await.body;
    assert!(again.contains("高橋（助産師）"), "{again}");
    assert!(!again.contains(">history<"), "in words for people");
    assert!(town.app.spine.verify(consultation).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_avoids_being_written_down_by_naming_a_cursor() {
    let town = Town::new().await;
    let mut owner = town.clinician("佐藤").await;
    let _guardian = town.waiting_guardian("のぞかれる").await;
    let consultation = owner.takes_next().await.expect("somebody waits");
    let mut curious = town.clinician("鈴木").await;
    let before = looks(&town, consultation).await.len();
    for cursor in [0, 1] {
        curious
            .live()
            .sends(&ClientFrame::Watch(Watch {
                consultation,
                cursor: Some(Cursor(cursor)),
            }))
            .await;
        let mine = move |frame: &ServerFrame| {
            matches!(frame, ServerFrame::Events { consultation: of, .. } if *of == consultation).then_some(())
        };
        curious.live().until("the log", mine).await;
        curious.live().sends(&ClientFrame::Unwatch { consultation }).await;
        curious.live().logs.clear();
    }
    let after = looks(&town, consultation).await;
    assert_eq!(after.len(), before + 2, "{after:?}");
    assert!(after.iter().any(|(who, _)| who.contains("鈴木")));
    // Nor a supervisor, with a family that nobody has.
    let nobodys = town.somebody_waits("hino", "まだだれのものでもない").await;
    let supervisor = town.supervisor("田中").await;
    let mut live = Live::open(&supervisor.browser, "/desk/live", Logs::new(), false).await;
    live.sends(&ClientFrame::Watch(Watch {
        consultation: nobodys,
        cursor: Some(Cursor(1)),
    }))
    .await;
    live.settles().await;
    assert_eq!(looks(&town, nobodys).await.len(), 1);
    // Who has the family goes on after a lost connection without a new look.
    owner.loses_connection();
    owner.opens_desk().await;
    owner.live().settles().await;
    assert_eq!(looks(&town, consultation).await.len(), before + 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_byte_is_shown_on_the_replay() {
    let town = Town::new().await;
    let consultation = town.somebody_waits("hino", "まもられている").await;
    let mut supervisor: Supervisor = town.supervisor("田中").await;
    assert!(town.app.spine.verify(consultation).await.is_ok());
    sqlx::any::install_default_drivers();
    let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&town.database.url)
        .await
        .expect("it opens");
    let changed = sqlx::query("UPDATE events SET at_ms = at_ms + 1 WHERE consultation_id = $1 AND seq = 1")
        .bind(consultation.to_string())
        .execute(&mut connection)
        .await
        .expect("changed");
    assert_eq!(changed.rows_affected(), 1);
    assert!(town.app.spine.verify(consultation).await.is_err());
    let replay = supervisor.replays(consultation).await;
    assert_eq!(replay.status, 200, "what is there is still shown");
    assert!(replay.body.contains("role=\"alert\"") && replay.body.contains("まもられている"));
}
