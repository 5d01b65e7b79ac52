//! Handing a consultation over: to whom, with what words, and how long anybody waits for an answer.
//!
//! Promises: the summary is made of what is recorded and of nothing else ([`HandOver::of`]), and whoever hands over may change
//! every word of it; a profession is chosen by whom the consultation is about ([`doctor_for`]), never by what it might be.
//! Not here: who may hand over what, and what follows (`consultation::handing`).

use crate::{
    actor::{Role, Staff},
    consultation::{Lane, Speaker},
    id::StaffId,
    limits,
    subject::Subject,
    text::{self, TextFault},
    time::Millis,
    view::{LineKind, Thread},
};
use serde::{Deserialize, Serialize};

/// Whom the desk names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandTo {
    /// Whoever of this profession takes it first.
    Profession(Role),
    /// One colleague.
    Person(StaffId),
}

/// To whom a consultation is handed over.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Recipient {
    /// Of this profession; the person's own where it is one.
    pub profession: Role,
    /// One colleague; nobody where anybody of the profession may take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Staff>,
}

impl Recipient {
    /// Whether it is for this clinician.
    #[must_use]
    pub fn is(&self, staff: &Staff) -> bool {
        self.meant().is_for(staff)
    }

    /// What the queue knows of it.
    #[must_use]
    pub fn meant(&self) -> Meant {
        match &self.person {
            Some(person) => Meant::Person(person.id),
            None => Meant::Profession(self.profession),
        }
    }

    /// 「小児科医」, 「佐藤 医師」.
    #[must_use]
    pub fn addressed(&self) -> String {
        match &self.person {
            Some(person) => person.addressed(),
            None => self.profession.label().to_owned(),
        }
    }
}

/// For whom somebody waits who was handed on: whoever else takes them says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meant {
    /// For one clinician.
    Person(StaffId),
    /// For a profession.
    Profession(Role),
}

impl Meant {
    /// Whether it is for this clinician.
    #[must_use]
    pub fn is_for(self, staff: &Staff) -> bool {
        match self {
            Self::Person(id) => staff.id == id,
            Self::Profession(role) => staff.role == role,
        }
    }

    /// Stable text for storage: `profession:midwife`.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Person(id) => format!("person:{id}"),
            Self::Profession(role) => format!("profession:{}", role.code()),
        }
    }

    /// Reads [`Meant::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code.split_once(':')? {
            ("person", id) => id.parse().ok().map(Self::Person),
            ("profession", role) => Role::from_code(role).map(Self::Profession),
            _ => None,
        }
    }
}

/// What the next clinician reads first. Every part may be changed before it is sent.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// 「2歳3か月（母から）」.
    pub about: String,
    /// What worries the family most.
    pub worry: String,
    /// Rules that fired, with what the family was told.
    pub flags: String,
    /// What was said so far.
    pub so_far: String,
    /// Why, and what is asked of the colleague.
    pub note: String,
}

crate::redacted_debug!(HandOver {});

impl HandOver {
    /// From what is recorded. The note is for whoever hands over to write.
    #[must_use]
    pub fn of(thread: &Thread) -> Self {
        let (about, worry) = match (&thread.intake, thread.requested_at) {
            (Some(intake), Some(at)) => {
                let complaints: Vec<&str> = intake.complaints.iter().map(|one| one.label()).collect();
                let onset = intake.onset.map(|onset| format!("（{}）", onset.label()));
                let fever = intake
                    .temperature_tenths
                    .map(|tenths| format!("・{}.{}℃", tenths / 10, tenths % 10));
                let told = [
                    complaints.join("、"),
                    onset.unwrap_or_default(),
                    fever.unwrap_or_default(),
                ]
                .concat();
                (intake.about(at.date()), format!("{told}\n{}", intake.worry))
            }
            _ => (String::new(), String::new()),
        };
        let flags: Vec<String> = thread
            .flags
            .iter()
            .map(|(rule, action)| format!("{rule}（{}）", action.label()))
            .collect();
        Self {
            about: beginning(&about, limits::HAND_OVER_LINE_CHARS),
            worry: beginning(worry.trim(), limits::HAND_OVER_CHARS),
            flags: match flags.is_empty() {
                true => "なし".to_owned(),
                false => beginning(&flags.join("、"), limits::HAND_OVER_LINE_CHARS),
            },
            so_far: so_far(thread),
            note: String::new(),
        }
    }

    /// With white space trimmed.
    ///
    /// # Errors
    /// Too long, or without a note: whoever comes next is told why.
    pub fn checked(&self) -> Result<Self, TextFault> {
        let line =
            |text: &str| Ok::<_, TextFault>(text::optional(text, limits::HAND_OVER_LINE_CHARS)?.unwrap_or_default());
        let part = |text: &str| Ok::<_, TextFault>(text::optional(text, limits::HAND_OVER_CHARS)?.unwrap_or_default());
        Ok(Self {
            about: line(&self.about)?,
            worry: part(&self.worry)?,
            flags: line(&self.flags)?,
            so_far: part(&self.so_far)?,
            note: text::required(&self.note, limits::REASON_CHARS)?,
        })
    }
}

/// The last words of both sides that fit, oldest first.
fn so_far(thread: &Thread) -> String {
    let said = thread.lines.iter().rev().filter_map(|line| match &line.kind {
        LineKind::Said {
            speaker,
            lane: Lane::Everyone,
            text: Some(text),
        } => {
            let who = match speaker {
                Speaker::Guardian => "相談者",
                Speaker::Staff(staff) => staff.role.label(),
            };
            Some(format!("{who}：{}", text.replace('\n', " ")))
        }
        LineKind::Photo { caption, .. } => {
            let caption = caption.as_deref().map(|words| format!("（{words}）"));
            Some(format!("写真{}", caption.unwrap_or_default()))
        }
        _ => None,
    });
    let mut room = limits::HAND_OVER_CHARS;
    let mut lines = Vec::new();
    for line in said {
        let chars = line.chars().count() + 1;
        if chars > room {
            // The last word is there in any case.
            if lines.is_empty() {
                lines.push(beginning(&line, room));
            }
            break;
        }
        room -= chars;
        lines.push(line);
    }
    if lines.is_empty() {
        return "まだやりとりはありません".to_owned();
    }
    lines.reverse();
    lines.join("\n")
}

fn beginning(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}

/// The doctor for whom a midwife's consultation is: a child's is a pediatrician's, a woman's an obstetrician's.
#[must_use]
pub fn doctor_for(subject: &Subject) -> Role {
    match subject {
        Subject::Child { .. } => Role::Pediatrician,
        Subject::Pregnant { .. } | Subject::Postpartum { .. } => Role::Obstetrician,
    }
}

/// What stands in the note of 「医師へ引き継ぐ」, pressed and nothing else.
pub const ASKS_A_DOCTOR: &str = "医師の判断が必要なため";

/// How long the desk waits for clinicians.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// A family waits for an answer from whoever has its consultation: that clinician is asked after so long.
    pub idle: Millis,
    /// Without an answer to that, the consultation goes back to the queue after so long.
    pub idle_answer: Millis,
    /// Whoever was asked to take over has so long. Afterwards a consultation that waits is for everybody again.
    pub hand_over: Millis,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            idle: Millis::minutes(10),
            idle_answer: Millis::minutes(3),
            hand_over: Millis::minutes(5),
        }
    }
}
