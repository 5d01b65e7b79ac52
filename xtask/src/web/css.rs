//! Styles: the design tokens that are used, and no comments or idle whitespace.

use std::collections::BTreeSet;

/// The custom properties of `tokens` (one `:root` block) that `styles` use, directly or through another token, as a `:root`
/// rule in the tokens' own order; empty when none is used.
pub(super) fn used_tokens(tokens: &str, styles: &str) -> String {
    let declared: Vec<(&str, &str)> = tokens
        .split_once('{')
        .map_or("", |(_, block)| block.split('}').next().unwrap_or(""))
        .split(';')
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim(), value.trim()))
        .collect();
    let mut used = BTreeSet::new();
    let mut open: Vec<&str> = references(styles).collect();
    while let Some(name) = open.pop() {
        if let Some((name, value)) = declared.iter().find(|(declared, _)| *declared == name)
            && used.insert(*name)
        {
            open.extend(references(value));
        }
    }
    let kept: String = declared
        .iter()
        .filter(|(name, _)| used.contains(name))
        .map(|(name, value)| format!("{name}:{value};"))
        .collect();
    if kept.is_empty() {
        kept
    } else {
        format!(":root{{{kept}}}\n")
    }
}

/// The names inside `var(…)`.
fn references(styles: &str) -> impl Iterator<Item = &str> {
    styles.split("var(").skip(1).map(|rest| {
        let rest = rest.trim_start();
        &rest[..rest
            .find(|c: char| c == ')' || c == ',' || c.is_whitespace())
            .unwrap_or(rest.len())]
    })
}

/// Removes comments and the whitespace that no rule needs; strings and `url(…)` stay as they are. A space before `:` stays (it
/// is a descendant combinator in `a :hover`), as do those around operators (`calc(a + b)` needs them).
pub(super) fn minify(styles: &str) -> String {
    let mut out = String::with_capacity(styles.len());
    let mut rest = styles;
    let mut space = false;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
            // `a/**/b` are two words; anywhere else a comment is nothing at all.
            space |= out.ends_with(is_word) && rest.starts_with(is_word);
            continue;
        }
        if c.is_whitespace() {
            space = true;
            rest = rest.trim_start();
            continue;
        }
        let length = verbatim_length(rest);
        if std::mem::take(&mut space)
            && !out.is_empty()
            && !out.ends_with(['{', '}', ';', ',', ':', '('])
            && !"{};,)".contains(c)
        {
            out.push(' ');
        }
        if c == '}' && out.ends_with(';') {
            out.pop();
        }
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '\\') || !c.is_ascii()
}

/// How many bytes to copy unread: a whole string, a whole unquoted `url(…)`, or one character.
fn verbatim_length(rest: &str) -> usize {
    let first = rest.chars().next().map_or(0, char::len_utf8);
    match rest.as_bytes()[0] {
        quote @ (b'"' | b'\'') => {
            let mut escaped = false;
            let end = rest.bytes().skip(1).position(|byte| {
                let ends = byte == quote && !escaped;
                escaped = byte == b'\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |end| end + 2)
        }
        b'u' if rest.starts_with("url(") && !rest[4..].trim_start().starts_with(['"', '\'']) => {
            rest.find(')').map_or(rest.len(), |end| end + 1)
        }
        b'\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        _ => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whitespace_that_means_something_stays() {
        let styles = "a :hover ,\n b > c {\n  margin : 0 auto;\n  width: calc( 1px + 2px );\n}\n@media (min-width: 3px) and (x) { d { e: f; } }\n";
        assert_eq!(
            minify(styles),
            "a :hover,b > c{margin :0 auto;width:calc(1px + 2px)}@media (min-width:3px) and (x){d{e:f}}"
        );
    }

    #[test]
    fn strings_urls_and_words_around_comments_survive() {
        assert_eq!(
            minify("a{content:\" /* ; } \\\" \" ;b:url( x;y,z )}"),
            "a{content:\" /* ; } \\\" \";b:url( x;y,z )}"
        );
        assert_eq!(minify(".a/* x */.b{c:d/**/e}"), ".a.b{c:d e}");
        assert_eq!(minify("a{b:'相談 , 室'}"), "a{b:'相談 , 室'}");
    }

    #[test]
    fn only_used_tokens_are_shipped_with_those_they_need() {
        let tokens = "/** x */\n:root {\n  --a: 1px;\n  --b: var(--a);\n  --c: #fff;\n  --d: \"x\", y;\n}\n";
        assert_eq!(
            used_tokens(tokens, "p{q:var( --b , 0)}"),
            ":root{--a:1px;--b:var(--a);}\n"
        );
        assert_eq!(used_tokens(tokens, "p{q:r}"), "");
    }
}
