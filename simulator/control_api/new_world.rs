//! The description of a world that is to be made.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::Governed;
use super::error::ControlError;
use super::model::LARGEST;
use super::scenarios::{Choice, read_choice};
use crate::scenarios::Scenario;
use crate::simulator::server::SandboxOptions;
use crate::simulator::{Fleet, Pace};
use crate::vendors::dialect::Dialect;
use crate::vendors::members::Members;

/// A new world.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({ "name": "checkout-tests", "locks": 20, "groups": 2, "clock": "manual" }))]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub enum NewWorld {
    /// With a plain fleet.
    Plain(PlainWorld),
    /// With the fleet of a scenario.
    Scripted(ScriptedWorld),
}

/// A new world with a plain fleet: that of the certification fixture where
/// neither `locks` nor `groups` is given.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlainWorld {
    /// Its name: letters, digits, `-` and `_`.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,64}$")]
    name: String,
    /// The profile by its name; the first one where it is not given.
    profile: Option<String>,
    /// Seed of everything random; made from the name where it is not given.
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    seed: Option<u64>,
    /// Locks of a plain fleet.
    #[schema(minimum = 0, maximum = 1000000)]
    locks: Option<u32>,
    /// Groups of a plain fleet.
    #[schema(minimum = 0, maximum = 100000)]
    groups: Option<u32>,
    /// `real`, `manual` (which it is where it is not given), or `x10` for ten times as fast.
    #[schema(pattern = "^(real|manual|x[1-9][0-9]{0,5}([.][0-9]{1,3})?)$")]
    clock: Option<String>,
}

/// A new world with the locks, groups, bridges and vendor's rules of a scenario,
/// which does not play yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScriptedWorld {
    /// Its name: letters, digits, `-` and `_`.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,64}$")]
    name: String,
    /// The profile by its name; the first one where it is not given.
    profile: Option<String>,
    /// Seed of everything random; the scenario's where it is not given, or made from the name.
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    seed: Option<u64>,
    /// The scenario.
    fleet_of: Choice,
    /// `real`, `manual` (which it is where it is not given), or `x10` for ten times as fast.
    #[schema(pattern = "^(real|manual|x[1-9][0-9]{0,5}([.][0-9]{1,3})?)$")]
    clock: Option<String>,
}

/// Reads the description of a world.
pub fn sandbox_options(governed: &Governed, mut members: Members) -> Result<SandboxOptions, ControlError> {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name =
        |text: &str| ((1..=64).contains(&text.len()) && text.chars().all(known)).then(|| text.to_owned());
    let expected = "a name of 1 to 64 letters, digits, `-` or `_`";
    let name = members.word("name", expected, name)?;
    let name = members.required("name", name, expected)?;
    let profile = members.text("profile")?;
    let seed = members.whole("seed", 0..=LARGEST)?;
    let clock = members.word("clock", "`real`, `manual` or `x` and a factor, such as `x10`", Pace::parse)?;
    let locks = members.small("locks", 0..=1_000_000)?;
    let groups = members.small("groups", 0..=100_000)?;
    let scenario = members.members("fleet_of")?;
    members.done()?;
    if scenario.is_some() && (locks.is_some() || groups.is_some()) {
        let told = "`fleet_of`: expected neither `locks` nor `groups` beside it, found one of them";
        return Err(ControlError::invalid(told));
    }
    let scenario = scenario.map(read_choice).transpose()?;
    let own_seed = scenario.as_ref().and_then(|scenario| scenario.seed);
    Ok(SandboxOptions {
        dialect: dialect(governed, profile.as_deref())?,
        seed: seed.or(own_seed).unwrap_or_else(|| name_seed(&name)),
        name,
        clock: clock.unwrap_or(Pace::Manual).clock(),
        fleet: fleet(scenario.as_ref(), locks, groups),
        misbehaviour: None,
        variation: None,
    })
}

fn fleet(scenario: Option<&Scenario>, locks: Option<u32>, groups: Option<u32>) -> Fleet {
    match (scenario, locks, groups) {
        (Some(scenario), _, _) => Fleet::of(scenario),
        (None, None, None) => Fleet::fixture(),
        (None, locks, groups) => Fleet::sized(locks.unwrap_or(0), groups.unwrap_or(1)),
    }
}

fn dialect(governed: &Governed, name: Option<&str>) -> Result<Arc<Dialect>, ControlError> {
    let found = match name {
        Some(name) => governed.dialects.iter().find(|dialect| dialect.name == name),
        None => governed.dialects.first(),
    };
    found.cloned().ok_or_else(|| {
        let names: Vec<&str> = governed.dialects.iter().map(|dialect| dialect.name.as_str()).collect();
        let name = name.unwrap_or_default();
        ControlError::missing(format!(
            "`profile`: there is no profile `{name}` here; there are: {}",
            names.join(", ")
        ))
    })
}

/// Worlds of different names have different credentials.
pub fn name_seed(name: &str) -> u64 {
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
