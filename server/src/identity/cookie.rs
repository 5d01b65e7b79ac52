//! Cookies: one for a family's device, one for a signed-in member of staff, one for a guest of a call, one that remembers for a quarter of an hour
//! that a family was on its way to a consultation when it had to register first.
//!
//! With https the names carry `__Host-`, so that no other host and no other path can set them (RFC 6265bis §4.1.3.2).

use axum::http::{HeaderMap, HeaderValue, header};
use signaling::{limits, time::Millis};

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    Guardian,
    Staff,
    /// Somebody who was invited to a call.
    Guest,
    /// Register, then begin.
    Onward,
}

impl Cookie {
    fn name(self, public_https: bool) -> &'static str {
        match (self, public_https) {
            (Self::Guardian, true) => "__Host-soudan",
            (Self::Guardian, false) => "soudan",
            (Self::Staff, true) => "__Host-soudan-staff",
            (Self::Staff, false) => "soudan-staff",
            (Self::Guest, true) => "__Host-soudan-guest",
            (Self::Guest, false) => "soudan-guest",
            (Self::Onward, true) => "__Host-soudan-onward",
            (Self::Onward, false) => "soudan-onward",
        }
    }

    fn lives(self) -> Millis {
        match self {
            Self::Guardian => limits::GUARDIAN_COOKIE,
            Self::Staff => limits::STAFF_SESSION,
            Self::Guest => limits::GUEST_COOKIE,
            Self::Onward => Millis::minutes(15),
        }
    }

    /// The value that a request carries. A name sent twice counts as none: somebody tampered.
    pub(crate) fn of(self, headers: &HeaderMap, public_https: bool) -> Option<String> {
        let name = self.name(public_https);
        let mut values = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(found, _)| *found == name)
            .map(|(_, value)| value.trim().to_owned());
        let value = values.next()?;
        let fits = values.next().is_none() && !value.is_empty() && value.len() <= signaling::limits::COOKIE_BYTES;
        fits.then_some(value)
    }

    /// The header that sets it.
    pub(crate) fn set(self, value: &str, public_https: bool) -> Option<HeaderValue> {
        self.header(value, self.lives().0 / 1000, public_https)
    }

    /// The header that takes it away.
    pub(crate) fn clear(self, public_https: bool) -> Option<HeaderValue> {
        self.header("", 0, public_https)
    }

    fn header(self, value: &str, max_age_seconds: i64, public_https: bool) -> Option<HeaderValue> {
        let secure = if public_https { "; Secure" } else { "" };
        let name = self.name(public_https);
        let text = format!("{name}={value}; Path=/; Max-Age={max_age_seconds}; HttpOnly; SameSite=Lax{secure}");
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carrying(line: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_str(line).expect("a header"));
        headers
    }

    #[test]
    fn a_cookie_is_read_among_others_and_its_name_tells_http_from_https() {
        let headers = carrying("a=1; soudan=token; soudan-staff=other");
        assert_eq!(Cookie::Guardian.of(&headers, false).as_deref(), Some("token"));
        assert_eq!(Cookie::Staff.of(&headers, false).as_deref(), Some("other"));
        assert_eq!(
            Cookie::Guardian.of(&headers, true),
            None,
            "a cookie without __Host- is not believed under https"
        );
    }

    #[test]
    fn a_cookie_sent_twice_or_endlessly_long_is_none() {
        assert_eq!(Cookie::Guardian.of(&carrying("soudan=a; soudan=b"), false), None);
        assert_eq!(
            Cookie::Guardian.of(&carrying(&format!("soudan={}", "x".repeat(129))), false),
            None
        );
    }

    #[test]
    fn scripts_and_other_sites_do_not_get_it() {
        let header = Cookie::Staff.set("t", true).expect("a header");
        let text = header.to_str().expect("ascii");
        assert_eq!(
            text,
            "__Host-soudan-staff=t; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(header.is_sensitive());
    }
}
