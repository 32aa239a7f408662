//! Whether the documented examples are true: LV-03.

use std::collections::BTreeMap;

use cucumber::step::Collection;

use super::arrange::{DAY, HOUR, MINUTE};
use super::expect::some_of;
use super::pins::same_window;
use super::world::LockVendor;
use crate::harness::integration::{AccessChange, CallFailure};
use crate::harness::result::{Exchange, Received};
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{FailureKind, Field, Function, Instant, Window, Word};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        when "every supported function is used once" => use_everything;
        then "every answer had the documented shape and types" => calls_as_documented;
        then "times and levels came back in the documented units" => units;
        when "the vendor is asked for things that it must refuse" => ask_for_refusals;
        then "every error was a documented one" => errors_documented;
        then "no answer in the whole run strayed from the documentation" => whole_run;
        then "exchanges that never succeeded are named" => unseen_named;
    }
}

/// Whether the status of a lock has a word for that state of a door.
pub(super) fn status_can_say(dialect: &Dialect, word: Word) -> bool {
    dialect
        .function(Function::GetLockStatus)
        .operations()
        .into_iter()
        .filter_map(|name| dialect.operation(name))
        .any(|operation| operation.can_answer_with(&Field::LockDoor, word))
}

fn keep(world: &mut LockVendor, doing: &str, result: Result<(), CallFailure>) {
    world.calls.push((doing.to_owned(), result));
}

async fn use_everything(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let inlet = bench.inlet();
    let lock = bench.free_lock(0)?;
    world.lock = Some(lock.clone());
    if dialect.supports(Function::ListAccessGroups) {
        keep(world, "listing the access groups", inlet.list_access_groups().await.map(drop));
    }
    if dialect.supports(Function::ListLocks) {
        keep(world, "listing the locks", inlet.list_locks(None).await.map(drop));
    }
    if dialect.supports(Function::GetLockStatus) {
        let status = inlet.get_lock_status(&lock).await;
        if let Ok(status) = &status {
            world.statuses.push((lock.clone(), status.clone()));
        }
        keep(world, "asking for a lock's status", status.map(drop));
    }
    use_pins(world).await?;
    use_mobile(world).await?;
    use_actuation(world).await?;
    if dialect.supports(Function::AlgoPin) {
        let unit = dialect.limits.algo_pin.as_ref().and_then(|limits| limits.rounding).unwrap_or(HOUR);
        let from = (bench.now() + MINUTE).ceil(unit);
        let answer = inlet.algo_pin(&lock, Window::new(from, from + 2 * unit)).await;
        keep(world, "asking for a computed PIN", answer.map(drop));
    }
    if world.calls.is_empty() {
        return Err(Stop::Inconclusive("the vendor supports no function that could be used".to_owned()));
    }
    Ok(())
}

async fn use_pins(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let (dialect, inlet) = (bench.dialect(), bench.inlet());
    if !dialect.supports(Function::CreatePinAccess) {
        return Ok(());
    }
    let lock = world.lock()?;
    let window = world.whole_window(MINUTE, 2 * HOUR)?;
    let request = world.pin_request(&lock, window)?;
    let created = world.ask_for(request.clone()).await?;
    keep(world, "creating a PIN", created.clone().map(drop));
    let Ok(access) = created else { return Ok(()) };
    world.requests.push(request);
    world.pins.push(access.clone());
    if dialect.supports(Function::ListPinAccess) {
        keep(world, "listing the PINs of a lock", inlet.list_pin_access(&lock).await.map(drop));
    }
    if dialect.supports(Function::ChangePinAccess) {
        let longer = Window::new(window.from, window.until + HOUR.max(super::arrange::unit(&dialect.limits)));
        let change = AccessChange { window: Some(longer), scope: None };
        keep(world, "changing a PIN", inlet.change_pin_access(&access, &change).await.map(drop));
    }
    if dialect.supports(Function::RemovePinAccess) {
        keep(world, "removing a PIN", inlet.remove_pin_access(&access).await);
    }
    Ok(())
}

async fn use_mobile(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let (dialect, inlet) = (bench.dialect(), bench.inlet());
    if !dialect.supports(Function::CreateMobileAccess) || bench.tester_email().is_err() {
        return Ok(());
    }
    let lock = world.lock()?;
    let window = world.whole_window(MINUTE, 2 * HOUR)?;
    let request = super::mobile::request(world, &lock, window)?;
    let created = bench.create_mobile(inlet, &request).await;
    keep(world, "creating mobile access", created.clone().map(drop));
    let Ok(access) = created else { return Ok(()) };
    if dialect.supports(Function::ListMobileAccess) {
        keep(world, "listing mobile access", inlet.list_mobile_access(&access).await.map(drop));
    }
    if dialect.supports(Function::RemoveMobileAccess) {
        keep(world, "removing mobile access", inlet.remove_mobile_access(&access).await);
    }
    Ok(())
}

