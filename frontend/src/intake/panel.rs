//! What a fired rule tells the family: 119, a clinic now, an obstetrician now. The form follows the Digital Agency's
//! emergency banner: above everything, not dismissable, one button.

use crate::page::guardian::{IntakePage, Panel};
use leptos::prelude::*;
use signaling::triage::{Action, Phone, Question};

/// What must be known to say, for any set of ticked signs, which panels show.
#[derive(Clone, Debug)]
pub struct Ticked {
    /// Panels that fire whatever is ticked here (a temperature, an earlier step).
    standing: Vec<Panel>,
    questions: Vec<Question>,
}

impl Ticked {
    /// A panel of the model that a ticked sign of this page explains comes and goes with that sign; all others stay.
    #[must_use]
    pub fn of(page: &IntakePage) -> Self {
        let explains = |panel: &&Panel| {
            page.questions
                .iter()
                .any(|q| q.rule == panel.rule && q.action == panel.action && page.draft.signs.contains(&q.sign))
        };
        Self {
            standing: page.panels.iter().filter(|panel| !explains(panel)).cloned().collect(),
            questions: page
                .questions
                .iter()
                .filter(|q| q.action.is_shown_to_family())
                .cloned()
                .collect(),
        }
    }

    /// The panels to show, most urgent first. A rule is silent beside the graver one that it names, as on the server.
    #[must_use]
    pub fn panels(&self, signs: &[String]) -> Vec<Panel> {
        let ticked: Vec<&Question> = self.questions.iter().filter(|q| signs.contains(&q.sign)).collect();
        let fires = |rule: &String| {
            ticked.iter().any(|q| q.rule == *rule) || self.standing.iter().any(|panel| panel.rule == *rule)
        };
        let mut shown = self.standing.clone();
        for question in ticked.iter().filter(|q| !q.unless.iter().any(fires)) {
            let there = |panel: &Panel| panel.rule == question.rule && panel.action == question.action;
            if !shown.iter().any(there) {
                shown.push(Panel {
                    rule: question.rule.clone(),
                    action: question.action,
                    text: question.text.clone(),
                    lines: question.lines.clone(),
                    source: question.source.clone(),
                });
            }
        }
        shown.sort_by_key(|panel| panel.action);
        shown
    }
}

/// Panels, one for each action, most urgent first. Silent actions show nothing.
#[must_use]
pub fn panels(all: &[Panel]) -> AnyView {
    let groups = [
        Action::Call119,
        Action::CallObstetrics,
        Action::VisitNow,
        Action::TalkNow,
    ]
    .into_iter()
    .filter_map(|action| {
        let group: Vec<&Panel> = all.iter().filter(|panel| panel.action == action).collect();
        (!group.is_empty()).then(|| one_panel(action, &group))
    })
    .collect_view();
    groups.into_any()
}

fn one_panel(action: Action, group: &[&Panel]) -> AnyView {
    let texts = each_once(group.iter().map(|panel| panel.text.as_str()))
        .into_iter()
        .map(|text| view! { <p>{text.to_owned()}</p> })
        .collect_view();
    let sources = each_once(
        group
            .iter()
            .map(|panel| panel.source.as_str())
            .filter(|name| !name.is_empty()),
    );
    let source = if sources.is_empty() {
        "担当者にも伝わります。".to_owned()
    } else {
        ["担当者にも伝わります。出典：", &sources.join("、")].concat()
    };
    let lines = each_once(group.iter().flat_map(|panel| &panel.lines))
        .into_iter()
        .map(phone)
        .collect_view();
    let title = match action {
        Action::Call119 => "【緊急】すぐに119番へ",
        Action::CallObstetrics => "今すぐ分娩先・かかりつけ産科に電話",
        Action::TalkNow => "今すぐ話せる電話の窓口",
        _ => "今すぐ医療機関へ",
    };
    let class = match action {
        Action::Call119 => "emergency banner",
        _ => "emergency banner amber",
    };
    let ambulance = (action == Action::Call119)
        .then(|| view! { <a class="btn danger big block" href="tel:119">"119に電話する"</a> });
    view! {
        <section class=class role="alert">
            <h2>{title}</h2>
            {texts}
            {ambulance}
            {lines}
            <p class="fine">{source}</p>
        </section>
    }
    .into_any()
}

