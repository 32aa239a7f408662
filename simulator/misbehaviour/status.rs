//! States that are not told, or not as they are.

use super::{Misbehaviour, Twist};
use crate::simulator::server::reshape::reshape;
use crate::simulator::world::{Call, Quirk, Refusal, World};
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, Meaning, Word};
use crate::vendors::wire::WireResponse;

type Told = Result<Facts, Refusal>;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "status-without-reachable",
        "LV-30",
        "The status does not say whether the lock can be reached.",
        Twist::Hides(Meaning::GetLock, &[Field::LockReachable]),
    )
    .with(&[
        ("LV-03", "a documented member is missing"),
        ("LV-31", "nothing tells that a lock is offline"),
        ("LV-33", "a status without a documented member cannot be read"),
        ("LV-34", "a status without a documented member cannot be read"),
    ]),
    Misbehaviour::new(
        "one-lock-does-not-say",
        "LV-30",
        "The status of one lock among many does not say whether it can be reached.",
        Twist::Answered(one_silent),
    )
    .with(&[("LV-03", "a documented member is missing")]),
    Misbehaviour::new(
        "always-offline",
        "LV-30",
        "Every lock is told as offline.",
        Twist::World(Quirk::AlwaysOffline),
    )
    .with(&[("LV-31", "a lock that has returned is told as offline")]),
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
    .with(&[
        ("LV-03", "documented members are missing"),
        ("LV-30", "a status without documented members cannot be read"),
        ("LV-31", "a status without documented members cannot be read"),
        ("LV-34", "nothing tells that a battery is low"),
    ]),
    Misbehaviour::new(
        "last-seen-in-the-future",
        "LV-32",
        "A lock was last heard of tomorrow.",
        Twist::Told(tomorrow),
    ),
    Misbehaviour::new("door-always-closed", "LV-35", "Every door is told as closed.", Twist::Told(shut)),
    Misbehaviour::new(
        "charged-lock-told-as-low",
        "LV-34",
        "A charged lock is told as low.",
        Twist::Told(drained),
    ),
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

fn status<'a>(call: Call, told: &'a mut Told) -> Option<&'a mut Facts> {
    told.as_mut().ok().filter(|_| call.meaning == Meaning::GetLock)
}

fn tomorrow(world: &mut World, call: Call, _: &Facts, told: &mut Told) {
    let at = world.now() + std::time::Duration::from_secs(24 * 3600);
    if let Some(lock) = status(call, told) {
        lock.set(Field::LockLastSeen, Datum::Instant(at));
    }
}

fn shut(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(lock) = status(call, told) {
        lock.set(Field::LockDoor, Datum::Word(Word::Closed));
    }
}

fn drained(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(lock) = status(call, told) {
        lock.set(Field::LockBatteryLow, Datum::Bool(true));
        lock.set(Field::LockBattery, Datum::Percent(1));
    }
}

/// One lock of some hundreds, that no criterion has a role for.
fn one_silent(meaning: Meaning, response: &mut WireResponse) {
    if meaning != Meaning::GetLock {
        return;
    }
    reshape(response, |body| {
        let silent = body.get("name").and_then(|name| name.as_str()).is_some_and(|name| name.ends_with("40"));
        if silent {
            body.as_object_mut().map(|members| members.shift_remove("online"));
        }
    });
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
