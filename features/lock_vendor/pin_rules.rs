//! What must be refused, and what must not be claimed: LV-44, LV-45, LV-46.

use cucumber::step::Collection;

use super::arrange::{DAY, HOUR, MINUTE, SECOND, unit};
use super::expect::{self, some_of};
use super::world::LockVendor;
use crate::harness::integration::PinRequest;
use crate::harness::trial::{Step, Stop};
use crate::vendors::profile::{ChosenBy, Delivery, OfflinePolicy};
use crate::vendors::vocabulary::{FailureKind, Function, Instant, LockId, Pin, Window, Word};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        when "a PIN is asked for with an end before its start" => end_before_start;
        when "a PIN is asked for with a window in the past" => window_in_the_past;
        when "a PIN is asked for on an unknown lock" => on_unknown_lock;
        given "the caller chooses the PIN" => caller_chooses;
        when "a PIN is asked for that is too short" => too_short;
        when "a PIN is asked for that is too long" => too_long;
        when "a PIN is asked for with foreign keys" => foreign_keys;
        then "it is refused as invalid" => refused_invalid;
        then "it is refused as invalid or not found" => refused_not_found;
        then "nothing was created" => nothing_created;
        given "a guest with a PIN in force" => guest_in_force;
        when "another guest is to get the same PIN on the same lock" => same_pin;
        then "the other guest gets a clear error or another PIN" => error_or_another;
        then "the first guest's PIN still opens" => first_still_opens;
        given "a lock that is offline" => offline_lock;
        when "a PIN is asked for on that lock" => ask_on_offline;
        then "it fails clearly, is pending where deferral is declared, or opens where no delivery is needed" => fails_or_pending;
        when "the lock comes back and the documented time for a creation has passed" => lock_comes_back;
        then "a refused PIN does not open, and a pending one does" => opens_as_claimed;
    }
}

/// Tries a creation that must be refused; what stood on the free lock before is
/// kept for comparison.
async fn attempt(world: &mut LockVendor, request: PinRequest) -> Step {
    let free = world.bench()?.free_lock(0)?;
    world.before = world.listed_ids(&free).await?;
    world.lock = Some(free);
    let result = world.ask_for(request.clone()).await?;
    world.requests.push(request);
    world.attempt = Some(result);
    Ok(())
}

pub(super) async fn on_free_lock(world: &mut LockVendor, window: Window, pin: Option<Pin>) -> Step {
    let lock = world.bench()?.free_lock(0)?;
    let mut request = world.pin_request(&lock, window)?;
    request.pin = match pin {
        Some(pin) => Some(pin),
        None => own_pin(world)?,
    };
    attempt(world, request).await
}

/// A PIN that keeps the vendor's rules, where the caller chooses and no list
/// tells what was created: the door can then be asked.
fn own_pin(world: &LockVendor) -> Result<Option<Pin>, Stop> {
    let bench = world.bench()?;
    let rules = &bench.dialect().limits.pin;
    if rules.chosen_by == ChosenBy::Vendor || bench.dialect().supports(Function::ListPinAccess) {
        return Ok(None);
    }
    varied(rules.min_length.max(4).min(rules.max_length), &rules.alphabet).map(Some)
}

async fn end_before_start(world: &mut LockVendor) -> Step {
    let window = world.whole_window(2 * HOUR, HOUR)?;
    on_free_lock(world, Window::new(window.until, window.from), None).await
}

async fn window_in_the_past(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let unit = unit(&bench.dialect().limits);
    let until = (bench.now() - 2 * DAY).floor(unit);
    on_free_lock(world, Window::new((until - 2 * HOUR).floor(unit), until), None).await
}

async fn on_unknown_lock(world: &mut LockVendor) -> Step {
    let lock = world.bench()?.unknown_lock().await?;
    let window = world.whole_window(MINUTE, 2 * HOUR)?;
    let mut request = world.pin_request(&lock, window)?;
    request.pin = own_pin(world)?;
    attempt(world, request).await
}

async fn caller_chooses(world: &mut LockVendor) -> Step {
    match world.bench()?.dialect().limits.pin.chosen_by {
        ChosenBy::Caller => Ok(()),
        ChosenBy::Vendor => Err(Stop::NotApplicable("the vendor chooses the PIN".to_owned())),
    }
}

