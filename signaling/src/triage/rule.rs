//! The format of a rule: whom it is for, what fires it, what then happens, where it comes from and who approved it.
//!
//! Promises: every threshold stands in the file (ages in calendar months, completed weeks of pregnancy, days after birth,
//! tenths of a degree), none in the program. A birth that is known by month alone counts where any of its days does, and what
//! was not answered is never taken for no.
//!
//! Not here: whether a file makes sense ([`super::check`]).

use super::{Action, FirstFor, Phone, set::Observed};
use crate::subject::Subject;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};
use time::Date;

/// Words by language code ("ja", "ja-simple", "en" …).
pub type Texts = BTreeMap<String, String>;

/// The words in Japanese; nothing where there are none.
#[must_use]
pub fn japanese(texts: &Texts) -> &str {
    texts.get("ja").map_or("", String::as_str)
}

/// An age in completed calendar months, written `"3m"` or `"15y"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Age {
    /// Completed months.
    pub months: u32,
}

/// A text that is no age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an age is written in months or years, like \"3m\" or \"15y\"")]
pub struct NoAge;

impl Age {
    /// So many calendar months.
    #[must_use]
    pub const fn of_months(months: u32) -> Self {
        Self { months }
    }

    /// Reads `"3m"` or `"15y"`.
    ///
    /// # Errors
    /// Neither of them, or more than 99 years.
    pub fn parse(text: &str) -> Result<Self, NoAge> {
        let (digits, months_each) = match (text.strip_suffix('m'), text.strip_suffix('y')) {
            (Some(months), _) => (months, 1),
            (_, Some(years)) => (years, 12),
            _ => return Err(NoAge),
        };
        if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NoAge);
        }
        let months = digits.parse::<u32>().map_err(|_| NoAge)? * months_each;
        if months <= 99 * 12 {
            Ok(Self { months })
        } else {
            Err(NoAge)
        }
    }
}

impl TryFrom<String> for Age {
    type Error = NoAge;

    fn try_from(text: String) -> Result<Self, NoAge> {
        Self::parse(&text)
    }
}

impl From<Age> for String {
    fn from(age: Age) -> Self {
        age.to_string()
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.months > 0 && self.months.is_multiple_of(12) {
            write!(f, "{}y", self.months / 12)
        } else {
            write!(f, "{}m", self.months)
        }
    }
}

/// Whom a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Population {
    /// Children between two ages.
    Child,
    /// Pregnant women.
    Pregnant,
    /// After birth.
    Postpartum,
    /// Pregnant women and those who gave birth.
    Mother,
}

impl Population {
    /// Whether the subject is one of them.
    #[must_use]
    pub fn includes(self, subject: Subject) -> bool {
        matches!(
            (self, subject),
            (Self::Child, Subject::Child { .. })
                | (Self::Pregnant | Self::Mother, Subject::Pregnant { .. })
                | (Self::Postpartum | Self::Mother, Subject::Postpartum { .. })
        )
    }

    /// Whether everybody of `other` is one of these.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self == other || (self == Self::Mother && matches!(other, Self::Pregnant | Self::Postpartum))
    }
}

/// Whom something is for. What is left out does not bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bounds {
    /// Whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population: Option<Population>,
    /// Youngest age (inclusive).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_age: Option<Age>,
    /// Age at which it ends (exclusive).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Age>,
    /// First completed week of pregnancy (inclusive).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weeks_min: Option<u32>,
    /// Completed week of pregnancy at which it ends (exclusive).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weeks_max: Option<u32>,
    /// Last day after birth (inclusive).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postpartum_days_max: Option<u32>,
}

impl Bounds {
    /// Whether the subject can be within them today: with a birth that is known by month alone, on any of its days.
    #[must_use]
    pub fn fit(&self, subject: Subject, today: Date) -> bool {
        if self.population.is_some_and(|population| !population.includes(subject)) {
            return false;
        }
        let months = |age: Option<Age>, otherwise| age.map_or(otherwise, |age| age.months);
        if let Some(age) = subject.age(today) {
            return age.touches(months(self.min_age, 0), months(self.max_age, u32::MAX));
        }
        if let Some((weeks, _)) = subject.gestation(today) {
            return (self.weeks_min.unwrap_or(0)..self.weeks_max.unwrap_or(u32::MAX)).contains(&weeks);
        }
        subject
            .postpartum_days(today)
            .is_some_and(|days| days <= self.postpartum_days_max.unwrap_or(u32::MAX))
    }
}

/// One way to fire a rule, for everybody whom the rule is for or `only` for some of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// The family ticked a sign.
    Sign {
        /// Stable id, unique in the rule set.
        id: String,
        /// The question.
        ask: Texts,
        /// For which complaints it is among the few that are asked at once; for all others it can be unfolded.
        #[serde(default)]
        first_for: FirstFor,
        /// Of whom it is asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only: Option<Bounds>,
    },
    /// The temperature is at least this. One that was not taken fires nothing and says nothing.
    TemperatureAtLeast {
        /// Tenths of a degree Celsius.
        tenths: u16,
        /// Of whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only: Option<Bounds>,
    },
    /// The EPDS, where a clinician has given it: the total, or one item, is at least this. The intake asks none of it.
    EpdsAtLeast {
        /// Which item, 1 to 10; the total where it is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<u8>,
        /// Points.
        points: u8,
        /// Of whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only: Option<Bounds>,
    },
}

