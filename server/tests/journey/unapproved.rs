//! A real desk whose red-flag rules no physician has approved: they do not run, and nobody is told that there are any.

use super::{actors::Guardian, browser::Pages as _, town::Town};
use frontend::page::guardian::TicketStep;
use signaling::{consultation::WireKind, protocol::ServerFrame, triage::Acuity};

/// What only rules say.
const OF_RULES: [&str; 5] = [
    "相談を続けるより先に",
    "危険なサイン",
    "どれもない",
    "c01_no_response",
    "call_119",
];

async fn page_says_nothing_of_rules(guardian: &mut Guardian) {
    let page = guardian.opens_ticket().await;
    if let TicketStep::Intake(intake) = page.ticket().step {
        assert!(intake.questions.is_empty() && intake.panels.is_empty() && intake.folded == 0);
    }
    // A draft is given back as it was posted; it is no rule's word.
    let body = page.body.replace("\"signs\":[\"c01_no_response\"]", "");
    for word in OF_RULES {
        assert!(!body.contains(word), "{word} in {body}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_without_approval_asks_nothing_flags_nothing_and_is_not_spoken_of() {
    let town = Town::real().await;
    let mut doctor = town.clinician("佐藤").await;
    let mut guardian = town.guardian();
    guardian.registers().await;
    let symptoms = [("step", "symptoms"), ("go", "next"), ("complaints", "convulsion")];
    assert_eq!(guardian.posts("intake", &symptoms).await.leads_to(), guardian.path);
    page_says_nothing_of_rules(&mut guardian).await;
    // What an old page of a demo would send.
    let signs = [
        ("step", "signs"),
        ("go", "next"),
        ("signs", "c01_no_response"),
        ("temperature", "41.0"),
    ];
    assert_eq!(guardian.posts("intake", &signs).await.leads_to(), guardian.path);
    page_says_nothing_of_rules(&mut guardian).await;
    let command = town.command().to_string();
    let last = [
        ("step", "mode"),
        ("go", "send"),
        ("worry", "けいれん"),
        ("mode", "chat"),
        ("command", command.as_str()),
    ];
    assert_eq!(guardian.posts("intake", &last).await.leads_to(), guardian.path);
    guardian.opens_live().await;
    page_says_nothing_of_rules(&mut guardian).await;

    let consultation = guardian.consultation();
    let of_it = move |frame: &ServerFrame| match frame {
        ServerFrame::Row { row, .. } if row.consultation == consultation => Some((row.flags.clone(), row.acuity)),
        _ => None,
    };
    let (flags, acuity) = doctor.live().until("the row", of_it).await;
    assert_eq!((flags, acuity), (Vec::new(), Acuity::White));
    doctor.takes_next().await.expect("somebody waits");
    let flagged = |events: &[signaling::consultation::WireEvent]| {
        events
            .iter()
            .any(|event| matches!(event.kind, WireKind::Flagged { .. }))
    };
    assert!(!flagged(&doctor.log(consultation).events) && !flagged(&guardian.log().events));
    for word in ["call_119", "flagged"] {
        assert!(!guardian.live().raw.contains(word), "{word}");
    }
    // And no page of it says that it is a demo.
    assert!(!guardian.browser.opens("/").await.body.contains("デモ"));
}
