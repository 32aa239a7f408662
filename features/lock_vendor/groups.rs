//! Access groups: LV-10.

use std::collections::BTreeSet;

use cucumber::step::Collection;

use super::world::LockVendor;
use super::{expect, listing};
use crate::harness::integration::AccessGroup;
use crate::harness::trial::{Step, Stop};
use crate::vendors::vocabulary::GroupId;

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        when "the access groups are listed" => list_once;
        when "the access groups are listed twice" => list_twice;
        then "there is at least one group" => at_least_one;
        then "every group has an id of its own" => own_ids;
        then "every group has a name" => names;
        then "both lists of groups hold the same ids and names" => stable;
        then "the list holds exactly the groups that exist" => complete;
    }
}

async fn list_once(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let groups = expect::success("listing the access groups", bench.inlet().list_access_groups().await)?;
    world.group_lists.push(groups);
    Ok(())
}

async fn list_twice(world: &mut LockVendor) -> Step {
    list_once(world).await?;
    list_once(world).await
}

fn list(world: &LockVendor) -> Result<&[AccessGroup], Stop> {
    world
        .group_lists
        .first()
        .map(Vec::as_slice)
        .ok_or_else(|| Stop::Error("no groups were listed".to_owned()))
}

async fn at_least_one(world: &mut LockVendor) -> Step {
    let count = list(world)?.len();
    if count > 0 {
        world.remark(format!("{count} groups"));
        return Ok(());
    }
    match world.bench()?.known_groups() {
        Some(known) if !known.is_empty() => Err(Stop::fail(
            "the list of access groups is empty",
            format!("{} groups", known.len()),
            "an empty list",
        )),
        _ => Err(Stop::Inconclusive("the vendor lists no group, so nothing could be looked at".to_owned())),
    }
}

async fn own_ids(world: &mut LockVendor) -> Step {
    listing::own_ids(list(world)?)
}

async fn names(world: &mut LockVendor) -> Step {
    listing::names(list(world)?)
}

async fn stable(world: &mut LockVendor) -> Step {
    listing::stable(&world.group_lists)
}

async fn complete(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let listed = list(world)?;
    let known: BTreeSet<GroupId> = bench.known_groups().into_iter().flatten().collect();
    if known.is_empty() {
        return named_are_listed(world);
    }
    listing::none_missing(listed, &known)?;
    if bench.is_simulated() {
        listing::none_invented(listed, &known)?;
    }
    world.remark(format!("all {} known groups are listed", known.len()));
    Ok(())
}

/// Where nobody knows every group: those that the subject file names.
fn named_are_listed(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let partial = bench.partial_group().map(|(group, _)| group);
    let named: BTreeSet<GroupId> = partial.into_iter().chain(bench.empty_group()).collect();
    if named.is_empty() {
        let why = "no group is known to exist, so none could be missed";
        return Err(Stop::Inconclusive(why.to_owned()));
    }
    let listed = list(world)?;
    listing::none_missing(listed, &named)?;
    let observed = format!("{} groups listed, {} of them named there", listed.len(), named.len());
    world.warn(
        "completeness could only be judged by the groups of the subject file",
        "every group that exists, known from elsewhere",
        observed,
    );
    Ok(())
}
