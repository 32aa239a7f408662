//! Locks and the locks of one group: LV-20, LV-21, LV-22.

use std::collections::BTreeSet;

use cucumber::step::Collection;

use super::expect::{self, some_of};
use super::listing;
use super::world::LockVendor;
use crate::harness::integration::Lock;
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::Support;
use crate::vendors::vocabulary::{FailureKind, Field, Function, GroupId, LockId, Meaning};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        when "all locks are listed" => list_once;
        when "all locks are listed twice" => list_twice;
        then "there is at least one lock" => at_least_one;
        then "every lock has an id of its own" => own_ids;
        then "every lock has a name" => names;
        then "both lists of locks hold the same ids and names" => stable;
        then "the list holds exactly the locks that exist" => complete;
        when "the locks of a group with some of the locks are listed" => list_partial;
        then "exactly the locks of that group are listed" => exactly_the_group;
        then "the locks of a group can be had without downloading every lock" => selected_by_vendor;
        when "the locks of an empty group are listed" => list_empty;
        then "no locks are listed" => none_listed;
        when "the locks of an unknown group are listed" => list_unknown;
        then "there is a clear error or an empty list, never locks" => error_or_nothing;
        then "the locks name their groups" => groups_named;
        then "the locks name their locations" => locations_named;
    }
}

async fn list_once(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let locks = expect::success("listing the locks", bench.inlet().list_locks(None).await)?;
    world.lock_lists.push(locks);
    Ok(())
}

async fn list_twice(world: &mut LockVendor) -> Step {
    list_once(world).await?;
    list_once(world).await
}

fn list(world: &LockVendor) -> Result<&[Lock], Stop> {
    world.lock_lists.first().map(Vec::as_slice).ok_or_else(|| Stop::Error("no locks were listed".to_owned()))
}

async fn at_least_one(world: &mut LockVendor) -> Step {
    let count = list(world)?.len();
    if count > 0 {
        world.remark(format!("{count} locks"));
        return Ok(());
    }
    Err(Stop::fail(
        "the list of locks is empty",
        "at least the locks of the test environment",
        "an empty list",
    ))
}

async fn own_ids(world: &mut LockVendor) -> Step {
    listing::own_ids(list(world)?)
}

async fn names(world: &mut LockVendor) -> Step {
    listing::names(list(world)?)
}

async fn stable(world: &mut LockVendor) -> Step {
    listing::stable(&world.lock_lists)
}

async fn complete(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let listed = list(world)?;
    let known: BTreeSet<LockId> = bench.known_locks().into_iter().flatten().collect();
    if known.is_empty() {
        return named_are_listed(world);
    }
    listing::none_missing(listed, &known)?;
    if bench.is_simulated() {
        listing::none_invented(listed, &known)?;
    }
    world.remark(format!("all {} known locks are listed", known.len()));
    Ok(())
}

/// Where nobody knows every lock: those that the subject file names.
fn named_are_listed(world: &mut LockVendor) -> Step {
    let named = named_locks(world)?;
    let listed = list(world)?;
    listing::none_missing(listed, &named)?;
    let observed = format!("{} locks listed, {} of them named there", listed.len(), named.len());
    world.warn(
        "completeness could only be judged by the locks of the subject file",
        "every lock that exists, known from elsewhere",
        observed,
    );
    Ok(())
}

/// Every lock that the subject file names, in whatever part.
fn named_locks(world: &LockVendor) -> Result<BTreeSet<LockId>, Stop> {
    let bench = world.bench()?;
    let mut named: BTreeSet<LockId> = (0..).map_while(|nth| bench.free_lock(nth).ok()).collect();
    named.extend(bench.offline_lock().ok());
    named.extend(bench.low_battery_lock().ok());
    named.extend(bench.partial_group().ok().and_then(|(_, inside)| inside).into_iter().flatten());
    if named.is_empty() {
        return Err(Stop::Inconclusive("no lock is known to exist, so none could be missed".to_owned()));
    }
    Ok(named)
}

async fn list_group(world: &mut LockVendor, group: &GroupId) -> Step {
    let bench = world.bench()?;
    world.filtered = Some(bench.inlet().list_locks(Some(group)).await);
    Ok(())
}

async fn list_partial(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let (group, truth) = bench.partial_group()?;
    world.truly_inside = Some(match truth {
        Some(locks) => locks,
        None => {
            world.inside_by_metadata = true;
            by_metadata(world, &group).await?
        }
    });
    list_group(world, &group).await
}

/// Without knowledge from elsewhere: what the locks themselves say.
async fn by_metadata(world: &LockVendor, group: &GroupId) -> Result<Vec<LockId>, Stop> {
    let bench = world.bench()?;
    let all = expect::success("listing the locks", bench.inlet().list_locks(None).await)?;
    let inside: Vec<LockId> =
        all.into_iter().filter(|lock| lock.group.as_ref() == Some(group)).map(|lock| lock.id).collect();
    if inside.is_empty() {
        return Err(Stop::Inconclusive(format!(
            "which locks are in group `{group}` is known neither from the subject file nor from the locks"
        )));
    }
    Ok(inside)
}

fn filtered(world: &LockVendor) -> Result<Vec<Lock>, Stop> {
    let result = world.filtered.clone().ok_or_else(|| Stop::Error("no group was asked for".to_owned()))?;
    expect::success("listing the locks of one group", result)
}