/// A PIN of `length` keys, varied so that no rule but the length is broken.
pub(super) fn varied(length: u32, alphabet: &str) -> Result<Pin, Stop> {
    let keys: Vec<char> = alphabet.chars().filter(|key| *key != '0').collect();
    let text: String =
        keys.iter().rev().step_by(2).chain(keys.iter().step_by(2)).cycle().take(length as usize).collect();
    Pin::new(&text).map_err(|why| Stop::Error(format!("a PIN of {length} keys: {why}")))
}

pub(super) async fn ask_with_pin(world: &mut LockVendor, pin: Pin) -> Step {
    let window = world.whole_window(MINUTE, 2 * HOUR)?;
    on_free_lock(world, window, Some(pin)).await
}

async fn too_short(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let rules = &bench.dialect().limits.pin;
    if rules.min_length < 2 {
        return Err(Stop::NotApplicable("a PIN of one key is allowed".to_owned()));
    }
    ask_with_pin(world, varied(rules.min_length - 1, &rules.alphabet)?).await
}

async fn too_long(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let rules = &bench.dialect().limits.pin;
    if rules.max_length == u32::MAX {
        return Err(Stop::NotApplicable("the vendor documents no longest PIN".to_owned()));
    }
    ask_with_pin(world, varied(rules.max_length + 1, &rules.alphabet)?).await
}

async fn foreign_keys(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let rules = &bench.dialect().limits.pin;
    let foreign: Vec<char> =
        ['A', 'z', '*', '0', '7'].into_iter().filter(|key| !rules.alphabet.contains(*key)).collect();
    if foreign.is_empty() {
        return Err(Stop::NotApplicable("every key is allowed".to_owned()));
    }
    let mut start: String = varied(rules.min_length.max(2), &rules.alphabet)?.keys().to_owned();
    start.pop();
    for key in &foreign {
        let pin = Pin::new(&format!("{start}{key}")).map_err(|why| Stop::Error(why.to_string()))?;
        ask_with_pin(world, pin).await?;
        // A request that carries a number cannot carry a letter, but may a zero.
        if !was_unsendable(world) {
            return Ok(());
        }
    }
    Err(Stop::NotApplicable(format!("the vendor's request can carry none of the keys {foreign:?}")))
}

/// Whether the last attempt could not even be written as a request.
pub(super) fn was_unsendable(world: &LockVendor) -> bool {
    matches!(&world.attempt, Some(Err(failure)) if failure.unsent)
}

pub(super) async fn refused_as(world: &LockVendor, kinds: &[FailureKind]) -> Step {
    let result = world.attempt.as_ref().ok_or_else(|| Stop::Error("no PIN was asked for".to_owned()))?;
    expect::refusal("a PIN that cannot be", result, kinds)
}

pub(super) async fn refused_invalid(world: &mut LockVendor) -> Step {
    refused_as(world, &[FailureKind::Invalid]).await
}

async fn refused_not_found(world: &mut LockVendor) -> Step {
    refused_as(world, &[FailureKind::Invalid, FailureKind::NotFound]).await
}

/// By the vendor's list, and at the door where somebody can type.
pub(super) async fn nothing_created(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let lock = world.lock()?;
    let asked = world.requests.last().cloned();
    let request = asked.ok_or_else(|| Stop::Error("no PIN was asked for".to_owned()))?;
    bench.pass(bench.dialect().limits.delays.creation).await?;
    let after = world.listed_ids(&lock).await?;
    if let (Some(before), Some(after)) = (&world.before, &after) {
        let added: Vec<_> = after.iter().filter(|id| !before.contains(id)).collect();
        if !added.is_empty() {
            return Err(Stop::fail(
                "a refused creation left an access behind",
                "nothing is created",
                format!("new on the lock: {}", some_of(added)),
            ));
        }
    }
    let Some(pin) = request.pin else {
        return match after {
            Some(_) => Ok(()),
            None => Err(Stop::Inconclusive(
                "the vendor chooses the PINs and lists none, so that nothing was created rests on its \
                 refusal alone"
                    .to_owned(),
            )),
        };
    };
    let listed = after.is_some();
    if let Err(missing) = bench.keypad() {
        return if listed { Ok(()) } else { Err(missing.into()) };
    }
    for at in moments(request.window, bench.now()) {
        // What a list has told already is not worth hours of waiting.
        if listed && !bench.is_simulated() && at > bench.now() + 2 * MINUTE {
            continue;
        }
        world.pass_until(at).await?;
        match bench.type_keys(&lock, &framed(world, &pin)?).await {
            Ok(tried) if tried.opened => {
                return Err(Stop::fail(
                    "a refused PIN opens the door",
                    "the door stays shut",
                    format!("it opened: {}", tried.why),
                ));
            }
            Ok(_) => {}
            Err(_) if listed => return Ok(()),
            Err(missing) => return Err(missing.into()),
        }
    }
    Ok(())
}

