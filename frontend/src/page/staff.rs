//! Models of the pages around signing in.

use super::{City, Notice};
use serde::{Deserialize, Serialize};
use signaling::id::CommandId;

/// A page for staff before they are signed in, or when something cannot be shown. Not brought to life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffPage {
    /// Whose page.
    pub city: City,
    /// Which page.
    pub view: StaffView,
}

/// The pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "page", rename_all = "snake_case")]
pub enum StaffView {
    /// `/staff/sign-in`: posts `login`, `password`, `code`.
    SignIn(SignIn),
    /// `/staff/enrol/{token}`: posts `password`, `password_again`, `code`.
    Enrol(Enrol),
    /// Anything that cannot be shown.
    Notice(Notice),
}

/// Signing in.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// As typed.
    pub login: String,
    /// What went wrong.
    pub fault: Option<String>,
    /// A sentence that is no fault (signed out, enrolled).
    pub hint: Option<String>,
    /// The same for every post of this page.
    pub command: Option<CommandId>,
}

signaling::redacted_debug!(SignIn { fault, hint });

/// Enrolment: choosing the password and adding the second factor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrol {
    /// Where the form posts to.
    pub action: String,
    /// 「佐藤 医師」.
    pub name: String,
    /// QR code of the `otpauth:` address, as SVG.
    pub qr_svg: String,
    /// The secret in Base32, for typing it in.
    pub secret: String,
    /// What went wrong.
    pub fault: Option<String>,
    /// The same for every post of this page.
    pub command: Option<CommandId>,
}

signaling::redacted_debug!(Enrol { name, fault });
