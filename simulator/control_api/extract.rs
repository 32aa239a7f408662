//! Taking a request apart. What cannot be read is refused as JSON, like
//! everything else that is refused.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::error::ControlError;
use crate::vendors::members::Members;

/// Largest body that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// The names in a path. One that is no text names nothing.
pub struct Names<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Names<T> {
    type Rejection = ControlError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ControlError> {
        let path = parts.uri.path().to_owned();
        match Path::from_request_parts(parts, state).await {
            Ok(Path(names)) => Ok(Self(names)),
            Err(_) => Err(ControlError::not_found("control door", &path)),
        }
    }
}

/// The parameters of the query.
pub struct Asked(pub Members);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = ControlError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ControlError> {
        Ok(Self(Members::of_query(parts.uri.query().unwrap_or_default())?))
    }
}

/// The body.
pub struct Content(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Content {
    type Rejection = ControlError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ControlError> {
        let body = axum::body::to_bytes(request.into_body(), LARGEST).await;
        body.map(Self).map_err(|_| ControlError::too_large(LARGEST))
    }
}

impl Content {
    /// The members of its JSON.
    pub fn members(&self) -> Result<Members, ControlError> {
        Ok(Members::of_body(&self.0)?)
    }
}
