//! PINs that are computed without contact to the lock: LV-90.

use std::time::Duration;

use cucumber::step::Collection;

use super::arrange::{HOUR, MINUTE};
use super::expect;
use super::world::LockVendor;
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::{Condition, Dialect, Step as PlanStep, Support};
use crate::vendors::vocabulary::{Function, LockId, Pin, Window};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        given "the vendor declares computed PINs" => declared;
        given "computed PINs can be asked for" => has_endpoint;
        then "their input, rounding, longest validity, activation deadline and revocability are described" => described;
        when "computed PINs are asked for two separate windows" => ask_for_two;
        then "the two PINs differ" => differ;
        then "each opens in its own window only" => own_window_only;
        given "computed PINs are asked for in several ways" => has_kinds;
        when "a computed PIN is asked for with a window of every kind" => ask_for_kinds;
        then "each opens at the start of its window" => opens_at_start;
        given "the vendor computes several PINs for one window" => has_variants;
        when "two computed PINs are asked for the same window" => ask_twice;
        then "both open in their window" => both_open;
    }
}

fn is_declared(dialect: &Dialect) -> bool {
    dialect.supports(Function::AlgoPin) || dialect.limits.algo_pin.is_some()
}

async fn declared(world: &mut LockVendor) -> Step {
    if is_declared(world.bench()?.dialect()) {
        return Ok(());
    }
    Err(Stop::NotApplicable("the vendor has no computed PINs".to_owned()))
}

async fn has_endpoint(world: &mut LockVendor) -> Step {
    if world.bench()?.dialect().supports(Function::AlgoPin) {
        return Ok(());
    }
    Err(Stop::NotApplicable("computed PINs have no endpoint".to_owned()))
}

async fn described(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let limits = dialect.limits.algo_pin.as_ref();
    let noted = dialect
        .function_notes
        .iter()
        .any(|(function, note)| *function == Function::AlgoPin && !note.trim().is_empty());
    let gaps: Vec<&str> = [
        ("the input", noted),
        ("the window's rounding", limits.is_some_and(|limits| limits.rounding.is_some())),
        ("the longest validity", limits.is_some_and(|limits| limits.max_validity.is_some())),
        ("the activation deadline", limits.is_some_and(|limits| limits.activate_within.is_some())),
        ("whether it can be withdrawn", limits.is_some_and(|limits| limits.revocable.is_some())),
    ]
    .into_iter()
    .filter(|(_, said)| !said)
    .map(|(what, _)| what)
    .collect();
    if gaps.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        "computed PINs are not described fully",
        "input, rounding, longest validity, activation deadline, revocability",
        format!("not described: {}", gaps.join(", ")),
    ))
}

async fn ask_for_two(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = bench.free_lock(0)?;
    world.lock = Some(lock.clone());
    let unit = unit_of(bench.dialect());
    let first = (bench.now() + MINUTE).ceil(unit);
    for start in [first, first + 4 * unit] {
        let window = Window::new(start, start + 2 * unit);
        let answer = bench.inlet().algo_pin(&lock, window).await;
        let (pin, told) = expect::success("asking for a computed PIN", answer)?;
        if told != window {
            return Err(Stop::fail(
                "a computed PIN came for another window than the one asked for",
                format!("{} to {}", window.from, window.until),
                format!("{} to {}", told.from, told.until),
            ));
        }
        world.computed.push((pin, window));
    }
    Ok(())
}

type Computed = (Pin, Window);

fn both(world: &LockVendor) -> Result<(Computed, Computed), Stop> {
    match world.computed.as_slice() {
        [first, second] => Ok((first.clone(), second.clone())),
        _ => Err(Stop::Error("two computed PINs were to be asked for".to_owned())),
    }
}

async fn differ(world: &mut LockVendor) -> Step {
    let ((first, _), (second, _)) = both(world)?;
    if first != second {
        return Ok(());
    }
    Err(Stop::fail("two windows have the same computed PIN", "a PIN for each window", "the same PIN twice"))
}

