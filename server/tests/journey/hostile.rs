//! Those who mean no good, and those who only press every button: a clear answer with a stable code, nothing stored,
//! nobody else's words shown, and a server that goes on.

use super::{
    actors::note,
    browser::{Pages, form},
    calls::incarnation,
    openings::{events, in_consultation, is_alive},
    socket::{Live, Log, upgrade},
    town::Town,
};
use signaling::{
    call::CallMode,
    consultation::Command,
    limits,
    note::Note,
    protocol::{ClientFrame, DescriptionKind, ErrorCode, ServerFrame, Signal, Watch},
};
use tokio_tungstenite::tungstenite::Message;

/// Breaks out of attributes, elements, scripts and SQL, if anything lets it.
pub(crate) const NASTY: &str =
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>'; DROP TABLE events;-- \" & \u{2028}";

/// A page in which nothing of [`NASTY`] has become more than text.
pub(crate) fn stays_text(page: &str) {
    assert!(page.contains("<!DOCTYPE html>"), "{page}");
    let escaped = page
        .replace("onerror=alert(2)&gt;", "")
        .replace("\\u003cimg src=x onerror=alert(2)>", "");
    for broken in ["<script>alert", "<img src=x", "onerror=alert(2)>"] {
        assert!(!escaped.contains(broken), "{broken} in {page}");
    }
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
            build: 0,
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
async fn ten_thousand_candidates_and_forged_seats_reach_nobody() {
    let town = Town::new().await;
    let (mut guardian, mut doctor, consultation) = in_consultation(&town).await;
    let call = doctor.rings(consultation, CallMode::Video).await;
    let ringing = |log: &Log| log.thread().call.is_some_and(|running| running.id == call);
    guardian.live().sees(consultation, "ringing", ringing).await;
    guardian.does(Command::Join { call }).await.expect("answered");
    doctor
        .live()
        .sees(consultation, "an answer", |log| incarnation(log, true) > 0)
        .await;
    let (staff, family) = (
        incarnation(doctor.log(consultation), false),
        incarnation(doctor.log(consultation), true),
    );
    let signal = |from, to, signal| ClientFrame::Signal {
        consultation,
        from,
        to,
        signal,
    };
    let line = "a=candidate:1 1 udp 2122260223 203.0.113.7 50000 typ host\r\n";
    let offer = |sdp| Signal::Description {
        description: DescriptionKind::Offer,
        offer: 1,
        sdp,
        build: 0,
    };
    let candidate = || Signal::Candidate {
        candidate: line.trim().to_owned(),
        mid: Some("0".to_owned()),
        m_line: Some(0),
    };
    guardian
        .live()
        .sends(&signal(family, staff, offer(line.repeat(10_000))))
        .await;
    // More than anybody reads to its end closes the socket, at once or after it was named.
    guardian.loses_connection();
    guardian.opens_live().await;
    let family = guardian.does(Command::Join { call }).await.expect("seated again");
    let forged = [
        (staff, family),
        (staff, staff),
        (family, family),
        (family + 1, staff),
        (family, staff + 7),
        (0, staff),
        (u64::MAX, staff),
    ];
    for (from, to) in forged {
        guardian.live().sends(&signal(from, to, candidate())).await;
    }
    guardian.live().settles().await;
    doctor.live().settles().await;
    assert!(
        !doctor.live().raw.contains("203.0.113.7"),
        "nothing of that is passed on"
    );

    for _ in 0..10_000 {
        guardian.live().sends(&signal(family, staff, candidate())).await;
    }
    assert_eq!(guardian.live().error().await, ErrorCode::TooFast);
    assert!(guardian.live().is_closed().await);
    doctor.live().settles().await;
    let passed = doctor.live().raw.matches("203.0.113.7").count();
    assert!(passed <= 1 + limits::FRAMES_BURST as usize, "{passed}");
    doctor.says(consultation, "ほかの人は待たされません").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_that_no_form_holds_is_refused_and_nothing_is_stored() {
    let town = Town::new().await;
    let mut asking = town.guardian();
    asking.registers().await;
    let mut waiting = town.waiting_guardian("待っています").await;
    let before = events(&town, waiting.consultation()).await;
    let wrong = [
        ("mode", "", "mode", "dance"),
        ("mode", "", "mode", ""),
        (
            "intake",
            "step=subject&go=next&about=child&born=2024-08",
            "relation",
            "cat",
        ),
        (
            "intake",
            "complaints=fever&step=symptoms&go=next",
            "complaints",
            "bewitched",
        ),
        ("intake", "worry=x&mode=chat&step=mode&go=send", "onset", "someday"),
        ("intake", "worry=x&step=mode&go=send", "mode", "dance"),
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
    pages.iter().for_each(|page| stays_text(page));
    // The model in the page is whole: nothing in a text ended its element.
    let model = waiting_page.live();
    let said = model
        .events
        .iter()
        .filter(|event| serde_json::to_string(event).expect("JSON").contains("DROP TABLE"))
        .count();
    assert_eq!(said, 3, "the intake and two messages");
    // And the tables are there.
    assert!(town.app.spine.verify(consultation).await.is_ok());
}
