//! What clinicians judge against the program, through a real server: a class moves a family in the queue of every desk, and a
//! midwife's words about a disease reach the family with a reason that the supervisor reads, or not at all.

use super::{
    actors::{Clinician, Guardian, note},
    photos::{Sending, code},
    town::Town,
};
use crate::pictures::jpeg;
use signaling::{
    actor::Role,
    consultation::{Command, Refusal},
    id::ConsultationId,
    note::Note,
    protocol::ServerFrame,
    time::Millis,
    triage::Acuity,
    view::Standing,
};
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_whose_class_is_raised_is_called_first_and_its_reason_to_be_lowered_is_read_by_the_supervisor() {
    let town = Town::new().await;
    let (mut doctor, mut colleague) = (town.clinician("佐藤").await, town.clinician("鈴木").await);
    let mut first = town.waiting_guardian("眠れません").await;
    town.turn(Millis::minutes(5));
    let mut second = town.waiting_guardian("熱があります").await;
    let raised = second.consultation();
    let change = |acuity, reason: Option<&str>| Command::ChangeClass {
        acuity,
        reason: reason.map(str::to_owned),
    };
    doctor.does(raised, change(Acuity::Red, None)).await.expect("raised");
    let red = move |frame: &ServerFrame| match frame {
        ServerFrame::Row { row, .. } if row.consultation == raised && row.acuity == Acuity::Red => Some(row.rank),
        _ => None,
    };
    assert!(colleague.live().until("the row in red", red).await.is_some());
    // Places are told once a second at most.
    town.turn(Millis::seconds(1));
    second.live().sees_place(0).await;
    first.live().sees_place(1).await;
    assert_eq!(
        colleague.takes_next().await,
        Ok(raised),
        "before the one who came earlier"
    );

    let refused = doctor.does(raised, change(Acuity::Green, None)).await;
    assert_eq!(refused, Err(Refusal::ReasonNeeded));
    let lowered = change(Acuity::Green, Some("電話で確かめた"));
    doctor.does(raised, lowered).await.expect("with a reason");
    let mut supervisor = town.supervisor("田中").await;
    let replay = supervisor.replays(raised).await.body;
    for words in ["緊急度を上げる", "緊急度を下げる", "理由：電話で確かめた"] {
        assert!(replay.contains(words), "{words} in {replay}");
    }
    second.live().settles().await;
    for words in ["class_changed", "電話で確かめた", "緊急度"] {
        assert!(!second.live().raw.contains(words), "the family reads {words}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_midwifes_words_about_a_disease_need_a_reason_that_the_supervisor_reads_and_the_family_does_not() {
    let town = Town::new().await;
    let mut guardian = town.waiting_guardian("耳を痛がります").await;
    let mut midwife = town.clinician_of("hino", "高橋", Role::Midwife).await;
    midwife.opens_desk().await;
    let consultation = midwife.takes_next().await.expect("one waits");
    let text = "中耳炎だと思います。".to_owned();
    let refused = midwife.does(consultation, Command::Say { text: text.clone() }).await;
    assert_eq!(refused, Err(Refusal::BeyondScope { rule: "S01".to_owned() }));
    midwife.says(consultation, "耳のことは、耳鼻科で相談できます。").await;
    let reason = "医師がそう伝えたあとのため".to_owned();
    let command = Command::SayBeyondScope {
        text: text.clone(),
        reason: reason.clone(),
    };
    midwife.does(consultation, command).await.expect("with a reason");
    guardian.hears(&text).await;
    guardian.live().settles().await;
    assert!(!guardian.live().raw.contains(&reason) && !guardian.live().raw.contains("scope_passed"));
    let replay = town.supervisor("田中").await.replays(consultation).await.body;
    assert!(
        replay.contains("個人の病気にふれる表現を使用") && replay.contains(&reason),
        "{replay}"
    );
}

/// A midwife, and the family that she has taken.
async fn with_midwife(town: &Arc<Town>) -> (Guardian, Clinician, ConsultationId) {
    let guardian = town.waiting_guardian("耳を痛がります").await;
    let mut midwife = town.clinician_of("hino", "高橋", Role::Midwife).await;
    midwife.opens_desk().await;
    let consultation = midwife.takes_next().await.expect("one waits");
    (guardian, midwife, consultation)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_midwifes_record_that_states_a_disease_is_signed_with_a_reason_that_the_supervisor_alone_reads() {
    let town = Town::new().await;
    let (mut guardian, mut midwife, consultation) = with_midwife(&town).await;
    let sign = |advice: &str, reason: Option<&str>| Command::SignNote {
        note: Box::new(Note {
            advice: advice.to_owned(),
            ..note()
        }),
        scope_reason: reason.map(str::to_owned),
    };
    let advice = "中耳炎だと思います。耳鼻科へ。";
    let refused = midwife.does(consultation, sign(advice, None)).await;
    assert_eq!(refused, Err(Refusal::BeyondScope { rule: "S01".to_owned() }));
    let reason = "医師がそう伝えたあとのため";
    midwife
        .does(consultation, sign(advice, Some(reason)))
        .await
        .expect("signed");
    midwife.does(consultation, Command::Close).await.expect("closed");
    guardian
        .sees_standing("the end", |standing| matches!(standing, Standing::Closed))
        .await;
    let ticket = guardian.browser.opens(&guardian.path.clone()).await.body;
    assert!(ticket.contains(advice), "she reads the summary: {ticket}");
    for words in [reason, "scope_passed"] {
        assert!(
            !ticket.contains(words) && !guardian.live().raw.contains(words),
            "{words}"
        );
    }
    let replay = town.supervisor("田中").await.replays(consultation).await.body;
    assert!(
        replay.contains("個人の病気にふれる表現を使用") && replay.contains(reason),
        "{replay}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caption_and_a_referral_of_a_midwife_that_state_a_disease_are_refused_in_words_and_nothing_is_lost() {
    let town = Town::new().await;
    let (mut guardian, mut midwife, consultation) = with_midwife(&town).await;
    let sentence = Refusal::BeyondScope { rule: "S01".to_owned() }.to_string();
    let desk = format!("/desk/consultations/{consultation}");
    let sending = Sending::to(&desk, &town.command(), jpeg(64, 48));
    let refused = sending.whole(&mut midwife.browser, "中耳炎です。").await;
    assert_eq!((refused.status, code(&refused).as_str()), (422, "beyond_scope"));
    assert!(refused.body.contains(&sentence), "{refused:?}");
    let sent = sending.last_word(&mut midwife.browser, "耳の図です").await;
    assert_eq!(
        sent.status, 201,
        "rewritten, it goes without being sent again: {sent:?}"
    );

    let concern = format!("/concerns/{consultation}");
    let shared = "お子さんは中耳炎です。訪問を希望";
    let mut offers = async |shared: &str| {
        let command = town.command().to_string();
        let fields = [("command", command.as_str()), ("go", "offer"), ("shared", shared)];
        midwife.browser.posts(&concern, &fields).await
    };
    let refused = offers(shared).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    assert!(
        refused.body.contains(&sentence) && refused.body.contains(shared),
        "{refused:?}"
    );
    assert_eq!(offers("耳を痛がる相談です。訪問を希望").await.leads_to(), concern);
    guardian.live().settles().await;
    assert!(
        !guardian.live().raw.contains("中耳炎"),
        "the family has read nothing of it"
    );
}
