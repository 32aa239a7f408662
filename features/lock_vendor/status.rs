//! Lock status: LV-30 to LV-36.

use std::time::Duration;

use cucumber::step::Collection;

use super::expect::{self, some_of};
use super::world::LockVendor;
use crate::harness::integration::LockStatus;
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{FailureKind, Field, Function, Instant, LockId, Word};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        when "the status of every lock is asked for" => every_status;
        then "every status says whether the lock can be reached" => every_reachability;
        then "a working lock is reported as reachable" => working_is_reachable;
        then "an offline lock is reported as unreachable" => offline_is_unreachable;
        given "a working lock" => working_lock;
        when "the lock goes offline and the documented delay has passed" => goes_offline;
        then "the lock is reported as unreachable" => told_unreachable;
        when "the lock comes back and the documented delay has passed" => comes_back;
        then "the lock is reported as reachable" => told_reachable;
        then "the status of a working lock tells its bolt truly" => bolt_told;
        then "the status of a working lock tells a plausible time of last contact" => last_contact;
        then "the status of every test lock tells the battery's level or whether it is low" => battery_told;
        then "the lock with a low battery is reported as low" => low_is_low;
        then "a working lock is not reported as low" => working_is_not_low;
        when "the door is (opened|closed|left ajar|forced)" => move_door;
        then r"the status tells that the door is (open|closed)" => door_told;
        then r"the status tells that the door is (ajar|forced), or open where the vendor has no word for it" => special_door_told;
        when "the status of an unknown lock is asked for" => unknown_status;
        then "the vendor answers that it is not found" => not_found;
    }
}

/// The status of a lock, which must be answered and speak of that lock.
pub(super) async fn status_of(world: &LockVendor, lock: &LockId) -> Result<LockStatus, Stop> {
    let bench = world.bench()?;
    let status = expect::success("asking for a lock's status", bench.inlet().get_lock_status(lock).await)?;
    match &status.id {
        Some(id) if id != lock => Err(Stop::fail(
            "the status speaks of another lock than the one asked for",
            format!("lock `{lock}`"),
            format!("lock `{id}`"),
        )),
        _ => Ok(status),
    }
}

async fn every_status(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let locks = match bench.known_locks() {
        Some(known) if !known.is_empty() => known,
        _ => {
            let listed = expect::success("listing the locks", bench.inlet().list_locks(None).await)?;
            listed.into_iter().map(|lock| lock.id).collect()
        }
    };
    if locks.is_empty() {
        return Err(Stop::Inconclusive("there is no lock to ask for".to_owned()));
    }
    for lock in locks {
        let status = status_of(world, &lock).await?;
        world.statuses.push((lock, status));
    }
    Ok(())
}

async fn every_reachability(world: &mut LockVendor) -> Step {
    if world.statuses.is_empty() {
        return Err(Stop::Error("no status was asked for".to_owned()));
    }
    let silent: Vec<&LockId> = world
        .statuses
        .iter()
        .filter(|(_, status)| status.reachable.is_none())
        .map(|(lock, _)| lock)
        .collect();
    if silent.is_empty() {
        world.remark(format!("{} locks say whether they can be reached", world.statuses.len()));
        return Ok(());
    }
    Err(Stop::fail(
        "the status does not say whether the lock can be reached",
        "online or offline for every lock",
        format!("{} of {} do not say: {}", silent.len(), world.statuses.len(), some_of(silent)),
    ))
}

async fn reachability(world: &LockVendor, lock: &LockId, expected: bool) -> Step {
    let words = |reachable: bool| if reachable { "reachable" } else { "not reachable" };
    match status_of(world, lock).await?.reachable {
        Some(told) if told == expected => Ok(()),
        Some(told) => Err(Stop::fail(
            format!("a lock that is {} is reported as {}", words(expected), words(told)),
            words(expected),
            words(told),
        )),
        None => Err(Stop::fail(
            "the status does not say whether the lock can be reached",
            words(expected),
            "nothing about it",
        )),
    }
}

async fn working_is_reachable(world: &mut LockVendor) -> Step {
    let lock = world.bench()?.free_lock(0)?;
    reachability(world, &lock, true).await
}

