//! Registration of a family: how they heard of the desk, what they consent to, and how spoken words are compared.
//!
//! Consents are by purpose and by version of the words, because a consent holds only for what was read
//! (個人情報保護法). Storing them is the server's.

use crate::intake::coded;

coded!(
    /// How the family heard of the desk.
    Reach {
        Handbook = "handbook", "母子手帳";
        HealthVisitor = "health_visitor", "保健師";
        Nursery = "nursery", "保育園";
        Kindergarten = "kindergarten", "幼稚園";
        Line = "line", "LINE";
        CityPaper = "city_paper", "市の広報";
        Other = "other", "そのほか";
        Unsaid = "unsaid", "答えていない";
    }
);

coded!(
    /// What personal information is used for. The label is what the family reads and ticks.
    Purpose {
        Consultation = "consultation", "相談を受けるために、入力した内容と相談の記録を使います。これは医師の診察ではありません。";
        MunicipalSharing = "municipal_sharing", "必要なときに、市の母子保健の担当（こども家庭センター）と内容を共有します。";
        Statistics = "statistics", "個人が分からない形にして、件数などの統計に使います。";
        QualityAudit = "quality_audit", "相談の質を確かめるために、監督者が記録を読むことがあります。";
    }
);

impl Reach {
    /// Reads the answer of the form, which may be left open.
    #[must_use]
    pub fn from_answer(answer: &str) -> Option<Self> {
        if answer.is_empty() {
            Some(Self::Unsaid)
        } else {
            Self::from_code(answer)
        }
    }

    /// The answers that families are offered, and the kinds of institution: everything but no answer.
    pub fn offered() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|reach| *reach != Self::Unsaid)
    }
}

/// Version of the words above. Changing a word means a new version.
pub const CONSENT_VERSION: &str = "2026-11";

impl Purpose {
    /// Without it the desk cannot answer at all. Every other purpose may be refused and the service stays the same.
    #[must_use]
    pub fn is_required(self) -> bool {
        self == Self::Consultation
    }
}

/// Spoken words as they are compared: 合言葉 and recovery answers. Width, case, white space and the two syllabaries make
/// no difference, since people type from a poster or from memory.
///
/// A part of Unicode's NFKC, enough for Japanese keyboards: full-width ASCII, half-width katakana with their marks.
#[must_use]
pub fn comparable(words: &str) -> String {
    let mut folded = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_whitespace() || c.is_control() {
            continue;
        }
        let c = full_katakana(c);
        if let Some(marked) = mark(c, folded.chars().next_back()) {
            folded.pop();
            folded.push(marked);
            continue;
        }
        match c {
            '\u{ff01}'..='\u{ff5e}' => folded.extend(shifted(c, 0xff01, 0x21).to_lowercase()),
            // Katakana ァ–ヶ lie 0x60 above their hiragana.
            '\u{30a1}'..='\u{30f6}' => folded.push(shifted(c, 0x30a1, 0x3041)),
            _ => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

fn shifted(c: char, from: u32, to: u32) -> char {
    char::from_u32(c as u32 - from + to).unwrap_or(c)
}

/// Half-width katakana in the order of their code points, U+FF66 to U+FF9D.
const HALF_WIDTH: &str =
    "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

fn full_katakana(c: char) -> char {
    match c {
        '\u{ff66}'..='\u{ff9d}' => HALF_WIDTH.chars().nth((c as u32 - 0xff66) as usize).unwrap_or(c),
        other => other,
    }
}

/// The hiragana that a voicing mark makes of the one before it. Voiced kana follow their plain ones in Unicode.
fn mark(c: char, before: Option<char>) -> Option<char> {
    let steps = match c {
        '\u{ff9e}' | '\u{3099}' | '\u{309b}' => 1,
        '\u{ff9f}' | '\u{309a}' | '\u{309c}' => 2,
        _ => return None,
    };
    let before = before?;
    let takes_mark = if steps == 1 {
        "かきくけこさしすせそたちつてとはひふへほ".contains(before)
    } else {
        "はひふへほ".contains(before)
    };
    if before == 'う' && steps == 1 {
        return Some('ゔ');
    }
    takes_mark.then(|| char::from_u32(before as u32 + steps)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_typed_on_any_keyboard_are_the_same() {
        for typed in ["さくら2026", "サクラ２０２６", "ｻｸﾗ 2026", " さ く ら\u{3000}２０２６ "] {
            assert_eq!(comparable(typed), "さくら2026", "{typed}");
        }
        assert_eq!(comparable("ﾊﾞﾅﾅとﾌﾟﾘﾝ"), "ばななとぷりん");
        assert_eq!(comparable("か\u{3099}っこう"), "がっこう");
        assert_eq!(comparable("ＨＩＮＯ－ｂａｂｙ"), "hino-baby");
    }

    #[test]
    fn different_words_stay_different() {
        assert_ne!(comparable("はな"), comparable("ばな"));
        assert_ne!(comparable("さくら"), comparable("さくらー"));
        assert_eq!(comparable(" \u{3000}"), "");
    }

    #[test]
    fn how_a_family_heard_of_the_desk_may_stay_unsaid_and_is_never_guessed() {
        assert_eq!(Reach::from_answer(""), Some(Reach::Unsaid));
        assert_eq!(Reach::from_answer("nursery"), Some(Reach::Nursery));
        assert_eq!(Reach::from_answer("nurserry"), None);
        assert!(Reach::offered().all(|reach| reach != Reach::Unsaid));
        assert_eq!(Reach::offered().count(), Reach::ALL.len() - 1);
    }

    #[test]
    fn only_the_consultation_itself_must_be_agreed_to() {
        let required: Vec<_> = Purpose::ALL.iter().filter(|purpose| purpose.is_required()).collect();
        assert_eq!(required, [&Purpose::Consultation]);
    }
}
