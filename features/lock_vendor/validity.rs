//! Windows of validity and their changes: LV-42, LV-43.

use std::time::Duration;

use cucumber::step::Collection;
use jiff::tz::TimeZone;

use super::arrange::{DAY, HOUR, MINUTE, SECOND, documented, unit};
use super::expect;
use super::pins::same_window;
use super::world::LockVendor;
use crate::harness::integration::{AccessChange, Scope};
use crate::harness::trial::{Step, Stop};
use crate::vendors::vocabulary::{FailureKind, Field, Function, Instant, Pin, Window};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        then "the PIN opens in the middle of its window" => opens_in_the_middle;
        when "a PIN is created that starts in three hours" => create_for_later;
        then "the PIN does not open now" => not_now;
        then "the PIN does not open one second before its start" => not_before_start;
        then "the PIN opens at its start" => opens_at_start;
        then "the PIN opens one second before its end" => opens_before_end;
        then "the PIN does not open at its end" => not_at_end;
        then "the PIN does not open one day after its end" => not_a_day_after;
        when "a PIN is asked for with odd minutes and seconds" => ask_odd_window;
        then "it holds as the documented rounding says, or is refused where that is documented" => odd_window_holds;
        when r"a PIN is created across the (spring|autumn) change in Oslo" => create_across_change;
        then "its window keeps its instants" => keeps_instants;
        when "its end is moved two hours later" => move_end;
        then "the same PIN opens until the new end and no longer" => opens_until_new_end;
        when "it is moved to another lock" => move_lock;
        then "the same PIN opens the other lock and no longer the first" => opens_other_lock;
    }
}

/// The window that must be in force for the first PIN.
fn in_force(world: &LockVendor) -> Result<Window, Stop> {
    let asked = world.request(0)?.window;
    let bench = world.bench()?;
    documented(asked, &bench.dialect().limits).ok_or_else(|| {
        Stop::Error("the window is one that the vendor refuses by its documentation".to_owned())
    })
}

fn first_keys(world: &LockVendor) -> Result<Pin, Stop> {
    world.keys(&world.pin(0)?)
}

async fn opens_at(world: &LockVendor, at: Instant, when: &str) -> Step {
    world.pass_until(at).await?;
    world.must_open(&world.lock()?, &first_keys(world)?, when).await
}

async fn shut_at(world: &LockVendor, at: Instant, when: &str) -> Step {
    world.pass_until(at).await?;
    world.must_not_open(&world.lock()?, &first_keys(world)?, when).await
}

async fn opens_in_the_middle(world: &mut LockVendor) -> Step {
    let window = in_force(world)?;
    world.until_in_force(window).await?;
    opens_at(world, window.from + window.until.since(window.from) / 2, "in the middle of its window").await
}

async fn create_for_later(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = bench.free_lock(0)?;
    world.lock = Some(lock.clone());
    let window = world.whole_window(3 * HOUR + bench.dialect().limits.delays.creation, 2 * HOUR)?;
    let request = world.pin_request(&lock, window)?;
    world.create(request).await?;
    bench.pass(bench.dialect().limits.delays.creation).await?;
    Ok(())
}

async fn not_now(world: &mut LockVendor) -> Step {
    let now = world.bench()?.now();
    shut_at(world, now, "when it must not").await
}

/// As shortly before an edge of a window as something can be tried there.
async fn just_before(world: &LockVendor, edge: Instant) -> Step {
    let bench = world.bench()?;
    world.pass_until(edge - bench.margin()).await?;
    Ok(bench.tried_before(edge)?)
}

async fn opens_before(world: &LockVendor, edge: Instant, when: &str) -> Step {
    just_before(world, edge).await?;
    world.must_open(&world.lock()?, &first_keys(world)?, when).await
}

async fn shut_before(world: &LockVendor, edge: Instant, when: &str) -> Step {
    just_before(world, edge).await?;
    world.must_not_open(&world.lock()?, &first_keys(world)?, when).await
}

async fn not_before_start(world: &mut LockVendor) -> Step {
    shut_before(world, in_force(world)?.from, "shortly before its window").await
}

async fn opens_at_start(world: &mut LockVendor) -> Step {
    opens_at(world, in_force(world)?.from, "at the start of its window").await
}

