//! Worlds: making, showing, resetting, removing, moving in time.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::Governed;
use super::error::{ControlError, ErrorBody, read};
use super::model::{Advance, Advanced, Happened, Named, NewWorld, WorldDetail, WorldSummary, roles};
use crate::simulator::server::{Sandbox, SandboxOptions, base_path};
use crate::simulator::{Fleet, Pace};
use crate::vendors::dialect::Dialect;

/// Longest step in time.
const LONGEST: f64 = 10.0 * 365.25 * 86_400.0;

/// Whether the simulation runs.
#[utoipa::path(get, path = "/_lockstep/health", responses((status = 200, description = "It runs.")))]
pub async fn health() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// Every world.
#[utoipa::path(get, path = "/_lockstep/worlds", responses((status = 200, description = "The worlds, by name.", body = [WorldSummary])))]
pub async fn list(State(governed): State<Arc<Governed>>) -> Json<Vec<WorldSummary>> {
    Json(governed.host.worlds().iter().map(|world| summary(world)).collect())
}

/// Makes a world.
#[utoipa::path(post, path = "/_lockstep/worlds", request_body = NewWorld, responses(
    (status = 201, description = "The world is made.", body = WorldDetail),
    (status = 409, description = "A world of that name is there already.", body = ErrorBody),
    (status = 422, description = "The description of the world is wrong.", body = ErrorBody),
))]
pub async fn create(
    State(governed): State<Arc<Governed>>,
    body: Bytes,
) -> Result<(StatusCode, Json<WorldDetail>), ControlError> {
    let new: NewWorld = read(&body)?;
    let sandbox = Arc::new(Sandbox::new(sandbox_options(&governed, new)?));
    governed.host.add(sandbox.clone()).map_err(|error| ControlError::conflict(error.to_string()))?;
    Ok((StatusCode::CREATED, Json(detail(&governed, &sandbox))))
}

fn sandbox_options(governed: &Governed, new: NewWorld) -> Result<SandboxOptions, ControlError> {
    let odd = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if new.name.is_empty() || new.name.len() > 64 || new.name.contains(odd) {
        return Err(ControlError::invalid("a world's name has 1 to 64 letters, digits, `-` or `_`"));
    }
    let pace = Pace::parse(new.clock.as_deref().unwrap_or("manual")).ok_or_else(|| {
        ControlError::invalid("a clock is `real`, `manual` or `x` and a factor, such as `x10`")
    })?;
    Ok(SandboxOptions {
        dialect: dialect(governed, new.profile.as_deref())?,
        seed: new.seed.unwrap_or_else(|| name_seed(&new.name)),
        name: new.name,
        clock: pace.clock(),
        fleet: fleet(new.locks, new.groups)?,
        misbehaviour: None,
        variation: None,
    })
}

fn dialect(governed: &Governed, name: Option<&str>) -> Result<Arc<Dialect>, ControlError> {
    let found = match name {
        Some(name) => governed.dialects.iter().find(|dialect| dialect.name == name),
        None => governed.dialects.first(),
    };
    found
        .cloned()
        .ok_or_else(|| ControlError::invalid(format!("the profile `{}` is not loaded", name.unwrap_or(""))))
}

fn fleet(locks: Option<u32>, groups: Option<u32>) -> Result<Fleet, ControlError> {
    match (locks, groups) {
        (None, None) => Ok(Fleet::fixture()),
        (locks, groups) => {
            let (locks, groups) = (locks.unwrap_or(0), groups.unwrap_or(1));
            if locks > 1_000_000 || groups > 100_000 {
                return Err(ControlError::invalid("a world has 1,000,000 locks and 100,000 groups at most"));
            }
            Ok(Fleet::sized(locks, groups))
        }
    }
}