async fn use_actuation(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let (dialect, inlet) = (bench.dialect(), bench.inlet());
    let lock = world.lock()?;
    let hold_and_return = dialect.supports(Function::HoldOpen) && dialect.supports(Function::ReturnToNormal);
    if dialect.supports(Function::Unlock) || hold_and_return {
        bench.actuates(&lock)?;
    }
    if dialect.supports(Function::Unlock) {
        keep(world, "unlocking", inlet.unlock(&lock).await);
        bench.pass(dialect.limits.pulse).await?;
    }
    if hold_and_return {
        keep(world, "holding open", inlet.hold_open(&lock, 10 * MINUTE).await.map(drop));
        keep(world, "returning to normal", inlet.return_to_normal(&lock).await);
    }
    Ok(())
}

/// Successes are judged by how they strayed; failures by their kind. A
/// documented refusal is a true answer too, but shows no success.
async fn calls_as_documented(world: &mut LockVendor) -> Step {
    if world.calls.iter().all(|(_, result)| result.is_err()) {
        if let Some((doing, Err(failure))) = world.calls.first()
            && (failure.kind == FailureKind::Protocol || failure.transport.is_some())
        {
            return Err(Stop::unexpected(doing, failure));
        }
        return Err(Stop::Inconclusive(
            "every function was refused, so no documented success was seen".to_owned(),
        ));
    }
    for (doing, result) in &world.calls {
        match result {
            Ok(()) => {}
            Err(failure) if failure.kind == FailureKind::Protocol || failure.transport.is_some() => {
                return Err(Stop::unexpected(doing, failure));
            }
            Err(failure) => world.warn(
                format!("{doing} was refused, so its documented success was not seen here"),
                "success as documented",
                failure.to_string(),
            ),
        }
    }
    no_deviations(world)
}

fn no_deviations(world: &LockVendor) -> Step {
    let bench = world.bench()?;
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for (operation, deviation) in bench.recorder().deviations() {
        *found.entry(format!("`{operation}` {deviation}")).or_default() += 1;
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        "answers stray from the documented examples",
        "the documented members and types",
        some_of(found.iter().map(|(what, times)| format!("{what} ({times} times)"))),
    ))
}

async fn units(world: &mut LockVendor) -> Step {
    let mut looked = 0;
    if let (Some(access), Some(request)) = (world.pins.first(), world.requests.first())
        && let Some(told) = access.window
    {
        same_window(world, told, request.window)?;
        looked += 1;
    }
    for (_, status) in &world.statuses {
        if let Some(percent) = status.battery {
            looked += 1;
            if percent > 100 {
                return Err(Stop::fail(
                    "a battery is fuller than full",
                    "0 to 100 percent",
                    percent.to_string(),
                ));
            }
        }
        if let Some(seen) = status.last_seen {
            looked += 1;
            let now = world.bench()?.now();
            if seen > now + 366 * DAY || seen < Instant::from_epoch_ms(946_684_800_000) {
                return Err(Stop::fail(
                    "a time came back in another unit than documented",
                    format!("an instant before {now}"),
                    seen.to_string(),
                ));
            }
        }
    }
    if looked == 0 && tells_units(world.bench()?.dialect()) {
        return Err(Stop::Inconclusive(
            "the documented answers carry times or levels, and none came back to be looked at".to_owned(),
        ));
    }
    world.remark(format!("{looked} times and levels looked at"));
    Ok(())
}

/// Whether the answers that are looked at can carry a time or a level.
fn tells_units(dialect: &Dialect) -> bool {
    [
        (Function::CreatePinAccess, &Field::AccessFrom),
        (Function::CreatePinAccess, &Field::AccessUntil),
        (Function::GetLockStatus, &Field::LockBattery),
        (Function::GetLockStatus, &Field::LockLastSeen),
    ]
    .into_iter()
    .any(|(function, field)| dialect.answers_with(function, field))
}

