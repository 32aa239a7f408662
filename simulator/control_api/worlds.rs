//! Worlds: making, showing, resetting, removing.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::Governed;
use super::error::{ControlError, ErrorBody};
use super::extract::{Content, Names};
use super::model::{Named, OperationBody, WorldDetail, WorldSummary, roles};
use super::new_world::{NewWorld, sandbox_options};
use crate::simulator::server::{Sandbox, base_path};
use crate::vendors::dialect::Operation;

/// Most locks of all worlds together.
const MOST_LOCKS: u64 = 2_000_000;

/// Most worlds.
const MOST_WORLDS: usize = 10_000;

/// Whether the simulation runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    #[schema(pattern = "^ok$")]
    status: String,
    /// The version of Lockstep.
    version: String,
}

/// Tells that the simulation runs.
#[utoipa::path(get, path = "/_lockstep/health", tag = "worlds", responses((status = 200, description = "It runs.", body = Health)))]
pub async fn health() -> Json<Health> {
    Json(Health { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() })
}

/// Lists every world.
#[utoipa::path(get, path = "/_lockstep/worlds", tag = "worlds", responses((status = 200, description = "The worlds, by name.", body = [WorldSummary])))]
pub async fn list(State(governed): State<Arc<Governed>>) -> Json<Vec<WorldSummary>> {
    Json(governed.host.worlds().iter().map(|world| summary(world)).collect())
}

/// Makes a world.
#[utoipa::path(post, path = "/_lockstep/worlds", tag = "worlds", request_body = NewWorld, responses(
    (status = 201, description = "The world is made.", body = WorldDetail),
    (status = 404, description = "There is no such profile or scenario.", body = ErrorBody),
    (status = 409, description = "A world of that name is there already, or there is no room for another.", body = ErrorBody),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The description of the world is not understood.", body = ErrorBody),
))]
pub async fn create(
    State(governed): State<Arc<Governed>>,
    content: Content,
) -> Result<(StatusCode, Json<WorldDetail>), ControlError> {
    let options = sandbox_options(&governed, content.members()?)?;
    check_room(&governed, options.fleet.locks)?;
    let sandbox = Arc::new(Sandbox::new(options));
    governed.host.add(sandbox.clone()).map_err(|error| ControlError::conflict(error.to_string()))?;
    Ok((StatusCode::CREATED, Json(detail(&governed, &sandbox))))
}

fn check_room(governed: &Governed, locks: u32) -> Result<(), ControlError> {
    let worlds = governed.host.worlds();
    let standing: u64 = worlds.iter().map(|sandbox| u64::from(sandbox.options().fleet.locks)).sum();
    if worlds.len() >= MOST_WORLDS || standing + u64::from(locks) > MOST_LOCKS {
        return Err(ControlError::conflict(format!(
            "{MOST_WORLDS} worlds with {MOST_LOCKS} locks in all stand here at most; remove some first"
        )));
    }
    Ok(())
}

/// Shows a world, with what is needed to call it.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}", tag = "worlds", params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 200, description = "The world.", body = WorldDetail),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn show(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
) -> Result<Json<WorldDetail>, ControlError> {
    let sandbox = find(&governed, &world)?;
    Ok(Json(detail(&governed, &sandbox)))
}

/// Removes a world.
#[utoipa::path(delete, path = "/_lockstep/worlds/{world}", tag = "worlds", params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 204, description = "It is gone."),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn remove(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
) -> Result<StatusCode, ControlError> {
    let removed = governed.host.remove(&world).ok_or_else(|| ControlError::not_found("world", &world))?;
    removed.retire();
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a world anew, as a whole, under its seed.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/reset", tag = "worlds", params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 204, description = "It is as it was at its start; time does not go back."),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn reset(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
) -> Result<StatusCode, ControlError> {
    find(&governed, &world)?.reset();
    Ok(StatusCode::NO_CONTENT)
}

/// The world of that name.
pub fn find(governed: &Governed, name: &str) -> Result<Arc<Sandbox>, ControlError> {
    governed.host.world(name).ok_or_else(|| ControlError::not_found("world", name))
}

pub(super) fn summary(sandbox: &Sandbox) -> WorldSummary {
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
        operations: sandbox.dialect().operations().iter().map(operation).collect(),
    }
}

fn operation(operation: &Operation) -> OperationBody {
    OperationBody {
        name: operation.name().to_owned(),
        meaning: operation.meaning().as_str().to_owned(),
        failures: operation.documented_failures().iter().map(|kind| kind.as_str().to_owned()).collect(),
    }
}
