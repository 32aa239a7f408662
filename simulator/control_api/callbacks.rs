//! What the vendor tells by itself: where to, and what was sent.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::Governed;
use super::error::{ControlError, ErrorBody};
use super::extract::{Asked, Content, Names};
use super::model::Part;
use super::worlds::find;
use crate::simulator::server::Sandbox;
use crate::simulator::world::may_listen;
use crate::simulator::{Control, SentCallback};

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

/// Who is told from now on.
#[derive(Debug, ToSchema)]
#[schema(example = json!({ "listener": "http://127.0.0.1:9000/hook" }))]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct NewListener {
    /// An http address of this machine: a simulation calls nobody else.
    #[schema(format = "loopback-address", pattern = "^http://.+$")]
    listener: String,
}

/// Who is told, and how it can know who tells.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListenerBody {
    /// The address.
    listener: String,
    /// The secret that signs, where the profile signs with `callback.secret`.
    secret: String,
}

/// Lets the vendor tell an address what happens, as a person would enter it in
/// the vendor's own console.
#[utoipa::path(put, path = "/_lockstep/worlds/{world}/callbacks", tag = "callbacks", request_body = NewListener,
    params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 200, description = "Callbacks go there from now on.", body = ListenerBody),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 409, description = "The vendor tells nothing by itself.", body = ErrorBody),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The address is not understood, or is not on this machine.", body = ErrorBody),
))]
pub async fn listen(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
    content: Content,
) -> Result<Json<ListenerBody>, ControlError> {
    const EXPECTED: &str = "an http address of this machine, such as `http://127.0.0.1:9000/hook`";

    let mut members = content.members()?;
    let here = |text: &str| may_listen(text).then(|| text.to_owned());
    let listener = members.word("listener", EXPECTED, here)?;
    let listener = members.required("listener", listener, EXPECTED)?;
    members.done()?;
    let sandbox = find(&governed, &world)?;
    let secret =
        Control::new(sandbox.clone()).send_callbacks_to(&listener).map_err(ControlError::conflict)?;
    sandbox.touch();
    Ok(Json(ListenerBody { listener, secret: secret.expose().to_owned() }))
}

/// Lets the vendor tell nobody.
#[utoipa::path(delete, path = "/_lockstep/worlds/{world}/callbacks", tag = "callbacks",
    params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 204, description = "Nobody is told, nor of what was still to be told."),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn stop(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
) -> Result<StatusCode, ControlError> {
    Control::new(find(&governed, &world)?).stop_callbacks();
    Ok(StatusCode::NO_CONTENT)
}

/// Shows what the vendor told by itself.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/callbacks", tag = "callbacks",
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
