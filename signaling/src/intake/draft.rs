//! The half-filled form, exactly as typed, and what is wrong with it.

use super::{Complaint, Intake, Mode, Onset, Relation};
use crate::{
    limits,
    subject::{Born, Subject, SubjectFault, due_from_weeks},
    text::{self, TextFault},
    time::parse_date,
};
use serde::{Deserialize, Serialize};
use time::Date;

/// The form as typed so far. Every field is text or a list of codes; nothing is checked yet.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IntakeDraft {
    /// `child`, `pregnant` or `postpartum`.
    pub about: String,
    /// Birth date `2024-08-15`, or the month alone `2024-08`.
    pub born: String,
    /// Due date `2027-02-01`.
    pub due: String,
    /// Completed weeks of pregnancy, for those who do not know the due date.
    pub weeks: String,
    /// Date of birth of the baby, after birth.
    pub gave_birth: String,
    /// Code of [`Relation`].
    pub relation: String,
    /// Codes of [`Complaint`].
    pub complaints: Vec<String>,
    /// Code of [`Onset`].
    pub onset: String,
    /// Degrees Celsius as typed ("38.9").
    pub temperature: String,
    /// Ids of signs.
    pub signs: Vec<String>,
    /// 「どれもない」, of the signs that were shown.
    pub no_signs: bool,
    /// Ids of the signs that were shown.
    pub asked: Vec<String>,
    /// 「ほかの危険なサインも確認する」 was pressed: all signs are shown.
    pub all_signs: bool,
    /// In their own words.
    pub worry: String,
    /// Code of [`Mode`].
    pub mode: String,
    /// 「声を出さずに相談」.
    pub quiet: bool,
}

crate::redacted_debug!(IntakeDraft {});

/// The step of the intake that a field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntakeStep {
    /// Whom it is about.
    Subject,
    /// What it is about, by category.
    Symptoms,
    /// The red-flag signs that fit, and the temperature.
    Signs,
    /// In their own words, and 話し方を選ぶ.
    Mode,
}

/// A field that cannot be accepted as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFault {
    /// Where the field is.
    pub step: IntakeStep,
    /// The field, by the stable name of its form control.
    pub field: IntakeField,
    /// What is wrong, by a stable code.
    pub fault: Fault,
}

/// Fields that can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "named like the draft's fields")]
pub enum IntakeField {
    About,
    Born,
    Due,
    GaveBirth,
    Complaints,
    Temperature,
    Worry,
    Mode,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Must be filled.
    Missing,
    /// Cannot be read.
    Unreadable,
    /// A date in the future.
    Future,
    /// Outside of what the desk is for.
    Range,
    /// Too many or too long.
    TooLong,
}

impl Fault {
    /// What the person can do, in one sentence.
    #[must_use]
    pub fn advice(self, field: IntakeField) -> &'static str {
        match (self, field) {
            (Self::Missing, IntakeField::Worry) => "いちばん心配なことを、ひとことで書いてください。",
            (Self::Missing, IntakeField::Complaints) => "近いものを1つ以上えらんでください。",
            (Self::Missing, IntakeField::Mode) => "話し方をえらんでください。",
            (Self::Missing, IntakeField::About) => "だれについての相談かをえらんでください。",
            (Self::Missing, _) => "入力してください。",
            (Self::Unreadable, IntakeField::Temperature) => "体温は 38.5 のように入れてください。",
            (Self::Unreadable, IntakeField::Due) => "出産予定日か妊娠週数を、もう一度入れてください。",
            (Self::Unreadable, IntakeField::GaveBirth) => "出産日をもう一度入れてください。",
            (Self::Unreadable, _) => "日付をもう一度入れてください（月だけでもかまいません）。",
            (Self::Future, _) => "未来の日付になっています。",
            (Self::Range, IntakeField::Temperature) => "体温は 30.0 から 43.0 の間で入れてください。",
            (Self::Range, _) => "この相談で受けられる範囲の外の日付です。日付を確かめてください。",
            (Self::TooLong, IntakeField::Complaints) => "6つまでえらべます。",
            (Self::TooLong, _) => "長すぎます。2000字までで書いてください。",
        }
    }
}

