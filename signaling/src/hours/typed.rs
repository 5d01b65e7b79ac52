//! Hours as people type them: 「18:00-22:00」, 「9:00〜12:00、18:00〜25:00」, 「休み」, 「24時間」.

use super::Span;

/// Why what was typed is no list of spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypedFault {
    /// No time of the day, or an end without a beginning.
    #[error(
        "「18:00-22:00」のように入れてください。複数あるときは「、」でつなぎます。休みの日は空のままか「休み」にします。"
    )]
    NoSpan,
    /// A minute would be open twice.
    #[error("時間が重なっています。")]
    Overlapping,
    /// More than anybody needs.
    #[error("1日に入れられる時間は4つまでです。")]
    TooMany,
}

/// Most spans of one day.
const SPANS_A_DAY: usize = 4;

/// Reads the spans of a day, in order; empty and 「休み」 are none. An end that is not after its beginning is on the next day.
///
/// # Errors
/// See [`TypedFault`].
pub fn spans(text: &str) -> Result<Vec<Span>, TypedFault> {
    let text = plain(text);
    if matches!(text.as_str(), "" | "休み" | "closed") {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for part in text.split([',', ';']).filter(|part| !part.is_empty()) {
        if found.len() == SPANS_A_DAY {
            return Err(TypedFault::TooMany);
        }
        found.push(span(part).ok_or(TypedFault::NoSpan)?);
    }
    found.sort_unstable();
    if found.is_empty() {
        return Err(TypedFault::NoSpan);
    }
    let twice = found.windows(2).any(|pair| pair[0].overlaps(pair[1]));
    if twice { Err(TypedFault::Overlapping) } else { Ok(found) }
}

/// The spans as [`spans`] reads them again: 「18:00-22:00、23:00-01:00」.
#[must_use]
pub fn text(spans: &[Span]) -> String {
    let texts: Vec<String> = spans.iter().map(|span| span.text().replace(" – ", "-")).collect();
    texts.join("、")
}

/// One span: 「18:00-22:00」, 「18時〜25時」, 「24時間」.
#[must_use]
pub fn span(text: &str) -> Option<Span> {
    let text = plain(text);
    if text == "24時間" {
        return Some(Span::WHOLE_DAY);
    }
    let (from, until) = text.split_once('-')?;
    let (from, until) = (minute(from)?, minute(until)?);
    let until = if until <= from { until + 24 * 60 } else { until };
    Span::try_from((from, until)).ok()
}

/// Keyboards for Japanese give wide digits and four kinds of dashes.
fn plain(text: &str) -> String {
    let one = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        '：' => ':',
        '〜' | '～' | '–' | '—' | '−' | 'ー' | '－' | '‐' => '-',
        '、' | '，' | '・' | '\n' => ',',
        other => other,
    };
    text.chars()
        .filter(|c| !c.is_whitespace() || *c == '\n')
        .map(one)
        .collect()
}

/// 「18:00」, 「9:30」, 「18時」, 「18時30分」; up to 30:00, six in the morning of the next day.
fn minute(clock: &str) -> Option<u16> {
    let (hours, minutes) = match clock.split_once(':') {
        Some(parts) => parts,
        None => clock
            .split_once('時')
            .map(|(hours, rest)| (hours, rest.trim_end_matches('分')))?,
    };
    let digits = |text: &str| text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hours) || !digits(minutes) {
        return None;
    }
    let hours: u16 = hours.parse().ok()?;
    let minutes: u16 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    (minutes < 60 && hours * 60 + minutes <= 30 * 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u16, u16)> {
        let spans = spans(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        spans.into_iter().map(Into::into).collect()
    }

    #[test]
    fn hours_are_read_as_they_are_typed_on_a_japanese_keyboard() {
        for text in [
            "18:00-22:00",
            "１８：００〜２２：００",
            " 18時 – 22時 ",
            "18:00 ー 22:00",
        ] {
            assert_eq!(read(text), [(1080, 1320)], "{text}");
        }
        assert_eq!(read("18:00-22:00、9時30分-12:00"), [(570, 720), (1080, 1320)]);
        assert_eq!(read("20:00-1:00"), [(1200, 1500)]);
        assert_eq!(read("20:00-25:00"), [(1200, 1500)]);
        assert_eq!(read("24時間"), [(0, 1440)]);
        assert_eq!(read("0:00-24:00"), [(0, 1440)]);
        for none in ["", "  ", "休み", "closed"] {
            assert_eq!(read(none), [], "{none}");
        }
    }

    #[test]
    fn what_is_no_time_of_the_day_is_refused_with_an_example() {
        for text in [
            "夜",
            "18-22",
            "18:60-22:00",
            "31:00-32:00",
            "24:00-25:00",
            "-",
            "18:00-",
            ",",
            "18:00-22:00x",
            "+1:00-2:00",
            "999:00-1:00",
            "18:00–22:00–23:00",
        ] {
            assert_eq!(spans(text), Err(TypedFault::NoSpan), "{text}");
        }
        assert!(TypedFault::NoSpan.to_string().contains("18:00-22:00"));
    }

    #[test]
    fn a_minute_is_not_open_twice_and_a_day_is_not_cut_into_pieces() {
        assert_eq!(spans("9:00-12:00、11:59-13:00"), Err(TypedFault::Overlapping));
        assert_eq!(read("9:00-12:00、12:00-13:00").len(), 2);
        assert_eq!(
            spans("1:00-2:00,3:00-4:00,5:00-6:00,7:00-8:00,9:00-10:00"),
            Err(TypedFault::TooMany)
        );
    }

    #[test]
    fn what_was_read_is_written_so_that_it_is_read_again() {
        for typed in ["18:00-22:00", "09:30-12:00、18:00-01:00", "24時間", "18:00-24:00", ""] {
            assert_eq!(text(&spans(typed).expect("hours")), typed);
        }
    }
}
