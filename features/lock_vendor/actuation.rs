//! Opening, holding, and returning to normal: LV-80 to LV-83.
//!
//! The truth is the bolt as the simulated world or a person sees it. The world
//! keeps a log of every bolt, so that a short pulse is never missed; a person
//! is asked to watch before the command is sent.

use std::time::Duration;

use cucumber::step::Collection;

use super::arrange::{MINUTE, SECOND};
use super::expect;
use super::status::status_of;
use super::world::LockVendor;
use crate::harness::integration::CallFailure;
use crate::harness::trial::{Step, Stop};
use crate::vendors::vocabulary::{FailureKind, Field, Function, Instant, Word};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        given "a working lock whose bolt is thrown" => locked_lock;
        when "the lock is unlocked" => unlock;
        then "the bolt is drawn within the documented time" => drawn_in_time;
        then "the bolt is thrown again by itself within the documented time" => relocks;
        then "the status agrees that it is locked" => status_agrees;
        then "the vendor says in time that the lock is offline" => told_offline;
        when "the lock comes back and the documented time for a command has passed" => comes_back;
        then "the bolt is still thrown" => still_thrown;
        when "the lock is held open for ten minutes" => hold;
        then "the bolt stays drawn for the whole period" => stays_drawn;
        then "the hold ends by itself" => hold_ends;
        given "the lock is being held open" => being_held;
        when "the lock is returned to normal" => return_to_normal;
        then "the bolt is thrown within the documented time" => thrown_in_time;
        when "the lock in its normal state is returned to normal" => return_normal_lock;
        then "nothing has changed at the lock" => nothing_changed;
    }
}

/// The period of a hold in these scenarios.
const PERIOD: Duration = Duration::from_secs(600);

/// A lock that somebody watches, or whose status at least says that it is locked.
async fn locked_lock(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = bench.free_lock(0)?;
    bench.may_actuate(&lock)?;
    let bolt = match bench.bolt(&lock).await {
        Ok(bolt) => {
            bench.watch(&lock).await?;
            bolt
        }
        Err(missing) => {
            world.unseen = Some(missing.to_string());
            if !bench.dialect().supports(Function::GetLockStatus) {
                return Err(missing.into());
            }
            status_of(world, &lock).await?.bolt.ok_or(missing)?
        }
    };
    if bolt != Word::Locked {
        return Err(Stop::Inconclusive("the bolt of the test lock is not thrown to begin with".to_owned()));
    }
    world.lock = Some(lock);
    Ok(())
}

async fn unlock(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = world.lock()?;
    bench.may_actuate(&lock)?;
    world.sent_at = Some(bench.now());
    let result = bench.unlock(&lock).await;
    world.answered_at = Some(bench.now());
    world.calls.push(("unlocking the lock".to_owned(), result));
    Ok(())
}

fn last_call(world: &LockVendor) -> Result<(String, Result<(), CallFailure>), Stop> {
    world.calls.last().cloned().ok_or_else(|| Stop::Error("no command was sent".to_owned()))
}

fn sent_at(world: &LockVendor) -> Result<Instant, Stop> {
    world.sent_at.ok_or_else(|| Stop::Error("no command was sent".to_owned()))
}

/// Looks until the bolt is as expected, at most until `deadline`. A person is
/// asked once, at the deadline.
async fn wait_for_bolt(world: &LockVendor, expected: Word, deadline: Instant) -> Result<Word, Stop> {
    let bench = world.bench()?;
    let lock = world.lock()?;
    if !bench.is_simulated() {
        let now = bench.bolt(&lock).await?;
        if now == expected {
            return Ok(now);
        }
        world.pass_until(deadline).await?;
        return Ok(bench.bolt(&lock).await?);
    }
    loop {
        let bolt = bench.bolt(&lock).await?;
        if bolt == expected || bench.now() >= deadline {
            return Ok(bolt);
        }
        bench.pass(SECOND).await?;
    }
}

/// The first change to `to` since an instant by the world's own log; where it
/// has not come by the deadline, none.
async fn changes(
    world: &LockVendor,
    to: Word,
    since: Instant,
    deadline: Instant,
) -> Result<Option<Instant>, Stop> {
    let bench = world.bench()?;
    let lock = world.lock()?;
    loop {
        let history = bench.bolt_history(&lock, since).unwrap_or_default();
        if let Some((at, _)) = history.into_iter().find(|(_, bolt)| *bolt == to) {
            return Ok((at <= deadline).then_some(at));
        }
        if bench.now() >= deadline {
            return Ok(None);
        }
        bench.pass(SECOND).await?;
    }
}

