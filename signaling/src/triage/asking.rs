//! Which signs a family is asked about: at once the few most serious that go with its complaints, the rest once it unfolds
//! them.
//!
//! Promises: a sign that was ticked stays in sight whatever is asked; no sign that fits the subject is out of reach. What
//! was not shown counts as not asked, never as no (see [`Intake::asked`](crate::intake::Intake)).
//!
//! Not here: evaluation, which looks at everything that was ticked.

use super::{
    Question, Rule, RuleSet, Trigger,
    rule::{PartOf, Texts, japanese},
};
use crate::{intake::Complaint, subject::Subject};
use serde::{Deserialize, Serialize};
use time::Date;

/// Most signs that are asked at once: two screens of a phone. The most urgent stay.
const AT_ONCE: usize = 8;

/// The complaints that bring a sign up at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FirstFor {
    /// Any of these.
    Complaints(Vec<Complaint>),
    /// Whatever it is about.
    Always(Always),
}

/// Written as `any`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Always {
    /// `any`.
    #[serde(rename = "any")]
    Any,
}

impl Default for FirstFor {
    fn default() -> Self {
        Self::Complaints(Vec::new())
    }
}

impl FirstFor {
    fn is_always(&self) -> bool {
        matches!(self, Self::Always(Always::Any))
    }

    fn goes_with(&self, complaints: &[Complaint]) -> bool {
        matches!(self, Self::Complaints(these) if these.iter().any(|one| complaints.contains(one)))
    }
}

/// What is asked now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asking {
    /// The signs in sight: those that are asked at once, most urgent first, and then the unfolded ones likewise.
    pub shown: Vec<Question>,
    /// How many of them are asked at once.
    pub first: usize,
    /// How many more can be unfolded.
    pub folded: usize,
}

impl RuleSet {
    /// The signs that fit the subject and its complaints. `ticked` ones are always shown, with `all` every one.
    #[must_use]
    pub fn asking(
        &self,
        subject: Subject,
        complaints: &[Complaint],
        ticked: &[String],
        all: bool,
        today: Date,
    ) -> Asking {
        let fitting = self.rules.iter().filter(|rule| rule.bounds().fit(subject, today));
        let mut parts: Vec<_> = fitting
            .flat_map(|rule| rule.parts().map(move |part| (rule, part)))
            .collect();
        parts.sort_by_key(|(_, part)| part.action);
        let signs: Vec<_> = parts
            .into_iter()
            .flat_map(|(rule, part)| part.any_of.iter().map(move |trigger| (rule, part, trigger)))
            .filter(|(_, _, trigger)| trigger.concerns(subject, today))
            .filter_map(|(rule, part, trigger)| match trigger {
                Trigger::Sign { id, ask, first_for, .. } => Some((question(rule, part, id, ask), first_for)),
                Trigger::TemperatureAtLeast { .. } | Trigger::EpdsAtLeast { .. } => None,
            })
            .collect();
        // What is always asked has its place whatever else is chosen.
        let mut at_once = signs.iter().filter(|(_, first_for)| first_for.is_always()).count();
        let (mut first, mut rest) = (Vec::new(), Vec::new());
        for (question, first_for) in signs {
            let goes_with = first_for.goes_with(complaints) && at_once < AT_ONCE;
            at_once += usize::from(goes_with);
            if goes_with || first_for.is_always() || ticked.contains(&question.sign) {
                first.push(question);
            } else {
                rest.push(question);
            }
        }
        let folded = if all { 0 } else { rest.len() };
        rest.truncate(rest.len() - folded);
        Asking {
            first: first.len(),
            folded,
            shown: first.into_iter().chain(rest).collect(),
        }
    }
}

fn question(rule: &Rule, part: PartOf<'_>, id: &str, ask: &Texts) -> Question {
    Question {
        sign: id.to_owned(),
        rule: rule.id.clone(),
        unless: rule.unless.clone(),
        ask: japanese(ask).to_owned(),
        action: part.action,
        text: japanese(part.text).to_owned(),
        lines: part.lines.iter().map(super::PhoneLine::shown).collect(),
        source: part.source.title.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{subject::Born, time::parse_date};

    const TODDLER: &str = "2024-08-20";
    const BABY_OF_WEEKS: &str = "2026-10-30";

    fn asked(born: &str, complaints: &[Complaint], ticked: &[String], all: bool) -> (Vec<String>, usize) {
        let rules = RuleSet::from_json(include_str!("../../../assets/rules/red-flags.json")).expect("rules");
        let child = Subject::Child {
            born: Born::try_from(born.to_owned()).expect("a date"),
        };
        let today = parse_date("2026-11-22").expect("a date");
        let asking = rules.asking(child, complaints, ticked, all, today);
        let shown = asking.shown.into_iter().map(|question| question.sign).collect();
        (shown, asking.folded)
    }

    #[test]
    fn a_feverish_child_is_asked_a_few_signs_of_fever_and_can_unfold_the_rest() {
        let (shown, folded) = asked(TODDLER, &[Complaint::Fever], &[], false);
        assert!((3..=AT_ONCE).contains(&shown.len()), "{shown:?}");
        assert!(shown.contains(&"c01_no_response".to_owned()));
        assert!(!shown.contains(&"c08_burn".to_owned()));
        let (all, none_left) = asked(TODDLER, &[Complaint::Fever], &[], true);
        assert_eq!((all.len(), none_left), (shown.len() + folded, 0));
    }

    #[test]
    fn a_ticked_sign_stays_in_sight_when_the_complaint_changes() {
        let burn = "c08_burn".to_owned();
        let (shown, _) = asked(TODDLER, &[Complaint::Sleep], std::slice::from_ref(&burn), false);
        assert!(shown.contains(&burn));
    }

    #[test]
    fn whatever_is_chosen_there_is_a_question_and_never_too_many() {
        for born in [BABY_OF_WEEKS, TODDLER, "2014-01-01"] {
            for complaint in Complaint::ALL {
                let (shown, _) = asked(born, &[*complaint], &[], false);
                assert!((1..=AT_ONCE).contains(&shown.len()), "{born} {complaint:?}: {shown:?}");
            }
            assert_eq!(asked(born, Complaint::ALL, &[], false).0.len(), AT_ONCE);
        }
    }

    #[test]
    fn a_baby_of_weeks_is_asked_whether_it_is_as_usual_however_much_is_chosen() {
        for chosen in [&[], &[Complaint::Feeding][..], Complaint::ALL] {
            let (shown, _) = asked(BABY_OF_WEEKS, chosen, &[], false);
            assert!(shown.contains(&"c09_unusual".to_owned()), "{chosen:?}");
        }
    }
}
