//! Telephone numbers of Japan, as families type them: read once, kept as digits.
//!
//! Accepted are numbers that a clinician can call back and that cost the family nothing: mobile (060, 070, 080, 090), IP
//! telephony (050) and landlines (0AB–J). Refused are emergency and service numbers (110, 119, 0120, 0570, 0990 …), numbers
//! of things (020) and of other countries. Source: 総務省「電気通信番号計画」.
//!
//! Not here: whether the number is anybody's.

/// A number that can be called, digits alone with the leading 0.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

crate::redacted_debug!(PhoneNumber {});

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// 携帯電話.
    Mobile,
    /// IP電話 (050).
    Ip,
    /// 固定電話.
    Landline,
}

/// Not a number that can be called back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("電話番号を確かめてください。市外局番からの10けたか、携帯電話の11けたで入れてください。")]
pub struct PhoneFault;

impl PhoneNumber {
    /// Reads what was typed: full-width digits, hyphens of every kind, brackets, spaces and +81 are all understood.
    ///
    /// # Errors
    /// Not a number of Japan that can be called back.
    pub fn parse(typed: &str) -> Result<Self, PhoneFault> {
        if typed.chars().count() > crate::limits::PHONE_CHARS {
            return Err(PhoneFault);
        }
        let mut digits = String::new();
        let mut is_international = false;
        for letter in typed.trim().chars() {
            match letter {
                '0'..='9' => digits.push(letter),
                // Full-width digits stand in the order of the others.
                '０'..='９' => digits.push(char::from(
                    b'0' + u8::try_from(letter as u32 - '０' as u32).unwrap_or(0),
                )),
                '+' | '＋' if digits.is_empty() && !is_international => is_international = true,
                ' ' | '\u{3000}' | '-' | '(' | ')' | '（' | '）' | '.' => {}
                // Hyphens, dashes, minus signs, and the long vowel mark that Japanese keyboards give.
                '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | 'ー' | 'ｰ' => {}
                _ => return Err(PhoneFault),
            }
        }
        if is_international {
            let national = digits.strip_prefix("81").ok_or(PhoneFault)?;
            // 「+81 (0)90 …」 is common, and wrong, and clear.
            digits = format!("0{}", national.strip_prefix('0').unwrap_or(national));
        }
        kind(&digits).map(|_| Self(digits)).ok_or(PhoneFault)
    }

    /// What kind it is.
    #[must_use]
    pub fn kind(&self) -> PhoneKind {
        kind(&self.0).unwrap_or(PhoneKind::Landline)
    }

    /// Digits alone, for `tel:` and for keeping.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// As people read it: 090-1234-5678. Where the area code's length is not known by its first digits, digits alone.
    #[must_use]
    pub fn shown(&self) -> String {
        let number = &self.0;
        match self.kind() {
            PhoneKind::Mobile | PhoneKind::Ip => format!("{}-{}-{}", &number[..3], &number[3..7], &number[7..]),
            // Tokyo and Osaka.
            PhoneKind::Landline if number.starts_with("03") || number.starts_with("06") => {
                format!("{}-{}-{}", &number[..2], &number[2..6], &number[6..])
            }
            PhoneKind::Landline => number.clone(),
        }
    }
}

fn kind(digits: &str) -> Option<PhoneKind> {
    let start = digits.as_bytes().get(..3)?;
    match (digits.len(), start) {
        // The digit after the prefix tells the carrier and is never 0, but for 090-0, which is not given out either.
        (11, [b'0', b'6' | b'7' | b'8' | b'9', b'0']) if digits.as_bytes()[3] != b'0' => Some(PhoneKind::Mobile),
        (11, [b'0', b'5', b'0']) if digits.as_bytes()[3] != b'0' => Some(PhoneKind::Ip),
        // 0120, 0180, 0570, 0800 and 0990 are services.
        (10, [b'0', b'1'..=b'9', b'1'..=b'9']) => {
            let service = ["0120", "0180", "0170", "0570", "0990"];
            (!service.iter().any(|prefix| digits.starts_with(prefix))).then_some(PhoneKind::Landline)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Option<(String, PhoneKind)> {
        let number = PhoneNumber::parse(typed).ok()?;
        Some((number.shown(), number.kind()))
    }

    #[test]
    fn a_number_is_understood_however_it_is_typed() {
        for typed in [
            "09012345678",
            "090-1234-5678",
            "０９０－１２３４－５６７８",
            "090ー1234ー5678",
            " 090 (1234) 5678 ",
            "+81 90 1234 5678",
            "+81-(0)90-1234-5678",
            "＋８１９０１２３４５６７８",
        ] {
            assert_eq!(
                read(typed),
                Some(("090-1234-5678".to_owned(), PhoneKind::Mobile)),
                "{typed}"
            );
        }
    }

    #[test]
    fn landlines_and_ip_telephones_are_called_too() {
        assert_eq!(
            read("03-1234-5678"),
            Some(("03-1234-5678".to_owned(), PhoneKind::Landline))
        );
        assert_eq!(
            read("042-514-8579"),
            Some(("0425148579".to_owned(), PhoneKind::Landline))
        );
        assert_eq!(
            read("+81425148579"),
            Some(("0425148579".to_owned(), PhoneKind::Landline))
        );
        assert_eq!(read("050-1234-5678"), Some(("050-1234-5678".to_owned(), PhoneKind::Ip)));
        assert_eq!(
            read("060-1234-5678"),
            Some(("060-1234-5678".to_owned(), PhoneKind::Mobile))
        );
    }

    #[test]
    fn what_cannot_be_called_back_is_refused() {
        for typed in [
            "",
            "119",
            "110",
            "#8000",
            "0120-123-456",
            "0570-012-345",
            "0990-123-456",
            "0800-123-4567",
            "020-1234-5678",
            "090-1234-567",
            "090-1234-56789",
            "090-0234-5678",
            "0012345678",
            "9012345678",
            "+1 212 555 0100",
            "+81",
            "090-1234-5678内線3",
            "ninety",
            "090+12345678",
        ] {
            assert_eq!(PhoneNumber::parse(typed), Err(PhoneFault), "{typed}");
        }
        assert_eq!(PhoneNumber::parse(&"0".repeat(10_000)), Err(PhoneFault));
    }

    #[test]
    fn a_number_is_not_printed() {
        let number = PhoneNumber::parse("09012345678").expect("a number");
        assert!(!format!("{number:?}").contains("1234"));
    }
}
