//! What holds on every page and in every state, and the samples as files for looking at.

use crate::{evening, html, raw, samples, samples::Until, text};
use frontend::{
    page::guardian::GuardianPage,
    shell::{Files, Page, document},
};
use signaling::{
    call::{CallOutcome, agent::BrowserFamily},
    intake::{IntakeDraft, IntakeField, IntakeStep},
    time::At,
};

/// Every sample with a name.
fn all() -> Vec<(&'static str, GuardianPage)> {
    let intake = |at, draft, panels, faults| samples::intake(samples::intake_page(at, draft, panels, faults));
    let flagged = IntakeDraft {
        signs: vec!["blue_lips".into()],
        ..samples::draft()
    };
    let live = |until, ahead| samples::live(samples::events(until), ahead, vec![]);
    vec![
        ("entrance-open", samples::entrance(true, false, None)),
        (
            "entrance-registered",
            samples::entrance(true, true, Some(samples::PATH)),
        ),
        ("entrance-closed", samples::entrance(false, false, None)),
        ("register", samples::register(Vec::new())),
        (
            "register-faults",
            samples::register(vec![("passphrase".into(), "合言葉がちがうようです。".into())]),
        ),
        (
            "intake-subject",
            intake(IntakeStep::Subject, samples::draft(), vec![], vec![]),
        ),
        (
            "intake-symptoms",
            intake(IntakeStep::Symptoms, samples::draft(), vec![], vec![]),
        ),
        (
            "intake-119",
            intake(IntakeStep::Signs, flagged, vec![samples::panel_119()], vec![]),
        ),
        (
            "intake-lines",
            intake(
                IntakeStep::Signs,
                samples::draft(),
                vec![samples::panel_visit(), samples::panel_lines()],
                vec![],
            ),
        ),
        (
            "intake-visit",
            intake(
                IntakeStep::Symptoms,
                samples::draft(),
                vec![samples::panel_visit()],
                samples::nothing_filled(),
            ),
        ),
        (
            "intake-signs",
            intake(IntakeStep::Signs, samples::draft(), vec![], vec![]),
        ),
        (
            "intake-mode",
            intake(IntakeStep::Mode, samples::draft(), vec![], vec![]),
        ),
        (
            "intake-pregnant",
            samples::mother(IntakeStep::Subject, "pregnant", Some(IntakeField::Due)),
        ),
        (
            "intake-postpartum",
            samples::mother(IntakeStep::Subject, "postpartum", Some(IntakeField::GaveBirth)),
        ),
        (
            "intake-signs-pregnant",
            samples::mother(IntakeStep::Signs, "pregnant", None),
        ),
        ("waiting", live(Until::Waiting, Some(2))),
        ("waiting-next", samples::with_notices(live(Until::Sent, Some(0)))),
        (
            "waiting-119",
            samples::live(samples::events(Until::Sent), Some(0), vec![samples::panel_119()]),
        ),
        ("waiting-anytime", samples::anytime(At(samples::NOW.0 + 23 * 3_600_000))),
        ("waiting-anytime-late", samples::anytime(At(samples::NOW.0 - 60_000))),
        ("talking", live(Until::Talking, None)),
        (
            "talking-missed",
            samples::live(samples::after_a_call(CallOutcome::Unanswered), None, vec![]),
        ),
        ("over", live(Until::Over, None)),
        ("over-surveyed", live(Until::Surveyed, None)),
        ("over-asked", evening::asked_how_it_goes()),
        ("over-referral", evening::offered_to_the_nurse()),
        ("waiting-again", evening::back_again()),
        ("over-too-late", samples::too_late()),
        ("over-erased", samples::erased()),
        ("cancelled", samples::cancelled()),
        ("door", samples::door(None, false)),
        ("door-locked", samples::door(Some("まちがいが続いています。"), true)),
        ("enter", samples::enter()),
        ("replace", samples::replace()),
        ("transfer", samples::transfer()),
        ("hand-over-line", samples::hand_over(BrowserFamily::Line)),
        ("hand-over-app", samples::hand_over(BrowserFamily::InApp)),
        ("appointments", samples::appointments(None, None, true)),
        (
            "appointments-changed",
            samples::appointments(
                Some(samples::minutes_ago(-60)),
                Some(&signaling::consultation::Refusal::SlotFull.to_string()),
                true,
            ),
        ),
        ("appointments-none", samples::appointments(None, None, false)),
        ("invite", samples::invite(None)),
        ("invite-full", samples::invite(Some("この通話は4人までです。"))),
        ("guest-door", samples::guest_door(None)),
        ("guest-door-fault", samples::guest_door(Some("文字を入れてください。"))),
        ("guest", samples::guest()),
        ("mine", samples::mine()),
        ("notice", samples::notice()),
        ("notice-try-again", samples::try_again()),
    ]
}

#[test]
fn no_page_speaks_of_examining_or_prescribing() {
    for (name, page) in all() {
        let read = text(&html(page)).replace("これは医師の診察ではありません", "");
        for word in ["診療", "診察", "処方", "患者", "カルテ"] {
            assert!(!read.contains(word), "{word} on {name}");
        }
    }
}

#[test]
fn every_page_has_one_heading_of_the_first_level_and_no_inline_style() {
    for (name, page) in all() {
        let html = html(page);
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert_eq!(html.matches("<main").count(), 1, "{name}");
        assert!(
            !html.contains("style="),
            "{name}: the content security policy forbids style attributes"
        );
    }
}

#[test]
fn every_id_is_unique_and_every_label_leads_somewhere() {
    for (name, page) in all() {
        let html = html(page);
        let values = |attribute: &str| -> Vec<String> {
            let start = format!(" {attribute}=\"");
            html.split(&start)
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
                .collect()
        };
        let ids = values("id");
        for id in &ids {
            assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "{name}: id {id}");
        }
        for label in values("for") {
            assert!(ids.contains(&label), "{name}: label for {label}");
        }
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a developer asks for files by an environment variable"
)]
fn samples_can_be_looked_at() {
    let Ok(dir) = std::env::var("PAGES_DIR") else { return };
    let assets = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/css");
    let mut css = String::new();
    for folder in ["common", "guardian"] {
        let entries = std::fs::read_dir(format!("{assets}/{folder}")).expect("styles");
        let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
        for file in files {
            css.push_str(&std::fs::read_to_string(file).expect("a style"));
        }
    }
    std::fs::write(format!("{dir}/guardian.css"), css).expect("write");
    let files = Files {
        guardian_css: "guardian.css".to_owned(),
        guardian_js: "./guardian.js".to_owned(),
        guardian_wasm: "./guardian.wasm".to_owned(),
        ..Files::default()
    };
    for (name, page) in all() {
        let body = raw(page.clone());
        let document = document(&Page::Guardian(page), name, &body, &files, "n");
        std::fs::write(format!("{dir}/{name}.html"), document).expect("write");
    }
}
