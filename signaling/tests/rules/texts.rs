//! What families read: what to do, in Japanese, and never a disease, a likelihood or a leave to wait.

use super::delivered;
use signaling::triage::{Action, PhoneLine, Rule, Texts, Trigger, wording::forbidden};

/// Every text of a rule that somebody reads who is no physician, in every language.
fn all_texts(rule: &Rule) -> Vec<String> {
    let parts = std::iter::once((&rule.any_of, &rule.text, &rule.lines))
        .chain(rule.further.iter().map(|part| (&part.any_of, &part.text, &part.lines)));
    let mut all: Vec<&Texts> = Vec::new();
    for (triggers, text, lines) in parts {
        all.push(text);
        all.extend(triggers.iter().filter_map(|trigger| match trigger {
            Trigger::Sign { ask, .. } => Some(ask),
            _ => None,
        }));
        all.extend(lines.iter().flat_map(|line: &PhoneLine| [&line.name, &line.hours]));
    }
    let words = all.into_iter().flat_map(|texts| texts.values().cloned());
    let titles = std::iter::once(&rule.source).chain(rule.further.iter().filter_map(|part| part.source.as_ref()));
    words.chain(titles.map(|source| source.title.clone())).collect()
}

#[test]
fn no_text_names_a_disease_a_likelihood_or_says_that_waiting_is_safe() {
    let mut read = 0;
    for rule in &delivered().rules {
        for text in all_texts(rule) {
            assert_eq!(forbidden(&text), None, "{}: {text}", rule.id);
            read += 1;
        }
    }
    assert!(read > 120, "{read}");
}

#[test]
fn what_a_family_is_shown_says_what_to_do() {
    let set = delivered();
    for rule in &set.rules {
        let actions = std::iter::once(rule.action).chain(rule.further.iter().map(|part| part.action));
        for action in actions {
            let advice = set.advice(&rule.id, action);
            let says = match action {
                Action::Call119 => "119番",
                Action::VisitNow => "医療機関",
                Action::CallObstetrics => "産科に電話",
                Action::TalkNow => "電話",
                Action::FirstClass | Action::SecondClass | Action::StaffOnly => {
                    assert_eq!(advice.text, "", "{} is silent", rule.id);
                    continue;
                }
            };
            assert!(advice.text.contains(says), "{}: {}", rule.id, advice.text);
            assert!(!advice.source.is_empty(), "{}", rule.id);
        }
    }
}

/// A rule may be renamed between two releases while a consultation in which it fired is still open.
#[test]
fn a_panel_of_a_rule_that_is_not_there_any_more_still_says_what_to_do() {
    for action in Action::ALL {
        let advice = delivered().advice("M01P", *action);
        assert_eq!(advice.text.is_empty(), !action.is_shown_to_family(), "{action:?}");
        assert_eq!(forbidden(&advice.text), None);
    }
}