async fn ask_for_refusals(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let (dialect, inlet) = (bench.dialect(), bench.inlet());
    if dialect.supports(Function::GetLockStatus) {
        let result = inlet.get_lock_status(&bench.unknown_lock().await?).await;
        keep(world, "asking for an unknown lock", result.map(drop));
    }
    let anonymous = super::credentials::read_call(world, &inlet.without_credentials()).await?;
    keep(world, "a call without credentials", anonymous);
    if dialect.supports(Function::CreatePinAccess) {
        let lock = bench.free_lock(0)?;
        let window = world.whole_window(2 * HOUR, HOUR)?;
        let request = world.pin_request(&lock, Window::new(window.until, window.from))?;
        let result = world.ask_for(request).await?;
        keep(world, "a PIN with an end before its start", result.map(drop));
    }
    Ok(())
}

async fn errors_documented(world: &mut LockVendor) -> Step {
    let refused: Vec<_> =
        world.calls.iter().filter_map(|(doing, result)| Some((doing, result.as_ref().err()?))).collect();
    if refused.is_empty() {
        return Err(Stop::Inconclusive("the vendor refused nothing, so no error was seen".to_owned()));
    }
    for (doing, failure) in &refused {
        if failure.kind == FailureKind::Protocol || failure.transport.is_some() {
            return Err(Stop::unexpected(doing, failure));
        }
    }
    world.remark(format!("{} errors were documented ones", refused.len()));
    Ok(())
}

/// Why an exchange is not documented, if it is not: as it was read when it was
/// captured, for what is kept of it is masked.
fn undocumented(exchange: &Exchange) -> Option<String> {
    let Received::Answer { status, undocumented: Some(why), .. } = &exchange.response else {
        return None;
    };
    Some(format!("{}: `{}` answered {status}, {why}", exchange.id, exchange.operation))
}

async fn whole_run(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let exchanges = bench.recorder().exchanges();
    if exchanges.is_empty() {
        return Err(Stop::Inconclusive("nothing was exchanged".to_owned()));
    }
    no_deviations(world)?;
    let found: Vec<String> = exchanges.iter().filter_map(undocumented).collect();
    if found.is_empty() {
        world.remark(format!("{} exchanges compared with the documentation", exchanges.len()));
        return Ok(());
    }
    Err(Stop::fail(
        "the vendor answered with what it does not document",
        "the documented success or a documented error",
        some_of(found),
    ))
}

async fn unseen_named(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let seen = bench.recorder().operations_with_success();
    if seen.is_empty() {
        return Err(Stop::Inconclusive("no documented exchange succeeded during the run".to_owned()));
    }
    let unseen: Vec<&str> = dialect
        .operations()
        .iter()
        .map(|operation| operation.name())
        .filter(|name| !seen.iter().any(|known| known == name))
        .collect();
    if unseen.is_empty() {
        world.remark("every documented exchange succeeded at least once");
    } else {
        world.remark(format!("never seen to succeed: {}", unseen.join(", ")));
    }
    proven(world, dialect, &seen)
}

/// Every supported function must have been seen to succeed with each exchange
/// of its plan, or its examples are believed and not seen.
fn proven(world: &LockVendor, dialect: &Dialect, seen: &[String]) -> Step {
    let unproven = unproven(dialect, seen);
    let told = |asked_for: bool| -> Vec<String> {
        let of = unproven.iter().filter(|(function, _)| function.is_asked_for() == asked_for);
        of.map(|(function, names)| format!("{} (`{}`)", function.title(), names.join("`, `"))).collect()
    };
    let (asked_for, auxiliary) = (told(true), told(false));
    if !auxiliary.is_empty() {
        world.warn(
            "auxiliary functions were not seen to succeed",
            "every documented exchange seen to succeed",
            auxiliary.join("; "),
        );
    }
    if asked_for.is_empty() {
        return Ok(());
    }
    Err(Stop::Inconclusive(format!("never seen to succeed: {}", asked_for.join("; "))))
}

/// The supported functions with those of their exchanges that never succeeded.
fn unproven<'a>(dialect: &'a Dialect, seen: &[String]) -> Vec<(Function, Vec<&'a str>)> {
    let missing = |function: &Function| {
        let mut names = dialect.function(*function).operations();
        names.retain(|name| !seen.iter().any(|known| known == name));
        (*function, names)
    };
    Function::ALL.iter().map(missing).filter(|(_, names)| !names.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::profile;

    #[test]
    fn one_unseen_exchange_is_named_by_its_function() {
        let dialect = profile::load("reference").unwrap();
        let all: Vec<String> = dialect.operations().iter().map(|known| known.name().to_owned()).collect();
        assert!(unproven(&dialect, &all).is_empty());
        let but: Vec<String> = all.into_iter().filter(|name| name != "algo_pin").collect();
        assert_eq!(unproven(&dialect, &but), [(Function::AlgoPin, vec!["algo_pin"])]);
    }
}
