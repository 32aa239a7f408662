//! Removing PINs: LV-50, LV-51, LV-52.

use cucumber::step::Collection;

use super::arrange::{DAY, HOUR, MINUTE, SECOND};
use super::expect;
use super::world::LockVendor;
use crate::harness::integration::{CallFailure, PinAccess};
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::Support;
use crate::vendors::vocabulary::{AccessId, Datum, FailureKind, Field, Function, Window, Word};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        given "the vendor can withdraw PINs" => can_withdraw;
        given "a guest with a PIN" => guest;
        given "a PIN for tomorrow" => pin_for_tomorrow;
        when "the PIN is removed and the documented delay has passed" => remove_first;
        when "the PIN for tomorrow is removed and the documented delay has passed" => remove_last;
        then "the PIN is no longer listed" => not_listed;
        then "it does not open tomorrow" => not_tomorrow;
        when "the PIN is removed twice" => remove_twice;
        then "the second removal succeeds or says that it is not found" => harmless;
        when "an access that does not exist is removed" => remove_unknown;
        then "the removal succeeds or says that it is not found" => harmless;
        then "the guest's PIN is still there" => still_there;
        given "a guest with PINs on two locks, and a neighbour on the first" => neighbours;
        when "the guest's PIN on the first lock is removed and the documented delay has passed" => remove_first;
        then "the neighbour's PIN still opens and is unchanged" => neighbour_unharmed;
        then "the guest's PIN on the second lock still opens and is unchanged" => second_lock_unharmed;
    }
}

async fn can_withdraw(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    if let Some(reason) = &dialect.limits.pin.irrevocable {
        return Err(Stop::fail(
            "PINs cannot be withdrawn",
            "PINs can be revoked at any time",
            reason.clone(),
        ));
    }
    if let Support::Unsupported { reason } = dialect.function(Function::RemovePinAccess) {
        return Err(Stop::fail(
            "PINs cannot be withdrawn",
            "PINs can be revoked at any time",
            reason.clone(),
        ));
    }
    Ok(())
}

async fn guest(world: &mut LockVendor) -> Step {
    world.create_for_two_hours().await.map(drop)
}

async fn pin_for_tomorrow(world: &mut LockVendor) -> Step {
    let lock = world.lock()?;
    let window = world.whole_window(DAY, 2 * HOUR)?;
    let request = world.pin_request(&lock, window)?;
    world.create(request).await?;
    let bench = world.bench()?;
    bench.pass(bench.dialect().limits.delays.creation).await?;
    Ok(())
}

async fn remove(world: &LockVendor, access: &PinAccess) -> Step {
    let bench = world.bench()?;
    expect::success("removing a PIN", bench.inlet().remove_pin_access(access).await)?;
    bench.pass(bench.dialect().limits.delays.removal + SECOND).await?;
    Ok(())
}

async fn remove_first(world: &mut LockVendor) -> Step {
    remove(world, &world.pin(0)?).await
}

async fn remove_last(world: &mut LockVendor) -> Step {
    let last = world.pins.len().saturating_sub(1);
    remove(world, &world.pin(last)?).await
}

async fn not_listed(world: &mut LockVendor) -> Step {
    let access = world.pin(0)?;
    match world.listed_ids(&world.lock()?).await? {
        Some(ids) if ids.contains(&access.id) => Err(Stop::fail(
            "a removed PIN is still listed",
            "the lock's list without it",
            format!("access `{}` is in the list", access.id),
        )),
        Some(_) => Ok(()),
        None => {
            Err(Stop::NotApplicable("the vendor lists no PINs; the removal is judged at the door".to_owned()))
        }
    }
}

async fn not_tomorrow(world: &mut LockVendor) -> Step {
    let last = world.pins.len().saturating_sub(1);
    let (access, request) = (world.pin(last)?, world.request(last)?);
    world.pass_until(request.window.from + MINUTE).await?;
    let keys = world.keys(&access)?;
    world.must_not_open(&world.lock()?, &keys, "although it had been removed before its start").await
}

async fn remove_twice(world: &mut LockVendor) -> Step {
    let access = world.pin(0)?;
    remove(world, &access).await?;
    let again = world.bench()?.inlet().remove_pin_access(&access).await;
    world.calls.push(("removing a PIN again".to_owned(), again));
    Ok(())
}

/// An id of the same form that no access has: every digit a nine, and longer
/// where there is nothing but digits.
fn unknown_id(real: &AccessId) -> AccessId {
    let text = real.as_str();
    if text.chars().all(|sign| sign.is_ascii_digit()) {
        return AccessId::new("9".repeat((text.len() + 1).max(9)));
    }
    if text.chars().any(|sign| sign.is_ascii_digit()) {
        let nines: String = text.chars().map(|sign| if sign.is_ascii_digit() { '9' } else { sign }).collect();
        return AccessId::new(nines);
    }
    AccessId::new(format!("{text}x"))
}

/// Keeps what the vendor tells of every access, for comparison: whether it
/// tells the truth is judged by LV-40.
async fn keep_told(world: &mut LockVendor) -> Step {
    let mut told = Vec::new();
    for nth in 0..world.pins.len() {
        told.push(told_now(world, nth).await?.flatten());
    }
    world.told_before = told;
    Ok(())
}