impl IntakeDraft {
    /// The subject alone, for steps that come before the rest is filled.
    ///
    /// # Errors
    /// The field that is missing or wrong.
    pub fn subject(&self, today: Date) -> Result<Subject, FieldFault> {
        let wrong = |field, fault| FieldFault {
            step: IntakeStep::Subject,
            field,
            fault,
        };
        let (field, subject) = match self.about.as_str() {
            "child" if self.born.trim().is_empty() => return Err(wrong(IntakeField::Born, Fault::Missing)),
            "child" => {
                let born = Born::try_from(self.born.clone());
                (IntakeField::Born, born.map(|born| Subject::Child { born }))
            }
            "pregnant" if self.due.trim().is_empty() && self.weeks.trim().is_empty() => {
                return Err(wrong(IntakeField::Due, Fault::Missing));
            }
            "postpartum" if self.gave_birth.trim().is_empty() => {
                return Err(wrong(IntakeField::GaveBirth, Fault::Missing));
            }
            "pregnant" => (
                IntakeField::Due,
                self.due_date(today).map(|due| Subject::Pregnant { due }),
            ),
            "postpartum" => {
                let date = parse_date(&self.gave_birth).ok_or(SubjectFault::Date);
                (
                    IntakeField::GaveBirth,
                    date.map(|gave_birth| Subject::Postpartum { gave_birth }),
                )
            }
            _ => return Err(wrong(IntakeField::About, Fault::Missing)),
        };
        subject.and_then(|subject| subject.checked(today)).map_err(|fault| {
            wrong(
                field,
                match fault {
                    SubjectFault::Date => Fault::Unreadable,
                    SubjectFault::Future => Fault::Future,
                    SubjectFault::Range => Fault::Range,
                },
            )
        })
    }

    fn due_date(&self, today: Date) -> Result<Date, SubjectFault> {
        if let Some(due) = parse_date(&self.due) {
            return Ok(due);
        }
        let weeks = half_width(&self.weeks).parse().map_err(|_| SubjectFault::Date)?;
        due_from_weeks(weeks, 0, today).ok_or(SubjectFault::Range)
    }

