//! Faults.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Governed;
use super::error::{ControlError, ErrorBody, read};
use super::worlds::find;
use crate::simulator::{Effect, Fault, FaultId, Place, Schedule};
use crate::vendors::dialect::{Dialect, Operation};
use crate::vendors::profile::nearest;
use crate::vendors::vocabulary::{FailureKind, LockId, Meaning};

/// A fault as it is installed. Places that are not given fit everything.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultBody {
    /// The operation's name in the profile.
    operation: Option<String>,
    /// The operation's meaning, such as `set_pin`.
    meaning: Option<String>,
    /// The lock's id.
    lock: Option<String>,
    /// Fitting calls that are let through first.
    #[serde(default)]
    skip: u32,
    /// Calls that it strikes; all where not given.
    times: Option<u32>,
    /// Seconds for which it lasts.
    lasts: Option<u32>,
    /// Chance for each call, 0 to 1.
    probability: Option<f64>,
    /// What goes wrong.
    effect: EffectBody,
}

/// What goes wrong.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum EffectBody {
    /// The documented error of that kind.
    Refuse {
        /// Such as `offline`.
        failure: String,
    },
    /// A bare status.
    Status {
        /// 200 to 599.
        status: u16,
    },
    /// The right answer, later.
    Delay {
        /// Seconds.
        seconds: u32,
    },
    /// No answer.
    Withhold {
        /// Whether the request is carried out first.
        carried_out: bool,
    },
    /// A reset connection.
    Reset {
        /// Whether the request is carried out first.
        carried_out: bool,
    },
    /// The documented upstream timeout.
    UpstreamTimeout {
        /// Whether the request is carried out first.
        carried_out: bool,
    },
    /// Bytes that mean nothing.
    Garbage,
    /// An HTML page.
    Html,
    /// An answer that breaks off.
    HalfBody,
    /// Numbers as text and text as numbers.
    WrongType,
    /// The documented rate-limit answer.
    RateLimit {
        /// Seconds to wait.
        seconds: u32,
    },
    /// An answer from before the last change.
    StaleRead,
    /// The right answer; nothing is carried out.
    AcceptOnly,
    /// Carried out twice.
    Twice,
    /// A redirect.
    Redirect {
        /// The address.
        to: String,
    },
}

impl EffectBody {
    fn effect(self) -> Result<Effect, ControlError> {
        Ok(match self {
            Self::Refuse { failure } => Effect::Refuse(
                FailureKind::parse(&failure)
                    .ok_or_else(|| ControlError::invalid(format!("`{failure}` is no kind of failure")))?,
            ),
            Self::Status { status } if !(200..600).contains(&status) => {
                return Err(ControlError::invalid("a status is 200 to 599"));
            }
            Self::Status { status } => Effect::Status(status),
            Self::Delay { seconds } => Effect::Delay(Duration::from_secs(seconds.into())),
            Self::Withhold { carried_out } => Effect::Withhold { carried_out },
            Self::Reset { carried_out } => Effect::Reset { carried_out },
            Self::UpstreamTimeout { carried_out } => Effect::UpstreamTimeout { carried_out },
            Self::Garbage => Effect::Garbage,
            Self::Html => Effect::Html,
            Self::HalfBody => Effect::HalfBody,
            Self::WrongType => Effect::WrongType,
            Self::RateLimit { seconds } => Effect::RateLimit(Duration::from_secs(seconds.into())),
            Self::StaleRead => Effect::StaleRead,
            Self::AcceptOnly => Effect::AcceptOnly,
            Self::Twice => Effect::Twice,
            Self::Redirect { to } => Effect::Redirect(to),
        })
    }
}

impl FaultBody {
    fn fault(self) -> Result<Fault, ControlError> {
        let unknown = |name: &str| ControlError::invalid(format!("`{name}` is no meaning"));
        let meaning =
            self.meaning.map(|name| Meaning::parse(&name).ok_or_else(|| unknown(&name))).transpose()?;
        let probability = self.probability.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&probability) {
            return Err(ControlError::invalid("a probability is 0 to 1"));
        }
        let lasts = self.lasts.map(|seconds| Duration::from_secs(seconds.into()));
        Ok(Fault {
            place: Place { operation: self.operation, meaning, lock: self.lock.map(LockId::new) },
            schedule: Schedule { skip: self.skip, times: self.times, lasts, probability },
            effect: self.effect.effect()?,
        })
    }
}

/// What became of a fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaultAccount {
    /// Its number.
    id: u64,
    /// What it is.
    fault: String,
    /// How often it struck.
    consumed: u32,
    /// Whether it struck as often as it was to.
    done: bool,
}

/// The faults of a world.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/faults", params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 200, description = "What was installed and what took effect.", body = [FaultAccount]),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn list(
    State(governed): State<Arc<Governed>>,
    Path(world): Path<String>,
) -> Result<Json<Vec<FaultAccount>>, ControlError> {
    let accounts = find(&governed, &world)?.state().faults.accounts();
    let told = accounts.into_iter().map(|account| FaultAccount {
        id: account.id.0,
        fault: account.fault.to_string(),
        consumed: account.consumed,
        done: account.is_consumed(),
    });
    Ok(Json(told.collect()))
}

/// Installs a fault.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/faults", request_body = FaultBody, params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 201, description = "It is installed; its number is told."),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 422, description = "The fault is wrong.", body = ErrorBody),
))]
pub async fn add(
    State(governed): State<Arc<Governed>>,
    Path(world): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<serde_json::Value>), ControlError> {
    let fault = read::<FaultBody>(&body)?.fault()?;
    let sandbox = find(&governed, &world)?;
    known_operation(sandbox.dialect(), fault.place.operation.as_deref())?;
    let mut state = sandbox.state();
    let now = state.world.now();
    let FaultId(id) = state.faults.add(fault, now);
    Ok((StatusCode::CREATED, Json(serde_json::json!({ "id": id }))))
}

/// A fault on an operation that the vendor does not have could never strike.
fn known_operation(dialect: &Dialect, name: Option<&str>) -> Result<(), ControlError> {
    let Some(name) = name.filter(|name| dialect.operation(name).is_none()) else { return Ok(()) };
    let names = || dialect.operations().iter().map(Operation::name);
    let hint = match nearest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", names().collect::<Vec<_>>().join(", ")),
    };
    Err(ControlError::invalid(format!("the vendor has no operation `{name}`; {hint}")))
}

/// Takes every fault away.
#[utoipa::path(delete, path = "/_lockstep/worlds/{world}/faults", params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 204, description = "No fault is left."),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn clear(
    State(governed): State<Arc<Governed>>,
    Path(world): Path<String>,
) -> Result<StatusCode, ControlError> {
    find(&governed, &world)?.state().faults.clear();
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a fault away.
#[utoipa::path(delete, path = "/_lockstep/worlds/{world}/faults/{fault}",
    params(("world" = String, Path, description = "The world's name."), ("fault" = String, Path, description = "The fault's number.")), responses(
    (status = 204, description = "It is gone."),
    (status = 404, description = "There is no such world or fault.", body = ErrorBody),
))]
pub async fn remove(
    State(governed): State<Arc<Governed>>,
    Path((world, fault)): Path<(String, String)>,
) -> Result<StatusCode, ControlError> {
    let id = fault.parse().map(FaultId).map_err(|_| ControlError::not_found("fault", &fault))?;
    let sandbox = find(&governed, &world)?;
    let removed = sandbox.state().faults.remove(id);
    removed.then_some(StatusCode::NO_CONTENT).ok_or_else(|| ControlError::not_found("fault", &fault))
}
