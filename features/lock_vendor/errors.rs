//! Errors that can be told apart: LV-96.

use std::collections::BTreeMap;

use cucumber::step::Collection;

use super::arrange::{DAY, HOUR, MINUTE, SECOND, unit};
use super::expect;
use super::world::LockVendor;
use crate::harness::integration::{CallFailure, PinRequest};
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::{Answer, Dialect};
use crate::vendors::profile::{ChosenBy, Delivery, OfflinePolicy};
use crate::vendors::vocabulary::{FailureKind, Function, Window};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        when "bad credentials, an unknown lock, wrong input, a PIN in use and an offline lock are tried" => provoke_all;
        then "each is answered with an error of its own kind" => own_kinds;
        then "every kind of error that applies is documented" => kinds_documented;
        then "no two documented errors of one call look the same" => distinct_shapes;
    }
}

/// What was tried; the kinds that answer it are those of [`expected`].
const BAD_CREDENTIALS: &str = "bad credentials";
const UNKNOWN_LOCK: &str = "an unknown lock";
const WRONG_INPUT: &str = "wrong input";
const PIN_IN_USE: &str = "a PIN in use";
const OFFLINE_LOCK: &str = "an offline lock";

fn expected(tried: &str) -> &'static [FailureKind] {
    match tried {
        BAD_CREDENTIALS => &[FailureKind::Credentials],
        UNKNOWN_LOCK => &[FailureKind::NotFound],
        WRONG_INPUT => &[FailureKind::Invalid],
        PIN_IN_USE => &[FailureKind::Conflict],
        _ => &[FailureKind::Offline],
    }
}

fn keep(world: &mut LockVendor, tried: &str, result: Result<(), CallFailure>) {
    world.calls.push((tried.to_owned(), result));
}

async fn provoke_all(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let (dialect, inlet) = (bench.dialect(), bench.inlet());
    let anonymous = super::credentials::read_call(world, &inlet.without_credentials()).await?;
    keep(world, BAD_CREDENTIALS, anonymous);
    if dialect.supports(Function::GetLockStatus) {
        let result = inlet.get_lock_status(&bench.unknown_lock().await?).await.map(drop);
        keep(world, UNKNOWN_LOCK, result);
    }
    if dialect.supports(Function::CreatePinAccess) {
        provoke_invalid(world).await?;
        provoke_conflict(world).await?;
    }
    provoke_offline(world).await
}

/// The first wrong input that is refused shows the error. What is accepted all
/// the same is the finding of LV-44, unless nothing is ever refused.
async fn provoke_invalid(world: &mut LockVendor) -> Step {
    let mut accepted = Vec::new();
    for (wrong, request) in wrong_inputs(world)? {
        match world.ask_for(request).await? {
            Ok(_) => accepted.push(wrong),
            Err(failure) if failure.unsent => {}
            Err(failure) => {
                world.remark(format!("wrong input was shown by {wrong}"));
                keep(world, WRONG_INPUT, Err(failure));
                return Ok(());
            }
        }
    }
    if accepted.is_empty() {
        world.remark("no wrong input could be sent");
        return Ok(());
    }
    Err(Stop::fail(
        "invalid input never gives an error",
        "a clear error: invalid",
        format!("accepted: {}", accepted.join(", ")),
    ))
}

fn wrong_inputs(world: &mut LockVendor) -> Result<Vec<(&'static str, PinRequest)>, Stop> {
    let bench = world.bench()?;
    let lock = bench.free_lock(0)?;
    let later = world.whole_window(2 * HOUR, HOUR)?;
    let until = (bench.now() - 2 * DAY).floor(unit(&bench.dialect().limits));
    let mut inputs = Vec::new();
    for (wrong, window) in [
        ("an end before its start", Window::new(later.until, later.from)),
        ("a window in the past", Window::new(until - 2 * DAY, until)),
    ] {
        inputs.push((wrong, world.pin_request(&lock, window)?));
    }
    let rules = &bench.dialect().limits.pin;
    if rules.chosen_by == ChosenBy::Caller {
        let lengths = [
            ("a PIN that is too long", rules.max_length.checked_add(1)),
            ("a PIN that is too short", { rules.min_length.checked_sub(1).filter(|length| *length > 0) }),
        ];
        for (wrong, length) in lengths {
            let Some(length) = length else { continue };
            let mut request = world.pin_request(&lock, later)?;
            request.pin = Some(super::pin_rules::varied(length, &rules.alphabet)?);
            inputs.push((wrong, request));
        }
    }
    Ok(inputs)
}

async fn provoke_conflict(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    if bench.dialect().limits.pin.chosen_by == ChosenBy::Vendor {
        world.remark("the vendor chooses the PIN, so no conflict could be provoked");
        return Ok(());
    }
    let first = world.create_for_two_hours().await?;
    bench.pass(bench.dialect().limits.delays.creation).await?;
    let lock = world.lock()?;
    let window = world.whole_window(MINUTE, HOUR)?;
    let mut request = world.pin_request(&lock, window)?;
    request.pin = Some(world.bare_pin(&first)?);
    match world.ask_for(request).await? {
        Ok(second) if second.typed != first.typed => {
            world.remark("a PIN in use is answered with another PIN, not with an error");
        }
        other => keep(world, PIN_IN_USE, other.map(drop)),
    }
    Ok(())
}

