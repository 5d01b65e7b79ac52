//! What holds for all rules together.

use super::{after_birth, all_fired, child, child_of, delivered, fired, pregnant, rule, signs_of, today};
use signaling::{
    intake::{Complaint, Intake, Mode, Relation},
    limits,
    subject::Subject,
    triage::{Action, Acuity, Fired, Observed, acuity_of},
};

/// The rules of the desk's first edition for children and for mothers.
const DELIVERED: [&str; 25] = [
    "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "C10", "C11", "C12", "C13", "C14", "C15", "C16",
    "C17", "C18", "C19", "M01", "M02", "M03", "M04", "M05", "M06",
];

/// Subjects on both sides of every bound.
fn subjects() -> Vec<Subject> {
    let ages = [0, 2, 3, 5, 6, 12, 23, 24, 59, 60, 179, 180].map(child_of);
    let by_month = ["2026-08", "2026-05", "2024-11", "2021-11", "2011-11"].map(child);
    let weeks = [(0, 0), (19, 6), (20, 0), (21, 6), (22, 0), (36, 6), (37, 0), (43, 6)].map(|(w, d)| pregnant(w, d));
    let days = [0, 84, 85, 365, 366, 700].map(after_birth);
    [&ages[..], &by_month, &weeks, &days].concat()
}

fn all_signs() -> Vec<String> {
    delivered().rules.iter().flat_map(signs_of).collect()
}

#[test]
fn every_rule_is_there_with_where_it_was_read() {
    let set = delivered();
    let ids: Vec<&str> = set.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, DELIVERED);
    for rule in &set.rules {
        assert!(rule.source.url.starts_with("https://"), "{}", rule.id);
        assert!(rule.source.read_on.starts_with("2026-"), "{}", rule.id);
    }
}

#[test]
fn each_rule_does_what_its_source_says() {
    let actions = |id: &str| {
        let rule = rule(id);
        let further = rule.further.iter().map(|part| part.action);
        std::iter::once(rule.action).chain(further).collect::<Vec<_>>()
    };
    use Action::{Call119, CallObstetrics, SecondClass, TalkNow, VisitNow};
    for id in &DELIVERED[..9] {
        assert_eq!(actions(id), [Call119], "{id}");
    }
    for (id, expected) in [
        ("C10", &[VisitNow][..]),
        ("C11", &[VisitNow]),
        ("C12", &[VisitNow]),
        ("C13", &[VisitNow]),
        ("C14", &[VisitNow]),
        ("C15", &[SecondClass]),
        ("C16", &[SecondClass]),
        ("C17", &[VisitNow]),
        ("C18", &[TalkNow]),
        ("C19", &[VisitNow]),
        ("M01", &[Call119]),
        ("M02", &[Call119, CallObstetrics]),
        ("M03", &[CallObstetrics]),
        ("M04", &[CallObstetrics]),
        ("M05", &[Call119, VisitNow]),
        ("M06", &[Call119, TalkNow, SecondClass]),
    ] {
        assert_eq!(actions(id), expected, "{id}");
    }
}

/// What can be ticked counts, and what counts can be ticked: for every sign and on both sides of every bound.
#[test]
fn a_sign_fires_exactly_where_it_is_asked() {
    let set = delivered();
    for subject in subjects() {
        let asking = set.asking(subject, &[], &[], true, today());
        assert!(asking.shown.len() <= limits::SIGNS_ASKED, "{}", subject.label(today()));
        let asked: Vec<&str> = asking.shown.iter().map(|question| question.sign.as_str()).collect();
        for sign in all_signs() {
            let fires = !fired(subject, &[&sign]).is_empty();
            assert_eq!(
                fires,
                asked.contains(&sign.as_str()),
                "{sign}: {}",
                subject.label(today())
            );
        }
        for question in &asking.shown {
            let expected = format!("{} {}", question.rule, question.action.code());
            assert_eq!(fired(subject, &[&question.sign]), [expected]);
        }
    }
}

/// Unanswered is never "no": whatever else is answered or left out, a sign that was ticked keeps its class.
#[test]
fn nothing_that_is_told_besides_takes_urgency_away() {
    let set = delivered();
    let class = |subject: Subject, signs: &[String], tenths: Option<u16>| {
        let observed = Observed {
            subject,
            signs,
            temperature_tenths: tenths,
            epds: None,
        };
        acuity_of(&set.evaluate_observed(&observed, today()))
    };
    let signs = all_signs();
    for subject in [child_of(1), child_of(30), pregnant(30, 0), after_birth(20)] {
        assert_eq!(class(subject, &[], None), Acuity::White, "nothing is told");
        for sign in &signs {
            let alone = class(subject, std::slice::from_ref(sign), None);
            assert!(class(subject, std::slice::from_ref(sign), Some(365)) <= alone, "{sign}");
            for other in &signs {
                let both = class(subject, &[sign.clone(), other.clone()], None);
                assert!(both <= alone, "{other} takes urgency from {sign}");
            }
        }
    }
}

#[test]
fn none_of_these_is_said_of_signs_and_does_not_silence_a_temperature() {
    let intake = Intake {
        subject: child_of(1),
        relation: Relation::Mother,
        complaints: vec![Complaint::Feeding],
        onset: None,
        temperature_tenths: Some(380),
        signs: Vec::new(),
        no_signs: true,
        asked: all_signs(),
        worry: "飲みが悪い".to_owned(),
        mode: Mode::Chat,
        quiet: false,
    };
    let fired = delivered().evaluate(&intake, today());
    assert_eq!(fired.iter().map(|one| one.rule.as_str()).collect::<Vec<_>>(), ["C10"]);
}

#[test]
fn what_fired_comes_most_urgent_first_and_the_most_urgent_gives_the_class() {
    let subject = child_of(1);
    let all = all_fired(
        delivered(),
        subject,
        &["c16_eyes", "c09_unusual", "c01_no_response"],
        Some(395),
        None,
    );
    assert_eq!(
        all,
        ["C01 call_119", "C09 call_119", "C10 visit_now", "C16 second_class"]
    );
    let acuity = |actions: &[Action]| {
        let fired = |action: &Action| Fired {
            rule: "C01".to_owned(),
            version: 1,
            action: *action,
        };
        acuity_of(&actions.iter().map(fired).collect::<Vec<_>>())
    };
    assert_eq!(acuity(&[Action::VisitNow, Action::Call119]), Acuity::Red);
    for first in [
        Action::VisitNow,
        Action::CallObstetrics,
        Action::TalkNow,
        Action::FirstClass,
    ] {
        assert_eq!(acuity(&[Action::SecondClass, first]), Acuity::Yellow, "{first:?} is P1");
    }
    assert_eq!(acuity(&[Action::StaffOnly, Action::SecondClass]), Acuity::Green);
    assert_eq!(acuity(&[]), Acuity::White);
    assert!(fired(subject, &["no_such_sign"]).is_empty());
}
