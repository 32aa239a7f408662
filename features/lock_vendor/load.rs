//! Rate limits and many calls at once: LV-97, LV-98.

use std::collections::BTreeSet;
use std::time::Duration;

use cucumber::step::Collection;
use futures::future::join_all;

use super::arrange::{HOUR, MINUTE, SECOND};
use super::expect::{self, some_of};
use super::world::LockVendor;
use crate::harness::integration::{CallFailure, LockStatus};
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::Dialect;
use crate::vendors::profile::RateLimit;
use crate::vendors::vocabulary::{FailureKind, Function, LockId};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        when "more calls are made than the documented limit allows" => exceed_limit;
        then "the vendor announces the limit and how long to wait" => limit_announced;
        then "a call succeeds after that wait" => succeeds_after_wait;
        when "locks and statuses are read one by one and then all at once" => read_both_ways;
        then "the results are the same" => same_results;
        when "five guests get their PINs at once" => create_at_once;
        then "each has a PIN of their own, as if created one by one" => own_pins;
    }
}

/// A limit with the call by which it is tried.
#[derive(Clone, Copy)]
struct Tried {
    limit: RateLimit,
    /// `None` for the limit of all calls, which any call can try.
    by: Option<Function>,
}

/// What can be called many times over without leaving anything behind: a status,
/// and locking a door that is locked.
const HARMLESS: [Function; 2] = [Function::GetLockStatus, Function::ReturnToNormal];

/// The limit of all calls, else one of a call that can be tried without harm.
fn limit(world: &LockVendor) -> Result<Tried, Stop> {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    if let Some(limit) = dialect.limits.rate {
        return Ok(Tried { limit, by: None });
    }
    if dialect.limits.refusing_rates().next().is_none() {
        return Err(Stop::NotApplicable("the vendor documents no rate limit".to_owned()));
    }
    harmless(dialect).ok_or_else(|| {
        let counted = "the documented rate limits count only calls that would leave something behind or move a \
                       bolt many times over";
        Stop::Inconclusive(counted.to_owned())
    })
}

fn harmless(dialect: &Dialect) -> Option<Tried> {
    HARMLESS.into_iter().find_map(|function| {
        let first = *dialect.function(function).operations().first()?;
        let rate = dialect.limits.refusing_rates().find(|rate| rate.counts(first))?;
        Some(Tried { limit: rate.limit, by: Some(function) })
    })
}

/// A call that costs one exchange, as far as the vendor allows.
async fn cheap_call(world: &mut LockVendor, lock: &LockId) -> Result<Result<(), CallFailure>, Stop> {
    let bench = world.bench()?;
    let inlet = bench.inlet().unpaced();
    if limit(world)?.by == Some(Function::ReturnToNormal) {
        bench.may_actuate(lock)?;
        return Ok(inlet.return_to_normal(lock).await);
    }
    if bench.dialect().supports(Function::GetLockStatus) {
        return Ok(inlet.get_lock_status(lock).await.map(drop));
    }
    super::credentials::read_call(world, &inlet).await
}

async fn exceed_limit(world: &mut LockVendor) -> Step {
    let Tried { limit: rate, by } = limit(world)?;
    let lock = world.bench()?.free_lock(0)?;
    if by == Some(Function::ReturnToNormal) {
        return exceed_at_once(world, &lock, rate).await;
    }
    // Twice the number, since time passes while calls are made.
    for _ in 0..rate.calls.saturating_mul(2).saturating_add(2) {
        match cheap_call(world, &lock).await? {
            Ok(()) => {}
            Err(failure) => {
                world.calls.push(("a call beyond the limit".to_owned(), Err(failure)));
                return Ok(());
            }
        }
    }
    Err(Stop::Inconclusive(format!(
        "twice the documented {} calls were answered, so the limit was not hit",
        rate.calls
    )))
}

/// A command takes longer than it takes to send it, so that calls one by one
/// would stay within the limit.
async fn exceed_at_once(world: &mut LockVendor, lock: &LockId, rate: RateLimit) -> Step {
    let bench = world.bench()?;
    bench.may_actuate(lock)?;
    let inlet = bench.inlet().unpaced();
    let calls = rate.calls.saturating_mul(2).saturating_add(2);
    let results = join_all((0..calls).map(|_| inlet.return_to_normal(lock))).await;
    let refused: Vec<CallFailure> = results.into_iter().filter_map(Result::err).collect();
    let limited = refused.iter().find(|failure| failure.kind == FailureKind::RateLimited);
    match limited.or(refused.first()).cloned() {
        Some(failure) => {
            world.calls.push(("a call beyond the limit".to_owned(), Err(failure)));
            Ok(())
        }
        None => {
            Err(Stop::Inconclusive(format!("{calls} calls at once were answered, so the limit was not hit")))
        }
    }
}

/// How long the last refusal asks us to wait, in whatever way it says so.
fn retry_after(world: &LockVendor) -> Result<Option<Duration>, Stop> {
    let (_, last) = world.calls.last().ok_or_else(|| Stop::Error("the limit was not tried".to_owned()))?;
    Ok(last.as_ref().err().and_then(|failure| failure.retry_after))
}

