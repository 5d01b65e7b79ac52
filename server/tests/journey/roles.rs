//! Every page of the staff before everybody: whoever may read it does, as the one table of roles says; everybody else is led
//! away or finds nothing, and never a word of a case. The list of pages is read from the router.

use super::{browser::Browser, openings::in_consultation, town::Town};
use server::{
    access::{What, may},
    identity::home_of,
};
use signaling::{actor::Role, id::ConsultationId};
use std::collections::BTreeSet;

/// Every page by its template, and what it is for.
const PAGES: [(&str, What); 22] = [
    ("/desk", What::Desk),
    ("/desk/consultations/{id}/history", What::History),
    ("/desk/consultations/{id}/invitations/{invite}", What::Invitation),
    ("/desk/colleagues", What::Desk),
    ("/concerns/{consultation}", What::Concern),
    ("/referrals", What::Referrals),
    ("/tasks", What::Tasks),
    ("/tasks/waiting", What::Tasks),
    ("/logs", What::Logs),
    ("/logs/{consultation}", What::Replay),
    ("/rota", What::Rota),
    ("/kpi", What::Figures),
    ("/kpi.csv", What::Figures),
    ("/admin", What::Settings),
    ("/admin/connections", What::Settings),
    ("/admin/templates", What::Settings),
    ("/admin/phones", What::Settings),
    ("/desk/templates", What::Desk),
    ("/admin/hours", What::Settings),
    ("/admin/institutions", What::Settings),
    ("/admin/rules", What::Rules),
    ("/admin/rules/compare", What::Rules),
];

/// What the family wrote; the doctor's name is on pages of figures, too.
const PLANTED: &str = "熱が下がりません";

fn address(template: &str, consultation: ConsultationId) -> String {
    let id = consultation.to_string();
    template
        .replace("{id}", &id)
        .replace("{consultation}", &id)
        .replace("{invite}", "4")
}

/// The templates of all pages that only staff reads.
fn pages_of_the_router() -> BTreeSet<&'static str> {
    let source = include_str!("../../src/router.rs");
    let routes = source.split(".route(").skip(1);
    let staffs = routes.filter(|route| {
        let handlers = route.split("\n        .").next().unwrap_or_default();
        [
            "get(desk::",
            "get(opening::",
            "get(phones::",
            "get(report::",
            "get(rota::",
            "get(rules::",
            "get(reach::show",
            "get(tasks::",
            "get(referrals::",
            "get(concern::",
            "get(templates::",
        ]
        .iter()
        .any(|handler| handlers.contains(handler))
    });
    staffs.filter_map(|route| route.split('"').nth(1)).collect()
}

/// Nobody's page: led away or not there, without a word or a number of the case.
async fn is_kept_out(who: &str, browser: &Browser, path: &str, consultation: ConsultationId) -> u16 {
    let answer = browser.clone().opens(path).await;
    assert!(matches!(answer.status, 303 | 404), "{who} at {path}: {}", answer.status);
    let location = answer.header("location").unwrap_or_default();
    for word in [PLANTED, &consultation.to_string()] {
        assert!(
            !answer.body.contains(word) && !location.contains(word),
            "{who} reads {word} at {path}"
        );
    }
    answer.status
}

#[test]
fn every_page_of_the_staff_stands_in_the_table() {
    let listed: BTreeSet<&str> = PAGES.iter().map(|(page, _)| *page).collect();
    assert_eq!(listed, pages_of_the_router());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_reads_the_pages_that_are_its_own_and_is_led_home_from_all_others() {
    let town = Town::new().await;
    let (_guardian, _doctor, consultation) = in_consultation(&town).await;
    for role in Role::ALL {
        let mut reader = town.reader("hino", "佐々木", role).await;
        for (page, what) in PAGES {
            let (who, path) = (format!("{role:?}"), address(page, consultation));
            if may(role, what) {
                let answer = reader.browser.opens(&path).await;
                // A link is for the clinician who has the consultation.
                let others = what == What::Concern && role != Role::Supervisor;
                let wanted = if what == What::Invitation || others { 404 } else { 200 };
                assert_eq!(answer.status, wanted, "{who} at {path}: {}", answer.body);
                let shows_cases = matches!(what, What::Replay);
                assert!(
                    !shows_cases || answer.body.contains(PLANTED),
                    "{who} reads the case at {path}"
                );
                let counts_only = matches!(what, What::Figures | What::Settings);
                assert!(
                    !counts_only || !answer.body.contains(PLANTED),
                    "{who} reads no case at {path}"
                );
            } else {
                assert_eq!(is_kept_out(&who, &reader.browser, &path, consultation).await, 303);
                assert_eq!(
                    reader.browser.opens(&path).await.leads_to(),
                    home_of(role),
                    "{who} at {path}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_of_another_city_find_their_own_pages_and_no_case_of_this_one() {
    let town = Town::new().await;
    let (_guardian, _doctor, consultation) = in_consultation(&town).await;
    for role in Role::ALL {
        let mut reader = town.reader("tama", "多摩", role).await;
        for (page, what) in PAGES {
            let (who, path) = (format!("{role:?} of another city"), address(page, consultation));
            // Their session is none at this city's address.
            let there = reader.browser.at("hino.test");
            assert_eq!(is_kept_out(&who, &there, &path, consultation).await, 303);
            // At their own address the case is not there, like one that never was.
            if !may(role, what) || matches!(what, What::History | What::Replay | What::Invitation | What::Concern) {
                let wanted = if may(role, what) { 404 } else { 303 };
                assert_eq!(
                    is_kept_out(&who, &reader.browser, &path, consultation).await,
                    wanted,
                    "{who} at {path}"
                );
                continue;
            }
            let answer = reader.browser.opens(&path).await;
            assert_eq!(answer.status, 200, "{who} at {path}");
            for word in [PLANTED, &consultation.to_string()] {
                assert!(!answer.body.contains(word), "{who} reads {word} at {path}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_session_or_with_a_familys_cookie_every_page_of_the_staff_leads_to_signing_in() {
    let town = Town::new().await;
    let (guardian, doctor, consultation) = in_consultation(&town).await;
    let mut forged = town.browser("hino.test");
    let names: Vec<String> = doctor.browser.cookies.keys().cloned().collect();
    let token = guardian.browser.cookies.values().next().expect("a credential");
    for name in names {
        forged.cookies.insert(name, token.clone());
    }
    let visitors = [
        ("nobody", town.browser("hino.test"), "/staff/sign-in"),
        ("the case's own family", guardian.browser.clone(), "/staff/sign-in"),
        (
            "a family's credential as a session",
            forged,
            "/staff/sign-in?why=expired",
        ),
    ];
    for (who, browser, wanted) in visitors {
        for (page, _) in PAGES {
            let path = address(page, consultation);
            is_kept_out(who, &browser, &path, consultation).await;
            assert_eq!(browser.clone().opens(&path).await.leads_to(), wanted, "{who} at {path}");
        }
    }
    // And a session of the staff is no family's credential.
    let ticket = doctor.browser.clone().opens(&guardian.path).await;
    assert!(
        !ticket.body.contains(PLANTED),
        "a desk's browser before the family's door"
    );
}
