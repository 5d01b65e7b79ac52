//! The bands of age and pregnancy that stay in the figures when the content is gone. Which subject lies in which band:
//! [`Subject::band`](super::Subject::band).

use serde::{Deserialize, Serialize};

/// Age and gestation bands of the figures. Coded and coarse, because figures outlive the content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say the bounds")]
pub enum SubjectBand {
    #[serde(rename = "child_0_2m")]
    Child0To2Months,
    #[serde(rename = "child_3_5m")]
    Child3To5Months,
    #[serde(rename = "child_6_11m")]
    Child6To11Months,
    #[serde(rename = "child_1y")]
    Child1Year,
    #[serde(rename = "child_2y")]
    Child2Years,
    #[serde(rename = "child_3_5y")]
    Child3To5Years,
    #[serde(rename = "child_6_11y")]
    Child6To11Years,
    #[serde(rename = "child_12y_up")]
    Child12YearsUp,
    #[serde(rename = "pregnant_to_15w")]
    PregnantTo15Weeks,
    #[serde(rename = "pregnant_16_27w")]
    Pregnant16To27Weeks,
    #[serde(rename = "pregnant_28w_up")]
    Pregnant28WeeksUp,
    Postpartum,
}

crate::redacted_debug!(SubjectBand {});

impl SubjectBand {
    /// Before birth or after it: not a child.
    #[must_use]
    pub fn is_mother(self) -> bool {
        matches!(
            self,
            Self::PregnantTo15Weeks | Self::Pregnant16To27Weeks | Self::Pregnant28WeeksUp | Self::Postpartum
        )
    }

    /// The band as people read it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Child0To2Months => "0〜2か月",
            Self::Child3To5Months => "3〜5か月",
            Self::Child6To11Months => "6〜11か月",
            Self::Child1Year => "1歳",
            Self::Child2Years => "2歳",
            Self::Child3To5Years => "3〜5歳",
            Self::Child6To11Years => "6〜11歳",
            Self::Child12YearsUp => "12歳以上",
            Self::PregnantTo15Weeks => "妊娠15週まで",
            Self::Pregnant16To27Weeks => "妊娠16〜27週",
            Self::Pregnant28WeeksUp => "妊娠28週以上",
            Self::Postpartum => "産後",
        }
    }
}