async fn limit_announced(world: &mut LockVendor) -> Step {
    let (doing, result) =
        world.calls.last().ok_or_else(|| Stop::Error("the limit was not tried".to_owned()))?;
    expect::refusal(doing, result, &[FailureKind::RateLimited])?;
    match retry_after(world)? {
        Some(wait) => world.remark(format!("announced with a wait of {} s", wait.as_secs())),
        None => world.remark("announced in the documented form, without a time to wait"),
    }
    Ok(())
}

async fn succeeds_after_wait(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let wait = retry_after(world)?.unwrap_or(limit(world)?.limit.per);
    bench.pass(wait + SECOND).await?;
    let lock = bench.free_lock(0)?;
    match cheap_call(world, &lock).await? {
        // Here the refusal is the vendor's broken word and nobody's load.
        Err(failure) if failure.kind == FailureKind::RateLimited => Err(Stop::fail(
            "a call after the announced wait is refused as one too many again",
            format!("success after {} s", wait.as_secs()),
            failure.to_string(),
        )),
        result => expect::success("a call after the announced wait", result),
    }
}

/// Locks that are read at once; more than a client would open connections for.
const AT_ONCE: usize = 24;

async fn read_both_ways(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let listed = expect::success("listing the locks", bench.inlet().list_locks(None).await)?;
    let locks: Vec<LockId> = listed.iter().map(|lock| lock.id.clone()).take(AT_ONCE).collect();
    if locks.len() < 2 {
        return Err(Stop::Inconclusive("there are too few locks to read at once".to_owned()));
    }
    let lists = join_all((0..4).map(|_| bench.inlet().list_locks(None))).await;
    for list in lists {
        world.lock_lists.push(expect::success("listing the locks many times at once", list)?);
    }
    world.lock_lists.push(listed);
    if !bench.dialect().supports(Function::GetLockStatus) {
        return Ok(());
    }
    for lock in &locks {
        let status =
            expect::success("asking for a lock's status", bench.inlet().get_lock_status(lock).await)?;
        world.statuses.push((lock.clone(), status));
    }
    let at_once = join_all(locks.iter().map(|lock| bench.inlet().get_lock_status(lock))).await;
    for (lock, status) in locks.iter().zip(at_once) {
        let status = expect::success("asking for many statuses at once", status)?;
        world.statuses.push((lock.clone(), status));
    }
    Ok(())
}

async fn same_results(world: &mut LockVendor) -> Step {
    let ids = |locks: &[crate::harness::integration::Lock]| -> BTreeSet<LockId> {
        locks.iter().map(|lock| lock.id.clone()).collect()
    };
    let Some((alone, at_once)) = world.lock_lists.split_last() else {
        return Err(Stop::Error("no locks were listed".to_owned()));
    };
    for list in at_once {
        if ids(list) != ids(alone) || list.len() != alone.len() {
            return Err(Stop::fail(
                "a list read among others differs from one read alone",
                format!("{} locks", alone.len()),
                format!("{} locks", list.len()),
            ));
        }
    }
    let (first, second) = world.statuses.split_at(world.statuses.len() / 2);
    // Time passes between the two, so the last contact may move on.
    let settled = |status: &LockStatus| LockStatus { last_seen: None, ..status.clone() };
    let differing: Vec<&LockId> = first
        .iter()
        .zip(second)
        .filter(|((lock, one), (other, two))| lock != other || settled(one) != settled(two))
        .map(|((lock, _), _)| lock)
        .collect();
    if differing.is_empty() {
        world.remark(format!("{} lists and {} statuses at once", at_once.len(), second.len()));
        return Ok(());
    }
    Err(Stop::fail(
        "statuses read at once differ from those read one by one",
        "the same statuses",
        format!("different for {}", some_of(differing)),
    ))
}

async fn create_at_once(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = bench.free_lock(0)?;
    world.lock = Some(lock.clone());
    let window = world.whole_window(MINUTE, 2 * HOUR)?;
    let mut requests = Vec::new();
    for _ in 0..5 {
        requests.push(world.pin_request(&lock, window)?);
    }
    let inlet = bench.inlet();
    let results = join_all(requests.iter().map(|request| bench.create_pin(inlet, request))).await;
    for (request, result) in requests.into_iter().zip(results) {
        match result {
            Err(failure) if failure.kind == FailureKind::Busy => {
                world.remark("the vendor was busy and was asked again");
                bench.pass(5 * SECOND).await?;
                world.create(request).await?;
            }
            other => {
                world.pins.push(expect::success("creating several PINs at once", other)?);
                world.requests.push(request);
            }
        }
    }
    Ok(())
}

async fn own_pins(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let ids: BTreeSet<_> = world.pins.iter().map(|access| &access.id).collect();
    if ids.len() != 5 {
        return Err(Stop::fail("guests share an access", "five accesses", format!("{} ids", ids.len())));
    }
    let mut keys = BTreeSet::new();
    for access in &world.pins {
        keys.insert(world.keys(access)?);
    }
    if keys.len() != 5 {
        return Err(Stop::fail("guests share a PIN", "five PINs", format!("{} PINs", keys.len())));
    }
    bench.pass(bench.dialect().limits.delays.creation).await?;
    if let Some(listed) = world.listed_ids(&world.lock()?).await? {
        let missing: Vec<_> = ids.into_iter().filter(|id| !listed.contains(id)).collect();
        if !missing.is_empty() {
            return Err(Stop::fail(
                "PINs that were created at once are not listed",
                "all five in the list",
                format!("missing: {}", some_of(missing)),
            ));
        }
    }
    Ok(())
}
