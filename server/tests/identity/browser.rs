//! A browser: keeps cookies, posts forms, follows nothing by itself.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};
use tower::ServiceExt;

/// Forms that were shown so far.
static FORMS: AtomicU64 = AtomicU64::new(1);

/// A browser without scripts.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    host: &'static str,
    agent: &'static str,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Where to, of a 303.
    pub(crate) location: Option<String>,
    /// The page's model.
    pub(crate) page: serde_json::Value,
}

impl Answer {
    /// The path that a 303 leads to.
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{self:?}");
        self.location.as_deref().expect("a location")
    }

    /// A text of the page's model.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.page[field]
            .as_str()
            .unwrap_or_else(|| panic!("no {field} in {self:?}"))
    }
}

impl Browser {
    pub(crate) fn new(router: Router, host: &'static str, agent: &'static str) -> Self {
        Self {
            router,
            host,
            agent,
            cookies: BTreeMap::new(),
        }
    }

    /// The same browser asks another city.
    pub(crate) fn at(&self, host: &'static str) -> Self {
        Self { host, ..self.clone() }
    }

    pub(crate) async fn opens(&mut self, path: &str) -> Answer {
        self.sends("GET", path, String::new()).await
    }

    /// Posts a form, with a command as every page carries one.
    pub(crate) async fn posts(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let command = uuid::Uuid::from_u128(FORMS.fetch_add(1, Ordering::Relaxed).into()).to_string();
        let own = [("command", command.as_str())];
        let carried = if fields.iter().any(|(name, _)| *name == "command") {
            &[][..]
        } else {
            &own
        };
        let body = fields
            .iter()
            .chain(carried)
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect::<Vec<_>>()
            .join("&");
        self.sends("POST", path, body).await
    }

    async fn sends(&mut self, method: &str, path: &str, body: String) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.host)
            .header(header::USER_AGENT, self.agent)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        self.keeps(&response);
        let location = response
            .headers()
            .get(header::LOCATION)
            .map(|to| to.to_str().expect("ascii").to_owned());
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        let page = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status, location, page }
    }

    fn keeps(&mut self, response: &Response<Body>) {
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("ascii");
            let (name, value) = cookie
                .split(';')
                .next()
                .and_then(|pair| pair.split_once('='))
                .expect("a cookie");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
