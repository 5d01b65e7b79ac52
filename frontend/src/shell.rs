//! The document around a page: head, styles, scripts, and the page's model for the browser.

use crate::page::{desk::DeskPage, guardian::GuardianPage, report::ReportPage, staff::StaffPage};

/// Hashed addresses of what a page loads, from `dist/manifest.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// `/assets/guardian-….css`.
    pub guardian_css: String,
    /// `/assets/desk-….css`.
    pub desk_css: String,
    /// `/assets/guardian-….js`.
    pub guardian_js: String,
    /// `/assets/guardian-….wasm`.
    pub guardian_wasm: String,
    /// `/assets/desk-….js`.
    pub desk_js: String,
    /// `/assets/desk-….wasm`.
    pub desk_wasm: String,
    /// `/assets/….svg`.
    pub icon: String,
}

/// A page of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Page {
    /// For families.
    Guardian(GuardianPage),
    /// The desk.
    Desk(DeskPage),
    /// Signing in.
    Staff(StaffPage),
    /// Reports.
    Report(ReportPage),
}
