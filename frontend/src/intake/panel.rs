//! What a fired rule tells the family: 119, a clinic now, an obstetrician now. The form follows the Digital Agency's
//! emergency banner: above everything, not dismissable, one button.

use crate::page::guardian::{IntakePage, Panel};
use leptos::prelude::*;
use signaling::{triage::Action, triage::Question};

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
                .any(|q| q.text == panel.text && page.draft.signs.contains(&q.sign))
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

    /// The panels to show, most urgent first.
    #[must_use]
    pub fn panels(&self, signs: &[String]) -> Vec<Panel> {
        let mut shown = self.standing.clone();
        for question in self.questions.iter().filter(|q| signs.contains(&q.sign)) {
            if shown.iter().all(|panel| panel.text != question.text) {
                shown.push(Panel {
                    rule: String::new(),
                    action: question.action,
                    text: question.text.clone(),
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
    let groups = [Action::Call119, Action::CallObstetrics, Action::VisitNow]
        .into_iter()
        .filter_map(|action| {
            let group: Vec<&Panel> = all.iter().filter(|panel| panel.action == action).collect();
            (!group.is_empty()).then(|| one_panel(action, &group))
        })
        .collect_view();
    groups.into_any()
}

fn one_panel(action: Action, group: &[&Panel]) -> AnyView {
    let texts = group
        .iter()
        .map(|panel| view! { <p>{panel.text.clone()}</p> })
        .collect_view();
    let mut sources: Vec<&str> = group.iter().map(|panel| panel.source.as_str()).collect();
    sources.dedup();
    let source = ["担当者にも伝わります。出典：", &sources.join("、")].concat();
    let title = match action {
        Action::Call119 => "【緊急】すぐに119番へ",
        Action::CallObstetrics => "今すぐ産科に電話",
        _ => "今すぐ医療機関へ",
    };
    if action == Action::Call119 {
        view! {
            <section class="emergency banner" role="alert">
                <h2>{title}</h2>
                {texts}
                <a class="btn danger big block" href="tel:119">"119に電話する"</a>
                <p class="fine">{source}</p>
            </section>
        }
        .into_any()
    } else {
        view! {
            <section class="emergency banner amber" role="alert">
                <h2>{title}</h2>
                {texts}
                <p class="fine">{source}</p>
            </section>
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Opening;
    use signaling::intake::{IntakeDraft, IntakeStep};

    fn page(signs: &[&str], panels: Vec<Panel>) -> IntakePage {
        let question = |sign: &str, action, text: &str| Question {
            sign: sign.into(),
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
                question("visit", Action::VisitNow, "受診"),
                question("lips", Action::Call119, "救急"),
                question("speech", Action::Call119, "救急"),
                question("quiet", Action::SecondClass, "静か"),
            ],
            first: 4,
            folded: 0,
            panels,
            opening: Opening {
                is_open: true,
                hours: String::new(),
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
}
