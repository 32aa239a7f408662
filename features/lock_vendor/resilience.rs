//! Lost answers and Inlet's rule of retrying: LV-95.

use cucumber::step::Collection;

use super::arrange::HOUR;
use super::lost_mobiles::one_mobile_each;
use super::lost_pins::one_pin_each;
use super::world::LockVendor;
use crate::harness::bench::Loss;
use crate::harness::integration::{CallFailure, MobileAccess, MobileRequest, PinAccess, PinRequest, Retries};
use crate::harness::result::Exchange;
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::{Dialect, Plan, Repeat, Step as PlanStep, Support};
use crate::vendors::vocabulary::{AccessId, Function, Meaning};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        given "PINs can be created" => pins_supported;
        given "mobile access can be created" => mobile_supported;
        then "the vendor offers a way to repeat a PIN's creation safely" => pin_repeatable;
        then "the vendor offers a way to repeat a mobile access's creation safely" => mobile_repeatable;
        when "(the connection breaks|no answer comes) (after|before) each creating call of a PIN (?:was|is) carried out" => lose_pins;
        when "(the connection breaks|no answer comes) (after|before) each creating call of mobile access (?:was|is) carried out" => lose_mobiles;
        then "each guest ends with exactly one PIN" => one_pin_each;
        then "each guest ends with exactly one mobile access" => one_mobile_each;
    }
}

/// What came of a creation whose answer was lost.
pub(super) struct Outcome {
    /// The call whose answer was lost.
    pub(super) operation: String,
    /// Everything that was said from then on.
    pub(super) exchanges: Vec<Exchange>,
    /// What was being created, and how it ended.
    pub(super) created: Created,
}

/// What was being created.
pub(super) enum Created {
    /// A PIN.
    Pin {
        /// What was asked for.
        request: Box<PinRequest>,
        /// The accesses that came to the lock meanwhile, where they can be listed.
        added: Option<Vec<AccessId>>,
        /// How it ended.
        result: Box<Result<PinAccess, CallFailure>>,
    },
    /// Mobile access.
    Mobile {
        /// How it ended.
        result: Box<Result<MobileAccess, CallFailure>>,
    },
}

async fn supported(world: &LockVendor, function: Function) -> Step {
    if world.bench()?.dialect().supports(function) {
        return Ok(());
    }
    Err(Stop::NotApplicable(format!("the vendor does not support: {}", function.title())))
}

async fn pins_supported(world: &mut LockVendor) -> Step {
    supported(world, Function::CreatePinAccess).await
}

async fn mobile_supported(world: &mut LockVendor) -> Step {
    supported(world, Function::CreateMobileAccess).await
}

/// The calls of a plan that change something, with what makes each repeatable.
fn creating_calls(dialect: &Dialect, function: Function) -> Vec<(String, Repeat)> {
    fn collect(dialect: &Dialect, steps: &[PlanStep], calls: &mut Vec<(String, Repeat)>) {
        for step in steps {
            match step {
                PlanStep::Call { operation, repeat, .. } => {
                    let changes = dialect.operation(operation).is_some_and(|known| {
                        matches!(
                            known.meaning(),
                            Meaning::UpsertUser
                                | Meaning::AssignAccess
                                | Meaning::SetPin
                                | Meaning::CreateMobile
                                | Meaning::AlgoPin
                                | Meaning::UpdatePin
                        )
                    });
                    if changes && !calls.iter().any(|(name, _)| name == operation) {
                        calls.push((operation.clone(), repeat.clone()));
                    }
                }
                PlanStep::Each { steps } => collect(dialect, steps, calls),
                PlanStep::Guarded { step, .. } => collect(dialect, std::slice::from_ref(step), calls),
                _ => {}
            }
        }
    }
    let mut calls = Vec::new();
    if let Support::Supported(Plan { steps }) = dialect.function(function) {
        collect(dialect, steps, &mut calls);
    }
    calls
}

