//! Women before and after birth: whom it is about is a due date, weeks or the day of birth; the signs that are asked are
//! theirs; and a date that cannot be is answered in a sentence.

use super::{
    actors::{Clinician, Guardian},
    browser::{Answer, Pages as _},
    openings::events,
    town::{Town, WORDS},
};
use frontend::page::guardian::{IntakePage, TicketStep};
use signaling::{intake::IntakeStep, protocol::ServerFrame, queue::QueueRow};
use std::sync::Arc;

const SUBJECT: [(&str, &str); 2] = [("step", "subject"), ("go", "next")];

/// Reads the poster and registers, about somebody.
pub(crate) async fn registers(town: &Arc<Town>, about: &[(&str, &str)]) -> Result<Guardian, Answer> {
    let mut guardian = town.guardian();
    let command = town.command().to_string();
    let mut fields = vec![
        ("command", command.as_str()),
        ("passphrase", WORDS),
        ("reach", "handbook"),
        ("consent_consultation", "on"),
    ];
    fields.extend(about);
    let answer = guardian.browser.posts("/register", &fields).await;
    if answer.status != 303 {
        return Err(answer);
    }
    guardian.begins().await;
    Ok(guardian)
}

fn intake(answer: &Answer) -> IntakePage {
    match answer.ticket().step {
        TicketStep::Intake(page) => *page,
        TicketStep::Live(_) => panic!("sent already"),
    }
}

/// Says whom it is about, as the first step of the intake asks.
async fn tells(guardian: &mut Guardian, about: &[(&str, &str)]) -> Answer {
    let fields: Vec<_> = SUBJECT.iter().chain(about).copied().collect();
    guardian.posts("intake", &fields).await
}

/// Each of these is refused on its own step with this sentence, and shown again as it was typed.
async fn are_refused(guardian: &mut Guardian, about: &str, wrong: &[(&str, &str, &str)]) {
    for &(field, typed, sentence) in wrong {
        let answer = tells(guardian, &[("about", about), (field, typed)]).await;
        assert_eq!(answer.status, 422, "{field}={typed}");
        assert!(answer.body.contains(sentence), "{field}={typed}: {}", answer.body);
        let page = intake(&answer);
        assert_eq!(page.at, IntakeStep::Subject, "{field}={typed}");
        let kept = [&page.draft.due, &page.draft.weeks, &page.draft.gave_birth];
        assert!(kept.contains(&&typed.to_owned()), "{field}={typed} is not lost");
    }
}

/// Goes on to the end; gives the page of the signs with these ticked, and sends it.
async fn asks(town: &Town, guardian: &mut Guardian, complaint: &str, sign: &str) -> IntakePage {
    let symptoms = [("step", "symptoms"), ("go", "next"), ("complaints", complaint)];
    assert_eq!(guardian.posts("intake", &symptoms).await.leads_to(), guardian.path);
    let signs = [("step", "signs"), ("go", "next"), ("signs", sign), ("asked", sign)];
    assert_eq!(guardian.posts("intake", &signs).await.leads_to(), guardian.path);
    let page = intake(&guardian.opens_ticket().await);
    let command = town.command().to_string();
    let last = [
        ("step", "mode"),
        ("go", "send"),
        ("worry", "心配です"),
        ("mode", "chat"),
        ("command", command.as_str()),
    ];
    assert_eq!(guardian.posts("intake", &last).await.leads_to(), guardian.path);
    page
}

async fn row_of(doctor: &mut Clinician, guardian: &Guardian) -> QueueRow {
    let consultation = guardian.consultation();
    let found = move |frame: &ServerFrame| match frame {
        ServerFrame::Row { row, .. } if row.consultation == consultation => Some((**row).clone()),
        _ => None,
    };
    doctor.live().until("the row", found).await
}