async fn provoke_offline(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let Ok(lock) = bench.offline_lock() else {
        world.warn(
            "no offline lock could be tried",
            "an offline lock in the test environment",
            "none is named",
        );
        return Ok(());
    };
    if dialect.supports(Function::Unlock) {
        bench.may_actuate(&lock)?;
        let result = bench.unlock(&lock).await;
        keep(world, OFFLINE_LOCK, result);
        return Ok(());
    }
    let rules = &dialect.limits.pin;
    let refuses = rules.delivery == Delivery::Lock && rules.offline == OfflinePolicy::Refuse;
    if dialect.supports(Function::CreatePinAccess) && refuses {
        let window = world.whole_window(MINUTE, HOUR)?;
        let request = world.pin_request(&lock, window)?;
        let result = world.ask_for(request).await?.map(drop);
        keep(world, OFFLINE_LOCK, result);
        return Ok(());
    }
    world.remark("nothing that the vendor supports needs a lock that can be reached");
    bench.pass(SECOND).await?;
    Ok(())
}

async fn own_kinds(world: &mut LockVendor) -> Step {
    if world.calls.len() < 2 {
        return Err(Stop::Inconclusive("too few mistakes could be tried to tell errors apart".to_owned()));
    }
    let (accepted, refused): (Vec<_>, Vec<_>) = world.calls.iter().partition(|(_, result)| result.is_ok());
    for (tried, _) in &accepted {
        // There is no error to tell apart; that it must be refused stands elsewhere.
        world.remark(format!("{tried} was accepted (see {})", owner(tried)));
    }
    for (tried, result) in &refused {
        match result {
            // As LV-81 has it: a documented timeout is a clear error, if a poor one.
            Err(failure) if tried == OFFLINE_LOCK && expect::is_told_timeout(failure) => world.warn(
                "an offline lock is told as a timeout behind the vendor",
                "an error that says that the lock is offline",
                failure.to_string(),
            ),
            result => expect::refusal(tried, result, expected(tried))?,
        }
    }
    if refused.len() < 2 {
        return Err(Stop::Inconclusive("too few mistakes were refused to tell errors apart".to_owned()));
    }
    world.remark(format!("{} mistakes, each with an error of its own kind", refused.len()));
    Ok(())
}

/// The criterion by which the mistake must be refused at all.
fn owner(tried: &str) -> &'static str {
    match tried {
        BAD_CREDENTIALS => "LV-04",
        UNKNOWN_LOCK => "LV-36",
        WRONG_INPUT => "LV-44",
        PIN_IN_USE => "LV-45",
        _ => "LV-46 and LV-81",
    }
}

/// The kinds that somebody who calls these functions must be able to meet.
fn applicable(dialect: &Dialect) -> Vec<FailureKind> {
    let mut kinds = vec![FailureKind::Credentials, FailureKind::NotFound, FailureKind::Invalid];
    let pins = dialect.supports(Function::CreatePinAccess);
    let rules = &dialect.limits.pin;
    if pins && rules.chosen_by == ChosenBy::Caller {
        kinds.push(FailureKind::Conflict);
    }
    let commands = [Function::Unlock, Function::HoldOpen, Function::ReturnToNormal];
    let pins_refused = pins && rules.delivery == Delivery::Lock && rules.offline == OfflinePolicy::Refuse;
    if pins_refused || commands.iter().any(|function| dialect.supports(*function)) {
        kinds.push(FailureKind::Offline);
    }
    kinds
}

async fn kinds_documented(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let documented: Vec<FailureKind> =
        dialect.operations().iter().flat_map(|operation| operation.documented_failures()).collect();
    let missing: Vec<&str> = applicable(dialect)
        .into_iter()
        .filter(|kind| !documented.contains(kind))
        .map(FailureKind::as_str)
        .collect();
    if documented.contains(&FailureKind::Busy) {
        world.remark("`busy` cannot be provoked and is judged by its documented shape");
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        "errors that callers will meet are not documented",
        "an example of each kind of error that applies",
        format!("not documented: {}", missing.join(", ")),
    ))
}

/// Each documented error must be read back as what it is, and no two of one
/// call may be the same in status and body.
async fn distinct_shapes(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let mut looked = 0;
    for operation in bench.dialect().operations() {
        let mut shapes: BTreeMap<(u16, Vec<u8>), FailureKind> = BTreeMap::new();
        for (kind, example) in operation.error_examples() {
            looked += 1;
            match operation.read_answer(&example) {
                Answer::Refused { kind: read, .. } if read == kind => {}
                other => {
                    let read = match other {
                        Answer::Refused { kind, .. } => kind.as_str(),
                        Answer::Success { .. } => "success",
                        Answer::Undocumented { .. } => "nothing documented",
                    };
                    return Err(Stop::fail(
                        format!(
                            "a documented error of `{}` cannot be told from another answer",
                            operation.name()
                        ),
                        kind.as_str(),
                        format!("it reads as {read}"),
                    ));
                }
            }
            if let Some(other) = shapes.insert((example.status, example.body.clone()), kind)
                && other != kind
            {
                return Err(Stop::fail(
                    format!("two documented errors of `{}` look the same", operation.name()),
                    format!("{} and {} told apart", other.as_str(), kind.as_str()),
                    format!("status {} and the same body for both", example.status),
                ));
            }
        }
    }
    if looked == 0 {
        return Err(Stop::fail("the vendor documents no error", "an example of each error", "none"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::profile;

    #[test]
    fn the_kinds_follow_from_what_is_supported() {
        let dialect = profile::load("reference").unwrap();
        let kinds = applicable(&dialect);
        assert!(kinds.contains(&FailureKind::Offline), "{kinds:?}");
        let chooses = dialect.limits.pin.chosen_by == ChosenBy::Caller;
        assert_eq!(kinds.contains(&FailureKind::Conflict), chooses);
    }
}