async fn exactly_the_group(world: &mut LockVendor) -> Step {
    let found = filtered(world)?;
    let listed: BTreeSet<LockId> = found.iter().map(|lock| lock.id.clone()).collect();
    let truth: BTreeSet<LockId> = world.truly_inside.iter().flatten().cloned().collect();
    if truth.is_empty() {
        return Err(Stop::Inconclusive("the group with some of the locks has none".to_owned()));
    }
    let outside: Vec<&LockId> = listed.difference(&truth).collect();
    if !outside.is_empty() && world.inside_by_metadata {
        // A lock in two groups may name one of them only, so its own word cannot condemn the list.
        return Err(Stop::Inconclusive(format!(
            "listed for the group, but naming another or none themselves: {}; whether they are in it is \
             not known (groups.partial in the subject file can name its locks)",
            some_of(outside)
        )));
    }
    if !outside.is_empty() {
        return Err(Stop::fail(
            "locks of other groups are listed too",
            format!("the {} locks of the group and no other", truth.len()),
            format!("{} others: {}", outside.len(), some_of(outside)),
        ));
    }
    let missing: Vec<&LockId> = truth.difference(&listed).collect();
    if !missing.is_empty() {
        return Err(Stop::fail(
            "locks of the group are missing",
            format!("all {} locks of the group", truth.len()),
            format!("{} missing: {}", missing.len(), some_of(missing)),
        ));
    }
    if found.len() != listed.len() {
        return Err(Stop::fail(
            "a lock of the group is listed twice",
            "every lock once",
            "a lock more than once",
        ));
    }
    world.remark(format!("{} locks of the group, no other", listed.len()));
    Ok(())
}

/// By a filter (the group goes out with the request) or by a membership list
/// (the locks' ids come with the group).
async fn selected_by_vendor(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    if let Support::Unsupported { reason } = dialect.function(Function::ListAccessGroups) {
        return Err(Stop::fail(
            "the vendor has no groups whose locks could be asked for",
            "a filter by group, or a list of a group's members",
            reason.clone(),
        ));
    }
    let names = dialect.function(Function::ListLocks).operations();
    if names.is_empty() {
        return Err(Stop::Inconclusive("the vendor lists no locks".to_owned()));
    }
    let operations = || names.iter().filter_map(|name| dialect.operation(name));
    let filters = operations()
        .any(|operation| operation.meaning() == Meaning::ListLocks && operation.asks_with(&Field::GroupId));
    let memberships = operations().any(|operation| {
        operation.meaning() == Meaning::ListGroups && operation.answers_with(&Field::LockId)
    });
    if filters || memberships {
        world.remark(if filters {
            "the vendor filters by group"
        } else {
            "the vendor lists a group's members"
        });
        return Ok(());
    }
    Err(Stop::fail(
        "the locks of a group can only be had by downloading every lock in the system",
        "a filter by group, or a list of a group's members",
        "neither the requests carry a group nor do groups name their locks",
    ))
}

async fn list_empty(world: &mut LockVendor) -> Step {
    let group = world.bench()?.empty_group()?;
    list_group(world, &group).await
}

async fn none_listed(world: &mut LockVendor) -> Step {
    let locks = filtered(world)?;
    if locks.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        "a group without locks is answered with locks",
        "an empty list",
        format!("{} locks: {}", locks.len(), some_of(locks.iter().map(|lock| &lock.id))),
    ))
}

async fn list_unknown(world: &mut LockVendor) -> Step {
    let group = world.bench()?.unknown_group().await?;
    list_group(world, &group).await
}

async fn error_or_nothing(world: &mut LockVendor) -> Step {
    match world.filtered.clone() {
        None => Err(Stop::Error("no group was asked for".to_owned())),
        Some(Ok(locks)) if locks.is_empty() => Ok(()),
        Some(Ok(locks)) => Err(Stop::fail(
            "a group that does not exist is answered with locks",
            "a clear error or an empty list",
            format!("{} locks", locks.len()),
        )),
        Some(refused) => expect::refusal(
            "listing the locks of an unknown group",
            &refused,
            &[FailureKind::NotFound, FailureKind::Invalid, FailureKind::Forbidden],
        ),
    }
}

async fn groups_named(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let locks = list(world)?;
    let without = locks.iter().filter(|lock| lock.group.is_none()).count();
    if locks.is_empty() || without == locks.len() {
        return Err(Stop::fail("no lock names its group", "the group of each lock", "locks without a group"));
    }
    if let Ok((group, Some(truth))) = bench.partial_group() {
        let wrong: Vec<&LockId> = locks
            .iter()
            .filter(|lock| truth.contains(&lock.id))
            // On a foreign target a lock may be in several groups and name another one.
            .filter(|lock| {
                lock.group.as_ref() != Some(&group) && (lock.group.is_none() || bench.is_simulated())
            })
            .map(|lock| &lock.id)
            .collect();
        if !wrong.is_empty() {
            return Err(Stop::fail(
                "locks do not name the group that they are in",
                format!("group `{group}`"),
                format!("no group or another one: {}", some_of(wrong)),
            ));
        }
    }
    world.remark(format!("{} of {} locks name a group", locks.len() - without, locks.len()));
    Ok(())
}

async fn locations_named(world: &mut LockVendor) -> Step {
    let locks = list(world)?;
    let located = locks
        .iter()
        .filter(|lock| lock.location.as_deref().is_some_and(|place| !place.trim().is_empty()))
        .count();
    if located == 0 {
        return Err(Stop::fail(
            "no lock tells where it is",
            "the location of each lock",
            "locks without a location",
        ));
    }
    let summary = format!("{located} of {} locks tell where they are", locks.len());
    if located < locks.len() {
        world.warn("some locks do not tell where they are", "the location of each lock", summary);
    } else {
        world.remark(summary);
    }
    Ok(())
}
