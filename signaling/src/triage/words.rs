//! A rule in the words of the people who approve it: whom it is for, what fires it.

use super::{
    Age, Bounds, Population, Trigger,
    rule::{Rule, japanese},
};

impl Age {
    /// 「3か月」「15歳」.
    #[must_use]
    pub fn label(self) -> String {
        if self.months > 0 && self.months.is_multiple_of(12) {
            format!("{}歳", self.months / 12)
        } else {
            format!("{}か月", self.months)
        }
    }
}

impl Population {
    /// The words that people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Child => "子ども",
            Self::Pregnant => "妊娠中",
            Self::Postpartum => "産後",
            Self::Mother => "妊娠中・産後",
        }
    }
}

impl Bounds {
    /// 「子ども、0か月から15歳未満」. Only what is bounded is said.
    #[must_use]
    pub fn label(&self) -> String {
        let mut said: Vec<String> = self.population.iter().map(|whom| whom.label().to_owned()).collect();
        let from_until = |from: Option<String>, until: Option<String>| match (from, until) {
            (Some(from), Some(until)) => Some(format!("{from}から{until}未満")),
            (Some(from), None) => Some(format!("{from}から")),
            (None, Some(until)) => Some(format!("{until}未満")),
            (None, None) => None,
        };
        said.extend(from_until(self.min_age.map(Age::label), self.max_age.map(Age::label)));
        let weeks = |weeks: Option<u32>| weeks.map(|weeks| format!("妊娠{weeks}週0日"));
        said.extend(from_until(weeks(self.weeks_min), weeks(self.weeks_max)));
        said.extend(self.postpartum_days_max.map(|days| format!("産後{days}日まで")));
        said.join("、")
    }
}

impl Trigger {
    /// 「くちびるが紫色」「体温が38.0℃以上（3か月から6か月未満）」.
    #[must_use]
    pub fn label(&self) -> String {
        let what = match self {
            Self::Sign { ask, .. } => japanese(ask).to_owned(),
            Self::TemperatureAtLeast { tenths, .. } => format!("体温が{}.{}℃以上", tenths / 10, tenths % 10),
            Self::EpdsAtLeast { item, points, .. } => match item {
                Some(item) => format!("担当者が行ったEPDSの項目{item}が{points}点以上"),
                None => format!("担当者が行ったEPDSの合計が{points}点以上"),
            },
        };
        match self.only() {
            Some(only) => format!("{what}（{}）", only.label()),
            None => what,
        }
    }
}

/// A part of a rule in words.
#[derive(Clone, PartialEq, Eq)]
pub struct PartInWords {
    /// What happens.
    pub action: super::Action,
    /// Each of which fires it.
    pub any_of: Vec<String>,
    /// What the family reads; empty for silent ones.
    pub text: String,
}

crate::redacted_debug!(PartInWords { action });

impl Rule {
    /// Its parts in words, the rule's own first.
    #[must_use]
    pub fn in_words(&self) -> Vec<PartInWords> {
        let parts = self.parts().map(|part| PartInWords {
            action: part.action,
            any_of: part.any_of.iter().map(Trigger::label).collect(),
            text: japanese(part.text).to_owned(),
        });
        parts.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_said_with_what_they_include_and_what_not() {
        let bounds = |json: &str| serde_json::from_str::<Bounds>(json).expect("bounds").label();
        assert_eq!(
            bounds(r#"{"population":"child","min_age":"0m","max_age":"15y"}"#),
            "子ども、0か月から15歳未満"
        );
        assert_eq!(bounds(r#"{"max_age":"24m"}"#), "2歳未満");
        assert_eq!(
            bounds(r#"{"population":"mother","weeks_min":20,"postpartum_days_max":84}"#),
            "妊娠中・産後、妊娠20週0日から、産後84日まで"
        );
        assert_eq!(bounds("{}"), "");
    }

    #[test]
    fn a_temperature_is_said_with_its_tenth_and_of_whom() {
        let only = serde_json::from_str(r#"{"min_age":"3m","max_age":"6m"}"#).expect("bounds");
        let trigger = Trigger::TemperatureAtLeast { tenths: 390, only };
        assert_eq!(trigger.label(), "体温が39.0℃以上（3か月から6か月未満）");
    }
}