/// What the vendor tells of an access: `None` where it lists none, `Some(None)`
/// where it is not in the list.
async fn told_now(world: &LockVendor, nth: usize) -> Result<Option<Option<PinAccess>>, Stop> {
    let (access, request) = (world.pin(nth)?, world.request(nth)?);
    let lock = super::pins::scope_lock(&request.scope)?;
    let listed = world.listed(&lock).await?;
    Ok(listed.map(|all| all.into_iter().find(|item| item.id == access.id)))
}

async fn remove_unknown(world: &mut LockVendor) -> Step {
    keep_told(world).await?;
    let mut access = world.pin(0)?;
    let id = unknown_id(&access.id);
    if let Some(ids) = world.listed_ids(&world.lock()?).await?
        && ids.contains(&id)
    {
        return Err(Stop::Inconclusive(format!("an access `{id}` exists, so it is not removed")));
    }
    access.facts.set(Field::AccessId, Datum::text(id.as_str()));
    access.id = id;
    stand_for_another(world, &mut access)?;
    let result = world.bench()?.inlet().remove_pin_access(&access).await;
    world.calls.push(("removing an access that does not exist".to_owned(), result));
    Ok(())
}

/// Where a removal names the PIN and no id, an access that does not exist is a
/// PIN that nobody has.
fn stand_for_another(world: &LockVendor, access: &mut PinAccess) -> Step {
    let bench = world.bench()?;
    let asks = |field: &Field| bench.dialect().asks_with(Function::RemovePinAccess, field);
    if asks(&Field::AccessId) || !asks(&Field::AccessPin) {
        return Ok(());
    }
    let Some(pin) = bench.inlet().choose_pin() else {
        return Err(Stop::Inconclusive("the vendor's rules leave no PIN that is not used yet".to_owned()));
    };
    let pin = Datum::Pin(pin);
    access.facts.items.iter_mut().for_each(|round| round.set(Field::AccessPin, pin.clone()));
    access.facts.set(Field::AccessPin, pin);
    Ok(())
}

async fn harmless(world: &mut LockVendor) -> Step {
    let (doing, result): &(String, Result<(), CallFailure>) =
        world.calls.last().ok_or_else(|| Stop::Error("nothing was removed".to_owned()))?;
    match result {
        Ok(()) => Ok(()),
        refused => expect::refusal(doing, refused, &[FailureKind::NotFound]),
    }
}

async fn still_there(world: &mut LockVendor) -> Step {
    unharmed(world, 0, "after an unknown access was removed").await
}

async fn neighbours(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    world.create_for_two_hours().await?;
    let (guest, window) = (world.request(0)?.user, world.request(0)?.window);
    let mut elsewhere = world.pin_request(&bench.free_lock(1)?, window)?;
    elsewhere.user = guest;
    world.create(elsewhere).await?;
    let neighbour = world.pin_request(&world.lock()?, window)?;
    world.create(neighbour).await?;
    world.until_in_force(window).await?;
    for nth in 0..3 {
        let lock = super::pins::scope_lock(&world.request(nth)?.scope)?;
        let keys = world.keys(&world.pin(nth)?)?;
        world.must_open(&lock, &keys, "before anything was removed").await?;
    }
    keep_told(world).await
}

/// An access opens, is listed, and holds as before.
async fn unharmed(world: &LockVendor, nth: usize, when: &str) -> Step {
    let (access, request) = (world.pin(nth)?, world.request(nth)?);
    let lock = super::pins::scope_lock(&request.scope)?;
    let before = world.told_before.get(nth).cloned().flatten();
    if let (Some(before), Some(now)) = (&before, told_now(world, nth).await?) {
        let Some(item) = now else {
            return Err(Stop::fail(
                format!("another access disappeared {when}"),
                "every other access as it was",
                format!("access `{}` is no longer listed", access.id),
            ));
        };
        if item.state == Some(Word::Removing) {
            return Err(Stop::fail(
                format!("another access is being removed {when}"),
                "as it was",
                "state `removing`",
            ));
        }
        if item.window != before.window {
            let shown = |window: Option<Window>| {
                window.map_or("none".to_owned(), |window| format!("{} to {}", window.from, window.until))
            };
            return Err(Stop::fail(
                format!("another access has another validity {when}"),
                shown(before.window),
                shown(item.window),
            ));
        }
    }
    world.until_typable(request.window).await?;
    let keys = world.keys(&access)?;
    match world.bench()?.type_keys(&lock, &keys).await {
        Ok(tried) if tried.opened => Ok(()),
        Ok(tried) => Err(Stop::fail(format!("another access no longer opens {when}"), "it opens", tried.why)),
        Err(_) if before.is_some() => Ok(()),
        Err(missing) => Err(missing.into()),
    }
}

async fn neighbour_unharmed(world: &mut LockVendor) -> Step {
    unharmed(world, 2, "after a neighbour's was removed").await
}

async fn second_lock_unharmed(world: &mut LockVendor) -> Step {
    unharmed(world, 1, "after the guest's access to another lock was removed").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_id_has_the_form_of_a_real_one() {
        for (real, unknown) in [("17", "999999999"), ("acc-12", "acc-99"), ("1f-0", "9f-9"), ("abc", "abcx")]
        {
            assert_eq!(unknown_id(&AccessId::new(real)).as_str(), unknown);
        }
    }
}