/// When a PIN that was refused would open, had it been created: inside its
/// window; for one that ends before it starts, inside the swapped window and
/// after the start; for one in the past, now.
fn moments(window: Window, now: Instant) -> Vec<Instant> {
    if window.until < window.from {
        let middle = window.until + window.from.since(window.until) / 2;
        return vec![now, middle.max(now), (window.from + SECOND).max(now)];
    }
    vec![now.max(window.from + SECOND)]
}

/// A PIN with the keys around it that the guest types.
fn framed(world: &LockVendor, pin: &Pin) -> Result<Pin, Stop> {
    let bench = world.bench()?;
    let rules = &bench.dialect().limits.pin;
    Pin::new(&format!("{}{}{}", rules.prefix, pin.keys(), rules.suffix))
        .map_err(|why| Stop::Error(why.to_string()))
}

async fn guest_in_force(world: &mut LockVendor) -> Step {
    let access = world.create_for_two_hours().await?;
    world.until_in_force(world.request(0)?.window).await?;
    let keys = world.keys(&access)?;
    world.must_open(&world.lock()?, &keys, "inside its window").await
}

async fn same_pin(world: &mut LockVendor) -> Step {
    let pin = world.bare_pin(&world.pin(0)?)?;
    let lock = world.lock()?;
    let mut request = world.pin_request(&lock, world.request(0)?.window)?;
    let now = world.whole_window(MINUTE, HOUR)?;
    request.window = now;
    request.pin = Some(pin);
    let result = world.ask_for(request).await?;
    world.attempt = Some(result);
    Ok(())
}

async fn error_or_another(world: &mut LockVendor) -> Step {
    let first = world.pin(0)?;
    let result = world.attempt.clone().ok_or_else(|| Stop::Error("no PIN was asked for".to_owned()))?;
    match result {
        Ok(second) => {
            if second.id == first.id || world.keys(&second)? == world.keys(&first)? {
                return Err(Stop::fail(
                    "two guests have the same PIN on one lock",
                    "a clear error, or another PIN",
                    format!("accesses `{}` and `{}` with one PIN", first.id, second.id),
                ));
            }
            world.remark("the vendor answers a PIN in use with another PIN");
            Ok(())
        }
        refused => {
            expect::refusal("a PIN that is in use", &refused, &[FailureKind::Conflict, FailureKind::Invalid])
        }
    }
}

async fn first_still_opens(world: &mut LockVendor) -> Step {
    let keys = world.keys(&world.pin(0)?)?;
    let bench = world.bench()?;
    bench.pass(bench.dialect().limits.delays.creation).await?;
    world.must_open(&world.lock()?, &keys, "after another guest had asked for the same PIN").await
}

/// A lock that is cut off for this scenario, or the one that is offline anyway.
async fn offline_lock(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let free: Result<LockId, _> = bench.free_lock(0);
    if let Ok(lock) = free
        && bench.set_reachable(&lock, false).await.is_ok()
    {
        bench.pass(bench.dialect().limits.delays.offline + SECOND).await?;
        world.returnable = true;
        world.lock = Some(lock);
        return Ok(());
    }
    world.returnable = false;
    world.lock = Some(bench.offline_lock()?);
    Ok(())
}

async fn ask_on_offline(world: &mut LockVendor) -> Step {
    let lock = world.lock()?;
    let bench = world.bench()?;
    let window = world.whole_window(MINUTE, 4 * HOUR)?;
    let mut request = world.pin_request(&lock, window)?;
    let rules = &bench.dialect().limits.pin;
    if rules.chosen_by == ChosenBy::Caller {
        // One that no earlier run has used: it may still stand on the lock.
        let fresh = bench.inlet().choose_pin();
        let none = || Stop::Inconclusive("the profile's rules leave no PIN that is not used yet".to_owned());
        request.pin = Some(fresh.ok_or_else(none)?);
    }
    world.before = world.listed_ids(&lock).await.unwrap_or(None);
    let result = world.ask_for(request.clone()).await?;
    world.requests.push(request);
    world.attempt = Some(result);
    Ok(())
}

