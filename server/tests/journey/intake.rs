//! What a family is asked before it waits, and what of its answers the desk may rely on.

use super::{actors::Guardian, browser::Pages as _, town::Town};
use frontend::page::guardian::{IntakePage, TicketStep};
use signaling::{consultation::WireKind, intake::IntakeStep};

async fn page(guardian: &mut Guardian) -> IntakePage {
    match guardian.opens_ticket().await.ticket().step {
        TicketStep::Intake(page) => *page,
        TicketStep::Live(_) => panic!("sent already"),
    }
}

/// The ids of the signs that the page shows.
fn in_sight(answer: &str) -> Vec<String> {
    let named = answer.split("name=\"asked\" value=\"").skip(1);
    named
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

/// Registers and says that it is about fever; the page that follows asks for signs.
async fn comes_to_the_signs(guardian: &mut Guardian) -> Vec<String> {
    guardian.registers().await;
    let fever = [("step", "symptoms"), ("go", "next"), ("complaints", "fever")];
    assert_eq!(guardian.posts("intake", &fever).await.leads_to(), guardian.path);
    in_sight(&guardian.opens_ticket().await.body)
}

/// Posts the page of the signs as a browser does: with the name of every sign that it shows.
async fn answers(guardian: &mut Guardian, go: &str, asked: &[String], more: &[(&str, &str)]) -> String {
    let mut fields = vec![("step", "signs"), ("go", go), ("temperature", "38.9")];
    fields.extend(asked.iter().map(|sign| ("asked", sign.as_str())));
    fields.extend(more);
    guardian.posts("intake", &fields).await.leads_to().to_owned()
}

async fn sends(guardian: &mut Guardian, town: &Town) {
    let command = town.command().to_string();
    let last = [
        ("step", "mode"),
        ("go", "send"),
        ("worry", "熱"),
        ("mode", "chat"),
        ("command", command.as_str()),
    ];
    assert_eq!(guardian.posts("intake", &last).await.leads_to(), guardian.path);
}

async fn intake_at_the_desk(town: &std::sync::Arc<Town>) -> signaling::intake::Intake {
    let mut doctor = town.clinician("佐藤").await;
    let consultation = doctor.takes_next().await.expect("one waits");
    let events = &doctor.log(consultation).events;
    let intake = events.iter().find_map(|event| match &event.kind {
        WireKind::Requested { intake, .. } => intake.as_deref().cloned(),
        _ => None,
    });
    intake.expect("an intake")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feverish_child_is_asked_few_signs_and_no_is_said_of_these_alone() {
    let town = Town::new().await;
    let mut guardian = town.guardian();
    let asked = comes_to_the_signs(&mut guardian).await;
    assert!((3..=8).contains(&asked.len()), "{asked:?}");
    assert!(page(&mut guardian).await.folded > 0);
    answers(&mut guardian, "next", &asked, &[("no_signs", "on")]).await;
    sends(&mut guardian, &town).await;
    let intake = intake_at_the_desk(&town).await;
    assert!(intake.no_signs);
    assert_eq!(intake.asked, asked);
    assert!(
        !intake.asked.contains(&"c08_burn".to_owned()),
        "nobody was asked about burns"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_saved_while_typing_and_arrives_after_next_neither_leads_back_nor_takes_a_sign_away() {
    let town = Town::new().await;
    let mut guardian = town.guardian();
    let asked = comes_to_the_signs(&mut guardian).await;
    answers(&mut guardian, "next", &asked, &[("signs", "c01_no_response")]).await;
    let late = [("step", "signs"), ("go", "save"), ("no_signs", "on")];
    assert_eq!(guardian.posts("intake", &late).await.status, 204);
    let page = page(&mut guardian).await;
    assert_eq!(page.at, IntakeStep::Mode);
    assert_eq!(page.draft.signs, ["c01_no_response"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rest_is_unfolded_by_a_form_survives_a_reload_and_counts_when_ticked() {
    let town = Town::new().await;
    let mut guardian = town.guardian();
    let few = comes_to_the_signs(&mut guardian).await;
    let to = answers(&mut guardian, "more", &few, &[("no_signs", "on")]).await;
    assert_eq!(to, format!("{}#more-signs", guardian.path));
    for _ in 0..2 {
        let unfolded = page(&mut guardian).await;
        assert_eq!((unfolded.first, unfolded.folded), (few.len(), 0));
        assert!(unfolded.questions.len() > few.len());
        assert!(!unfolded.draft.no_signs, "it was said of fewer");
        assert_eq!(unfolded.draft.temperature, "38.9");
    }
    let all = in_sight(&guardian.opens_ticket().await.body);
    answers(&mut guardian, "next", &all, &[("signs", "c08_burn")]).await;
    assert!(!page(&mut guardian).await.panels.is_empty(), "119 at once");
    sends(&mut guardian, &town).await;
    let intake = intake_at_the_desk(&town).await;
    assert_eq!((intake.signs, intake.no_signs), (vec!["c08_burn".to_owned()], false));
    assert_eq!(intake.asked, all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_without_its_month_is_asked_again_and_not_forgotten() {
    let town = Town::new().await;
    let mut guardian = town.guardian();
    guardian.registers().await;
    let subject = [
        ("step", "subject"),
        ("go", "next"),
        ("about", "child"),
        ("born_year", "2023"),
        ("born_month", ""),
        ("born_day", ""),
    ];
    let again = guardian.posts("intake", &subject).await;
    assert_eq!(again.status, 422);
    assert!(
        again.body.contains("<option value=\"2023\" selected>"),
        "{}",
        again.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_complaint_asks_other_signs_and_takes_the_no_back() {
    let town = Town::new().await;
    let mut guardian = town.guardian();
    let of_fever = comes_to_the_signs(&mut guardian).await;
    answers(&mut guardian, "back", &of_fever, &[("no_signs", "on")]).await;
    let head = [("step", "symptoms"), ("go", "next"), ("complaints", "head")];
    guardian.posts("intake", &head).await;
    let now = page(&mut guardian).await;
    assert!(!now.draft.no_signs);
    assert!(now.questions.iter().any(|question| question.sign == "c08_fall"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_with_one_bar_is_sent_its_first_pages_packed_and_a_list_of_cases_never_is() {
    let town = Town::new().await;
    let mut guardian = town.guardian();
    guardian.registers().await;
    let asks = [("accept-encoding", "gzip, deflate, br")];
    for path in ["/", guardian.path.clone().as_str()] {
        let plain = guardian.browser.opens(path).await;
        let packed = guardian.browser.sends("GET", path, &asks, "").await;
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{path}");
    }
    let mut supervisor = town.supervisor("田中").await;
    let list = supervisor.browser.sends("GET", "/logs", &asks, "").await;
    assert_eq!((list.status, list.header("content-encoding")), (200, None));
}