/// A pulse may be over before the answer comes, so it is looked for in the log
/// of the world, or asked of the person who watches.
async fn drawn_in_time(world: &mut LockVendor) -> Step {
    let (doing, result) = last_call(world)?;
    expect::success(&doing, result)?;
    let bench = world.bench()?;
    let (sent, limit) = (sent_at(world)?, bench.dialect().limits.delays.actuation);
    if world.unseen.is_some() {
        return Ok(());
    }
    let drawn = if bench.is_simulated() {
        changes(world, Word::Unlocked, sent, sent + limit).await?
    } else {
        let opened = bench.seen(&world.lock()?, &format!("open within {} s", limit.as_secs())).await?;
        opened.then(|| bench.now())
    };
    let Some(drawn) = drawn else {
        return Err(Stop::fail(
            "the command was answered with success, but the bolt was not drawn",
            format!("unlocked within {} s", limit.as_secs()),
            Word::Locked.as_str(),
        ));
    };
    if bench.is_simulated() {
        world.remark(format!("drawn {} s after the command", drawn.since(sent).as_secs()));
    }
    world.drawn_at = Some(drawn);
    Ok(())
}

async fn relocks(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let pulse = bench.dialect().limits.pulse;
    if let Some(unseen) = world.unseen.clone() {
        return relocks_by_its_word(world, unseen).await;
    }
    let drawn = world.drawn_at.unwrap_or_else(|| bench.now());
    let locked = if bench.is_simulated() {
        changes(world, Word::Locked, drawn, drawn + pulse + SECOND).await?
    } else {
        bench.pass(pulse + SECOND).await?;
        let what = format!("lock again by itself within {} s", pulse.as_secs());
        bench.seen(&world.lock()?, &what).await?.then(|| bench.now())
    };
    let Some(locked) = locked else {
        return Err(Stop::fail(
            "the door did not lock again by itself within the documented time",
            format!("locked again within {} s", pulse.as_secs()),
            Word::Unlocked.as_str(),
        ));
    };
    if bench.is_simulated() {
        world.remark(format!("locked again after {} s", locked.since(drawn).as_secs()));
    }
    Ok(())
}

/// Where nobody sees the bolt, the vendor's own status can still tell against
/// it. A status may be as old as documented, so it is given that time too.
async fn relocks_by_its_word(world: &mut LockVendor, unseen: String) -> Step {
    let bench = world.bench()?;
    let limits = &bench.dialect().limits;
    bench.pass(limits.delays.actuation + limits.pulse + limits.delays.offline + SECOND).await?;
    match status_of(world, &world.lock()?).await?.bolt {
        Some(Word::Unlocked) => Err(Stop::fail(
            "the door did not lock again by itself: the vendor's own status still says so",
            format!("locked again within {} s", limits.pulse.as_secs()),
            Word::Unlocked.as_str(),
        )),
        _ => Err(Stop::Inconclusive(unseen)),
    }
}

/// A status may be as old as the vendor documents, so it is given that time.
async fn status_agrees(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = world.lock()?;
    let told = match status_of(world, &lock).await {
        Ok(status) => status.bolt,
        // A status that cannot be read is judged by LV-30; the bolt itself was watched.
        Err(_) => None,
    };
    if told == Some(Word::Locked) {
        return Ok(());
    }
    if told.is_none() {
        world.remark("the status does not tell the bolt");
        return Ok(());
    }
    bench.pass(bench.dialect().limits.delays.offline).await?;
    match status_of(world, &lock).await?.bolt {
        Some(Word::Locked) => Ok(()),
        Some(Word::Unknown) | None => {
            world.remark("the vendor does not know the bolt");
            Ok(())
        }
        Some(other) => Err(Stop::fail("the status does not agree with the bolt", "locked", other.as_str())),
    }
}

