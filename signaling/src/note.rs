//! The record that the clinician writes, and what of it the family reads.
//!
//! There is no field for a diagnosis, by design: the desk advises.

use crate::{
    actor::{Role, Staff},
    id::StaffId,
    intake::{Complaint, coded},
    limits,
    text::{self, TextFault},
};
use serde::{Deserialize, Serialize};

coded!(
    /// 対応区分. The first six mirror the practice of the national children's line #8000.
    private Disposition {
        Call119 = "call_119", "119番をすすめた";
        VisitNow = "visit_now", "今すぐ受診";
        VisitToday = "visit_today", "今日中に受診";
        VisitNextDay = "visit_next_day", "翌日に受診";
        HomeCare = "home_care_with_safety_net", "家庭で様子見";
        InformationOnly = "information_only", "助言のみ";
        ReferredMunicipal = "referred_municipal", "市の窓口へ紹介";
        ReferredMentalHealth = "referred_mental_health", "こころの相談へ紹介";
        NotifiedChildProtection = "notified_child_protection", "児童相談所等へ通告";
        Abandoned = "abandoned", "相談者が離れた";
        TechnicalFailure = "technical_failure", "通信の失敗";
    }
);

impl Disposition {
    /// Whether no advice was given, so none is asked for. Such consultations are reported apart from the count.
    #[must_use]
    pub fn is_without_advice(self) -> bool {
        matches!(self, Self::Abandoned | Self::TechnicalFailure)
    }

    /// The words for a member of the staff. Of a notification only who signed it and supervisors read, as of a concern; others read that
    /// there is a record.
    #[must_use]
    pub fn label_for(self, reader: &Staff, signed_by: Option<StaffId>) -> &'static str {
        let may_read = reader.role == Role::Supervisor || signed_by == Some(reader.id);
        match self {
            Self::NotifiedChildProtection if !may_read => "記録あり",
            _ => self.label(),
        }
    }

    /// The words for the family's summary; nothing where the code is the staff's alone.
    #[must_use]
    pub fn family_label(self) -> Option<&'static str> {
        match self {
            Self::Call119 => Some("すぐに119番へ電話してください"),
            Self::VisitNow => Some("今すぐ医療機関へ（目安2時間以内）"),
            Self::VisitToday => Some("今日のうちに医療機関へ"),
            Self::VisitNextDay => Some("明日、かかりつけの医療機関へ"),
            Self::HomeCare => Some("おうちで様子をみて、下の目安があれば受診してください"),
            Self::ReferredMunicipal => Some("市の窓口をご案内しました"),
            Self::ReferredMentalHealth => Some("こころの相談窓口をご案内しました"),
            Self::InformationOnly | Self::NotifiedChildProtection | Self::Abandoned | Self::TechnicalFailure => None,
        }
    }
}

/// The signed record.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// 主訴, as the clinician sees it.
    pub complaints: Vec<Complaint>,
    /// 助言の内容: what the family reads afterwards.
    pub advice: String,
    /// 対応区分.
    pub disposition: Disposition,
    /// 受診の目安: what to watch for. Required for home care.
    pub safety_net: Option<String>,
    /// For colleagues only.
    pub internal: Option<String>,
}

crate::redacted_debug!(Note {});

/// The note being written, one per consultation and clinician; last write wins by revision.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoteDraft {
    /// Codes of [`Complaint`].
    pub complaints: Vec<String>,
    /// 助言の内容.
    pub advice: String,
    /// Code of [`Disposition`], or empty.
    pub disposition: String,
    /// 受診の目安.
    pub safety_net: String,
    /// For colleagues only.
    pub internal: String,
}

crate::redacted_debug!(NoteDraft {});

/// Why a note cannot be signed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NoteFault {
    /// No disposition chosen.
    #[error("対応区分をえらんでください。")]
    DispositionMissing,
    /// No advice written.
    #[error("助言の内容を書いてください。")]
    AdviceMissing,
    /// Home care without what to watch for.
    #[error("家庭で様子見のときは、受診の目安が必要です。")]
    SafetyNetMissing,
    /// A field is too long.
    #[error("長すぎる欄があります（4000字まで）。")]
    TooLong,
}

