//! The scope guard: wording that states an individual's disease, which only a doctor may judge.
//!
//! A midwife gives general information and general advice to see a doctor, and does not say that this person has, may have or
//! has not a disease (MHLW's guideline on telehealth consultation, definitions and Q&A A18). While she types, such wording is
//! marked with the rule and a general wording; whoever sends it all the same says why, and supervisors read it.
//!
//! Promises: rules are data (`assets/rules/scope.json`); pure and quick enough for every key press; what is general (「一般に」, a
//! source's words, a question) is not marked unless it speaks of 「あなた」.
//!
//! Not here: whether what was written is right. A guard of words finds words: other words for the same pass it.

use crate::triage::Source;
use serde::Deserialize;
use std::sync::LazyLock;

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeRule {
    /// "S01".
    pub id: String,
    /// What such wording does: 「この人の病気を言い切っています」.
    pub about: String,
    /// What follows on a disease.
    #[serde(default)]
    endings: Vec<String>,
    /// What needs no disease beside it.
    #[serde(default)]
    phrases: Vec<String>,
    /// A general wording instead.
    pub say: String,
}

/// All rules of one edition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeRules {
    /// Its name.
    pub edition: String,
    /// Where the boundary comes from.
    pub source: Source,
    diseases: Vec<String>,
    /// What may stand between a disease and the ending.
    between: Vec<String>,
    /// Words by which a sentence speaks of one person, however general the rest is.
    individual: Vec<String>,
    /// Words that make a sentence general.
    general: Vec<String>,
    /// Words that make it a question.
    question: Vec<String>,
    /// The rules, the first that fits counts.
    pub rules: Vec<ScopeRule>,
}

/// Wording that a rule marks.
#[derive(Clone, PartialEq, Eq)]
pub struct Mark<'a> {
    /// The rule.
    pub rule: &'a ScopeRule,
    /// The words, as they stand in the text.
    pub words: String,
    /// The sentence that they stand in.
    pub sentence: String,
}

impl std::fmt::Debug for Mark<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mark")
            .field("rule", &self.rule.id)
            .finish_non_exhaustive()
    }
}

/// The rules of this release.
pub static DELIVERED: LazyLock<ScopeRules> = LazyLock::new(|| {
    let file = include_str!("../../assets/rules/scope.json");
    serde_json::from_str(file).expect("a test reads the rules of this release")
});

impl ScopeRules {
    /// What of a text is marked, in its order; at most one mark a sentence.
    #[must_use]
    pub fn marks(&self, text: &str) -> Vec<Mark<'_>> {
        sentences(text).filter_map(|sentence| self.mark(sentence)).collect()
    }

    fn mark(&self, sentence: &str) -> Option<Mark<'_>> {
        let holds = |words: &[String]| words.iter().any(|word| sentence.contains(word.as_str()));
        if holds(&self.question) || (holds(&self.general) && !holds(&self.individual)) {
            return None;
        }
        let phrase = |rule: &ScopeRule| {
            rule.phrases
                .iter()
                .find(|phrase| sentence.contains(phrase.as_str()))
                .cloned()
        };
        // The longest ending: 「かぜではありません」 is S03, although 「かぜで…」 begins others.
        let stated = self
            .rules
            .iter()
            .flat_map(|rule| self.stated(rule, sentence).map(move |words| (rule, words)))
            .max_by_key(|(_, words)| words.chars().count());
        let named = || self.rules.iter().find_map(|rule| Some((rule, phrase(rule)?)));
        stated.or_else(named).map(|(rule, words)| Mark {
            rule,
            words,
            sentence: sentence.to_owned(),
        })
    }

    /// Where the sentence has a disease that one of the rule's endings follows upon.
    fn stated<'a>(&'a self, rule: &'a ScopeRule, sentence: &'a str) -> impl Iterator<Item = String> + 'a {
        self.diseases.iter().flat_map(move |disease| {
            sentence.match_indices(disease.as_str()).filter_map(move |(at, _)| {
                let after = sentence.get(at + disease.len()..)?;
                let ends = self.between.iter().flat_map(|between| {
                    let rest = after.strip_prefix(between.as_str());
                    let ending = move |rest: &str| rule.endings.iter().find(|ending| rest.starts_with(ending.as_str()));
                    rest.and_then(ending).map(|ending| between.len() + ending.len())
                });
                let length = disease.len() + ends.max()?;
                sentence.get(at..at + length).map(str::to_owned)
            })
        })
    }
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['。', '！', '？', '!', '?', '\n'])
}

#[cfg(test)]
mod tests;
