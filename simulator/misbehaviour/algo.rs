//! Computed PINs that do not keep to their window.

use super::{Misbehaviour, Twist};
use std::time::Duration;

use crate::simulator::world::{Call, Quirk, Refusal, World};
use crate::vendors::vocabulary::{Datum, Facts, Field};

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "same-algo-pin-for-every-window",
        "LV-90",
        "Every window gets the same computed PIN.",
        Twist::World(Quirk::AlgoPinConstant),
    ),
    Misbehaviour::new(
        "algo-pin-opens-always",
        "LV-90",
        "A computed PIN opens outside its window.",
        Twist::World(Quirk::AlgoPinOpensAlways),
    ),
    Misbehaviour::new(
        "algo-pin-never-opens",
        "LV-90",
        "A computed PIN opens nothing.",
        Twist::World(Quirk::AlgoPinNeverOpens),
    ),
    Misbehaviour::new(
        "algo-pin-told-with-other-window",
        "LV-90",
        "A computed PIN comes with another end than asked for.",
        Twist::Told(lengthen),
    ),
];

fn lengthen(_: &mut World, _: Call, _: &Facts, told: &mut Result<Facts, Refusal>) {
    let Some(facts) = told.as_mut().ok() else { return };
    if let Some(until) = facts.instant(&Field::AlgoUntil) {
        facts.set(Field::AlgoUntil, Datum::Instant(until + Duration::from_secs(3600)));
    }
}