/// What the vendor says of a working lock is judged by LV-30.
async fn working_lock(world: &mut LockVendor) -> Step {
    world.lock = Some(world.bench()?.free_lock(0)?);
    world.returnable = true;
    Ok(())
}

async fn offline_is_unreachable(world: &mut LockVendor) -> Step {
    let lock = world.bench()?.offline_lock()?;
    reachability(world, &lock, false).await
}

async fn goes_offline(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = world.lock()?;
    if let Err(missing) = bench.set_reachable(&lock, false).await {
        // The offline lock itself has been judged; only the moment is missing.
        world.returnable = false;
        world.warn(
            "how fast a lock is reported as gone could not be measured",
            "a lock that goes offline during the run",
            missing.to_string(),
        );
        return Ok(());
    }
    bench.pass(bench.dialect().limits.delays.offline + Duration::from_secs(1)).await?;
    Ok(())
}

async fn told_unreachable(world: &mut LockVendor) -> Step {
    let lock = if world.returnable { world.lock()? } else { world.bench()?.offline_lock()? };
    reachability(world, &lock, false).await
}

async fn comes_back(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    if world.returnable {
        bench.set_reachable(&world.lock()?, true).await?;
        bench.pass(bench.dialect().limits.delays.offline + Duration::from_secs(1)).await?;
    }
    Ok(())
}

async fn told_reachable(world: &mut LockVendor) -> Step {
    let lock = world.lock()?;
    reachability(world, &lock, true).await
}

async fn bolt_told(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = bench.free_lock(0)?;
    let told = status_of(world, &lock).await?.bolt;
    let Some(told) = told else {
        return Err(Stop::fail(
            "the status does not tell the bolt",
            "locked or unlocked",
            "nothing about it",
        ));
    };
    match bench.bolt(&lock).await {
        Ok(truth) if truth == told => Ok(()),
        Ok(truth) => Err(Stop::fail("the status tells the bolt wrongly", truth.as_str(), told.as_str())),
        Err(missing) => {
            world.remark(format!("the bolt is told as {}; {missing}", told.as_str()));
            Ok(())
        }
    }
}

async fn last_contact(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = bench.free_lock(0)?;
    let Some(seen) = status_of(world, &lock).await?.last_seen else {
        return Err(Stop::fail(
            "the status does not tell when the lock was last heard of",
            "the time of last contact",
            "nothing about it",
        ));
    };
    let now = bench.now();
    let skew = Duration::from_secs(300);
    let long_ago = Instant::from_epoch_ms(946_684_800_000);
    if seen > now + skew || seen < long_ago {
        return Err(Stop::fail(
            "the time of last contact is not plausible",
            format!("an instant before {now}"),
            seen.to_string(),
        ));
    }
    world.remark(format!("last heard of at {seen}"));
    Ok(())
}

async fn battery_told(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let mut locks = vec![bench.free_lock(0)?];
    // Where no word for a low charge is established, that lock says nothing (LV-34).
    locks.extend(bench.low_battery_lock().ok().filter(|_| low_can_be_said(bench.dialect())));
    for lock in &locks {
        let status = status_of(world, lock).await?;
        if status.battery.is_none() && status.battery_low.is_none() {
            return Err(Stop::fail(
                "the status tells nothing of the battery",
                "its level, or whether it is low",
                format!("neither for lock `{lock}`"),
            ));
        }
    }
    Ok(())
}

/// Whether a status calls the battery low, by the warning or by the level.
fn is_low(status: &LockStatus, threshold: u8) -> Option<bool> {
    status.battery_low.or_else(|| status.battery.map(|percent| percent <= threshold))
}

/// Whether the description has a word, a number or a warning for a low battery.
fn low_can_be_said(dialect: &Dialect) -> bool {
    let operations = dialect.function(Function::GetLockStatus).operations();
    let mut documented = operations.into_iter().filter_map(|name| dialect.operation(name));
    documented.any(|operation| operation.can_answer_with_charge(dialect.limits.low_battery))
}

/// Whether the description tells a battery at all.
fn battery_is_described(dialect: &Dialect) -> bool {
    [Field::LockBattery, Field::LockBatteryLow]
        .iter()
        .any(|field| dialect.answers_with(Function::GetLockStatus, field))
}

