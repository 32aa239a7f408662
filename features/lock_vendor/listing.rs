//! What holds of every list of a vendor's things: ids of their own, names, the
//! same twice, and nothing missing (LV-10, LV-20).

use std::collections::BTreeSet;
use std::fmt::Display;

use super::expect::some_of;
use crate::harness::integration::{AccessGroup, Lock};
use crate::harness::trial::{Step, Stop};
use crate::vendors::vocabulary::{GroupId, LockId};

/// A thing that a vendor lists.
pub(super) trait Listed {
    /// Its id.
    type Id: Ord + Clone + Display;
    /// One of them, for people.
    const ONE: &'static str;
    /// Several.
    const MANY: &'static str;

    fn id(&self) -> &Self::Id;
    fn name(&self) -> Option<&str>;
}

impl Listed for AccessGroup {
    type Id = GroupId;
    const ONE: &'static str = "group";
    const MANY: &'static str = "groups";

    fn id(&self) -> &GroupId {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl Listed for Lock {
    type Id = LockId;
    const ONE: &'static str = "lock";
    const MANY: &'static str = "locks";

    fn id(&self) -> &LockId {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

/// Every thing has an id, and no two have the same.
pub(super) fn own_ids<T: Listed>(list: &[T]) -> Step {
    let mut seen = BTreeSet::new();
    for thing in list {
        let one = T::ONE;
        if thing.id().to_string().is_empty() {
            return Err(Stop::fail(
                format!("a {one} has no id"),
                format!("an id for every {one}"),
                "an empty id",
            ));
        }
        if !seen.insert(thing.id()) {
            return Err(Stop::fail(
                format!("two {} have the same id, or one is listed twice", T::MANY),
                format!("every {one} once, with an id of its own"),
                format!("`{}` more than once", thing.id()),
            ));
        }
    }
    Ok(())
}

/// Every thing has a name.
pub(super) fn names<T: Listed>(list: &[T]) -> Step {
    let nameless = |thing: &&T| thing.name().is_none_or(|name| name.trim().is_empty());
    let nameless: Vec<&T::Id> = list.iter().filter(nameless).map(Listed::id).collect();
    if nameless.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        format!("{} have no name", T::MANY),
        format!("a name for every {}", T::ONE),
        format!("without a name: {}", some_of(nameless)),
    ))
}

/// Two lists hold the same ids and names, in whatever order.
pub(super) fn stable<T: Listed>(lists: &[Vec<T>]) -> Step {
    let [first, second] = lists else {
        return Err(Stop::Error(format!("the {} were not listed twice", T::MANY)));
    };
    if first.is_empty() {
        return Err(Stop::Inconclusive(format!("the vendor lists no {}", T::ONE)));
    }
    let sorted = |list: &[T]| {
        let pair = |thing: &T| (thing.id().clone(), thing.name().map(str::to_owned));
        let mut pairs: Vec<_> = list.iter().map(pair).collect();
        pairs.sort();
        pairs
    };
    let (first, second) = (sorted(first), sorted(second));
    if first == second {
        return Ok(());
    }
    let changed = second.iter().filter(|pair| !first.contains(pair)).map(|(id, _)| id);
    Err(Stop::fail(
        format!("{} changed their ids or names from one call to the next", T::MANY),
        "the same ids and names",
        format!("{} {}, then {}; new or changed: {}", first.len(), T::MANY, second.len(), some_of(changed)),
    ))
}

/// Nothing of what is known to exist is missing.
pub(super) fn none_missing<T: Listed>(list: &[T], known: &BTreeSet<T::Id>) -> Step {
    let listed: BTreeSet<T::Id> = list.iter().map(|thing| thing.id().clone()).collect();
    let missing: Vec<&T::Id> = known.difference(&listed).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        format!("{} are missing from the list", T::MANY),
        format!("every {}, over all pages", T::ONE),
        format!("{} missing: {}", missing.len(), some_of(missing)),
    ))
}

/// Nothing is listed beyond what exists. Only who knows everything can say so.
pub(super) fn none_invented<T: Listed>(list: &[T], known: &BTreeSet<T::Id>) -> Step {
    let invented: Vec<&T::Id> = list.iter().map(Listed::id).filter(|id| !known.contains(id)).collect();
    if invented.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        format!("{} are listed that do not exist", T::MANY),
        format!("{} {}", known.len(), T::MANY),
        format!("also: {}", some_of(invented)),
    ))
}
