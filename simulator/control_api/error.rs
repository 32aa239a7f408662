//! Refusals of the control API, always as JSON.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::vendors::members::Misread;

/// Why a call is refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "error": "`battery`: expected a whole number of 0 to 100, found 700" }))]
pub struct ErrorBody {
    /// What is wrong: the member, what was expected, what was found.
    error: String,
}

/// A refusal with its status.
#[derive(Debug)]
pub struct ControlError {
    status: StatusCode,
    message: String,
}

impl ControlError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// The call breaks what is described.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// Nothing of that name is there.
    pub fn not_found(what: &str, name: &str) -> Self {
        Self::missing(format!("there is no {what} `{name}`"))
    }

    /// Something that is named is not there.
    pub fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// What is there already, or how it stands, does not allow it.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// The caller is not heard.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// The body is longer than any that is understood.
    pub fn too_large(most: usize) -> Self {
        let message = format!("the body: expected {most} bytes at most, found more");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    /// So many at once are not served.
    pub fn too_many(message: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, message)
    }
}

impl From<Misread> for ControlError {
    fn from(misread: Misread) -> Self {
        Self::invalid(misread.to_string())
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (self.status, Json(ErrorBody { error: self.message })).into_response()
    }
}

pub async fn no_such_door(uri: axum::http::Uri) -> ControlError {
    ControlError::not_found("control door", uri.path())
}

pub async fn no_such_method(uri: axum::http::Uri) -> ControlError {
    let message = format!("`{}` has no such method; `Allow` names those that it has", uri.path());
    ControlError::new(StatusCode::METHOD_NOT_ALLOWED, message)
}