async fn opens_before_end(world: &mut LockVendor) -> Step {
    let window = in_force(world)?;
    // Some locks ask for a first use soon after the start.
    opens_at(world, window.from + SECOND, "just after the start of its window").await?;
    opens_before(world, window.until, "shortly before the end of its window").await
}

async fn not_at_end(world: &mut LockVendor) -> Step {
    shut_at(world, in_force(world)?.until, "at the end of its window").await
}

async fn not_a_day_after(world: &mut LockVendor) -> Step {
    shut_at(world, in_force(world)?.until + DAY, "one day after its window").await
}

/// A window that is whole in no common unit.
async fn ask_odd_window(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = bench.free_lock(0)?;
    world.lock = Some(lock.clone());
    let whole = world.whole_window(3 * HOUR + bench.dialect().limits.delays.creation, 2 * HOUR)?;
    let odd = Duration::from_secs(17 * 60 + 23);
    let window = Window::new(whole.from + odd, whole.until + 2 * odd);
    let request = world.pin_request(&lock, window)?;
    let result = world.ask_for(request.clone()).await?;
    if let Ok(access) = &result {
        world.pins.push(access.clone());
    }
    world.requests.push(request);
    world.attempt = Some(result);
    Ok(())
}

async fn odd_window_holds(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let asked = world.request(0)?.window;
    let result = world.attempt.clone().ok_or_else(|| Stop::Error("no PIN was asked for".to_owned()))?;
    let Some(window) = documented(asked, &bench.dialect().limits) else {
        return expect::refusal("a window finer than the documented unit", &result, &[FailureKind::Invalid]);
    };
    let access = expect::success("creating a PIN with odd minutes and seconds", result)?;
    if let Some(told) = access.window {
        same_window(world, told, asked)?;
    }
    shut_before(world, window.from, "before the documented rounding of its window").await?;
    opens_at(world, window.from, "at the documented start of its window").await?;
    opens_before(world, window.until, "just before the documented end of its window").await?;
    shut_at(world, window.until, "after the documented rounding of its window").await
}

/// The next time that clocks in Oslo go forward (or back).
fn oslo_change(after: Instant, forward: bool) -> Result<Instant, Stop> {
    let zone = TimeZone::get("Europe/Oslo").map_err(|why| Stop::Error(format!("the zone of Oslo: {why}")))?;
    let mut before = zone.to_offset(after.timestamp());
    for change in zone.following(after.timestamp()).take(8) {
        let later = change.offset();
        if (later > before) == forward && later != before {
            return Ok(Instant::from_timestamp(change.timestamp()));
        }
        before = later;
    }
    Err(Stop::Error("the zone of Oslo knows no further change".to_owned()))
}

/// A window that spans a change of clocks. Both ends lie hours away from it, so
/// that neither falls into the hour that local time repeats or leaves out; a
/// wrong shift moves one of them by an hour.
fn across(change: Instant, unit: Duration) -> Window {
    Window::new((change - 3 * HOUR).floor(unit), (change + 3 * HOUR).ceil(unit))
}

async fn create_across_change(world: &mut LockVendor, season: String) -> Step {
    let bench = world.bench()?;
    let lock = bench.free_lock(0)?;
    world.lock = Some(lock.clone());
    let margin = DAY + bench.dialect().limits.delays.creation;
    let change = oslo_change(bench.now() + margin, season == "spring")?;
    let window = across(change, unit(&bench.dialect().limits));
    if bench.is_simulated() {
        world.pass_until(change - margin).await?;
    }
    let request = world.pin_request(&lock, window)?;
    world.create(request).await?;
    Ok(())
}

/// At the door where time can be moved; else by what the vendor tells.
async fn keeps_instants(world: &mut LockVendor) -> Step {
    let window = in_force(world)?;
    let bench = world.bench()?;
    if !bench.is_simulated() {
        return instants_are_told(world, window).await;
    }
    bench.pass(bench.dialect().limits.delays.creation).await?;
    shut_before(world, window.from, "before a window across a change of clocks").await?;
    opens_at(world, window.from, "at the start of a window across a change of clocks").await?;
    opens_before(world, window.until, "just before the end of a window across a change of clocks").await?;
    shut_at(world, window.until, "after a window across a change of clocks").await
}