const UNREADABLE: &str = "もう一度入れてください";
const MISSING: &str = "入力してください。";
const RANGE: &str = "受けられる範囲の外";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pregnant_woman_is_asked_by_her_weeks_and_a_date_that_cannot_be_is_said_so() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    for (due, sentence) in [("", MISSING), ("2028-01-01", RANGE), ("2027-02-30", UNREADABLE)] {
        let refused = registers(&town, &[("about", "pregnant"), ("due", due)])
            .await
            .err()
            .expect("refused");
        assert_eq!(refused.status, 422, "{due}");
        assert!(refused.body.contains(sentence), "{due}: {}", refused.body);
    }
    // The city's Sunday is 2026-11-22: 40 weeks would be 71 days from here.
    let mut guardian = registers(&town, &[("about", "pregnant"), ("due", "2027-02-01")])
        .await
        .expect("registered");
    let known = intake(&guardian.opens_ticket().await);
    assert_eq!(
        (known.at, known.subject.as_deref()),
        (IntakeStep::Symptoms, Some("妊娠29週6日"))
    );

    let (long, longer) = ("9".repeat(300), "2027-02-01 ".repeat(300));
    let wrong = [
        ("due", "", MISSING),
        ("due", "2027-13-45", UNREADABLE),
        ("due", "来月", UNREADABLE),
        ("due", longer.as_str(), UNREADABLE),
        ("due", "2028-01-01", RANGE),
        ("due", "2026-10-01", RANGE),
        ("weeks", "44", RANGE),
        ("weeks", "-3", UNREADABLE),
        ("weeks", "4.5", UNREADABLE),
        ("weeks", long.as_str(), UNREADABLE),
    ];
    are_refused(&mut guardian, "pregnant", &wrong).await;
    let mut without_scripts = guardian.browser.clone();
    let far = "9".repeat(200_000);
    let far_over = [SUBJECT[0], SUBJECT[1], ("about", "pregnant"), ("due", far.as_str())];
    let form = format!("{}/intake", guardian.path);
    assert_eq!(without_scripts.posts(&form, &far_over).await.status, 413);
    assert_eq!(events(&town, guardian.consultation()).await, 0, "nothing was sent");

    // Some type digits as wide as kanji.
    for weeks in ["28", "２８", " 28週 "] {
        let told = tells(
            &mut guardian,
            &[("about", "pregnant"), ("weeks", weeks), ("relation", "self")],
        )
        .await;
        assert_eq!(told.status, 303, "{weeks}: {}", told.body);
        let page = intake(&guardian.opens_ticket().await);
        assert_eq!(page.subject.as_deref(), Some("妊娠28週"), "{weeks}");
        assert!(
            page.questions.iter().all(|question| question.sign.starts_with('m')),
            "none of a child's"
        );
    }
    let page = asks(&town, &mut guardian, "pregnancy", "m02_bleeding").await;
    assert_eq!(
        page.panels.iter().map(|panel| panel.rule.as_str()).collect::<Vec<_>>(),
        ["M02"]
    );
    assert!(page.panels[0].text.contains("産科に電話"));
    let row = row_of(&mut doctor, &guardian).await;
    assert_eq!((row.subject.as_str(), row.flags), ("妊娠28週", vec!["M02".to_owned()]));
    assert_eq!(
        doctor.takes_next().await.expect("somebody waits"),
        guardian.consultation()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_woman_after_birth_is_asked_by_its_day_and_her_own_signs_alone() {
    let town = Town::new().await;
    let mut doctor = town.clinician("佐藤").await;
    for (day, sentence) in [("", MISSING), ("2026-11-23", "未来の日付"), ("2024-11-22", RANGE)] {
        let refused = registers(&town, &[("about", "postpartum"), ("gave_birth", day)])
            .await
            .err()
            .expect("refused");
        assert_eq!(refused.status, 422, "{day}");
        assert!(refused.body.contains(sentence), "{day}: {}", refused.body);
    }
    let mut guardian = registers(&town, &[("about", "postpartum"), ("gave_birth", "2026-11-22")])
        .await
        .expect("registered today");
    let known = intake(&guardian.opens_ticket().await);
    assert_eq!(
        (known.at, known.subject.as_deref()),
        (IntakeStep::Symptoms, Some("産後0日"))
    );
    let long = "2026-11-01".repeat(100);
    let wrong = [
        ("gave_birth", "", MISSING),
        ("gave_birth", "2026-02-30", UNREADABLE),
        ("gave_birth", long.as_str(), UNREADABLE),
        ("gave_birth", "2026-11-23", "未来の日付"),
        ("gave_birth", "2024-11-22", RANGE),
        // Of the other subjects: not what was asked.
        ("due", "2027-02-01", MISSING),
        ("weeks", "28", MISSING),
    ];
    are_refused(&mut guardian, "postpartum", &wrong).await;
    assert_eq!(events(&town, guardian.consultation()).await, 0, "nothing was sent");

    let told = tells(
        &mut guardian,
        &[
            ("about", "postpartum"),
            ("gave_birth", "2026-10-10"),
            ("relation", "self"),
        ],
    )
    .await;
    assert_eq!(told.status, 303);
    let page = intake(&guardian.opens_ticket().await);
    assert_eq!(page.subject.as_deref(), Some("産後6週"));
    let signs: Vec<_> = page.questions.iter().map(|question| question.sign.as_str()).collect();
    assert!(signs.contains(&"m01_convulsion"), "{signs:?}");
    let of_pregnancy = |sign: &&str| sign.starts_with('c') || sign.starts_with("m02") || sign.starts_with("m03");
    assert!(!signs.iter().any(of_pregnancy), "{signs:?}");
    let page = asks(&town, &mut guardian, "after_birth", "m01_convulsion").await;
    assert_eq!(
        page.panels.iter().map(|panel| panel.rule.as_str()).collect::<Vec<_>>(),
        ["M01"]
    );
    assert!(guardian.opens_ticket().await.body.contains("119番"));
    let row = row_of(&mut doctor, &guardian).await;
    assert_eq!((row.subject.as_str(), row.flags), ("産後6週", vec!["M01".to_owned()]));
    assert_eq!(row.acuity, signaling::triage::Acuity::Red);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_childs_birth_in_parts_that_make_no_day_is_asked_again() {
    let town = Town::new().await;
    let mut guardian = registers(&town, &[("about", "child"), ("born", "2024-08")])
        .await
        .expect("registered");
    let long = "9".repeat(500);
    let wrong: [(&[(&str, &str)], &str); 8] = [
        (&[("born_year", ""), ("born_month", "")], MISSING),
        (&[("born_year", "2024"), ("born_month", "")], UNREADABLE),
        (
            &[("born_year", "2024"), ("born_month", "2"), ("born_day", "30")],
            UNREADABLE,
        ),
        (&[("born_year", "2024"), ("born_month", "13")], UNREADABLE),
        (&[("born_year", "2026"), ("born_month", "12")], "未来の日付"),
        (&[("born_year", "2010"), ("born_month", "1")], RANGE),
        (&[("born_year", "0"), ("born_month", "1")], RANGE),
        (&[("born", long.as_str())], UNREADABLE),
    ];
    for (parts, sentence) in wrong {
        let fields: Vec<_> = [("about", "child")].into_iter().chain(parts.iter().copied()).collect();
        let answer = tells(&mut guardian, &fields).await;
        assert_eq!(answer.status, 422, "{parts:?}");
        assert!(answer.body.contains(sentence), "{parts:?}: {}", answer.body);
    }
    let about = [
        ("about", "child"),
        ("born_year", "2026"),
        ("born_month", "11"),
        ("born_day", "22"),
    ];
    assert_eq!(tells(&mut guardian, &about).await.status, 303, "born today");
    assert_eq!(
        intake(&guardian.opens_ticket().await).subject.as_deref(),
        Some("生後0か月")
    );
}
