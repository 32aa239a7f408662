//! Access groups: LV-10.

use std::collections::BTreeSet;

use cucumber::step::Collection;

use super::expect::{self, some_of};
use super::world::LockVendor;
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
    let mut seen = BTreeSet::new();
    for group in list(world)? {
        if group.id.as_str().is_empty() {
            return Err(Stop::fail("a group has no id", "an id for every group", "an empty id"));
        }
        if !seen.insert(&group.id) {
            return Err(Stop::fail(
                "two groups have the same id, or one is listed twice",
                "every group once, with an id of its own",
                format!("`{}` more than once", group.id),
            ));
        }
    }
    Ok(())
}

async fn names(world: &mut LockVendor) -> Step {
    let nameless: Vec<&GroupId> = list(world)?
        .iter()
        .filter(|group| group.name.as_deref().is_none_or(|name| name.trim().is_empty()))
        .map(|group| &group.id)
        .collect();
    if nameless.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        "groups have no name",
        "a name for every group",
        format!("without a name: {}", some_of(nameless)),
    ))
}

async fn stable(world: &mut LockVendor) -> Step {
    let [first, second] = world.group_lists.as_slice() else {
        return Err(Stop::Error("the groups were not listed twice".to_owned()));
    };
    if first.is_empty() {
        return Err(Stop::Inconclusive("the vendor lists no group".to_owned()));
    }
    let sorted = |groups: &[AccessGroup]| {
        let mut pairs: Vec<_> = groups.iter().map(|group| (group.id.clone(), group.name.clone())).collect();
        pairs.sort();
        pairs
    };
    let (first, second) = (sorted(first), sorted(second));
    if first == second {
        return Ok(());
    }
    let changed = second.iter().filter(|pair| !first.contains(pair)).map(|(id, _)| id.as_str());
    Err(Stop::fail(
        "groups changed their ids or names from one call to the next",
        "the same ids and names",
        format!("{} groups, then {}; new or changed: {}", first.len(), second.len(), some_of(changed)),
    ))
}

async fn complete(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let listed: BTreeSet<GroupId> = list(world)?.iter().map(|group| group.id.clone()).collect();
    let known: BTreeSet<GroupId> = match bench.known_groups() {
        Some(known) if !known.is_empty() => known.into_iter().collect(),
        _ => {
            let partial = bench.partial_group().map(|(group, _)| group);
            let named: BTreeSet<GroupId> = partial.into_iter().chain(bench.empty_group()).collect();
            if named.is_empty() {
                let why = "no group is known to exist, so none could be missed";
                return Err(Stop::Inconclusive(why.to_owned()));
            }
            none_missing(named.difference(&listed))?;
            world.warn(
                "completeness could only be judged by the groups of the subject file",
                "every group that exists, known from elsewhere",
                format!("{} groups listed, {} of them named there", listed.len(), named.len()),
            );
            return Ok(());
        }
    };
    none_missing(known.difference(&listed))?;
    let invented: Vec<&GroupId> = listed.difference(&known).collect();
    if bench.is_simulated() && !invented.is_empty() {
        return Err(Stop::fail(
            "groups are listed that do not exist",
            format!("{} groups", known.len()),
            format!("also: {}", some_of(invented)),
        ));
    }
    world.remark(format!("all {} known groups are listed", known.len()));
    Ok(())
}

fn none_missing<'a>(missing: impl Iterator<Item = &'a GroupId>) -> Step {
    let missing: Vec<&GroupId> = missing.collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        "groups are missing from the list",
        "every group, over all pages",
        format!("missing: {}", some_of(missing)),
    ))
}