fn repeatable(world: &LockVendor, function: Function) -> Step {
    let bench = world.bench()?;
    let calls = creating_calls(bench.dialect(), function);
    if calls.is_empty() {
        return Err(Stop::Inconclusive("the declared plan has no call that creates something".to_owned()));
    }
    let unsafe_calls: Vec<&str> =
        calls.iter().filter(|(_, repeat)| *repeat == Repeat::Unsafe).map(|(name, _)| name.as_str()).collect();
    if unsafe_calls.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        "a creation cannot be repeated safely when its answer is lost",
        "the vendor repeats idempotently, refuses the duplicate, or lets it be found by listing",
        format!("none of the three is declared for: {}", unsafe_calls.join(", ")),
    ))
}

async fn pin_repeatable(world: &mut LockVendor) -> Step {
    repeatable(world, Function::CreatePinAccess)
}

async fn mobile_repeatable(world: &mut LockVendor) -> Step {
    repeatable(world, Function::CreateMobileAccess)
}

fn how(loss: &str, moment: &str) -> (Loss, bool) {
    let loss = if loss == "the connection breaks" { Loss::Reset } else { Loss::Withheld };
    (loss, moment == "after")
}

/// The seed of the pauses between attempts; any will do, and the same one
/// makes a run repeatable.
const SEED: u64 = 95;

async fn lose_pins(world: &mut LockVendor, loss: String, moment: String) -> Step {
    repeatable(world, Function::CreatePinAccess)?;
    let bench = world.bench()?;
    let (loss, carried_out) = how(&loss, &moment);
    let lock = bench.free_lock(0)?;
    for (operation, _) in creating_calls(bench.dialect(), Function::CreatePinAccess) {
        let window = world.whole_window(HOUR, 4 * HOUR)?;
        let request = world.pin_request(&lock, window)?;
        let before = world.listed_ids(&lock).await?;
        let mark = bench.recorder().mark();
        let inlet = bench.lose_answer(&operation, loss, carried_out).await?;
        let result = bench.create_pin(&inlet.with_retries(Retries::InletRule { seed: SEED }), &request).await;
        bench.pass(bench.dialect().limits.delays.creation).await?;
        let after = world.listed_ids(&lock).await?;
        let added = before
            .zip(after)
            .map(|(before, after)| after.into_iter().filter(|id| !before.contains(id)).collect::<Vec<_>>());
        let created = Created::Pin { request: Box::new(request), added, result: Box::new(result) };
        world.losses.push(Outcome { operation, exchanges: bench.recorder().since(mark), created });
    }
    Ok(())
}

async fn lose_mobiles(world: &mut LockVendor, loss: String, moment: String) -> Step {
    repeatable(world, Function::CreateMobileAccess)?;
    let bench = world.bench()?;
    let (loss, carried_out) = how(&loss, &moment);
    let lock = bench.free_lock(0)?;
    for (operation, _) in creating_calls(bench.dialect(), Function::CreateMobileAccess) {
        let window = world.whole_window(HOUR, 4 * HOUR)?;
        let request: MobileRequest = super::mobile::request(world, &lock, window)?;
        let mark = bench.recorder().mark();
        let inlet = bench.lose_answer(&operation, loss, carried_out).await?;
        let inlet = inlet.with_retries(Retries::InletRule { seed: SEED });
        let result = bench.create_mobile(&inlet, &request).await;
        let created = Created::Mobile { result: Box::new(result) };
        world.losses.push(Outcome { operation, exchanges: bench.recorder().since(mark), created });
    }
    Ok(())
}

/// The losses of the scenario, each with what came of it.
pub(super) fn take_losses(world: &mut LockVendor) -> Result<Vec<Outcome>, Stop> {
    let losses = std::mem::take(&mut world.losses);
    if losses.is_empty() {
        return Err(Stop::Inconclusive("no creating call was found whose answer could be lost".to_owned()));
    }
    if !world.bench()?.real_gaps() {
        world.warn(
            "the pauses between the attempts were not really waited out",
            "a repetition after 3 to 5 minutes",
            "a repetition after the documented time of a creation (real_retry_gaps in the subject file)",
        );
    }
    Ok(losses)
}
