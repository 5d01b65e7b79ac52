//! Fields of a posted form, in order and with repetitions, as browsers send them.

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, Request},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use signaling::{id::CommandId, limits};

/// The fields of `application/x-www-form-urlencoded`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

signaling::redacted_debug!(Fields {});

impl Fields {
    /// Reads an encoded form or query.
    #[must_use]
    pub fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// Fields that were read in another way.
    #[must_use]
    pub fn of(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The first value of a field; empty when it is not there.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value)
    }

    /// All values of a repeated field.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// A birth date as one field `born`, or as `born_year`, `born_month` and, where it is known, `born_day`.
    #[must_use]
    pub fn born(&self) -> String {
        let part = |name: &str| self.one(name).trim().parse::<u32>().ok();
        match (part("born_year"), part("born_month"), part("born_day")) {
            (Some(year), Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
            (Some(year), Some(month), None) => format!("{year:04}-{month:02}"),
            // Not a date yet; kept all the same, so that the form comes back with what was chosen.
            (None, None, None) => self.one("born").to_owned(),
            (year, month, day) => [year, month, day]
                .map(|part| part.map_or(String::new(), |part| format!("{part:02}")))
                .join("-"),
        }
    }

    /// Whether a checkbox was ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// The id in the hidden field `command`, which makes a form that is sent twice take effect once.
    #[must_use]
    pub fn command(&self) -> Option<CommandId> {
        self.one("command").parse().ok()
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Response> {
        match to_bytes(request.into_body(), limits::FORM_BYTES).await {
            Ok(bytes) => Ok(Self::parse(&bytes)),
            Err(_) => Err((StatusCode::PAYLOAD_TOO_LARGE, "送られた内容が大きすぎます。").into_response()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_field_keeps_all_its_values_in_order() {
        let fields = Fields::parse("complaints=fever&complaints=rash&worry=%E7%86%B1+%E3%81%8C".as_bytes());
        assert_eq!(fields.all("complaints"), ["fever", "rash"]);
        assert_eq!(fields.one("worry"), "熱 が");
        assert!(!fields.ticked("quiet"));
        assert_eq!(fields.command(), None);
    }

    #[test]
    fn a_birth_date_may_come_whole_or_in_parts() {
        let born = |form: &str| Fields::parse(form.as_bytes()).born();
        assert_eq!(born("born=2024-08-15"), "2024-08-15");
        assert_eq!(born("born_year=2024&born_month=8&born_day=5"), "2024-08-05");
        assert_eq!(born("born_year=2024&born_month=8&born_day="), "2024-08");
        assert_eq!(born("born_year=&born_month=&born_day="), "");
    }

    #[test]
    fn what_was_chosen_of_a_birth_date_comes_back_although_a_part_was_forgotten() {
        let born = |form: &str| Fields::parse(form.as_bytes()).born();
        assert_eq!(born("born_year=2024&born_month=&born_day=5"), "2024--05");
        assert_eq!(born("born_year=&born_month=8&born_day="), "-08-");
        assert_eq!(born("born_year=2024"), "2024--");
    }
}