async fn own_window_only(world: &mut LockVendor) -> Step {
    let ((first, early), (second, late)) = both(world)?;
    let lock = world.lock()?;
    world.must_not_open(&lock, &first, "before the window of a computed PIN").await?;
    world.pass_until(early.from + MINUTE).await?;
    world.must_open(&lock, &first, "in the window of its computed PIN").await?;
    world.must_not_open(&lock, &second, "in the window of another computed PIN").await?;
    world.pass_until(late.from + MINUTE).await?;
    world.must_open(&lock, &second, "in the window of its computed PIN").await?;
    world.must_not_open(&lock, &first, "after the window of a computed PIN").await?;
    world.pass_until(late.until).await?;
    world.must_not_open(&lock, &second, "after the window of a computed PIN").await
}

/// The lengths from which on windows are asked for in another way.
fn kinds(dialect: &Dialect) -> Vec<Duration> {
    let Support::Supported(plan) = dialect.function(Function::AlgoPin) else { return Vec::new() };
    let condition = |step: &PlanStep| match step {
        PlanStep::Guarded { step, .. } if matches!(**step, PlanStep::Unsupported { .. }) => None,
        PlanStep::Guarded { guard, .. } => guard.when.clone(),
        _ => None,
    };
    let spans = plan.steps.iter().filter_map(condition).filter_map(|condition| match condition {
        Condition::Window { at_least, .. } => Some(at_least.unwrap_or(2 * HOUR)),
        _ => None,
    });
    spans.collect()
}

async fn has_kinds(world: &mut LockVendor) -> Step {
    has_endpoint(world).await?;
    if kinds(world.bench()?.dialect()).len() > 1 {
        return Ok(());
    }
    Err(Stop::NotApplicable("computed PINs are asked for in one way, whatever their window".to_owned()))
}

async fn ask_for_kinds(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = bench.free_lock(0)?;
    world.lock = Some(lock.clone());
    let start = (bench.now() + MINUTE).ceil(unit_of(bench.dialect()));
    for span in kinds(bench.dialect()) {
        compute(world, &lock, Window::new(start, start + span)).await?;
    }
    Ok(())
}

/// What windows of computed PINs are whole in.
fn unit_of(dialect: &Dialect) -> Duration {
    let limits = dialect.limits.algo_pin.as_ref();
    limits.and_then(|limits| limits.rounding).unwrap_or(HOUR).max(HOUR)
}

async fn compute(world: &mut LockVendor, lock: &LockId, window: Window) -> Step {
    let answer = world.bench()?.inlet().algo_pin(lock, window).await;
    let (pin, told) = expect::success("asking for a computed PIN", answer)?;
    world.computed.push((pin, told));
    Ok(())
}

async fn opens_at_start(world: &mut LockVendor) -> Step {
    let (computed, lock) = (world.computed.clone(), world.lock()?);
    for (pin, window) in computed {
        world.pass_until(window.from + MINUTE).await?;
        world.must_open(&lock, &pin, "at the start of the window of its computed PIN").await?;
    }
    Ok(())
}

async fn has_variants(world: &mut LockVendor) -> Step {
    has_endpoint(world).await?;
    let bench = world.bench()?;
    let limits = bench.dialect().limits.algo_pin.as_ref();
    if limits.is_some_and(|limits| limits.variants > 1) {
        return Ok(());
    }
    Err(Stop::NotApplicable("the vendor documents one computed PIN for a lock and a window".to_owned()))
}

async fn ask_twice(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = bench.free_lock(0)?;
    world.lock = Some(lock.clone());
    let start = (bench.now() + MINUTE).ceil(unit_of(bench.dialect()));
    let window = Window::new(start, start + 2 * unit_of(bench.dialect()));
    compute(world, &lock, window).await?;
    compute(world, &lock, window).await
}

async fn both_open(world: &mut LockVendor) -> Step {
    opens_at_start(world).await
}