async fn told_offline(world: &mut LockVendor) -> Step {
    let (doing, result) = last_call(world)?;
    let took = world.answered_at.unwrap_or(sent_at(world)?).since(sent_at(world)?);
    match &result {
        Ok(()) => {
            return Err(Stop::fail(
                "unlocking an offline lock is answered with success",
                "a clear error that the lock is offline",
                "success",
            ));
        }
        Err(failure) if expect::is_told_timeout(failure) => {
            world.warn(
                "an offline lock is told as a timeout behind the vendor",
                "an error that says that the lock is offline",
                failure.to_string(),
            );
        }
        refused => {
            let refused: Result<(), CallFailure> = (*refused).clone();
            expect::refusal(&doing, &refused, &[FailureKind::Offline])?;
        }
    }
    let bench = world.bench()?;
    let limit = bench.dialect().limits.delays.actuation;
    if took > limit + SECOND {
        return Err(Stop::fail(
            "the error comes later than documented",
            format!("within {} s", limit.as_secs()),
            format!("after {} s", took.as_secs()),
        ));
    }
    world.remark(format!("told after {} s", took.as_secs()));
    Ok(())
}

/// Without a lock that comes back nothing could open later.
async fn comes_back(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    bench.set_reachable(&world.lock()?, true).await?;
    world.returnable = true;
    Ok(())
}

/// Watches for as long as a command may take; a pulse would be seen.
async fn still_thrown(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = world.lock()?;
    let delays = bench.dialect().limits.delays;
    if !bench.is_simulated() {
        bench.pass(delays.actuation + delays.offline).await?;
        let opened = bench.seen(&lock, "open at any moment since it came back").await?;
        return if opened { Err(opened_late(world)) } else { Ok(()) };
    }
    let deadline = bench.now() + delays.actuation + delays.offline + MINUTE;
    let bolt = wait_for_bolt(world, Word::Unlocked, deadline).await?;
    if bolt == Word::Unlocked { Err(opened_late(world)) } else { Ok(()) }
}

fn opened_late(world: &LockVendor) -> Stop {
    let failed = world.calls.last().is_some_and(|(_, result)| result.is_err());
    Stop::fail(
        "the door opened later, when nobody was waiting for it any more",
        "a command to an offline lock has no effect",
        if failed { "unlocked, although an error was answered" } else { "unlocked" },
    )
}

fn period(world: &LockVendor) -> Result<Duration, Stop> {
    let bench = world.bench()?;
    Ok(bench.dialect().limits.hold_max.map_or(PERIOD, |longest| longest.min(PERIOD)))
}

async fn hold(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = world.lock()?;
    bench.actuates(&lock)?;
    world.sent_at = Some(bench.now());
    let result = bench.inlet().hold_open(&lock, period(world)?).await;
    let hold = expect::success("holding the lock open", result)?;
    world.answered_at = Some(bench.now());
    world.hold = Some(hold);
    world.calls.push(("holding the lock open".to_owned(), Ok(())));
    Ok(())
}

async fn must_be_drawn(world: &LockVendor, at: Instant, when: &str) -> Step {
    world.pass_until(at).await?;
    let bolt = world.bench()?.bolt(&world.lock()?).await?;
    if bolt == Word::Unlocked {
        return Ok(());
    }
    Err(Stop::fail(
        "the door did not stay open for the whole period",
        format!("unlocked {when}"),
        bolt.as_str(),
    ))
}

/// The end that was asked for, whatever the vendor tells.
fn hold_end(world: &LockVendor) -> Result<Instant, Stop> {
    let hold = world.hold.as_ref().ok_or_else(|| Stop::Error("no lock is being held".to_owned()))?;
    Ok(sent_at(world)? + hold.period)
}

/// How far the end of a hold may lie from the one asked for: the documented
/// unit, where an end is sent, and at most a tenth of the period, for a unit as
/// long as the hold would excuse any end.
fn hold_slack(world: &LockVendor) -> Result<Duration, Stop> {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    if !dialect.asks_with(Function::HoldOpen, &Field::HoldUntil) {
        return Ok(Duration::ZERO);
    }
    let unit = dialect.limits.window.unit.unwrap_or_default();
    Ok(unit.min(period(world)? / 10))
}

/// The vendor may count from when it had the command or from when the lock
/// carried it out, so those times are granted; another period is not.
fn told_end_is_the_asked_one(world: &LockVendor) -> Step {
    let bench = world.bench()?;
    let hold = world.hold.as_ref().ok_or_else(|| Stop::Error("no lock is being held".to_owned()))?;
    let asked = hold_end(world)?;
    let slack = hold_slack(world)? + SECOND;
    let answered = world.answered_at.unwrap_or(sent_at(world)?);
    let took = answered.since(sent_at(world)?) + bench.dialect().limits.delays.actuation;
    if hold.until + slack >= asked && hold.until <= asked + took + slack {
        return Ok(());
    }
    Err(Stop::fail(
        "the hold ends at another time than the one asked for",
        format!("until {asked}, give or take {} s", slack.as_secs()),
        format!("the vendor tells {}", hold.until),
    ))
}

