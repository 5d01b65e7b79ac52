//! Text that people wrote, checked once at the edge.

/// Why a text is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// More characters than allowed.
    #[error("the text is longer than {limit} characters")]
    TooLong {
        /// Most characters.
        limit: usize,
    },
}

/// The text without surrounding white space, with line ends as `\n` and without control characters.
///
/// # Errors
/// Empty after trimming, or longer than `limit` characters.
pub fn required(text: &str, limit: usize) -> Result<String, TextFault> {
    let clean = cleaned(text);
    if clean.is_empty() {
        return Err(TextFault::Empty);
    }
    if clean.chars().count() > limit {
        return Err(TextFault::TooLong { limit });
    }
    Ok(clean)
}

/// Like [`required`], but nothing is nothing.
///
/// # Errors
/// Longer than `limit` characters.
pub fn optional(text: &str, limit: usize) -> Result<Option<String>, TextFault> {
    match required(text, limit) {
        Ok(clean) => Ok(Some(clean)),
        Err(TextFault::Empty) => Ok(None),
        Err(fault @ TextFault::TooLong { .. }) => Err(fault),
    }
}

/// The one rule of what a text may hold: line ends as `\n`, no control characters but line feed and tab, no white space
/// around it.
fn cleaned(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| *c == '\n' || *c == '\t' || !c.is_control())
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_alone_is_no_message() {
        assert_eq!(required(" \r\n\u{3000}", 10), Err(TextFault::Empty));
        assert_eq!(optional("  ", 10), Ok(None));
    }

    #[test]
    fn a_text_of_exactly_the_limit_passes_and_one_more_does_not() {
        assert!(required(&"熱".repeat(10), 10).is_ok());
        assert_eq!(required(&"熱".repeat(11), 10), Err(TextFault::TooLong { limit: 10 }));
    }

    #[test]
    fn control_characters_are_dropped_and_line_ends_made_alike() {
        assert_eq!(required("a\u{0}b\r\nc", 10).as_deref(), Ok("ab\nc"));
    }
}
