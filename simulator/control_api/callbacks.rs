//! What the vendor tells by itself: where to, and what was sent.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Governed;
use super::error::{ControlError, ErrorBody};
use super::extract::{Asked, Names};
use super::model::Part;
use super::worlds::find;
use crate::simulator::SentCallback;
use crate::simulator::server::Sandbox;

/// The callbacks of a world.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct CallbacksBody {
    /// Whether the vendor tells anything by itself.
    supported: bool,
    /// Where it tells it; nothing before anybody has said so.
    listener: Option<String>,
    /// How many were sent since the world was made.
    count: usize,
    /// What was sent, oldest first.
    sent: Vec<CallbackBody>,
}

/// A callback that was sent.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct CallbackBody {
    /// The event's name in the profile.
    event: String,
    /// The name of what it tells, the same at every attempt and duplicate.
    id: String,
    /// The lock that it is about, if it is about one.
    lock: Option<String>,
    /// When what it tells happened (RFC 3339).
    #[schema(format = DateTime)]
    happened: String,
    /// When it was sent (RFC 3339).
    #[schema(format = DateTime)]
    at: String,
    /// Which attempt it was, from 1.
    attempt: u32,
    /// Whether the listener answered as the vendor documents.
    taken: bool,
    /// What came back, for people.
    outcome: String,
}

impl From<&SentCallback> for CallbackBody {
    fn from(sent: &SentCallback) -> Self {
        Self {
            event: sent.event.clone(),
            id: sent.id.clone(),
            lock: sent.lock.as_ref().map(ToString::to_string),
            happened: sent.happened.to_string(),
            at: sent.sent.to_string(),
            attempt: sent.attempt,
            taken: sent.taken,
            outcome: sent.outcome.clone(),
        }
    }
}

impl CallbacksBody {
    /// The callbacks of a world: `most` of them, after the first `skip`.
    fn of(sandbox: &Sandbox, skip: usize, most: usize) -> Self {
        let state = sandbox.state();
        let sent = &state.outbox.sent;
        Self {
            supported: sandbox.dialect().callbacks.is_some(),
            listener: state.world.listener().map(|listener| listener.url.clone()),
            count: sent.len(),
            sent: sent.iter().skip(skip).take(most).map(CallbackBody::from).collect(),
        }
    }

    /// The latest callbacks of a world.
    pub fn latest(sandbox: &Sandbox, most: usize) -> Self {
        let count = sandbox.state().outbox.sent.len();
        Self::of(sandbox, count.saturating_sub(most), most)
    }
}

/// Shows what the vendor told by itself.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/callbacks", tag = "journal",
    params(("world" = String, Path, description = "The world's name."), Part), responses(
    (status = 200, description = "Where callbacks go, and those that were sent; `since` skips.", body = CallbacksBody),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 422, description = "The query is not understood.", body = ErrorBody),
))]
pub async fn list(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
    Asked(mut asked): Asked,
) -> Result<Json<CallbacksBody>, ControlError> {
    let part = Part::take(&mut asked)?;
    asked.done()?;
    let sandbox = find(&governed, &world)?;
    Ok(Json(CallbacksBody::of(&sandbox, part.skip(), part.most())))
}
