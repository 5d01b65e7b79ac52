//! A derived `Debug` prints every field. Beside a field whose name says that it holds what somebody wrote, or a secret, it is
//! refused: `signaling::redacted_debug!` says what may be shown instead.
//!
//! It goes by names, so it catches who forgets, not who hides: a field named `x` passes. The tests of `signaling` look at
//! what is really printed for every frame and event.

/// Words of a field's name that say so, where its type is text or bytes.
const TELLING: [&str; 33] = [
    "advice",
    "answer",
    "born",
    "candidate",
    "complaint",
    "complaints",
    "credential",
    "disposition",
    "draft",
    "due",
    "facts",
    "internal",
    "link",
    "links",
    "message",
    "note",
    "passphrase",
    "password",
    "profile",
    "reason",
    "recovery",
    "remark",
    "safety",
    "sdp",
    "sealed",
    "secret",
    "signs",
    "text",
    "ticket",
    "token",
    "totp",
    "words",
    "worry",
];

/// Types that may hold anything. Types of our own say for themselves what they print.
const ANYTHING: [&str; 4] = ["String", "str", "Value", "Vec<u8>"];

/// One line per field that a derived `Debug` of `text` would print and should not.
pub(super) fn breaches(file: &str, text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let mut derived = false;
    for (index, line) in text.lines().enumerate() {
        match line {
            _ if line.trim() == "#[cfg(test)]" => break,
            _ if line.starts_with("#[derive(") => derived = derives_debug(line),
            _ if line.starts_with('}') || (line.ends_with(';') && !line.starts_with(' ')) => derived = false,
            _ if derived && is_telling(line) => broken.push(format!(
                "{file}:{}: a derived Debug prints this field; use signaling::redacted_debug!",
                index + 1
            )),
            _ => {}
        }
    }
    broken
}

fn derives_debug(line: &str) -> bool {
    line.split(['(', ')', ',']).any(|word| word.trim() == "Debug")
}

fn is_telling(line: &str) -> bool {
    let Some((name, kind)) = line.trim().trim_start_matches("pub ").split_once(": ") else {
        return false;
    };
    let is_field = !name.starts_with('/')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c == '_' || c == '(' || c == ')' || c == ' ');
    let name = name.rsplit(' ').next().unwrap_or(name);
    is_field
        && name.split('_').any(|word| TELLING.contains(&word))
        && kind
            .split(|c: char| !(c.is_alphanumeric() || "<>".contains(c)))
            .any(|part| ANYTHING.iter().any(|any| part.contains(any)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_derives_debug_is_found_and_one_that_does_not_is_not() {
        let derived = "#[derive(Clone, Debug)]\npub struct Note {\n    /// text: said\n    pub advice: String,\n    pub seq: u64,\n}\n";
        assert_eq!(breaches("note.rs", derived).len(), 1);
        assert!(breaches("note.rs", &derived.replace(", Debug", "")).is_empty());
        assert!(
            breaches("note.rs", &derived.replace("String", "Words")).is_empty(),
            "a type of our own answers for itself"
        );
        let command = "#[derive(Debug)]\nenum Command {\n    Say {\n        text: Option<String>,\n    },\n}\nfn say(text: String) {}\n";
        assert_eq!(breaches("command.rs", command).len(), 1);
    }
}
