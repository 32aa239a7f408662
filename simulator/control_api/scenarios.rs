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
use crate::vendors::members::Members;
use crate::vendors::profile::nearest;

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

/// Which scenario is meant.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({ "name": "lock-goes-offline" }))]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub enum Choice {
    /// One that the program carries within itself.
    Named {
        /// Its name.
        name: String,
    },
    /// One's own.
    Written {
        /// The whole scenario, as it would stand in a file: 64 KiB and a fleet of 10000 locks at most.
        #[schema(format = "scenario", max_length = 65536)]
        text: String,
    },
}

/// Longest scenario that is read, in bytes.
const LONGEST: usize = 64 << 10;

/// Most locks of a scenario that is sent.
const MOST_LOCKS: i64 = 10_000;

/// Reads which scenario is meant, and finds it.
pub fn read_choice(mut members: Members) -> Result<Scenario, ControlError> {
    const EXPECTED: &str = "the name of a scenario, or the member `text` with a whole one";

    let (name, text) = (members.text("name")?, members.text("text")?);
    let chosen = match (name, text) {
        (Some(name), None) => named(&members.path("name"), &name)?,
        (None, Some(text)) => written(&members.path("text"), &text)?,
        (Some(_), Some(_)) => {
            let member = members.path("text");
            return Err(ControlError::invalid(format!(
                "`{member}`: expected no `name` beside it, found one"
            )));
        }
        (None, None) => members.required("name", None, EXPECTED)?,
    };
    members.done()?;
    Ok(chosen)
}

fn named(member: &str, name: &str) -> Result<Scenario, ControlError> {
    embedded(name).ok_or_else(|| {
        let names = || Scenario::embedded_names();
        let hint = match nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", names().collect::<Vec<_>>().join(", ")),
        };
        ControlError::missing(format!("`{member}`: there is no scenario `{name}`; {hint}"))
    })
}

fn written(member: &str, text: &str) -> Result<Scenario, ControlError> {
    if text.len() > LONGEST {
        let found = text.len();
        return Err(ControlError::invalid(format!(
            "`{member}`: expected {LONGEST} bytes at most, found {found}"
        )));
    }
    // Every list of locks in it can be as long as its fleet.
    let fleet =
        text.parse::<toml::Table>().ok().and_then(|table| table.get("fleet")?.get("locks")?.as_integer());
    if let Some(found) = fleet.filter(|locks| *locks > MOST_LOCKS) {
        return Err(ControlError::invalid(format!(
            "`{member}`: expected a fleet of {MOST_LOCKS} locks at most, found {found}"
        )));
    }
    Scenario::parse("scenario.toml", text).map_err(|wrong| {
        let told = wrong.problems.iter().map(|problem| {
            let help = problem.help.iter().map(|help| format!(" ({help})")).collect::<String>();
            format!("line {}, column {}: {}{help}", problem.line, problem.column, problem.what)
        });
        let told = told.collect::<Vec<_>>().join("; at ");
        ControlError::invalid(format!("`{member}`: expected a scenario, found at {told}"))
    })
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
/// from now on the world's clock. The fleet and the vendor's rules stay as they
/// are; `fleet_of` makes a world with those of a scenario.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/scenarios", tag = "scenarios", request_body = Choice,
    params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 201, description = "It plays.", body = PlayedBody),
    (status = 404, description = "There is no such world or scenario.", body = ErrorBody),
    (status = 409, description = "The world has too few locks or bridges for it, or too many scenarios play.", body = ErrorBody),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The body or the scenario in it is not understood.", body = ErrorBody),
))]
pub async fn begin(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
    content: Content,
) -> Result<(StatusCode, Json<PlayedBody>), ControlError> {
    let scenario = read_choice(content.members()?)?;
    let sandbox = find(&governed, &world)?;
    check_fleet(&sandbox, &scenario)?;
    let title = scenario.title.clone();
    if start(&sandbox, Arc::new(scenario)) {
        Ok((StatusCode::CREATED, Json(PlayedBody { title, over: false })))
    } else {
        Err(ControlError::conflict("too many scenarios play in this world; reset it to stop them"))
    }
}

/// A scenario of more than the world has could not happen as it is written.
fn check_fleet(sandbox: &Sandbox, scenario: &Scenario) -> Result<(), ControlError> {
    let standing = sandbox.state().world.lock_count();
    let bridges = sandbox.options().fleet.bridges.len();
    let lacks = |what: &str, told: usize, standing: usize| {
        let plural = if told == 1 { "" } else { "s" };
        Err(ControlError::conflict(format!(
            "the scenario tells of {told} {what}{plural}, the world has {standing}; \
             make a world with `fleet_of` to get the scenario's own fleet"
        )))
    };
    if standing < scenario.locks {
        return lacks("lock", scenario.locks as usize, standing as usize);
    }
    if bridges < scenario.bridges.len() {
        return lacks("bridge", scenario.bridges.len(), bridges);
    }
    Ok(())
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
