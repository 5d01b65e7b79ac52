//! What a family says before it waits: whom it is about, what worries them, since when, and how they want to talk.
//!
//! [`IntakeDraft`] is the half-filled form, exactly as typed, so that nothing is lost when the page closes.
//! [`IntakeDraft::complete`] parses it once into an [`Intake`]; nothing behind that point checks again.

mod draft;

pub use draft::{Fault, FieldFault, IntakeDraft, IntakeField, IntakeStep};

use crate::subject::Subject;
use serde::{Deserialize, Serialize};
use time::Date;

/// A list of codes with the words that people read. One that a family or a clinician ticks about a person is `private`: its
/// `Debug` does not say which.
macro_rules! coded {
    ($(#[$meta:meta])* private $name:ident $codes:tt) => {
        coded!(@of $(#[$meta])* $name $codes);
        crate::redacted_debug!($name {});
    };
    ($(#[$meta:meta])* $name:ident $codes:tt) => {
        coded!(@of $(#[$meta])* #[derive(Debug)] $name $codes);
    };
    (@of $(#[$meta:meta])* $name:ident { $($variant:ident = $code:literal, $label:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[expect(missing_docs, reason = "each variant is its code and its label")]
        pub enum $name { $(#[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// All of them, in the order in which people are offered them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code, as stored and sent.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The words that people read.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// Reads a code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}
pub(crate) use coded;

coded!(
    /// How the family wants to talk. Always a wish: both sides may change it later.
    Mode {
        Chat = "chat", "チャット";
        Audio = "audio", "音声";
        Video = "video", "ビデオ";
    }
);

coded!(
    /// Which service a consultation came through.
    Service {
        Night = "night", "夜間相談";
        Anytime = "anytime", "いつでも相談";
    }
);

coded!(
    /// Who asks.
    private Relation {
        Mother = "mother", "母";
        Father = "father", "父";
        Grandparent = "grandparent", "祖父母";
        Own = "self", "本人";
        Other = "other", "そのほか";
    }
);

coded!(
    /// What it is about. The list of the national children's line #8000, with pregnancy and feeding added.
    private Complaint {
        Fever = "fever", "発熱";
        Cough = "cough", "せき・鼻水";
        Breathing = "breathing", "息苦しそう";
        Vomiting = "vomiting", "吐く";
        Diarrhoea = "diarrhoea", "下痢・便";
        Abdomen = "abdomen", "おなかの痛み";
        Rash = "rash", "発疹・皮ふ";
        Convulsion = "convulsion", "けいれん";
        Crying = "crying", "泣きやまない";
        Head = "head", "頭を打った";
        Injury = "injury", "けが・やけど";
        Swallowed = "swallowed", "飲みこんだ";
        Eyes = "eyes", "目・耳・鼻・のど";
        Vaccine = "vaccine", "予防接種";
        Feeding = "feeding", "授乳・離乳食";
        Sleep = "sleep", "ねむり";
        Pregnancy = "pregnancy", "妊娠中のからだ";
        AfterBirth = "after_birth", "産後のからだ";
        Mind = "mind", "気持ちがつらい";
        Growth = "growth", "発達・育児";
        Other = "other", "そのほか";
    }
);

coded!(
    /// Since when.
    private Onset {
        Hour = "hour", "1時間以内";
        Today = "today", "今日";
        Yesterday = "yesterday", "昨日から";
        Days = "days", "2〜3日前から";
        Longer = "longer", "もっと前から";
    }
);

/// A complete intake.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// Whom it is about.
    pub subject: Subject,
    /// Who asks.
    pub relation: Relation,
    /// What it is about; the first is the main one. Not empty.
    pub complaints: Vec<Complaint>,
    /// Since when, if told.
    pub onset: Option<Onset>,
    /// Body temperature in tenths of a degree Celsius, if told.
    pub temperature_tenths: Option<u16>,
    /// Ids of the red-flag signs that were ticked.
    pub signs: Vec<String>,
    /// 「どれもない」 was ticked: none of `asked`. Unanswered is not the same as no, and neither is not asked.
    pub no_signs: bool,
    /// Ids of the signs that the family was shown; nothing is known of others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    /// In the family's own words.
    pub worry: String,
    /// How they want to talk.
    pub mode: Mode,
    /// 「声を出さずに相談」: the family listens and types.
    pub quiet: bool,
}

crate::redacted_debug!(Intake {});

impl Intake {
    /// 「2歳3か月（母から）」: whom it is about and, where it was told, who asks.
    #[must_use]
    pub fn about(&self, today: Date) -> String {
        let subject = self.subject.label(today);
        match self.relation {
            Relation::Own | Relation::Other => subject,
            relation => format!("{subject}（{}から）", relation.label()),
        }
    }
}
