//! Bolts that do not do what is said of them.

use super::{Misbehaviour, Twist};
use crate::simulator::world::Quirk;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "never-relocks",
        "LV-80",
        "A door that was opened for a moment stays unlocked.",
        Twist::World(Quirk::NeverRelocks),
    ),
    Misbehaviour::new(
        "unlock-does-nothing",
        "LV-80",
        "An unlock is said to be done and the bolt does not move.",
        Twist::World(Quirk::UnlockDoesNothing),
    ),
    Misbehaviour::new(
        "unlock-offline-claims-success",
        "LV-81",
        "Unlocking an offline lock is said to be done.",
        Twist::World(Quirk::ClaimsOfflineUnlock),
    ),
    Misbehaviour::new(
        "hold-ends-early",
        "LV-82",
        "A hold ends after a third of its period.",
        Twist::World(Quirk::HoldEndsEarly),
    ),
    Misbehaviour::new(
        "hold-never-ends",
        "LV-82",
        "A hold does not end by itself.",
        Twist::World(Quirk::HoldNeverEnds),
    ),
    Misbehaviour::new(
        "release-does-nothing",
        "LV-83",
        "A released hold goes on.",
        Twist::World(Quirk::ReleaseDoesNothing),
    ),
    Misbehaviour::new(
        "release-on-normal-fails",
        "LV-83",
        "Releasing a lock that is not held is refused.",
        Twist::World(Quirk::ReleaseOnNormalFails),
    ),
];