impl NoteDraft {
    /// The note, ready to be signed.
    ///
    /// # Errors
    /// The first thing that is missing.
    pub fn complete(&self) -> Result<Note, NoteFault> {
        let note = Note {
            complaints: self
                .complaints
                .iter()
                .filter_map(|code| Complaint::from_code(code))
                .take(limits::COMPLAINTS)
                .collect(),
            advice: self.advice.clone(),
            disposition: Disposition::from_code(&self.disposition).ok_or(NoteFault::DispositionMissing)?,
            safety_net: Some(self.safety_net.clone()),
            internal: Some(self.internal.clone()),
        };
        note.checked()
    }
}

impl Note {
    /// The rules that hold for every signed note, whatever client sent it. Its texts are cleaned as all texts are.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn checked(self) -> Result<Self, NoteFault> {
        let field = |value: Option<String>| {
            text::optional(&value.unwrap_or_default(), limits::NOTE_FIELD_CHARS).map_err(|_| NoteFault::TooLong)
        };
        let advice = match text::required(&self.advice, limits::NOTE_FIELD_CHARS) {
            Ok(advice) => advice,
            Err(TextFault::Empty) if self.disposition.is_without_advice() => String::new(),
            Err(TextFault::Empty) => return Err(NoteFault::AdviceMissing),
            Err(TextFault::TooLong { .. }) => return Err(NoteFault::TooLong),
        };
        let (safety_net, internal) = (field(self.safety_net)?, field(self.internal)?);
        if self.complaints.len() > limits::COMPLAINTS {
            return Err(NoteFault::TooLong);
        }
        if self.disposition == Disposition::HomeCare && safety_net.is_none() {
            return Err(NoteFault::SafetyNetMissing);
        }
        Ok(Self {
            advice,
            safety_net,
            internal,
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(disposition: Disposition) -> NoteDraft {
        NoteDraft {
            disposition: disposition.code().into(),
            advice: "水分を少しずつ。".into(),
            ..NoteDraft::default()
        }
    }

    #[test]
    fn home_care_is_not_signed_without_what_to_watch_for() {
        assert_eq!(
            draft(Disposition::HomeCare).complete(),
            Err(NoteFault::SafetyNetMissing)
        );
        let with = NoteDraft {
            safety_net: "反応が弱いときは119番へ".into(),
            ..draft(Disposition::HomeCare)
        };
        assert!(with.complete().is_ok());
    }

    #[test]
    fn of_a_notification_only_who_signed_it_and_supervisors_read() {
        let staff = |id: u128, role| Staff {
            id: StaffId(uuid::Uuid::from_u128(id)),
            name: "佐藤".into(),
            role,
        };
        let (author, colleague) = (staff(1, Role::Pediatrician), staff(2, Role::Midwife));
        let notified = |reader: &Staff, by| Disposition::NotifiedChildProtection.label_for(reader, by);
        let by = Some(author.id);
        assert_eq!(notified(&author, by), "児童相談所等へ通告");
        assert_eq!(notified(&staff(3, Role::Supervisor), by), "児童相談所等へ通告");
        assert_eq!(
            (notified(&colleague, by), notified(&author, None)),
            ("記録あり", "記録あり")
        );
        assert_eq!(Disposition::VisitNow.label_for(&colleague, by), "今すぐ受診");
    }

    #[test]
    fn advice_is_asked_for_unless_the_family_left() {
        let empty = |disposition| {
            NoteDraft {
                advice: " ".into(),
                ..draft(disposition)
            }
            .complete()
        };
        assert_eq!(empty(Disposition::VisitNow), Err(NoteFault::AdviceMissing));
        assert!(empty(Disposition::Abandoned).is_ok());
    }

    #[test]
    fn a_note_from_the_wire_is_cleaned_like_every_other_text() {
        let note = Note {
            complaints: Vec::new(),
            advice: " 水分を\u{0}少しずつ。\r\n休む。\u{1b} ".into(),
            disposition: Disposition::VisitNextDay,
            safety_net: Some(" \u{7} ".into()),
            internal: Some("\u{9f}母の疲れ".into()),
        };
        let signed = note.checked().expect("it can be signed");
        assert_eq!(signed.advice, "水分を少しずつ。\n休む。");
        assert_eq!(
            (signed.safety_net, signed.internal.as_deref()),
            (None, Some("母の疲れ"))
        );
    }

    #[test]
    fn nothing_is_signed_without_a_disposition() {
        assert_eq!(NoteDraft::default().complete(), Err(NoteFault::DispositionMissing));
    }
}
