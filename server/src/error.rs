//! How a handler fails: a page in words for people, a stable code for programs, the cause once in the log.

use crate::{app::App, identity::IdentityError, render::Unavailable, spine::CommandError, storage::StorageError};
use axum::response::Response;
use frontend::page::City;

/// Why a page could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Not there, or not for this reader; the two are not told apart.
    #[error("not found")]
    NotFound,
    /// The request cannot be read.
    #[error("bad request")]
    BadRequest,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Identity failed.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

impl From<CommandError> for Failure {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Storage(error) => Self::Storage(error),
            // Handlers that show refusals do so before; anywhere else a refusal means that there is nothing to see.
            CommandError::Refused(_) => Self::NotFound,
        }
    }
}

impl Failure {
    /// The page that says so.
    #[must_use]
    pub fn page(&self, app: &App, city: &City) -> Response {
        let what = match self {
            Self::NotFound => Unavailable::NotFound,
            Self::BadRequest => Unavailable::BadRequest,
            Self::Storage(_) | Self::Identity(_) => {
                tracing::error!(error = %self, "a page could not be made");
                Unavailable::TryAgain
            }
        };
        app.pages.notice(city, what)
    }
}
