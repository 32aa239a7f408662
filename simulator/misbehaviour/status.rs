//! States that are not told, or not as they are.

use super::{Misbehaviour, Twist};
use crate::simulator::world::{Call, Quirk, Refusal, World};
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, Meaning};

type Told = Result<Facts, Refusal>;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "status-without-reachable",
        "LV-30",
        "The status does not say whether the lock can be reached.",
        Twist::Hides(Meaning::GetLock, &[Field::LockReachable]),
    )
    .with(&[("LV-03", "a documented member is missing"), ("LV-31", "nothing tells that a lock is offline")]),
    Misbehaviour::new(
        "always-online",
        "LV-31",
        "An offline lock is told as online.",
        Twist::World(Quirk::AlwaysOnline),
    ),
    Misbehaviour::new(
        "offline-told-too-late",
        "LV-31",
        "A lock that is gone is told as online for long after the documented delay.",
        Twist::World(Quirk::OfflineToldTooLate),
    ),
    Misbehaviour::new(
        "no-battery",
        "LV-33",
        "The status says nothing of the battery.",
        Twist::Hides(Meaning::GetLock, &[Field::LockBattery, Field::LockBatteryLow]),
    )
    .with(&[("LV-03", "documented members are missing"), ("LV-34", "nothing tells that a battery is low")]),
    Misbehaviour::new(
        "low-battery-told-as-full",
        "LV-34",
        "A low battery is told as full.",
        Twist::Told(full),
    ),
    Misbehaviour::new(
        "unknown-lock-gives-some-lock",
        "LV-36",
        "The status of an unknown lock is that of another lock.",
        Twist::Told(some_lock),
    ),
];

fn full(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    let Ok(facts) = told else { return };
    let lists = matches!(call.meaning, Meaning::GetLock | Meaning::ListLocks);
    for lock in std::iter::once(&mut *facts).filter(|_| lists) {
        charge(lock);
        lock.items.iter_mut().for_each(charge);
    }
}

fn charge(lock: &mut Facts) {
    if lock.flag(&Field::LockBatteryLow) == Some(true) {
        lock.set(Field::LockBatteryLow, Datum::Bool(false));
        lock.set(Field::LockBattery, Datum::Percent(100));
    }
}

fn some_lock(world: &mut World, call: Call, _: &Facts, told: &mut Told) {
    let unknown = matches!(told, Err(refusal) if refusal.kind == FailureKind::NotFound);
    if let Some(lock) = world.any_lock().filter(|_| call.meaning == Meaning::GetLock && unknown) {
        *told = Ok(lock);
    }
}
