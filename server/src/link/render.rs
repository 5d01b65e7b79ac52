//! How a page's model becomes a response. Handlers know models only; this trait keeps Leptos, styles and scripts out of
//! them.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Json, Response},
};
use frontend::page::{City, guardian::GuardianView, staff::StaffView};

/// Makes pages.
pub trait Render: Send + Sync {
    /// A page for a family.
    fn guardian(&self, status: StatusCode, view: GuardianView, city: &City) -> Response;
    /// A page around signing in.
    fn staff(&self, status: StatusCode, view: StaffView, city: &City) -> Response;
}

/// The model itself as JSON, for tests of handlers.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsJson;

impl Render for AsJson {
    fn guardian(&self, status: StatusCode, view: GuardianView, _city: &City) -> Response {
        (status, Json(view)).into_response()
    }

    fn staff(&self, status: StatusCode, view: StaffView, _city: &City) -> Response {
        (status, Json(view)).into_response()
    }
}
