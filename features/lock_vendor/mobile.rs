//! Mobile access: LV-60, LV-61, LV-70.

use std::time::Duration;

use cucumber::step::Collection;

use super::arrange::{HOUR, MINUTE, SECOND, documented};
use super::expect;
use super::world::LockVendor;
use crate::harness::integration::{MobileAccess, MobileRequest, Scope};
use crate::harness::trial::{Step, Stop};
use crate::vendors::vocabulary::{Field, Function, Instant, LockId, Window, Word};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        when "mobile access is created for the next two hours" => create_now;
        when "mobile access is created that starts in three hours" => create_later;
        given "a guest with mobile access in force" => in_force;
        then "the vendor gives it an id and an invitation or a state" => id_and_invitation;
        then "it is connected to a user" => has_user;
        then "its validity and scope are those asked for" => validity_and_scope;
        then "the phone opens the lock" => opens_inside;
        then "the phone does not open another lock" => not_another;
        then "the phone does not open the lock before its start" => not_before;
        then "the phone opens the lock inside its window" => opens_inside;
        then "the phone does not open the lock after its end" => not_after;
        when "the mobile access is removed and the documented delay has passed" => remove;
        then "the phone no longer opens the lock" => no_longer_opens;
        then "the mobile access is no longer listed as in force" => no_longer_listed;
    }
}

/// A request for a mobile key on one lock, for the tester's own address.
pub(super) fn request(world: &mut LockVendor, lock: &LockId, window: Window) -> Result<MobileRequest, Stop> {
    let email = world.bench()?.tester_email()?;
    let mut user = world.guest()?;
    user.email = Some(email);
    let name = world.fresh_name("key")?;
    Ok(MobileRequest { user, scope: Scope::Locks(vec![lock.clone()]), window, name })
}

async fn create(world: &mut LockVendor, after: Duration) -> Step {
    let bench = world.bench()?;
    let lock = bench.free_lock(0)?;
    world.lock = Some(lock.clone());
    let window = world.whole_window(after, 2 * HOUR)?;
    let request = request(world, &lock, window)?;
    let result = bench.create_mobile(bench.inlet(), &request).await;
    let access = expect::success("creating mobile access", result)?;
    world.mobiles.push(access);
    world.window = Some(window);
    Ok(())
}

async fn create_now(world: &mut LockVendor) -> Step {
    create(world, MINUTE).await
}

async fn create_later(world: &mut LockVendor) -> Step {
    create(world, 3 * HOUR).await
}

fn mobile(world: &LockVendor) -> Result<MobileAccess, Stop> {
    world.mobiles.first().cloned().ok_or_else(|| Stop::Error("no mobile access was created".to_owned()))
}

fn window(world: &LockVendor) -> Result<Window, Stop> {
    let asked = world.window.ok_or_else(|| Stop::Error("no mobile access was created".to_owned()))?;
    let bench = world.bench()?;
    Ok(documented(asked, &bench.dialect().limits).unwrap_or(asked))
}

async fn id_and_invitation(world: &mut LockVendor) -> Step {
    let access = mobile(world)?;
    let invited = access.invitation.is_some();
    let stated = access.state.is_some_and(|state| state != Word::Failed);
    if access.id.as_str().is_empty() {
        return Err(Stop::fail("mobile access came without an id", "an id", "an empty id"));
    }
    // Absent is one thing (another way of activation may show); empty another.
    if !invited && access.facts.has(&Field::MobileInvitation) {
        return Err(Stop::fail(
            "the invitation that the vendor documents is empty",
            "an invitation that the guest can follow",
            "an empty one",
        ));
    }
    if invited || stated || listed(world).await?.is_some_and(|found| found.is_some()) {
        return Ok(());
    }
    Err(Stop::fail(
        "nothing shows that the guest gets the mobile access",
        "an invitation, a state, or the key in a list",
        "an id alone",
    ))
}

/// The key in the vendor's list: `None` where the vendor lists none,
/// `Some(None)` where it is not in the list.
async fn listed(world: &LockVendor) -> Result<Option<Option<MobileAccess>>, Stop> {
    let bench = world.bench()?;
    if !bench.dialect().supports(Function::ListMobileAccess) {
        return Ok(None);
    }
    let access = mobile(world)?;
    let all = expect::success("listing mobile access", bench.inlet().list_mobile_access(&access).await)?;
    Ok(Some(all.into_iter().find(|item| item.id == access.id)))
}

