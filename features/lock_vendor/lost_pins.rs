//! What lost answers to the creation of PINs came to: one PIN for each guest.

use super::arrange::{MINUTE, SECOND};
use super::expect::{self, some_of};
use super::pins::scope_lock;
use super::resilience::{Created, take_losses};
use super::retry_rule::{by_the_rule, ended, several, was_lost};
use super::world::LockVendor;
use crate::harness::integration::{PinAccess, PinRequest};
use crate::harness::trial::{Step, Stop};
use crate::vendors::profile::ChosenBy;
use crate::vendors::vocabulary::{AccessId, FailureKind, Function};

pub(super) async fn one_pin_each(world: &mut LockVendor) -> Step {
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