/// A line that is one press away.
fn phone(line: &Phone) -> AnyView {
    let hours = (!line.hours.is_empty()).then(|| ["（", &line.hours, "）"].concat());
    let name = [line.name.as_str(), " ", &line.number].concat();
    let address = ["tel:", &line.number].concat();
    view! { <a class="btn line block" href=address>{name}<small>{hours}</small></a> }.into_any()
}

fn each_once<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut once = Vec::new();
    for one in all {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Opening;
    use signaling::intake::{IntakeDraft, IntakeStep};

    fn page(signs: &[&str], panels: Vec<Panel>) -> IntakePage {
        let question = |sign: &str, rule: &str, action, text: &str| Question {
            sign: sign.into(),
            rule: rule.into(),
            unless: if rule == "C17" { vec!["C04".into()] } else { Vec::new() },
            lines: Vec::new(),
            ask: String::new(),
            action,
            text: text.into(),
            source: "消防庁".into(),
        };
        IntakePage {
            at: IntakeStep::Symptoms,
            draft: IntakeDraft {
                signs: signs.iter().map(|&s| s.to_owned()).collect(),
                ..IntakeDraft::default()
            },
            revision: 0,
            faults: Vec::new(),
            subject: None,
            questions: vec![
                question("visit", "C11", Action::VisitNow, "受診"),
                question("lips", "C02", Action::Call119, "救急"),
                question("speech", "C02", Action::Call119, "救急"),
                question("quiet", "C16", Action::SecondClass, "静か"),
                question("head", "C04", Action::Call119, "頭"),
                question("lump", "C17", Action::VisitNow, "こぶ"),
            ],
            first: 6,
            folded: 0,
            panels,
            promise_changed: false,
            photos: Vec::new(),
            photo_fault: None,
            opening: Opening {
                is_open: true,
                hours: String::new(),
                why: None,
                reply_hours: 24,
            },
        }
    }

    fn texts(panels: &[Panel]) -> Vec<&str> {
        panels.iter().map(|panel| panel.text.as_str()).collect()
    }

    #[test]
    fn a_ticked_sign_shows_its_panel_once_and_the_most_urgent_comes_first() {
        let ticked = Ticked::of(&page(&[], Vec::new()));
        let signs = [
            "visit".to_owned(),
            "lips".to_owned(),
            "speech".to_owned(),
            "quiet".to_owned(),
        ];
        assert_eq!(texts(&ticked.panels(&signs)), ["救急", "受診"]);
        assert!(ticked.panels(&[]).is_empty());
    }

    #[test]
    fn a_panel_of_the_temperature_stays_and_that_of_a_sign_goes_when_it_is_unticked() {
        let panel = |rule: &str, action, text: &str| Panel {
            rule: rule.into(),
            action,
            text: text.into(),
            lines: Vec::new(),
            source: "消防庁".into(),
        };
        let fired = vec![
            panel("C02", Action::Call119, "救急"),
            panel("C10", Action::VisitNow, "38℃"),
        ];
        let ticked = Ticked::of(&page(&["lips"], fired));
        assert_eq!(texts(&ticked.panels(&["lips".to_owned()])), ["救急", "38℃"]);
        assert_eq!(texts(&ticked.panels(&[])), ["38℃"]);
    }

    #[test]
    fn a_sign_is_silent_beside_the_graver_rule_that_it_names() {
        let ticked = Ticked::of(&page(&[], Vec::new()));
        assert_eq!(texts(&ticked.panels(&["lump".to_owned()])), ["こぶ"]);
        assert_eq!(texts(&ticked.panels(&["lump".to_owned(), "head".to_owned()])), ["頭"]);
    }

    #[test]
    fn lines_are_one_press_away_and_what_two_rules_say_alike_is_said_once() {
        let panel = |rule: &str, action| Panel {
            rule: rule.into(),
            action,
            text: "電話してください。".into(),
            lines: vec![Phone {
                name: "大阪中毒110番".into(),
                number: "072-727-2499".into(),
                hours: "24時間".into(),
            }],
            source: "県".into(),
        };
        let html = panels(&[panel("C18", Action::TalkNow), panel("C99", Action::TalkNow)]).to_html();
        assert_eq!(html.matches("href=\"tel:072-727-2499\"").count(), 1, "{html}");
        assert_eq!(html.matches("電話してください。").count(), 1);
        assert!(html.contains("大阪中毒110番 072-727-2499") && html.contains("（24時間）"));
        assert!(!html.contains("tel:119"));
    }
}
