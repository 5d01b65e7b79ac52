//! Texts and forms over their limits: a refusal that names the limit, or a sentence beside the field, and nothing stored.

use super::{
    actors::note,
    openings::{events, in_consultation},
    town::Town,
};
use signaling::{
    consultation::{Command, Refusal},
    limits,
    note::{Disposition, Note, NoteFault},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_text_over_its_length_is_refused_with_the_limit_and_nothing_is_stored() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let before = events(&town, consultation).await;
    let long = |limit: usize| "あ".repeat(limit + 1);
    let too_long = |limit| Err(Refusal::TooLong { limit });
    let say = |text: String| Command::Say { text };
    assert_eq!(
        guardian.does(say(long(limits::MESSAGE_CHARS))).await,
        too_long(limits::MESSAGE_CHARS)
    );
    assert_eq!(guardian.does(say(" \u{3000}\n".to_owned())).await, Err(Refusal::Empty));
    let staff = [
        (say(long(limits::MESSAGE_CHARS)), limits::MESSAGE_CHARS),
        (
            Command::Remark {
                text: long(limits::MESSAGE_CHARS),
            },
            limits::MESSAGE_CHARS,
        ),
        (
            Command::Release {
                reason: long(limits::REASON_CHARS),
            },
            limits::REASON_CHARS,
        ),
    ];
    for (command, limit) in staff {
        assert_eq!(doctor.does(consultation, command).await, too_long(limit));
    }
    let incomplete = |fault| Err(Refusal::NoteIncomplete { fault });
    let sign = |note: Note| Command::SignNote {
        note: Box::new(note),
        scope_reason: None,
    };
    let notes = [
        (
            Note {
                advice: long(limits::NOTE_FIELD_CHARS),
                ..note()
            },
            NoteFault::TooLong,
        ),
        (
            Note {
                internal: Some(long(limits::NOTE_FIELD_CHARS)),
                ..note()
            },
            NoteFault::TooLong,
        ),
        (
            Note {
                safety_net: None,
                ..note()
            },
            NoteFault::SafetyNetMissing,
        ),
        (
            Note {
                advice: " ".to_owned(),
                disposition: Disposition::VisitNow,
                ..note()
            },
            NoteFault::AdviceMissing,
        ),
    ];
    for (note, fault) in notes {
        assert_eq!(doctor.does(consultation, sign(note)).await, incomplete(fault));
    }
    let page = guardian.says_by_form(&long(limits::MESSAGE_CHARS)).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("2000字までで書いてください。"), "{}", page.body);
    assert_eq!(events(&town, consultation).await, before);

    doctor.says(consultation, &"あ".repeat(limits::MESSAGE_CHARS)).await;
    doctor.signs_note_and_closes(consultation).await;
    let ended = events(&town, consultation).await;
    let page = guardian.answers_survey("yes", &long(limits::SURVEY_WORDS_CHARS)).await;
    assert_eq!(page.status, 422, "{}", page.body);
    assert_eq!(events(&town, consultation).await, ended);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_of_the_intake_over_its_limit_comes_back_with_a_sentence() {
    let town = Town::new().await;
    let mut guardian = town.guardian();
    guardian.registers().await;
    let long = "あ".repeat(limits::WORRY_CHARS + 1);
    let complaints = |codes: &[&'static str]| codes.iter().map(|&code| ("complaints", code)).collect::<Vec<_>>();
    let many = ["fever", "cough", "rash", "head", "eyes", "sleep", "crying"];
    let earlier = [complaints(&["fever"]), vec![("step", "symptoms"), ("go", "next")]].concat();
    assert_eq!(guardian.posts("intake", &earlier).await.leads_to(), guardian.path);
    let command = town.command().to_string();
    let last = |worry| vec![("worry", worry), ("mode", "chat"), ("command", command.as_str())];
    let wrong = [
        (
            "symptoms",
            "next",
            complaints(&["bewitched"]),
            "1つ以上えらんでください。",
        ),
        ("symptoms", "next", complaints(&many), "6つまでえらべます。"),
        ("signs", "next", vec![("temperature", "hot")], "38.5 のように"),
        ("signs", "next", vec![("temperature", "99")], "30.0 から 43.0"),
        ("mode", "send", last(&long), "2000字までで書いてください。"),
        ("mode", "send", last(""), "ひとことで書いてください。"),
    ];
    for (step, go, fields, sentence) in wrong {
        // What was wrong in the step before is mended first.
        let mended = [("step", "signs"), ("go", "save")];
        guardian.posts("intake", &earlier).await;
        guardian.posts("intake", &mended).await;
        let fields = [vec![("step", step), ("go", go)], fields].concat();
        let answer = guardian.posts("intake", &fields).await;
        assert_eq!(answer.status, 422, "{sentence}");
        assert!(answer.body.contains(sentence), "{sentence} is not in {}", answer.body);
    }
    for fields in [
        vec![],
        vec![("step", "dance"), ("go", "next")],
        vec![("step", "mode"), ("go", "jump")],
    ] {
        assert_eq!(guardian.posts("intake", &fields).await.status, 400);
    }
    let without_command = [("step", "mode"), ("go", "send"), ("mode", "chat")];
    assert!(matches!(
        guardian.posts("intake", &without_command).await.status,
        400 | 422
    ));
    assert_eq!(events(&town, guardian.consultation()).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_larger_than_any_form_is_refused_and_a_form_without_an_id_stores_nothing() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let before = events(&town, consultation).await;
    let (command, flood) = (town.command().to_string(), "x".repeat(200 * 1024));
    for bytes in [129 * 1024, 300 * 1024] {
        let body = format!("command={command}&text={}", &flood.repeat(2)[..bytes]);
        let (path, origin) = (format!("{}/say", guardian.path), guardian.browser.origin());
        let answer = guardian
            .browser
            .sends("POST", &path, &[("origin", &origin)], &body)
            .await;
        assert_eq!(answer.status, 413, "{}", answer.body);
        assert!(
            answer.body.contains("<h1") && answer.body.contains("too_large"),
            "{}",
            answer.body
        );
    }
    for id in ["", "7", "not-an-id", "00000000-0000-0000-0000-00000000000g"] {
        assert_eq!(
            guardian.posts("say", &[("command", id), ("text", "なし")]).await.status,
            400
        );
    }
    let answer = guardian
        .posts("survey", &[("answer", "perhaps"), ("command", &command)])
        .await;
    assert_eq!(answer.status, 422, "no answer, and nobody has asked yet");
    assert!(
        answer.body.contains("アンケートは受け付けられません。"),
        "{}",
        answer.body
    );
    assert_eq!(events(&town, consultation).await, before);
    doctor.says(consultation, "つづけましょう").await;
}