    /// The temperature in tenths of a degree; nothing when left empty. Full-width digits and signs are read too.
    ///
    /// # Errors
    /// [`Fault::Unreadable`], or [`Fault::Range`] outside 30.0 to 43.0.
    pub fn temperature_tenths(&self) -> Result<Option<u16>, Fault> {
        let half_width = half_width(&self.temperature);
        if half_width.is_empty() {
            return Ok(None);
        }
        let degrees: f64 = half_width.parse().map_err(|_| Fault::Unreadable)?;
        if !(30.0..=43.0).contains(&degrees) {
            return Err(Fault::Range);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "300 to 430 fit")]
        Ok(Some((degrees * 10.0 + 1e-6).floor() as u16))
    }

    /// What is wrong up to and including `step`; empty when the family may go on.
    #[must_use]
    pub fn faults_until(&self, step: IntakeStep, today: Date) -> Vec<FieldFault> {
        match self.complete(today) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.into_iter().filter(|fault| fault.step <= step).collect(),
        }
    }

    /// The complete intake.
    ///
    /// # Errors
    /// Everything that is missing or wrong, in the order of the form.
    pub fn complete(&self, today: Date) -> Result<Intake, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let mut note = |step, field, fault| faults.push(FieldFault { step, field, fault });
        let (symptoms, signs, last) = (IntakeStep::Symptoms, IntakeStep::Signs, IntakeStep::Mode);

        let subject = self
            .subject(today)
            .map_err(|fault| note(fault.step, fault.field, fault.fault))
            .ok();
        let complaints: Vec<Complaint> = self.complaints.iter().filter_map(|c| Complaint::from_code(c)).collect();
        if complaints.is_empty() || complaints.len() < self.complaints.len() {
            note(symptoms, IntakeField::Complaints, Fault::Missing);
        } else if complaints.len() > limits::COMPLAINTS {
            note(symptoms, IntakeField::Complaints, Fault::TooLong);
        }
        let temperature_tenths = self.temperature_tenths().unwrap_or_else(|fault| {
            note(signs, IntakeField::Temperature, fault);
            None
        });
        let worry = text::required(&self.worry, limits::WORRY_CHARS).map_err(|fault| {
            let fault = if fault == TextFault::Empty {
                Fault::Missing
            } else {
                Fault::TooLong
            };
            note(last, IntakeField::Worry, fault);
        });
        let mode = Mode::from_code(&self.mode);
        if mode.is_none() {
            note(last, IntakeField::Mode, Fault::Missing);
        }
        match (subject, worry, mode, faults.is_empty()) {
            (Some(subject), Ok(worry), Some(mode), true) => Ok(Intake {
                subject,
                relation: Relation::from_code(&self.relation).unwrap_or(Relation::Other),
                complaints,
                onset: Onset::from_code(&self.onset),
                temperature_tenths,
                signs: sign_ids(&self.signs),
                no_signs: self.no_signs,
                asked: sign_ids(&self.asked),
                worry,
                mode,
                quiet: self.quiet,
            }),
            _ => Err(faults),
        }
    }
}

/// Ids as far as they can be ids of signs: a form is not trusted with more than a rule set could hold.
fn sign_ids(typed: &[String]) -> Vec<String> {
    let possible = typed.iter().filter(|id| id.len() <= limits::SIGN_ID_CHARS);
    possible.take(limits::SIGNS_ASKED).cloned().collect()
}

/// A number as phones type it: digits as wide as kanji are read too, spaces and the unit are left out.
fn half_width(typed: &str) -> String {
    typed
        .chars()
        .filter_map(|c| match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32),
            '．' | '。' | ',' | '，' => Some('.'),
            '℃' | '度' | '週' | ' ' | '\u{3000}' => None,
            other => Some(other),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> IntakeDraft {
        IntakeDraft {
            about: "child".into(),
            born: "2024-08-20".into(),
            complaints: vec!["fever".into()],
            temperature: "３８．９℃".into(),
            worry: "昨日の夜から熱があります".into(),
            mode: "chat".into(),
            ..IntakeDraft::default()
        }
    }

    fn today() -> Date {
        parse_date("2026-11-22").expect("a date")
    }

    #[test]
    fn a_filled_form_is_an_intake_and_full_width_degrees_are_read() {
        let intake = filled().complete(today()).expect("complete");
        assert_eq!(intake.temperature_tenths, Some(389));
        assert_eq!(intake.complaints, [Complaint::Fever]);
    }

    #[test]
    fn temperatures_keep_their_tenth() {
        for (typed, tenths) in [("37.9", 379), ("38.0", 380), ("38", 380), ("38.1", 381)] {
            let draft = IntakeDraft {
                temperature: typed.into(),
                ..filled()
            };
            assert_eq!(draft.temperature_tenths(), Ok(Some(tenths)), "{typed}");
        }
    }

    #[test]
    fn every_missing_field_is_named_at_once_with_its_step() {
        let faults = IntakeDraft::default().complete(today()).expect_err("nothing filled");
        let fields: Vec<_> = faults.iter().map(|fault| fault.field).collect();
        use IntakeField::{About, Complaints, Mode, Worry};
        assert_eq!(fields, [About, Complaints, Worry, Mode]);
        assert_eq!(
            IntakeDraft::default().faults_until(IntakeStep::Subject, today()).len(),
            1
        );
    }
}