async fn has_user(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let sent = [Field::UserId, Field::UserReference, Field::UserEmail]
        .iter()
        .any(|field| dialect.asks_with(Function::CreateMobileAccess, field));
    if mobile(world)?.user.is_some() || sent {
        return Ok(());
    }
    Err(Stop::fail(
        "mobile access belongs to no user",
        "a user, a reference or an address with the request",
        "neither the request nor the answer names one",
    ))
}

async fn validity_and_scope(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let sends = |field: &Field| dialect.asks_with(Function::CreateMobileAccess, field);
    if !(sends(&Field::MobileFrom) && sends(&Field::MobileUntil)) {
        return Err(Stop::fail(
            "mobile access is created without a validity",
            "a start and an end",
            "the declared request carries none",
        ));
    }
    if !(sends(&Field::LockId) || sends(&Field::GroupId)) {
        return Err(Stop::fail(
            "mobile access is created without a scope",
            "a lock or a group",
            "the declared request names none",
        ));
    }
    let item = listed(world).await?;
    if let Some(None) = item {
        return Err(Stop::fail(
            "the mobile access is not listed",
            "the key in the user's list",
            "a list without it",
        ));
    }
    let expected = window(world)?;
    match item.flatten().and_then(|item| item.window).or(mobile(world)?.window) {
        Some(told) if told == expected => Ok(()),
        Some(told) => Err(Stop::fail(
            "the validity that the vendor tells is not the one asked for",
            format!("{} to {}", expected.from, expected.until),
            format!("{} to {}", told.from, told.until),
        )),
        None => {
            world.remark("the vendor tells no validity; it is judged at the door (LV-61)");
            Ok(())
        }
    }
}

async fn present_at(world: &LockVendor, lock: &LockId, at: Instant, must_open: bool, when: &str) -> Step {
    world.pass_until(at).await?;
    let tried = world.bench()?.present(lock, &mobile(world)?.id).await?;
    match (tried.opened, must_open) {
        (true, true) | (false, false) => Ok(()),
        (true, false) => Err(Stop::fail(
            format!("a phone opened a door {when}"),
            "the door stays shut",
            format!("it opened: {}", tried.why),
        )),
        (false, true) => Err(Stop::fail(
            format!("a phone did not open its door {when}"),
            "the door opens",
            format!("it stayed shut: {}", tried.why),
        )),
    }
}

async fn creation_delay(world: &LockVendor) -> Step {
    let bench = world.bench()?;
    Ok(bench.pass(bench.dialect().limits.delays.creation).await?)
}

async fn opens_inside(world: &mut LockVendor) -> Step {
    creation_delay(world).await?;
    present_at(world, &world.lock()?, window(world)?.from + MINUTE, true, "inside its window").await
}

async fn not_another(world: &mut LockVendor) -> Step {
    let other = world.bench()?.free_lock(1)?;
    present_at(world, &other, window(world)?.from + MINUTE, false, "outside of its scope").await
}

async fn not_before(world: &mut LockVendor) -> Step {
    let (bench, from) = (world.bench()?, window(world)?.from);
    world.pass_until(from - bench.margin()).await?;
    bench.tried_before(from)?;
    present_at(world, &world.lock()?, bench.now(), false, "before its window").await
}

async fn not_after(world: &mut LockVendor) -> Step {
    present_at(world, &world.lock()?, window(world)?.until, false, "after its window").await
}

async fn in_force(world: &mut LockVendor) -> Step {
    create_now(world).await?;
    opens_inside(world).await
}

async fn remove(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let access = mobile(world)?;
    expect::success("removing mobile access", bench.inlet().remove_mobile_access(&access).await)?;
    bench.pass(bench.dialect().limits.delays.removal + SECOND).await?;
    Ok(())
}

async fn no_longer_opens(world: &mut LockVendor) -> Step {
    let now = world.bench()?.now();
    present_at(world, &world.lock()?, now, false, "although its access had been removed").await
}

async fn no_longer_listed(world: &mut LockVendor) -> Step {
    match listed(world).await? {
        Some(Some(item)) if item.state != Some(Word::Removed) => Err(Stop::fail(
            "removed mobile access is still listed",
            "the user's list without it",
            format!("key `{}` is in the list", item.id),
        )),
        _ => Ok(()),
    }
}
