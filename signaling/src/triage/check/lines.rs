//! On which line of a JSON text each value begins, by JSON pointer (RFC 6901), and which keys stand twice in their object.
//!
//! Takes text that serde_json has read already, so it looks for no fault of the syntax. serde_json keeps no positions, and of
//! two equal keys it silently takes the last.

use std::collections::{BTreeMap, BTreeSet};

/// Where everything stands.
pub(super) struct Lines {
    by_pointer: BTreeMap<String, usize>,
    twice: BTreeSet<String>,
}

enum Open {
    Object { pointer: String, key: Option<String> },
    Array { pointer: String, next: usize },
}

impl Lines {
    /// Looks through a text that is JSON.
    pub(super) fn of(json: &str) -> Self {
        let mut found = Self {
            by_pointer: BTreeMap::new(),
            twice: BTreeSet::new(),
        };
        let (mut line, mut open) = (1, Vec::new());
        let mut rest = json;
        while let Some(byte) = rest.bytes().next() {
            let mut taken = 1;
            match byte {
                b'\n' => line += 1,
                b'{' => {
                    let pointer = found.value(&mut open, line);
                    open.push(Open::Object { pointer, key: None });
                }
                b'[' => {
                    let pointer = found.value(&mut open, line);
                    open.push(Open::Array { pointer, next: 0 });
                }
                b'}' | b']' => drop(open.pop()),
                b'"' => {
                    taken = string_length(rest);
                    let text = rest.get(..taken).unwrap_or_default();
                    match open.last_mut() {
                        Some(Open::Object { key: key @ None, .. }) => *key = Some(unquoted(text)),
                        _ => drop(found.value(&mut open, line)),
                    }
                }
                b',' | b':' | b' ' | b'\t' | b'\r' => {}
                _ => {
                    taken = rest.find([',', '}', ']', ' ', '\t', '\r', '\n']).unwrap_or(rest.len());
                    found.value(&mut open, line);
                }
            }
            rest = rest.get(taken..).unwrap_or_default();
        }
        found
    }

    /// A value begins here; gives its pointer.
    fn value(&mut self, open: &mut [Open], line: usize) -> String {
        let pointer = match open.last_mut() {
            None => String::new(),
            Some(Open::Object { pointer, key }) => {
                let key = key.take().unwrap_or_default();
                format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
            }
            Some(Open::Array { pointer, next }) => {
                *next += 1;
                format!("{pointer}/{}", *next - 1)
            }
        };
        if self.by_pointer.insert(pointer.clone(), line).is_some() {
            self.twice.insert(pointer.clone());
        }
        pointer
    }

    /// The line of a value, or of what it would stand in.
    pub(super) fn line(&self, pointer: &str) -> usize {
        let mut pointer = pointer;
        loop {
            if let Some(line) = self.by_pointer.get(pointer) {
                return *line;
            }
            match pointer.rsplit_once('/') {
                Some((parent, _)) => pointer = parent,
                None => return 1,
            }
        }
    }

    /// Pointers of keys that stand twice in their object.
    pub(super) fn twice(&self) -> impl Iterator<Item = &str> {
        self.twice.iter().map(String::as_str)
    }
}

/// The length in bytes of the string that `text` begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn unquoted(text: &str) -> String {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_line_and_what_is_missing_has_that_of_its_parent() {
        let json = "{\n \"a\": 1, \"b\\\"/\": [\n  true,\n  {\"c\": \"}\\\\\"}\n ],\n \"d\": null}";
        let lines = Lines::of(json);
        for (pointer, line) in [
            ("", 1),
            ("/a", 2),
            ("/b\"~1", 2),
            ("/b\"~1/0", 3),
            ("/b\"~1/1", 4),
            ("/b\"~1/1/c", 4),
            ("/b\"~1/1/nothing/deep", 4),
            ("/d", 6),
            ("/e", 1),
        ] {
            assert_eq!(lines.line(pointer), line, "{pointer}");
        }
        assert_eq!(lines.twice().count(), 0);
    }

    #[test]
    fn a_key_that_stands_twice_is_found_on_its_second_line() {
        let lines = Lines::of("{\"a\": [{\"b\": 1,\n\"c\": 2,\n\"b\": 3}]}");
        assert_eq!(lines.twice().collect::<Vec<_>>(), ["/a/0/b"]);
        assert_eq!(lines.line("/a/0/b"), 3);
    }
}