/// Worlds of different names have different credentials.
pub fn name_seed(name: &str) -> u64 {
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// One world, with what is needed to call it.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}", params(("world" = String, Path, description = "Its name.")), responses(
    (status = 200, description = "The world.", body = WorldDetail),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn show(
    State(governed): State<Arc<Governed>>,
    Path(world): Path<String>,
) -> Result<Json<WorldDetail>, ControlError> {
    let sandbox = find(&governed, &world)?;
    Ok(Json(detail(&governed, &sandbox)))
}

/// Removes a world.
#[utoipa::path(delete, path = "/_lockstep/worlds/{world}", params(("world" = String, Path, description = "Its name.")), responses(
    (status = 204, description = "It is gone."),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn remove(
    State(governed): State<Arc<Governed>>,
    Path(world): Path<String>,
) -> Result<StatusCode, ControlError> {
    governed.host.remove(&world).ok_or_else(|| ControlError::not_found("world", &world))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a world anew, as a whole, under its seed.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/reset", params(("world" = String, Path, description = "Its name.")), responses(
    (status = 204, description = "It is as it was at its start; time does not go back."),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn reset(
    State(governed): State<Arc<Governed>>,
    Path(world): Path<String>,
) -> Result<StatusCode, ControlError> {
    find(&governed, &world)?.reset();
    Ok(StatusCode::NO_CONTENT)
}

/// Moves a manual clock, and tells what happened.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/clock", request_body = Advance,
    params(("world" = String, Path, description = "Its name.")), responses(
    (status = 200, description = "Time was moved.", body = Advanced),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 409, description = "The world's clock runs by itself.", body = ErrorBody),
    (status = 422, description = "The step is wrong.", body = ErrorBody),
))]
pub async fn advance(
    State(governed): State<Arc<Governed>>,
    Path(world): Path<String>,
    body: Bytes,
) -> Result<Json<Advanced>, ControlError> {
    let sandbox = find(&governed, &world)?;
    let Advance { seconds } = read(&body)?;
    if !(0.0..=LONGEST).contains(&seconds) {
        return Err(ControlError::invalid("time is moved forwards, by ten years at most"));
    }
    if !sandbox.clock().is_stepped() {
        return Err(ControlError::conflict(
            "the world's clock runs by itself; make it with the clock `manual`",
        ));
    }
    let before = sandbox.state().world.last_event();
    let timers = sandbox.clock().advance(Duration::from_secs_f64(seconds)).await;
    let mut state = sandbox.state();
    let now = state.world.now().to_string();
    let events = state.world.events_since(before);
    let told = |event: crate::simulator::world::Event| Happened {
        number: event.number,
        at: event.at.to_string(),
        what: event.what,
    };
    Ok(Json(Advanced { now, timers, events: events.into_iter().map(told).collect() }))
}

/// The world of that name.
pub fn find(governed: &Governed, name: &str) -> Result<Arc<Sandbox>, ControlError> {
    governed.host.world(name).ok_or_else(|| ControlError::not_found("world", name))
}

fn summary(sandbox: &Sandbox) -> WorldSummary {
    let mut state = sandbox.state();
    WorldSummary {
        name: sandbox.options().name.clone(),
        profile: sandbox.dialect().name.clone(),
        now: state.world.now().to_string(),
        locks: state.world.lock_count(),
    }
}

fn detail(governed: &Governed, sandbox: &Sandbox) -> WorldDetail {
    let named = |(name, value): (String, String)| Named { name, value };
    let address = |name: &String| {
        format!("{}/w/{}{}", governed.address, sandbox.options().name, base_path(sandbox.dialect(), name))
    };
    let servers =
        sandbox.dialect().servers.iter().map(|(name, _)| named((name.clone(), address(name)))).collect();
    let world = summary(sandbox);
    let settings = sandbox.settings().into_iter().map(named).collect();
    let state = sandbox.state();
    let secrets = state.world.secrets().iter();
    WorldDetail {
        world,
        servers,
        secrets: secrets.map(|(name, secret)| named((name.clone(), secret.expose().to_owned()))).collect(),
        settings,
        roles: roles(state.world.fixture()),
    }
}
