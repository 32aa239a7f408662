//! Worlds as they are told, and what happened in them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::simulator::FixtureView;
use crate::simulator::world::Event;

/// A world in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorldSummary {
    /// Its name.
    pub name: String,
    /// Its profile.
    pub profile: String,
    /// Its present (RFC 3339).
    #[schema(format = DateTime)]
    pub now: String,
    /// How many locks stand in it.
    pub locks: u32,
}

/// A name and a value.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// One exchange that the vendor has.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationBody {
    /// Its name in the profile, by which a fault finds it.
    pub name: String,
    /// What it means, such as `set_pin`.
    pub meaning: String,
    /// The kinds of failure for which the profile shows an answer.
    pub failures: Vec<String>,
}

/// A world with what is needed to call it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorldDetail {
    /// The world.
    pub world: WorldSummary,
    /// Addresses by the profile's server names.
    pub servers: Vec<Named>,
    /// Credentials that it accepts; they are worth nothing anywhere else.
    pub secrets: Vec<Named>,
    /// Settings that the profile asks for.
    pub settings: Vec<Named>,
    /// The places that criteria need, by role.
    pub roles: Vec<Named>,
    /// What the vendor can be asked, in the profile's order.
    pub operations: Vec<OperationBody>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Happened {
    /// Its number.
    pub number: u64,
    /// When (RFC 3339).
    #[schema(format = DateTime)]
    pub at: String,
    /// What, for people.
    pub what: String,
}

impl From<Event> for Happened {
    fn from(event: Event) -> Self {
        Self { number: event.number, at: event.at.to_string(), what: event.what }
    }
}

/// Roles as names and values.
pub fn roles(fixture: Option<FixtureView>) -> Vec<Named> {
    let Some(fixture) = fixture else { return Vec::new() };
    let named = |name: &str, value: String| Named { name: name.to_owned(), value };
    let mut roles = vec![
        named("partial_group", fixture.partial_group.to_string()),
        named("empty_group", fixture.empty_group.to_string()),
        named("offline_lock", fixture.offline_lock.to_string()),
        named("low_battery_lock", fixture.low_battery_lock.to_string()),
    ];
    roles.extend(fixture.free_locks.iter().map(|lock| named("free_lock", lock.to_string())));
    roles
}
