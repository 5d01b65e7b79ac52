//! Those who mean no good, and those who only press every button: a clear answer with a stable code, nothing stored,
//! nobody else's words shown, and a server that goes on.

use super::{
    actors::{Clinician, Guardian, note},
    browser::form,
    socket::{Live, upgrade},
    town::Town,
};
use signaling::{
    consultation::{Command, Refusal},
    id::ConsultationId,
    limits,
    note::{Disposition, Note, NoteFault},
    protocol::{ClientFrame, DescriptionKind, ErrorCode, ServerFrame, Signal, Watch},
};
use std::sync::Arc;
use tokio_tungstenite::tungstenite::Message;

/// Breaks out of attributes, elements, scripts and SQL, if anything lets it.
const NASTY: &str =
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>'; DROP TABLE events;-- \" & \u{2028}";

async fn in_consultation(town: &Arc<Town>) -> (Guardian, Clinician, ConsultationId) {
    let mut doctor = town.clinician("佐藤").await;
    let guardian = town.waiting_guardian("熱が下がりません").await;
    let consultation = doctor.takes_next().await.expect("somebody waits");
    (guardian, doctor, consultation)
}

async fn events(town: &Town, consultation: ConsultationId) -> u64 {
    town.app
        .spine
        .load(consultation)
        .await
        .expect("read")
        .map_or(0, |state| state.seq)
}

