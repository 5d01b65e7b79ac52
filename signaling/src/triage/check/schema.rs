//! Holds a file against `assets/rules/red-flags.schema.json`, which editors read too: one description, not two.
//!
//! Interprets what that file uses of JSON Schema (2020-12) and nothing else; a test refuses a keyword that would be passed
//! over. `pattern` is for editors: what it says is checked by `format` here, without a machine for regular expressions.

use super::{Found, short};
use crate::{time::parse_date, triage::rule::Age};
use serde_json::Value;

/// The schema.
pub(super) const SCHEMA: &str = include_str!("../../../../assets/rules/red-flags.schema.json");

/// Notes everything in which the file does not keep to the schema.
pub(super) fn hold(file: &Value, found: &mut Found<'_>) {
    match serde_json::from_str::<Value>(SCHEMA) {
        Ok(root) => Schema { root: &root }.hold(&root, file, "", found),
        Err(error) => found.note("", format!("the schema of this release cannot be read: {error}")),
    }
}

struct Schema<'a> {
    root: &'a Value,
}

impl<'a> Schema<'a> {
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let found = reference.and_then(|name| self.root.pointer(name.trim_start_matches('#')));
        found.unwrap_or(schema)
    }

    fn hold(&self, schema: &'a Value, value: &Value, at: &str, found: &mut Found<'_>) {
        let schema = self.resolved(schema);
        if let Some(branches) = schema.get("oneOf").and_then(Value::as_array) {
            return match branches.iter().find(|branch| self.could_be(branch, value)) {
                Some(branch) => self.hold(branch, value, at, found),
                None => found.note(at, self.none_of(branches)),
            };
        }
        if let Some(kinds) = schema.get("type")
            && !is_kind(kinds, value)
        {
            return found.note(at, format!("must be {}", kinds_in_words(kinds)));
        }
        if let Some(only) = schema.get("const")
            && only != value
        {
            found.note(at, format!("must be {only}"));
        }
        if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
            && !allowed.contains(value)
        {
            let allowed: Vec<String> = allowed.iter().map(Value::to_string).collect();
            found.note(at, format!("must be one of {}", allowed.join(", ")));
        }
        match value {
            Value::Object(fields) => self.hold_fields(schema, fields, at, found),
            Value::Array(items) => self.hold_items(schema, items, at, found),
            Value::String(text) => hold_text(schema, text, at, found),
            Value::Number(number) => hold_number(schema, number, at, found),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn hold_fields(&self, schema: &'a Value, fields: &serde_json::Map<String, Value>, at: &str, found: &mut Found<'_>) {
        let known = schema.get("properties").and_then(Value::as_object);
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            let name = name.as_str().unwrap_or_default();
            if !fields.contains_key(name) {
                found.note(at, format!("\"{name}\" is missing"));
            }
        }
        for (name, value) in fields {
            let inside = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            match known.and_then(|known| known.get(name)) {
                Some(schema) => self.hold(schema, value, &inside, found),
                None => {
                    let known: Vec<&str> = known.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
                    let name = short(name);
                    found.note(
                        &inside,
                        format!("unknown field \"{name}\"; there are {}", known.join(", ")),
                    );
                }
            }
        }
    }

    fn hold_items(&self, schema: &'a Value, items: &[Value], at: &str, found: &mut Found<'_>) {
        let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
        let count = items.len() as u64;
        if bound("minItems").is_some_and(|least| count < least) {
            found.note(at, "must not be empty".to_owned());
        }
        if let Some(most) = bound("maxItems").filter(|most| count > *most) {
            return found.note(at, format!("has {count} entries, at most {most} are allowed"));
        }
        if let Some(each) = schema.get("items") {
            for (number, item) in items.iter().enumerate() {
                self.hold(each, item, &format!("{at}/{number}"), found);
            }
        }
    }

    /// Whether a branch is the one that is meant: its constants are met, its kind fits.
    fn could_be(&self, branch: &'a Value, value: &Value) -> bool {
        let branch = self.resolved(branch);
        let same = |schema: &Value, value: Option<&Value>| schema.get("const").is_none_or(|only| Some(only) == value);
        let fields = branch.get("properties").and_then(Value::as_object);
        same(branch, Some(value))
            && branch.get("type").is_none_or(|kinds| is_kind(kinds, value))
            && fields
                .into_iter()
                .flatten()
                .all(|(name, schema)| same(schema, value.get(name)))
    }

    fn none_of(&self, branches: &'a [Value]) -> String {
        let forms = branches.iter().map(|branch| {
            let branch = self.resolved(branch);
            let fields = branch
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten();
            let constant = fields
                .filter_map(|(name, schema)| Some(format!("\"{name}\": {}", schema.get("const")?)))
                .next();
            constant
                .or_else(|| Some(branch.get("const")?.to_string()))
                .unwrap_or_else(|| kinds_in_words(branch.get("type").unwrap_or(&Value::Null)))
        });
        format!("must be one of: {}", forms.collect::<Vec<_>>().join("; "))
    }
}

fn kinds(of: &Value) -> Vec<&str> {
    match of {
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

fn is_kind(allowed: &Value, value: &Value) -> bool {
    kinds(allowed).into_iter().any(|kind| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_u64() || value.is_i64(),
        _ => false,
    })
}

fn kinds_in_words(of: &Value) -> String {
    let words = kinds(of).into_iter().map(|kind| match kind {
        "object" => "an object",
        "array" => "a list",
        "string" => "a text",
        "boolean" => "true or false",
        "integer" => "a whole number",
        other => other,
    });
    words.collect::<Vec<_>>().join(" or ")
}

fn hold_text(schema: &Value, text: &str, at: &str, found: &mut Found<'_>) {
    let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
    let length = text.chars().count() as u64;
    if bound("minLength").is_some_and(|least| length < least) || (text.trim().is_empty() && length > 0) {
        found.note(at, "must not be empty".to_owned());
    }
    if let Some(most) = bound("maxLength").filter(|most| length > *most) {
        return found.note(at, format!("has {length} characters, at most {most} are allowed"));
    }
    if text.chars().any(char::is_control) {
        found.note(at, "holds a control character".to_owned());
    }
    let fault = match schema.get("format").and_then(Value::as_str) {
        Some("date") => (!is_date(text)).then(|| "must be a day that there is, like 2026-11-01".to_owned()),
        Some("age") => Age::parse(text).err().map(|error| error.to_string()),
        Some("uri") => (!is_address(text)).then(|| "must be an address that begins with https://".to_owned()),
        Some("id") => (!is_id(text)).then(|| "an id is letters without accents, digits and _".to_owned()),
        Some("phone") => (!is_phone(text)).then(|| "must be a telephone number in digits and hyphens".to_owned()),
        _ => None,
    };
    if let Some(fault) = fault {
        found.note(at, fault);
    }
}

fn hold_number(schema: &Value, number: &serde_json::Number, at: &str, found: &mut Found<'_>) {
    let bound = |name: &str| schema.get(name).and_then(Value::as_i64);
    let value = number.as_i64().unwrap_or(i64::MAX);
    let (least, most) = (bound("minimum"), bound("maximum"));
    if least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most) {
        let (least, most) = (least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX));
        found.note(at, format!("must be from {least} to {most}"));
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && parse_date(text).is_some()
}

fn is_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").unwrap_or_default();
    !host.is_empty() && !host.starts_with('/') && !text.chars().any(char::is_whitespace)
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_phone(text: &str) -> bool {
    let rest = text.strip_prefix('#').unwrap_or(text);
    rest.starts_with(|first: char| first.is_ascii_digit())
        && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}
