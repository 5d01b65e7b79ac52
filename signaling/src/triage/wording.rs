//! What no text of a rule may say: a disease, a likelihood or a score, or that waiting is safe. A rule says what to do.
//!
//! Promises: every word in here stands for one of these three, so that a text which passes may still be wrong, but one that
//! does not pass always is. Signs (「けいれん」「じんましん」「おう吐」) are what families see, not diseases, and pass.
//!
//! Not here: whether an advice is right, which the approving physician decides; what midwives write.

/// What a forbidden word would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forbidden {
    /// Names a disease, or speaks of diagnosing.
    Disease,
    /// Says how likely or how grave something is, in words or points.
    Likelihood,
    /// Says that nothing needs to be done.
    SafeToWait,
}

impl Forbidden {
    /// Why it is not allowed.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Disease => "names a disease or a diagnosis; a rule says what to do",
            Self::Likelihood => "says how likely or how grave something is; a rule says what to do",
            Self::SafeToWait => "says that waiting is safe, which no rule may",
        }
    }
}

use Forbidden::{Disease, Likelihood, SafeToWait};

/// Parts of words; those in Latin letters are compared in lower case.
const WORDS: &[(&str, Forbidden)] = &[
    ("病名", Disease),
    ("病気", Disease),
    ("診断", Disease),
    ("症候群", Disease),
    ("感染症", Disease),
    ("髄膜", Disease),
    ("敗血", Disease),
    ("アナフィラキシー", Disease),
    ("インフルエンザ", Disease),
    ("コロナ", Disease),
    ("ウイルス", Disease),
    ("ぜんそく", Disease),
    ("喘息", Disease),
    ("脱水症", Disease),
    ("熱中症", Disease),
    ("腸重積", Disease),
    ("虫垂", Disease),
    ("盲腸", Disease),
    ("捻転", Disease),
    ("骨折", Disease),
    ("脳しんとう", Disease),
    ("脳震盪", Disease),
    ("脳出血", Disease),
    ("てんかん", Disease),
    ("熱性けいれん", Disease),
    ("高血圧", Disease),
    ("糖尿", Disease),
    ("子癇", Disease),
    ("胎盤", Disease),
    ("早産", Disease),
    ("流産", Disease),
    ("死産", Disease),
    ("血栓", Disease),
    ("塞栓", Disease),
    ("心不全", Disease),
    ("うつ病", Disease),
    ("産後うつ", Disease),
    ("精神病", Disease),
    ("虐待", Disease),
    ("炎", Disease),
    ("癌", Disease),
    ("腫瘍", Disease),
    ("diagnos", Disease),
    ("disease", Disease),
    ("syndrome", Disease),
    ("meningitis", Disease),
    ("sepsis", Disease),
    ("可能性", Likelihood),
    ("疑い", Likelihood),
    ("疑われ", Likelihood),
    ("おそれ", Likelihood),
    ("恐れ", Likelihood),
    ("リスク", Likelihood),
    ("危険度", Likelihood),
    ("緊急度", Likelihood),
    ("重症度", Likelihood),
    ("確率", Likelihood),
    ("スコア", Likelihood),
    ("点数", Likelihood),
    ("得点", Likelihood),
    ("％", Likelihood),
    ("%", Likelihood),
    ("probab", Likelihood),
    ("score", Likelihood),
    ("risk", Likelihood),
    ("様子を見", SafeToWait),
    ("様子をみ", SafeToWait),
    ("様子見", SafeToWait),
    ("待っても", SafeToWait),
    ("待って大", SafeToWait),
    ("待ってよ", SafeToWait),
    ("待っていて", SafeToWait),
    ("大丈夫", SafeToWait),
    ("だいじょうぶ", SafeToWait),
    ("安心", SafeToWait),
    ("心配ありません", SafeToWait),
    ("心配いりません", SafeToWait),
    ("心配はありません", SafeToWait),
    ("心配はいりません", SafeToWait),
    ("問題ありません", SafeToWait),
    ("受診は不要", SafeToWait),
    ("受診しなくて", SafeToWait),
    ("必要はありません", SafeToWait),
    ("必要ありません", SafeToWait),
    ("safe to wait", SafeToWait),
    ("no need to", SafeToWait),
    ("wait and see", SafeToWait),
];

/// The first forbidden word of a text, and why it is one.
#[must_use]
pub fn forbidden(text: &str) -> Option<(&'static str, Forbidden)> {
    let text = text.to_lowercase();
    WORDS.iter().copied().find(|(word, _)| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disease_a_likelihood_and_a_leave_to_wait_are_found_in_any_language_that_is_known_here() {
        for (text, why) in [
            ("髄膜炎が疑われます", Disease),
            ("肺炎です", Disease),
            ("This may be Meningitis.", Disease),
            ("入院になる可能性があります", Likelihood),
            ("80%", Likelihood),
            ("緊急度は黄です", Likelihood),
            ("朝まで様子を見てください", SafeToWait),
            ("大丈夫です", SafeToWait),
            ("It is safe to wait.", SafeToWait),
        ] {
            assert_eq!(forbidden(text).map(|(_, why)| why), Some(why), "{text}");
        }
    }

    #[test]
    fn what_to_do_and_what_a_parent_sees_pass() {
        for text in [
            "相談を続けるより先に119番へ電話してください。",
            "いつもと様子がおかしい",
            "けいれんが止まらない（5分以上、または今も続いている）",
            "熱が5日以上続いている",
            "Call 119 now.",
        ] {
            assert_eq!(forbidden(text), None, "{text}");
        }
    }
}
