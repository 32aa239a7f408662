//! Bolts that do not do what is said of them.

use super::{Misbehaviour, Twist};
use crate::simulator::world::{Call, Quirk, Refusal, World};
use crate::vendors::vocabulary::{Datum, Facts, Field, Meaning, Word};

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "never-relocks",
        "LV-80",
        "A door that was opened for a moment stays unlocked.",
        Twist::World(Quirk::NeverRelocks),
    ),
    Misbehaviour::new(
        "relocks-too-late",
        "LV-80",
        "A door that was opened for a moment locks again after a minute.",
        Twist::World(Quirk::RelocksLate),
    ),
    Misbehaviour::new(
        "status-says-unlocked",
        "LV-80",
        "Every lock is told as unlocked.",
        Twist::Told(unlocked),
    )
    .with(&[("LV-83", "a lock whose hold has ended is told as unlocked")]),
    Misbehaviour::new(
        "offline-unlock-carried-out-later",
        "LV-81",
        "Unlocking an offline lock is refused, and done when the lock returns.",
        Twist::World(Quirk::KeepsRefusedUnlock),
    ),
    Misbehaviour::new(
        "hold-does-nothing",
        "LV-82",
        "A hold is said to begin and the bolt does not move.",
        Twist::World(Quirk::HoldDoesNothing),
    )
    .with(&[("LV-83", "a hold that never began cannot be ended")]),
    Misbehaviour::new(
        "release-on-normal-opens",
        "LV-83",
        "Releasing a lock that is not held opens it.",
        Twist::World(Quirk::ReleaseOpensNormal),
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
        "Releasing a lock that is not held is a server error.",
        Twist::World(Quirk::ReleaseOnNormalFails),
    ),
];

fn unlocked(_: &mut World, call: Call, _: &Facts, told: &mut Result<Facts, Refusal>) {
    if let Some(lock) = told.as_mut().ok().filter(|_| call.meaning == Meaning::GetLock) {
        lock.set(Field::LockState, Datum::Word(Word::Unlocked));
    }
}
