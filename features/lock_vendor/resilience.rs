//! Lost answers and Inlet's rule of retrying: LV-95.

use std::time::Duration;

use cucumber::step::Collection;

use super::arrange::{HOUR, MINUTE, SECOND};
use super::expect::{self, some_of};
use super::pins::scope_lock;
use super::world::LockVendor;
use crate::harness::bench::Loss;
use crate::harness::integration::{CallFailure, MobileAccess, MobileRequest, PinAccess, PinRequest, Retries};
use crate::harness::result::{Exchange, Received};
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::{Dialect, Plan, Repeat, Step as PlanStep, Support};
use crate::vendors::profile::ChosenBy;
use crate::vendors::vocabulary::{AccessId, CredentialId, FailureKind, Field, Function, Meaning};

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
    operation: String,
    exchanges: Vec<Exchange>,
    created: Created,
}

enum Created {
    Pin {
        request: Box<PinRequest>,
        /// The accesses that came to the lock meanwhile, where they can be listed.
        added: Option<Vec<AccessId>>,
        result: Box<Result<PinAccess, CallFailure>>,
    },
    Mobile {
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

fn take_losses(world: &mut LockVendor) -> Result<Vec<Outcome>, Stop> {
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

/// A verdict may rest on a loss only where it took place.
fn was_lost(world: &LockVendor, outcome: &Outcome) -> Step {
    let attempts: Vec<&Exchange> =
        outcome.exchanges.iter().filter(|exchange| exchange.operation == outcome.operation).collect();
    let lost = attempts.iter().any(|exchange| matches!(exchange.response, Received::Nothing { .. }));
    if !lost {
        return Err(Stop::Inconclusive(format!(
            "the answer to `{}` was not lost as planned",
            outcome.operation
        )));
    }
    let first = attempts.first().map(|exchange| exchange.at);
    let times = attempts
        .iter()
        .map(|exchange| format!("{} s", first.map_or(0, |first| exchange.at.since(first).as_secs())));
    world.remark(format!("`{}` was sent at {}", outcome.operation, times.collect::<Vec<_>>().join(", ")));
    Ok(())
}

/// Inlet's gap between two attempts (API integration guide, 3.2 step 4).
const GAP: (Duration, Duration) = (Duration::from_secs(180), Duration::from_secs(300));

/// Our own side must have kept to the rule, or the verdict rests on something
/// else than the rule. Only a simulated world has one clock for both sides.
fn by_the_rule(world: &LockVendor, outcome: &Outcome) -> Step {
    if !world.bench()?.is_simulated() {
        return Ok(());
    }
    match broken_gap(&outcome.exchanges, &outcome.operation) {
        None => Ok(()),
        Some(gap) => Err(Stop::Error(format!(
            "`{}` was repeated {} s after its lost attempt, the rule says {} to {} s",
            outcome.operation,
            gap.as_secs(),
            GAP.0.as_secs(),
            GAP.1.as_secs()
        ))),
    }
}

/// A time from the start of a lost attempt to whatever came next (the repeated
/// call, or what is looked up before it) that the rule does not allow.
fn broken_gap(exchanges: &[Exchange], operation: &str) -> Option<Duration> {
    exchanges.iter().zip(exchanges.iter().skip(1)).find_map(|(lost, next)| {
        let was_lost = lost.operation == operation && matches!(lost.response, Received::Nothing { .. });
        let gap = next.at.since(lost.at);
        (was_lost && !(GAP.0..=GAP.1).contains(&gap)).then_some(gap)
    })
}

fn ended<T: Clone>(operation: &str, result: &Result<T, CallFailure>) -> Result<T, Stop> {
    result.clone().map_err(|failure| match &failure.escalation {
        Some(escalation) => Stop::fail(
            format!("after a lost answer to `{operation}` repeating never led to success"),
            "one access in the end",
            format!("{failure}; {} attempts, support was told", escalation.attempts),
        ),
        None => match Stop::unexpected(&format!("creating after a lost answer to `{operation}`"), &failure) {
            Stop::Inconclusive(reason) => Stop::Inconclusive(reason),
            _ => Stop::fail(
                format!("after a lost answer to `{operation}` there is no access"),
                "one access in the end",
                failure.to_string(),
            ),
        },
    })
}

async fn one_pin_each(world: &mut LockVendor) -> Step {
    let mut ends = Vec::new();
    for outcome in take_losses(world)? {
        let Created::Pin { request, added, result } = &outcome.created else {
            return Err(Stop::Error("the scenario lost the answers of something else".to_owned()));
        };
        was_lost(world, &outcome)?;
        by_the_rule(world, &outcome)?;
        let access = ended(&outcome.operation, result)?;
        let listed = one_in_the_list(world, &outcome.operation, added.as_deref(), &access).await?;
        opens_in_the_end(world, &outcome.operation, request, &access, listed).await?;
        ends.push((outcome.operation.clone(), (**request).clone(), access));
    }
    // Only when every access was seen: a removal might take others along (LV-52).
    for (operation, request, access) in &ends {
        nothing_left_at_the_door(world, operation, request, access).await?;
    }
    Ok(())
}

fn several(operation: &str, observed: String) -> Stop {
    Stop::fail(
        format!("a lost answer to `{operation}` led to more than one access"),
        "exactly one access",
        observed,
    )
}

async fn one_in_the_list(
    world: &mut LockVendor,
    operation: &str,
    added: Option<&[AccessId]>,
    access: &PinAccess,
) -> Result<bool, Stop> {
    let Some(added) = added else {
        // The list is missing: only a PIN of ours that is taken back shows at the door whether another holds it.
        if world.bench()?.dialect().limits.pin.chosen_by == ChosenBy::Vendor {
            return Err(Stop::Inconclusive(format!(
                "after a lost answer to `{operation}` a second access could not be seen: the vendor chooses \
                 the PINs and lists none"
            )));
        }
        world.remark("the vendor lists no PINs; judged at the door alone");
        return Ok(false);
    };
    match added {
        [one] if *one == access.id => Ok(true),
        [] if !ordinary_is_listed(world).await? => {
            world.remark("the vendor's list holds no new PIN at all (see LV-40); judged at the door");
            Ok(false)
        }
        [] => Err(Stop::fail(
            format!("after a lost answer to `{operation}` the access is not listed"),
            "exactly one access",
            "none",
        )),
        [other] => Err(Stop::fail(
            format!(
                "after a lost answer to `{operation}` another access is listed than the one that was told"
            ),
            access.id.to_string(),
            other.to_string(),
        )),
        more => Err(several(operation, format!("{} new on the lock: {}", more.len(), some_of(more)))),
    }
}

/// Whether the list holds a PIN whose creation lost nothing.
async fn ordinary_is_listed(world: &mut LockVendor) -> Result<bool, Stop> {
    let ordinary = world.create_for_two_hours().await?;
    let bench = world.bench()?;
    bench.pass(bench.dialect().limits.delays.creation).await?;
    let listed = world.listed_ids(&world.lock()?).await?;
    Ok(listed.is_some_and(|ids| ids.contains(&ordinary.id)))
}

/// Whether a PIN whose creation lost nothing stops opening once it is removed.
async fn ordinary_stops_opening(world: &mut LockVendor) -> Result<bool, Stop> {
    let ordinary = world.create_for_two_hours().await?;
    let window = world.request(world.requests.len().saturating_sub(1))?.window;
    world.until_in_force(window).await?;
    let bench = world.bench()?;
    expect::success("removing a PIN", bench.inlet().remove_pin_access(&ordinary).await)?;
    bench.pass(bench.dialect().limits.delays.removal + SECOND).await?;
    let keys = world.keys(&ordinary)?;
    Ok(!world.try_keys(&world.lock()?, &keys).await?.opened)
}

/// It opens its lock; where nobody can type, the list has decided.
async fn opens_in_the_end(
    world: &LockVendor,
    operation: &str,
    request: &PinRequest,
    access: &PinAccess,
    listed: bool,
) -> Step {
    let bench = world.bench()?;
    let lock = scope_lock(&request.scope)?;
    let keys = world.keys(access)?;
    if let Err(missing) = bench.keypad() {
        // Where nobody can type, the list decides; where it is silent too, nothing does.
        return if listed { Ok(()) } else { Err(missing.into()) };
    }
    // That windows are exact is judged by LV-42.
    world.until_in_force(request.window).await?;
    bench.pass(MINUTE).await?;
    let tried = bench.type_keys(&lock, &keys).await?;
    if tried.opened {
        return Ok(());
    }
    Err(Stop::fail(
        format!("after a lost answer to `{operation}` the PIN does not open"),
        "the door opens",
        tried.why,
    ))
}

/// Once the access is removed nothing else with its PIN opens.
async fn nothing_left_at_the_door(
    world: &mut LockVendor,
    operation: &str,
    request: &PinRequest,
    access: &PinAccess,
) -> Step {
    let bench = world.bench()?;
    let lock = scope_lock(&request.scope)?;
    let keys = world.keys(access)?;
    if !bench.dialect().supports(Function::RemovePinAccess)
        || bench.dialect().limits.pin.irrevocable.is_some()
    {
        if bench.dialect().supports(Function::ListPinAccess) {
            return Ok(());
        }
        return Err(Stop::Inconclusive(format!(
            "after a lost answer to `{operation}` a second access could not be seen: the vendor lists no PINs \
             and takes none back"
        )));
    }
    match bench.inlet().remove_pin_access(access).await {
        // What is gone already leaves nothing behind either.
        Err(failure) if failure.kind == FailureKind::NotFound => {}
        removed => expect::success("removing the PIN", removed)?,
    }
    bench.pass(bench.dialect().limits.delays.removal + SECOND).await?;
    // Where nobody can type, the list has decided.
    let Ok(tried) = bench.type_keys(&lock, &keys).await else { return Ok(()) };
    if !tried.opened {
        return Ok(());
    }
    if ordinary_stops_opening(world).await? {
        return Err(several(operation, format!("its PIN opens after the access was removed: {}", tried.why)));
    }
    if !bench.dialect().supports(Function::ListPinAccess) {
        return Err(Stop::Inconclusive(
            "removed PINs go on opening (see LV-50), so a second access could not be seen".to_owned(),
        ));
    }
    world.remark("removed PINs go on opening (see LV-50); judged by the list alone");
    Ok(())
}

impl Outcome {
    /// The id of the mobile access that came of it.
    fn mobile(&self) -> Option<CredentialId> {
        match &self.created {
            Created::Mobile { result } => result.as_ref().as_ref().ok().map(|access| access.id.clone()),
            Created::Pin { .. } => None,
        }
    }
}

/// Whether two keys may be one guest's: nothing that is known of both tells them apart.
fn may_be_one_guest(key: &MobileAccess, other: &MobileAccess) -> bool {
    let same_user = match (&key.user, &other.user) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    let (one, other) = (key.facts.text(&Field::UserEmail), other.facts.text(&Field::UserEmail));
    same_user && (one.is_none() || other.is_none() || one == other)
}

async fn one_mobile_each(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let losses = take_losses(world)?;
    let made: Vec<CredentialId> = losses.iter().filter_map(Outcome::mobile).collect();
    for outcome in losses {
        let Created::Mobile { result } = &outcome.created else {
            return Err(Stop::Error("the scenario lost the answers of something else".to_owned()));
        };
        was_lost(world, &outcome)?;
        by_the_rule(world, &outcome)?;
        let access = ended(&outcome.operation, result)?;
        if !bench.dialect().supports(Function::ListMobileAccess) {
            return Err(Stop::Inconclusive(
                "the vendor lists no mobile access, so a second one could not be seen".to_owned(),
            ));
        }
        let mut all =
            expect::success("listing mobile access", bench.inlet().list_mobile_access(&access).await)?;
        // A list may be of the lock: the other guests' keys are in it rightly.
        all.retain(|key| key.id == access.id || !made.contains(&key.id) && may_be_one_guest(key, &access));
        match all.as_slice() {
            [one] if one.id == access.id => {}
            [] => {
                return Err(Stop::fail(
                    format!("after a lost answer to `{}` the mobile access is not listed", outcome.operation),
                    "exactly one access",
                    "none",
                ));
            }
            more => {
                return Err(several(
                    &outcome.operation,
                    format!("{} keys of the guest: {}", more.len(), some_of(more.iter().map(|key| &key.id))),
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::result::{SentRequest, TransportFailure};
    use crate::vendors::vocabulary::Instant;

    fn exchange(operation: &str, second: i64, lost: bool) -> Exchange {
        let request = SentRequest {
            method: "POST".to_owned(),
            url: String::new(),
            headers: Vec::new(),
            body: String::new(),
        };
        let nothing = Received::Nothing { why: TransportFailure::Reset, detail: String::new() };
        let answer = Received::Answer {
            status: 200,
            headers: Vec::new(),
            body: String::new(),
            failure: None,
            undocumented: None,
        };
        Exchange {
            id: format!("x-{second}"),
            criterion: None,
            operation: operation.to_owned(),
            at: Instant::from_epoch_ms(second * 1000),
            took_ms: 0,
            request,
            response: if lost { nothing } else { answer },
        }
    }

    #[test]
    fn attempts_must_be_three_to_five_minutes_apart() {
        for (second, kept) in [(179, false), (180, true), (300, true), (301, false)] {
            let looked_up = [exchange("set", 0, true), exchange("list", second, false)];
            assert_eq!(broken_gap(&looked_up, "set").is_none(), kept, "{second}");
        }
        let unhurried = [exchange("user", 0, false), exchange("set", 1, false)];
        assert_eq!(broken_gap(&unhurried, "set"), None);
    }
}
