//! Addresses of `/logs`: a figure that is pressed opens exactly the consultations that it counts.

use crate::page::report::LogFilter;

/// `/logs?…` for a filter; fields left empty are left out.
#[must_use]
pub fn cases_address(filter: &LogFilter) -> String {
    let page = if filter.page_number > 1 {
        filter.page_number.to_string()
    } else {
        String::new()
    };
    let fields = [
        ("from", &filter.from),
        ("until", &filter.until),
        ("clinician", &filter.clinician),
        ("mode", &filter.mode),
        ("service", &filter.service),
        ("outcome", &filter.outcome),
        ("acuity", &filter.acuity),
        ("flag", &filter.flag),
        ("answer", &filter.answer),
        ("counted", &filter.counted),
        ("cause", &filter.cause),
        ("missed", &filter.missed),
        ("reasoned", &filter.reasoned),
        ("institution", &filter.institution),
        ("waited_minutes", &filter.waited_minutes),
        ("page_number", &page),
    ];
    let query: Vec<String> = fields
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
        .collect();
    if query.is_empty() {
        "/logs".to_owned()
    } else {
        format!("/logs?{}", query.join("&"))
    }
}

/// RFC 3986: everything but unreserved characters as `%XX`.
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_chosen_stands_in_the_address() {
        let filter = LogFilter {
            from: "2026-04-01".into(),
            counted: "yes".into(),
            page_number: 1,
            ..LogFilter::default()
        };
        assert_eq!(cases_address(&filter), "/logs?from=2026-04-01&counted=yes");
        assert_eq!(cases_address(&LogFilter::default()), "/logs");
    }

    #[test]
    fn what_was_typed_cannot_add_a_field() {
        let filter = LogFilter {
            mode: "a&b=c 熱".into(),
            page_number: 3,
            ..LogFilter::default()
        };
        assert_eq!(cases_address(&filter), "/logs?mode=a%26b%3Dc%20%E7%86%B1&page_number=3");
    }
}