async fn fails_or_pending(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let policy = bench.dialect().limits.pin.offline;
    let result = world.attempt.clone().ok_or_else(|| Stop::Error("no PIN was asked for".to_owned()))?;
    if let (Ok(access), Delivery::Cloud) = (&result, bench.dialect().limits.pin.delivery) {
        // Nothing has to be brought to the lock, so the PIN opens while it is offline.
        world.until_in_force(world.request(0)?.window).await?;
        let keys = world.keys(access)?;
        return world
            .must_open(&world.lock()?, &keys, "of an offline lock, although PINs need no delivery to it")
            .await;
    }
    match (result, policy) {
        (Ok(access), OfflinePolicy::Defer) if access.state == Some(Word::Pending) => {
            world.remark("kept as pending, as declared");
            Ok(())
        }
        (Ok(access), OfflinePolicy::Defer) => Err(Stop::fail(
            "a PIN on an offline lock is not reported as pending",
            "pending until the lock returns",
            access.state.map_or("no state", Word::as_str),
        )),
        (Ok(_), OfflinePolicy::Refuse) => Err(Stop::fail(
            "success is claimed for a PIN on a lock that is offline",
            "a clear error, or a deferral that is declared",
            "success",
        )),
        (refused, _) => {
            expect::refusal("creating a PIN on an offline lock", &refused, &[FailureKind::Offline])
        }
    }
}

async fn lock_comes_back(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    bench.set_reachable(&world.lock()?, true).await?;
    world.returnable = true;
    let delays = bench.dialect().limits.delays;
    bench.pass(delays.offline + delays.creation + MINUTE).await?;
    Ok(())
}

async fn opens_as_claimed(world: &mut LockVendor) -> Step {
    let result = world.attempt.clone().ok_or_else(|| Stop::Error("no PIN was asked for".to_owned()))?;
    if !world.returnable {
        return Err(Stop::Inconclusive("what happens when the lock returns could not be seen".to_owned()));
    }
    let lock = world.lock()?;
    world.pass_until(world.request(0)?.window.from + SECOND).await?;
    match result {
        Ok(access) => {
            let keys = world.keys(&access)?;
            world.must_open(&lock, &keys, "after the lock had come back, although success was claimed").await
        }
        Err(_) => refused_stays_away(world, &lock).await,
    }
}

async fn refused_stays_away(world: &LockVendor, lock: &LockId) -> Step {
    let after = world.listed_ids(lock).await?;
    if let (Some(before), Some(after)) = (&world.before, &after) {
        let added: Vec<_> = after.iter().filter(|id| !before.contains(id)).collect();
        if !added.is_empty() {
            return Err(Stop::fail(
                "a creation that had failed appeared when the lock came back",
                "nothing is created",
                format!("new on the lock: {}", some_of(added)),
            ));
        }
    }
    match world.request(0)?.pin {
        Some(pin) => {
            let keys = framed(world, &pin)?;
            world.must_not_open(lock, &keys, "after its creation had failed on the offline lock").await
        }
        None if after.is_some() => Ok(()),
        None => Err(Stop::Inconclusive(
            "the PIN of the failed creation is not known, and nothing is listed".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_pin_is_tried_when_it_would_open() {
        let at = Instant::from_epoch_ms;
        let now = at(0);
        assert_eq!(moments(Window::new(at(60_000), at(90_000)), now), [at(61_000)]);
        assert_eq!(moments(Window::new(at(90_000), at(60_000)), now), [now, at(75_000), at(91_000)]);
        assert_eq!(moments(Window::new(at(-90_000), at(-60_000)), now), [now]);
    }

    #[test]
    fn varied_pins_break_no_rule_but_their_length() {
        for length in [3, 4, 6, 9, 13] {
            let pin = varied(length, "0123456789").unwrap();
            assert_eq!(pin.keys().len(), length as usize);
            assert!(!pin.keys().contains('0') && !pin.keys().starts_with("12"));
        }
        assert_eq!(varied(6, "0123456789").unwrap().keys(), "975311");
    }
}
