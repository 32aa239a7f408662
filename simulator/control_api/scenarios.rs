//! Scenarios: which there are, and playing one in a world.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::Governed;
use super::error::{ControlError, ErrorBody};
use super::extract::{Content, Names};
use super::worlds::find;
use crate::scenarios::Scenario;
use crate::simulator::server::{Played, Sandbox};
use crate::simulator::{Control, play};

/// A scenario that the program carries within itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScenarioBody {
    /// Its name.
    name: String,
    /// What it is about.
    title: String,
    /// How many locks it tells of.
    locks: u32,
}

/// Which scenario is played.
#[derive(Debug, ToSchema)]
#[schema(example = json!({ "name": "lock-goes-offline" }))]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct Choice {
    /// Its name.
    name: String,
}

/// What became of a scenario.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct PlayedBody {
    /// What it is about.
    title: String,
    /// Whether everything in it has happened.
    over: bool,
}

impl From<Played> for PlayedBody {
    fn from(played: Played) -> Self {
        Self { title: played.title, over: played.over }
    }
}

/// Lists the scenarios that the program carries within itself.
#[utoipa::path(get, path = "/_lockstep/scenarios", tag = "scenarios", responses(
    (status = 200, description = "Scenarios, by name.", body = [ScenarioBody]),
))]
pub async fn list() -> Json<Vec<ScenarioBody>> {
    let body = |name: &str| {
        let scenario = embedded(name)?;
        Some(ScenarioBody { name: name.to_owned(), title: scenario.title, locks: scenario.locks })
    };
    Json(Scenario::embedded_names().filter_map(body).collect())
}

/// Tests hold that every embedded scenario can be read.
fn embedded(name: &str) -> Option<Scenario> {
    Scenario::embedded(name)?.ok()
}

/// Lists what was played in a world since it was made.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/scenarios", tag = "scenarios",
    params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 200, description = "Scenarios, in the order in which they were begun.", body = [PlayedBody]),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn played(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
) -> Result<Json<Vec<PlayedBody>>, ControlError> {
    Ok(Json(find(&governed, &world)?.plays().told().into_iter().map(PlayedBody::from).collect()))
}

/// Plays a scenario in a world: everything in it happens at its time, counted
/// from now on the world's clock. The fleet stays as it is.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/scenarios", tag = "scenarios", request_body = Choice,
    params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 201, description = "It plays.", body = PlayedBody),
    (status = 404, description = "There is no such world or scenario.", body = ErrorBody),
    (status = 409, description = "The world has too few locks for it, or too many scenarios play.", body = ErrorBody),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The body is not understood.", body = ErrorBody),
))]
pub async fn begin(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
    content: Content,
) -> Result<(StatusCode, Json<PlayedBody>), ControlError> {
    let mut members = content.members()?;
    let name = members.text("name")?;
    let name = members.required("name", name, "a scenario's name")?;
    members.done()?;
    let sandbox = find(&governed, &world)?;
    let scenario = embedded(&name).ok_or_else(|| {
        let names: Vec<&str> = Scenario::embedded_names().collect();
        ControlError::missing(format!(
            "`name`: there is no scenario `{name}`; there are: {}",
            names.join(", ")
        ))
    })?;
    let standing = sandbox.state().world.lock_count();
    if standing < scenario.locks {
        let message = format!("the scenario tells of {} locks, the world has {standing}", scenario.locks);
        return Err(ControlError::conflict(message));
    }
    let title = scenario.title.clone();
    if start(&sandbox, Arc::new(scenario)) {
        Ok((StatusCode::CREATED, Json(PlayedBody { title, over: false })))
    } else {
        Err(ControlError::conflict("too many scenarios play in this world; reset it to stop them"))
    }
}

/// Plays a scenario in a world, where whoever watches sees that it plays.
/// False where too many play already.
pub fn start(sandbox: &Arc<Sandbox>, scenario: Arc<Scenario>) -> bool {
    let title = scenario.title.clone();
    // A play must not keep a world that is gone.
    let (control, told) = (Control::new(sandbox.clone()), Arc::downgrade(sandbox));
    let begun = sandbox.plays().begin(&title, async move { play(&control, &scenario).await }, move || {
        if let Some(sandbox) = told.upgrade() {
            sandbox.touch();
        }
    });
    sandbox.touch();
    begun
}
