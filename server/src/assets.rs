//! Files that the build made, by hashed name: sent compressed where the browser can read that, and kept for a year.

use crate::app::App;
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// `GET /assets/{name}`.
pub async fn file(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let plain = !name.is_empty()
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let Some(kind) = content_type(&name).filter(|_| plain) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz"), ("", "")] {
        if !encoding.is_empty() && !accepts(accepted, encoding) {
            continue;
        }
        let Ok(bytes) = tokio::fs::read(app.config.web_dir.join(format!("{name}{ending}"))).await else {
            continue;
        };
        let mut response = Response::new(Body::from(bytes));
        let out = response.headers_mut();
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        out.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        );
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if !encoding.is_empty() {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        return response;
    }
    StatusCode::NOT_FOUND.into_response()
}

fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted
        .split(',')
        .any(|one| one.split(';').next().is_some_and(|name| name.trim() == encoding))
}

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}