impl Trigger {
    /// Of whom, if not of everybody whom the rule is for.
    #[must_use]
    pub fn only(&self) -> Option<&Bounds> {
        match self {
            Self::Sign { only, .. } | Self::TemperatureAtLeast { only, .. } | Self::EpdsAtLeast { only, .. } => {
                only.as_ref()
            }
        }
    }

    pub(super) fn concerns(&self, subject: Subject, today: Date) -> bool {
        self.only().is_none_or(|only| only.fit(subject, today))
    }

    pub(super) fn is_met(&self, observed: &Observed<'_>) -> bool {
        match self {
            Self::Sign { id, .. } => observed.signs.contains(id),
            Self::TemperatureAtLeast { tenths, .. } => observed.temperature_tenths.is_some_and(|t| t >= *tenths),
            Self::EpdsAtLeast { item, points, .. } => observed
                .epds
                .and_then(|epds| epds.points(*item))
                .is_some_and(|has| has >= *points),
        }
    }
}

/// A telephone line that is shown with a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneLine {
    /// Its name.
    pub name: Texts,
    /// As it is dialled, with hyphens.
    pub number: String,
    /// When somebody answers, as the source says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hours: Texts,
}

impl PhoneLine {
    pub(super) fn shown(&self) -> Phone {
        Phone {
            name: japanese(&self.name).to_owned(),
            number: self.number.clone(),
            hours: japanese(&self.hours).to_owned(),
        }
    }
}

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Name of the publication.
    pub title: String,
    /// Where it was read.
    pub url: String,
    /// Edition or date of the publication.
    pub edition: String,
    /// The day it was read, `YYYY-MM-DD`.
    pub read_on: String,
}

/// A further part of a rule, with an action of its own.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Any of these fires it.
    pub any_of: Vec<Trigger>,
    /// What happens then.
    pub action: Action,
    /// What the family reads; required where the action is shown.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text: Texts,
    /// Telephone lines that are shown with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<PhoneLine>,
    /// Where this part comes from, if not from the rule's source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

crate::redacted_debug!(Part { action });

/// One rule. Any of its triggers fires it; `further` parts have actions of their own.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// "C01".
    pub id: String,
    /// Counts up with every change of this rule.
    pub version: u32,
    /// Whom it is for.
    pub population: Population,
    /// Youngest age (inclusive); children only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_age: Option<Age>,
    /// Age at which it ends (exclusive); children only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Age>,
    /// First completed week of pregnancy (inclusive).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weeks_min: Option<u32>,
    /// Completed week of pregnancy at which it ends (exclusive).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weeks_max: Option<u32>,
    /// Last day after birth (inclusive).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postpartum_days_max: Option<u32>,
    /// It is silent where one of these fires, which are at least as urgent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<String>,
    /// Any of these fires it.
    pub any_of: Vec<Trigger>,
    /// What happens then.
    pub action: Action,
    /// What the family reads; required where the action is shown.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text: Texts,
    /// Telephone lines that are shown with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<PhoneLine>,
    /// Parts with other actions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Part>,
    /// Where it comes from.
    pub source: Source,
    /// What the approving physician has to decide: where the source says less than the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// The physician who approved this version; nothing means demo only.
    #[serde(default)]
    pub approved_by: Option<String>,
    /// The day of the approval.
    #[serde(default)]
    pub approved_on: Option<String>,
    /// Switched off when false.
    pub enabled: bool,
}

crate::redacted_debug!(Rule { id, version, action });

/// A part of a rule, the first or a further one.
#[derive(Clone, Copy)]
pub(super) struct PartOf<'a> {
    pub(super) any_of: &'a [Trigger],
    pub(super) action: Action,
    pub(super) text: &'a Texts,
    pub(super) lines: &'a [PhoneLine],
    pub(super) source: &'a Source,
}

impl Rule {
    /// Whom it is for.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        Bounds {
            population: Some(self.population),
            min_age: self.min_age,
            max_age: self.max_age,
            weeks_min: self.weeks_min,
            weeks_max: self.weeks_max,
            postpartum_days_max: self.postpartum_days_max,
        }
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = PartOf<'_>> {
        let first = PartOf {
            any_of: &self.any_of,
            action: self.action,
            text: &self.text,
            lines: &self.lines,
            source: &self.source,
        };
        let further = self.further.iter().map(|part| PartOf {
            any_of: &part.any_of,
            action: part.action,
            text: &part.text,
            lines: &part.lines,
            source: part.source.as_ref().unwrap_or(&self.source),
        });
        std::iter::once(first).chain(further)
    }

    /// The most urgent of its actions.
    #[must_use]
    pub fn most_urgent(&self) -> Action {
        self.parts().map(|part| part.action).min().unwrap_or(self.action)
    }
}

impl PartOf<'_> {
    pub(super) fn is_met(&self, observed: &Observed<'_>, today: Date) -> bool {
        let met = |trigger: &Trigger| trigger.concerns(observed.subject, today) && trigger.is_met(observed);
        self.any_of.iter().any(met)
    }
}
