//! What the live socket promises while things go wrong around it.

use super::{browser::Pages, openings::in_consultation, town::Town};
use server::{
    hub::{Hub, Line, SocketId, Told},
    live::wake_tabs,
    seal::Keys,
    spine::Spine,
};
use signaling::{
    actor::Actor,
    call::{CallMode, Holder},
    consultation::{Command, Refusal},
    id::{ConsultationId, GuardianId},
    limits,
    protocol::{ClientFrame, ErrorCode, Presented, ServerFrame, Side, Watch},
    queue::Presence,
    time::Millis,
    view::Standing,
};
use sqlx::Connection;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tab_that_comes_back_is_given_what_it_missed_and_nothing_else() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    doctor.says(consultation, "一つめ").await;
    guardian.hears("一つめ").await;
    let before = guardian.log().events.len();
    guardian.loses_connection();
    doctor.says(consultation, "二つめ").await;
    doctor.says(consultation, "三つめ").await;
    guardian.opens_live().await;
    assert_eq!(guardian.log().texts(), ["一つめ", "二つめ", "三つめ"]);
    assert_eq!(guardian.log().events.len(), before + 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_cut_twenty_times_loses_and_doubles_nothing() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let mut said = Vec::new();
    for n in 0..20 {
        let (question, reply) = (format!("質問{n}"), format!("返事{n}"));
        doctor.says(consultation, &question).await;
        // Sent, and the connection is gone before any answer: the tab cannot know and sends the same command again.
        let id = town.command();
        let command = Command::Say { text: reply.clone() };
        guardian
            .live()
            .sends(&ClientFrame::Command {
                id,
                consultation,
                command: command.clone(),
            })
            .await;
        guardian.loses_connection();
        guardian.opens_live().await;
        guardian.live().does(id, consultation, command).await.expect("said");
        said.extend([question, reply]);
    }
    guardian.hears("返事19").await;
    doctor.hears(consultation, "返事19").await;
    assert_eq!(guardian.log().texts(), said);
    assert_eq!(doctor.log(consultation).texts(), said);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_wakes_open_tabs_though_nobody_reads_the_queue() {
    let town = Town::new().await;
    let spine = Spine::new(town.database.store.clone(), Keys::new(&[7; 32]), town.app.world.clone());
    let hub = Hub::new();
    tokio::spawn(wake_tabs(spine.subscribe(), hub.clone()));
    let guardian = GuardianId(town.app.world.new_id());
    let consultation = ConsultationId(town.app.world.new_id());
    town.asks(consultation, guardian, "hino", "熱が下がりません", Vec::new())
        .await;
    let (line, mut told) = Line::new();
    hub.watch(hub.arrive(), consultation, Side::Guardian, Holder::Guardian, &line);
    let (actor, text) = (Actor::Guardian { id: guardian }, "聞こえますか".to_owned());
    let said = spine
        .execute(consultation, &actor, town.command(), &Command::Say { text })
        .await;
    said.expect("said");
    assert!(matches!(told.recv().await, Some(Told::Woken(woken)) if woken == consultation));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wake_up_that_is_lost_is_mended_by_the_next_heartbeat() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    // The server forgets who is to be woken.
    for socket in 0..100 {
        town.app.hub.unwatch(SocketId(socket), consultation);
    }
    let seq = doctor
        .does(
            consultation,
            Command::Say {
                text: "聞こえますか".to_owned(),
            },
        )
        .await
        .expect("said");
    guardian.live().settles().await;
    assert!(guardian.log().texts().is_empty(), "nothing woke it");
    town.turn(limits::BEAT_IN_CONSULTATION);
    let head = guardian
        .live()
        .until("a heartbeat", |frame| match frame {
            ServerFrame::Beat { heads, .. } => heads.iter().find(|head| head.consultation == consultation).cloned(),
            _ => None,
        })
        .await;
    assert_eq!(head.cursor.0, seq);
    let cursor = guardian.log().cursor;
    assert!(Some(head.cursor) > cursor);
    guardian
        .live()
        .sends(&ClientFrame::Watch(Watch { consultation, cursor }))
        .await;
    guardian.hears("聞こえますか").await;
    doctor.says(consultation, "よかったです").await;
    guardian.hears("よかったです").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_side_is_told_when_the_other_hides_its_page_leaves_and_comes_back() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    guardian.sees_staff(Presence::Here).await;
    doctor.sees_family(consultation, Presence::Here).await;
    guardian
        .live()
        .sends(&ClientFrame::Present {
            consultation,
            state: Presented::Hidden,
        })
        .await;
    doctor.sees_family(consultation, Presence::Hidden).await;
    guardian
        .live()
        .sends(&ClientFrame::Present {
            consultation,
            state: Presented::Visible,
        })
        .await;
    doctor.sees_family(consultation, Presence::Here).await;
    guardian.loses_connection();
    doctor.sees_family(consultation, Presence::Away).await;
    guardian.opens_live().await;
    doctor.sees_family(consultation, Presence::Here).await;
    doctor.loses_connection();
    guardian.sees_staff(Presence::Away).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_that_falls_silent_is_away_within_ten_seconds_of_its_last_sign() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    doctor.sees_family(consultation, Presence::Here).await;
    guardian.live().settles().await;
    guardian.live().answers = false;
    // The connection is open, but nobody answers: a phone in a tunnel.
    town.passes(Millis::seconds(8), &mut [doctor.live()]).await;
    assert_eq!(doctor.live().presence[&consultation], Presence::Here);
    town.passes(Millis::seconds(2), &mut [doctor.live()]).await;
    doctor.sees_family(consultation, Presence::Away).await;
    assert!(guardian.live().is_closed().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_freezes_in_a_call_is_seen_by_nobody_within_five_seconds_and_is_back_with_its_next_word() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let call = doctor.rings(consultation, CallMode::Video).await;
    guardian
        .live()
        .sees(consultation, "ringing", |log| log.thread().call.is_some())
        .await;
    guardian.does(Command::Join { call }).await.expect("answered");
    doctor.sees_family(consultation, Presence::Here).await;
    guardian.live().settles().await;
    guardian.live().answers = false;
    for _ in 0..5 {
        town.passes(Millis::seconds(1), &mut [doctor.live()]).await;
    }
    doctor.sees_family(consultation, Presence::Hidden).await;

    guardian.live().answers = true;
    guardian.live().sends(&ClientFrame::Beat).await;
    doctor.sees_family(consultation, Presence::Here).await;
    guardian.live().settles().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_that_waited_quietly_stays_connected_when_it_is_taken() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut guardian = town.waiting_guardian("静かに待っています").await;
    town.turn(limits::BEAT_IN_CONSULTATION);
    guardian
        .live()
        .until("a heartbeat", |frame| {
            matches!(frame, ServerFrame::Beat { .. }).then_some(())
        })
        .await;
    guardian.live().settles().await;
    // Nothing is asked of it for 15 seconds, and then the rhythm becomes faster.
    for _ in 0..5 {
        town.passes(Millis::seconds(3), &mut [doctor.live()]).await;
    }
    let consultation = doctor.takes_next().await.expect("somebody waits");
    guardian
        .sees_standing("a doctor", |standing| matches!(standing, Standing::Claimed(_)))
        .await;
    town.passes(Millis::seconds(4), &mut [guardian.live(), doctor.live()])
        .await;
    doctor.says(consultation, "おまたせしました").await;
    guardian.hears("おまたせしました").await;
    assert_eq!(doctor.live().presence[&consultation], Presence::Here);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_place_in_the_queue_moves_up_and_is_told_at_most_once_a_second() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut before = Vec::new();
    for n in 0..3 {
        town.turn(Millis(1));
        before.push(town.waiting_guardian(&format!("まえの人{n}")).await);
    }
    town.turn(Millis(1));
    let mut guardian = town.guardian();
    guardian.registers().await;
    guardian.sends_intake("うしろの人").await;
    // Its place is known before its page opens, so it is told on opening, and the second counts from then.
    doctor.live().sees_waiting(4).await;
    guardian.opens_live().await;
    guardian.live().sees_place(3).await;
    for _ in 0..2 {
        doctor.takes_next().await.expect("somebody waits");
    }
    // Both steps are told as one, once a second has passed.
    doctor.live().sees_waiting(2).await;
    guardian.live().settles().await;
    assert_eq!(guardian.live().position.expect("told").ahead, 3, "not yet");
    town.turn(Millis::seconds(1));
    guardian.live().sees_place(1).await;
    assert_eq!(guardian.opens_ticket().await.live().position.expect("a place").ahead, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_half_written_message_and_a_half_written_record_come_back_to_their_writers_only() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let draft = |field: &str, revision, body: &str| ClientFrame::Draft {
        consultation,
        field: field.to_owned(),
        revision,
        body: serde_json::json!(body),
    };
    let saved = |frame: &ServerFrame| match frame {
        ServerFrame::DraftSaved { revision, .. } => Some(*revision),
        _ => None,
    };
    guardian.live().sends(&draft("message", 7, "かきかけの文")).await;
    assert_eq!(guardian.live().until("saved", saved).await, 7);
    guardian.live().sends(&draft("message", 3, "古い文")).await;
    assert_eq!(
        guardian.live().until("the one that stands", saved).await,
        7,
        "an older revision changes nothing"
    );
    doctor.live().sends(&draft("note", 1, "かきかけの記録")).await;
    doctor.live().until("saved", saved).await;

    guardian.loses_connection();
    guardian.opens_live().await;
    let back = |frame: &ServerFrame| match frame {
        ServerFrame::Draft {
            field, revision, body, ..
        } => Some((field.clone(), *revision, body.clone())),
        _ => None,
    };
    assert_eq!(
        guardian.live().until("the draft", back).await,
        ("message".to_owned(), 7, serde_json::json!("かきかけの文"))
    );
    assert_eq!(guardian.opens_ticket().await.live().message_draft, "かきかけの文");
    let mut colleague = town.clinician("鈴木").await;
    colleague.live().watches(consultation).await;
    colleague.live().settles().await;
    assert!(!colleague.live().raw.contains("かきかけ"));
    assert!(!guardian.live().raw.contains("かきかけの記録"));

    guardian.says("かきおえた文").await;
    assert_eq!(
        guardian.opens_ticket().await.live().message_draft,
        "",
        "what was sent is no draft any more"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_desk_sees_who_comes_in_which_order_and_who_has_been_taken() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut midwife = town.clinician("高橋").await;
    let row = |consultation: ConsultationId, taken: bool| {
        move |frame: &ServerFrame| match frame {
            ServerFrame::Row { row, .. } if row.consultation == consultation && row.claimed_by.is_some() == taken => {
                Some(row.rank)
            }
            _ => None,
        }
    };
    let first = town.waiting_guardian("さきに来ました").await;
    let early = doctor.live().until("the first", row(first.consultation(), false)).await;
    town.passes(Millis::minutes(1), &mut [doctor.live(), midwife.live()])
        .await;
    let mut urgent = town.guardian();
    urgent.registers().await;
    urgent
        .sends_intake_with("返事をしません", &[("signs", "c01_no_response")])
        .await;
    urgent.opens_live().await;
    let late = doctor
        .live()
        .until("the urgent one", row(urgent.consultation(), false))
        .await;
    assert!(late < early, "red is first, however late");
    let refused = doctor
        .does(first.consultation(), Command::Claim { overtake_reason: None })
        .await;
    assert_eq!(refused, Err(Refusal::ReasonNeeded));
    assert_eq!(
        doctor.takes_next().await.expect("somebody waits"),
        urgent.consultation()
    );
    midwife
        .live()
        .until("that it is taken", row(urgent.consultation(), true))
        .await;
    let reason = Some("となりの部屋にいるため".to_owned());
    midwife
        .does(
            first.consultation(),
            Command::Claim {
                overtake_reason: reason,
            },
        )
        .await
        .expect("taken");
    assert_eq!(midwife.takes_next().await, Err(Refusal::NobodyWaiting));
    midwife
        .does(
            first.consultation(),
            Command::Release {
                reason: "専門外".to_owned(),
            },
        )
        .await
        .expect("back");
    let again = doctor
        .live()
        .until("it waits again", row(first.consultation(), false))
        .await;
    assert_eq!(again, early, "its place is what it was");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_fails_for_a_moment_costs_nobody_a_refusal_or_a_message() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(&town.database.url)
        .await
        .expect("it opens");
    let mut renames = async |from: &str, to: &str| {
        let sql = sqlx::AssertSqlSafe(format!("ALTER TABLE {from} RENAME TO {to}"));
        sqlx::raw_sql(sql).execute(&mut connection).await.expect("renamed");
    };
    renames("events", "events_elsewhere").await;
    let (id, command) = (
        town.command(),
        Command::Say {
            text: "聞こえますか".to_owned(),
        },
    );
    guardian
        .live()
        .sends(&ClientFrame::Command {
            id,
            consultation,
            command: command.clone(),
        })
        .await;
    assert_eq!(guardian.live().error().await, ErrorCode::Unavailable);
    assert_eq!(guardian.opens_ticket().await.status, 503);
    renames("events_elsewhere", "events").await;
    guardian.live().settles().await;
    assert!(
        !guardian.live().raw.contains("refused"),
        "nobody said that it will not happen"
    );
    guardian.loses_connection();
    guardian.opens_live().await;
    guardian.live().does(id, consultation, command).await.expect("said");
    doctor.hears(consultation, "聞こえますか").await;
    assert_eq!(doctor.log(consultation).texts(), ["聞こえますか"]);
}
