//! Red-flag rules: what a family ticks decides an action and a place in the queue, never a disease and never "it is safe to
//! wait".
//!
//! Rules are data ([`RuleSet`], read from JSON) with a source and a physician's approval. A rule without approval runs in
//! demo mode only. The program may only raise an acuity; lowering one is a clinician's act.
//!
//! [`rule`] is the format, [`check`] says what is wrong with a file and on which line, [`wording`] holds what no text may
//! say, `asking` chooses the signs that are asked, `set` evaluates, `epds` is what a clinician asked,
//! [`standing`] is what a city decided, [`compare`] tells two
//! editions apart, `words` says a rule in Japanese.
//!
//! Not here: where the file comes from and who approved what (server), what the panels look like (frontend).

mod asking;
pub mod check;
pub mod compare;
mod epds;
pub mod rule;
mod set;
pub mod standing;
pub mod wording;
mod words;

pub use asking::{Asking, FirstFor};
pub use epds::{Epds, EpdsDraft, Missing, NoEpds};
pub use rule::{Age, Bounds, Part, PhoneLine, Population, Rule, Source, Texts, Trigger};
pub use set::{Observed, RuleSet};

use crate::intake::coded;
use serde::{Deserialize, Serialize};

coded!(
    /// The public four levels of the Fire and Disaster Management Agency's protocol, most urgent first.
    Acuity {
        Red = "red", "赤・今すぐ";
        Yellow = "yellow", "黄・2時間以内";
        Green = "green", "緑・受診の相談";
        White = "white", "白・育児相談";
    }
);

coded!(
    /// What a fired rule does, most urgent first.
    Action {
        Call119 = "call_119", "119番へ電話";
        VisitNow = "visit_now", "今すぐ医療機関へ";
        CallObstetrics = "call_obstetrics", "今すぐ産科に電話";
        TalkNow = "talk_now", "先に相談・電話窓口";
        FirstClass = "first_class", "先に相談";
        SecondClass = "second_class", "早めに相談";
        StaffOnly = "staff_only", "担当者に知らせる";
    }
);

impl Acuity {
    /// Whether somebody should hear the family now, by whichever service it came: red and yellow.
    #[must_use]
    pub fn is_urgent(self) -> bool {
        self <= Self::Yellow
    }
}

impl Action {
    /// The acuity that this action raises the consultation to.
    #[must_use]
    pub fn acuity(self) -> Acuity {
        match self {
            Self::Call119 => Acuity::Red,
            Self::VisitNow | Self::CallObstetrics | Self::TalkNow | Self::FirstClass => Acuity::Yellow,
            Self::SecondClass => Acuity::Green,
            Self::StaffOnly => Acuity::White,
        }
    }

    /// Whether the family is shown a panel for it. Queue-only actions are silent.
    #[must_use]
    pub fn is_shown_to_family(self) -> bool {
        matches!(
            self,
            Self::Call119 | Self::VisitNow | Self::CallObstetrics | Self::TalkNow
        )
    }

    /// What the family reads where the rule's own words are not there any more: the rule was renamed since it fired.
    fn plain_words(self) -> &'static str {
        match self {
            Self::Call119 => "相談を続けるより先に119番へ電話してください。",
            Self::VisitNow => "今すぐ（目安2時間以内に）医療機関へ行ってください。",
            Self::CallObstetrics => "今すぐ、分娩先またはかかりつけの産科に電話してください。",
            Self::TalkNow => "この相談は、急ぎの相談として担当者に伝わっています。",
            Self::FirstClass | Self::SecondClass | Self::StaffOnly => "",
        }
    }
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    /// "C01".
    pub rule: String,
    /// Its version.
    pub version: u32,
    /// What happens. A rule of several parts fires once for each of them, and their actions differ.
    pub action: Action,
}

/// A telephone line that is shown with a rule, in the family's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// 「大阪中毒110番」.
    pub name: String,
    /// As it is dialled, with hyphens: "072-727-2499".
    pub number: String,
    /// When somebody answers: 「24時間」; empty where that was not found.
    pub hours: String,
}

/// A question of the intake that fits the subject.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Stable id of the sign.
    pub sign: String,
    /// "C01": the rule that it fires.
    pub rule: String,
    /// Rules beside which that one is silent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<String>,
    /// What is asked.
    pub ask: String,
    /// What ticking it does, so that the browser can show the panel at once.
    pub action: Action,
    /// What the family reads then.
    pub text: String,
    /// Telephone lines that are shown with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Phone>,
    /// Name of the publication that the rule comes from.
    pub source: String,
}

crate::redacted_debug!(Question { sign, action });

/// What the family reads about a fired rule.
#[derive(Clone, PartialEq, Eq)]
pub struct Advice {
    /// What to do.
    pub text: String,
    /// Telephone lines that help with it.
    pub lines: Vec<Phone>,
    /// Name of the publication that it comes from; empty where the rule is not there any more.
    pub source: String,
}

crate::redacted_debug!(Advice {});

/// The acuity that fired rules ask for; white when none fired.
#[must_use]
pub fn acuity_of(fired: &[Fired]) -> Acuity {
    fired
        .iter()
        .map(|one| one.action.acuity())
        .min()
        .unwrap_or(Acuity::White)
}
