//! A world's time: reading it, moving it, letting it run.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Governed;
use super::error::{ControlError, ErrorBody};
use super::extract::{Content, Names};
use super::model::Happened;
use super::worlds::find;
use crate::simulator::server::Sandbox;
use crate::vendors::members::Members;

/// Longest step in time: ten years, in seconds.
const LONGEST: f64 = 315_576_000.0;

/// Fastest that time passes by itself.
const FASTEST: f64 = 1_000_000.0;

/// A world's clock.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct ClockBody {
    /// The present (RFC 3339).
    #[schema(format = DateTime)]
    pub now: String,
    /// How many times as fast as the machine's time passes; 0 where it stands
    /// until it is moved.
    pub factor: f64,
    /// When something is planned next (RFC 3339), where anything is.
    #[schema(format = DateTime)]
    pub next: Option<String>,
}

impl ClockBody {
    /// The clock of a world.
    pub fn of(sandbox: &Sandbox) -> Self {
        let now = sandbox.state().world.now();
        Self {
            now: now.to_string(),
            factor: sandbox.clock().factor().unwrap_or(0.0),
            next: next(sandbox).map(|at| at.to_string()),
        }
    }
}

fn next(sandbox: &Sandbox) -> Option<crate::vendors::vocabulary::Instant> {
    let due = sandbox.state().world.next_due();
    due.into_iter().chain(sandbox.clock().next_timer()).min()
}

/// How far time is moved.
#[derive(Debug, ToSchema)]
#[schema(example = json!({ "seconds": 3600 }))]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct Advance {
    /// Seconds, ten years at most.
    #[schema(minimum = 0, maximum = 315576000)]
    seconds: f64,
}

impl Advance {
    /// Reads the seconds.
    pub fn read(mut members: Members) -> Result<f64, ControlError> {
        let seconds = members.number("seconds", 0.0..=LONGEST)?;
        let seconds = members.required("seconds", seconds, "a number of 0 to 315576000 (ten years)")?;
        members.done()?;
        Ok(seconds)
    }
}

/// How time passes from now on.
#[derive(Debug, ToSchema)]
#[schema(example = json!({ "factor": 60 }))]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct Pacing {
    /// How many times as fast as the machine's; 0 lets time stand.
    #[schema(minimum = 0, maximum = 1000000)]
    factor: f64,
}

impl Pacing {
    /// Reads the factor.
    pub fn read(mut members: Members) -> Result<f64, ControlError> {
        let factor = members.number("factor", 0.0..=FASTEST)?;
        let factor = members.required("factor", factor, "a number of 0 (time stands) to 1000000")?;
        members.done()?;
        Ok(factor)
    }
}

/// What happened while time was moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct Advanced {
    /// The present now (RFC 3339).
    #[schema(format = DateTime)]
    now: String,
    /// Timers that fired.
    timers: usize,
    /// What happened in the world, in order.
    events: Vec<Happened>,
}

/// Shows a world's clock.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/clock", tag = "time",
    params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 200, description = "The clock.", body = ClockBody),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn show(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
) -> Result<Json<ClockBody>, ControlError> {
    let sandbox = find(&governed, &world)?;
    Ok(Json(ClockBody::of(&sandbox)))
}

/// Lets time pass by itself, or stand.
#[utoipa::path(put, path = "/_lockstep/worlds/{world}/clock", tag = "time", request_body = Pacing,
    params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 200, description = "The clock as it is now.", body = ClockBody),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The pace is not understood.", body = ErrorBody),
))]
pub async fn pace(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
    content: Content,
) -> Result<Json<ClockBody>, ControlError> {
    let factor = Pacing::read(content.members()?)?;
    let sandbox = find(&governed, &world)?;
    if factor > 0.0 {
        sandbox.clock().run(factor);
    } else {
        sandbox.clock().stop();
    }
    sandbox.touch();
    Ok(Json(ClockBody::of(&sandbox)))
}

/// Moves a clock that stands, and tells what happened.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/clock", tag = "time", request_body = Advance,
    params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 200, description = "Time was moved.", body = Advanced),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 409, description = "The world's clock runs by itself.", body = ErrorBody),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The step is not understood.", body = ErrorBody),
))]
pub async fn advance(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
    content: Content,
) -> Result<Json<Advanced>, ControlError> {
    let seconds = Advance::read(content.members()?)?;
    let sandbox = standing(&governed, &world)?;
    Ok(Json(moved(&sandbox, Duration::from_secs_f64(seconds)).await))
}

/// Moves a clock that stands to the next thing that is planned.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/clock/next", tag = "time",
    params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 200, description = "Time was moved.", body = Advanced),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 409, description = "The world's clock runs by itself, or nothing is planned.", body = ErrorBody),
))]
pub async fn advance_to_next(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
) -> Result<Json<Advanced>, ControlError> {
    let sandbox = standing(&governed, &world)?;
    let next = next(&sandbox).ok_or_else(|| ControlError::conflict("nothing is planned in this world"))?;
    let span = next.since(sandbox.clock().now());
    Ok(Json(moved(&sandbox, span).await))
}

fn standing(governed: &Governed, world: &str) -> Result<Arc<Sandbox>, ControlError> {
    let sandbox = find(governed, world)?;
    if sandbox.clock().is_stepped() {
        return Ok(sandbox);
    }
    Err(ControlError::conflict("the world's clock runs by itself; let it stand first with the factor 0"))
}

async fn moved(sandbox: &Sandbox, span: Duration) -> Advanced {
    let before = sandbox.state().world.last_event();
    let timers = sandbox.clock().advance(span).await;
    sandbox.deliver_callbacks().await;
    let mut state = sandbox.state();
    let now = state.world.now().to_string();
    let events = state.world.events_since(before).into_iter().map(Happened::from).collect();
    Advanced { now, timers, events }
}