async fn low_is_low(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let status = status_of(world, &bench.low_battery_lock()?).await?;
    let threshold = bench.dialect().limits.low_battery;
    let observed = format!("level {:?}, warning {:?}", status.battery, status.battery_low);
    let level_is_high = status.battery.is_some_and(|percent| percent > threshold);
    match is_low(&status, threshold) {
        Some(true) if !(level_is_high && bench.is_simulated()) => Ok(()),
        // A real vendor that calls a low battery charged is wrong all the same; the
        // simulator has no other word.
        told if battery_is_described(bench.dialect())
            && !low_can_be_said(bench.dialect())
            && (told.is_none() || bench.is_simulated()) =>
        {
            Err(Stop::Inconclusive("the words for a low battery are not established".to_owned()))
        }
        Some(_) => Err(Stop::fail(
            "a lock with a low battery is reported as if it were charged",
            format!("a warning, or a level of at most {threshold} percent"),
            observed,
        )),
        None => {
            Err(Stop::fail("the status tells nothing of the battery", "a warning or a low level", observed))
        }
    }
}

async fn working_is_not_low(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let status = status_of(world, &bench.free_lock(0)?).await?;
    let observed = format!("level {:?}, warning {:?}", status.battery, status.battery_low);
    match is_low(&status, bench.dialect().limits.low_battery) {
        Some(false) => Ok(()),
        Some(true) if !bench.is_simulated() => {
            world.warn(
                "the working lock is reported as low too",
                "a charged lock as the working one",
                observed,
            );
            Ok(())
        }
        Some(true) => Err(Stop::fail("a charged lock is reported as low", "no warning", observed)),
        None => {
            Err(Stop::fail("the status tells nothing of the battery", "its level or a warning", observed))
        }
    }
}

async fn move_door(world: &mut LockVendor, how: String) -> Step {
    let bench = world.bench()?;
    let door = match how.as_str() {
        "opened" => Word::Open,
        "closed" => Word::Closed,
        "left ajar" => Word::Ajar,
        _ => Word::Forced,
    };
    let lock = bench.free_lock(0)?;
    bench.set_door(&lock, door).await?;
    world.lock = Some(lock);
    Ok(())
}

async fn door_of(world: &LockVendor) -> Result<Word, Stop> {
    let lock = world.lock()?;
    status_of(world, &lock).await?.door.ok_or_else(|| {
        Stop::fail("the status does not tell the door", "the state of the door", "nothing about it")
    })
}

fn door_word(text: &str) -> Result<Word, Stop> {
    Word::parse(text).ok_or_else(|| Stop::Error(format!("`{text}` is no state of a door")))
}

async fn door_told(world: &mut LockVendor, expected: String) -> Step {
    let expected = door_word(&expected)?;
    let told = door_of(world).await?;
    if told == expected {
        return Ok(());
    }
    Err(Stop::fail("the reported door does not follow the door", expected.as_str(), told.as_str()))
}

async fn special_door_told(world: &mut LockVendor, expected: String) -> Step {
    let bench = world.bench()?;
    let expected = door_word(&expected)?;
    let told = door_of(world).await?;
    let lock = world.lock()?;
    bench.set_door(&lock, Word::Closed).await?;
    if told == expected {
        return Ok(());
    }
    if told == Word::Open && !super::examples::status_can_say(bench.dialect(), expected) {
        world.remark(format!("the vendor has no word for a door that is {}", expected.as_str()));
        return Ok(());
    }
    Err(Stop::fail("the reported door does not follow the door", expected.as_str(), told.as_str()))
}

async fn unknown_status(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let result = bench.inlet().get_lock_status(&bench.unknown_lock().await?).await;
    world.calls.push(("asking for the status of an unknown lock".to_owned(), result.map(drop)));
    Ok(())
}

async fn not_found(world: &mut LockVendor) -> Step {
    let Some((doing, result)) = world.calls.last() else {
        return Err(Stop::Error("no call was made".to_owned()));
    };
    expect::refusal(doing, result, &[FailureKind::NotFound])
}