async fn instants_are_told(world: &LockVendor, window: Window) -> Step {
    let access = world.pin(0)?;
    let listed = world.listed(&world.lock()?).await?;
    let item = listed.and_then(|all| all.into_iter().find(|item| item.id == access.id));
    let Some(told) = item.and_then(|item| item.window).or(access.window) else {
        return Err(Stop::Inconclusive(
            "the change of clocks cannot be waited for, and the vendor does not tell the window".to_owned(),
        ));
    };
    same_window(world, told, window)?;
    world.warn(
        "the change of clocks was not waited for, and is judged by the vendor's word alone",
        "the door opening at both ends of a window across the change",
        format!("the vendor tells {} to {}", told.from, told.until),
    );
    Ok(())
}

async fn change(world: &mut LockVendor, change: AccessChange) -> Step {
    let bench = world.bench()?;
    let access = world.pin(0)?;
    let changed = bench.inlet().change_pin_access(&access, &change).await;
    let changed = expect::success("changing an access", changed)?;
    let keys = world.keys(&access)?;
    if changed.typed.as_ref().is_some_and(|typed| *typed != keys) {
        return Err(Stop::fail("changing an access changed its PIN", "the same PIN", "another PIN"));
    }
    if changed.id != access.id {
        bench.created_pin(&changed);
    }
    bench.pass(bench.dialect().limits.delays.creation).await?;
    Ok(())
}

async fn move_end(world: &mut LockVendor) -> Step {
    let asked = world.request(0)?.window;
    let window = Window::new(asked.from, asked.until + 2 * HOUR);
    change(world, AccessChange { window: Some(window), scope: None }).await?;
    world.window = Some(window);
    Ok(())
}

async fn opens_until_new_end(world: &mut LockVendor) -> Step {
    let window = world.window.ok_or_else(|| Stop::Error("no new end was set".to_owned()))?;
    let old = in_force(world)?;
    opens_at(world, old.from + MINUTE, "after its end was moved").await?;
    opens_at(world, old.until + SECOND, "between its old and its new end").await?;
    opens_before(world, window.until, "shortly before its new end").await?;
    shut_at(world, window.until, "at its new end").await
}

async fn move_lock(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    if !dialect.asks_with(Function::ChangePinAccess, &Field::LockId)
        && !dialect.asks_with(Function::ChangePinAccess, &Field::GroupId)
    {
        return Err(Stop::fail(
            "the scope of an existing access cannot be changed",
            "a call that changes where an access opens",
            "the declared call carries neither a lock nor a group",
        ));
    }
    let other = bench.free_lock(1)?;
    change(world, AccessChange { window: None, scope: Some(Scope::Locks(vec![other])) }).await
}

async fn opens_other_lock(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let other = bench.free_lock(1)?;
    let keys = first_keys(world)?;
    let window = in_force(world)?;
    world.pass_until(window.from + MINUTE).await?;
    bench.pass(bench.dialect().limits.delays.removal).await?;
    world.must_open(&other, &keys, "that the access was moved to").await?;
    world.must_not_open(&world.lock()?, &keys, "that the access was moved away from").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_in_oslo_change_on_the_last_sundays() {
        let january = Instant::from_epoch_ms(1_767_225_600_000); // 2026-01-01
        assert_eq!(oslo_change(january, true).unwrap().to_string(), "2026-03-29T01:00:00Z");
        assert_eq!(oslo_change(january, false).unwrap().to_string(), "2026-10-25T01:00:00Z");
    }

    #[test]
    fn a_window_across_a_change_ends_in_no_repeated_or_missing_hour() {
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let january = Instant::from_epoch_ms(1_767_225_600_000);
        for forward in [true, false] {
            let change = oslo_change(january, forward).unwrap();
            for unit in [SECOND, HOUR, DAY] {
                let window = across(change, unit);
                let local = |at: Instant| at.timestamp().to_zoned(oslo.clone()).datetime();
                for end in [window.from, window.until] {
                    assert!(!oslo.to_ambiguous_zoned(local(end)).is_ambiguous(), "{end}");
                }
                let hours = |from: Instant, until: Instant| until.since(from).as_secs() / 3600;
                let by_the_wall = local(window.until).duration_since(local(window.from)).as_hours();
                assert_ne!(hours(window.from, window.until), u64::try_from(by_the_wall).unwrap());
            }
        }
    }
}
