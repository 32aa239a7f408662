//! What the control API reads and writes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::simulator::{DoorAnswer, FixtureView, LockView};

/// A new world. What is not given is taken from the certification fixture.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWorld {
    /// Its name: letters, digits, `-` and `_`.
    pub name: String,
    /// The profile by its name; the first one where it is not given.
    pub profile: Option<String>,
    /// Seed of everything random.
    pub seed: Option<u64>,
    /// Locks of a plain fleet (1,000,000 at most).
    pub locks: Option<u32>,
    /// Groups of a plain fleet (100,000 at most).
    pub groups: Option<u32>,
    /// `real`, `manual`, or `x10` for ten times as fast.
    pub clock: Option<String>,
}

/// A world in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorldSummary {
    /// Its name.
    pub name: String,
    /// Its profile.
    pub profile: String,
    /// Its present (RFC 3339).
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
}

/// How far time is moved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    /// Seconds, ten years at most.
    pub seconds: f64,
}

/// What happened while time was moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct Advanced {
    /// The present now (RFC 3339).
    pub now: String,
    /// Timers that fired.
    pub timers: usize,
    /// What happened in the world, in order.
    pub events: Vec<Happened>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Happened {
    /// Its number.
    pub number: u64,
    /// When (RFC 3339).
    pub at: String,
    /// What, for people.
    pub what: String,
}

/// A lock as it really is.
#[derive(Debug, Serialize, ToSchema)]
pub struct LockBody {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The groups that it is in.
    pub groups: Vec<String>,
    /// Whether it can be reached.
    pub reachable: bool,
    /// Charge in percent.
    pub battery: u8,
    /// The bolt.
    pub bolt: String,
    /// The door.
    pub door: String,
}

impl From<LockView> for LockBody {
    fn from(lock: LockView) -> Self {
        Self {
            id: lock.id.to_string(),
            name: lock.name,
            groups: lock.groups.iter().map(ToString::to_string).collect(),
            reachable: lock.reachable,
            battery: lock.battery,
            bolt: lock.bolt.as_str().to_owned(),
            door: lock.door.as_str().to_owned(),
        }
    }
}

/// A change of a lock; what is not given stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LockChange {
    /// Whether it can be reached.
    pub reachable: Option<bool>,
    /// Charge, 0 to 100 percent.
    pub battery: Option<u8>,
    /// `open`, `closed`, `ajar` or `forced`.
    pub door: Option<String>,
}

/// Keys at a keypad.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Everything that is typed, prefix and suffix included.
    pub keys: String,
}

/// A credential at a lock.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Presented {
    /// The mobile credential's id.
    pub credential: String,
}

/// What happened at a door.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorBody {
    /// Whether it opened.
    pub opened: bool,
    /// Why, for people.
    pub why: String,
}

impl From<DoorAnswer> for DoorBody {
    fn from(answer: DoorAnswer) -> Self {
        Self { opened: answer.opened, why: answer.why }
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

/// A part of a list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Part {
    /// Items after this number, or skipped.
    pub since: Option<u64>,
    /// Most items (1,000 at most, 100 where not given).
    pub limit: Option<usize>,
}

impl Part {
    /// How many items are answered.
    pub fn most(&self) -> usize {
        self.limit.unwrap_or(100).min(1_000)
    }
}
