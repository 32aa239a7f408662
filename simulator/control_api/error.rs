//! Refusals of the control API, always as JSON.

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

/// Why a call is refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What is wrong, and what to do.
    error: String,
}

/// A refusal with its status.
#[derive(Debug)]
pub struct ControlError {
    status: StatusCode,
    message: String,
}

impl ControlError {
    /// The call makes no sense.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, message: message.into() }
    }

    /// Nothing of that name is there.
    pub fn not_found(what: &str, name: &str) -> Self {
        Self { status: StatusCode::NOT_FOUND, message: format!("there is no {what} `{name}`") }
    }

    /// It is there already.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self { status: StatusCode::CONFLICT, message: message.into() }
    }

    /// The caller is not heard.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self { status: StatusCode::FORBIDDEN, message: message.into() }
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (self.status, Json(ErrorBody { error: self.message })).into_response()
    }
}

/// Reads a JSON body, whatever its media type says.
pub fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, ControlError> {
    serde_json::from_slice(body)
        .map_err(|error| ControlError::invalid(format!("the body is not understood: {error}")))
}

pub async fn no_such_door(uri: axum::http::Uri) -> ControlError {
    ControlError::not_found("control door", uri.path())
}

pub async fn no_such_method() -> ControlError {
    ControlError {
        status: StatusCode::METHOD_NOT_ALLOWED,
        message: "this door has no such method".to_owned(),
    }
}
