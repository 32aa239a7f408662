//! Errors that can be told apart: LV-96.

use std::collections::BTreeMap;

use cucumber::step::Collection;

use super::arrange::{HOUR, MINUTE, SECOND};
use super::expect;
use super::world::LockVendor;
use crate::harness::integration::CallFailure;
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::Answer;
use crate::vendors::profile::{ChosenBy, Delivery, OfflinePolicy};
use crate::vendors::vocabulary::{FailureKind, Function, Window};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        when "bad credentials, an unknown lock, a wrong window, a PIN in use and an offline lock are tried" => provoke_all;
        then "each is answered with an error of its own kind" => own_kinds;
        then "no two documented errors of one call look the same" => distinct_shapes;
    }
}

/// What was tried; the kinds that answer it are those of [`expected`].
const BAD_CREDENTIALS: &str = "bad credentials";
const UNKNOWN_LOCK: &str = "an unknown lock";
const WRONG_WINDOW: &str = "an end before its start";
const PIN_IN_USE: &str = "a PIN in use";
const OFFLINE_LOCK: &str = "an offline lock";

fn expected(tried: &str) -> &'static [FailureKind] {
    match tried {
        BAD_CREDENTIALS => &[FailureKind::Credentials],
        UNKNOWN_LOCK => &[FailureKind::NotFound],
        WRONG_WINDOW => &[FailureKind::Invalid],
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
        let lock = bench.free_lock(0)?;
        let window = world.whole_window(2 * HOUR, HOUR)?;
        let request = world.pin_request(&lock, Window::new(window.until, window.from))?;
        let result = world.ask_for(request).await?.map(drop);
        keep(world, WRONG_WINDOW, result);
        provoke_conflict(world).await?;
    }
    provoke_offline(world).await
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
    for (tried, result) in &world.calls {
        expect::refusal(tried, result, expected(tried))?;
    }
    world.remark(format!("{} mistakes, each with an error of its own kind", world.calls.len()));
    Ok(())
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