async fn stays_drawn(world: &mut LockVendor) -> Step {
    told_end_is_the_asked_one(world)?;
    let end = hold_end(world)?;
    let whole = end.since(sent_at(world)?);
    must_be_drawn(world, sent_at(world)? + whole / 4, "after a quarter of the period").await?;
    must_be_drawn(world, sent_at(world)? + whole / 2, "in the middle of the period").await?;
    let last = end - hold_slack(world)? - SECOND;
    let bench = world.bench()?;
    world.pass_until(last - bench.margin()).await?;
    bench.tried_before(end)?;
    must_be_drawn(world, bench.now(), "shortly before its end").await
}

async fn hold_ends(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let hold = world.hold.clone().ok_or_else(|| Stop::Error("no lock is being held".to_owned()))?;
    let end = hold_end(world)? + hold_slack(world)?;
    if hold.ends_by_us {
        world.remark("the hold is ended by Inlet's timer, as the statement declares");
        expect::success("ending the hold", bench.inlet().keep_hold(hold).await)?;
    } else {
        world.pass_until(end).await?;
    }
    let limit = bench.dialect().limits.delays.actuation;
    let bolt = wait_for_bolt(world, Word::Locked, end.max(bench.now()) + limit).await?;
    if bolt == Word::Locked {
        return Ok(());
    }
    Err(Stop::fail(
        "the hold did not end by itself",
        format!("locked at the latest {} s after the end of the period", limit.as_secs()),
        bolt.as_str(),
    ))
}

async fn being_held(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    if !bench.dialect().supports(Function::HoldOpen) {
        return Err(Stop::NotApplicable("the vendor cannot hold a lock open".to_owned()));
    }
    hold(world).await?;
    drawn_in_time(world).await?;
    bench.pass(MINUTE).await?;
    must_be_drawn(world, bench.now(), "while it is held").await
}

async fn return_to_normal(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    world.sent_at = Some(bench.now());
    bench.actuates(&world.lock()?)?;
    let result = bench.inlet().return_to_normal(&world.lock()?).await;
    world.answered_at = Some(bench.now());
    expect::success("returning the lock to normal", result)
}

async fn thrown_in_time(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let limit = bench.dialect().limits.delays.actuation;
    let bolt = wait_for_bolt(world, Word::Locked, sent_at(world)? + limit).await?;
    if bolt == Word::Locked {
        return Ok(());
    }
    Err(Stop::fail(
        "returning to normal did not end the hold",
        format!("locked within {} s", limit.as_secs()),
        bolt.as_str(),
    ))
}

async fn return_normal_lock(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    world.sent_at = Some(bench.now());
    bench.actuates(&world.lock()?)?;
    let result = bench.inlet().return_to_normal(&world.lock()?).await;
    let doing = "returning a lock in its normal state to normal";
    match result {
        Ok(()) => Ok(()),
        Err(failure) => {
            let refused: Result<(), CallFailure> = Err(failure);
            expect::refusal(doing, &refused, &[FailureKind::Conflict, FailureKind::NotFound])?;
            world.remark("the vendor answers that there is nothing to end");
            Ok(())
        }
    }
}

async fn nothing_changed(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = world.lock()?;
    bench.pass(bench.dialect().limits.delays.actuation).await?;
    let bolt = bench.bolt(&lock).await?;
    if bolt != Word::Locked {
        return Err(Stop::fail(
            "returning to normal moved a lock in its normal state",
            "locked",
            bolt.as_str(),
        ));
    }
    if !bench.dialect().supports(Function::Unlock) {
        return Ok(());
    }
    let Err(stop) = opens_for_a_moment(world).await else { return Ok(()) };
    // Whether unlocking works at all is judged by LV-80: another lock, which
    // nobody returned to normal, tells whether this one was harmed.
    let Ok(other) = bench.free_lock(1) else { return Err(stop) };
    world.lock = Some(other);
    if opens_for_a_moment(world).await.is_ok() {
        return Err(stop);
    }
    world.remark("unlocking works on no lock (see LV-80), so it could not show harm");
    Ok(())
}

async fn opens_for_a_moment(world: &mut LockVendor) -> Step {
    unlock(world).await?;
    drawn_in_time(world).await?;
    relocks(world).await
}
