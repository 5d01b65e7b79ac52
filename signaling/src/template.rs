//! Templates (定型文): sentences that a city has agreed on, with blanks that must be filled.
//!
//! A blank is a name in braces, half or full width: `{体温}`. Promises: a message of the staff's in which a blank stands is not sent
//! and a record in which one stands is not signed, wherever the words came from ([`open_blank`]); a template is never sent by
//! itself, only put into a field that somebody reads.
//!
//! Not here: who edits templates, and where they are stored.

use crate::{
    limits,
    text::{self, TextFault},
};
use serde::{Deserialize, Serialize};

/// A template as desks use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Which.
    pub id: String,
    /// What it is for, in a few words.
    pub title: String,
    /// The words, blanks included.
    pub body: String,
}

/// The names of all blanks in order, each once.
#[must_use]
pub fn blanks(words: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = words;
    while let Some((blank, after)) = next(rest) {
        if !found.contains(&blank) {
            found.push(blank);
        }
        rest = after;
    }
    found
}

/// The first blank that is not filled.
#[must_use]
pub fn open_blank(words: &str) -> Option<&str> {
    next(words).map(|(blank, _)| blank)
}

/// The words with these blanks filled; what is not named, or filled with nothing, stays a blank.
#[must_use]
pub fn filled(body: &str, values: &[(String, String)]) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some((blank, after)) = next(rest) {
        let head_end = rest.len() - after.len();
        let with_braces = blank.len() + opening(&rest[..head_end], blank);
        let begin = head_end - with_braces;
        out.push_str(&rest[..begin]);
        match values
            .iter()
            .find(|(name, value)| name == blank && !value.trim().is_empty())
        {
            Some((_, value)) => out.push_str(value.trim()),
            None => out.push_str(&rest[begin..head_end]),
        }
        rest = after;
    }
    out + rest
}

/// Bytes of both braces around the blank at the end of `head`.
fn opening(head: &str, blank: &str) -> usize {
    let close = head.chars().next_back().map_or(0, char::len_utf8);
    let before = &head[..head.len() - close - blank.len()];
    close + before.chars().next_back().map_or(0, char::len_utf8)
}

/// The next blank, and what comes after it.
fn next(words: &str) -> Option<(&str, &str)> {
    let mut rest = words;
    loop {
        let open = rest.find(['{', '｛'])?;
        let inside = &rest[open + rest[open..].chars().next()?.len_utf8()..];
        let end = inside.find(['{', '｛', '}', '｝', '\n']);
        match end {
            Some(end) if inside[end..].starts_with(['}', '｝']) && is_name(&inside[..end]) => {
                let after = &inside[end + inside[end..].chars().next()?.len_utf8()..];
                return Some((&inside[..end], after));
            }
            _ => rest = inside,
        }
    }
}

/// Letters, digits and what joins them: other braces that somebody types are none of ours.
fn is_name(name: &str) -> bool {
    let fits = |sign: char| sign.is_alphanumeric() || " 　・-－ー/／（）()℃%％".contains(sign);
    !name.trim().is_empty() && name.chars().count() <= limits::BLANK_CHARS && name.chars().all(fits)
}

/// Why a template is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    /// No title, or one of several lines.
    #[error("題名を、1行、{}字までで入れてください。", limits::TEMPLATE_TITLE_CHARS)]
    Title,
    /// No words, or too many.
    #[error("本文を、{}字までで入れてください。", limits::TEMPLATE_CHARS)]
    Body,
    /// A brace that makes no blank.
    #[error("空欄は {{体温}} のように、名前を波かっこで囲んでください。")]
    Brace,
}

/// Title and body as they are stored.
///
/// # Errors
/// What is wrong with them.
pub fn checked(title: &str, body: &str) -> Result<(String, String), TemplateFault> {
    let title = text::required(title, limits::TEMPLATE_TITLE_CHARS).map_err(|_: TextFault| TemplateFault::Title)?;
    if title.contains(['\n', '\t']) {
        return Err(TemplateFault::Title);
    }
    let body = text::required(body, limits::TEMPLATE_CHARS).map_err(|_: TextFault| TemplateFault::Body)?;
    let braces = body.matches(['{', '｛', '}', '｝']).count();
    let mut named = 0;
    let mut rest = body.as_str();
    while let Some((_, after)) = next(rest) {
        named += 2;
        rest = after;
    }
    if braces == named {
        Ok((title, body))
    } else {
        Err(TemplateFault::Brace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_is_a_name_in_braces_of_either_width() {
        assert_eq!(blanks("体温は{体温}、｛時刻｝から。もう一度{体温}"), ["体温", "時刻"]);
        assert_eq!(open_blank("{}と{ }と{改\n行}と{閉じない"), None);
        assert_eq!(open_blank("{{体温}}"), Some("体温"));
        assert_eq!(open_blank("{{7*7}}と{\"a\":1}"), None, "what else stands in braces");
        assert_eq!(open_blank("数は{1}です"), Some("1"));
        assert_eq!(blanks(""), Vec::<&str>::new());
    }

    #[test]
    fn filling_leaves_open_what_nobody_filled() {
        let value = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let body = "体温は{体温}、｛時刻｝から{何}。{体温}！";
        let half = filled(body, &[value("体温", " 38.5℃ "), value("時刻", "  ")]);
        assert_eq!(half, "体温は38.5℃、｛時刻｝から{何}。38.5℃！");
        assert_eq!(open_blank(&half), Some("時刻"));
        let whole = filled(&half, &[value("時刻", "19時"), value("何", "{体温}")]);
        assert_eq!(
            whole, "体温は38.5℃、19時から{体温}。38.5℃！",
            "what is filled in is not filled again"
        );
        assert_eq!(filled("波かっこ{のまま", &[]), "波かっこ{のまま");
    }

    #[test]
    fn a_template_whose_braces_make_no_blank_is_refused() {
        assert!(checked("受診", "明日{診療科}へ").is_ok());
        for body in ["明日{へ", "明日}へ", "{}", "{{診療科}}", ""] {
            assert!(checked("受診", body).is_err(), "{body}");
        }
        assert_eq!(checked("二\n行", "x"), Err(TemplateFault::Title));
        assert_eq!(checked(" ", "x"), Err(TemplateFault::Title));
        assert_eq!(
            checked("長い", &"あ".repeat(limits::TEMPLATE_CHARS + 1)),
            Err(TemplateFault::Body)
        );
    }
}