/// The server answers somebody else.
async fn is_alive(town: &Town) {
    assert_eq!(town.browser("hino.test").opens("/healthz").await.body, "ok");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_that_is_no_frame_is_named_and_the_conversation_goes_on() {
    let town = Town::new().await;
    let (mut guardian, _doctor, consultation) = in_consultation(&town).await;
    let before = events(&town, consultation).await;
    let unreadable = [
        "".to_owned(),
        "null".to_owned(),
        "{".to_owned(),
        "[]".to_owned(),
        "42".to_owned(),
        r#"{"t":"dance"}"#.to_owned(),
        r#"{"t":"hello","version":1,"more":1}"#.to_owned(),
        r#"{"t":"unwatch","consultation":"nobody"}"#.to_owned(),
        r#"{"t":"unwatch","consultation":7}"#.to_owned(),
        format!(r#"{{"t":"watch","consultation":"{consultation}","cursor":"x9"}}"#),
        format!(r#"{{"t":"watch","consultation":"{consultation}","cursor":-1}}"#),
        format!(
            r#"{{"t":"command","id":"{consultation}","consultation":"{consultation}","command":{{"kind":"fly"}}}}"#
        ),
        format!(
            r#"{{"t":"command","id":"{consultation}","consultation":"{consultation}","command":{{"kind":"say","text":5}}}}"#
        ),
        format!(
            r#"{{"t":"command","id":"{consultation}","consultation":"{consultation}","command":{{"kind":"say","text":"x","by":"staff"}}}}"#
        ),
        format!(
            r#"{{"t":"command","id":"{consultation}","consultation":"{consultation}","command":{{"kind":"request"}}}}"#
        ),
        format!(
            r#"{{"t":"command","id":"{consultation}","consultation":"{consultation}","command":{{"kind":"ring_expired","call":3}}}}"#
        ),
        format!(r#"{{"t":"signal","consultation":"{consultation}","from":-1,"signal":{{"kind":"typing"}}}}"#),
        format!(r#"{{"t":"present","consultation":"{consultation}","state":"asleep"}}"#),
        format!(r#"{}1{}"#, "[".repeat(500), "]".repeat(500)),
    ];
    for text in &unreadable {
        guardian.live().sends_text(text).await;
        assert_eq!(guardian.live().error().await, ErrorCode::Unreadable, "{text}");
    }
    guardian
        .live()
        .sends_message(Message::binary(vec![0_u8, 159, 146, 150]))
        .await;
    assert_eq!(guardian.live().error().await, ErrorCode::Unreadable);
    assert_eq!(events(&town, consultation).await, before);
    guardian.says("まだつながっています").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_does_not_begin_with_hello_or_speaks_another_version_is_told_and_closed() {
    let town = Town::new().await;
    let guardian = town.waiting_guardian("こんばんは").await;
    let greetings = [
        (r#"{"t":"beat"}"#.to_owned(), ErrorCode::HelloFirst),
        (
            format!(r#"{{"t":"watch","consultation":"{}"}}"#, guardian.consultation()),
            ErrorCode::HelloFirst,
        ),
        (r#"{"t":"hello","version":99}"#.to_owned(), ErrorCode::Version),
    ];
    for (text, code) in greetings {
        let mut live = Live::connect(&guardian.browser, upgrade(&guardian.browser, "/live"))
            .await
            .expect("let in");
        live.sends_text(&text).await;
        assert_eq!(live.error().await, code);
        assert!(live.is_closed().await);
        assert!(!live.raw.contains("こんばんは"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_limit_of_a_frame_is_held_to_the_byte() {
    let town = Town::new().await;
    let (mut guardian, _doctor, consultation) = in_consultation(&town).await;
    let signal = |signal| ClientFrame::Signal {
        consultation,
        from: 1,
        to: 2,
        signal,
    };
    let sdp = |bytes| {
        signal(Signal::Description {
            description: DescriptionKind::Offer,
            offer: 1,
            sdp: "v".repeat(bytes),
        })
    };
    let candidate = |bytes, mid: usize| {
        signal(Signal::Candidate {
            candidate: "c".repeat(bytes),
            mid: Some("m".repeat(mid)),
            m_line: Some(0),
        })
    };
    let draft = |field: &str, chars| ClientFrame::Draft {
        consultation,
        field: field.to_owned(),
        revision: 1,
        body: serde_json::json!("d".repeat(chars)),
    };
    let watches = |count| ClientFrame::Hello {
        version: 1,
        watch: (0..count)
            .map(|_| Watch {
                consultation,
                cursor: None,
            })
            .collect(),
        queue: false,
    };
    let too_large = [
        sdp(limits::SDP_BYTES + 1),
        candidate(limits::CANDIDATE_BYTES + 1, 1),
        candidate(1, 65),
        draft("message", limits::DRAFT_BYTES - 1),
        draft("diary", 1),
        watches(limits::WATCHED_PER_SOCKET + 1),
    ];
    for frame in &too_large {
        guardian.live().sends(frame).await;
        assert_eq!(guardian.live().error().await, ErrorCode::TooLarge);
    }
    for frame in [
        sdp(limits::SDP_BYTES),
        candidate(limits::CANDIDATE_BYTES, 64),
        draft("message", limits::DRAFT_BYTES - 2),
    ] {
        guardian.live().sends(&frame).await;
    }
    guardian.live().settles().await;
    assert!(
        guardian
            .live()
            .passed
            .iter()
            .all(|frame| !matches!(frame, ServerFrame::Error { .. }))
    );

    let padded = |bytes: usize| format!("{}{}", r#"{"t":"beat"}"#, " ".repeat(bytes - 12));
    guardian.live().sends_text(&padded(limits::FRAME_BYTES)).await;
    guardian.live().settles().await;
    guardian.live().sends_text(&padded(limits::FRAME_BYTES + 1)).await;
    assert_eq!(guardian.live().error().await, ErrorCode::TooLarge);
    // Far beyond it nobody reads to the end.
    guardian.live().sends_text(&padded(limits::FRAME_BYTES * 40)).await;
    assert!(guardian.live().is_closed().await);
    guardian.loses_connection();
    guardian.opens_live().await;
    is_alive(&town).await;
}

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
    let sign = |note: Note| Command::SignNote { note: Box::new(note) };
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
    let step = [("step", "symptoms"), ("go", "next")];
    let many: Vec<(&str, &str)> = ["fever", "cough", "rash", "head", "eyes", "sleep", "crying"]
        .map(|code| ("complaints", code))
        .to_vec();
    let wrong: [(Vec<(&str, &str)>, &str); 6] = [
        (
            vec![("complaints", "fever"), ("worry", long.as_str())],
            "2000字までで書いてください。",
        ),
        (
            vec![("complaints", "fever"), ("worry", "")],
            "ひとことで書いてください。",
        ),
        (
            vec![("complaints", "bewitched"), ("worry", "x")],
            "1つ以上えらんでください。",
        ),
        ([many, vec![("worry", "x")]].concat(), "6つまでえらべます。"),
        (
            vec![("complaints", "fever"), ("worry", "x"), ("temperature", "hot")],
            "38.5 のように",
        ),
        (
            vec![("complaints", "fever"), ("worry", "x"), ("temperature", "99")],
            "30.0 から 43.0",
        ),
    ];
    for (fields, sentence) in wrong {
        let answer = guardian.posts("intake", &[&step[..], &fields].concat()).await;
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
    assert_eq!(
        guardian.posts("intake", &without_command).await.status,
        422,
        "the symptoms come first"
    );
    let symptoms = [
        &step[..],
        &[("complaints", "fever"), ("worry", "x"), ("no_signs", "on")],
    ]
    .concat();
    assert_eq!(guardian.posts("intake", &symptoms).await.status, 303);
    assert_eq!(guardian.posts("intake", &without_command).await.status, 400);
    assert_eq!(events(&town, guardian.consultation()).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_that_no_form_holds_is_refused_and_nothing_is_stored() {
    let town = Town::new().await;
    let mut asking = town.guardian();
    asking.registers().await;
    let mut waiting = town.waiting_guardian("待っています").await;
    let before = events(&town, waiting.consultation()).await;
    let symptoms = "complaints=fever&worry=x&step=symptoms&go=next";
    let wrong = [
        ("mode", "", "mode", "dance"),
        ("mode", "", "mode", ""),
        (
            "intake",
            "step=subject&go=next&about=child&born=2024-08",
            "relation",
            "cat",
        ),
        ("intake", symptoms, "complaints", "bewitched"),
        ("intake", symptoms, "onset", "someday"),
        ("intake", "step=mode&go=send", "mode", "dance"),
    ];
    for (form, fields, field, word) in wrong {
        let command = town.command().to_string();
        let mut fields: Vec<(&str, &str)> = fields.split('&').filter_map(|pair| pair.split_once('=')).collect();
        fields.extend([(field, word), ("command", command.as_str())]);
        let guardian = if form == "intake" { &mut asking } else { &mut waiting };
        let status = guardian.posts(form, &fields).await.status;
        assert!(matches!(status, 400 | 422), "{form} {field}={word}: {status}");
    }
    assert_eq!(events(&town, asking.consultation()).await, 0);
    assert_eq!(events(&town, waiting.consultation()).await, before);
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
    assert_eq!(answer.leads_to(), guardian.path, "the question is asked again");
    assert_eq!(events(&town, consultation).await, before);
    doctor.says(consultation, "つづけましょう").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_sends_without_end_is_slowed_and_then_closed() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    for _ in 0..limits::FRAMES_BURST + 250 {
        guardian.live().sends(&ClientFrame::Beat).await;
    }
    assert_eq!(guardian.live().error().await, ErrorCode::TooFast);
    assert!(guardian.live().is_closed().await);
    doctor.says(consultation, "ほかの人は待たされません").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_watches_as_many_consultations_as_allowed_and_no_more() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    for n in 0..limits::WATCHED_PER_SOCKET {
        let consultation = town.somebody_waits("hino", &format!("相談{n}")).await;
        doctor.live().watches(consultation).await;
    }
    let one_more = town.somebody_waits("hino", "もうひとつ").await;
    doctor
        .live()
        .sends(&ClientFrame::Watch(Watch {
            consultation: one_more,
            cursor: None,
        }))
        .await;
    assert_eq!(doctor.live().error().await, ErrorCode::TooManyWatched);
    let first = *doctor.live().logs.keys().next().expect("one");
    doctor.live().sends(&ClientFrame::Unwatch { consultation: first }).await;
    doctor.live().watches(one_more).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn html_and_sql_in_every_text_stay_text_on_every_page() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut guardian = town.guardian();
    guardian.registers().await;
    guardian.sends_intake(NASTY).await;
    guardian.opens_live().await;
    let consultation = guardian.consultation();
    doctor.takes_next().await.expect("somebody waits");
    let desk_while_open = doctor.browser.opens("/desk").await.body;
    doctor.says(consultation, NASTY).await;
    guardian.says(NASTY).await;
    doctor
        .does(consultation, Command::Remark { text: NASTY.to_owned() })
        .await
        .expect("remarked");
    let waiting_page = guardian.opens_ticket().await;
    let written = Note {
        advice: NASTY.to_owned(),
        safety_net: Some(NASTY.to_owned()),
        internal: Some(NASTY.to_owned()),
        ..note()
    };
    doctor.signs_note(consultation, written).await;
    doctor
        .does(consultation, Command::AddToNote { text: NASTY.to_owned() })
        .await
        .expect("added");
    doctor.does(consultation, Command::Close).await.expect("closed");
    let after = guardian.opens_ticket().await;
    guardian.answers_survey("yes", NASTY).await;
    let mut supervisor = town.supervisor("田中").await;
    let query = form(&[
        ("from", NASTY),
        ("clinician", NASTY),
        ("outcome", NASTY),
        ("waited_minutes", NASTY),
    ]);
    let staff_query = form(&[("why", NASTY)]);
    let mut pages = vec![
        desk_while_open,
        waiting_page.body.clone(),
        after.body.clone(),
        guardian.opens_ticket().await.body,
    ];
    pages.push(supervisor.replays(consultation).await.body);
    pages.push(supervisor.opens_logs(&format!("?{query}")).await.body);
    pages.push(
        supervisor
            .browser
            .opens(&format!("/kpi?{}", form(&[("year", NASTY)])))
            .await
            .body,
    );
    pages.push(
        town.browser("hino.test")
            .opens(&format!("/staff/sign-in?{staff_query}"))
            .await
            .body,
    );
    pages.push(
        town.browser("hino.test")
            .opens(&format!("/register?{}", form(&[("phrase", NASTY)])))
            .await
            .body,
    );
    let wrong = [("login", NASTY), ("password", NASTY), ("code", NASTY)];
    pages.push(town.browser("hino.test").posts("/staff/sign-in", &wrong).await.body);
    let wrong = [
        ("passphrase", NASTY),
        ("reach", NASTY),
        ("about", NASTY),
        ("born", NASTY),
        ("recovery", NASTY),
        ("command", NASTY),
    ];
    pages.push(town.browser("hino.test").posts("/register", &wrong).await.body);
    for page in &pages {
        assert!(page.contains("<!DOCTYPE html>"), "{page}");
        for broken in ["<script>alert", "<img src=x", "onerror=alert(2)>"] {
            let escaped_quotes = page
                .replace("onerror=alert(2)&gt;", "")
                .replace("\\u003cimg src=x onerror=alert(2)>", "");
            assert!(!escaped_quotes.contains(broken), "{broken} in {page}");
        }
    }
    // The model in the page is whole: nothing in a text ended its element.
    let model = waiting_page.live();
    let said = model
        .events
        .iter()
        .filter(|event| format!("{event:?}").contains("DROP TABLE"))
        .count();
    assert_eq!(said, 3, "the intake and two messages");
    // And the tables are there.
    assert!(town.app.spine.verify(consultation).await.is_ok());
}
