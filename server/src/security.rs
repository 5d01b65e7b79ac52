//! What holds for every request and every answer: cross-site requests are refused in one place, and headers tell the
//! browser what a page may do.
//!
//! A post or a socket upgrade must come from a page of this very host: `Sec-Fetch-Site: same-origin`, or an `Origin` (for
//! old browsers a `Referer`) whose host is the `Host`. A request that shows none of them is refused too.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Refuses posts and upgrades that another site caused.
pub async fn same_site_only(request: Request, next: Next) -> Response {
    let changes_something = !matches!(*request.method(), Method::GET | Method::HEAD);
    let upgrades = request.headers().contains_key(header::UPGRADE);
    if (changes_something || upgrades) && !is_same_site(request.headers()) {
        tracing::warn!(method = %request.method(), "a cross-site request was refused");
        let text = "このページからもう一度操作してください。（cross_site）";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    next.run(request).await
}

fn is_same_site(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text(header::HOST) else { return false };
    let host_of = |url: &str| {
        url.split_once("://")
            .map(|(_, rest)| rest.split('/').next().unwrap_or(rest).to_owned())
    };
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site"))
        && site != "same-origin"
    {
        return false;
    }
    match (text(header::ORIGIN), text(header::REFERER)) {
        (Some(origin), _) => host_of(origin).as_deref() == Some(host),
        (None, Some(referer)) => host_of(referer).as_deref() == Some(host),
        (None, None) => false,
    }
}

/// Headers of every answer that does not set its own.
pub async fn headers(State(https): State<bool>, request: Request<Body>, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    );
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(self), screen-wake-lock=(self), geolocation=(), payment=(), usb=()",
    );
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// The content security policy of a page whose scripts carry `nonce`. No `strict-dynamic` (it breaks WebAssembly on iOS).
#[must_use]
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         media-src 'self' blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; manifest-src 'self'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        is_same_site(&map)
    }

    #[test]
    fn only_a_page_of_the_same_host_may_post() {
        let host = ("host", "hino.example.jp");
        assert!(with(&[host, ("origin", "https://hino.example.jp")]));
        assert!(with(&[host, ("referer", "https://hino.example.jp/register")]));
        assert!(!with(&[host, ("origin", "https://evil.example")]));
        assert!(!with(&[host, ("origin", "https://hino.example.jp.evil.example")]));
        assert!(!with(&[host, ("origin", "null")]));
        assert!(!with(&[host]), "nothing shown is nothing known");
    }

    #[test]
    fn what_the_browser_says_about_the_site_counts_even_when_the_origin_fits() {
        let host = ("host", "hino.example.jp");
        let origin = ("origin", "https://hino.example.jp");
        assert!(!with(&[host, origin, ("sec-fetch-site", "cross-site")]));
        assert!(!with(&[host, origin, ("sec-fetch-site", "same-site")]));
    }
}
